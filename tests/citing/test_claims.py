import re
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citing.claims import MAX_CLAIM, compare_claim, word_cut_off
from assistant.citing.wordlists import load_words
from assistant.schema import Content

CORPUS = Path(__file__).parents[2] / "corpus"


@cache
def gd(number: str) -> str:
    """Article `number` (三十) of the regulation, as its file has it."""
    text = (CORPUS / "gd-transfer-2025.txt").read_text(encoding="utf-8")
    found = re.search(rf"\]第{number}条　(.*?)(?=\n*\[bookmark|\s*$)", text, re.S)
    assert found is not None, number
    return found[1]


@cache
def mfg(number: str) -> str:
    """Part `number` (八) of the guidance."""
    text = (CORPUS / "mfg-transfer-2021.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{number}、(.*?)(?=^[一二三四五六七八九十]、|\Z)", text, re.S | re.M)
    assert found is not None, number
    return found[1]


# Invented provisions with what the two documents have not: numbers, prohibitions, rights.
FINE = (
    "经营者违反本办法第九条规定，未按照规定备案的，由市场监督管理部门责令限期改正；逾期不改正的，处五千元以上三万元以下的罚款；"
    "情节严重的，可以责令停业整顿。"
)
PERMIT = (
    "申请人应当自受理之日起三十日内补正材料；行政机关应当在二十个工作日内作出决定，并说明理由。"
    "未经许可，不得从事经营活动。"
)
SUBSIDY = "对符合条件的转移项目，省级财政可以按照固定资产投资额的百分之十给予补助，单个项目补助不超过五百万元。"
EXPORT = "任何单位和个人不得以任何方式限制企业向外迁移，不得收取迁移费用。法律、行政法规另有规定的除外。"
LAND = "产业用地可以采取先租后让方式供应，租赁期不得超过五年；期满符合约定条件的，应当优先办理出让手续。"

LIST = (
    "政策措施不得含有下列内容：\n（一）给予特定经营者税收优惠；\n（二）要求经营者在本地设立分支机构；\n"
    "（三）以备案名义变相实施审批。\n起草单位应当听取经营者的意见。"
)


VERBATIM = [
    ("应当协调能源供应，依法保障产业承接载体、产业转移项目的能源需求", gd("三十"), "part of a sentence"),
    (
        "县级以上人民政府及有关部门应当协调能源供应，采取减少供应层级等措施降低企业用电、用水、用气成本",
        gd("三十"),
        "a clause left out",
    ),
    ("支持产业承接地在产业转出地建设产业、科创、运营等载体。", gd("十"), "the second paragraph"),
    ("依法设立支持产业有序转移的政策性基金,引导社会资本参与产业有序转移", gd("二十九"), "half-width comma"),
    ("按照原所在地区已取得的海关信用等级实施监管", mfg("八"), "the part about customs"),
    ("坚决遏制“两高”项目盲目发展", mfg("二"), "quotation marks inside"),
    ("鼓励城市群内城市合理分工；合作共建产业发展平台", mfg("五"), "another mark between clauses"),
    ("任何单位和个人不得以任何方式限制企业向外迁移", EXPORT, "its own 不得"),
]


@pytest.mark.parametrize(("claim", "provision", "comment"), VERBATIM, ids=[row[2] for row in VERBATIM])
def test_words_to_the_letter(claim, provision, comment):
    match = compare_claim(claim, provision)
    assert (match.content, match.reasons, match.similarity) == (Content.VERBATIM, (), 1.0)
    assert match.expected in provision and match.expected


NONE = [
    ("", "empty"),
    ("依法办理", "too short"),
    ("结合我市实际，制定本办法。", "the draft's own purpose"),
    ("对此作了规定", "nothing said"),
    ("有关规定执行", "nothing said"),
    ("，。；“”", "no words"),
]


@pytest.mark.parametrize(("claim", "comment"), NONE, ids=[row[1] for row in NONE])
def test_nothing_to_compare(claim, comment):
    assert compare_claim(claim, gd("三十")).content is Content.NONE


