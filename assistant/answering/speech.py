"""Numbers as they are said on the telephone: 2025年3月1日 → 二〇二五年三月一日.

cn2an 0.5.24 was tried first and does not cover the job: `transform` reads 2025-03-01 as 二千零二十五负三负一, 3-5年 as
三负五年, 10:30 as 十:三十, 5G as 五G, 1,200 as 一,二百, 0757-86330000 as a product of millions, leaves ５０％ and never
says 两. The numerals themselves are those of `assistant.parsing.numerals`.

What nobody hears is left out: the brackets of a title stand between words that say by themselves what they are
(…条例第三十条). “” around a term stay, as they tell the operator which word to stress.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from assistant.parsing.numerals import render_numeral

MAX_TERM = 8  # characters in “” that an operator stresses; a longer passage is read on
_DIGITS = "〇一二三四五六七八九"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_YEAR = r"(?:19|20)\d{2}"
_RANGE = r"\s*[-－–—~～]+\s*"
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
# What is kept as written is put aside as a character of the private use area.
_ASIDE = 0xE000

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@lru_cache(maxsize=4096)
def as_spoken(text: str) -> str:
    """Return a text with its Arabic numerals written as they are said, without line breaks and mark-up.

    Numbers of telephones and codes (5G, A4) stay as written: they are dictated sign by sign.

    >>> as_spoken("自2025年3月1日起，按第30条给2个园区200万元")
    '自二〇二五年三月一日起，按第三十条给两个园区二百万元'
    """
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        kept.append(_grouped(match[0]))
        return chr(_ASIDE + len(kept) - 1)

    text = re.sub(r"[\ue000-\uf8ff]", "", text).translate(_FULL_WIDTH).replace("％", "%")
    for pattern, said in _before():
        text = pattern.sub(said, text)
    for pattern in _written():
        text = pattern.sub(aside, text)
    for pattern, said in _numbers():
        text = pattern.sub(said, text)
    for pattern, said in _MARKS:
        text = pattern.sub(said, text)
    return re.sub(r"[\ue000-\uf8ff]", lambda match: kept[ord(match[0]) - _ASIDE], text)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("assistant.answering").joinpath("data/speech.toml").read_text(encoding="utf-8"))


@cache
def _two() -> tuple[str, ...]:
    return tuple(_table()["two"])


def _by_digit(digits: str, zero: str = "〇") -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits).replace("〇", zero)


def _said(number: str) -> str:
    """Return a number as it is said: 1,200 → 一千二百, 0.5 → 零点五, 05 → 零五."""
    whole, point, part = number.replace(",", "").partition(".")
    said = (
        _by_digit(whole, "零") if len(whole) > 12 or (whole[0] == "0" and whole != "0") else render_numeral(int(whole))
    )
    return f"{said}点{_by_digit(part, '零')}" if point else said


def _counted(match: re.Match[str]) -> str:
    """Return a number before what it counts: 2个 → 两个, 20000 → 两万, 第2 is an ordinal and handled before."""
    number, said = match[0], _said(match[0])
    if re.match("二[千万亿]", said):
        return f"两{said[1:]}"
    before, after = match.string[: match.start()], match.string[match.end() :]
    if number != "2" or re.search(r"[条款项例见法定部][之的]?$", before):
        return said  # 条例29条2款 leaves 第 out
    after = re.sub(rf"^[到至或、]{_NUMBER}", "", after)
    return "两" if after.startswith(_two()) else said


def _ordinals(match: re.Match[str]) -> str:
    """Return 第1、2款, 第8-10条 with every number said."""
    joined = re.sub(rf"(?<=\d){_RANGE}(?=第?\d)", "到", match[0])
    return re.sub(r"\d+", lambda number: _said(number[0]), re.sub(r"\s", "", joined))


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    said = "两" if hour == 2 else render_numeral(hour)
    if not minute:
        return f"{said}点"
    return f"{said}点{'零' if minute < 10 else ''}{render_numeral(minute)}分"


def _date(match: re.Match[str]) -> str:
    return f"{_by_digit(match[1])}年{_said(str(int(match[3])))}月{_said(str(int(match[4])))}日"


def _percent(match: re.Match[str]) -> str:
    """Return 3.5% → 百分之三点五, 3%-5% → 百分之三到百分之五."""
    of = "千分之" if match[3] == "‰" else "百分之"
    first = f"{of}{_said(match[1])}到" if match[1] else ""
    return f"{first}{of}{_said(match[2])}"


def _fraction(match: re.Match[str]) -> str:
    part, whole = int(match[1]), int(match[2])
    if not 0 < part < whole:
        return f"{_said(match[1])}、{_said(match[2])}"
    return f"{_said(match[2])}分之{_said(match[1])}"


def _grouped(written: str) -> str:
    """Return the number of a telephone in the groups it is said in; a code as it stands."""
    digits = re.sub(r"\D", "", written)
    if re.search(r"[A-Za-z]", written):
        return written
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if re.fullmatch(r"[48]00\d{7}", digits):
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    if match := re.fullmatch(r"(0(?:10|2\d|[3-9]\d{2}))(\d{3,4})(\d{4})", digits):
        return " ".join(match.groups())
    return written


@cache
def _before() -> tuple[Rule, ...]:
    """Return what happens before codes are put aside: spaces, signs, the numbers of documents."""
    units = _table()["units"]
    signs = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    return (
        # Spaces and line breaks. Kept in 138 1234 5678, GB 12348; dropped in 2025 年, in a sentence broken by a page.
        (re.compile(r"(?<![0-9A-Za-z])\s+|\s+(?![0-9A-Za-z])"), lambda match: ""),
        (re.compile(r"\s+"), lambda match: " "),
        (re.compile(rf"(?<=\d)\s?({signs})(?![A-Za-z])"), lambda match: units[match[1]]),
        (re.compile(rf"[¥￥]\s?({_NUMBER})(?![\d万千亿])"), lambda match: f"{match[1]}元"),
        # Mark-up whole: the mark [1], the tag <b>.
        (re.compile(r"\[\d{1,2}\]|</?[A-Za-z]+>"), lambda match: ""),
        (re.compile(r"(?<![0-9A-Za-z一-鿿])[-－](?=\d+摄氏度)"), lambda match: "零下"),
        (re.compile(r"[>＞](?=\d)"), lambda match: "大于"),
        (re.compile(r"[<＜](?=\d)"), lambda match: "小于"),
        (re.compile(r"≥(?=\d)"), lambda match: "不低于"),
        (re.compile(r"≤(?=\d)"), lambda match: "不超过"),
        # Numbers of documents. Matches 〔2021〕215号, [2021]第3号; refuses （2021年）.
        (
            re.compile(rf"[〔\[［【(（]({_YEAR})[〕\]］】)）]\s?第?(\d+)号"),
            lambda match: f"{_by_digit(match[1])}年第{_said(match[2])}号",
        ),
        (re.compile(r"(?<![\d第])(\d{2,4})号文"), lambda match: f"{_by_digit(match[1], '零')}号文"),
    )


@cache
def _written() -> tuple[re.Pattern[str], ...]:
    """Return what stays as written: telephones, codes."""
    counted = "|".join((*_two(), *_table()["counted"]))
    return (
        # Codes of letters and digits. Matches 5G, A4, N+1, COVID-19, GB 12348-2008, GB/T 19001; refuses 2025, 3-5.
        re.compile(r"(?<![0-9A-Za-z])[A-Z]{2,4}(?:/T)? ?\d+(?:\.\d+)?(?:-\d+)?(?![0-9A-Za-z])"),
        re.compile(
            r"(?<![0-9A-Za-z.])(?=[0-9A-Za-z+._/-]*[A-Za-z])(?=[0-9A-Za-z+._/-]*\d)[0-9A-Za-z](?:[0-9A-Za-z+._/-]*[0-9A-Za-z])?"
        ),
        # Telephones. Matches 0757-86330000, 13812345678, 138 1234 5678, 400-800-1234; refuses 2025-03-01, 10000000元.
        re.compile(
            r"(?<![\d.])(?:0\d{2,3}[- ]?\d{3,4} ?\d{4}|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|[48]00[- ]?\d{3}[- ]?\d{4})"
            rf"(?![\d.]|{counted})"
        ),
        # Services. Matches 12345热线, 拨打110; refuses 12345元.
        re.compile(
            rf"(?<![\d.])(?:{'|'.join(_table()['services'])})(?![\d.]|{counted})"
            rf"|(?<=拨打)\d{{3,}}|(?<=致电)\d{{3,}}|(?<![\d.])\d{{3,5}}(?=热线)"
        ),
        # Long numbers that count nothing: of an identity card, an account.
        re.compile(rf"(?<![\d.])\d{{9,}}(?![\d.]|{counted})"),
    )


@cache
def _numbers() -> tuple[Rule, ...]:
    """Return how numbers are said, the more special forms first; none leaves a digit for the next to read wrongly."""
    counted = "|".join(re.escape(word) for word in (*_two(), *_table()["counted"]))
    return (
        # 2025-03-01, 2025/3/1, 2025.3.1.
        (re.compile(rf"(?<!\d)({_YEAR})([-/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)"), _date),
        # 2025-03; refuses 2021-2025, 2025.12万.
        (
            re.compile(rf"(?<!\d)({_YEAR})[-/.](0[1-9]|1[0-2])(?![\d.]|{counted})"),
            lambda match: f"{_by_digit(match[1])}年{_said(str(int(match[2])))}月",
        ),
        # 2021-2025年, 2021年至2025年.
        (
            re.compile(rf"(?<!\d)({_YEAR})(年?){_RANGE}({_YEAR})(?=年)"),
            lambda match: f"{_by_digit(match[1])}{match[2]}到{_by_digit(match[3])}",
        ),
        (
            re.compile(rf"(?<!\d)({_YEAR})(?=[至到]{_YEAR}年)|(?<!\d)({_YEAR})(?=年(?!以上|以下|以内))"),
            lambda match: _by_digit(match[0]),
        ),
        (re.compile(r"(?<!\d)(\d{2})(?=年\d{1,2}月)"), lambda match: _by_digit(match[1], "零")),
        # Generations: 90后, 00后; refuses 30后天.
        (re.compile(r"(?<!\d)(\d[05])(?=后(?!天|续|面|来))"), lambda match: _by_digit(match[1], "零")),
        # Years that stand alone: 到2025能不能; refuses 2000 (as often a sum), 2020人.
        (
            re.compile(rf"(?<![\d.,第/-])(?:19[5-9]\d|20[1-4]\d)(?![\d.,/:：-]|{counted})"),
            lambda match: _by_digit(match[0]),
        ),
        (re.compile(rf"(?<=[:：]\d\d){_RANGE}(?=\d{{1,2}}[:：]\d\d)"), lambda match: "到"),
        (re.compile(r"(?<![\d:：.])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：][0-5]\d)?(?![\d:：])"), _time),
        (re.compile(rf"(?:({_NUMBER})[%‰]?(?:{_RANGE}|[至到]))?({_NUMBER})([%‰])"), _percent),
        (re.compile(r"(?<![\d/.])(\d+)/(\d+)(?![\d/])"), _fraction),
        (
            re.compile(rf"第\s?\d+(?:(?:{_RANGE}|[、,，和及与至到])第?\d+(?=[\d条款项章节部目、,，和及与至到-]))*"),
            _ordinals,
        ),
        (re.compile(r"(?<=[条款项]之)\d+"), lambda match: _said(match[0])),
        (re.compile(rf"(?<=[\d日号月年时点分元万亿千个]){_RANGE}(?=\d)"), lambda match: "到"),
        (re.compile(r"(?<=\d)[:：](?=\d)"), lambda match: "比"),
        (re.compile(r"(?<=\d)\s?[×xX*]\s?(?=\d)"), lambda match: "乘"),
        (re.compile(r"(?<=\d)\+(?=\d)"), lambda match: "加"),
        (re.compile(r"(?<![0-9A-Za-z一-鿿])[-－](?=\d)"), lambda match: "负"),
        (re.compile(_NUMBER), _counted),
    )


def _parenthesis(match: re.Match[str]) -> str:
    """Return what stands in brackets as it is read on: 学校（含技工学校） → 学校含技工学校."""
    inside = match[1].strip("，。 ")
    if re.match("[一二三四五六七八九十百]+$", inside):
        return inside if match.string[: match.start()].endswith("第") else f"{inside}、"
    if re.match("不?含|包括", inside):
        return inside
    return f"、{inside}" if re.fullmatch("(?:.{1,3}、)+.{1,3}", inside) else f"，{inside}，"


_MARKS: tuple[Rule, ...] = (
    # Innermost brackets, then those around them.
    *((re.compile(r"[（(〔［]([^（(）)〔〕［］]*)[）)〕］]"), _parenthesis),) * 2,
    (re.compile(r"[（(〔［]"), lambda match: "，"),
    # Brackets of titles, mark-up and what is left of brackets.
    (re.compile(r"[《》〈〉「」『』【】\[\]*#<>＜＞`_~|\\{})）〕］]"), lambda match: ""),
    (re.compile(rf"“([^“”]{{{MAX_TERM + 1},}})”"), lambda match: match[1]),
    (re.compile(r"\s?(?:—+|－－|--)\s?"), lambda match: "，"),
    (re.compile(r"…+|\.{3,}"), lambda match: ""),
    # 元/度 is a price, 用电/用水 a list.
    (re.compile(r"(?<=[元万亿块])[/／](?=[一-鿿])"), lambda match: "每"),
    (re.compile(r"(?<=[一-鿿])[/／](?=[一-鿿])"), lambda match: "、"),
    (re.compile(r"，+(?=[，。；、！？：）”])"), lambda match: ""),
    (re.compile(r"(?<=[。；、！？：“])，+"), lambda match: ""),
)
