"""Words against words: whether a quote stands in a text to the letter, and how it differs where it does not.

Both sides are folded first (folding.py). Nothing here knows of documents, labels or indexes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio_alignment

from assistant.citing.comparable import Comparable, fold
from assistant.schema import Edit, EditKind

MIN_PIECE = 6  # characters of a spliced piece: shorter runs (应当按照规定) stand in every law
MAX_ENDS = 4  # texts that a quote's beginning, or its end, is looked for in, those with the longest piece
MAX_ALIGNED = 100  # characters; the exact search for the best window takes 0.2 ms there and 300 ms at 2,000
MAX_QUOTE = 20_000  # characters; of longer ones no difference is made, for its table would fill the memory
GRAM = 3  # characters that must agree in a row to show where a long quote comes from
MAX_SNAP = 24  # characters that a window's edge may move to reach the border of a clause
SNAP_WORTH = 0.08  # similarity given up for an edge at a border: a whole clause reads better than half a word
SOLID = 2  # characters in a row that show where the window begins and ends; single ones agree by chance

_CLOSING = "。；，、：．."
# Matches "……", "…", "...", "。。。", "⋯⋯" ; refuses "3.5", "。".
_ELLIPSIS = re.compile(r"[…⋯]+|\.{3,}|。{3,}|．{3,}")
_ITEM_MARKS = frozenset("、，；。")


@dataclass(frozen=True, slots=True)
class Difference:
    """A quote against the words of a text that come nearest.

    Attributes:
        edits: in order. SAME + ADDED joined are the folded quote without closing punctuation at its ends
            (`fold_quote`); SAME + DROPPED joined are the folded `expected`.
        similarity: in [0, 1], 1 for the same words: twice the characters in common by both lengths.
        expected: slice of the text: what the quote would have to be.
        start: where `expected` begins in the text.
    """

    edits: tuple[Edit, ...]
    similarity: float
    expected: str
    start: int


# Words without which a sentence says the opposite. Matches 不得 禁止 除外; refuses 不断.
_TURNS = re.compile(r"不得|禁止|严禁|不予|不能|不可|未经|除外|但是|不(?=[应要])|不适用|无权|无需")
_SAME_SENTENCE = re.compile(r"[^。；]*")


def fold_quote(quote: str) -> str:
    """Return a quote folded, without closing punctuation at its ends: 「……成本。」 and 「……成本，」 are one quote."""
    return fold(quote).strip(_CLOSING)


def _pieces(quote: str) -> list[str]:
    """The folded pieces between ellipses."""
    return [piece for piece in map(fold_quote, _ELLIPSIS.split(quote)) if piece]


def stands_in(quote: str, text: str) -> tuple[int, int] | None:
    """Return the span of `text` in which the quote stands to the letter, folded; None where it does not.

    Closing punctuation at the quote's ends is set aside. An ellipsis leaves words out: the pieces around it must all
    stand in the text, in their order. A quote without any words stands nowhere.

    >>> stands_in("降低…成本。", "采取措施降低企业用电成本，")
    (4, 12)
    """
    held = Comparable.of(text)
    whole = fold_quote(quote)
    if not whole:
        return None
    at = held.text.find(whole)
    if at >= 0:
        return held.span(at, at + len(whole))
    first, end = -1, 0
    for piece in _pieces(quote):
        at = held.text.find(piece, end)
        if at < 0:
            return None
        first, end = (at if first < 0 else first), at + len(piece)
    return held.span(first, end) if first >= 0 else None


def turned_by_omission(quote: str, text: str) -> str:
    """Return the word of `text` whose omission behind an ellipsis turns the sense of a quote; "" for none.

    >>> turned_by_omission("电网企业……拒绝并网", "电网企业不得拒绝并网。")
    '不得'
    """
    held = fold(text)
    if fold_quote(quote) in held:
        return ""
    before, end = "", 0
    for piece in _pieces(quote):
        at = held.find(piece, end)
        if at < 0:
            return ""
        # The same words may stand earlier, too: left out is what lies behind the last of them.
        gap = held[held.rfind(before, 0, at) + len(before) : at] if before else ""
        turned = _TURNS.search(gap)
        if turned is not None and _SAME_SENTENCE.fullmatch(gap):
            return turned[0]
        before, end = piece, at + len(piece)
    return ""


def difference(quote: str, text: str) -> Difference:
    """Compare a quote with the window of `text` that comes nearest to it.

    Where the quote's first or last words differ, the window goes to the border of the clause. Texts that share nothing
    give similarity 0 and an empty window; so does a quote of more than MAX_QUOTE characters.

    >>> [f"{edit.kind}:{edit.text}" for edit in difference("可以协调能源供应", "政府应当协调能源供应。").edits]
    ['added:可以', 'dropped:应当', 'same:协调能源供应']
    """
    held = Comparable.of(text)
    whole = fold_quote(quote)
    if len(whole) > MAX_QUOTE:
        return Difference(tuple(_changed(whole, "")), 0.0, "", 0)
    window = _window(_pieces(quote) if _ELLIPSIS.search(quote) else [whole], held.text)
    start, end = held.whole_characters(*_snapped(whole, held, window))
    nearest = held.text[start:end]
    first, last = held.span(start, end)
    return Difference(
        edits=_edits(whole, nearest),
        similarity=Indel.normalized_similarity(whole, nearest) if whole else 0.0,
        expected=text[first:last],
        start=first,
    )


class _Window(NamedTuple):
    """A folded span, and whether the quote differs from it at its first and at its last character."""

    start: int
    end: int
    opens_otherwise: bool
    closes_otherwise: bool


def _window(pieces: list[str], text: str) -> _Window:
    """The span nearest to a quote; of one with ellipses from the first piece to the last."""
    found = [window for piece in pieces if (window := _nearest(piece, text)) is not None]
    if not found:
        return _Window(0, 0, False, False)
    first, last = found[0], max(found, key=lambda window: window.end)
    return _Window(first.start, last.end, first.opens_otherwise, last.closes_otherwise)


def _nearest(piece: str, text: str) -> _Window | None:
    """The span of `text` that shares most with `piece`, as far as the runs they share and what differs beside them."""
    if not piece or not text:
        return None
    if len(piece) >= len(text):
        start, end = 0, len(text)
    elif len(piece) <= MAX_ALIGNED:
        found = partial_ratio_alignment(piece, text)
        assert found is not None  # only a score_cutoff makes it None
        start, end = found.dest_start, found.dest_end
    else:
        start = _densest(piece, text)
        end = start + len(piece)
    margin = MAX_SNAP
    start, end = max(0, start - margin), min(len(text), end + margin)
    runs = [op for op in Indel.opcodes(piece, text[start:end]) if op.tag == "equal"]
    solid = [op for op in runs if op.src_end - op.src_start >= min(SOLID, len(piece))]
    if not solid:
        return None
    # What differs at the quote's ends belongs to the window too, as many characters as it has.
    before = solid[0].src_start
    after = len(piece) - solid[-1].src_end
    return _Window(
        max(0, start + solid[0].dest_start - before),
        min(len(text), start + solid[-1].dest_end + after),
        before > 0,
        after > 0,
    )


def _densest(piece: str, text: str) -> int:
    """Where the stretch of the piece's length begins that has most of its grams; linear in both."""
    grams = {piece[at : at + GRAM] for at in range(len(piece) - GRAM + 1)}
    best = count = start = 0
    for at in range(len(text) - GRAM + 1):
        count += text[at : at + GRAM] in grams
        behind = at - len(piece)
        if behind >= 0:
            count -= text[behind : behind + GRAM] in grams
        if count > best:
            best, start = count, max(0, behind + 1)
    return start


