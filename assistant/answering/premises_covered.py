"""How much of a claim the text has no word for.

People put what a provision says in their own words, and most of these still stand in it, or stand for a term that
does (电费: 用电成本). In 自己印债券 a run of characters is left that neither the text has nor what people
say for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answering.premises_claim import premise_table
from assistant.citing.comparable import fold
from assistant.citing.marks import tokenise
from assistant.citing.matters import content, share
from assistant.retrieval.terms import terms

# Share of a term of art that must stand in a text that speaks of it.
SAME_TERM = 0.5
_CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What of a claim no text has: the characters of its longest run, and all of them."""

    longest: int
    total: int


def own_words(text: str) -> str:
    """Return a folded text without the words that stand everywhere: 产业, 支持.

    >>> own_words("支持产业转移基金")
    '，，，基金'
    """
    return _everywhere().sub("，", text)


@cache
def _everywhere() -> re.Pattern[str]:
    return re.compile("|".join(premise_table()["generic"]["words"]))


@cache
def _idle() -> re.Pattern[str]:
    """Return the pattern of words that claim nothing by themselves, the longest first."""
    table = premise_table()["generic"]
    words = sorted({*table["words"], *table["idle"]}, key=len, reverse=True)
    return re.compile("|".join(["第[一二三四五六七八九十百零〇两0-9]+(?:条|部分|款)", *map(re.escape, words)]))


def uncovered(claim: str, texts: Sequence[str]) -> Uncovered:
    """Return what of a folded claim stands in none of the folded texts, nor is a word for a term that does.

    >>> uncovered("主平台可以自己印债券", ["推动承接产业有序转移主平台建设"])
    Uncovered(longest=3, total=3)
    """
    whole = "\n".join(texts)
    pairs = {whole[at : at + 2] for at in range(len(whole) - 1)}
    free = [bool(_CHINESE.match(character)) for character in claim]
    for match in _idle().finditer(claim):
        free[match.start() : match.end()] = [False] * len(match.group())
    for at in range(len(claim) - 1):
        if claim[at : at + 2] in pairs:
            free[at] = free[at + 1] = False
    held = frozenset((one[0], one[1]) for one in pairs)
    for row in terms():
        for says in row.says:
            at = claim.find(says)
            if at >= 0 and _has(row.term, held):
                free[at : at + len(says)] = [False] * len(says)
    runs = "".join("x" if one else " " for one in free).split()
    return Uncovered(max(map(len, runs), default=0), sum(free))


def _has(term: str, held: frozenset[tuple[str, str]]) -> bool:
    """Return whether a text of these pairs speaks of a term of art."""
    pairs = content(tokenise(own_words(fold(term))))
    return not pairs or share(pairs, held) >= SAME_TERM
