"""What an extractive answer is made of: typed segments, each of which can be read again where it comes from.

An answer without a language model contains no other character (design §6): `assistant.answering.rebuild` reads every
segment again, and a test compares the two texts byte for byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class SegmentKind(StrEnum):
    """Where the characters of a segment come from."""

    TEMPLATE = "template"  # a piece of a sentence of ours, by its id in data/templates.toml
    QUOTE = "quote"  # a slice of a document
    NAME = "name"  # a title, label, date or place of the index, the number of a mark
    ECHO = "echo"  # a slice of what the asker wrote


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters of one origin.

    Attributes:
        text: the characters, as they are shown.
        source: TEMPLATE: "id#piece". QUOTE: the document's id. NAME: "title:ID", "label:PROVISION", "day:2025-03-01",
            "place:440000", "key:1" and the like. ECHO: "" for the question, "h0" for the first earlier turn.
        start, end: span in the document (QUOTE), in the question or turn (ECHO), else 0.
        spoken: its numbers are written as they are said (2025年 → 二〇二五年); `text` is what became of the slice.
    """

    kind: SegmentKind
    text: str
    source: str = ""
    start: int = 0
    end: int = 0
    spoken: bool = False


Words = tuple[Segment, ...]


def text_of(words: Iterable[Segment]) -> str:
    """Return the characters of some segments."""
    return "".join(segment.text for segment in words)
