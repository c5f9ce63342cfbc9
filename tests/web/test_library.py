from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import ManifestError, UnreadableFileError
from assistant.schema import IngestReport, Kind, Level, Refusal
from assistant.settings import Settings
from assistant.web.library import (
    confirm_upload,
    document_detail,
    form_of,
    list_documents,
    preview_upload,
    removal_question,
    remove_document,
    report_line,
    revise_upload,
)
from assistant.web.uploads import ACCEPTED, Form, discard, fill_form, read_form, take_file

SETTINGS = Settings(max_upload_mb=1)
NEW_TEXT = "第一条　新规支持企业有序转移。\n第二条　本办法自公布之日起施行。\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "private"
    place.mkdir()
    return place


def put(tmp_path: Path, name: str = "新办法.txt", text: str = NEW_TEXT) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_lists_say_all_that_is_known(assistant):
    held, known = list_documents(assistant)
    for words in (
        *("已收录 2 份", "《广东省促进产业有序转移条例》", "公告第47号", "地方性法规", "广东省"),
        *("2025-01-12", "2025-03-01", "现行有效，自2025年3月1日起施行", "6 条", "随系统收录"),
        *("元数据未核实", "未载明有效期，未见废止信息", "上传或另行加入"),
    ):
        assert words in held
    for words in (
        "已知未收录 1 份",
        "《公平竞争审查条例》",
        "国务院令第783号",
        "27",
        "待核对：条数",
        "国家法律法规数据库",
    ):
        assert words in known


def test_lists_escape_titles(assistant):
    held, _ = list_documents(assistant)
    assert "<b onmouseover" not in held
    assert "《坏&lt;b onmouseover=&quot;x()&quot;&gt;文件&lt;/b&gt;》" in held


def test_empty_library_says_what_to_do(assistant):
    assistant.held.clear()
    held, _ = list_documents(assistant)
    assert "还没有文件" in held and "python ingest.py" in held


def test_detail_lists_provisions_that_open(assistant):
    html, found = document_detail(assistant, "gd-transfer-2025")
    assert found
    assert html.count('data-open="p:gd-transfer-2025:a') == 6
    assert "共 6 条" in html
    assert "<b>第三十条</b> <span>县级以上" in html


def test_detail_shows_warnings_once_and_escaped(assistant):
    parsed = assistant.held["gd-transfer-2025"]
    assistant.held["gd-transfer-2025"] = replace(parsed, warnings=("缺第三条到第二十八条<i>",))
    html, _ = document_detail(assistant, "gd-transfer-2025")
    assert html.count("缺第三条到第二十八条&lt;i&gt;") == 1
    held, _ = list_documents(assistant)
    assert "解析提示 1 条" in held


def test_detail_of_a_document_that_is_gone(assistant):
    html, found = document_detail(assistant, "gone")
    assert not found and "已不在文件库里" in html


def test_upload_is_previewed_and_not_live(assistant, tmp_path, folder):
    html, upload = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    assert upload is not None
    assert "解析出 2 条" in html and "<b>第一条</b> <span>新规支持企业有序转移。</span>" in html
    assert len(assistant.documents()) == 2
    assert upload.path.name == "新办法.txt" and upload.path.is_file()
    assert not (tmp_path / "新办法.txt").exists()  # moved, not copied
    assert form_of(upload).title == "新办法"


def test_confirmed_upload_is_live_and_its_file_gone(assistant, tmp_path, folder):
    _, upload = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    stages: list[tuple[str, int, int]] = []
    form = replace(form_of(upload), title="《新办法（试行）》", level="local_rule", effective="2026-01-01")
    line, left = confirm_upload(assistant, upload, form, lambda *stage: stages.append(stage))
    assert left is None and "已收录《新办法（试行）》" in line
    assert stages == [("计算向量", 1, 1)]
    metadata = assistant.documents()[-1].metadata
    assert (metadata.title, metadata.level, metadata.effective) == (
        "新办法（试行）",
        Level.LOCAL_RULE,
        date(2026, 1, 1),
    )
    assert list(folder.iterdir()) == []
    assert "新规支持企业有序转移。" in assistant.ask("新规").citations[0].quote  # the next question finds it


def test_untouched_form_does_not_parse_again(assistant, tmp_path, folder):
    _, upload = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    confirm_upload(assistant, upload, form_of(upload))
    assert len(assistant.previewed) == 1


def test_replacing_is_said_and_asked_again_when_the_title_makes_it_so(assistant, tmp_path, folder):
    _, upload = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    form = replace(form_of(upload), title="广东省促进产业有序转移条例")
    shown, left = confirm_upload(assistant, upload, form)
    assert left is not None and "确认后将替换文件库里的《广东省促进产业有序转移条例》" in shown
    assert len(assistant.parsed("gd-transfer-2025").provisions) == 6  # still the old one
    line, left = confirm_upload(assistant, left, form)
    assert left is None and "已用新文本替换" in line
    assert len(assistant.parsed("gd-transfer-2025").provisions) == 2


def test_same_title_under_another_id_is_kept_beside(assistant, tmp_path, folder):
    preview = assistant.preview
    assistant.preview = lambda path, metadata=None: replace(preview(path, metadata), replaces="gd-transfer-2025")
    html, _ = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    assert "已有同名的《广东省促进产业有序转移条例》。确认后两份并存" in html
    assert "将替换" not in html


