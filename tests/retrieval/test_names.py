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


def row(doc_id: str, title: str, jurisdiction: str = "000000", **facts: object) -> Metadata:
    return Metadata(id=doc_id, title=title, kind=Kind.STATUTE, jurisdiction=jurisdiction, **facts)  # type: ignore[arg-type]


MANY = NameTable(
    {
        one.id: one
        for one in (
            row("xf", "中华人民共和国刑法"),
            row("gs23", "中华人民共和国公司法（2023修订）", work="gs"),
            row("gs18", "中华人民共和国公司法（2018修正）", work="gs"),
            row("ht", "中华人民共和国合同法"),
            row("ld", "中华人民共和国劳动合同法"),
            row("gwy", "优化营商环境条例"),
            row("sd", "山东省优化营商环境条例", "370000"),
            row("ha", "河南省优化营商环境条例", "410000"),
            row("sdmy", "山东省民营经济发展促进条例", "370000"),
            row("hamy", "河南省民营经济发展促进条例", "410000"),
            row("xg", "关于修改《中华人民共和国公司法》的决定"),
            row("g0", "河北省古树保护条例", "130000"),
            row("g1", "山西省古树保护条例", "140000"),
            row("g2", "辽宁省古树保护条例", "210000"),
            row("g3", "江苏省古树保护条例", "320000"),
            row("g4", "浙江省古树保护条例", "330000"),
            row("g5", "安徽省古树保护条例", "340000"),
        )
    }
)


@pytest.mark.parametrize(
    ("text", "expected", "comment"),
    [
        ("刑法第二百三十四条", [("刑法", "xf")], "a name of two characters"),
        ("按公司法第一百条", [("公司法", "gs18 gs23")], "all versions; the date picks one"),
        ("公司法（2018修正）第三条", [("公司法", "gs18 gs23")], "the year is read elsewhere"),
        ("母公司法定代表人要担责吗", [], "公司法 inside other words"),
        ("合同法律关系怎么定", [], "合同法 goes on"),
        ("劳动合同法怎么说", [("劳动合同法", "ld")], "the longest name"),
        ("优化营商环境条例怎么说", [("优化营商环境条例", "gwy")], "its title before others' short forms"),
        ("山东优化营商环境条例", [("山东优化营商环境条例", "sd")], "the place in short"),
        ("广东优化营商环境条例第三条", [("广东优化营商环境条例", "")], "another place's is not the national one"),
        ("民营经济发展促进条例", [("民营经济发展促进条例", "hamy sdmy")], "two provinces' short form"),
        ("古树保护条例", [], "six provinces': names none"),
        ("《古树保护条例》", [("《古树保护条例》", "g0 g1 g2 g3 g4 g5")], "in marks, all of them"),
        (
            "《关于修改《中华人民共和国公司法》的决定》",
            [("《关于修改《中华人民共和国公司法》的决定》", "xg")],
            "a title in a title",
        ),
        (
            "《中华人民共和国公司法实施细则》",
            [("《中华人民共和国公司法实施细则》", "")],
            "a title that begins with a held one",
        ),
    ],
)
def test_names_among_many(text: str, expected: list[tuple[str, str]], comment: str) -> None:
    found = [(text[m.start : m.end], " ".join(m.doc_ids)) for m in MANY.find(text)]
    assert found == expected, comment


def test_a_shared_name_means_the_asker_s() -> None:
    [mention] = MANY.find("民营经济发展促进条例怎么说", ["370100"])
    assert mention.doc_ids == ("sdmy",)
    [mention] = MANY.find("古树保护条例", ["330100"])
    assert mention.doc_ids == ("g4",)
    [mention] = MANY.find(
        "民营经济发展促进条例", ["440000"]
    )  # nobody's there: both, and the answer says where they apply
    assert mention.doc_ids == ("hamy", "sdmy")


def test_a_special_zone_s_regulation_is_called_by_its_city() -> None:
    row = Metadata(id="sz", title="深圳经济特区外商投资条例", kind=Kind.STATUTE, jurisdiction="440000")

    [mention] = NameTable({"sz": row}).find("深圳外商投资条例第三条")

    assert mention.doc_ids == ("sz",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("土地管理法第三条", [("law", "")]),
        ("土地管理法实施条例第三条", [("", "土地管理法实施条例")]),
        ("《土地管理法》实施条例怎么说", [("", "土地管理法实施条例")]),
        ("请问湖南省实施土地管理法办法第三条", [("", "湖南省实施土地管理法办法")]),
        ("湖南省实施《土地管理法》办法第三条", [("", "湖南省实施土地管理法办法")]),
        ("上海市实施土地管理法办法第三条", [("sh", "")]),
        ("上海市实施《土地管理法》办法第三条", [("sh", "")]),
        ("实施土地管理法规定的占补平衡", [("law", "")]),
    ],
)
def test_what_carries_out_a_law_is_not_the_law(text: str, found: list[tuple[str, str]]) -> None:
    law = Metadata(id="law", title="中华人民共和国土地管理法", kind=Kind.STATUTE, aliases=("土地管理法",))
    shanghai = Metadata(id="sh", title="上海市实施〈中华人民共和国土地管理法〉办法", kind=Kind.STATUTE)
    mentions = NameTable({"law": law, "sh": shanghai}).find(text)
    assert [("".join(one.doc_ids), one.unheld) for one in mentions] == found