# Honest: shortened, reordered, in other words. None of them may be called a contradiction.
FAIR = [
    ("政府部门要协调能源供应，想办法降低企业的用电、用水、用气成本", gd("三十")),
    ("条例要求减少供应层级，从而降低企业用电等成本", gd("三十")),
    ("企业用电、用水、用气成本应当通过减少供应层级等措施予以降低", gd("三十")),
    ("县级以上政府须保障产业转移项目的能源需求", gd("三十")),
    ("各级政府及有关部门必须依法保障承接载体的能源需求，但没有规定具体的电价优惠幅度", gd("三十")),
    ("县级人民政府应当协调能源供应，降低企业用电成本", gd("三十")),
    ("有关部门应当协调能源供应，这不仅有利于降低用电成本，也能不断改善营商环境", gd("三十")),
    ("该条并未规定电价打几折，只要求采取措施降低企业用电成本", gd("三十")),
    ("第三十条只说采取减少供应层级等措施降低用电成本，没有给出金额", gd("三十")),
    ("支持两地通过托管、共建等方式建设产业承接载体", gd("十")),
    ("产业承接地可以到产业转出地建设科创等载体", gd("十")),
    ("广州开发区可以托管我县园区，条例支持通过托管、共建等形式建设产业承接载体", gd("十")),
    ("鼓励跨区域合作模式创新，例如托管和共建", gd("十")),
    ("反向飞地有依据：支持承接地在转出地建设产业、科创、运营等载体", gd("十")),
    ("县级以上人民政府应结合实际依法安排财政资金支持产业转移", gd("二十九")),
    ("财政资金由县级以上人民政府依法统筹安排", gd("二十九")),
    ("省政府依法设立政策性基金，引导社会资本参与", gd("二十九")),
    ("省里设立了支持产业有序转移的政策性基金", gd("二十九")),
    ("鼓励金融机构支持产业转移项目建设", gd("二十九")),
    ("省政府及有关部门应当采取措施引导金融机构支持承接载体、产业转移项目", gd("二十九")),
    ("我市2024年安排5亿元财政资金支持产业有序转移", gd("二十九")),
    ("县人民政府应当结合实际依法统筹安排财政资金，支持产业有序转移", gd("二十九")),
    ("条例没有规定补贴金额，只要求统筹安排财政资金支持产业有序转移", gd("二十九")),
    ("建立成本分担、利益共享机制，合理确定利益分配办法", gd("七")),
    ("两地可在省政府指导下建立利益共享机制，并合理确定分配办法", gd("七")),
    ("支持承接地和转出地建立产业共建共享机制，开展跨区域产业合作", gd("七")),
    ("商会、行业协会搭建对接交流平台受到鼓励", gd("五")),
    ("鼓励商会开展招商推介会，引导会员参与产业转移", gd("五")),
    ("企业、高校、科研机构等可以通过投资开发、人才培养等方式参与", gd("五")),
    ("支持企业和社会组织通过产业共建等方式参与产业转移工作", gd("五")),
    ("政策措施起草时应当开展公平竞争审查", gd("三十四")),
    ("起草涉及产业转移的政策措施，要做公平竞争审查和宏观政策取向一致性评估", gd("三十四")),
    ("各级政府应当提供便捷高效的政务服务，规范涉企收费", gd("三十四")),
    ("不得违规收费：条例要求规范涉企收费，降低制度性交易成本", gd("三十四")),
    ("条例自2025年3月1日起施行，此前的事项不适用", gd("三十九")),
    ("本条例自2025年3月起施行", gd("三十九")),
    ("条例2025年施行", gd("三十九")),
    ("园区应加强安全管理，并对区内企业的安全生产情况进行监督检查", gd("十四")),
    ("产业承接载体应当建立权责明确、管理高效的管理体制", gd("十四")),
    ("省政府应当建立产业帮扶协作机制，推动双方在园区建设、招商引资等方面合作", gd("二十二")),
    ("鼓励帮扶双方探索多种帮扶协作机制", gd("二十二")),
    ("支持在被帮扶方共建产业转移合作园区", gd("二十三")),
    ("帮扶双方应依托现有资源健全合作园区的管理体制和运行机制", gd("二十三")),
    ("应当依法保障产业转移项目用地，盘活存量建设用地", gd("二十八")),
    ("用地指标由省政府及有关部门依法保障", gd("二十八")),
    ("地级以上市、县级人民政府应当提升土地集约利用水平", gd("二十八")),
    ("支持企业采用新技术、新工艺进行改造提升", gd("十九")),
    ("企业把新生产线转移到承接地，是条例所鼓励的", gd("十九")),
    ("引导制造业企业集中入园发展", gd("十九")),
    ("各类经营主体可以依法平等使用要素资源", gd("二十七")),
    ("政府应推动劳动、资本、土地、技术、数据等要素畅通流动", gd("二十七")),
    ("条例适用于本省行政区域内的产业有序转移活动，不适用于省外企业之间的转移", gd("二")),
    ("企业整体搬到中西部，海关仍按原所在地区的信用等级监管", mfg("八")),
    ("整体性梯度转移到中西部地区的企业，原来取得的海关信用等级仍然有效，按原等级监管", mfg("八")),
    ("向中西部整体转移的企业按原海关信用等级监管，意见未提东部地区之间的转移", mfg("八")),
    ("鼓励转出地和承接地分享产值、收益、用地等指标", mfg("八")),
    ("支持符合条件的地区申请设立综合保税区", mfg("八")),
    ("完善国家产业转移信息服务平台，持续举办对接活动", mfg("八")),
    ("东部地区可以通过托管、共建等形式支持中西部和东北地区", mfg("七")),
    ("鼓励中西部、东北地区在东部地区园区里设置园中园，建立研发中心", mfg("七")),
    ("支持高载能行业向西部清洁能源优势地区集聚，但要符合环保、能效等标准", mfg("二")),
    ("严格执行产能置换，遏制“两高”项目", mfg("二")),
    ("引导劳动密集型产业转向中西部劳动力丰富的地区", mfg("二")),
    ("研究支持地方设立产业转移基金，前提是风险可控、坚持市场化", mfg("九")),
    ("鼓励职业资格和职称跨地区互认", mfg("九")),
    ("到2025年，中西部、东北地区承接产业转移的能力显著提升", mfg("一")),
    ("未按规定备案的，责令限期改正，逾期不改的处5000元至3万元罚款", FINE),
    ("经营者不备案，先责令改正，拒不改正才罚款，金额在5千元到3万元之间", FINE),
    ("情节严重的，市场监管部门有权责令停业整顿", FINE),
    ("行政机关须在20个工作日内决定", PERMIT),
    ("材料要在30天内补正", PERMIT),
    ("经许可方可从事经营活动", PERMIT),
    ("没有取得许可，禁止从事经营活动", PERMIT),
    ("省级财政可以按投资额的10%补助，最高500万元", SUBSIDY),
    ("符合条件的项目有机会获得固定资产投资额一成的补助，封顶五百万", SUBSIDY),
    ("禁止任何单位和个人限制企业向外迁移", EXPORT),
    ("企业外迁不受限制，也不用交迁移费用", EXPORT),
    ("除法律、行政法规另有规定外，不得收取迁移费用", EXPORT),
    ("产业用地可先租后让，租期最长五年", LAND),
    ("租赁期满、符合约定条件的，要优先办理出让手续", LAND),
    ("租赁期应当不超过5年", LAND),
    ("禁止给予特定经营者税收优惠", LIST),
    ("政策措施不得要求经营者在本地设立分支机构", LIST),
    ("起草时必须听取经营者的意见", LIST),
    ("除法律另有规定外，任何单位和个人都不得限制企业外迁", EXPORT),
    ("并不得收取迁移费用", EXPORT),
    ("未经许可的，任何人不得从事经营活动", PERMIT),
    ("从事经营活动应当先取得许可，未经许可不得从事", PERMIT),
]


