"""Every system over every question of a benchmark: ranks, seconds, memory; and the figures of a table's row."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.benchmarks import Case
from eval.ladder import System
from eval.metrics import Rate, matched, mean, ranking_measures, rate, same_unit
from eval.score import latency

DEPTH = 100  # units asked of every system
UNMEASURED = 5  # questions before the clock counts: the first one loads the model
TIMED, SHOWN = 100, 10  # time is taken of the first so many questions, asked for as many units as a user sees
CUTS = (5, 10, 20, 100)
RECALL = tuple(f"R@{cut}" for cut in CUTS)
RANKING = ("RR@10", "nDCG@10")
FIRST, TOP = "first", "top5"
TOP_CUT = 5
Row = dict[str, Any]
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True)
class Run:
    """What one system found.

    Attributes:
        ranked: case id → unit ids, best first; a case that failed is not in it.
        seconds: time of each search for `SHOWN` units, over the first `TIMED` cases.
        errors: case id → what kept it from searching.
        memory_gb: most resident memory of the process while it searched, None where the system does not tell.
    """

    ranked: Mapping[str, Sequence[str]]
    seconds: Sequence[float]
    errors: Mapping[str, str]
    memory_gb: float | None


def run(system: System, cases: Sequence[Case], depth: int = DEPTH) -> Run:
    """Return what a system finds for every case; a question that fails is counted, not fatal."""
    system.prepare()
    for case in cases[:UNMEASURED]:
        with suppress(Exception):  # it is asked again below, and counted there
            system.rank(case, depth)
    ranked: dict[str, Sequence[str]] = {}
    errors: dict[str, str] = {}
    reset_peak_memory()
    for case in cases:
        try:
            ranked[case.id] = tuple(system.rank(case, depth))
        except Exception as error:  # a run over hundreds of questions shows all failures at once
            errors[case.id] = f"{type(error).__name__}: {error}"
    memory = peak_memory_gb()
    return Run(ranked, _times(system, [case for case in cases if case.id in ranked][:TIMED]), errors, memory)


def _times(system: System, cases: Sequence[Case]) -> list[float]:
    found = []
    for case in cases:
        started = time.perf_counter()
        system.rank(case, SHOWN)
        found.append(time.perf_counter() - started)
    return found


def figures(cases: Sequence[Case], found: Run) -> Row:
    """Return the row of a table: rates with exact intervals, means with bootstrap intervals, times.

    first, top5    any right provision is first, or among the first five                      rate
    all5           all provisions that a whole answer needs are among the first five          rate
    R@k            share of the gold (of what a whole answer needs) among the first k         mean
    RR@10          1 / rank of the first right provision                                      mean
    nDCG@10        of the gold                                                                mean
    """
    scored = [case for case in cases if case.id in found.ranked]
    runs = {case.id: found.ranked[case.id] for case in scored}
    gold = ranking_measures(runs, {case.id: case.need or case.gold for case in scored}, [*RECALL, "nDCG@10"])
    right = ranking_measures(runs, {case.id: case.right for case in scored}, ["RR@10"])
    best = {case.id: best_rank(case, runs[case.id]) for case in scored}
    needing = [case for case in scored if case.need]
    return {
        "n": len(scored),
        "failed": len(found.errors.keys() & {case.id for case in cases}),
        FIRST: asdict(_rate([best[case.id] == 1 for case in scored])),
        TOP: asdict(_rate([(best[case.id] or DEPTH) <= TOP_CUT for case in scored])),
        "all5": asdict(_rate([gold[case.id]["R@5"] == 1.0 for case in needing])),
        **{name: asdict(mean([gold[case.id][name] for case in scored])) for name in (*RECALL, "nDCG@10")},
        "RR@10": asdict(mean([right[case.id]["RR@10"] for case in scored])),
        "seconds": latency(found.seconds),
    }


def _rate(tests: Sequence[bool]) -> Rate:
    return rate(sum(tests), len(tests))


def best_rank(case: Case, ranked: Sequence[str]) -> int | None:
    """Return the 1-based rank of the first right provision, None where none was found; each provision counts once."""
    names = matched(ranked, case.right)
    return next((rank for rank, unit in enumerate(names, 1) if unit in case.right), None)


def gold_ranks(case: Case, ranked: Sequence[str]) -> list[int | None]:
    """Return the rank of each gold provision in its order, None for one that was not found."""
    wanted = case.need or case.gold
    names = matched(ranked, wanted)
    return [names.index(one) + 1 if one in names else None for one in wanted]


def recall_curve(ranks: Sequence[Sequence[int | None]], depth: int = DEPTH) -> list[float]:
    """Return the mean recall at 1 … depth from the ranks of every question's gold.

    >>> recall_curve([[1, None], [3]], depth=3)
    [0.25, 0.25, 0.75]
    """
    return [
        sum(sum(rank is not None and rank <= cut for rank in one) / len(one) for one in ranks) / len(ranks)
        for cut in range(1, depth + 1)
    ]


def above(case: Case, ranked: Sequence[str], shown: int = TOP_CUT) -> list[str]:
    """Return what stands where a right provision should: the first units that are not right."""
    wrong = (unit for unit in dict.fromkeys(ranked) if not any(same_unit(unit, right) for right in case.right))
    return [unit for _, unit in zip(range(shown), wrong, strict=False)]


def reset_peak_memory() -> None:
    """Let the peak of resident memory start from now, where the system can (Linux)."""
    try:
        _CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return


def peak_memory_gb() -> float | None:
    """Return the peak of resident memory in GB, None where the system does not tell."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
    except OSError:
        return None
    return round(int(found[1]) * 1024 / 1e9, 2) if found else None


def run_all(
    systems: Sequence[System], cases: Sequence[Case], say: Callable[[str], None], depth: int = DEPTH
) -> dict[str, Run]:
    """Return every system's run by its name."""
    runs = {}
    for system in systems:
        say(f"{system.name}：{len(cases)} 题")
        runs[system.name] = run(system, cases, depth)
    return runs
