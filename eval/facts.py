"""What a report says about its own making: date, commit, machine, command. No host names and no paths."""

import os
import platform
import shlex
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

MEMINFO = Path("/proc/meminfo")


def now() -> str:
    """Return the date and time in UTC, to the minute."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def commit(folder: Path) -> str:
    """Return the short commit of the working tree, with "+" when tracked files differ from it; "" outside of git."""
    head = _git(folder, "rev-parse", "--short=12", "HEAD")
    if not head:
        return ""
    return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")


def committed(folder: Path, path: Path) -> str | None:
    """Return a file as the last commit has it; None outside of git or when the file is not in it."""
    return _git(folder, "show", f"HEAD:./{path.as_posix()}") or None


def command_line(module: str, arguments: Sequence[str]) -> str:
    """Return the command that made a report; of an absolute path only its last part is kept.

    >>> command_line("eval.run", ["--out", "/srv/reports", "--reranker", "sentence-transformers:/srv/models/small"])
    'python -m eval.run --out reports --reranker sentence-transformers:small'
    """
    return shlex.join(["python", "-m", module, *(_shown(argument) for argument in arguments)])


def _shown(argument: str) -> str:
    kind, colon, path = argument.partition(":")
    if colon and os.path.isabs(path):  # the model of a setting
        return f"{kind}:{Path(path).name}"
    return Path(argument).name if os.path.isabs(argument) else argument


def machine() -> dict[str, object]:
    """Return cores this process may use, memory in GB, system and Python version."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    facts: dict[str, object] = {"cores": usable}
    if MEMINFO.exists():
        total = MEMINFO.read_text(encoding="ascii").split(maxsplit=2)[1]  # "MemTotal:  24689852 kB"
        facts["memory_gb"] = round(int(total) * 1024 / 1e9, 1)
    facts["system"] = f"{platform.system()} {platform.machine()}"
    facts["python"] = platform.python_version()
    return facts


def _git(folder: Path, *arguments: str) -> str:
    """Return what git prints, stripped; "" when git is missing or refuses."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
