"""A file → `Document`: the right reader by content and extension, one normalised text, a source map, metadata."""

import hashlib
import io
from bisect import bisect_right
from dataclasses import replace
from pathlib import Path

from assistant.errors import ManifestError, UnreadableFileError
from assistant.reading.blocks import Extracted
from assistant.reading.decode import decode
from assistant.reading.guess import guess_metadata
from assistant.reading.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from assistant.reading.normalise import LINE_BREAK, TRANSLATED, Normalised, normalise
from assistant.reading.pdf import read_pdf
from assistant.reading.plain import read_markdown, read_text
from assistant.reading.sheet import read_csv, read_workbook
from assistant.reading.web_page import read_web_page
from assistant.reading.word import read_word
from assistant.reading.wrap import wrap_width
from assistant.schema import Document, Metadata, SourcePoint

READABLE = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".csv")
CONVERSIONS = {
    ".doc": "请用 Word 或 WPS 另存为 .docx",
    ".wps": "请用 WPS 另存为 .docx",
    ".docm": "请用 Word 另存为 .docx（不含宏）",
    ".rtf": "请用 Word 或 WPS 另存为 .docx",
    ".odt": "请用 Word 或 WPS 另存为 .docx",
    ".xls": "请用 Excel 或 WPS 另存为 .xlsx",
    ".et": "请用 WPS 另存为 .xlsx",
    ".xlsm": "请用 Excel 另存为 .xlsx（不含宏）",
    ".ods": "请用 Excel 或 WPS 另存为 .xlsx",
    ".ofd": "请用 OFD 阅读器导出为带文字层的 .pdf，或改用 .docx 原文",
    ".ppt": "请另存为 .pdf",
    ".pptx": "请另存为 .pdf",
    ".zip": "请解压后逐个入库",
    ".rar": "请解压后逐个入库",
    ".7z": "请解压后逐个入库",
}
PDF_MAGIC, ZIP_MAGIC, OLE_MAGIC = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_MAGIC_WITHIN = 1024  # readers accept it that far into the file


def read_file(path: Path, metadata: Metadata | None = None, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Return the document in a file; with its manifest row, or with what the file says of itself when there is none.

    Args:
        path: .txt .md .html .htm .docx .pdf .xlsx or .csv.
        metadata: the manifest row; its sha256, when given, must be the file's.
        limits: what the file may cost before it is refused.

    Raises:
        DecodeError: text in no accepted encoding.
        UnreadableFileError: a format that is not read, damage, encryption, no text layer, noise, or a limit passed.
        ManifestError: the file is not the one its manifest row describes.
    """
    data = _bytes(path, limits)
    if metadata is not None and metadata.sha256:
        found = hashlib.sha256(data).hexdigest()
        if found != metadata.sha256.lower():
            raise ManifestError(
                f"{path.name}：文件的 sha256 是 {found}，清单中 {metadata.id} 一行写的是 {metadata.sha256}；"
                "文件若确已更新，请核对内容后改写清单，否则换回原文件"
            )
    extracted = _extract(path, data, limits)
    normalised, points = _normalised(extracted)
    if not normalised.text:
        raise UnreadableFileError(f"{path.name}：没有任何文字；请核对文件是否为空或选错")
    if metadata is None:
        digest = hashlib.sha256(normalised.text.encode()).hexdigest()
        guessed = guess_metadata(normalised.text, path, digest, header_title=extracted.title)
        metadata = replace(guessed, file=path.name, sha256=hashlib.sha256(data).hexdigest())
    warnings = extracted.warnings
    if (
        normalised.joined and extracted.wrapped != "surely"
    ):  # every line of a PDF is broken; elsewhere it is worth a look
        warnings += (f"句子中间的换行或分页 {normalised.joined} 处已接续，请核对",)
    return Document(metadata, normalised.text, points, warnings)


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise UnreadableFileError(f"{path.name}：无法打开（{error.strerror}）；请检查路径和权限") from error
    if len(data) > limits.file_bytes:
        raise UnreadableFileError(f"{path.name}：文件超过上限 {limits.file_bytes // MEBIBYTE} MB；请拆分后再试")
    if not data:
        raise UnreadableFileError(f"{path.name}：文件是空的；请核对是否选错")
    return data


def _extract(path: Path, data: bytes, limits: Limits) -> Extracted:
    suffix, file = path.suffix.lower(), path.name
    if suffix not in READABLE:
        advice = CONVERSIONS.get(suffix, f"请转换为 {' '.join(READABLE)} 之一")
        raise UnreadableFileError(f"{file}：不支持{f' {suffix} ' if suffix else '没有扩展名的'}文件；{advice}")
    expected = {".docx": "zip", ".xlsx": "zip", ".pdf": "pdf"}.get(suffix, "text")
    actual = _sniff(data, PDF_MAGIC_WITHIN if expected == "pdf" else len(PDF_MAGIC))
    if actual == "ole":
        raise UnreadableFileError(f"{file}：内容是旧版 Office 或加密的 Office 文件；请取消密码，另存为 .docx 或 .xlsx")
    if actual != expected:
        kinds = {"zip": "Office 文档或压缩包", "pdf": "PDF", "text": "文本"}
        raise UnreadableFileError(f"{file}：扩展名是 {suffix}，内容却是{kinds[actual]}；请改正扩展名或重新导出")
    if suffix == ".docx":
        return read_word(io.BytesIO(data), file, limits)
    if suffix == ".xlsx":
        return read_workbook(data, file, limits)
    if suffix == ".pdf":
        return read_pdf(data, file, limits)
    if suffix in (".html", ".htm"):
        return read_web_page(data, file, limits)
    text, _ = decode(data, file)
    if suffix == ".csv":
        return read_csv(text, file, limits)
    return read_markdown(text) if suffix == ".md" else read_text(text)


def _sniff(data: bytes, pdf_within: int) -> str:
    if data.startswith(OLE_MAGIC):
        return "ole"
    if data.startswith(ZIP_MAGIC):
        return "zip"
    return "pdf" if PDF_MAGIC in data[:pdf_within] else "text"


def _normalised(extracted: Extracted) -> tuple[Normalised, tuple[SourcePoint, ...]]:
    """Return the normalised text of the blocks and the map from it back to them."""
    pieces: list[str] = []
    starts: list[int] = []
    rows: list[tuple[int, int]] = []
    position = 0
    for block in extracted.blocks:
        if pieces:
            pieces.append("\f" if block.new_page else "\n")
            position += 1
        text = LINE_BREAK.sub(" ", block.text.translate(TRANSLATED)) if block.row else block.text
        starts.append(position)
        if block.row:
            rows.append((position, position + len(text)))
        pieces.append(text)
        position += len(text)
    width = None
    if extracted.wrapped != "never":
        width = wrap_width([block.text for block in extracted.blocks], certain=extracted.wrapped == "surely")
    normalised = normalise("".join(pieces), rows, width)
    points: list[SourcePoint] = []
    for start, raw in normalised.segments:
        block = extracted.blocks[bisect_right(starts, raw) - 1]
        point = SourcePoint(start if points else 0, block.page, block.paragraph, block.part)
        if not points or replace(points[-1], start=point.start) != point:
            points.append(point)
    return normalised, tuple(points)
