"""Vectors in Milvus: a server, or milvus-lite in a file (for tests and trials: one process at a time).

llama-index makes the collection and writes it, so that its tools can read it. Searches go to its client: we need ids
and cosines of hundreds of neighbours, and nodes made of them cost more than the search.

Full text stays in SQLite. Milvus has its own (BM25 over jieba words), but it would say what is live a second time,
outside the transaction that makes a corpus live, and it finds no more: over 5,222 articles of STARD and 150 questions
our words and bigrams put 0.679 of the right articles in the first ten, Milvus 0.666.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MissingDependencyError
from assistant.indexing.vectors import CALL_TIMEOUT_S, CONNECT_TIMEOUT_S, VectorsAt, batches

BATCH = 1_000
# A server gives no more neighbours than this.
MAX_NEIGHBOURS = 16_384
# As for Chroma; a search asks for at least its k, which Milvus demands.
HNSW = {"index_type": "HNSW", "M": 16, "efConstruction": 100}
EF_SEARCH = 1_200


class MilvusVectors:
    """A collection of the index's own in Milvus."""

    def __init__(self, at: VectorsAt, folder: Path, collection: str, dimension: int, *, create: bool) -> None:
        self._at = at
        self._folder = folder
        self._name = collection
        # Both print every failed call with its stack; ours is one line, and the stack is chained to it.
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            from llama_index.vector_stores.milvus import MilvusVectorStore
            from pymilvus import MilvusClient
        except ImportError as error:
            raise MissingDependencyError(
                f'设置 vectors = "{at.setting}" 需要 Milvus 客户端，请运行：pip install ".[milvus]"'
            ) from error
        connection: dict[str, Any] = {
            "uri": at.address,
            "token": at.token,
            "timeout": CONNECT_TIMEOUT_S,
            "dedicated": True,  # closing it then closes nobody else's
            "grpc_options": {"grpc.service_config": _every_call_within(CALL_TIMEOUT_S)},
        }
        with self._explained():
            client = MilvusClient(**connection)
            try:
                there = client.has_collection(collection)
            finally:
                client.close()
        if not there and not create:
            raise at.nothing_there(folder, f"没有本索引的集合 {collection}")
        with self._explained():
            self._store = MilvusVectorStore(
                collection_name=collection,
                dim=dimension,
                similarity_metric="COSINE",
                # A reader that sees a new generation must find every vector of it.
                consistency_level="Strong",
                upsert_mode=True,  # an insertion would hold an id twice
                batch_size=BATCH,
                index_config=HNSW,
                use_async_client=False,
                **connection,
            )
            self._client: Any = self._store.client
            self._client.load_collection(collection)  # a server that was restarted may not have

    def count(self) -> int:
        """See VectorStore."""
        with self._explained():
            [row] = self._client.query(self._name, filter="", output_fields=["count(*)"])
        return int(row["count(*)"])

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """See VectorStore."""
        from llama_index.core.schema import BaseNode, TextNode

        for rows in batches(range(len(ids)), BATCH):
            nodes: list[BaseNode] = [TextNode(id_=ids[row], embedding=vectors[row].tolist()) for row in rows]
            with self._explained():
                self._store.add(nodes)

    def remove(self, ids: Iterable[str]) -> None:
        """See VectorStore."""
        for batch in batches(sorted(ids), BATCH):
            with self._explained():
                self._client.delete(self._name, ids=batch)

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """See VectorStore."""
        k = min(k, MAX_NEIGHBOURS)
        with self._explained():
            [hits] = self._client.search(
                self._name,
                data=[vector.tolist()],
                anns_field=self._store.embedding_field,
                limit=k,
                search_params={"metric_type": "COSINE", "params": {"ef": max(k, EF_SEARCH)}},
                output_fields=[],
            )
        return [(str(hit["id"]), float(hit["distance"])) for hit in hits]

    def drop(self) -> None:
        """See VectorStore."""
        with self._explained():
            self._client.drop_collection(self._name)

    def close(self) -> None:
        """See VectorStore. A milvus-lite file stays with the process until it ends."""
        self._client.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        # pymilvus raises its own errors, gRPC's and a few of Python's: nothing but its calls stand in these blocks.
        try:
            yield
        except Exception as error:
            reason: object = error
            if self._at.address.endswith(".db") and "Open local milvus failed" in str(error):
                reason = "打不开这个文件（它只供一个进程使用，可能有别的进程正开着它；多个进程请用 milvus:http://…）"
            raise self._at.problem(self._folder, reason) from error


def _every_call_within(seconds: float) -> str:
    """Return the gRPC service configuration that ends every call after so long; llama-index passes no time limit."""
    return json.dumps({"methodConfig": [{"name": [{}], "timeout": f"{seconds:g}s"}]})
