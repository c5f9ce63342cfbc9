"""The table of citations: texts, and what a careful lawyer finds in them. `cases/README.md` says how a row is read."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.schema.checks import CheckStatus, Content, Verdict

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 25)

OPEN = "?"  # in place of a provision: the contract does not say which
OR = "|"  # between statuses that are both right


@dataclass(frozen=True, slots=True)
class Expected:
    """One citation of a text and what becomes of it.

    Attributes:
        start, end: span of `cited` in the text.
        statuses: any of them is right, the first is the likeliest.
        provision: its id, "" for none, None where it is left open.
        content: None where it is left open.
        correction: words that must stand in 建议改为.
        detail: words that must stand in the finding's detail.
        candidates: words each of which must stand in a candidate.
        quote: words that must stand in a quote bound to it, "" for none asked.
        maybe: the finding may be left out.
    """

    cited: str
    start: int
    end: int
    statuses: tuple[CheckStatus, ...]
    provision: str | None
    content: Content | None
    correction: str = ""
    detail: str = ""
    candidates: tuple[str, ...] = ()
    quote: str = ""
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One text. `as_of` None: the date is left to the text. `verdict` None: left open."""

    id: str
    kind: str
    text: str
    expected: tuple[Expected, ...]
    verdict: Verdict | None
    as_of: date | None
    why: str


def load_cases() -> tuple[Case, ...]:
    """Return all cases, by file and in the order of each.

    Raises:
        ValueError: a row has an unknown key, or its words do not stand in its text in this order.
    """
    return tuple(case for path in sorted(CASES.glob("*.toml")) for case in _cases(path))


def _cases(path: Path) -> Iterator[Case]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in table.pop("case"):
        as_of = row.pop("as_of", TODAY)
        verdict = row.pop("verdict")
        text = row.pop("text")
        case = Case(
            id=row.pop("id"),
            kind=path.stem,
            text=text,
            expected=tuple(_expected(text, row.pop("find", []), path.name)),
            verdict=None if verdict == OPEN else Verdict(verdict),
            as_of=None if as_of == "text" else as_of,
            why=row.pop("why", ""),
        )
        if row:
            raise ValueError(f"{path.name}, {case.id}: unknown keys {sorted(row)}")
        yield case
    if table:
        raise ValueError(f"{path.name}: unknown tables {sorted(table)}")


def _expected(text: str, rows: list[list[Any]], file: str) -> Iterator[Expected]:
    position = 0
    for row in rows:
        options: dict[str, Any] = row.pop() if isinstance(row[-1], dict) else {}
        cited, status, *rest = row
        provision, content = [*rest, None, None][:2]
        start = text.find(cited, position)
        if start < 0:
            raise ValueError(f"{file}: {cited!r} does not stand in {text!r} behind what is cited before it")
        position = start + len(cited)
        yield Expected(
            cited=cited,
            start=start,
            end=position,
            statuses=tuple(CheckStatus(one) for one in status.split(OR)),
            provision=None if provision == OPEN else provision,
            content=None if content is None else Content(content),
            candidates=tuple(options.pop("candidates", ())),
            **options,
        )
