"""One writer at a time: a lock file that says who holds it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from assistant.errors import IndexLockedError, StoreError

LOCK_FILE = "writer.lock"


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the index's writer lock for the length of a block.

    The operating system frees it when the process ends, however it ends, so a kill leaves no stale lock.

    Raises:
        IndexLockedError: another writer holds it; the message says which process and since when.
        StoreError: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = open(folder / LOCK_FILE, "a+", encoding="utf-8")  # noqa: SIM115 - the block below closes it
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"索引文件夹 {folder} 无法写入：{reason}。请检查路径和权限，或用 --index 指定别处") from error
    with opened as file:
        if not _try_lock(file):
            file.seek(0)
            holder = file.read().strip() or "另一个进程"
            raise IndexLockedError(f"索引 {folder} 正在被写入（{holder}）。请等它结束后再试")
        try:
            file.seek(0)
            file.truncate()
            file.write(f"进程 {os.getpid()}，{datetime.now():%Y-%m-%d %H:%M:%S} 起")
            file.flush()
            yield
        finally:
            file.seek(0)
            file.truncate()
            file.flush()
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    # Far behind the holder's line, which others must be able to read.
    _LOCKED_BYTE = 1 << 20

    def _try_lock(file: IO[str]) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