@pytest.mark.parametrize(("claim", "provision"), FAIR, ids=[row[0] for row in FAIR])
def test_a_fair_paraphrase_contradicts_nothing(claim, provision):
    match = compare_claim(claim, provision)
    assert match.reasons == ()
    assert match.content in (Content.UNCHECKED, Content.VERBATIM)


# Each says something else than the provision; the second column is what the reason must name.
WRONG = [
    ("县级以上人民政府及有关部门可以协调能源供应", gd("三十"), "应当", "force: duty to power"),
    ("县级以上人民政府及有关部门不得采取减少供应层级等措施", gd("三十"), "不得", "force: duty to prohibition"),
    ("有关部门无需协调能源供应", gd("三十"), "无需", "force: duty to release"),
    ("县级以上人民政府可以不协调能源供应", gd("三十"), "可以不", "force: duty to release, 可以不"),
    (
        "鼓励县级以上人民政府及有关部门协调能源供应，依法保障产业承接载体的能源需求，降低企业用电成本",
        gd("三十"),
        "",
        "moved 鼓励",
    ),
    ("企业用电打五折", gd("三十"), "五折", "number that is not there"),
    ("采取措施降低企业用电、用水、用气成本百分之三十", gd("三十"), "百分之三十", "number that is not there, share"),
    ("企业应当协调能源供应", gd("三十"), "企业", "subject"),
    ("省人民政府及有关部门应当协调能源供应，依法保障产业承接载体的能源需求", gd("三十"), "省人民政府", "level"),
    ("国务院及有关部门应当协调能源供应，依法保障产业承接载体的能源需求", gd("三十"), "国务院", "level"),
    ("必须给予商会搭建产业转移对接交流平台和产业链合作平台的经费", gd("五"), "必须给予", "entitlement"),
    ("商会、行业协会必须搭建产业转移对接交流平台", gd("五"), "必须", "encouragement to duty"),
    ("禁止商会、行业协会搭建产业转移对接交流平台和产业链合作平台", gd("五"), "禁止", "encouragement to prohibition"),
    ("产业承接地必须通过托管、共建等形式建设产业承接载体", gd("十"), "必须", "support to duty"),
    ("支持产业转出地在产业承接地建设产业、科创、运营等载体", gd("十"), "承接地", "the two sides exchanged"),
    ("市人民政府依法设立支持产业有序转移的政策性基金", gd("二十九"), "市人民政府", "whose fund"),
    ("省人民政府应当结合实际依法统筹安排财政资金，支持产业有序转移", gd("二十九"), "省人民政府", "whose money"),
    ("县级以上人民政府每年统筹安排财政资金5亿元，支持产业有序转移", gd("二十九"), "5亿元", "an amount"),
    ("县级以上人民政府可以结合实际依法统筹安排财政资金", gd("二十九"), "可以", "force"),
    ("本条例自2025年5月1日起施行", gd("三十九"), "2025年5月1日", "date"),
    ("本条例自2024年3月1日起施行", gd("三十九"), "2024年3月1日", "year"),
    ("起草涉及产业有序转移的政策措施，可以依法开展公平竞争审查", gd("三十四"), "可以", "force, second paragraph"),
    ("起草涉及产业有序转移的政策措施，不需要开展公平竞争审查", gd("三十四"), "不需要", "release"),
    ("起草产业有序转移的政策措施，应当一律依法开展公平竞争审查，所有政策措施均须评估", gd("三十四"), "一律", "widened"),
    ("本条例适用于跨省促进产业有序转移的相关活动", gd("二"), "跨省", "scope"),
    ("对向东部地区进行整体性梯度转移的企业，按照原所在地区已取得的海关信用等级实施监管", mfg("八"), "东部", "region"),
    (
        "对向中西部地区进行整体性梯度转移的企业，不按照原所在地区已取得的海关信用等级实施监管",
        mfg("八"),
        "不",
        "negation",
    ),
    (
        "对向中西部地区进行整体性梯度转移的所有企业，一律按照原所在地区已取得的海关信用等级实施监管",
        mfg("八"),
        "所有",
        "widened",
    ),
    ("支持市级人民政府统筹开展住所与经营场所分离登记试点", mfg("八"), "市级人民政府", "level"),
    (
        "地方有权获得产业转移基金，研究支持地方在风险可控和坚持市场化前提下设立",
        mfg("九"),
        "",
        "entitlement, loosely said",
    ),
    ("支持高载能行业向东部清洁能源优势地区集聚", mfg("二"), "东部", "region"),
    ("逾期不改正的，处五千元以上五万元以下的罚款", FINE, "五万元", "amount"),
    ("逾期不改正的，处5000元以上30万元以下罚款", FINE, "30万元", "amount in digits"),
    ("逾期改正的，处五千元以上三万元以下的罚款", FINE, "不", "negation dropped"),
    ("按照规定备案的，由市场监督管理部门责令限期改正", FINE, "未", "negation dropped at the head"),
    ("情节严重的，应当责令停业整顿", FINE, "应当", "power to duty"),
    ("未按照规定备案的，由公安机关责令限期改正", FINE, "公安机关", "who acts"),
    ("未按照规定备案的，由税务部门责令限期改正", FINE, "税务", "which department"),
    ("申请人应当自受理之日起十五日内补正材料", PERMIT, "十五日", "deadline"),
    ("行政机关应当在20日内作出决定，并说明理由", PERMIT, "20日", "working days to days"),
    ("行政机关可以在二十个工作日内作出决定", PERMIT, "可以", "force"),
    ("未经许可，可以从事经营活动", PERMIT, "可以", "prohibition to power"),
    ("按照固定资产投资额的20%给予补助", SUBSIDY, "20%", "share"),
    ("单个项目补助不低于五百万元", SUBSIDY, "不低于", "bound"),
    ("单个项目补助不超过八百万元", SUBSIDY, "八百万元", "amount"),
    ("对符合条件的转移项目，省级财政应当按照固定资产投资额的百分之十给予补助", SUBSIDY, "应当", "power to duty"),
    ("对不符合条件的转移项目，省级财政可以按照固定资产投资额的百分之十给予补助", SUBSIDY, "不", "negation added"),
    ("任何单位和个人可以以任何方式限制企业向外迁移", EXPORT, "可以", "prohibition to power"),
    ("任何单位和个人得以任何方式限制企业向外迁移", EXPORT, "不得", "不 dropped"),
    ("租赁期不得低于五年", LAND, "不得低于", "bound turned"),
    ("租赁期不得超过十年", LAND, "十年", "years"),
    ("产业用地应当采取先租后让方式供应", LAND, "应当", "power to duty"),
    ("政策措施可以要求经营者在本地设立分支机构", LIST, "可以", "the force of a list is in its heading"),
    ("起草单位可以听取经营者的意见", LIST, "可以", "after the list"),
]
# Seen by a reader, not by the rules: kept so that a change which finds them is noticed.
MISSED = {"moved 鼓励", "entitlement, loosely said"}


