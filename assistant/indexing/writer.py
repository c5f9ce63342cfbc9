"""Changing an index: atomic, incremental, resumable, crash-safe.

The order is what makes it so (design §4):

1. embeddings are computed and stored by content hash, batch by batch: what an interrupted run computed stays;
2. new vectors go to Chroma under ids that carry the content hash, noted in the journal first;
3. one SQLite transaction flips the rows and the generation number and notes the vectors that went stale;
4. journalled vectors that are not live are removed from Chroma.

A kill at any point leaves the old corpus or the new one, whole; what lies dead in Chroma is in the journal, and the
next run removes it.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from assistant.indexing import database, lexical, rows
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import stamps
from assistant.indexing.lock import writer_lock
from assistant.indexing.texts import embedded_texts, vector_id
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.vectors import VectorIndex, vectors_exist
from assistant.schema import Parsed

# (stage in Chinese, done, total)
Progress = Callable[[str, int, int], None]

# Texts embedded between two commits: what a kill can cost, about ten seconds of work.
COMMIT_EVERY = 256
# Embeddings of texts that left the corpus are kept, for texts come back; beyond this many and the live ones, they go.
SPARE_EMBEDDINGS = 2_000


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
    """What `Writer.apply` did: vectors computed and vectors reused."""

    embedded: int
    reused: int


def quiet(stage: str, done: int, total: int) -> None:
    """Report no progress."""


class Writer:
    """The one writer of an index, for the length of a `with` block.

    Raises:
        IndexLockedError: another writer is at work.
        IndexMismatchError: the index was built with another embedder, tokenizer, dictionary or schema.
        StoreError: the index is damaged or cannot be written, here and wherever it is used.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._tokenizer = LexicalTokenizer(folder)
        self._lock = writer_lock(folder)

    def __enter__(self) -> "Writer":
        with ExitStack() as stack:
            stack.enter_context(self._lock)
            stack.enter_context(database.explained(self._folder))
            built_with = stamps(self._embedder)
            if not database.exists(self._folder):
                database.create(self._folder, built_with)
            database.check_stamps(self._folder, built_with)
            self._connection = stack.enter_context(closing(database.connect(self._folder, write=True)))
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

    def apply(self, changes: Sequence[Change], removals: Iterable[str] = (), progress: Progress = quiet) -> Written:
        """Make `changes` live and take `removals` out, all at once."""
        self._restore_vectors(progress)
        self._sweep()
        held = self.held()
        doomed = [doc_id for doc_id in dict.fromkeys(removals) if doc_id in held]
        if not changes and not doomed:
            return Written(0, 0)
        prepared = [_Prepared.of(change) for change in changes]
        texts = {digest: text for one in prepared for digest, text in one.texts.items()}
        embedded = self._embed(texts, progress)
        self._add_vectors(prepared, progress)
        self._flip(prepared, doomed, progress)
        self._sweep()
        self._prune()
        return Written(embedded, len(texts) - embedded)

    def _embed(self, texts: dict[str, str], progress: Progress) -> int:
        known = {row[0] for row in self._connection.execute("SELECT hash FROM embeddings")}
        # Texts of like length together: less padding, and the progress bar slows down gently instead of jumping.
        todo = sorted(
            (digest for digest in texts if digest not in known), key=lambda digest: (len(texts[digest]), digest)
        )
        for start in range(0, len(todo), COMMIT_EVERY):
            batch = todo[start : start + COMMIT_EVERY]

            def report(done: int, start: int = start) -> None:
                progress("计算向量", start + done, len(todo))

            vectors = self._embedder.embed_passages([texts[digest] for digest in batch], report).astype(np.float16)
            blobs = [(digest, vector.tobytes()) for digest, vector in zip(batch, vectors, strict=True)]
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO embeddings (hash, vector) VALUES (?, ?)", blobs)
            self._connection.execute("COMMIT")
        return len(todo)

    def _add_vectors(self, prepared: Sequence["_Prepared"], progress: Progress) -> None:
        live = {row[0] for row in self._connection.execute("SELECT vector_id FROM units")}
        new = [
            (vector, unit, one.change.parsed.document.id, digest)
            for one in prepared
            for unit, digest in one.units.items()
            if (vector := vector_id(unit, digest)) not in live
        ]
        if not new:
            return
        self._journal(vector for vector, *_ in new)
        self._store_vectors(new, progress)

    def _store_vectors(self, new: Sequence[tuple[str, str, str, str]], progress: Progress) -> None:
        """Add (vector id, unit, document, content hash) to Chroma."""
        progress("写入向量库", 0, len(new))
        with closing(VectorIndex(self._folder)) as store:
            for start in range(0, len(new), COMMIT_EVERY):
                batch = new[start : start + COMMIT_EVERY]
                vectors = np.stack([self._vector(digest) for *_, digest in batch])
                store.add([vector for vector, *_ in batch], [doc_id for _, _, doc_id, _ in batch], vectors)
                progress("写入向量库", start + len(batch), len(new))

    def _restore_vectors(self, progress: Progress) -> None:
        """Fill a vector store that was deleted (because it was damaged) from the embeddings that SQLite keeps."""
        if not vectors_exist(self._folder):
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('restoring', '1')")
        if not database.meta(self._connection, "restoring"):
            return
        live = list(self._connection.execute("SELECT vector_id, provision, doc_id, hash FROM units ORDER BY rowid"))
        if live:
            self._store_vectors(live, progress)
        self._connection.execute("DELETE FROM meta WHERE key = 'restoring'")

    def _flip(self, prepared: Sequence["_Prepared"], removals: Sequence[str], progress: Progress) -> None:
        connection = self._connection
        progress("写入条文与全文索引", 0, len(prepared))
        connection.execute("BEGIN IMMEDIATE")
        try:
            for doc_id in (*removals, *(one.change.parsed.document.id for one in prepared)):
                stale = "SELECT vector_id FROM units WHERE doc_id = ?"
                connection.execute(f"INSERT OR IGNORE INTO vector_journal {stale}", (doc_id,))
                connection.execute(
                    "DELETE FROM full_text WHERE rowid IN (SELECT rowid FROM units WHERE doc_id = ?)", (doc_id,)
                )
                connection.execute("DELETE FROM units WHERE doc_id = ?", (doc_id,))
                connection.execute("DELETE FROM documents WHERE id = ?", (doc_id,))
            for done, one in enumerate(prepared, start=1):
                self._insert(one)
                progress("写入条文与全文索引", done, len(prepared))
            generation = int(database.meta(connection, "generation")) + 1
            for key, value in (("generation", str(generation)), ("corpus", _corpus_hash(connection))):
                connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def _insert(self, one: "_Prepared") -> None:
        parsed = one.change.parsed
        rows.insert_parsed(
            self._connection,
            parsed,
            origin=one.change.origin,
            fingerprint=one.change.fingerprint,
            text_sha256=hashlib.sha256(parsed.document.text.encode()).hexdigest(),
            hashes=one.sentences,
        )
        for unit, digest in one.units.items():
            cursor = self._connection.execute(
                "INSERT INTO units (provision, doc_id, vector_id, hash) VALUES (?, ?, ?, ?)",
                (unit, parsed.document.id, vector_id(unit, digest), digest),
            )
            text = one.texts[digest]
            row = int(cursor.lastrowid or 0)
            lexical.insert(self._connection, row, self._tokenizer.words(text), self._tokenizer.bigrams(text))

    def _journal(self, vectors: Iterable[str]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT OR IGNORE INTO vector_journal VALUES (?)", ((vector,) for vector in vectors)
        )
        self._connection.execute("COMMIT")

    def _sweep(self) -> None:
        """Remove journalled vectors that are not live from Chroma, then forget the journal."""
        if self._connection.execute("SELECT 1 FROM vector_journal LIMIT 1").fetchone() is None:
            return
        query = "SELECT vector_id FROM vector_journal WHERE vector_id NOT IN (SELECT vector_id FROM units)"
        dead = [row[0] for row in self._connection.execute(query)]
        if dead:
            with closing(VectorIndex(self._folder)) as store:
                store.remove(dead)
        self._connection.execute("DELETE FROM vector_journal")

    def _prune(self) -> None:
        live = "SELECT hash FROM units UNION SELECT hash FROM sentences"
        spare = f"SELECT hash FROM embeddings WHERE hash NOT IN ({live})"
        counts = (self._connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] for query in (spare, live))
        if next(counts) > next(counts) + SPARE_EMBEDDINGS:
            self._connection.execute(f"DELETE FROM embeddings WHERE hash IN ({spare})")

    def _vector(self, digest: str) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        row = self._connection.execute("SELECT vector FROM embeddings WHERE hash = ?", (digest,)).fetchone()
        return np.frombuffer(row[0], dtype=np.float16).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A change with the texts to embed: digest → text, unit id → digest, sentence id → digest."""

    change: Change
    texts: Mapping[str, str]
    units: Mapping[str, str]
    sentences: Mapping[str, str]

    @classmethod
    def of(cls, change: Change) -> "_Prepared":
        found = embedded_texts(change.parsed)
        return cls(change, found.texts, found.units, found.sentences)


def _corpus_hash(connection: sqlite3.Connection) -> str:
    """Return the sha256 over ids, texts and metadata of all live documents, in the order of their ids."""
    whole = hashlib.sha256()
    for row in connection.execute("SELECT id, text_sha256, metadata FROM documents ORDER BY id"):
        whole.update("\n".join(row).encode() + b"\n")
    return f"sha256:{whole.hexdigest()}"
