"""When an answer warns of what a rule is worth: every case was invented before the patterns were written."""

import pytest

from assistant.answering.worth import force_notice
from assistant.schema import NoticeKind, SegmentKind, text_of
from tests.answering.quoting import Quoting

GD, MFG = "gd-transfer-2025:", "mfg-transfer-2021:"
# (question, provision that the answer quotes)
WARNED = [
    ("我能凭第二十九条去找政府要钱吗", f"{GD}a29"),
    ("县里是不是必须给我们搬迁补贴", f"{GD}a29"),
    ("条例写了支持，那我就有权利拿资金了吧", f"{GD}a29.p1"),
    ("区里不给钱算不算违法", f"{GD}a29"),
    ("支持产业转移是不是就等于会给钱", f"{GD}a29"),
    ("有没有补贴可以拿", f"{GD}a29"),
    ("搬过去能不能拿到钱", f"{GD}a29"),
    ("政府给不给钱", f"{GD}a29"),
    ("他们不批地我能告他们吗", f"{GD}a28"),
    ("依据这条政府必须给我们批地对不对", f"{GD}a28"),
    ("拿着条例找财政局，他们是不是得给我拨款", f"{GD}a29"),
    ("既然说鼓励，我们搬了政府就该兑现奖励吧", f"{GD}a19"),
    ("这条是硬性规定还是提倡", f"{GD}a19"),
    ("第三十条是义务还是鼓励", f"{GD}a30"),
    ("这个指导意见有没有强制力", f"{MFG}n8"),
    ("指导意见有法律效力吗", f"{MFG}n1"),
    ("企业不照着指导意见搬，会被罚吗", f"{MFG}n2"),
    ("我们是不是必须搬去西部", f"{MFG}n2"),
    ("文件让劳动密集型往中西部转，我们不转违不违规", f"{MFG}n2"),
    ("企业可以不搬吗", f"{GD}a19"),
    ("这个文件对企业有约束力吗", f"{MFG}n2"),
    ("条例里的支持是不是就是承诺给资金", f"{GD}a10"),
    ("园区托管写了支持，上级是不是一定要同意我们托管", f"{GD}a10"),
    ("银行不给贷款，我能拿这条投诉说它违法吗", f"{GD}a29.p3"),
    ("我符合条件的话，政府有义务给我土地指标吗", f"{GD}a28"),
    ("这条算硬杠杠吗", f"{GD}a11"),
    ("人才补助按第三十三条我有资格要求发吧", f"{GD}a33"),
    ("这是强制性条款还是倡导性条款", f"{GD}a5"),
    ("“鼓励”两个字到底管不管用，算数吗", f"{GD}a19"),
    ("政策性基金是不是必须投给我们", f"{GD}a29"),
    ("写着统筹安排财政资金，给我们厂有没有份", f"{GD}a29"),
    ("搬迁费政府应不应该出", f"{GD}a29"),
    ("没拿到支持可以起诉政府吗", f"{GD}a29"),
    ("我们能要求镇政府按条例给电费补贴吗", f"{GD}a30"),
    ("海关必须按原来等级管我们吗，不认算不算违规", f"{MFG}n8"),
    ("意见说支持设综保区，我们申请是不是就得批", f"{MFG}n8"),
    ("只是引导吧，不是强制搬迁对吧", f"{MFG}n2"),
    ("政府是不是欠我们一笔扶持款", f"{GD}a29"),
    ("这规定是口号还是真要做的", f"{GD}a6"),
    ("上面写的“应当”是不是政府一定要做到", f"{GD}a30"),
    ("财政出不出钱支持这事", f"{GD}a29"),
]
PLAIN = [
    ("政府会不会帮忙降电费", f"{GD}a30"),
    ("条例支持托管园区吗", f"{GD}a10"),
    ("谁负责牵头", f"{GD}a4"),
    ("搬到江西海关等级还算数吗", f"{MFG}n8"),
    ("能不能一证多址", f"{MFG}n8"),
    ("行业协会能做什么", f"{GD}a5"),
    ("设基金谁来设", f"{GD}a29"),
    ("企业用电成本能降吗", f"{GD}a30"),
    ("劳动密集型往哪里转", f"{MFG}n2"),
    ("公平竞争审查必须做吗", f"{GD}a34"),
    ("出台招商政策之前要不要先做公平竞争审查", f"{GD}a34"),
    ("产业承接载体必须建安全制度吗", f"{GD}a14"),
    ("帮扶双方要不要建园区管理机制", f"{GD}a23"),
    ("哪些地方可以申请综保区", f"{MFG}n8"),
    ("怎么申请综合保税区", f"{MFG}n8"),
    ("产值怎么分", f"{MFG}n8"),
    ("条例什么时候生效", f"{GD}a39"),
    ("指导意见有没有有效期", f"{MFG}n1"),
    ("工人培训有人管吗", f"{GD}a33"),
    ("我们想搬去清远，有什么支持", f"{GD}a19"),
    ("用地能保障吗", f"{GD}a28"),
    ("招商引资信息怎么跟踪", f"{GD}a25"),
    ("政府怎么听企业意见", f"{GD}a35"),
    ("必须是整体搬才行吗", f"{MFG}n8"),
    ("一定要在园区里才能享受吗", f"{GD}a19"),
    ("生产环节可以单独转移吗", f"{GD}a19"),
    ("收益分成要谁批", f"{GD}a7"),
    ("物流成本能降下来吗", f"{GD}a36"),
    ("去哪里反映问题", f"{GD}a35"),
    ("我们这种贸易公司算不算产业转移", f"{GD}a2"),
    ("什么叫产业有序转移", f"{GD}a2"),
    ("我在深圳，给员工落户有没有说法", f"{GD}a33"),
    ("研发机构搬过去给支持吗", f"{GD}a32"),
    ("淘汰的高耗能项目能搬吗", f"{MFG}n2"),
    ("财政资金怎么安排", f"{GD}a29"),
    ("补贴标准是多少", f"{GD}a29"),
    ("培训费谁出", f"{GD}a33"),
    ("搬家以后旧厂的地能不能要回来再用", f"{GD}a28"),
    ("把一部分工序给外地做，支持吗", f"{GD}a19"),
    ("两个市合作建园，收益要不要分给对方", f"{GD}a7"),
]


@pytest.mark.parametrize(("question", "provision"), WARNED)
def test_a_claim_or_a_doubt_of_worth_is_answered(quoting: Quoting, question: str, provision: str) -> None:
    notice = force_notice(question, quoting.citations(provision), quoting.metadata)

    assert notice is not None
    assert notice.kind is NoticeKind.FORCE
    assert notice.text == text_of(notice.words)
    assert len("".join(one.text for one in notice.words if one.kind is SegmentKind.TEMPLATE)) <= 80


@pytest.mark.parametrize(("question", "provision"), PLAIN)
def test_a_plain_question_is_not_warned(quoting: Quoting, question: str, provision: str) -> None:
    assert force_notice(question, quoting.citations(provision), quoting.metadata) is None


def test_nothing_quoted_has_no_worth(quoting: Quoting) -> None:
    assert force_notice("我能凭这个去要钱吗", (), quoting.metadata) is None
