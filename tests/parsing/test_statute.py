from itertools import pairwise

import pytest

from assistant.parsing import parse
from assistant.schema import Document, Kind, Metadata, Parsed, ProvisionKind


def parsed(*lines: str, kind: Kind = Kind.STATUTE) -> Parsed:
    return parse(Document(Metadata("law", "测试条例", kind), "\n".join(lines)))


def paths(result: Parsed) -> list[str]:
    return [provision.id.removeprefix("law:") for provision in result.provisions]


def labels(result: Parsed) -> dict[str, str]:
    return {provision.id.removeprefix("law:"): provision.label for provision in result.provisions}


def texts(result: Parsed) -> dict[str, str]:
    return {provision.id.removeprefix("law:"): provision.text for provision in result.provisions}


def test_paragraphs_items_and_subitems_get_ids_and_labels():
    result = parsed(
        "第十条　申请人应当提交下列材料：",
        "（一）申请书；",
        "（二）证明：",
        "1.身份证明；",
        "2.住所证明。",
        "前款材料应当真实。",
        "第十一条　本条例自公布之日起施行。",
    )
    assert labels(result) == {
        "a10": "第十条",
        "a10.p1": "第十条第一款",
        "a10.p1.i1": "第十条第一款第（一）项",
        "a10.p1.i2": "第十条第一款第（二）项",
        "a10.p1.i2.k1": "第十条第一款第（二）项第1目",
        "a10.p1.i2.k2": "第十条第一款第（二）项第2目",
        "a10.p2": "第十条第二款",
        "a11": "第十一条",
        "a11.p1": "第十一条",
    }
    assert texts(result)["a10.p1"].startswith("申请人应当") and texts(result)["a10.p1"].endswith("2.住所证明。")
    assert texts(result)["a10.p1.i2"] == "（二）证明：\n1.身份证明；\n2.住所证明。"
    assert [provision.kind for provision in result.provisions][:5] == [
        ProvisionKind.ARTICLE,
        ProvisionKind.PARAGRAPH,
        ProvisionKind.ITEM,
        ProvisionKind.ITEM,
        ProvisionKind.SUBITEM,
    ]
    assert [(s.id, s.text) for s in result.sentences][:4] == [
        ("law:a10.p1.s1", "申请人应当提交下列材料："),
        ("law:a10.p1.i1.s1", "申请书；"),
        ("law:a10.p1.i2.s1", "证明："),
        ("law:a10.p1.i2.k1.s1", "身份证明；"),
    ]
    assert {s.unit for s in result.sentences} == {"law:a10", "law:a11"}
    assert [p.id for p in result.provisions if p.unit] == ["law:a10", "law:a11"]


def test_the_items_of_a_single_paragraph_are_cited_without_it():
    result = parsed("第一条　有下列情形之一的：", "（一）甲；", "（二）乙。", "第二条　丙。")
    assert labels(result)["a1.p1"] == "第一条"
    assert labels(result)["a1.p1.i2"] == "第一条第（二）项"


def test_a_line_between_items_that_count_on_belongs_to_the_item_above():
    result = parsed(
        "第一条　下列用语：", "（一）甲，是指子。", "甲包括丑。", "（二）乙，是指寅。", "本条由卯解释。", "第二条　辰。"
    )
    assert paths(result) == ["a1", "a1.p1", "a1.p1.i1", "a1.p1.i2", "a1.p2", "a2", "a2.p1"]
    assert texts(result)["a1.p1.i1"] == "（一）甲，是指子。\n甲包括丑。"


def test_arabic_numbers_directly_below_a_paragraph_are_its_items():
    result = parsed("第一条　标准如下：", "1、甲；", "（1）子；", "（2）丑；", "2、乙。", "第二条　辰。")
    assert paths(result) == ["a1", "a1.p1", "a1.p1.i1", "a1.p1.i1.k1", "a1.p1.i1.k2", "a1.p1.i2", "a2", "a2.p1"]
    assert labels(result)["a1.p1.i2"] == "第一条第2项"