def _snapped(quote: str, held: Comparable, window: _Window) -> tuple[int, int]:
    """The window with its edges at borders of clauses, where the quote differs there and it costs little similarity."""
    start, end = window.start, window.end
    if start >= end:
        return (start, end)
    starts = {start, *_borders_near(held, start)} if window.opens_otherwise else {start}
    ends = {end, *_borders_near(held, end)} if window.closes_otherwise else {end}
    text = held.text
    first, last = max(
        ((first, last) for first in starts for last in ends if first < last),
        key=lambda span: (
            Indel.normalized_similarity(quote, text[span[0] : span[1]].strip(_CLOSING))
            + SNAP_WORTH * (held.is_border(span[0]) + held.is_border(span[1])),
            -abs(span[0] - start) - abs(span[1] - end),
        ),
    )
    while last > first and text[last - 1] in _CLOSING:
        last -= 1
    while first < last and text[first] in _CLOSING:
        first += 1
    return first, last


def _borders_near(held: Comparable, place: int) -> list[int]:
    """The nearest borders of clauses before and after a folded place, at most MAX_SNAP away."""
    text, found = held.text, []
    for at in range(place, max(-1, place - MAX_SNAP - 1), -1):
        if held.is_border(at):
            found.append(at)
            break
    for at in range(place + 1, min(len(text), place + MAX_SNAP) + 1):
        if held.is_border(at):
            found.append(at)
            break
    return found


