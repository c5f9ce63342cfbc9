"""A question of several questions, taken apart: each part is answered by itself and keeps its place in the question."""

from dataclasses import dataclass, replace

from assistant.retrieval.terms import general_terms_for, terms_for
from assistant.schema import Query


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One of the questions in a question: query.text == whole.text[start:end]."""

    query: Query
    start: int
    end: int


def parts_of_query(query: Query) -> tuple[QueryPart, ...]:
    """Return the parts of a question that stand in it as written, in its order; none where it asks one thing.

    Place, date and documents are those of the whole question. A question that names provisions is not taken apart: what
    is named is shown.
    """
    if query.references or len(query.parts) < 2:
        return ()
    found: list[QueryPart] = []
    at = 0
    for part in query.parts:
        start = query.text.find(part.search_text, at)
        if start < 0:
            return ()  # a corrected spelling or a name taken out: no span of the question says it
        at = start + len(part.search_text)
        words = part.search_text
        asked = replace(
            query,
            text=words,
            search_text=words,
            terms=terms_for(words),
            general=general_terms_for(words),
            focus=part.beside,
            parts=(),
            asked="",
            slices=(),
        )
        found.append(QueryPart(asked, start, at))
    return tuple(found)
