"""Which questions a change won and lost: two reports of one benchmark, question by question."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError

Row = dict[str, Any]
FAILED = "failed"  # in place of a rank


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose best rank is another one than before; None is "not found"."""

    id: str
    before: int | None
    after: int | None

    def row(self) -> Row:
        """Return it as it stands in a report's JSON."""
        return {"id": self.id, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved over a cut.

    Attributes:
        compared: questions that both reports have, with the same gold.
        won, lost: those that came among the first `cut`, and those that fell out.
        better, worse: questions whose rank rose or fell at all, those of `won` and `lost` included.
    """

    cut: int
    compared: int
    won: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    better: int
    worse: int

    def row(self) -> Row:
        """Return it as it stands in a report's JSON."""
        moved = {"won": [one.row() for one in self.won], "lost": [one.row() for one in self.lost]}
        return {"cut": self.cut, "compared": self.compared, "better": self.better, "worse": self.worse, **moved}


def compare(rows: Sequence[Row], before: Sequence[Row], system: str, before_system: str, cut: int) -> Comparison:
    """Return what moved between two reports' rows: {"id", "gold", "best": {system: rank}}.

    A question with other gold than before is left out: its rank says nothing about the change.
    """
    earlier = {row["id"]: row for row in before}
    moved = []
    compared = 0
    for row in rows:
        old = earlier.get(row["id"])
        if old is None or old["gold"] != row["gold"]:
            continue
        if system not in row["best"] or before_system not in old["best"]:
            continue
        compared += 1
        moved.append(Moved(row["id"], old["best"][before_system], row["best"][system]))
    return Comparison(
        cut,
        compared,
        won=tuple(one for one in moved if _within(one.after, cut) and not _within(one.before, cut)),
        lost=tuple(one for one in moved if _within(one.before, cut) and not _within(one.after, cut)),
        better=sum(_order(one.after) < _order(one.before) for one in moved),
        worse=sum(_order(one.after) > _order(one.before) for one in moved),
    )


def load_report(path: Path) -> Row:
    """Return a report's JSON.

    Raises:
        CorpusError: it cannot be read, or is no report of retrieval.
    """
    try:
        report: Row = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path.name} 读不了：{error}；请用 --compare 指明一份检索评测的 JSON") from error
    if not isinstance(report, dict) or not {"benchmark", "systems", "rows"} <= report.keys():
        raise CorpusError(f"{path.name} 不是检索评测的报告；请用 --compare 指明一份检索评测的 JSON")
    return unpacked(report)


def packed(report: Row) -> Row:
    """Return the report as its file holds it: the ranks of a question stand in the order of the systems."""
    names = [system["name"] for system in report["systems"]]
    rows = []
    for row in report["rows"]:
        best = [row["best"].get(name, FAILED) for name in names]
        rows.append({**row, "best": best, "ranks": [row["ranks"].get(name, FAILED) for name in names]})
    return {**report, "rows": rows}


def unpacked(report: Row) -> Row:
    """Return the report with the ranks of a question by system; systems that failed are left out."""
    names = [system["name"] for system in report["systems"]]
    rows = []
    for row in report["rows"]:
        found = {
            part: {name: rank for name, rank in zip(names, row[part], strict=True) if rank != FAILED}
            for part in ("best", "ranks")
        }
        rows.append({**row, **found})
    return {**report, "rows": rows}


def _within(rank: int | None, cut: int) -> bool:
    return rank is not None and rank <= cut


def _order(rank: int | None) -> float:
    return float("inf") if rank is None else rank
