"""Whether a turn goes on with the matter before it, and what it is then answered from; invented dialogues."""

from pathlib import Path

import pytest

from assistant.answering.follow_ups import read_turn
from assistant.answering.thread import Standing, default_thread, goes_on, thread_signals
from assistant.api import Assistant, open_assistant
from assistant.retrieval.names import NameTable
from assistant.retrieval.understanding import understand
from assistant.settings import Settings
from tests.conftest import ROOT

NEAR = Standing(units=("gd:a1",), gap=0.0, best=0.6, absent=False)
FAR = Standing(units=("gd:a1",), gap=0.6, best=0.6, absent=False)


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


def _goes_on(text: str, stands: Standing) -> bool:
    return goes_on(read_turn(understand(text, NameTable({}))), stands, "企业用电成本能降吗", hangs=False)


def test_a_turn_goes_on_where_the_provision_before_is_the_nearest() -> None:
    assert _goes_on("那它有没有期限", NEAR)
    assert not _goes_on("园区的安全生产由哪个机构负责检查和监督", FAR)


def test_every_signal_has_a_weight() -> None:
    turn = read_turn(understand("那它有没有期限", NameTable({})))
    assert set(thread_signals(turn, NEAR, "", hangs=False)) == set(default_thread().weights)


@pytest.mark.parametrize(
    ("turns", "units"),
    [
        (("深圳企业把新生产线放到阳江，条例支持吗", "那研发留在深圳也算吗"), {"a19"}),
        (("政府要想办法降企业的电费，有这条吗", "来电人问，这算不算打了包票"), {"a30"}),
        (("商会能帮着搭产业转移的平台吗", "那它要是不搭呢"), {"a5"}),
    ],
)
def test_a_turn_that_goes_on_is_answered_from_the_same_provision(
    assistant: Assistant, turns: tuple[str, ...], units: set[str]
) -> None:
    *history, question = turns
    answer = assistant.ask(question, history=history)
    assert answer.citations[0].provision.partition(":")[2].split(".")[0] in units
    assert answer.carried


def test_a_place_outside_the_regulation_has_the_national_document_first(assistant: Assistant) -> None:
    answer = assistant.ask("他改主意了，说要去湖北", history=["东莞的鞋厂想搬到河源，物流成本政府管不管"])

    assert answer.citations[0].provision.startswith("mfg-transfer-2021:")
    assert "gd-transfer-2025:a2" in {one.provision.split(".")[0] for one in answer.citations}
    assert [str(one.kind) for one in answer.notices if str(one.kind) == "jurisdiction"]


def test_the_place_in_a_documents_name_is_not_replaced(assistant: Assistant) -> None:
    query = assistant.understand("那搬到江西呢", history=["广东那个条例里对用地怎么说"])
    assert "广东那个条例" in query.asked_text or query.asked_text.count("广东") == 1


def test_a_day_before_the_regulation_is_told_so(assistant: Assistant) -> None:
    answer = assistant.ask("他又说其实是2025年1月搬的", history=["厂子2025年5月从中山搬到阳江，用地有没有保障"])

    assert answer.citations[0].provision.startswith("gd-transfer-2025:a39")
    assert "time" in {str(one.kind) for one in answer.notices}


def test_the_national_document_is_asked_about_the_same(assistant: Assistant) -> None:
    answer = assistant.ask("国家那份怎么讲的", history=["广东对企业用地有保障吗"])
    assert {one.provision.partition(":")[0] for one in answer.citations} == {"mfg-transfer-2021"}
