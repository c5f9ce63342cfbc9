"""Verdicts on single answers, each worked out by hand."""

from dataclasses import replace
from typing import Any

import pytest

from assistant.schema import (
    Answer,
    AnswerPart,
    Carried,
    CarriedKind,
    Condition,
    ConditionState,
    NoticeKind,
    Segment,
    SegmentKind,
    Status,
)
from eval.answers.judge import judged
from eval.answers.questions import GoldPart, Question
from eval.answers.words import forbidden, spoken_fits, unnamed
from eval.systems import Reply
from tests.eval.answers_fakes import A, P, answer, question

ANSWERED, PARTIAL, ABSTAINED = Status.ANSWERED, Status.PARTIAL, Status.ABSTAINED


def verdict(asked: Question, got: Answer, altered: tuple[str, ...] = ()) -> dict[str, Any]:
    return judged(asked, Reply(got, 0.01234567), lambda doc_id, quote: quote not in altered)


def test_a_failed_question_is_its_error() -> None:
    row = judged(question("q", [f"{A}:a1"]), Reply(None, 0.5, "KeyError: x"), lambda doc_id, quote: True)
    assert row == {"seconds": 0.5, "error": "KeyError: x"}


@pytest.mark.parametrize(
    ("expect", "got", "missing", "wrong"),
    [
        (ANSWERED, ANSWERED, [], set()),
        (ANSWERED, PARTIAL, ["金额"], {"wrongly_refused"}),
        (ANSWERED, ABSTAINED, ["金额"], {"wrongly_refused"}),
        (PARTIAL, ANSWERED, [], {"answered_without_ground"}),
        (PARTIAL, ANSWERED, ["金额"], {"answered_without_ground"}),
        (PARTIAL, PARTIAL, ["具体的 金额"], set()),
        (PARTIAL, PARTIAL, ["补多少钱"], set()),  # the other word for the same fact
        (PARTIAL, PARTIAL, ["期限"], {"refused_without_naming"}),
        (PARTIAL, ABSTAINED, ["金额"], set()),  # the wrong status, and yet refused by name
        (ABSTAINED, ABSTAINED, ["社保"], {"refused_without_naming"}),
        (ABSTAINED, PARTIAL, ["金额"], set()),
        (ABSTAINED, ANSWERED, [], {"answered_without_ground"}),
    ],
)
def test_status(expect: Status, got: Status, missing: list[str], wrong: set[str]) -> None:
    asked = question("q", [] if expect is ABSTAINED else [f"{A}:a29"], expect)
    row = verdict(asked, answer(got, missing=missing))
    assert row["status_right"] is (expect is got)
    names = ("wrongly_refused", "answered_without_ground", "refused_without_naming")
    assert {name for name in names if row[name]} == wrong


def test_every_fact_has_to_be_named() -> None:
    facts = (("金额", "多少钱"), ("期限", "几时"), ("CALL",))
    assert unnamed(facts, ["金额", "call 中心"]) == [1]
    assert unnamed(facts, ["金额、期限", "Call"]) == []
    assert unnamed(facts, []) == [0, 1, 2]
    assert unnamed([["金额"]], ["金", "额"]) == [0], "a word does not run over two entries"


@pytest.mark.parametrize(
    ("missing", "repeated"),
    [(["每年补多少钱怎么领"], True), (["多少钱"], False), (["每年补多少钱怎么领", "金额"], False), (["期限"], False)],
)
def test_a_gap_that_repeats_the_question_is_counted_apart(missing: list[str], repeated: bool) -> None:
    asked = question("q", [f"{A}:a29"], PARTIAL, question="每年补多少钱，怎么领？")
    assert verdict(asked, answer(PARTIAL, missing=missing))["named_by_repeating"] is repeated
    assert verdict(asked, answer(ANSWERED, missing=missing))["named_by_repeating"] is False


@pytest.mark.parametrize(
    ("gold", "also", "cited", "first", "recall", "precision"),
    [
        (["a29"], [], ["a29.p2"], True, 1.0, 1.0),  # a paragraph of the article
        (["a29"], [], ["a2"], False, 0.0, 0.0),  # a2 is no part of a29
        (["a29"], ["a31"], ["a31", "a29"], True, 1.0, 1.0),  # also may come first
        (["a29", "a30"], [], ["a29.p1", "a29.p2", "a5"], True, 0.5, 0.5),  # two units cited, one of them right
        (["a29", "a30"], [], ["a5", "a30", "a29"], False, 1.0, 2 / 3),
        (["a29"], [], [], False, 0.0, None),  # nothing cited: the first is wrong, and there is no precision
        ([], ["a2"], [], None, None, None),
        ([], ["a2"], ["a2", "a3"], None, None, 0.5),  # cited though nothing speaks to it
    ],
)
def test_grounds(
    gold: list[str], also: list[str], cited: list[str], first: bool | None, recall: float | None, precision: float
) -> None:
    asked = question(
        "q",
        [f"{A}:{unit}" for unit in gold],
        ANSWERED if gold else ABSTAINED,
        also=tuple(f"{A}:{unit}" for unit in also),
    )
    row = verdict(asked, answer(ANSWERED, [f"{A}:{unit}" for unit in cited]))
    assert (row["first_right"], row["recall"]) == (first, recall)
    assert row["precision"] == pytest.approx(precision)


