"""Write the shipped reranker: a BERT cross-encoder as one ONNX file, compared with PyTorch on pairs of the fixture.

    python -m eval.export_reranker --source models/reranker --out assistant/models/statute-rerank-zh
    python -m eval.export_reranker --tiny tests/indexing/tiny_reranker       the model of the tests, random weights

The source folder holds config.json, model.safetensors and tokenizer.json. Its tensors have the names of transformers'
BertModel, with or without "bert." in front, beside `classifier.weight` (1, hidden) and `classifier.bias` (1). How the
first token, the mean or the pooler feeds the classifier and how a pair is written must be those of its training; the
defaults are those of `eval.train_reranker`.

Needs the extra: pip install ".[models]"
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, ModelError
from assistant.indexing.onnx_model import MODEL_FILE, TOKENIZER_FILE
from assistant.indexing.onnx_reranker import MODEL, OnnxReranker, pair_tokens
from eval.bert_graph import (
    GraphBuilder,
    Maxima,
    Precision,
    Weights,
    add_encoder,
    add_mean,
    channel_maxima,
    read_config,
    write_model,
)
from eval.random_bert import write_random_bert, write_small_tokenizer

INPUTS = ("input_ids", "token_type_ids")
FIXTURE = Path("tests/indexing/embedder_texts.jsonl")
# Root mean square of the difference between exported and original scores, in standard deviations of the scores.
MAX_DIFFERENCE = {Precision.HALF: 0.01, Precision.INT8: 0.15}
CALIBRATION_PAIRS = 100


class Pooling(StrEnum):
    """What the classifier sees: the first token, the mean of all, or the pooler of BertForSequenceClassification."""

    FIRST = "first"
    MEAN = "mean"
    POOLER = "pooler"


def build_graph(
    weights: Weights,
    config: Mapping[str, Any],
    name: str,
    pooling: Pooling,
    precision: Precision,
    maxima: Maxima | None = None,
) -> Any:
    """Return the ONNX model of a cross-encoder.

        (input_ids, token_type_ids): int64 (batch, sequence), all pairs equally long → logit: float32 (batch)

    Args:
        weights: tensors as `read_weights` returns them.
        config: the model's config.json.
        name: of the graph.
        pooling: what the classifier sees.
        precision: of the linear layers and of the table of words.
        maxima: with INT8, what `channel_maxima` found.

    Raises:
        ModelError: the model is not a BERT with exact GELU and absolute positions and one logit.
    """
    if weights["classifier.weight"].shape[0] != 1:
        raise ModelError(
            f"{name} 给出 {weights['classifier.weight'].shape[0]} 个分数，应为 1 个；请导出单分数的重排模型"
        )
    graph = GraphBuilder()
    hidden = add_encoder(graph, weights, config, precision, maxima, types="token_type_ids")
    if pooling is Pooling.MEAN:
        seen = add_mean(graph, hidden)
    else:
        first = graph.constant("first", np.array(0, np.int64))
        seen = graph.node("Gather", [hidden, first], "first_token", axis=1)
    if pooling is Pooling.POOLER:
        dense = graph.weight("pooler.weight", weights["pooler.dense.weight"].T)
        product = graph.node("MatMul", [seen, dense], "pooler.product")
        biased = graph.node("Add", [product, graph.weight("pooler.bias", weights["pooler.dense.bias"])], "pooler.sum")
        seen = graph.node("Tanh", [biased], "pooled")
    # The last step stays in float32: it is tiny, and every score goes through it.
    column = graph.constant("classifier", weights["classifier.weight"].astype(np.float32).T)
    bias = graph.constant("classifier.bias", weights["classifier.bias"].astype(np.float32))
    score = graph.node("Add", [graph.node("MatMul", [seen, column], "score.product"), bias], "score")
    graph.node("Squeeze", [score, graph.integers(1)], "logit")
    return graph.model(name, INPUTS, "logit", ["batch"])


def read_weights(source: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of the source, named as transformers' BertModel names them.

    Raises:
        ModelError: there is no classifier among them.
    """
    from safetensors.numpy import load_file

    weights = {name.removeprefix("bert."): tensor for name, tensor in load_file(source / "model.safetensors").items()}
    if not {"classifier.weight", "classifier.bias"} <= set(weights):
        raise ModelError(f"{source.name} 里没有 classifier.weight 和 classifier.bias；请用 --source 指向交叉编码模型")
    return weights


