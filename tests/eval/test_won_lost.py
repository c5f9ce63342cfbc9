import json

import pytest

from assistant.errors import CorpusError
from eval.won_lost import Moved, compare, load_report, packed, unpacked


def row(number, gold, **best):
    return {"id": f"q{number}", "gold": [gold], "best": best}


def test_questions_that_crossed_the_cut_are_won_or_lost():
    before = [row(1, "a", old=12), row(2, "a", old=3), row(3, "a", old=2), row(4, "a", old=None), row(5, "a", old=8)]
    after = [row(1, "a", new=10), row(2, "a", new=11), row(3, "a", new=1), row(4, "a", new=7), row(5, "a", new=8)]
    found = compare(after, before, "new", "old", cut=10)
    assert found.won == (Moved("q1", 12, 10), Moved("q4", None, 7))
    assert found.lost == (Moved("q2", 3, 11),)
    assert (found.compared, found.better, found.worse) == (5, 3, 1)
    assert found.row()["lost"] == [{"id": "q2", "before": 3, "after": 11}]


def test_found_by_nobody_is_neither_won_nor_lost():
    found = compare([row(1, "a", s=None)], [row(1, "a", s=None)], "s", "s", cut=10)
    assert (found.won, found.lost, found.better, found.worse) == ((), (), 0, 0)


def test_questions_that_changed_or_failed_are_left_out():
    before = [row(1, "a", s=1), row(2, "a", s=1), row(3, "a")]
    after = [row(1, "b", s=20), row(9, "a", s=20), row(3, "a", s=20)]
    assert compare(after, before, "s", "s", cut=10).compared == 0


def test_a_report_reads_back_as_it_was_written():
    systems = [{"name": "a"}, {"name": "b"}]
    rows = [
        {"id": "q1", "gold": ["x"], "best": {"a": 1, "b": None}, "ranks": {"a": [1], "b": [None]}},
        {"id": "q2", "gold": ["x"], "best": {"b": 3}, "ranks": {"b": [3]}},  # a failed
    ]
    report = {"systems": systems, "rows": rows}
    assert packed(report)["rows"][1]["best"] == ["failed", 3]
    assert unpacked(packed(report)) == report


def test_only_a_report_of_retrieval_can_be_compared_with(tmp_path):
    path = tmp_path / "old.json"
    with pytest.raises(CorpusError, match="读不了"):
        load_report(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(CorpusError, match="不是检索评测的报告"):
        load_report(path)
    path.write_text(json.dumps({"benchmark": "stard", "systems": [], "rows": []}), encoding="utf-8")
    assert load_report(path)["benchmark"] == "stard"
