"""A parsed document as the rows and texts that an index takes: all the work that needs no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.indexing.lexical import full_text_row
from assistant.indexing.rows import COLUMNS, Row, document_rows
from assistant.indexing.texts import embedded_texts, vector_id
from assistant.indexing.tokens import LexicalTokenizer
from assistant.schema import Parsed

# Tables that a document's rows go to, with their columns. A unit and its full text share a row id: they stand in the
# same order, one row of `full_text` for each of `units`.
TABLES = {**COLUMNS, "units": "provision, doc_id, vector_id, hash", "full_text": "words, bigrams"}
NUMBERED = ("units", "full_text")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as rows; plain values, so that it travels between processes cheaply.

    Attributes:
        rows: table → rows in the order of `TABLES`.
        texts: content hash → text to embed.
        file: the manifest's name of its file.
        warnings: of reading and parsing.
    """

    doc_id: str
    rows: Mapping[str, Sequence[Row]]
    texts: Mapping[str, str]
    file: str = ""
    warnings: tuple[str, ...] = ()


def prepare(parsed: Parsed, origin: str, fingerprint: str, tokenizer: LexicalTokenizer) -> Prepared:
    """Return a parsed document with its full text tokenised and the texts to embed hashed."""
    document = parsed.document
    embedded = embedded_texts(parsed)
    hashes = {**embedded.sentences, **embedded.asked}
    rows: dict[str, Sequence[Row]] = {
        **document_rows(parsed, origin=origin, fingerprint=fingerprint, hashes=hashes),
        "units": [(unit, document.id, vector_id(unit, digest), digest) for unit, digest in embedded.units.items()],
        "full_text": [full_text_row(tokenizer, embedded.texts[digest]) for digest in embedded.units.values()],
    }
    warnings = (*document.warnings, *parsed.warnings)
    return Prepared(document.id, rows, dict(embedded.texts), document.metadata.file, warnings)
