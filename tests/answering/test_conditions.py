"""The conditions of quoted words beside what was asked: every case was invented before the patterns were written."""

import pytest

from assistant.answering.conditions import conditions
from assistant.schema import ConditionState
from tests.answering.quoting import Quoting

MET, NOT, OPEN = ConditionState.MET, ConditionState.NOT_MET, ConditionState.NOT_SAID
GD, MFG = "gd-transfer-2025:", "mfg-transfer-2021:"
WHOLE, INLAND = "整体性梯度转移", "中西部地区"
ENERGY = "西部清洁能源优势地区"
STANDARDS = "符合生态环境分区管控要求和环保、能效、安全生产等标准要求"
LABOUR = "中西部劳动力丰富、区位交通便利地区"
CITIES = "中西部和东北地区中心城市、省域副中心城市等创新要素丰富、产业基础雄厚地区"
HEALTH = "非涉及人民群众身体健康产品"

# (question, whole part or move, middle or west)
CUSTOMS = [
    ("我们整个厂都搬去江西", MET, MET),
    ("只搬一条线去四川", NOT, MET),
    ("整厂搬去福建", MET, NOT),
    ("海关等级还能用吗", OPEN, OPEN),
    ("要是整厂搬到湖南呢", MET, MET),
    ("还没定，要是整厂搬的话等级算不算", MET, OPEN),
    ("不是整厂搬，就挪两台设备去贵州", NOT, MET),
    ("从东莞全部迁往河南", MET, MET),
    ("从武汉整体搬到汕头", MET, NOT),
    ("总部留在苏州，只把装配车间放到安徽", NOT, MET),
    ("是不是必须整厂搬才算数，我们去广西", OPEN, MET),
    ("整厂搬和只搬一部分有什么区别", OPEN, OPEN),
    ("分厂开到成都，苏州总厂不动", NOT, MET),
    ("连锅端去甘肃天水", MET, MET),
    ("整体搬到鼓楼", MET, OPEN),
    ("整厂要去海南", MET, OPEN),
    ("搬去辽宁沈阳，全厂都走", MET, NOT),
    ("搬去越南的话，海关等级还认吗，整个厂过去", MET, NOT),
    ("不去江西了，改去浙江，整厂搬", MET, NOT),
    ("我们在湖北，整厂搬迁", MET, OPEN),
    ("不打算整厂搬，先搬一半到重庆", NOT, MET),
    ("厂子一台机器都不留，全挪到山西", MET, MET),
    ("整厂搬到中西部", MET, MET),
    ("研发留深圳，生产全部搬去湖北", NOT, MET),
    ("没想好是整厂搬还是搬一部分，去湖南", OPEN, MET),
    ("佛山的厂整体迁到贵州毕节或者云南", MET, MET),
    ("整厂搬，去湖南还是去浙江没定", MET, OPEN),
    ("在云南新建一个分厂", NOT, MET),
    ("我们不是只搬一条线，是全部搬，去陕西", MET, MET),
    ("只搬一条线算不算整体性转移", NOT, OPEN),
]


@pytest.mark.parametrize(("question", "whole", "inland"), CUSTOMS)
def test_a_move_is_compared_with_the_customs_rule(
    quoting: Quoting, question: str, whole: ConditionState, inland: ConditionState
) -> None:
    cited = quoting.sentence(f"{MFG}n8", "海关信用等级")
    found = {one.text: one.state for one in conditions(question, cited)}

    assert found == {WHOLE: whole, INLAND: inland}


