"""The verdict of a check in words, sign and colour, with its coverage."""

from assistant.schema import CheckReport, CheckStatus, Verdict
from assistant.web.escape import escape
from assistant.wording import date_words

VERDICT_WORDS = {
    Verdict.PASS: ("✓", "good", "引用全部核对无误"),
    Verdict.FAIL: ("✗", "bad", "有引用不对，不能照发"),
    Verdict.INCOMPLETE: ("！", "warn", "没有发现错误，但有引用未能核完"),
    Verdict.NOTHING_TO_CHECK: ("○", "plain", "没有发现引用，无从核对，不等于正确"),
}
AS_OF_WORDS = {"given": "按指定的日期", "text": "按文中的日期", "today": "按今天"}


def coverage_words(report: CheckReport) -> str:
    """Return how much was found and checked: 发现 7 处引用，核验 6 处."""
    return f"发现 {len(report.findings)} 处引用，核验 {report.checked} 处"


def render_verdict(report: CheckReport, name: str = "") -> str:
    """Return the band above a report; `name` is that of the checked file, "" for pasted text."""
    sign, tone, words = VERDICT_WORDS[report.verdict]
    wrong = sum(1 for one in report.findings if one.settled and one.status is not CheckStatus.OK)
    file = f'<p class="yj-facts">{escape(name)}</p>' if name else ""
    day = f"{AS_OF_WORDS.get(report.as_of_from, '')}（{date_words(report.as_of)}）判断效力"
    count = f"，不对的 {wrong} 处" if wrong else ""
    return (
        f'<header class="yj-verdict yj-verdict-{tone}" role="status">'
        f'<span class="yj-sign" aria-hidden="true">{sign}</span><div><h2>{words}</h2>'
        f"<p>{coverage_words(report)}{count}</p>"
        f'<p class="yj-facts">{day}，对照 {report.searched} 份收录文件</p>{file}</div></header>'
    )
