"""Every question asked through the assistant, dialogues with their earlier turns, and the measured part of a report."""

import inspect
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Protocol

from assistant.schema import Answer, Role
from eval.answers.bars import bars
from eval.answers.judge import judged
from eval.answers.questions import Question
from eval.answers.score import score
from eval.score import Judge, Row
from eval.speed import UNMEASURED
from eval.systems import Reply, timed


class AssistantLike(Protocol):
    """What asking needs of an assistant; one that can carry a dialogue takes `history`, too."""

    def ask(self, question: str, *, as_of: date | None = None, region: str = "", role: Role | None = None) -> Answer:
        """Return the answer to one question."""
        ...


def takes_history(assistant: AssistantLike) -> bool:
    """True if `ask` takes the asker's earlier questions (`history: Sequence[str]`)."""
    return "history" in inspect.signature(assistant.ask).parameters


def asked(assistant: AssistantLike, question: Question) -> Answer:
    """Return the answer to a question, given what was filled in beside it and, where it can be, the earlier turns."""
    history: dict[str, Any] = {}
    if question.turns and takes_history(assistant):
        history["history"] = question.turns
    return assistant.ask(question.question, as_of=question.as_of, region=question.region, role=question.role, **history)


def ask_all(
    assistant: AssistantLike, questions: Sequence[Question], progress: Callable[[str], None] = lambda _: None
) -> dict[str, Reply]:
    """Return the reply to every question; one that fails has its error in its place.

    The first questions are asked once before the clock counts (house style §11).
    """
    for question in questions[:UNMEASURED]:
        timed(partial(asked, assistant, question))
    progress(f"作答 {len(questions)} 题")
    return {question.id: Reply(*timed(partial(asked, assistant, question))) for question in questions}


def evaluate(
    assistant: AssistantLike,
    questions: Sequence[Question],
    holds: Judge,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Row, Mapping[str, Reply]]:
    """Return the measured part of a report, and the replies by question id.

    `holds` says whether a quote stands word for word in the file of a document id.
    """
    start = time.perf_counter()
    replies = ask_all(assistant, questions, progress)
    rows: list[Row] = [
        {
            "id": question.id,
            "digest": question.digest,
            "role": str(question.role),
            "kind": question.kind,
            "expect": str(question.expect),
            "answer": judged(question, replies[question.id], holds),
        }
        for question in questions
    ]
    figures = score(questions, {row["id"]: row["answer"] for row in rows})
    answers = [reply.answer for reply in replies.values() if reply.answer is not None]
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "corpus": "、".join(sorted({answer.corpus for answer in answers})),
        "engines": dict(Counter(answer.engine for answer in answers)),
        "failed": figures["failed"],
        "history": takes_history(assistant),
        "bars": bars(figures),
        "figures": figures,
        "rows": rows,
    }, replies
