"""Passages and questions as vectors of one embedder, and the passages nearest to a question. Needs [models]."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.training.loop import device

if TYPE_CHECKING:
    import torch


class Pools:
    """The passages of each pool and their vectors.

    Args:
        embedder: folder of a sentence-transformers model.
        passages: rows of passages.jsonl.gz.
    """

    def __init__(self, embedder: Path, passages: Sequence[dict[str, Any]]) -> None:
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(str(embedder), device=device())
        self.model.float()  # whatever its file holds
        self.text = {row["id"]: row["text"] for row in passages}
        self.ids: dict[str, list[str]] = {}
        for row in passages:
            self.ids.setdefault(row["pool"], []).append(row["id"])
        self._vectors = {
            pool: self._embed([self.text[one] for one in ids], "passage") for pool, ids in self.ids.items()
        }

    def nearest(self, questions: Sequence[str], pool: str, k: int) -> list[list[tuple[str, float]]]:
        """Return the k (passage, cosine) nearest to each question, best first; exact."""
        asked = self._embed(questions, "query")
        found: list[list[tuple[str, float]]] = []
        for start in range(0, len(asked), 1024):
            scores = asked[start : start + 1024] @ self._vectors[pool].T
            top = scores.topk(min(k, scores.shape[1]))
            for places, cosines in zip(top.indices.tolist(), top.values.tolist(), strict=True):
                found.append([(self.ids[pool][place], cosine) for place, cosine in zip(places, cosines, strict=True)])
        return found

    def _embed(self, texts: Sequence[str], prompt: str) -> "torch.Tensor":
        import torch

        kind = self.model.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            vectors = self.model.encode(
                list(texts), prompt_name=prompt, batch_size=512, convert_to_tensor=True, show_progress_bar=False
            )
        return torch.nn.functional.normalize(vectors.float(), dim=-1)
