"""What provisions cite. Expected values are read off the texts by hand."""

from pathlib import Path

import pytest

from assistant.parsing import find_links, parse
from assistant.parsing.titles import owner_before, short_forms
from assistant.reading import corpus_files, read_file
from assistant.schema import Document, Kind, Metadata, Parsed, WrittenLink

CORPUS = Path(__file__).parents[2] / "corpus"
NUMERALS = "一二三四五六七八九十"


def document(*articles: str, title: str = "甲条例", kind: Kind = Kind.STATUTE) -> Parsed:
    """A regulation whose articles 第一条, 第二条 … have these texts; a text may begin with its own 第…条."""
    lines = [text if text.startswith("第") else f"第{NUMERALS[n]}条　{text}" for n, text in enumerate(articles)]
    return parse(Document(Metadata("d", title, kind), "\n".join(lines)))


def links(parsed: Parsed) -> list[tuple[str, str, str, str]]:
    """(source, words, title, path) of each link."""
    found = find_links(parsed)
    for link in found:
        assert parsed.document.text[link.start : link.end] == link.text
    return [(link.source.removeprefix("d:"), link.text, link.title, link.path) for link in found]


def last(text: str, **options: str) -> list[tuple[str, str, str]]:
    """(words, title, path) of what the fifth article cites; the others have two 款, and items in 第三条第二款."""
    three = "公民申请。\n有下列情形之一的，不予受理：\n（一）资料不全；\n（二）逾期；\n（三）其他。"
    parsed = document("甲。\n乙。", "丙。\n丁。", three, "戊。\n己。", text, **options)
    return [found[1:] for found in links(parsed) if found[0].startswith("a5")]


EXPLICIT = [
    ("违反本条例第三条规定的，处罚款。", [("第三条", "", "a3")]),
    ("依照第二条至第四条处理。", [("第二条至第四条", "", f"a{n}") for n in (2, 3, 4)]),
    ("依照第一条、第四条处理。", [("第一条", "", "a1"), ("第四条", "", "a4")]),
    ("有第三条第二款第（三）项情形的", [("第三条第二款第（三）项", "", "a3.p2.i3")]),
    (
        "有第三条第二款第（一）项至第（三）项情形的",
        [("第三条第二款第（一）项至第（三）项", "", f"a3.p2.i{n}") for n in (1, 2, 3)],
    ),
    ("违反本条例第三条第一款、第二款", [("第三条第一款", "", "a3.p1"), ("第二款", "", "a3.p2")]),
    ("依照刑法第一百二十条之一定罪", [("刑法第一百二十条之一", "刑法", "a120-1")]),
    (
        "构成刑法第二百六十四条、第二百六十六条规定之罪的",
        [("刑法第二百六十四条", "刑法", "a264"), ("第二百六十六条", "刑法", "a266")],
    ),
    (
        "依照《中华人民共和国土地管理法》第四十四条的规定",
        [("《中华人民共和国土地管理法》第四十四条", "中华人民共和国土地管理法", "a44")],
    ),
    ("按照《乙办法》和本条例第二条执行", [("《乙办法》", "乙办法", ""), ("第二条", "", "a2")]),
    ("人民法院应当依照民事诉讼法第一百条处理", [("民事诉讼法第一百条", "民事诉讼法", "a100")]),
    ("劳动合同法第四十条规定的", [("劳动合同法第四十条", "劳动合同法", "a40")]),
    ("依照《乙办法》第三条，适用同法第五条", [("《乙办法》第三条", "乙办法", "a3"), ("同法第五条", "乙办法", "a5")]),
    ("《甲条例》第二条", [("《甲条例》第二条", "", "a2")]),
    ("依照本条例第九条处理", [("第九条", "", "a9")]),
]

RELATIVE = [
    ("申请。\n违反前款规定的，处罚款。", [("前款", "", "a5.p1")]),
    ("申请。\n公布。\n违反前两款规定的", [("前两款", "", "a5.p1"), ("前两款", "", "a5.p2")]),
    ("依照前条第二款处理。", [("前条第二款", "", "a4.p2")]),
    ("前两条规定的期限", [("前两条", "", "a3"), ("前两条", "", "a4")]),
    ("申请。\n依照本条第一款处理。", [("本条第一款", "", "a5.p1")]),
    ("甲：\n（一）乙；\n（二）有前项行为的。", [("前项", "", "a5.p1.i1")]),
    ("甲：\n（一）乙；\n（二）丙。\n有前款第（二）项情形的", [("前款第（二）项", "", "a5.p1.i2")]),
    (
        "甲：\n（一）乙；\n（二）丙。\n第（一）项、第（二）项规定的",
        [("第（一）项", "", "a5.p1.i1"), ("第（二）项", "", "a5.p1.i2")],
    ),
    ("违反本条例第三条规定：\n（一）违反第二款规定的，警告。", [("第三条", "", "a3"), ("第二款", "", "a3.p2")]),
    ("违反前款规定的", [("前款", "", "")]),  # none in front: visible, and leads nowhere
]

NONE = [
    "请第三人到场。",
    "自收到之日起第一百日。",
    "按照财建〔2025〕第12号文件办理。",
    "修建第三条生产线。",
    "目前条件下，提前款项已付。",
    "出示《营业执照》和《房屋所有权证》。",
    "修改为：“依照本法第二条、前款和第四条处理。”",  # another text's words
    "依照该条例第三条处理。",  # which one was never said
]


