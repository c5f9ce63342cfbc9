import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citing.annotate import annotate_docx, docx_from_text
from assistant.citing.sources import read_checked
from assistant.errors import UnreadableFileError
from assistant.schema import CheckReport, CheckStatus, Content, Finding
from tests.citing.reports import REGULATION, TEXT, find, mixed_report, passing_report, report
from tests.reading.builders import archive, paragraph, word

BAD = CheckStatus.NO_SUCH_ARTICLE
TINY_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c636460f8cf00000204010 0"
    "5f9d4a3e0000000049454e44ae426082".replace(" ", "")
)


def saved(document: WordDocument, tmp_path: Path, name: str = "稿.docx") -> Path:
    path = tmp_path / name
    document.save(str(path))
    return path


def checked(path: Path, *words: str, status: CheckStatus = BAD, **more: object) -> CheckReport:
    """Return a report on a file with a finding at each of these words, which must stand in it once."""
    text, _ = read_checked(path)
    return report(text, [find(text, one, status, f"细节{n}", **more) for n, one in enumerate(words, start=1)])


def annotated(path: Path, made: CheckReport, **more: bool) -> WordDocument:
    """Return the annotated file reopened, after seeing that its text is still the one that was checked."""
    data = annotate_docx(path, made, **more)
    again = path.with_name("again.docx")
    again.write_bytes(data)
    assert read_checked(again)[0] == made.text
    return docx.Document(io.BytesIO(data))


def commented(document: WordDocument, author: str = "依据") -> list[tuple[str, str]]:
    """Return what each comment stands at, and its text; in the order they were made."""
    result = []
    for comment in document.comments:
        if comment.author == author:
            inside, words = False, []
            for element in document.element.body.iter():
                if element.get(qn("w:id")) == str(comment.comment_id):
                    if element.tag == qn("w:commentRangeStart"):
                        inside = True
                    elif element.tag == qn("w:commentRangeEnd"):
                        inside = False
                if inside and element.tag == qn("w:t"):
                    words.append(element.text or "")
            marks = document.element.body.findall(f".//{qn('w:commentReference')}")
            assert [mark.get(qn("w:id")) for mark in marks].count(str(comment.comment_id)) == 1
            result.append(("".join(words), comment.text))
    return result


