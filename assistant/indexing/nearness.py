"""How near units and their sentences are to a question, from the vectors that the database keeps by content hash."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.indexing import rows
from assistant.indexing.lexical import VALUES
from assistant.indexing.vectors import batches
from assistant.schema import Sentence


@dataclass(frozen=True, slots=True)
class UnitCosines:
    """How near a unit is to a question.

    Attributes:
        article: cosine of its own vector.
        sentences: cosines of its sentences in the order of the text, float32 (n_sentences,).
    """

    article: float
    sentences: NDArray[np.float32]


def cosines(
    connection: sqlite3.Connection, unit_ids: Sequence[str], vector: NDArray[np.float32]
) -> dict[str, UnitCosines]:
    """Return unit id → cosines, for the units that are live."""
    article: dict[str, float] = {}
    sentences: dict[str, NDArray[np.float32]] = {}
    for batch in batches(unit_ids, VALUES):
        marks = ", ".join("?" * len(batch))
        query = (
            f"SELECT u.provision, e.vector FROM units u JOIN embeddings e USING (hash) WHERE u.provision IN ({marks})"
        )
        found = connection.execute(query, batch).fetchall()
        article |= zip((unit for unit, _ in found), _against(found, vector).tolist(), strict=True)
        query = (
            "SELECT s.unit, e.vector FROM sentences s JOIN embeddings e USING (hash)"
            f" WHERE s.unit IN ({marks}) ORDER BY s.unit, s.position"
        )
        found = connection.execute(query, batch).fetchall()
        values, start = _against(found, vector), 0
        for unit, group in groupby(found, key=lambda row: row[0]):
            end = start + sum(1 for _ in group)
            sentences[str(unit)] = values[start:end]
            start = end
    none = np.zeros(0, dtype=np.float32)
    return {unit: UnitCosines(article[unit], sentences.get(unit, none)) for unit in unit_ids if unit in article}


@dataclass(frozen=True, slots=True)
class AskedVectors:
    """The questions of asked.toml: the unit of each, and their vectors, float32 (n, dim) of unit length."""

    units: tuple[str, ...]
    vectors: NDArray[np.float32]

    def near(self, vector: NDArray[np.float32]) -> dict[str, float]:
        """Return unit → cosine of its question nearest to `vector`."""
        found: dict[str, float] = {}
        for unit, cosine in zip(self.units, (self.vectors @ vector).tolist(), strict=True):
            found[unit] = max(cosine, found.get(unit, -1.0))
        return found


def asked_vectors(connection: sqlite3.Connection, dimension: int) -> AskedVectors:
    """Return the questions that the live units answer, with their vectors."""
    found = connection.execute("SELECT unit, vector FROM asked JOIN embeddings USING (hash) ORDER BY asked.rowid")
    pairs = found.fetchall()
    stored = np.frombuffer(b"".join(blob for _, blob in pairs), dtype=np.float16).reshape(len(pairs), dimension)
    return AskedVectors(tuple(unit for unit, _ in pairs), stored.astype(np.float32))


def unit_sentences(connection: sqlite3.Connection, unit_ids: Sequence[str]) -> dict[str, tuple[Sentence, ...]]:
    """Return unit id → its sentences in the order of the text; none for a unit without."""
    found: dict[str, list[Sentence]] = {unit: [] for unit in unit_ids}
    for batch in batches(unit_ids, VALUES):
        marks = ", ".join("?" * len(batch))
        query = f"SELECT {rows.SENTENCE_COLUMNS} FROM sentences WHERE unit IN ({marks}) ORDER BY unit, position"
        for row in connection.execute(query, batch):
            sentence = rows.load_sentence(row)
            found[sentence.unit].append(sentence)
    return {unit: tuple(sentences) for unit, sentences in found.items()}


def nearest(
    connection: sqlite3.Connection, vector: NDArray[np.float32], k: int, doc_ids: Collection[str]
) -> list[tuple[str, float]]:
    """Return up to k (unit id, cosine) of the units of some documents, best first: all are compared."""
    found: list[tuple[str, bytes]] = []
    for batch in batches(doc_ids, VALUES):
        marks = ", ".join("?" * len(batch))
        query = f"SELECT provision, vector FROM units JOIN embeddings USING (hash) WHERE doc_id IN ({marks})"
        found += connection.execute(query, batch)
    values = _against(found, vector)
    return [(found[row][0], float(values[row])) for row in np.argsort(-values, kind="stable")[:k]]


def _against(found: Sequence[tuple[str, bytes]], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of each stored vector (float16, unit length) with another, float32 (n,)."""
    stored = np.frombuffer(b"".join(blob for _, blob in found), dtype=np.float16).reshape(len(found), len(vector))
    return np.asarray(stored.astype(np.float32) @ vector, dtype=np.float32)
