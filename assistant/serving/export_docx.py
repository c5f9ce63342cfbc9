"""An answer as a Word file on A4, in 宋体 with headings in 黑体, as an office would file it."""

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

from assistant.schema import Answer, Metadata
from assistant.serving.export import TITLE, Line, Table, Title, blocks_of

AUTHOR = "依据"
# What XML cannot hold: matches NUL, ESC, a lone surrogate; refuses tab, line feed, U+3000.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_INK, _SOFT, _ACCENT, _DOUBT = (RGBColor.from_string(code) for code in ("1C2733", "55616E", "1F4E79", "7A4A00"))
_SHADE = "EEF1F4"
_WIDTH_CM = 15.8  # between the margins
# Widths by the number of columns: what names a thing is narrower than what says it.
_COLUMNS = {2: (2.8, 13.0), 4: (5.6, 4.6, 3.2, 2.4)}


def export_docx(answer: Answer, shelf: Mapping[str, Metadata] | None = None, *, at: datetime | None = None) -> bytes:
    """Return an answer as a .docx file; arguments as of `assistant.serving.export.export_markdown`."""
    moment = at or datetime.now()
    word = _blank(moment)
    for block in blocks_of(answer, shelf or {}, moment):
        match block:
            case Title():
                _title(word, block)
            case Table():
                _table(word, block)
            case Line():
                _line(word, block)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _blank(at: datetime) -> WordDocument:
    word = docx.Document()
    for style in ("Normal", "Title", "Heading 2"):
        font = word.styles[style].font
        heading = style != "Normal"
        font.name = "Arial" if heading else "Times New Roman"
        properties = word.styles[style].element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would win
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "黑体" if heading else "宋体")
        # Without it the full stops and commas of the text stand in the middle of their squares, as in Taiwan.
        language = OxmlElement("w:lang")
        language.set(qn("w:eastAsia"), "zh-CN")
        properties.append(language)
        font.color.rgb = _ACCENT if heading else _INK
    word.styles["Normal"].font.size = Pt(11)
    word.styles["Title"].font.size = Pt(18)
    word.styles["Heading 2"].font.size = Pt(13)
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    _number_pages(section.footer.paragraphs[0])
    core = word.core_properties
    core.author, core.title, core.comments = AUTHOR, TITLE, ""
    core.created = core.modified = at
    return word


def _number_pages(paragraph: Any) -> None:
    """Put the number of the page in the middle of the foot."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(9), _SOFT
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _title(word: WordDocument, block: Title) -> None:
    paragraph = word.add_paragraph(_writable(block.text), style="Title" if block.level == 1 else "Heading 2")
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(0 if block.level == 1 else 14), Pt(6), True


def _line(word: WordDocument, block: Line) -> None:
    paragraph = word.add_paragraph()
    form = paragraph.paragraph_format
    form.space_after, form.line_spacing = Pt(4), 1.4
    if block.lead:
        lead = paragraph.add_run(_writable(f"{block.lead}　"))
        lead.bold = True
        lead.font.color.rgb = _DOUBT if block.kind == "doubt" else _ACCENT
    run = paragraph.add_run(_writable(f"{block.text}{block.marks}"))
    if block.kind in ("quote", "aside", "doubt"):
        form.left_indent = Cm(0.8)
        _bar(paragraph, "C98A1B" if block.kind == "doubt" else "9DB4CC")
    if block.kind == "part":
        form.space_before, form.keep_with_next = Pt(8), True
    if block.kind == "aside":
        run.font.size = Pt(10.5)
    if block.kind == "small":
        run.font.size, run.font.color.rgb = Pt(9.5), _SOFT
    if block.lead and not block.kind:
        form.keep_with_next = True  # a ground's name stays with its words


def _bar(paragraph: Any, colour: str) -> None:
    """Draw a line on the left of a paragraph."""
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", colour)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _table(word: WordDocument, block: Table) -> None:
    columns = len(block.head) or 2
    table = word.add_table(rows=0, cols=columns, style="Table Grid")
    table.autofit = False
    widths = _COLUMNS.get(columns, (_WIDTH_CM / columns,) * columns)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    rows = [block.head, *block.rows] if block.head else list(block.rows)
    for number, row in enumerate(rows):
        added = table.add_row()
        _whole(added)
        for column, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
            named = (block.head and number == 0) or (not block.head and column == 0)
            _cell(cell, text, bool(named), widths[column])
    if block.head and table.rows:
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _cell(cell: _Cell, text: str, named: bool, width_cm: float) -> None:
    cell.width = Cm(width_cm)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(_writable(text))
    run.font.size = Pt(10.5)
    if named:
        run.bold = True
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text.replace("\r", ""))
