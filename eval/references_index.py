"""A database of documents for measuring references: rows and full text as the product writes them, no vectors."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from assistant.indexing import database, lexical, rows
from assistant.indexing.links_titles import Titles
from assistant.indexing.prepare import TABLES, prepare
from assistant.indexing.tokens import LexicalTokenizer
from assistant.schema import Parsed

WITHOUT_TEXT = ("documents", "provisions", "links")


def write(folder: Path, documents: Iterable[Parsed], tokenizer: LexicalTokenizer | None = None) -> sqlite3.Connection:
    """Return a connection to a new database with these documents; with full text where a tokenizer is given.

    An id that comes twice keeps its first document.
    """
    database.create(folder, {})
    connection = database.connect(folder, write=True)
    connection.execute("PRAGMA synchronous = OFF")
    units = 0
    seen = set()
    connection.execute("BEGIN")
    for parsed in documents:
        if parsed.document.id in seen:
            continue
        seen.add(parsed.document.id)
        if tokenizer is None:
            found = rows.document_rows(parsed, origin="added", fingerprint="", hashes=defaultdict(str))
            tables = {table: found[table] for table in WITHOUT_TEXT}
        else:
            prepared = prepare(parsed, "added", "", tokenizer)
            tables = {table: list(prepared.rows[table]) for table in TABLES if table != "sentences"}
        for table, lines in tables.items():
            marks = ", ".join("?" * (TABLES[table].count(",") + 1))
            connection.executemany(f"INSERT INTO {table} ({TABLES[table]}) VALUES ({marks})", lines)
        units += sum(provision.unit for provision in parsed.provisions)
    if tokenizer is not None:
        lexical.tend(connection, units)
    database.set_meta(connection, units=str(units))
    connection.execute("COMMIT")
    return connection


def titles(connection: sqlite3.Connection) -> Titles:
    """Return the names of the documents of a database."""
    found = connection.execute("SELECT id, metadata FROM documents ORDER BY id")
    return Titles({doc_id: rows.load_metadata(text) for doc_id, text in found})
