"""Which terms are searched for in a large corpus: the rarest, so many that the rows they match stay few."""

import sqlite3
from pathlib import Path

import pytest

from assistant.indexing import database, lexical
from assistant.indexing.index import Index
from assistant.indexing.lexical import _match, ranked
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.writer import Change, Writer
from tests.fakes import CountingEmbedder, statute

# 用地 is in every article, 资金 in every second, 海关 in every tenth, 罕见 in one of thirty.
TEXTS = [
    "用地" + "，资金" * (n % 2 == 0) + "，海关" * (n % 10 == 0) + "，罕见" * (n == 7) + f"，第{n}号。"
    for n in range(30)
]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    monkeypatch.setattr(lexical, "SMALL_CORPUS", 5)
    monkeypatch.setattr(lexical, "MAX_SHARE", 0.6)
    changes = [Change(statute(f"d{n}", *TEXTS[n * 10 : n * 10 + 10]), "added", str(n)) for n in range(3)]
    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply(changes)
    return Index.open(tmp_path, CountingEmbedder())


def searched(index: Index, text: str) -> set[str]:
    match = index.read(lambda s: _match(s._connection, s.tokenizer, text))
    words = match.partition("bigrams : ")[0]
    return {word for word in ("用地", "资金", "海关", "罕见") if f'"{word}"' in words}


def test_common_terms_are_counted_ahead_and_left_out(index: Index) -> None:
    counted = index.read(
        lambda s: dict(s._connection.execute("SELECT term, doc FROM common_terms WHERE col = 'words'").fetchall())
    )
    assert (counted["用地"], counted["资金"], counted["海关"]) == (30, 15, 3)
    assert searched(index, "用地资金海关罕见") == {"资金", "海关", "罕见"}  # 用地 is in more than 60 %
    assert searched(index, "用地") == {"用地"}  # rather than nothing


def test_the_rows_that_terms_match_are_bounded(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "MAX_ROWS_SHARE", 0.0)
    for rows, expected in (
        (19, {"资金", "海关", "罕见"}),
        (18, {"海关", "罕见"}),
        (4, {"海关", "罕见"}),
        (3, {"罕见"}),
    ):
        monkeypatch.setattr(lexical, "MAX_ROWS", rows)
        assert searched(index, "资金海关罕见") == expected, rows
    monkeypatch.setattr(lexical, "MAX_ROWS", 0)
    assert searched(index, "资金海关罕见") == {"罕见"}  # one term always
    monkeypatch.setattr(lexical, "MAX_ROWS_SHARE", 19 / 30)  # of a larger corpus, a share of it
    assert searched(index, "资金海关罕见") == {"资金", "海关", "罕见"}


def test_asking_for_more_gives_the_same_and_more(index: Index) -> None:
    def both(snapshot):  # type: ignore[no-untyped-def]
        return snapshot.search_text("资金", 3), snapshot.search_text("资金", 40), snapshot.search_text("资金", 3)

    few, many, again = index.read(both)
    assert few == again == many[:3]
    assert len(many) == 15
    assert [score for _, score in many] == sorted((score for _, score in many), reverse=True)


def test_a_little_growth_is_not_counted(index: Index) -> None:
    def counted_at() -> str:
        return index.read(lambda s: database.meta(s._connection, "terms_counted_at"))

    def add(name: str, articles: int) -> None:
        with Writer(index.folder, CountingEmbedder()) as writer:
            writer.apply([Change(statute(name, *(["人才。"] * articles)), "added", name)])

    assert counted_at() == "30"
    add("e", 3)  # a tenth
    assert counted_at() == "30"
    add("f", 1)
    assert counted_at() == "34"


def test_ranks_are_of_units_that_share_a_term(tmp_path: Path) -> None:
    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(statute("a", "海关监管。", "人才引进。", "海关，海关。"), "added", "a")])
    connection: sqlite3.Connection = database.connect(tmp_path)
    try:
        found = ranked(connection, LexicalTokenizer(tmp_path), "海关", 10)
        assert ranked(connection, LexicalTokenizer(tmp_path), "火星", 10) == []
    finally:
        connection.close()

    assert [row for row, _ in found] == [3, 1]  # twice in 第三条, once in 第一条
    assert found[0][1] > found[1][1]
