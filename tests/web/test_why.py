from dataclasses import replace
from datetime import date

from assistant.errors import LookupFailedError
from assistant.schema import Found
from assistant.web.ask import explain
from assistant.web.asking import Asked, answering
from assistant.web.thread import Dialogue
from assistant.web.why import render_why
from tests.web.ask_fakes import why_of
from tests.web.conftest import RULES
from tests.web.test_render import Page

TITLES = {RULES.id: RULES.title}


def asked(assistant, question: str) -> Dialogue:
    (step,) = answering(assistant, Asked(question, (), date(2025, 6, 1), "广东"))
    return Dialogue((step.turn,))


def test_evidence_is_looked_for_only_when_it_is_opened(assistant):
    dialogue = asked(assistant, "用电成本")
    assert assistant.explained == []
    html = explain(assistant, dialogue)
    assert assistant.explained == [("用电成本", date(2025, 6, 1), "广东")]
    page = Page(html)
    assert "得分 1.20，达到门槛 -0.50" in page.text
    assert "按术语一并查找：用电成本" in page.text
    assert explain(assistant, Dialogue()) == ""


def test_scores_are_numbers_and_bars_and_say_what_was_quoted(assistant):
    page = Page(explain(assistant, asked(assistant, "用电成本")))
    for words in ("全条", "句子", "用词", "0.61", "0.72", "1.410"):
        assert words in page.text
    assert "常问" not in page.text  # a signal that nothing has
    assert page.tags.count("meter") == 6
    assert page.text.count("引用了") == 1 and page.text.count("没有引用") == 1
    assert ("data-open", "p:gd-transfer-2025:a30") in page.attributes


def test_what_was_left_out_is_said_with_its_reason(assistant):
    page = Page(explain(assistant, asked(assistant, "用电成本")))
    assert "《湖南<b>办法》第三十一条适用于湖南省，不适用于广东省" in page.text
    assert "本应排第 3" in page.text and "b" not in {tag for tag in page.tags if tag == "i"}


def test_a_closed_gate_and_a_named_provision_are_said(assistant):
    answer, one = assistant.ask("用电"), why_of(assistant.held[RULES.id], "用电")
    closed = Page(render_why((replace(one, score=-3.0, opens=False, found=Found(())),), answer, TITLES)).text
    assert "不到门槛 -0.50：认为条文没有说到这件事" in closed and "没有找到任何条文" in closed
    assert "点名了条文" in Page(render_why((replace(one, named=True),), answer, TITLES)).text


def test_parts_are_explained_one_by_one(assistant):
    one = why_of(assistant.held[RULES.id], "用电")
    page = Page(render_why((one, replace(one, text="第二问<b>")), assistant.ask("用电"), TITLES))
    assert page.tags.count("h3") == 2 and "第二问<b>" in page.text


def test_an_error_is_one_line(assistant, monkeypatch):
    def fail(*arguments, **options):
        raise LookupFailedError("没有索引<b>")

    dialogue = asked(assistant, "用电")
    monkeypatch.setattr(assistant, "why", fail)
    assert explain(assistant, dialogue) == '<p class="yj-error" role="alert">没有索引&lt;b&gt;</p>'
