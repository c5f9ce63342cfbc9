"""The SQLite side of an index: tables, connections, and the record of what built it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import IndexMismatchError, IndexMissingError, StoreError
from assistant.indexing.links import LINK_TABLE

DATABASE_FILE = "yiju.sqlite3"
SCHEMA_VERSION = "4"
BUSY_TIMEOUT_S = 30.0

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, origin TEXT NOT NULL, fingerprint TEXT NOT NULL, text_sha256 TEXT NOT NULL,
    metadata TEXT NOT NULL, text TEXT NOT NULL, source_map TEXT NOT NULL, headings TEXT NOT NULL,
    read_warnings TEXT NOT NULL, warnings TEXT NOT NULL, units INTEGER NOT NULL, provisions INTEGER NOT NULL);
CREATE TABLE provisions (
    id TEXT PRIMARY KEY, doc_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    kind TEXT NOT NULL, number TEXT NOT NULL, label TEXT NOT NULL, headings TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, parent TEXT, unit INTEGER NOT NULL);
CREATE INDEX provisions_by_document ON provisions (doc_id, position);
CREATE TABLE sentences (
    id TEXT PRIMARY KEY, doc_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    provision TEXT NOT NULL, unit TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    force TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX sentences_by_document ON sentences (doc_id, position);
CREATE INDEX sentences_by_unit ON sentences (unit, position);
-- Questions that people put, each with the unit that answers it: found by their vectors, never shown as law.
CREATE TABLE asked (
    doc_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, unit TEXT NOT NULL, question TEXT NOT NULL,
    hash TEXT NOT NULL);
CREATE INDEX asked_by_document ON asked (doc_id);
CREATE TABLE units (
    rowid INTEGER PRIMARY KEY, provision TEXT NOT NULL UNIQUE, doc_id TEXT NOT NULL,
    vector_id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL);
CREATE INDEX units_by_document ON units (doc_id);
CREATE VIRTUAL TABLE full_text USING fts5 (words, bigrams, tokenize = "unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE full_text_terms USING fts5vocab (full_text, col);
-- Terms of many units and in how many they are, counted now and then: full_text_terms counts by reading all of them.
CREATE TABLE common_terms (col TEXT, term TEXT, doc INTEGER NOT NULL, PRIMARY KEY (col, term)) WITHOUT ROWID;
-- Vectors by content hash (float16): what makes an interrupted ingest resume where it stopped. A row id of its own
-- keeps the index of hashes small: rows of this size in a WITHOUT ROWID table would stand four to a page.
CREATE TABLE embeddings (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, vector BLOB NOT NULL);
-- Content hashes whose vector may belong to no live text: every vector is of a live text, or its hash stands here.
CREATE TABLE spare (hash TEXT PRIMARY KEY) WITHOUT ROWID;
-- Vector ids that may lie in the vector store without being live: written before a vector is added or goes stale.
CREATE TABLE vector_journal (vector_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""

_TABLES += LINK_TABLE


def connect(folder: Path, *, write: bool = False) -> sqlite3.Connection:
    """Return a connection to the index's database in autocommit mode; readers cannot write or create it."""
    address = f"{(folder / DATABASE_FILE).absolute().as_uri()}?mode={'rwc' if write else 'rw'}"
    connection = sqlite3.connect(address, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=True)
    connection.execute("PRAGMA foreign_keys = ON")
    if not write:
        connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what SQLite says of a damaged, full or forbidden database into one line that says what to do.

    Raises:
        StoreError: instead of SQLite's error; our own mistakes (a wrong statement, a broken constraint) pass through.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"索引 {folder} 无法读写：{error}。请检查磁盘空间和文件夹的读写权限后再试") from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise StoreError(
            f"索引 {folder} 已损坏：{error}。请删除该文件夹，再运行 python ingest.py --index {folder}"
        ) from error


def exists(folder: Path) -> bool:
    """Return whether a complete (created and stamped) database lies in `folder`."""
    if not (folder / DATABASE_FILE).is_file():
        return False
    with explained(folder), closing(connect(folder)) as connection:
        # A kill before the tables were committed leaves a database without any.
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
            return False
        return connection.execute("SELECT 1 FROM meta WHERE key = 'schema'").fetchone() is not None


def create(folder: Path, stamps: dict[str, str]) -> None:
    """Create the database in one transaction: tables, generation 0, and the stamps of what builds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(connect(folder, write=True)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        rows = {"schema": SCHEMA_VERSION, "generation": "0", "corpus": "", "units": "0", **stamps}
        values = ", ".join(f"('{key}', '{value.replace(chr(39), chr(39) * 2)}')" for key, value in rows.items())
        connection.executescript(f"BEGIN; {_TABLES} INSERT INTO meta (key, value) VALUES {values}; COMMIT;")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make what a block writes live all at once, or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite ends it itself when the disk is full
            connection.execute("ROLLBACK")
        raise


def set_meta(connection: sqlite3.Connection, **values: str) -> None:
    """Write values of the index's record."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def meta(connection: sqlite3.Connection, key: str) -> str:
    """Return one value of the index's record, "" where it has none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def has_vector(connection: sqlite3.Connection, digest: str) -> bool:
    """Return whether the vector of a content hash is stored."""
    return connection.execute("SELECT 1 FROM embeddings WHERE hash = ?", (digest,)).fetchone() is not None


def check_stamps(folder: Path, stamps: dict[str, str]) -> None:
    """Refuse an index that was built by something else than `stamps` (and our schema) say.

    Raises:
        IndexMissingError: there is no index in `folder`.
        IndexMismatchError: naming what differs and what to run.
    """
    if not exists(folder):
        raise IndexMissingError(f"{folder} 中没有索引。请先运行 python ingest.py（或用 --index 指定已有的索引）")
    with closing(connect(folder)) as connection:
        for key, wanted in {"schema": SCHEMA_VERSION, **stamps}.items():
            found = meta(connection, key)
            if found != wanted:
                raise IndexMismatchError(
                    f"索引 {folder} 的 {key} 是 {found or '空'}，当前程序用 {wanted}，两者不能混用。"
                    f"请改回原来的设置，或换一个位置重建：python ingest.py --index 新文件夹"
                )
