"""The store an index's vectors live in: remembered in the index, filled again when it lost them, changed on request.

All three need no embedder: SQLite keeps every embedding by content hash.
"""

import logging
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.errors import AssistantError, IndexMismatchError
from assistant.indexing import database
from assistant.indexing.vectors import (
    EMBEDDED,
    VectorsAt,
    VectorsMissingError,
    VectorStore,
    batches,
    open_vectors,
)

log = logging.getLogger(__name__)

# Vectors read from SQLite and handed over at a time.
BATCH = 1_000
# What the index's record says: the setting its vectors were written with, the name of its collection on a server, the
# setting they moved away from while that place is not cleaned up, whether the store is being filled again, and the
# folder the index lay in when it was last written.
SETTING, COLLECTION, LEFT, RESTORING, FOLDER = "vectors", "collection", "vectors_left", "restoring", "folder"

Told = Callable[[int, int], None]


def first_record(at: VectorsAt) -> dict[str, str]:
    """Return what the record of a new index says of its vectors."""
    return {SETTING: at.setting, COLLECTION: _new_collection()}


def check_home(folder: Path, connection: sqlite3.Connection, at: VectorsAt) -> None:
    """Refuse to read an index whose vectors live elsewhere than `at` says.

    Raises:
        IndexMismatchError: naming both places and what to run.
    """
    home = _setting(connection)
    if home != at.setting:
        raise IndexMismatchError(
            f"索引 {folder} 的向量存放在 {home}，当前设置 vectors 是 {at.setting}。请把 vectors 改回 {home}，"
            f"或运行 python ingest.py --index {folder} 把向量搬到 {at.setting}（不必重算）"
        )


def open_home(
    folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int, *, create: bool = False
) -> VectorStore:
    """Return the store of the index in `folder`, opened; see `open_vectors`."""
    return open_vectors(at, folder, database.meta(connection, COLLECTION), dimension, create=create)


def settle(folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int, told: Told) -> None:
    """Make the store that `at` names hold every live vector, and remember it as the index's.

    Moving to another store changes the generation: readers that search the old one see that it is not theirs any more.
    A kill on the way leaves the index where it was, and the next run moves it from the start.

    Raises:
        StoreError: the store cannot be reached or written; the index stays as it was.
    """
    if not database.meta(connection, COLLECTION):  # built before there were servers
        database.set_meta(connection, **{COLLECTION: _new_collection()})
    if _is_copy(folder, connection):
        _part(connection)
    database.set_meta(connection, **{FOLDER: str(folder.resolve())})
    if _setting(connection) != at.setting:
        _move(folder, connection, at, dimension, told)
    elif _incomplete(folder, connection, at, dimension):
        database.set_meta(connection, **{RESTORING: "1"})
        _fill(folder, connection, at, dimension, told)
        connection.execute("DELETE FROM meta WHERE key = ?", (RESTORING,))
    _clean_up(folder, connection, at, dimension)


def store_vectors(
    store: VectorStore, connection: sqlite3.Connection, wanted: Iterable[tuple[str, str]], total: int, told: Told
) -> None:
    """Add (vector id, content hash) to a store, with the embeddings that SQLite keeps."""
    told(0, total)
    done = 0
    for batch in batches(wanted, BATCH):
        found: dict[str, bytes] = {}
        for part in batches(sorted({digest for _, digest in batch}), 500):
            marks = ", ".join("?" * len(part))
            found |= dict(connection.execute(f"SELECT hash, vector FROM embeddings WHERE hash IN ({marks})", part))
        vectors = np.stack([np.frombuffer(found[digest], dtype=np.float16) for _, digest in batch]).astype(np.float32)
        store.add([vector for vector, _ in batch], vectors)
        done += len(batch)
        told(done, total)


def _setting(connection: sqlite3.Connection) -> str:
    return database.meta(connection, SETTING) or EMBEDDED


def _new_collection() -> str:
    # Letters, digits and the underscore are what Chroma and Milvus both take.
    return f"yiju_{uuid.uuid4().hex}"


def _is_copy(folder: Path, connection: sqlite3.Connection) -> bool:
    """Return whether the index was copied here from a folder where it still lies, so that both name one collection."""
    written_in = Path(database.meta(connection, FOLDER) or folder)
    original, ours = written_in / database.DATABASE_FILE, folder / database.DATABASE_FILE
    try:
        # It was moved, or never was elsewhere; or it is one folder under two names.
        if not original.is_file() or original.samefile(ours):
            return False
        with closing(database.connect(written_in)) as other:
            return database.meta(other, COLLECTION) == database.meta(connection, COLLECTION)
    except (OSError, sqlite3.Error):
        return True  # it lies there, and may not be read: the safe answer costs no more than filling a store


def _part(connection: sqlite3.Connection) -> None:
    """Give a copy a collection of its own: the one on the server belongs to the index it was copied from."""
    with database.transaction(connection):
        database.set_meta(connection, **{COLLECTION: _new_collection()})
        if VectorsAt(_setting(connection)).address:
            database.set_meta(connection, **{RESTORING: "1"})
            connection.execute("DELETE FROM vector_journal")


def _live(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM units").fetchone()[0])


def _incomplete(folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int) -> bool:
    """Return whether a store lacks live vectors: it was deleted, lost some, or a filling was broken off."""
    live = _live(connection)
    try:
        with closing(open_home(folder, connection, at, dimension)) as store:
            return bool(database.meta(connection, RESTORING)) or store.count() < live
    except VectorsMissingError:
        return live > 0


def _fill(folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int, told: Told) -> None:
    with closing(open_home(folder, connection, at, dimension, create=True)) as store:
        live = connection.execute("SELECT vector_id, hash FROM units ORDER BY rowid")
        store_vectors(store, connection, live, _live(connection), told)


def _move(folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int, told: Told) -> None:
    # What an earlier stay, or a move that was broken off, left there is in no journal.
    _drop(folder, connection, at, dimension)
    _fill(folder, connection, at, dimension, told)
    generation = int(database.meta(connection, "generation")) + 1
    record = {"generation": str(generation), SETTING: at.setting, LEFT: _setting(connection)}
    with database.transaction(connection):
        database.set_meta(connection, **record)
        connection.execute("DELETE FROM meta WHERE key = ?", (RESTORING,))
        connection.execute("DELETE FROM vector_journal")  # of the place that was left


def _clean_up(folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int) -> None:
    """Remove what lies in the place that was left; a place that cannot be reached keeps it, and that is said once."""
    left = database.meta(connection, LEFT)
    if not left:
        return
    if left != at.setting:
        try:
            _drop(folder, connection, VectorsAt(left), dimension)  # the token is for the new place
        except AssistantError as error:
            collection = database.meta(connection, COLLECTION)
            log.warning("旧的向量库 %s 没有清理，其中的集合 %s 可以手工删除：%s", left, collection, error)
    connection.execute("DELETE FROM meta WHERE key = ?", (LEFT,))


def _drop(folder: Path, connection: sqlite3.Connection, at: VectorsAt, dimension: int) -> None:
    try:
        with closing(open_home(folder, connection, at, dimension)) as store:
            store.drop()
    except VectorsMissingError:
        return
