"""Dialogues over the project's own corpus: what a follow-up keeps, what it is read as, and what a new topic drops."""

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.completed import echo_asked, traced
from assistant.answering.dialogue import MAX_TURNS, resume
from assistant.answering.segments import read_again
from assistant.api import Assistant, open_assistant
from assistant.retrieval.names import NameTable
from assistant.retrieval.understanding import understand
from assistant.schema import Carried, CarriedKind, SegmentKind, text_of
from assistant.settings import Settings
from tests.answering.dialogues import DIALOGUES, Row
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


def _day(words: str) -> date:
    today = date.today()
    return {"last year": date(today.year - 1, 12, 31), "today": today}.get(words) or date.fromisoformat(words)


@pytest.mark.parametrize("row", DIALOGUES, ids=lambda row: " ".join(row.turns))
def test_a_dialogue(assistant: Assistant, row: Row) -> None:
    *history, question = row.turns
    query = assistant.understand(question, history=history)
    answer = assistant.ask(question, history=history)

    assert answer.question == query.text == question
    assert {str(one.kind) for one in answer.carried} == set(row.carried.split())
    if row.places is not None:
        assert {place.text for place in query.places} == set(row.places.split())
    if row.docs is not None:
        assert query.doc_ids == tuple(row.docs.split())
    if row.ref:
        assert query.references[0].paths[0] == row.ref
    if row.unit:
        doc, _, path = row.unit.partition(":")
        first = answer.citations[0].provision if answer.citations else ""
        assert first.startswith(doc)
        assert first.partition(":")[2].split(".")[0] == path
    if row.status:
        assert str(answer.status) == row.status
    if row.date:
        assert query.as_of == _day(row.date)
    assert row.has in query.asked_text
    assert not row.lacks or row.lacks not in query.asked_text


@pytest.mark.parametrize("row", DIALOGUES, ids=lambda row: " ".join(row.turns))
def test_every_character_of_a_completed_question_is_one_of_its_turns(assistant: Assistant, row: Row) -> None:
    *history, question = row.turns
    query = assistant.understand(question, history=history)
    words = echo_asked(query, 0, len(query.asked_text))

    assert text_of(words) == query.asked_text
    assert {one.kind for one in words} <= {SegmentKind.ECHO, SegmentKind.TEMPLATE}
    for one in words:
        if one.kind is SegmentKind.ECHO:
            turn = history[int(one.source[1:])] if one.source else question
            assert turn[one.start : one.end] == one.text


def test_a_missing_fact_is_an_echo_of_the_turn_that_asked_for_it(assistant: Assistant) -> None:
    history = ("电费能补多少",)
    answer = assistant.ask("那湖南呢", history=history)
    echoes = [one for words in answer.missing_words for one in words if one.kind is SegmentKind.ECHO]

    assert any(one.source == "h0" for one in echoes)
    for one in echoes:
        assert assistant._index.read(lambda s, o=one: read_again(o, s, answer.question, history)) == one.text


def test_a_span_is_traced_to_its_turn(assistant: Assistant) -> None:
    query = assistant.understand("那搬到江西呢", history=["整厂从佛山搬到湖南，海关信用等级还算数吗"])
    at = query.asked_text.index("江西")

    assert traced(query, at, at + 2) == (("", 3, 5),)
    assert traced(query, 0, 2) == (("h0", 0, 2),)
    assert query.asked_text == "整厂从佛山搬到江西，海关信用等级还算数吗"


def test_what_is_carried_is_shown_in_words(assistant: Assistant) -> None:
    answer = assistant.ask("第二款呢", history=["条例第二十九条第一款怎么说"])

    assert answer.carried == (
        Carried(CarriedKind.DOCUMENT, "《广东省促进产业有序转移条例》"),
        Carried(CarriedKind.PROVISION, "第二十九条第一款"),
    )


def test_only_the_last_turns_are_read() -> None:
    read = []

    def reading(text: str):
        read.append(text)
        return understand(text, NameTable({}), today=date(2026, 11, 22))

    resume("谁管", [f"第{number}个问题" for number in range(30)], reading)

    assert read[0] == f"第{30 - MAX_TURNS}个问题"


def test_without_an_index_a_dialogue_is_read_by_its_words() -> None:
    query, carried = resume(
        "那搬到江西呢",
        ["", "整厂从佛山搬到湖南，海关信用等级还算数吗"],
        lambda text: understand(text, NameTable({}), today=date(2026, 11, 22)),
    )

    assert [place.codes for place in query.places] == [("440600",), ("360000",)]
    assert query.text == "那搬到江西呢"
    assert query.slices[0].turn == "h1"
    assert {one.kind for one in carried} == {CarriedKind.PLACE, CarriedKind.TOPIC}


def test_a_question_without_history_is_what_it_was(assistant: Assistant) -> None:
    alone = assistant.ask("企业用电成本能降吗")
    assert alone.carried == ()
    assert assistant.ask("企业用电成本能降吗", history=["", " "]).answer == alone.answer


@pytest.mark.parametrize("turns", [("", "谢谢"), ("电费能降吗", "谢谢", "具体多少钱"), ("好的", "好的", "电费能降吗")])
def test_courtesies_keep_the_thread_and_break_nothing(assistant: Assistant, turns: tuple[str, ...]) -> None:
    *history, question = turns
    answer = assistant.ask(question, history=history)
    assert bool(answer.carried) == (question == "具体多少钱")


def test_questions_that_stand_by_themselves_keep_nothing_of_the_one_before(assistant: Assistant) -> None:
    lines = (ROOT / "eval" / "questions" / "tuning.jsonl").read_text(encoding="utf-8").splitlines()[:120]
    questions = [json.loads(line)["question"] for line in lines]
    kept = [
        (before, question)
        for before, question in zip(questions[37:] + questions[:37], questions, strict=True)
        if assistant.understand(question, history=[before]).asked_text not in (question, question.rstrip("？?。"))
    ]
    assert len(kept) <= 4, kept
