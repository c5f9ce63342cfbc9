"""Every text of the table: what the checker finds in it is what a careful lawyer does."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.indexing.index import Index
from assistant.schema import KnownDocument
from assistant.schema.checks import UNSETTLED, CheckReport, CheckStatus, Content, Finding, Verdict
from tests.citing.table import TODAY, Case, Expected, load_cases

CASES = load_cases()
MIN_CASES = 200
MIN_OF_A_STATUS = 3
# What is never said of a document that is merely not held.
INVENTED = ("编造", "虚构", "捏造", "杜撰", "伪造", "不存在", "没有这部", "没有这份")

Corpus = tuple[Path, tuple[KnownDocument, ...]]


@pytest.fixture(scope="module")
def provisions(case_index: Index) -> frozenset[str]:
    """Ids of all documents and provisions held."""
    ids: set[str] = set()
    for doc_id in case_index.read(lambda snapshot: tuple(snapshot.metadata())):
        parsed = case_index.read(lambda snapshot, doc_id=doc_id: snapshot.parsed(doc_id))
        assert parsed is not None
        ids |= {doc_id, *(provision.id for provision in parsed.provisions)}
    return frozenset(ids)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_found_is_what_stands_there(
    case: Case, case_index: Index, checked_corpus: Corpus, provisions: frozenset[str]
) -> None:
    from assistant.citing.check import check_text

    report: CheckReport = case_index.read(
        lambda snapshot: check_text(snapshot, checked_corpus[1], case.text, as_of=case.as_of, today=TODAY)
    )

    problems = list(_problems(case, report, provisions))
    assert not problems, _told(case, report.findings, problems)


def test_the_table_is_sound(provisions: frozenset[str]) -> None:
    assert len(CASES) >= MIN_CASES
    assert [id_ for id_, count in Counter(case.id for case in CASES).items() if count > 1] == []
    assert [text for text, count in Counter((case.text, case.as_of) for case in CASES).items() if count > 1] == []
    named = {one.provision for case in CASES for one in case.expected if one.provision}
    assert named <= provisions, named - provisions
    statuses = Counter(one.statuses[0] for case in CASES for one in case.expected if not one.maybe)
    assert {status: statuses[status] for status in CheckStatus if statuses[status] < MIN_OF_A_STATUS} == {}
    assert {case.verdict for case in CASES} >= set(Verdict)


def test_the_comparison_sees_what_differs(provisions: frozenset[str]) -> None:
    [case] = [case for case in CASES if case.id == "list-second-does-not-exist"]
    first, second = (_as_expected(case, one) for one in case.expected)

    def problems(*findings: Finding) -> list[str]:
        return list(_problems(case, CheckReport(case.text, findings, TODAY, "given", 1, "sha256:"), provisions))

    assert problems(first, second) == []
    whole = replace(first, text=case.text[first.start : second.end], end=second.end)
    assert problems(whole) == ["not found: '第五十条'", "verdict pass, expected fail"]
    assert problems(first, second, second) == ["one too many: '第五十条'"]
    for change in ({"status": CheckStatus.QUOTE_ALTERED}, {"provision": "tide-law-2020:a10"}, {"text": "第"}):
        assert problems(replace(first, **change), second) != []  # type: ignore[arg-type]
    assert problems(replace(first, content=Content.VERBATIM), second) != []
    assert problems(replace(first, provision="gd-transfer-2025:a10.p1"), second) != []
    assert _whole("gd-transfer-2025:a30.p1", provisions) == "gd-transfer-2025:a30"
    assert _whole("stat-check-2019:a120-1.p1", provisions) == "stat-check-2019:a120-1.p1"
    assert _whole("tide-rules-2022:a3.p1.i2", provisions) == "tide-rules-2022:a3.i2"
    assert _whole("tide-law-2020:a7.p2.i1", provisions) == "tide-law-2020:a7.p2.i1"


def _as_expected(case: Case, one: Expected) -> Finding:
    return Finding(
        text=case.text[one.start : one.end],
        start=one.start,
        end=one.end,
        status=one.statuses[0],
        detail="",
        provision=one.provision or "",
        content=one.content or Content.NONE,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_verdict_of_the_table_follows_from_its_findings(case: Case) -> None:
    follows = _verdicts(case.expected)
    assert case.verdict is None or case.verdict in follows, follows
    if case.verdict is None:
        assert len(follows) > 1, f"the verdict is settled: {follows}"
    for one in case.expected:
        assert (one.content is Content.CONTRADICTED) <= (
            one.statuses[0] in (CheckStatus.QUOTE_ALTERED, CheckStatus.QUOTE_ELSEWHERE)
        )
        assert one.provision != "" or one.statuses[0] is not CheckStatus.OK or _own(one, case.text), one


def _own(one: Expected, text: str) -> bool:
    """Whether a citation means the text itself, which has articles or parts at its lines' starts."""
    return one.provision == "" and any(line.lstrip()[:1] in "第一" for line in text.splitlines() if line.strip())


