from assistant.parsing import parse
from assistant.schema import Document, Kind, Metadata, ProvisionKind, SourcePoint


def test_each_row_is_an_entry_under_its_sheet():
    rows = ["编号\t行业", "1\t农业", "2\t钢铁；水泥", "编号\t地区", "1\t广东"]
    text = "\n".join(rows)
    starts = [text.index(row) for row in rows[:3]] + [text.index("编号\t地区"), text.rindex("1\t广东")]
    points = tuple(
        SourcePoint(start, paragraph=paragraph, part=part)
        for start, paragraph, part in zip(starts, (1, 2, 3, 1, 4), ("鼓励类",) * 3 + ("地区",) * 2, strict=True)
    )
    result = parse(Document(Metadata("cat", "目录", Kind.CATALOGUE), text, points))
    assert [p.id for p in result.provisions] == [
        "cat:sheet1.row1",
        "cat:sheet1.row2",
        "cat:sheet1.row3",
        "cat:sheet2.row1",
        "cat:sheet2.row4",
    ]
    entry = result.provisions[2]
    assert (entry.kind, entry.text, entry.label, entry.headings, entry.unit) == (
        ProvisionKind.ENTRY,
        "2\t钢铁；水泥",
        "“鼓励类”第3行",
        ("鼓励类",),
        True,
    )
    assert {s.unit for s in result.sentences} == {p.id for p in result.provisions}


def test_a_policy_document_that_is_a_table_becomes_entries_and_one_with_a_table_does_not():
    table = parse(Document(Metadata("t", "t", Kind.POLICY), "a\tb\nc\td"))
    assert [p.label for p in table.provisions] == ["第1行", "第2行"]
    text = parse(Document(Metadata("t", "t", Kind.POLICY), "一、甲\n乙。\n丙。\na\tb\nc\td"))
    assert text.provisions[0].id == "t:n1"


def test_a_statute_of_rows_says_that_it_was_read_as_a_table():
    result = parse(Document(Metadata("t", "t", Kind.STATUTE), "a\tb\nc\td"))
    assert result.warnings == ("没有找到以“第…条”开头的行，按表格解析",)
