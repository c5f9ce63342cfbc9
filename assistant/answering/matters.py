"""Matters with rules of their own that no held document speaks of: social insurance, divorce, export refunds.

A question about one of them may be as near to the corpus in words and vectors as a question it answers (社保转移 and
产业转移), so no score tells. The word itself does: it is in the question, and in no document.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.indexing.index import Snapshot

# Words that begin a second question. Matches 还有 in 「电费能不能降，还有社保怎么转」; refuses 还 in 「还能降吗」.
_SECOND = re.compile(r"还有|另外|再就是|再有|顺便|其次|第二个|二是|以及|；|;|[？?].*[？?]")


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter, its number in the table, and the words by which questions name it."""

    number: int
    name: str
    names: tuple[str, ...]


@cache
def matters() -> tuple[Matter, ...]:
    """Return the rows of `data/matters.toml`."""
    table = tomllib.loads(files("assistant.answering").joinpath("data/matters.toml").read_text(encoding="utf-8"))
    return tuple(Matter(number, row["name"], tuple(row["names"])) for number, row in enumerate(table["matter"]))


def asks_several(question: str) -> bool:
    """Return whether a question asks more than one thing.

    >>> asks_several("电费能不能降，还有社保怎么转"), asks_several("电费还能降吗")
    (True, False)
    """
    return bool(_SECOND.search(question))


def matters_absent(snapshot: Snapshot, question: str) -> tuple[Matter, ...]:
    """Return the matters that a question names and no held document does, in the order of the table."""
    return tuple(
        matter
        for matter in matters()
        if any(name in question for name in matter.names) and not any(snapshot.contains(name) for name in matter.names)
    )
