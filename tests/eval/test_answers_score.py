"""Figures over a handful of questions, each counted by hand; what they have to reach; what was missed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.errors import IndexLockedError
from assistant.schema import Answer, NoticeKind, Role, Status
from eval.answers.bars import all_met, bars
from eval.answers.failures import explained, failures, faults
from eval.answers.questions import GoldPart, Question
from eval.answers.run import asked, evaluate
from tests.eval.answers_fakes import A, DialogueAssistant, FakeAssistant, P, answer, question

ANSWERED, PARTIAL, ABSTAINED = Status.ANSWERED, Status.PARTIAL, Status.ABSTAINED
TWO = (GoldPart((f"{A}:a30",), ANSWERED), GoldPart((f"{A}:a29",), PARTIAL))
# (question, answer): what is wrong with it
CASES: list[tuple[Question, Answer | Exception]] = [
    (question("q1", [f"{A}:a30"], may=("force",)), answer(ANSWERED, [f"{A}:a30"], notices={NoticeKind.FORCE: "…"})),
    # wrongly refused, nothing cited; a warning too many
    (
        question("q2", [f"{A}:a2"], role=Role.STAFF),
        answer(ABSTAINED, missing=["金额"], notices={NoticeKind.TIME: "…"}),
    ),
    # answered though the amount is in no document; wrong first, altered
    (
        question("q3", [f"{A}:a29"], PARTIAL, kind="fact_missing", role=Role.STAFF, speech=True),
        answer(ANSWERED, [f"{A}:a9", f"{A}:a29"], spoken="**补**"),
    ),
    # refused, and what is missing is not named
    (question("q4", (), ABSTAINED, kind="off_topic"), answer(ABSTAINED, missing=["期限"])),
    # refused by name
    (question("q5", (), ABSTAINED, kind="not_held"), answer(ABSTAINED, missing=["金额"])),
    # a trap: the warning is not there
    (
        question("q6", [f"{A}:a30", f"{P}:n7"], kind="false_premise", notices=("premise",), role=Role.HOTLINE),
        answer(ANSWERED, [f"{A}:a30"]),
    ),
    # dialogues: right and carried on (shown nowhere); a new topic, wrong status
    (
        question("q7", [f"{A}:a13"], turns=("园区能托管吗",), carried=("topic",)),
        answer(ANSWERED, [f"{A}:a13", f"{A}:a14"]),
    ),
    (question("q8", [f"{A}:a39"], turns=("园区能托管吗",), carried=()), answer(PARTIAL, [f"{A}:a39"], ["金额"])),
    (
        question("q9", [f"{A}:a30", f"{A}:a29"], PARTIAL, kind="multi", parts=TWO, conditions=(("整体", "met"),)),
        answer(PARTIAL, [f"{A}:a30", f"{A}:a29"], ["金额"]),
    ),
    (question("q10", [f"{A}:a1"]), IndexLockedError("另一个进程正在写")),
]
QUESTIONS = [asked for asked, _ in CASES]


def counted(row: dict[str, Any]) -> tuple[int, int]:
    return row["hits"], row["n"]


@pytest.fixture
def assistant() -> DialogueAssistant:
    return DialogueAssistant({asked.question: got for asked, got in CASES})


@pytest.fixture
def report(assistant: DialogueAssistant) -> dict[str, Any]:
    return evaluate(assistant, QUESTIONS, lambda doc_id, quote: quote != f"{A}:a9")[0]


@pytest.fixture
def figures(report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = report["figures"]
    return found


def test_main_figures(figures: dict[str, Any]) -> None:
    assert (figures["n"], figures["failed"]) == (10, 1)
    assert figures["confusion"] == {
        "answered": {"answered": 3, "partial": 1, "abstained": 1},  # q1 q6 q7; q8; q2
        "partial": {"answered": 1, "partial": 1, "abstained": 0},  # q3; q9
        "abstained": {"answered": 0, "partial": 0, "abstained": 2},  # q4 q5
    }
    assert counted(figures["status_right"]) == (6, 9)
    assert counted(figures["answered_without_ground"]) == (1, 4)  # q3 of q3 q4 q5 q9
    assert counted(figures["refused_without_naming"]) == (1, 4)  # q4
    assert counted(figures["wrongly_answered"]) == (2, 4)
    assert counted(figures["named_by_repeating"]) == (0, 4)
    assert counted(figures["wrongly_refused"]) == (2, 5)  # q2 q8 of q1 q2 q6 q7 q8
    assert counted(figures["first_right"]) == (5, 7)  # q1 q6 q7 q8 q9 of those and q2 (nothing cited) q3
    assert counted(figures["first_right_where_cited"]) == (5, 6)
    # gold cited: q1 1, q2 0, q3 1, q6 1/2, q7 1, q8 1, q9 1
    assert figures["recall"]["n"] == 7
    assert figures["recall"]["value"] == pytest.approx(5.5 / 7)
    # cited in gold or also: q1 1, q3 1/2, q6 1, q7 1/2, q8 1, q9 1
    assert figures["precision"]["n"] == 6
    assert figures["precision"]["value"] == pytest.approx(5 / 6)
    assert counted(figures["verbatim"]) == (8, 9)
    assert figures["verbatim_not_judged"] == 0
    assert counted(figures["spoken_fits"]) == (8, 9)


def test_quotes_that_cannot_be_judged_are_no_verbatim_ones(assistant: DialogueAssistant) -> None:
    figures = evaluate(assistant, QUESTIONS, lambda doc_id, quote: None)[0]["figures"]
    assert counted(figures["verbatim"]) == (0, 0)
    assert figures["verbatim_not_judged"] == 9


def test_traps_and_notices(figures: dict[str, Any]) -> None:
    traps = figures["traps"]
    assert counted(traps["all"]) == (1, 2)  # q5 of q5 q6
    assert counted(traps["by_trap"]["premise"]) == (0, 1)
    assert counted(traps["by_trap"]["not_held"]) == (1, 1)
    assert counted(traps["by_trap"]["place"]) == (0, 0)
    assert (traps["all"]["status_wrong"], traps["all"]["notice_missed"], traps["all"]["forbidden_said"]) == (0, 1, 0)
    notices = figures["notices"]
    assert counted(notices["premise"]["recall"]) == (0, 1)
    assert counted(notices["time"]["false_alarms"]) == (1, 9)
    assert counted(notices["force"]["false_alarms"]) == (0, 8), "q1 may show it"
    assert counted(notices["premise"]["false_alarms"]) == (0, 8), "q6 must show it"
    assert notices["metadata"]["recall"] is None
    assert counted(notices["metadata"]["false_alarms"]) == (0, 9)


def test_groups(figures: dict[str, Any]) -> None:
    assert counted(figures["by_role"]["staff"]["status_right"]) == (0, 2)
    assert counted(figures["by_role"]["staff"]["first_right"]) == (0, 2)
    assert counted(figures["by_role"]["hotline"]["status_right"]) == (1, 1)
    assert figures["speech"]["with"]["questions"] == 1
    assert counted(figures["speech"]["without"]["wrongly_answered"]) == (1, 3)
    assert list(figures["by_kind"]) == ["plain", "fact_missing", "off_topic", "not_held", "false_premise", "multi"]
    assert figures["by_kind"]["plain"]["questions"] == 4, "the failed one is left out"


def test_dialogues_parts_and_conditions(figures: dict[str, Any]) -> None:
    dialogues = figures["dialogues"]
    assert counted(dialogues["all"]["status_right"]) == (1, 2)
    assert counted(dialogues["all"]["first_right"]) == (2, 2)
    assert counted(dialogues["carried"]["status_right"]) == (1, 1)
    assert counted(dialogues["new_topic"]["status_right"]) == (0, 1)
    assert counted(dialogues["carried_shown"]) == (0, 1)
    assert counted(dialogues["nothing_carried"]) == (1, 1)
    assert dialogues["by_carried"]["topic"]["questions"] == 1
    parts = figures["parts"]
    assert (parts["questions"], counted(parts["grounded"]), counted(parts["split"])) == (1, (2, 2), (0, 1))
    assert (counted(parts["status_right"]), counted(parts["first_right"])) == ((0, 2), (0, 2))
    assert (figures["conditions"]["conditions"], counted(figures["conditions"]["right"])) == (1, (0, 1))


def test_what_is_cited_where_nothing_speaks_is_no_first_citation_and_costs_precision() -> None:
    asked = question("q", (), ABSTAINED, turns=("甲",))
    got = answer(PARTIAL, [f"{A}:a1"], ["金额"])
    figures = evaluate(DialogueAssistant({"问题q": got}), [asked], lambda doc_id, quote: True)[0]["figures"]
    assert counted(figures["first_right_where_cited"]) == (0, 0)
    assert (figures["precision"]["n"], figures["precision"]["value"]) == (1, 0.0)
    assert figures["recall"]["n"] == 0
    dialogues = figures["dialogues"]
    told = [dialogues[name]["questions"] for name in ("all", "carried", "new_topic")]
    assert told == [1, 0, 0], "what is carried is untold"
    assert counted(dialogues["nothing_carried"]) == (0, 0)


def test_bars(report: dict[str, Any], figures: dict[str, Any]) -> None:
    found = {(bar["name"], bar["of"]): bar["met"] for bar in report["bars"]}
    assert {name for (name, of), met in found.items() if met is False and not of} == {
        "first_right", "recall", "wrongly_answered", "wrongly_refused", "traps", "verbatim",
    }  # fmt: skip
    assert found["precision", ""] is True
    assert found["ask_p95", ""] is True
    assert {of: met for (name, of), met in found.items() if name == "false_alarms"} == {
        "jurisdiction": True, "time": False, "force": True, "premise": True, "instruction": True, "metadata": True,
    }  # fmt: skip
    assert not all_met(report["bars"])


@pytest.mark.parametrize(
    ("name", "just", "missed"),
    [
        ("first_right", 0.92, 0.919),
        ("recall", 0.95, 0.949),
        ("precision", 0.8, 0.799),
        ("wrongly_answered", 0.03, 0.031),
        ("wrongly_refused", 0.03, 0.031),
        ("verbatim", 1.0, 0.999),
    ],
)
def test_a_bar_is_met_by_its_own_value(figures: dict[str, Any], name: str, just: float, missed: float) -> None:
    for value, met in ((just, True), (missed, False), (None, None)):
        found = bars({**figures, name: {"value": value}})
        assert [bar["met"] for bar in found if bar["name"] == name] == [met]


def test_the_latency_bar(figures: dict[str, Any]) -> None:
    for value, met in ((0.15, True), (0.151, False), (None, None)):
        found = bars({**figures, "ask_seconds": {"p50": value, "p95": value}})
        assert [bar["met"] for bar in found if bar["name"] == "ask_p95"] == [met]


def test_without_questions_nothing_is_met_or_missed() -> None:
    report = evaluate(FakeAssistant({}), [], lambda doc_id, quote: True)[0]
    assert {bar["met"] for bar in report["bars"]} == {None}
    assert all_met(report["bars"])


def test_questions_are_asked_as_given() -> None:
    one = question("q", [f"{A}:a1"], role=Role.HOTLINE, region="广东", as_of=date(2024, 6, 1), turns=("甲", "乙"))
    assistant = DialogueAssistant({"问题q": answer(ANSWERED)})
    asked(assistant, one)
    asked(assistant, replace(one, turns=(), region="", as_of=None))
    first, second = assistant.asked
    assert (first.role, first.region, first.as_of, first.history) == (
        Role.HOTLINE, "广东", date(2024, 6, 1), ("甲", "乙"),
    )  # fmt: skip
    assert (second.region, second.as_of, second.history) == ("", None, ())


def test_an_assistant_without_dialogues_is_asked_the_last_turn_and_the_report_says_so() -> None:
    one = question("q", [f"{A}:a1"], turns=("甲",))
    report = evaluate(FakeAssistant({"问题q": answer(ANSWERED, [f"{A}:a1"])}), [one], lambda doc_id, quote: True)[0]
    assert report["history"] is False
    assert counted(report["figures"]["dialogues"]["all"]["status_right"]) == (1, 1)


def test_the_first_questions_are_asked_once_before_the_clock_counts(assistant: DialogueAssistant) -> None:
    evaluate(assistant, QUESTIONS, lambda doc_id, quote: True)
    assert [one.question for one in assistant.asked] == [one.question for one in QUESTIONS] * 2


def test_report_row(report: dict[str, Any]) -> None:
    assert report["engines"] == {"extractive": 9}
    assert (report["failed"], report["history"], report["corpus"]) == (1, True, "sha256:00")
    assert report["rows"][2]["answer"]["cited"] == [f"{A}:a9", f"{A}:a29"]
    assert report["rows"][9]["answer"]["error"] == "IndexLockedError: 另一个进程正在写"
    assert "问题q" not in str(report["rows"]), "a row tells a question by its id alone"


def test_failures(report: dict[str, Any]) -> None:
    assert {name: ids for name, ids in failures(report["rows"]).items() if ids} == {
        "失败": ["q10"],
        "状态不对": ["q2", "q3", "q8"],
        "没有依据却当作已答": ["q3"],
        "没有说出缺的是什么": ["q4"],
        "误拒": ["q2", "q8"],
        "首条依据不对": ["q2", "q3"],
        "依据没有引全": ["q2", "q6"],
        "引文与原文件不一致": ["q3"],
        "陷阱处置不当": ["q6"],
        "缺提示": ["q6"],
        "误报提示": ["q2"],
        "口径念不出": ["q3"],
    }
    rows = {row["id"]: row for row in report["rows"]}
    assert faults(rows["q3"])["状态不对"] == "应部分，得已答"
    assert faults(rows["q2"])["首条依据不对"] == "没有引用"


def test_explanations(report: dict[str, Any]) -> None:
    told = [
        explained(asked, row, got if isinstance(got, Answer) else None)
        for (asked, got), row in zip(CASES, report["rows"], strict=True)
    ]
    assert told[0] == "", "nothing is wrong"
    assert "  应缺 金额/多少钱\n  引了 （无）\n  说缺 期限" in told[3]
    assert "  ✗ 状态不对：应已答，得部分" in told[7]
    assert "  前文 园区能托管吗\n  问   问题q8" in told[7]
    assert "IndexLockedError" in told[9]
