"""Policy documents without articles: 一、 then （一） then 1. then （1）, with paragraphs that carry no number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.annexes import AnnexCounter
from assistant.parsing.body import item_marker, subitem_marker
from assistant.parsing.closing import split_closing
from assistant.parsing.labels import closing_piece, natural_paragraph_piece, part_piece
from assistant.parsing.lines import (
    Line,
    contents_end,
    ends_text,
    is_annex_title,
    number_or_none,
    signature_start,
    split_lines,
)
from assistant.parsing.numerals import NUMERAL, NUMERAL_CHARS, SPACE_CHARS
from assistant.parsing.preamble import preamble_node
from assistant.parsing.tree import Node, Structure
from assistant.schema import Document, ProvisionKind

_RANKS = {letter: rank for rank, letter in enumerate("bcdnhtu")}  # 编, 章, 节, 一、, （一）, 1., （1）: outermost first
_UNIT_RANK = _RANKS["h"]  # below （一） nothing is a unit of retrieval
_KINDS = {"h": ProvisionKind.HEADING, "t": ProvisionKind.POINT, "u": ProvisionKind.SUBPOINT}

_CHINESE = NUMERAL_CHARS.replace("0-9０-９", "")
# A part. Matches 「八、完善支持产业转移的体制机制」 「十一、 保障」; refuses 「三四线城市」 「一是」.
_PART = re.compile(rf"([{_CHINESE}]+)[{SPACE_CHARS}]*、[{SPACE_CHARS}]*")
# A chapter of a plan. Matches 「第一章　智慧林业内涵」 「第二篇」 「第一部分 总则」; refuses 「第一章的规定」
# 「第一部分是」.
_CHAPTER = re.compile(rf"第[{SPACE_CHARS}]*({NUMERAL})[{SPACE_CHARS}]*([编篇章节]|部分)(?:[{SPACE_CHARS}：:]+|$)")
_CHAPTER_LETTERS = {"编": "b", "篇": "b", "部分": "b", "章": "c", "节": "d"}
_MAX_TITLE = 60  # characters of a title line; a longer one is text that lacks its full stop


@dataclass(frozen=True, slots=True)
class _Mark:
    letter: str
    number: int
    length: int  # of the marker


def parse_policy(document: Document) -> Structure:
    """Return the structure of a policy document.

    A numbered line opens a provision of its rank below the last one of a higher rank. When the line is a title (it
    ends no sentence), the paragraphs are the lines below; when text follows on the line itself, that text is its
    first paragraph. Text before the first number is the preamble; the last paragraphs that speak for the whole
    document are its 结尾段. A document without any number is a row of paragraphs. Signing lines belong to no
    provision.
    """
    lines = split_lines(document.text)
    lines = lines[contents_end(lines) :]
    first = next((index for index, line in enumerate(lines) if _mark(line.text) is not None), len(lines))
    annex = next((index for index, line in enumerate(lines) if is_annex_title(line.text)), len(lines))
    if annex < first < len(lines) and _RANKS[_letter(lines[first].text)] <= _UNIT_RANK:
        # a notice that lists its annexes, and then the document that it issues
        annex = next((index for index in range(first, len(lines)) if is_annex_title(lines[index].text)), len(lines))
    body, annexes = lines[:annex], lines[annex:]
    body = body[: signature_start(body)]
    warnings: list[str] = []
    nodes = _numbered_nodes(document.text, body, first, warnings) if first < len(body) else _unnumbered_nodes(body)
    return Structure((*nodes, *_annex_nodes(annexes)), (), tuple(warnings))


def _letter(text: str) -> str:
    mark = _mark(text)
    return mark.letter if mark is not None else "u"


def _mark(text: str) -> _Mark | None:
    """Return the number that a line opens with, None if it is text."""
    if text[0] == "第":
        chapter = _CHAPTER.match(text)
        if chapter is None or ends_text(text) or len(text) > _MAX_TITLE:
            return None
        number = number_or_none(chapter[1])
        return None if number is None else _Mark(_CHAPTER_LETTERS[chapter[2]], number, chapter.end())
    part = _PART.match(text)
    if part is not None:
        number = number_or_none(part[1])
        return None if number is None else _Mark("n", number, part.end())
    item = item_marker(text)
    if item is not None:
        return _Mark("h", *item)
    point = subitem_marker(text)
    if point is None or point[2] == "①":
        return None
    return _Mark("u" if point[2] == "(" else "t", point[0], point[1])


def _is_title(text: str) -> bool:
    return len(text) <= _MAX_TITLE and not ends_text(text)


def _numbered_nodes(text: str, lines: Sequence[Line], first: int, warnings: list[str]) -> list[Node]:
    walk = _Walk(warnings)
    for line in lines[first:]:
        walk.take(line)
    nodes = walk.top
    preamble = preamble_node(lines[:first])
    closing = split_closing(nodes[-1], text)
    for node in nodes:
        _finish(node)
        node.unit = node.unit or _rank(node) > _UNIT_RANK
    for number, node in enumerate(closing, 1):
        node.kind, node.unit = ProvisionKind.CLOSING, True
        node.step = "closing" if number == 1 else f"closing{number}"
        node.piece = closing_piece(number)
        node.number = None
    return [*([preamble] if preamble else []), *nodes, *closing]


class _Walk:
    """Builds the tree line by line; knows which provisions are open."""

    def __init__(self, warnings: list[str]) -> None:
        self.top: list[Node] = []
        self._warnings = warnings
        self._open: list[tuple[int, Node]] = []  # rank and node, outermost first
        self._last: dict[str, int] = {}  # last number of each letter, wherever it stood: （四） may count on in part 二

    def take(self, line: Line) -> None:
        mark = _mark(line.text)
        if mark is None or not self._counts_on(mark, line):
            node = self._open[-1][1]
            node.children.append(_paragraph(line.start, line.end))
            return
        self._warn(mark, line)
        rank = _RANKS[mark.letter]
        self._last[mark.letter] = mark.number
        while self._open and self._open[-1][0] >= rank:
            self._open.pop()
        node = Node(
            kind=_KINDS.get(mark.letter, ProvisionKind.PART),
            step=f"{mark.letter}{mark.number}",
            piece=part_piece(mark.letter, mark.number),
            start=line.start,
            end=line.end,
            number=(mark.number, 0),
        )
        if mark.length < len(line.text):
            text = _paragraph(line.start + mark.length, line.end)
            if _is_title(line.text):
                node.own = list(text.own)  # until _finish finds that it heads something
            else:
                node.children.append(text)
        (self._open[-1][1].children if self._open else self.top).append(node)
        self._open.append((rank, node))

    def _counts_on(self, mark: _Mark, line: Line) -> bool:
        """Whether a number is one of the document's: 「三、四线城市应当…」 and 「5.生产线」 in running text are not."""
        if not self._open or mark.letter in "bcdh" or mark.number in (1, self._last.get(mark.letter, 0) + 1):
            return True
        return mark.letter == "n" and _is_title(line.text)

    def _warn(self, mark: _Mark, line: Line) -> None:
        if mark.letter not in "nh":
            return
        expected = self._last.get(mark.letter, 0) + 1
        if mark.number == expected or (mark.number == 1 and (mark.letter == "h" or self._in_chapter())):
            return
        name = part_piece(mark.letter, mark.number)
        if mark.number == 1:
            self._warnings.append(f"第{line.number}行：序号从{name}重新开始，文件可能含有多个文本")
        else:
            self._warnings.append(f"第{line.number}行：应为{part_piece(mark.letter, expected)}，却是{name}，序号不连续")

    def _in_chapter(self) -> bool:
        return any(rank < _RANKS["n"] for rank, _ in self._open)


