"""Compressed JSON lines, and samples fixed by hash."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any


def one_in(text: str, number: int) -> bool:
    """Return whether `text` is in the sample of one in `number`, by its sha256."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % number == 0


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
