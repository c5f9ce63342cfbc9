import pytest

from assistant.retrieval.names import NameTable, short_forms
from assistant.schema import Kind, KnownDocument, Metadata

HELD = {
    "gd": Metadata(
        id="gd",
        title="广东省促进产业有序转移条例",
        kind=Kind.STATUTE,
        aliases=("广东产业转移条例",),
        number="公告第47号",
    ),
    "mfg": Metadata(
        id="mfg", title="关于促进制造业有序转移的指导意见", kind=Kind.POLICY, number="工信部联政法〔2021〕215号"
    ),
}
KNOWN = [KnownDocument(title="中华人民共和国民法典", aliases=("民法典",)), KnownDocument(title="公平竞争审查条例")]
TABLE = NameTable(HELD, KNOWN)


@pytest.mark.parametrize(
    ("text", "expected", "comment"),
    [
        ("《广东省促进产业有序转移条例》第三十条", [("《广东省促进产业有序转移条例》", "gd")], "full title in marks"),
        (
            "广东省促进产业\n有序转移条例",
            [("广东省促进产业\n有序转移条例", "gd")],
            "a line break inside a copied title",
        ),
        ("广东产业转移条例管不管深圳", [("广东产业转移条例", "gd")], "alias"),
        ("条例第29条", [("条例", "gd")], "short form at the start"),
        ("条例和指导意见都说了啥", [("条例", "gd"), ("指导意见", "mfg")], "two short forms"),
        ("制造业有序转移指导意见第七部分", [("制造业有序转移指导意见", "mfg")], "title without 关于 and 的"),
        ("工信部联政法〔2021〕215号还有效吗", [("工信部联政法〔2021〕215号", "mfg")], "document number"),
        ("《条例》里怎么写", [("《条例》", "gd")], "short form in marks"),
        ("我对这个意见", [("意见", "mfg")], "after 个, one held document is a 意见"),
        ("劳动合同法实施条例第三条", [("劳动合同法实施条例", "")], "another regulation's name is not our 条例"),
        ("计划生育条例咋规定", [], "条例 inside an unknown name stands for nothing"),
        ("公平竞争审查条例第八条", [("公平竞争审查条例", "")], "known, not held"),
        ("《民法典》第五百条", [("《民法典》", "")], "known by alias"),
        ("《某某办法》第三条", [("《某某办法》", "")], "neither held nor known"),
        ("请问劳动法第三十九条是啥", [("劳动法", "")], "an unknown law named before an article"),
        ("厂里领导没意见，工人有想法", [], "意见 as a common word"),
        ("没有条条框框", [], "no name"),
    ],
)
def test_names_found(text: str, expected: list[tuple[str, str]], comment: str) -> None:
    found = [(text[m.start : m.end], m.doc_ids[0] if m.doc_ids else "") for m in TABLE.find(text)]
    assert found == expected, comment


def test_an_unheld_document_is_called_by_its_full_title() -> None:
    [mention] = TABLE.find("民法典第五百条")
    assert mention.unheld == "中华人民共和国民法典"


def test_a_name_in_marks_is_one_line_and_never_empty() -> None:
    assert [mention.unheld for mention in TABLE.find("《某某\n办法》第三条，《 \n 》第一条")] == ["某某 办法"]


def test_a_short_form_that_two_documents_share_names_neither() -> None:
    table = NameTable({**HELD, "hn": Metadata(id="hn", title="湖南省产业转移条例", kind=Kind.STATUTE)})
    assert table.find("条例第三条") == []


def test_an_empty_corpus_has_no_names() -> None:
    assert NameTable({}).find("条例第三条") == []


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("中华人民共和国土地管理法", "土地管理法"),
        ("湖南省优化营商环境规定", "优化营商环境规定"),
        ("内蒙古自治区促进民营经济发展条例", "民营经济发展条例"),
    ],
)
def test_short_forms(title: str, form: str) -> None:
    assert form in short_forms(title)
