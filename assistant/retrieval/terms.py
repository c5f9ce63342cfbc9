"""老板话 → 法言: what people say, and the term that rules use for it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Term:
    """A term of art and the everyday words that stand for it."""

    term: str
    says: tuple[str, ...]


@cache
def terms() -> tuple[Term, ...]:
    """Return the rows of `data/terms.toml`."""
    table = tomllib.loads(files("assistant.retrieval").joinpath("data/terms.toml").read_text(encoding="utf-8"))
    return tuple(Term(row["term"], tuple(row["says"])) for row in table["term"])


def terms_for(question: str) -> tuple[str, ...]:
    """Return the terms that a question's everyday words stand for, without those it uses itself, in the table's order.

    >>> terms_for("搬过去电费太贵了")
    ('企业用电、用水、用气成本', '产业转移')
    """
    said = {
        row
        for start in range(len(question))
        for says, row in _beginnings().get(question[start : start + 2], ())
        if question.startswith(says, start)
    }
    return tuple(terms()[row].term for row in sorted(said) if terms()[row].term not in question)


@cache
def _beginnings() -> dict[str, list[tuple[str, int]]]:
    """Return everyday words with the number of their row, by their first two characters."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, row in enumerate(terms()):
        for says in row.says:
            found.setdefault(says[:2], []).append((says, number))
    return found