@pytest.mark.parametrize(("text", "expected"), EXPLICIT + RELATIVE)
def test_references_are_found(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert last(text) == expected


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_reference_is_left_alone(text: str) -> None:
    assert last(text) == []


def test_a_range_covers_the_articles_between_that_exist() -> None:
    texts = ["第一条　甲。", "第一条之一　乙。", "第二条　丙。", "第四条　丁。", "第五条　依照第一条至第四条处理。"]
    assert [path for source, _, _, path in links(document(*texts)) if source == "a5.p1"] == ["a1", "a1-1", "a2", "a4"]


def test_a_range_of_another_document_goes_on_behind_each_article_but_the_last() -> None:
    found = find_links(document("依照《乙办法》第三条至第五条处理。"))
    assert [(link.path, link.onward) for link in found] == [("a3", True), ("a4", True), ("a5", False)]


def test_short_forms_stand_for_the_title() -> None:
    parsed = document(
        "根据《中华人民共和国招标投标法》（以下简称招标投标法），制定本办法。", "依照招标投标法第三条处理。"
    )
    assert links(parsed)[1] == ("a2.p1", "招标投标法第三条", "中华人民共和国招标投标法", "a3")


def test_a_document_that_amends_others_cites_nothing_by_bare_numbers() -> None:
    parsed = document("将第二条修改为第三条。", "删去前款。", "乙。", title="关于修改《乙条例》的决定")
    assert links(parsed) == []


def test_the_first_words_of_an_article_are_its_number_and_no_reference() -> None:
    assert links(document("甲。", "乙。")) == []


def test_a_part_of_a_policy_document() -> None:
    text = (
        "一、总体要求\n坚持改革。\n二、重点任务\n"
        "（一）完善机制。按照第一部分要求落实。\n（二）落实责任。参照《乙意见》第三部分执行。"
    )
    parsed = parse(Document(Metadata("d", "关于某事的意见", Kind.POLICY), text))
    assert [found[1:] for found in links(parsed)] == [
        ("第一部分", "", "n1"),
        ("《乙意见》第三部分", "乙意见", "n3"),
    ]


def test_parts_of_a_standard_are_no_parts_of_the_document() -> None:
    parsed = parse(
        Document(Metadata("d", "某指南", Kind.POLICY), "一、术语\n控制系统 第1部分：模型和术语。\n二、要求\n甲。")
    )
    assert links(parsed) == []


def test_a_provision_made_of_references_is_read_in_one_pass() -> None:
    """Work that grew with the square of the text would not end here."""
    text = "违反第一条，违反第二款“、” 《乙办法》第三条第九款。" * 8_000
    assert len(find_links(document("甲。\n乙。", text))) == 8_000 * 2  # 第一条 has no 第二款


def test_founding_documents_cite_what_reading_them_finds() -> None:
    """The regulation names no article and no other document by title: 「根据有关法律、行政法规」 is no reference. The
    guidance names four catalogues, all in its ninth part, none in book-title marks.
    """
    found: dict[str, tuple[WrittenLink, ...]] = {}
    for file in corpus_files(CORPUS)[0]:
        parsed = parse(read_file(file.path, file.metadata))
        found[parsed.document.id] = find_links(parsed)
    assert found["gd-transfer-2025"] == ()
    assert [(link.unit, link.text, link.title, link.path) for link in found["mfg-transfer-2021"]] == [
        ("mfg-transfer-2021:n9", title, title, "")
        for title in (
            "鼓励外商投资产业目录",
            "产业发展与转移指导目录",
            "西部地区鼓励类产业目录",
            "产业结构调整指导目录",
        )
    ]


@pytest.mark.parametrize(
    ("before", "owner"),
    [
        ("违反本条例", ""),
        ("按照本实施细则", ""),
        ("违反本条例规定", ""),
        ("人民法院应当依照民事诉讼法", "民事诉讼法"),
        ("违反反不正当竞争法", "反不正当竞争法"),
        ("触犯刑法分则第三章", "刑法"),
        ("应当适用涉外民事关系法律适用法", "涉外民事关系法律适用法"),
        ("被告人违反快递暂行条例", "快递暂行条例"),
        ("有下列情形，符合", None),
        ("该法", "?"),
    ],
)
def test_whose_article_is_named(before: str, owner: str | None) -> None:
    assert owner_before(before, {}, "")[0] == owner


def test_short_forms_of_two_documents_are_nobodys() -> None:
    text = "《甲办法》（以下简称《办法》）和《乙办法》（以下简称《办法》）、《丙条例》（以下简称条例）"
    assert short_forms(text) == {"条例": "丙条例"}


@pytest.mark.parametrize("file", ["law_names.txt", "document_words.txt"])
def test_word_lists_are_chinese_words_once_each(file: str) -> None:
    path = Path(__file__).parents[2] / "assistant" / "parsing" / "data" / file
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines and len(set(lines)) == len(lines)
    assert all(1 <= len(line) <= 20 and all("\u4e00" <= character <= "\u9fff" for character in line) for line in lines)
    if file == "law_names.txt":
        assert all(line.endswith(("法", "法典", "通则", "总则")) for line in lines)
