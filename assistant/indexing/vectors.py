"""Article vectors: one small protocol, and which store keeps them for an index.

SQLite decides what is live; a store only finds neighbours. Ids carry the content hash of the text, so a vector never
changes under its id, and every store can be filled again from the embeddings that SQLite keeps. What the setting
`vectors` says is remembered in the index (`vectors_home`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError

T = TypeVar("T")
EMBEDDED = "chroma"
# Of the embedded Chroma database; it lies in the index's folder.
FOLDER = "chroma"

# A server that is up answers in milliseconds; one that does not take a connection in this time is down.
CONNECT_TIMEOUT_S = 5.0
# A batch written to a loaded server may take long; a call that hangs must still end.
CALL_TIMEOUT_S = 30.0
# Of a library's message, which may run over many lines.
MAX_REASON = 160


class VectorStore(Protocol):
    """The vectors of one index, searched by cosine.

    Every method raises StoreError where the store is damaged, cannot be reached or cannot be written.
    """

    def count(self) -> int:
        """Return how many vectors it holds, live or not."""

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, float32 (n, dim), rows unit length; an id that is there already keeps its (equal) vector."""

    def remove(self, ids: Iterable[str]) -> None:
        """Remove vectors; ids that are not there are passed over."""

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """Return up to k (vector id, cosine), best first."""

    def drop(self) -> None:
        """Remove all vectors and what held them; the store is then to be closed."""

    def close(self) -> None:
        """Let go of files and connections."""


@dataclass(frozen=True, slots=True)
class VectorsAt:
    """Which store keeps an index's vectors.

    Attributes:
        setting: as `Settings.vectors` has it: "chroma", "chroma:http://…", "milvus:http://…" or "milvus:PATH.db".
        token: for a server that asks for one; never printed.
    """

    setting: str = EMBEDDED
    token: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        """Which library: "chroma" or "milvus"."""
        return self.setting.partition(":")[0]

    @property
    def address(self) -> str:
        """The server's address or the file, "" for the Chroma database in the index's folder."""
        return self.setting.partition(":")[2]

    def problem(self, folder: Path, reason: object) -> StoreError:
        """Return the error of a store that cannot be used, in one line and without the token."""
        text = " ".join(str(reason).split())
        if self.token:
            text = text.replace(self.token, "***")
        text = text if len(text) <= MAX_REASON else text[:MAX_REASON] + "…"
        ingest = f"python ingest.py --index {folder}（向量已存在索引中，不必重算）"
        if not self.address:
            return StoreError(
                f"索引 {folder} 的向量库不可用：{text}。请检查磁盘空间和读写权限后再试；"
                f"仍不行时，请删除 {folder / FOLDER}，再运行 {ingest}"
            )
        return StoreError(
            f"索引 {folder} 的向量库 {self.setting} 不可用：{text}。"
            f"请确认它已启动、地址和令牌无误后再试；它若丢了数据，请运行 {ingest}"
        )

    def nothing_there(self, folder: Path, what: str) -> "VectorsMissingError":
        """Return the error of a place that holds nothing of the index."""
        return VectorsMissingError(
            f"索引 {folder} 的向量库 {self.setting} 不可用：{what}。"
            f"请运行 python ingest.py --index {folder}（向量已存在索引中，不必重算）"
        )


IN_FOLDER = VectorsAt()


class VectorsMissingError(StoreError):
    """The place where an index's vectors should lie holds nothing of it."""


def open_vectors(at: VectorsAt, folder: Path, collection: str, dimension: int, *, create: bool = False) -> VectorStore:
    """Return the store that `at` names, opened for the index in `folder`.

    Args:
        at: which store.
        folder: the index's.
        collection: what this index's vectors are called where several indexes share a server.
        dimension: of the vectors.
        create: make an empty place where there is none.

    Raises:
        VectorsMissingError: there is none and `create` is false.
        StoreError: it is damaged or cannot be reached.
        MissingDependencyError: Milvus is asked for and the extra `[milvus]` is not installed.
    """
    if at.kind == "milvus":
        from assistant.indexing.vectors_milvus import MilvusVectors

        return MilvusVectors(at, folder, collection, dimension, create=create)
    from assistant.indexing.vectors_chroma import ChromaServer, EmbeddedChroma

    if at.address:
        return ChromaServer(at, folder, collection, create=create)
    return EmbeddedChroma(at, folder, create=create)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of up to `size` items, in order."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
