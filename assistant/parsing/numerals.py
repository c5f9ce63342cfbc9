"""Numbers as Chinese law writes them: 一百二十, 二〇二五, 两, １２０, 120.

cn2an 0.5.24 was tried first and does not cover the job: it refuses ○ and inner spaces (第 一百 二十 条), needs
"smart" mode for digits and then returns a float for full-width ones, and takes 16 µs a number where a statute book
holds 150,000 of them.
"""

import re
import unicodedata

_DIGITS = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_RENDERED = "零一二三四五六七八九"

NUMERAL_CHARS = "〇○零一二三四五六七八九十廿卅百千万亿两0-9０-９"
SPACE_CHARS = " \t\u00a0\u2002\u2003\u3000"
# A numeral inside a pattern. Matches 一百二十, 一百 二十, 29, ２９; refuses 第, 条, and the empty string.
NUMERAL = rf"[{NUMERAL_CHARS}](?:[{SPACE_CHARS}]*[{NUMERAL_CHARS}])*"

# Below 万, units descend and each has its digit (a leading 十 may lack it). Matches 一千零一十五, 十五, 一百零五,
# 两百; refuses 十百, 二三十.
_SECTION = re.compile(
    r"(?:([一二两三四五六七八九])千)?[零〇○]?(?:([一二两三四五六七八九])百)?[零〇○]?"
    r"(?:([一二两三四五六七八九])?(十))?[零〇○]?([一二两三四五六七八九])?"
)


def parse_numeral(text: str) -> int:
    """Return the number that `text` writes: Chinese, Arabic or full-width digits; inner and outer spaces are ignored.

    A run of Chinese digits without units is read by position: 一二〇 is 120 and 二〇二五 is 2025.

    Raises:
        ValueError: for anything else, naming it (十百, 一百二百, 第三, an empty string).

    >>> parse_numeral("一百二十"), parse_numeral("二〇二五"), parse_numeral("１２ ０"), parse_numeral("廿九")
    (120, 2025, 120, 29)
    """
    compact = "".join(text.split()).replace("廿", "二十").replace("卅", "三十")
    if compact.isdecimal():
        return int(unicodedata.normalize("NFKC", compact))
    if compact and all(character in _DIGITS for character in compact):
        return int("".join(str(_DIGITS[character]) for character in compact))
    try:
        return _with_myriads(compact)
    except ValueError:
        raise ValueError(f"不是数字：{text!r}（可写作 一百二十、二〇二五、120）") from None


def _with_myriads(text: str) -> int:
    for unit, value in (("亿", 100_000_000), ("万", 10_000)):
        head, found, rest = text.rpartition(unit)
        if found:
            tail = _with_myriads(rest.lstrip("零〇○")) if rest.strip("零〇○") else 0
            high = _with_myriads(head)
            if high == 0 or tail >= value:
                raise ValueError(text)
            return high * value + tail
    return _section(text)


def _section(text: str) -> int:
    match = _SECTION.fullmatch(text)
    if match is None or not text:
        raise ValueError(text)
    thousands, hundreds, tens, ten, ones = match.groups()
    total = _DIGITS[thousands] * 1000 if thousands else 0
    total += _DIGITS[hundreds] * 100 if hundreds else 0
    if ten:
        total += (_DIGITS[tens] if tens else 1) * 10
    total += _DIGITS[ones] if ones else 0
    if total == 0:
        raise ValueError(text)
    return total


def render_numeral(number: int) -> str:
    """Return `number` as statutes write it: 十, 十五, 二十, 一百零五, 一百一十, 一千零一.

    Raises:
        ValueError: if `number` is negative, or a million million or more.

    >>> [render_numeral(n) for n in (10, 15, 105, 110, 1001)]
    ['十', '十五', '一百零五', '一百一十', '一千零一']
    """
    if not 0 <= number < 10**12:
        raise ValueError(f"number must be in [0, 10**12), got {number}")
    if number == 0:
        return "零"
    parts: list[str] = []
    below = False  # whether something larger stands to the left, so that a missing digit is read 零
    for name, value in (("亿", 100_000_000), ("万", 10_000), ("", 1)):
        section, number = divmod(number, value)
        if section:
            if below and section < 1000:
                parts.append("零")
            parts.append(_render_section(section) + name)
        below = below or bool(section)
    text = "".join(parts)
    return text.removeprefix("一") if text.startswith("一十") else text


def _render_section(section: int) -> str:
    parts: list[str] = []
    gap = False
    for name, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, section = divmod(section, value)
        if digit:
            parts.append(("零" if gap and parts else "") + _RENDERED[digit] + name)
            gap = False
        else:
            gap = True
    return "".join(parts)
