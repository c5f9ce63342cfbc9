"""Changing an index: atomic, incremental, resumable, crash-safe.

The order is what makes it so (design §4):

1. documents are staged beside the index: parsed, tokenised, as rows (`staging`);
2. embeddings are computed and stored by content hash, batch by batch: what an interrupted run computed stays;
3. new vectors go to the vector store under ids that carry the content hash, noted in the journal first;
4. one SQLite transaction flips the rows and the generation number and notes the vectors that went stale;
5. journalled vectors that are not live are removed from the store.

A kill at any point leaves the old corpus or the new one, whole; what lies dead in the store is in the journal, and the
next run removes it. Nothing is held in memory whole, and no step but the first build looks at more rows than change.
"""

import hashlib
import random
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType

import numpy as np

from assistant.errors import VectorFileError
from assistant.indexing import database, lexical, rows
from assistant.indexing.computed import load_vectors
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import stamps
from assistant.indexing.lock import writer_lock
from assistant.indexing.prepare import Prepared, prepare
from assistant.indexing.staging import Staging
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.vectors import IN_FOLDER, VectorsAt, VectorStore
from assistant.indexing.vectors_home import first_record, open_home, settle, store_vectors
from assistant.schema import Parsed

# (stage in Chinese, done, total)
Progress = Callable[[str, int, int], None]

