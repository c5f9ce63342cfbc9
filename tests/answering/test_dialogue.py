"""Dialogues over the project's own corpus: what a follow-up keeps, what it is read as, and what a new topic drops."""

from datetime import date
from pathlib import Path

import pytest

from assistant.api import Assistant, open_assistant
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
