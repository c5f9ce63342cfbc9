"""Word files (.docx) → blocks in the order of the body: paragraphs, table rows, text boxes; then the notes.

Insertions are text, deletions are not. What Word's lists write (第一条) is written out. Nothing is resolved from
outside the file, and embedded files are never opened.
"""

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from assistant.errors import UnreadableFileError
from assistant.reading.archive import OfficeArchive
from assistant.reading.blocks import Block, Extracted
from assistant.reading.limits import Limits
from assistant.reading.numbering import MAX_STYLE_DEPTH, Numbering
from assistant.reading.ooxml import attribute, child, children, integer, name, switched_on

TRANSPARENT = frozenset(
    ("ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "bdo", "dir", "sdtContent", "rubyBase")
)
DELETED = frozenset(("del", "moveFrom"))
OBJECTS = frozenset(("drawing", "pict", "object"))
BREAKS = {"page": "\f", "column": "\f"}
COUNTED = {
    "deleted": "修订中删除的内容 {} 处未收入",
    "inserted": "修订中插入的内容 {} 处按正文收入；文件可能不是定稿",
    "hidden": "隐藏文字 {} 处未收入",
    "pictures": "图片 {} 张未读，图中文字不在正文内",
    "symbols": "符号字体的字符 {} 个无法对应文字，未收入",
    "ruby": "注音 {} 处未收入",
    "chunks": "嵌入的外部文档 {} 处未收入",
    "furniture": "页眉页脚 {} 处未收入",
    "comments": "批注 {} 条未收入",
    "nested": "内嵌文件 {} 个未打开",
}
Piece = tuple[str, etree._Element]  # some text, and the element it was taken from


@dataclass(slots=True)
class WordTrace:
    """Where the text of a Word file stands in its XML.

    Attributes:
        pieces: the text of each paragraph, by the number that `SourcePoint.paragraph` gives it, without the number that
            a list writes before it.
        notes: which note a paragraph stands in: ("footnote", id) or ("endnote", id).
        marks: the first mark in the body that refers to a note.
    """

    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    notes: dict[int, tuple[str, str]] = field(default_factory=dict)
    marks: dict[tuple[str, str], etree._Element] = field(default_factory=dict)


def read_word(stream: IO[bytes], file: str, limits: Limits) -> Extracted:
    """Return the blocks of a Word file.

    Raises:
        UnreadableFileError: when the archive or its XML is damaged, hostile, or not a Word file.
    """
    archive = OfficeArchive(stream, file, limits)
    main = _related(archive, "").get("officeDocument", ["word/document.xml"])[0]
    root = archive.xml(main)
    if name(root) != "document" or child(root, "body") is None:
        raise UnreadableFileError(f"{file}：不是 Word 文档；请确认扩展名，或用 Word 另存为 .docx")
    related = _related(archive, main)

    def part(kind: str) -> etree._Element | None:
        targets = [target for target in related.get(kind, []) if target in archive.names]
        return archive.xml(targets[0]) if targets else None

    styles = part("styles")
    walker = _Walker(Numbering.from_parts(part("numbering"), styles), _hidden_styles(styles))
    walker.walk(root.find("{*}body"), "body")
    for kind in ("footnote", "endnote"):
        walker.notes(part(f"{kind}s"), kind)
    for kind in ("header", "footer"):
        for target in related.get(kind, []):
            if target in archive.names and _has_text(archive.xml(target)):
                walker.counts["furniture"] += 1
    walker.counts["comments"] += sum(1 for _ in children(part("comments"), "comment"))
    walker.counts["nested"] += len(archive.nested)
    warnings = tuple(COUNTED[key].format(walker.counts[key]) for key in COUNTED if walker.counts[key])
    return Extracted(tuple(walker.blocks), warnings)


def trace_word(
    document: etree._Element, styles: etree._Element | None, notes: Mapping[str, etree._Element | None]
) -> WordTrace:
    """Return where in these trees the text stands that `read_word` gives for the file they were parsed from.

    Args:
        document: the root of the main part.
        styles: the root of the styles part.
        notes: the roots of the parts of notes, by "footnote" and "endnote".
    """
    trace = WordTrace()
    walker = _Walker(Numbering.from_parts(None, None), _hidden_styles(styles), trace=trace)
    walker.walk(document.find("{*}body"), "body")
    for kind in ("footnote", "endnote"):
        walker.notes(notes.get(kind), kind)
    return trace


def _related(archive: OfficeArchive, part: str) -> dict[str, list[str]]:
    """Return the parts that `part` refers to inside the archive, by the last word of their relationship type."""
    folder, base = posixpath.split(part)
    entry = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, list[str]] = {}
    if entry in archive.names:
        for relation in archive.xml(entry):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, str(relation.get("Target", ""))))
                found.setdefault(str(relation.get("Type", "")).rpartition("/")[2], []).append(target.lstrip("/"))
    return found