def _paragraph(start: int, end: int) -> Node:
    return Node(ProvisionKind.PARAGRAPH, "", "", start, end, own=[(start, end)])


def _finish(node: Node) -> None:
    """Number the paragraphs, mark the units, and give a title that heads nothing its text back."""
    if node.own and not node.children:
        node.children.append(_paragraph(*node.own[0]))
    node.own = []
    paragraphs = [child for child in node.children if child.kind is ProvisionKind.PARAGRAPH]
    alone = len(node.children) == 1
    for number, child in enumerate(paragraphs, 1):
        child.step, child.number = f"p{number}", (number, 0)
        child.piece = "" if alone else natural_paragraph_piece(number)
    divided = any(_rank(child) <= _UNIT_RANK for child in node.children)
    node.unit = not divided and _rank(node) <= _UNIT_RANK
    for child in node.children:
        if child.kind is not ProvisionKind.PARAGRAPH:
            _finish(child)
        if divided and _rank(child) > _UNIT_RANK:
            child.unit = True


def _rank(node: Node) -> int:
    """Return the rank of a numbered node; paragraphs rank below all."""
    return len(_RANKS) if node.kind is ProvisionKind.PARAGRAPH else _RANKS[node.step[0]]


def _unnumbered_nodes(lines: Sequence[Line]) -> list[Node]:
    first = next((index for index, line in enumerate(lines) if ends_text(line.text)), 0)  # titles stand before the text
    nodes = []
    for number, line in enumerate(lines[first:], 1):
        node = _paragraph(line.start, line.end)
        node.step, node.piece = f"p{number}", natural_paragraph_piece(number)
        node.number, node.unit = (number, 0), True
        nodes.append(node)
    return nodes


def _annex_nodes(lines: Sequence[Line]) -> list[Node]:
    annexes = AnnexCounter()
    nodes: list[Node] = []
    for line in lines:
        if is_annex_title(line.text):
            nodes.append(annexes.open(line))
        else:
            nodes[-1].own.append((line.start, line.end))
    return nodes
