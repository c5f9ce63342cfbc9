"""Answers: what is shown, recorded and drafted from.

Answer (Statement, Citation, Notice, Remark, Condition, AnswerPart, Carried, Generation, Responsible)
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.schema.documents import Force
from assistant.schema.validity import Validity
from assistant.schema.words import Words


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
    """One sentence of an answer and the citations it stands on; `words` are empty where a language model wrote it."""

    text: str
    citations: tuple[int, ...]
    verified: bool
    words: Words = ()


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
    words: Words = ()


class Status(StrEnum):
    """How much of the question has a ground."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a quoted rule is worth, in plain words: whose duty, guidance or regulation, what follows and what does not.

    It stands in every answer and warns of nothing; what changes the answer is a `Notice`.
    """

    citations: tuple[int, ...]
    text: str
    words: Words = ()


@dataclass(frozen=True, slots=True)
class Responsible:
    """A public body that a provision makes responsible. Invariant: document.text[start:end] == body.

    Attributes:
        body: its name as the provision writes it.
        provision, label: where it stands.
        key: of the citation that quotes it; 0 for whom the document charges with its matter, where no quote names one.
        text: the name and where it stands: 县级以上人民政府及有关部门（《…条例》第三十条）.
    """

    body: str
    provision: str
    label: str
    start: int
    end: int
    key: int
    text: str
    words: Words = ()


class ConditionState(StrEnum):
    """What the asker said of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a quoted provision beside what the asker said of it.

    Attributes:
        key: of the citation it stands in.
        text: the words of the provision; document.text[start:end] == text.
        said: the words of the question that decide it, "" where it says nothing.
        said_start, said_end: their span in the question, or in the earlier turn.
        said_turn: "h0" where the first earlier turn said it, "" for the question.
    """

    key: int
    text: str
    start: int
    end: int
    state: ConditionState
    said: str = ""
    said_start: int = 0
    said_end: int = 0
    said_turn: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One of the questions in a question and what became of it; `start` and `end` are its span in the question."""

    text: str
    start: int
    end: int
    status: Status
    citations: tuple[int, ...]
    missing: tuple[str, ...]


class CarriedKind(StrEnum):
    """What a follow-up keeps of the dialogue."""

    DOCUMENT = "document"
    PROVISION = "provision"
    PLACE = "place"
    DATE = "date"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Carried:
    """Something an earlier turn said that this question was read with; `text` shows it to the asker."""

    kind: CarriedKind
    text: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What became of the sentences that a language model wrote; those that were not verified are withheld.

    Attributes:
        written: sentences it wrote.
        checked: of these, how many named a provision and said enough to be compared with it.
        verified: of these, how many stood the comparison.
    """

    written: int
    checked: int
    verified: int

    @property
    def coverage(self) -> float:
        """Share of the sentences that could be checked, 0 for none."""
        return self.checked / self.written if self.written else 0.0

    @property
    def pass_rate(self) -> float:
        """Share of the checked ones that stood, 0 for none."""
        return self.verified / self.checked if self.checked else 0.0

    @property
    def withheld(self) -> int:
        """How many are not shown."""
        return self.written - self.verified


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
        segments: what `answer` is made of; empty where a language model wrote it.
        spoken_words: what `spoken` is made of; `missing_words` what each entry of `missing` is.
        remarks: what the quoted rules are worth.
        conditions: the conditions of the quoted provisions, beside what the asker said.
        parts: the questions in the question, in its order; empty for a single one.
        carried: what was kept of earlier turns of the dialogue.
        generation: what became of a language model's sentences; None where none was asked.
        sent_to: the host that the question went to, masked; "" where it stayed on this machine.
        responsible: the public bodies that the provisions name; for the page, the spoken version and the desk.
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
    segments: Words = ()
    spoken_words: Words = ()
    missing_words: tuple[Words, ...] = ()
    remarks: tuple[Remark, ...] = ()
    conditions: tuple[Condition, ...] = ()
    parts: tuple[AnswerPart, ...] = ()
    carried: tuple[Carried, ...] = ()
    generation: Generation | None = None
    sent_to: str = ""
    responsible: tuple[Responsible, ...] = ()
