from dataclasses import replace

import pytest

from assistant.citing.report_text import check_lines, edits_text, note_lines, shown
from assistant.schema import CheckStatus, Content, Edit, EditKind, Finding, QuoteCheck, Verdict
from assistant.wording import CHECK_STATUS_WORDS, FINDING_SIGNS, VERDICT_WORDS, finding_words, finding_worth
from tests.citing.reports import REGULATION, find, mixed_report, passing_report, report


def test_the_whole_report_of_a_text_that_fails() -> None:
    assert check_lines(mixed_report()) == [
        "【不通过】",
        "发现 6 处引用，核验 2 处",
        "",
        f"[1] × 第 2 行：{REGULATION}第三十条：与原文不一致",
        "    引文与第三十条不一致",
        "    引文对照：采取减少供应层级等措施〔多：可以〕降低企业用电、〔漏：用水、〕用气成本",
        "    建议改为：采取减少供应层级等措施降低企业用电、用水、用气成本",
        "",
        f"[2] × 第 3 行：{REGULATION}第四十五条：没有这一条（部分、条目）",
        "    条例共三十九条",
        "",
        "[3] ？ 第 3 行：《电力法》第三条：正文未收录，无法核对",
        "    已知文件，正文未收录",
        "",
        "[4] ？ 第 4 行：《某某办法》第二条：所指不止一处，未能核对",
        "    可能是：《甲办法》、《乙办法》",
        "",
        "[5] ？ 第 5 行：第三十四条：位置存在，内容未核",
        "",
        "[6] ？ 第 5 行：前款：指代不明，未能核对",
        "    前面没有可以指的款",
        "",
        "〔多：…〕引文有而原文没有，〔漏：…〕原文有而引文没有",
        "",
        "效力按2026年11月22日判断（今天）",
        "共对照 2 份文件，用时 0.03 秒",
    ]


def test_a_reference_says_what_it_means() -> None:
    finding = find("见前款", "前款", label=f"{REGULATION}第十条第一款")
    assert note_lines(finding) == [f"所指：{REGULATION}第十条第一款"]


def test_a_text_that_passes_and_one_with_nothing_to_check() -> None:
    assert check_lines(passing_report())[:4] == [
        "【通过】",
        "发现 1 处引用，核验 1 处",
        "",
        f"[1] √ 第 1 行：{REGULATION}第十条：核对无误",
    ]
    nothing = check_lines(report("没有引用"))
    assert nothing[:2] == ["【没有可核对的引用，不等于通过】", "发现 0 处引用，核验 0 处"]


def test_every_status_and_verdict_has_words_a_console_of_gb2312_can_show() -> None:
    assert set(CHECK_STATUS_WORDS) == set(CheckStatus) and set(VERDICT_WORDS) == set(Verdict)
    assert len(set(CHECK_STATUS_WORDS.values())) == len(CheckStatus)
    for line in [*CHECK_STATUS_WORDS.values(), *VERDICT_WORDS.values(), *FINDING_SIGNS.values()]:
        line.encode("gb2312")
    for line in check_lines(mixed_report()):
        line.encode("gbk")


def test_what_is_not_held_is_not_called_wrong() -> None:
    words = CHECK_STATUS_WORDS[CheckStatus.NOT_IN_CORPUS]
    assert "未收录" in words
    assert not any(accusing in words for accusing in ("虚构", "编造", "不存在", "没有这", "错误", "杜撰"))
    assert finding_worth(find("甲", "甲", CheckStatus.NOT_IN_CORPUS)) == "open"


WORTH = [  # status, content, worth, words
    (CheckStatus.OK, Content.VERBATIM, "ok", "核对无误"),
    (CheckStatus.OK, Content.NONE, "ok", "核对无误"),
    (CheckStatus.OK, Content.UNCHECKED, "open", "位置存在，内容未核"),
    (CheckStatus.REPEALED, Content.UNCHECKED, "bad", "当日已废止"),
    (CheckStatus.NO_SUCH_ITEM, Content.NONE, "bad", "没有这一项（目）"),
    (CheckStatus.UNRESOLVED_REFERENCE, Content.NONE, "open", "指代不明，未能核对"),
]


@pytest.mark.parametrize(("status", "content", "worth", "words"), WORTH)
def test_worth_and_words(status: CheckStatus, content: Content, worth: str, words: str) -> None:
    finding = find("甲", "甲", status, content=content)
    assert (finding_worth(finding), finding_words(finding)) == (worth, words)


def test_a_quote_that_stands_elsewhere_says_where() -> None:
    quote = QuoteCheck("支持承接地建设园区", 0, 9, exact=False, found_in=("《条例》第八条", "《条例》第九条"))
    exact = QuoteCheck("到字不差", 0, 4, exact=True)
    finding = Finding("第七条", 0, 3, CheckStatus.QUOTE_ELSEWHERE, "", quotes=(quote, exact))
    assert note_lines(finding) == [
        "引文不在所引条文中：“支持承接地建设园区”",
        "引文见于：《条例》第八条、《条例》第九条",
    ]


def test_long_same_words_of_a_difference_are_cut_and_changes_never_are() -> None:
    long = "一二三四五六七八九十" * 5
    edits = (
        Edit(EditKind.SAME, long),
        Edit(EditKind.DROPPED, "不得" + long),
        Edit(EditKind.SAME, long),
        Edit(EditKind.ADDED, "可以"),
        Edit(EditKind.SAME, long),
    )
    assert edits_text(edits) == (
        f"……九十一二三四五六七八九十〔漏：不得{long}〕一二三四五六七八九十一二……九十一二三四五六七八九十〔多：可以〕"
        "一二三四五六七八九十一二……"
    )


def test_a_terminal_sees_no_control_characters_of_the_text() -> None:
    text = "《办\x1b]0;x\x07法》\u202e第\n十\r条"
    made = report(
        text,
        [
            Finding(
                text,
                0,
                len(text),
                CheckStatus.TITLE_MISMATCH,
                "\x1b[2J甲",
                expected="\x9b乙",
                candidates=("丙\x00",),
                quotes=(QuoteCheck("\x1b", 0, 1, exact=False, edits=(Edit(EditKind.ADDED, "丁\x1b"),)),),
            )
        ],
    )
    for line in check_lines(made):
        assert line.isprintable() or line == "", line
    assert check_lines(made)[3] == "[1] × 第 1 行：《办 ]0;x 法》 第 十 条：文件名称不符"


def test_long_citations_are_cut_on_their_line() -> None:
    assert shown("甲" * 81) == "甲" * 80 + "…"
    assert shown("甲" * 80) == "甲" * 80


def test_the_date_says_where_it_comes_from() -> None:
    assert "效力按2026年11月22日判断（取自文中）" in check_lines(replace(passing_report(), as_of_from="text"))
    assert "效力按2026年11月22日判断（指定的日期）" in check_lines(replace(passing_report(), as_of_from="given"))
