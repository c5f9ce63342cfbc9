"""The table of everyday words: its form, its words in the corpus, what it finds, and where it must keep silent.

Expected provisions: gd30 is 第三十条 of the provincial regulation, mfg9 is 第九部分 of the guidance, mfg结尾段 its last
paragraph. Right = one of them is among the first three units. Each table of questions says what the table of
terms before it (79 rows) reached on it.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.api import Assistant, open_assistant
from assistant.retrieval.terms import Term, terms, terms_for
from assistant.schema import Hit
from assistant.settings import Settings
from tests.retrieval.terms_questions import KNOWN, UNRELATED, UNSEEN, USED_TO_WIDEN

ROOT = Path(__file__).parents[2]
# Matters of which the documents say nothing: an everyday word for them must not point anywhere.
GROUNDLESS = ("社保", "户口", "公积金", "工资", "仲裁", "罚款", "处罚", "个税", "所得税", "增值税", "减税", "免税政策")


@pytest.fixture(scope="module")
def corpus() -> str:
    """The text of both documents without white space, as lines of the source break inside sentences."""
    files = ("gd-transfer-2025.txt", "mfg-transfer-2021.txt")
    return "".join(re.sub(r"\s", "", (ROOT / "corpus" / name).read_text(encoding="utf-8")) for name in files)


@pytest.fixture(scope="module")
def ranked(corpus_index: Path) -> Callable[[str], list[str]]:
    assistant: Assistant = open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))

    def first_three(question: str) -> list[str]:
        return [_short(hit) for hit in assistant.search(question, 3)]

    return first_three


def _short(hit: Hit) -> str:
    provision = hit.provision
    return provision.doc_id.split("-")[0] + (str(provision.number[0]) if provision.number else provision.label)


def test_the_table_is_of_the_size_it_claims() -> None:
    assert len(terms()) >= 150
    assert sum(len(row.says) for row in terms()) >= 1_500


def test_terms_are_unique_and_never_everyday_words() -> None:
    names = [row.term for row in terms()]
    assert len(names) == len(set(names))
    assert not set(names) & {says for row in terms() for says in row.says}


@pytest.mark.parametrize("row", terms(), ids=lambda row: row.term[:12])
def test_form_of_a_row(row: Term) -> None:
    assert row.says, "a row without everyday words finds nothing"
    assert len(row.says) == len(set(row.says))
    assert [says for says in row.says if not 2 <= len(says) <= 10 or says != says.strip()] == []
    assert [says for says in row.says if says in row.term] == []
    # A longer string that holds a shorter one of the same row never decides anything.
    assert [(a, b) for a in row.says for b in row.says if a != b and a in b] == []
    assert [(says, word) for says in row.says for word in GROUNDLESS if word in says] == []


@pytest.mark.parametrize("row", terms(), ids=lambda row: row.term[:12])
def test_the_words_of_a_term_stand_in_the_documents(row: Term, corpus: str) -> None:
    words = [word for word in re.split(r"[ 、]", row.term) if word]
    assert [word for word in words if word not in corpus] == []


def test_no_term_for_penalties_or_tax() -> None:
    for question in ("搬走会不会被罚", "违反了怎么处罚", "企业所得税能不能减", "社保要不要重新交", "户口能不能迁过去"):
        assert terms_for(question) == (), question


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("海观的级别还认吗", "海关信用等级"),
        ("成接地是什么", "产业承接地"),
        ("产业专移", "产业转移"),
        ("环平能不能快点", "环境影响评价"),
        ("唔俾搬走点算", "产业转出地"),
        ("几时生效", "施行"),
        ("转供电太黑", "减少供应层级"),
    ],
)
def test_dialect_and_misheard_words(question: str, word: str) -> None:
    assert any(word in term for term in terms_for(question)), terms_for(question)


def test_a_term_in_the_question_is_not_added() -> None:
    assert "产业转移" in terms_for("想搬厂")
    assert "产业转移" not in terms_for("想搬厂，算产业转移吗")


@pytest.mark.parametrize(
    ("questions", "in_three", "first"),
    [
        pytest.param(KNOWN, 0.95, 0.90, id="known"),
        pytest.param(USED_TO_WIDEN, 0.90, 0.85, id="used to widen"),
        pytest.param(UNSEEN, 0.60, 0.45, id="unseen"),
    ],
)
def test_questions_find_their_provision(
    questions: list[tuple[str, str]], in_three: float, first: float, ranked: Callable[[str], list[str]]
) -> None:
    found = [(question, expected.split(), ranked(question)) for question, expected in questions]
    missed = [row for row in found if not set(row[1]) & set(row[2])]
    later = [row for row in found if row[2][0] not in row[1]]
    assert len(missed) <= (1 - in_three) * len(found), missed
    assert len(later) <= (1 - first) * len(found), later


def test_tables_of_questions_are_sound() -> None:
    questions = [question for table in (KNOWN, USED_TO_WIDEN, UNSEEN) for question, _ in table] + UNRELATED
    assert len(questions) == len(set(questions))
    parts = {f"gd{n}" for n in range(1, 40)} | {f"mfg{n}" for n in range(1, 10)} | {"mfg结尾段"}
    named = {one for table in (KNOWN, USED_TO_WIDEN, UNSEEN) for _, expected in table for one in expected.split()}
    # Every article and every part is asked for, and nothing else.
    assert named == parts


def test_unrelated_questions_find_no_term() -> None:
    found = {question: terms_for(question) for question in UNRELATED if terms_for(question)}
    assert len(found) <= 3, found
