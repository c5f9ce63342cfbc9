import io
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from docx.oxml.ns import qn

from assistant.schema import Generation, Status
from assistant.serving.export import export_markdown
from assistant.serving.export_docx import export_docx
from tests.serving.examples import HELD, PRIVATE, answer
from tests.web.ask_fakes import moving
from tests.web.conftest import RULES, RULES_TEXT, parse

AT = datetime(2026, 11, 22, 16, 30)
SHELF = {RULES.id: RULES}


@pytest.fixture
def whole():
    """Parts, remarks, conditions, notices, a doubtful sentence and a language model's figures."""
    made = moving(parse(RULES, RULES_TEXT), "我们厂搬家，电话 13800138000，资金谁安排？")
    doubtful = replace(made.statements[0], text="电费打五折。", verified=False)
    return replace(
        made,
        statements=(*made.statements, doubtful),
        engine="llm:tiny",
        generation=Generation(4, 3, 2),
        sent_to="llm.example.cn",
    )


def words_of(data: bytes) -> str:
    """All text of a Word file: paragraphs and cells in the order of the body."""
    body = docx.Document(io.BytesIO(data)).element.body
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p"))
    )


@pytest.mark.parametrize("make", [export_markdown, export_docx])
def test_a_file_holds_all_that_an_answer_says(make, whole) -> None:
    made = make(whole, SHELF, at=AT)
    text = words_of(made) if isinstance(made, bytes) else made.replace("\\", "").replace("**", "")
    for said in (
        "政策问答及依据",
        "△ 部分有依据",
        "2026年11月22日",
        "2026-11-22 16:30",
        "提示（适用地域）",
        "资金谁安排",
        "√ 有依据",
        "文件中没有写明",
        "“县级以上人民政府应当统筹安排财政资金。”[1]",
        "这条规定意味着",
        "合起来看",
        "“支持”不等于给予资金的承诺",
        "未核实，没有文件原文支持：",
        "电费打五折。[1]",
        "× 不符合",
        "？ 未说明",
        "没有说到",
        "坐席口径",
        "《广东省促进产业有序转移条例》第二十九条",
        "地方性法规；公告第47号；广东省人民代表大会常务委员会；广东省；现行有效，自2025年3月1日起施行；义务（应当）",
        "语言模型 tiny 组织文字，逐句核对",
        "语言模型写了 4 句，其中 3 句能与条文比对，2 句通过；没有通过的 2 句没有采用。",
        "llm.example.cn",
        "sha256:0123456789abcdef",
        "不是法律意见",
    ):
        assert said in text, said
    assert "13800138000" not in text and "〔手机号〕" in text
    assert text.index("电费打五折。[1]") > text.index("支持数据领域")  # what is doubtful comes last


def test_markdown_of_others_stays_text(whole) -> None:
    hostile = "[点我](javascript:alert(1)) <script> # 标题 | 表"
    cited = replace(whole.citations[0], quote=f"一\n# 二 {hostile}")
    text = export_markdown(replace(whole, question=hostile, citations=(cited,)), at=AT)
    assert "<script>" not in text and "](javascript" not in text
    assert "\n# 二" not in text and "\n> \\# 二" in text
    row = next(line for line in text.splitlines() if line.startswith("| 问题"))
    assert row.count("|") - row.count("\\|") == 3  # a bar of the asker opens no cell


def test_an_abstention_has_no_grounds_and_says_so() -> None:
    made = replace(answer(), status=Status.ABSTAINED, statements=(), citations=(), missing=("菜谱",), spoken="")
    text = export_markdown(made, at=AT)
    assert "**没有找到**　菜谱" in text and "○ 未找到依据" in text
    assert "收录的文件里没有能回答这个问题的规定。" in text
    assert "收录的文件里没有能回答这个问题的规定。" in words_of(export_docx(made, at=AT))


@pytest.mark.parametrize("make", [export_markdown, export_docx])
def test_nothing_personal_is_in_a_file(make) -> None:
    question = f"问 {'、'.join(PRIVATE.values())}"
    made = make(replace(answer(), question=question, missing=(question[2:40],)), {HELD.metadata.id: HELD.metadata})
    text = words_of(made) if isinstance(made, bytes) else made.replace("\\", "")
    assert not [one for one in PRIVATE.values() if one in text]


def test_a_word_file_is_chinese_on_a4_and_holds_what_xml_cannot(whole) -> None:
    word = docx.Document(io.BytesIO(export_docx(replace(whole, question="甲\x00乙\ud800丙\x1b"), SHELF, at=AT)))
    fonts = [word.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title", "Heading 2")]
    assert fonts == ["宋体", "黑体", "黑体"]
    assert round(word.sections[0].page_width.cm, 1) == 21.0
    assert word.tables[0].cell(0, 1).text == "甲\ufffd乙\ufffd丙\ufffd"
    assert word.core_properties.title == "政策问答及依据"
    head = word.tables[1].rows[0]
    assert [cell.text for cell in head.cells] == ["条件", "出处", "您说的", "结论"]
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None  # repeated on the next page
