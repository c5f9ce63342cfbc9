"""Whether a quote stands in the document it is said to come from, to the letter."""

from assistant.indexing.index import Snapshot
from assistant.schema import Citation


def quote_stands(snapshot: Snapshot, citation: Citation) -> bool:
    """Return whether the live document has exactly this quote at this span, inside the provision that is cited."""
    found = snapshot.provisions([citation.provision]).get(citation.provision)
    if found is None or not found.start <= citation.start < citation.end <= found.end:
        return False
    return snapshot.text(found.doc_id, citation.start, citation.end) == citation.quote
