"""The lines of a document, as spans, and what can be told from one line alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.numerals import NUMERAL, SPACE_CHARS, parse_numeral

_BLANK = SPACE_CHARS + "\r\u200b\ufeff"

# What a body line ends with; a heading does not. Matches 「…的规定。」 「（一）年满十八周岁；」; refuses
# 「第一章　总则」.
_ENDS_TEXT = re.compile(r"[。；：！？，、.;:!?,…][”’」』）)》]?$")

# 附件, 附表, 附录, 附图, alone or with a number or a title behind them. Matches 「附件」 「附表2：」 「附：」
# 「附件一　产生办法」 「附件：1.申请书」; refuses 「附则」 「附件所列全国性法律」 「附近的」.
_ANNEX = re.compile(
    rf"附[{SPACE_CHARS}]*(?:[件表录图][{SPACE_CHARS}]*(?:{NUMERAL}|[A-Z])?|注)?[{SPACE_CHARS}]*(?:$|[：:{SPACE_CHARS}].*$)"
)
_MAX_ANNEX_TITLE = 80  # characters; a longer line that ends a sentence is text that happens to start with 附件

# A line that only dates. Matches 「2020年11月18日」 「二〇二〇年十一月十八日」; refuses 「2020年11月18日起施行。」.
_DATE_LINE = re.compile(
    rf"[（(]?[0-9０-９〇○零一二三四五六七八九]{{4}}[{SPACE_CHARS}]*年[{SPACE_CHARS}]*{NUMERAL}[{SPACE_CHARS}]*月"
    rf"[{SPACE_CHARS}]*{NUMERAL}[{SPACE_CHARS}]*日[）)]?"
)
# Who a document goes to, after its end. Matches 「抄送：省委办公厅」 「送：省人大常委会」; refuses 「送达」.
_DISTRIBUTION = re.compile(r"(?:主题词|抄送|抄报|发送|主送|印送|送|报)[：:]|[（(]此件")
MAX_NUMBER = 100_000  # no document counts its articles, paragraphs or items up to here
_MAX_SIGNATURE = 40  # characters of one signing body

# The heading of a table of contents. Matches 「目　录」 「目录」; refuses 「目录由省人民政府制定。」.
_CONTENTS = re.compile(rf"目[{SPACE_CHARS}]*录[：:]?")
# What leads from a title to its page. Matches 「…………3」 「 12」; refuses 「第3」.
_PAGE = re.compile(r"[….·\s　]*\d*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its 1-based number in the text, and its span without the spaces around it."""

    number: int
    start: int
    end: int
    text: str


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank; `text[line.start:line.end] == line.text`."""
    lines = []
    offset = 0
    for number, raw in enumerate(text.split("\n"), 1):
        left = raw.lstrip(_BLANK)
        stripped = left.rstrip(_BLANK)
        if stripped:
            start = offset + len(raw) - len(left)
            lines.append(Line(number, start, start + len(stripped), stripped))
        offset += len(raw) + 1
    return lines


def ends_text(text: str) -> bool:
    """Return whether `text` ends as a sentence or a clause does, which headings do not."""
    return _ENDS_TEXT.search(text) is not None


def is_annex_title(text: str) -> bool:
    """Return whether a line opens an annex: 附件, 附表1, 附：…"""
    if not text.startswith("附") or _ANNEX.fullmatch(text) is None:
        return False
    return len(text) <= _MAX_ANNEX_TITLE or not text.endswith("。")


def is_date_line(text: str) -> bool:
    """Return whether a line is a date and nothing else."""
    return _DATE_LINE.fullmatch(text) is not None


def signature_start(lines: Sequence[Line]) -> int:
    """Return the index of the first of the lines that sign and address a document at its end; `len(lines)` when there
    are none.

    Signing lines end no sentence, and among them stands a date or a distribution list; without either, an unfinished
    line is taken for text, since losing law is worse than keeping a name.
    """
    first = len(lines)
    proven = False
    for index in range(len(lines) - 1, -1, -1):
        text = lines[index].text
        certain = is_date_line(text) or _DISTRIBUTION.match(text) is not None
        if not certain and (ends_text(text) or len(text) > _MAX_SIGNATURE):
            break
        proven = proven or certain
        first = index
    return first if proven else len(lines)


def contents_end(lines: Sequence[Line]) -> int:
    """Return the index of the first line after a table of contents (目录) near the top; 0 when there is none.

    The contents end where their first entry stands again, as the heading of the body.
    """
    for index, line in enumerate(lines[:60]):
        if _CONTENTS.fullmatch(line.text) and index + 1 < len(lines):
            first = _title_key(lines[index + 1].text)
            for later in range(index + 2, len(lines)):
                if _title_key(lines[later].text) == first:
                    return later
            return index + 1
    return 0


def _title_key(text: str) -> str:
    return "".join(_PAGE.sub("", text).split())


def number_or_none(text: str) -> int | None:
    """Return the number that a marker writes, None when its characters are numerals but no number (十百).

    A number that no text counts to (a thousand digits) is none either.
    """
    try:
        number = parse_numeral(text)
    except ValueError:
        return None
    return number if number < MAX_NUMBER else None
