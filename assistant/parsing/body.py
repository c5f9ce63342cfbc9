"""The inside of an article: 款 by paragraph, 项 by （一）, 目 by 1."""

import re
from collections.abc import Sequence

from assistant.parsing.articles import ArticleStart
from assistant.parsing.ids import article_path
from assistant.parsing.labels import article_piece, item_piece, paragraph_piece, subitem_piece
from assistant.parsing.lines import Line, number_or_none
from assistant.parsing.numerals import NUMERAL_CHARS, SPACE_CHARS
from assistant.parsing.tree import Node
from assistant.schema import ProvisionKind

_CHINESE = NUMERAL_CHARS.replace("0-9０-９", "")

# 项. Matches 「（一）有固定住所；」 「(十一)其他」 「㈠」; refuses 「（1）」 「（以下简称条例）」.
ITEM = re.compile(
    rf"[（(][{SPACE_CHARS}]*([{_CHINESE}]+)[{SPACE_CHARS}]*[）)][{SPACE_CHARS}、]*|([㈠-㈩])[{SPACE_CHARS}]*"
)
# 目, or a 项 that is counted in Arabic digits. Matches 「1.申请书」 「１．申请书」 「2、身份证明」 「（1）型号」
# 「①」; refuses 「1.5米以上」 「2003年」.
SUBITEM = re.compile(
    rf"([0-9０-９]{{1,3}})[{SPACE_CHARS}]*[.．、](?![0-9０-９])[{SPACE_CHARS}]*|[（(]([0-9０-９]{{1,3}})[）)][{SPACE_CHARS}]*|([①-⑳])"
)
_MARKER_STARTS = frozenset("（(㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩0123456789０１２３４５６７８９") | {
    chr(0x2460 + n) for n in range(20)
}


def item_marker(text: str) -> tuple[int, int] | None:
    """Return (number, length of the marker) of a line that opens a 项, None of any other line."""
    match = ITEM.match(text) if text and text[0] in _MARKER_STARTS else None
    if match is None:
        return None
    number = number_or_none(match[1]) if match[1] else ord(match[2]) - ord("㈠") + 1
    return None if number is None else (number, match.end())


def subitem_marker(text: str) -> tuple[int, int, str] | None:
    """Return (number, length of the marker, style) of a line that opens a 目, None of any other line; style is one of
    . ( ①.
    """
    match = SUBITEM.match(text) if text and text[0] in _MARKER_STARTS else None
    if match is None:
        return None
    if match[3]:
        return ord(match[3]) - ord("①") + 1, match.end(), "①"
    return int(match[1] or match[2]), match.end(), "." if match[1] else "("


def article_node(start: ArticleStart, lines: Sequence[Line], headings: tuple[str, ...]) -> Node:
    """Return the article whose lines these are, the first being the one that it starts in.

    A line is a new 款, unless it opens a 项 or 目 (which belongs to the 款 above), or stands between two 项 whose
    numbers run on (which makes it part of the first). Numbers inside a line split nothing.
    """
    first = lines[0]
    article = Node(
        kind=ProvisionKind.ARTICLE,
        step=article_path(start.number, start.branch),
        piece=article_piece(start.number, start.branch),
        start=first.start,
        end=first.end,
        number=(start.number, start.branch),
        headings=headings,
        unit=True,
    )
    pieces = [(line.start, line.end, line.text) for line in lines[1:]]
    if start.body < first.end:
        pieces.insert(0, (start.body, first.end, first.text[start.body - first.start :]))
    _Paragraphs(article, pieces).fill()
    if len(article.children) == 1:
        article.children[0].piece = ""  # a lawyer does not say 第一款 where there is only one
    return article


class _Paragraphs:
    """Fills an article with its 款; keeps which 款, 项 and 目 are open."""

    def __init__(self, article: Node, pieces: Sequence[tuple[int, int, str]]) -> None:
        self._article = article
        self._pieces = pieces
        self._items = [item_marker(text) for _, _, text in pieces]
        self._next_item = _next_numbers(self._items)
        self._paragraph: Node | None = None
        self._item: Node | None = None
        self._item_style = ""  # "（" of （一）, or the style of an Arabic 项
        self._subitem: Node | None = None
        self._subitem_style = ""

    def fill(self) -> None:
        for index, (start, end, text) in enumerate(self._pieces):
            item = self._items[index]
            if item is not None:
                self._open_item(start, end, *item, style="（")
            elif not self._take_subitem(start, end, text):
                if self._item is not None and self._next_item[index] == _number(self._item) + 1:
                    (self._subitem or self._item).own.append((start, end))
                else:
                    self._open_paragraph(start, end).own.append((start, end))

    def _open_paragraph(self, start: int, end: int) -> Node:
        number = len(self._article.children) + 1
        self._paragraph = Node(
            ProvisionKind.PARAGRAPH, f"p{number}", paragraph_piece(number), start, end, number=(number, 0)
        )
        self._article.children.append(self._paragraph)
        self._item = self._subitem = None
        return self._paragraph

    def _open_item(self, start: int, end: int, number: int, marker: int, *, style: str) -> None:
        paragraph = self._paragraph or self._open_paragraph(start, end)
        piece = item_piece(number, arabic=style != "（")
        self._item = Node(ProvisionKind.ITEM, f"i{number}", piece, start, end, number=(number, 0))
        self._item.own.append((start + marker, end))
        self._item_style = style
        self._subitem = None
        paragraph.children.append(self._item)

    def _take_subitem(self, start: int, end: int, text: str) -> bool:
        """Take a line that counts in Arabic digits, if it counts on: it is the first, or the next one in its style."""
        marker = subitem_marker(text)
        if marker is None:
            return False
        number, length, style = marker
        if self._subitem is not None and style == self._subitem_style:
            if number != _number(self._subitem) + 1:
                return False
        elif self._subitem is not None and style != self._item_style:
            self._subitem.own.append((start, end))  # a level below 目 has no name: it stays in its 目
            return True
        elif self._item is not None and style == self._item_style:
            if number != _number(self._item) + 1:
                return False
            self._open_item(start, end, number, length, style=style)
            return True
        elif number != 1:
            return False
        if self._item is None:
            self._open_item(start, end, number, length, style=style)
            return True
        self._subitem = Node(ProvisionKind.SUBITEM, f"k{number}", subitem_piece(number), start, end, number=(number, 0))
        self._subitem.own.append((start + length, end))
        self._subitem_style = style
        self._item.children.append(self._subitem)
        return True


def _number(node: Node) -> int:
    assert node.number is not None
    return node.number[0]


def _next_numbers(items: Sequence[tuple[int, int] | None]) -> list[int | None]:
    """Return for every line the number of the next 项 behind it, None where there is none."""
    following: list[int | None] = []
    number: int | None = None
    for item in reversed(items):
        following.append(number)
        if item is not None:
            number = item[0]
    following.reverse()
    return following
