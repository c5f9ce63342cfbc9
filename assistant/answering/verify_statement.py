"""Whether a sentence that a model wrote may be shown: every check compares it with the words under the keys it names.

We err on the side of withholding: the extractive answer stands beside it. A sentence passes where it writes no label of
its own, each of its numbers, names and weighty words occurs in those words, nothing of force or negation changed, no
condition was left out, and what it speaks about is there (support).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.answering.prompts import Evidence
from assistant.answering.statement_sense import all_pairs, condition_lost, effective, turned
from assistant.answering.statement_words import (
    foreign_words,
    is_fragment,
    other_labels,
    other_name,
    other_number,
    other_word,
    yes_or_no,
)
from assistant.answering.statements import Drafted, Reason
from assistant.citing.claims import compare_claim
from assistant.citing.comparable import fold
from assistant.citing.matters import share, statements
from assistant.schema import Content

MIN_PAIRS = 3  # a sentence that speaks about less (可以。) says nothing that could be compared

Similarity = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Support:
    """From where on a statement speaks about what the provision speaks about; measured in eval/reports/generation.md.

    Attributes:
        coverage: share of its pairs of characters that the provision has.
        clause: the same of each clause: nothing is hung on a true sentence.
        cosine: of the embedder, to the nearest sentence cited.
    """

    coverage: float = 0.7
    clause: float = 0.5
    cosine: float = 0.6


SUPPORT = Support()


UNCHECKED = frozenset({Reason.NO_KEY, Reason.NOTHING})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a statement.

    Attributes:
        reason: None where it is verified.
        detail: the word or number that decided; for measurement, never shown.
        coverage: share of what it speaks about that the cited words have, in [0, 1].
        cosine: of the embedder, to the nearest cited sentence; 0 where it was not asked.
        keys: those of its keys whose words it stands on, each alone; empty where it is not verified.
    """

    reason: Reason | None
    detail: str = ""
    coverage: float = 0.0
    cosine: float = 0.0
    keys: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether it may be shown."""
        return self.reason is None

    @property
    def checked(self) -> bool:
        """Whether there was something to compare it with."""
        return self.reason not in UNCHECKED


def verify_statement(
    drafted: Drafted,
    evidence: Mapping[str, Evidence],
    question: str,
    similarity: Similarity | None = None,
    support: Support = SUPPORT,
) -> Verdict:
    """Return what a statement is worth beside the evidence whose keys it names.

    One provision must bear it alone: a number of the one said of the matter of another would stand in neither.

    Args:
        drafted: the sentence and its keys.
        evidence: by key, what the model was shown and may rely on.
        question: for the names of places and bodies in it; nothing else of it supports anything.
        similarity: cosine of a statement and a text; None leaves it out.
        support: the thresholds.
    """
    if not drafted.keys:
        return Verdict(Reason.NO_KEY)
    if any(key not in evidence for key in drafted.keys):
        return Verdict(Reason.UNKNOWN_KEY, next(key for key in drafted.keys if key not in evidence))
    verdicts = [_verdict(drafted.text, evidence[key], question, similarity, support) for key in drafted.keys]
    standing = tuple(key for key, one in zip(drafted.keys, verdicts, strict=True) if one.verified)
    best = next((one for one in verdicts if one.verified), max(verdicts, key=lambda one: one.coverage))
    return replace(best, keys=standing)


def _verdict(text: str, cited: Evidence, question: str, similarity: Similarity | None, support: Support) -> Verdict:
    original = cited.text
    said, held, asked = fold(text), fold(original), fold(question)
    titles = fold(cited.title)
    told = statements(said)
    pairs = frozenset().union(*(one.pairs for one in told))
    if is_fragment(said):
        return Verdict(Reason.NOTHING)
    own = other_labels(text, said, original, held) or foreign_words(said, held, asked)
    if own:
        return Verdict(Reason.LABEL, own)
    if number := other_number(said, held):
        return Verdict(Reason.NUMBER, number)
    if name := other_name(said, held, asked):
        return Verdict(Reason.NAME, name)
    match = compare_claim(text, original)
    theirs = [clause for one in statements(held) for clause in effective(one)]
    coverage = share(pairs, frozenset().union(*(one.clause.pairs for one in theirs)))
    if match.content is Content.CONTRADICTED:
        return Verdict(Reason.CONTRADICTED, match.reasons[0], coverage)
    if match.content is not Content.VERBATIM:
        if len(pairs) < MIN_PAIRS:
            return Verdict(Reason.NOTHING)
        if word := yes_or_no(told) or other_word(said, held, titles):
            return Verdict(Reason.WORD, word, coverage)
    if lost := condition_lost(said, pairs, held):
        return Verdict(Reason.CONDITION, lost, coverage)
    if match.content is Content.VERBATIM:
        return Verdict(None, "", 1.0, 1.0)
    for one in told:
        for ours in effective(one):
            if (wrong := turned(ours, theirs)) is not None:
                return Verdict(wrong[0], wrong[1], coverage)
            if len(ours.clause.pairs) >= MIN_PAIRS and share(ours.clause.pairs, all_pairs(theirs)) < support.clause:
                return Verdict(Reason.UNSUPPORTED, ours.clause.text, coverage)
    if coverage < support.coverage:
        return Verdict(Reason.UNSUPPORTED, "", coverage)
    cosine = similarity(text, original) if similarity else 1.0
    return Verdict(None if cosine >= support.cosine else Reason.UNSUPPORTED, "", coverage, cosine)
