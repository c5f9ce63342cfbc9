import io

import docx
import pytest

from assistant.errors import UnreadableFileError
from assistant.reading.limits import DEFAULT_LIMITS, Limits
from assistant.reading.word import read_word
from tests.reading.builders import archive, level, numbering, paragraph, run, table, word


def lines(data: bytes, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    return [block.text for block in read_word(io.BytesIO(data), "a.docx", limits).blocks]


def warnings(data: bytes) -> tuple[str, ...]:
    return read_word(io.BytesIO(data), "a.docx", DEFAULT_LIMITS).warnings


SHOWN = '<w:vanish w:val="0"/>'
BOX = "<w:txbxContent>" + paragraph("框内") + "</w:txbxContent>"
BODIES = [  # body, lines, comment
    (
        paragraph("甲") + table(["一", "二"], ["三", "四"]) + paragraph("乙"),
        ["甲", "一\t二", "三\t四", "乙"],
        "body order",
    ),
    (
        table(["<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + paragraph("宽"), "窄"]),
        ["宽\t窄"],
        "a cell merged across is there once",
    ),
    (
        table(
            ["<w:tcPr><w:vMerge w:val='restart'/></w:tcPr>" + paragraph("高"), "一"],
            ["<w:tcPr><w:vMerge/></w:tcPr>" + paragraph(""), "二"],
        ),
        ["高\t一", "\t二"],
        "a cell merged downwards is there once, its column stays",
    ),
    (table(["外", "<w:tcPr/>" + table(["内甲", "内乙"]) + paragraph("")]), ["外\t内甲 内乙"], "nested table"),
    (table(["第一条　甲。"], ["第二条　乙。"]), ["第一条　甲。", "第二条　乙。"], "a frame of one column is no table"),
    (
        f"<w:p>{run('应当')}<w:del><w:r><w:delText>可以</w:delText></w:r></w:del><w:ins>{run('支持')}</w:ins></w:p>",
        ["应当支持"],
        "insertions are text, deletions are not",
    ),
    (
        f"<w:p><w:moveFrom>{run('旧处')}</w:moveFrom>{run('留')}</w:p><w:p><w:moveTo>{run('新处')}</w:moveTo></w:p>",
        ["留", "新处"],
        "moved text is where it went",
    ),
    (
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前半')}</w:p><w:p>{run('后半')}</w:p>",
        ["前半后半"],
        "a deleted paragraph mark joins two paragraphs",
    ),
    (f"<w:p><w:hyperlink>{run('见')}{run('附件')}</w:hyperlink></w:p>", ["见附件"], "hyperlink"),
    (
        f"<w:p><w:r><w:fldChar/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>{run('5')}</w:p>",
        ["5"],
        "a field gives its result, not its code",
    ),
    (f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>", ["控件"], "content control"),
    (
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
            f"{BOX}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict>"
            f"</mc:Fallback></mc:AlternateContent></w:r>{run('正文')}</w:p>"
        ),
        ["正文", "框内"],
        "a text box is read once, after its paragraph",
    ),
    (
        f"<w:p>{run('显')}{run('隐', '<w:vanish/>')}{run('现', SHOWN)}</w:p>",
        ["显现"],
        "hidden",
    ),
    (
        "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:br w:type='page'/></w:r></w:p>",
        ["甲 乙\n丙\f"],
        "breaks",
    ),
    (
        "<w:p><w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>1</w:t><w:sym w:font='宋体' w:char='2460'/></w:r></w:p>",
        ["A-1①"],
        "signs",
    ),
    ("<w:p><m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></w:p>", ["a=b"], "formula"),
]


@pytest.mark.parametrize(("body", "expected", "comment"), BODIES)
def test_body(body: str, expected: list[str], comment: str) -> None:
    assert lines(word(body)) == expected, comment


def test_strict_namespace_reads_the_same() -> None:
    data = word(paragraph("甲"))
    files = _entries(data)
    files["word/document.xml"] = files["word/document.xml"].replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert lines(archive(dict(files))) == ["甲"]


def _entries(data: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_notes_stand_behind_the_body_in_the_order_of_their_marks() -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id='3'/><w:footnoteReference w:id='2'/>"
        "<w:endnoteReference w:id='2'/></w:r></w:p>" + paragraph("乙")
    )
    notes = f"<w:footnote w:id='0' w:type='separator'>{paragraph('线')}</w:footnote>" + "".join(
        f"<w:footnote w:id='{number}'>{paragraph(f'脚注{number}')}</w:footnote>" for number in (2, 3)
    )
    ends = f"<w:endnote w:id='2'>{paragraph('尾注')}</w:endnote>"
    blocks = read_word(io.BytesIO(word(body, footnotes=notes, endnotes=ends)), "a.docx", DEFAULT_LIMITS).blocks
    assert [(block.text, block.part) for block in blocks] == [
        ("甲", "body"),
        ("乙", "body"),
        ("脚注3", "footnote"),
        ("脚注2", "footnote"),
        ("尾注", "endnote"),
    ]


THREE = (
    level(0, "chineseCountingThousand", "第%1章")
    + level(1, "chineseCountingThousand", "第%2条")
    + level(2, "chineseCounting", "（%3）")
)
NUMBERED = [  # numbering part, (text, (numId, level)) of each paragraph, lines, comment
    (
        numbering(THREE),
        [
            ("总则", (1, 0)),
            ("为了", (1, 1)),
            ("适用", (1, 1)),
            ("甲", (1, 2)),
            ("乙", (1, 2)),
            ("附则", (1, 0)),
            ("施行", (1, 1)),
        ],
        ["第一章 总则", "第一条 为了", "第二条 适用", "（一）甲", "（二）乙", "第二章 附则", "第一条 施行"],
        "a higher number restarts the lower ones",
    ),
    (
        numbering(
            level(0, "chineseCountingThousand", "第%1章")
            + level(1, "chineseCountingThousand", "第%2条", more='<w:lvlRestart w:val="0"/>')
        ),
        [("总则", (1, 0)), ("为了", (1, 1)), ("附则", (1, 0)), ("施行", (1, 1))],
        ["第一章 总则", "第一条 为了", "第二章 附则", "第二条 施行"],
        "articles run through the chapters",
    ),
    (
        numbering(level(0, "decimal", "%1.", start=3)),
        [("甲", (1, 0)), ("乙", (1, 0))],
        ["3. 甲", "4. 乙"],
        "start value; a point keeps its space, or 1. + 5公里 would read 1.5公里",
    ),
    (
        numbering(level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2", more="<w:isLgl/>")),
        [("甲", (1, 0)), ("乙", (1, 1)), ("丙", (1, 1))],
        ["一、甲", "1.1 乙", "1.2 丙"],
        "isLgl writes every number in digits",
    ),
    (
        numbering(
            level(0, "decimal", "第%1条"),
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
            '</w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="1"/></w:lvlOverride></w:num>',
        ),
        [("甲", (1, 0)), ("乙", (2, 0)), ("丙", (3, 0)), ("丁", (3, 0))],
        ["第1条 甲", "第2条 乙", "第1条 丙", "第2条 丁"],
        "lists of one definition count together until one starts anew",
    ),
    (
        numbering(
            level(0, "decimal", "%1."),
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
            + level(0, "ideographTraditional", "%1、")
            + "</w:lvlOverride></w:num>",
        ),
        [("子", (1, 0)), ("丑", (1, 0))],
        ["甲、子", "乙、丑"],
        "a level that the list overrides",
    ),
    (numbering(level(0, "bullet", "\uf0b7")), [("甲", (1, 0))], ["甲"], "a bullet of a symbol font stands for no text"),
    (
        numbering(level(0, "decimal", "%1.")),
        [("甲", (0, 0)), ("乙", (9, 0))],
        ["甲", "乙"],
        "list 0 is none; 9 does not exist",
    ),
]


@pytest.mark.parametrize(("part", "paragraphs", "expected", "comment"), NUMBERED)
def test_numbering(part: str, paragraphs: list[tuple[str, tuple[int, int]]], expected: list[str], comment: str) -> None:
    body = "".join(paragraph(text, list_=list_) for text, list_ in paragraphs)
    assert lines(word(body, numbering=part)) == expected, comment


def test_numbering_from_styles_and_their_parents() -> None:
    styles = (
        '<w:style w:styleId="Article"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Own"><w:basedOn w:val="Article"/></w:style>'
        '<w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    part = numbering(
        level(0, "chineseCountingThousand", "第%1条", more='<w:pStyle w:val="Article"/><w:suff w:val="space"/>')
    )
    body = paragraph("甲", style="Article") + paragraph("乙", style="Own") + paragraph("丙", style="Loop")
    assert lines(word(body, styles=styles, numbering=part)) == ["第一条 甲", "第二条 乙", "丙"]


def test_what_is_left_out_is_counted() -> None:
    body = (
        f"<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins>{run('增')}</w:ins>{run('隐', '<w:vanish/>')}"
        "<w:r><w:drawing><a:blip/></w:drawing><w:sym w:char='F0FC'/></w:r></w:p>"
    )
    comments = f"<w:comment w:id='1'>{paragraph('批')}</w:comment>"
    assert warnings(word(body, header=paragraph("页眉"), comments=comments)) == (
        "修订中删除的内容 1 处未收入",
        "修订中插入的内容 1 处按正文收入；文件可能不是定稿",
        "隐藏文字 1 处未收入",
        "图片 1 张未读，图中文字不在正文内",
        "符号字体的字符 1 个无法对应文字，未收入",
        "页眉页脚 1 处未收入",
        "批注 1 条未收入",
    )
    assert warnings(word(paragraph("净"))) == ()


def test_a_file_written_by_python_docx() -> None:
    document = docx.Document()
    document.add_paragraph("第一条　甲。")
    rows = document.add_table(rows=2, cols=2)
    rows.cell(0, 0).merge(rows.cell(0, 1)).text = "合并"
    rows.cell(1, 0).text, rows.cell(1, 1).text = "左", "右"
    stream = io.BytesIO()
    document.save(stream)
    assert lines(stream.getvalue()) == ["第一条　甲。", "合并", "左\t右"]


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document>&b;</w:document>'
HOSTILE = [  # archive, what the message says, comment
    (b"PK\x03\x04 nothing", "压缩包已损坏", "truncated"),
    (word(paragraph("甲"))[:-40], "压缩包已损坏", "cut off"),
    (archive({"a.txt": "x"}), "缺少 word/document.xml", "not a Word file"),
    (archive({"word/document.xml": "<a/>"}), "不是 Word 文档", ""),
    (archive({"word/document.xml": "<a>"}), "不是有效的 XML", "not well-formed"),
    (archive({"word/document.xml": BOMB}), "声明了 DTD 实体", "billion laughs"),
    (
        archive({"word/document.xml": BOMB.decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")}),
        "声明了 DTD 实体",
        "in UTF-16",
    ),
    (
        archive({"word/document.xml": '<?xml version="1.0" encoding="GB18030"?><a/>'}),
        "XML 编码不受支持",
        "hides the prolog",
    ),
    (archive({"word/document.xml": '<?xml version="1.0" encoding="UTs-8"?><a/>'}), "XML 编码不受支持", "no encoding"),
    (
        archive({"word/document.xml": '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>'}),
        "声明了 DTD 实体",
        "external entity",
    ),
    (archive({"../../evil.xml": "x", "word/document.xml": "<a/>"}), "路径越出压缩包", "path traversal"),
    (archive({"/evil.xml": "x"}), "路径越出压缩包", "absolute path"),
    (archive({"C:\\evil.xml": "x"}), "路径越出压缩包", "drive"),
    (archive({"word/document.xml": b"\0" * 3_000_000}), "压缩比超过 200", "zip bomb"),
    (archive({f"{number}.xml": "x" for number in range(5_001)}), "5001 个条目，超过上限 5000", "too many entries"),
    (word("<w:sdt><w:sdtContent>" * 110 + "</w:sdtContent></w:sdt>" * 110), "嵌套超过 200 层", "nesting"),
]


@pytest.mark.parametrize(("data", "said", "comment"), HOSTILE)
def test_hostile_archives_are_refused(data: bytes, said: str, comment: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        lines(data)
    assert said in str(caught.value), comment
    assert "\n" not in str(caught.value)


def test_expanded_size_is_limited() -> None:
    with pytest.raises(UnreadableFileError, match="解压后 0 MB，超过上限 0 MB"):
        lines(word(paragraph("甲" * 1000)), Limits(expanded_bytes=100))


def test_embedded_archives_are_never_opened() -> None:
    files = _entries(word(paragraph("甲")))
    files["word/embeddings/inner.zip"] = archive({"x": b"\0" * 500_000})
    assert lines(archive(dict(files))) == ["甲"]
    assert warnings(archive(dict(files))) == ("内嵌文件 1 个未打开",)
