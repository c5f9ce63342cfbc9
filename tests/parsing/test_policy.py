import pytest

from assistant.parsing import parse
from assistant.schema import Document, Kind, Metadata, Parsed, ProvisionKind


def parsed(*lines: str) -> Parsed:
    return parse(Document(Metadata("doc", "测试意见", Kind.POLICY), "\n".join(lines)))


def labels(result: Parsed) -> dict[str, str]:
    return {provision.id.removeprefix("doc:"): provision.label for provision in result.provisions}


def texts(result: Parsed) -> dict[str, str]:
    return {provision.id.removeprefix("doc:"): provision.text for provision in result.provisions}


def units(result: Parsed) -> list[str]:
    return [provision.id.removeprefix("doc:") for provision in result.provisions if provision.unit]


def test_all_four_levels():
    result = parsed(
        "一、总体要求",
        "坚持甲。",
        "二、主要任务",
        "总的来说乙。",
        "（一）基本内涵。丙是丁。",
        "丙还包括戊。",
        "（二）重点工程",
        "1.己工程。建设己。",
        "（1）第一期。",
        "（2）第二期。",
        "2.庚工程。建设庚。",
    )
    assert labels(result) == {
        "n1": "第一部分",
        "n1.p1": "第一部分",
        "n2": "第二部分",
        "n2.p1": "第二部分第1自然段",
        "n2.h1": "第二部分第（一）项",
        "n2.h1.p1": "第二部分第（一）项第1自然段",
        "n2.h1.p2": "第二部分第（一）项第2自然段",
        "n2.h2": "第二部分第（二）项",
        "n2.h2.t1": "第二部分第（二）项第1点",
        "n2.h2.t1.p1": "第二部分第（二）项第1点第1自然段",
        "n2.h2.t1.u1": "第二部分第（二）项第1点第（1）小点",
        "n2.h2.t1.u1.p1": "第二部分第（二）项第1点第（1）小点",
        "n2.h2.t1.u2": "第二部分第（二）项第1点第（2）小点",
        "n2.h2.t1.u2.p1": "第二部分第（二）项第1点第（2）小点",
        "n2.h2.t2": "第二部分第（二）项第2点",
        "n2.h2.t2.p1": "第二部分第（二）项第2点",
    }
    assert texts(result)["n2.h1.p1"] == "基本内涵。丙是丁。"
    assert texts(result)["n2.h1"] == "（一）基本内涵。丙是丁。\n丙还包括戊。"
    assert units(result) == ["n1", "n2.p1", "n2.h1", "n2.h2"]
    above = {p.id.removeprefix("doc:"): p.headings for p in result.provisions}
    assert above["n2.h2.t1.u1"] == ("二、主要任务", "（二）重点工程", "1.己工程")
    by_sentence = {s.text: (s.provision, s.unit) for s in result.sentences}
    assert by_sentence["第一期。"] == ("doc:n2.h2.t1.u1.p1", "doc:n2.h2")
    assert by_sentence["总的来说乙。"] == ("doc:n2.p1", "doc:n2.p1")
    assert {p.kind for p in result.provisions} == {
        ProvisionKind.PART,
        ProvisionKind.HEADING,
        ProvisionKind.POINT,
        ProvisionKind.SUBPOINT,
        ProvisionKind.PARAGRAPH,
    }
    assert not result.warnings


def test_headings_that_count_on_through_the_parts():
    result = parsed("一、甲", "（一）子。", "（二）丑。", "二、乙", "（三）寅。")
    assert [path for path in labels(result) if "p" not in path] == ["n1", "n1.h1", "n1.h2", "n2", "n2.h3"]
    assert not result.warnings


def test_a_title_that_heads_nothing_is_its_own_paragraph():
    result = parsed("一、申报材料", "（一）申请书", "（二）营业执照")
    assert texts(result)["n1.h1.p1"] == "申请书"
    assert [s.text for s in result.sentences] == ["申请书", "营业执照"]


def test_chapters_of_a_plan_stand_above_parts():
    result = parsed("第一章　内涵", "一、甲", "子。", "第二章　任务", "一、乙", "丑。", "二、丙", "寅。")
    assert labels(result)["c2.n1.p1"] == "第二章第一部分"
    assert units(result) == ["c1.n1", "c2.n1", "c2.n2"]
    assert not result.warnings


