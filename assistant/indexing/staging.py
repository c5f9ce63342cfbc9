"""Documents on their way into an index: rows in a database file of their own, beside the live one.

What is staged is no part of the index. The file is made anew by every writer and removed by it; a kill leaves it
behind, and the next writer starts another. So the memory that an ingest takes does not grow with the corpus, and the
one transaction that makes it live only copies rows.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.indexing.prepare import NUMBERED, TABLES, Prepared

STAGING_FILE = "staging.sqlite3"
# Rows copied between two reports of progress.
CHUNK = 5_000

# A staged text stands in `texts` once for each place it is used; `missing` has each text without a vector once.
_TEXTS = """
CREATE TABLE staged.texts (hash TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE staged.missing (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
"""


class Staging:
    """The staged documents of one writer, attached to its connection as the schema `staged`."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._file = folder / STAGING_FILE
        self._remove_file()
        connection.execute("ATTACH DATABASE ? AS staged", (str(self._file),))
        # Nothing here outlives the process, so nothing needs to reach the disk.
        connection.execute("PRAGMA staged.journal_mode = MEMORY")
        connection.execute("PRAGMA staged.synchronous = OFF")
        for table, columns in TABLES.items():
            connection.execute(f"CREATE TABLE staged.{table} AS SELECT {columns} FROM main.{table} WHERE 0")
        connection.executescript(_TEXTS)

    def close(self) -> None:
        """Forget what is staged."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.execute("DETACH DATABASE staged")
        self._remove_file()

    def add(self, prepared: Prepared) -> None:
        """Stage a document after those staged before it."""
        self._connection.execute("BEGIN")
        for table, columns in TABLES.items():
            marks = ", ".join("?" * (columns.count(",") + 1))
            self._connection.executemany(f"INSERT INTO staged.{table} VALUES ({marks})", prepared.rows[table])
        self._connection.executemany("INSERT INTO staged.texts VALUES (?, ?)", prepared.texts.items())
        self._connection.execute("COMMIT")

    def documents(self) -> list[str]:
        """Return the ids of the staged documents, in order."""
        return [row[0] for row in self._connection.execute("SELECT id FROM staged.documents ORDER BY rowid")]

    def count(self, table: str) -> int:
        """Return how many rows of a table are staged."""
        return int(self._connection.execute(f"SELECT count(*) FROM staged.{table}").fetchone()[0])

    def distinct_texts(self) -> int:
        """Return how many different texts the staged documents have."""
        return int(self._connection.execute("SELECT count(DISTINCT hash) FROM staged.texts").fetchone()[0])

    def find_missing(self) -> int:
        """List the texts that have no vector, short ones first, and return how many there are."""
        self._connection.execute("DELETE FROM staged.missing")
        self._connection.execute(
            "INSERT INTO staged.missing (hash, text) SELECT hash, text FROM staged.texts t"
            " WHERE NOT EXISTS (SELECT 1 FROM main.embeddings e WHERE e.hash = t.hash)"
            " GROUP BY hash ORDER BY length(text), hash"
        )
        return self.count("missing")

    def missing(self, first: int, last: int) -> list[tuple[str, str]]:
        """Return (hash, text) of the missing texts number `first` to `last`, counted from 1."""
        query = "SELECT hash, text FROM staged.missing WHERE id BETWEEN ? AND ? ORDER BY id"
        return list(self._connection.execute(query, (first, last)))

    def missing_texts(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return content hash → text of those of some missing texts."""
        marks = ", ".join("?" * len(hashes))
        return dict(self._connection.execute(f"SELECT hash, text FROM staged.missing WHERE hash IN ({marks})", hashes))

    def still_missing(self, hashes: Sequence[str]) -> set[str]:
        """Return those of some content hashes whose texts are listed as missing and still have no vector."""
        marks = ", ".join("?" * len(hashes))
        query = (
            f"SELECT hash FROM staged.missing m WHERE hash IN ({marks})"
            " AND NOT EXISTS (SELECT 1 FROM main.embeddings e WHERE e.hash = m.hash)"
        )
        return {row[0] for row in self._connection.execute(query, hashes)}

    def rows(self) -> int:
        """Return how many rows `copy` copies."""
        return sum(self.count(table) for table in TABLES)

    def copy(self, rowid_offset: int) -> Iterator[int]:
        """Copy every row into the live tables, and yield how many are copied so far.

        Args:
            rowid_offset: the highest row id of the live units; staged units and their full text are numbered on.
        """
        done = 0
        for table, columns in TABLES.items():
            rows = f"INSERT INTO main.{table} ({columns}) SELECT {columns}"
            if table in NUMBERED:
                rows = f"INSERT INTO main.{table} (rowid, {columns}) SELECT rowid + {rowid_offset}, {columns}"
            for start in range(0, self.count(table), CHUNK):
                query = f"{rows} FROM staged.{table} WHERE rowid > ? AND rowid <= ? ORDER BY rowid"
                done += self._connection.execute(query, (start, start + CHUNK)).rowcount
                yield done

    def _remove_file(self) -> None:
        for file in (self._file, self._file.with_name(f"{STAGING_FILE}-journal")):
            file.unlink(missing_ok=True)
