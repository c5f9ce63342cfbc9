"""Bytes → text, by the order of the design: BOM, strict UTF-8, GB18030, Big5, or an error with the first bad byte.

GB18030 accepts almost any bytes, so neither it nor Big5 is believed unasked: at least 90 % of the Chinese characters
it yields must be common ones. The common characters are the level-1 blocks of the two standards, taken from the codecs.
"""

import codecs
from collections.abc import Iterator

from assistant.errors import DecodeError

MIN_COMMON_SHARE = 0.9  # design §7
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _level_one(encoding: str, first: int, last: int) -> Iterator[str]:
    for code in range(first, last + 1):
        try:
            char = code.to_bytes(2, "big").decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_han(char):
            yield char


def is_han(char: str) -> bool:
    """Return whether a character is a unified ideograph of the basic block, extension A or beyond, or 〇."""
    code = ord(char)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x3FFFF or code == 0x3007


COMMON_SIMPLIFIED = frozenset(_level_one("gb2312", 0xB0A1, 0xD7F9)) | {"〇"}  # GB 2312 level 1: 3,755 characters
COMMON_TRADITIONAL = frozenset(_level_one("big5", 0xA440, 0xC67E))  # Big5 level 1: 5,401 characters


def common_share(text: str, common: frozenset[str]) -> tuple[float, int]:
    """Return the share of a text's Chinese characters that are in `common`, and how many Chinese characters it has."""
    han = [char for char in text if is_han(char)]
    return (sum(char in common for char in han) / len(han) if han else 0.0), len(han)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file without its byte-order mark, and the Python name of the encoding it was in.

    Args:
        data: the whole file.
        name: how the file is called in messages.

    Raises:
        DecodeError: when no accepted encoding fits, or the text holds NUL characters; names the first bad byte.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            try:
                return _no_nul(data[len(bom) :].decode(encoding), encoding, name), encoding
            except UnicodeDecodeError as error:
                raise _refusal(name, data, len(bom) + error.start, f"文件以 {encoding} 标记开头，却不是") from error
    try:
        return _no_nul(data.decode("utf-8"), "utf-8", name), "utf-8"
    except UnicodeDecodeError as error:
        first_bad = error.start
    for encoding, common in (("gb18030", COMMON_SIMPLIFIED), ("big5", COMMON_TRADITIONAL)):
        text = decode_common(data, encoding, common)
        if text is not None:
            return _no_nul(text, encoding, name), encoding
    raise _refusal(name, data, first_bad, "不是 UTF-8、GB18030、Big5 中任何一种")


def decode_common(data: bytes, encoding: str, common: frozenset[str]) -> str | None:
    """Return the text in this encoding, or None when the bytes do not fit or too few of its characters are common."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    share, count = common_share(text, common)
    return text if count and share >= MIN_COMMON_SHARE else None


def _no_nul(text: str, encoding: str, name: str) -> str:
    position = text.find("\0")
    if position >= 0:
        raise DecodeError(
            f"{name}：第 {position + 1} 个字符是空字符（按 {encoding} 读），不是文本文件；"
            "请转换为 UTF-8 编码的文本后再试"
        )
    return text


def _refusal(name: str, data: bytes, offset: int, what: str) -> DecodeError:
    return DecodeError(
        f"{name}：编码无法识别，偏移 {offset} 处的字节 0x{data[offset]:02X} {what}有效文字；请另存为 UTF-8 后再试"
    )