@pytest.mark.parametrize(("claim", "provision", "named", "comment"), WRONG, ids=[row[3] for row in WRONG])
def test_a_contradiction_is_named(claim, provision, named, comment):
    match = compare_claim(claim, provision)
    if comment in MISSED:
        assert match.content is Content.UNCHECKED
        return
    assert match.content is Content.CONTRADICTED
    assert any(named in reason for reason in match.reasons), match.reasons


def test_a_clause_is_not_put_together_from_two_items():
    text = "（一）申请小型汽车的，在18周岁以上；\n（二）申请大型客车的，在22周岁以上，60周岁以下。"
    assert compare_claim("申请小型汽车的，在18周岁以上", text).content is Content.VERBATIM
    assert compare_claim("申请小型汽车的，在22周岁以上", text).content is Content.CONTRADICTED


def test_words_that_lost_what_decides_them_are_not_verbatim():
    assert compare_claim("以任何方式限制企业向外迁移", EXPORT).content is not Content.VERBATIM
    assert compare_claim("责令停业整顿，情节严重的", FINE).content is not Content.VERBATIM
    assert compare_claim("商会、行业协会搭建产业转移对接交流平台", gd("五")).content is Content.UNCHECKED


@pytest.mark.parametrize(
    ("quote", "text", "word"),
    [
        ("收取迁移费用", EXPORT, "不得"),
        ("不得收取迁移费用", EXPORT, ""),
        ("从事经营活动", PERMIT, "不得"),
        ("商会、行业协会搭建产业转移对接交流平台", gd("五"), "鼓励"),
        ("协调能源供应", gd("三十"), ""),  # a duty told as a fact is still one
        ("备案", "未备案的，可以备案。备案后公布", ""),  # once it stands by itself
        ("", EXPORT, ""),
        ("没有的话", EXPORT, ""),
    ],
)
def test_a_quote_can_lose_the_word_that_decides_it(quote, text, word):
    assert word_cut_off(quote, text) == word


