"""A BERT encoder as an ONNX graph, put together from its weights node by node instead of being traced.

It can be read, its bytes are the same every time, and it is made for how ONNX Runtime is fast on a processor:

- All texts of a batch have the same number of tokens, so there is no padding and no mask, and MultiHeadAttention takes
  its tiled path (measured: attention 2.8 times as fast as with a mask).
- Residual and bias go through Sum, then LayerNormalization: the fused SkipLayerNormalization is five times slower.
- HALF stores weights in half precision, each behind a Cast that ONNX Runtime folds when it loads the file; it computes
  in float32. INT8 multiplies integers: weights with one scale a column, activations with one scale a token, chosen from
  the token itself while it runs. One scale for the whole batch, as dynamic quantisation has it, loses fifty times more.

Needs the extra: pip install ".[models]"
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.indexing.onnx_model import FACTS_FILE, MODEL_FILE, TOKENIZER_FILE

OPSET = 18
IR_VERSION = 9
FUSED = "com.microsoft"  # the domain of ONNX Runtime's own operators
# Weights take all eight bits; with seven, a vector loses five times as much. Processors without VNNI would clip sums
# of two such products: there `OnnxModel` asks ONNX Runtime for its exact product, which is half as fast.
WEIGHT_LIMIT = 127
# Activations are unsigned bytes around this zero.
MIDDLE = 128
# After GELU nothing is below -0.17, so most of the byte's range goes to what is above zero.
GELU_LOWEST = 0.17
GELU_ZERO = 20
# How much of a channel's outliers moves from the activations into the weights (SmoothQuant's alpha), by what follows;
# fitted on 60 passages: attention 1.0 (cosine lost 0.00007; 0.0004 without), feed-forward 0.5 (0.00004; 0.00008).
SMOOTHING = {"qkv": 1.0, "up": 0.5}

Weights = Mapping[str, NDArray[Any]]
Maxima = Mapping[str, NDArray[np.float32]]
Linear = Callable[[str, str, NDArray[Any]], str]


class Precision(StrEnum):
    """How the linear layers store their weights and multiply."""

    HALF = "half"
    INT8 = "int8"


class GraphBuilder:
    """A list of nodes and initialisers that grows; its methods return the name of what they added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []
        self._shared: dict[str, str] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add an initialiser as it is; once, where the same name is asked for again."""
        from onnx import numpy_helper

        if name not in self._shared:
            self.initialisers.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
            self._shared[name] = name
        return name

    def number(self, value: float) -> str:
        """Add a float32 scalar, shared by all that use the same."""
        return self.constant(f"number.{value:.9g}", np.array(value, np.float32))

    def integers(self, *values: int) -> str:
        """Add an int64 vector, shared by all that use the same."""
        return self.constant(f"integers.{'_'.join(map(str, values))}", np.array(values, np.int64))

    def weight(self, name: str, value: NDArray[Any]) -> str:
        """Add a weight, stored in half precision and used in float32."""
        from onnx import TensorProto

        self.constant(f"{name}.half", value.astype(np.float16))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output."""
        return self.nodes_of(operator, inputs, [output], domain, **attributes)[0]

    def nodes_of(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: Any
    ) -> list[str]:
        """Add one node with several outputs."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return list(outputs)

    def model(self, name: str, inputs: Sequence[str], output: str, shape: Sequence[str | int]) -> Any:
        """Return the checked ONNX model: int64 inputs (batch, sequence), one float32 output."""
        from onnx import TensorProto, checker, helper

        model = helper.make_model(
            helper.make_graph(
                self.nodes,
                name,
                [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"]) for n in inputs],
                [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
                self.initialisers,
            ),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
            ir_version=IR_VERSION,
        )
        checker.check_model(model)
        return model


def add_encoder(
    graph: GraphBuilder,
    weights: Weights,
    config: Mapping[str, Any],
    precision: Precision,
    maxima: Maxima | None = None,
    types: str = "",
    linear: Linear | None = None,
) -> str:
    """Add a BERT encoder over `input_ids`; return the name of its last hidden state (batch, sequence, hidden).

    Args:
        graph: what it is added to.
        weights: tensors under the names that transformers' BertModel gives them.
        config: the model's config.json.
        precision: of the linear layers.
        maxima: with INT8, what `channel_maxima` found; None quantises without moving outliers.
        types: name of the input with token types; "" when every token is of type 0.
        linear: adds a matrix product, (input, name, weight (in, out)) → output; by default what `precision` asks for.

    Raises:
        ModelError: the model is not a BERT with exact GELU and absolute positions.
    """
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise ModelError(f"只能导出使用 gelu 的 BERT 模型，这个模型是 {config['model_type']}／{config['hidden_act']}")
    linear = linear or _linear(graph, precision, maxima)
    hidden = _embeddings(graph, weights, config, precision, types)
    for number in range(config["num_hidden_layers"]):
        hidden = _layer(graph, weights, config, number, hidden, linear)
    return hidden


def add_mean(graph: GraphBuilder, hidden: str) -> str:
    """Add the mean over tokens, (batch, hidden): every token counts, since nothing is padded."""
    return graph.node("ReduceMean", [hidden, graph.integers(1)], "mean", keepdims=0)


def channel_maxima(
    weights: Weights,
    config: Mapping[str, Any],
    token_rows: Sequence[Sequence[int]],
    type_rows: Sequence[Sequence[int]] | None = None,
) -> dict[str, NDArray[np.float32]]:
    """Return the largest magnitude of each channel that enters a layer ("layer3.qkv"), over some texts, in float32.

    Args:
        weights: as in `add_encoder`.
        config: the model's config.json.
        token_rows: token ids of texts like those the model will see; two hundred are plenty.
        type_rows: their token types; None for a model whose tokens are all of type 0.
    """
    import onnxruntime
    from onnx import TensorProto, helper

    graph = GraphBuilder()
    inputs = ["input_ids"] if type_rows is None else ["input_ids", "token_type_ids"]
    last = add_encoder(graph, weights, config, Precision.HALF, types="" if type_rows is None else "token_type_ids")
    model = graph.model("calibration", inputs, last, ["batch", "sequence", config["hidden_size"]])
    watched: dict[str, str] = {}
    for number in range(config["num_hidden_layers"]):
        watched[f"layer{number}.qkv"] = f"layer{number - 1}.hidden" if number else "hidden0"
        watched[f"layer{number}.up"] = f"layer{number}.middle"
    present = {output.name for output in model.graph.output}
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in watched.values() if name not in present
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    maxima = {name: np.zeros(config["hidden_size"], np.float32) for name in watched}
    for row, tokens in enumerate(token_rows):
        feeds = {"input_ids": np.array([tokens], np.int64)}
        if type_rows is not None:
            feeds["token_type_ids"] = np.array([type_rows[row]], np.int64)
        for name, values in zip(watched, session.run(list(watched.values()), feeds), strict=True):
            maxima[name] = np.maximum(maxima[name], np.abs(values[0]).max(axis=0))
    return maxima


def read_config(source: Path) -> dict[str, Any]:
    """Return a model folder's config.json.

    Raises:
        ModelError: the folder holds no model in safetensors.
    """
    if not (source / "model.safetensors").is_file():
        raise ModelError(f"{source.name} 里没有 model.safetensors；请用 --source 指向模型文件夹")
    config: dict[str, Any] = json.loads((source / "config.json").read_text(encoding="utf-8"))
    return config


def write_model(out: Path, model: Any, source: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write the ONNX file, the source's tokenizer and model.json into `out`; return what model.json says.

    Args:
        out: the model's folder.
        model: what `GraphBuilder.model` returned.
        source: folder with tokenizer.json.
        facts: what the model says of itself; revision, sizes and hashes are added.
    """
    out.mkdir(parents=True, exist_ok=True)
    data = model.SerializeToString(deterministic=True)
    (out / MODEL_FILE).write_bytes(data)
    shutil.copyfile(source / TOKENIZER_FILE, out / TOKENIZER_FILE)
    name = str(facts["name"])
    rest = {key: value for key, value in facts.items() if key != "name"}
    contents = {file: (out / file).read_bytes() for file in (MODEL_FILE, TOKENIZER_FILE)}
    files = {
        file: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for file, content in contents.items()
    }
    whole = {"name": name, "revision": hashlib.sha256(data).hexdigest()[:16], **rest, "files": files}
    (out / FACTS_FILE).write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return whole


