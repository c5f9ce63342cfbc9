from pathlib import Path

import pytest

from assistant.citing.sources import MAX_TEXT_BYTES, read_checked, read_pasted
from assistant.errors import AssistantError, DecodeError, UnreadableFileError
from assistant.reading import Limits
from tests.reading.builders import archive, paragraph, pdf, run, table, word, write

CITED = "根据《广东省促进产业有序转移条例》第十条"


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", f"\ufeff{CITED}\r\n\r\n特此答复".encode(), f"{CITED}\n特此答复"),
        ("a.TXT", CITED.encode("gb18030"), CITED),
        ("a.md", f"# 答复\n\n**{CITED}**\n".encode(), f"答复\n{CITED}"),
        ("a.pdf", pdf([(72, 700, CITED)]), CITED),
    ],
)
def test_text_of_each_kind(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    assert read_checked(write(tmp_path, name, content)) == (text, ())


def test_a_word_file_whole_and_what_was_left_out(tmp_path: Path) -> None:
    body = (
        f"<w:p>{run('依据')}<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>{run('第十条')}"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p>" + table(["事项", "依据"], ["用电", "第三十条"])
    )
    note = f"<w:footnote w:id='2'>{paragraph('见第三十一条')}</w:footnote>"
    path = write(tmp_path, "a.docx", word(body, footnotes=note, header=paragraph("页眉")))
    text, left_out = read_checked(path)
    assert text == "依据第十条\n事项\t依据\n用电\t第三十条\n见第三十一条"
    assert left_out == ("修订中删除的内容 1 处未收入", "页眉页脚 1 处未收入")


REFUSED = [  # file, content, what the message says, comment
    ("a.docx", archive({"word/document.xml": b"\0" * 3_000_000}), "压缩比超过 200", "a zip bomb"),
    ("a.pdf", pdf([(72, 700 - 20 * n, "\ue000\ue001\ue002\ue003乱" * 6) for n in range(10)]), "乱码", "noise"),
    ("a.pdf", pdf([], picture_on=[0]), "没有文字", "scanned"),
    ("a.txt", b"\xff\xfe\x00", "编码", "bytes that are no text"),
    ("a.txt", b"", "文件是空的", ""),
    ("a.doc", b"\xd0\xcf\x11\xe0", "不能核对 .doc 文件；请用 Word 或 WPS 另存为 .docx", ""),
    ("a.xlsx", b"PK", "不能核对 .xlsx 文件；请转换为 .txt .md .docx .pdf 之一", "read elsewhere, not here"),
    ("a", b"x", "不能核对没有扩展名的文件", ""),
]


@pytest.mark.parametrize(("name", "content", "said", "comment"), REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, said: str, comment: str
) -> None:
    with pytest.raises(AssistantError) as caught:
        read_checked(write(tmp_path, name, content))
    assert said in str(caught.value), comment
    assert str(caught.value).startswith(f"{name}：") and "\n" not in str(caught.value)
    assert "入库" not in str(caught.value)  # nothing is being taken into the library


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"没有.txt：无法打开"):
        read_checked(tmp_path / "没有.txt")


def test_limits_are_handed_on(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="文件超过上限 0 MB"):
        read_checked(write(tmp_path, "a.txt", CITED), limits=Limits(file_bytes=10))


def test_text_of_a_file_is_bounded(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", ("甲" * 99 + "。\n") * (MAX_TEXT_BYTES // 301 + 2))
    with pytest.raises(UnreadableFileError, match=r"^a\.txt：文字超过一次核对的上限 5 MB；请分几次核对$"):
        read_checked(path)


def test_pasted_text_stays_as_it_is() -> None:
    text = "　依据\r\n第十条\u200b \n\n"
    assert read_pasted(text) == text
    assert read_pasted(text.encode()) == text
    assert read_pasted(b"") == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_bytes_are_decoded_as_those_of_a_file(encoding: str) -> None:
    text = "根據廣東省促進產業有序轉移條例第十條的規定，各級人民政府應當支持企業轉移" if encoding == "big5" else CITED
    assert read_pasted(text.encode(encoding), "标准输入") == text


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(DecodeError, match="标准输入：编码无法识别"):
        read_pasted(b"\x81\xff\xff\xff", "标准输入")


def test_pasted_text_is_bounded_by_what_it_has_in_utf_8() -> None:
    whole = "甲" * (MAX_TEXT_BYTES // 3)
    assert read_pasted(whole) == whole
    for more in (whole + "甲", (whole + "甲").encode(), b"a" * (2 * MAX_TEXT_BYTES + 1)):
        with pytest.raises(UnreadableFileError, match=r"^粘贴的文字：文字超过一次核对的上限 5 MB"):
            read_pasted(more)
    assert read_pasted("\ud800") == "\ud800"  # what JSON may hold is no reason to fail
