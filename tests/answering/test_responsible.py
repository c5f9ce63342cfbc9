"""Who a quoted provision makes responsible. Quotes are those of the two founding documents where a number stands."""

import re
from pathlib import Path

import pytest

from assistant.answering.responsible import responsible_body

CORPUS = Path(__file__).parents[2] / "corpus"

CASES = [
    ("第三条　省人民政府应当加强对产业有序转移促进工作的领导", "省人民政府", "第三条"),
    (
        "产业转出地地级以上市、县级人民政府应当支持、引导产业有序转移",
        "产业转出地地级以上市、县级人民政府",
        "第三条第三款: 、 stands inside a subject",
    ),
    ("第四条　县级以上人民政府确定的部门负责统筹协调本行政区域内", "县级以上人民政府确定的部门", "第四条: 负责"),
    (
        "县级以上人民政府发展改革、科技、投资促进等部门，应当按照各自职责做好相关工作。",
        "县级以上人民政府发展改革、科技、投资促进等部门",
        "第四条第二款: a comma in front of 应当",
    ),
    ("第十四条　产业承接载体应当建立健全管理体制机制。", "", "第十四条: no public body"),
    ("支持产业承接地和产业转出地创新跨区域产业合作模式。", "", "第十条: no duty"),
    ("采取减少供应层级等措施降低企业用电成本。", "", "a quote without its subject"),
    ("企业应当申报。县级人民政府应当受理。", "县级人民政府", "the first duty is the enterprise's"),
    ("企业整体搬迁的，税务局应当办理。", "税务局", "after a condition"),
    ("省人民政府依法应当公开。", "省人民政府", "an adverb between"),
    ("由省发展改革部门负责解释。", "省发展改革部门", "由"),
    ("主要负责人依法承担责任。", "", "负责人 is no duty"),
    ("有关部门对应当淘汰的产能予以公告。", "", "应当 as an attribute"),
    ("产业布局应当符合规划。", "", "布局 is no bureau"),
    ("上述材料全部应当提交。", "", "全部 is no ministry"),
    ("财政部应当会同有关部门制定办法。", "财政部", "a ministry"),
    ("根据需要，国务院应当公布名录。", "国务院", "an adverbial with comma"),
    ("根据本条例省人民政府应当公布。", "", "an adverbial without comma: rather nothing than a wrong cut"),
    ("金融机构应当加大支持。", "", "no public body"),
    ("（一）海关应当实施监管；", "海关", "an item"),
    ("第一百二十条之一　县级人民政府应当公示。", "县级人民政府", "之一"),
    ("", "", "nothing"),
    ("应当", "", "nothing before it"),
    ("甲" * 200 + "部门应当受理。", "", "too long to be a name"),
]


@pytest.mark.parametrize(("quote", "expected", "comment"), CASES, ids=[case[2] for case in CASES])
def test_responsible_body(quote, expected, comment):
    assert responsible_body(quote) == expected


def test_words_are_never_made_up():
    text = re.sub(r"^ ?\[bookmark: [^\]]*\]", "", (CORPUS / "gd-transfer-2025.txt").read_text("utf-8"), flags=re.M)
    found = [body for line in text.splitlines() if (body := responsible_body(line))]
    assert len(found) > 20
    for body in found:
        assert f"{body}应当" in text or f"{body}，应当" in text or f"{body}负责" in text, body
        assert "，" not in body and "。" not in body
