"""Progress as people and logs see it."""

import pytest

from assistant import console
from assistant.console import progress_bar, time_left


@pytest.mark.parametrize(
    ("elapsed_s", "done", "total", "line"),
    [
        (0.0, 0, 100, "已用 0:00"),
        (30.0, 1_000, 5_000, "已用 0:30，约剩 2:00"),  # 4,000 more at 1,000 in 30 s
        (59.6, 1, 61, "已用 1:00，约剩 59:36"),
        (3_600.0, 50, 100, "已用 1:00:00，约剩 1:00:00"),
        (75.0, 100, 100, "用时 1:15"),
        (0.2, 0, 0, "用时 0:00"),
    ],
)
def test_the_time_left_is_judged_by_what_is_done(elapsed_s: float, done: int, total: int, line: str) -> None:
    assert time_left(elapsed_s, done, total) == line


def test_a_log_gets_a_line_at_the_start_and_then_now_and_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])

    with progress_bar() as report:
        for done in range(0, 101):
            report("计算向量", done, 100)
            now[0] += 1.0

    assert capsys.readouterr().err.splitlines() == [
        "计算向量（共 100）",
        "计算向量 30/100，已用 0:30，约剩 1:10",
        "计算向量 60/100，已用 1:00，约剩 0:40",
        "计算向量 90/100，已用 1:30，约剩 0:10",
    ]


def test_a_terminal_gets_a_bar_with_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # what rich takes for a terminal
    monkeypatch.setenv("COLUMNS", "120")

    with progress_bar() as report:
        report("计算向量", 1, 4)
        report("计算向量", 4, 4)

    shown = capsys.readouterr().err
    assert "计算向量" in shown
    assert "4/4" in shown
    assert "用时 0:00" in shown


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(quiet=True) as report:
        report("计算向量", 0, 4)
        report("计算向量", 4, 4)

    assert capsys.readouterr().err == ""
