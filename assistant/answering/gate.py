"""拒答: whether the evidence speaks to the question at all.

A score alone cannot decide it: unanswerable questions about this very topic score as high as answerable ones. The gate
only keeps out what is off the topic; which asked-for fact is missing is decided in `assistant.answering.asked`.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.answering.matters import Matter, asks_several, matters_absent
from assistant.answering.ngrams import model
from assistant.answering.precedence import both
from assistant.indexing.index import Snapshot
from assistant.retrieval.fusion import DEFAULT_WEIGHTS
from assistant.retrieval.understanding import without_courtesies
from assistant.schema import Hit, Query

# Matches 5G基站; refuses asdf 1234 and 😀.
_CHINESE = re.compile(r"[一-鿿]")
# Units whose words count as covering the question's.
COVERING = 3
# A score of its wording beyond this says no more: a long story collects many words.
MAX_WORDING = 4.0
# What stands for it where the first hit is of a document whose questions the model does not know: it speaks for it.
UNKNOWN_WORDING = 2.0


@dataclass(frozen=True, slots=True)
class Gate:
    """The fitted model: score = bias + Σ weight × signal, and the score from which evidence speaks."""

    bias: float
    threshold: float
    weights: Mapping[str, float]

    def score(self, signals: Mapping[str, float]) -> float:
        """Return the score of `signals`; higher means the evidence speaks more surely."""
        return self.bias + sum(weight * signals[name] for name, weight in self.weights.items())

    def opens(self, signals: Mapping[str, float]) -> bool:
        """Return whether the evidence speaks to the question."""
        return self.score(signals) >= self.threshold


@cache
def default_gate() -> Gate:
    """Return the gate of `data/gate.toml`."""
    table = tomllib.loads(files("assistant.answering").joinpath("data/gate.toml").read_text(encoding="utf-8"))
    return Gate(float(table["bias"]), float(table["threshold"]), {k: float(v) for k, v in table["weights"].items()})


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the evidence speaks to a question, and what that was judged by.

    Attributes:
        opens: whether it speaks.
        signals: as `gate_signals` says.
        absent: matters of other rules that the question names; what else it asks may have a ground.
    """

    opens: bool
    signals: Mapping[str, float]
    absent: tuple[Matter, ...]


def judge(snapshot: Snapshot, query: Query, hits: Sequence[Hit]) -> Judgement:
    """Return whether what was found speaks to a question.

    Of a long story only what asks can name another matter; a comparison of documents is never off their topic.
    """
    absent = matters_absent(snapshot, query.focus or query.asked_text)
    several = bool(query.terms) and asks_several(query.asked_text)
    signals = gate_signals(snapshot, query, hits, absent=bool(absent) and not several)
    opens = not says_nothing(query, signals) and (both(query) or default_gate().opens(signals))
    return Judgement(opens, signals, absent)


def says_nothing(query: Query, signals: Mapping[str, float]) -> bool:
    """Return whether a question is noise or politeness alone: both are near something, too.

    Noise has no Chinese character and no word of the evidence.
    """
    polite = not _CHINESE.search(without_courtesies(query.search_text)) and bool(_CHINESE.search(query.search_text))
    return polite or (not _CHINESE.search(query.search_text) and not signals["coverage"])


def gate_signals(
    snapshot: Snapshot, query: Query, hits: Sequence[Hit], *, absent: bool = False, wording: float | None = None
) -> dict[str, float]:
    """Return the signals of a question's hits.

    sentence, article: best cosine among the hits; asked: likewise of the questions that units are known to answer,
    above `ASKED_FROM`; coverage: share of the question's distinct words that stand in the first three units, in [0, 1];
    terms, named, absent: 1 where an everyday word stands for a term of art, a held document is named, a matter is named
    that no held document speaks of (`assistant.answering.matters`); else 0. wording: whether the question is worded as
    those about the documents are (`assistant.answering.ngrams`), within ±`MAX_WORDING`.

    Args:
        snapshot: the corpus.
        query: the question.
        hits: what was found for it.
        absent: whether it names a matter of other rules.
        wording: the score of its wording, where a fit asks another model; by default that of the shipped one.
    """
    words = set(snapshot.tokenizer.words(query.search_text))
    found = "".join(hit.provision.text for hit in hits[:COVERING])
    return {
        "sentence": max((hit.signals.get("sentence", 0.0) for hit in hits), default=0.0),
        "article": max((hit.signals.get("article", 0.0) for hit in hits), default=0.0),
        "coverage": sum(word in found for word in words) / len(words) if words else 0.0,
        "asked": max((hit.signals.get("asked", 0.0) for hit in hits), default=0.0) / DEFAULT_WEIGHTS.asked,
        "terms": float(bool(query.terms)),
        "named": float(bool(query.doc_ids)),
        "absent": float(absent),
        "wording": _wording(snapshot, query, hits) if wording is None else _within(wording),
    }


def _wording(snapshot: Snapshot, query: Query, hits: Sequence[Hit]) -> float:
    """Return what the wording says; of documents other than those it was fitted on the model knows nothing."""
    if not hits or not snapshot.has_asked(hits[0].provision.doc_id):
        return UNKNOWN_WORDING
    return _within(model("matters").score(query.asked_text))


def _within(score: float) -> float:
    return max(-MAX_WORDING, min(MAX_WORDING, score))
