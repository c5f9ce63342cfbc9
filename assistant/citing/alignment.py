"""The tokens of a claim beside those of the words that it speaks about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from assistant.citing.marks import FORCES, Mark, Token, tokenise
from assistant.citing.quotes import fold

MIN_NEW = 0.15  # share of the claim that a neighbouring sentence must add to be read with the nearest one
MAX_EDIT = 10  # tokens on either side of a change in a text that is otherwise the same; more is another wording
NEAR = 2  # characters that must agree beside a change: fewer agree by chance
SURE = 3  # on one side of it at least
MAX_REMEMBERED = 64  # provisions whose sentences are kept: a text says several things about one

NEARLY = 0.8  # share of the most pairs that any sentence has: those above are told apart by their whole wording

# Matches （三） at the start of an item, 2. and 二、; refuses 二十日内.
_LIST_MARK = re.compile(r"^(?:（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、]|[一二三四五六七八九十]{1,3}、)")
# Matches each sentence of folded text with its closing mark; a clause of it goes to the next comma or colon.
_SENTENCE = re.compile("[^。；！？]+[。；！？]?")
_CLAUSE_ENDS = frozenset("，：。；！？")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as tokens, and the pairs of neighbours by which sentences are found."""

    tokens: tuple[Token, ...]
    pairs: frozenset[tuple[str, str]]

    @property
    def keys(self) -> list[str]:
        """What the tokens are compared by."""
        return [token.key for token in self.tokens]


@dataclass(frozen=True, slots=True)
class Change:
    """Where two aligned texts differ: tokens [first, last) of the claim for tokens [held_first, held_last)."""

    first: int
    last: int
    held_first: int
    held_last: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A sentence of a claim beside the sentences of the provision nearest to it.

    Attributes:
        claim, held: the tokens.
        to_held, to_claim: for each token the place of its partner, -1 for none; ascending.
        changes: what lies between partners.
        clauses: token ranges of the claim's clauses.
    """

    claim: Sequence[Token]
    held: Sequence[Token]
    to_held: Sequence[int]
    to_claim: Sequence[int]
    changes: Sequence[Change]
    clauses: Sequence[tuple[int, int]]

    def added(self, change: Change) -> Sequence[Token]:
        """The claim's side of a change."""
        return self.claim[change.first : change.last]

    def dropped(self, change: Change) -> Sequence[Token]:
        """The provision's side of a change."""
        return self.held[change.held_first : change.held_last]

    def is_local(self, change: Change) -> bool:
        """Whether a change is small, within a clause, and the words on both sides of it are the provision's own."""
        added, dropped = self.added(change), self.dropped(change)
        if max(len(added), len(dropped)) > MAX_EDIT:
            return False
        if any(token.text in _CLAUSE_ENDS for token in (*added, *dropped)):
            return False
        before, opens = self._agreeing(change.first - 1, change.held_first - 1, -1)
        after, closes = self._agreeing(change.last, change.held_last, 1)
        return (before >= NEAR or opens) and (after >= NEAR or closes) and max(before, after) >= SURE

    def _agreeing(self, at: int, held_at: int, step: int) -> tuple[int, bool]:
        """How many characters agree in a row from here, and whether they reach the border of the clause.

        Punctuation and words of force are not counted, and counting ends where it is enough.
        """
        count = 0
        while count < SURE:
            ends = not 0 <= at < len(self.claim) or self.claim[at].text in _CLAUSE_ENDS
            held_ends = not 0 <= held_at < len(self.held) or self.held[held_at].text in _CLAUSE_ENDS
            if ends and held_ends:
                return count, True
            if not (0 <= at < len(self.claim) and self.to_held[at] == held_at):
                break
            token = self.claim[at]
            if token.mark is not Mark.PUNCTUATION and token.mark not in FORCES:
                count += len(token.text)
            at, held_at = at + step, held_at + step
        return count, False

    def clause_of(self, at: int) -> tuple[int, int]:
        """The clause of the claim that token `at` is in."""
        return next((first, last) for first, last in self.clauses if first <= at < last)

    def support(self, clause: tuple[int, int]) -> float:
        """The share of a clause's characters that are the provision's, two in a row at least; numbers, force apart."""
        total = shared = 0
        for at in range(*clause):
            token = self.claim[at]
            if token.mark in (Mark.PUNCTUATION, Mark.AMOUNT) or token.mark in FORCES:
                continue
            total += len(token.text)
            shared += len(token.text) * self.is_solid(at)
        return shared / total if total else 0.0

    def is_solid(self, at: int) -> bool:
        """Whether a token has a partner and is two characters long or has a neighbour that goes with it."""
        partner = self.to_held[at]
        if partner < 0:
            return False
        if len(self.claim[at].text) > 1:
            return True
        beside = ((at - 1, partner - 1), (at + 1, partner + 1))
        return any(
            0 <= one < len(self.claim) and self.to_held[one] == held and self.claim[one].mark is not Mark.PUNCTUATION
            for one, held in beside
        )


