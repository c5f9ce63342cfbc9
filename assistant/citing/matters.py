"""What statements speak about, whatever their order: pairs of characters that two texts share.

A paraphrase keeps the nouns of a provision and little else. Here a statement is a sentence of clauses, and a clause is
its pairs of neighbouring characters without words of force, numbers and particles.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.citing.marks import FORCES, Mark, Token, tokenise

ABOUT = 0.35  # share of what a statement speaks about that is the sentence's
MIN_SHARED = 2  # pairs of characters in common
MAX_REMEMBERED = 128  # texts whose statements are kept

_PARTICLES = frozenset("的了着在和与及或是就都也要得把被让给对其之而且并等该此这那吧呢啊吗您我你他她它们、")
_SKIPPED = FORCES | {Mark.PUNCTUATION, Mark.NEGATION, Mark.ADVERB, Mark.AMOUNT, Mark.BOUND}
_SENTENCE = re.compile("[^。；！？]+")  # each sentence of a folded text, without its mark
_CLAUSE = re.compile("[^，：]+")

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its words, its tokens, what it speaks about."""

    text: str
    tokens: tuple[Token, ...]
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and its clauses; `pairs` of all of them."""

    text: str
    clauses: tuple[Clause, ...]
    pairs: Pairs


@lru_cache(maxsize=MAX_REMEMBERED)
def statements(folded: str) -> tuple[Statement, ...]:
    """Return the sentences of a folded text."""
    return tuple(_statement(match.group()) for match in _SENTENCE.finditer(folded))


def _statement(text: str) -> Statement:
    clauses = tuple(_clause(match.group()) for match in _CLAUSE.finditer(text))
    return Statement(text, clauses, frozenset().union(*(clause.pairs for clause in clauses)))


def _clause(text: str) -> Clause:
    tokens = tuple(tokenise(text))
    return Clause(text, tokens, content(tokens))


def content(tokens: Iterable[Token]) -> Pairs:
    """Return the pairs of characters that say what some words are about.

    >>> sorted("".join(pair) for pair in content(tokenise("应当在三十日内补正材料")))
    ['内补', '材料', '正材', '补正']
    """
    return frozenset(content_in_order(tokens))


def content_in_order(tokens: Iterable[Token]) -> list[tuple[str, str]]:
    """Return the same pairs as they stand."""
    return [pair for run in _runs(tokens) for pair in pairwise(run)]


def _runs(tokens: Iterable[Token]) -> Iterator[str]:
    run = ""
    for token in tokens:
        if token.mark in _SKIPPED or token.text in _PARTICLES:
            yield run
            run = ""
        else:
            run += token.text
    yield run


def nearest(pairs: Pairs, held: Sequence[Statement]) -> Statement | None:
    """Return the sentence that shares most with some words; None where nothing is shared."""
    best = max(held, key=lambda one: (len(pairs & one.pairs), -len(one.pairs)), default=None)
    return best if best is not None and pairs & best.pairs else None


def share(pairs: Pairs, others: Pairs) -> float:
    """Return what part of the pairs are among others; 0 for none."""
    return len(pairs & others) / len(pairs) if pairs else 0.0


def about(pairs: Pairs, held: Statement, least: int = MIN_SHARED) -> bool:
    """Whether words speak about a sentence."""
    return len(pairs & held.pairs) >= least and share(pairs, held.pairs) >= ABOUT