def test_a_level_below_subitems_stays_in_its_subitem():
    result = parsed("第一条　如下：", "（一）甲：", "1.子：", "（1）一；", "2.丑。", "第二条　辰。")
    assert paths(result)[:6] == ["a1", "a1.p1", "a1.p1.i1", "a1.p1.i1.k1", "a1.p1.i1.k2", "a2"]
    assert texts(result)["a1.p1.i1.k1"] == "1.子：\n（1）一；"


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("第三人明知前款所列行为的，视为侵权。", "第三人"),
        ("第一款规定的情形除外。", "第一款"),
        ("依照本法第二十条的规定处罚。", "a mention inside the line"),
        ("第三条、第四条规定的行为，处以罚款。", "a list of articles"),
        ("第三条的规定不适用于前款。", "第…条的"),
        ("第三条规定的期限，从其规定。", "第…条规定的"),
        ("第三条第一款所称单位，包括个体工商户。", "第…条第…款"),
        ("第三条至第五条的规定，适用于前款。", "a range"),
        ("第九条 规定的情形除外。", "a mention with a space, out of sequence"),
        ("第二次处罚的，加倍。", "第二次"),
        ("2003年3月1日前已经施工的，不适用前款。", "a year"),
        ("1.5米以上的，适用前款。", "a decimal"),
        ("附近的居民可以申请。", "附近"),
        ("附件所列目录由省人民政府公布。", "附件 in a sentence"),
        ("目录由省人民政府公布。", "目录 in a sentence"),
    ],
)
def test_lines_that_only_look_like_structure_are_paragraphs(line, comment):
    result = parsed("第一条　甲。", "第二条　乙。", line, "第三条　丙。")
    assert paths(result) == ["a1", "a1.p1", "a2", "a2.p1", "a2.p2", "a3", "a3.p1"], comment
    assert texts(result)["a2.p2"] == line
    assert not result.warnings


@pytest.mark.parametrize(
    ("line", "number", "body"),
    [
        ("第二条　乙。", (2, 0), "乙。"),
        ("第二条 乙。", (2, 0), "乙。"),
        ("第 二 条\u00a0乙。", (2, 0), "乙。"),
        ("第2条 乙。", (2, 0), "乙。"),
        ("第２条　乙。", (2, 0), "乙。"),
        ("**第二条** 乙。", (2, 0), "乙。"),
        ("第二条：乙。", (2, 0), "乙。"),
        ("第二 条乙应当公开。", (2, 0), "乙应当公开。"),
        ("第一条之一　乙。", (1, 1), "乙。"),
        ("\u3000\u3000第二条　乙。", (2, 0), "乙。"),
    ],
)
def test_articles_are_recognised_as_they_are_typed(line, number, body):
    result = parsed("第一条　甲。", line, "第三条　丙。")
    articles = [provision for provision in result.provisions if provision.kind is ProvisionKind.ARTICLE]
    assert [article.number for article in articles] == [(1, 0), number, (3, 0)]
    assert [provision.text for provision in result.provisions if provision.parent == articles[1].id] == [body]


def test_a_file_that_never_spaces_its_numbers_is_believed_if_they_ascend():
    result = parsed("第一条为了规范甲，制定本条例。", "第二条甲应当公开。", "第二条的规定除外。", "第三条乙不得收费。")
    assert paths(result) == ["a1", "a1.p1", "a2", "a2.p1", "a2.p2", "a3", "a3.p1"]
    jumping = parsed("第七条甲应当公开。", "第三条乙应当公开。", "第九条丙应当公开。")
    assert "没有找到" in jumping.warnings[0]


def test_a_number_on_a_line_of_its_own_takes_the_lines_below():
    result = parsed("第一条", "为了规范甲，制定本条例。", "乙适用本条例。", "第二条", "丙。")
    assert paths(result) == ["a1", "a1.p1", "a1.p2", "a2", "a2.p1"]


