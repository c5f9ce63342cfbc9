"""Misheard words and who is speaking: the form of the lists, and what they do."""

import json
import re
from pathlib import Path

import pytest

from assistant.retrieval.terms import GENERAL, general_terms_for, terms, terms_for
from assistant.retrieval.wordlists import Spelling, corrected, role_of, spellings
from assistant.schema import Role
from eval.law_data import DATA, LAWS, load_laws

ROOT = Path(__file__).parents[2]


def test_forms_are_unique_as_long_as_their_word_and_no_word_of_the_list() -> None:
    forms = [form for row in spellings() for form in row.says]
    words = {row.standard for row in spellings()}
    assert len(forms) >= 100
    assert len(forms) == len(set(forms))
    assert not set(forms) & words
    assert [(form, row.standard) for row in spellings() for form in row.says if len(form) != len(row.standard)] == []


def test_terms_of_general_matters_are_sound() -> None:
    rows, founding = terms(GENERAL), terms()
    says = [word for row in rows for word in row.says]
    assert len(rows) >= 30
    assert len(says) == len(set(says))
    assert not set(says) & {word for row in founding for word in row.says}
    assert not {row.term for row in rows} & {row.term for row in founding}
    assert [word for word in says if not 2 <= len(word) <= 10 or word != word.strip()] == []
    assert [(a, b) for row in rows for a in row.says for b in row.says if a != b and a in b] == []


def test_the_words_of_general_terms_stand_in_laws() -> None:
    if not (DATA / LAWS).is_file():
        pytest.skip(f"../shared/data/{LAWS} is not there")
    text = "".join(law.data.decode("utf-8", "replace") for law in load_laws())
    words = [word for row in terms(GENERAL) for word in re.split(r"[ 、]", row.term) if word]
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("新领导不认前任签的合同", "政府换届"),
        ("协会硬拉进去收会费", "行业协会商会"),
        ("想拿专利贷款", "知识产权质押"),
        ("叫人下污水井清淤", "有限空间作业"),
    ],
)
def test_general_matters_are_searched_for_and_are_no_sign_of_the_founding_ones(question: str, word: str) -> None:
    assert any(word in term for term in general_terms_for(question))
    assert not any(word in term for term in terms_for(question))


@pytest.mark.parametrize("row", spellings(), ids=lambda row: row.standard)
def test_a_word_stays_what_it_is(row: Spelling) -> None:
    assert corrected(row.standard) == row.standard
    assert {corrected(form) for form in row.says} == {row.standard}


def test_no_form_stands_in_the_documents() -> None:
    texts = [re.sub(r"\s", "", path.read_text(encoding="utf-8")) for path in (ROOT / "corpus").glob("*.txt")]
    assert texts
    assert [form for row in spellings() for form in row.says if any(form in text for text in texts)] == []


def test_no_form_stands_in_any_law() -> None:
    if not (DATA / LAWS).is_file():
        pytest.skip(f"../shared/data/{LAWS} is not there")
    text = "".join(law.data.decode("utf-8", "replace") for law in load_laws())
    assert [form for row in spellings() for form in row.says if form in text] == []


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("产业转仪 海观信用等几还认吗", "产业转移 海关信用等级还认吗"),
        ("那个条理里面怎么写", "那个条例里面怎么写"),
        ("说话有条理", "说话有条理"),
        ("丈夫持股的公司", "丈夫持股的公司"),
        ("每月北方的电价", "每月北方的电价"),
        ("园区想搞拓管，圆中园也行", "园区想搞托管，园中园也行"),
        ("一征多址和证照份离", "一证多址和证照分离"),
        ("那个主凭台在哪", "那个主平台在哪"),
        *(
            (text, text)
            for text in (
                "关注平台的动态",
                "开拓管道业务",
                "大多是联运",
                "中心用电",
                "其中是基地",
                "光荣资产",
                "树木录入",
            )
        ),
    ],
)
def test_misheard_words_are_put_right(question: str, right: str) -> None:
    assert corrected(question) == right


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("来电人说我们厂要搬", Role.HOTLINE),
        ("我们县想请外市开发区托管园区", Role.STAFF),
        ("我们厂想从东莞搬去清远", Role.ENTERPRISE),
        ("第三十条讲什么", None),
        ("员工的社保怎么转", None),
    ],
)
def test_who_asks(question: str, role: Role | None) -> None:
    assert role_of(question) == role


def test_no_ordinary_question_is_changed() -> None:
    misheard = {"speech"}
    changed = []
    for file in ("tuning", "fitting_a", "fitting_b", "answers_tuning"):
        for line in (ROOT / "eval" / "questions" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("kind") in misheard or row.get("speech"):
                continue
            changed += [text for text in (row["question"], *row.get("turns", ())) if corrected(text) != text]
    assert len(changed) <= 8, changed  # those that tell misheard words without saying so
