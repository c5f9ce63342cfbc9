"""A reply read piece by piece gives the same statements however it is cut, each with its keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.statements import Drafted, StatementReader


def read(text: str, size: int = 1) -> list[tuple[str, tuple[str, ...]]]:
    reader = StatementReader()
    found: list[Drafted] = []
    for at in range(0, len(text), size):
        found += reader.feed(text[at : at + size])
    found += reader.finish()
    return [(one.text, one.keys) for one in found]


K, A = ("K7Q",), ("A2B",)


@pytest.mark.parametrize(
    ("reply", "statements"),
    [
        ("政府应当协调。[K7Q]", [("政府应当协调。", K)]),
        ("政府应当协调[K7Q]。", [("政府应当协调。", K)]),
        ("政府应当协调（K7Q）。企业可以申请（A2B）。", [("政府应当协调。", K), ("企业可以申请。", A)]),
        ("政府应当协调。【K7Q、A2B】", [("政府应当协调。", (*K, *A))]),
        ("政府应当协调。[K7Q][A2B]", [("政府应当协调。", (*K, *A))]),
        ("政府应当协调。企业可以申请。[k7q]", [("政府应当协调。", K), ("企业可以申请。", K)]),
        ("[K7Q] 政府应当协调。", [("政府应当协调。", K)]),
        ("K7Q：政府应当协调。", [("政府应当协调。", K)]),
        ("- **K7Q** 政府应当协调。\n- A2B 企业可以申请。", [("政府应当协调。", K), ("企业可以申请。", A)]),
        ("1. 政府应当协调。[K7Q]\n2、企业可以申请。[A2B]", [("政府应当协调。", K), ("企业可以申请。", A)]),
        ("政府应当协调。[K7Q]\n\n没有编号的话。", [("政府应当协调。", K), ("没有编号的话。", ())]),
        ("没有编号的话", [("没有编号的话。", ())]),
        ("政府应当协调。[K7Q]\n政府应当协调。[K7Q]", [("政府应当协调。", K)]),
        ("<think>先想想[K7Q]\n再想</think>政府应当协调。[K7Q]", [("政府应当协调。", K)]),
        ("<think>没想完[K7Q]", []),
        ("政府应当协调。[条文 K7Q]", [("政府应当协调。", K)]),
        ("政府应当协调。（依据：K7Q）", [("政府应当协调。", K)]),
        ("GB2312编码。", [("GB2312编码。", ())]),
        ("[K7Q]\n", []),
        ("。。。\n\n---\n", []),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_statements_and_their_keys(reply: str, statements: list, size: int) -> None:
    assert read(reply, size) == statements


def test_a_statement_is_given_as_soon_as_it_is_whole() -> None:
    reader = StatementReader()
    assert [one.text for one in reader.feed("政府应当协调。[K7Q]")] == []
    assert [one.text for one in reader.feed("企业")] == ["政府应当协调。"]
    assert [one.text for one in reader.feed("可以申请。[A2B]\n")] == ["企业可以申请。"]


@given(st.text(alphabet="政府。！[]（）K7QA2B、\n- ：<think>/1.", max_size=60), st.integers(1, 9))
def test_the_cut_changes_nothing(reply: str, size: int) -> None:
    assert read(reply, size) == read(reply, 1000)


@given(st.text(max_size=200))
def test_anything_can_be_read(reply: str) -> None:
    for text, keys in read(reply, 3):
        assert text.strip() and all(len(key) == 3 for key in keys)
