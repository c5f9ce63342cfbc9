import pytest

from assistant.reading.plain import read_markdown, read_text
from assistant.reading.wrap import NEW_PARAGRAPH

LINES = [  # Markdown, line, comment
    ("# 深圳经济特区条例", "深圳经济特区条例", "title"),
    ("## 第一章  总则 ##", "第一章  总则", "closing marks"),
    ("#1 号机组", "#1 号机组", "no space, no heading"),
    ("第一条 为了**加强**管理", "第一条 为了加强管理", "strong"),
    ("**第一条**　为了", "第一条　为了", ""),
    ("这是 *注* 文", "这是 注 文", "emphasis"),
    ("3*4*5", "3*4*5", "multiplication"),
    ("*注：单个星号", "*注：单个星号", "an unpaired star is text"),
    ("表中 * 号和 * 号", "表中 * 号和 * 号", "stars with space around are text"),
    ("__init__ 和 a_b_c", "init 和 a_b_c", "single underlines are text"),
    ("- 项目一", "- 项目一", "list marks stay"),
    ("1\\. 甲", "1. 甲", "escape"),
    ("> 引文", "引文", "quotation"),
    ("见[附件](http://a.cn/b)", "见附件", "link"),
    ("[附件](见 下)", "[附件](见 下)", "no link"),
    ("| 序号 | 名称 |", "序号\t名称", "table row"),
    ("|---|:-:|", "", "table rule"),
    ("甲 | 乙", "甲 | 乙", "no table"),
    ("---", "", "rule"),
    ("<!-- INFO END -->", "", "comment"),
    ("<正文>", "<正文>", "angle brackets are text"),
]


@pytest.mark.parametrize(("markdown", "line", "comment"), LINES)
def test_markdown_lines(markdown: str, line: str, comment: str) -> None:
    (block,) = read_markdown("\n" + markdown).blocks[1:]
    assert block.text == line, comment
    assert block.paragraph == 2


def test_markdown_leaves_nothing_out_in_silence() -> None:
    text = "---\ntitle: 题\n---\n# 甲\n<!-- 备注\n两行 -->乙![图](a.png)\n<!-- INFO END -->"
    result = read_markdown(text)
    assert [(block.paragraph, block.text) for block in result.blocks if block.text] == [(4, "甲"), (6, "乙")]
    assert result.warnings == (
        "文首元数据 1 行未作为正文收入",
        "Markdown 注释 1 处未收入",
        "图片 1 张未读，图中文字不在正文内",
    )
    assert result.title == "甲"


def test_text_lines_are_numbered_as_an_editor_does() -> None:
    blocks = read_text("甲\r\n乙\r\r丙\f丁\n").blocks
    assert [(block.paragraph, block.text, block.new_page) for block in blocks] == [
        (1, "甲", False),
        (2, "乙", False),
        (3, "", False),
        (4, "丙", False),
        (5, "丁", True),
        (6, "", False),
    ]


HOSTILE = [
    "<!-- a " * 100_000,
    "![" * 100_000,
    "[a](" * 100_000,
    "**a " * 100_000,
    "# 甲" + " " * 100_000 + "乙",
]


@pytest.mark.parametrize("text", HOSTILE, ids=["comment", "picture", "link", "strong", "heading"])
def test_marks_that_never_close_are_text_and_cost_no_more_than_their_length(text: str) -> None:
    # each took minutes where an open mark was looked for to the end of the file again and again
    assert "".join(block.text for block in read_markdown(text).blocks) == text.removeprefix("# ")


@pytest.mark.parametrize("line", [" " * 100_000 + "甲", "-" * 100_000 + "甲"])
def test_a_line_of_spaces_is_looked_at_once(line: str) -> None:
    assert NEW_PARAGRAPH.match(line) is None or line[0] == "-"


def test_the_close_of_a_heading_is_no_text() -> None:
    assert [block.text for block in read_markdown("## 第一章 ##\n## C#\n## 甲 ").blocks] == ["第一章", "C#", "甲"]
