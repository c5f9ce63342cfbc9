from pathlib import Path

import pytest

from assistant.errors import UnreadableFileError
from assistant.reading import read_file
from tests.reading.builders import write

PAGES = [  # body, text, comment
    ("<p>甲</p><p>乙<br>丙</p>", "甲\n乙\n丙", "blocks and breaks"),
    ("<div>甲<div>乙</div>丙</div>", "甲\n乙\n丙", "text around a block"),
    ("<p>为了\n   促进<b>产业</b>转移</p>", "为了促进产业转移", "a line break in the source is no space in Chinese"),
    ("<p>open\nsource</p>", "open source", "but one between words"),
    ("<p>第一条　总&nbsp;则</p>", "第一条　总 则", "full-width spaces stay"),
    ("<script>甲</script><style>乙</style><noscript>丙</noscript><p>丁</p><!-- 戊 -->", "丁", "unseen elements"),
    ("<p>显</p><p style='DISPLAY : none'>隐</p><p hidden>隐</p><p style='display:block'>现</p>", "显\n现", "hidden"),
    (
        "<table><tr><th>序号</th><th>名称</th></tr><tr><td>1</td><td><p>甲</p><p>乙</p></td></tr></table>",
        "序号\t名称\n1\t甲 乙",
        "table",
    ),
    (
        "<table><tr><td><p>第一条　甲。</p><p>第二条　乙。</p></td></tr></table>",
        "第一条　甲。\n第二条　乙。",
        "laid out by a table",
    ),
    (
        "<table><tr><td>外</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>",
        "外\t1 2",
        "nested table",
    ),
    ("<table><tr><td></td><td>乙</td></tr></table>", "\t乙", "an empty first cell keeps its column"),
    ("<ol start=3><li>甲<li>乙</ol><ul><li>丙</ul>", "3. 甲\n4. 乙\n丙", "numbers that the browser writes"),
    ("<pre>甲\n  乙</pre>", "甲\n乙", "lines of pre"),
    ("<p>A &amp; B &lt;C&gt;</p>", "A & B <C>", "entities"),
]


@pytest.mark.parametrize(("body", "text", "comment"), PAGES)
def test_pages(tmp_path: Path, body: str, text: str, comment: str) -> None:
    assert (
        read_file(write(tmp_path, "a.html", f"<html><head><title>题</title></head><body>{body}</body></html>")).text
        == text
    ), comment


TEXT = "<p>第一条　为了促进产业有序转移，制定本条例。</p>"
ENCODINGS = [  # declared, real, warnings
    ("gb2312", "gb18030", ()),
    ("utf-8", "utf-8", ()),
    ("big5", "utf-8", ("网页声明的编码 big5 与内容不符，已按 utf-8 读取",)),
    ("utf-8", "gbk", ("网页声明的编码 utf-8 与内容不符，已按 gb18030 读取",)),
    ("iso-8859-1", "gbk", ("网页声明的编码 iso-8859-1 与内容不符，已按 gb18030 读取",)),
    ("nonsense", "utf-8", ("网页声明的编码 nonsense 与内容不符，已按 utf-8 读取",)),
]


@pytest.mark.parametrize(("declared", "real", "warnings"), ENCODINGS)
def test_declared_encoding_is_honoured_only_when_it_fits(
    tmp_path: Path, declared: str, real: str, warnings: tuple[str, ...]
) -> None:
    page = f"<html><head><meta charset='{declared}'></head><body>{TEXT}</body></html>"
    document = read_file(write(tmp_path, "a.htm", page.encode(real)))
    assert document.text == "第一条　为了促进产业有序转移，制定本条例。"
    assert document.warnings == warnings


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    page = "<p>甲<img src=a></p><p hidden>乙</p><iframe src=b></iframe>"
    assert read_file(write(tmp_path, "a.html", page)).warnings == (
        "隐藏内容 1 处未收入",
        "图片 1 张未读，图中文字不在正文内",
        "嵌入的页面或对象 1 个未收入",
    )


def test_title_of_the_page_when_the_body_has_none(tmp_path: Path) -> None:
    page = "<html><head><title>关于产业转移的若干问答 - 某某厅</title></head><body><p>问：甲？</p></body></html>"
    assert read_file(write(tmp_path, "a.html", page)).title == "关于产业转移的若干问答"


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="嵌套超过 200 层"):
        read_file(write(tmp_path, "a.html", "<div>" * 230 + "甲" + "</div>" * 230))


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="没有任何文字"):
        read_file(write(tmp_path, "a.html", "<script>var a</script>"))


def test_what_a_site_writes_around_a_page_is_no_provision(tmp_path: Path) -> None:
    page = (
        "<div class='top-nav'><ul><li>首页</li></ul></div><nav>政务公开</nav>"
        "<div id=footer>第二条　本条例自公布之日起施行。</div>"
        f"{TEXT}<div class=footer>主办：某省人民政府办公厅<br>备案号：05000000</div>"
    )
    document = read_file(write(tmp_path, "a.html", page))
    assert (
        document.text == "第二条　本条例自公布之日起施行。\n第一条　为了促进产业有序转移，制定本条例。"
    )  # law is never left out
    assert document.warnings == ("网页的导航、页脚等 3 处未收入",)
