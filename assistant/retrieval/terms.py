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


FOUNDING, GENERAL = "terms.toml", "terms_general.toml"


@cache
def terms(file: str = FOUNDING) -> tuple[Term, ...]:
    """Return the rows of a table in `data`: of the founding documents, or of general matters of enterprises."""
    table = tomllib.loads(files("assistant.retrieval").joinpath(f"data/{file}").read_text(encoding="utf-8"))
    return tuple(Term(row["term"], tuple(row["says"])) for row in table["term"])


def terms_for(question: str) -> tuple[str, ...]:
    """Return the terms that a question's everyday words stand for, without those it uses itself, in the table's order.

    >>> terms_for("搬过去电费太贵了")
    ('企业用电、用水、用气成本', '产业转移')
    """
    return _said(question, FOUNDING)


def general_terms_for(question: str) -> tuple[str, ...]:
    """Return the terms of general matters, as `terms_for`: words to search for, and no sign of what is asked about.

    >>> general_terms_for("换了书记，答应的钱不认了")
    ('行政区划调整、政府换届、机构或者职能调整以及相关责任人更替 违约毁约',)
    """
    return _said(question, GENERAL)


def _said(question: str, file: str) -> tuple[str, ...]:
    said = {
        row
        for start in range(len(question))
        for says, row in _beginnings(file).get(question[start : start + 2], ())
        if question.startswith(says, start)
    }
    return tuple(terms(file)[row].term for row in sorted(said) if terms(file)[row].term not in question)


@cache
def _beginnings(file: str) -> dict[str, list[tuple[str, int]]]:
    """Return everyday words with the number of their row, by their first two characters."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, row in enumerate(terms(file)):
        for says in row.says:
            found.setdefault(says[:2], []).append((says, number))
    return found
