"""What a text claims with one citation, as it is written, and a text with its citations."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """How the words that are ascribed to a provision stand in the text."""

    BARE = "bare"  # no words
    QUOTE = "quote"  # in quotation marks, or as a block
    VERBATIM = "verbatim"  # the provision's words without marks
    PARAPHRASE = "paraphrase"  # nearly its words, without marks


@dataclass(frozen=True, slots=True)
class Claim:
    """One citation as it is written.

    Attributes:
        title: as written, without the outer marks; the full title where the text uses a short form or 该条例 for it.
        path: what is written behind it, as a path of ids: "a10.p2.i3"; "a10.i3" where the paragraph is left out.
        year: of a version, where the text names one.
        words: ascribed to it, as written, without the outer marks; "" for none.
    """

    title: str
    path: str
    mode: Mode
    words: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a claim stands in a text: half-open ranges of code points.

    Attributes:
        start, end: of the citation with its title; `label` is where 第…条 begins in it.
        words_start, words_end: of the words; 0, 0 without any.
        corrupted: whether this is the one that was corrupted.
    """

    claim: Claim
    start: int
    label: int
    end: int
    words_start: int = 0
    words_end: int = 0
    corrupted: bool = False

    def moved(self, by: int) -> "Mark":
        """Return the mark in a text that has `by` more characters in front."""
        words = (self.words_start + by, self.words_end + by) if self.words_end else (0, 0)
        return replace(
            self,
            start=self.start + by,
            label=self.label + by,
            end=self.end + by,
            words_start=words[0],
            words_end=words[1],
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A text, its citations, and how it was made.

    Attributes:
        id: "number:17", the kind and the draw; the same draw gives the same case.
        style: how it is written, for counting: carrier, title, label, mode, place of the quote.
        source: id of the provision that the corrupted citation was taken from.
        truth: the claim before it was corrupted; None in a true text.
    """

    id: str
    kind: str
    text: str
    as_of: date
    marks: tuple[Mark, ...]
    style: tuple[tuple[str, str], ...] = ()
    source: str = ""
    truth: Claim | None = None

    @property
    def target(self) -> Mark:
        """The corrupted citation; the first one of a true text."""
        return next((mark for mark in self.marks if mark.corrupted), self.marks[0])
