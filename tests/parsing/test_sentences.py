"""Sentences: where they end, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parsing.sentences import split_sentences

CASES = [
    ("甲应当公开。乙除外。", ["甲应当公开。", "乙除外。"], "the plain case"),
    ("能否申请？能！办法如下：", ["能否申请？", "能！", "办法如下："], "a line's end ends a sentence"),
    ("（一）守法；（二）诚信。", ["（一）守法；", "（二）诚信。"], "items in one line"),
    (
        "甲公司（以下简称甲方；乙公司简称乙方。）签约。丙",
        ["甲公司（以下简称甲方；乙公司简称乙方。）签约。", "丙"],
        "inside brackets",
    ),
    ("依照《关于甲；乙的规定。》办理。完", ["依照《关于甲；乙的规定。》办理。", "完"], "inside a name"),
    (
        "将第三条修改为：“甲。乙；丙。”第四条删去。",
        ["将第三条修改为：“甲。乙；丙。”", "第四条删去。"],
        "a full stop before the closing quote",
    ),
    ("标有“禁止。”的牌子应当醒目。", ["标有“禁止。”的牌子应当醒目。"], "the sentence goes on after the quote"),
    ("他说“好。”，然后签字。", ["他说“好。”，然后签字。"], "a comma after the quote"),
    (
        "正文。（注：见附件。）下文。",
        ["正文。", "（注：见附件。）", "下文。"],
        "a bracket that is a sentence of its own",
    ),
    ("向社会（含技工学校。）公开。", ["向社会（含技工学校。）公开。"], "a bracket inside a sentence"),
    ("（未闭合；乙。丙\n丁。戊", ["（未闭合；", "乙。", "丙", "丁。", "戊"], "an unclosed bracket swallows nothing"),
    ("“甲。\n乙；丙”", ["“甲。", "乙；", "丙”"], "quotes do not reach over a line's end"),
    ("甲；乙”。丙", ["甲；", "乙”。", "丙"], "a stray closing quote is an ordinary character"),
    ("甲。”乙", ["甲。”", "乙"], "a stray closing quote after the mark belongs to the sentence"),
    ("『「甲。」乙。』丙。", ["『「甲。」乙。』", "丙。"], "nested quotes"),
    ("（甲“乙）丙”；丁", ["（甲“乙）丙”；", "丁"], "crossed brackets: the first pair that closes counts"),
    ("是吗？！好。。", ["是吗？！", "好。。"], "marks in a row"),
    ("甲等……乙；丙", ["甲等……乙；", "丙"], "an ellipsis ends nothing"),
    ("征收;缴纳;a;b?c", ["征收;", "缴纳;", "a;b?c"], "half-width marks after Chinese only"),
    ('所称"甲；乙"是指丙；丁', ['所称"甲；乙"是指丙；', "丁"], "straight quotes"),
    ('甲"乙；丙', ['甲"乙；', "丙"], "one straight quote alone"),
    ("　　第一条　甲。 \r\n\n \t乙 ", ["第一条　甲。", "乙"], "white space at the ends is outside"),
    ("。甲", ["。", "甲"], "a mark alone is covered"),
    ("甲\u2028乙\x0b丙\f丁\x85戊", ["甲", "乙", "丙", "丁", "戊"], "every kind of line end"),
    ("1.5公里；2：30开始", ["1.5公里；", "2：30开始"], "numbers are left alone"),
    ("", [], "nothing"),
    (" \n　\n", [], "only white space"),
]


@pytest.mark.parametrize(("text", "expected", "comment"), CASES)
def test_where_sentences_end(text: str, expected: list[str], comment: str) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected, comment


def test_ranges_are_moved_by_start() -> None:
    assert split_sentences("甲。乙", 100) == [(100, 102), (102, 103)]


@given(st.text(alphabet='甲应当a1。；！？;?，：“”"‘’「」『』（）()《》【】 　\n\r\t…', max_size=80))
def test_ranges_ascend_and_cover_everything_but_white_space(text: str) -> None:
    ranges = split_sentences(text)
    covered: set[int] = set()
    last = 0
    for start, end in ranges:
        assert last <= start < end <= len(text)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert "\n" not in text[start:end]
        covered.update(range(start, end))
        last = end
    assert all(character.isspace() for place, character in enumerate(text) if place not in covered)


def test_hostile_brackets_take_linear_time() -> None:
    # Quadratic work on 200,000 brackets would take minutes, and the suite would notice.
    for text in ("（" * 200_000, "“（" * 100_000 + "”" * 100_000, "（）" * 100_000 + "。", "（”" * 100_000):
        assert "".join(text[start:end] for start, end in split_sentences(text)) == text
