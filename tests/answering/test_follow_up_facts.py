"""Facts that turns ask for in a word or two, of invented dialogues."""

from pathlib import Path

import pytest

from assistant.answering.asked import asked_facts, facts_asked
from assistant.answering.follow_up_facts import TABLE
from assistant.api import Assistant, open_assistant
from assistant.settings import Settings
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


@pytest.mark.parametrize(
    ("turn", "keys"),
    [
        ("那到底补多少呢", {"how_much"}),
        ("多少家企业", set()),
        ("那要去找哪个部门", {"contact"}),
        ("这个归谁管", set()),
        ("由哪级审批", {"approver"}),
        ("谁来批评", set()),
        ("收益两边咋分", {"share"}),
        ("怎么分类", set()),
        ("啥叫符合条件", {"meaning"}),
        ("什么意思", set()),
        ("园区有没有执法权", {"power"}),
        ("有没有权利", set()),
        ("手续就全免了吗", {"exempt"}),
        ("全免费吗", set()),
        ("负责的是不是商务局", {"body"}),
        ("负责单位由谁确定", set()),
        ("那去哪里交", {"address"}),
        ("在哪条", set()),
        ("具体怎么操作", {"procedure"}),
        ("我怎么办", set()),
        ("一年几趟", {"frequency"}),
        ("几个", set()),
    ],
)
def test_a_turn_asks_for_a_fact(turn: str, keys: set[str]) -> None:
    assert {one.fact.key for one in facts_asked(turn, TABLE)} == keys


def test_every_fact_of_a_turn_can_be_missing_and_held() -> None:
    assert all(one.asks and one.holds for one in asked_facts(TABLE))


@pytest.mark.parametrize(
    ("turns", "unit", "name"),
    [
        (("省里那个引导社会资本的基金是怎么设的", "那要找谁呢"), "a29", "具体经办单位或联系人"),
        (("园区管理机构要不要查安全生产", "它有没有处罚权"), "a14", "有没有这项职权"),
        (("中试基地能放在承接地吗", "谁来批"), "a32", "由谁审批"),
        (("政府要不要定期跟企业家座谈", "一年几趟"), "a35", "具体次数"),
    ],
)
def test_a_fact_of_the_matter_before_is_missing(
    assistant: Assistant, turns: tuple[str, ...], unit: str, name: str
) -> None:
    *history, question = turns
    answer = assistant.ask(question, history=history)

    assert str(answer.status) == "partial"
    assert answer.citations[0].provision.partition(":")[2].split(".")[0] == unit
    assert any(name in words for words in answer.missing)


def test_what_the_earlier_turn_asked_is_not_missing_again(assistant: Assistant) -> None:
    answer = assistant.ask("那气费呢", history=["企业搬过去，电价这块政府管不管"])

    assert str(answer.status) == "answered"
    assert not answer.missing
