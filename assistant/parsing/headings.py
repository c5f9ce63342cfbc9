"""Headings of a statute: 编, 分编, 章, 节, and the 一、 and bare titles that some statutes use instead."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.parsing.body import item_marker
from assistant.parsing.lines import Line, ends_text, number_or_none
from assistant.parsing.numerals import NUMERAL, SPACE_CHARS
from assistant.schema import Heading

LEVELS = ("book", "subbook", "chapter", "section")  # 编, 分编, 章, 节, outermost first
_LEVEL_OF = {"编": 0, "篇": 0, "分编": 1, "章": 2, "节": 3}
_CHAPTER, _SECTION = 2, 3

# Matches 「第一章　总　　则」 「第二分编 典型合同」 「第五章“上海文化”品牌建设」; refuses 「第一条」 「依照第二章」.
_NUMBERED = re.compile(rf"(?:\*\*)?第[{SPACE_CHARS}]*({NUMERAL})[{SPACE_CHARS}]*(分编|编|篇|章|节)(.*)")
# What follows a chapter that is mentioned. Matches 「第二章的规定」 「第三章和第四章」; refuses 「第三章产业发展」.
_MENTIONED = re.compile(r"[的、和至到及与或规以所中，,）)》”」日]")
# A title that counts 一、. Matches 「五、违约责任」; refuses 「（五）违约责任」.
_COUNTED = re.compile(rf"({NUMERAL})[{SPACE_CHARS}]*、")
# 目录 entries and notes are no bare titles. Matches 「一般规定」 「附　则」; refuses 「（院印）」 「2020年1月1日」
# 「注1」.
_BARE = re.compile(rf"[\u4e00-\u9fff][\u4e00-\u9fff{SPACE_CHARS}、与和“”]*")

_MAX_SPACED, _MAX_JOINED, _MAX_COUNTED, _MAX_BARE = 80, 40, 40, 20  # characters of a title, by how sure its form is


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading that takes lines [line, after); `level` indexes LEVELS; `number` is 0 where it is not counted."""

    line: int
    after: int
    level: int
    number: int


def find_heading(lines: Sequence[Line], index: int, articles: Collection[int], item_open: bool) -> HeadingLine | None:
    """Return the heading that starts at a line, None if the line is text.

    Args:
        lines: all lines of the document.
        index: the line to look at.
        articles: indices of the lines that start an article.
        item_open: whether the article above has 项, so that an unfinished （四） is its next 项 and no title.
    """
    text = lines[index].text
    match = _NUMBERED.fullmatch(text)
    if match is not None:
        return _numbered(lines, index, articles, match)
    if ends_text(text) or index in articles or index + 1 >= len(lines):
        return None
    before_article = index + 1 in articles
    counted = _COUNTED.match(text)
    if counted is not None and len(text) <= _MAX_COUNTED:
        number = number_or_none(counted[1])
        before_title = index + 2 in articles and item_marker(lines[index + 1].text) is not None
        if number is not None and (before_article or (before_title and not ends_text(lines[index + 1].text))):
            return HeadingLine(index, index + 1, _CHAPTER, number)
    if not before_article:
        return None
    item = item_marker(text)
    if item is not None:
        led_in = item_open or (index > 0 and lines[index - 1].text.endswith(("：", ":")))
        return None if led_in or len(text) > _MAX_COUNTED else HeadingLine(index, index + 1, _SECTION, item[0])
    if len(text) <= _MAX_BARE and _BARE.fullmatch(text) and (index == 0 or _closes(lines[index - 1].text)):
        return HeadingLine(index, index + 1, _CHAPTER, 0)
    return None


def _numbered(lines: Sequence[Line], index: int, articles: Collection[int], match: re.Match[str]) -> HeadingLine | None:
    number = number_or_none(match[1])
    title = match[3]
    text = lines[index].text
    if number is None:
        return None
    spaced = not title or title[0] in SPACE_CHARS
    if text.endswith(("。", "；", "：", "，", ";")) and not (
        spaced and len(text) <= _MAX_BARE and index + 1 in articles  # 「第五节 生活、卫生。」
    ):
        return None
    if len(text) > (_MAX_SPACED if spaced else _MAX_JOINED) or (not spaced and _MENTIONED.match(title)):
        return None
    return HeadingLine(
        index, _after_title(lines, index, articles, bool(title.strip("* "))), _LEVEL_OF[match[2]], number
    )


def _after_title(lines: Sequence[Line], index: int, articles: Collection[int], titled: bool) -> int:
    """Return the index of the line after a title: it may stand on the next line, or run over up to two more."""
    for after in (index + 2, index + 3):
        more = lines[index + 1 : after]
        if after not in articles or any(
            line_index in articles
            or (ends_text(line.text) and not line.text.endswith("、"))
            or len(line.text) > _MAX_COUNTED
            for line_index, line in enumerate(more, index + 1)
        ):
            continue
        if not any(_NUMBERED.fullmatch(line.text) or item_marker(line.text) for line in more):
            return after
    if not titled and index + 1 < len(lines) and index + 1 not in articles:
        following = lines[index + 1].text
        if len(following) <= _MAX_BARE and _BARE.fullmatch(following):
            return index + 2
    return index + 1


def _closes(text: str) -> bool:
    return ends_text(text) or _NUMBERED.fullmatch(text) is not None


class HeadingStack:
    """The headings above the current article, and all headings so far."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self._text = text
        self._lines = lines
        self._open: dict[int, str] = {}
        self._titles: tuple[str, ...] = ()
        self.all: list[Heading] = []

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles above, outermost first, as they stand in the text; a title on two lines is joined by a full-width
        space.
        """
        return self._titles

    def push(self, heading: HeadingLine) -> None:
        """Open a heading, which closes those of its level and below."""
        start, end = self._lines[heading.line].start, self._lines[heading.after - 1].end
        title = self._text[start:end]
        self.all.append(Heading(LEVELS[heading.level], heading.number, title, start, end))
        self._open = {level: name for level, name in self._open.items() if level < heading.level}
        self._open[heading.level] = "\u3000".join(title.split("\n"))
        self._titles = tuple(self._open[level] for level in sorted(self._open))


def headings_before(lines: Sequence[Line], first: int, articles: Collection[int]) -> list[HeadingLine]:
    """Return the headings that stand above the first article (at line `first`), outermost first; entries of a 目录
    are left out.

    They are told from the entries by rank: going up from the article, each must stand above the last, and where the
    file has several of its level before the article, it must be the first of its kind (第一章).
    """
    found: list[HeadingLine] = []
    index = 0
    while index < first:
        heading = find_heading(lines, index, articles, item_open=False)
        if heading is not None:
            found.append(heading)
        index = heading.after if heading is not None else index + 1
    chain: list[HeadingLine] = []
    for heading in reversed(found):
        if chain and heading.level >= chain[-1].level:
            break
        if heading.number > 1 and sum(other.level == heading.level for other in found) > 1:
            break
        chain.append(heading)
    chain.reverse()
    return chain
