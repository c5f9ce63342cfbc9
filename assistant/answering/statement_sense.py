"""Whether a model's statement keeps the force, the sense and the conditions of the clauses that it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answering.statement_words import statement_words
from assistant.answering.statements import Reason
from assistant.citing.marks import FORCES, Mark, Token
from assistant.citing.matters import Clause, Pairs, Statement, share, statements

MIN_SHARED = 2  # pairs of characters, from which on a clause is about another
NEARLY = 0.8  # of the most that is shared: clauses that may be meant, too
KEPT = 0.3  # of a condition: more must stand in the statement
_NEGATIVE = frozenset({Mark.NEGATION, Mark.PROHIBITION, Mark.RELEASE})


@dataclass(frozen=True, slots=True)
class Effective:
    """A clause with the force that governs it: its own, else that of the clauses of its sentence before it."""

    clause: Clause
    force: Mark | None
    own: Token | None


def effective(sentence: Statement) -> Iterator[Effective]:
    """Yield the clauses of a sentence with the force that governs each."""
    force: Mark | None = None
    for clause in sentence.clauses:
        own = next((token for token in clause.tokens if token.mark in FORCES), None)
        force = own.mark if own is not None else force
        yield Effective(clause, force, own)


def all_pairs(clauses: Sequence[Effective]) -> Pairs:
    """Return all that some clauses are about."""
    return frozenset().union(*(one.clause.pairs for one in clauses))


def turned(ours: Effective, theirs: Sequence[Effective]) -> tuple[Reason, str] | None:
    """Return how a clause changes the force or turns the sense of those it can be about; None where it does not."""
    negatives = [token.text for token in ours.clause.tokens if token.mark in _NEGATIVE]
    if len(ours.clause.pairs) < MIN_SHARED:
        if ours.own is not None or negatives:  # 可以，…: an answer by itself
            return Reason.FORCE, ours.clause.text
        return None
    shared = [(len(ours.clause.pairs & one.clause.pairs), one) for one in theirs]
    most = max((count for count, _ in shared), default=0)
    if most < MIN_SHARED:
        return None  # nothing is spoken about: support decides
    meant = [one for count, one in shared if count >= max(MIN_SHARED, NEARLY * most)]
    if not any(_same_force(ours, one) for one in meant):
        return Reason.FORCE, ours.own.text if ours.own is not None else ours.clause.text
    theirs_negative = [any(token.mark in _NEGATIVE for token in one.clause.tokens) for one in meant]
    if bool(negatives) not in theirs_negative:
        return Reason.NEGATION, negatives[0] if negatives else ours.clause.text
    return None


def _same_force(ours: Effective, held: Effective) -> bool:
    if ours.force is held.force:
        return True
    return ours.force is None and held.force is Mark.DUTY  # a duty stated without 应当 is still one


@cache
def _conditions() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in statement_words()["conditions"]["patterns"])


def condition_lost(said: str, pairs: Pairs, held: str) -> str:
    """Return a condition of the sentence that a statement is about and does not keep; "" for none."""
    about = [(len(pairs & one.pairs), one) for one in statements(held)]
    most = max((count for count, _ in about), default=0)
    if most < MIN_SHARED:
        return ""
    sentence = next(one for count, one in about if count == most)
    for number, clause in enumerate(sentence.clauses[:-1]):
        if not clause.pairs or not any(pattern.search(clause.text) for pattern in _conditions()):
            continue
        behind = frozenset().union(*(one.pairs for one in sentence.clauses[number + 1 :])) - clause.pairs
        if len(pairs & behind) >= MIN_SHARED and share(clause.pairs, pairs) < KEPT and clause.text not in said:
            return clause.text
    for clause in sentence.clauses:
        if len(pairs & clause.pairs) >= MIN_SHARED:
            for word in statement_words()["qualifiers"]["words"]:
                if word in clause.text and word not in said:
                    return str(word)
    return ""