def test_units_of_a_guidance_and_of_another_document() -> None:
    row = verdict(question("q", [f"{P}:n8"]), answer(ANSWERED, [f"{P}:n8.p1", f"{A}:a8"]))
    assert row["cited"] == [f"{P}:n8", f"{A}:a8"]
    assert (row["first_right"], row["precision"]) == (True, 0.5)


def test_altered_quotes_are_kept() -> None:
    got = answer(ANSWERED, [f"{A}:a29", f"{A}:a30"])
    row = verdict(question("q", [f"{A}:a29"]), got, altered=(f"{A}:a30",))
    assert row["altered"] == [{"provision": f"{A}:a30", "quote": f"{A}:a30"}]
    assert (row["citations"], row["not_judged"]) == (2, 0)
    unjudged = judged(question("q", [f"{A}:a29"]), Reply(got, 0.0), lambda doc_id, quote: None)
    assert (unjudged["altered"], unjudged["not_judged"]) == ([], 2)


def test_notices() -> None:
    asked = question("q", [f"{A}:a2"], notices=("jurisdiction", "time"), may=("force",))
    got = answer(ANSWERED, [f"{A}:a2"], notices=dict.fromkeys([NoticeKind.TIME, NoticeKind.FORCE], "…"))
    row = verdict(asked, got)
    assert (row["notices_missed"], row["false_alarms"]) == (["jurisdiction"], [])
    alarmed = verdict(asked, answer(ANSWERED, [f"{A}:a2"], notices={NoticeKind.METADATA: "…"}))
    assert (alarmed["notices_missed"], alarmed["false_alarms"]) == (["jurisdiction", "time"], ["metadata"])


@pytest.mark.parametrize(
    ("status", "kinds", "text", "handled"),
    [
        (ANSWERED, [NoticeKind.PREMISE], "没有写“五折”。", True),
        (ANSWERED, [NoticeKind.PREMISE, NoticeKind.FORCE], "没有写“五折”。", True),  # a false alarm is counted apart
        (PARTIAL, [NoticeKind.PREMISE], "", False),
        (ANSWERED, [], "", False),
        (ANSWERED, [NoticeKind.PREMISE], "电费打五折。", False),
    ],
)
def test_traps(status: Status, kinds: list[NoticeKind], text: str, handled: bool) -> None:
    asked = question(
        "q", [f"{A}:a30"], question="电费打五折对吗", kind="false_premise", notices=("premise",), never=("五折",)
    )
    got = answer(status, [f"{A}:a30"], notices=dict.fromkeys(kinds, "……"), answer=text)
    assert verdict(asked, got)["trap_handled"] is handled


def test_a_plain_question_is_no_trap() -> None:
    assert verdict(question("q", [f"{A}:a30"]), answer(PARTIAL))["trap_handled"] is None


FIFTY = question(
    "q", [f"{A}:a30"], question="听说 电费打五折，真的？", turns=("搬厂给补五十万吧",), never=("五折", "五十万")
)


@pytest.mark.parametrize(
    ("text", "missing", "spoken", "found"),
    [
        ("没有写“电费打五折”。", [], "", []),
        ("没有写「补五十万」。", [], "", []),  # an earlier turn's words
        ("没有写“听说…打五折”。", [], "", []),
        ("打五折。", [], "", ["五折"]),
        (r"打五\折。", [], "", []),  # no escape that Markdown knows
        ("“一律打五折”。", [], "", ["五折"]),  # a quotation, but not of the asker
        ("没有写“电费打五折”，可以打 五 折。", [], "", ["五折"]),
        ("文件中没有写明：打五折。", ["打五折"], "", []),
        ("文件中没有写明：打五折。打五折。", ["五十"], "", ["五折"]),
        ("", [], "您好，打五折，补五十万。", ["五折", "五十万"]),
    ],
)
def test_what_must_not_be_said(text: str, missing: list[str], spoken: str, found: list[str]) -> None:
    assert forbidden(FIFTY, answer(ANSWERED, missing=missing, answer=text, spoken=spoken)) == found


