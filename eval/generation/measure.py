"""Each reply as three systems would have shown it: a plain RAG, one with the gate, the product with verification."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.generative import Similarity
from assistant.answering.prompts import Evidence
from assistant.answering.statement_words import without_courtesy
from assistant.answering.statements import MAX_STATEMENTS, Drafted, Reason, StatementReader
from assistant.answering.verify_statement import SUPPORT, Support, Verdict, verify_statement
from assistant.errors import CorpusError
from eval.generation.judge import Judged, judge
from eval.generation.replies import Reply, as_evidence
from eval.question_file import Question

SYSTEMS = {"plain": "不设门、不核对", "gate": "只设门", "verified": "设门并核对"}
READINGS = {
    "right": "对：条文这么说",
    "misleads": "误导：条文没有这么说，或与条文相反",
    "beside": "没有答到：话是条文的，答的是别的事",
    "empty": "空话：没有说出什么",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A statement of a reply: what the product makes of it, what code finds wrong, what the reader found."""

    text: str
    keys: tuple[str, ...]
    hash: str
    verdict: Verdict
    judged: Judged
    reading: str
    note: str

    def shown_by(self, system: str, gated: bool) -> bool:
        """Whether a system shows it."""
        if system == "plain":
            return True
        return gated and (system == "gate" or self.verdict.verified)


@dataclass(frozen=True, slots=True)
class Measured:
    """A question, its reply and the statements of it."""

    question: Question
    reply: Reply
    told: tuple[Told, ...]


def statement_hash(text: str, keys: Sequence[str]) -> str:
    """Return 12 hex digits that stand for a statement with its keys."""
    return hashlib.sha256(f"{text}\n{' '.join(keys)}".encode()).hexdigest()[:12]


def statements_of(reply: Reply) -> list[Drafted]:
    """Return the statements of a reply as the product reads them."""
    reader = StatementReader()
    found = [*reader.feed(reply.text), *reader.finish()][:MAX_STATEMENTS]
    return [Drafted(without_courtesy(one.text), one.keys) for one in found]


def measured(
    questions: Iterable[Question],
    replies: Iterable[Reply],
    readings: Mapping[tuple[str, str], tuple[str, str]],
    similarity: Similarity,
    support: Support = SUPPORT,
) -> list[Measured]:
    """Return every reply, its statements judged and verified; `readings` are by (question, hash of the statement)."""
    by_id = {question.id: question for question in questions}
    found = []
    for reply in replies:
        if reply.id not in by_id:
            continue
        question = by_id[reply.id]
        evidence = {one.key: one for one in as_evidence(reply.shown)}
        told = []
        for one in statements_of(reply):
            key = statement_hash(one.text, one.keys)
            reading, note = readings.get((question.id, key), ("", ""))
            verdict = verify_statement(one, evidence, question.question, similarity, support)
            told.append(
                Told(one.text, one.keys, key, verdict, judge(one.text, one.keys, reply.shown, question), reading, note)
            )
        found.append(Measured(question, reply, tuple(told)))
    return found


def figures(rows: Sequence[Measured], system: str) -> dict[str, int]:
    """Return the counts of one system over all questions."""
    shown = [(row, [one for one in row.told if one.shown_by(system, row.reply.gated)]) for row in rows]
    flat = [one for _, told in shown for one in told]
    return {
        "questions": len(rows),
        "with_statements": sum(bool(told) for _, told in shown),
        "misled_by_code": sum(any(one.judged.misleads for one in told) for _, told in shown),
        "misled_by_reading": sum(any(one.reading == "misleads" for one in told) for _, told in shown),
        "statements": len(flat),
        "statements_misleading_by_code": sum(one.judged.misleads for one in flat),
        "statements_misleading_by_reading": sum(one.reading == "misleads" for one in flat),
        "statements_right_by_reading": sum(one.reading == "right" for one in flat),
        "statements_beside_by_reading": sum(one.reading == "beside" for one in flat),
        "unread": sum(not one.reading for one in flat),
    }


def quotes_beside_gold(rows: Sequence[Measured]) -> int:
    """Return for how many questions the extractive answer, without any model, quotes something that is not gold."""
    return sum(
        any(one.provision.partition(".")[0] not in row.question.right for one in row.reply.shown)
        for row in rows
        if row.reply.gated
    )


def reasons(rows: Sequence[Measured]) -> dict[str, int]:
    """Return how many statements of gated replies were withheld for each reason."""
    told = [one for row in rows if row.reply.gated for one in row.told]
    counts = {str(reason): sum(one.verdict.reason is reason for one in told) for reason in Reason}
    return {reason: count for reason, count in counts.items() if count}


def checked(rows: Sequence[Measured]) -> tuple[int, int, int]:
    """Return (written, checked, verified) over the replies that the product asks for."""
    told = [one for row in rows if row.reply.gated for one in row.told]
    return len(told), sum(one.verdict.checked for one in told), sum(one.verdict.verified for one in told)


def load_readings(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what a person found reading, by (question, hash): (one of READINGS, a note).

    Raises:
        CorpusError: an entry is of no known kind, or stands twice.
    """
    if not path.is_file():
        return {}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8")).get("read", ()):
        key = (row["id"], row["hash"])
        if row["found"] not in READINGS or key in found:
            raise CorpusError(f"{path}：{row['id']} {row['hash']} 的 found 无效或重复；可以写：{'、'.join(READINGS)}")
        found[key] = (row["found"], row.get("note", ""))
    return found


def swept(path: Path, rows: Sequence[Measured], similarity: Similarity, support: Support) -> dict[str, float]:
    """Return what thresholds let through: of the statements that were read, and of the written ones of a table.

    Args:
        path: a table of statements beside provisions, each with whether it may be shown.
        rows: the replies, measured with these thresholds.
        similarity: the embedder's.
        support: the thresholds.
    """
    told = [one for row in rows if row.reply.gated for one in row.told if one.reading]
    counts: dict[str, float] = {"coverage": support.coverage, "clause": support.clause, "cosine": support.cosine}
    for reading in ("right", "misleads"):
        counts[f"read_{reading}"] = sum(one.verdict.verified and one.reading == reading for one in told)
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    counts["table_right"] = counts["table_wrong"] = 0
    for row in table["statement"]:
        evidence = {"K7Q": Evidence("K7Q", table["held"][row["held"]], 1)}
        if verify_statement(Drafted(row["said"], ("K7Q",)), evidence, "", similarity, support).verified:
            counts["table_right" if row["shown"] else "table_wrong"] += 1
    return counts
