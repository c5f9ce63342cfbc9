"""The verdicts of all questions summed up: rates with exact intervals, means with bootstrap intervals, groups apart.

Rows that failed are counted and stay out of everything else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

from assistant.schema import NoticeKind, Role, Status
from eval.answers.questions import CARRIED, NOTICES, TRAPS, Question
from eval.metrics import mean, rate
from eval.score import Row, latency

Pair = tuple[Question, Row]


def score(questions: Sequence[Question], rows: Mapping[str, Row]) -> Row:
    """Return the figures over all questions, given each one's verdicts by id."""
    done = [(question, rows[question.id]) for question in questions if "error" not in rows[question.id]]
    lacking = [row for question, row in done if question.expect is not Status.ANSWERED]
    cited = [row for question, row in done if question.gold and row["citations"]]
    judged = sum(row["citations"] - row["not_judged"] for _, row in done)
    altered = sum(len(row["altered"]) for _, row in done)
    confusion = Counter((str(question.expect), row["status"]) for question, row in done)
    return {
        "n": len(questions),
        "failed": len(questions) - len(done),
        "confusion": {str(expect): {str(got): confusion[str(expect), str(got)] for got in Status} for expect in Status},
        **group(done),
        "answered_without_ground": _share(lacking, lambda row: bool(row["answered_without_ground"])),
        "refused_without_naming": _share(lacking, lambda row: bool(row["refused_without_naming"])),
        "named_by_repeating": _share(lacking, lambda row: bool(row["named_by_repeating"])),
        "first_right_where_cited": _share(cited, lambda row: bool(row["first_right"])),
        "recall": _mean(row["recall"] for _, row in done),
        "precision": _mean(row["precision"] for _, row in done),
        "verbatim": asdict(rate(judged - altered, judged)),
        "verbatim_not_judged": sum(row["not_judged"] for _, row in done),
        "spoken_fits": _share([row for _, row in done], lambda row: bool(row["spoken_fits"])),
        "traps": _traps(done),
        "notices": _notices(done),
        "dialogues": _dialogues(done),
        "parts": _parts(done),
        "conditions": _conditions(done),
        "speech": {
            "with": group([pair for pair in done if pair[0].speech]),
            "without": group([pair for pair in done if not pair[0].speech]),
        },
        "by_role": {str(role): group([pair for pair in done if pair[0].role is role]) for role in Role},
        "by_kind": {
            kind: group([pair for pair in done if pair[0].kind == kind])
            for kind in dict.fromkeys(question.kind for question, _ in done)
        },
        "ask_seconds": latency([row["seconds"] for _, row in done]),
    }


def group(pairs: Sequence[Pair]) -> Row:
    """Return the main figures of some questions.

    wrongly_answered counts, among those without a whole answer in the text, the ones answered and the ones refused
    without naming what is not there; wrongly_refused, among those whose whole answer is there, the ones answered in
    part or not at all; first_right, among all with gold, cited or not, the ones whose first citation is right.
    """
    whole = [row for question, row in pairs if question.expect is Status.ANSWERED]
    lacking = [row for question, row in pairs if question.expect is not Status.ANSWERED]
    return {
        "questions": len(pairs),
        "status_right": _share([row for _, row in pairs], lambda row: bool(row["status_right"])),
        "wrongly_answered": _share(
            lacking, lambda row: row["answered_without_ground"] or row["refused_without_naming"]
        ),
        "wrongly_refused": _share(whole, lambda row: bool(row["wrongly_refused"])),
        "first_right": _known(row["first_right"] for _, row in pairs),
    }


def _traps(done: Sequence[Pair]) -> Row:
    """Return the share of traps handled, all and by the trap's name, with how many failed by what (several may)."""

    def handled(pairs: Sequence[Pair]) -> Row:
        return {
            **_known(row["trap_handled"] for _, row in pairs),
            "status_wrong": sum(not row["status_right"] for _, row in pairs),
            "notice_missed": sum(bool(row["notices_missed"]) for _, row in pairs),
            "forbidden_said": sum(bool(row["never"]) for _, row in pairs),
        }

    traps = [pair for pair in done if pair[0].kind in TRAPS]
    return {
        "all": handled(traps),
        "by_trap": {name: handled([pair for pair in traps if pair[0].kind == kind]) for kind, name in TRAPS.items()},
    }


def _notices(done: Sequence[Pair]) -> dict[str, Row]:
    """Return by kind: recall among the questions that must show it, false alarms among those that must not."""
    found: dict[str, Row] = {}
    for kind in map(str, NoticeKind):
        wanted = [row for question, row in done if kind in question.notices]
        unwanted = [row for question, row in done if kind not in (*question.notices, *question.may)]
        found[kind] = {
            "recall": _known(kind in row["notices"] for row in wanted) if kind in NOTICES else None,
            "false_alarms": _known(kind in row["notices"] for row in unwanted),
        }
    return found


def _dialogues(done: Sequence[Pair]) -> Row:
    """Return the figures of questions with earlier turns; those that carry something over, and those that drop all."""
    within = [pair for pair in done if pair[0].turns]
    return {
        "all": group(within),
        "carried": group([pair for pair in within if pair[0].carried]),
        "new_topic": group([pair for pair in within if pair[0].carried == ()]),
        "carried_shown": _known(row["carried"] for question, row in within if question.carried),
        "nothing_carried": _known(row["carried"] for question, row in within if question.carried == ()),
        "by_carried": {
            name: group([pair for pair in within if name in (pair[0].carried or ())]) for name in sorted(CARRIED)
        },
    }


def _parts(done: Sequence[Pair]) -> Row:
    """Return the figures of the parts of questions that ask several things."""
    rows = [row["parts"] for _, row in done if row["parts"] is not None]
    parts = [part for row in rows for part in row["parts"]]
    return {
        "questions": len(rows),
        "split": _known(row["split"] for row in rows),
        **{name: _known(part[name] for part in parts) for name in ("grounded", "status_right", "first_right")},
    }


def _conditions(done: Sequence[Pair]) -> Row:
    """Return the share of conditions in the right state, and how many there are."""
    verdicts = [verdict for _, row in done for verdict in row["conditions"]]
    return {"conditions": len(verdicts), "right": _known(verdicts)}


def _share(rows: Sequence[Row], test: Callable[[Row], bool]) -> Row:
    return asdict(rate(sum(map(bool, map(test, rows))), len(rows)))


def _known(verdicts: Iterable[bool | None]) -> Row:
    """Return the share of true ones among the verdicts that could be given."""
    given = [verdict for verdict in verdicts if verdict is not None]
    return asdict(rate(sum(given), len(given)))


def _mean(values: Iterable[float | None]) -> Row:
    return asdict(mean([value for value in values if value is not None]))
