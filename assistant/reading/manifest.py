"""manifest.toml and known.toml: strict at the border, one line of Chinese for the row that is wrong."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import ManifestError
from assistant.reading.asked import ASKED, load_asked
from assistant.schema import Kind, KnownDocument, Level, Metadata, Refusal

MANIFEST, KNOWN = "manifest.toml", "known.toml"
TABLE = "document"
ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"  # matches: gd-transfer-2025; refuses: -gd, gd_transfer, GD, gd:a1
RESERVED = "x-"  # ids of files without a row begin so

Text = Annotated[str, Field(strict=True)]
Title = Annotated[str, Field(strict=True, min_length=1, pattern=r"^[^《》\n]+$")]
Names = tuple[Annotated[str, Field(strict=True, min_length=1)], ...]
Jurisdiction = Annotated[str, Field(strict=True, pattern=r"^(\d{6})?$")]
Day = Annotated[date | None, Field(strict=True)]


class _Row(BaseModel):
    """A row of the manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(strict=True, pattern=ID_PATTERN)]
    title: Title
    kind: Kind
    file: Annotated[str, Field(strict=True, min_length=1)]
    sha256: Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]
    work: Annotated[str, Field(strict=True, pattern=r"^([a-z0-9][a-z0-9-]*)?$")] = ""
    aliases: Names = ()
    level: Level | None = None
    issuer: Text = ""
    number: Text = ""
    jurisdiction: Jurisdiction = ""
    promulgated: Day = None
    effective: Day = None
    expires: Day = None
    repealed: Day = None
    supersedes: Names = ()
    source: Text = ""
    notes: Text = ""
    from_memory: Names = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.id.startswith(RESERVED):
            raise ValueError(f"id 不能以 {RESERVED} 开头，它留给没有清单行的文件")
        path = PurePosixPath(self.file)
        if path.is_absolute() or PureWindowsPath(self.file).drive or "\\" in self.file or ".." in path.parts:
            raise ValueError("file 必须是清单所在文件夹内的相对路径")
        for earlier, later in (("promulgated", "effective"), ("effective", "expires"), ("effective", "repealed")):
            first, second = getattr(self, earlier), getattr(self, later)
            if first and second and second < first:
                raise ValueError(f"{later}（{second}）早于 {earlier}（{first}）")
        _known_fields(self.from_memory, Metadata)
        return self


class _KnownRow(BaseModel):
    """A row of the list of documents that are known and not held."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Title
    aliases: Names = ()
    number: Text = ""
    level: Level | None = None
    issuer: Text = ""
    jurisdiction: Jurisdiction = ""
    effective: Day = None
    articles: Annotated[int, Field(strict=True, ge=1, le=5000)] | None = None
    source: Text = ""
    from_memory: Names = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _known_fields(self.from_memory, KnownDocument)
        return self


def _known_fields(names: Iterable[str], of: type) -> None:
    valid = {field.name for field in fields(of)}
    for name in names:
        if name not in valid:
            raise ValueError(f"from_memory 中的 {name} 不是字段名")


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to ingest: where it is, how it is called in messages (relative to its folder), its row or None.

    `asked` holds (unit, questions that it answers) of asked.toml beside it.
    """

    path: Path
    name: str
    metadata: Metadata | None
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()


class CorpusListing(NamedTuple):
    """What is to be ingested, by path; and what cannot be: rows without their file, links that leave the folder."""

    files: tuple[CorpusFile, ...]
    refused: tuple[Refusal, ...]


def load_manifest(path: Path) -> tuple[Metadata, ...]:
    """Return the rows of a manifest, in its order.

    Raises:
        ManifestError: for a file that is absent or no TOML, an unknown key, a malformed value, an id or file that
            occurs twice, a path that leaves the folder. The message names the row.
    """
    rows = [Metadata(**_validated(_Row, row, f"{path.name} 第 {number} 个 [[{TABLE}]]")) for number, row in _rows(path)]
    for field in ("id", "file"):
        seen: set[str] = set()
        for row in rows:
            value = getattr(row, field)
            if value in seen:
                raise ManifestError(f"{path.name}：{field} = {value!r} 出现两次；请删去或改正其中一行")
            seen.add(value)
    folder = path.parent.resolve()
    for row in rows:
        if not (folder / row.file).resolve().is_relative_to(folder):
            raise ManifestError(
                f"{path.name}：{row.id} 的 file = {row.file!r} 指向文件夹之外；请把文件放进清单所在的文件夹"
            )
    return tuple(rows)


