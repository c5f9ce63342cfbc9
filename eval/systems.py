"""The systems that stand side by side in a report, and what each of them made of each question.

All three search through the assistant: "yiju" as shipped, "bm25" its full-text index alone, "vectors" its embeddings
alone. Only "yiju" answers.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Protocol, TypeVar

from assistant.schema import Answer, Hit, Role
from eval.question_file import Question

OURS = "yiju"
SYSTEMS: Mapping[str, str] = MappingProxyType({OURS: "hybrid", "bm25": "lexical", "vectors": "vectors"})
DEPTH = 10  # units looked at: RR@10 is the deepest measure
UNMEASURED = 5  # searches before the clock counts: the first one loads the model

T = TypeVar("T")


class AssistantLike(Protocol):
    """What an evaluation needs of an assistant."""

    def ask(self, question: str, *, as_of: date | None = None, region: str = "", role: Role | None = None) -> Answer:
        """Return the answer to one question."""
        ...

    def search(self, question: str, *, k: int = 10, mode: str = "hybrid") -> Sequence[Hit]:
        """Return the units found, best first; mode is "hybrid", "lexical" or "vectors"."""
        ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one system found for one question: unit ids, best first; or the error that kept it from searching."""

    ranked: tuple[str, ...]
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant answered to one question; `answer` is None exactly when `error` says why."""

    answer: Answer | None
    seconds: float
    error: str = ""


def rank_all(
    assistant: AssistantLike, questions: Sequence[Question], progress: Callable[[str], None]
) -> dict[str, dict[str, Ranking]]:
    """Return every system's ranking of every question: {system: {question id: Ranking}}."""
    rankings: dict[str, dict[str, Ranking]] = {}
    for system, mode in SYSTEMS.items():
        progress(f"{system}：检索 {len(questions)} 题")
        for question in questions[:UNMEASURED]:
            timed(partial(assistant.search, question.question, k=DEPTH, mode=mode))
        rankings[system] = {question.id: _ranking(assistant, question, mode) for question in questions}
    return rankings


def ask_all(
    assistant: AssistantLike, questions: Sequence[Question], as_of: date, progress: Callable[[str], None]
) -> dict[str, Reply]:
    """Return the assistant's reply to every question; a question that fails has the error in its place."""
    progress(f"{OURS}：作答 {len(questions)} 题")
    replies: dict[str, Reply] = {}
    for question in questions:
        answer, seconds, error = timed(partial(assistant.ask, question.question, as_of=as_of, role=question.role))
        replies[question.id] = Reply(answer, seconds, error)
    return replies


def _ranking(assistant: AssistantLike, question: Question, mode: str) -> Ranking:
    hits, seconds, error = timed(partial(assistant.search, question.question, k=DEPTH, mode=mode))
    ordered = sorted(hits or (), key=lambda hit: hit.rank)
    return Ranking(tuple(hit.provision.id for hit in ordered), seconds, error)


def timed(work: Callable[[], T]) -> tuple[T | None, float, str]:
    """Return the result, the seconds it took and "", or None, the seconds and the error's kind and message.

    Any exception is a row of the report, not its end: a run over hundreds of questions shows all failures at once.
    """
    start = time.perf_counter()
    try:
        result = work()
    except Exception as error:
        return None, time.perf_counter() - start, f"{type(error).__name__}: {error}"
    return result, time.perf_counter() - start, ""
