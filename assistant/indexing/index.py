"""The index as readers see it: one snapshot of the live corpus at a time."""

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexMissingError, StoreError
from assistant.indexing import database, lexical, links_read, nearness, rows
from assistant.indexing.embedder import Embedder
from assistant.indexing.links_titles import Titles
from assistant.indexing.nearness import AskedVectors, UnitCosines, asked_vectors
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.validity import validity_on
from assistant.indexing.vectors import IN_FOLDER, VectorsAt, VectorStore, batches
from assistant.indexing.vectors_home import check_home, open_home
from assistant.schema import Cite, CitedBy, DocumentSummary, Metadata, Parsed, Provision, Sentence

T = TypeVar("T")
# What tells one live corpus from another: generation and hash. An index that was deleted and built anew counts from 1.
Version = tuple[int, str]

# A read that a writer overtook is done again; writers need far longer than readers, so a few tries are plenty.
MAX_TRIES = 5
# When stale vectors crowd out live ones, the next fetch is this many times as large.
WIDENING = 4
# Units that are ranked by words, and neighbours that are fetched, at the least: who filters asks again for more, and
# the first hundred take nearly as long as these (of 150,000 vectors 6.6 ms for 110, 7.7 ms for 440).
RANKED = 1_000
NEIGHBOURS = 440


def stamps(embedder: Embedder) -> dict[str, str]:
    """Return what an index must have been built with to be searched with `embedder`."""
    return {
        "embedder": embedder.name,
        "embedder_revision": embedder.revision,
        "dimension": str(embedder.dimension),
        "tokenizer": LexicalTokenizer.revision(),
    }


