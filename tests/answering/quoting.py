"""Citations for tests: of whole provisions of the corpus, of one of their sentences, or of a law that was made up."""

from collections.abc import Mapping
from datetime import date

from assistant.answering.extractive import Quote, quotes_of_provision
from assistant.indexing.index import Snapshot
from assistant.indexing.validity import validity_on
from assistant.parsing.force import classify
from assistant.schema import Citation, Kind, Metadata, Provision, Validity, ValidityState

DAY = date(2026, 1, 1)


class Quoting:
    """What an answer would quote, over one snapshot of the corpus."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.metadata: Mapping[str, Metadata] = snapshot.metadata()

    def provisions(self, citations: tuple[Citation, ...]) -> dict[str, Provision]:
        """Return the provisions of citations by id."""
        return dict(self._snapshot.provisions([one.provision for one in citations]))

    def citations(self, *ids: str) -> tuple[Citation, ...]:
        """Return one citation for each of the provisions, whole."""
        found = self._snapshot.provisions(ids)
        quotes = [quotes_of_provision(self._snapshot, found[one])[0] for one in ids]
        return tuple(self._citation(key, quote) for key, quote in enumerate(quotes, start=1))

    def sentence(self, unit: str, words: str) -> tuple[Citation, ...]:
        """Return the sentence of a provision that holds some words, cited alone."""
        for one in self._snapshot.sentences(self._snapshot.provisions([unit])[unit]):
            if words in one.text:
                return (self._citation(1, Quote(one.provision, one.start, one.end, one.text, one.force)),)
        raise LookupError(words)

    def invented(self, quote: str, kind: Kind = Kind.STATUTE) -> tuple[Citation, ...]:
        """Return a citation of a text that no document of the corpus has."""
        sentences = [f"{one}。" for one in quote.split("。") if one]
        force = tuple(dict.fromkeys(one for sentence in sentences for one in classify(sentence, kind)))
        validity = Validity(ValidityState.UNKNOWN, None, None, DAY)
        return (Citation(1, "x:a1", "某条例", "第一条", quote, 7, 7 + len(quote), force, "440000", validity),)

    def _citation(self, key: int, quote: Quote) -> Citation:
        provision = self._snapshot.provisions([quote.provision])[quote.provision]
        row = self.metadata[provision.doc_id]
        validity = validity_on(row, DAY)
        return Citation(
            key, provision.id, row.title, provision.label, quote.text, quote.start, quote.end, quote.force,
            row.jurisdiction, validity,
        )  # fmt: skip
