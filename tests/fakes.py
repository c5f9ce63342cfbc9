"""Fakes whose behaviour can be read: an embedder that counts words, and documents made of a few lines."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.parsing import parse
from assistant.schema import Document, Kind, Metadata, Parsed, SourcePoint

# One dimension a word: the vector of a text says which of these it contains, and the last one keeps it from being zero.
WORDS = ("土地", "电", "水", "人才", "资金", "园区", "税", "海关")


class CountingEmbedder:
    """An embedder of the eight words above. `passages` keeps every text it was asked to embed."""

    name = "counting"
    revision = "1"
    dimension = len(WORDS) + 1

    def __init__(self, fail_after: int | None = None) -> None:
        self.passages: list[str] = []
        self._fail_after = fail_after

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return word counts, rows of unit length."""
        rows = np.array([[*(text.count(word) for word in WORDS), 0.25] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return word counts; with `fail_after`, break off as a kill would once so many texts have been embedded."""
        if self._fail_after is not None and len(self.passages) + len(texts) > self._fail_after:
            raise KeyboardInterrupt
        self.passages += texts
        if progress:
            progress(len(texts))
        return self.embed_queries(texts)


def statute(doc_id: str, *articles: str, title: str = "", **facts: object) -> Parsed:
    """Return a parsed regulation whose articles 第一条, 第二条 … have these texts."""
    numerals = "一二三四五六七八九十"
    lines = [f"第{numerals[n]}条　{text}" for n, text in enumerate(articles)]
    metadata = Metadata(id=doc_id, title=title or f"{doc_id}条例", kind=Kind.STATUTE, **facts)  # type: ignore[arg-type]
    return parse(Document(metadata, "\n".join(lines), (SourcePoint(0, paragraph=1),)))


TODAY = date(2026, 11, 22)
