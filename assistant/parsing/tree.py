"""From the tree that a structure parser builds to provisions, sentences and warnings in the order of the text."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.parsing.force import classify
from assistant.parsing.ids import full_id, sentence_id
from assistant.parsing.sentences import split_sentences
from assistant.schema import Document, Heading, Kind, Parsed, Provision, ProvisionKind, Sentence


@dataclass(slots=True)
class Node:
    """A provision in the making.

    Attributes:
        step: its step of the path ("a10", "p2").
        piece: its part of the label (第十条, 第二款); "" where a lawyer names the parent instead.
        own: spans of its own text, which sentences are cut from: without its number, its heading line and its children.
        unit: whether it is a unit of retrieval.
    """

    kind: ProvisionKind
    step: str
    piece: str
    start: int
    end: int
    number: tuple[int, int] | None = None
    headings: tuple[str, ...] = ()
    own: list[tuple[int, int]] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    unit: bool = False

    def close(self) -> None:
        """Stretch the end over the own text and the children."""
        for child in self.children:
            child.close()
            self.end = max(self.end, child.end)
        for _, end in self.own:
            self.end = max(self.end, end)


@dataclass(frozen=True, slots=True)
class Structure:
    """What a structure parser found: top nodes in the order of the text, headings, warnings."""

    nodes: tuple[Node, ...]
    headings: tuple[Heading, ...] = ()
    warnings: tuple[str, ...] = ()


class LineNumbers:
    """1-based line numbers of offsets into one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        position = text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = text.find("\n", position + 1)

    def at(self, offset: int) -> int:
        """Return the number of the line that `offset` lies in."""
        return bisect_right(self._starts, offset)


def assemble(document: Document, structure: Structure, kind: Kind) -> Parsed:
    """Return the document with its provisions, in the order of the text, each parent before its children.

    Args:
        document: what was parsed.
        structure: what was found in it.
        kind: the structure that was used, which `classify` reads verbs by.

    An id that is taken already gets `~2`, `~3`; a warning names both lines, except for articles, whose parser has
    spoken.
    """
    builder = _Builder(document, kind)
    for node in structure.nodes:
        node.close()
        builder.add(node, None, "", "", (), None)
    return Parsed(
        document=document,
        provisions=tuple(builder.provisions),
        sentences=tuple(builder.sentences),
        headings=structure.headings,
        warnings=(*structure.warnings, *builder.warnings),
    )


class _Builder:
    def __init__(self, document: Document, kind: Kind) -> None:
        self.provisions: list[Provision] = []
        self.sentences: list[Sentence] = []
        self.warnings: list[str] = []
        self._document = document
        self._text = document.text
        self._kind = kind
        self._lines = LineNumbers(document.text)
        self._taken: dict[str, tuple[int, int]] = {}  # path → offset of the first, how many so far

    def add(
        self, node: Node, parent: str | None, prefix: str, label: str, headings: tuple[str, ...], unit: str | None
    ) -> None:
        path = self._unique(f"{prefix}.{node.step}" if prefix else node.step, node)
        provision_id = full_id(self._document.id, path)
        label += node.piece
        headings = headings + node.headings
        self.provisions.append(
            Provision(
                id=provision_id,
                doc_id=self._document.id,
                kind=node.kind,
                number=node.number,
                label=label,
                headings=headings,
                start=node.start,
                end=node.end,
                text=self._text[node.start : node.end],
                parent=parent,
                unit=node.unit,
            )
        )
        if node.unit or unit is None:
            unit = provision_id
        self._add_sentences(node.own, provision_id, unit)
        below = headings + _title_of(self._text, node)
        for child in node.children:
            self.add(child, provision_id, path, label, below, unit)

    def _add_sentences(self, spans: Iterable[tuple[int, int]], provision_id: str, unit: str) -> None:
        number = 0
        for span_start, span_end in spans:
            for start, end in split_sentences(self._text[span_start:span_end], span_start):
                number += 1
                sentence = self._text[start:end]
                self.sentences.append(
                    Sentence(
                        id=sentence_id(provision_id, number),
                        provision=provision_id,
                        unit=unit,
                        start=start,
                        end=end,
                        text=sentence,
                        force=classify(sentence, self._kind),
                    )
                )

    def _unique(self, path: str, node: Node) -> str:
        if path not in self._taken:
            self._taken[path] = (node.start, 1)
            return path
        first, count = self._taken[path]
        self._taken[path] = (first, count + 1)
        renamed = f"{path}~{count + 1}"
        if node.kind is not ProvisionKind.ARTICLE:
            here, there = self._lines.at(node.start), self._lines.at(first)
            self.warnings.append(f"第{here}行：编号与第{there}行重复，记作 {renamed}")
        return renamed


_TITLED = frozenset({ProvisionKind.PART, ProvisionKind.HEADING, ProvisionKind.POINT, ProvisionKind.SUBPOINT})
_MAX_TITLE = 60  # characters; a longer first line is text and no title


def _title_of(text: str, node: Node) -> tuple[str, ...]:
    """Return the title of a numbered part as it stands, for the provisions below it: its first line, up to the first
    。
    """
    if node.kind not in _TITLED:
        return ()
    line = text[node.start : node.end].split("\n", 1)[0]
    title = line.split("。", 1)[0].strip()
    return (title,) if len(title) <= _MAX_TITLE else ()
