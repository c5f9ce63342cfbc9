"""Write the shipped embedder: a BERT of sentence-transformers as one ONNX file, and the vectors its test compares with.

    python -m eval.export_embedder --source ../shared/models/statute-embed-zh --out assistant/models/statute-embed-zh

The graph comes from `eval.bert_graph`; mean pooling and unit length are in it, prefixes and truncation are not. With
--precision half the vectors are the original's to the seventh digit, with int8 to a cosine of 0.9998, twice as fast.

Needs the extra: pip install ".[models]"
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, ModelError
from eval.bert_graph import (
    MODEL_FILE,
    GraphBuilder,
    Linear,
    Maxima,
    Precision,
    Weights,
    add_encoder,
    add_mean,
    channel_maxima,
    read_config,
    write_model,
)

MIN_COSINE = 0.999  # to the original, on every text
FIXTURE = Path("tests/indexing")


def build_graph(
    weights: Weights,
    config: Mapping[str, Any],
    name: str,
    precision: Precision,
    maxima: Maxima | None = None,
    linear: Callable[[GraphBuilder], Linear] | None = None,
) -> Any:
    """Return the ONNX model of a BERT encoder with mean pooling and unit length.

        input_ids: int64 (batch, sequence), all texts equally long → vector: float32 (batch, hidden), L2-normalised

    Args:
        weights: tensors under the names that transformers' BertModel gives them.
        config: the model's config.json.
        name: of the graph.
        precision: of the linear layers and of the table of words.
        maxima: with INT8, what `channel_maxima` found.
        linear: makes what adds a matrix product; by default what `precision` asks for.

    Raises:
        ModelError: the model is not a BERT with exact GELU and absolute positions.
    """
    graph = GraphBuilder()
    hidden = add_encoder(graph, weights, config, precision, maxima, linear=linear(graph) if linear else None)
    graph.node("LpNormalization", [add_mean(graph, hidden)], "vector", axis=-1, p=2)
    return graph.model(name, ["input_ids"], "vector", ["batch", config["hidden_size"]])


def export(source: Path, out: Path, precision: Precision, texts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Write model.onnx, tokenizer.json and model.json into `out`; return what model.json says.

    Args:
        source: folder of the sentence-transformers model.
        out: folder to write.
        precision: of the linear layers and of the table of words.
        texts: (kind, text) to calibrate INT8 with.

    Raises:
        ModelError: `source` is not a model this script can export.
    """
    from safetensors.numpy import load_file

    config = read_config(source)
    prompts = _prompts(source)
    weights = load_file(source / "model.safetensors")
    maxima = None
    if precision is Precision.INT8:
        maxima = channel_maxima(weights, config, calibration_rows(source, texts))
    facts = {
        "name": source.name,
        "dimension": config["hidden_size"],
        "max_tokens": _max_tokens(source),
        "query_prefix": prompts["query"],
        "passage_prefix": prompts["passage"],
        "precision": precision,
        "licence": "MIT",
    }
    return write_model(out, build_graph(weights, config, source.name, precision, maxima), source, facts)


def calibration_rows(source: Path, texts: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Return the token ids of (kind, text), with the source's prompts and within its limit."""
    from tokenizers import Tokenizer

    prompts, limit = _prompts(source), _max_tokens(source)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.enable_truncation(limit)
    return [tokenizer.encode(prompts[kind] + text).ids for kind, text in texts]


def _prompts(source: Path) -> dict[str, str]:
    text = (source / "config_sentence_transformers.json").read_text(encoding="utf-8")
    prompts: dict[str, str] = json.loads(text)["prompts"]
    return prompts


def _max_tokens(source: Path) -> int:
    return int(json.loads((source / "tokenizer_config.json").read_text(encoding="utf-8"))["model_max_length"])


def read_texts(path: Path) -> list[tuple[str, str]]:
    """Return (kind, text) of each line of the fixture's texts; kind is "query" or "passage"."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["kind"], row["text"]) for row in rows]


def original_vectors(source: Path, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """Return the source model's own vectors, computed in float32 by sentence-transformers: (n, dim), unit length."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu", local_files_only=True).float()
    prompted = [model.prompts[kind] + text for kind, text in texts]
    vectors: NDArray[np.float32] = model.encode(prompted, prompt="", batch_size=8, normalize_embeddings=True)
    return vectors


def shipped_vectors(folder: Path, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """Return the vectors of the model just written, in the order of `texts`."""
    from assistant.indexing.onnx_embedder import OnnxEmbedding

    embedder = OnnxEmbedding(folder=folder)
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    for kind, embed in (("query", embedder.embed_queries), ("passage", embedder.embed_passages)):
        rows = [row for row, (this, _) in enumerate(texts) if this == kind]
        vectors[rows] = embed([texts[row][1] for row in rows])
    return vectors


def main(argv: Sequence[str] | None = None) -> int:
    """Export, compare, and write the fixture; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="folder of the sentence-transformers model")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--precision", type=Precision, choices=list(Precision), default=Precision.HALF)
    parser.add_argument("--fixture", type=Path, default=FIXTURE, help="folder of embedder_texts.jsonl")
    options = parser.parse_args(argv)
    try:
        texts = read_texts(options.fixture / "embedder_texts.jsonl")
        facts = export(options.source, options.out, options.precision, texts)
        vectors = original_vectors(options.source, texts)
        cosines = np.sum(vectors * shipped_vectors(options.out, texts), axis=1)
        worst = int(np.argmin(cosines))
        line = f"{len(texts)} 段文字与原模型的余弦：最小 {cosines[worst]:.7f}，平均 {cosines.mean():.7f}"
        if cosines[worst] < MIN_COSINE:
            raise ModelError(f"{line}；低于 {MIN_COSINE}，最差的是“{texts[worst][1][:30]}”，导出的模型不可用")
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    np.savez_compressed(options.fixture / "embedder_vectors.npz", vectors=vectors.astype(np.float16))
    print(f"{facts['name']} {facts['revision']}：{facts['files'][MODEL_FILE]['bytes']:,} 字节；{line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
