"""A file of questions with the provisions that answer them, read and checked."""

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.schema import Role, Status

KINDS = frozenset(
    {
        "plain",  # the text answers it
        "lookup",  # names the provision
        "multi",  # two questions in one, or several provisions
        "fact_missing",  # on the topic, but the asked-for fact is in no document
        "off_topic",  # nothing speaks to it, however near it sounds
        "false_premise",  # asserts what the text does not say
        "instruction",  # carries an order to the assistant
        "place",  # turns on where
        "time",  # turns on when
        "no_such_article",  # names an article that does not exist
        "not_held",  # asks for the text of a document we do not hold
    }
)
TRAPS = frozenset({"false_premise", "instruction", "no_such_article", "not_held"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what is right for it.

    Attributes:
        gold: ids of provisions a lawyer would accept as right, best first; empty when nothing speaks to it.
        also: ids that are acceptable and not required.
        expect: the right status. PARTIAL: a provision speaks to the matter and the asked-for fact is not in it.
        missing: facts the documents do not contain; empty exactly when `expect` is ANSWERED.
    """

    id: str
    role: Role
    question: str
    gold: tuple[str, ...]
    also: tuple[str, ...]
    expect: Status
    missing: tuple[str, ...]
    kind: str
    note: str = ""

    @property
    def right(self) -> tuple[str, ...]:
        """Every id that counts as right, the required ones first."""
        return tuple(dict.fromkeys((*self.gold, *self.also)))

    @property
    def trapped(self) -> bool:
        """True if the whole answer is not in the text, or the question tries to lead astray."""
        return self.expect is not Status.ANSWERED or self.kind in TRAPS


def load_questions(path: Path) -> tuple[Question, ...]:
    """Return the questions of a JSONL file, in its order.

    Raises:
        CorpusError: naming the file and the line: not JSON, a field missing, unknown or of the wrong kind, a repeated
            id, or gold and missing that do not fit `expect`.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(f"{path} 读不了：{error.strerror}；请检查 --questions 的路径") from error
    questions: list[Question] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(
                f"{path} 第 {number} 行不是有效的题目：{error}；请按 eval/questions 的字段改正"
            ) from error
        if question.id in seen:
            raise CorpusError(f"{path} 第 {number} 行的编号 {question.id} 与前面重复；请换一个编号")
        seen.add(question.id)
        questions.append(question)
    if not questions:
        raise CorpusError(f"{path} 里没有题目；请检查 --questions 的路径")
    return tuple(questions)


def _question(row: dict[str, object]) -> Question:
    """Return one question from its JSON object; ValueError, KeyError or TypeError where it is not one."""
    unknown = set(row) - set(Question.__dataclass_fields__)
    if unknown:
        raise ValueError(f"未知字段 {', '.join(sorted(unknown))}")
    question = Question(
        id=_text(row, "id"),
        role=Role(_text(row, "role")),
        question=_text(row, "question"),
        gold=_texts(row, "gold"),
        also=_texts(row, "also"),
        expect=Status(_text(row, "expect")),
        missing=_texts(row, "missing"),
        kind=_text(row, "kind"),
        note=str(row.get("note", "")),
    )
    if question.kind not in KINDS:
        raise ValueError(f"kind {question.kind} 不在 {', '.join(sorted(KINDS))} 之中")
    if (question.expect is Status.ABSTAINED) != (not question.gold):
        raise ValueError("gold 为空当且仅当 expect 是 abstained")
    if (question.expect is Status.ANSWERED) != (not question.missing):
        raise ValueError("missing 为空当且仅当 expect 是 answered")
    return question


def _text(row: dict[str, object], name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"字段 {name} 应是非空文字")
    return value


def _texts(row: dict[str, object], name: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"字段 {name} 应是文字的列表")
    return tuple(value)
