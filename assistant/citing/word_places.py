"""Where in the XML of a Word file a span of its normalised text stands.

The normalised text has list numbers that the XML does not spell out and lacks white space that it has. So a block of
the text (what one paragraph or table row became) and the letters of its paragraphs are compared without white space;
where they agree from their end, which is the rule, every character has its place. Where they do not, the words are
looked for in the paragraphs of the block, and failing that the block as a whole is the place.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from assistant.reading.normalise import DROPPED
from assistant.reading.ooxml import name
from assistant.reading.word import WordTrace
from assistant.schema import SourcePoint

CONTEXT = 40  # letters on either side that tell one place from another
MAX_SEARCHED = 20_000  # letters of a block that words are looked for in; a paragraph of law has some hundreds


class Letter(NamedTuple):
    """A character of the XML: the element it was taken from, where in that, and the run to anchor a comment at."""

    node: etree._Element
    offset: int
    run: etree._Element


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands.

    Attributes:
        first, last: its first and last character.
        exact: whether it is the span itself; else what contains it: a paragraph, a drawing, the mark of a note.
    """

    first: Letter
    last: Letter
    exact: bool


class _Piece(NamedTuple):
    """Letters of a block that were taken from one element; without a run where nothing can be anchored (a formula)."""

    start: int
    end: int
    node: etree._Element
    run: etree._Element | None


@dataclass(slots=True)
class _Block:
    """The text of one block without white space, and the letters of its paragraphs.

    Attributes:
        text: what the normalised text has; `positions` says where.
        written: what the XML has; `pieces` and `offsets` (into the piece's element) say where.
    """

    text: str
    positions: "array[int]"
    written: str
    offsets: "array[int]"
    pieces: list[_Piece]

    def letters(self, low: int, high: int) -> tuple[Letter, Letter] | None:
        """Return the first and the last of these letters that have a run."""
        found = [piece for piece in self._between(low, high) if piece.run is not None]
        if not found:
            return None
        return self._letter(max(low, found[0].start), found[0]), self._letter(min(high, found[-1].end) - 1, found[-1])

    def _between(self, low: int, high: int) -> Iterator[_Piece]:
        for piece in self.pieces[bisect_right(self.pieces, low, key=lambda piece: piece.end) :]:
            if piece.start >= high:
                return
            yield piece

    def _letter(self, index: int, piece: _Piece) -> Letter:
        assert piece.run is not None
        return Letter(piece.node, self.offsets[index], piece.run)


@dataclass(slots=True)
class Places:
    """Finds spans of the normalised text of a Word file in its XML.

    Attributes:
        text: the normalised text.
        points: its source map.
        trace: where the file's text stands.
    """

    text: str
    points: Sequence[SourcePoint]
    trace: WordTrace
    _numbers: list[int] = field(init=False)
    _blocks: dict[int, _Block] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = sorted(self.trace.pieces)

    def part(self, position: int) -> str:
        """Return which part of the file a position stands in: "body", "footnote", "endnote", "textbox"."""
        return self.points[self._index(position)].part

    def place(self, start: int, end: int) -> Place | None:
        """Return where a span stands, None where it holds no letter, or nothing there can carry a comment."""
        start = next(_letters(self.text, start, end), end)
        if start == end:
            return None
        end -= next(back for back in range(end - start) if _is_letter(self.text[end - 1 - back]))
        first, last = self._index(start), self._index(end - 1)
        while self.points[last].part != self.points[first].part:  # what follows the body stands elsewhere in the file
            last -= 1
        begin, end_ = self._letters(first, start, end), self._letters(last, start, end)
        exact = begin is not None and end_ is not None
        begin, end_ = begin or self._whole(first), end_ or self._whole(last)
        if begin is None or end_ is None:
            begin = end_ = begin or end_
        if begin is None or end_ is None:
            return None
        direct = all(one.node.getparent() is one.run for one in (begin[0], end_[1]))
        return Place(begin[0], end_[1], exact and direct)

    def _index(self, position: int) -> int:
        return bisect_right(self.points, position, key=lambda point: point.start) - 1

    def _letters(self, index: int, start: int, end: int) -> tuple[Letter, Letter] | None:
        block = self._block(index)
        low, high = bisect_left(block.positions, start), bisect_left(block.positions, end)
        before = len(block.text) - len(block.written)  # letters of the list number
        if block.text.endswith(block.written):
            return block.letters(max(low - before, 0), max(high - before, 0))
        at = _nearest(block, low, high)
        return None if at is None else block.letters(at, at + high - low)

    def _whole(self, index: int) -> tuple[Letter, Letter] | None:
        block = self._block(index)
        return block.letters(0, len(block.written))

    def _block(self, index: int) -> _Block:
        if index not in self._blocks:
            self._blocks[index] = self._read(index)
        return self._blocks[index]

    def _read(self, index: int) -> _Block:
        point = self.points[index]
        following = self.points[index + 1] if index + 1 < len(self.points) else None
        positions = array("I", _letters(self.text, point.start, following.start if following else len(self.text)))
        # A table row is several paragraphs, known by the first of them; the next block begins where it ends.
        low = bisect_left(self._numbers, point.paragraph or 0)
        high = bisect_left(self._numbers, following.paragraph or 0) if following else len(self._numbers)
        written: list[str] = []
        offsets = array("I")
        pieces: list[_Piece] = []
        for number in self._numbers[low:high]:
            note = self.trace.notes.get(number)
            for text, node in self.trace.pieces[number]:
                begin = len(offsets)
                offsets.extend(_letters(text, 0, len(text)))
                written += [text[offset] for offset in offsets[begin:]]
                run = _outermost_run(node if note is None else self.trace.marks.get(note))
                if begin < len(offsets):
                    pieces.append(_Piece(begin, len(offsets), node, run))
        return _Block("".join(self.text[one] for one in positions), positions, "".join(written), offsets, pieces)


def _letters(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the positions of what is neither white space nor what normalising drops."""
    return (at for at in range(start, end) if _is_letter(text[at]))


def _is_letter(char: str) -> bool:
    return not char.isspace() and not DROPPED.match(char)


def _nearest(block: _Block, low: int, high: int) -> int | None:
    """Return where the words of a span begin in what is written, judged by what stands around them."""
    words = block.text[low:high]
    if not words or len(block.written) > MAX_SEARCHED:
        return None
    before, after = block.text[max(low - CONTEXT, 0) : low][::-1], block.text[high : high + CONTEXT]
    best, best_agree = None, -1
    at = block.written.find(words)
    while at >= 0:
        end = at + len(words)
        agree = _agree(before, block.written[max(at - CONTEXT, 0) : at][::-1])
        agree += _agree(after, block.written[end : end + CONTEXT])
        if agree > best_agree:
            best, best_agree = at, agree
        at = block.written.find(words, at + 1)
    return best


def _agree(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _outermost_run(node: etree._Element | None) -> etree._Element | None:
    """Return the run of the body that holds an element; of one in a text box, the run that holds the drawing."""
    found = None
    while node is not None:
        if name(node) == "r":
            found = node
        node = node.getparent()
    return found
