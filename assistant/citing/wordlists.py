"""The words of data/claims.toml."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_words() -> dict[str, Any]:
    """Return data/claims.toml, read once."""
    return tomllib.loads(files("assistant.citing").joinpath("data/claims.toml").read_text(encoding="utf-8"))


def either(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first.

    >>> either(["不", "不断"])
    '不断|不'
    """
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
