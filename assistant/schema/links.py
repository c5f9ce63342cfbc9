"""引用: what a provision cites, as it is written and as it resolves among the documents held."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """One provision or document that is named in a document's text, before anything is looked up.

    A range gives one link for each article, all with the span of the range.

    Attributes:
        source: id of the smallest provision the words stand in.
        unit: id of the unit of retrieval they stand in.
        start, end: span in `Document.text`; `text` is what stands there, book-title marks and all.
        title: name of the other document as it is written, without marks; "" where the document cites itself.
        path: "a10.p2", in the grammar of ids; "" for the other document as a whole, or where 前款 has none before it.
        onward: a range goes on behind this article, so what was inserted behind it (之一) is cited too.
    """

    source: str
    unit: str
    start: int
    end: int
    text: str
    title: str
    path: str
    onward: bool = False


class LinkState(StrEnum):
    """Where a link leads."""

    HELD = "held"  # to provisions or a document in the library
    NOT_HELD = "not_held"  # 未收录: no document of this name is held
    NO_SUCH = "no_such"  # the document is held and has no such provision
    AMBIGUOUS = "ambiguous"  # several documents or versions could be meant; nobody guesses


@dataclass(frozen=True, slots=True)
class Target:
    """A held provision or document that a link leads to, or may lead to.

    Attributes:
        id: of the provision, or of the document for a document as a whole.
        title, label: how it is named; `label` is "" for a document as a whole.
    """

    id: str
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """引用: one place that cites something, and what it cites.

    Attributes:
        source: id of the provision it stands in.
        start, end, text: the words, `document.text[start:end] == text`.
        title: name of the other document as written, "" within one document.
        state: see `LinkState`.
        targets: what is cited, in the order of the text; the candidates where `state` is AMBIGUOUS; else empty.
        exact: False where a paragraph or item that is named was not found, and `targets` holds what contains it.
    """

    source: str
    start: int
    end: int
    text: str
    title: str
    state: LinkState
    targets: tuple[Target, ...] = ()
    exact: bool = True


@dataclass(frozen=True, slots=True)
class CitedBy:
    """被引用: one provision that cites the one asked about.

    Attributes:
        source: the citing provision; its document and label.
        text: the words that cite, as they stand there.
    """

    source: Target
    text: str


@dataclass(frozen=True, slots=True)
class Links:
    """引用 and 被引用 of one provision or document; each in the order of documents and text."""

    cites: tuple[Cite, ...] = ()
    cited_by: tuple[CitedBy, ...] = ()
