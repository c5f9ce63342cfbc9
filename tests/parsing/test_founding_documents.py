"""The two founding documents: every provision's id, label and first words, worked out from the files by hand."""

from pathlib import Path

import pytest

from assistant.parsing import parse, render_numeral
from assistant.reading import load_manifest, read_file
from assistant.schema import Parsed, ProvisionKind
from eval.proof import problems

CORPUS = Path(__file__).parents[2] / "corpus"

# 款 of each of the 39 articles, counted in the file; no article has 项.
PARAGRAPHS = [
    1,
    2,
    3,
    2,
    2,
    1,
    1,
    2,
    2,
    2,
    1,
    2,
    1,
    2,
    1,
    1,
    1,
    1,
    2,
    1,
    2,
    2,
    2,
    1,
    1,
    1,
    1,
    2,
    3,
    1,
    1,
    1,
    2,
    2,
    1,
    2,
    1,
    1,
    1,
]
# (title as it stands, first article, last article)
CHAPTERS = [
    ("第一章　总　　则", 1, 7),
    ("第二章　产业承接载体", 8, 14),
    ("第三章　产业发展", 15, 21),
    ("第四章　产业帮扶协作", 22, 26),
    ("第五章　要素保障", 27, 33),
    ("第六章　发展环境", 34, 38),
    ("第七章　附　　则", 39, 39),
]
PARTS = [
    "一、总体要求",
    "二、推进产业国内梯度转移",
    "三、引导各地发挥比较优势承接产业转移",
    "四、鼓励特殊类型地区承接发展特色产业",
    "五、推动中心城市和城市群高质量承接产业转移",
    "六、促进产业转移国际合作",
    "七、创新产业转移合作模式",
    "八、完善支持产业转移的体制机制",
    "九、优化产业转移政策环境",
]


def founding(doc_id: str) -> Parsed:
    row = next(row for row in load_manifest(CORPUS / "manifest.toml") if row.id == doc_id)
    return parse(read_file(CORPUS / row.file, row))


@pytest.fixture(scope="module")
def regulation() -> Parsed:
    return founding("gd-transfer-2025")


@pytest.fixture(scope="module")
def guidance() -> Parsed:
    return founding("mfg-transfer-2021")


def test_every_provision_of_the_regulation(regulation):
    expected = {}
    for number, paragraphs in enumerate(PARAGRAPHS, 1):
        article = f"第{render_numeral(number)}条"
        expected[f"gd-transfer-2025:a{number}"] = article
        for paragraph in range(1, paragraphs + 1):
            label = article if paragraphs == 1 else f"{article}第{'一二三'[paragraph - 1]}款"
            expected[f"gd-transfer-2025:a{number}.p{paragraph}"] = label
    assert {p.id: p.label for p in regulation.provisions} == expected
    assert sum(PARAGRAPHS) == 59
    assert regulation.warnings == ()
    assert problems(regulation) == []


def test_the_chapters_of_the_regulation(regulation):
    assert [(h.level, h.number, h.text) for h in regulation.headings] == [
        ("chapter", number, title) for number, (title, _, _) in enumerate(CHAPTERS, 1)
    ]
    for provision in regulation.provisions:
        number = int(provision.id.split(":a")[1].split(".")[0])
        assert provision.headings == tuple(title for title, first, last in CHAPTERS if first <= number <= last)


@pytest.mark.parametrize(
    ("path", "start", "end"),
    [
        ("a1", "第一条　为了促进产业有序转移，", "制定本条例。"),
        ("a1.p1", "为了促进产业有序转移，", "制定本条例。"),
        ("a2.p2", "本条例所称产业有序转移，是指", "相关活动。"),
        ("a3.p3", "产业转出地地级以上市、县级人民政府应当支持、引导", "相关工作。"),
        ("a10.p1", "支持产业承接地和产业转出地创新跨区域产业合作模式，", "建设产业承接载体。"),
        ("a10.p2", "支持产业承接地在产业转出地建设", "运营等载体。"),
        ("a14.p2", "产业承接载体应当加强安全管理，", "监督检查。"),
        ("a29.p2", "省人民政府依法设立", "参与产业有序转移。"),
        ("a30.p1", "县级以上人民政府及有关部门应当协调能源供应，", "用气成本。"),
        ("a34.p2", "起草涉及产业有序转移的政策措施，", "宏观政策取向一致性评估。"),
        ("a38.p1", "县级以上人民政府及有关部门应当完善知识产权转移转化机制，", "加强知识产权保护。"),
        ("a39", "第三十九条　本条例自", "起施行。"),
    ],
)
def test_words_of_the_regulation(regulation, path, start, end):
    [text] = [p.text for p in regulation.provisions if p.id == f"gd-transfer-2025:{path}"]
    assert text.startswith(start)
    assert text.endswith(end)
    assert "bookmark" not in text


def test_the_units_of_the_regulation_are_its_articles(regulation):
    assert [p.id for p in regulation.provisions if p.unit] == [f"gd-transfer-2025:a{n}" for n in range(1, 40)]
    sentence = next(s for s in regulation.sentences if s.id == "gd-transfer-2025:a20.p1.s2")
    assert sentence.text == "鼓励各类农业经营主体合作建立农业生产、加工、仓储、销售等产业链供应链体系。"
    assert (sentence.provision, sentence.unit) == ("gd-transfer-2025:a20.p1", "gd-transfer-2025:a20")


def test_every_provision_of_the_guidance(guidance):
    expected = []
    for number, title in enumerate(PARTS, 1):
        label = f"第{render_numeral(number)}部分"
        expected += [
            (f"n{number}", label, ProvisionKind.PART, ()),
            (f"n{number}.p1", label, ProvisionKind.PARAGRAPH, (title,)),
        ]
    expected.append(("closing", "结尾段", ProvisionKind.CLOSING, ()))
    found = [(p.id.removeprefix("mfg-transfer-2021:"), p.label, p.kind, p.headings) for p in guidance.provisions]
    assert found == expected
    assert [p.id.removeprefix("mfg-transfer-2021:") for p in guidance.provisions if p.unit] == [
        *(f"n{number}" for number in range(1, 10)),
        "closing",
    ]
    assert guidance.warnings == ()
    assert problems(guidance) == []


def test_words_of_the_guidance(guidance):
    text = {p.id.removeprefix("mfg-transfer-2021:"): p.text for p in guidance.provisions}
    assert all(text[f"n{number}"].startswith(title + "\n") for number, title in enumerate(PARTS, 1))
    assert text["n8.p1"].startswith("健全产业转移服务体系，")
    assert text["n8.p1"].endswith("创建一批行业产业转移试点园区。")
    assert text["n9.p1"].endswith("鼓励职业资格、职业技能等级、职称地区间互认。")
    assert text["closing"].startswith("各地工业和信息化主管部门要同相关部门加强沟通协作，")
    assert text["closing"].endswith("确保各项工作落到实处。")
    assert "标准要求的高载能行业向西部清洁能源优势地区集聚。" in text["n2.p1"]  # a page break stood inside
    assert {s.unit for s in guidance.sentences} == {p.id for p in guidance.provisions if p.unit}
