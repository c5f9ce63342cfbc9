"""Questions and what a search finds for them.

Query (Reference, Part) → Found (Hit)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import overload

from assistant.schema.documents import Kind, Level, Provision, Sentence
from assistant.schema.scope import LeftOut, Place, Scope, Versions


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
class Part:
    """One of the questions in a question, or the only one.

    Attributes:
        search_text: what is searched for it.
        terms: terms of art that its everyday words stand for.
        beside: another text that speaks for it with the same weight: what a long story asks, or what a part of a
            question was taken from. "" for none.
    """

    search_text: str
    terms: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of characters of a completed question.

    Attributes:
        turn: "" for the question itself, "h0" for the first earlier turn, "joint" for the comma between two slices.
        start, end: span in that turn; 0 for a joint.
    """

    text: str
    turn: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    A follow-up (那搬到江西呢) is completed from the earlier turns of its dialogue; the spans of its references and
    places are those of the completed question, and so is all that is searched.

    Attributes:
        text: the question as asked.
        search_text: what is searched: the question without document names and courtesies.
        focus: the clauses of a long story that ask or bear its topic; searched beside it. "" for a short question.
        terms: terms of art that its everyday words stand for (电费 → 用电成本), searched for beside it.
        general: such terms of matters that the founding documents do not speak of; searched for, and no sign that the
            documents speak to the question.
        references: provisions named in it, in order.
        doc_ids: held documents named in it, by title, alias or short form.
        unheld: documents named in it that are not held, as named.
        as_of: the date that validity is judged on.
        event: the day by which what the question tells had happened, said surely (我2024年10月就搬完了), also where it
            asks about a document's own validity; None where it tells none.
        region: administrative-division code of the asker, or "" when not said.
        regions: codes that a document must apply to one of: the asker's, and those of the places named; empty for all.
        places: places named in it that the matter is about, in order.
        kinds, levels: of the documents to search; empty for all.
        versions, years: which versions of a Work are asked for.
        parts: the questions in it, where it asks several; searched one by one. Empty for a single question.
        named_at: spans of the names of documents in it.
        dated: whether the asker chose or said the date; False where it is judged as of today for want of one.
        asked: the completed question, made of slices of the turns; "" for a question that stands by itself. What is
            asked for, what the asker said of conditions and what is missing is read from `asked_text`.
        slices: what `asked` is made of, in order.
        topic: units that answered the question that this one goes on from, best first; they count a little more.
    """

    text: str
    search_text: str
    as_of: date
    terms: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    focus: str = ""
    references: tuple[Reference, ...] = ()
    doc_ids: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()
    region: str = ""
    regions: tuple[str, ...] = ()
    role: Role | None = None
    places: tuple[Place, ...] = ()
    kinds: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    versions: Versions = Versions.IN_FORCE
    years: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    event: date | None = None
    named_at: tuple[tuple[int, int], ...] = ()
    dated: bool = False
    asked: str = ""
    slices: tuple[Slice, ...] = ()
    topic: tuple[str, ...] = ()

    @property
    def asked_text(self) -> str:
        """The question as it is to be read: completed from earlier turns where it follows up, else as asked."""
        return self.asked or self.text

    @property
    def scope(self) -> Scope:
        """What may be searched for it."""
        return Scope(self.as_of, self.regions, self.kinds, self.levels, self.doc_ids, self.versions, self.years)


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved unit.

    Attributes:
        provision: the unit (article, part) that was found.
        score: fused score, higher is better; comparable within one part of one query only.
        rank: 1-based.
        signals: what each retriever adds to the score ("article", "sentence", "lexical", "terms", "asked", "place");
            where a reranker read it, "rerank" is what that said, on its own scale: mixed into the score, not added.
        sentences: its sentences with their score (cosine plus shared words), in the order of the text.
        smallest: the smallest provision that answers: the paragraph or item of its best sentence; the unit itself
            where it has no smaller one.
        part: which of the query's parts found it, counted from 0.
    """

    provision: Provision
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[tuple[Sentence, float], ...] = ()
    smallest: Provision | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class Found(Sequence[Hit]):
    """What a search found: a sequence of its hits, best first, that also says what the scope left out.

    Attributes:
        left_out: what would have been among the first hits, were it not outside the scope, best first.
        regions: codes of the places that were asked for; empty for all.
        searched: number of documents in the scope.
        excluded: number of documents outside it (those not named, where the question names documents, do not count).
    """

    hits: tuple[Hit, ...]
    left_out: tuple[LeftOut, ...] = ()
    regions: tuple[str, ...] = ()
    searched: int = 0
    excluded: int = 0

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)
