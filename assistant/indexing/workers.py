"""Work on many files in several processes, results in order; in this process where starting others would not pay."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# Starting a process and loading jieba's dictionary in it takes over a second, in which one process reads, parses and
# tokenises about a thousand articles (half a megabyte). From a few seconds of work on it pays.
MIN_BYTES = 2_000_000
# Beyond this the one process that writes is the slowest.
MAX_PROCESSES = 8
# Tasks handed out ahead of the one awaited, for each process: enough to keep it busy, few enough to stay small.
AHEAD = 4


def processes_for(size_bytes: int) -> int:
    """Return how many processes to start for files of this size together; 0 to do the work in this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_PROCESSES) if cores > 1 and size_bytes >= MIN_BYTES else 0


def in_order(make: Callable[[], Callable[[T], R]], tasks: Sequence[T], processes: int) -> Iterator[R]:
    """Yield what a worker makes of each task, in the order of the tasks.

    Processes are started anew ("spawn"), as the threads of ONNX Runtime and Chroma forbid a fork: a script that builds
    an index does so under `if __name__ == "__main__"`. When one of them dies (killed for its memory), this process
    does what is left.

    Args:
        make: makes a worker; called once in every process, so it and the tasks and results can be pickled.
        tasks: what to do.
        processes: how many to start; 0 for none.
    """
    done = 0
    if processes:
        try:
            for result in _by_others(make, tasks, processes):
                yield result
                done += 1
        except BrokenProcessPool:
            pass  # done counts what was yielded; the rest follows below
    if done < len(tasks):
        work = make()
        for task in tasks[done:]:
            yield work(task)


def _by_others(make: Callable[[], Callable[[T], R]], tasks: Sequence[T], processes: int) -> Iterator[R]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, context, initializer=_start, initargs=(make,))
    try:
        waiting: deque[Future[Any]] = deque()
        for task in tasks:
            waiting.append(pool.submit(_do, task))
            if len(waiting) >= processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_worker: Callable[[Any], Any] | None = None


def _start(make: Callable[[], Callable[[Any], Any]]) -> None:
    """Begin a worker process."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us, which ends us
    # A parent that was killed ends nobody: its children would wait for tasks for ever.
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _worker = make()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Any) -> Any:
    assert _worker is not None
    return _worker(task)