# (question, unit of the quote, words of the sentence quoted, {condition: state})
OTHERS = [
    ("电解铝厂想搬内蒙古", "n2", "高载能", {"高载能行业": MET, ENERGY: OPEN}),
    ("高耗能的铁合金搬去江苏", "n2", "高载能", {"高载能行业": MET, ENERGY: NOT}),
    ("我们环评不过关，高耗能，能搬去西部吗", "n2", "高载能", {STANDARDS: NOT, "高载能行业": MET}),
    ("环保、能效、安全都达标，电解铝去宁夏", "n2", "高载能", {STANDARDS: MET, ENERGY: OPEN}),
    ("高载能项目怎么转", "n2", "高载能", {"满足产业、能源、碳排放等政策": OPEN, STANDARDS: OPEN, ENERGY: OPEN}),
    ("我们是做服装的，去云南", "n2", "劳动密集型", {"劳动密集型产业": MET, LABOUR: OPEN}),
    ("制鞋厂去浙江", "n2", "劳动密集型", {"劳动密集型产业": MET, LABOUR: NOT}),
    ("芯片厂搬去合肥", "n2", "技术密集型", {"技术密集型产业": MET, CITIES: OPEN}),
    ("我们不想搬，能强迫吗", "n2", "有意愿", {"有意愿": NOT, "优质企业": OPEN}),
    ("我们愿意去贵州，带着上下游一起", "n2", "有意愿", {"有意愿": MET, "优质企业": OPEN, "中西部和东北地区": MET}),
    ("想迁到吉林长春，供应商跟着走", "n2", "有意愿", {"有意愿": MET, "中西部和东北地区": MET}),
    ("我们县符合条件，怎么申请综保区", "n8", "综合保税区", {"符合条件": MET}),
    ("要符合什么条件才能设综保区", "n8", "综合保税区", {"符合条件": OPEN}),
    ("我们这儿不符合条件", "n8", "综合保税区", {"符合条件": NOT}),
    ("能不能设综保区", "n8", "综合保税区", {"符合条件": OPEN}),
    ("做食品的能一证多址吗", "n8", "一证多址", {HEALTH: NOT}),
    ("五金厂能一证多址吗", "n8", "一证多址", {HEALTH: OPEN}),
    ("我们不做食品药品，做螺丝", "n8", "一证多址", {HEALTH: MET}),
    ("市里想设产业转移基金", "n9", "产业转移基金", {"风险可控和坚持市场化": OPEN}),
    ("我们是边境县，能跟境外那边合作吗", "n6", "有条件的边境", {"有条件": OPEN, "边境地区": MET}),
    ("我们这里是革命老区", "n4", "革命老区", {"革命老区": MET, "有条件": OPEN}),
    ("我们是资源型城市", "n4", "接续产业", {"资源型地区": MET}),
    ("我们是刚脱贫的县", "n4", "脱贫地区", {"脱贫地区": MET}),
]


@pytest.mark.parametrize(("question", "unit", "words", "expected"), OTHERS)
def test_the_conditions_of_the_guidance(
    quoting: Quoting, question: str, unit: str, words: str, expected: dict[str, ConditionState]
) -> None:
    found = {one.text: one.state for one in conditions(question, quoting.sentence(f"{MFG}{unit}", words))}

    assert expected.items() <= found.items()


REGULATION = [
    ("我们从佛山搬新线到清远", "a19.p1", {"产业转出地企业": MET}),
    ("想升级设备", "a19.p1", {"产业转出地企业": OPEN}),
    ("从湖南长沙搬到湖南永州", "a2.p1", {"本省行政区域内": NOT}),
    ("佛山搬湛江", "a2.p1", {"本省行政区域内": MET}),
    ("从佛山搬到江西", "a2.p1", {"本省行政区域内": OPEN}),
    ("研发中心怎么建", "a32", {"有条件": OPEN}),
    ("电费能降吗", "a30", {}),
    ("谁负责", "a4", {}),
]


@pytest.mark.parametrize(("question", "provision", "expected"), REGULATION)
def test_the_conditions_of_the_regulation(
    quoting: Quoting, question: str, provision: str, expected: dict[str, ConditionState]
) -> None:
    found = {one.text: one.state for one in conditions(question, quoting.citations(f"{GD}{provision}"))}

    assert expected.items() <= found.items()
    assert found.keys() == expected.keys() or expected


