"""A follow-up that names a place or a day where the rule that answered before does not apply.

那搬到江西呢 after a question that a regulation of Guangdong answered: what applies there and speaks to the matter comes
first, then the regulation, with its article on where it applies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering.applicability import applies_where_asked
from assistant.answering.extractive import MAX_PROVISIONS, SCORE_MARGIN, close
from assistant.indexing.validity import validity_on
from assistant.retrieval.fusion import DEFAULT_WEIGHTS
from assistant.schema import Hit, Metadata, Query, ValidityState

# What applies speaks to the same matter when its score comes this close to that of the rule that answered before,
# which counts without its lift. Of 17 follow-ups of the tuning files, right ones are 0.30 away at most, wrong 0.37.
MARGIN = 0.32


def beyond(query: Query, metadata: Mapping[str, Metadata]) -> Query:
    """Return a follow-up as one that searches all documents where the one it keeps does not apply at its place.

    Where the rule that answered before was not in force yet on the day it now tells, that rule must say so: it is
    searched though the day leaves it out.
    """
    if not query.topic:
        return query
    before = metadata.get(query.topic[0].partition(":")[0])
    dated = before is not None and query.dated and not query.doc_ids
    if before is not None and dated and validity_on(before, query.as_of).state is ValidityState.NOT_YET:
        return replace(query, doc_ids=(before.id,))
    if not query.doc_ids or not _left(query, metadata):
        return query
    own = any(one for one in query.doc_ids if applies_where_asked(query, metadata[one]))
    return query if own else replace(query, doc_ids=())


def elsewhere(hits: Sequence[Hit], query: Query, metadata: Mapping[str, Metadata]) -> tuple[Hit, ...]:
    """Return what to quote where the rule that answered before does not apply: what does, then that rule; else ()."""
    if not query.topic or not _left(query, metadata):
        return ()
    before = [hit for hit in close(hits) if not applies_where_asked(query, metadata[hit.provision.doc_id])]
    applying = [hit for hit in hits if applies_where_asked(query, metadata[hit.provision.doc_id])]
    if not before or not applying:
        return ()
    lift = DEFAULT_WEIGHTS.topic if before[0].provision.id in query.topic[:1] else 0.0
    if applying[0].score < before[0].score - lift - MARGIN:
        return ()
    near = [hit for hit in applying if hit.score >= applying[0].score - SCORE_MARGIN]
    return (*near, *before[:1])[:MAX_PROVISIONS]


def _left(query: Query, metadata: Mapping[str, Metadata]) -> bool:
    """Return whether the document that answered before does not apply at the place that is asked about."""
    row = metadata.get(query.topic[0].partition(":")[0])
    return row is not None and bool(query.places) and not applies_where_asked(query, row)
