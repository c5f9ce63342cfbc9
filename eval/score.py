"""Rankings and replies against the questions: one plain dict that becomes the JSON report.

Measures, by the ids of units (article, part):

    right_first    the first hit is in gold or also                       rate
    hit_rate@5     one of the first five is                               rate
    recall@5       share of gold among the first five                     mean
    MRR@10         1 / rank of the first hit in gold or also              mean

Questions without gold measure abstention and stay out of these. Failed rows are counted and stay out of everything.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from assistant.schema import Citation, Status
from eval.metrics import Rate, mean, percentile, ranking_measures, rate, same_unit
from eval.question_file import Question
from eval.systems import OURS, Ranking, Reply

Row = dict[str, Any]
COMPARED: Mapping[str, str] = MappingProxyType({"right_first": OURS, "status_right": "answer"})
Judge = Callable[[str, str], bool | None]  # (document id, quote) → verbatim, or None where it cannot be judged


def score_rankings(
    questions: Sequence[Question], rankings: Mapping[str, Mapping[str, Ranking]]
) -> tuple[dict[str, Row], dict[str, dict[str, Row]]]:
    """Return the summary of each system, and each question's row by system: {question id: {system: row}}."""
    rows: dict[str, dict[str, Row]] = {question.id: {} for question in questions}
    summary: dict[str, Row] = {}
    for system, ranking in rankings.items():
        scored = [question for question in questions if question.gold and not ranking[question.id].error]
        runs = {question.id: ranking[question.id].ranked for question in scored}
        right = ranking_measures(runs, {q.id: q.right for q in scored}, ["Success@1", "Success@5", "RR@10"])
        recall = ranking_measures(runs, {q.id: q.gold for q in scored}, ["R@5"])
        for question in questions:
            found = ranking[question.id]
            row: Row = {"ranked": list(found.ranked), "seconds": round(found.seconds, 4)}
            if found.error:
                row["error"] = found.error
            if question.id in runs:
                row["right_first"] = right[question.id]["Success@1"] == 1.0
                row["hit_rate@5"] = right[question.id]["Success@5"] == 1.0
                row["recall@5"] = recall[question.id]["R@5"]
                row["MRR@10"] = right[question.id]["RR@10"]
            rows[question.id][system] = row
        done = [rows[question.id][system] for question in scored]
        summary[system] = {
            "right_first": asdict(_rate(done, "right_first")),
            "hit_rate@5": asdict(_rate(done, "hit_rate@5")),
            "recall@5": asdict(mean([row["recall@5"] for row in done])),
            "MRR@10": asdict(mean([row["MRR@10"] for row in done])),
            "by_kind": {
                kind: asdict(_rate([rows[q.id][system] for q in scored if q.kind == kind], "right_first"))
                for kind in dict.fromkeys(question.kind for question in scored)
            },
            "search_seconds": latency([found.seconds for found in ranking.values() if not found.error]),
            "failed": sum(bool(found.error) for found in ranking.values()),
        }
    return summary, rows


