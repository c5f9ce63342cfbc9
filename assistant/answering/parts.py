"""A question of several questions, taken apart: each part is answered by itself and keeps its place in the question."""

from dataclasses import dataclass, replace

from assistant.answering.matters import matters_absent
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.retrieval.focus import asking_spans
from assistant.retrieval.terms import general_terms_for, terms_for
from assistant.retrieval.wordlists import corrected
from assistant.schema import Query

MAX_PARTS = 3
MIN_PART = 5  # characters of a part that can be asked alone
# A part as near as this to a question that a provision is known to answer names its own matter.
OWN_MATTER = 0.55


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One of the questions in a question: query.text == whole.text[start:end]."""

    query: Query
    start: int
    end: int


def parts_of_query(snapshot: Snapshot, embedder: Embedder, query: Query) -> tuple[QueryPart, ...]:
    """Return the parts of a question, in its order; none where it asks one thing.

    A part names its own matter: by a term, by being like a question that is known, or by a matter of other rules. What
    does not (降多少) belongs to the part before it. Place, date and documents are those of the whole question. A
    question that names provisions, or follows up, is not taken apart.
    """
    text = query.text
    if query.references or query.unheld or query.slices or query.asked_text != text:
        return ()
    spans: list[tuple[int, int]] = []
    for start, end in asking_spans(text):
        if spans and not (end - start >= MIN_PART and _names_its_matter(snapshot, embedder, text[start:end])):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if not 2 <= len(spans) <= MAX_PARTS or not _names_its_matter(snapshot, embedder, text[slice(*spans[0])]):
        return ()
    return tuple(_part(query, start, end) for start, end in spans)


def _names_its_matter(snapshot: Snapshot, embedder: Embedder, part: str) -> bool:
    if terms_for(part) or matters_absent(snapshot, part):
        return True
    [vector] = embedder.embed_queries([corrected(part)])
    return max(snapshot.near_asked(vector).values(), default=0.0) >= OWN_MATTER


def _part(query: Query, start: int, end: int) -> QueryPart:
    text = query.text[start:end]
    words = corrected(text)
    asked = replace(
        query,
        text=text,
        search_text=words,
        terms=terms_for(words),
        general=general_terms_for(words),
        focus="",
        parts=(),
        asked="",
    )
    return QueryPart(asked, start, end)