def _edits(quote: str, window: str) -> tuple[Edit, ...]:
    """The difference as runs; of a replacement what the quote has comes first."""
    edits: list[Edit] = []
    added = dropped = ""
    for op in Indel.opcodes(quote, window):
        if op.tag == "equal":
            same = quote[op.src_start : op.src_end]
            if edits and bool(added) != bool(dropped):
                moved = _readable(edits.pop().text, added or dropped)
                edits += [Edit(EditKind.SAME, moved[0])] if moved[0] else []
                added, dropped, same = moved[1] if added else "", moved[1] if dropped else "", moved[2] + same
            edits += [*_changed(added, dropped), Edit(EditKind.SAME, same)]
            added = dropped = ""
        else:
            added += quote[op.src_start : op.src_end]
            dropped += window[op.dest_start : op.dest_end]
    return (*edits, *_changed(added, dropped))


def _readable(before: str, run: str) -> tuple[str, str, str]:
    """A run that only one side has, moved left to where a word begins: 用电[、用水]、用气, not 用电、用[水、用]气.

    Returns what stays before it, the run, and what goes behind it; joined they are the same text.
    """
    for step in range(1, min(len(before), len(run)) + 1):
        if before[-step] != run[-step]:
            break
        if before[-step] in _ITEM_MARKS:
            return before[:-step], before[-step:] + run[:-step], run[-step:]
    return before, run, ""


def _changed(added: str, dropped: str) -> list[Edit]:
    pairs = ((EditKind.ADDED, added), (EditKind.DROPPED, dropped))
    return [Edit(kind, text) for kind, text in pairs if text]


def spliced(quote: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of the texts whose words a quote was put together from, in the quote's order; () for none.

    Two different texts, or three where two do not do, must give the whole quote in pieces of MIN_PIECE characters or
    more; punctuation at a joint is nobody's. A quote that stands in one text as a whole is not spliced.

    >>> spliced("应当协调能源供应，支持设立基金", {"a30": "应当协调能源供应。", "a29": "支持设立基金的"})
    ('a30', 'a29')
    """
    whole = "".join(_pieces(quote))
    if len(whole) < 2 * MIN_PIECE:
        return ()
    head, tail = whole[:MIN_PIECE], whole[-MIN_PIECE:]
    folded = {key: fold(text) for key, text in texts.items()}
    if any(whole in text for text in folded.values()):
        return ()
    heads = {key: _longest_head(whole, text) for key, text in folded.items() if head in text}
    tails = {key: _longest_tail(whole, text) for key, text in folded.items() if tail in text}
    ends = sorted(
        ((first, last) for first in _longest(heads) for last in _longest(tails) if first != last),
        key=lambda pair: -(heads[pair[0]] + tails[pair[1]]),
    )
    for first, last in ends:
        if not whole[heads[first] : len(whole) - tails[last]].strip(_CLOSING):
            return (first, last)
    return next(iter(_in_three(whole, ends, heads, tails, folded)), ())


def _longest(lengths: Mapping[str, int]) -> list[str]:
    """The keys with the longest pieces, a few: 应当按照规定 begins in hundreds of articles."""
    return sorted(lengths, key=lambda key: -lengths[key])[:MAX_ENDS]


def _in_three(
    whole: str,
    ends: list[tuple[str, str]],
    heads: Mapping[str, int],
    tails: Mapping[str, int],
    folded: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """The first way to fill what head and tail leave with words of a third text."""
    for first, last in ends:
        middle = whole[heads[first] : len(whole) - tails[last]].strip(_CLOSING)
        if len(middle) < MIN_PIECE:
            continue
        for key, text in folded.items():
            if key not in (first, last) and middle in text:
                return [(first, key, last)]
    return []


def _longest_head(whole: str, text: str) -> int:
    """How many characters of the beginning stand in a text; by halving, for a part of what stands there does too."""
    low, high = MIN_PIECE, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if whole[:middle] in text else (low, middle - 1)
    return low


def _longest_tail(whole: str, text: str) -> int:
    """How many characters of the end stand in a text."""
    low, high = MIN_PIECE, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if whole[-middle:] in text else (low, middle - 1)
    return low
