"""Questions with the right answer's status, grounds, gaps and warnings: what they are, and the files that hold them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from assistant.errors import CorpusError
from assistant.schema import NoticeKind, Role, Status
from eval.answers.fields import Fields
from eval.question_file import KINDS as EARLIER_KINDS

KINDS = EARLIER_KINDS | {"comparison", "force", "validity"}
# Kinds that try to lead astray, and the name of the trap.
TRAPS: Mapping[str, str] = MappingProxyType(
    {
        "false_premise": "premise",
        "instruction": "instruction",
        "place": "place",
        "time": "time",
        "force": "force",
        "no_such_article": "no_such_article",
        "not_held": "not_held",
    }
)
ASKS = frozenset(
    {
        *("yes_no", "amount", "rate", "price", "deadline", "date", "frequency", "count", "area", "threshold"),
        *("condition", "materials", "procedure", "who", "contact", "where", "list", "definition", "text"),
        *("comparison", "penalty", "reason", "how", "validity"),
    }
)
NOTICES = frozenset(str(kind) for kind in NoticeKind if kind is not NoticeKind.METADATA)
STATES = frozenset({"met", "not_met", "not_said"})
CARRIED = frozenset({"document", "provision", "place", "date", "topic"})
MAX_TURNS = 3
UNITS = frozenset(
    {f"gd-transfer-2025:a{number}" for number in range(1, 40)}
    | {f"mfg-transfer-2021:n{number}" for number in range(1, 10)}
    | {"mfg-transfer-2021:closing"}
)


@dataclass(frozen=True, slots=True)
class GoldPart:
    """One of the questions in a question, in the order asked: its grounds and its status."""

    gold: tuple[str, ...]
    expect: Status


@dataclass(frozen=True, slots=True)
class Question:
    """One question, what was asked before it, and what is right for it.

    Attributes:
        question: as said or typed; in a dialogue the last turn, which is judged.
        turns: the asker's earlier questions, in order.
        region, as_of: what was filled in beside the question; "" and None where nothing was.
        gold: units (article, part) that the answer requires, best first; empty exactly when `expect` is ABSTAINED.
        also: units that may be cited besides.
        asks: what is asked for.
        missing: facts without a ground, each as words any one of which names it; empty exactly when ANSWERED.
        notices: kinds of warning that change the answer; `may`: those that do no harm.
        speech: the question carries errors of speech recognition.
        never: what must not stand in the answer except as an echo of the question.
        conditions: (key phrase of the provision, "met", "not_met" or "not_said").
        parts: the questions in it, where it asks several.
        carried: what had to be carried over from the turns; () where a new topic drops all; None where it is not told.
    """

    id: str
    role: Role
    question: str
    gold: tuple[str, ...]
    expect: Status
    kind: str
    also: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()
    notices: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    region: str = ""
    as_of: date | None = None
    speech: bool = False
    never: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    parts: tuple[GoldPart, ...] = ()
    carried: tuple[str, ...] | None = None
    note: str = ""

    @property
    def right(self) -> tuple[str, ...]:
        """Every unit that counts as right, the required ones first."""
        return tuple(dict.fromkeys((*self.gold, *self.also)))

    @property
    def digest(self) -> str:
        """A short hash of the question and of what is right for it: another one makes a verdict incomparable."""
        fields = {name: value for name, value in asdict(self).items() if name != "note"}
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False, default=str).encode()).hexdigest()[:12]


def load_questions(paths: Sequence[Path]) -> tuple[Question, ...]:
    """Return the questions of several JSONL files, in their order.

    Raises:
        CorpusError: with one line for every fault in any of them, naming file and line: not JSON, a field missing,
            unknown or of the wrong kind, fields that contradict each other, a repeated id.
    """
    questions: list[Question] = []
    faults: list[str] = []
    places: dict[str, str] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{path} 读不了：{error}；请检查 --questions 的路径和编码（UTF-8）")
            continue
        if not any(line.strip() for line in lines):
            faults.append(f"{path} 里没有题目；请检查 --questions 的路径")
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            question, found = parse_question(line)
            place = f"{path.name} 第 {number} 行"
            if question is not None:
                if question.id in places:
                    found = [*found, f"编号与 {places[question.id]} 重复"]
                places.setdefault(question.id, place)
                questions.append(question)
            named = f"（{question.id}）" if question is not None else ""
            faults += [f"{place}{named}：{fault}" for fault in found]
    if faults:
        raise CorpusError("\n".join(faults))
    return tuple(questions)


def parse_question(line: str) -> tuple[Question | None, list[str]]:
    """Return the question of one JSON line and every fault in it; no question where its fields cannot be read."""
    try:
        row = json.loads(line)
    except ValueError as error:
        return None, [f"不是 JSON：{error}"]
    if not isinstance(row, dict):
        return None, ["不是 JSON 对象"]
    fields = Fields(row)
    identity = fields.text("id")
    question = Question(
        id=identity,
        role=fields.member("role", Role, Role.ENTERPRISE),
        question=fields.text("question"),
        gold=fields.texts("gold", UNITS, needed=True),
        expect=fields.member("expect", Status, Status.ANSWERED),
        kind=fields.choice("kind", KINDS),
        also=fields.texts("also", UNITS),
        asks=fields.texts("asks", ASKS, needed=True),
        missing=fields.facts("missing"),
        notices=fields.texts("notices", NOTICES, needed=True),
        may=fields.texts("may", NOTICES),
        turns=fields.texts("turns"),
        region=fields.place("region"),
        as_of=fields.day("as_of"),
        speech=fields.flag("speech"),
        never=fields.texts("never"),
        conditions=fields.states("conditions", STATES),
        parts=tuple(
            GoldPart(part.texts("gold", UNITS, needed=True), part.member("expect", Status, Status.ANSWERED))
            for part in fields.parts("parts", {"gold", "expect"})
        ),
        carried=fields.texts("carried", CARRIED) if "carried" in row else None,
        note=fields.text("note", needed=False),
    )
    faults = fields.faults(set(Question.__dataclass_fields__))
    if faults:
        return None, [f"{identity}：{fault}" if identity else fault for fault in faults]
    return question, contradictions(question)


def contradictions(question: Question) -> list[str]:
    """Return what in a question does not fit together, a line each.

    >>> contradictions(Question("x", Role.STAFF, "几时算数", (), Status.ANSWERED, "plain", asks=("date",)))
    ['gold 为空当且仅当 expect 是 abstained']
    """
    parts = {part.expect for part in question.parts}
    whole = parts.pop() if len(parts) == 1 else Status.PARTIAL
    required = {unit for part in question.parts for unit in part.gold}
    rules = {
        "gold 为空当且仅当 expect 是 abstained": (question.expect is Status.ABSTAINED) == (not question.gold),
        "missing 为空当且仅当 expect 是 answered": (question.expect is Status.ANSWERED) == (not question.missing),
        "gold 与 also 有重复": len(question.right) == len(question.gold) + len(question.also),
        "asks 是空的": bool(question.asks) or question.kind == "instruction",
        f"turns 应有 1 至 {MAX_TURNS} 句": len(question.turns) <= MAX_TURNS,
        "有 carried 而没有 turns": question.carried is None or bool(question.turns),
        "parts 应至少有两项": len(question.parts) != 1,
        "parts 里某一项的 gold 为空当且仅当它的 expect 是 abstained": all(
            (part.expect is Status.ABSTAINED) == (not part.gold) for part in question.parts
        ),
        "parts 的 gold 不在 gold 和 also 之中": required <= set(question.right),
        "parts 各项的 expect 合起来不是 expect": not question.parts or whole is question.expect,
    }
    return [rule for rule, holds in rules.items() if not holds]
