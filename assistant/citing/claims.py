"""What a text says of a provision without quotation marks, compared with the provision.

Similar words prove nothing, so the best that a paraphrase gets is UNCHECKED. What it can be found to do is contradict:
speak about words of the provision and differ from them in force, negation, number, subject or scope. A false alarm
costs more than a miss, so each check asks for words of the provision around the place where the two differ.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.citing.alignment import align, folded_lines
from assistant.citing.comparable import SENTENCE_MARKS, Comparable, fold
from assistant.citing.contradictions import contradictions
from assistant.citing.marks import FORCES, Mark, tokenise
from assistant.citing.offices import other_offices
from assistant.citing.plain import other_sense
from assistant.citing.quotes import difference, fold_quote
from assistant.citing.values import other_values
from assistant.citing.wordlists import either, load_words
from assistant.parsing import force_words
from assistant.schema import Content

MIN_CLAIM = 6  # folded characters; shorter ones (按规定执行) say nothing that could be compared
MAX_CLAIM = 5_000  # folded characters; longer texts without an end are no statement, and the time grows with both sides
MIN_TURNED = 4  # characters of a quote that says something by itself when it lost its 不得
MIN_STATED = 10  # and when it lost its 鼓励 or 可以: what follows may be a noun
MAX_IN_FRONT = 20  # characters in front of a quote that are read for the word it lost
MIN_CLAUSE = 2  # characters of a clause that is looked for on its own: 但 stands everywhere

# Matches 依法保障 in 「应当协调，依法保障。」; refuses an empty clause.
_CLAUSE = re.compile("[^，；。：！？]+")


@dataclass(frozen=True, slots=True)
class ClaimMatch:
    """A claim compared with a provision.

    Attributes:
        content: NONE, VERBATIM, UNCHECKED or CONTRADICTED.
        reasons: in Chinese, one a contradiction; filled exactly where CONTRADICTED.
        similarity: in [0, 1], of the claim to the words of the provision nearest to it.
        expected: those words, a slice of the provision; "" where nothing comes near.
    """

    content: Content
    reasons: tuple[str, ...]
    similarity: float
    expected: str


def compare_claim(claim: str, provision: str) -> ClaimMatch:
    """Compare what is said about a provision with its text.

    VERBATIM: the words stand in the provision, or each clause does and in this order, and none lost the 不得 or 可以
    before it. CONTRADICTED: `reasons` say how. NONE: too little is said. Everything else is UNCHECKED, a claim
    of more than MAX_CLAIM characters unread.

    >>> compare_claim("县级以上人民政府可以协调能源供应", "县级以上人民政府应当协调能源供应。").reasons
    ('规范强度不同：条文为“应当”，文中为“可以”',)
    """
    folded = fold_quote(claim)
    if len(_substance(folded)) < MIN_CLAIM:
        return ClaimMatch(Content.NONE, (), 0.0, "")
    if len(folded) > MAX_CLAIM:
        return ClaimMatch(Content.UNCHECKED, (), 0.0, "")
    held = Comparable.of(provision)
    span = _verbatim(folded, held)
    if span is not None:
        first, last = held.span(*span)
        return ClaimMatch(Content.VERBATIM, (), 1.0, provision[first:last])
    found = tuple(dict.fromkeys(_reasons(claim, provision)))
    nearest = difference(claim, provision)
    content = Content.CONTRADICTED if found else Content.UNCHECKED
    return ClaimMatch(content, found, nearest.similarity, nearest.expected)


def word_cut_off(quote: str, text: str) -> str:
    """Return the word of force or negation that stands before a quote wherever it stands in the text; "" for none.

    Words can stand to the letter and say the opposite: “收取迁移费用” of 「不得收取迁移费用」.

    >>> word_cut_off("收取迁移费用", "任何单位不得收取迁移费用。")
    '不得'
    """
    whole, held = fold_quote(quote), fold(text)
    at = held.find(whole)
    if not whole or at < 0 or next(_standing(whole, held, 0), None) is not None:
        return ""
    return max((word for word in _deciding_words() if held.endswith(word, 0, at)), key=len, default="")


def turned_by_cut(quote: str, text: str, before: str = "") -> str:
    """Return the word of force or negation that a quote lost, where that turns its sense; "" for none.

    `before`: the writer's own words in front of the quote, which may give it back: 不得“收取迁移费用”. A term taken out
    of a clause (“两高”) loses nothing, and neither does a noun that is encouraged.

    >>> turned_by_cut("收取迁移费用", "任何单位不得收取迁移费用。"), turned_by_cut("迁移费用", "不得收取迁移费用。")
    ('不得', '')
    """
    word = word_cut_off(quote, text)
    if not word:
        return ""
    held, whole = Comparable.of(text), fold_quote(quote)
    at = held.text.find(whole)
    mark = tokenise(word)[0].mark
    least = MIN_STATED if mark in (Mark.ENCOURAGEMENT, Mark.POWER) else MIN_TURNED
    if len(whole) < least or not held.is_border(at + len(whole)):
        return ""
    clause = _CLAUSE.findall(fold(before)[-MAX_IN_FRONT:])
    said = [token.mark for token in tokenise(clause[-1] if clause else "") if token.mark in FORCES | {Mark.NEGATION}]
    if said and (said[-1] is mark or {said[-1], mark} == {Mark.PROHIBITION, Mark.NEGATION}):
        return ""
    return word


def _reasons(claim: str, provision: str) -> Iterator[str]:
    """What contradicts the provision: beside its own words, then in whatever words and order."""
    held = fold(provision)
    for pair in align(claim, provision):
        yield from contradictions(pair, held)
    said, lines = folded_lines(claim), folded_lines(provision)
    yield from other_values(said, lines)
    yield from other_offices(said, lines)
    yield from other_sense(said, lines)


def _substance(folded: str) -> str:
    """What is left of a claim without phrases that say nothing of the provision: 制定本办法, 有关规定."""
    return _saying_nothing().sub("", folded)


@cache
def _saying_nothing() -> re.Pattern[str]:
    return re.compile(either(fold(phrase) for phrase in load_words()["empty"]["phrases"]))


def _verbatim(claim: str, held: Comparable) -> tuple[int, int] | None:
    """The folded span in which the claim stands as a whole, or clause by clause.

    Clauses between commas stand in one sentence: 「申请大型客车准驾车型的，在19周岁以上」 is not put together from two
    items. The first may begin and the last may end within a clause, the others are whole.
    """
    for at in _standing(claim, held.text, 0):
        return at, at + len(claim)
    clauses = [(match.group(), match.start()) for match in _CLAUSE.finditer(claim)]
    if len(clauses) < 2 or any(len(clause) < MIN_CLAUSE for clause, _ in clauses):
        return None
    first, end = -1, 0
    for number, (clause, start) in enumerate(clauses):
        goes_on = number > 0 and claim[start - 1] not in SENTENCE_MARKS
        limit = _sentence_end(held, end) if goes_on else len(held.text)
        for at in _standing(clause, held.text[:limit], end):
            starts = number == 0 or held.is_border(at)
            if starts and (number == len(clauses) - 1 or held.is_border(at + len(clause))):
                break
        else:
            return None
        first, end = (at if first < 0 else first), at + len(clause)
    return first, end


def _sentence_end(held: Comparable, start: int) -> int:
    """Where the sentence ends that folded `start` is in or at the end of."""
    return next((at for at in range(start, len(held.text)) if held.is_border(at, SENTENCE_MARKS)), len(held.text))


def _standing(words: str, held: str, start: int) -> Iterator[int]:
    """Where words stand in the text without a word of force or negation just before them that they left out."""
    at = held.find(words, start)
    while at >= 0:
        if not held.endswith(_deciding_words(), 0, at):
            yield at
        at = held.find(words, at + 1)


@cache
def _deciding_words() -> tuple[str, ...]:
    """Words that decide what is said by what follows them; 应当 apart, for a duty stated without it is still one."""
    words = load_words()
    sorts = ("prohibition", "power", "encouragement", "release")
    mine = [word for sort in sorts for word in words["force"].get(sort, ())]
    theirs = [word for word, sort in force_words().items() if sort in sorts]
    return tuple({*mine, *theirs, *words["negation"]["words"]} - {"除外"})
