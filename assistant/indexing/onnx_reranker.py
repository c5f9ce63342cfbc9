"""The shipped reranker: a cross-encoder as an ONNX file and a tokenizer in the package. No network, no PyTorch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.onnx_model import OnnxModel, shipped_folder

MODEL = "statute-rerank-zh"
# Tokens that a passage always gets: only a question longer than all the rest (440 tokens, some 700 characters) is cut.
MIN_PASSAGE_TOKENS = 64


class OnnxReranker:
    """A cross-encoder: [CLS] question [SEP] passage [SEP] → one logit. The model is read with the first question.

    reranker = OnnxReranker(shipped_reranker())
    order = np.argsort(-reranker.scores("企业用电成本能降吗", passages))

    The passage is cut where the pair is too long, never the question (unless it leaves the passage fewer than 64
    tokens). Any thread may call.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Read what the model says of itself.

        Args:
            folder: where model.onnx, tokenizer.json and model.json lie.
            threads: batches computed at the same time; by default one for each core.

        Raises:
            ModelError: model.json is missing or damaged.
        """
        self._model = OnnxModel(folder, "内置重排模型", threads)

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self._model.facts["name"])

    @property
    def revision(self) -> str:
        """The first 16 hex digits of the sha256 of the ONNX file."""
        return str(self._model.facts["revision"])

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return the logit of each passage for the question, float32 (n,), higher is better, in the order given.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        if not passages:
            return np.empty(0, np.float32)
        tokenizer = self._model.tokenizer
        asked = tokenizer.encode(question, add_special_tokens=False).ids
        pairs = [
            pair_tokens(asked, tokenizer.encode(passage, add_special_tokens=False).ids, self._model.facts)
            for passage in passages
        ]
        inputs = {"input_ids": [ids for ids, _ in pairs], "token_type_ids": [types for _, types in pairs]}
        return self._model.run(inputs, ())


def pair_tokens(question: Sequence[int], passage: Sequence[int], facts: dict[str, Any]) -> tuple[list[int], list[int]]:
    """Return (token ids, token types) of a pair, at most `max_tokens` long.

    Args:
        question: token ids without special ones.
        passage: as `question`; cut to what is left.
        facts: `cls_id`, `sep_id`, `separators` between the two (1 or 2), `passage_type` (0 or 1), `max_tokens`.

    >>> facts = {"cls_id": 0, "sep_id": 2, "separators": 1, "passage_type": 1, "max_tokens": 512}
    >>> pair_tokens([7, 8], [9], facts)
    ([0, 7, 8, 2, 9, 2], [0, 0, 0, 0, 1, 1])
    """
    cls_id, sep_id, separators = int(facts["cls_id"]), int(facts["sep_id"]), int(facts["separators"])
    room = int(facts["max_tokens"]) - separators - 2
    first = [cls_id, *question[: max(room - min(len(passage), MIN_PASSAGE_TOKENS), 0)], *[sep_id] * separators]
    second = [*passage[: room + separators + 1 - len(first)], sep_id]
    return first + second, [0] * len(first) + [int(facts["passage_type"])] * len(second)


def shipped_reranker() -> Path:
    """Return where the shipped reranker lies inside the installed package; there may be none."""
    return shipped_folder(MODEL)
