"""Ways to store and run the shipped embedder, one beside the other: what `eval.embed_speed` compares."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.onnx_embedder import truncated
from assistant.indexing.onnx_model import BATCH_TOKENS, MODEL_FILE, OnnxModel
from eval.bert_graph import FUSED, GraphBuilder, Linear, Precision, read_config
from eval.export_embedder import FIXTURE, build_graph, export, read_texts

# Weights of so many inputs share a scale where only the weights are stored in bytes.
BLOCK = 128


@dataclass(frozen=True, slots=True)
class Variant:
    """A name in the report, and what makes vectors of passages."""

    name: str
    embed: Callable[[Sequence[str]], NDArray[np.float32]]


class _Tuned(OnnxModel):
    """A model folder whose session and batches are set up in another way than the product's."""

    def __init__(self, folder: Path, options: Mapping[str, Any], threads: int | None, batch_tokens: int) -> None:
        super().__init__(folder, "模型", threads)
        self.batch_tokens = batch_tokens
        self._options = dict(options)

    def _open_session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        for name, value in self._options.items():
            setattr(options, name, value)
        return onnxruntime.InferenceSession(self._folder / MODEL_FILE, options, providers=["CPUExecutionProvider"])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages."""
        prefix, limit = self.facts["passage_prefix"], int(self.facts["max_tokens"])
        rows = [truncated(self.tokenizer.encode(prefix + text).ids, limit) for text in texts]
        return self.run({"input_ids": rows}, (int(self.facts["dimension"]),))


def variants(source: Path, scratch: Path) -> list[Variant]:
    """Return the ways to run the model at `source`; files are written into `scratch`."""
    import onnxruntime
    from safetensors.numpy import load_file

    texts = read_texts(FIXTURE / "embedder_texts.jsonl")
    folders = {precision: scratch / precision / source.name for precision in Precision}
    for precision, folder in folders.items():
        export(source, folder, precision, texts)
    weights, config = load_file(source / "model.safetensors"), read_config(source)
    stores: dict[str, tuple[Precision, Callable[[GraphBuilder], Linear] | None]] = {
        f"只有权重 8 位（每 {BLOCK} 个一组，激活 float32）": (Precision.HALF, lambda graph: _blocks(graph, 1)),
        f"权重 8 位、激活按每 {BLOCK} 个一组 8 位": (Precision.HALF, lambda graph: _blocks(graph, 4)),
        "int8，不移异常通道": (Precision.INT8, None),
    }
    found = []
    all_levels = onnxruntime.GraphOptimizationLevel
    half, int8 = folders[Precision.HALF], folders[Precision.INT8]

    def add(
        name: str, folder: Path, options: Mapping[str, Any], threads: int | None = None, tokens: int = BATCH_TOKENS
    ) -> None:
        model = _Tuned(folder, options, threads, tokens)
        model.embed(["先读入模型"])
        found.append(Variant(name, model.embed))

    add("半精度权重、float32 计算（half）", half, {})
    add("权重与激活都 8 位，激活按每个词元（int8）", int8, {})
    for number, (name, (precision, linear)) in enumerate(stores.items()):
        folder = scratch / f"store{number}"
        _copy(half, folder, build_graph(weights, config, source.name, precision, linear=linear))
        add(name, folder, {})
    add("int8，单线程", int8, {}, threads=1)
    add("int8，一次一批、算子内两线程", int8, {"intra_op_num_threads": 2}, threads=1, tokens=2_048)
    for tokens in (128, 2_048):
        add(f"int8，每批至多 {tokens} 词元（产品 {BATCH_TOKENS}）", int8, {}, tokens=tokens)
    add("int8，不用内存池", int8, {"enable_cpu_mem_arena": False})
    add("int8，不记内存布局", int8, {"enable_mem_pattern": False})
    add("int8，图优化只到基本", int8, {"graph_optimization_level": all_levels.ORT_ENABLE_BASIC})
    add("half，图优化只到基本", half, {"graph_optimization_level": all_levels.ORT_ENABLE_BASIC})
    return found


def _blocks(graph: GraphBuilder, accuracy_level: int) -> Linear:
    """Return what adds ONNX Runtime's product with weights in blocks of bytes.

    Args:
        graph: what it is added to.
        accuracy_level: 1 leaves activations in float32, 4 turns them into bytes block by block.
    """

    def linear(source: str, name: str, weight: NDArray[Any]) -> str:
        inputs, outputs = weight.shape
        blocks = weight.T.astype(np.float32).reshape(outputs, inputs // BLOCK, BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=-1, keepdims=True) / 127, 1e-12)
        stored = (np.round(blocks / scales) + 128).astype(np.uint8)
        return graph.node(
            "MatMulNBits",
            [
                source,
                graph.constant(f"{name}.bytes", stored),
                graph.constant(f"{name}.scales", scales.reshape(outputs, -1).astype(np.float32)),
            ],
            f"{name}.product",
            domain=FUSED,
            K=inputs,
            N=outputs,
            bits=8,
            block_size=BLOCK,
            accuracy_level=accuracy_level,
        )

    return linear


def _copy(folder: Path, out: Path, model: Any) -> None:
    """Write a model folder like `folder` with another graph."""
    out.mkdir()
    for file in folder.iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    data = model.SerializeToString()
    (out / MODEL_FILE).write_bytes(data)
    facts = json.loads((out / "model.json").read_text(encoding="utf-8"))
    facts["files"][MODEL_FILE] = {"bytes": len(data)}
    (out / "model.json").write_text(json.dumps(facts), encoding="utf-8")