def test_the_comment_covers_the_citation_and_nothing_else(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(f"根据{REGULATION}第四十五条，应当支持。")
    path = saved(document, tmp_path)
    result = annotated(path, checked(path, f"{REGULATION}第四十五条", expected=f"{REGULATION}第三十九条"))
    summary, finding = commented(result)
    assert summary == (
        "根据",
        "【不通过】发现 1 处引用，核验 1 处\n效力按2026年11月22日判断（今天）\n共对照 2 份文件；文中批注 1 处",
    )
    assert finding == (
        f"{REGULATION}第四十五条",
        f"[1] × 没有这一条（部分、条目）\n细节1\n建议改为：{REGULATION}第三十九条",
    )
    assert [(one.author, one.initials) for one in result.comments] == [("依据", "依")] * 2


def test_runs_are_cut_in_the_middle_and_keep_their_formatting(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph()
    line.add_run("根据《广东省")
    bold = line.add_run("促进产业有序转移条例》第四")
    bold.bold, bold.font.color.rgb = True, RGBColor(0xC0, 0, 0)
    line.add_run("十五条，以及 第三条 ").italic = True
    path = saved(document, tmp_path)
    result = annotated(path, checked(path, f"{REGULATION}第四十五条", "第三条"))
    assert [words for words, _ in commented(result)] == ["根据", f"{REGULATION}第四十五条", "第三条"]
    parts = [(run.text, run.bold, run.italic, run.font.color.rgb) for run in result.paragraphs[0].runs if run.text]
    red = RGBColor(0xC0, 0, 0)
    assert parts == [
        ("根据", None, None, None),
        ("《广东省", None, None, None),
        ("促进产业有序转移条例》第四", True, None, red),
        ("十五条", None, True, None),
        ("，以及 ", None, True, None),
        ("第三条", None, True, None),
        (" ", None, True, None),
    ]


def test_a_run_with_tabs_breaks_and_pictures_is_cut_between_them(tmp_path: Path) -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("见第三条\t第四条")
    run.add_picture(io.BytesIO(TINY_PNG))
    run.add_text("第五条")
    run.add_break()
    run.add_text("第六条")
    path = saved(document, tmp_path)
    result = annotated(path, checked(path, "第三条", "第四条", "第五条", "第六条"))
    assert [words for words, _ in commented(result)][1:] == ["第三条", "第四条", "第五条", "第六条"]
    assert len(result.inline_shapes) == 1
    # The tab, the picture and the break stand where they stood.
    order = [
        child.tag.rpartition("}")[2]
        for run in result.paragraphs[0].runs
        for child in run._r
        if child.tag != qn("w:rPr")
    ]
    assert [tag for tag in order if tag != "commentReference"] == ["t", "t", "tab", "t", "drawing", "t", "br", "t"]


def test_of_equal_words_the_one_that_was_found_gets_the_comment(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("第三条、第 三 条、第三条")
    document.add_paragraph("第三条")
    path = saved(document, tmp_path)
    text, _ = read_checked(path)
    at = text.index("第三条", 10)
    result = annotated(path, report(text, [Finding("第三条", at, at + 3, BAD, "")]))
    assert commented(result)[1][0] == "第三条"
    starts = result.paragraphs[0]._p.findall(f".//{qn('w:commentRangeStart')}")
    before = "".join(node.text for node in starts[1].itersiblings(preceding=True) for node in node.iter(qn("w:t")))
    assert sorted(before) == sorted("第三条、第 三 条、")
    spaced = text.index("第 三 条")
    result = annotated(path, report(text, [Finding("第 三 条", spaced, spaced + 5, BAD, "")]))
    assert commented(result)[1][0] == "第 三 条"


def test_tables_with_nested_and_merged_cells(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "事项", "依据"
    table.cell(1, 0).text = "用电"
    table.cell(1, 1).text = "第三十条"
    table.cell(1, 1).add_paragraph("第 四十五 条")
    table.cell(2, 0).merge(table.cell(2, 1)).text = "合并：第五十条"
    inner = table.cell(1, 0).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内层", "第六十条"
    path = saved(document, tmp_path)
    result = annotated(path, checked(path, "第三十条", "第 四十五 条", "第五十条", "第六十条"))
    assert [words for words, _ in commented(result)] == ["事项", "第三十条", "第 四十五 条", "第五十条", "第六十条"]


def test_automatic_numbers_are_text_of_the_check_and_not_of_the_file(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("见第四十五条", style="List Number")
    document.add_paragraph("又第五十条", style="List Number")
    path = saved(document, tmp_path)
    made = checked(path, "第四十五条", "第五十条")
    assert made.text == "1. 见第四十五条\n2. 又第五十条"
    assert [words for words, _ in commented(annotated(path, made))][1:] == ["第四十五条", "第五十条"]


def test_a_finding_in_an_automatic_number_stands_at_its_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("总则")
    document.add_paragraph("一二三", style="List Number")
    abstract = document.part.numbering_part.element
    for text in abstract.iter(qn("w:lvlText")):
        text.set(qn("w:val"), "第%1条")
    path = saved(document, tmp_path)
    made = checked(path, "第1条")
    assert made.text == "总则\n第1条 一二三"
    assert commented(annotated(path, made))[1] == (
        "一二三",
        "[1] × 没有这一条（部分、条目）\n所指文字在本段内：“第1条”\n细节1",
    )


def test_insertions_and_links_are_covered_and_deletions_stay(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph("根据第")
    line._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="90" w:author="甲"><w:r><w:t>四十五条和第五十</w:t></w:r></w:ins>')
    )
    line._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="91" w:author="甲"><w:r><w:delText>九</w:delText></w:r></w:del>')
    )
    link = parse_xml(
        f'<w:hyperlink {nsdecls("w")} w:anchor="x"><w:r><w:t>条，另见第六十条的规定</w:t></w:r></w:hyperlink>'
    )
    line._p.append(link)
    path = saved(document, tmp_path)
    made = checked(path, "第四十五条", "第五十条", "第六十条")
    assert made.text == "根据第四十五条和第五十条，另见第六十条的规定"
    result = annotated(path, made)
    assert [words for words, _ in commented(result)][1:] == ["第四十五条", "第五十条", "第六十条"]
    body = result.element.body
    assert [node.text for node in body.iter(qn("w:delText"))] == ["九"]
    assert "".join(node.text for node in body.find(f".//{qn('w:ins')}").iter(qn("w:t"))) == "四十五条和第五十"
    assert (
        "".join(node.text for node in body.find(f".//{qn('w:hyperlink')}").iter(qn("w:t"))) == "条，另见第六十条的规定"
    )


def test_paragraphs_joined_by_a_deleted_mark(tmp_path: Path) -> None:
    document = docx.Document()
    first = document.add_paragraph("根据第四十")
    first._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="9" w:author="甲"/></w:rPr>'))
    document.add_paragraph("五条办理")
    path = saved(document, tmp_path)
    made = checked(path, "第四十五条")
    assert made.text == "根据第四十五条办理"
    assert commented(annotated(path, made))[1][0] == "第四十五条"


def with_notes(document: WordDocument, notes: str) -> None:
    """Give a file a part of footnotes, which python-docx does not make."""
    xml = f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, xml, document.part.package)
    document.part.relate_to(part, RT.FOOTNOTES)


def test_a_finding_in_a_footnote_stands_at_its_mark(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph("正文甲")
    line._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:t>乙</w:t><w:footnoteReference w:id="2"/></w:r>'))
    with_notes(
        document,
        '<w:footnote w:id="2"><w:p><w:r><w:t>见第四十五条</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="7"><w:p><w:r><w:t>没有标号的第五十条</w:t></w:r></w:p></w:footnote>',
    )
    path = saved(document, tmp_path)
    made = checked(path, "第四十五条", "第五十条")
    result = annotated(path, made)
    summary, lost, note = commented(result)
    assert note == ("乙", "[1] × 没有这一条（部分、条目）\n所指文字在脚注内：“第四十五条”\n细节1")
    # Nothing is lost: a note that no mark refers to has no place in the body.
    assert lost == (
        "正文甲",
        "以下 1 处无法在原位置加批注：\n第 3 行“第五十条”\n[2] × 没有这一条（部分、条目）\n细节2",
    )
    assert summary[1].endswith("文中批注 2 处")
    assert result.part.part_related_by(RT.FOOTNOTES).blob.count("第四十五条".encode()) == 1


BOX = (
    '<w:r {ns}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>框内第四十五条</w:t></w:r></w:p>'
    "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r>"
)


def test_a_finding_in_a_text_box_stands_at_the_drawing(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph("正文")
    line._p.append(parse_xml(BOX.replace("{ns}", nsdecls("w"))))
    path = saved(document, tmp_path)
    made = checked(path, "第四十五条")
    result = annotated(path, made)
    assert commented(result)[1] == (
        "框内第四十五条",
        "[1] × 没有这一条（部分、条目）\n所指文字在文本框内：“第四十五条”\n细节1",
    )
    box = result.element.body.find(f".//{qn('w:txbxContent')}")
    assert box is not None and box.find(f".//{qn('w:commentRangeStart')}") is None


def test_a_formula_cannot_carry_a_comment_its_paragraph_does(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph("见")
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    line._p.append(parse_xml(f"<m:oMath {math}><m:r><m:t>第四十五条</m:t></m:r></m:oMath>"))
    path = saved(document, tmp_path)
    assert commented(annotated(path, checked(path, "第四十五条")))[1][0] == "见"


def test_what_stands_in_the_file_stays(tmp_path: Path) -> None:
    document = docx.Document()
    heading = document.add_heading("标题", level=1)
    line = document.add_paragraph("根据第四十五条办理")
    document.add_comment(line.runs, text="原有的批注", author="张三", initials="张")
    document.add_picture(io.BytesIO(TINY_PNG))
    document.sections[0].header.paragraphs[0].text = "页眉第四十五条"
    path = saved(document, tmp_path)
    before = zipfile.ZipFile(path)
    made = checked(path, "第四十五条")
    data = annotate_docx(path, made)
    after = zipfile.ZipFile(io.BytesIO(data))
    assert set(after.namelist()) == set(before.namelist())
    changed = {entry for entry in before.namelist() if before.read(entry) != after.read(entry)}
    assert changed <= {"word/document.xml", "word/comments.xml"}
    result = docx.Document(io.BytesIO(data))
    assert commented(result, "张三") == [("根据第四十五条办理", "原有的批注")]
    assert commented(result)[1][0] == "第四十五条"
    assert result.paragraphs[0].style.name == heading.style.name == "Heading 1"
    ids = [comment.comment_id for comment in result.comments]
    assert len(ids) == len(set(ids)) == 3


def test_only_what_needs_attention_unless_all_is_asked_for(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("依据第十条和第十一条，不含第四十五条")
    path = saved(document, tmp_path)
    text, _ = read_checked(path)
    made = report(
        text,
        [
            find(text, "第十条"),
            find(text, "第十一条", content=Content.UNCHECKED),
            find(text, "第四十五条", BAD),
        ],
    )
    few = commented(annotated(path, made))
    assert [words for words, _ in few][1:] == ["第十一条", "第四十五条"]
    assert few[0][1].endswith("共对照 2 份文件；文中批注 2 处\n另有 1 处核对无误，未加批注")
    every = commented(annotated(path, made, all_findings=True))
    assert [words for words, _ in every][1:] == ["第十条", "第十一条", "第四十五条"]
    assert [text.split("\n")[0] for _, text in every][1:] == [
        "[1] √ 核对无误",
        "[2] ？ 位置存在，内容未核",
        "[3] × 没有这一条（部分、条目）",
    ]


def test_findings_that_touch_overlap_or_cross_paragraphs(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("《甲法》第一条第二条")
    document.add_paragraph("第三条")
    path = saved(document, tmp_path)
    text, _ = read_checked(path)
    spans = [(0, 7), (4, 7), (7, 10), (7, 14), (5, 9)]
    made = report(text, [Finding(text[a:b], a, b, BAD, "") for a, b in spans])
    assert [words for words, _ in commented(annotated(path, made))][1:] == [
        text[a:b].replace("\n", "") for a, b in spans
    ]


def test_a_file_whose_runs_no_longer_agree_is_searched(tmp_path: Path) -> None:
    document = docx.Document()
    # The reader drops bookmark marks that some exports leave in the text; the file still has them.
    document.add_paragraph("[bookmark: 甲]又第四十五条，前第四十五条末")
    path = saved(document, tmp_path)
    text, _ = read_checked(path)
    assert text == "又第四十五条，前第四十五条末"
    at = text.rindex("第四十五条")
    result = annotated(path, report(text, [Finding("第四十五条", at, at + 5, BAD, "")]))
    assert commented(result)[1][0] == "第四十五条"
    assert [run.text for run in result.paragraphs[0].runs if run.text][-1] == "末"


STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def test_a_file_that_cannot_be_written_in_gives_a_new_one(tmp_path: Path) -> None:
    bare = tmp_path / "bare.docx"  # no list of content types
    bare.write_bytes(word(paragraph("见第四十五条")))
    document = docx.Document()
    document.add_paragraph("见第四十五条")
    path = saved(document, tmp_path)
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["word/document.xml"] = files["word/document.xml"].replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", STRICT.encode()
    )
    strict = tmp_path / "strict.docx"
    strict.write_bytes(archive(dict(files)))
    for file in (bare, strict):
        summary, finding = commented(annotated(file, checked(file, "第四十五条")))
        assert "原文件的格式不能直接写入批注" in summary[1]
        assert finding[0] == "第四十五条"


def test_comments_whose_ids_are_no_numbers_give_a_new_file(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph("见第四十五条")
    document.add_comment(line.runs, text="旧", author="张三")
    path = saved(document, tmp_path)
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["word/comments.xml"] = files["word/comments.xml"].replace(b'w:id="0"', b'w:id="x"')
    path.write_bytes(archive(dict(files)))
    summary, finding = commented(annotated(path, checked(path, "第四十五条")))
    assert "另生成的文本" in summary[1] and finding[0] == "第四十五条"


def test_ids_in_use_are_not_given_again(tmp_path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph("见第四十五条")
    for number in (2, 2**31 - 1):
        document.add_comment(line.runs, text="旧", author="张三")._comment_elm.id = number
    path = saved(document, tmp_path)
    text, _ = read_checked(path)
    made = report(text, [find(text, "第四十五条", BAD)] * 3)
    ids = [comment.comment_id for comment in docx.Document(io.BytesIO(annotate_docx(path, made))).comments]
    assert ids == [2, 2**31 - 1, 0, 1, 3, 4]


def test_another_file_than_the_one_that_was_checked_is_refused(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("见第四十五条")
    path = saved(document, tmp_path)
    with pytest.raises(UnreadableFileError, match=r"^稿\.docx：文件的文字与核对时不同；请重新核对$"):
        annotate_docx(path, passing_report())


def test_a_part_that_declares_entities_is_refused_though_the_reader_never_opens_it(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("见第四十五条")
    path = saved(document, tmp_path)
    made = checked(path, "第四十五条")
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["word/settings.xml"] = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    path.write_bytes(archive(dict(files)))
    assert read_checked(path)[0] == made.text
    with pytest.raises(UnreadableFileError, match="声明了 DTD 实体"):
        annotate_docx(path, made)


def test_text_becomes_a_file_with_comments() -> None:
    made = mixed_report()
    result = docx.Document(io.BytesIO(docx_from_text(made, note="说明")))
    assert "\n".join(paragraph.text for paragraph in result.paragraphs) == TEXT
    found = commented(result)
    assert [words for words, _ in found] == ["答复意见", *(finding.text for finding in made.findings)]
    assert found[0][1] == (
        "【不通过】发现 6 处引用，核验 2 处\n效力按2026年11月22日判断（今天）\n共对照 2 份文件；文中批注 6 处\n"
        "〔多：…〕引文有而原文没有，〔漏：…〕原文有而引文没有\n说明"
    )
    assert "引文对照：采取减少供应层级等措施〔多：可以〕降低企业用电、〔漏：用水、〕用气成本" in found[1][1]
    fonts = result.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "宋体"
    assert result.core_properties.author == "依据"


def test_a_text_that_has_nothing_to_comment_on_still_says_so() -> None:
    passing = docx.Document(io.BytesIO(docx_from_text(passing_report())))
    (summary,) = commented(passing)
    assert summary[1] == (
        "【通过】发现 1 处引用，核验 1 处\n效力按2026年11月22日判断（今天）\n共对照 2 份文件；文中批注 0 处\n"
        "另有 1 处核对无误，未加批注"
    )
    empty = docx.Document(io.BytesIO(docx_from_text(report(""))))
    assert commented(empty)[0][1].startswith("【没有可核对的引用，不等于通过】")


def test_what_xml_cannot_hold_is_replaced() -> None:
    text = "甲\x00\x1b\r\n第\ud800十条\t乙\n"
    at = text.index("第")
    made = report(text, [Finding(text[at : at + 4], at, at + 4, BAD, "\x00细节")])
    result = docx.Document(io.BytesIO(docx_from_text(made)))
    assert [paragraph.text for paragraph in result.paragraphs] == ["甲\ufffd\ufffd", "第\ufffd十条\t乙", ""]
    assert commented(result)[1] == ("第\ufffd十条", "[1] × 没有这一条（部分、条目）\n细节")


def test_a_finding_on_a_line_break_alone_is_not_lost() -> None:
    result = docx.Document(io.BytesIO(docx_from_text(report("甲\n乙", [Finding("\n", 1, 2, BAD, "换行")]))))
    assert "以下 1 处无法在原位置加批注" in commented(result)[1][1] and "换行" in commented(result)[1][1]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_spans_in_any_runs_are_covered_exactly(data: st.DataObject) -> None:
    from tempfile import TemporaryDirectory

    words = st.text("第十条《》，甲乙", min_size=1, max_size=6)
    document = docx.Document()
    for pieces in data.draw(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=3)):
        line = document.add_paragraph()
        for number, piece in enumerate(pieces):
            line.add_run(piece).bold = bool(number % 2)
    with TemporaryDirectory() as folder:
        path = saved(document, Path(folder))
        text, _ = read_checked(path)
        spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
        chosen = [(a, b) for a, b in data.draw(st.lists(spans, max_size=6)) if text[a:b].strip()]
        made = report(text, [Finding(text[a:b], a, b, BAD, "") for a, b in chosen])
        found = commented(annotated(path, made))[1:]
        assert [words for words, _ in found] == [text[a:b].replace("\n", "") for a, b in chosen]
        plain = docx.Document(io.BytesIO(docx_from_text(made)))
        assert [words for words, _ in commented(plain)][1:] == [text[a:b].replace("\n", "") for a, b in chosen]
