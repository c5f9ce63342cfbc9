"""Which words of a quote can be read out: whole sentences first, then whole clauses that still say the same.

A cut falls between clauses only. The word that governs the sentence (应当, 不得), its conditions and what restricts it
are never left out: where a part cannot keep them there is no such part.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Ends of sentences, and of clauses. 、 stands inside a clause.
_SENTENCE_END = re.compile(r"[。！？!?]+[”’]?\s*")
_CLAUSE_END = re.compile(r"[，；：,;:。！？!?]+[”’]?\s*")
_ENDS = "，。；：！？,;:!? \n\u3000"


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a quote: quote[start:end] is what is read out, without its last mark.

    Attributes:
        whole: it leaves out nothing of the quote.
        sentences: it consists of whole sentences.
    """

    start: int
    end: int
    whole: bool
    sentences: bool


def slices(quote: str, wanted: str) -> tuple[Slice, ...]:
    """Return the parts of a quote that can be read out, the better first: nearer to `wanted`, then longer.

    The whole quote comes first, then the sentence that shares most with the question, with what follows it, then runs
    of its clauses.
    """
    sentences = _pieces(quote, _SENTENCE_END)
    if not sentences:
        return ()
    bigrams = _bigrams(wanted)
    best = max(range(len(sentences)), key=lambda i: (_shared(quote[slice(*sentences[i])], bigrams), -i))
    found = [
        Slice(sentences[first][0], sentences[last][1], first == 0 and last == len(sentences) - 1, True)
        for first, last in (
            (0, len(sentences) - 1),
            *((0, last) for last in range(len(sentences) - 2, best - 1, -1)),
            *((best, last) for last in range(len(sentences) - 1, best - 1, -1)),
        )
    ]
    found += _runs(quote, *sentences[best], bigrams)
    return tuple(dict.fromkeys(found))


def _runs(quote: str, start: int, end: int, bigrams: frozenset[str]) -> list[Slice]:
    """Return the runs of clauses of one sentence that can stand for it."""
    clauses = [(start + first, start + last) for first, last in _pieces(quote[start:end], _CLAUSE_END)]
    texts = ["".join(quote[slice(*one)].split()) for one in clauses]
    wanted = max(range(len(texts)), key=lambda i: (_shared(texts[i], bigrams), -i))
    patterns = _patterns()
    runs = []
    for first in range(len(clauses)):
        if first and not _stands_alone(texts, first):
            continue
        for last in range(first, len(clauses)):
            if last == len(clauses) - 1 and first == 0:
                continue
            kept, left = "，".join(texts[first : last + 1]), texts[last + 1 :]
            governed = patterns["governing"].search("，".join(texts))
            if governed and not patterns["governing"].search(kept):
                continue
            if left and patterns["waits"].search(texts[last]):
                continue
            if any(patterns["needed"].search(text) for text in left):
                continue
            holds = first <= wanted <= last
            runs.append((not holds, clauses[first][0] - clauses[last][1], clauses[first][0], clauses[last][1]))
    return [Slice(first, last, False, False) for _, _, first, last in sorted(runs)]


def _stands_alone(texts: Sequence[str], first: int) -> bool:
    """Return whether a sentence may be begun with this clause: it and all before it stand by themselves."""
    patterns = _patterns()
    before = texts[:first]
    if patterns["encourages"].search(texts[0]) and not patterns["encourages"].search(texts[first]):
        return False
    return bool(
        patterns["stands"].search(texts[first])
        and not any(patterns["governing"].search(text) for text in texts)
        and all(patterns["stands"].search(text) and not patterns["binds"].search(text) for text in before)
    )


def _pieces(text: str, ends: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the spans between ends, without the marks and spaces at both sides."""
    found, at = [], 0
    for match in (*ends.finditer(text), None):
        first, last = at, match.start() if match else len(text)
        at = match.end() if match else len(text)
        while first < last and text[first] in _ENDS:
            first += 1
        while last > first and text[last - 1] in _ENDS:
            last -= 1
        if match and text[last : match.end()].strip()[-1:] in ("”", "’"):
            last = match.start() + len(match[0].rstrip())
        if last > first:
            found.append((first, last))
    return found


def _shared(text: str, bigrams: frozenset[str]) -> int:
    return len(_bigrams(text) & bigrams)


def _bigrams(text: str) -> frozenset[str]:
    compact = "".join(text.split())
    return frozenset(compact[at : at + 2] for at in range(len(compact) - 1))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of `data/spoken.toml` by name."""
    table = tomllib.loads(files("assistant.answering").joinpath("data/spoken.toml").read_text(encoding="utf-8"))
    return {name: re.compile(pattern) for name, pattern in table.items()}
