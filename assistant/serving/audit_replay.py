"""An old question, or an old text, put to the corpus of today: what would be said differently."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.errors import AuditError
from assistant.schema import Answer, CheckReport, Kind, Level, Role
from assistant.serving.audit_payloads import answer_draft, check_draft
from assistant.serving.audit_records import Draft, Record, RecordKind
from assistant.serving.masking import BANK_CARD, CREDIT_CODE, EMAIL, ID_CARD, LANDLINE, MOBILE


@dataclass(frozen=True, slots=True)
class Asked:
    """What a recorded question was asked with; `region` is a code."""

    as_of: date | None
    region: str = ""
    role: Role | None = None
    kinds: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    all_versions: bool = False
    history: tuple[str, ...] = ()


# What is asked in place of a masked number: nobody's, of the same form. With its word in the question (手机号) another
# question would be answered: what is the phone number?
_STAND_INS = {
    MOBILE: "13000000000",
    LANDLINE: "020-80000000",
    ID_CARD: "11010519491231002X",
    CREDIT_CODE: "91350100M000100Y43",
    BANK_CARD: "6200000000000005",
    EMAIL: "nobody@example.com",
}

Ask = Callable[[str, Asked], Answer]
Check = Callable[[str, Asked], CheckReport]


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that a replay says differently; `was` or `now` is "" where it was not said."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Replay:
    """An old answer or check beside the one of today.

    Attributes:
        number, kind, text, time: of the old record; the text is masked.
        asked: what it was asked with then and now.
        was, now: status of the answer, verdict of the check.
        added, removed: labels of provisions that only the one or the other cites.
        quotes: provisions of which other words are quoted, or whose validity has changed; of a check, findings.
        corpus_was, corpus_now: hashes of the corpus.
        masked: whether the text had personal data: then numbers that are nobody's were asked in their place.
    """

    number: int
    kind: RecordKind
    time: str
    text: str
    asked: Asked
    was: str
    now: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    quotes: tuple[Changed, ...]
    corpus_was: str
    corpus_now: str
    masked: bool

    @property
    def changed(self) -> bool:
        """Whether anything is said differently; another corpus that says the same is no change."""
        return self.was != self.now or bool(self.added or self.removed or self.quotes)


def replay(record: Record, ask: Ask, check: Check) -> Replay:
    """Return what has changed since a record was made.

    Raises:
        AuditError: its content has been deleted, or it is no answer and no check.
    """
    if record.redacted:
        raise AuditError(f"第 {record.number} 条的内容已删除，不能重放")
    if record.kind == RecordKind.ANSWER:
        asked = asked_of(record)
        new = answer_draft(ask(_with_stand_ins(record.text), asked))
        return _replay(record, asked, new, "status", _citations)
    if record.kind == RecordKind.CHECK:
        asked = asked_of(record)
        new = check_draft(check(_with_stand_ins(record.text), asked))
        return _replay(record, asked, new, "verdict", _findings)
    hint = f"；请重放它所指的第 {record.target} 条" if record.target else ""
    raise AuditError(f"第 {record.number} 条不是回答或核对{hint}")


def _with_stand_ins(text: str) -> str:
    for word, stand_in in _STAND_INS.items():
        text = text.replace(word, stand_in)
    return text


def asked_of(record: Record) -> Asked:
    """Return what the question of a record was asked with."""
    row = json.loads(record.asked)
    return Asked(
        as_of=date.fromisoformat(row["as_of"]) if row.get("as_of") else None,
        region=row.get("region", ""),
        role=Role(row["role"]) if row.get("role") else None,
        kinds=tuple(Kind(one) for one in row.get("kinds", ())),
        levels=tuple(Level(one) for one in row.get("levels", ())),
        all_versions=bool(row.get("all_versions", False)),
        history=tuple(_with_stand_ins(turn) for turn in record.payload.get("history", ())),
    )


def _replay(
    record: Record, asked: Asked, new: Draft, verdict: str, said: Callable[[Any], dict[tuple[str, str], str]]
) -> Replay:
    old_payload = record.payload
    was, now = said(old_payload), said(new.payload)
    common = [key for key in was if key in now]
    return Replay(
        number=record.number,
        kind=RecordKind(record.kind),
        time=record.time,
        text=record.text,
        asked=asked,
        was=str(old_payload[verdict]),
        now=str(new.payload[verdict]),
        added=tuple(label for _, label in now if (_, label) not in was),
        removed=tuple(label for _, label in was if (_, label) not in now),
        quotes=tuple(Changed(key[1], was[key], now[key]) for key in common if was[key] != now[key]),
        corpus_was=record.corpus,
        corpus_now=new.corpus,
        masked=any(word in record.text for word in _STAND_INS),
    )


def _citations(payload: Any) -> dict[tuple[str, str], str]:
    """Return what an answer quotes of each provision, and what that is worth."""
    said: dict[tuple[str, str], str] = {}
    for one in payload["citations"]:
        key = (one["provision"], f"《{one['document']}》{one['label']}")
        words = f"{one['quote']}（{one['validity']['state']}）"
        said[key] = f"{said[key]}\n{words}" if key in said else words
    return said


def _findings(payload: Any) -> dict[tuple[str, str], str]:
    """Return what a check says of each citation: of equal ones the first, second … are told apart."""
    said: dict[tuple[str, str], str] = {}
    for one in payload["findings"]:
        key = (f"{one['start']}-{one['end']}", one["text"])
        said[key] = f"{one['status']}：{one['detail']}"
    return said
