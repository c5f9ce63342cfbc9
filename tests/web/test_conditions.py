from dataclasses import replace

import pytest

from assistant.answering.conditions import conditions
from assistant.web.conditions import MAX_CONDITIONS, open_conditions


def asks(answer, **known):
    return [condition.ask for condition in open_conditions(answer, **known)]


PLACE, DAY = "您（企业）在哪个省、哪个市？", "事情发生在哪一天，还是准备要办？"


def quoting(answer, *quotes):
    """The answer with the words of its citation replaced, and the conditions that they state."""
    first = answer.citations[0]
    cited = tuple(replace(first, key=n, quote=one) for n, one in enumerate(quotes, 1))
    return replace(answer, citations=cited, conditions=conditions(answer.question, cited))


def test_a_local_regulation_asks_for_the_place_and_a_dated_one_for_the_day(assistant):
    answer = assistant.ask("用电")
    place, day = open_conditions(answer)
    assert (place.ask, place.reason) == (PLACE, "《广东省促进产业有序转移条例》只适用于广东省。")
    assert (day.ask, day.reason) == (DAY, "《广东省促进产业有序转移条例》自2025年3月1日起施行；按今天判断。")


@pytest.mark.parametrize(
    ("known", "expected"),
    [({"region": "佛山"}, [DAY]), ({"region": "  "}, [PLACE, DAY]), ({"region": "广东", "dated": True}, [])],
)
def test_what_was_said_is_not_asked(assistant, known, expected):
    assert asks(assistant.ask("用电"), **known) == expected


def test_a_national_document_does_not_ask_for_the_place(assistant):
    answer = assistant.ask("用电")
    national = replace(answer, citations=tuple(replace(one, jurisdiction="000000") for one in answer.citations))
    assert asks(national) == [DAY]


def test_nothing_found_has_nothing_to_ask(assistant):
    assert open_conditions(assistant.ask("红烧肉")) == ()


def test_a_gap_beside_a_ground_is_asked_for(assistant):
    assert asks(assistant.ask("补贴"), region="广东", dated=True) == ["还要了解的是不是：具体金额？"]


def test_the_two_sides_of_a_move_are_asked_for_unless_said(assistant):
    answer = quoting(assistant.ask("用电"), "产业转出地企业的分支机构由产业承接地登记。")
    assert asks(answer, region="广东", dated=True) == ["从哪里转出，转到哪里？"]
    said = replace(answer, question="工厂从佛山搬到湛江，登记怎么办")
    assert asks(said, region="广东", dated=True) == []


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("企业整体搬迁的，应当办理变更登记。", ["企业整体搬迁"]),
        ("第二条　符合规定条件的，可以申请；逾期申请的，不予受理。", ["符合规定条件", "逾期申请"]),
        ("中西部地区的企业，按照规定实施监管。", []),
        ("违反本条例规定的，依法处理。未申报的，责令改正。有下列情形之一的，不予受理。", []),
        ("（一）新设企业的，三年内免征；", ["新设企业"]),
        ("法律、行政法规另有规定的，从其规定。", []),
    ],
)
def test_conditions_of_a_quote_are_asked_in_its_words(assistant, quote, expected):
    answer = quoting(assistant.ask("用电"), quote)
    assert asks(answer, region="广东", dated=True) == [f"是否属于“{words}”？" for words in expected]


def test_the_same_condition_is_asked_once_and_not_too_many(assistant):
    answer = assistant.ask("用电")
    twice = quoting(answer, "整体搬迁的，可以申请。", "整体搬迁的，应当登记。")
    assert asks(twice, region="广东", dated=True) == ["是否属于“整体搬迁”？"]
    many = quoting(answer, *(f"第{n}种情形的，可以申请。" for n in range(20)))
    assert len(open_conditions(many)) == MAX_CONDITIONS


def test_a_condition_that_the_caller_spoke_of_is_not_asked(assistant):
    answer = quoting(assistant.ask("用电"), "企业整体搬迁的，应当办理变更登记。")
    said = "我们整个厂搬走，登记怎么办"
    told = replace(answer, question=said, conditions=conditions(said, answer.citations))
    assert asks(told, region="广东", dated=True) == []
