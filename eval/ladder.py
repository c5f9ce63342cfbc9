"""The ladder: systems of one table, from words alone to the whole product, each a stage more than the one before.

A system is a name and a function (case, k) → ids of units, best first. To add a stage, add a row to `ladder`.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.api import Assistant
from assistant.indexing import database
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.tokens import LexicalTokenizer
from assistant.retrieval.fusion import DEFAULT_WEIGHTS, Weights
from assistant.retrieval.hybrid import Mode, search
from assistant.retrieval.rerank import DEFAULT_RERANK
from assistant.schema import Query
from assistant.settings import Settings
from eval.benchmark_index import BuiltIndex
from eval.benchmarks import Case
from eval.law_data import ROOT

T = TypeVar("T")
Rank = Callable[[Case, int], Sequence[str]]
# The product as shipped, and asked from a place; reports, comparisons and listed misses are about these rows.
PRODUCT, PLACED = "product", "product-placed"
RERANKED = "reranker"
# What being cited by a strong candidate weighs in the row that measures it.
FOLLOWING = 0.05


@dataclass(frozen=True, slots=True)
class System:
    """One row of the table.

    Attributes:
        name: short, English, fixed: JSON, plots and comparisons know the system by it.
        label: what it is, in Chinese.
        rank: (case, k) → up to k unit ids, best first; may give more than one id of one unit.
        prepare: what has to be there before the first question is timed.
    """

    name: str
    label: str
    rank: Rank
    prepare: Callable[[], object] = lambda: None


class Product(Assistant):
    """The assistant over a benchmark's index, and what an evaluation looks at inside it."""

    def __init__(self, built: BuiltIndex, embedder: Embedder, as_of: date, reranker: str = "off") -> None:
        super().__init__(Settings(index=built.folder, corpus=ROOT / "corpus", reranker=reranker))
        self._given = embedder
        self.as_of = as_of

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder of the benchmark."""
        return self._given

    def look(self, work: Callable[[Snapshot], T]) -> T:
        """Return `work` of a snapshot of the index."""
        return self._index.read(work)

    def corpus_hash(self) -> str:
        """Return the hash of the live corpus."""
        return self.look(lambda snapshot: snapshot.corpus)

    def whole(self, case: Case, k: int, *, placed: bool = False) -> list[str]:
        """Rank as the product does; with `placed`, as asked from the case's place."""
        place = {"region": case.region} if placed and case.region else {}
        return [hit.provision.id for hit in self.search(case.question, k, as_of=self.as_of, **place)]

    def staged(
        self, case: Case, k: int, *, weights: Weights, mode: Mode = Mode.HYBRID, understood: bool = False
    ) -> list[str]:
        """Rank by the hybrid search alone: the question as it was asked, or `understood`, but without terms of art."""
        query = Query(case.question, case.question, self.as_of)
        if understood:
            found = self.understand(case.question, as_of=self.as_of)
            query = replace(found, terms=(), parts=tuple(replace(part, terms=()) for part in found.parts))
        return self._ranked(query, k, weights, mode)

    def with_terms(self, case: Case, k: int, *, weights: Weights = DEFAULT_WEIGHTS) -> list[str]:
        """Rank by the hybrid search, the question understood and its terms of art searched for."""
        return self._ranked(self.understand(case.question, as_of=self.as_of), k, weights, Mode.HYBRID)

    def _ranked(self, query: Query, k: int, weights: Weights, mode: Mode) -> list[str]:
        hits = self.look(lambda snapshot: search(snapshot, self.embedder, query, k, mode, weights))
        return [hit.provision.id for hit in hits]


