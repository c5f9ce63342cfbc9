import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from assistant.errors import CorpusError, UnreadableFileError
from assistant.reading import Limits, read_file
from assistant.schema import Kind
from tests.reading.builders import archive, write

CATALOGUES = Path(__file__).parents[3] / "shared/data/catalogues"


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "鼓励类"
    for row in [
        ["序号", "条目", "比例"],
        [1, "新能源\n装备", 0.155],
        [None, "续前", 2.0],
        [],
        [date(2025, 3, 1), True, "a\tb"],
    ]:
        sheet.append(row)
    sheet["C2"].number_format = "0.0%"
    sheet.merge_cells("A6:B6")
    sheet["A6"] = "合并"
    other = book.create_sheet("限制类")
    other.append(["甲", datetime(2025, 3, 1, 8, 30)])
    hidden = book.create_sheet("辅助")
    hidden.append(["隐"])
    hidden.sheet_state = "hidden"
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_rows_keep_their_cells(tmp_path: Path) -> None:
    document = read_file(write(tmp_path, "目录.xlsx", saved(workbook())))
    assert document.text.split("\n") == [
        "序号\t条目\t比例",
        "1\t新能源 装备\t15.5%",
        "\t续前\t2",
        "2025-03-01\tTRUE\ta b",
        "合并",
        "甲\t2025-03-01 08:30:00",
    ]
    assert [(point.part, point.paragraph) for point in document.source_map] == [
        ("鼓励类", 1),
        ("鼓励类", 2),
        ("鼓励类", 3),
        ("鼓励类", 5),
        ("鼓励类", 6),
        ("限制类", 1),
    ]
    assert document.text[document.source_map[3].start :].startswith("2025-03-01")
    assert document.warnings == ("隐藏的工作表 1 个未收入：辅助",)
    assert document.metadata.kind is Kind.CATALOGUE


def test_formulas_without_a_stored_value_are_reported(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["合计", "=SUM(1,2)"])  # openpyxl stores no value
    document = read_file(write(tmp_path, "a.xlsx", saved(book)))
    assert document.text == "合计"
    assert document.warnings == ("公式单元格 1 个没有保存结果，未收入；请用 Excel 打开后重新保存",)


def test_cells_are_limited(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="单元格超过上限 5 个"):
        read_file(write(tmp_path, "a.xlsx", saved(workbook())), limits=Limits(cells=5))


CSV = [  # content, text, comment
    ("序号,条目\n1,甲\n", "序号\t条目\n1\t甲", ""),
    ("序号,条目\r\n1,甲\r\n".encode("gb18030"), "序号\t条目\n1\t甲", "as Excel writes it"),
    ("a\tb\n1\t2", "a\tb\n1\t2", "tabs"),
    ("a;b\n1;2,5", "a\tb\n1\t2,5", "semicolons"),
    ('a,b\n"甲,乙\n丙",2', "a\tb\n甲,乙 丙\t2", "quoted"),
    ("a,b\n,2\n\n3,", "a\tb\n\t2\n3", "an empty first cell keeps its column"),
    (
        "条目,说明\n支持甲。支持乙,支持\n丙。丁,戊",
        "条目\t说明\n支持甲。支持乙\t支持\n丙。丁\t戊",
        "rows are never joined",
    ),
]


@pytest.mark.parametrize(("content", "text", "comment"), CSV)
def test_csv(tmp_path: Path, content: bytes | str, text: str, comment: str) -> None:
    assert read_file(write(tmp_path, "a.csv", content)).text == text, comment


BOMB = '<!DOCTYPE a [<!ENTITY a "aa">]><sst>&a;</sst>'
REFUSED = [  # name, content, what the message says
    ("a.csv", 'a,b\n"甲,2', "表格格式有误"),
    ("a.xlsx", archive({"a.xml": "<a/>"}), "不是 Excel 工作簿"),
    ("a.xlsx", archive({"xl/workbook.xml": "<a/>", "xl/sharedStrings.xml": BOMB}), "声明了 DTD 实体"),
    ("a.xlsx", archive({"xl/workbook.xml": "<a>"}), "工作簿已损坏"),
    ("a.xlsx", saved(workbook())[:-99], "压缩包已损坏"),
]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_refused(tmp_path: Path, name: str, content: bytes | str, said: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read_file(write(tmp_path, name, content))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not CATALOGUES.is_dir(), reason="the catalogues are not on this machine (../shared/data)")
def test_a_real_workbook() -> None:
    (path,) = CATALOGUES.glob("*.xlsx")
    document = read_file(path)
    assert len({point.part for point in document.source_map}) >= 7
    assert document.text.count("\n") > 2_800  # 2,860 entries