def load_known(path: Path) -> tuple[KnownDocument, ...]:
    """Return the documents that are known and not held, in the order of the file.

    Raises:
        ManifestError: as `load_manifest`, and for a title that occurs twice.
    """
    rows = [
        KnownDocument(**_validated(_KnownRow, row, f"{path.name} 第 {number} 个 [[{TABLE}]]"))
        for number, row in _rows(path)
    ]
    seen: set[str] = set()
    for row in rows:
        if row.title in seen:
            raise ManifestError(f"{path.name}：《{row.title}》出现两次；请删去其中一行")
        seen.add(row.title)
    return tuple(rows)


def corpus_files(path: Path, manifest: Path | None = None) -> CorpusListing:
    """Return the files of a folder, or one file, with their manifest rows; lists and README are no documents.

    Args:
        path: a folder, searched through, or a file.
        manifest: rows for these files, by name relative to the folder; by default manifest.toml beside them, if any.

    Raises:
        ManifestError: when `path` does not exist, or the manifest is wrong as a whole.
    """
    if not path.exists():
        raise ManifestError(f"{path} 不存在；请检查路径，或 corpus 设置")
    folder = path if path.is_dir() else path.parent
    beside = folder / MANIFEST
    rows: dict[str, Metadata] = {}
    if manifest is not None or beside.is_file():
        rows = {row.file: row for row in load_manifest(manifest or beside)}
    asked = load_asked(folder / ASKED)
    root = folder.resolve()
    files, refused = [], []
    for found in sorted(folder.rglob("*")) if path.is_dir() else [path]:
        name = found.relative_to(folder).as_posix()
        if not found.is_file() or (path.is_dir() and _is_no_document(found.relative_to(folder))):
            continue
        if path.is_dir() and not found.resolve().is_relative_to(root):
            refused.append(Refusal(name, f"{name}：是指向文件夹之外的链接；请放入文件本身"))
            continue
        row = rows.pop(name, None)
        files.append(CorpusFile(found, name, row, tuple(asked.get(row.id, {}).items()) if row else ()))
    if path.is_dir() and manifest is None:
        for file, row in rows.items():
            refused.append(Refusal(file, f"{MANIFEST}：{row.id} 的文件 {file} 不存在；请放入该文件，或删去这一行"))
    return CorpusListing(tuple(files), tuple(refused))


def _is_no_document(relative: Path) -> bool:
    if any(part.startswith((".", "~$")) for part in relative.parts):
        return True
    return len(relative.parts) == 1 and (relative.name in (MANIFEST, KNOWN, ASKED) or relative.stem.upper() == "README")


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ManifestError(f"{path.name}：无法打开（{error.strerror}）；请检查路径 {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path.name}：不是有效的 UTF-8 TOML（{error}）；请按所示位置改正") from error
    unknown = sorted(set(table) - {TABLE})
    rows = table.get(TABLE, [])
    if unknown or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ManifestError(
            f"{path.name}：只能由 [[{TABLE}]] 组成{f'，不认识 {unknown[0]}' if unknown else ''}；请改正后再试"
        )
    return list(enumerate(rows, start=1))


def _validated(model: type[BaseModel], row: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the validated fields of a row; pydantic's messages become one line of Chinese."""
    named = row.get("id") or row.get("title")
    where = f"{where}（{named}）" if isinstance(named, str) else where
    try:
        return dict(model.model_validate(row))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            text = f"字段 {field} 不存在；可用的字段：{', '.join(model.model_fields)}"
        elif first["type"] == "missing":
            text = f"缺少字段 {field}；请补上"
        elif first["type"] == "value_error":
            text = f"{first['ctx']['error']}；请改正"
        else:
            text = f"字段 {field} 的值 {first['input']!r} 无效（{first['msg']}）；请改正"
        raise ManifestError(f"{where}：{text}") from error
