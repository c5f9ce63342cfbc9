"""One answer against what is right for its question: the verdicts, as one plain dict that becomes a row."""

from collections.abc import Sequence

from assistant.schema import Citation, Status
from eval.answers.pieces import carried_row, conditions_row, parts_row
from eval.answers.questions import TRAPS, Question
from eval.answers.words import forbidden, repeats, spoken_fits, unnamed
from eval.metrics import matched, same_unit
from eval.score import Judge, Row
from eval.systems import Reply


def judged(question: Question, reply: Reply, holds: Judge) -> Row:
    """Return the verdicts on one reply; of a failed one its error.

    status_right               the status is the expected one
    answered_without_ground    not everything asked for has a ground, and the answer says it has
    refused_without_naming     not everything has, the answer says so, and `missing` does not name what has none
    named_by_repeating         refused, and a fact is named by nothing but an entry that repeats the question
    wrongly_refused            everything has a ground, and the answer says that something has none
    first_right                the first citation is in gold or also; false where nothing is cited; None without gold
    recall                     share of gold that is cited; None without gold
    precision                  share of cited units in gold or also; None where nothing is cited
    trap_handled               status right, every warning that must be there is, nothing forbidden stands in the
                               answer; None where the question is no trap
    """
    row: Row = {"seconds": round(reply.seconds, 4)}
    if reply.answer is None:
        return {**row, "error": reply.error}
    answer = reply.answer
    answered = answer.status is Status.ANSWERED
    expected = question.expect is Status.ANSWERED
    gaps = unnamed(question.missing, answer.missing)
    shown = list(dict.fromkeys(str(notice.kind) for notice in answer.notices))
    missed = [kind for kind in question.notices if kind not in shown]
    told_apart = [entry for entry in answer.missing if not repeats(entry, question.question)]
    never = forbidden(question, answer)
    row |= {
        "status": str(answer.status),
        "status_right": answer.status is question.expect,
        "answered_without_ground": answered and not expected,
        "refused_without_naming": bool(gaps) and not answered,
        "unnamed": gaps,
        "named_by_repeating": not answered and not gaps and bool(unnamed(question.missing, told_apart)),
        "wrongly_refused": expected and not answered,
        **_grounds(question, answer.citations),
        "altered": [
            {"provision": citation.provision, "quote": citation.quote}
            for citation in answer.citations
            if _holds(citation, holds) is False
        ],
        "not_judged": sum(_holds(citation, holds) is None for citation in answer.citations),
        "citations": len(answer.citations),
        "notices": shown,
        "notices_missed": missed,
        "false_alarms": [kind for kind in shown if kind not in (*question.notices, *question.may)],
        "never": never,
        "trap_handled": None,
        "spoken_fits": spoken_fits(answer.spoken),
        "parts": parts_row(question, answer),
        "conditions": conditions_row(question, answer),
        "carried": carried_row(question, answer),
    }
    if question.kind in TRAPS:
        row["trap_handled"] = row["status_right"] and not missed and not never
    return row


def unit_of(provision: str) -> str:
    """Return the article or part that a provision stands in.

    >>> unit_of("gd-transfer-2025:a10.p2.i3"), unit_of("mfg-transfer-2021:closing")
    ('gd-transfer-2025:a10', 'mfg-transfer-2021:closing')
    """
    document, colon, path = provision.partition(":")
    return document + colon + path.partition(".")[0]


def cited_units(citations: Sequence[Citation]) -> list[str]:
    """Return the articles and parts that citations stand in, in their order, each once."""
    return list(dict.fromkeys(unit_of(citation.provision) for citation in citations))


def _grounds(question: Question, citations: Sequence[Citation]) -> Row:
    units = cited_units(citations)
    right = [any(same_unit(unit, wanted) for wanted in question.right) for unit in units]
    found = set(matched(units, question.gold))
    return {
        "cited": units,
        "first_right": (bool(right) and right[0]) if question.gold else None,
        "recall": len(found.intersection(question.gold)) / len(question.gold) if question.gold else None,
        "precision": sum(right) / len(right) if right else None,
    }


def _holds(citation: Citation, holds: Judge) -> bool | None:
    return holds(citation.provision.partition(":")[0], citation.quote)