def test_the_preamble_is_what_stands_before_the_first_part():
    result = parsed(
        "关于甲的意见", "工信部〔2021〕1号", "各省、自治区、直辖市：", "为促进甲，提出以下意见。", "一、乙", "丙。"
    )
    assert texts(result)["preamble"] == "各省、自治区、直辖市：\n为促进甲，提出以下意见。"
    assert units(result) == ["preamble", "n1"]


CLOSING = "各地工业和信息化主管部门要加强沟通协作，确保落到实处。"


@pytest.mark.parametrize(
    ("lines", "closing", "comment"),
    [
        (["一、甲", "乙。", CLOSING], [CLOSING], "the last paragraph is addressed to those who carry it out"),
        (["一、甲", "（一）乙。丙。", CLOSING], [CLOSING], "behind a run-in heading"),
        (
            ["一、甲", "乙。", "各部门要丙。", "本意见自印发之日起施行。"],
            ["各部门要丙。", "本意见自印发之日起施行。"],
            "two",
        ),
        (["一、甲", "乙。", CLOSING, "工业和信息化部", "2021年12月1日"], [CLOSING], "before the signature"),
        (["一、甲", "乙。", "丙要加强丁。"], [], "an ordinary last paragraph"),
        (["一、甲", "乙。", "各类企业要守法。"], [], "addressed to no one who carries it out"),
        (["一、甲", "乙。", "各地应用示范不断涌现。"], [], "应用 is no 应"),
        (["一、组织实施", CLOSING], [], "all that the part has"),
        (["一、组织实施", "各部门要甲。", "各地要乙。"], [], "every paragraph of the part is so"),
        (["一、甲", "（一）组织", "乙。", CLOSING], [], "below a title of its own"),
        (["一、甲", "（一）" + CLOSING], [], "on the line of its number"),
        (["一、甲", CLOSING, "乙。"], [], "not last"),
    ],
)
def test_the_closing_is_told_from_an_ordinary_last_paragraph(lines, closing, comment):
    result = parsed(*lines)
    found = [p for p in result.provisions if p.kind is ProvisionKind.CLOSING]
    assert [p.text for p in found] == closing, comment
    assert [p.id for p in found] == ["doc:closing", "doc:closing2"][: len(closing)]
    assert [p.label for p in found] == ["结尾段", "结尾段第2段"][: len(closing)]
    assert all(p.unit and p.parent is None for p in found)
    covered = "".join(s.text for s in result.sentences)
    assert all(line in covered for line in lines if line.endswith("。") and not line.startswith(("一、", "（")))


@pytest.mark.parametrize(
    "line",
    [
        "三、四线城市应当承接。",
        "5.生产线应当搬迁。",
        "2021年建成。",
        "一是加强领导。",
        "第一章的规定不适用。",
        "（以下简称甲）应当公开。",
    ],
)
def test_lines_that_only_look_like_numbers_are_paragraphs(line):
    result = parsed("一、甲", "乙。", line, "二、丙", "丁。")
    assert texts(result)["n1.p2"] == line
    assert not result.warnings


def test_numbers_that_do_not_run_are_reported_with_their_line():
    assert parsed("一、甲", "乙。", "三、丙", "丁。").warnings == ("第3行：应为第二部分，却是第三部分，序号不连续",)
    restarted = parsed("一、甲", "乙。", "一、丙", "丁。")
    assert restarted.warnings == (
        "第3行：序号从第一部分重新开始，文件可能含有多个文本",
        "第3行：编号与第1行重复，记作 n1~2",
    )
    assert "n1~2.p1" in labels(restarted)


def test_a_document_without_numbers_is_a_row_of_paragraphs():
    result = parsed("关于甲的批复", "你局请示收悉。", "同意乙。", "某某部", "2021年12月1日")
    assert labels(result) == {"p1": "第1自然段", "p2": "第2自然段"}
    assert units(result) == ["p1", "p2"]


def test_a_list_of_annexes_is_no_structure_of_the_notice_above_it():
    result = parsed("现公开征求意见。", "附件：1.征求意见稿", "2.编制说明", "某某部", "2021年12月1日")
    assert list(labels(result)) == ["p1", "annex1"]


def test_a_notice_and_the_document_that_it_issues():
    result = parsed("现印发给你们。", "附件：实施方案", "某某部", "2021年12月1日", "一、甲", "乙。", "附件", "丙")
    assert [path for path in labels(result) if "." not in path] == ["preamble", "n1", "annex1"]


def test_contents_are_left_out():
    result = parsed("目　录", "一、甲……1", "二、乙……2", "一、甲", "丙。", "二、乙", "丁。")
    assert list(labels(result)) == ["n1", "n1.p1", "n2", "n2.p1"]
