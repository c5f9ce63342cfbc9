"""Questions, hits and answers.

Query → Hit → Answer (Statement, Citation, Notice)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.schema.documents import Force, Provision, Sentence


class Role(StrEnum):
    """Who asks."""

    ENTERPRISE = "enterprise"
    STAFF = "staff"
    HOTLINE = "hotline"


@dataclass(frozen=True, slots=True)
class Reference:
    """A provision named in a question: 条例第二十九条第二款.

    Attributes:
        paths: what the name can mean inside a document, the likelier first: ("a8", "n8") for 第八条意见.
        doc_ids: held documents the name before it can mean; empty when none was named.
        unheld: the name of a document that is named and not held, "" otherwise.
        start, end: span in the question, without the document's name.
    """

    text: str
    start: int
    end: int
    paths: tuple[str, ...]
    doc_ids: tuple[str, ...] = ()
    unheld: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    Attributes:
        text: the question as asked.
        search_text: what is searched: the question without document names and courtesies.
        terms: terms of art that its everyday words stand for (电费 → 用电成本), searched for beside it.
        references: provisions named in it, in order.
        doc_ids: held documents named in it, by title, alias or short form.
        unheld: documents named in it that are not held, as named.
        as_of: the date that validity is judged on.
        region: administrative-division code, or "" when not said.
    """

    text: str
    search_text: str
    as_of: date
    terms: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    doc_ids: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()
    region: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved unit.

    Attributes:
        provision: the unit (article, part) that was found.
        score: fused score, higher is better; comparable within one query only.
        rank: 1-based.
        signals: each retriever's own score ("article", "sentence", "lexical", "lookup").
        sentences: its sentences with their score (cosine plus shared words), in the order of the text.
    """

    provision: Provision
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[tuple[Sentence, float], ...] = ()


class ValidityState(StrEnum):
    """Whether a document is in force on a date."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    REPEALED = "repealed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Validity:
    """State of a document on a date.

    `since` is its first day in force, `until` its last; of a repealed document the first day it no longer is.
    None where unknown.
    """

    state: ValidityState
    since: date | None
    until: date | None
    as_of: date


@dataclass(frozen=True, slots=True)
class Citation:
    """依据: a provision and the exact words quoted from it. Invariant: document.text[start:end] == quote."""

    key: int
    provision: str
    document: str
    label: str
    quote: str
    start: int
    end: int
    force: tuple[Force, ...]
    jurisdiction: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the citations it stands on."""

    text: str
    citations: tuple[int, ...]
    verified: bool


class NoticeKind(StrEnum):
    """Why an answer needs a word of warning."""

    JURISDICTION = "jurisdiction"
    TIME = "time"
    FORCE = "force"
    PREMISE = "premise"
    INSTRUCTION = "instruction"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of warning that changes the answer."""

    kind: NoticeKind
    text: str


class Status(StrEnum):
    """How much of the question has a ground."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown, recorded and drafted from; `assistant.answering.wire` renders the JSON contract.

    Attributes:
        answer: Markdown with [1] marks; text from documents is escaped.
        missing: facts or parts of the question that have no ground, in the asker's words.
        nearest: provision ids to look at when nothing speaks to the question.
        searched: number of documents searched.
        engine: "extractive" or "llm:NAME".
        corpus: "sha256:…" of the live corpus.
        seconds: time taken.
    """

    question: str
    status: Status
    answer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    nearest: tuple[str, ...]
    notices: tuple[Notice, ...]
    spoken: str
    searched: int
    engine: str
    corpus: str
    seconds: float