def test_bad_form_keeps_the_upload_waiting(assistant, tmp_path, folder):
    _, upload = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    shown, left = confirm_upload(assistant, upload, replace(form_of(upload), effective="去年"))
    assert left is upload and "施行日期“去年”不能识别" in shown and "新规支持" in shown
    assert len(assistant.documents()) == 2
    shown, left = revise_upload(assistant, upload, replace(form_of(upload), title=" "))
    assert left is upload and "标题不能为空" in shown


def test_revised_preview_uses_the_form(assistant, tmp_path, folder):
    _, upload = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    _, revised = revise_upload(assistant, upload, replace(form_of(upload), kind="policy"))
    assert revised is not None and revised.preview.parsed.document.metadata.kind is Kind.POLICY
    assert revised.path == upload.path


def test_nothing_to_confirm_or_revise(assistant):
    empty = Form("", "", "", "", "", "", "", "")
    assert "请先上传" in confirm_upload(assistant, None, empty)[0]
    assert "请先选择" in revise_upload(assistant, None, empty)[0]


def test_a_second_upload_discards_the_first(assistant, tmp_path, folder):
    _, first = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    _, second = preview_upload(assistant, SETTINGS, put(tmp_path), first, folder)
    assert not first.path.exists() and second.path.exists()
    discard(second)
    assert list(folder.iterdir()) == []
    discard(None)


def test_two_users_previews_are_apart(assistant, tmp_path, folder):
    _, mine = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    _, yours = preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)  # same name, same bytes
    assert mine.path != yours.path
    discard(yours)
    line, _ = confirm_upload(assistant, mine, replace(form_of(mine), kind="policy"))  # needs the file again
    assert "已收录" in line


def test_refused_file_leaves_nothing_behind(assistant, tmp_path, folder):
    html, upload = preview_upload(assistant, SETTINGS, put(tmp_path, "坏.txt", "乱码"), None, folder)
    assert upload is None and "坏.txt 是乱码；请换一份" in html
    assert list(folder.iterdir()) == []


def test_surprise_in_preview_leaves_nothing_behind(assistant, tmp_path, folder):
    def fail(path, metadata=None):
        raise RuntimeError("unforeseen")

    assistant.preview = fail
    with pytest.raises(RuntimeError, match="unforeseen"):
        preview_upload(assistant, SETTINGS, put(tmp_path), None, folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "size", "line"),
    [
        ("x.exe", 10, "的类型不支持"),
        ("x", 10, "的类型不支持"),
        ("x.txt", 0, "是空文件"),
        ("x.txt", 1_000_001, "上限是 1 MB"),
    ],
)
def test_take_file_refuses_and_deletes(tmp_path, folder, name, size, line):
    path = tmp_path / name
    path.write_bytes(b"a" * size)
    with pytest.raises(UnreadableFileError, match=line):
        take_file(path, 1, folder)
    assert not path.exists() and list(folder.iterdir()) == []


@pytest.mark.parametrize("suffix", [*ACCEPTED, ".PDF"])
def test_take_file_accepts(tmp_path, folder, suffix):
    path = tmp_path / f"文件{suffix}"
    path.write_bytes(b"a" * 1_000_000)
    taken = take_file(path, 1, folder)
    assert taken.name == path.name and taken.parent.parent == folder
    assert taken.parent.stat().st_mode & 0o077 == 0  # nobody else may read it


def test_lost_upload_is_one_line(assistant, tmp_path, folder):
    html, upload = preview_upload(assistant, SETTINGS, tmp_path / "gone.txt", None, folder)
    assert upload is None and "请重新上传" in html


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("title", "", "标题不能为空"),
        ("title", "长" * 301, "标题太长"),
        ("number", "一\n二", "文号太长或分了行"),
        ("kind", "novel", "类型“novel”不能识别"),
        ("level", "highest", "效力位阶“highest”不能识别"),
        ("jurisdiction", "广东", "适用地域“广东”不能识别"),
        ("jurisdiction", "44000", "适用地域“44000”不能识别"),
        ("promulgated", "2025-2-30", "公布日期“2025-2-30”不能识别"),
    ],
)
def test_form_names_the_field_that_is_wrong(assistant, field, value, line):
    base = assistant.documents()[0].metadata
    with pytest.raises(ManifestError, match=line):
        read_form(replace(fill_form(base), **{field: value}), base)


def test_form_and_metadata_agree_both_ways(assistant):
    for row in assistant.documents():
        assert read_form(fill_form(row.metadata), row.metadata) == row.metadata


def test_removal_asks_first_and_then_removes(assistant):
    question = removal_question(assistant, "gd-transfer-2025")
    assert (
        "确定移除《广东省促进产业有序转移条例》？" in question
        and "下次用 python ingest.py 同步时会重新加入" in question
    )
    assert "同步" not in removal_question(assistant, "x-0123456789ab")
    assert len(assistant.documents()) == 2  # asking removes nothing
    assert "已移除《广东省促进产业有序转移条例》" in remove_document(assistant, "gd-transfer-2025")
    assert [row.metadata.id for row in assistant.documents()] == ["x-0123456789ab"]
    assert "已不在文件库里" in remove_document(assistant, "gd-transfer-2025")
    assert "已不在文件库里" in removal_question(assistant, "gd-transfer-2025")


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (IngestReport(added=("a",)), "已收录《题》"),
        (IngestReport(replaced=("a",)), "已用新文本替换《题》"),
        (IngestReport(unchanged=("a",)), "完全相同"),
        (IngestReport(refused=(Refusal("f.pdf", "是扫描件<b>"),)), "f.pdf：是扫描件&lt;b&gt;"),
    ],
)
def test_report_in_one_line(report, line):
    assert line in report_line(report, "题")
