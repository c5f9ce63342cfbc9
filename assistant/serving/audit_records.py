"""What a record is, and the hashes that chain it to the one before.

    Draft → Record (number, time, previous) → the next Record

A record's content (the text and what was said to it, masked) has a hash of its own. The record's hash covers that hash
and everything else, the previous record's hash included. So a content can be deleted and the chain still be checked.
Canonical JSON: keys sorted, no white space, UTF-8.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType

RecordId = NewType("RecordId", int)  # the record's number, from 1

DELETED = "〔已删除〕"  # stands where a content was
FIRST_PREVIOUS = "0" * 64
_SURROGATES = re.compile("[\ud800-\udfff]")  # half of a pair has no UTF-8; matches \ud800, refuses 𠀀


class RecordKind(StrEnum):
    """What a record is of."""

    ANSWER = "answer"
    CHECK = "check"
    EDIT = "edit"  # an operator's wording of an answer or check; `target` is its number
    REDACTION = "redaction"  # a content was deleted; `target` is its number, the text is the reason


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded, masked.

    Attributes:
        text: the question, the checked text, an edit's new wording or a redaction's reason.
        payload: what was said to it, plain JSON values.
        target: number of the record that this one is about, 0 for none.
        asked: what the question was asked with: as_of, region, role, kinds, levels, all_versions.
        provisions: what was cited, each with its version: provision, document, label, from, to, state, as_of.
    """

    kind: RecordKind
    text: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    target: int = 0
    operator: str = ""
    engine: str = ""
    corpus: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    provisions: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the record, as it is stored.

    Attributes:
        number: from 1, without a gap.
        time: when it was appended, UTC: 2026-11-22T08:30:00.000+00:00.
        asked, provisions, content: canonical JSON; the content is DELETED once it has been redacted.
        content_hash: sha256 of the content, also of one that has been deleted.
        previous: hash of the record before; 64 zeros for the first.
        hash: sha256 of all the others but the content itself.
    """

    number: int
    time: str
    kind: str
    target: int
    operator: str
    engine: str
    corpus: str
    asked: str
    provisions: str
    content: str
    content_hash: str
    previous: str
    hash: str

    @property
    def redacted(self) -> bool:
        """Whether its content has been deleted."""
        return self.content == DELETED

    @property
    def text(self) -> str:
        """The question, the checked text, the wording or the reason; DELETED where it is gone."""
        return DELETED if self.redacted else str(json.loads(self.content)["text"])

    @property
    def payload(self) -> dict[str, Any]:
        """What was said to it; empty where it is gone."""
        return {} if self.redacted else dict(json.loads(self.content)["payload"])


def canonical(value: Any) -> str:
    """Return plain JSON values as canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _SURROGATES.sub("\ufffd", text)


def content_of(draft: Draft) -> str:
    """Return a draft's content as canonical JSON.

    A salt goes with it: from the hash that stays after a deletion nobody can tell whether a guess at the text is right.
    """
    return canonical({"text": draft.text, "payload": draft.payload, "salt": secrets.token_hex(16)})


def digest(text: str) -> str:
    """Return the sha256 of a text's UTF-8, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def record_hash(
    *,
    number: int,
    time: str,
    kind: str,
    target: int,
    operator: str,
    engine: str,
    corpus: str,
    asked: str,
    provisions: str,
    content_hash: str,
    previous: str,
) -> str:
    """Return the hash of a record with these values."""
    values = (previous, number, time, kind, content_hash, target, operator, engine, corpus, asked, provisions)
    return digest(canonical(values))


def chained(draft: Draft, number: int, time: str, previous: str) -> Record:
    """Return the record that follows the one whose hash is `previous`."""
    content = content_of(draft)
    values: dict[str, Any] = {
        "number": number,
        "time": time,
        "kind": str(draft.kind),
        "target": draft.target,
        "operator": _SURROGATES.sub("\ufffd", draft.operator),
        "engine": draft.engine,
        "corpus": draft.corpus,
        "asked": canonical(draft.asked),
        "provisions": canonical(draft.provisions),
        "content_hash": digest(content),
        "previous": previous,
    }
    return Record(**values, content=content, hash=record_hash(**values))
