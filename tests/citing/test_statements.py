"""Statements in people's own words beside provisions: the tables of statements/, and what they are compared by."""

import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from assistant.citing.amounts import find_amounts
from assistant.citing.claims import compare_claim, turned_by_cut
from assistant.citing.matters import about, nearest, share, statements
from assistant.citing.offices import Role, Sort, find_offices
from assistant.citing.values import find_periods, find_ranges, is_rate
from assistant.citing.wordlists import load_words
from assistant.schema import Content

TABLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["provision"]
    for path in sorted((Path(__file__).parent / "statements").glob("*.toml"))
}
PROVISIONS = [row for rows in TABLES.values() for row in rows]
FAIR = [(said, row["text"]) for row in PROVISIONS for said in row["fair"]]
WRONG = [(said, row["text"], named) for row in PROVISIONS for said, _, named in row["wrong"]]
WAYS = {"force", "number", "negation", "subject", "scope"}


@pytest.mark.parametrize(("said", "provision"), FAIR, ids=[said for said, _ in FAIR])
def test_fair_words_contradict_nothing(said, provision):
    assert compare_claim(said, provision).reasons == ()


@pytest.mark.parametrize(("said", "provision", "named"), WRONG, ids=[said for said, _, _ in WRONG])
def test_wrong_words_are_found_and_both_sides_named(said, provision, named):
    match = compare_claim(said, provision)
    assert match.content is Content.CONTRADICTED
    assert any(named in reason for reason in match.reasons), match.reasons


def test_the_tables_are_sound():
    assert {way for row in PROVISIONS for _, way, _ in row["wrong"]} == WAYS
    said = Counter(one for row in PROVISIONS for one in (*row["fair"], *(wrong[0] for wrong in row["wrong"])))
    assert [one for one, count in said.items() if count > 1] == []
    assert len(FAIR) >= 120 and len(WRONG) >= 100


def test_a_reason_names_both_sides():
    reasons = compare_claim(
        "员工上班三个月之内签书面劳动合同就行", "用人单位应当自用工之日起一个月内订立书面劳动合同。"
    ).reasons
    assert "数字不同：条文为“一个月”，文中为“三个月”" in reasons


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("每季度公开", [(3, 0)]),
        ("每三个月报一次", [(3, 0)]),
        ("每半年一次", [(6, 0)]),
        ("半个月清洗一次", [(0, 15)]),
        ("每十五日检查", [(0, 15)]),
        ("两年做一次审计", [(24, 0)]),
        ("每学年至少演练两次", [(12, 0)]),
        ("每学期演练", [(6, 0)]),
        ("按月报送", [(1, 0)]),
        ("每周", [(0, 7)]),
        ("三年内不得申请", []),
        ("每人每亩", []),
        ("一年取水100万立方米", []),
        ("满一年未动工", []),
    ],
)
def test_how_often(text, periods):
    assert [(int(one.months), one.days) for one in find_periods(text)] == periods


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("处五千元以上三万元以下罚款", [(5_000, 30_000)]),
        ("罚1万到10万块", [(10_000, 100_000)]),
        ("20万元至100万元", [(200_000, 1_000_000)]),
        ("满一年不足五年", [(12, 60)]),
        ("三十日，五十日", []),
        ("三十日内，五万元以下", []),
        ("五万元以上，三万元以下", []),
    ],
)
def test_ranges(text, ranges):
    found = find_ranges(text, find_amounts(text))
    assert [(int(one.low.value[0]), int(one.high.value[0])) for one in found] == ranges


