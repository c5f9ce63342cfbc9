"""Text and Markdown files → blocks."""

import re

from assistant.reading.blocks import Block, Extracted

LINE_BREAK = re.compile("(\r\n|[\r\n\f\x0b\x1c\x1d\x1e\u0085\u2028\u2029])")  # matches: \r\n as one, \f; refuses: \t
HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")  # matches: ## 第一章 总则; refuses: #1 号机组
TITLE = re.compile(r"#\s+(.*)")  # matches: # 广东省…条例; refuses: ## 第一章
FRONT_MATTER = re.compile(
    r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?=\n|$)", re.DOTALL
)  # matches: ---⏎title: x⏎---; refuses: --- ⏎ 正文
STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")  # matches: **第一条**; refuses: ** 第一条 **
EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")  # matches: *注* ; refuses: 3*4*5
IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\([^()\n]*\)")  # matches: ![图](a.png); refuses: [图](a.png)
LINK = re.compile(
    r"\[([^\[\]\n]+)\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)"
)  # matches: [条例](http://a); refuses: [2020](见 附件)
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")  # matches: 1\. ; refuses: \n
QUOTE = re.compile(r"^\s{0,3}>\s?")  # matches: > 引文; refuses: 大于 > 小于
FENCE = re.compile(r"\s{0,3}(?:```|~~~)[\w-]*\s*$")  # matches: ```text; refuses: ```a``` b
RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")  # matches: ---; refuses: - 项目
TABLE_LINE = re.compile(r"\s*\|.*\|\s*$")  # matches: | 序号 | 名称 |; refuses: a | b
TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")  # matches: | --- | :-: |; refuses: | a | b |


def read_text(text: str) -> Extracted:
    """Return a text file's lines; nothing is left out, and nothing but line breaks is interpreted."""
    return Extracted(tuple(_lines(text)), wrapped="perhaps")


def _lines(text: str, first: int = 1) -> list[Block]:
    parts = LINE_BREAK.split(text)
    new_page = [False] + [mark == "\f" for mark in parts[1::2]]
    return [
        Block(line, paragraph=number, new_page=page)
        for number, (line, page) in enumerate(zip(parts[0::2], new_page, strict=True), start=first)
    ]


def read_markdown(text: str) -> Extracted:
    """Return a Markdown file's lines without what Markdown adds: heading marks, comments, emphasis, links.

    List marks stay: in a provision a dash is text. Tables become rows; pictures and front matter leave a warning.
    """
    warnings: list[str] = []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if match := FRONT_MATTER.match(text):
        warnings.append(f"文首元数据 {match.group(1).count(chr(10)) + 1} 行未作为正文收入")
        text = "\n" * match.group().count("\n") + text[match.end() :]
    text, comments = _without_comments(text)
    notes = [body for body in comments if body.strip() != "INFO END"]
    if notes:
        warnings.append(f"Markdown 注释 {len(notes)} 处未收入")
    pictures = len(IMAGE.findall(text))
    if pictures:
        warnings.append(f"图片 {pictures} 张未读，图中文字不在正文内")
    blocks = []
    for block in _lines(IMAGE.sub("", text)):
        line = block.text
        if FENCE.match(line) or TABLE_RULE.match(line) or RULE.match(line):
            line = ""
        row = bool(TABLE_LINE.match(line))
        if row:
            line = "\t".join(_inline(cell.strip()).replace("\t", " ") for cell in line.strip().strip("|").split("|"))
        else:
            heading = HEADING.match(line)
            line = _inline(QUOTE.sub("", _heading(heading.group(1)) if heading else line, count=1))
        blocks.append(Block(line, paragraph=block.paragraph, row=row, new_page=block.new_page))
    title = next((_heading(match.group(1)) for block in _lines(text) if (match := TITLE.match(block.text))), "")
    return Extracted(tuple(blocks), tuple(warnings), title=_inline(title))


def _without_comments(text: str) -> tuple[str, list[str]]:
    """Return a text without its closed <!-- comments -->, whose line breaks stay, and what they say."""
    kept, comments, position = [], [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        comments.append(text[start + 4 : end])
        kept += [text[position:start], "\n" * comments[-1].count("\n")]
        position = end + 3
    return "".join([*kept, text[position:]]), comments


def _heading(text: str) -> str:
    """Return the words of a heading, without the # that may close it."""
    words = text.rstrip()
    open_ = words.rstrip("#")
    return open_.rstrip() if open_ != words and (not open_ or open_[-1].isspace()) else words


def _inline(line: str) -> str:
    """Return a line without emphasis and link marks; the words stay."""
    line = LINK.sub(r"\1", line)
    line = STRONG.sub(r"\2", line)
    line = EMPHASIS.sub(r"\1", line)
    return ESCAPE.sub(r"\1", line)
