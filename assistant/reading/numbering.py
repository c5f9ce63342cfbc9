"""The numbers that Word's lists write before paragraphs: 第一条, （二）, 3., ④ …, from numbering.xml and styles.xml."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from assistant.reading.ooxml import attribute, child, children, integer

DIGITS = "〇一二三四五六七八九"
LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")
COUNTING = ("零一二三四五六七八九", "十百千", "万")
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
MAX_LEVELS = 9  # ECMA-376 part 1, 17.9.6
MAX_STYLE_DEPTH = 32
# Marks after which the text follows at once in Chinese typesetting: （一）支持, 一、支持
CLOSED = frozenset("）)、．：〕】")


def _counted(number: int, words: tuple[str, str, str], *, short_ten: bool) -> str:
    """Return 一百零五 for 105; `short_ten` writes 十二 for 12, else 一十二 (of the legal figures: 壹拾贰)."""
    digits, units, ten_thousand = words
    if number == 0:
        return digits[0]
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = digits[0] if 0 < low < 1_000 else ""
        rest = _counted(low, words, short_ten=False) if low else ""
        return _counted(high, words, short_ten=short_ten) + ten_thousand + gap + rest
    written, zero = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            zero = bool(written)
            continue
        written += (digits[0] if zero else "") + digits[digit] + (units[power - 1] if power else "")
        zero = False
    return written[1:] if short_ten and 10 <= number < 20 else written


def _roman(number: int) -> str:
    written = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        written += letters * (number // value)
        number %= value
    return written


def _block(number: int, first: int, count: int) -> str:
    """Return the character of an enclosed-number block, or plain digits beyond its end."""
    return chr(first + number - 1) if 1 <= number <= count else str(number)


def render_number(number: int, form: str) -> str:
    """Return a number as Word writes it in the number format `form` (ECMA-376 17.18.59); unknown forms as digits.

    >>> render_number(21, "chineseCountingThousand"), render_number(3, "decimalEnclosedCircle")
    ('二十一', '③')
    """
    if form == "none":
        return ""
    if number < 1:
        return str(number)
    match form:
        case "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand":
            return _counted(number, COUNTING, short_ten=True)
        case "chineseCounting" | "taiwaneseCounting":  # from 100 on, Word writes the digits: 一〇一
            return _counted(number, COUNTING, short_ten=True) if number < 100 else _digits(number)
        case "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" | "koreanDigital2":
            return _digits(number)
        case "chineseLegalSimplified":
            return _counted(number, LEGAL_SIMPLIFIED, short_ten=False)
        case "ideographLegalTraditional":
            return _counted(number, LEGAL_TRADITIONAL, short_ten=False)
        case "ideographTraditional":
            return STEMS[(number - 1) % 10]
        case "ideographZodiac":
            return BRANCHES[(number - 1) % 12]
        case "ideographZodiacTraditional":
            return STEMS[(number - 1) % 10] + BRANCHES[(number - 1) % 12]
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return _block(number, 0x2460, 20)
        case "decimalEnclosedParen":
            return _block(number, 0x2474, 20)
        case "decimalEnclosedFullstop":
            return _block(number, 0x2488, 20)
        case "ideographEnclosedCircle":
            return _block(number, 0x3280, 10)
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate({0x30 + digit: 0xFF10 + digit for digit in range(10)})
        case "decimalZero":
            return f"{number:02d}"
        case "upperRoman":
            return _roman(number) if number < 4_000 else str(number)
        case "lowerRoman":
            return _roman(number).lower() if number < 4_000 else str(number)
        case "upperLetter":
            return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)
        case "lowerLetter":
            return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)
    return str(number)


def _digits(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    template: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None  # level (1-based) whose number restarts this one; 0 never; None any higher one


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted; `label` must be asked once a paragraph, in order."""

    _abstract_of: Mapping[str, str]
    _levels: Mapping[str, Mapping[int, _Level]]  # by numId: the abstract levels with the overrides of this list
    _starts: Mapping[str, Mapping[int, int]]  # startOverride by numId
    _style_numbers: Mapping[str, tuple[str | None, int | None]]
    _style_of_level: Mapping[tuple[str, str], int]
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def from_parts(cls, numbering: etree._Element | None, styles: etree._Element | None) -> "Numbering":
        """Return the numbering of a document from its numbering and styles parts; either may be missing."""
        abstract = {attribute(element, "abstractNumId"): element for element in children(numbering, "abstractNum")}
        by_style_link = {
            attribute(link, "val"): element
            for element in abstract.values()
            if (link := child(element, "styleLink")) is not None
        }
        style_numbers = _style_numbers(styles)
        abstract_of: dict[str, str] = {}
        levels: dict[str, dict[int, _Level]] = {}
        starts: dict[str, dict[int, int]] = {}
        style_of_level: dict[tuple[str, str], int] = {}
        for num in children(numbering, "num"):
            num_id, reference = attribute(num, "numId"), attribute(child(num, "abstractNumId"), "val")
            definition = abstract.get(reference)
            if definition is None:
                continue
            link = child(definition, "numStyleLink")
            if link is not None:
                definition = by_style_link.get(attribute(link, "val"), definition)
            abstract_of[num_id] = attribute(definition, "abstractNumId")
            levels[num_id] = {_index(level): _level(level) for level in children(definition, "lvl")}
            for level in children(definition, "lvl"):
                if (style := child(level, "pStyle")) is not None:
                    style_of_level[num_id, attribute(style, "val")] = _index(level)
            starts[num_id] = {}
            for override in children(num, "lvlOverride"):
                index = _index(override)
                if (own := child(override, "lvl")) is not None:
                    levels[num_id][index] = _level(own)
                if (start := child(override, "startOverride")) is not None:
                    starts[num_id][index] = integer(attribute(start, "val"), 1)
        return cls(abstract_of, levels, starts, style_numbers, style_of_level)

    def label(self, properties: etree._Element | None, style: str) -> str:
        """Return what the list writes before this paragraph ("第三条 ", "（一）"), "" when it is in no list; counts on.

        Args:
            properties: the paragraph's pPr.
            style: id of its style, "" for none.
        """
        own = child(properties, "numPr")
        num_id, index = self._style_numbers.get(style, (None, None))
        if num_id is not None and (num_id, style) in self._style_of_level:
            index = self._style_of_level[num_id, style]
        if own is not None:
            own_id, own_level = child(own, "numId"), child(own, "ilvl")
            num_id = attribute(own_id, "val") if own_id is not None else num_id
            index = integer(attribute(own_level, "val"), 0) if own_level is not None else index
        index = index or 0
        if num_id is None or num_id == "0" or num_id not in self._levels or index not in self._levels[num_id]:
            return ""
        return self._render(num_id, index, self._count(num_id, index))

    def _count(self, num_id: str, index: int) -> dict[int, int]:
        levels, counters = self._levels[num_id], self._counters.setdefault(self._abstract_of[num_id], {})
        override = self._starts[num_id].get(index)
        if override is not None and (num_id, index) not in self._begun:
            counters[index] = override
        elif index in counters:
            counters[index] += 1
        else:
            counters[index] = levels[index].start
        self._begun.add((num_id, index))
        for deeper in [level for level in counters if level > index]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart != 0 and (restart is None or index < restart):
                del counters[deeper]
        for higher in range(index):  # 1.1 before any 1: Word shows the start value of what was skipped
            if higher not in counters:
                counters[higher] = self._starts[num_id].get(higher, levels[higher].start if higher in levels else 1)
        return counters

    def _render(self, num_id: str, index: int, counters: Mapping[int, int]) -> str:
        levels = self._levels[num_id]
        level = levels[index]
        if level.form == "bullet":
            written = "".join(char for char in level.template if not 0xE000 <= ord(char) <= 0xF8FF)
        else:
            written = level.template
            for position in range(MAX_LEVELS):
                if f"%{position + 1}" in written:
                    form = levels[position].form if position in levels else "decimal"
                    form = "decimal" if level.legal and form != "decimalZero" else form
                    written = written.replace(f"%{position + 1}", render_number(counters.get(position, 1), form))
        if not written or level.suffix == "nothing" or written[-1] in CLOSED:
            return written
        return written + " "


