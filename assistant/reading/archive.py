"""Office archives and their XML, opened as hostile input: within limits, without DTD, entities or network."""

import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

from lxml import etree

from assistant.errors import UnreadableFileError
from assistant.reading.limits import MEBIBYTE, Limits

NESTED = (".zip", ".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".7z", ".rar", ".gz", ".bin", ".ole")


class OfficeArchive:
    """An office archive whose directory has been checked; entries are read one at a time, none is unpacked to disk.

    Raises:
        UnreadableFileError: when the archive is damaged, encrypted or beyond its limits.
    """

    def __init__(self, stream: IO[bytes], name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableFileError(f"{name}：压缩包已损坏（{error}）；请用 Word 或 Excel 打开后重新保存") from error
        self._check()

    def _check(self) -> None:
        entries, name, limits = self._zip.infolist(), self._name, self._limits
        if len(entries) > limits.entries:
            raise UnreadableFileError(
                f"{name}：压缩包内有 {len(entries)} 个条目，超过上限 {limits.entries}；请拆分文件"
            )
        total = sum(entry.file_size for entry in entries)
        if total > limits.expanded_bytes:
            raise UnreadableFileError(
                f"{name}：解压后 {total // MEBIBYTE} MB，超过上限 {limits.expanded_bytes // MEBIBYTE} MB；请拆分文件"
            )
        seen = set()
        for entry in entries:
            path = PurePosixPath(entry.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
                raise UnreadableFileError(
                    f"{name}：条目 {entry.filename!r} 的路径越出压缩包；文件可能被篡改，请核对来源"
                )
            if entry.filename in seen:
                raise UnreadableFileError(f"{name}：条目 {entry.filename!r} 重复；文件可能被篡改，请核对来源")
            seen.add(entry.filename)
            if entry.flag_bits & 0x1:
                raise UnreadableFileError(f"{name}：已加密；请取消密码后重新保存")
            if entry.file_size > MEBIBYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1):
                raise UnreadableFileError(
                    f"{name}：条目 {entry.filename!r} 压缩比超过 {limits.ratio}，疑为压缩炸弹；请核对来源"
                )

    @property
    def names(self) -> frozenset[str]:
        """The names of all entries."""
        return frozenset(self._zip.namelist())

    @property
    def nested(self) -> tuple[str, ...]:
        """Entries that are archives or embedded objects themselves; they are never opened."""
        return tuple(
            sorted(name for name in self._zip.namelist() if name.lower().endswith(NESTED) and "/embeddings/" in name)
        )

    def read(self, entry: str) -> bytes:
        """Return the bytes of one entry, at most as many as its directory declared.

        Raises:
            UnreadableFileError: when it is absent or damaged.
        """
        try:
            info = self._zip.getinfo(entry)
            with self._zip.open(info) as stream:
                return stream.read(info.file_size + 1)
        except KeyError as error:
            raise UnreadableFileError(f"{self._name}：缺少 {entry}，不是完整的文件；请重新保存") from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UnreadableFileError(f"{self._name}：{entry} 已损坏（{error}）；请重新保存") from error

    def xml(self, entry: str) -> etree._Element:
        """Return the root element of an XML entry.

        Raises:
            UnreadableFileError: when it is absent, damaged, declares a DTD, or nests too deep.
        """
        return parse_xml(self.read(entry), f"{self._name}：{entry}", self._limits)


def parse_xml(data: bytes, name: str, limits: Limits) -> etree._Element:
    """Return the root of an XML document, parsed without DTD, entities and network.

    Raises:
        UnreadableFileError: when it declares a DTD, is not well-formed, or nests deeper than `limits.depth`.
    """
    refuse_dtd(data, name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(f"{name} 不是有效的 XML（{_one_line(error)}）；请重新保存文件") from error
    check_depth(root, name, limits)
    return root


UNKNOWN_ENCODING = expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]


class _PrologEnds(Exception):
    """The prolog has been seen whole: no DTD."""


class _DtdFound(Exception):
    """The prolog declares a DTD."""


def refuse_dtd(data: bytes, name: str) -> None:
    """Raise UnreadableFileError when an XML document declares a DTD, in whatever encoding; office files never do.

    Entities can be declared only there, so no expansion is ever begun. A document that is not well-formed passes: the
    parser that follows refuses it.
    """

    def start_element(_tag: str, _attributes: dict[str, str]) -> None:
        raise _PrologEnds

    def start_doctype(_name: str, _system: str | None, _public: str | None, _subset: bool) -> None:
        raise _DtdFound

    parser = expat.ParserCreate()
    parser.StartElementHandler = start_element
    parser.StartDoctypeDeclHandler = start_doctype
    try:
        parser.Parse(data, True)
    except _DtdFound as error:
        raise UnreadableFileError(f"{name} 声明了 DTD 实体，办公文件不应有此内容；文件可能有害，请核对来源") from error
    except _PrologEnds:
        return
    except (LookupError, ValueError, expat.ExpatError) as error:
        # Not well-formed is for the parser that follows to say; an encoding that hides the prolog is not let through.
        if not isinstance(error, expat.ExpatError) or error.code == UNKNOWN_ENCODING:
            raise UnreadableFileError(f"{name} 的 XML 编码不受支持；请用 Word 或 Excel 重新保存") from error


def check_depth(root: etree._Element, name: str, limits: Limits) -> None:
    """Raise UnreadableFileError when elements nest deeper than `limits.depth`."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            raise UnreadableFileError(f"{name} 嵌套超过 {limits.depth} 层；文件可能有害，请核对来源")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