def score_replies(
    questions: Sequence[Question], replies: Mapping[str, Reply], judge: Judge
) -> tuple[Row, dict[str, Row]]:
    """Return the summary of the answers, and each question's row.

    wrongly_answered counts, among questions without a whole answer in the text, those answered as if it were there;
    wrongly_abstained, among questions whose whole answer is there, those given none.
    """
    rows = {question.id: _reply_row(question, replies[question.id], judge) for question in questions}
    done = [(question, rows[question.id]) for question in questions if "error" not in rows[question.id]]
    confusion = Counter((str(question.expect), row["status"]) for question, row in done)
    whole = [row for question, row in done if question.expect is Status.ANSWERED]
    lacking = [row for question, row in done if question.expect is not Status.ANSWERED]
    nothing = [row for question, row in done if question.expect is Status.ABSTAINED]
    cited = [row for question, row in done if question.gold and row["citations"]]
    citations = [citation for _, row in done for citation in row["citations"]]
    judged = [citation for citation in citations if citation["verbatim"] is not None]
    on_ground = [citation for question, row in done if question.gold for citation in row["citations"]]
    summary: Row = {
        "confusion": {str(expect): {str(got): confusion[str(expect), str(got)] for got in Status} for expect in Status},
        "status_right": asdict(_rate([row for _, row in done], "status_right")),
        "by_kind": {
            kind: asdict(_rate([row for question, row in done if question.kind == kind], "status_right"))
            for kind in dict.fromkeys(question.kind for question, _ in done)
        },
        "wrongly_answered": asdict(_count(lacking, lambda row: row["status"] == Status.ANSWERED)),
        "wrongly_abstained": asdict(_count(whole, lambda row: row["status"] == Status.ABSTAINED)),
        "rightly_abstained": asdict(_count(nothing, lambda row: row["status"] == Status.ABSTAINED)),
        "first_citation_right": asdict(_count(cited, lambda row: bool(row["citations"][0]["right"]))),
        "citations_right": asdict(_count(on_ground, lambda citation: bool(citation["right"]))),
        "verbatim": asdict(_count(judged, lambda citation: bool(citation["verbatim"]))),
        "verbatim_not_judged": len(citations) - len(judged),
        "ask_seconds": latency([replies[question.id].seconds for question, _ in done]),
        "failed": len(questions) - len(done),
    }
    return summary, rows


def latency(seconds: Sequence[float]) -> dict[str, float | None]:
    """Return the median and the 95th percentile in seconds (nearest rank); None for no values."""
    if not seconds:
        return {"p50": None, "p95": None}
    return {"p50": round(percentile(seconds, 0.5), 4), "p95": round(percentile(seconds, 0.95), 4)}


def _reply_row(question: Question, reply: Reply, judge: Judge) -> Row:
    row: Row = {"seconds": round(reply.seconds, 4)}
    if reply.answer is None:
        return {**row, "error": reply.error}
    answer = reply.answer
    citations = [_citation_row(question, citation, judge) for citation in answer.citations]
    return {
        **row,
        "status": str(answer.status),
        "status_right": answer.status is question.expect,
        "citations": citations,
        "missing": list(answer.missing),
        "notices": [str(notice.kind) for notice in answer.notices],
    }


def _citation_row(question: Question, citation: Citation, judge: Judge) -> Row:
    """Return the verdicts on one citation; its words only where they are not found, to keep reports small."""
    verbatim = judge(citation.provision.partition(":")[0], citation.quote)
    row: Row = {
        "provision": citation.provision,
        "right": any(same_unit(citation.provision, right) for right in question.right),
        "verbatim": verbatim,
    }
    return row if verbatim else {**row, "quote": citation.quote}


def too_easy(summary: Mapping[str, Row], limit: float) -> bool:
    """True if BM25 alone puts a right provision first on more than `limit` of the questions."""
    value = summary["bm25"]["right_first"]["value"]
    return value is not None and value > limit


def won_and_lost(
    rows: Sequence[Row], before: Sequence[Row], measures: Mapping[str, str] = COMPARED, same: str = "question"
) -> dict[str, dict[str, list[str]]]:
    """Return the ids of questions that turned right (won) or wrong (lost) since an earlier report.

    `measures` names what is compared and the part of a row it stands in: "right_first" of our own ranking and
    "status_right" of the answer. A question whose field `same` changed, or which failed in either report, is left out.
    """
    earlier = {row["id"]: row for row in before}
    found: dict[str, dict[str, list[str]]] = {}
    for name, part in measures.items():
        won: list[str] = []
        lost: list[str] = []
        for row in rows:
            old = earlier.get(row["id"])
            if old is None or old[same] != row[same]:
                continue
            then, today = old[part].get(name), row[part].get(name)
            if then is not None and today is not None and then != today:
                (won if today else lost).append(row["id"])
        found[name] = {"won": won, "lost": lost}
    return found


def _rate(rows: Sequence[Row], name: str) -> Rate:
    return _count(rows, lambda row: bool(row[name]))


def _count(rows: Sequence[Row], test: Callable[[Row], bool]) -> Rate:
    return rate(sum(test(row) for row in rows), len(rows))
