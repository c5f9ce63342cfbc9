"""The installed size of a virtual environment and of the packages in it."""

from importlib.metadata import Distribution, distributions
from pathlib import Path

from assistant.errors import AssistantError

BLOCK = 512  # bytes in one unit of st_blocks, whatever the file system's own block is


def folder_size(folder: Path) -> int:
    """Return the bytes a folder takes on disk; a file with several names counts once, links are not followed.

    Raises:
        AssistantError: there is no such folder.
    """
    if not folder.is_dir():
        raise AssistantError(f"没有文件夹 {folder.name}；请用 --venv 指向一个虚拟环境")
    seen: set[tuple[int, int]] = set()
    total = 0
    for path in folder.rglob("*"):
        stat = path.lstat()
        if (stat.st_dev, stat.st_ino) not in seen:
            seen.add((stat.st_dev, stat.st_ino))
            total += stat.st_blocks * BLOCK
    return total


def biggest_packages(venv: Path, count: int = 10) -> list[tuple[str, int]]:
    """Return the names and bytes on disk of the biggest installed packages, biggest first."""
    sites = [str(path) for path in venv.glob("lib*/python*/site-packages") if not path.parent.parent.is_symlink()]
    sizes = {package.metadata["Name"]: _size(package) for package in distributions(path=sites)}
    return sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))[:count]


def _size(package: Distribution) -> int:
    """Return the bytes of the files that a package's record lists and that are there."""
    paths = (Path(str(package.locate_file(file))) for file in package.files or ())
    return sum(path.lstat().st_blocks * BLOCK for path in paths if path.exists())
