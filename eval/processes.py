"""Processes that a measurement starts: how long they take, and the memory they and their children hold at most."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import AssistantError

LOOPBACK = "127.0.0.1"
POLL_S = 0.05
STOP_S = 10
PROC = Path("/proc")


def seconds_of(command: Sequence[str], folder: Path, timeout_s: float) -> float:
    """Return the wall time of one new process, from start to exit.

    Raises:
        AssistantError: it failed or ran past the limit; the message carries its last line.
    """
    start = time.perf_counter()
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise AssistantError(f"{_shown(command)} 超过 {timeout_s:.0f} 秒未结束；请先单独运行它") from error
    elapsed = time.perf_counter() - start
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise AssistantError(f"{_shown(command)} 以 {done.returncode} 结束：{''.join(last)}；请先单独运行它")
    return elapsed


@contextmanager
def page(
    command: Sequence[str], folder: Path, port: int, timeout_s: float, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[int, float]]:
    """Give the process id of a started web page and the seconds from its start to its first HTTP 200; end it after.

    The process gets `environment`, or this process's own where that is None.

    Raises:
        AssistantError: it ended, or did not answer within the limit.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise AssistantError(f"{_shown(command)} 没有启动网页就以 {process.returncode} 结束；请先单独运行它")
            if time.perf_counter() - start > timeout_s:
                raise AssistantError(f"{_shown(command)} 在 {timeout_s:.0f} 秒内没有打开网页；请先单独运行它")
            time.sleep(POLL_S)
        yield process.pid, time.perf_counter() - start
    finally:
        _end(process)


def free_port() -> int:
    """Return a port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def peak_memory(pid: int) -> int:
    """Return the sum of the peak resident sizes (VmHWM) of a process and all its descendants, in bytes.

    A sum of peaks errs upwards: the peaks need not fall together. Descendants that have ended are not in it.
    """
    return sum(_peak(member) for member in (pid, *descendants(pid)))


def descendants(pid: int) -> tuple[int, ...]:
    """Return the ids of the living children of a process, and of theirs, nearest first."""
    children: dict[int, list[int]] = {}
    for status in PROC.glob("[0-9]*/status"):
        fields = _status(status)
        if "PPid" in fields:
            children.setdefault(int(fields["PPid"]), []).append(int(status.parent.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found += below
        waiting += below
    return tuple(found)


def _peak(pid: int) -> int:
    fields = _status(PROC / str(pid) / "status")
    return int(fields.get("VmHWM", "0 kB").split()[0]) * 1024


def _status(path: Path) -> dict[str, str]:
    """Return the fields of a /proc status file; empty when the process has ended meanwhile."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: asked first, killed when it does not listen."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _shown(command: Sequence[str]) -> str:
    """Return the command as a message names it: without the interpreter's path."""
    return " ".join(["python", *command[1:4]])
