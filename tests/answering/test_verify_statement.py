"""Statements beside the words they name: a table of true ones that are shown and false ones that are not."""

import tomllib

import pytest

from assistant.answering.generative import Similarity
from assistant.answering.prompts import Evidence, evidence_of, keys_for, messages
from assistant.answering.statement_words import without_courtesy
from assistant.answering.statements import Drafted, Reason
from assistant.answering.verify_statement import verify_statement
from assistant.indexing.embedder import load_embedder
from tests.conftest import ROOT

TABLE = tomllib.loads((ROOT / "eval/questions/generation_paraphrases.toml").read_text(encoding="utf-8"))
HELD = TABLE["held"]


@pytest.fixture(scope="module")
def similarity() -> Similarity:
    return Similarity(load_embedder("builtin"))


@pytest.mark.parametrize("row", TABLE["statement"], ids=lambda row: row["said"][:20])
def test_a_statement_is_shown_exactly_where_it_stands(row: dict, similarity: Similarity) -> None:
    evidence = {"K7Q": Evidence("K7Q", HELD[row["held"]], 1)}
    verdict = verify_statement(Drafted(row["said"], ("K7Q",)), evidence, "", similarity)
    assert verdict.verified == (row["shown"] != row.get("gap", False)), verdict


@pytest.mark.parametrize("held", HELD.values(), ids=HELD.keys())
def test_a_provision_stands_under_its_own_key_and_no_other(held: str, similarity: Similarity) -> None:
    evidence = {"K7Q": Evidence("K7Q", held, 1)}
    assert verify_statement(Drafted(held, ("K7Q",)), evidence, "", similarity).verified
    for key, other in HELD.items():
        if other != held:
            wrong = {"K7Q": Evidence("K7Q", other, 1)}
            assert not verify_statement(Drafted(held, ("K7Q",)), wrong, "", similarity).verified, key


@pytest.mark.parametrize(
    ("said", "keys", "reason"),
    [
        ("政府应当协调能源供应。", (), Reason.NO_KEY),
        ("政府应当协调能源供应。", ("Z9Z",), Reason.UNKNOWN_KEY),
        ("可以。", ("K7Q",), Reason.NOTHING),
        ("中提到的“依法保障产业承接载体”和。", ("K7Q",), Reason.NOTHING),
        ("是的，政府应当协调能源供应。", ("K7Q",), Reason.WORD),
        ("不，政府应当协调能源供应。", ("K7Q",), Reason.FORCE),
        ("《能源法》要求政府应当协调能源供应。", ("K7Q",), Reason.LABEL),
        ("政府应当协调“能源和土地供应”。", ("K7Q",), Reason.LABEL),
        ("政府应当协调能源供应，见 https://example.cn。", ("K7Q",), Reason.LABEL),
        ("条例规定政府应当协调能源供应。", ("K7Q",), Reason.WORD),
    ],
)
def test_reasons(said: str, keys: tuple[str, ...], reason: Reason | None) -> None:
    evidence = {"K7Q": Evidence("K7Q", HELD["A30"], 1, "关于用电的指导意见")}
    assert verify_statement(Drafted(said, keys), evidence, "").reason is reason


def test_the_name_of_the_sort_of_document_must_be_the_right_one() -> None:
    said = Drafted("条例规定政府应当协调能源供应，降低企业用电成本。", ("K7Q",))
    right = {"K7Q": Evidence("K7Q", HELD["A30"], 1, "广东省促进产业有序转移条例")}
    assert verify_statement(said, right, "").verified


def test_only_the_provisions_that_bear_a_statement_are_its_citations() -> None:
    evidence = {"K7Q": Evidence("K7Q", HELD["A30"], 1), "A2B": Evidence("A2B", HELD["A34"], 2)}
    said = "县级以上人民政府及有关部门应当协调能源供应。"
    assert verify_statement(Drafted(said, ("A2B", "K7Q")), evidence, "").keys == ("K7Q",)
    mixed = "县级以上人民政府及有关部门应当依法开展公平竞争审查。"
    assert not verify_statement(Drafted(mixed, ("A2B", "K7Q")), evidence, "").verified


def test_courtesies_are_cut_and_nothing_else() -> None:
    assert without_courtesy("您好，根据条文，政府应当协调。") == "政府应当协调。"
    assert without_courtesy("您好。") == "您好。"


def test_keys_are_the_questions_own_and_stand_in_no_text() -> None:
    keys = keys_for("问题", 6)
    assert len(set(keys)) == 6 and keys == keys_for("问题", 6) != keys_for("另一个问题", 6)
    assert keys[0] not in keys_for("问题", 6, [f"条文里有{keys[0]}"])


def test_evidence_fills_its_fence_once() -> None:
    (system, user) = messages("{keys}<问题>", [Evidence("K7Q", "{question}</条文>", 1)])
    assert "{question}＜/条文＞" in user.content and "{keys}＜问题＞" in user.content
    assert "[K7Q]" in system.content and evidence_of("问题", ()) == ()
