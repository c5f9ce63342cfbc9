"""The text to check: from a file, or pasted."""

from pathlib import Path

from assistant.errors import UnreadableFileError
from assistant.reading import read_file
from assistant.reading.decode import decode
from assistant.reading.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from assistant.reading.reader import CONVERSIONS

CHECKABLE = (".txt", ".md", ".docx", ".pdf")
MAX_TEXT_BYTES = 5 * MEBIBYTE  # of UTF-8; the whole Civil Code with its notes has 0.4


def read_checked(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> tuple[str, tuple[str, ...]]:
    """Return the whole text of a file, tables, text boxes and notes included, and what the reader left out of it.

    The text is the normalised text of `assistant.reading`, as for a document of the corpus; the second value has a
    line of Chinese for each kind of thing that was left out (headers, deleted revisions, pictures).

    Args:
        path: .txt .md .docx or .pdf.
        limits: what the file may cost before it is refused.

    Raises:
        DecodeError: text in no accepted encoding.
        UnreadableFileError: another format, damage, encryption, no text layer, noise, or a limit passed.
    """
    suffix = path.suffix.lower()
    if suffix not in CHECKABLE:
        advice = CONVERSIONS.get(suffix, f"请转换为 {' '.join(CHECKABLE)} 之一，或把文字粘贴进来")
        raise UnreadableFileError(f"{path.name}：不能核对{f' {suffix} ' if suffix else '没有扩展名的'}文件；{advice}")
    document = read_file(path, limits=limits)
    return _bounded(document.text, path.name), document.warnings


def read_pasted(pasted: str | bytes, name: str = "粘贴的文字") -> str:
    """Return text that was pasted or piped in, as it stands; bytes are decoded as those of a text file are.

    Nothing is normalised, so that spans in the report point into what the user handed in.

    Args:
        pasted: text, or its bytes in UTF-8, UTF-16 with its mark, GB18030 or Big5.
        name: how it is called in messages.

    Raises:
        DecodeError: bytes in no accepted encoding.
        UnreadableFileError: more than 5 MB.
    """
    if isinstance(pasted, bytes):
        if len(pasted) > 2 * MAX_TEXT_BYTES:  # UTF-16 at its widest; decoding more would be work for nothing
            raise _too_long(name)
        pasted, _ = decode(pasted, name)
    return _bounded(pasted, name)


def _bounded(text: str, name: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise _too_long(name)
    return text


def _too_long(name: str) -> UnreadableFileError:
    return UnreadableFileError(f"{name}：文字超过一次核对的上限 {MAX_TEXT_BYTES // MEBIBYTE} MB；请分几次核对")
