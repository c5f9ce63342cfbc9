"""The tokens of a claim beside those of the words that it speaks about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from assistant.citing.comparable import fold
from assistant.citing.marks import FORCES, Mark, Token, tokenise

MIN_NEW = 0.15  # share of the claim that a neighbouring sentence must add to be read with the nearest one
MAX_EDIT = 10  # tokens on either side of a change in a text that is otherwise the same; more is another wording
NEAR = 2  # characters that must agree beside a change: fewer agree by chance
SURE = 3  # on one side of it at least
MIN_SHARED = 4  # characters of a clause that are the provision's, so that 企业应当 alone says nothing
MAX_CELLS = 10_000_000  # of an alignment's table: 2,000 tokens beside 5,000; a bit each
MAX_REMEMBERED = 64  # provisions whose sentences are kept: a text says several things about one

NEARLY = 0.8  # share of the most pairs that any sentence has: those above are told apart by their whole wording

# Matches （三） at the start of an item, 2. and 二、; refuses 二十日内.
_LIST_MARK = re.compile(r"^(?:（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、]|[一二三四五六七八九十]{1,3}、)")
# Matches the colon before （一） in 下列行为：（一）…; refuses one before other words.
_ITEM = re.compile(r"：(?=（[一二三四五六七八九十\d]{1,3}）)")
# Matches each sentence of folded text with its closing mark; a clause of it goes to the next comma or colon.
_SENTENCE = re.compile("[^。；！？]+[。；！？]?")
_CLAUSE_ENDS = frozenset("，：。；！？")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as tokens, and the pairs of neighbours by which sentences are found.

    `heading`: of an item of a list, the sentence that the list completes: 不得有下列行为：.
    """

    tokens: tuple[Token, ...]
    pairs: frozenset[tuple[str, str]]
    heading: tuple[Token, ...] = ()

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
        heading: tokens of the sentence that the provision's words complete as items of a list; often none.
    """

    claim: Sequence[Token]
    held: Sequence[Token]
    to_held: Sequence[int]
    to_claim: Sequence[int]
    changes: Sequence[Change]
    clauses: Sequence[tuple[int, int]]
    heading: Sequence[Token]

    def added(self, change: Change) -> Sequence[Token]:
        """The claim's side of a change."""
        return self.claim[change.first : change.last]

    def dropped(self, change: Change) -> Sequence[Token]:
        """The provision's side of a change."""
        return self.held[change.held_first : change.held_last]

    def trimmed(self, change: Change) -> Change:
        """The change without whole clauses that one side leaves out before or after it."""
        first, last, held_first, held_last = change.first, change.last, change.held_first, change.held_last
        if _at_start(self.claim, first):
            held_first = _past_last_border(self.held, held_first, held_last)
        if _at_start(self.held, change.held_first):
            first = _past_last_border(self.claim, first, last)
        if _at_end(self.claim, last):
            held_last = _first_border(self.held, held_first, held_last)
        if _at_end(self.held, change.held_last):
            last = _first_border(self.claim, first, last)
        return Change(first, last, held_first, held_last)

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
        """How many characters agree in a row from here, and whether they reach the border of the clause first.

        Punctuation and words of force are not counted, and counting ends where it is enough.
        """
        count, reached = 0, False
        while count < SURE:
            ends = not 0 <= at < len(self.claim) or self.claim[at].text in _CLAUSE_ENDS
            held_ends = not 0 <= held_at < len(self.held) or self.held[held_at].text in _CLAUSE_ENDS
            reached = reached or (ends and (held_ends or (count > 0 and not 0 <= at < len(self.claim))))
            if not (0 <= at < len(self.claim) and self.to_held[at] == held_at):
                break
            token = self.claim[at]
            if token.mark is not Mark.PUNCTUATION and token.mark not in FORCES:
                count += len(token.text)
            at, held_at = at + step, held_at + step
        return count, reached

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

    def is_about(self, clause: tuple[int, int], share: float) -> bool:
        """Whether a clause has this share of the provision's words, and MIN_SHARED characters of them."""
        shared = sum(len(self.claim[at].text) for at in range(*clause) if self.is_solid(at))
        return self.support(clause) >= share and shared >= MIN_SHARED

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


