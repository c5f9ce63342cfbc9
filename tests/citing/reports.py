"""Check reports built by hand, so that a test shows what is in them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.schema import CheckReport, CheckStatus, Content, Edit, EditKind, Finding, QuoteCheck

REGULATION = "《广东省促进产业有序转移条例》"


def find(text: str, words: str, status: CheckStatus = CheckStatus.OK, detail: str = "", **more: object) -> Finding:
    """Return a finding at the only place where `words` stand in `text`."""
    assert text.count(words) == 1, words
    start = text.index(words)
    return replace(Finding(words, start, start + len(words), status, detail), **more)


def report(text: str, findings: Sequence[Finding] = (), **more: object) -> CheckReport:
    """Return a report whose findings stand in the text."""
    assert all(text[one.start : one.end] == one.text for one in findings)
    made = CheckReport(text, tuple(findings), date(2026, 11, 22), "today", 2, "sha256:ab", 0.034)
    return replace(made, **more)


# The regulation has 39 articles; its 第三十条 says 降低企业用电、用水、用气成本, and what it directs is a duty (应当).
TEXT = (
    f"答复意见\n根据{REGULATION}第三十条，“采取减少供应层级等措施可以降低企业用电、用气成本”。\n"
    f"又据{REGULATION}第四十五条和《电力法》第三条，\n依照《某某办法》第二条，应当支持。\n"
    f"第三十四条要求公平竞争审查，见前款。"
)
QUOTE = "采取减少供应层级等措施可以降低企业用电、用气成本"
EDITS = (
    Edit(EditKind.SAME, "采取减少供应层级等措施"),
    Edit(EditKind.ADDED, "可以"),
    Edit(EditKind.SAME, "降低企业用电、"),
    Edit(EditKind.DROPPED, "用水、"),
    Edit(EditKind.SAME, "用气成本"),
)


def mixed_report() -> CheckReport:
    """Return a report with a finding of every worth: altered, no such article, not held, unchecked, unresolved."""
    start = TEXT.index(QUOTE)
    quote = QuoteCheck(QUOTE, start, start + len(QUOTE), exact=False, edits=EDITS)
    return report(
        TEXT,
        [
            find(
                TEXT,
                f"{REGULATION}第三十条",
                CheckStatus.QUOTE_ALTERED,
                "引文与第三十条不一致",
                provision="gd-transfer-2025:a30",
                label=f"{REGULATION}第三十条",
                expected="采取减少供应层级等措施降低企业用电、用水、用气成本",
                content=Content.CONTRADICTED,
                quotes=(quote,),
            ),
            find(
                TEXT,
                f"{REGULATION}第四十五条",
                CheckStatus.NO_SUCH_ARTICLE,
                "条例共三十九条",
                provision="gd-transfer-2025",
            ),
            find(TEXT, "《电力法》第三条", CheckStatus.NOT_IN_CORPUS, "已知文件，正文未收录"),
            find(TEXT, "《某某办法》第二条", CheckStatus.AMBIGUOUS, "", candidates=("《甲办法》", "《乙办法》")),
            find(
                TEXT,
                "第三十四条",
                CheckStatus.OK,
                "位置存在，内容未核",
                provision="gd-transfer-2025:a34",
                content=Content.UNCHECKED,
            ),
            find(TEXT, "前款", CheckStatus.UNRESOLVED_REFERENCE, "前面没有可以指的款"),
        ],
    )


def passing_report() -> CheckReport:
    """Return a report with one finding, which is right."""
    text = f"依据{REGULATION}第十条，制定本办法。"
    return report(text, [find(text, f"{REGULATION}第十条", provision="gd-transfer-2025:a10")])
