"""Which documents a search may look at, decided once per corpus and scope, with the reason for each that it may not.

Nothing unknown filters: a document without dates is in force whenever it is asked for, one without an area everywhere.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from assistant.indexing.index import Snapshot
from assistant.indexing.validity import validity_on
from assistant.indexing.versions import years_of
from assistant.places import Sight, narrowed, sees
from assistant.schema import Metadata, Reason, Scope, ValidityState, Versions

# How many (corpus, scope) pairs are remembered: a page and a batch ask with few scopes, mostly today's and no place.
REMEMBERED = 64
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_OUT_OF_FORCE = frozenset({ValidityState.REPEALED, ValidityState.EXPIRED, ValidityState.NOT_YET})


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a scope makes of a corpus.

    Attributes:
        out: document id → why it is outside; where the question names documents, of those only.
        only: the documents that are searched where the question names some; empty where all of the others are.
        possible: documents inside that apply in a part of the asker's area only: 广东 asks, the rule is 佛山's.
        searched: number of documents inside.
    """

    out: Mapping[str, Reason]
    only: frozenset[str]
    possible: frozenset[str]
    searched: int

    def keeps(self, doc_id: str) -> bool:
        """Return whether a document may be searched."""
        return doc_id not in self.out and (not self.only or doc_id in self.only)


class _Memory(OrderedDict[K, V]):
    """The values of the last `REMEMBERED` new keys; what is forgotten is made again."""

    def recall(self, key: K, make: Callable[[], V]) -> V:
        found = self.get(key)
        if found is None:
            found = self[key] = make()
            while len(self) > REMEMBERED:
                self.popitem(last=False)
        return found


_sieves: _Memory[tuple[int, str, Scope], Sieve] = _Memory()
_times: _Memory[tuple[int, str, Scope], Mapping[str, Reason]] = _Memory()
_areas: _Memory[tuple[int, str], Mapping[str, tuple[str, ...]]] = _Memory()


def sieve_of(snapshot: Snapshot, scope: Scope) -> Sieve:
    """Return what a scope makes of the snapshot's corpus, remembered for the next question with the same scope.

    What date and versions leave out, and which documents are of which area, is remembered by itself: most questions
    differ in place or in the documents they name, and not in these.
    """
    version, metadata = snapshot.version, snapshot.metadata()

    def make() -> Sieve:
        timely = replace(scope, regions=(), kinds=(), levels=(), doc_ids=scope.doc_ids if scope.years else ())
        by_time = _times.recall((*version, timely), lambda: _by_time(metadata, timely))
        return decide(metadata, scope, by_time, _areas.recall(version, lambda: _by_area(metadata)))

    return _sieves.recall((*version, scope), make)


def decide(
    metadata: Mapping[str, Metadata],
    scope: Scope,
    by_time: Mapping[str, Reason] | None = None,
    by_area: Mapping[str, tuple[str, ...]] | None = None,
) -> Sieve:
    """Return which documents are outside a scope, and why.

    Kind and level are asked for outright and always hold. Of several versions of a Work the one in force answers, or
    those the question asks for. Place and date hold for documents that the question does not name: who names another
    province's regulation, or one that has lapsed, wants to see it, and the answer says what it is worth.

    Args:
        metadata: of every document.
        scope: what may be searched.
        by_time: what date and versions leave out, where that is known already.
        by_area: the documents of each area, where that is known already.
    """
    named = frozenset(scope.doc_ids) & metadata.keys()
    out: dict[str, Reason] = {}
    for doc_id in (named or metadata) if scope.kinds or scope.levels else ():
        row = metadata[doc_id]
        if scope.kinds and row.kind not in scope.kinds:
            out[doc_id] = Reason.KIND
        elif scope.levels and row.level is not None and row.level not in scope.levels:
            out[doc_id] = Reason.LEVEL
    for doc_id, reason in (_by_time(metadata, scope) if by_time is None else by_time).items():
        if not named or (doc_id in named and reason is Reason.VERSION and _has_rival(metadata, named, doc_id)):
            out.setdefault(doc_id, reason)
    possible: set[str] = set()
    if scope.regions and not named:
        for area, doc_ids in (_by_area(metadata) if by_area is None else by_area).items():
            sights = {sees(region, area) for region in scope.regions}
            if Sight.APPLIES in sights:
                continue
            if Sight.POSSIBLE in sights:
                possible.update(doc_ids)
            else:
                for doc_id in doc_ids:
                    out.setdefault(doc_id, Reason.JURISDICTION)
    searched = len(named or metadata) - len(out)
    return Sieve(MappingProxyType(out), named, frozenset(possible - out.keys()), searched)


