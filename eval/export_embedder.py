"""Write the shipped embedder: a BERT of sentence-transformers as one ONNX file, and the vectors its test compares with.

    python -m eval.export_embedder --source ../shared/models/statute-embed-zh --out assistant/models/statute-embed-zh

The graph is put together from the weights, node by node, instead of being traced: 131 nodes, 79 of them casts, that can
be read, the same bytes every time, and ONNX Runtime's fused operators (Attention, SkipLayerNormalization, BiasGelu)
from the start.
Weights stay in half precision, as they are at the source, each behind a Cast: ONNX Runtime folds the casts when it
loads the file and computes in float32. Mean pooling and unit length are in the graph; prefixes and truncation are not.

Needs the extra: pip install ".[models]"
"""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, ModelError

MIN_COSINE = 0.999  # to the original, on every text; measured: 0.9999996
ONNX_FILE = "model.onnx"
OPSET = 18
IR_VERSION = 9
FUSED = "com.microsoft"  # the domain of ONNX Runtime's own operators
FIXTURE = Path("tests/indexing")

Weights = Mapping[str, NDArray[Any]]


class GraphBuilder:
    """A list of nodes and initialisers that grows; `weight` and `node` return the name of what they added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add an initialiser as it is."""
        from onnx import numpy_helper

        self.initialisers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str, value: NDArray[Any]) -> str:
        """Add a weight, stored in half precision and used in float32."""
        from onnx import TensorProto

        self.constant(f"{name}.half", value.astype(np.float16))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output


def build_graph(weights: Weights, config: Mapping[str, Any], name: str) -> Any:
    """Return the ONNX model of a BERT encoder with mean pooling and unit length.

        (input_ids, attention_mask: int64 (batch, sequence)) → vector: float32 (batch, hidden), rows L2-normalised

    Args:
        weights: tensors under the names that transformers' BertModel gives them.
        config: the model's config.json.
        name: of the graph.

    Raises:
        ModelError: the model is not a BERT with exact GELU and absolute positions.
    """
    from onnx import TensorProto, checker, helper

    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise ModelError(f"只能导出使用 gelu 的 BERT 模型，{name} 是 {config['model_type']}／{config['hidden_act']}")
    graph = GraphBuilder()
    zero, one = graph.constant("zero", np.array([0], np.int64)), graph.constant("one", np.array([1], np.int64))
    mask = graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    hidden = _embeddings(graph, weights, config, zero)
    for layer in range(config["num_hidden_layers"]):
        hidden = _layer(graph, weights, config, layer, hidden, mask)
    # The mean over real tokens has the direction of their sum, and only the direction survives the last step.
    row = graph.node(
        "Unsqueeze", [graph.node("Cast", ["attention_mask"], "real", to=TensorProto.FLOAT), one], "real_row"
    )
    total = graph.node("Squeeze", [graph.node("MatMul", [row, hidden], "sum_row"), one], "sum")
    graph.node("LpNormalization", [total], "vector", axis=-1, p=2)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            name,
            [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"]) for n in _INPUTS],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", config["hidden_size"]])],
            graph.initialisers,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
        ir_version=IR_VERSION,
    )
    checker.check_model(model)
    return model


_INPUTS = ("input_ids", "attention_mask")


def _embeddings(graph: GraphBuilder, weights: Weights, config: Mapping[str, Any], zero: str) -> str:
    table = "embeddings"
    words = graph.weight("words", weights[f"{table}.word_embeddings.weight"])
    # Every token is of type 0, so its row is one more bias of each position; added at load, in float32.
    positions = graph.node(
        "Add",
        [
            graph.weight("positions", weights[f"{table}.position_embeddings.weight"]),
            graph.weight("type", weights[f"{table}.token_type_embeddings.weight"][:1]),
        ],
        "positions_typed",
    )
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    placed = graph.node("Slice", [positions, zero, length, zero], "positions_used")
    summed = graph.node("Add", [graph.node("Gather", [words, "input_ids"], "words_used", axis=0), placed], "embedded")
    scale = graph.weight("embedding_norm.scale", weights[f"{table}.LayerNorm.weight"])
    bias = graph.weight("embedding_norm.bias", weights[f"{table}.LayerNorm.bias"])
    return graph.node("LayerNormalization", [summed, scale, bias], "hidden0", axis=-1, epsilon=config["layer_norm_eps"])


