"""Statutes: 编 章 节 above 条; what stands before the first article and after the last one."""

from collections.abc import Sequence

from assistant.parsing.annexes import AnnexCounter
from assistant.parsing.articles import MIN_PROVEN, ArticleStart, find_article_starts, number_warnings
from assistant.parsing.body import article_node, item_marker
from assistant.parsing.headings import HeadingStack, find_heading, headings_before
from assistant.parsing.lines import Line, contents_end, is_annex_title, signature_start, split_lines
from assistant.parsing.preamble import preamble_node
from assistant.parsing.tree import Node, Structure
from assistant.schema import Document, ProvisionKind


def has_articles(document: Document) -> bool:
    """Return whether the text has articles that count from 第一条, two at least: 实施细则 that call themselves policy
    have them.
    """
    starts = find_article_starts(split_lines(document.text))
    return len(starts) > 1 and (starts[0].number, starts[1].number) == (1, 2)


def parse_statute(document: Document) -> Structure | None:
    """Return the structure of a statute; None if it has no article of its own.

    Text before the first article is its preamble, without title, adoption lines and 目录. Annexes stand by
    themselves. Lines that sign and date the document belong to no provision.
    """
    lines = split_lines(document.text)
    starts = find_article_starts(lines)
    if not starts or _only_quoted(document, lines, starts):
        return None
    walk = _Walk(document, lines, starts)
    walk.front()
    walk.articles()
    return Structure(tuple(walk.nodes), tuple(walk.stack.all), tuple(number_warnings(lines, starts)))


def _only_quoted(document: Document, lines: Sequence[Line], starts: Sequence[ArticleStart]) -> bool:
    """Whether the articles are quotations, as judgments quote the law: few, from its middle, behind more text of its
    own.
    """
    first = starts[0]
    return len(starts) < MIN_PROVEN and first.number != 1 and 2 * lines[first.line].start > len(document.text)


class _Walk:
    def __init__(self, document: Document, lines: Sequence[Line], starts: Sequence[ArticleStart]) -> None:
        self.lines = lines
        self.starts = {start.line: start for start in starts}
        self.first = starts[0].line
        self.stack = HeadingStack(document.text, lines)
        self.nodes: list[Node] = []
        self._introductions = 0

    def front(self) -> None:
        chain = headings_before(self.lines, self.first, self.starts)
        top = contents_end(self.lines[: self.first])
        bottom = min([heading.line for heading in chain if heading.line >= top], default=self.first)
        node = preamble_node(self.lines[top:bottom])
        if node is not None:
            self.nodes.append(node)
        for heading in chain:
            self.stack.push(heading)

    def articles(self) -> None:
        current: ArticleStart | None = None
        collected: list[Line] = []
        annexes = AnnexCounter()
        annex: Node | None = None
        item_open = False
        index = self.first
        while index < len(self.lines):
            line = self.lines[index]
            heading = None
            if index in self.starts:
                self._close(current, collected)
                current, collected, annex, item_open = self.starts[index], [line], None, False
            elif (heading := find_heading(self.lines, index, self.starts, item_open)) is not None and (
                annex is None or self._article_follows(heading.after)
            ):
                self._close(current, collected)
                self.stack.push(heading)
                current, collected, annex = None, [], None
            elif is_annex_title(line.text):
                self._close(current, collected, last=True)
                current, collected = None, []
                annex = annexes.open(line)
                self.nodes.append(annex)
            elif annex is not None:
                annex.own.append((line.start, line.end))
            elif current is None:
                self._loose(line)
            else:
                collected.append(line)
                item_open = item_open or item_marker(line.text) is not None
            index = heading.after if heading is not None and annex is None else index + 1
        self._close(current, collected, last=True)

    def _loose(self, line: Line) -> None:
        """Keep text between a heading and its first article: an introduction to the chapter, citable as such."""
        last = self.nodes[-1] if self.nodes else None
        if last is None or not last.step.startswith("preamble") or last.headings != self.stack.titles:
            self._introductions += 1
            number = self._introductions
            last = Node(
                ProvisionKind.PREAMBLE,
                f"preamble{number + 1}",
                f"章首段（第{number}处）",
                line.start,
                line.end,
                headings=self.stack.titles,
                unit=True,
            )
            self.nodes.append(last)
        last.own.append((line.start, line.end))

    def _article_follows(self, index: int) -> bool:
        return index in self.starts or index + 1 in self.starts

    def _close(self, start: ArticleStart | None, collected: Sequence[Line], *, last: bool = False) -> None:
        if start is None:
            return
        if last:
            collected = [collected[0], *collected[1 : 1 + signature_start(collected[1:])]]
        self.nodes.append(article_node(start, collected, self.stack.titles))