def _by_area(metadata: Mapping[str, Metadata]) -> dict[str, tuple[str, ...]]:
    """Return the documents of each area, as narrow as their titles say."""
    found: dict[str, list[str]] = defaultdict(list)
    for doc_id, row in metadata.items():
        found[narrowed(row.jurisdiction, row.title)].append(doc_id)
    return {area: tuple(doc_ids) for area, doc_ids in found.items()}


def _has_rival(metadata: Mapping[str, Metadata], named: Iterable[str], doc_id: str) -> bool:
    """Return whether another version of the same Work is named too: a name that fits one version alone means it."""
    work = metadata[doc_id].work
    return bool(work) and any(other != doc_id and metadata[other].work == work for other in named)


def _by_time(metadata: Mapping[str, Metadata], scope: Scope) -> dict[str, Reason]:
    """Return the documents that date and version leave out."""
    if scope.versions is Versions.ALL:
        return {}
    works: dict[str, list[Metadata]] = defaultdict(list)
    for doc_id, row in metadata.items():
        works[row.work or doc_id].append(row)
    out: dict[str, Reason] = {}
    for versions in works.values():
        out |= _of_a_work(versions, scope)
    # What a later document says it replaces, be it of another Work, is replaced from that one's first day on.
    for row in metadata.values():
        if row.supersedes and row.id not in out and started(row, scope.as_of):
            for doc_id in row.supersedes:
                if doc_id in metadata and not _asked_for(metadata[doc_id], scope):
                    out.setdefault(doc_id, Reason.VERSION)
    return out


def _of_a_work(versions: list[Metadata], scope: Scope) -> dict[str, Reason]:
    """Return which versions of one Work do not answer."""
    asked = {row.id for row in versions if _asked_for(row, scope)}
    if asked:
        return {row.id: Reason.VERSION for row in versions if row.id not in asked}
    lapsed = {row.id for row in versions if validity_on(row, scope.as_of).state in _OUT_OF_FORCE}
    running = [row for row in versions if row.id not in lapsed]
    # Of those in force, the one that started last has taken the others' place, said or not.
    latest = max((start for row in running if (start := _start(row))), default=None)
    replaced = {row.id for row in running if latest and (start := _start(row)) and start < latest}
    if scope.versions is Versions.EARLIER:
        current = [row for row in running if row.id not in replaced]
        before = replaced | {row.id for row in versions if row.id in lapsed and not _ahead(row, scope.as_of)}
        if before:
            return {row.id: Reason.VERSION for row in (*current, *versions) if row.id not in before}
    answers = len(running) > len(replaced)
    return dict.fromkeys(lapsed | replaced, Reason.VERSION if answers else Reason.TIME)


def _asked_for(row: Metadata, scope: Scope) -> bool:
    """Return whether the question asks for this version by its year; a question that names documents means theirs."""
    if not scope.years or (scope.doc_ids and row.id not in scope.doc_ids):
        return False
    return not years_of(row).isdisjoint(scope.years)


def _ahead(row: Metadata, as_of: date) -> bool:
    """Return whether a document is surely not in force yet: not even issued, where its start is not known."""
    start = _start(row)
    return start is not None and start > as_of


def started(row: Metadata, as_of: date) -> bool:
    """Return whether a document had started by `as_of`, as far as is known."""
    start = _start(row)
    return start is not None and start <= as_of


def _start(row: Metadata) -> date | None:
    """Return when a version started; its issue where nobody knows better, which tells at least which came later."""
    return row.effective or row.promulgated
