"""The report on references: figures worked out by hand on small graphs."""

from pathlib import Path

import pytest

from assistant.retrieval.references import Neighbours
from eval import references_laws
from eval.references import AS_OF, READ_FILE, main
from eval.references_index import titles, write
from eval.references_stard import expansion, graph, missed, scores
from tests.fakes import statute

NEAR = Neighbours({"a:1": frozenset({"b:1"})}, {"a:1": frozenset({"c:1"})})


def test_pairs_of_right_articles_and_how_many_are_linked() -> None:
    found = graph([("a:1", "b:1", "a:2"), ("c:1",), ("c:1", "a:1")], NEAR)
    # Pairs: a1-b1 (linked), a1-a2 (same document), b1-a2; c1-a1, linked from a1's side only.
    assert found == {"several": 2, "pairs": 4, "same_document": 1, "linked": 1, "with_links": 1, "golds": 4}


def test_a_missed_article_that_a_hit_cites() -> None:
    ranked = {"q": {f"x:{n}": 20.0 - n for n in range(9)} | {"a:1": 5.0, "d:1": 4.0}}
    found = missed({"q": ("b:1", "c:1", "a:1", "e:1")}, ranked, {"q": NEAR})
    assert found["10"] == {"missed": 3, "cites": 1, "cited_by": 1, "both": 2, "neighbours": 2}


def test_recall_and_reciprocal_rank() -> None:
    # The first right article stands second; one of two is among the first five.
    assert scores({"q": ("b", "z")}, {"q": {"a": 2.0, "b": 1.0}}) == {
        "recall@5": 0.5,
        "recall@10": 0.5,
        "recall@20": 0.5,
        "recall@100": 0.5,
        "MRR@10": 0.5,
    }


def test_expansion_brings_in_what_the_best_hit_cites() -> None:
    table = expansion({"q": ("b:1",)}, {"q": {"a:1": 4.0, "x:1": 1.0}}, {"q": NEAR})
    rows = {(row["direction"], row["weight"]): row["MRR@10"] for row in table}
    assert rows["", 0.0] == 0.0
    assert rows["cites", 0.1] == pytest.approx(1 / 3, abs=1e-4)  # 0.1, behind x at 0.25
    assert rows["cites", 0.4] == 0.5  # 0.4, before x
    assert rows["cited_by", 0.8] == 0.0
    assert [(row["won"], row["lost"]) for row in table if row["direction"] == "cites"] == [(1, 0)] * 5


def test_references_of_a_small_corpus_are_counted(tmp_path: Path) -> None:
    documents = [
        statute("a", "甲。", "依照前条处理。", "依照《乙条例》第一条和《丙条例》处理。", title="甲条例"),
        statute("b", "依照《甲条例》第一条至第二条、第九条处理。", title="乙条例"),
    ]
    connection = write(tmp_path / "index", documents)
    found = references_laws.find_all(connection, titles(connection), AS_OF)
    counts = references_laws.counts(found)
    assert counts["found"] == 5
    assert counts["inside"] == {"held": 1, "not_held": 0, "no_such": 0, "ambiguous": 0}
    assert counts["provision"] == {"held": 2, "not_held": 0, "no_such": 1, "ambiguous": 0}
    assert counts["document"] == {"held": 0, "not_held": 1, "no_such": 0, "ambiguous": 0}
    assert (counts["ranges"], counts["unheld_titles"]) == (1, 1)
    shown = references_laws.lines(connection, references_laws.sample(found, 0, 5))
    assert len(shown) == 5 and any("【前条】处理。" in line and line.endswith("| held 第一条") for line in shown)
    connection.close()


def test_precision_counts_the_wrong_ones_among_those_read(tmp_path: Path) -> None:
    connection = write(tmp_path / "index", [statute("a", "甲。", "依照前条处理。\n违反前款的。")])
    found = references_laws.find_all(connection, titles(connection), AS_OF)
    connection.close()
    first, second = references_laws.sample(found, 0, 2)
    wrong = {first.key[:8]: "why", second.key[:8]: "not read"}
    assert references_laws.precision(found, 1, wrong) == {"read": 1, "right": 0, "wrong": {first.key[:8]: "why"}}


def test_without_the_data_one_line_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("错误：缺少数据文件 laws.tar.gz")


def test_what_was_read_is_kept_in_a_file() -> None:
    assert READ_FILE.is_file()