def _layer(
    graph: GraphBuilder, weights: Weights, config: Mapping[str, Any], number: int, hidden: str, mask: str
) -> str:
    def tensor(name: str) -> NDArray[Any]:
        return weights[f"encoder.layer.{number}.{name}"]

    def weight(short: str, value: NDArray[Any]) -> str:
        return graph.weight(f"{here}.{short}", value)

    def normalised(output: str, projected: str, skip: str, module: str, bias: str) -> str:
        scale, shift = (tensor(f"{module}.LayerNorm.{kind}") for kind in ("weight", "bias"))
        inputs = [projected, skip, weight(f"{output}.scale", scale), weight(f"{output}.shift", shift), bias]
        return graph.node(
            "SkipLayerNormalization", inputs, f"{here}.{output}", domain=FUSED, epsilon=config["layer_norm_eps"]
        )

    here = f"layer{number}"
    parts = ("query", "key", "value")
    packed = np.concatenate([tensor(f"attention.self.{part}.weight").T for part in parts], axis=1)
    packed_bias = np.concatenate([tensor(f"attention.self.{part}.bias") for part in parts])
    inputs = [hidden, weight("qkv", packed), weight("qkv_bias", packed_bias), mask]
    heads = config["num_attention_heads"]
    attended = graph.node("Attention", inputs, f"{here}.attended", domain=FUSED, num_heads=heads)
    out = weight("out", tensor("attention.output.dense.weight").T)
    out_bias = weight("out_bias", tensor("attention.output.dense.bias"))
    projected = graph.node("MatMul", [attended, out], f"{here}.projected")
    middle = normalised("middle", projected, hidden, "attention.output", out_bias)
    up = graph.node("MatMul", [middle, weight("up", tensor("intermediate.dense.weight").T)], f"{here}.wide")
    up_bias = weight("up_bias", tensor("intermediate.dense.bias"))
    active = graph.node("BiasGelu", [up, up_bias], f"{here}.active", domain=FUSED)
    down = graph.node("MatMul", [active, weight("down", tensor("output.dense.weight").T)], f"{here}.narrow")
    down_bias = weight("down_bias", tensor("output.dense.bias"))
    return normalised("hidden", down, middle, "output", down_bias)


def export(source: Path, out: Path) -> dict[str, Any]:
    """Write model.onnx, tokenizer.json and model.json into `out`; return what model.json says.

    Raises:
        ModelError: `source` is not a model this script can export.
    """
    import onnx
    from safetensors.numpy import load_file

    if not (source / "model.safetensors").is_file():
        raise ModelError(f"{source.name} 里没有 model.safetensors；请用 --source 指向 sentence-transformers 模型文件夹")
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    prompts = json.loads((source / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
    limits = json.loads((source / "tokenizer_config.json").read_text(encoding="utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    model = build_graph(load_file(source / "model.safetensors"), config, source.name)
    data = model.SerializeToString(deterministic=True)
    onnx.load_model_from_string(data)
    (out / ONNX_FILE).write_bytes(data)
    shutil.copyfile(source / "tokenizer.json", out / "tokenizer.json")
    facts = {
        "name": source.name,
        "revision": hashlib.sha256(data).hexdigest()[:16],
        "dimension": config["hidden_size"],
        "max_tokens": limits["model_max_length"],
        "pad_id": config["pad_token_id"],
        "query_prefix": prompts["query"],
        "passage_prefix": prompts["passage"],
        "licence": "MIT",
        "files": {name: _file_facts(out / name) for name in (ONNX_FILE, "tokenizer.json")},
    }
    (out / "model.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return facts


def _file_facts(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


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
    parser.add_argument("--fixture", type=Path, default=FIXTURE, help="folder of embedder_texts.jsonl")
    options = parser.parse_args(argv)
    try:
        facts = export(options.source, options.out)
        texts = read_texts(options.fixture / "embedder_texts.jsonl")
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
    print(f"{facts['name']} {facts['revision']}：{facts['files'][ONNX_FILE]['bytes']:,} 字节；{line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