def _index(element: etree._Element) -> int:
    return integer(attribute(element, "ilvl"), 0)


def _level(element: etree._Element) -> _Level:
    def value(name: str, default: str) -> str:
        found = child(element, name)
        return attribute(found, "val") if found is not None else default

    legal = child(element, "isLgl")
    restart = value("lvlRestart", "")
    return _Level(
        start=integer(value("start", "0"), 0),
        form=value("numFmt", "decimal"),
        template=value("lvlText", ""),
        suffix=value("suff", "tab"),
        legal=legal is not None and attribute(legal, "val") not in ("0", "false"),
        restart=integer(restart, 0) if restart else None,
    )


def _style_numbers(styles: etree._Element | None) -> dict[str, tuple[str | None, int | None]]:
    """Return by style id the list and level its paragraphs are in, through the chain of basedOn."""
    own: dict[str, tuple[str | None, int | None]] = {}
    based_on: dict[str, str] = {}
    for style in children(styles, "style"):
        style_id = attribute(style, "styleId")
        numbers = child(child(style, "pPr"), "numPr")
        num_id, level = child(numbers, "numId"), child(numbers, "ilvl")
        own[style_id] = (
            attribute(num_id, "val") if num_id is not None else None,
            integer(attribute(level, "val"), 0) if level is not None else None,
        )
        if (parent := child(style, "basedOn")) is not None:
            based_on[style_id] = attribute(parent, "val")
    resolved = {}
    for style_id in own:
        num_id_found: str | None = None
        level_found: int | None = None
        current: str | None = style_id
        for _ in range(MAX_STYLE_DEPTH):  # a chain that bites its tail ends here
            if current is None or current not in own:
                break
            num_id_found = num_id_found if num_id_found is not None else own[current][0]
            level_found = level_found if level_found is not None else own[current][1]
            current = based_on.get(current)
        resolved[style_id] = (num_id_found, level_found)
    return resolved
