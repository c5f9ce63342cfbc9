"""Whether a citation of our own holds: its label leads to its provision, and its quote stands there to the letter.

The label is read and resolved by the code that checks anybody's text; an answer is shown as verified only where that
code, too, arrives at the provision that was meant.
"""

from assistant.citing.find import find_citations
from assistant.citing.folding import Folded
from assistant.citing.names import names_of
from assistant.citing.quotes import stands_in
from assistant.citing.resolve import Library, resolve
from assistant.indexing.index import Snapshot
from assistant.schema import Citation


def citation_holds(snapshot: Snapshot, citation: Citation) -> bool:
    """Return whether the quote stands at its span, and the label, read as any text is, leads to the provision."""
    return quote_stands(snapshot, citation) and label_leads(snapshot, citation)


def label_leads(snapshot: Snapshot, citation: Citation) -> bool:
    """Return whether the document and label of a citation, read as any text is, mean its provision and no other.

    Files that print the same title leave several documents possible: there it is enough that the provision is there.
    """
    names = names_of(snapshot, ())
    found = find_citations(Folded.of(f"《{citation.document}》{citation.label}"), names).found
    if len(found) != 1:
        return False
    library = Library(snapshot, names, citation.validity.as_of)
    resolved = resolve(found[0], library)
    held = snapshot.provisions([citation.provision]).get(citation.provision)
    if held is None or held.label != citation.label or library.row(held.doc_id).title != citation.document:
        return False
    if resolved.row is None or resolved.row.id != held.doc_id:
        return len(library.versions(held.doc_id)) > 1  # another version of the title is meant today
    there = resolved.provision
    return there is not None and there.label == held.label and stands_in(citation.quote, there.text) is not None


def quote_stands(snapshot: Snapshot, citation: Citation) -> bool:
    """Return whether the live document has exactly this quote at this span, inside the provision that is cited."""
    found = snapshot.provisions([citation.provision]).get(citation.provision)
    if found is None or not found.start <= citation.start < citation.end <= found.end:
        return False
    return snapshot.text(found.doc_id, citation.start, citation.end) == citation.quote
