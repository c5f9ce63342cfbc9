"""What a user would pick instead: LlamaIndex as its tutorial has it, on Chroma, with the same embedder.

`VectorStoreIndex` with the defaults of `SentenceSplitter`, one llama-index document an article. The article's text is
what our index embeds (title, headings, number, text): that is kinder than the tutorial, and leaves the pipeline as the
only difference. A hit counts as its article (`ref_doc_id`); several nodes of one article count as the first.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MissingDependencyError
from assistant.indexing.embedder import Embedder
from assistant.indexing.texts import embedded_texts
from eval.benchmark_index import BuiltIndex
from eval.benchmarks import Benchmark, Case
from eval.vector_cache import MAX_EMBED, CachedEmbedder, VectorCache

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

COLLECTION = "quickstart"  # the name in the documentation of llama-index's Chroma store
FOLDER = "llamaindex"  # inside the benchmark's index, so that both are built and thrown away together
FINISHED = "finished.json"
# Articles inserted at a time: what is held in memory.
BATCH = 5_000
# An article may lie in several nodes, so this many times k nodes are fetched.
NODES_PER_ARTICLE = 2


class LlamaIndexBaseline:
    """LlamaIndex over a benchmark; built where it does not lie beside the benchmark's index yet."""

    def __init__(
        self,
        benchmark: Benchmark,
        built: BuiltIndex,
        embedder: Embedder,
        say: Callable[[str], None],
        max_embed: int = MAX_EMBED,
    ) -> None:
        self._benchmark = benchmark
        self._folder = built.folder / FOLDER
        self._root = built.folder.parent.parent
        self._embedder = embedder
        self._say = say
        self._max_embed = max_embed
        self._index: Any = None

    def prepare(self) -> None:
        """Build the index, or open the one that lies there.

        Raises:
            ModelError: more vectors are missing than may be computed here.
            MissingDependencyError: without the extra [eval].
        """
        import chromadb
        from chromadb.config import Settings
        from llama_index.core import StorageContext, VectorStoreIndex

        try:
            from llama_index.vector_stores.chroma import ChromaVectorStore
        except ImportError as error:
            raise MissingDependencyError('对照组需要 llama-index 的 Chroma；请运行 pip install ".[eval]"') from error

        finished = (self._folder / FINISHED).is_file()
        if not finished and self._folder.exists():
            shutil.rmtree(self._folder)
        client = chromadb.PersistentClient(str(self._folder), settings=Settings(anonymized_telemetry=False))
        # llama-index's documentation creates the collection so, with Chroma's default distance.
        collection = client.get_or_create_collection(COLLECTION, embedding_function=None)
        store = ChromaVectorStore(chroma_collection=collection)
        if finished:
            self._index = VectorStoreIndex.from_vector_store(store, embed_model=_bridge(self._embedder))
            return
        cached = CachedEmbedder(self._embedder, VectorCache.of(self._embedder, self._root), self._max_embed)
        model = _bridge(cached)
        context = StorageContext.from_defaults(vector_store=store)
        self._index = VectorStoreIndex.from_documents([], storage_context=context, embed_model=model)
        self._insert(model)
        (self._folder / FINISHED).write_text(json.dumps({"embedded": cached.computed}) + "\n", encoding="utf-8")

    def _insert(self, model: "BaseEmbedding") -> None:
        from llama_index.core import Document
        from llama_index.core.node_parser import SentenceSplitter

        splitter = SentenceSplitter()
        done = 0
        for batch in _batches(self._articles()):
            nodes = splitter.get_nodes_from_documents([Document(text=text, doc_id=unit) for unit, text in batch])
            self._index.insert_nodes(nodes)
            done += len(batch)
            self._say(f"　LlamaIndex：{done:,} 条")

    def _articles(self) -> Iterator[tuple[str, str]]:
        for parsed in self._benchmark.documents():
            found = embedded_texts(parsed)
            yield from ((unit, found.texts[digest]) for unit, digest in found.units.items())

    def rank(self, case: Case, k: int) -> list[str]:
        """Return the articles of the nodes that the index's retriever finds, each once."""
        retriever = self._index.as_retriever(similarity_top_k=NODES_PER_ARTICLE * k)
        found = dict.fromkeys(node.node.ref_doc_id for node in retriever.retrieve(case.question))
        return list(found)[:k]


def _batches(articles: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    batch: list[tuple[str, str]] = []
    for article in articles:
        batch.append(article)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _bridge(embedder: Embedder) -> "BaseEmbedding":
    """Return any embedder of ours behind llama-index's interface."""
    from assistant.indexing.numpy_embedding import NumpyEmbedding

    class Bridge(NumpyEmbedding):
        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return embedder.embed_queries(texts)

        def embed_passages(
            self, texts: Sequence[str], progress: Callable[[int], None] | None = None
        ) -> NDArray[np.float32]:
            return embedder.embed_passages(texts, progress)

    return Bridge(model_name=embedder.name)
