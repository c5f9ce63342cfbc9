"""规范强度: the labelled sentences of the founding documents, and sentences that are easy to get wrong."""

import json
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from assistant.parsing.force import classify
from assistant.schema import Force, Kind

LABELS = [
    json.loads(line) for line in Path(__file__).with_name("force_labels.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = {"gd-transfer-2025": Kind.STATUTE, "mfg-transfer-2021": Kind.POLICY}
# Sorts of words: a word has one. The other lists are about places in a clause and may share words with some of them.
SORTS = ("duty", "prohibition", "power", "encouragement", "tasks", "look_alikes")
PLACES = ("adverbs", "subject_endings", "prepositions")


@pytest.mark.parametrize("label", LABELS, ids=lambda label: f"{label['document']}:{label['locator']}")
def test_founding_documents_as_labelled_by_hand(label: dict[str, object]) -> None:
    found = [force.value for force in classify(str(label["sentence"]), KINDS[str(label["document"])])]
    assert found == label["force"]


def test_labels_cover_both_documents() -> None:
    units = {(label["document"], label["locator"].split(".")[0]) for label in LABELS}
    assert units == {("gd-transfer-2025", f"a{number}") for number in range(1, 40)} | {
        ("mfg-transfer-2021", unit) for unit in (*(f"n{number}" for number in range(1, 10)), "closing")
    }
    assert len({(label["document"], label["locator"]) for label in LABELS}) == len(LABELS) == 112
    assert {force for label in LABELS for force in label["force"]} <= {force.value for force in Force}


# (sentence, expected, comment), S a statute, P a policy document
STATUTE = [
    # duty
    ("用人单位必须为劳动者缴纳保险费。", "duty", "必须"),
    ("出租人须于三日前通知承租人。", "duty", "须"),
    ("企业应建立台账。", "duty", "single 应"),
    ("企业应对产品进行检验。", "duty", "应 + 对"),
    ("注册资本应当不低于五百万元。", "duty", "a minimum commanded, not a prohibition"),
    ("人民法院应予支持。", "duty", "支持 is the object of 予"),
    ("有关部门应当按照各自职责做好工作，有关单位予以配合。", "duty", "the bare verb is under 应当"),
    ("对应当公开的信息，行政机关应当及时公开。", "duty", "the first 应当 belongs to a noun"),
    ("依照本法规定应当备案而未备案的，登记机关应当责令改正。", "duty", "the first 应当 stands in the condition"),
    ("县级人民政府应当加大对园区的支持力度。", "duty", "支持力度 is a noun"),
    ("有关部门应当提供政策支持和资金支持。", "duty", "政策支持 is a noun"),
    ("省人民政府应当制定鼓励企业创新的政策。", "duty", "鼓励 is the object of 制定"),
    ("救护车应当在确保安全的前提下，尽快到达现场。", "duty", "应当 stands before the condition"),
    ("不符合条件的，人民法院应当不予受理。", "duty", "不予受理 is what is commanded"),
    ("县级人民政府应当不断完善公共服务。", "duty", "应当 + 不断"),
    ("公民有义务保护古树名木。", "duty", "有义务"),
    ("在适应当地气候的前提下，应当优先种植乡土树种。", "duty", "适应 + 当地"),
    # duty with others
    ("有关部门应当支持、引导企业转型。", "duty encouragement", "应当 governs 支持"),
    ("有关部门应当采取措施，鼓励金融机构提供贷款。", "duty encouragement", "鼓励 in the next clause, the same subject"),
    ("申请人应当提交原件，确有困难的，可以提交复印件。", "duty power", "应当…可以… in one sentence"),
    ("监理单位应当据实报告，不得隐瞒。", "duty prohibition", "应当…不得…"),
    ("公司有权拒绝，但应当说明理由。", "power duty", "但书 with a duty"),
    ("国家鼓励企业入园，有关部门应当提供便利。", "encouragement duty", "two subjects, in their order"),
    # prohibition
    ("未经批准，任何单位不得占用绿地。", "prohibition", "未经…不得"),
    ("补充规定由常务委员会作出，但是不得同法律的基本原则相抵触。", "prohibition", "但是 is no 是"),
    ("严禁酒后驾驶。", "prohibition", "严禁"),
    ("不准携带易燃物品进站。", "prohibition", "不准"),
    ("未成年人不可以进入。", "prohibition", "不可以 is not 可以"),
    ("行政机关不应当要求重复提交材料。", "prohibition", "不应当 is not 应当"),
    ("经营者应当不实施价格欺诈。", "prohibition", "应当不"),
    ("工期不得低于国家标准的百分之八十。", "prohibition", "不得低于"),
    ("禁止生产、销售假药。", "prohibition", "禁止"),
    ("应当缴纳的税款不得减免。", "prohibition", "应当 belongs to 税款"),
    ("禁止招用应当接受义务教育的儿童。", "prohibition", "应当 belongs to 儿童"),
    ("除法律规定应当公开的外，不得泄露。", "prohibition", "an exception"),
    ("在发现应当回避的情况下，不得继续办理。", "prohibition", "the condition ends in 的情况下"),
    # power
    ("当事人可以委托代理人。", "power", "可以"),
    ("任何单位和个人有权举报。", "power", "有权"),
    ("逾期不缴的，并可处一千元以下罚款。", "power", "single 可"),
    ("当事人可以不出庭。", "power", "可以不 permits"),
    ("情况紧急的，无需事先批准。", "power", "无需 releases from a duty"),
    ("公安机关可以限制或者禁止其出境。", "power", "禁止 is the object of 可以"),
    ("县级人民政府可以划定禁止放牧的区域。", "power", "禁止 belongs to 区域"),
    ("对不得公开的信息，权利人可以申请查阅。", "power", "对不得…的"),
    ("市场监管部门应专利权人的请求处理纠纷时，可以采取措施。", "power", "应…的请求 is no duty"),
    ("经批准可以延长，但是最长不得超过六十日。", "power prohibition", "但书 with a limit"),
    # encouragement
    ("国家鼓励和支持慈善事业发展。", "encouragement", "after 国家"),
    ("鼓励有条件的地区先行先试。", "encouragement", "no subject"),
    ("本省推动建立统一大市场。", "encouragement", "推动 with a verb"),
    ("支持企业通过建立研发机构等方式开展创新。", "encouragement", "what is supported is no task"),
    # definition, scope, validity
    ("本条例所称“应当”，是指具有强制性的要求。", "definition", "a word mentioned"),
    ("本法所称用人单位，包括依法应当登记的个体工商户。", "definition", "应当 inside the definition"),
    ("（二）飞地园区，是指跨行政区域共建的园区。", "definition", "an item of a list of terms"),
    ("本规定第二条所称治理方案，应当包括以下内容：", "duty", "所称 without 是指"),
    ("本办法适用于本市行政区域内的招标投标活动。", "scope", "适用于"),
    ("军队的采购活动，不适用本条例。", "scope", "不适用本条例"),
    ("适用本法的企业，应当依法纳税。", "duty", "适用本法 belongs to a noun"),
    ("本办法自2024年7月1日起施行，有效期五年。", "validity", "both dates"),
    ("《某市节约用水办法》同时废止。", "validity", "废止"),
    ("许可证有效期五年。", "statement", "not the document's validity"),
    ("本法施行前已经开工的，应当补办手续。", "duty", "施行 in a condition"),
    # statement
    ("省人民政府依法设立支持中小企业发展的基金。", "statement", "a mandate by indicative; 支持 belongs to 基金"),
    ("省人民政府建立协调机制，引导社会资本参与。", "statement encouragement", "indicative first, encouragement after"),
    ("自然资源主管部门负责土地利用的监督管理工作。", "statement", "a competence"),
    ("违反本条例规定，擅自占用的，处五千元以上一万元以下罚款。", "statement", "a penalty without a marker"),
    ("（三）依法应当予以撤销的；", "statement", "an item that is a condition"),
    ("告示牌上写有“严禁入内”字样。", "statement", "quoted words"),
    ("依照《中华人民共和国中小企业促进法》《鼓励外商投资产业目录》执行。", "statement", "words of names"),
    ("为了推动科技进步，鼓励创新，根据有关法律，制定本条例。", "statement", "a purpose"),
    ("国家支持的项目由主管部门公布。", "statement", "an attribute"),
    ("供电企业的供应能力与需求相应。", "statement", "供应, 相应"),
    ("取得所有权的人享有权利，其许可自动终止。", "statement", "所有权, 享有权利, 许可"),
    ("人民法院不予支持。", "statement", "the court's answer, no encouragement"),
    ("在各方支持下，项目顺利完成。", "statement", "在…支持下"),
    ("当事人不得已采取避险行为的，不承担责任。", "statement", "不得已"),
]
POLICY = [
    ("健全工作机制。", "task", "a bare verb"),
    ("进一步优化营商环境，提升服务水平。", "task", "after an adverb"),
    ("各地要加强组织领导。", "task", "要"),
    ("坚决遏制盲目扩张。", "task", "坚决遏制"),
    ("对符合条件的企业，按照原有等级实施监管。", "task", "the verb follows 按照…"),
    ("依托国家级开发区深化国际合作。", "task", "the verb follows 依托…"),
    ("西部地区有序承接产业。", "task", "after a subject"),
    ("修订鼓励外商投资产业目录。", "task", "鼓励 inside a name"),
    ("加大政策支持，完善支持体系。", "task", "nouns"),
    ("加快推动数据共享。", "encouragement", "加快 stands for an adverb"),
    ("鼓励地方建立健全项目库。", "encouragement", "what is encouraged is no task"),
    ("支持各地开展试点，完善配套措施。", "encouragement", "still under 支持"),
    ("支持各地开展试点，实施能力提升工程。", "encouragement task", "实施…工程 is the issuer's"),
    ("推动设备更新，完善标准体系。", "encouragement task", "the same body does both"),
    ("完善服务平台，引导企业入驻。", "task encouragement", "the first verb governs"),
    ("规范招商行为，严禁违规承诺。", "task prohibition", "严禁"),
    ("各地应制定实施方案。", "duty", "应 in a policy document"),
    ("不得借机增加企业负担。", "prohibition", "不得 in a policy document"),
    ("有条件的地区可先行开展试点。", "power", "single 可"),
    ("到2030年，体系更加完善，能力显著提升。", "statement", "a target"),
    ("近年来，各地积极承接产业，成效明显。", "statement", "a report"),
    ("坚持市场主导、政府引导。", "task", "政府引导 is a noun"),
    ("本通知自印发之日起执行。", "validity", "自…起执行"),
]
TRICKY = [(Kind.STATUTE, *row) for row in STATUTE] + [(Kind.POLICY, *row) for row in POLICY]


@pytest.mark.parametrize(("kind", "sentence", "expected", "comment"), TRICKY)
def test_sentences_that_are_easy_to_get_wrong(kind: Kind, sentence: str, expected: str, comment: str) -> None:
    assert " ".join(force.value for force in classify(sentence, kind)) == expected, comment


def test_article_heading_does_not_hide_the_verb() -> None:
    assert classify("第十条　健全机制。", Kind.POLICY) == (Force.TASK,)
    assert classify("（一）健全机制。", Kind.POLICY) == (Force.TASK,)


@pytest.mark.parametrize("sentence", ["", "。", "　", "第一条", "应", "“", "（", "支持", "健全"])
def test_never_empty_whatever_comes(sentence: str) -> None:
    for kind in Kind:
        assert classify(sentence, kind)


def test_hostile_clauses_take_linear_time() -> None:
    # Quadratic work on these would take minutes, and the suite would notice.
    for word in (
        "应当",
        "科学有序",
        "支持",
        "应的",
        "应对",
        "（",
        "所称",
        "适用",
        "不得，",
        "健全",
        "为",
        "加快推动",
        "不得而",
    ):
        for end in ("", "的", "原则", "健全机制"):
            found = classify(word * 20_000 + end, Kind.POLICY)
            assert len(set(found)) == len(found) > 0


def _data() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("assistant.parsing").joinpath("data/force.toml").read_text(encoding="utf-8"))


def test_word_lists_are_well_formed() -> None:
    data = _data()
    assert set(data) == {*SORTS, *PLACES}
    for name, words in data.items():
        assert words, name
        assert [word for word, count in Counter(words).items() if count > 1] == [], name
        assert [word for word in words if not word or word != word.strip()] == [], name


def test_a_word_has_one_sort() -> None:
    data = _data()
    sorts = Counter(word for name in SORTS for word in data[name])
    assert [word for word, count in sorts.items() if count > 1] == []
    modal = {word for name in SORTS[:4] for word in data[name]}
    assert modal & {word for name in PLACES for word in data[name]} == set()


def test_every_look_alike_contains_a_word_it_is_mistaken_for() -> None:
    data = _data()
    words = {word for name in SORTS[:5] for word in data[name]} | {"可"}
    assert [look for look in data["look_alikes"] if not any(word in look for word in words)] == []