INCOME = "年营业收入2000万元以上的企业，可以申请备案。"
LISTED = "具备下列条件的，可以申请：（一）有固定经营场所；（二）注册资本不低于一百万元。"
# (question, text of a law that nobody has written rows for, {condition: state})
UNKNOWN = [
    ("我们一年营收3000万", INCOME, {"年营业收入2000万元以上": MET}),
    ("我们年收入500万元", INCOME, {"年营业收入2000万元以上": NOT}),
    ("怎么备案", INCOME, {"年营业收入2000万元以上": OPEN}),
    ("我们就20个人", "用工不足三十人的，可以简化手续。", {"用工不足三十人": MET}),
    ("我们有三十五名工人", "用工不足三十人的，可以简化手续。", {"用工不足三十人": NOT}),
    ("我们整体搬迁", "企业整体搬迁的，应当办理变更登记。", {"企业整体搬迁": MET}),
    ("怎么登记", "企业整体搬迁的，应当办理变更登记。", {"企业整体搬迁": OPEN}),
    ("会被罚吗", "违反本条例规定的，依法处理。未申报的，责令改正。", {}),
    ("注册资本50万元能申请吗", LISTED, {"有固定经营场所": OPEN, "注册资本不低于一百万元": NOT}),
    ("注册资本200万元能申请吗", LISTED, {"注册资本不低于一百万元": MET}),
    ("我的仓库800平方米", "面积超过500平方米的场所，应当登记。", {"面积超过500平方米": MET}),
    ("仓库多大要登记", "面积超过500平方米的场所，应当登记。", {"面积超过500平方米": OPEN}),
    ("谁管", "县级以上人民政府应当加强领导。地级以上市的部门负责实施。", {}),
    ("有什么优惠", "对招用高校毕业生的企业，按照规定给予支持。", {"招用高校毕业生": OPEN}),
    ("我们招用高校毕业生二十个", "对招用高校毕业生的企业，按照规定给予支持。", {"招用高校毕业生": MET}),
    ("要多久", "主管部门应当在三十日内作出决定。", {}),
    ("开了两年能申请吗", "经营满三年的企业，可以申请。", {"经营满三年": NOT}),
    ("经营五年了能申请吗", "经营满三年的企业，可以申请。", {"经营满三年": MET}),
    ("可以吗", "法律、行政法规另有规定的，从其规定。", {}),
    ("能设吗", "有条件的地区可以设立专项资金。", {"有条件": OPEN}),
    ("我们这儿没有条件", "有条件的地区可以设立专项资金。", {"有条件": NOT}),
]


@pytest.mark.parametrize(("question", "quote", "expected"), UNKNOWN)
def test_the_conditions_of_any_law(
    quoting: Quoting, question: str, quote: str, expected: dict[str, ConditionState]
) -> None:
    found = {one.text: one.state for one in conditions(question, quoting.invented(quote))}

    assert expected.items() <= found.items()
    assert bool(found) == bool(expected)


def test_every_condition_is_a_slice_of_the_quote_and_of_the_question(quoting: Quoting) -> None:
    for question, *_ in CUSTOMS + OTHERS:
        for provision in (f"{MFG}n2", f"{MFG}n4", f"{MFG}n8", f"{GD}a19", f"{GD}a32"):
            citations = quoting.citations(provision)
            for one in conditions(question, citations):
                cited = next(citation for citation in citations if citation.key == one.key)
                assert cited.quote[one.start - cited.start : one.end - cited.start] == one.text
                assert question[one.said_start : one.said_end] == one.said
                assert bool(one.said) or one.state is OPEN


def test_what_an_earlier_turn_said_counts(quoting: Quoting) -> None:
    cited = quoting.sentence(f"{MFG}n8", "海关信用等级")
    found = {one.text: one for one in conditions("要交什么材料", cited, history=("整厂从宁波搬到湖北",))}

    assert found[WHOLE].state is MET
    assert found[WHOLE].said_turn == "h0"
    again = {one.text: one for one in conditions("那搬到福建呢", cited, history=("整厂从宁波搬到湖北",))}
    assert (again[WHOLE].state, again[INLAND].state, again[INLAND].said_turn) == (MET, NOT, "")
