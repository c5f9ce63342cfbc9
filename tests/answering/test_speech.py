"""How numbers are said. Expectations are written by hand, by how an operator says them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.speech import as_spoken

CASES = [
    # Dates and years.
    ("2025年3月1日", "二〇二五年三月一日", "a year digit by digit"),
    ("2025 年 3 月 1 日", "二〇二五年三月一日", "spaces of a typed date"),
    ("２０２５年３月１日", "二〇二五年三月一日", "full width"),
    ("2025-03-01", "二〇二五年三月一日", "ISO"),
    ("2025/3/1", "二〇二五年三月一日", "slashes"),
    ("2025.3.1", "二〇二五年三月一日", "points"),
    ("2025-03", "二〇二五年三月", "a month"),
    ("2021年10月", "二〇二一年十月", "十月, not 一〇月"),
    ("2021-2025年", "二〇二一到二〇二五年", "years are no range of numbers"),
    ("2021年至2025年", "二〇二一年至二〇二五年", "至 stays"),
    ("到2025能办完吗", "到二〇二五能办完吗", "a year without 年"),
    ("24年3月", "二四年三月", "a year of two digits"),
    ("30年", "三十年", "a span of years"),
    ("2010年以上", "两千零一十年以上", "a span, however long"),
    ("3月1日—5月1日", "三月一日到五月一日", "a range of days"),
    ("8月8号", "八月八号", "号 of a day"),
    ("90后、00后", "九零后、零零后", "generations"),
    ("20世纪", "二十世纪", "a century"),
    # Articles.
    ("第30条", "第三十条", "an article"),
    ("第 30 条", "第三十条", "spaces inside"),
    ("第2款", "第二款", "never 第两款"),
    ("第1、2款", "第一、二款", "an enumeration after 第"),
    ("第8-10条", "第八到十条", "a range of articles"),
    ("第120条之1", "第一百二十条之一", "之一"),
    ("条例29条2款", "条例二十九条二款", "第 left out by the asker"),
    ("第（三）项", "第三项", "an item as a label writes it"),
    ("第105条", "第一百零五条", "零 between"),
    ("第110条", "第一百一十条", "一十 inside a number"),
    ("第10条", "第十条", "十 alone"),
    # Documents.
    ("〔2021〕215号", "二〇二一年第二百一十五号", "the number of a document"),
    ("[2021]第3号", "二〇二一年第三号", "typed brackets"),
    ("215号文", "二一五号文", "as officials say it"),
    ("公告第47号", "公告第四十七号", "an announcement"),
    ("《广东省条例》第十条", "广东省条例第十条", "nobody hears 《》"),
    # Percent, fractions, ratios.
    ("3.5%", "百分之三点五", "percent"),
    ("５０％", "百分之五十", "full width"),
    ("3%-5%", "百分之三到百分之五", "a range with both signs"),
    ("3-5%", "百分之三到百分之五", "a range with one sign"),
    ("5‰", "千分之五", "per mille"),
    ("1/3", "三分之一", "a fraction"),
    ("3:7", "三比七", "a ratio"),
    ("50个百分点", "五十个百分点", "points"),
    (">5%", "大于百分之五", "a sign that is said"),
    # Money and amounts.
    ("200万元", "二百万元", "万"),
    ("1,200元", "一千二百元", "a comma between thousands"),
    ("10亿元", "十亿元", "亿"),
    ("120000元", "十二万元", "without 万"),
    ("0.1元", "零点一元", "零点"),
    ("¥200", "二百元", "a sign of money"),
    ("100万-200万元", "一百万到二百万元", "a range of sums"),
    ("电费0.62元/度", "电费零点六二元每度", "a price"),
    ("3000多万", "三千多万", "多"),
    ("1.5倍", "一点五倍", "a decimal"),
    ("350㎡", "三百五十平方米", "a unit as a sign"),
    ("10kV", "十千伏", "a unit in letters"),
    # 两 and 二.
    ("2个园区", "两个园区", "两 before a measure word"),
    ("2万", "两万", "万"),
    ("20000元", "两万元", "written out"),
    ("2000人", "两千人", "a number, no year"),
    ("22000元", "两万二千元", "两 at the head only"),
    ("200元", "二百元", "二百"),
    ("2月", "二月", "a month"),
    ("2个月", "两个月", "a span"),
    ("2级", "二级", "a rank"),
    ("12个", "十二个", "十二"),
    ("2-3年", "两到三年", "两 before a range"),
    ("3-5年", "三到五年", "a range"),
    ("3至5年", "三至五年", "至 stays"),
    # Times.
    ("10:30", "十点三十分", "a time"),
    ("9:05", "九点零五分", "零 of a minute"),
    ("14:00", "十四点", "a full hour"),
    ("下午2:30", "下午两点三十分", "两点"),
    ("14:30-15:00", "十四点三十分到十五点", "a range of times"),
    ("7×24小时", "七乘二十四小时", "×"),
    # Left as written.
    ("5G", "5G", "a code"),
    ("A4纸", "A4纸", "a code"),
    ("N+1", "N+1", "a code"),
    ("GB 12348-2008", "GB 12348-2008", "a standard"),
    ("13812345678", "138 1234 5678", "a mobile, in the groups it is said in"),
    ("0757-86330000", "0757 8633 0000", "a telephone with its area"),
    ("拨打12345热线", "拨打12345热线", "a service"),
    ("12345元", "一万二千三百四十五元", "a sum"),
    ("44010119900101123X", "44010119900101123X", "an identity card"),
    # Marks.
    ("职业学校（含技工学校）、科研机构", "职业学校含技工学校、科研机构", "read on"),
    ("补助（最高50万元）。", "补助，最高五十万元。", "brackets become a pause"),
    ("省（区、市）", "省、区、市", "a list in brackets"),
    ("“两高”项目", "“两高”项目", "a term that is stressed"),
    ("“坚决遏制两高项目盲目发展”", "坚决遏制两高项目盲目发展", "a passage in quotation marks"),
    ("高载能行业\n\n向西部", "高载能行业向西部", "a page ended inside the sentence"),
    ("[1] *注* <b>", "注", "mark-up"),
    ("用电/用水", "用电、用水", "a list with a slash"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "comment"), CASES, ids=[case[2] + ": " + case[0] for case in CASES])
def test_as_spoken(text: str, expected: str, comment: str) -> None:
    assert as_spoken(text) == expected


@pytest.mark.parametrize(("text", "expected", "comment"), CASES)
def test_what_is_said_is_said_as_it_stands(text: str, expected: str, comment: str) -> None:
    assert as_spoken(expected) == expected


@given(
    st.text(alphabet="0123456789.,:：-—~至到第条款项年月日元万亿个%/（）()[]〔〕《》“”*#<> \n号文 aG+电", max_size=40)
)
def test_no_text_breaks_it_or_keeps_mark_up(text: str) -> None:
    said = as_spoken(text)

    assert not re.search(r"[\[\]*#<>《》\n]", said)
    assert as_spoken(text) == said


def test_law_in_chinese_numerals_is_left_alone() -> None:
    law = "县级以上人民政府应当自收到申请之日起二十个工作日内，依照本条例第十条第二款作出决定。"

    assert as_spoken(law) == law
