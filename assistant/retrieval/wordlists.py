"""What people say, put into the words of the documents: misheard forms, and who is speaking."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.schema import Role


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word, and the forms that dictation and hasty typing make of it."""

    standard: str
    says: tuple[str, ...]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files("assistant.retrieval").joinpath(f"data/{name}").read_text(encoding="utf-8"))


@cache
def spellings() -> tuple[Spelling, ...]:
    """Return the rows of `data/spellings.toml`."""
    return tuple(Spelling(row["standard"], tuple(row["says"])) for row in _load("spellings.toml")["spelling"])


@cache
def _replacements() -> tuple[tuple[str, str], ...]:
    """Return (misheard form, word), the longest form first."""
    pairs = [(says, row.standard) for row in spellings() for says in row.says]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def corrected(question: str) -> str:
    """Return a question with misheard and misspelt forms put right.

    >>> corrected("产业转仪 海观信用等几还认吗"), corrected("说话有条理")
    ('产业转移 海关信用等级还认吗', '说话有条理')
    """
    for form, standard in _replacements():
        if form in question:
            question = question.replace(form, standard)
    return question


@cache
def _roles() -> tuple[tuple[Role, tuple[str, ...]], ...]:
    return tuple((Role(row["role"]), tuple(row["says"])) for row in _load("roles.toml")["role"])


def role_of(question: str) -> Role | None:
    """Return who asks, where a question shows it: 我们厂 an enterprise, 我县 staff, 来电人 an operator.

    >>> str(role_of("来电人说我们厂要搬")), role_of("第三十条讲什么")
    ('hotline', None)
    """
    return next((role for role, says in _roles() if any(word in question for word in says)), None)
