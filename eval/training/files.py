"""Compressed JSON lines, and samples fixed by hash."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

# Of people's questions one in so many is the validation split.
VALIDATION_ONE_IN = 10


def one_in(text: str, number: int) -> bool:
    """Return whether `text` is in the sample of one in `number`, by its sha256: the same on every machine."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % number == 0


def held_out_question(question: str) -> bool:
    """Return whether a person's question belongs to the validation tenth, which no model learned from.

    What is fitted on a model's scores (`eval.fit_gate`, `eval.fit_fusion`) uses this tenth of the questions that the
    model could have learned from, for those it learned from score higher than what callers will ask.
    """
    return one_in(question, VALIDATION_ONE_IN)


def write(rows: Iterable[Any], path: Path) -> int:
    """Write dataclasses or mappings as JSON lines, compressed, and return how many."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as stream:
        for row in rows:
            stream.write(json.dumps(row if isinstance(row, dict) else asdict(row), ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a compressed JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]