def _at_start(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or tokens[at - 1].text in _CLAUSE_ENDS


def _at_end(tokens: Sequence[Token], at: int) -> bool:
    return at == len(tokens) or tokens[at].text in _CLAUSE_ENDS


def _past_last_border(tokens: Sequence[Token], first: int, last: int) -> int:
    return next((at + 1 for at in range(last - 1, first - 1, -1) if tokens[at].text in _CLAUSE_ENDS), first)


def _first_border(tokens: Sequence[Token], first: int, last: int) -> int:
    return next((at for at in range(first, last) if tokens[at].text in _CLAUSE_ENDS), last)


def _pairs(tokens: Sequence[Token]) -> frozenset[tuple[str, str]]:
    return frozenset((one.key, other.key) for one, other in pairwise(tokens))


def _read(folded: str) -> Iterator[Sentence]:
    heading: tuple[Token, ...] = ()
    for match in _SENTENCE.finditer(folded):
        text = _LIST_MARK.sub("", match.group())
        tokens = tuple(tokenise(text))
        if len(text) == len(match.group()):
            heading = ()
        yield Sentence(tokens, _pairs(tokens), heading)
        if text.rstrip("；").endswith("："):
            heading = tokens


@lru_cache(maxsize=MAX_REMEMBERED)
def _sentences(folded: str) -> tuple[Sentence, ...]:
    return tuple(_read(folded))


def align(claim: str, provision: str) -> Iterator[Alignment]:
    """Yield each sentence of a claim beside the sentences of the provision nearest to it, if any comes near.

    Both texts as they stand; ends of lines end sentences too.
    """
    held = _sentences(folded_lines(provision))
    for sentence in _read(folded_lines(claim)):
        nearest = _nearest(sentence, held)
        if nearest and len(sentence.tokens) * sum(len(one.tokens) for one in nearest) <= MAX_CELLS:
            held_tokens = [token for one in nearest for token in one.tokens]
            yield _aligned(sentence.tokens, held_tokens, nearest[0].heading)


def folded_lines(text: str) -> str:
    """Return a text folded, its lines and the items of its lists as sentences."""
    return _ITEM.sub("：；", "；".join(filter(None, (fold(line) for line in text.splitlines()))))


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


Block = tuple[int, int, int]  # where it begins in the claim, in the provision, and its length


def _aligned(claim: Sequence[Token], held: Sequence[Token], heading: Sequence[Token]) -> Alignment:
    to_held, to_claim = [-1] * len(claim), [-1] * len(held)
    changes: list[Change] = []
    first = held_first = 0
    for at, held_at, length in (*_blocks(claim, held), (len(claim), len(held), 0)):
        if at > first or held_at > held_first:
            changes.append(Change(first, at, held_first, held_at))
        for step in range(length):
            to_held[at + step] = held_at + step
            to_claim[held_at + step] = at + step
        first, held_first = at + length, held_at + length
    return Alignment(claim, held, to_held, to_claim, changes, _clauses(claim), heading)


def _blocks(claim: Sequence[Token], held: Sequence[Token]) -> list[Block]:
    """The runs of tokens that the two share, in the order of both.

    A longest common sequence may take 租 of 租赁期 from an earlier 租; such a run is moved to the words it belongs to.
    """
    keys, held_keys = [token.key for token in claim], [token.key for token in held]
    blocks = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(keys, held_keys)
        if op.tag == "equal"
    ]
    for number in range(len(blocks) - 2, -1, -1):
        at, held_at, length = blocks[number]
        following, held_following, _ = blocks[number + 1]
        joined = following == at + length
        if held_following - held_at - length > (0 if joined else MAX_EDIT):
            to = held_following - length
            last = to if joined else held_at + 1
            blocks[number] = (at, _same_run(keys, held_keys, blocks[number], range(to, last - 1, -1)), length)
    for number in range(1, len(blocks)):
        at, held_at, length = blocks[number]
        before, held_before, before_length = blocks[number - 1]
        joined = at == before + before_length
        follows = number + 1 < len(blocks) and blocks[number + 1][:2] == (at + length, held_at + length)
        if not follows and held_at - held_before - before_length > (0 if joined else MAX_EDIT):
            to = held_before + before_length
            last = to if joined else held_at - 1
            blocks[number] = (at, _same_run(keys, held_keys, blocks[number], range(to, last + 1)), length)
    return blocks


def _same_run(keys: list[str], held_keys: list[str], block: Block, places: Iterable[int]) -> int:
    """The first of some places of the provision with the block's tokens, else where it is."""
    at, held_at, length = block
    run = keys[at : at + length]
    return next((place for place in places if held_keys[place : place + length] == run), held_at)


def _clauses(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    found, first = [], 0
    for at, token in enumerate(tokens, 1):
        if token.text in _CLAUSE_ENDS or at == len(tokens):
            found.append((first, at))
            first = at
    return found
