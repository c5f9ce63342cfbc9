"""The desk without a server: what a call shows, what is recorded, what goes onto the transfer sheet."""

import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.errors import StoreError
from assistant.schema import Role
from assistant.web.desk import MAX_SPOKEN_CHARS, make_sheet, note_said, record_line, take_call
from assistant.web.desk_render import KEYS, no_ground_words, render_keys, responsible_bodies
from tests.web.desk_fakes import FakeContacts, FakeRecorder

HOSTILE = '<img src=x onerror="window.pwned=1">${window.pwned=1}'


def words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def test_a_call_is_asked_as_an_operator_asks(assistant):
    desk = take_call(assistant, " 用电？ ", " 佛山 ", "2025-06-01")
    assert assistant.asked == [("用电？", date(2025, 6, 1), "佛山", Role.HOTLINE)]
    assert desk.spoken == "条例第三十条要求政府部门采取措施降低用电成本。"
    assert words(desk.count) == "23 字"  # counted by hand
    assert "有依据" in words(desk.head) and "共检索 2 份文件" in words(desk.head)
    assert 'data-said="有依据。口径23字，依据1条。"' in desk.head
    assert desk.call is not None and desk.call.region == "佛山"


def test_articles_stand_beside_with_their_words_and_open_as_citations(assistant):
    beside = take_call(assistant, "用电").beside
    assert 'data-open="c:1"' in beside
    assert "《广东省促进产业有序转移条例》第三十条" in words(beside)
    assert "采取减少供应层级等措施降低企业用电、用水、用气成本。" in words(beside)


def test_what_is_still_to_ask_follows_what_was_said(assistant):
    place, day = "您（企业）在哪个省、哪个市？", "事情发生在哪一天，还是准备要办？"
    asked = words(take_call(assistant, "用电").beside)
    assert place in asked and day in asked
    told = words(take_call(assistant, "用电", "佛山", "2025-06-01").beside)
    assert place not in told and day not in told and "还要问清" not in told


def test_what_has_no_ground_has_words_to_say_so(assistant):
    part = take_call(assistant, "补贴")
    line = "关于具体金额，收录的文件里没有写明，我不能推测答复；可以为您登记，转承办单位答复。"
    assert line in words(part.beside) and f'data-copy="{line}"' in part.beside
    none = take_call(assistant, "红烧肉")
    assert "这个问题收录的文件里没有规定" in words(none.beside)
    assert 'data-open="p:gd-transfer-2025:a30"' in none.beside  # the nearest can be read
    assert no_ground_words(take_call(assistant, "用电").call.answer) == ""


def test_who_is_responsible_is_in_the_words_of_the_quote(assistant):
    answer = take_call(assistant, "补贴").call.answer  # 第二十九条　县级以上人民政府应当统筹安排财政资金。
    assert responsible_bodies(answer) == {"县级以上人民政府": "《广东省促进产业有序转移条例》第二十九条"}
    assert "条文写明的责任主体" not in take_call(assistant, "用电").beside  # its quote has no subject


def test_the_contact_is_the_configured_one_or_none(assistant):
    contacts = FakeContacts()
    desk = take_call(assistant, "用电", "佛山", contacts=contacts)
    assert contacts.asked == [("用电", "佛山")]
    assert "佛山市工业和信息化局&lt;b&gt;" in desk.beside and "0757-00000000" in desk.beside
    for beside in (take_call(assistant, "用电", contacts=contacts).beside, take_call(assistant, "用电").beside):
        assert "未配置" in words(beside) and "工业和信息化局" not in beside


@pytest.mark.parametrize("question", ["", "  \n", None])
def test_nothing_to_ask_is_a_hint(assistant, question):
    desk = take_call(assistant, question)
    assert "请先写下来电人的问题" in desk.head and desk.call is None and desk.spoken == desk.beside == ""
    assert assistant.asked == []


def test_a_bad_date_and_an_error_are_one_line(assistant):
    assert "请写成 2025-06-01 的样子" in take_call(assistant, "用电", day="昨天<b>").head
    desk = take_call(assistant, "没有索引")
    assert desk.head == '<p class="yj-error" role="alert">没有索引&lt;b&gt;；请先运行 python ingest.py</p>'
    assert desk.call is None and desk.spoken == ""


def test_hostile_words_are_text(assistant):
    desk = take_call(assistant, f"附件{HOSTILE}", contacts=FakeContacts())
    for html in (desk.head, desk.count, desk.beside):
        assert "<img" not in html and "<script" not in html and "${" not in html
    assert "&lt;img" in desk.head  # shown, not dropped
    assert "&lt;script" in desk.beside


def test_an_answer_is_recorded_before_it_is_shown_and_an_edit_once(assistant):
    recorder = FakeRecorder()
    desk = take_call(assistant, "用电", "佛山", "2025-06-01", " 小王 ", recorder=recorder)
    assert recorder.rows == [("answer", "用电", "小王", Role.HOTLINE, "佛山", date(2025, 6, 1))]
    assert desk.call.entry == 1
    call = note_said(desk.call, desk.spoken, "小王", recorder)
    assert len(recorder.rows) == 1  # said as proposed: no edit
    call = note_said(call, "请看第三十条。", "小王", recorder)
    call = note_said(call, " 请看第三十条。 ", "小王", recorder)
    assert recorder.rows[1:] == [("edit", 1, "请看第三十条。", "小王")]
    call = note_said(call, "请看条例第三十条。", "", recorder)
    assert recorder.rows[2:] == [("edit", 1, "请看条例第三十条。", "")]
    assert note_said(call, "", "", recorder) is call and len(recorder.rows) == 3


def test_without_a_record_or_a_call_nothing_is_recorded(assistant):
    desk = take_call(assistant, "用电")
    assert desk.call.entry is None
    assert note_said(desk.call, "改过", "", None) is desk.call
    assert note_said(None, "改过", "", FakeRecorder()) is None
    recorder = FakeRecorder()
    take_call(assistant, "没有索引", recorder=recorder)
    take_call(assistant, "", recorder=recorder)
    assert recorder.rows == []


def test_a_failing_record_shows_no_answer(assistant):
    """What cannot be recorded is not said: the record is complete or there is an error."""

    class Full(FakeRecorder):
        def record_answer(self, answer, **asked):
            raise StoreError("留痕写不进去；请联系管理员")

    desk = take_call(assistant, "用电", recorder=Full())
    assert "留痕写不进去" in desk.head and desk.spoken == "" and desk.call is None


def test_the_record_line_shows_count_and_a_short_head():
    class Off(FakeRecorder):
        def head(self):
            return None

    assert record_line(None) == record_line(Off()) == ""
    recorder = FakeRecorder([("answer",)])
    line = record_line(recorder)
    assert "共 1 条" in words(line) and "链头 000000000001" in words(line)
    assert f'title="{recorder.head().hash}"' in line and recorder.head().hash not in words(line)


def test_the_sheet_says_what_was_said_and_who_handles_it(assistant):
    call = take_call(assistant, "补贴", "佛山").call
    sheet = make_sheet(call, "改过的口径", FakeContacts())
    for part in ("补贴", "佛山", "改过的口径", "佛山市工业和信息化局"):
        assert part in sheet
    assert "未配置" in make_sheet(replace(call, region=""), call.answer.spoken, FakeContacts())
    assert make_sheet(None, "改过", None) == ""
    assert len(make_sheet(call, "字" * 100_000)) < MAX_SPOKEN_CHARS + 2_000


def test_the_keys_are_documented():
    line = words(render_keys())
    for key, name in KEYS:
        assert f"{key}{name}" in line
