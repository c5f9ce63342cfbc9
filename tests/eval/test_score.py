import pytest

from assistant.schema import Status
from eval.question_file import Question
from eval.score import latency, score_rankings, score_replies, too_easy, won_and_lost
from eval.systems import SYSTEMS, ask_all, rank_all
from tests.eval.fakes import TODAY, FakeAssistant, question

WORDS = {"降低成本", "加强建设", "施行"}


def judge(doc_id: str, quote: str) -> bool | None:
    assert doc_id == "gd-transfer-2025"
    return quote in WORDS


def quiet(_: str) -> None:
    return None


def test_systems_are_the_three_of_the_report() -> None:
    assert dict(SYSTEMS) == {"yiju": "hybrid", "bm25": "lexical", "vectors": "vectors"}


def test_rankings(questions: list[Question], assistant: FakeAssistant) -> None:
    pytest.importorskip("ir_measures")
    summary, rows = score_rankings(questions, rank_all(assistant, questions, quiet))
    # Five questions have gold (q4 has none). Right first: q1, q2 (through "also"), q5 (a part of it); not q3, q6.
    yiju = summary["yiju"]
    assert (yiju["right_first"]["hits"], yiju["right_first"]["n"]) == (3, 5)
    assert yiju["hit_rate@5"]["hits"] == 4
    # recall@5 asks for gold only: 1, 1/2 (n7 is missing), 1, 1, 0.
    assert yiju["recall@5"]["value"] == pytest.approx((1 + 0.5 + 1 + 1 + 0) / 5)
    assert yiju["MRR@10"]["value"] == pytest.approx((1 + 1 + 1 / 2 + 1 + 0) / 5)
    assert yiju["failed"] == 0
    assert {kind: (row["hits"], row["n"]) for kind, row in yiju["by_kind"].items()} == {
        "plain": (2, 3),
        "fact_missing": (0, 1),
        "false_premise": (1, 1),
    }
    assert (summary["bm25"]["right_first"]["hits"], summary["bm25"]["right_first"]["n"]) == (1, 5)
    assert "right_first" not in rows["q4"]["yiju"], "no gold: measures abstention"
    assert rows["q3"]["yiju"]["ranked"] == ["gd-transfer-2025:a9", "gd-transfer-2025:a29"]


def test_a_failed_search_is_a_row_and_not_a_zero(questions: list[Question], assistant: FakeAssistant) -> None:
    pytest.importorskip("ir_measures")
    summary, rows = score_rankings(questions, rank_all(assistant, questions, quiet))
    vectors = summary["vectors"]
    assert vectors["failed"] == 1
    assert (vectors["right_first"]["hits"], vectors["right_first"]["n"]) == (1, 4), "q6 failed and is not counted"
    assert rows["q6"]["vectors"]["error"].startswith("KeyError")


def test_replies(questions: list[Question], assistant: FakeAssistant) -> None:
    summary, rows = score_replies(questions, ask_all(assistant, questions, TODAY, quiet), judge)
    assert summary["failed"] == 1
    assert summary["confusion"] == {
        "answered": {"answered": 2, "partial": 0, "abstained": 1},  # q1, q5; q2; q6 failed
        "partial": {"answered": 1, "partial": 0, "abstained": 0},  # q3
        "abstained": {"answered": 0, "partial": 0, "abstained": 1},  # q4
    }
    by_kind = summary.pop("by_kind")
    assert (by_kind["plain"]["hits"], by_kind["plain"]["n"]) == (1, 2), "q1 right, q2 wrong, q6 failed"
    assert (by_kind["fact_missing"]["hits"], by_kind["fact_missing"]["n"]) == (0, 1)
    counts = {name: (value["hits"], value["n"]) for name, value in summary.items() if "hits" in str(value)}
    assert counts == {
        "status_right": (3, 5),
        "wrongly_answered": (1, 2),  # q3 of q3, q4
        "wrongly_abstained": (1, 3),  # q2 of q1, q2, q5
        "rightly_abstained": (1, 1),  # q4
        "first_citation_right": (2, 3),  # q1, q5 right, q3 wrong; q2 and q4 cite nothing
        "citations_right": (2, 4),  # a30 and a39 right, a11 and a9 wrong
        "verbatim": (3, 4),  # 「并非原文」
    }
    assert summary["verbatim_not_judged"] == 0
    assert rows["q6"] == {"seconds": rows["q6"]["seconds"], "error": "IndexLockedError: 另一个进程正在写"}
    assert rows["q1"]["citations"][0]["right"] is True, "a paragraph of the right article"
    assert rows["q5"]["notices"] == ["premise"]
    assert rows["q3"]["citations"][0]["quote"] == "并非原文", "what is not found is kept to be looked at"
    assert "quote" not in rows["q1"]["citations"][0]


def test_questions_are_asked_as_their_role_on_the_given_day(
    questions: list[Question], assistant: FakeAssistant
) -> None:
    ask_all(assistant, questions, TODAY, quiet)
    assert assistant.asked == [(q.question, q.role, TODAY) for q in questions]


def test_quotes_from_files_that_are_no_text_are_counted_apart(
    questions: list[Question], assistant: FakeAssistant
) -> None:
    summary, _ = score_replies(questions, ask_all(assistant, questions, TODAY, quiet), lambda doc_id, quote: None)
    assert summary["verbatim"]["n"] == 0
    assert summary["verbatim"]["value"] is None
    assert summary["verbatim_not_judged"] == 4


def test_latency() -> None:
    assert latency([]) == {"p50": None, "p95": None}
    assert latency([number / 100 for number in range(1, 101)]) == {"p50": 0.5, "p95": 0.95}


def test_too_easy_is_strictly_more() -> None:
    summary = {"bm25": {"right_first": {"value": 0.75}}}
    assert too_easy(summary, 0.75) is False
    assert too_easy({"bm25": {"right_first": {"value": 0.7501}}}, 0.75) is True
    assert too_easy({"bm25": {"right_first": {"value": None}}}, 0.75) is False


def row(id: str, first: bool | None, status: bool | None, text: str = "问") -> dict[str, object]:
    return {
        "id": id,
        "question": text,
        "yiju": {} if first is None else {"right_first": first},
        "answer": {"error": "…"} if status is None else {"status_right": status},
    }


def test_won_and_lost() -> None:
    before = [
        row("won", False, True),
        row("lost", True, True),
        row("same", True, False),
        row("failed", True, True),
        row("reworded", False, False, "旧"),
        row("gone", True, True),
    ]
    today = [
        row("won", True, False),
        row("lost", False, True),
        row("same", True, False),
        row("failed", True, None),
        row("reworded", True, True, "新"),
        row("new", True, True),
    ]
    assert won_and_lost(today, before) == {
        "right_first": {"won": ["won"], "lost": ["lost"]},
        "status_right": {"won": [], "lost": ["won"]},
    }


@pytest.mark.parametrize(
    ("expect", "kind", "trapped"),
    [
        (Status.ANSWERED, "plain", False),
        (Status.ANSWERED, "false_premise", True),
        (Status.PARTIAL, "fact_missing", True),
        (Status.ANSWERED, "time", False),
    ],
)
def test_trapped(expect: Status, kind: str, trapped: bool) -> None:
    assert question("q", ["d:a1"], expect, kind=kind).trapped is trapped
