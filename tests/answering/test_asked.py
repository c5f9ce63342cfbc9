import pytest

from assistant.answering.asked import asked_facts, facts_asked, facts_missing


@pytest.mark.parametrize(
    ("question", "keys", "comment"),
    [
        ("搬过去电价多少钱一度", {"power_price", "amount"}, "a price of power is an amount, too"),
        ("到底能补多少钱", {"amount"}, "an amount"),
        ("一亩地多少万", {"amount"}, "an amount for land"),
        ("税收返还比例是多少", {"discount"}, "a rate"),
        ("批下来要几个工作日", {"deadline"}, "a deadline"),
        ("找谁，电话给一个", {"phone"}, "a phone number"),
        ("要交哪些材料", {"materials"}, "papers"),
        ("怎么申请", {"procedure"}, "a procedure"),
        ("名单在哪", {"list"}, "a list"),
        ("建研发中心能拿多少补贴", {"amount"}, "how much of a subsidy"),
        ("所得税降到几个点", {"discount"}, "points are a rate"),
        ("座谈会一年开几次", {"frequency"}, "a number of times"),
        ("设备用了十几年了想换", set(), "十几年 tells, it does not ask"),
        ("一个执照挂好几个地址行不行", set(), "addresses are spoken of, not asked for"),
        ("省政府要设基金吗", set(), "yes or no asks for none of these"),
        ("第三十条讲什么", set(), "the text of an article"),
        ("有多少个部门参与不重要，谁牵头", set(), "多少 of something else"),
    ],
)
def test_facts_asked(question: str, keys: set[str], comment: str) -> None:
    assert {fact.key for fact in facts_asked(question)} == keys, comment


@pytest.mark.parametrize(
    ("question", "evidence", "missing"),
    [
        ("罚多少钱", "处一万元以上五万元以下罚款。", ()),
        ("罚多少钱", "依法给予处罚。", ("具体金额",)),
        ("几天批完", "自受理之日起二十个工作日内作出决定。", ()),
        ("几天批完", "应当及时办理。", ("具体期限",)),
        ("税率是多少", "税率为百分之十五。", ()),
        ("园区名单有哪些", "省产业园区、高新技术产业开发区。", ("具体名单",)),
    ],
)
def test_facts_missing(question: str, evidence: str, missing: tuple[str, ...]) -> None:
    assert tuple(fact.name for fact in facts_missing(question, [evidence])) == missing


def test_the_table_is_well_formed() -> None:
    facts = asked_facts()
    assert len({fact.key for fact in facts}) == len({fact.name for fact in facts}) == len(facts) >= 8
    assert all(fact.asks for fact in facts)
