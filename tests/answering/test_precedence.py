"""Which document speaks first, what sets two apart, and whether a question compares them."""

from datetime import date
from pathlib import Path

import pytest

from assistant.answering.precedence import Rank, best_of_each, both, difference, for_both, ordered, rank_of
from assistant.api import Assistant, open_assistant
from assistant.schema import Citation, Hit, Kind, Level, Metadata, Provision, ProvisionKind, Query, text_of
from assistant.settings import Settings
from tests.conftest import ROOT

GD, MFG = "gd-transfer-2025", "mfg-transfer-2021"


def row(doc_id: str, level: Level | None, jurisdiction: str = "000000", title: str = "") -> Metadata:
    return Metadata(id=doc_id, title=title or doc_id, kind=Kind.STATUTE, level=level, jurisdiction=jurisdiction)


ROWS = {
    GD: row(GD, Level.LOCAL_REGULATION, "440000", "广东省促进产业有序转移条例"),
    MFG: row(MFG, Level.DEPARTMENT_DOCUMENT, title="关于促进制造业有序转移的指导意见"),
}


def hit(doc_id: str, score: float, unit: str = "a1", part: int = 0) -> Hit:
    provision = Provision(f"{doc_id}:{unit}", doc_id, ProvisionKind.ARTICLE, (1, 0), "第一条", (), 0, 1, "一")
    return Hit(provision, score, 1, part=part)