def test_headings_stand_above_their_articles():
    result = parsed(
        "第一编　总　　则",
        "第一章　一般规定",
        "第一条　甲。",
        "第一节 乙",
        "第二条　乙。",
        "第二编　分则",
        "第二章丙",
        "第三条　丙。",
    )
    assert [(h.level, h.number, h.text) for h in result.headings] == [
        ("book", 1, "第一编　总　　则"),
        ("chapter", 1, "第一章　一般规定"),
        ("section", 1, "第一节 乙"),
        ("book", 2, "第二编　分则"),
        ("chapter", 2, "第二章丙"),
    ]
    above = {p.id: p.headings for p in result.provisions}
    assert above["law:a1.p1"] == ("第一编　总　　则", "第一章　一般规定")
    assert above["law:a2"] == ("第一编　总　　则", "第一章　一般规定", "第一节 乙")
    assert above["law:a3"] == ("第二编　分则", "第二章丙")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["第二章", "法律责任"], "第二章　法律责任"),
        (["第二章 听取和审议", "专项工作报告"], "第二章 听取和审议　专项工作报告"),
        (["第二章 生活、卫生。"], "第二章 生活、卫生。"),
        (["二、违约责任"], "二、违约责任"),
        (["附则"], "附则"),
    ],
)
def test_titles_in_awkward_forms_are_not_part_of_the_article_above(lines, title):
    result = parsed("第一章　总则", "第一条　甲。", *lines, "第二条　乙。")
    assert texts(result)["a1"] == "第一条　甲。"
    assert next(p for p in result.provisions if p.id == "law:a2").headings == (title,)


def test_an_unfinished_item_before_an_article_is_no_title():
    result = parsed("第一条　有下列情形的：", "（一）甲", "（二）乙", "第二条　丙。")
    assert paths(result) == ["a1", "a1.p1", "a1.p1.i1", "a1.p1.i2", "a2", "a2.p1"]
    assert result.headings == ()


def test_a_mention_of_a_chapter_is_text():
    result = parsed("第一章　总则", "第一条　甲。", "第二章和第三章的规定适用于乙。", "第二条　丙。")
    assert paths(result) == ["a1", "a1.p1", "a1.p2", "a2", "a2.p1"]
    assert len(result.headings) == 1


def test_contents_make_no_headings_and_no_provisions():
    result = parsed(
        "某某条例",
        "（2025年1月12日通过）",
        "目　录",
        "第一章　总则",
        "第二章　附则",
        "第一章　总则",
        "第一条　甲。",
        "第二章　附则",
        "第二条　乙。",
    )
    assert [h.text for h in result.headings] == ["第一章　总则", "第二章　附则"]
    assert result.headings[0].start > result.document.text.index("第二章")
    assert paths(result) == ["a1", "a1.p1", "a2", "a2.p1"]


def test_the_preamble_is_cited_by_its_paragraphs():
    result = parsed(
        "宪法", "目录", "序言", "第一章　总纲", "序　言", "甲是乙。", "丙是丁。", "第一章　总纲", "第一条　戊。"
    )
    assert labels(result)["preamble"] == "序言"
    assert labels(result)["preamble.p2"] == "序言第2自然段"
    assert texts(result)["preamble"] == "甲是乙。\n丙是丁。"


def test_the_reasons_before_the_first_article_are_an_introduction_without_title_and_adoption():
    result = parsed(
        "关于甲的解释", "（2020年12月29日通过，自2021年1月1日起施行）", "为正确审理甲，制定本解释。", "第一条　乙。"
    )
    assert labels(result)["preamble.p1"] == "引言"
    assert texts(result)["preamble"] == "为正确审理甲，制定本解释。"


def test_text_below_a_chapter_before_its_article_is_kept():
    result = parsed("第一条　甲。", "第二章　乙", "本章适用于丙，依法执行。", "戊应当公开。", "第二条　丁。")
    assert paths(result) == ["a1", "a1.p1", "preamble2", "a2", "a2.p1"]
    assert texts(result)["preamble2"] == "本章适用于丙，依法执行。\n戊应当公开。"


def test_annexes_are_not_swallowed_by_the_last_article():
    result = parsed(
        "第一条　甲。", "第二条　本条例自公布之日起施行。", "附件1", "目录", "一、乙", "附表：", "丙 1 丁 2"
    )
    assert labels(result)["annex1"] == "附件1"
    assert labels(result)["annex2"] == "附表"
    assert texts(result)["a2"] == "第二条　本条例自公布之日起施行。"
    assert texts(result)["annex1"] == "附件1\n目录\n一、乙"
    assert [p.unit for p in result.provisions if p.kind is ProvisionKind.ANNEX] == [True, True]


