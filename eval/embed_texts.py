"""Vectors of many texts, on an accelerator: what `eval.vector_cache texts` or `ingest.py --texts` listed.

    python -m eval.embed_texts TEXTS.jsonl.gz… --model FOLDER --out FOLDER --revision HEX

Writes parts of 20,000 (hashes S32, vectors float16, embedder, revision) for `ingest.py --vectors` and the benchmarks'
cache. Needs the extra [models]. The revision is that of the exported model: its vectors are these but for rounding.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.training.files import read
from eval.training.loop import device

PART = 20_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Embed and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="statute-embed-zh")
    parser.add_argument("--revision", default="")
    args = parser.parse_args(arguments)
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_float32_matmul_precision("high")
    model = SentenceTransformer(str(args.model), device=device())
    model.float()
    rows = {row["hash"]: row["text"] for path in args.texts for row in read(path)}
    args.out.mkdir(parents=True, exist_ok=True)
    hashes: Sequence[str] = list(rows)
    for number, start in enumerate(range(0, len(hashes), PART)):
        part = hashes[start : start + PART]
        vectors = model.encode(
            [rows[one] for one in part],
            prompt_name="passage",
            batch_size=512,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        np.savez(
            args.out / f"part{number:03d}.npz",
            hashes=np.array(part, dtype="S32"),
            vectors=vectors.astype(np.float16),
            embedder=args.name,
            revision=args.revision,
        )
        print(f"{start + len(part)} of {len(hashes)}", flush=True)


if __name__ == "__main__":
    main()
