"""What a checker's findings are worth: each citation of a case against what the documents say of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant.parsing.numerals import parse_numeral
from assistant.schema import CheckReport, CheckStatus, Content, Finding
from eval.citations.claims import Case, Claim, Mark, Mode
from eval.citations.corpus import plain, title_form
from eval.citations.gold import Truth
from eval.citations.truths import World

# A citation inside quoted words. Matches 《刑法》第二十条, 《刑法》; the number is group 2.
_NESTED = re.compile(r"《?([^《》]*(?:《[^《》]*》[^《》]*)*?)》?(?:第([〇零一二三四五六七八九十百千0-9]+)条(?:之([一二三四五六七八九十]+))?.*)?$", re.S)
SAME_WORDS = 0.8  # share of equal characters from which suggested words are those that were meant


class Outcome(StrEnum):
    """What became of one corrupted citation."""

    DETECTED = "detected"
    OPEN = "open"  # found, and said to be there with its content unchecked
    PASSED = "passed"  # found, and called right
    NOT_FOUND = "not_found"
    ERROR = "error"  # the checker raised


@dataclass(frozen=True, slots=True)
class Wrong:
    """One corrupted citation and what the checker said of it.

    Attributes:
        strict: whether a status is one that a lawyer expects.
        statuses: of the findings at the citation.
        suggestion: "right", "wrong", or "" for none.
    """

    outcome: Outcome
    strict: bool = False
    statuses: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """One true citation and what the checker said of it.

    Attributes:
        found: a finding stands at it.
        placed: its finding leads to the provision that is cited.
        settled: nothing about it was left unchecked.
        alarms: statuses of findings in its sentence that are not ok.
        excused: of findings inside quoted words that are right: 《…》 there is not held, or out of force.
    """

    mode: Mode
    found: bool
    placed: bool
    settled: bool
    alarms: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()


def score_wrong(world: World, case: Case, report: CheckReport) -> Wrong:
    """Return what a report says of the corrupted citation of a case."""
    mark = case.target
    found = _at(mark, case.marks, report.findings)
    if not found:
        return Wrong(Outcome.NOT_FOUND)
    statuses = tuple(dict.fromkeys(str(one.status) for one in found))
    alarming = [one for one in found if _alarms(one)]
    if not alarming:
        left_open = any(one.content is Content.UNCHECKED for one in found)
        return Wrong(Outcome.OPEN if left_open else Outcome.PASSED, statuses=statuses)
    judged = world.gold.judge(mark.claim)
    strict = any(one.status in judged.statuses for one in alarming)
    return Wrong(Outcome.DETECTED, strict, statuses, _suggestion(world, case, alarming))


def score_right(world: World, case: Case, report: CheckReport) -> list[Right]:
    """Return what a report says of each true citation of a case, in the order of the text.

    A finding that is not ok counts against the citation it stands at, or in the words of, or nearest to.
    """
    true = [mark for mark in case.marks if not mark.corrupted]
    alarms: dict[Mark, list[Finding]] = {mark: [] for mark in case.marks}
    for finding in report.findings:
        if _alarms(finding):
            alarms[min(case.marks, key=lambda mark: _distance(mark, finding))].append(finding)
    rows = []
    for mark in true:
        found = _at(mark, case.marks, report.findings)
        judged = world.gold.judge(mark.claim)
        excused = [one for one in alarms[mark] if _inside(mark, one) and _rightly(world, one)]
        rows.append(
            Right(
                mode=mark.claim.mode,
                found=bool(found),
                placed=any(one.provision in judged.twins for one in found),
                settled=bool(found) and all(one.settled for one in found),
                alarms=tuple(str(one.status) for one in alarms[mark] if one not in excused),
                excused=tuple(str(one.status) for one in excused),
            )
        )
    return rows


def _alarms(finding: Finding) -> bool:
    return finding.status is not CheckStatus.OK or finding.content is Content.CONTRADICTED


def _at(mark: Mark, marks: Sequence[Mark], findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings at a citation; one that spans several citations belongs to all of them."""
    at_label = [one for one in findings if one.start < mark.end and one.end > mark.label]
    at_title = [
        one
        for one in findings
        if one.start < mark.label
        and one.end > mark.start
        and not any(one.start < other.end and one.end > other.label for other in marks if other is not mark)
    ]
    return list(dict.fromkeys([*at_label, *at_title]))


def _distance(mark: Mark, finding: Finding) -> int:
    spans = [(mark.start, mark.end), *([(mark.words_start, mark.words_end)] if mark.words_end else [])]
    return min(max(0, start - finding.end + 1, finding.start - end + 1) for start, end in spans)


def _inside(mark: Mark, finding: Finding) -> bool:
    return mark.words_start <= finding.start and finding.end <= mark.words_end


def _rightly(world: World, finding: Finding) -> bool:
    """Return whether a citation inside quoted words is really to something not held, absent or out of force."""
    match = _NESTED.match(finding.text.strip())
    if match is None or not match[1]:
        return False
    title = match[1]
    if not world.corpus.named(title):
        named = title_form(title).endswith(_TYPES)
        return named and finding.status in (CheckStatus.NOT_IN_CORPUS, CheckStatus.TITLE_MISMATCH)
    path = f"a{parse_numeral(match[2])}" + (f"-{parse_numeral(match[3])}" if match[3] else "") if match[2] else "a1"
    return world.gold.judge(Claim(title, path, Mode.BARE)).truth is not Truth.TRUE


_TYPES = ("法", "法典", "条例", "办法", "规定", "细则", "规则", "解释", "决定", "通知", "意见", "标准", "目录", "公约", "章程", "规划")


def _suggestion(world: World, case: Case, findings: Sequence[Finding]) -> str:
    """Return whether what is suggested is the citation or the words before they were corrupted, or as good."""
    offered = next((one.expected for one in findings if one.expected), "")
    if not offered or case.truth is None:
        return ""
    judged = world.gold.judge(case.target.claim)
    labels = []
    for identity in (case.source, *judged.places):
        provision = world.corpus.provision(identity)
        if provision is not None:
            labels.append((world.corpus.held[provision.doc_id].metadata.title, provision.label))
    for title, label in labels:
        written = title_form(offered.replace(label, "")) if label in offered else None
        if written is not None and written.strip("《》") in ("", title_form(title)):
            return "right"
    if title_form(offered) == title_form(case.truth.title):
        return "right"
    words = plain(case.truth.words)
    if words and SequenceMatcher(None, plain(offered), words, autojunk=False).ratio() >= SAME_WORDS:
        cited = judged.provision or case.source
        if plain(offered).strip("…,.;。") in world.corpus.plain(cited):
            return "right"
    return "wrong"
