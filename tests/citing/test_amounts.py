from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citing.amounts import AmountKind, find_amounts
from assistant.citing.comparable import fold


def read(text):
    return [(one.kind.value, one.unit, *one.value) for one in find_amounts(fold(text))]


@pytest.mark.parametrize(
    ("text", "amounts", "comment"),
    [
        ("三十日内", [("measure", "日", 30)], "days"),
        ("30天", [("measure", "日", 30)], "the same"),
        ("１０个工作日", [("measure", "工作日", 10)], "working days are none"),
        ("两周", [("measure", "日", 14)], "weeks are days"),
        ("三年", [("measure", "月", 36)], "years are months"),
        ("半年", [("measure", "月", 6)], "half"),
        ("五万元以上十万元以下", [("measure", "元", 50_000), ("measure", "元", 100_000)], "two amounts"),
        ("1.5亿元", [("measure", "元", 150_000_000)], "decimal and unit"),
        ("10,000元", [("measure", "元", 10_000)], "a comma for thousands"),
        ("百万元", [("measure", "元", 1_000_000)], "百 alone"),
        ("5至10万元", [("measure", "元", 50_000), ("measure", "元", 100_000)], "a span shares its 万"),
        ("五千至一万元", [("measure", "元", 5_000), ("measure", "元", 10_000)], "a span that does not"),
        ("一至二周", [("measure", "日", 7), ("measure", "日", 14)], "a span shares its unit"),
        ("百分之五十", [("measure", "份额", Fraction(1, 2))], "share"),
        ("50％、5成、一半、二分之一", [("measure", "份额", Fraction(1, 2))] * 4, "the same in other words"),
        ("千分之三", [("measure", "份额", Fraction(3, 1000))], "per mille"),
        ("一倍", [("measure", "份额", 1)], "times are shares"),
        ("打七点五折", [("measure", "折", Fraction(15, 2))], "decimal in Chinese"),
        ("二十周岁", [("measure", "岁", 20)], "age"),
        ("2025年3月1日", [("date", "", 2025, 3, 1)], "date"),
        ("二〇二五年", [("date", "", 2025)], "a year is a date"),
        ("3月1日", [("date", "", 3, 1)], "without its year"),
        ("第三十条第（二）项", [("reference", "", 30), ("reference", "", 2)], "references"),
        ("三个部门", [("count", "", 3)], "a count"),
        ("（三）未备案的", [], "the mark of an item"),
        ("一律、一般、统一、十分重要、进一步", [], "idioms"),
        ("数万元、万元以上", [], "no number"),
        ("二成立时", [("count", "", 2)], "成 of 成立"),
        ("", [], "empty"),
    ],
)
def test_numbers_with_their_units(text, amounts, comment):
    assert read(text) == amounts


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("三十日", "30天", True),
        ("三十日", "一个月", False),
        ("一年", "十二个月", True),
        ("一年", "365天", False),
        ("半年", "六个月", True),
        ("三十日", "三十个工作日", False),
        ("2025年3月1日", "2025年", True),
        ("2025年3月1日", "3月1日", True),
        ("2025年3月1日", "2025年5月", False),
        ("50%", "百分之五十", True),
        ("五万元", "5000元", False),
    ],
)
def test_what_agrees(one, other, agrees):
    (first,), (second,) = find_amounts(one), find_amounts(other)
    assert first.agrees(second) is second.agrees(first) is agrees


@given(st.text(st.sampled_from("〇零一二两三十百千万亿点分之百年月日元%％成折倍第（），.0129至-余半个"), max_size=30))
def test_any_numerals_are_read_or_left(text):
    place = 0
    for one in find_amounts(fold(text)):
        assert place <= one.start < one.end <= len(fold(text))
        assert one.value and all(value >= 0 for value in one.value)
        assert one.kind in AmountKind
        place = one.end