def test_signing_lines_belong_to_no_provision_but_law_without_a_full_stop_stays():
    signed = parsed("第一条　甲。", "第二条　乙。", "某某市人民代表大会常务委员会", "2020年11月18日")
    assert texts(signed)["a2"] == "第二条　乙。"
    unsigned = parsed("第一条　甲。", "第二条　乙。", "原条例同时废止")
    assert texts(unsigned)["a2.p2"] == "原条例同时废止"


@pytest.mark.parametrize(
    ("numbers", "warning"),
    [
        (["第一条", "第三条"], "第2行：第一条之后是第三条，缺第二条"),
        (["第一条", "第五条"], "第2行：第一条之后是第五条，缺第二条至第四条"),
        (["第一条", "第二条", "第二条"], "第3行：第二条重复出现，前一处在第2行"),
        (["第三条", "第四条", "第二条"], "第3行：第二条出现在第四条之后，条号没有递增"),
        (["第五条", "第六条", "第七条"], "第1行：首条是第五条，之前的条文不在本文件中"),
        (["第一条", "第一条之二"], "第2行：第一条之后是第一条之二，缺第一条之一"),
        (["第一条", "第二条", "第一条", "第二条"], "第3行：条号从第一条重新开始，文件可能含有多个文本"),
    ],
)
def test_numbers_that_do_not_run_are_reported_with_their_line(numbers, warning):
    result = parsed(*(f"{number}　甲。" for number in numbers))
    assert warning in result.warnings
    assert len(result.warnings) == (2 if numbers[0] == "第三条" else 1)


def test_repeated_numbers_stay_citable():
    result = parsed("第一条　甲。", "第二条　乙。", "第一条　丙。", "第二条　丁。", "第二条　戊。")
    assert paths(result) == ["a1", "a1.p1", "a2", "a2.p1", "a1~2", "a1~2.p1", "a2~2", "a2~2.p1", "a2~3", "a2~3.p1"]
    assert len({p.id for p in result.provisions}) == len(result.provisions)


def test_numbers_that_run_leave_no_warning():
    assert parsed("第一条　甲。", "第一条之一　乙。", "第一条之二　丙。", "第二条　丁。").warnings == ()


def test_a_statute_without_articles_is_read_as_a_policy_document():
    result = parsed("一、总体要求", "甲应当公开。", "二、保障", "乙可以申请。")
    assert paths(result) == ["n1", "n1.p1", "n2", "n2.p1"]
    assert result.warnings == ("没有找到以“第…条”开头的行，按“一、（一）”结构解析",)


def test_a_judgment_that_quotes_an_article_is_no_statute():
    result = parsed(
        "原告诉称，被告销售的商品不合格，请求退款并赔偿损失。",
        "法院认为，被告应当承担责任。",
        "第六条 网购收货人可以请求。",
    )
    assert "没有找到" in result.warnings[0]


def test_a_policy_document_with_articles_is_read_as_a_statute():
    result = parsed("第一条　甲应当公开。", "第二条　乙可以申请。", kind=Kind.POLICY)
    assert paths(result) == ["a1", "a1.p1", "a2", "a2.p1"]
    assert result.warnings == ("正文由“第…条”组成，按法规结构解析",)


def test_a_table_that_lists_articles_of_another_law_opens_none():
    result = parsed(
        "第一条　甲。", "第一百三十四条之一\t危险作业罪", "第141条 （修正案第1条）\t妨害药品管理罪", "第二条　乙。"
    )
    assert paths(result) == ["a1", "a1.p1", "a1.p2", "a1.p3", "a2", "a2.p1"]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "　\n\u200b", "第", "附", "（", "一、", "第一条", "目录", "附件", "序言\n第一条"]
)
def test_fragments_raise_nothing(text):
    for kind in Kind:
        result = parse(Document(Metadata("law", "t", kind), text))
        assert all(text[p.start : p.end] == p.text for p in result.provisions)


def test_provisions_come_in_the_order_of_the_text():
    result = parsed("序言", "甲。", "第一条　乙：", "（一）丙；", "（二）丁。", "戊。", "第二条　己。", "附件", "庚")
    starts = [p.start for p in result.provisions]
    assert all(a <= b for a, b in pairwise(starts))
    assert all(a.end <= b.start for a, b in pairwise(result.sentences))