@pytest.mark.parametrize(("text", "rate"), [("一个月销售额", True), ("一个月内", False), ("一年，", False)])
def test_a_month_of_something_is_no_deadline(text, rate):
    amount = find_amounts(text)[0]
    assert is_rate(text, amount.start, amount.end) is rate


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("报省人民政府批准", [(Sort.GOVERNMENT, Role.APPROVES, "", "省")]),
        ("向县住建局备案", [(Sort.DEPARTMENT, Role.RECEIVES, "住房城乡建设", "县")]),
        ("由中院管辖", [(Sort.COURT, Role.ACTS, "中级", "")]),
        ("由施工单位办理", [(Sort.PARTY, Role.ACTS, "施工单位", "")]),
        ("经业主大会同意", [(Sort.ORGAN, Role.APPROVES, "业主大会", "")]),
        ("向审批机关报送", [(Sort.ORGAN, Role.RECEIVES, "", "")]),
        ("由环保局责令改正", [(Sort.DEPARTMENT, Role.ACTS, "生态环境", "")]),
        ("由公安机关交通管理部门审验", [(Sort.DEPARTMENT, Role.ACTS, "公安机关交通管理", "")]),
        ("经批准可以建设", []),
        ("政府采购", []),
    ],
)
def test_bodies_by_what_they_are_named_for(text, offices):
    found = [(one.sort, one.role, one.field, "".join(sorted(one.levels))) for one in find_offices(text)]
    assert found == offices


def test_what_a_statement_is_about():
    held = statements("许可证遗失的，应当在十五日内申请补发。电网企业应当出具书面意见。")
    (said,) = statements("许可证丢了要申请补发")
    assert nearest(said.pairs, held) is held[0]
    assert about(said.pairs, held[0]) and not about(said.pairs, held[1])
    assert share(frozenset(), said.pairs) == 0 and nearest(frozenset(), held) is None


BAN = "任何单位和个人不得以任何方式限制企业向外迁移，不得收取迁移费用。"
CARE = "鼓励商会、行业协会搭建产业转移对接交流平台。未按照规定备案的，可以责令停业整顿，并应当公告处理结果。"


@pytest.mark.parametrize(
    ("quote", "text", "before", "lost"),
    [
        ("收取迁移费用", BAN, "第五条规定：“", "不得"),
        ("收取迁移费用", BAN, "第五条说可以“", "不得"),
        ("收取迁移费用", BAN, "企业不得“", ""),
        ("收取迁移费用", BAN, "企业不得外迁，但可以，第五条：“", "不得"),
        ("迁移费用", BAN, "", ""),  # a term of the clause, 收取 stands before it
        ("不得收取迁移费用", BAN, "", ""),
        ("商会、行业协会搭建产业转移对接交流平台", CARE, "第五条：“", "鼓励"),
        ("商会、行业协会搭建产业转移对接交流平台", CARE, "鼓励“", ""),
        ("按照规定备案的", CARE, "", "未"),
        ("责令停业整顿", CARE, "", ""),  # six characters behind 可以 may be the name of a penalty
        ("公告处理结果", CARE, "", ""),  # a duty told as a fact
        ("商会、行业协会", CARE, "", ""),
        ("", BAN, "", ""),
    ],
)
def test_a_quote_that_lost_the_word_before_it(quote, text, before, lost):
    assert turned_by_cut(quote, text, before) == lost


PIECES = ["每三个月", "一年", "经", "报省", "由能源", "五万元以上", "不得", "核心区", "重点", "向", "县级"]


@pytest.mark.parametrize("piece", PIECES)
def test_endless_statements_take_no_longer_than_others(piece):
    claim, provision = piece * (2_000 // len(piece)), (piece * 5_000)[:5_000]
    begin = time.perf_counter()
    compare_claim(claim + "应当在三十日内报省人民政府批准", "县级以上人民政府" + provision)
    assert time.perf_counter() - begin < 3  # about 0.2 s


def test_the_lists_of_bodies_are_sound():
    words = load_words()
    fields = Counter(word for row in words["field"] for word in row["says"])
    assert max(fields.values()) == 1
    assert set(words["offices"]["whole"]) == {word for row in words["office"] for word in row["says"]}
    for name, says in words["plain"].items():
        assert [word for word, count in Counter(says).items() if count > 1] == [], name