def _verdicts(expected: Sequence[Expected]) -> set[Verdict]:
    """Return every verdict that these findings can lead to, whatever is open about them."""
    outcomes = [{Verdict.NOTHING_TO_CHECK}]
    for one in expected:
        of_one = {
            Verdict.INCOMPLETE
            if status in UNSETTLED
            else Verdict.FAIL
            if status is not CheckStatus.OK
            else Verdict.INCOMPLETE
            if content is Content.UNCHECKED
            else Verdict.PASS
            for status in one.statuses
            for content in ([one.content] if one.content else [Content.NONE, Content.UNCHECKED])
        }
        outcomes.append(of_one | ({Verdict.NOTHING_TO_CHECK} if one.maybe else set()))
    worst = (Verdict.FAIL, Verdict.INCOMPLETE, Verdict.PASS, Verdict.NOTHING_TO_CHECK)
    so_far = {Verdict.NOTHING_TO_CHECK}
    for of_one in outcomes:
        so_far = {min(a, b, key=worst.index) for a in so_far for b in of_one}
    return so_far


def _problems(case: Case, report: CheckReport, provisions: frozenset[str]) -> Iterator[str]:
    findings = report.findings
    for finding in findings:
        if case.text[finding.start : finding.end] != finding.text or not finding.text:
            yield f"span {finding.start}–{finding.end} is not {finding.text!r}"
        if finding.provision and finding.provision not in provisions:
            yield f"{finding.text!r}: no provision {finding.provision!r}"
    if [finding.start for finding in findings] != sorted(finding.start for finding in findings):
        yield "findings are not in the order of the text"
    left = list(findings)
    for one in sorted(case.expected, key=lambda one: one.maybe):  # what may be left out takes no other's finding
        match = next((finding for finding in left if _same_place(one, finding)), None)
        if match is None:
            if not one.maybe:
                yield f"not found: {one.cited!r}"
            continue
        left.remove(match)
        yield from _differences(one, match, provisions)
    for finding in left:
        yield f"one too many: {finding.text!r}"
    if case.verdict is not None and report.verdict is not case.verdict:
        yield f"verdict {report.verdict}, expected {case.verdict}"


def _same_place(one: Expected, finding: Finding) -> bool:
    inside = one.start <= finding.start and finding.end <= one.end
    around = finding.start <= one.start and one.end <= finding.end
    return inside or around


def _differences(one: Expected, finding: Finding, provisions: frozenset[str]) -> Iterator[str]:
    where = repr(finding.text)
    if finding.status not in one.statuses:
        yield f"{where}: status {finding.status}, expected {'|'.join(one.statuses)}"
    if one.provision is not None and _whole(finding.provision, provisions) != _whole(one.provision, provisions):
        yield f"{where}: provision {finding.provision!r}, expected {one.provision!r}"
    if one.content is not None and finding.content is not one.content:
        yield f"{where}: content {finding.content}, expected {one.content}"
    if one.correction not in finding.expected:
        yield f"{where}: 建议改为 {finding.expected!r} lacks {one.correction!r}"
    if one.detail not in finding.detail:
        yield f"{where}: detail {finding.detail!r} lacks {one.detail!r}"
    if finding.status is CheckStatus.NOT_IN_CORPUS and any(word in finding.detail for word in INVENTED):
        yield f"{where}: detail {finding.detail!r} calls it invented"
    for words in one.candidates:
        if not any(words in candidate for candidate in finding.candidates):
            yield f"{where}: no candidate of {finding.candidates} is {words!r}"
    if one.quote and not any(one.quote in quote.text for quote in finding.quotes):
        yield f"{where}: no quote {one.quote!r} among {[quote.text for quote in finding.quotes]}"


def _whole(provision: str, provisions: frozenset[str]) -> str:
    """Return the article for the only paragraph of one, and the part likewise: whoever cites either means the same."""
    article, only, rest = provision.partition(".p1")
    single = only and rest[:1] in ("", ".") and f"{article}.p2" not in provisions
    return article + rest if single else provision


def _told(case: Case, findings: Sequence[Finding], problems: Sequence[str]) -> str:
    found = [
        f"  {finding.text!r}: {finding.status}, {finding.provision!r}, {finding.content}; {finding.detail}"
        for finding in findings
    ]
    return "\n".join([f"\n{case.text}", f"({case.why})", *problems, "found:", *(found or ["  nothing"])])
