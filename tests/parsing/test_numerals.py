import pytest

from assistant.parsing.numerals import parse_numeral, render_numeral

DIGITS = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def written_out(number: int) -> str:
    """An independent rendering for 1–1500: place by place, then the rules of 零 and of a leading 十."""
    thousands, hundreds, tens, ones = (number // place % 10 for place in (1000, 100, 10, 1))
    text = ""
    if thousands:
        text += DIGITS[thousands] + "千"
    if hundreds:
        text += DIGITS[hundreds] + "百"
    elif thousands and (tens or ones):
        text += "零"
    if tens:
        text += DIGITS[tens] + "十"
    elif hundreds and ones:
        text += "零"
    if ones:
        text += DIGITS[ones]
    return text[1:] if 10 <= number < 20 else text


def test_every_article_number_round_trips_in_every_script():
    for number in range(1, 1501):
        chinese = render_numeral(number)
        assert chinese == written_out(number)
        assert parse_numeral(chinese) == number
        assert parse_numeral(str(number)) == number
        assert parse_numeral(str(number).translate(FULL_WIDTH)) == number
        assert parse_numeral("　".join(chinese)) == number  # typed with full-width spaces
        assert parse_numeral("".join(DIGITS[int(digit)] for digit in str(number))) == number  # by position


@pytest.mark.parametrize(
    ("text", "number", "comment"),
    [
        ("一百二十", 120, "plain"),
        ("一百〇五", 105, "〇 for 零"),
        ("一百○五", 105, "the circle that typists use"),
        ("一百零五", 105, "零"),
        ("两百", 200, "两"),
        ("两千零一十", 2010, "两 and 零"),
        ("一十五", 15, "a leading 一"),
        ("二〇二五", 2025, "a year, by position"),
        ("二○二五", 2025, "the same with circles"),
        ("一 百 二 十", 120, "inner spaces"),
        (" 29 ", 29, "outer spaces"),
        ("１ ２０", 120, "full-width with a space"),
        ("一万二千", 12_000, "万"),
        ("三亿零五万", 300_050_000, "亿 and 万"),
        ("〇", 0, "zero"),
        ("007", 7, "leading zeros"),
    ],
)
def test_numbers_as_they_are_typed(text, number, comment):
    assert parse_numeral(text) == number, comment


@pytest.mark.parametrize(
    "text", ["", " ", "十百", "一百二百", "第三", "三条", "二三十", "百十", "12a", "一百二十条之一", "万", "³"]
)
def test_what_is_no_number_is_refused_by_name(text):
    with pytest.raises(ValueError, match="不是数字"):
        parse_numeral(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (10, "十"),
        (110, "一百一十"),
        (1010, "一千零一十"),
        (10_005, "一万零五"),
        (100_500, "十万零五百"),
        (20_000_300, "二千万零三百"),
    ],
)
def test_large_numbers_are_rendered(number, text):
    assert render_numeral(number) == text
    assert parse_numeral(text) == number


@pytest.mark.parametrize("number", [-1, 10**12])
def test_numbers_out_of_range_are_refused(number):
    with pytest.raises(ValueError, match="number must be in"):
        render_numeral(number)