def test_a_gap_in_words_that_are_not_the_askers_is_no_echo() -> None:
    asked = replace(FIFTY, never=("七折",))
    assert forbidden(asked, answer(PARTIAL, missing=["打七折"], answer="没有写明：打七折。")) == ["七折"]


def test_a_notice_may_not_say_it_either() -> None:
    assert forbidden(FIFTY, answer(ANSWERED, notices={NoticeKind.PREMISE: "五折"})) == ["五折"]


def test_segments_tell_an_echo_from_a_claim() -> None:
    said = Segment(SegmentKind.TEMPLATE, "打五折", "x#0")
    echo = Segment(SegmentKind.ECHO, "打五折", "", 5, 8)
    earlier = Segment(SegmentKind.ECHO, "五十万", "h0", 4, 7)
    forged = Segment(SegmentKind.ECHO, "五十万", "", 0, 3)
    cases: list[tuple[Segment, list[str]]] = [(said, ["五折"]), (echo, []), (earlier, []), (forged, ["五十万"])]
    for segment, found in cases:
        assert forbidden(FIFTY, answer(ANSWERED, answer=segment.text, segments=(segment,))) == found, segment


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("您好，根据《广东省促进产业有序转移条例》第十八条（一）：……", True),
        ("字" * 150, True),
        ("字" * 151, False),
        ("", False),
        (" ", False),
        ("您好[1]。", False),
        ("您好，**应当**。", False),
        ("您好<b>。", False),
        ("甲&lt;乙", False),
        (r"第\-条", False),
    ],
)
def test_what_can_be_read_out(text: str, fits: bool) -> None:
    assert spoken_fits(text) is fits


def test_parts() -> None:
    parts = (
        GoldPart((f"{A}:a30",), ANSWERED),
        GoldPart((f"{A}:a29",), PARTIAL),
        GoldPart((), ABSTAINED),
    )
    asked = question("q", [f"{A}:a30", f"{A}:a29"], PARTIAL, also=(f"{A}:a31",), kind="multi", parts=parts)
    got = answer(PARTIAL, [f"{A}:a30.p1", f"{A}:a5"], missing=["金额"])
    none = verdict(asked, got)["parts"]
    assert none == {
        "split": False,
        "parts": [
            {"grounded": True, "status_right": False, "first_right": False},
            {"grounded": False, "status_right": False, "first_right": False},
            {"grounded": None, "status_right": False, "first_right": None},
        ],
    }
    shown = (
        AnswerPart("甲", 0, 1, ANSWERED, (1, 2), ()),
        AnswerPart("乙", 1, 2, PARTIAL, (2,), ("金额",)),
        AnswerPart("丙", 2, 3, ANSWERED, (2,), ()),
    )
    assert verdict(asked, replace(got, parts=shown))["parts"] == {
        "split": True,
        "parts": [
            {"grounded": True, "status_right": True, "first_right": True},
            {"grounded": False, "status_right": True, "first_right": False},
            {"grounded": None, "status_right": False, "first_right": None},
        ],
    }
    fewer = verdict(asked, replace(got, parts=shown[:2]))["parts"]
    assert fewer is not None
    assert fewer["split"] is False
    assert [part["status_right"] for part in fewer["parts"]] == [True, True, False]
    assert verdict(question("q", [f"{A}:a30"]), got)["parts"] is None


def test_conditions() -> None:
    asked = question(
        "q",
        [f"{P}:n8"],
        conditions=(("整体性梯度转移", "met"), ("中西部地区", "not_said"), ("信用等级", "met"), ("东部", "met")),
    )
    shown = (
        Condition(1, "整体性 梯度转移企业", 0, 9, ConditionState.MET),
        Condition(1, "中西部地区", 9, 14, ConditionState.NOT_MET),
        Condition(1, "信用等级", 14, 18, ConditionState.MET),
        Condition(2, "信用等级", 14, 18, ConditionState.NOT_SAID),  # another state elsewhere
    )
    row = verdict(asked, replace(answer(ANSWERED, [f"{P}:n8"]), conditions=shown))
    assert row["conditions"] == [True, False, False, False]


def test_carried() -> None:
    shown = replace(answer(ANSWERED), carried=(Carried(CarriedKind.PLACE, "湛江"), Carried(CarriedKind.TOPIC, "补贴")))
    told = {"turns": ("搬去湛江有没有补贴",)}
    cases = [(None, None), (("place",), True), (("place", "date"), False), ((), False)]
    for carried, right in cases:
        assert verdict(question("q", [f"{A}:a29"], carried=carried, **told), shown)["carried"] is right
    assert verdict(question("q", [f"{A}:a29"], carried=(), **told), answer(ANSWERED))["carried"] is True
