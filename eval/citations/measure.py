"""Detection and false alarms: cases drawn, checked and scored, as one plain dict that becomes the JSON report."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.schema import CheckReport
from eval.citations.checker import Checker
from eval.citations.claims import Case, Mode
from eval.citations.generate import TRUE, Dropped, Generator
from eval.citations.score import Outcome, Right, Wrong, score_right, score_wrong
from eval.metrics import percentile, rate

PER_KIND = 520  # corrupted citations of each kind: 5,200 of ten
TRUE_CITATIONS = 5_000
MOST_DRAWS = 60  # draws for each case wanted, before a kind is taken to allow no more
BATCH = 200
DETECTION, DETECTION_BY_KIND, FALSE_ALARMS = 0.995, 0.98, 0.002  # what is to be reached

Row = dict[str, Any]
Say = Callable[[str], None]


@dataclass
class Drawn:
    """The cases of one kind, and why other draws gave none."""

    cases: list[Case] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    draws: int = 0


def draw_cases(generator: Generator, kind: str, wanted: int) -> Drawn:
    """Return as many different cases of a kind as are wanted (true ones counted by citations), or as it allows."""
    drawn = Drawn()
    seen: set[str] = set()
    reached = 0
    while reached < wanted and drawn.draws < MOST_DRAWS * wanted:
        made = generator.case(f"{kind}:{drawn.draws}")
        drawn.draws += 1
        if isinstance(made, Dropped):
            drawn.dropped[made.why] += 1
        elif (key := _key(made)) in seen:
            drawn.dropped["repeated"] += 1
        else:
            seen.add(key)
            drawn.cases.append(made)
            reached += len(made.marks) if kind == TRUE else 1
    return drawn


def _key(case: Case) -> str:
    """Return what makes a corrupted citation another one than those before: its claim; of true ones the text."""
    return repr(case.target.claim) if case.truth else case.text


def measure(generator: Generator, checker: Checker, kinds: Sequence[str], per_kind: int, true: int, say: Say) -> Row:
    """Return the figures of all kinds.

    Args:
        generator: of the cases.
        checker: what is measured.
        kinds: of corruption.
        per_kind: corrupted citations of each.
        true: true citations.
        say: told what is going on, a line each.
    """
    times: list[float] = []
    wrong: dict[str, Row] = {}
    rows: dict[str, list[tuple[Case, Wrong]]] = {}
    beside: list[tuple[Case, Right]] = []
    for kind in kinds:
        drawn = draw_cases(generator, kind, per_kind)
        rows[kind] = []
        for case, report in _checked(drawn.cases, checker, times):
            if isinstance(report, Exception):
                rows[kind].append((case, Wrong(Outcome.ERROR)))
                continue
            rows[kind].append((case, score_wrong(generator.world, case, report)))
            beside += [(case, row) for row in score_right(generator.world, case, report)]
        wrong[kind] = _kind_row(rows[kind], drawn)
        say(f"{kind}：{len(drawn.cases)} 处，检出 {wrong[kind]['detected']['hits']}")
    drawn = draw_cases(generator, TRUE, true)
    right, errors = [], []
    for case, report in _checked(drawn.cases, checker, times):
        if isinstance(report, Exception):
            errors.append({"id": case.id, "error": type(report).__name__})
        else:
            right += [(case, row) for row in score_right(generator.world, case, report)]
    everything = [one for found in rows.values() for one in found]
    say(f"正确的引用：{len(right)} 处，误报 {sum(bool(row.alarms) for _, row in right)}")
    return {
        "per_kind": per_kind,
        "drawn_from": generator.world.sizes(),
        "kinds": wrong,
        "all": _counts([row for _, row in everything]),
        "by_style": _by_style(everything),
        "true": {**_true_row(right, drawn), "errors": errors},
        "beside": _true_row(beside, None),
        "milliseconds": {
            "n": len(times),
            "p50": round(1000 * percentile(times, 0.5), 2) if times else None,
            "p95": round(1000 * percentile(times, 0.95), 2) if times else None,
        },
    }


def bars(figures: Row) -> dict[str, bool]:
    """Return each bar and whether it is reached."""
    kinds = figures["kinds"].values()
    return {
        f"全部错误引用检出不低于 {100 * DETECTION:.1f} %": _at_least(figures["all"]["detected"], DETECTION),
        f"每一类检出不低于 {100 * DETECTION_BY_KIND:.0f} %": all(
            _at_least(kind["detected"], DETECTION_BY_KIND) for kind in kinds
        ),
        f"正确引用误报不高于 {100 * FALSE_ALARMS:.1f} %": (figures["true"]["alarmed"]["value"] or 0.0) <= FALSE_ALARMS
        and not figures["true"]["errors"],
    }


def _at_least(value: Mapping[str, Any], bar: float) -> bool:
    return value["value"] is None or value["value"] >= bar


def _checked(
    cases: Sequence[Case], checker: Checker, times: list[float]
) -> Iterator[tuple[Case, CheckReport | Exception]]:
    for first in range(0, len(cases), BATCH):
        batch = cases[first : first + BATCH]
        for case, report in zip(batch, checker([case.text for case in batch], batch[0].as_of), strict=True):
            if not isinstance(report, Exception):
                times.append(report.seconds)
            yield case, report


def _kind_row(rows: Sequence[tuple[Case, Wrong]], drawn: Drawn) -> Row:
    hows: dict[str, list[Wrong]] = defaultdict(list)
    for case, row in rows:
        how = dict(case.style)["how"]
        hows["…" if "→" in how else how].append(row)
    failures = [
        {
            "id": case.id,
            "outcome": str(row.outcome),
            "statuses": list(row.statuses),
            "cited": cited(case),
            "style": dict(case.style),
        }
        for case, row in rows
        if row.outcome is not Outcome.DETECTED
    ]
    loose = [
        {"id": case.id, "statuses": list(row.statuses), "cited": cited(case)}
        for case, row in rows
        if row.outcome is Outcome.DETECTED and not row.strict
    ]
    misled = [{"id": case.id, "cited": cited(case)} for case, row in rows if row.suggestion == "wrong"]
    return {
        **_counts([row for _, row in rows]),
        "draws": drawn.draws,
        "dropped": dict(sorted(drawn.dropped.items())),
        "texts_sha": texts_hash(drawn.cases),
        "by_how": {how: asdict(_detected(found)) for how, found in sorted(hows.items())},
        "failures": failures,
        "loose": loose,
        "misled": misled,
    }


def _counts(rows: Sequence[Wrong]) -> Row:
    suggested = [row for row in rows if row.suggestion]
    return {
        "n": len(rows),
        "detected": asdict(_detected(rows)),
        "strict": asdict(rate(sum(row.strict for row in rows), len(rows))),
        "outcomes": {str(outcome): sum(row.outcome is outcome for row in rows) for outcome in Outcome},
        "suggested": asdict(rate(sum(row.suggestion == "right" for row in suggested), len(suggested))),
    }


def _detected(rows: Sequence[Wrong]) -> Any:
    return rate(sum(row.outcome is Outcome.DETECTED for row in rows), len(rows))


def _by_style(rows: Sequence[tuple[Case, Wrong]]) -> dict[str, dict[str, Row]]:
    """Return detection by each property of the writing."""
    groups: dict[str, dict[str, list[Wrong]]] = defaultdict(lambda: defaultdict(list))
    for case, row in rows:
        for name, value in case.style:
            if name != "how":
                groups[name][value].append(row)
    return {
        name: {value: asdict(_detected(found)) for value, found in sorted(values.items())}
        for name, values in groups.items()
    }


def _true_row(rows: Sequence[tuple[Case, Right]], drawn: Drawn | None) -> Row:
    alarmed = [(case, row) for case, row in rows if row.alarms]
    by_style: dict[str, dict[str, list[Right]]] = defaultdict(lambda: defaultdict(list))
    for case, row in rows:
        for name, value in case.style:
            if name != "how":
                by_style[name][value].append(row)
    found: Row = {
        "n": len(rows),
        "texts": len({case.id for case, _ in rows}),
        "alarmed": asdict(rate(len(alarmed), len(rows))),
        "alarms": dict(Counter(status for _, row in alarmed for status in row.alarms)),
        "excused": dict(Counter(status for _, row in rows for status in row.excused)),
        "found": asdict(rate(sum(row.found for _, row in rows), len(rows))),
        "placed": asdict(rate(sum(row.placed for _, row in rows), len(rows))),
        "settled": {
            str(mode): asdict(rate(sum(row.settled for row in some), len(some)))
            for mode in Mode
            if (some := [row for _, row in rows if row.mode is mode])
        },
        "by_style": {
            name: {value: asdict(rate(sum(bool(r.alarms) for r in some), len(some))) for value, some in values.items()}
            for name, values in by_style.items()
        },
        "examples": [
            {
                "id": case.id,
                "alarms": list(row.alarms),
                "cited": cited(case),
                "style": dict(case.style),
            }
            for case, row in alarmed
        ],
        "missed": [{"id": case.id, "cited": cited(case)} for case, row in rows if not row.found],
        "misplaced": [{"id": case.id, "cited": cited(case)} for case, row in rows if row.found and not row.placed],
    }
    if drawn is not None:
        found |= {
            "draws": drawn.draws,
            "dropped": dict(sorted(drawn.dropped.items())),
            "texts_sha": texts_hash(drawn.cases),
        }
    return found


def cited(case: Case) -> str:
    """Return the citation as it is written: what a report may show of a text."""
    mark = case.target
    return case.text[mark.start : mark.end].replace("\n", "")


def texts_hash(cases: Sequence[Case]) -> str:
    """Return 16 hex digits of the texts of some cases: whether two reports speak of the same ones."""
    return hashlib.sha256("\n".join(case.text for case in cases).encode()).hexdigest()[:16]


def changed(figures: Row, before: Row) -> Row:
    """Return the ids that failed before and do no longer (won), and the other way round (lost), by kind.

    Kinds whose texts are others than before (another seed, size or generator) are left out: ids then say nothing.
    """
    found: Row = {}
    for kind in (*figures["kinds"], TRUE):
        now, then = (report["true"] if kind == TRUE else report["kinds"].get(kind) for report in (figures, before))
        if then is None or then["texts_sha"] != now["texts_sha"]:
            continue
        ids = [{row["id"] for row in report["examples" if kind == TRUE else "failures"]} for report in (now, then)]
        found[kind] = {"won": sorted(ids[1] - ids[0], key=_number), "lost": sorted(ids[0] - ids[1], key=_number)}
    return found


def _number(identity: str) -> int:
    return int(identity.partition(":")[2])
