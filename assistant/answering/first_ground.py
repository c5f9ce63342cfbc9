"""The first ground of a question: the provision that a follow-up (这条原文, 第二款呢) means where no turn named one."""

from assistant.answering.gate import judge
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.retrieval.hybrid import search
from assistant.retrieval.lookup import look_up
from assistant.schema import Provision, Query

HITS = 10  # as the gate was fitted on


def first_ground(snapshot: Snapshot, embedder: Embedder, query: Query) -> Provision | None:
    """Return the provision that a question names, else the article or part that answers it first; None for none."""
    for lookup in look_up(snapshot, query, snapshot.metadata()):
        if lookup.provisions:
            return lookup.provisions[0]
    hits = search(snapshot, embedder, query, HITS)
    opens = hits.hits and judge(snapshot, query, hits).opens
    return hits[0].provision if opens else None
