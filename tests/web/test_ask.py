from datetime import date

import gradio as gr
import pytest

from assistant.schema import Role, Status
from assistant.web.ask import EXAMPLES, pick_example, render_examples
from assistant.web.asking import ANYONE, ROLES
from assistant.web.events import clicked, surprises_logged
from tests.web.asked import answer_question
from tests.web.desk_fakes import FakeRecorder


def test_answer_and_what_it_was_asked_with(assistant):
    html, answer = answer_question(assistant, "  用电？ ", "坐席", "2025-06-01", " 广东 ")
    assert assistant.asked == [("用电？", date(2025, 6, 1), "广东", Role.HOTLINE)]
    assert answer is not None and answer.status is Status.ANSWERED
    assert "有依据" in html


def test_defaults_are_today_nowhere_nobody(assistant):
    answer_question(assistant, "用电")
    assert assistant.asked == [("用电", None, "", None)]


@pytest.mark.parametrize("question", ["", "   ", "\n", None])
def test_empty_question_gets_a_hint_and_is_not_asked(assistant, question):
    html, answer = answer_question(assistant, question)
    assert "请先写下问题" in html and 'role="status"' in html
    assert answer is None
    assert assistant.asked == []


@pytest.mark.parametrize("day", ["2025-06-01", "2025年6月1日", "2025/6/1", " 2025.06.01 ", "２０２５年６月１日"])
def test_dates_are_read_as_people_write_them(assistant, day):
    answer_question(assistant, "用电", as_of=day)
    assert assistant.asked[-1][1] == date(2025, 6, 1)


@pytest.mark.parametrize("day", ["昨天", "2025-13-01", "2025-06", "6月1日", "<b>"])
def test_bad_date_says_how_to_write_it(assistant, day):
    html, answer = answer_question(assistant, "用电", as_of=day)
    assert "请写成 2025-06-01 的样子" in html
    assert "<b>" not in html
    assert answer is None and assistant.asked == []


def test_an_answer_is_recorded_with_what_it_was_asked_with(assistant):
    recorder = FakeRecorder()
    answer_question(assistant, "用电", "企业", "2025-06-01", " 广东 ", recorder)
    assert recorder.rows == [("answer", "用电", "", Role.ENTERPRISE, "广东", date(2025, 6, 1))]
    answer_question(assistant, "", recorder=recorder)
    answer_question(assistant, "没有索引", recorder=recorder)
    assert len(recorder.rows) == 1


def test_error_is_one_escaped_line(assistant):
    html, answer = answer_question(assistant, "没有索引")
    assert html == '<p class="yj-error" role="alert">没有索引&lt;b&gt;；请先运行 python ingest.py</p>'
    assert answer is None


def test_surprise_is_logged_without_the_question_and_shown_as_one_line(assistant, caplog):
    question = "".join(["boo", "m"])
    with pytest.raises(gr.Error, match="系统内部错误"), surprises_logged():
        answer_question(assistant, question)
    assert "RuntimeError: unforeseen" in caplog.text  # with its traceback
    assert question not in caplog.text


def test_unknown_role_is_nobody(assistant):
    answer_question(assistant, "用电", "管理员")
    assert assistant.asked[0][3] is None


def test_examples_follow_the_role():
    assert set(EXAMPLES) == set(Role)
    for words, role in ROLES.items():
        html = render_examples(words)
        expected = EXAMPLES[role] if role else [examples[0] for examples in EXAMPLES.values()]
        assert html.count("<button") == len(expected) >= 3
        assert all(f">{question}</button>" in html for question in expected)
    assert render_examples(ANYONE) == render_examples()


def test_only_examples_can_be_picked():
    assert pick_example(EXAMPLES[Role.STAFF][1]) == EXAMPLES[Role.STAFF][1]
    assert pick_example("c:1") == ""


@pytest.mark.parametrize(
    ("data", "target"),
    [({"open": "c:1"}, "c:1"), ({"open": 7}, ""), ({}, ""), (None, ""), (["open"], "")],
)
def test_clicked_trusts_no_client(data, target):
    assert clicked(gr.EventData(None, data)) == target
