"""Article vectors: one Chroma collection behind llama-index's vector-store interface.

Chroma caches a database per path and process, and a cached one does not see what another process wrote. Each
`VectorIndex` therefore opens its own, and is reopened by whoever learns of a new generation.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError

FOLDER = "chroma"
COLLECTION = "articles"
# Chroma takes at most about 5,461 rows a call (SQLite's variable limit); deletions take fewer.
BATCH = 1_000

_serial = itertools.count()


def vectors_exist(folder: Path) -> bool:
    """Return whether there is a vector store in the index's folder, whole or not."""
    return (folder / FOLDER).exists()


def damaged(folder: Path, reason: object) -> StoreError:
    """Return the error of a vector store that cannot be used; a writer that finds none makes it anew."""
    return StoreError(
        f"索引 {folder} 的向量库不可用：{reason}。请删除 {folder / FOLDER}，"
        f"再运行 python ingest.py --index {folder}（向量已存在索引中，不必重算）"
    )


class VectorIndex:
    """The vectors of all articles and parts, searched by cosine.

    Raises:
        StoreError: the vector store is damaged or cannot be written, on opening and on every call.
    """

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self._folder = folder
        path = folder / FOLDER
        # Chroma keys its process-wide cache by this string; a spelling of our own keeps two openings apart.
        spelling = f"{path}/" + "./" * next(_serial)
        with _explained(folder):
            path.mkdir(parents=True, exist_ok=True)
            self._client: Any = chromadb.PersistentClient(spelling, settings=Settings(anonymized_telemetry=False))
            self._collection: Any = self._client.get_or_create_collection(
                COLLECTION, metadata={"hnsw:space": "cosine"}, embedding_function=None
            )
        self._store = ChromaVectorStore(chroma_collection=self._collection)

    def count(self) -> int:
        """Return how many vectors lie in the collection, live or not."""
        with _explained(self._folder):
            return int(self._collection.count())

    def add(self, ids: Sequence[str], doc_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, float32 (n, dim); ids that are there already stay as they are."""
        from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode

        for rows in _batches(range(len(ids))):
            nodes: list[BaseNode] = [
                TextNode(
                    id_=ids[row],
                    text="",
                    embedding=vectors[row].tolist(),
                    relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=doc_ids[row])},
                )
                for row in rows
            ]
            with _explained(self._folder):
                self._store.add(nodes)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove vectors; ids that are not there are passed over."""
        for batch in _batches(sorted(ids)):
            with _explained(self._folder):
                self._store.delete_nodes(node_ids=list(batch))

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """Return up to k (vector id, cosine), best first."""
        from llama_index.core.vector_stores.types import VectorStoreQuery

        # Chroma gives what there is when that is less than k. Its own count is no bound: it is the database's, which
        # may have lost vectors that this opening still finds.
        with _explained(self._folder):
            result = self._store.query(VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=k))
        # The adapter gives exp(-distance), and Chroma's cosine distance is 1 - cosine.
        return [(i, 1.0 + math.log(s)) for i, s in zip(result.ids or (), result.similarities or (), strict=True)]

    def close(self) -> None:
        """Let go of the database's files."""
        self._client.close()


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError) as error:
        raise damaged(folder, error) from error


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