def _linear(graph: GraphBuilder, precision: Precision, maxima: Maxima | None) -> Linear:
    """Return what adds the matrix products of a precision."""
    if precision is Precision.HALF:
        return lambda source, name, weight: graph.node(
            "MatMul", [source, graph.weight(f"{name}.weight", weight)], f"{name}.product"
        )
    return lambda source, name, weight: _integer_product(graph, source, name, weight.astype(np.float32), maxima)


def _integer_product(
    graph: GraphBuilder, source: str, name: str, weight: NDArray[np.float32], maxima: Maxima | None
) -> str:
    """Add a product of bytes: one scale for each token of `source` and for each column of `weight`."""
    part = name.split(".")[1]
    if maxima and part in SMOOTHING:
        factors = _smoothing(maxima[name], weight, SMOOTHING[part])
        weight = weight * factors[:, None]
        source = graph.node("Mul", [source, graph.weight(f"{name}.smoothing", 1 / factors)], f"{name}.smoothed")
    columns = np.maximum(np.abs(weight).max(axis=0) / WEIGHT_LIMIT, 1e-12)
    stored = graph.constant(f"{name}.bytes", np.round(weight / columns).astype(np.int8))
    scales = graph.constant(f"{name}.scales", columns.astype(np.float32))

    highest = graph.node("ReduceMax", [source, graph.integers(-1)], f"{name}.highest")
    if part == "down":
        zero = GELU_ZERO
        scaled = graph.node("Mul", [highest, graph.number(1 / (255 - zero))], f"{name}.above")
        scale = graph.node("Max", [scaled, graph.number(GELU_LOWEST / zero)], f"{name}.scale")
    else:
        zero = MIDDLE
        lowest = graph.node("ReduceMin", [source, graph.integers(-1)], f"{name}.lowest")
        largest = graph.node("Max", [highest, graph.node("Neg", [lowest], f"{name}.below")], f"{name}.largest")
        scaled = graph.node("Mul", [largest, graph.number(1 / 127)], f"{name}.range")
        scale = graph.node("Max", [scaled, graph.number(1e-12)], f"{name}.scale")
    point = graph.constant(f"zero{zero}", np.array(zero, np.uint8))
    # QuantizeLinear takes one scale for each row of a matrix, so the batch is laid out as one.
    rows = graph.node("Reshape", [source, graph.integers(-1, len(weight))], f"{name}.rows")
    row_scales = graph.node("Reshape", [scale, graph.integers(-1)], f"{name}.row_scales")
    row_points = graph.node(
        "Expand", [point, graph.node("Shape", [row_scales], f"{name}.row_count")], f"{name}.row_points"
    )
    flat = graph.node("QuantizeLinear", [rows, row_scales, row_points], f"{name}.flat", axis=0)
    shaped = graph.node("Reshape", [flat, graph.node("Shape", [source], f"{name}.shape")], f"{name}.input_bytes")
    inputs = [shaped, stored, graph.number(1), scales, point]
    product = graph.node("MatMulIntegerToFloat", inputs, f"{name}.unscaled", domain=FUSED)
    return graph.node("Mul", [product, scale], f"{name}.product")


