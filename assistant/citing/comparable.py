"""Texts as they are compared: white space, quotation marks and what nobody sees set aside, full and half width one."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_REMEMBERED = 64  # texts whose folded form is kept: several quotes and claims are compared with one provision

_QUOTATION_MARKS = frozenset("“”‘’\"'「」『』﹃﹄﹁﹂〝〞〟„‟‚‛«»‹›`´＂＇")
_WIDE = str.maketrans(",;:!?()", "，；：！？（）")
_SAME_GLYPH = {"○": "〇", "◯": "〇", "⋯": "…", "︰": "："}
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

CLAUSE_MARKS = frozenset("。；，：！？")
SENTENCE_MARKS = frozenset("。；！？")


class _Folds(dict[int, str]):
    """What each character is compared as; "" for what is set aside. Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    wide = unicodedata.normalize("NFKC", _SAME_GLYPH.get(character, character)).translate(_WIDE)
    return "".join(
        one
        for one in wide
        if one not in _QUOTATION_MARKS
        and unicodedata.category(one) not in _UNSEEN
        and not "\ufe00" <= one <= "\ufe0f"  # variation selectors
    )


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Return `text` as it is compared: no white space or quotation marks, one width, Chinese punctuation.

    >>> fold("减免 １０％的“费用”, 不得收取")
    '减免10%的费用，不得收取'
    """
    return text.translate(_FOLDS)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A text folded for comparison, with the way back.

    Invariant: text[i] comes from original[places[i]]; `places` never descends.

    Attributes:
        original: as given.
        text: folded.
        places: for each folded character the code point of `original` it comes from.
    """

    original: str
    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Comparable":
        """Fold a text.

        >>> Comparable.of("（一） 甲").places
        (0, 1, 2, 4)
        """
        return _comparable(text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of `original` that folded [start, end) comes from; (0, 0) where that is empty."""
        if start >= end:
            return (0, 0)
        return self.places[start], self.places[end - 1] + 1

    def whole_characters(self, start: int, end: int) -> tuple[int, int]:
        """Return a folded span widened to all that its first and last character are folded to: ㈠ is （一）."""
        while 0 < start < end and self.places[start - 1] == self.places[start]:
            start -= 1
        while start < end < len(self.text) and self.places[end] == self.places[end - 1]:
            end += 1
        return start, end

    def is_border(self, at: int, marks: frozenset[str] = CLAUSE_MARKS) -> bool:
        """Whether a clause may begin or end at folded `at`: beside one of the marks, where a line ends, at the ends."""
        if not 0 < at < len(self.text) or self.text[at - 1] in marks or self.text[at] in marks:
            return True
        between = self.original[self.places[at - 1] + 1 : self.places[at]]
        return len(between.splitlines()) > 1 or between.endswith("\n")


@lru_cache(maxsize=MAX_REMEMBERED)
def _comparable(text: str) -> Comparable:
    places = tuple(place for place, character in enumerate(text) for _ in _FOLDS[ord(character)])
    return Comparable(text, fold(text), places)