def test_a_number_is_the_writers_own_where_he_says_so():
    said = "每年统筹安排财政资金8亿元支持产业有序转移"
    assert compare_claim("县级以上人民政府" + said, gd("二十九")).reasons == ("条文中没有“8亿元”这一数字",)
    assert compare_claim("我市" + said, gd("二十九")).reasons == ()


def test_the_nearest_words_are_whole_clauses():
    match = compare_claim("省人民政府及有关部门应当协调能源供应", gd("三十"))
    assert match.expected == "县级以上人民政府及有关部门应当协调能源供应"


WORDS = st.text(
    st.sampled_from("应当可以不得未无非禁止鼓励县级以上省人民政府企业三十五日年万元%10、，。；（）“一二\n部门除外给予"),
    max_size=60,
)
LAW = st.lists(
    st.sampled_from([*(row[0] for row in FAIR + WRONG + VERBATIM), FINE, PERMIT, EXPORT, "。", "\n"]), max_size=4
)


@given(
    st.one_of(st.text(max_size=40), WORDS, LAW.map("".join)), st.one_of(st.text(max_size=40), WORDS, LAW.map("".join))
)
def test_any_text_is_compared(claim, provision):
    match = compare_claim(claim, provision)
    assert bool(match.reasons) == (match.content is Content.CONTRADICTED)
    assert 0.0 <= match.similarity <= 1.0
    assert match.expected in provision


