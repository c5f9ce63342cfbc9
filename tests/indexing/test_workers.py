"""Work in several processes gives what work in one gives, in order, whatever happens to the processes."""

import os
import signal
from collections.abc import Callable
from functools import partial

import pytest

from assistant.indexing import workers
from assistant.indexing.workers import in_order, processes_for


def square() -> Callable[[int], int]:
    return lambda number: number * number


def doomed(parent: int) -> Callable[[int], int]:
    """Make a worker that dies of its third task, in every process but this one."""

    def work(number: int) -> int:
        if number == 3 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return -number

    return work


def named() -> Callable[[int], int]:
    return lambda _: os.getpid()


@pytest.mark.parametrize("processes", [0, 2])
def test_results_come_in_the_order_of_the_tasks(processes: int) -> None:
    assert list(in_order(square, range(30), processes)) == [number * number for number in range(30)]


def test_others_do_the_work_when_asked_to() -> None:
    assert set(in_order(named, range(4), 0)) == {os.getpid()}
    assert os.getpid() not in set(in_order(named, range(4), 1))


def test_what_a_killed_process_left_is_done_here() -> None:
    assert list(in_order(partial(doomed, os.getpid()), range(12), 1)) == [-number for number in range(12)]


def test_nothing_to_do_starts_nothing() -> None:
    def refuse() -> Callable[[int], int]:
        raise AssertionError

    assert list(in_order(refuse, [], 2)) == []


def test_small_corpora_and_single_cores_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert processes_for(workers.MIN_BYTES - 1) == 0
    assert processes_for(workers.MIN_BYTES) == 2
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda _: set(range(64)))
    assert processes_for(workers.MIN_BYTES) == workers.MAX_PROCESSES
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda _: {0})
    assert processes_for(10**9) == 0