def _smoothing(maxima: NDArray[np.float32], weight: NDArray[np.float32], alpha: float) -> NDArray[np.float32]:
    """Return the factor of each channel: activations are divided by it, weights multiplied (Xiao et al. 2023).

    Powers of two: scaling by them loses nothing, and a last bit of the calibration does not change the file.
    """
    raw = np.maximum(maxima, 1e-3) ** alpha / np.maximum(np.abs(weight).max(axis=1), 1e-4) ** (1 - alpha)
    exponents = np.log2(raw)
    powers: NDArray[np.float32] = np.exp2(np.round(exponents - exponents.mean())).astype(np.float32)
    return powers


def _embeddings(
    graph: GraphBuilder, weights: Weights, config: Mapping[str, Any], precision: Precision, types: str
) -> str:
    def tensor(name: str) -> NDArray[Any]:
        return weights[f"embeddings.{name}.weight"]

    # Where every token is of type 0, that row is one more bias of each position; added at load, in float32.
    positions = graph.weight("positions", tensor("position_embeddings"))
    if not types:
        first = graph.weight("type", tensor("token_type_embeddings")[:1])
        positions = graph.node("Add", [positions, first], "positions_typed")
    zero = graph.integers(0)
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    parts = [_words(graph, tensor("word_embeddings"), precision)]
    parts.append(graph.node("Slice", [positions, zero, length, zero], "positions_used"))
    if types:
        table = graph.weight("types", tensor("token_type_embeddings"))
        parts.append(graph.node("Gather", [table, types], "types_used", axis=0))
    summed = graph.node("Sum", parts, "embedded")
    scale = graph.weight("embedding_norm.scale", weights["embeddings.LayerNorm.weight"])
    bias = graph.weight("embedding_norm.bias", weights["embeddings.LayerNorm.bias"])
    return graph.node("LayerNormalization", [summed, scale, bias], "hidden0", axis=-1, epsilon=config["layer_norm_eps"])


