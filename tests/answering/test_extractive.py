from pathlib import Path

from assistant.answering.extractive import quotes_of_provision
from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.parsing import parse
from assistant.schema import Document, Force, Kind, Metadata, SourcePoint
from tests.fakes import CountingEmbedder

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
