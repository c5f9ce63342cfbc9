"""An upload between choosing a file and confirming it: one user's own, in a private folder, gone when it is over."""

import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.errors import ManifestError, UnreadableFileError
from assistant.schema import Kind, Level, Metadata, Preview
from assistant.web.words import read_day

ACCEPTED = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".csv")
MAX_FIELD_CHARS = 300
# An administrative-division code: matches "440000", refuses "44" and "44000a".
_CODE = re.compile(r"\d{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in preview.

    Attributes:
        path: the file in its own private folder, under the name it was uploaded with.
        preview: what it would become.
    """

    path: Path
    preview: Preview


@dataclass(frozen=True, slots=True)
class Form:
    """Metadata as the page's fields hold it: text, "" for unknown."""

    title: str
    kind: str
    level: str
    number: str
    issuer: str
    jurisdiction: str
    promulgated: str
    effective: str


def take_file(path: Path, max_upload_mb: int, folder: Path | None = None, accepted: Sequence[str] = ACCEPTED) -> Path:
    """Return the uploaded file, moved into a private folder of its own below `folder`; `accepted` are the endings.

    Raises:
        UnreadableFileError: for a type that is not accepted, an empty or oversized file; the upload is deleted.
    """
    name = path.name
    if path.suffix.lower() not in accepted:
        path.unlink(missing_ok=True)
        raise UnreadableFileError(f"“{name}”的类型不支持；请上传 {' '.join(accepted)} 文件。")
    size = path.stat().st_size
    if size == 0:
        path.unlink()
        raise UnreadableFileError(f"“{name}”是空文件；请检查后重新上传。")
    if size > max_upload_mb * 1_000_000:
        path.unlink()
        raise UnreadableFileError(
            f"“{name}”有 {size / 1_000_000:.1f} MB，上限是 {max_upload_mb} MB；"
            "请拆分后上传，或让管理员调高 max_upload_mb。"
        )
    own = Path(tempfile.mkdtemp(prefix="yiju-upload-", dir=folder))  # readable by this process's user only
    return Path(shutil.move(path, own / name))


def discard(upload: Upload | None) -> None:
    """Delete the file of an upload, if there is one."""
    if upload is not None:
        discard_file(upload.path)


def discard_file(path: Path) -> None:
    """Delete a file that `take_file` returned, with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)


def fill_form(metadata: Metadata) -> Form:
    """Return the fields for what is known so far."""
    return Form(
        title=metadata.title,
        kind=metadata.kind.value,
        level=metadata.level.value if metadata.level else "",
        number=metadata.number,
        issuer=metadata.issuer,
        jurisdiction=metadata.jurisdiction,
        promulgated=metadata.promulgated.isoformat() if metadata.promulgated else "",
        effective=metadata.effective.isoformat() if metadata.effective else "",
    )


def read_form(form: Form, base: Metadata) -> Metadata:
    """Return `base` with the fields of the form.

    Raises:
        ManifestError: naming the first field that cannot be read, and how to write it.
    """
    title = _field("标题", form.title).strip("《》")
    if not title:
        raise ManifestError("标题不能为空；请填写文件的全称。")
    code = _field("适用地域", form.jurisdiction)
    if code and not _CODE.fullmatch(code):
        raise ManifestError(f"适用地域“{code}”不能识别；请从列表中选择，或填六位行政区划代码，例如 440000。")
    return replace(
        base,
        title=title,
        kind=_kind(form.kind),
        level=_level(form.level),
        number=_field("文号", form.number),
        issuer=_field("发布机关", form.issuer),
        jurisdiction=code,
        promulgated=_day("公布日期", form.promulgated),
        effective=_day("施行日期", form.effective),
    )


def _field(name: str, value: str | None) -> str:
    text = (value or "").strip()
    if len(text) > MAX_FIELD_CHARS or "\n" in text:
        raise ManifestError(f"{name}太长或分了行；请写成一行，最多 {MAX_FIELD_CHARS} 个字。")
    return text


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError as error:
        raise ManifestError(f"类型“{value}”不能识别；请从列表中选择。") from error


def _level(value: str) -> Level | None:
    if not value:
        return None
    try:
        return Level(value)
    except ValueError as error:
        raise ManifestError(f"效力位阶“{value}”不能识别；请从列表中选择。") from error


def _day(name: str, value: str | None) -> date | None:
    text = (value or "").strip()
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError as error:
        raise ManifestError(f"{name}“{text}”不能识别；请写成 2025-03-01 的样子，不知道就留空。") from error
