"""The evaluation of a weak model: which questions, what is counted, and that every committed sentence was read."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.schema import Role, Status
from eval.generation.__main__ import QUESTIONS, READINGS_FILE, REPLIES, main
from eval.generation.judge import judge
from eval.generation.measure import figures, load_readings, measured, statement_hash, statements_of
from eval.generation.replies import Reply, Shown, append_reply, chosen, load_replies
from eval.generation.report import report_json, report_markdown
from eval.question_file import Question, load_questions

HELD = "县级以上人民政府及有关部门应当协调能源供应，采取减少供应层级等措施降低企业用电、用水、用气成本。"
SHOWN = (Shown("K7Q", "gd:a30.p1", 0, len(HELD), HELD), Shown("A2B", "gd:a1.p1", 0, 8, "支持园区发展。"))
ASKED = Question("t1", Role.ENTERPRISE, "电费能降吗", ("gd:a30",), (), Status.ANSWERED, (), "plain")
NOWHERE = replace(ASKED, id="t2", gold=(), expect=Status.ABSTAINED, missing=("茅台",), kind="off_topic")
TRUE = "县级以上人民政府及有关部门应当协调能源供应。"


def similar(said: str, text: str) -> float:
    return 1.0


def test_the_questions_are_fixed_and_45_are_answerable() -> None:
    questions = chosen(load_questions(QUESTIONS))
    assert [one.expect is Status.ANSWERED for one in questions] == [True] * 45 + [False] * 15
    assert [one.id for one in chosen(reversed(questions))] == [one.id for one in questions]


@pytest.mark.parametrize(
    ("said", "keys", "reasons"),
    [
        (TRUE, ("K7Q",), ()),
        (TRUE, (), ("没有出处",)),
        (TRUE, ("Z9Z",), ("没有出处",)),
        ("支持园区发展。", ("A2B",), ("出处不对",)),
        ("政府应当降低电费30%。", ("K7Q",), ("数字",)),
        ("国家能源局应当协调能源供应。", ("K7Q",), ("名称",)),
        ("佛山市应当协调能源供应。", ("K7Q",), ("名称",)),
        ("政府不得协调能源供应。", ("K7Q",), ("否定", "强度")),
        ("政府可以协调能源供应。", ("K7Q",), ("强度",)),
        ("政府会降低企业用电成本。", ("K7Q",), ("强度",)),
        ("园区发展。", ("A2B",), ("出处不对", "强度")),
    ],
)
def test_code_counts_what_misleads(said: str, keys: tuple[str, ...], reasons: tuple[str, ...]) -> None:
    assert judge(said, keys, SHOWN, ASKED).reasons == reasons


def test_any_answer_misleads_where_there_is_none() -> None:
    assert judge(TRUE, ("K7Q",), SHOWN, NOWHERE).reasons == ("答了没有的事",)


def test_three_systems_show_what_they_show(tmp_path: Path) -> None:
    text = f"{TRUE}[K7Q]\n政府可以协调能源供应。[K7Q]"
    replies = [Reply("t1", "product", True, SHOWN, text), Reply("t2", "product", False, SHOWN, f"{TRUE}[K7Q]")]
    readings = {("t1", statement_hash(TRUE, ("K7Q",))): ("right", "")}
    rows = measured([ASKED, NOWHERE], replies, readings, similar)
    shown = {system: figures(rows, system) for system in ("plain", "gate", "verified")}
    assert [row["statements"] for row in shown.values()] == [3, 2, 1]
    assert [row["misled_by_code"] for row in shown.values()] == [2, 1, 0]
    assert shown["verified"]["statements_right_by_reading"] == 1 and shown["plain"]["unread"] == 2
    report = report_json({"date": "", "commit": "", "machine": "", "model": "m", "command": "c"}, {"product": rows}, [])
    text = report_markdown(report)
    assert "覆盖率 100.0%" in text and "通过率 50.0%" in text and "与条文相反" in text


def test_replies_are_kept_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    reply = Reply("t1", "product", True, SHOWN, f"{TRUE}[K7Q]")
    assert load_replies(path) == []
    append_reply(path, reply)
    assert load_replies(path) == [reply]
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="第 1 行"):
        load_replies(path)


def test_every_committed_statement_of_the_product_was_read() -> None:
    replies = [one for one in load_replies(REPLIES) if one.style == "product"]
    readings = load_readings(READINGS_FILE)
    assert {one.id for one in replies} == {one.id for one in chosen(load_questions(QUESTIONS))}
    for reply in replies:
        for one in statements_of(reply):
            assert (reply.id, statement_hash(one.text, one.keys)) in readings, (reply.id, one.text)


def test_the_committed_report_is_made_again_from_what_is_committed(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path / "generation")]) == 0
    made = (tmp_path / "generation.md").read_text(encoding="utf-8")
    committed = (REPLIES.parent.parent.parent / "reports" / "generation.md").read_text(encoding="utf-8")
    assert made.partition("## ")[2] == committed.partition("## ")[2]