def _pairs(tokens: Sequence[Token]) -> frozenset[tuple[str, str]]:
    return frozenset((one.key, other.key) for one, other in pairwise(tokens))


def _read(folded: str) -> Iterator[Sentence]:
    for match in _SENTENCE.finditer(folded):
        tokens = tokenise(_LIST_MARK.sub("", match.group()))
        yield Sentence(tuple(tokens), _pairs(tokens))


@lru_cache(maxsize=MAX_REMEMBERED)
def _sentences(folded: str) -> tuple[Sentence, ...]:
    return tuple(_read(folded))


def align(claim: str, provision: str) -> Iterator[Alignment]:
    """Yield each sentence of a claim beside the sentences of the provision nearest to it, if any comes near.

    Both texts as they stand; ends of lines end sentences too.
    """
    held = _sentences(_folded_lines(provision))
    for sentence in _read(_folded_lines(claim)):
        nearest = _nearest(sentence, held)
        if nearest:
            yield _aligned(sentence.tokens, [token for one in nearest for token in one.tokens])


def _folded_lines(text: str) -> str:
    return "；".join(filter(None, (fold(line) for line in text.splitlines())))


def _nearest(claim: Sentence, sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentence that shares most pairs, of several that share nearly as many the most similar; with neighbours."""
    counts = [len(claim.pairs & sentence.pairs) for sentence in sentences]
    most = max(counts, default=0)
    if most < NEAR:
        return ()
    keys = claim.keys
    best = max(
        (at for at, count in enumerate(counts) if count >= NEARLY * most),
        key=lambda at: Indel.normalized_similarity(keys, sentences[at].keys),
    )
    left = claim.pairs - sentences[best].pairs
    first = last = best
    for step, end in ((-1, -1), (1, len(sentences))):
        at = best + step
        while at != end and len(left & sentences[at].pairs) >= max(SURE, MIN_NEW * len(claim.pairs)):
            left -= sentences[at].pairs
            first, last = min(first, at), max(last, at)
            at += step
    return sentences[first : last + 1]


def _aligned(claim: Sequence[Token], held: Sequence[Token]) -> Alignment:
    to_held, to_claim = [-1] * len(claim), [-1] * len(held)
    changes: list[Change] = []
    first = held_first = 0
    for op in Indel.opcodes([token.key for token in claim], [token.key for token in held]):
        if op.tag != "equal":
            continue
        if op.src_start > first or op.dest_start > held_first:
            changes.append(Change(first, op.src_start, held_first, op.dest_start))
        for at in range(op.src_end - op.src_start):
            to_held[op.src_start + at] = op.dest_start + at
            to_claim[op.dest_start + at] = op.src_start + at
        first, held_first = op.src_end, op.dest_end
    if first < len(claim) or held_first < len(held):
        changes.append(Change(first, len(claim), held_first, len(held)))
    return Alignment(claim, held, to_held, to_claim, changes, _clauses(claim))


def _clauses(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    found, first = [], 0
    for at, token in enumerate(tokens, 1):
        if token.text in _CLAUSE_ENDS or at == len(tokens):
            found.append((first, at))
            first = at
    return found
