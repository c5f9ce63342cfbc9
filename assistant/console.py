"""What the commands share: one-line errors, exit codes, progress on stderr, JSON on stdout."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, SettingsError

DONE, FAILED, USAGE, NEGATIVE = 0, 1, 2, 3
# Seconds between two lines of a stage in a log.
LOG_EVERY_S = 30.0


def run(command: Callable[[Sequence[str]], int], arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of a command; an error the user can mend becomes one line on stderr and exit code 1."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    try:
        code = command(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()  # here, where a reader that left is caught, and not when Python ends
        return code
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # the reader of our output (head, less) left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("已中断", file=sys.stderr)
        return FAILED


def print_json(value: Any) -> None:
    """Print exactly one JSON document on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole, or not at all.

    Raises:
        SettingsError: it cannot be written; the line says why.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise SettingsError(f"{path} 写不了：{error.strerror}。请换一个能写的位置") from error


def parse_date(text: str) -> date:
    """Return the date of an ISO text (2025-06-01).

    Raises:
        SettingsError: it is not one.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"日期“{text}”无效，应写作 2025-06-01") from error


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (stage, done, total) that draws one bar a stage on stderr, with the time that is left.

    In a log, a stage gets a line when it starts and, while it lasts, one every half minute.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(time_left(task.elapsed or 0.0, int(task.completed), int(task.total or 0)))

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    console = Console(stderr=True)
    log = _Log() if not quiet and not console.is_terminal else None
    with Progress(*columns, console=console, disable=quiet or log is not None) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int) -> None:
            if log:
                log.report(stage, done, total)
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


class _Log:
    """Progress as lines of a log."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._said = 0.0

    def report(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage not in self._started:
            self._started[stage] = self._said = now
            print(f"{stage}（共 {total}）", file=sys.stderr, flush=True)
        elif now - self._said >= LOG_EVERY_S and done < total:
            self._said = now
            left = time_left(now - self._started[stage], done, total)
            print(f"{stage} {done}/{total}，{left}", file=sys.stderr, flush=True)


def time_left(elapsed_s: float, done: int, total: int) -> str:
    """Return how long a stage has taken and will take, judged by what is done so far.

    >>> time_left(30.0, 1_000, 5_000)
    '已用 0:30，约剩 2:00'
    >>> time_left(4_000.0, 10, 10)
    '用时 1:06:40'
    """
    if done >= total:
        return f"用时 {_clock(elapsed_s)}"
    if not done:
        return f"已用 {_clock(elapsed_s)}"
    return f"已用 {_clock(elapsed_s)}，约剩 {_clock(elapsed_s * (total - done) / done)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
