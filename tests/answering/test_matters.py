"""A matter that is in the question and in no document: said by name; silent once a document speaks of it."""

from pathlib import Path

import pytest

from assistant.answering.matters import matters, matters_absent
from assistant.api import Assistant, open_assistant
from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.schema import Status
from assistant.settings import Settings
from tests.conftest import ROOT
from tests.fakes import CountingEmbedder, statute


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("工人的社保从江西转过来怎么弄", ("社会保险",)),
        ("搬厂以后出口退税去哪办", ("出口退税",)),
        ("招商部门口头承诺返还税收，合法吗", ("税收返还、出让金返还",)),
        ("两口子离婚，公积金怎么分", ("住房公积金", "婚姻家庭")),
    ],
)
def test_a_matter_of_other_rules_is_named(assistant: Assistant, question: str, missing: tuple[str, ...]) -> None:
    answer = assistant.ask(question)

    named = {name for words in answer.missing for name in words.partition("（")[0].split("、")}
    assert {name for one in missing for name in one.split("、")} <= named
    assert answer.status is not Status.ANSWERED


def test_a_question_with_a_matter_of_ours_besides_is_answered_in_part(assistant: Assistant) -> None:
    answer = assistant.ask("电费能不能降，还有工人社保怎么转")

    assert answer.status is Status.PARTIAL
    assert any(words.startswith("社会保险") for words in answer.missing)
    assert answer.citations[0].provision.startswith("gd-transfer-2025:a30")


@pytest.mark.parametrize(
    ("text", "held"),
    [("公积金", False), ("住房", True), ("ISO认证", True), ("3C认证", False), ("N+1", True), ("N+2", False)],
)
def test_contains_is_to_the_letter(tmp_path: Path, text: str, held: bool) -> None:
    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(statute("a", "住房应当通过ISO认证，公积不是金。补偿按N+1计算。"), "added", "1")])
    index = Index.open(tmp_path, CountingEmbedder())

    assert index.read(lambda snapshot: snapshot.contains(text)) is held


def test_the_row_is_silent_once_a_document_speaks_of_it(tmp_path: Path) -> None:
    def absent(question: str) -> tuple[str, ...]:
        index = Index.open(tmp_path, CountingEmbedder())
        return tuple(matter.name for matter in index.read(lambda snapshot: matters_absent(snapshot, question)))

    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(statute("a", "保障用地。"), "added", "1")])
    assert absent("公积金怎么提取") == ("住房公积金",)

    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(statute("b", "职工可以提取住房公积金。"), "added", "2")])
    assert absent("公积金怎么提取") == ()


def test_the_table_is_well_formed_and_silent_about_the_corpus(assistant: Assistant) -> None:
    rows = matters()
    names = [name for row in rows for name in row.names]
    corpus = "".join(
        (ROOT / "corpus" / f).read_text(encoding="utf-8") for f in ("gd-transfer-2025.txt", "mfg-transfer-2021.txt")
    )

    assert len({row.name for row in rows}) == len(rows) >= 30
    assert len(set(names)) == len(names)
    assert all(len(name) >= 2 for name in names)
    assert [name for name in names if name in corpus] == []  # it would make its row silent for good
