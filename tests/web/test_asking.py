"""A question on its way to an answer: with what it is asked, and a language model's sentences one by one."""

import threading
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from assistant.schema import Role, Statement
from assistant.settings import LlmSettings, Settings
from assistant.web.asking import Stop, afresh, answering, read_asked
from assistant.web.model import Model, model_of, render_model
from assistant.web.thread import MAX_TURNS, Asked, Dialogue, render_thread
from tests.web.ask_fakes import SLOW_S
from tests.web.asked import answer_question
from tests.web.desk_fakes import FakeRecorder

MODEL = Model("tiny<b>", "llm.example.cn")
FIRST, SECOND = Statement("第一句<i>", (1,), True), Statement("第二句", (1,), True)


def turns_of(assistant, *questions: str) -> Dialogue:
    dialogue = Dialogue()
    for question in questions:
        asked = read_asked(question, history=dialogue.history)
        assert isinstance(asked, Asked)
        (step,) = answering(assistant, asked)
        assert step.turn is not None
        dialogue = dialogue.then(step.turn)
    return dialogue


def test_a_follow_up_is_asked_with_the_earlier_questions(assistant):
    dialogue = turns_of(assistant, "用电成本", "红烧肉", "那搬到江西呢？")
    assert assistant.histories == [(), ("用电成本",), ("用电成本", "红烧肉")]
    assert dialogue.last is not None and dialogue.last.answer.carried


def test_what_was_carried_over_is_shown_with_a_way_to_drop_it(assistant):
    html, _ = answer_question(assistant, "那搬到江西呢？", history=("用电成本",))
    assert "沿用上文" in html and "江西&lt;i&gt;省" in html and "新话题，不沿用" in html
    assert "沿用上文" not in answer_question(assistant, "用电成本")[0]


def test_asked_afresh_a_question_keeps_everything_but_the_history(assistant):
    asked = read_asked("用电", "坐席", "2025-06-01", "广东", ("前面的",))
    assert asked == Asked("用电", ("前面的",), date(2025, 6, 1), "广东", Role.HOTLINE)
    (step,) = answering(assistant, asked)
    assert step.turn is not None
    assert afresh(Dialogue((step.turn,))) == replace(asked, history=())
    assert afresh(Dialogue()) is None


def test_a_dialogue_keeps_its_last_turns_and_lists_them_folded(assistant):
    dialogue = turns_of(assistant, *(f"用电{n}<i>" for n in range(MAX_TURNS + 2)))
    assert len(dialogue.turns) == len(dialogue.history) == MAX_TURNS
    html = render_thread(dialogue)
    assert html.count('class="yj-turn"') == MAX_TURNS - 1
    assert f"更早的 {MAX_TURNS - 1 - 3} 个问题" in html
    assert "<i>" not in html and "用电2&lt;i&gt;" in html
    assert f"用电{MAX_TURNS + 1}&lt;i&gt;" not in html  # the newest stands below
    assert f"用电{MAX_TURNS + 1}&lt;i&gt;" in render_thread(dialogue, whole=True)
    assert render_thread(Dialogue()) == ""


def test_marks_further_back_belong_to_their_own_answer(assistant):
    dialogue = turns_of(assistant, "用电成本", "红烧肉", "补贴多少")
    assert [dialogue.answer(n) for n in (0, 1, None)] == [one.answer for one in dialogue.turns]
    assert dialogue.answer(3) is None and Dialogue().answer(None) is None
    assert 'data-turn="0"' in render_thread(dialogue)


def test_without_a_model_there_is_one_step(assistant):
    steps = list(answering(assistant, Asked("用电成本")))
    assert len(steps) == 1 and steps[0].turn is not None and not steps[0].growing


def test_sentences_are_shown_one_by_one_once_they_are_verified(assistant):
    for statement in (FIRST, replace(SECOND, verified=False), SECOND, None):
        assistant.model.said.put(statement)
    *growing, last = answering(assistant, Asked("用电成本"), model=MODEL)
    assert [step.growing for step in growing] == [True, True, True]
    assert ["第一句" in step.html for step in growing] == [False, True, True]
    assert ["第二句" in step.html for step in growing] == [False, False, True]
    assert all("语言模型 tiny&lt;b&gt;，问题遮盖个人信息后发往 llm.example.cn" in step.html for step in growing)
    assert all("<i>" not in step.html for step in (*growing, last))
    assert last.turn is not None and last.turn.answer.engine == "llm:tiny<b>"
    assert "语言模型写了 4 句：能与条文比对 3 句（75%），其中通过 3 句（100%），没有通过的 1 句没有显示" in last.html
    assert "发往 llm.example.cn" in last.html and "语言模型 tiny&lt;b&gt; 组织文字" in last.html


def test_where_a_record_is_kept_nothing_is_shown_before_it_is_recorded(assistant):
    for statement in (FIRST, None):
        assistant.model.said.put(statement)
    recorder = FakeRecorder()
    steps = answering(assistant, Asked("用电成本"), recorder, model=MODEL)
    growing = list(islice(steps, 2))
    assert not any("第一句" in step.html for step in growing)
    assert "已核对通过 1 句" in growing[1].html
    last = next(steps)
    assert "第一句" in last.html and [row[0] for row in recorder.rows] == ["answer"]


def test_stopping_gives_the_quoted_answer(assistant):
    stop = Stop()
    steps = answering(assistant, Asked("用电成本"), model=MODEL, stop=stop)
    next(steps)
    stop.set()
    *_, last = steps
    assert assistant.model.stopped.is_set()
    assert "已取消" in last.html and last.turn is not None and last.turn.answer.engine == "extractive"


def test_a_page_that_is_closed_stops_the_model(assistant):
    assistant.model.said.put(FIRST)
    steps = answering(assistant, Asked("用电成本"), model=MODEL)
    list(islice(steps, 2))
    steps.close()
    assert assistant.model.stopped.wait(SLOW_S)
    assert not [one for one in threading.enumerate() if one.name == "answering" and not one.daemon]


def test_a_surprise_in_the_thread_reaches_the_page(assistant, monkeypatch):
    def fail(*arguments):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(assistant.model, "ask", fail)
    steps = answering(assistant, Asked("用电成本"), model=MODEL)
    with pytest.raises(RuntimeError, match="unforeseen"):
        list(steps)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:8080/v1", "它在本机运行，问题不外传"),
        ("https://llm.example.cn/v1", "问题和所引条文会发往 llm.example.cn，其中的手机号、证件号等先行遮盖"),
    ],
)
def test_where_a_question_goes_is_said_before_it_is_put(address, said):
    settings = Settings(llm=LlmSettings(base_url=address, model="tiny<b>"))
    html = render_model(model_of(settings))
    assert said in html and "tiny&lt;b&gt;" in html


def test_without_a_model_nothing_is_said_of_one():
    assert model_of(Settings()) is None and render_model(None) == ""
