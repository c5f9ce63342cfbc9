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

_N = "[〇零一二三四五六七八九十百千0-9]+"
# A citation inside quoted words. Matches 《刑法》第二十条第一款, 刑法, 《某办法》; refuses 前款, 第二项.
_NESTED = re.compile(
    rf"《?(?P<title>[^第]\S*?)》?(?:第(?P<a>{_N})条(?:之(?P<b>{_N}))?(?:第(?P<p>{_N})款)?(?:第?[（(]?(?P<i>{_N})[）)]?项)?)?",
)
_NUMBERED = re.compile(r"[〔\[【（(]\d{4}[〕\]】）)]\d+号$")  # matches 〔1998〕86号 of 法〔1998〕86号
_TAIL = re.compile(rf"第?[（(]?{_N}[）)]?[款项]")  # matches 第二项 of 第一项、第二项; refuses 第二条
SAME_WORDS = 0.6  # share of equal characters from which suggested words stand for those of the text


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
        excused = _excused(world, [one for one in alarms[mark] if _inside(mark, one)])
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


def _excused(world: World, inside: Sequence[Finding]) -> list[Finding]:
    """Return those findings inside quoted words that are right; 第二项 of 第一项、第二项 goes with the first."""
    found: list[Finding] = []
    before: Finding | None = None
    for one in inside:
        if _rightly(world, one) or (before is not None and before in found and _TAIL.fullmatch(one.text)):
            found.append(one)
        before = one
    return found


def _rightly(world: World, finding: Finding) -> bool:
    """Return whether a citation inside quoted words is really to something not held, absent or out of force."""
    if finding.status is CheckStatus.NOT_IN_CORPUS and (number := _NUMBERED.search(finding.text)):
        return not any(number[0] in held.metadata.number for held in world.corpus.held.values())
    match = _NESTED.fullmatch("".join(finding.text.split()))
    if match is None:
        return False
    title = match["title"]
    if not world.corpus.named(title):
        named = title_form(title).endswith(_TYPES)
        return named and finding.status in (CheckStatus.NOT_IN_CORPUS, CheckStatus.TITLE_MISMATCH)
    path = f"a{parse_numeral(match['a'])}" if match["a"] else "a1"
    path += f"-{parse_numeral(match['b'])}" if match["b"] else ""
    path += "".join(f".{level}{parse_numeral(match[level])}" for level in "pi" if match[level])
    return world.gold.judge(Claim(title, path, Mode.BARE)).truth is not Truth.TRUE


_TYPES = (
    "法",
    "法典",
    "条例",
    "办法",
    "规定",
    "细则",
    "规则",
    "解释",
    "决定",
    "通知",
    "意见",
    "标准",
    "目录",
    "公约",
    "章程",
    "规划",
)


def _suggestion(world: World, case: Case, findings: Sequence[Finding]) -> str:
    """Return whether what is suggested is the citation or the words before they were corrupted, or as good: another
    place of the same words, the version in force.
    """
    offered = next((one.expected for one in findings if one.expected), "")
    if not offered or case.truth is None:
        return ""
    judged = world.gold.judge(case.target.claim)
    if judged.why == "out_of_force":
        same = title_form(_LABEL.sub("", offered)) == title_form(case.truth.title)
        return "right" if same else "wrong"
    if title_form(offered) == title_form(case.truth.title):
        return "right"
    if any(_names(offered, title, label) for title, label in _places(world, case, judged.places)):
        return "right"
    words, given = plain(case.truth.words), plain(offered).strip("…,.;。")
    if words and (given in words or SequenceMatcher(None, given, words, autojunk=False).ratio() >= SAME_WORDS):
        return "right" if given in world.corpus.plain(judged.provision or case.source) else "wrong"
    return "wrong"


_LABEL = re.compile(
    r"(?:[（(]\d{4}年[^（）()]*[）)])?(?:第[^《》]*[条款项目])?$"
)  # matches （2018年）第三条 behind 《…》
MOST_DOCUMENTS = 20  # whose words are looked through for the places of a quote


def _places(world: World, case: Case, places: Sequence[str]) -> list[tuple[str, str]]:
    """Return (title, label) of what was cited before, and of wherever the words of the text stand."""
    found = [case.source, *places]
    words = plain(case.target.claim.words)
    if words:
        documents = world.corpus.documents_with(words)[:MOST_DOCUMENTS]
        found += [identity for doc_id in documents for identity in world.corpus.where(doc_id, words)]
    provisions = [one for identity in found if (one := world.corpus.provision(identity)) is not None]
    return list(dict.fromkeys((world.corpus.held[one.doc_id].metadata.title, one.label) for one in provisions))


def _names(offered: str, title: str, label: str) -> bool:
    """Return whether a suggestion is a label, with or without its title."""
    return offered.endswith(label) and title_form(offered.removesuffix(label)) in ("", title_form(title))
