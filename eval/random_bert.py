"""A BERT with random weights and a tokenizer of a few characters: for tests of the exporters, and to measure speed."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def write_random_bert(folder: Path, tokenizer: Path, hidden: int = 16, layers: int = 2, heads: int = 2) -> None:
    """Write a BERT cross-encoder with random weights into `folder`, the same on every machine.

    Args:
        folder: to write; gets config.json, model.safetensors and tokenizer.json.
        tokenizer: a tokenizer.json.
        hidden: width; the feed-forward layers are four times as wide.
        layers: of the encoder.
        heads: of the attention.
    """
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(tokenizer)).get_vocab_size()
    wide, limit = 4 * hidden, 512
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (words, hidden),
        "embeddings.position_embeddings.weight": (limit, hidden),
        "embeddings.token_type_embeddings.weight": (2, hidden),
        "classifier.weight": (1, hidden),
        "classifier.bias": (1,),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(layers):
        here = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            shapes |= {
                f"{here}.attention.self.{part}.weight": (hidden, hidden),
                f"{here}.attention.self.{part}.bias": (hidden,),
            }
        shapes |= {
            f"{here}.attention.output.dense.weight": (hidden, hidden),
            f"{here}.attention.output.dense.bias": (hidden,),
            f"{here}.intermediate.dense.weight": (wide, hidden),
            f"{here}.intermediate.dense.bias": (wide,),
            f"{here}.output.dense.weight": (hidden, wide),
            f"{here}.output.dense.bias": (hidden,),
        }
        norms += [f"{here}.attention.output.LayerNorm", f"{here}.output.LayerNorm"]
    random = np.random.default_rng(2026)
    weights = {
        name: (random.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32) for name, shape in shapes.items()
    }
    for name in norms:
        weights |= {f"{name}.weight": np.ones(hidden, np.float32), f"{name}.bias": np.zeros(hidden, np.float32)}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors")
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_act": "gelu",
        "hidden_size": hidden,
        "intermediate_size": wide,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": limit,
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "pad_token_id": 1,
        "type_vocab_size": 2,
        "vocab_size": words,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())


def write_small_tokenizer(path: Path, texts: Sequence[str]) -> None:
    """Write a tokenizer that knows each character of some texts."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    characters = sorted(set("".join(texts)) - {" "})
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {word: number for number, word in enumerate([*special, *characters])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(path))
