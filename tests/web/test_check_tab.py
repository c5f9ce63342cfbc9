"""The tab 核对 without a server: pasted text and uploads in, verdict, marks and files to take away out."""

import base64
import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from assistant.citing.sources import MAX_TEXT_BYTES
from assistant.schema import CheckStatus, Verdict
from assistant.settings import Settings
from assistant.web.check import PASTED, annotated_file, check_pasted, check_upload, html_file
from tests.web.desk_fakes import ARTICLE_30, FakeRecorder

SETTINGS = Settings(max_upload_mb=1)
RULES = "《广东省促进产业有序转移条例》"
GOOD = f"根据{RULES}第三十条，“{ARTICLE_30}”。"
BAD = f"{GOOD}另见{RULES}第九十条。"
OPEN = f"{GOOD}依照《某市办法》第三条办理。"


def words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def upload(folder: Path, name: str, content: str | bytes) -> Path:
    """A file as the page receives it."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif path.suffix == ".docx":
        document = docx.Document()
        document.add_paragraph(content)
        document.save(str(path))
    else:
        path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "verdict", "sign", "said", "coverage"),
    [
        (GOOD, Verdict.PASS, "√", "通过", "发现 1 处引用，核验 1 处"),
        (BAD, Verdict.FAIL, "×", "不通过", "发现 2 处引用，核验 2 处，其中 1 处不对"),
        (OPEN, Verdict.INCOMPLETE, "？", "未能全部核验", "发现 2 处引用，核验 1 处"),
        ("您好，再见。", Verdict.NOTHING_TO_CHECK, "—", "没有可核对的引用，不等于通过", "发现 0 处引用，核验 0 处"),
    ],
)
def test_the_verdict_is_words_sign_and_coverage(assistant, text, verdict, sign, said, coverage):
    checked = check_pasted(assistant, text)
    assert checked.report.verdict is verdict
    band = words(checked.verdict)
    assert band.startswith(f"{sign}{said}{coverage}")
    assert "效力按2026年11月22日判断（今天），对照 2 份收录文件" in band


def test_only_a_pass_is_green(assistant):
    tones = [re.search(r"yj-find-(\w+)", check_pasted(assistant, text).verdict)[1] for text in (GOOD, BAD, OPEN, "无")]
    assert tones == ["ok", "bad", "open", "open"]


def test_findings_are_marked_in_place_listed_and_open_their_provision(assistant):
    checked = check_pasted(assistant, BAD)
    assert '<mark class="yj-find yj-find-bad" id="yj-find-2"' in checked.body
    assert f"{RULES}第九十条" in words(checked.body)
    assert 'data-open="p:gd-transfer-2025:a30"' in checked.body
    assert 'data-open="d:gd-transfer-2025"' in checked.body  # no such article: the document
    assert "data-open" not in check_pasted(assistant, "依照《某市办法》第三条办理。").body  # not held: nothing to open


def test_the_date_is_passed_on(assistant):
    checked = check_pasted(assistant, GOOD, "2025年6月1日")
    assert assistant.checked == [(GOOD, date(2025, 6, 1))]
    assert "效力按2025年6月1日判断（指定的日期）" in words(checked.verdict)
    check_pasted(assistant, GOOD, "  ")
    assert assistant.checked[-1] == (GOOD, None)


@pytest.mark.parametrize(
    ("text", "day", "line"),
    [
        ("", "", "请先粘贴要核对的文字"),
        (" \n\t", "", "请先粘贴要核对的文字"),
        (None, "", "请先粘贴要核对的文字"),
        ("字" * (MAX_TEXT_BYTES // 3 + 1), "", "上限 5 MB"),
        (GOOD, "昨天<b>", "请写成 2025-06-01 的样子"),
    ],
    ids=["empty", "blank", "none", "long", "date"],
)
def test_what_cannot_be_checked_is_one_line_and_checks_nothing(assistant, text, day, line):
    checked = check_pasted(assistant, text, day)
    assert line in words(checked.verdict) and checked.verdict.count("<p") == 1 and "<b>" not in checked.verdict
    assert checked.body == "" and checked.report is None
    assert assistant.checked == []
    assert annotated_file(checked) == html_file(checked) == annotated_file(None) == html_file(None) == ""


def test_the_longest_text_is_checked(assistant):
    text = "字" * (MAX_TEXT_BYTES // 3)
    assert check_pasted(assistant, text).report.text == text


def test_an_error_is_one_escaped_line(assistant):
    line = '<p class="yj-error" role="alert">没有索引&lt;b&gt;；请先运行 python ingest.py</p>'
    assert check_pasted(assistant, "没有索引").verdict == line


def test_hostile_text_is_text(assistant):
    hostile = f"<script>window.pwned=1</script>${{x}}《<img src=x onerror=x>》第三条，{RULES}第三十条“<svg onload=x>”"
    checked = check_pasted(assistant, hostile)
    assert len(checked.report.findings) == 2
    for tag in ("<script", "<img", "<svg", "${"):
        assert tag not in checked.body and tag not in checked.verdict
    page = base64.b64decode(json.loads(html_file(checked))["data"]).decode()
    for tag in ("<script", "<img", "<svg"):
        assert tag not in page


@pytest.mark.parametrize("name", ["答复.txt", "答复.md", "答复.docx", "答复.DOCX"])
def test_an_upload_is_checked_and_nothing_of_it_is_left(assistant, tmp_path, name):
    folder = tmp_path / "private"
    folder.mkdir()
    if name.endswith("DOCX"):
        path = upload(tmp_path, "x.docx", BAD).rename(tmp_path / name)
    else:
        path = upload(tmp_path, name, BAD)
    checked = check_upload(assistant, SETTINGS, path, "2025-06-01", folder=folder)
    assert [one.status for one in checked.report.findings] == [CheckStatus.OK, CheckStatus.NO_SUCH_ARTICLE]
    assert checked.name == name and name in checked.verdict
    assert not path.exists() and list(folder.iterdir()) == []
    assert bool(checked.annotated) is (name.lower().endswith(".docx"))


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("坏.txt", "乱码", "坏.txt 是乱码；请换一份"),
        ("空.txt", b"", "是空文件"),
        ("大.txt", b"a" * 1_000_001, "上限是 1 MB"),
        ("程序.exe", "x", "类型不支持；请上传 .txt .md .docx .pdf 文件"),
        ("表.xlsx", "x", "类型不支持；请上传 .txt .md .docx .pdf 文件"),
    ],
)
def test_a_file_that_cannot_be_checked_is_one_line_and_is_gone(assistant, tmp_path, name, content, line):
    folder = tmp_path / "private"
    folder.mkdir()
    path = upload(tmp_path, name, content)
    checked = check_upload(assistant, SETTINGS, path, folder=folder)
    assert line in words(checked.verdict) and checked.verdict.count("<p") == 1
    assert checked.report is None and not path.exists() and list(folder.iterdir()) == []


def test_a_file_that_breaks_the_checker_is_gone_too(assistant, tmp_path):
    folder = tmp_path / "private"
    folder.mkdir()
    with pytest.raises(RuntimeError):
        check_upload(assistant, SETTINGS, upload(tmp_path, "x.txt", "boom"), folder=folder)
    assert list(folder.iterdir()) == []


def test_an_upload_that_never_came_is_one_line(assistant, tmp_path):
    assert "没有收到" in check_upload(assistant, SETTINGS, tmp_path / "nowhere.txt").verdict


def test_a_hostile_name_is_text_and_no_path(assistant, tmp_path):
    name = "..<img src=x onerror=x>\u202e:a|b.txt"
    checked = check_upload(assistant, SETTINGS, upload(tmp_path, name, BAD))
    assert "<img" not in checked.verdict and "&lt;img" in checked.verdict
    saved = json.loads(annotated_file(checked))["name"]
    assert saved == "_img src=x onerror=x___a_b-核对.docx"
    assert json.loads(html_file(check_pasted(assistant, BAD)))["name"] == f"{PASTED}-核对.html"


def test_a_word_file_comes_back_with_comments(assistant, tmp_path):
    checked = check_upload(assistant, SETTINGS, upload(tmp_path, "答复.docx", BAD))
    saved = json.loads(annotated_file(checked))
    assert saved["name"] == "答复-核对.docx" and saved["kind"].endswith("wordprocessingml.document")
    document = docx.Document(BytesIO(base64.b64decode(saved["data"])))
    assert document.paragraphs[0].text == BAD
    assert any("没有第九十条" in comment.text for comment in document.comments)


def test_pasted_text_is_given_as_a_word_file(assistant):
    saved = json.loads(annotated_file(check_pasted(assistant, BAD)))
    document = docx.Document(BytesIO(base64.b64decode(saved["data"])))
    assert any(BAD in paragraph.text for paragraph in document.paragraphs)


def test_a_check_is_recorded_where_a_record_is_kept(assistant, tmp_path):
    recorder = FakeRecorder()
    check_pasted(assistant, GOOD, operator=" 小王 ", recorder=recorder)
    check_upload(assistant, SETTINGS, upload(tmp_path, "a.txt", BAD), recorder=recorder)
    check_pasted(assistant, "", recorder=recorder)
    assert recorder.rows == [("check", GOOD, "小王"), ("check", BAD, "")]
