import json
from pathlib import Path

import pytest

from assistant.serving.feedback import FeedbackFile
from assistant.web.asking import Asked, answering
from assistant.web.thread import Dialogue
from assistant.web.votes import cast


@pytest.fixture
def file(tmp_path: Path) -> FeedbackFile:
    return FeedbackFile(tmp_path / "feedback.jsonl")


@pytest.fixture
def dialogue(assistant) -> Dialogue:
    (step,) = answering(assistant, Asked("用电成本，找 13800138000"))
    return Dialogue((step.turn,))


def test_an_answer_is_judged_once(file, dialogue):
    said, judged = cast(file, dialogue, "down", ["看不懂"], "太长")
    assert "已记下，只存在本机" in said and judged.last.voted
    assert cast(file, judged, "up", [], "") == ("", judged)
    (line,) = file.path.read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    assert (row["vote"], row["reasons"], row["note"]) == ("down", ["看不懂"], "太长")
    assert "13800138000" not in line and row["provisions"] == ["gd-transfer-2025:a30"]


@pytest.mark.parametrize("thumb", ["", "sideways", "UP"])
def test_what_is_no_vote_is_not_written(file, dialogue, thumb):
    assert cast(file, dialogue, thumb, [], "") == ("", dialogue)
    assert cast(file, Dialogue(), "up", [], "") == ("", Dialogue())
    assert not file.path.exists()


def test_a_vote_that_cannot_be_written_is_said_and_can_be_cast_again(tmp_path, dialogue):
    (tmp_path / "taken").write_text("")
    said, still = cast(FeedbackFile(tmp_path / "taken" / "x"), dialogue, "up", None, "")
    assert 'role="alert"' in said and "评价没有存上" in said and not still.last.voted
