"""Sentences of Chinese legal text, as ranges into it."""

import re
from collections import Counter

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")

# Marks that end a sentence (several in a row belong together), or a bracket or quotation mark.
# Matches 。 in "应当公开。" and ？！ in "可以吗？！"; refuses ， and the …… of "等……".
_TOKEN = re.compile(r"[。；！？]+|(?<=[^\x00-\x7f])[;!?]+|[“”‘’\"「」『』（）()《》〈〉【】〔〕［］\[\]]")

_CLOSER_OF = dict(zip("“‘「『（(《〈【〔［[", "”’」』）)》〉】〕］]", strict=True))
_CLOSERS = frozenset(_CLOSER_OF.values())
_QUOTE_CLOSERS = frozenset('”’」』"')
_FULL_STOPS = frozenset("。！？")
# What may follow a closing quote when the sentence around it goes on: “……。”的，；……
_GOES_ON = frozenset("，、。；：！？,;:!?的等和与或及”’」』）)》〉】〕］]")

_INK = re.compile(r"\S")  # matches: 甲; refuses: U+3000


def split_sentences(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Half-open ranges of the sentences in `text`, each moved by `start`.

    They ascend and cover every character but white space, which is left out at both ends. A sentence ends after
    。；！？ (and ; ! ? after a Chinese character) and at the end of a line. Marks inside brackets or quotes do not
    cut, except the full stop that a closing quote follows (“……。”). A bracket without its partner in the same line
    counts as an ordinary character, so it cannot swallow what follows.

    >>> split_sentences("甲应当公开。乙（含丙；丁）除外。", 10)
    [(10, 16), (16, 26)]
    """
    ranges: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        first, last = line.span()
        for cut in _cuts(text, first, last):
            _append_trimmed(ranges, text, first, cut, start)
            first = cut
        _append_trimmed(ranges, text, first, last, start)
    return ranges


def _append_trimmed(ranges: list[tuple[int, int]], text: str, first: int, last: int, offset: int) -> None:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    if first < last:
        ranges.append((first + offset, last + offset))


def _cuts(text: str, first: int, last: int) -> list[int]:
    """Positions after which a sentence ends within one line, ascending."""
    tokens = list(_TOKEN.finditer(text, first, last))
    outside = [True] * len(tokens)
    pairs = _pairs([token.group() for token in tokens])
    for opener, closer in pairs:
        for inner in range(opener + 1, closer):
            outside[inner] = False
    closers = {closer: opener for opener, closer in pairs if outside[closer]}
    cuts: list[int] = []
    begun = first
    for number, token in enumerate(tokens):
        end = token.end()
        if not outside[number]:
            continue
        if number in closers:
            opened = tokens[closers[number]].start()
            if not _ends_sentence(text, token.start(), end, last, alone=_INK.search(text, begun, opened) is None):
                continue
        elif token.group()[0] in _CLOSERS or token.group()[0] in _CLOSER_OF or token.group()[0] == '"':
            continue
        # A stray closing quote or bracket after the mark still belongs to the sentence.
        while end < last and text[end] in _CLOSERS:
            end += 1
        cuts.append(end)
        begun = end
    return cuts


def _ends_sentence(text: str, at: int, end: int, last: int, *, alone: bool) -> bool:
    """Whether the bracket closing at `at` ends a sentence: its text ends in a full stop and nothing goes on after it.

    `alone`: nothing stands between the last cut and the opening bracket; only then may a round bracket end a sentence.
    """
    if text[at - 1] not in _FULL_STOPS or (end < last and text[end] in _GOES_ON):
        return False
    return alone or text[at] in _QUOTE_CLOSERS


def _pairs(tokens: list[str]) -> list[tuple[int, int]]:
    """(opener, closer) positions of the outermost matched brackets; what has no partner is left out."""
    stack: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()  # closers the stack waits for, so that a stray one costs nothing
    pairs: list[tuple[int, int]] = []
    for number, token in enumerate(tokens):
        closes = token in _CLOSERS or token == '"'
        if closes and waiting[token]:
            wanted, opener = stack.pop()
            waiting[wanted] -= 1
            while wanted != token:
                wanted, opener = stack.pop()
                waiting[wanted] -= 1
            while pairs and pairs[-1][0] > opener:
                pairs.pop()
            pairs.append((opener, number))
        elif token in _CLOSER_OF or token == '"':
            wanted = _CLOSER_OF.get(token, token)
            stack.append((wanted, number))
            waiting[wanted] += 1
    return pairs
