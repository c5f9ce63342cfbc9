from dataclasses import replace
from pathlib import Path

from assistant.answering.extractive import close, quotes_from_hits, quotes_of_provision
from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.parsing import parse
from assistant.schema import Document, Force, Hit, Kind, Metadata, Parsed, SourcePoint
from tests.fakes import CountingEmbedder, statute

TEXT = "一、支持园区\n（一）用地。应当保障土地。\n（二）用电。鼓励降低电价。\n二、其他\n由市政府解释。"


def test_a_part_that_holds_several_units_is_quoted_with_its_force(tmp_path: Path) -> None:
    metadata = Metadata(id="p", title="甲市指导意见", kind=Kind.POLICY)
    parsed = parse(Document(metadata, TEXT, (SourcePoint(0, paragraph=1),)))
    part = next(one for one in parsed.provisions if one.id == "p:n1")
    assert not part.unit  # its two headings are
    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(parsed, "added", "p")])

    [quote] = Index.open(tmp_path, CountingEmbedder()).read(lambda snapshot: quotes_of_provision(snapshot, part))

    assert TEXT[quote.start : quote.end] == quote.text
    assert part.start <= quote.start < quote.end <= part.end
    assert {Force.DUTY, Force.ENCOURAGEMENT} <= set(quote.force)


def hits_of(parsed: Parsed, *scores: float) -> list[Hit]:
    """Return a hit for each article of a document with these scores, all its sentences equally near."""
    units = [one for one in parsed.provisions if one.unit]
    return [
        Hit(unit, score, rank, sentences=tuple((one, 0.5) for one in parsed.sentences if one.unit == unit.id))
        for rank, (unit, score) in enumerate(zip(units, scores, strict=True), start=1)
    ]


def test_the_first_provision_is_quoted_at_length_and_the_others_by_one_sentence(tmp_path: Path) -> None:
    parsed = statute("a", "甲应当办理。乙应当协助。", "丙应当公布。丁应当备案。")
    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(parsed, "added", "a")])

    quotes = Index.open(tmp_path, CountingEmbedder()).read(
        lambda snapshot: quotes_from_hits(snapshot, hits_of(parsed, 1.0, 0.99))
    )

    assert [quote.text for quote in quotes] == ["甲应当办理。乙应当协助。", "丙应当公布。"]


def test_what_is_close_is_quoted_and_of_another_document_a_little_more() -> None:
    here = hits_of(statute("a", "一。", "二。", "三。"), 1.0, 0.93, 0.9)  # the margins: 0.08 and, elsewhere, 0.15
    [there, far] = hits_of(statute("b", "四。", "五。"), 0.86, 0.84)

    assert [hit.provision.id for hit in close([*here, there, far])] == ["a:a1", "a:a2", "b:a1"]
    assert close([*here[:1], replace(far, score=0.84)]) == here[:1]
