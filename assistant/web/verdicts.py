"""The verdict of a check above its findings, in words, sign and colour, with its coverage."""

from assistant.escape import escape
from assistant.schema import CheckReport, Verdict
from assistant.wording import FINDING_SIGNS, VERDICT_WORDS, as_of_words, coverage_words, finding_worth

# Colour and sign of a verdict. A text without citations gets no sign of its own worth: nothing was looked at.
_LOOKS = {
    Verdict.PASS: ("ok", FINDING_SIGNS["ok"]),
    Verdict.FAIL: ("bad", FINDING_SIGNS["bad"]),
    Verdict.INCOMPLETE: ("open", FINDING_SIGNS["open"]),
    Verdict.NOTHING_TO_CHECK: ("open", "—"),
}


def render_verdict(report: CheckReport, name: str = "") -> str:
    """Return the band above a report; `name` is that of the checked file, "" for pasted text."""
    tone, sign = _LOOKS[report.verdict]
    wrong = sum(finding_worth(one) == "bad" for one in report.findings)
    count = f"，其中 {wrong} 处不对" if wrong else ""
    file = f'<p class="yj-facts"><bdi>{escape(name)}</bdi></p>' if name else ""
    return (
        f'<header class="yj-band yj-find-{tone}" role="status"><span class="yj-band-sign" aria-hidden="true">{sign}'
        f"</span><div><h2>{VERDICT_WORDS[report.verdict]}</h2><p>{coverage_words(report)}{count}</p>"
        f'<p class="yj-facts">{as_of_words(report)}，对照 {report.searched} 份收录文件</p>{file}</div></header>'
    )
