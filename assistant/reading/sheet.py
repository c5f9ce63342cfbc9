"""Tables (.xlsx, .csv) → one block a row, cells separated by tabs."""

import csv
import io
import warnings as python_warnings
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from assistant.errors import UnreadableFileError
from assistant.reading.archive import OfficeArchive, refuse_dtd
from assistant.reading.blocks import Block, Extracted
from assistant.reading.limits import Limits

DELIMITERS = ",\t;"
BROKEN = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    EOFError,
)


def read_workbook(data: bytes, file: str, limits: Limits) -> Extracted:
    """Return the rows of all visible sheets; `part` is the sheet's name and `paragraph` the row's number.

    Formulas give the value that Excel stored with them. Cells are read as they are shown where that can be known: dates
    in ISO form, percentages with their sign.

    Raises:
        UnreadableFileError: when the workbook is damaged, hostile, beyond its limits, or has no readable sheet.
    """
    archive = OfficeArchive(io.BytesIO(data), file, limits)
    if "xl/workbook.xml" not in archive.names:
        raise UnreadableFileError(f"{file}：不是 Excel 工作簿；请确认扩展名，或用 Excel 另存为 .xlsx")
    formulas = False
    for entry in sorted(archive.names):
        if entry.endswith((".xml", ".rels")):
            content = archive.read(entry)
            refuse_dtd(content, f"{file}：{entry}")
            formulas = formulas or (entry.startswith("xl/worksheets/") and (b"<f>" in content or b"<f " in content))
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")  # openpyxl on extensions it leaves out: validation, formats
            return _read_sheets(data, file, limits, formulas=formulas)
    except BROKEN as error:
        raise UnreadableFileError(
            f"{file}：工作簿已损坏（{' '.join(str(error).split())}）；请用 Excel 重新保存"
        ) from error


def _read_sheets(data: bytes, file: str, limits: Limits, *, formulas: bool) -> Extracted:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    blocks: list[Block] = []
    hidden, cells = [], 0
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        sheet.reset_dimensions()  # what the file claims about its size is not believed
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells += len(row)
            if cells > limits.cells:
                raise UnreadableFileError(f"{file}：单元格超过上限 {limits.cells} 个；请拆分文件")
            texts = [_shown(cell.value, getattr(cell, "number_format", "")) for cell in row]
            if any(texts):
                blocks.append(Block("\t".join(texts), paragraph=number, part=sheet.title, row=True))
    notes = [f"隐藏的工作表 {len(hidden)} 个未收入：{'、'.join(hidden)}"] if hidden else []
    if workbook.chartsheets:
        notes.append(f"图表工作表 {len(workbook.chartsheets)} 个未收入")
    if formulas and (unsaved := _unsaved_formulas(data)):
        notes.append(f"公式单元格 {unsaved} 个没有保存结果，未收入；请用 Excel 打开后重新保存")
    return Extracted(tuple(blocks), tuple(notes))


def _unsaved_formulas(data: bytes) -> int:
    """Return how many formula cells of visible sheets have no stored value."""
    values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    written = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    count = 0
    for sheet, source in zip(values.worksheets, written.worksheets, strict=True):
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            source.reset_dimensions()
            for shown, typed in zip(sheet.iter_rows(), source.iter_rows(), strict=False):
                count += sum(
                    1
                    for a, b in zip(shown, typed, strict=False)
                    if a.value is None and getattr(b, "data_type", "") == "f"
                )
    return count


def _shown(value: Any, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float) and number_format.endswith("%"):
        decimals = len(number_format.rstrip("%").partition(".")[2])
        return f"{value * 100:.{decimals}f}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split("\t")).replace("\r\n", " ").replace("\n", " ").replace("\r", " ")


def read_csv(text: str, file: str, limits: Limits) -> Extracted:
    """Return the rows of a table kept as text; the delimiter is the commonest of comma, tab and semicolon in line one.

    Raises:
        UnreadableFileError: when quoting is broken or a limit is passed.
    """
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        blocks = tuple(
            _csv_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), file, limits)
        )
    except csv.Error as error:
        raise UnreadableFileError(f"{file}：表格格式有误（{error}）；请检查引号是否成对，或另存为 .xlsx") from error
    return Extracted(blocks)


def _csv_rows(rows: Iterable[list[str]], file: str, limits: Limits) -> Iterable[Block]:
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if cells > limits.cells:
            raise UnreadableFileError(f"{file}：单元格超过上限 {limits.cells} 个；请拆分文件")
        texts = [_shown(cell.strip(), "") for cell in row]
        if any(texts):
            yield Block("\t".join(texts), paragraph=number, row=True)
