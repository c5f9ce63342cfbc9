"""Models that a user names: a folder on this machine, or a name in its Hugging Face cache. Nothing is downloaded."""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import MissingDependencyError, ModelError

# Matches "BAAI/bge-m3" and "all-MiniLM-L6-v2"; refuses "./models/bge", "a/b/c" and "/models/bge".
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
# The organisation that sentence-transformers adds to a name without one.
_DEFAULT_OWNER = "sentence-transformers"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model folder on this machine, and the name an index remembers it by: the folder's own, or the hub's."""

    folder: Path
    name: str


def find_model(spec: str, setting: str) -> LocalModel:
    """Return the folder of a model given by path or by name.

    Args:
        spec: a folder ("~/models/bge-m3"), or the name of a model in the local Hugging Face cache ("BAAI/bge-m3").
        setting: the setting it stands in, for messages.

    Raises:
        ModelError: there is no such folder, and no such model in the cache.
        MissingDependencyError: the extra `[models]` is not installed.
    """
    path = Path(spec).expanduser()
    named = _NAME.fullmatch(spec) is not None
    if not path.is_dir() and not named:
        raise ModelError(f"没有模型文件夹 {path}；请先下载模型，再在设置 {setting} 中写出它的文件夹")
    if importlib.util.find_spec("sentence_transformers") is None:
        raise MissingDependencyError(f'模型 {path.name} 需要 sentence-transformers；请运行 pip install ".[models]"')
    if path.is_dir():
        return LocalModel(path, path.resolve().name)
    cached = _cached(spec)
    if cached is None:
        raise ModelError(
            f"没有模型文件夹 {spec}，本机的 Hugging Face 缓存里也没有这个模型；本系统不联网下载，"
            f"请先用 hf download {spec} 取得，或在设置 {setting} 中写出模型文件夹"
        )
    return LocalModel(cached, spec)


def _cached(name: str) -> Path | None:
    """Return the folder of a model in the local cache; None when it is not there, or not whole enough to be found."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for full in (name,) if "/" in name else (f"{_DEFAULT_OWNER}/{name}", name):
        try:
            return Path(snapshot_download(full, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    return None