# Texts embedded between two commits: what a kill can cost, about ten seconds of work.
COMMIT_EVERY = 256
# Embeddings of texts that left the corpus are kept, for texts come back; beyond this many and the live ones, they go.
SPARE_EMBEDDINGS = 2_000
# Texts of every file of vectors that are embedded here as well, and the least cosine between the two: half precision
# and another machine's kernels stay above it, another model, or one without its prefix, does not.
COMPARED, MIN_COSINE = 4, 0.99
# Pages of the database kept in memory while it is written, in KiB.
CACHE_KIB = 65_536
# The write-ahead log is as large as the largest transaction; beyond this many bytes it is cut back afterwards.
LOG_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Change:
    """A document to make live, and where it came from.

    Attributes:
        origin: "corpus" or "added".
        fingerprint: changes whenever the file, its metadata or our way of reading it does.
    """

    parsed: Parsed
    origin: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer did: vectors computed here, vectors taken from files, vectors the index had already."""

    embedded: int
    imported: int
    reused: int


def quiet(stage: str, done: int, total: int) -> None:
    """Report no progress."""


class Writer:
    """The one writer of an index, for the length of a `with` block.

        with Writer(folder, embedder) as writer:
            writer.stage(prepared)
            writer.commit()

    Raises:
        IndexLockedError: another writer is at work.
        IndexMismatchError: the index was built with another embedder, tokenizer, dictionary or schema.
        StoreError: the index is damaged or cannot be written, here and wherever it is used.
    """

    def __init__(self, folder: Path, embedder: Embedder, vectors: VectorsAt = IN_FOLDER) -> None:
        self._folder = folder
        self._embedder = embedder
        self._at = vectors
        self.tokenizer = LexicalTokenizer(folder)
        self._lock = writer_lock(folder)

    def __enter__(self) -> "Writer":
        with ExitStack() as stack:
            stack.enter_context(self._lock)
            stack.enter_context(database.explained(self._folder))
            built_with = stamps(self._embedder)
            if not database.exists(self._folder):
                database.create(self._folder, {**built_with, **first_record(self._at)})
            database.check_stamps(self._folder, built_with)
            self._connection = stack.enter_context(closing(database.connect(self._folder, write=True)))
            self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            self._connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
            self._staging = stack.enter_context(closing(Staging(self._connection, self._folder)))
            self._until_exit = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._until_exit.__exit__(kind, error, trace)

    def held(self) -> dict[str, tuple[str, str]]:
        """Return id → (origin, fingerprint) of every live document."""
        found = self._connection.execute("SELECT id, origin, fingerprint FROM documents")
        return {doc_id: (origin, fingerprint) for doc_id, origin, fingerprint in found}

    def files(self) -> dict[str, str]:
        """Return manifest file name → id of the live documents that came from the corpus folder."""
        found = self._connection.execute("SELECT id, metadata FROM documents WHERE origin = 'corpus'")
        return {rows.load_metadata(text).file: doc_id for doc_id, text in found}

    def corpus(self) -> str:
        """Return the hash of the live corpus."""
        return database.meta(self._connection, "corpus")

    def apply(self, changes: Iterable[Change], removals: Iterable[str] = (), progress: Progress = quiet) -> Written:
        """Make `changes` live and take `removals` out, all at once."""
        for change in changes:
            self.stage(prepare(change.parsed, change.origin, change.fingerprint, self.tokenizer))
        return self.commit(removals, progress)

    def stage(self, prepared: Prepared) -> None:
        """Put a document where `commit` makes it live; a document is staged once."""
        self._staging.add(prepared)

    def commit(
        self, removals: Iterable[str] = (), progress: Progress = quiet, computed: Sequence[Path] = ()
    ) -> Written:
        """Make what is staged live and take `removals` out, all at once.

        Args:
            removals: ids of documents; those that are not held are passed over.
            progress: told about every stage.
            computed: files of vectors computed elsewhere; what they lack is computed here.

        Raises:
            VectorFileError: one of the files cannot be used; nothing went live.
        """
        self._settle(progress)
        self._sweep()
        doomed = [doc_id for doc_id in dict.fromkeys(removals) if self._is_held(doc_id)]
        replaced = self._staging.documents()
        if not replaced and not doomed:
            return Written(0, 0, 0)
        imported = self._import(computed, progress)
        embedded = self._embed(progress)
        self._add_vectors(progress)
        self._flip((*doomed, *replaced), progress)
        self._sweep()
        self._prune()
        return Written(embedded, imported, self._staging.distinct_texts() - embedded - imported)

    def _is_held(self, doc_id: str) -> bool:
        return self._connection.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone() is not None

    def _import(self, files: Sequence[Path], progress: Progress) -> int:
        """Store the vectors that files have for texts without one, and return how many these are."""
        missing = self._staging.find_missing() if files else 0
        left = missing
        compared: set[Path] = set()
        for file in files:
            for hashes, vectors in load_vectors(file, self._embedder):
                wanted = self._staging.still_missing(hashes)
                if wanted and file not in compared:
                    compared.add(file)
                    self._compare(file, sorted(wanted)[:COMPARED], dict(zip(hashes, vectors, strict=True)))
                self._keep((digest, vectors[row]) for row, digest in enumerate(hashes) if digest in wanted)
                left -= len(wanted)
                progress("读取算好的向量", missing - left, missing)
        return missing - left

    def _compare(
        self, file: Path, hashes: Sequence[str], found: Mapping[str, "np.ndarray[tuple[int], np.dtype[np.float16]]"]
    ) -> None:
        """Refuse a file whose vectors are not those that our embedder gives for some of the same texts."""
        texts = self._staging.missing_texts(hashes)
        ours = self._embedder.embed_passages([texts[digest] for digest in hashes])
        theirs = np.stack([found[digest] for digest in hashes]).astype(np.float32)
        cosine = float((ours * theirs).sum(axis=1).min())
        if not cosine >= MIN_COSINE:
            raise VectorFileError(
                f"{file.name} 的向量与本机算出的不符（抽查 {len(hashes)} 条，余弦最低 {cosine:.3f}）。"
                "请核对模型和文字的前缀，用同一个模型重算"
            )

    def _embed(self, progress: Progress) -> int:
        missing = self._staging.find_missing()
        starts = list(range(1, missing + 1, COMMIT_EVERY))
        # Texts of like length together: less padding. The batches in a mixed order: the time that is left can be
        # estimated from the time that was taken.
        random.Random(0).shuffle(starts)
        done = 0
        for start in starts:
            batch = self._staging.missing(start, start + COMMIT_EVERY - 1)

            def report(within: int, done: int = done) -> None:
                progress("计算向量", done + within, missing)

            vectors = self._embedder.embed_passages([text for _, text in batch], report).astype(np.float16)
            self._keep((digest, vector) for (digest, _), vector in zip(batch, vectors, strict=True))
            done += len(batch)
        return missing

    def _keep(self, found: Iterable[tuple[str, "np.ndarray[tuple[int], np.dtype[np.float16]]"]]) -> None:
        """Store vectors by content hash; they are spare until a text of theirs goes live."""
        blobs = [(digest, vector.tobytes()) for digest, vector in found]
        with database.transaction(self._connection):
            self._connection.executemany("INSERT OR IGNORE INTO embeddings (hash, vector) VALUES (?, ?)", blobs)
            self._connection.executemany("INSERT OR IGNORE INTO spare VALUES (?)", ((digest,) for digest, _ in blobs))

    def _add_vectors(self, progress: Progress) -> None:
        new = "FROM staged.units WHERE vector_id NOT IN (SELECT vector_id FROM main.units)"
        with database.transaction(self._connection):
            self._connection.execute(f"INSERT OR IGNORE INTO vector_journal SELECT vector_id {new}")
        [total] = self._connection.execute(f"SELECT count(*) {new}").fetchone()
        if total:
            # A read that is broken off, by an error or Ctrl-C, must not hold the staging file.
            wanted = self._connection.execute(f"SELECT vector_id, hash {new} ORDER BY rowid")
            with closing(wanted), closing(self._open_vectors()) as store:
                store_vectors(store, self._connection, wanted, total, partial(progress, "写入向量库"))

    def _settle(self, progress: Progress) -> None:
        """Fill a vector store that lost vectors, or move to another, from the embeddings that SQLite keeps."""
        settle(self._folder, self._connection, self._at, self._embedder.dimension, partial(progress, "写入向量库"))

    def _open_vectors(self) -> VectorStore:
        return open_home(self._folder, self._connection, self._at, self._embedder.dimension, create=True)

    def _flip(self, leaving: Sequence[str], progress: Progress) -> None:
        """Take the documents `leaving` (removed, or replaced) out and the staged ones in."""
        connection = self._connection
        total = self._staging.rows()
        progress("写入条文与全文索引", 0, total)
        with database.transaction(connection):
            for doc_id in leaving:
                self._take_out(doc_id)
            [last] = connection.execute("SELECT ifnull(max(rowid), 0) FROM units").fetchone()
            for done in self._staging.copy(last):
                progress("写入条文与全文索引", done, total)
            for table in ("units", "sentences", "asked"):
                connection.execute(f"DELETE FROM spare WHERE hash IN (SELECT hash FROM staged.{table})")
            [units] = connection.execute("SELECT count(*) FROM units").fetchone()
            lexical.tend(connection, units)
            generation = int(database.meta(connection, "generation")) + 1
            database.set_meta(connection, generation=str(generation), corpus=_corpus_hash(connection), units=str(units))

    def _take_out(self, doc_id: str) -> None:
        where = "WHERE doc_id = ?"
        for statement in (
            f"INSERT OR IGNORE INTO vector_journal SELECT vector_id FROM units {where}",
            f"INSERT OR IGNORE INTO spare SELECT hash FROM units {where}",
            f"INSERT OR IGNORE INTO spare SELECT hash FROM sentences {where}",
            f"INSERT OR IGNORE INTO spare SELECT hash FROM asked {where}",
            f"DELETE FROM full_text WHERE rowid IN (SELECT rowid FROM units {where})",
            f"DELETE FROM units {where}",
            "DELETE FROM documents WHERE id = ?",  # its provisions and sentences with it
        ):
            self._connection.execute(statement, (doc_id,))

    def _sweep(self) -> None:
        """Remove journalled vectors that are not live from the store, then forget the journal."""
        if self._connection.execute("SELECT 1 FROM vector_journal LIMIT 1").fetchone() is None:
            return
        query = "SELECT vector_id FROM vector_journal WHERE vector_id NOT IN (SELECT vector_id FROM units)"
        dead = [row[0] for row in self._connection.execute(query)]
        if dead:
            with closing(self._open_vectors()) as store:
                store.remove(dead)
        self._connection.execute("DELETE FROM vector_journal")

    def _prune(self) -> None:
        """Forget the embeddings that no live text has once they are more than the live texts' and some."""
        connection = self._connection
        [spare] = connection.execute("SELECT count(*) FROM spare").fetchone()
        if spare <= int(database.meta(connection, "units")) + SPARE_EMBEDDINGS:
            return  # live texts are at least as many as units: they need not be counted, which reads all of them
        live = "SELECT hash FROM units UNION SELECT hash FROM sentences UNION SELECT hash FROM asked"
        [living] = connection.execute(f"SELECT count(*) FROM ({live})").fetchone()
        with database.transaction(connection):
            connection.execute(f"DELETE FROM spare WHERE hash IN ({live})")  # a text that another document still has
            if connection.execute("SELECT count(*) FROM spare").fetchone()[0] > living + SPARE_EMBEDDINGS:
                connection.execute("DELETE FROM embeddings WHERE hash IN (SELECT hash FROM spare)")
                connection.execute("DELETE FROM spare")


def _corpus_hash(connection: sqlite3.Connection) -> str:
    """Return the sha256 over ids, texts and metadata of all live documents, in the order of their ids."""
    whole = hashlib.sha256()
    for row in connection.execute("SELECT id, text_sha256, metadata FROM documents ORDER BY id"):
        whole.update("\n".join(row).encode() + b"\n")
    return f"sha256:{whole.hexdigest()}"
