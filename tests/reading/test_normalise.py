import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import normalise
from assistant.reading.normalise import DROPPED
from assistant.reading.wrap import continues, wrap_width

CASES = [  # raw, normalised, comment
    (" [bookmark: 第一章 总则]第一章　总　　则\n\n", "第一章　总　　则", "inner full-width spaces stay"),
    ("[bookmark: 第一条][bookmark: x]第一条　为了。", "第一条　为了。", "two marks"),
    ("第\u200b一\u00ad条\ufeff　为\u2060了", "第一条　为了", "characters without width"),
    (
        "甲。\r\n乙。\r丙。\u2028丁。\x0b戊。\u0085己。",
        "甲。\n乙。\n丙。\n丁。\n戊。\n己。",
        "line breaks of every kind",
    ),
    ("甲\u00a0乙", "甲 乙", "no-break space"),
    ("　　第一条　为了。　 ", "第一条　为了。", "indents go, also full-width ones"),
    ("a\n\n\n \n\t\nb", "a\nb", "blank lines"),
    ("１２３，（ＡＢＣ）", "１２３，（ＡＢＣ）", "nothing is folded"),
    ("第一条 甲  乙", "第一条 甲  乙", "inner spaces stay"),
    ("附件：\n[附件: 名单]", "附件：\n[附件: 名单]", "other brackets are text"),
    ("[book\u200bmark: x]文", "文", "a mark that format characters hide"),
    (
        "在满足条件下转移。支持高载能行业\n\n向西部清洁能源优势地区集聚。引导转移。",
        "在满足条件下转移。支持高载能行业向西部清洁能源优势地区集聚。引导转移。",
        "page break in mid-sentence",
    ),
    (
        "促进合作。推动市场、\n\n规则方面的合作联通。",
        "促进合作。推动市场、规则方面的合作联通。",
        "after an enumeration comma",
    ),
    ("在这里。use open\n\nsource software。", "在这里。use open source software。", "Latin words keep a space"),
    ("一、总体要求\n\n坚持统筹。", "一、总体要求\n坚持统筹。", "a heading is not joined"),
    ("有下列情形。符合以下条件的，\n（一）甲；", "有下列情形。符合以下条件的，\n（一）甲；", "items are not joined"),
    ("依照规定。由部门处理\n第三条　乙。", "依照规定。由部门处理\n第三条　乙。", "an article is not joined"),
    ("要落实。加强领导\n第十条规定的情形除外。", "要落实。加强领导第十条规定的情形除外。", "a reference is no article"),
    ("要落实。加强领导\n第三人可以申请。", "要落实。加强领导第三人可以申请。", "第三人 is no article"),
    ("抓好落实。四、实施路径\n坚持统筹。", "抓好落实。四、实施路径\n坚持统筹。", "a heading behind a sentence"),
    ("特此通知。国务院办公厅\n2025年1月1日", "特此通知。国务院办公厅\n2025年1月1日", "a signature and its date"),
    ("甲。加强相关服\n2\n务工作。", "甲。加强相关服\n2\n务工作。", "a page number in a text file is kept apart"),
    ("前款规定。为了\f促进转移，优化布局。", "前款规定。为了促进转移，优化布局。", "form feed"),
]


@pytest.mark.parametrize(("raw", "text", "comment"), CASES)
def test_cases(raw: str, text: str, comment: str) -> None:
    assert normalise(raw).text == text, comment


def test_table_rows_keep_their_cells_and_their_order() -> None:
    raw = "标题\n\t甲。乙\t\n\t丙。\t丁"
    assert normalise(raw, rows=[(3, 8), (9, 15)]).text == "标题\n\t甲。乙\n\t丙。\t丁"


def test_origin_points_into_the_raw_text() -> None:
    raw = " [bookmark: x]第一\u200b条\r\n\r\n乙"
    result = normalise(raw)
    assert result.text == "第一条\n乙"
    assert [raw[result.origin(position)] for position in (0, 1, 2, 4)] == ["第", "一", "条", "乙"]
    assert raw[result.origin(3)] == "\r"
    with pytest.raises(ValueError, match="position 5 is outside a text of 5"):
        result.origin(5)


WRAPPED = """\
　　第一条　为了促进产业有序转移，优化产业布局，推
动区域协调发展，根据有关法律、行政法规，结合本省实
际，制定本条例。
　　第二条　本条例适用于本省行政区域内促进产业有序
转移的相关活动。省人民政府应当加强对这项工作的领导。
各部门按照各自职责做好工作。
　　产业承接地地级以上市、县级人民政府应当建立健全
承接产业有序转移长效机制，优化产业发展环境，提升产
业承接能力，完善配套政策，健全统筹协调和保障机制，
推动全省区域协调发展。
　　产业转出地地级以上市、县级人民政府应当支持、引
导产业有序转移，做好促进产业有序转移相关的各项工作
，并接受监督。
"""


def test_lines_broken_at_a_fixed_width_become_paragraphs() -> None:
    width = wrap_width(WRAPPED.split("\n"))
    assert width == 50  # 25 Chinese characters; the indent counts
    assert [line[:6] for line in normalise(WRAPPED, wrap=width).text.split("\n")] == [
        "第一条　为了",
        "第二条　本条",
        "产业承接地地",
        "产业转出地地",
    ]
    # The line that ends on a full stop at full width goes on: the next one has no indent.
    assert "这项工作的领导。各部门按照" in normalise(WRAPPED, wrap=width).text


def test_ordinary_text_has_no_wrap_width() -> None:
    assert wrap_width(["一、总体要求", "坚持统筹推进。" * 20, "二、主要任务"] * 10) is None


def test_a_page_break_asks_for_less_evidence() -> None:
    before, after = "支持各地区按照比较优势，推动产业", "有序转移，优化布局"
    assert continues(before, after, page_break=True)
    assert not continues(before, after)


TEXTS = st.lists(
    st.sampled_from(
        [
            *"甲乙。；，、：”（）第一条章 　\t\n\r\f\u00a0\u200b\u00ad\u2028\x0baZ1.-#",
            "[bookmark:",
            "]",
            "第一条　",
            "一、",
            "推动转移",
        ]
    ),
    max_size=60,
).map("".join)


def stripped(text: str) -> str:
    text = "".join(char for char in text if not DROPPED.match(char))
    while (shorter := re.sub(r"\[bookmark:[^\[\]\n\r\f\u2028\x0b]*\]", "", text)) != text:
        text = shorter
    return "".join(text.split())


@given(TEXTS)
def test_only_white_space_and_marks_go(raw: str) -> None:
    assert stripped(normalise(raw).text) == stripped(raw)


@given(TEXTS)
def test_idempotent(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@given(TEXTS)
def test_every_character_knows_where_it_came_from(raw: str) -> None:
    result = normalise(raw)
    origins = [result.origin(position) for position in range(len(result.text))]
    assert origins == sorted(origins)
    for char, origin in zip(result.text, origins, strict=True):
        assert (
            raw[origin] == char
            or (char in " \n" and raw[origin].isspace())
            or (char == "\n" and not raw[origin].isspace())
        )


@given(TEXTS)
def test_paragraphs_are_separated_by_one_line_feed(raw: str) -> None:
    text = normalise(raw).text
    assert not text or all(line and line == line.strip() for line in text.split("\n"))


def test_many_marks_on_one_line_are_taken_out_at_once() -> None:
    found = normalise("甲[bookmark: 乙]" * 200_000)  # took minutes where every mark copied the line
    assert found.text == "甲" * 200_000
    assert found.origin(199_999) == 199_999 * len("甲[bookmark: 乙]")
