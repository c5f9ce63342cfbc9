import csv
import io
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import FeedbackError
from assistant.schema import Role
from assistant.serving.feedback import MAX_NOTE, REASONS, FeedbackFile, Thumb, vote_on, votes_csv
from tests.serving.examples import PRIVATE, answer

AT = datetime(2026, 11, 22, 8, 30, 5, 999, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> FeedbackFile:
    return FeedbackFile(tmp_path / "new" / "feedback.jsonl")


def test_a_vote_is_one_line_with_what_it_judges(file: FeedbackFile) -> None:
    given = answer()
    vote = vote_on(given, Thumb.DOWN, ["引的条文不对"], " 应当是第二十九条\n吧 ", role=Role.STAFF, at=AT)
    file.add(vote)
    file.add(vote_on(given, Thumb.UP, at=AT))

    first, second = file.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {
        "time": "2026-11-22T08:30:05Z",
        "question": given.question,
        "status": given.status.value,
        "engine": given.engine,
        "corpus": given.corpus,
        "provisions": [one.provision for one in given.citations],
        "vote": "down",
        "reasons": ["引的条文不对"],
        "note": "应当是第二十九条 吧",
        "role": "staff",
    }
    assert json.loads(second)["vote"] == "up"
    assert list(file.votes()) == [vote, vote_on(given, Thumb.UP, at=AT)]


def test_nothing_personal_is_written(file: FeedbackFile) -> None:
    words = "、".join(PRIVATE.values())
    file.add(vote_on(replace(answer(), question=f"问 {words}"), Thumb.DOWN, (), f"找我 {PRIVATE['mobile']}", at=AT))

    written = file.path.read_text(encoding="utf-8")
    assert not [one for one in PRIVATE.values() if one in written]
    assert "〔手机号〕" in written


def test_only_reasons_that_can_be_ticked_are_kept_and_a_note_is_cut() -> None:
    vote = vote_on(answer(), Thumb.UP, ["<script>", REASONS["down"][0], REASONS["up"][1]], "长" * 1_000)
    assert vote.reasons == (REASONS["up"][1],)
    assert len(vote.note) == MAX_NOTE


def test_only_its_owner_can_read_the_file(file: FeedbackFile) -> None:
    file.add(vote_on(answer(), Thumb.UP))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_without_a_file_there_are_no_votes(file: FeedbackFile) -> None:
    assert list(file.votes()) == []
    assert not file.path.parent.exists()


def test_what_cannot_be_written_or_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(FeedbackError, match=r"写不了.*请管理员检查设置 feedback") as refused:
        FeedbackFile(tmp_path / "taken" / "feedback.jsonl").add(vote_on(answer(), Thumb.UP))
    assert "\n" not in str(refused.value)
    broken = tmp_path / "broken.jsonl"
    broken.write_text('\n{"vote": "up"}\n', encoding="utf-8")
    with pytest.raises(FeedbackError, match=r"第 2 行不是一条评价"):
        list(FeedbackFile(broken).votes())


def test_a_spreadsheet_runs_no_formula() -> None:
    table = votes_csv([vote_on(replace(answer(), question="=1+1"), Thumb.DOWN, (), "@SUM(1)", at=AT)])
    assert table.startswith(b"\xef\xbb\xbf")
    _, row = csv.reader(io.StringIO(table.decode("utf-8-sig")))
    assert row[:5] == ["2026-11-22T08:30:05Z", "没用", "", "'@SUM(1)", "'=1+1"]
