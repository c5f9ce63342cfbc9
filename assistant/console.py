"""What the commands share: one-line errors, exit codes, progress on stderr, JSON on stdout."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from assistant.errors import AssistantError, SettingsError

DONE, FAILED, USAGE, NEGATIVE = 0, 1, 2, 3


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
    """Give a function (stage, done, total) that draws one bar a stage on stderr; in a log, one line a stage."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
                if not quiet and not console.is_terminal:  # a log gets a line a stage instead of a bar
                    print(f"{stage}（共 {total}）", file=sys.stderr, flush=True)
            bars.update(tasks[stage], completed=done, total=total)

        yield report
