"""What holds of every answer, whatever is asked: the contract of an answer, over odd questions and plain ones."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.spoken import MAX_SPOKEN
from assistant.answering.wire import answer_json
from assistant.api import Assistant, open_assistant
from assistant.schema import Answer, Status
from assistant.settings import Settings
from tests.conftest import ROOT

QUESTIONS = ROOT / "eval" / "questions" / "tuning.jsonl"
# Pieces that names, numbers and search syntax are made of, to be put together wrongly.
PIECES = (
    *(
        "条例",
        "指导意见",
        "民法典",
        "第",
        "三十",
        "十",
        "条",
        "款",
        "项",
        "部分",
        "之一",
        "自然段",
        "一",
        "0",
        "９",
        "〇",
    ),
    *(
        "（",
        "）",
        "《",
        "》",
        "、",
        "至",
        "和",
        "本",
        "同",
        "前",
        "电费",
        "園區",
        "？",
        " ",
        "\n",
        "\x00",
        "😀",
        '"',
        "*",
        "a",
    ),
    *(" AND ", "NEAR(", "words :", "<b>", "[1]"),
)


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


def check(assistant: Assistant, answer: Answer) -> None:
    assert 0 < len(answer.spoken) <= MAX_SPOKEN
    assert all(name and "\n" not in name for name in answer.missing)
    match answer.status:
        case Status.ANSWERED:
            assert answer.citations
            assert not answer.missing
        case Status.PARTIAL:
            assert answer.citations
            assert answer.missing
        case Status.ABSTAINED:
            assert not answer.citations
            assert not answer.statements
            assert answer.missing
    assert bool(answer.nearest) == (answer.status is Status.ABSTAINED)
    keys = [citation.key for citation in answer.citations]
    assert keys == list(range(1, len(keys) + 1))
    assert [key for statement in answer.statements for key in statement.citations] == keys
    assert [int(mark) for mark in re.findall(r"(?<!\\)\[(\d+)\]", answer.answer)] == keys
    assert all(statement.verified for statement in answer.statements)
    for citation in answer.citations:
        parsed = assistant.parsed(citation.provision.partition(":")[0])
        [provision] = [one for one in parsed.provisions if one.id == citation.provision]
        assert parsed.document.text[citation.start : citation.end] == citation.quote
        assert provision.start <= citation.start < citation.end <= provision.end
        assert citation.force
    json.dumps(answer_json(answer), ensure_ascii=False).encode()


def test_every_answer_to_a_tuning_question_keeps_the_contract(assistant: Assistant) -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 60
    for row in rows[::6]:
        check(assistant, assistant.ask(row["question"]))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join).filter(str.strip))
def test_every_answer_to_an_odd_question_keeps_the_contract(assistant: Assistant, question: str) -> None:
    check(assistant, assistant.ask(question))
    query = assistant.understand(question)
    for reference in query.references:
        assert query.text[reference.start : reference.end] == reference.text


@pytest.mark.parametrize(
    "question", ["？？？", "电" * 4_000, "《" * 2_000, "What about electricity prices?", "企業用電成本能降低嗎"]
)
def test_extreme_questions_keep_the_contract(assistant: Assistant, question: str) -> None:
    check(assistant, assistant.ask(question))
