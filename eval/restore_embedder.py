"""The shipped embedder as a sentence-transformers model again, to embed on an accelerator or to train further.

    python -m eval.restore_embedder --model assistant/models/statute-embed-zh --out FOLDER

Reads what `eval.export_embedder` wrote in half precision; every weight that the model uses comes back bit by bit. Needs
the extra [models].
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, ModelError

# Names in the graph (eval/bert_graph.py) → names in transformers' BertModel.
_EMBEDDINGS = {
    "words": "word_embeddings.weight",
    "positions": "position_embeddings.weight",
    "embedding_norm.scale": "LayerNorm.weight",
    "embedding_norm.bias": "LayerNorm.bias",
}
_LAYER = {
    "middle.bias": "attention.output.dense.bias",
    "middle.norm_weight": "attention.output.LayerNorm.weight",
    "middle.norm_bias": "attention.output.LayerNorm.bias",
    "up_bias": "intermediate.dense.bias",
    "hidden.bias": "output.dense.bias",
    "hidden.norm_weight": "output.LayerNorm.weight",
    "hidden.norm_bias": "output.LayerNorm.bias",
}
# Matrices lie transposed in the graph.
_PRODUCTS = {
    "out.weight": "attention.output.dense.weight",
    "up.weight": "intermediate.dense.weight",
    "down.weight": "output.dense.weight",
}


def restored_weights(stored: Mapping[str, NDArray[Any]], layers: int) -> dict[str, NDArray[np.float16]]:
    """Return the weights under BertModel's names, float16.

    The row of token type 1, which the embedder never uses and the graph does not hold, is zero.

    Args:
        stored: the graph's initialisers, by name.
        layers: of the encoder.
    """
    found = {f"embeddings.{theirs}": stored[f"{ours}.half"] for ours, theirs in _EMBEDDINGS.items()}
    first = stored["type.half"]
    found["embeddings.token_type_embeddings.weight"] = np.concatenate([first, np.zeros_like(first)])
    for number in range(layers):
        here, there = f"layer{number}", f"encoder.layer.{number}"
        packed, biases = stored[f"{here}.qkv.weight.half"], stored[f"{here}.qkv_bias.half"]
        for part, weight, bias in zip(
            ("query", "key", "value"), np.split(packed, 3, axis=1), np.split(biases, 3), strict=True
        ):
            found |= {f"{there}.attention.self.{part}.weight": weight.T, f"{there}.attention.self.{part}.bias": bias}
        found |= {f"{there}.{theirs}": stored[f"{here}.{ours}.half"].T for ours, theirs in _PRODUCTS.items()}
        found |= {f"{there}.{theirs}": stored[f"{here}.{ours}.half"] for ours, theirs in _LAYER.items()}
    return {name: np.ascontiguousarray(tensor) for name, tensor in found.items()}


def restore(model: Path, out: Path) -> None:
    """Write the sentence-transformers model.

    Args:
        model: folder of model.onnx, model.json and tokenizer.json.
        out: folder to write.

    Raises:
        ModelError: the model is not stored in half precision.
    """
    import onnx
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    facts = json.loads((model / "model.json").read_text(encoding="utf-8"))
    if facts["precision"] != "half":
        raise ModelError(f"{model.name} 的权重不是半精度，还原不了；请用 --precision half 导出的模型")
    graph = onnx.load(model / "model.onnx").graph
    stored = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    attention = [node for node in graph.node if node.op_type == "MultiHeadAttention"]
    norm = next(node for node in graph.node if node.op_type == "LayerNormalization")
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "dtype": "float16",
        "hidden_act": "gelu",
        "hidden_size": facts["dimension"],
        "intermediate_size": len(stored["layer0.up_bias.half"]),
        "layer_norm_eps": _attribute(norm, "epsilon"),
        "max_position_embeddings": len(stored["positions.half"]),
        "num_attention_heads": _attribute(attention[0], "num_heads"),
        "num_hidden_layers": len(attention),
        "pad_token_id": 1,
        "type_vocab_size": 2,
        "vocab_size": len(stored["words.half"]),
    }
    special = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>"}
    words = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": facts["max_tokens"],
        "unk_token": "<unk>",
        **special,
    }
    with tempfile.TemporaryDirectory() as folder:
        bert = Path(folder)
        save_file(restored_weights(stored, len(attention)), bert / "model.safetensors", metadata={"format": "pt"})
        (bert / "config.json").write_text(json.dumps(config), encoding="utf-8")
        (bert / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
        (bert / "tokenizer.json").write_bytes((model / "tokenizer.json").read_bytes())
        modules = [Transformer(str(bert)), Pooling(facts["dimension"], pooling_mode="mean"), Normalize()]
        prompts = {"query": facts["query_prefix"], "passage": facts["passage_prefix"]}
        SentenceTransformer(modules=modules, prompts=prompts, device="cpu").half().save(str(out))


def _attribute(node: Any, name: str) -> Any:
    from onnx import helper

    return next(helper.get_attribute_value(one) for one in node.attribute if one.name == name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Restore; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--model", type=Path, default=Path("assistant/models/statute-embed-zh"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        restore(options.model, options.out)
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
