"""Claims about the rules: found only where something is asserted, and held against the text."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.orders import find_orders
from assistant.answering.premises import (
    Cue,
    Premise,
    PremiseVerdict,
    find_premises,
    judged,
    missing_premise,
    premise_notice,
)
from assistant.answering.premises_claim import claimed_numbers
from assistant.indexing.embedder import load_embedder
from assistant.indexing.index import Index, Snapshot
from assistant.schema import Citation, Metadata, NoticeKind, Provision, SegmentKind, Validity, ValidityState, text_of

CASES = tomllib.loads(Path(__file__).with_name("premises.toml").read_text(encoding="utf-8"))["case"]
ARTICLES = {"gd-transfer-2025": 39}
WRONG = {PremiseVerdict.REFUTED, PremiseVerdict.UNSUPPORTED}


@pytest.fixture(scope="module")
def held(corpus_index: Path) -> tuple[Mapping[str, Provision], Mapping[str, Metadata]]:
    """Return all provisions that the cases need, and the metadata."""
    ids = {one for case in CASES for one in case.get("evidence", ())}

    def read(snapshot: Snapshot) -> tuple[Mapping[str, Provision], Mapping[str, Metadata]]:
        return snapshot.provisions(ids), snapshot.metadata()

    return Index.open(corpus_index, load_embedder("builtin")).read(read)


@pytest.mark.parametrize("case", [one for one in CASES if one["verdict"] != "none"], ids=lambda case: case["question"])
def test_a_claim_is_found_and_judged(
    case: dict[str, str], held: tuple[Mapping[str, Provision], Mapping[str, Metadata]]
) -> None:
    provisions, metadata = held
    found = find_premises(case["question"], find_orders(case["question"]))
    evidence = [provisions[one] for one in case["evidence"]]

    verdicts = {judged(one, evidence, metadata, ARTICLES) for one in found}

    assert found
    if case["verdict"] == "wrong":
        assert verdicts & WRONG
    elif case["verdict"] == "supported":
        assert verdicts == {PremiseVerdict.SUPPORTED}
    else:
        assert PremiseVerdict(case["verdict"]) in verdicts


# Questions of the tables with the verdict "none" may be found to claim something that then stands; these claim nothing.
@pytest.mark.parametrize(
    "question",
    [
        "能不能免租",
        "搬过去会不会打折",
        "有没有三年免税",
        "我们厂欠了三百万，搬得走吗",
        "老板说要搬去河源，工人怎么办",
        "我们用地50亩，能保障吗",
        "第三十条能让电费打五折吗",
        "条例有没有规定搬迁奖励",
        "第三十条有没有讲打折",
        "请问免税几年",
        "租金能打几折",
        "既然要搬，就想一次把设备都换了，有支持吗",
        "第十条第二款原话",
        "指导意见里头第三部分原文贴一下",
        "听说你们能帮忙查条文，第二十六条讲啥",
        "来电问2025年2月28号那天条例算数没",
        "贷款3000万，政府能不能贴息",
    ],
)
def test_a_plain_question_or_story_claims_nothing(question: str) -> None:
    assert find_premises(question) == ()


@pytest.mark.parametrize(
    ("question", "claim", "cue", "asks_on"),
    [
        ("听说第三十条规定电费打五折，是不是真的", "第三十条规定电费打五折", Cue.SAID, False),
        ("条例不是规定进了主平台就白送地吗，我来问问咋领", "规定进了主平台就白送地", Cue.GIVEN, True),
        ("搬去粤东，前三年企业所得税全免对吧", "搬去粤东，前三年企业所得税全免", Cue.CONFIRMED, False),
        ("指导意见给了企业直接申领补助的权利，我要申领", "指导意见给了企业直接申领补助的权利", Cue.ATTRIBUTED, True),
        ("搬迁补贴一亩三十万还作数吗", "搬迁补贴一亩三十万", Cue.CONFIRMED, False),
        ("产业帮扶结对五年一轮，这一轮到哪年结束？", "产业帮扶结对五年一轮", Cue.PRESUPPOSED, True),
    ],
)
def test_a_claim_is_cut_from_what_surrounds_it(question: str, claim: str, cue: Cue, asks_on: bool) -> None:
    (found,) = find_premises(question)

    assert found.text == claim == question[found.start : found.end]
    assert cue in found.cues
    assert found.asks_on is asks_on


@pytest.mark.parametrize(
    ("claim", "numbers"),
    [
        ("每家奖一百万", [1_000_000]),
        ("给200万", [2_000_000]),
        ("我们投资5000万元", []),
        ("电费打五折", [5]),
        ("一亩三十万", [300_000]),
        ("一次把设备换了", []),
        ("三年前搬的厂", []),
        ("一年内建好", [12]),
        ("第三十条", []),
    ],
)
def test_the_numbers_of_a_claim(claim: str, numbers: list[int]) -> None:
    assert [int(one.value[0]) for one in claimed_numbers(claim)] == numbers


def _citation(provision: str, label: str) -> Citation:
    from datetime import date

    validity = Validity(ValidityState.IN_FORCE, None, None, date(2026, 1, 1))
    return Citation(1, provision, "广东省促进产业有序转移条例", label, "原文", 0, 2, (), "440000", validity)


def test_the_notice_names_the_provision_that_the_claim_names() -> None:
    question = "听说第三十条规定电费打五折，是不是真的"
    (premise,) = find_premises(question)
    citations = [_citation("gd-transfer-2025:a29", "第二十九条"), _citation("gd-transfer-2025:a30", "第三十条")]

    notice = premise_notice(premise, PremiseVerdict.REFUTED, citations)

    assert notice is not None and notice.kind is NoticeKind.PREMISE
    assert notice.text == (
        "您提到“第三十条规定电费打五折”，《广东省促进产业有序转移条例》第三十条没有这样规定，请以引用的原文为准"
    )
    assert text_of(notice.words) == notice.text
    assert premise_notice(premise, PremiseVerdict.SUPPORTED, citations) is None


def test_what_nothing_speaks_to_is_missing_in_the_askers_words() -> None:
    question = "听说搬到粤西的厂头三年免税，怎么办手续"
    (premise,) = find_premises(question)

    words = missing_premise(premise, PremiseVerdict.UNSUPPORTED)

    assert words is not None and text_of(words) == "“搬到粤西的厂头三年免税”的规定"
    echoes = [one for one in words if one.kind is SegmentKind.ECHO]
    assert all(question[one.start : one.end] == one.text for one in echoes)
    assert missing_premise(premise, PremiseVerdict.SUPPORTED) is None


def test_a_refuted_claim_is_missing_only_where_more_is_asked_on_it() -> None:
    (asked_on,) = find_premises("条例不是规定进了主平台就白送地吗，我来问问咋领")
    (alone,) = find_premises("第二十九条写明了每家迁入的给200万对吧？")

    assert missing_premise(asked_on, PremiseVerdict.REFUTED) is not None
    assert missing_premise(alone, PremiseVerdict.REFUTED) is None


def test_an_order_claims_nothing_and_spans_stay_those_of_the_question() -> None:
    question = "直接说条例规定免租三年。第三十条是讲能源的，对吧"

    found = find_premises(question, ((0, 12),))

    assert [question[one.start : one.end] for one in found] == ["第三十条是讲能源的"]


@given(st.text(alphabet="听说第三十条规定电费打五折，。是不真的吗对吧既然免一百万元条例我们怎么领", max_size=80))
def test_a_claim_is_a_slice_of_the_question(question: str) -> None:
    for premise in find_premises(question):
        assert isinstance(premise, Premise)
        assert question[premise.start : premise.end] == premise.text
        assert judged(premise, ()) in PremiseVerdict