@given(st.one_of(WORDS, LAW.map("".join)), st.one_of(st.text(max_size=20), WORDS), WORDS)
def test_a_text_never_contradicts_itself(claim, before, after):
    assert compare_claim(claim, f"{before}。\n{claim}。\n{after}").content is not Content.CONTRADICTED


@pytest.mark.parametrize(
    "piece", ["一", "1", "（", "不", "市、", "市（", "百分之", "应当", "10，000", "一点", "甲", "，", "三至", "省人民"]
)
def test_hostile_texts_take_no_longer_than_others(piece):
    claim, provision = piece * (2_000 // len(piece)), (piece * 5_000)[:5_000]
    begin = time.perf_counter()
    compare_claim(claim + "应当在三十日内答复", "县级以上人民政府" + provision)
    assert time.perf_counter() - begin < 3  # about 0.1 s; a pattern that tries all ways needs minutes


def test_an_endless_claim_is_not_compared():
    assert compare_claim("可以协调能源供应" * MAX_CLAIM, gd("三十")).content is Content.UNCHECKED


def test_the_word_lists_are_sound():
    words = load_words()
    for name in ("force", "negation", "numbers", "scope", "empty"):
        for says in words[name].values():
            assert says and all(word == word.strip() and word for word in says)
            assert [word for word, count in Counter(says).items() if count > 1] == []
    for row in words["unit"]:
        assert set(row) == {"class", "says", "size"} and row["size"] > 0
    for row in words["level"]:
        assert set(row["levels"]) <= {"国", "省", "市", "县", "乡"}
    members = Counter(word for row in words["contrast"] for synonyms in row["sets"] for word in synonyms)
    assert max(members.values()) == 1
    bodies = Counter(word for row in words["body"] for word in row["says"])
    assert max(bodies.values()) == 1
    # a word that decides hides in every longer harmless one, or the longer one would be needless
    negations = words["negation"]["words"]
    assert all(
        any(no in word for no in negations) or word[0] in "免减罢任豁赦难避以幸"
        for word in words["negation"]["look_alikes"]
    )