class Index:
    """An open index. Safe to use from several threads; undisturbed by a writer in this or another process.

    index = Index.open(Path(".yiju/index"), embedder)
    titles = index.read(lambda snapshot: [summary.metadata.title for summary in snapshot.documents(today)])
    """

    def __init__(self, folder: Path, embedder: Embedder, vectors: VectorsAt = IN_FOLDER) -> None:
        self.folder = folder
        self.embedder = embedder
        self._at = vectors
        self.tokenizer = LexicalTokenizer(folder)
        self._local = threading.local()
        self._vector_lock = threading.Lock()
        self._vectors: VectorStore | None = None
        self._vectors_version: Version | None = None
        self._metadata: tuple[Version, Mapping[str, Metadata]] | None = None
        self._titles: tuple[Version, Titles] | None = None
        self._asked: tuple[Version, AskedVectors] | None = None

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, vectors: VectorsAt = IN_FOLDER) -> "Index":
        """Return the index in `folder`.

        Raises:
            IndexMissingError: there is none.
            IndexMismatchError: it was built with another embedder, tokenizer, dictionary or schema, or its vectors
                live elsewhere.
        """
        database.check_stamps(folder, stamps(embedder))
        with database.explained(folder), closing(database.connect(folder)) as connection:
            check_home(folder, connection, vectors)
        return cls(folder, embedder, vectors)

    def read(self, work: Callable[["Snapshot"], T]) -> T:
        """Return `work` of one snapshot of the live corpus.

        Everything `work` reads belongs to one generation: when a writer finishes meanwhile, it is done again. It must
        have no side effects.
        """
        for _ in range(MAX_TRIES):
            try:
                with database.explained(self.folder):
                    connection = self._connection()
                    connection.execute("BEGIN")
                    try:
                        snapshot = Snapshot(self, connection)
                        result = work(snapshot)
                    finally:
                        if connection.in_transaction:  # damage may have ended it
                            connection.execute("ROLLBACK")
                    if not snapshot.used_vectors or _version(self._connection()) == snapshot.version:
                        return result
            except _Overtaken:
                continue
        raise StoreError(f"索引 {self.folder} 正被频繁写入，{MAX_TRIES} 次读取都被打断，请稍后再试")

    def close(self) -> None:
        """Let go of the vector store; the database's connections end with their threads."""
        with self._vector_lock:
            self._close_vectors()

    def search_vectors(
        self, vector: NDArray[np.float32], k: int, version: Version, live: int
    ) -> list[tuple[str, float]]:
        """Return up to k (vector id, cosine) as of `version` or later; the caller drops ids that are stale.

        Args:
            vector: of the question.
            k: how many.
            version: of the caller's snapshot.
            live: number of units in it; a store with fewer vectors is damaged.
        """
        with self._vector_lock:
            while True:
                fresh = self._vectors is None or self._vectors_version != version
                try:
                    if fresh:
                        self._open_vectors(version, live)
                    assert self._vectors is not None
                    return self._vectors.search(vector, k)
                except Exception as error:
                    self._close_vectors()
                    # A vector removed under the search fails inside Chroma in several ways; a new version explains it.
                    if self._overtaken(version):
                        raise _Overtaken from error
                    # A store that was filled anew, or a server that was restarted, is another one to a new opening.
                    if fresh and isinstance(error, StoreError):
                        raise
                    if fresh:
                        raise self._at.problem(self.folder, error) from error

    def metadata(self, version: Version, load: Callable[[], Mapping[str, Metadata]]) -> Mapping[str, Metadata]:
        """Return the metadata of every document held in `version`, loaded once for all snapshots of it."""
        cached = self._metadata
        if cached is None or cached[0] != version:
            cached = self._metadata = (version, MappingProxyType(load()))
        return cached[1]

    def asked(self, version: Version, load: Callable[[], AskedVectors]) -> AskedVectors:
        """Return the questions that units of `version` answer, loaded once for all snapshots of it."""
        cached = self._asked
        if cached is None or cached[0] != version:
            cached = self._asked = (version, load())
        return cached[1]

    def titles(self, version: Version, load: Callable[[], Titles]) -> Titles:
        """Return the names of the documents held in `version`, made once for all snapshots of it."""
        cached = self._titles
        if cached is None or cached[0] != version:
            cached = self._titles = (version, load())
        return cached[1]

    def _open_vectors(self, version: Version, live: int) -> None:
        self._close_vectors()
        with closing(database.connect(self.folder)) as connection:
            check_home(self.folder, connection, self._at)
            opened = open_home(self.folder, connection, self._at, self.embedder.dimension)
        try:
            count = opened.count()
        except StoreError:
            opened.close()
            raise
        if count < live:
            opened.close()
            raise self._at.problem(self.folder, f"只有 {count} 条向量，应有 {live} 条")
        self._vectors, self._vectors_version = opened, version

    def _close_vectors(self) -> None:
        if self._vectors is not None:
            opened, self._vectors = self._vectors, None
            opened.close()

    def _overtaken(self, version: Version) -> bool:
        # The caller's own connection sits in its snapshot and cannot see this.
        with closing(database.connect(self.folder)) as latest:
            return _version(latest) != version

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection, a new one when the index was deleted and built anew since."""
        try:
            file = (self.folder / database.DATABASE_FILE).stat()
        except FileNotFoundError as error:
            raise IndexMissingError(
                f"索引 {self.folder} 已被删除。请运行 python ingest.py --index {self.folder}"
            ) from error
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        # While a connection is open its file's number is not given to another.
        if connection is None or self._local.file != (file.st_dev, file.st_ino):
            if connection is not None:
                connection.close()
            connection = self._local.connection = database.connect(self.folder)
            self._local.file = (file.st_dev, file.st_ino)
        return connection


def _version(connection: sqlite3.Connection) -> Version:
    return int(database.meta(connection, "generation")), database.meta(connection, "corpus")


class _Overtaken(Exception):
    """A writer removed what this snapshot was reading from the vector store."""


class Snapshot:
    """The live corpus at one moment. Valid only inside `Index.read`."""

    def __init__(self, index: Index, connection: sqlite3.Connection) -> None:
        self._index = index
        self._connection = connection
        self.version = _version(connection)
        self.corpus = self.version[1]
        self.used_vectors = False
        self._near: dict[bytes, list[tuple[str, float]]] = {}
        self._ranked: dict[str, tuple[int, list[lexical.Ranked]]] = {}

    @property
    def tokenizer(self) -> LexicalTokenizer:
        """The tokenizer the full text was built with."""
        return self._index.tokenizer

    def documents(self, as_of: date) -> tuple[DocumentSummary, ...]:
        """Return the held documents in the order of their ids, their validity judged on `as_of`."""
        found = self._connection.execute(
            "SELECT metadata, units, provisions, read_warnings, warnings, origin FROM documents ORDER BY id"
        )
        summaries = []
        for metadata_json, units, provisions, read_warnings, warnings, origin in found:
            metadata = rows.load_metadata(metadata_json)
            notes = tuple(rows.load_list(read_warnings)) + tuple(rows.load_list(warnings))
            summaries.append(DocumentSummary(metadata, units, provisions, notes, validity_on(metadata, as_of), origin))
        return tuple(summaries)

    def metadata(self) -> Mapping[str, Metadata]:
        """Return the metadata of every held document by id."""

        def load() -> dict[str, Metadata]:
            found = self._connection.execute("SELECT id, metadata FROM documents ORDER BY id")
            return {doc_id: rows.load_metadata(text) for doc_id, text in found}

        return self._index.metadata(self.version, load)

    def parsed(self, doc_id: str) -> Parsed | None:
        """Return a held document whole, None where it is not held."""
        return rows.load_parsed(self._connection, doc_id)

    def text(self, doc_id: str, start: int, end: int) -> str:
        """Return document.text[start:end] of a held document, "" where it is not held."""
        row = self._connection.execute(
            "SELECT substr(text, ?, ?) FROM documents WHERE id = ?", (start + 1, end - start, doc_id)
        ).fetchone()
        return str(row[0]) if row else ""

    def provisions(self, ids: Iterable[str]) -> dict[str, Provision]:
        """Return the provisions that are held, by id."""
        found = {}
        for batch in batches(dict.fromkeys(ids), lexical.VALUES):
            marks = ", ".join("?" * len(batch))
            query = f"SELECT {rows.PROVISION_COLUMNS} FROM provisions WHERE id IN ({marks})"
            for row in self._connection.execute(query, batch):
                provision = rows.load_provision(row)
                found[provision.id] = provision
        return found

    def sentences(self, provision: Provision) -> tuple[Sentence, ...]:
        """Return the sentences that stand in a provision, in the order of the text."""
        found = self._connection.execute(
            f'SELECT {rows.SENTENCE_COLUMNS} FROM sentences WHERE doc_id = ? AND start >= ? AND "end" <= ?'
            " ORDER BY position",
            (provision.doc_id, provision.start, provision.end),
        )
        return tuple(rows.load_sentence(row) for row in found)

    def links_from(self, provision_id: str, as_of: date) -> tuple[Cite, ...]:
        """Return what a provision cites (引用); of a document's id, what all of it cites. See `links_read`."""
        return links_read.links_from(self._connection, self._all_titles(), provision_id, as_of)

    def links_to(self, provision_id: str, as_of: date) -> tuple[CitedBy, ...]:
        """Return who cites a provision or what is in it (被引用); of a document's id, who cites it as a whole."""
        return links_read.links_to(self._connection, self._all_titles(), provision_id, as_of)

    def unit_links(
        self, units: Sequence[str], as_of: date
    ) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
        """Return (unit → units it cites, unit → units that cite it)."""
        return links_read.unit_links(self._connection, self._all_titles(), units, as_of)

    def _all_titles(self) -> Titles:
        return self._index.titles(self.version, lambda: Titles(self.metadata()))

    def last_article(self, doc_id: str) -> str | None:
        """Return the label of the last article (or part) of a document, None where it has none."""
        row = self._connection.execute(
            "SELECT label FROM provisions WHERE doc_id = ? AND kind IN ('article', 'part')"
            " ORDER BY position DESC LIMIT 1",
            (doc_id,),
        ).fetchone()
        return str(row[0]) if row else None

    def search_vectors(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """Return up to k (unit id, cosine) of live units, best first.

        Hits that are not live are dropped; where that leaves fewer than k, more are fetched.
        """
        self.used_vectors = True
        total = int(database.meta(self._connection, "units"))
        k = min(k, total)
        key = vector.tobytes()
        if k <= len(fetched := self._near.get(key, [])):
            return fetched[:k]
        wanted = min(max(k, NEIGHBOURS), total)
        while True:
            hits = self._index.search_vectors(vector, wanted, self.version, total)
            live: dict[str, str] = {}
            for batch in batches((hit for hit, _ in hits), lexical.VALUES):
                marks = ", ".join("?" * len(batch))
                query = f"SELECT vector_id, provision FROM units WHERE vector_id IN ({marks})"
                live |= dict(self._connection.execute(query, batch))
            found = [(live[hit], cosine) for hit, cosine in hits if hit in live]
            if len(found) >= k or len(hits) < wanted:
                self._near[key] = found
                return found[:k]
            wanted *= WIDENING

    def nearest(self, vector: NDArray[np.float32], k: int, doc_ids: Collection[str]) -> list[tuple[str, float]]:
        """Return up to k (unit id, cosine) of the units of some documents, best first: all are compared."""
        return nearness.nearest(self._connection, vector, k, doc_ids)

    def search_text(self, text: str, k: int, doc_ids: Collection[str] = ()) -> list[tuple[str, float]]:
        """Return up to k (unit id, BM25) of units that share words or bigrams with `text`, best first."""
        if doc_ids:
            return lexical.search_in(self._connection, self.tokenizer, text, k, doc_ids)
        depth, ranked = self._ranked.get(text, (0, []))
        if k > depth:
            depth = max(k, RANKED)
            ranked = lexical.ranked(self._connection, self.tokenizer, text, depth)
            self._ranked[text] = depth, ranked
        return lexical.named(self._connection, ranked[:k])

    def contains(self, text: str) -> bool:
        """Return whether a live unit contains `text` as it stands."""
        return lexical.contains(self._connection, self.tokenizer, text)

    def units(self, doc_ids: Collection[str]) -> tuple[str, ...]:
        """Return the ids of all units of some documents."""
        marks = ", ".join("?" * len(doc_ids))
        query = f"SELECT provision FROM units WHERE doc_id IN ({marks}) ORDER BY rowid"
        return tuple(row[0] for row in self._connection.execute(query, tuple(doc_ids)))

    def cosines(self, unit_ids: Sequence[str], vector: NDArray[np.float32]) -> dict[str, UnitCosines]:
        """Return how near each of some units is to a question's vector; units that are not live are left out."""
        return nearness.cosines(self._connection, unit_ids, vector)

    def near_asked(self, vector: NDArray[np.float32]) -> dict[str, float]:
        """Return unit → cosine of the nearest question that it is known to answer; only units with such questions."""
        connection = self._connection

        def load() -> AskedVectors:
            return asked_vectors(connection, len(vector))

        return self._index.asked(self.version, load).near(vector)

    def has_asked(self, doc_id: str) -> bool:
        """Return whether questions are known that a document answers."""
        found = self._connection.execute("SELECT 1 FROM asked WHERE doc_id = ? LIMIT 1", (doc_id,))
        return found.fetchone() is not None

    def unit_sentences(self, unit_ids: Sequence[str]) -> dict[str, tuple[Sentence, ...]]:
        """Return the sentences of some units, in the order of the text."""
        return nearness.unit_sentences(self._connection, unit_ids)