def _has_text(element: etree._Element) -> bool:
    return any(name(found) == "t" and (found.text or "").strip() for found in element.iter())


def _hidden_styles(styles: etree._Element | None) -> frozenset[str]:
    """Return the ids of styles whose text is hidden, by themselves or through basedOn."""
    own, based_on = {}, {}
    for style in children(styles, "style"):
        style_id = attribute(style, "styleId")
        vanish = child(child(style, "rPr"), "vanish")
        own[style_id] = None if vanish is None else switched_on(vanish)
        based_on[style_id] = attribute(child(style, "basedOn"), "val")
    hidden = set()
    for style_id in own:
        current = style_id
        for _ in range(MAX_STYLE_DEPTH):
            if current not in own or own[current] is not None:
                break
            current = based_on[current]
        if own.get(current):
            hidden.add(style_id)
    return frozenset(hidden)


def _chosen(element: etree._Element) -> etree._Element | None:
    """Return the branch of an mc:AlternateContent that is read: the first choice, else the fallback, never both."""
    for wanted in ("mc:Choice", "mc:Fallback"):
        for branch in element:
            if name(branch) == wanted:
                return branch
    return None


@dataclass(slots=True)
class _Inline:
    """The text of a paragraph as it grows, and the text boxes anchored in it."""

    hidden: bool
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


