"""引用 and 被引用: written with the document, looked up among what is held, never guessed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.indexing.index import Index
from assistant.indexing.links_titles import Titles, title_key
from assistant.indexing.writer import Change, Writer
from assistant.parsing import parse
from assistant.schema import Cite, Document, Kind, LinkState, Metadata, Parsed
from tests.fakes import TODAY, CountingEmbedder, statute

LAW = statute(
    "law",
    "土地归国家。\n另有规定的除外。",
    "有下列情形的：\n（一）甲；\n（二）乙。",
    "依照前条处理。",
    title="中华人民共和国园林法",
)
RULES = statute(
    "rules",
    "根据《园林法》，制定本办法。",
    "依照园林法第一条第二款处理。",
    "依照《园林法》第一条至第三条处理。",
    "依照园林法第二条第（二）项和《丙条例》第五条处理。",
    "申请。\n违反前款规定和本办法第二条的，适用园林法第九条。",
    title="园林法实施办法",
)


def write(folder: Path, *documents: Parsed, remove: tuple[str, ...] = ()) -> Index:
    with Writer(folder, CountingEmbedder()) as writer:
        writer.apply([Change(one, "added", one.document.text) for one in documents], remove)
    return Index.open(folder, CountingEmbedder())


def cites(index: Index, provision: str, as_of: date = TODAY) -> list[tuple[str, LinkState, list[str]]]:
    found: tuple[Cite, ...] = index.read(lambda s: s.links_from(provision, as_of))
    return [(cite.text, cite.state, [target.id for target in cite.targets]) for cite in found]


def cited_by(index: Index, provision: str, as_of: date = TODAY) -> list[tuple[str, str]]:
    return [(one.source.id, one.text) for one in index.read(lambda s: s.links_to(provision, as_of))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_what_an_article_cites(folder: Path) -> None:
    index = write(folder, LAW, RULES)

    assert cites(index, "rules:a1") == [("《园林法》", LinkState.HELD, ["law"])]
    assert cites(index, "rules:a2") == [("园林法第一条第二款", LinkState.HELD, ["law:a1.p2"])]
    assert cites(index, "rules:a3") == [("《园林法》第一条至第三条", LinkState.HELD, ["law:a1", "law:a2", "law:a3"])]
    assert cites(index, "rules:a4") == [
        ("园林法第二条第（二）项", LinkState.HELD, ["law:a2.p1.i2"]),
        ("《丙条例》第五条", LinkState.NOT_HELD, []),
    ]
    assert cites(index, "law:a3") == [("前条", LinkState.HELD, ["law:a2"])]


def test_words_stand_where_they_say(folder: Path) -> None:
    index = write(folder, LAW, RULES)

    for cite in index.read(lambda s: s.links_from("rules", TODAY)):
        assert index.read(lambda s, cite=cite: s.text("rules", cite.start, cite.end)) == cite.text


def test_what_leads_into_the_article_itself_is_shown_at_its_paragraph_only(folder: Path) -> None:
    index = write(folder, LAW, RULES)

    assert ("前款", LinkState.HELD, ["rules:a5.p1"]) not in cites(index, "rules:a5")
    assert ("前款", LinkState.HELD, ["rules:a5.p1"]) in cites(index, "rules:a5.p2")


def test_who_cites_an_article_or_what_is_in_it(folder: Path) -> None:
    index = write(folder, LAW, RULES)

    assert cited_by(index, "law:a1") == [
        ("rules:a2.p1", "园林法第一条第二款"),
        ("rules:a3.p1", "《园林法》第一条至第三条"),
    ]
    assert cited_by(index, "law:a1.p1") == []
    assert cited_by(index, "law:a2") == [
        ("law:a3.p1", "前条"),
        ("rules:a3.p1", "《园林法》第一条至第三条"),
        ("rules:a4.p1", "园林法第二条第（二）项"),
    ]
    assert cited_by(index, "law") == [("rules:a1.p1", "《园林法》")]
    assert cited_by(index, "rules:a2") == [("rules:a5.p2", "第二条")]


def test_an_article_or_paragraph_that_is_not_there(folder: Path) -> None:
    index = write(folder, LAW, statute("b", "依照园林法第九条处理。", "依照园林法第二条第三款处理。", "违反前款规定的"))

    assert cites(index, "b:a1") == [("园林法第九条", LinkState.NO_SUCH, [])]
    [inexact] = index.read(lambda s: s.links_from("b:a2", TODAY))
    assert ([target.id for target in inexact.targets], inexact.exact) == (["law:a2"], False)
    assert cites(index, "b:a3") == [("前款", LinkState.NO_SUCH, [])]


def test_a_link_lives_and_dies_with_its_target(folder: Path) -> None:
    index = write(folder, RULES)
    assert cites(index, "rules:a2") == [("园林法第一条第二款", LinkState.NOT_HELD, [])]

    index = write(folder, LAW)
    assert cites(index, "rules:a2") == [("园林法第一条第二款", LinkState.HELD, ["law:a1.p2"])]

    index = write(folder, remove=("law",))
    assert cites(index, "rules:a2") == [("园林法第一条第二款", LinkState.NOT_HELD, [])]


def test_links_go_with_their_document(folder: Path) -> None:
    write(folder, LAW, RULES)
    index = write(folder, remove=("rules",))
    assert cited_by(index, "law:a1") == []

    index = write(folder, statute("rules", "依照园林法第三条处理。", title="园林法实施办法"))
    assert cited_by(index, "law:a3") == [("rules:a1.p1", "园林法第三条")]
    assert cited_by(index, "law:a1") == []


def test_the_version_in_force_is_meant(folder: Path) -> None:
    old = statute(
        "old", "旧。", "旧二。", title="园林法", work="w", effective=date(2000, 1, 1), repealed=date(2020, 1, 1)
    )
    new = statute("new", "新。", title="园林法", work="w", effective=date(2020, 1, 1))
    index = write(folder, old, new, statute("b", "依照园林法第一条处理。"))

    assert cites(index, "b:a1") == [("园林法第一条", LinkState.HELD, ["new:a1"])]
    assert cites(index, "b:a1", date(2010, 1, 1)) == [("园林法第一条", LinkState.HELD, ["old:a1"])]
    assert cited_by(index, "old:a1") == []
    assert cited_by(index, "new:a1") == [("b:a1.p1", "园林法第一条")]


def test_a_repealed_source_meant_the_version_of_its_own_time(folder: Path) -> None:
    old = statute("old", "旧。", title="园林法", work="w", effective=date(2000, 1, 1), repealed=date(2020, 1, 1))
    new = statute("new", "新。", title="园林法", work="w", effective=date(2020, 1, 1))
    source = statute("b", "依照园林法第一条处理。", effective=date(2005, 1, 1), repealed=date(2015, 1, 1))
    index = write(folder, old, new, source)

    assert cites(index, "b:a1") == [("园林法第一条", LinkState.HELD, ["old:a1"])]


def test_versions_without_dates_are_not_guessed_between(folder: Path) -> None:
    one = statute("one", "甲。", title="园林法", work="w")
    two = statute("two", "甲。", "乙。", title="园林法", work="w")
    index = write(folder, one, two, statute("b", "依照园林法第一条处理。", "依照园林法第二条处理。"))

    assert cites(index, "b:a1") == [("园林法第一条", LinkState.AMBIGUOUS, ["one:a1", "two:a1"])]
    assert cited_by(index, "one:a1") == []
    assert cites(index, "b:a2") == [("园林法第二条", LinkState.HELD, ["two:a2"])]  # only one of them has it


def part(doc_id: str, first: int, *articles: str) -> Parsed:
    numerals = "一二三四五六七八九十"
    text = "\n".join(f"第{numerals[first + n - 1]}条　{article}" for n, article in enumerate(articles))
    metadata = statute(doc_id, "甲。", title="园林法典").document.metadata
    return parse(Document(metadata, text))


def test_files_of_one_text_with_running_numbers_cite_each_other(folder: Path) -> None:
    index = write(folder, part("p1", 1, "甲。", "乙。"), part("p2", 3, "依照本法第二条处理。", "丁。"))

    assert cites(index, "p2:a3") == [("第二条", LinkState.HELD, ["p1:a2"])]
    assert cited_by(index, "p1:a2") == [("p2:a3.p1", "第二条")]


def test_what_was_inserted_into_a_range_is_cited_too(folder: Path) -> None:
    text = "第一条　甲。\n第一条之一　乙。\n第二条　丙。\n第二条之一　丁。"
    law = parse(Document(replace(LAW.document.metadata), text))
    index = write(folder, law, statute("b", "依照园林法第一条至第二条处理。"))

    assert cites(index, "b:a1") == [("园林法第一条至第二条", LinkState.HELD, ["law:a1", "law:a1-1", "law:a2"])]
    assert cited_by(index, "law:a1-1") == [("b:a1.p1", "园林法第一条至第二条")]
    assert cited_by(index, "law:a2-1") == []


def test_the_parts_of_an_amendment_are_called_articles(folder: Path) -> None:
    text = "一、将某法第三条修改为甲。\n二、将某法第四条修改为乙。"
    amendment = parse(Document(Metadata("am", "园林法修正案（三）", Kind.POLICY), text))
    index = write(folder, amendment, statute("b", "依照《园林法修正案（三）》第二条处理。"))

    assert cites(index, "b:a1") == [("《园林法修正案（三）》第二条", LinkState.HELD, ["am:n2"])]
    assert cited_by(index, "am:n2") == [("b:a1.p1", "《园林法修正案（三）》第二条")]
    index = write(folder, statute("c", "依照《园林法修正案（三）》第二条第一款处理。"))
    [inexact] = index.read(lambda s: s.links_from("c:a1", TODAY))  # 款 of the words it inserts, not of the part
    assert ([target.id for target in inexact.targets], inexact.exact) == (["am:n2"], False)


def test_units_and_their_neighbours(folder: Path) -> None:
    index = write(folder, LAW, RULES)
    outward, inward = index.read(lambda s: s.unit_links(["law:a2", "rules:a3", "rules:a5"], TODAY))

    assert outward == {"rules:a3": {"law:a1", "law:a2", "law:a3"}, "rules:a5": {"rules:a2"}}
    assert inward == {"law:a2": {"law:a3", "rules:a3", "rules:a4"}, "rules:a3": set(), "rules:a5": set()}


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("《中华人民共和国土地管理法》", "土地管理法"),
        ("关于适用〈中华人民共和国民法典〉的解释", "关于适用《民法典》的解释"),
        ("甲办法(试行)", "甲办法（试行）"),
        ("甲目录（2024年本）", "甲目录"),
        ("园 林法（2019年修正）", "园林法"),
    ],
)
def test_titles_that_are_one(written: str, held: str) -> None:
    assert title_key(written) == title_key(held)


def test_short_aliases_are_no_titles() -> None:
    row = replace(statute("a", "甲。", title="甲省促进某事条例").document.metadata, aliases=("条例", "促进某事条例"))
    titles = Titles({"a": row})
    assert (titles.held("促进某事条例"), titles.held("条例")) == (("a",), ())
