"""One writer at a time: a lock file that says who holds it."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
    with ExitStack() as stack:
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what a full disk refuses is refused at once, and not again on closing.
            file = stack.enter_context(open(folder / LOCK_FILE, "ab+", buffering=0))
        if not _try_lock(file):
            file.seek(0)
            holder = file.read().decode(errors="replace").strip() or "另一个进程"
            raise IndexLockedError(f"索引 {folder} 正在被写入（{holder}）。请等它结束后再试")
        stack.callback(_unlock, file)
        with _explained(folder):
            file.truncate(0)
            file.write(f"进程 {os.getpid()}，{datetime.now():%Y-%m-%d %H:%M:%S} 起".encode())
        stack.callback(file.truncate, 0)
        yield


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(
            f"索引文件夹 {folder} 无法写入：{reason}。请检查路径、权限和磁盘空间，或用 --index 指定别处"
        ) from error


if sys.platform == "win32":
    import msvcrt

    # Far behind the holder's line, which others must be able to read.
    _LOCKED_BYTE = 1 << 20

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