class ExactVectors:
    """Every article vector of an index in one matrix: what the approximate search is measured against."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder

    @cached_property
    def _matrix(self) -> tuple[list[str], NDArray[np.float32]]:
        query = "SELECT provision, vector FROM units JOIN embeddings USING (hash) ORDER BY units.rowid"
        with closing(database.connect(self._folder)) as connection:
            rows = connection.execute(query).fetchall()
        vectors = np.frombuffer(b"".join(blob for _, blob in rows), dtype=np.float16).reshape(len(rows), -1)
        return [unit for unit, _ in rows], vectors.astype(np.float32)

    def prepare(self) -> None:
        """Read the matrix."""
        assert len(self._matrix[0])

    def rank(self, case: Case, k: int) -> list[str]:
        """Return the k units of the highest cosine."""
        units, matrix = self._matrix
        cosines = matrix @ self._embedder.embed_queries([case.question])[0]
        best = np.argsort(-cosines, kind="stable")[:k]
        return [units[row] for row in best]


class PlainBm25:
    """BM25 over all terms of the question, as a textbook has it: nothing left out, nothing added.

    FTS5's bm25() with its k1 = 1.2 and b = 0.75, over the words and bigrams that the product indexes.
    """

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self._folder = folder
        self._tokenizer = LexicalTokenizer(folder)
        self._columns = columns

    def rank(self, case: Case, k: int) -> list[str]:
        """Return the k units of the highest BM25."""
        found = {"words": self._tokenizer.words, "bigrams": self._tokenizer.bigrams}
        clauses = []
        for column in self._columns:
            terms = list(dict.fromkeys(found[column](case.question)))
            if terms:
                clauses.append(f"{column} : (" + " OR ".join(f'"{term}"' for term in terms) + ")")
        if not clauses:
            return []
        query = (
            "WITH found AS MATERIALIZED (SELECT rowid, bm25(full_text) AS score FROM full_text WHERE full_text MATCH ?)"
            " SELECT u.provision FROM found JOIN units u ON u.rowid = found.rowid ORDER BY found.score, u.rowid LIMIT ?"
        )
        with closing(database.connect(self._folder)) as connection:
            return [row[0] for row in connection.execute(query, (" OR ".join(clauses), k))]


def ladder(product: Product, built: BuiltIndex, *, placed: bool, reading: Product | None = None) -> list[System]:
    """Return the systems in the order of the table.

    `placed` adds the product asked from each question's place; `reading`, a product with a reranker, what that adds.
    """
    exact = ExactVectors(built.folder, product.embedder)
    staged = product.staged
    no_words = replace(DEFAULT_WEIGHTS, lexical=0.0)
    article = replace(no_words, sentence=0.0)
    follows = replace(DEFAULT_WEIGHTS, references=FOLLOWING)
    rows = [
        System("bm25-words", "BM25，词", PlainBm25(built.folder, ("words",)).rank),
        System("bm25-words-bigrams", "BM25，词和二字组", PlainBm25(built.folder, ("words", "bigrams")).rank),
        System("full-text", "产品的全文检索", partial(staged, weights=DEFAULT_WEIGHTS, mode=Mode.LEXICAL)),
        System("article-exact", "条文向量，逐一比对", exact.rank, exact.prepare),
        System("article", "条文向量，近似检索", partial(staged, weights=article)),
        System("+sentences", "＋ 最佳句向量", partial(staged, weights=no_words)),
        System("+bm25", "＋ BM25", partial(staged, weights=DEFAULT_WEIGHTS)),
        System("+understanding", "＋ 理解问题", partial(staged, weights=DEFAULT_WEIGHTS, understood=True)),
        System("+terms", "＋ 法言", product.with_terms),
        System(
            "+references", f"＋ 引用一跳（权重 {FOLLOWING}，默认不用）", partial(product.with_terms, weights=follows)
        ),
        System(PRODUCT, "完整产品", product.whole),
    ]
    if placed:
        rows.append(System(PLACED, "完整产品，按提问地过滤", partial(product.whole, placed=True)))
    if reading:
        model = Path(reading.settings.reranker.rpartition(":")[2]).name
        rank = partial(reading.whole, placed=placed)
        rows.append(System(RERANKED, f"＋ 重排模型 {model}，读前 {DEFAULT_RERANK.depth} 条", rank))
    return rows
