"""What a quoted rule is said to be worth."""

import pytest

from assistant.answering.bodies import sentences_of, subject_of
from assistant.answering.worth import MAX_REMARKS, remarks
from assistant.schema import Force, SegmentKind, text_of
from tests.answering.quoting import Quoting

GD, MFG = "gd-transfer-2025:", "mfg-transfer-2021:"

# (provision, words that must stand in the remark)
SAID = [
    ("gd-transfer-2025:a30", ("第三十条", "县级以上人民政府及有关部门", "义务", "地方性法规", "没有写明具体数额")),
    ("gd-transfer-2025:a3.p1", ("“省人民政府”", "义务")),
    ("gd-transfer-2025:a28.p2", ("“产业承接地地级以上市、县级人民政府”", "义务")),
    ("gd-transfer-2025:a4.p2", ("“县级以上人民政府发展改革…等部门”", "义务")),
    ("gd-transfer-2025:a14.p2", ("“产业承接载体”", "义务")),
    ("gd-transfer-2025:a24", ("“产业帮扶协作双方”", "义务")),
    ("gd-transfer-2025:a34.p2", ("“起草涉及产业有序转移的政策措施”", "应当")),
    ("gd-transfer-2025:a10.p2", ("“支持”", "“产业承接地”", "不等于给予资金的承诺")),
    ("gd-transfer-2025:a19.p1", ("“鼓励”", "“产业转出地企业”", "不是必须做")),
    ("gd-transfer-2025:a29.p2", ("“省人民政府”", "地方性法规")),
    ("gd-transfer-2025:a2.p1", ("适用范围",)),
    ("gd-transfer-2025:a2.p2", ("含义",)),
    ("gd-transfer-2025:a39", ("施行",)),
    ("mfg-transfer-2021:n9", ("规范性文件", "本身不直接给企业设定权利义务")),
    ("mfg-transfer-2021:closing", ("“各地工业和信息化主管部门”", "工作部署")),
]


@pytest.mark.parametrize(("provision", "expected"), SAID)
def test_whose_rule_it_is(quoting: Quoting, provision: str, expected: tuple[str, ...]) -> None:
    cited = quoting.citations(provision)
    (remark,) = remarks(cited, quoting.provisions(cited), quoting.metadata)

    assert all(words in remark.text for words in expected), remark.text
    assert remark.text == text_of(remark.words)


def test_a_sentence_of_ours_is_short_and_a_guidance_is_never_called_worthless(quoting: Quoting) -> None:
    ids = [f"{GD}a{number}" for number in range(1, 40)] + [f"{MFG}n{number}" for number in range(1, 10)]
    for one in ids:
        cited = quoting.citations(one)
        for remark in remarks(cited, quoting.provisions(cited), quoting.metadata):
            ours = "".join(segment.text for segment in remark.words if segment.kind is SegmentKind.TEMPLATE)
            assert len(ours) <= 60, remark.text
            assert "无效" not in remark.text
            assert "没有效力" not in remark.text
            for segment in remark.words:
                if segment.kind is SegmentKind.QUOTE:
                    inside = cited[0].quote[segment.start - cited[0].start : segment.end - cited[0].start]
                    assert inside == segment.text


def test_citations_that_say_the_same_share_a_remark(quoting: Quoting) -> None:
    cited = quoting.citations(f"{GD}a36.p1", f"{GD}a36.p2", f"{GD}a30", f"{GD}a10.p1", f"{GD}a19.p1", f"{MFG}n9")
    made = remarks(cited, quoting.provisions(cited), quoting.metadata)

    assert made[0].citations == (1, 2, 3)
    assert len(made) == MAX_REMARKS
    assert "《广东省促进产业有序转移条例》" in made[0].text


@pytest.mark.parametrize(
    ("sentence", "force", "expected"),
    [
        ("因工程建设的，县级人民政府依法应当公告。", Force.DUTY, "县级人民政府"),
        ("用人单位不得扣押证件。", Force.PROHIBITION, "用人单位"),
        ("当事人可以申请复议。", Force.POWER, "当事人"),
        ("企业整体搬迁的，应当办理变更登记。", Force.DUTY, "企业整体搬迁"),
        ("国务院有关部门（含直属机构）按照规定应当备案。", Force.DUTY, "国务院有关部门（含直属机构）"),
        ("应当公开。", Force.DUTY, ""),
    ],
)
def test_who_stands_before_the_word_of_force(sentence: str, force: Force, expected: str) -> None:
    named = subject_of(sentence, sentences_of(sentence)[0], force)

    assert "".join(sentence[start:end] for start, end in named.spans) == expected