def query(text: str, **facts: object) -> Query:
    return Query(text=text, search_text=text, as_of=date(2026, 11, 22), **facts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


@pytest.mark.parametrize(
    ("one", "other", "rank"),
    [
        ((Level.CONSTITUTION, "000000"), (Level.LAW, "000000"), Rank.HIGHER),
        ((Level.LAW, "000000"), (Level.LOCAL_REGULATION, "440000"), Rank.HIGHER),
        ((Level.ADMINISTRATIVE_REGULATION, "000000"), (Level.DEPARTMENT_RULE, "000000"), Rank.HIGHER),
        ((Level.LOCAL_REGULATION, "440000"), (Level.DEPARTMENT_DOCUMENT, "000000"), Rank.HIGHER),
        ((Level.LOCAL_REGULATION, "440000"), (Level.LOCAL_RULE, "440000"), Rank.HIGHER),
        ((Level.LOCAL_REGULATION, "440000"), (Level.LOCAL_RULE, "440600"), Rank.HIGHER),
        ((Level.LOCAL_REGULATION, "440000"), (Level.LOCAL_REGULATION, "440600"), Rank.HIGHER),
        ((Level.LOCAL_REGULATION, "440600"), (Level.LOCAL_REGULATION, "440000"), Rank.LOWER),
        ((Level.LOCAL_REGULATION, "440600"), (Level.LOCAL_RULE, "440000"), Rank.UNDECIDED),
        ((Level.LOCAL_REGULATION, "440000"), (Level.DEPARTMENT_RULE, "000000"), Rank.UNDECIDED),
        ((Level.DEPARTMENT_RULE, "000000"), (Level.LOCAL_RULE, "440000"), Rank.UNDECIDED),
        ((Level.LOCAL_RULE, "440000"), (Level.LOCAL_RULE, "440600"), Rank.HIGHER),
        ((Level.LOCAL_REGULATION, "440000"), (Level.LOCAL_REGULATION, "430000"), Rank.UNDECIDED),
        ((Level.LOCAL_REGULATION, "440000"), (Level.LOCAL_REGULATION, "440000"), Rank.SAME),
        ((Level.LAW, "000000"), (Level.SPECIAL_ZONE_REGULATION, "440300"), Rank.UNDECIDED),
        ((Level.STATE_COUNCIL_DOCUMENT, "000000"), (Level.DEPARTMENT_DOCUMENT, "000000"), Rank.HIGHER),
        ((None, "000000"), (Level.LAW, "000000"), Rank.UNDECIDED),
    ],
)
def test_levels_are_a_partial_order(one, other, rank: Rank) -> None:
    opposite = {Rank.HIGHER: Rank.LOWER, Rank.LOWER: Rank.HIGHER}.get(rank, rank)
    assert rank_of(row("a", *one), row("b", *other)) is rank
    assert rank_of(row("b", *other), row("a", *one)) is opposite


@pytest.mark.parametrize(
    ("scores", "order", "comment"),
    [
        ([(MFG, 1.20), (GD, 1.18)], [GD, MFG], "as near: the regulation speaks first"),
        ([(MFG, 1.20), (GD, 1.15)], [MFG, GD], "further off: another matter"),
        ([(GD, 1.20), (MFG, 1.20)], [GD, MFG], "in order already"),
    ],
)
def test_the_higher_document_speaks_first_where_it_is_as_near(scores, order, comment: str) -> None:
    found = ordered([hit(doc_id, score) for doc_id, score in scores], query("用电成本能降吗"), ROWS)
    assert [one.provision.doc_id for one in found] == order, comment


def test_out_of_the_province_the_guidance_speaks_first(assistant: Assistant) -> None:
    hits = [hit(GD, 1.20), hit(MFG, 1.18)]
    away, home = assistant.understand("从佛山搬到湖南，用电能降吗"), assistant.understand("从佛山搬到清远，用电能降吗")
    assert [one.provision.doc_id for one in ordered(hits, away, ROWS)] == [MFG, GD]
    assert [one.provision.doc_id for one in ordered(hits, home, ROWS)] == [GD, MFG]


def test_what_the_state_says_is_asked_of_the_guidance() -> None:
    hits = [hit(MFG, 1.20), hit(GD, 1.19)]
    assert [one.provision.doc_id for one in ordered(hits, query("国家支持不"), ROWS)] == [MFG, GD]


def test_hits_of_one_document_and_of_different_parts_keep_their_order() -> None:
    hits = [hit(GD, 1.2, "a2"), hit(GD, 1.2, "a1"), hit(MFG, 1.2, part=0), hit(GD, 1.2, "a3", part=1)]
    assert ordered(hits, query("电费和水费"), ROWS) == tuple(hits)


@pytest.mark.parametrize(
    ("question", "compares"),
    [
        ("两个文件有什么不一样", True),
        ("条例和指导意见打架的话听谁的", True),
        ("广东的条例跟国家的比，哪个管用", True),
        ("省里条例和国家意见不一致以哪个为准", True),
        ("指导意见跟省里的条例有啥区别", True),
        ("这两份政策关于托管的说法一样吗", True),
        ("条例第十条讲什么", False),
        ("两个园区电价不一样怎么办", False),
        ("条例对用电怎么说", False),
        ("跟国家级开发区比我们园区有什么优惠", False),
        ("佛山和清远的政策一样吗", False),
        ("两个厂合并搬过去，比例怎么算", False),
    ],
)
def test_a_comparison_is_told_from_the_question(question: str, compares: bool, assistant: Assistant) -> None:
    assert both(assistant.understand(question)) is compares


def test_a_comparison_that_names_one_document_searches_all(assistant: Assistant) -> None:
    understood = assistant.understand("条例跟国家的指导意见比有什么不同")
    assert for_both(query("条例跟国家的比有什么不同", doc_ids=(GD,))).doc_ids == ()
    assert set(understood.doc_ids) == {GD, MFG}
    assert for_both(understood) == understood


def test_the_best_of_each_document() -> None:
    hits = [hit(GD, 1.2, "a2"), hit(GD, 1.1, "a1"), hit(MFG, 1.0)]
    assert [one.provision.id for one in best_of_each(hits)] == [f"{GD}:a2", f"{MFG}:a1"]


def cited(key: int, doc_id: str) -> Citation:
    from assistant.indexing.validity import validity_on

    validity = validity_on(ROWS.get(doc_id, ROWS[GD]), date(2026, 11, 22))
    return Citation(key, f"{doc_id}:a1", doc_id, "第一条", "一", 0, 1, (), "", validity)


def test_the_difference_of_two_documents() -> None:
    remark = difference([cited(1, MFG), cited(2, GD), cited(3, GD)], ROWS)
    assert remark is not None
    assert remark.citations == (1, 2, 3)
    assert remark.text == text_of(remark.words)
    assert "地方性法规，其中的“应当”是所写明的机关的职责" in remark.text
    assert "部门规范性文件，部署有关部门的工作" in remark.text
    assert "在广东省内，《广东省促进产业有序转移条例》位阶较高" in remark.text


def test_documents_that_cannot_be_ranked_are_left_to_the_body_that_decides() -> None:
    rows = {"gd": row("gd", Level.LOCAL_REGULATION, "440000"), "rule": row("rule", Level.DEPARTMENT_RULE)}
    remark = difference([cited(1, "gd"), cited(2, "rule")], rows)
    assert remark is not None
    assert "第一百零六条" in remark.text
    assert difference([cited(1, "gd")], rows) is None
