"""HTML pages → blocks: what a reader sees, block elements as lines, tables as rows; no scripts, no hidden text."""

import codecs
import re
from dataclasses import dataclass, field

from lxml import etree, html

from assistant.errors import UnreadableFileError
from assistant.reading.archive import check_depth
from assistant.reading.blocks import Block, Extracted
from assistant.reading.decode import BOMS, COMMON_SIMPLIFIED, COMMON_TRADITIONAL, decode, decode_common
from assistant.reading.limits import Limits
from assistant.reading.numbering import render_number

UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "head", "object", "iframe", "svg", "math", "select", "datalist")
)
BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "dialog",
            "div",
            "dl",
        ),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
# Matches: <meta charset="gb2312">, <meta … content="text/html; charset=GBK">; refuses: <p>charset=</p>
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
# Matches: display: none, visibility:hidden; refuses: display:block, no-display: none
HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f]+")  # matches: the white space HTML collapses; refuses: U+3000, U+00A0
# Matches: the line break in 中⏎文, which a browser shows as a space and an author did not mean; refuses: a⏎b, 中 文
SOURCE_BREAK = re.compile(r"(?<=[⺀-鿿　-〿＀-￯])[ \t]*[\r\n]+[ \t]*(?=[⺀-鿿　-〿＀-￯])")
# What a site writes around its pages, by the words of class and id. Matches: footer, nav, top-nav; refuses: navy
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:footer|nav|navbar|menu|copyright|breadcrumbs?|crumbs?|position|share)(?=$|[\s_-])", re.IGNORECASE
)
PROVISION = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,9}条|[。；]"
)  # matches: 第一条, a sentence's end; refuses: 首页 政务公开
MAX_DECLARATION = 4096
LIST_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read_web_page(data: bytes, file: str, limits: Limits) -> Extracted:
    """Return the lines a reader of the page sees, and its title.

    The encoding a page declares is honoured only when its bytes fit it; otherwise the order of `decode` holds.

    Raises:
        DecodeError: when it is text in no accepted encoding.
        UnreadableFileError: when there is no text, or elements nest too deep.
    """
    text, notes = _decode_page(data, file)
    if not text.strip():
        return Extracted(())
    try:
        root = html.document_fromstring(
            text.encode("utf-8"),
            parser=html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(
            f"{file}：网页无法解析（{' '.join(str(error).split())}）；请另存为 .docx 或 .txt"
        ) from error
    check_depth(root, file, limits)
    title = root.findtext(".//title") or ""
    page = _Page()
    page.walk(root)
    page.end_line()
    if page.hidden:
        notes.append(f"隐藏内容 {page.hidden} 处未收入")
    if page.furniture:
        notes.append(f"网页的导航、页脚等 {page.furniture} 处未收入")
    if page.pictures:
        notes.append(f"图片 {page.pictures} 张未读，图中文字不在正文内")
    if page.frames:
        notes.append(f"嵌入的页面或对象 {page.frames} 个未收入")
    return Extracted(tuple(page.blocks), tuple(notes), title=" ".join(title.split()))


def _decode_page(data: bytes, file: str) -> tuple[str, list[str]]:
    match = DECLARED.search(data[:MAX_DECLARATION])
    if match is None or any(data.startswith(bom) for bom, _ in BOMS):
        return decode(data, file)[0], []
    declared = match.group(1).decode("ascii").lower()
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        codec = ""
    text: str | None = None
    if codec in ("gb2312", "gbk", "gb18030"):
        text = decode_common(data, "gb18030", COMMON_SIMPLIFIED | COMMON_TRADITIONAL)  # GBK pages may be traditional
    elif codec in ("big5", "big5hkscs", "cp950"):
        text = decode_common(data, codec, COMMON_TRADITIONAL)
    if text is not None and "\0" not in text:
        return text, []
    text, used = decode(data, file)
    same = codec == used or text.isascii()
    return text, [] if same else [f"网页声明的编码 {declared} 与内容不符，已按 {used} 读取"]


@dataclass(slots=True)
class _Page:
    """Walks a page, collecting lines."""

    blocks: list[Block] = field(default_factory=list)
    hidden: int = 0
    furniture: int = 0
    pictures: int = 0
    frames: int = 0
    _line: list[str] = field(default_factory=list)

    def end_line(self) -> None:
        """Close the line that is being built."""
        text = "".join(self._line).strip(" \t\r\n\f")
        self._line.clear()
        if text:
            self.blocks.append(Block(text, paragraph=len(self.blocks) + 1))

    def walk(self, element: etree._Element) -> None:
        """Collect what is seen of an element, without the text after it."""
        tag = element.tag
        if not isinstance(tag, str) or self._is_unseen(element, tag):
            return
        if tag == "br":
            self.end_line()
        elif tag == "table":
            self.end_line()
            self._table(element)
            self.end_line()
        elif tag == "pre":
            self.end_line()
            for line in "".join(str(text) for text in element.itertext()).splitlines():
                self._line.append(line)
                self.end_line()
        elif tag in BLOCKS:
            self.end_line()
            if tag == "li":
                self._line.append(_list_label(element))
            self._inside(element)
            self.end_line()
        else:
            self.pictures += tag == "img"
            self._inside(element)

    def _inside(self, element: etree._Element) -> None:
        self._say(element.text)
        for item in element:
            self.walk(item)
            self._say(item.tail)

    def _say(self, text: str | None) -> None:
        if text:
            said = SPACE.sub(" ", SOURCE_BREAK.sub("", text))
            if self._line or said.strip(" "):
                self._line.append(said if self._line else said.lstrip(" "))

    def _is_unseen(self, element: etree._Element, tag: str) -> bool:
        if tag in UNSEEN:
            self.frames += tag in ("object", "iframe", "svg", "math")
            return True
        if "hidden" in element.attrib or HIDDEN_STYLE.search(str(element.get("style", ""))):
            self.hidden += any(str(text).strip() for text in element.itertext())
            return True
        if _is_furniture(element, tag):
            self.furniture += 1
            return True
        return False

    def _table(self, table: etree._Element) -> None:
        rows = []
        for section in table:
            if section.tag == "caption":
                self.walk(section)
            elif section.tag == "tr":
                rows.append(section)
            elif section.tag in ("thead", "tbody", "tfoot") and not self._is_unseen(section, str(section.tag)):
                rows += [row for row in section if row.tag == "tr"]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows if not self._is_unseen(row, "tr")]
        if all(len(row) <= 1 for row in cells):  # laid out with a table: not a table of data
            for row in cells:
                for cell in row:
                    self.walk(cell)
            return
        for row in cells:
            texts = [self._cell_text(cell) for cell in row]
            if any(texts):
                self.blocks.append(Block("\t".join(texts), paragraph=len(self.blocks) + 1, row=True))

    def _cell_text(self, cell: etree._Element) -> str:
        outer, self.blocks = self.blocks, []
        self.walk(cell)
        inner, self.blocks = self.blocks, outer
        return " ".join(" ".join(block.text.split("\t")) for block in inner)


def _is_furniture(element: etree._Element, tag: str) -> bool:
    """Return whether an element belongs to the site and not to the page's text: so named, and without a sentence."""
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if tag not in ("nav", "footer") and not (tag in ("div", "ul", "section", "header") and FURNITURE.search(named)):
        return False
    return PROVISION.search("".join(str(text) for text in element.itertext())) is None


def _list_label(item: etree._Element) -> str:
    """Return the number that a browser writes before an item of an ordered list, "" for other lists."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    try:
        number = int(str(parent.get("start", "1")))
        for sibling in parent.iterchildren("li"):
            number = int(str(sibling.get("value", number)))
            if sibling is item:
                break
            number += 1
    except ValueError:
        return ""
    return render_number(number, LIST_FORMS.get(str(parent.get("type", "1")), "decimal")) + ". "
