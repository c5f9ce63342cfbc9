import pytest

from assistant.errors import IndexLockedError
from assistant.schema import NoticeKind, Status
from eval.question_file import Question
from tests.eval.fakes import FakeAssistant, answer, question

A, P = "gd-transfer-2025", "mfg-transfer-2021"


@pytest.fixture
def questions() -> list[Question]:
    return [
        question("q1", [f"{A}:a30"]),
        question("q2", [f"{A}:a10", f"{P}:n7"], also=(f"{A}:a13",)),
        question("q3", [f"{A}:a29"], Status.PARTIAL, kind="fact_missing"),
        question("q4", [], Status.ABSTAINED, kind="off_topic"),
        question("q5", [f"{A}:a39"], kind="false_premise"),
        question("q6", [f"{A}:a1"]),
    ]


@pytest.fixture
def assistant() -> FakeAssistant:
    """Right and wrong in ways that a reader can count: see the figures in test_score."""
    rankings = {
        "hybrid": {
            "问题q1": [f"{A}:a30", f"{A}:a11"],
            "问题q2": [f"{A}:a13", f"{A}:a10"],  # acceptable first, one of two required ones found
            "问题q3": [f"{A}:a9", f"{A}:a29"],
            "问题q4": [f"{A}:a2"],
            "问题q5": [f"{A}:a39.p1"],
            "问题q6": [f"{A}:a2"],
        },
        "lexical": {f"问题q{number}": [f"{A}:a30"] for number in range(1, 7)},
        "vectors": {f"问题q{number}": [f"{P}:n7"] for number in range(1, 7) if number != 6},  # q6 fails
    }
    answers = {
        "问题q1": answer("问题q1", Status.ANSWERED, [(f"{A}:a30.p1", "降低成本"), (f"{A}:a11", "加强建设")]),
        "问题q2": answer("问题q2", Status.ABSTAINED),  # wrongly abstained
        "问题q3": answer("问题q3", Status.ANSWERED, [(f"{A}:a9", "并非原文")]),  # wrongly answered, not verbatim
        "问题q4": answer("问题q4", Status.ABSTAINED, missing=["金额"]),
        "问题q5": answer("问题q5", Status.ANSWERED, [(f"{A}:a39", "施行")], notices=[NoticeKind.PREMISE]),
        "问题q6": IndexLockedError("另一个进程正在写"),
    }
    return FakeAssistant(rankings, answers)
