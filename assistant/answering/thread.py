"""Whether a turn goes on with the matter before it: what the corpus and the turn's own words say of that.

A turn that names a matter of its own is near another provision than the one that answered before; one that goes on
is as near to that as to any. How near, how much it says, and how it begins are put together by the fitted weights of
`data/thread.toml`, as the gate does for what is found.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.answering.asked import facts_asked
from assistant.answering.extractive import close
from assistant.answering.follow_up_facts import TABLE
from assistant.answering.follow_ups import SHORT, Turn
from assistant.answering.gate import judge
from assistant.answering.matters import matters_absent
from assistant.answering.ngrams import model
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.retrieval.fusion import ASKED_FROM
from assistant.retrieval.hybrid import search
from assistant.retrieval.lookup import look_up
from assistant.schema import WHOLE_COUNTRY, Query

HITS = 10  # as the gate was fitted on
MAX_BARE = 9  # characters of a turn that is all question
MAX_GAP = 0.6  # a turn that is farther off than this is no farther off
UNKNOWN_GAP = 0.3  # nothing answered the question before
MAX_MATTER = 6  # words; more say no more
MAX_WORDING = 3.0  # beyond, its wording says no more
MAX_LENGTH = 30  # characters; more say no more


@dataclass(frozen=True, slots=True)
class Standing:
    """How a turn stands to the question before it.

    Attributes:
        units: what answers the question before, best first; empty where nothing does.
        gap: how much nearer the turn is to the unit nearest to it than to the nearest of `units`, from 0.
        best: cosine of the known question that is most like the turn.
        absent: whether the turn names a matter that no document speaks of.
        national: the documents of the whole country, where there are others, too.
    """

    units: tuple[str, ...]
    gap: float
    best: float
    absent: bool
    national: tuple[str, ...] = ()


Stands = Callable[[Query, Turn], Standing]


@dataclass(frozen=True, slots=True)
class Thread:
    """The fitted model: score = bias + Σ weight × signal, and the score from which a turn goes on."""

    bias: float
    threshold: float
    weights: Mapping[str, float]
    patterns: Mapping[str, re.Pattern[str]]

    def score(self, signals: Mapping[str, float]) -> float:
        """Return the score of `signals`; the higher, the surer the turn goes on."""
        return self.bias + sum(weight * signals[name] for name, weight in self.weights.items())


@cache
def default_thread() -> Thread:
    """Return the model of `data/thread.toml`."""
    table = tomllib.loads(files("assistant.answering").joinpath("data/thread.toml").read_text(encoding="utf-8"))
    return Thread(
        float(table["bias"]),
        float(table["threshold"]),
        {name: float(weight) for name, weight in table["weights"].items()},
        {name: re.compile("|".join(f"(?:{one})" for one in rows)) for name, rows in table["patterns"].items()},
    )


def standing(snapshot: Snapshot, embedder: Embedder, before: Query, turn: Turn) -> Standing:
    """Return how a turn stands to a question, completed, before it."""
    units = units_of(snapshot, embedder, before)
    [vector] = embedder.embed_queries([turn.text])
    asked = snapshot.near_asked(vector)
    metadata = snapshot.metadata()
    national = tuple(row.id for row in metadata.values() if row.jurisdiction == WHOLE_COUNTRY)
    near = [unit for unit, _ in snapshot.search_vectors(vector, HITS)]
    found = snapshot.cosines(list(dict.fromkeys((*units, *near, *asked))), vector)
    scores = {
        unit: one.article
        + (float(one.sentences.max()) if len(one.sentences) else one.article)
        + max(asked.get(unit, 0.0) - ASKED_FROM, 0.0)
        for unit, one in found.items()
    }
    kept = max((scores.get(unit, 0.0) for unit in units), default=0.0)
    return Standing(
        units=units,
        gap=max(scores.values(), default=0.0) - kept if units else UNKNOWN_GAP,
        best=max(asked.values(), default=0.0),
        absent=bool(matters_absent(snapshot, turn.text)),
        national=national if len(national) < len(metadata) else (),
    )


def units_of(snapshot: Snapshot, embedder: Embedder, query: Query) -> tuple[str, ...]:
    """Return the articles and parts that answer a question, best first: those it names, else those found for it."""
    for lookup in look_up(snapshot, query, snapshot.metadata()):
        if lookup.provisions:
            return tuple(dict.fromkeys(one.id.partition(".")[0] for one in lookup.provisions))
    hits = search(snapshot, embedder, query, HITS)
    if not hits.hits or not judge(snapshot, query, hits).opens:
        return ()
    return tuple(hit.provision.id for hit in close(hits))


def thread_signals(turn: Turn, stands: Standing, before: str, *, hangs: bool) -> dict[str, float]:
    """Return what speaks for and against a turn going on.

    gap, best, absent: as `Standing` says; matter, length: how much the turn says, as shares of what counts; bare:
    that it says nothing of its own; shared: share of its words that stand in the question before; terms: that its
    words stand for a term of art; hangs: that its wording points back; one for each pattern of the table.
    """
    words = len(turn.matter)
    known = sum(word in before for word in turn.matter)
    found = {name: float(bool(one.search(turn.text))) for name, one in default_thread().patterns.items()}
    return {
        "gap": min(stands.gap, MAX_GAP),
        "best": stands.best,
        "absent": float(stands.absent),
        "wording": min(max(model("matters").score(turn.text), -MAX_WORDING), MAX_WORDING) if turn.matter else 0.0,
        "matter": min(words, MAX_MATTER) / MAX_MATTER,
        "length": min(len(turn.text), MAX_LENGTH) / MAX_LENGTH,
        "bare": float(not words),
        "shared": known / words if words else 0.0,
        "terms": float(bool(turn.query.terms)),
        "hangs": float(hangs),
        **found,
    }


def goes_on(turn: Turn, stands: Standing, before: str, *, hangs: bool) -> bool:
    """Return whether a turn goes on with the matter before it; one that is all question does (一年几趟)."""
    bare = len(turn.text) <= MAX_BARE and len(turn.matter) <= 1 and not stands.absent
    if bare and facts_asked(turn.text[slice(*turn.body)], TABLE):
        return True
    told = turn.query.places and not turn.asks and len(turn.matter) <= 1 and len(turn.text) <= SHORT
    if told and not stands.absent:  # 他改主意了，说要去湖北 tells another place and asks nothing
        return True
    thread = default_thread()
    return thread.score(thread_signals(turn, stands, before, hangs=hangs)) >= thread.threshold