def export(
    source: Path,
    out: Path,
    name: str,
    pooling: Pooling,
    precision: Precision,
    pair: Mapping[str, int],
    pairs: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """Write model.onnx, tokenizer.json and model.json into `out`; return what model.json says.

    Args:
        source: the model's folder.
        out: folder to write.
        name: that the model gets.
        pooling: what its classifier sees.
        precision: of the linear layers and of the table of words.
        pair: `separators` between question and passage, `passage_type`, `max_tokens`.
        pairs: (question, passage) to calibrate INT8 with.

    Raises:
        ModelError: `source` is not a model this script can export.
    """
    config, tokenizer = read_config(source), _tokenizer(source)
    weights = read_weights(source)
    special = {
        "cls_id": _token(tokenizer, "<s>", "[CLS]"),
        "sep_id": _token(tokenizer, "</s>", "[SEP]"),
    }
    facts = {
        "name": name,
        "max_tokens": pair["max_tokens"],
        **special,
        "separators": pair["separators"],
        "passage_type": pair["passage_type"],
        "pooling": pooling,
        "precision": precision,
        "licence": "MIT",
    }
    maxima = None
    if precision is Precision.INT8:
        rows = [_pair(tokenizer, question, passage, facts) for question, passage in pairs]
        maxima = channel_maxima(weights, config, [ids for ids, _ in rows], [types for _, types in rows])
    return write_model(out, build_graph(weights, config, name, pooling, precision, maxima), source, facts)


def original_scores(source: Path, facts: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """Return the source's logits, computed in float32 by transformers and PyTorch: (n,)."""
    import torch
    from transformers import BertConfig, BertModel

    weights = {name: torch.from_numpy(tensor.astype(np.float32)) for name, tensor in read_weights(source).items()}
    pooler = facts["pooling"] == Pooling.POOLER
    model = BertModel(BertConfig(**read_config(source)), add_pooling_layer=pooler)
    model.load_state_dict({key: value for key, value in weights.items() if key in model.state_dict()}, strict=False)
    model.eval()
    tokenizer = _tokenizer(source)
    scores = []
    with torch.inference_mode():
        for question, passage in pairs:
            ids, types = (torch.tensor([row]) for row in _pair(tokenizer, question, passage, facts))
            found = model(input_ids=ids, token_type_ids=types)
            hidden = found.last_hidden_state
            seen = {
                Pooling.FIRST: lambda hidden=hidden: hidden[:, 0],
                Pooling.MEAN: lambda hidden=hidden: hidden.mean(dim=1),
                Pooling.POOLER: lambda found=found: found.pooler_output,
            }[Pooling(facts["pooling"])]()
            scores.append(float(seen @ weights["classifier.weight"][0] + weights["classifier.bias"][0]))
    return np.array(scores, np.float32)


def exported_scores(folder: Path, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """Return the logits of the model just written: (n,)."""
    reranker = OnnxReranker(folder)
    return np.array([reranker.scores(question, [passage])[0] for question, passage in pairs], np.float32)


def read_pairs(path: Path, count: int = CALIBRATION_PAIRS) -> list[tuple[str, str]]:
    """Return pairs of the fixture's questions and passages, each used in turn."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    questions = [row["text"] for row in rows if row["kind"] == "query" and row["text"]]
    passages = [row["text"] for row in rows if row["kind"] == "passage" and row["text"]]
    return [(questions[n % len(questions)], passages[n % len(passages)]) for n in range(count)]


def _tokenizer(source: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(source / TOKENIZER_FILE))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _token(tokenizer: Any, *names: str) -> int:
    found = next((tokenizer.token_to_id(name) for name in names if tokenizer.token_to_id(name) is not None), None)
    if found is None:
        raise ModelError(f"tokenizer.json 里没有 {' 或 '.join(names)}；请检查模型文件夹")
    return int(found)


def _pair(tokenizer: Any, question: str, passage: str, facts: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    first, second = (tokenizer.encode(text, add_special_tokens=False).ids for text in (question, passage))
    return pair_tokens(first, second, dict(facts))


def write_tiny(out: Path) -> NDArray[np.float32]:
    """Write the tests' model, one layer of random weights over the shipped tokenizer's first words, with its scores."""
    pairs = read_pairs(FIXTURE, 12)
    question = pairs[0][0]
    pairs = [(question, passage) for _, passage in pairs]
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch)
        write_small_tokenizer(source / "small.json", [text for pair in pairs for text in pair])
        write_random_bert(source, source / "small.json")
        facts = export(
            source,
            out,
            "tiny-reranker",
            Pooling.FIRST,
            Precision.HALF,
            {"separators": 1, "passage_type": 1, "max_tokens": 128},
            pairs,
        )
        scores = original_scores(source, facts, pairs)
    expected = {
        "question": question,
        "passages": [passage for _, passage in pairs],
        "scores": [round(float(score), 6) for score in scores],
    }
    (out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return scores


def main(argv: Sequence[str] | None = None) -> int:
    """Export, compare with PyTorch; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", type=Path, help="write the tests' model into this folder, and nothing else")
    parser.add_argument("--source", type=Path, help="folder of the cross-encoder")
    parser.add_argument("--out", type=Path, help="folder to write")
    parser.add_argument("--name", default=MODEL, help="name that the model gets")
    parser.add_argument("--precision", type=Precision, choices=list(Precision), default=Precision.INT8)
    parser.add_argument("--pooling", type=Pooling, choices=list(Pooling), default=Pooling.POOLER)
    parser.add_argument("--separators", type=int, choices=(1, 2), default=2, help="between question and passage")
    parser.add_argument("--passage-type", type=int, choices=(0, 1), default=0, help="token type of the passage")
    parser.add_argument("--max-tokens", type=int, default=384)
    options = parser.parse_args(argv)
    if options.tiny:
        print(write_tiny(options.tiny))
        return 0
    if not options.source or not options.out:
        parser.error("--source and --out are needed")
    pair = {
        "separators": options.separators,
        "passage_type": options.passage_type,
        "max_tokens": options.max_tokens,
    }
    try:
        pairs = read_pairs(FIXTURE)
        facts = export(options.source, options.out, options.name, options.pooling, options.precision, pair, pairs)
        original, exported = original_scores(options.source, facts, pairs), exported_scores(options.out, pairs)
        spread = float(original.std())
        difference = float(np.sqrt(np.mean((original - exported) ** 2))) / spread
        line = (
            f"{len(pairs)} 对与原模型的分差：均方根为分数标准差的 {difference:.4f}，"
            f"相关系数 {float(np.corrcoef(original, exported)[0, 1]):.6f}"
        )
        if difference > MAX_DIFFERENCE[options.precision]:
            raise ModelError(f"{line}；超过 {MAX_DIFFERENCE[options.precision]}，导出的模型不可用")
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    print(f"{facts['name']} {facts['revision']}：{facts['files'][MODEL_FILE]['bytes']:,} 字节；{line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