@dataclass(slots=True)
class _Walker:
    """Walks the body, collecting blocks; counts what it leaves out."""

    numbering: Numbering
    hidden_styles: frozenset[str]
    blocks: list[Block] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    referenced: dict[str, list[str]] = field(default_factory=lambda: {"footnote": [], "endnote": []})
    paragraph: int = 0
    carried: list[Piece] = field(default_factory=list)  # of a paragraph whose mark was deleted: it goes on in the next
    trace: WordTrace | None = None
    note: tuple[str, str] | None = None  # the note that is being walked

    def walk(self, container: etree._Element, part: str) -> None:
        """Collect the blocks of a body, cell, note or text box."""
        for element in container:
            kind = name(element)
            if kind == "p":
                self._paragraph(element, part)
            elif kind == "tbl":
                self._table(element, part)
            elif kind in DELETED:
                self.counts["deleted"] += 1
            elif kind == "altChunk":
                self.counts["chunks"] += 1
            elif kind == "sdt":
                self.walk_all(children(element, "sdtContent"), part)
            elif kind in TRANSPARENT:
                self.walk(element, part)
            elif kind == "mc:AlternateContent" and (branch := _chosen(element)) is not None:
                self.walk(branch, part)

    def walk_all(self, containers: Iterator[etree._Element], part: str) -> None:
        """Collect the blocks of several containers in turn."""
        for container in containers:
            self.walk(container, part)

    def notes(self, root: etree._Element | None, kind: str) -> None:
        """Collect the notes of one kind, in the order the text refers to them, then those it does not refer to."""
        notes = {
            attribute(note, "id"): note
            for note in children(root, kind)
            if attribute(note, "type") not in ("separator", "continuationSeparator", "continuationNotice")
        }
        for note_id in dict.fromkeys([*self.referenced[kind], *notes]):
            if note_id in notes:
                self.note = kind, note_id
                self.walk(notes[note_id], kind)
        self.note = None

    def _paragraph(self, element: etree._Element, part: str) -> None:
        self.paragraph += 1
        number = self.paragraph
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        inline = _Inline(hidden=style in self.hidden_styles)
        self._inline(element, inline)
        pieces, self.carried = self.carried + inline.pieces, []
        mark = child(properties, "rPr")
        if any(child(mark, kind) is not None for kind in DELETED):
            self.carried = pieces
        else:
            self._traced(number, pieces)
            text = "".join(piece for piece, _ in pieces)
            label = self.numbering.label(properties, style)
            self.blocks.append(Block(label + text if text.strip() else label.rstrip(), paragraph=number, part=part))
        for box in inline.boxes:
            self.walk(box, "textbox")

    def _traced(self, number: int, pieces: list[Piece]) -> None:
        if self.trace is not None:
            self.trace.pieces[number] = pieces
            if self.note is not None:
                self.trace.notes[number] = self.note

    def _inline(self, element: etree._Element, inline: _Inline) -> None:
        for item in element:
            kind = name(item)
            if kind == "r":
                self._run(item, inline)
            elif kind in DELETED:
                self.counts["deleted"] += 1
            elif kind in TRANSPARENT:
                if kind in ("ins", "moveTo") and _has_text(item):
                    self.counts["inserted"] += 1
                self._inline(item, inline)
            elif kind == "sdt":
                for content in children(item, "sdtContent"):
                    self._inline(content, inline)
            elif kind == "mc:AlternateContent" and (branch := _chosen(item)) is not None:
                self._inline(branch, inline)
            elif kind.startswith("m:"):
                inline.pieces += [(found.text or "", found) for found in item.iter() if name(found) in ("m:t", "t")]

    def _run(self, run: etree._Element, inline: _Inline) -> None:
        properties = child(run, "rPr")
        vanish = child(properties, "vanish")
        hidden = inline.hidden or attribute(child(properties, "rStyle"), "val") in self.hidden_styles
        if switched_on(vanish) if vanish is not None else hidden:
            self.counts["hidden"] += _has_text(run)
            return
        for item in run:
            self._run_item(item, inline)

    def _run_item(self, item: etree._Element, inline: _Inline) -> None:
        kind = name(item)
        if kind == "t":
            inline.pieces.append((item.text or "", item))
        elif kind in ("tab", "ptab"):  # a tab stays what separates cells
            inline.pieces.append((" ", item))
        elif kind in ("br", "cr"):
            inline.pieces.append((BREAKS.get(attribute(item, "type"), "\n"), item))
        elif kind == "noBreakHyphen":
            inline.pieces.append(("-", item))
        elif kind == "sym":
            self._symbol(item, inline)
        elif kind in ("footnoteReference", "endnoteReference"):
            note = kind.removesuffix("Reference"), attribute(item, "id")
            self.referenced[note[0]].append(note[1])
            if self.trace is not None:
                self.trace.marks.setdefault(note, item)
        elif kind == "ruby":
            self.counts["ruby"] += 1
            for base in children(item, "rubyBase"):
                self._inline(base, inline)
        elif kind in OBJECTS:
            self._object(item, inline)
        elif kind == "mc:AlternateContent" and (branch := _chosen(item)) is not None:
            for alternative in branch:
                self._run_item(alternative, inline)

    def _symbol(self, item: etree._Element, inline: _Inline) -> None:
        try:
            char = chr(int(attribute(item, "char"), 16))
        except (ValueError, OverflowError):
            char = "\ue000"
        if 0xD800 <= ord(char) <= 0xF8FF:  # a surrogate, or a place in a symbol font that stands for no character
            self.counts["symbols"] += 1
        else:
            inline.pieces.append((char, item))

    def _object(self, element: etree._Element, inline: _Inline) -> None:
        """Collect the text boxes of a drawing; count its pictures."""
        for item in element:
            kind = name(item)
            if kind == "txbxContent":
                inline.boxes.append(item)
            elif kind == "mc:AlternateContent":
                if (branch := _chosen(item)) is not None:
                    self._object(branch, inline)
            else:
                if isinstance(item.tag, str) and item.tag.endswith(("}blip", "}imagedata")):
                    self.counts["pictures"] += 1
                self._object(item, inline)

    def _table(self, table: etree._Element, part: str) -> None:
        rows = [cells for row in self._rows(table) if (cells := list(self._cells(row)))]
        if all(len(cells) == 1 for cells in rows):  # a frame around text, not a table
            for cells in rows:
                self.walk(cells[0], part)
            return
        for cells in rows:
            first = self.paragraph + 1
            texts = []
            for cell in cells:
                properties = child(cell, "tcPr")
                merged = [child(properties, kind) for kind in ("vMerge", "hMerge")]
                texts.append(self._cell_text(cell, part))
                if any(merge is not None and attribute(merge, "val") != "restart" for merge in merged):
                    texts[-1] = ""  # goes on with the cell above or before it, which has the text
            self.blocks.append(Block("\t".join(texts), paragraph=first, part=part, row=True))

    def _rows(self, container: etree._Element) -> Iterator[etree._Element]:
        for element in container:
            kind = name(element)
            if kind == "tr":
                if any(child(child(element, "trPr"), mark) is not None for mark in DELETED):
                    self.counts["deleted"] += 1
                else:
                    yield element
            elif kind in TRANSPARENT or kind == "sdt":
                yield from self._rows(element)

    def _cells(self, container: etree._Element) -> Iterator[etree._Element]:
        for element in container:
            kind = name(element)
            if kind == "tc":
                yield element
            elif kind == "trPr":
                for _ in range(min(integer(attribute(child(element, "gridBefore"), "val"), 0), 63)):
                    yield etree.Element("gap")
            elif kind in TRANSPARENT or kind == "sdt":
                yield from self._cells(element)

    def _cell_text(self, cell: etree._Element, part: str) -> str:
        """Return the text of a cell on one line, what is nested in it included."""
        outer, self.blocks = self.blocks, []
        self.walk(cell, part)
        inner, self.blocks = self.blocks, outer
        return " ".join(filter(None, (" ".join(block.text.split()) for block in inner)))