def _words(graph: GraphBuilder, table: NDArray[Any], precision: Precision) -> str:
    """Add the look-up of words: a table in half precision, or bytes with one scale a word."""
    from onnx import TensorProto

    if precision is Precision.HALF:
        return graph.node("Gather", [graph.weight("words", table), "input_ids"], "words_used", axis=0)
    scales = np.maximum(np.abs(table.astype(np.float32)).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    stored = graph.constant("words.bytes", np.round(table.astype(np.float32) / scales).astype(np.int8))
    found = graph.node("Gather", [stored, "input_ids"], "words.found", axis=0)
    numbers = graph.node("Cast", [found], "words.numbers", to=TensorProto.FLOAT)
    scale = graph.node("Gather", [graph.constant("words.scales", scales), "input_ids"], "words.scale", axis=0)
    return graph.node("Mul", [numbers, scale], "words_used")


def _layer(
    graph: GraphBuilder, weights: Weights, config: Mapping[str, Any], number: int, hidden: str, linear: Linear
) -> str:
    def tensor(name: str) -> NDArray[Any]:
        return weights[f"encoder.layer.{number}.{name}"]

    def weight(short: str, value: NDArray[Any]) -> str:
        return graph.weight(f"{here}.{short}", value)

    def normalised(output: str, product: str, skip: str, module: str) -> str:
        bias = weight(f"{output}.bias", tensor(f"{module}.dense.bias"))
        summed = graph.node("Sum", [product, skip, bias], f"{here}.{output}.sum")
        scale, shift = (
            weight(f"{output}.norm_{kind}", tensor(f"{module}.LayerNorm.{kind}")) for kind in ("weight", "bias")
        )
        return graph.node(
            "LayerNormalization",
            [summed, scale, shift],
            f"{here}.{output}",
            axis=-1,
            epsilon=config["layer_norm_eps"],
        )

    here = f"layer{number}"
    parts = ("query", "key", "value")
    packed = np.concatenate([tensor(f"attention.self.{part}.weight").T for part in parts], axis=1)
    bias = weight("qkv_bias", np.concatenate([tensor(f"attention.self.{part}.bias") for part in parts]))
    product = linear(hidden, f"{here}.qkv", packed)
    split = graph.nodes_of("Split", [product], [f"{here}.{part}" for part in parts], axis=-1, num_outputs=3)
    attended = graph.node(
        "MultiHeadAttention",
        [*split, bias],
        f"{here}.attended",
        domain=FUSED,
        num_heads=config["num_attention_heads"],
    )
    out = linear(attended, f"{here}.out", tensor("attention.output.dense.weight").T)
    middle = normalised("middle", out, hidden, "attention.output")
    up = linear(middle, f"{here}.up", tensor("intermediate.dense.weight").T)
    up_bias = weight("up_bias", tensor("intermediate.dense.bias"))
    active = graph.node("BiasGelu", [up, up_bias], f"{here}.active", domain=FUSED)
    down = linear(active, f"{here}.down", tensor("output.dense.weight").T)
    return normalised("hidden", down, middle, "output")
