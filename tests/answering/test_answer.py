"""Answers over the project's own corpus with the shipped embedder: what is quoted, what is missing, what is refused."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.api import Assistant, open_assistant
from assistant.errors import QuestionError, SettingsError
from assistant.schema import Force, Kind, Level, NoticeKind, Status, ValidityState
from assistant.settings import Settings
from tests.conftest import ROOT

GD, MFG = "gd-transfer-2025", "mfg-transfer-2021"


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


def units(answer) -> list[str]:
    return [citation.provision.split(".")[0] for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "unit", "words"),
    [
        ("厂里电费压力大，搬过去能便宜点吗", f"{GD}:a30", "降低企业用电、用水、用气成本"),
        ("整个厂从佛山搬到湖南，海关的AEO还认吗", f"{MFG}:n8", "按照原所在地区已取得的海关信用等级实施监管"),
        ("专利被人抄了，搬过去有人保护吗", f"{GD}:a38", "加强知识产权保护"),
        ("工人的职称换个省还认不认", f"{MFG}:n9", "鼓励职业资格、职业技能等级、职称地区间互认。"),
    ],
)
def test_the_right_words_stand_first(assistant: Assistant, question: str, unit: str, words: str) -> None:
    answer = assistant.ask(question)

    assert answer.status is Status.ANSWERED
    assert units(answer)[0] == unit
    assert words in "".join(c.quote for c in answer.citations if c.provision.startswith(unit))


def test_a_quote_is_a_slice_of_the_document_and_its_mark_stands_in_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("政府设了什么基金来支持产业转移")

    assert answer.citations
    for citation in answer.citations:
        document = assistant.parsed(citation.provision.partition(":")[0]).document
        assert document.text[citation.start : citation.end] == citation.quote
        assert f"[{citation.key}]" in answer.answer
    assert all(statement.verified for statement in answer.statements)
    assert [key for statement in answer.statements for key in statement.citations] == [c.key for c in answer.citations]


@pytest.mark.parametrize(
    ("question", "provision", "label", "start", "end"),
    [
        ("第三十条讲什么", f"{GD}:a30", "第三十条", "县级以上人民政府", "用气成本。"),
        ("条例第二十九条第二款", f"{GD}:a29.p2", "第二十九条第二款", "省人民政府依法设立", "产业有序转移。"),
        ("指导意见第七部分", f"{MFG}:n7", "第七部分", "推进产业链供应链", "孵化转化。"),
        ("39条", f"{GD}:a39", "第三十九条", "本条例自2025年3月1日起施行。", "施行。"),
        ("指导意见结尾段怎么写", f"{MFG}:closing", "结尾段", "各地工业和信息化主管部门", "落到实处。"),
    ],
)
def test_a_named_provision_is_quoted_whole(
    assistant: Assistant, question: str, provision: str, label: str, start: str, end: str
) -> None:
    answer = assistant.ask(question)

    assert answer.status is Status.ANSWERED
    [citation] = answer.citations
    assert (citation.provision, citation.label) == (provision, label)
    assert citation.quote.startswith(start)
    assert citation.quote.endswith(end)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("条例第四十五条怎么规定的", "第四十五条（《广东省促进产业有序转移条例》到第三十九条为止，没有第四十五条）"),
        ("指导意见第十二部分", "第十二部分（《关于促进制造业有序转移的指导意见》到第九部分为止，没有第十二部分）"),
        ("民法典第五百条怎么说", "《中华人民共和国民法典》第五百条（正文未收录）"),
        ("《某某省招商办法》第三条", "《某某省招商办法》第三条（正文未收录）"),
    ],
)
def test_what_does_not_exist_is_said_not_to_exist(assistant: Assistant, question: str, missing: str) -> None:
    answer = assistant.ask(question)

    assert answer.status is Status.ABSTAINED
    assert answer.missing == (missing,)
    assert answer.citations == ()
    assert len(answer.nearest) == 3


def test_a_missing_paragraph_leads_to_its_article(assistant: Assistant) -> None:
    answer = assistant.ask("广东条例第五条第六款")

    assert answer.status is Status.PARTIAL
    assert answer.missing == ("第五条第六款（没有这一款或这一项）",)
    assert units(answer) == [f"{GD}:a5"]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("老公出轨离婚孩子判给谁", "婚姻家庭（您问的是“老公出轨离婚孩子判给谁”）"),
        ("被狗咬了找谁赔", "宠物、邻里（您问的是“被狗咬了找谁赔”）"),
        ("楼上天天半夜唱戏吵死人", "楼上天天半夜唱戏吵死人"),
        ("我前男友一直跟踪我怎么办？", "我前男友一直跟踪我怎么办"),
        ("asdf qwer 1234 !!!", "asdf qwer 1234"),  # noise is near something, too
        ("😀😀", "😀😀"),
    ],
)
def test_what_nothing_speaks_to_is_abstained_from(assistant: Assistant, question: str, missing: str) -> None:
    answer = assistant.ask(question)

    assert answer.status is Status.ABSTAINED
    assert answer.missing == (missing,)
    assert answer.citations == answer.statements == ()
    assert len(answer.nearest) == 3
    assert "没有找到依据" in answer.answer


def test_a_fact_that_is_not_in_the_documents_is_named_and_the_rule_is_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("搬到承接地以后用电一度电多少钱")

    assert answer.status is Status.PARTIAL
    [missing] = answer.missing
    assert missing.startswith("具体电价、水价、气价")
    assert "用电一度电多少钱" in missing
    assert units(answer)[0] == f"{GD}:a30"


def test_force_and_validity_stand_beside_the_quote(assistant: Assistant) -> None:
    [citation] = assistant.ask("条例第三条第三款", as_of=date(2026, 1, 1)).citations

    assert citation.force[0] is Force.DUTY
    assert citation.validity.state is ValidityState.IN_FORCE
    assert citation.validity.since == date(2025, 3, 1)
    assert citation.jurisdiction == "440000"


def notices(kind: NoticeKind) -> Callable[[object], list[str]]:
    return lambda answer: [notice.text for notice in answer.notices if notice.kind is kind]


def test_a_date_before_the_regulation_is_noticed(assistant: Assistant) -> None:
    early = assistant.ask("条例第三十条", as_of=date(2025, 2, 28))
    late = assistant.ask("条例第三十条", as_of=date(2025, 3, 1))

    assert notices(NoticeKind.TIME)(early) == ["《广东省促进产业有序转移条例》尚未施行，自2025年3月1日起施行"]
    assert notices(NoticeKind.TIME)(late) == []


@pytest.mark.parametrize(
    ("region", "noticed"), [("湖南", True), ("430000", True), ("广东", False), ("440600", False), ("", False)]
)
def test_another_province_is_noticed(assistant: Assistant, region: str, noticed: bool) -> None:
    found = notices(NoticeKind.JURISDICTION)(assistant.ask("条例第三十条", region=region))

    assert bool(found) is noticed
    assert notices(NoticeKind.JURISDICTION)(assistant.ask("指导意见第八部分", region=region)) == []


def test_a_rule_of_another_province_does_not_answer_and_that_is_said(assistant: Assistant) -> None:
    ours = assistant.ask("企业用电成本能不能降", region="佛山南海")
    theirs = assistant.ask("企业用电成本能不能降", region="长沙")

    assert units(ours)[0] == f"{GD}:a30"
    assert notices(NoticeKind.JURISDICTION)(ours) == []
    assert not [unit for unit in units(theirs) if unit.startswith(GD)]
    assert "没有采用：《广东省促进产业有序转移条例》第三十条适用于广东省，不适用于湖南省长沙市" in notices(
        NoticeKind.JURISDICTION
    )(theirs)
    assert "注意：没有采用：《广东省促进产业有序转移条例》第三十条" in theirs.answer


def test_a_place_in_the_question_counts_as_a_place_told(assistant: Assistant) -> None:
    assert not [unit for unit in units(assistant.ask("厂从长沙搬到株洲，用电成本能降吗")) if unit.startswith(GD)]
    assert units(assistant.ask("厂从长沙搬到韶关，用电成本能降吗"))[0] == f"{GD}:a30"


def test_a_move_out_of_the_province_is_said_to_be_unsettled_with_the_words_that_come_nearest(
    assistant: Assistant,
) -> None:
    out = notices(NoticeKind.JURISDICTION)(assistant.ask("厂从佛山搬到长沙，用电成本能降吗"))
    within = notices(NoticeKind.JURISDICTION)(assistant.ask("厂从佛山搬到韶关，用电成本能降吗"))

    [text] = out
    assert text.startswith(
        "《广东省促进产业有序转移条例》适用于广东省。转到湖南省长沙市算不算其中的产业有序转移，第二条第二款"
    )
    assert text.endswith("（“促进优化全省产业空间布局”）没有写明，不能据此推定可以享受其中的支持")
    assert within == []


def test_what_is_read_out_says_where_and_when_the_rule_does_not_apply(assistant: Assistant) -> None:
    elsewhere = assistant.ask("条例第三十条", region="长沙").spoken
    early = assistant.ask("条例第三十条", as_of=date(2025, 2, 28)).spoken

    assert "请注意，" in elsewhere and "适用于广东省，不适用于湖南省长沙市" in elsewhere
    assert "请注意，" in early and "自二〇二五年三月一日起施行" in early
    assert "当地" not in elsewhere  # its bodies are not the caller's
    assert "请注意" not in assistant.ask("条例第三十条", region="佛山").spoken


def test_a_regulation_that_was_not_in_force_does_not_answer_and_that_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("企业用电成本能不能降", as_of=date(2025, 2, 28))

    assert not [unit for unit in units(answer) if unit.startswith(GD)]
    assert "没有采用：《广东省促进产业有序转移条例》第三十条自2025年3月1日起施行，在2025年2月28日尚未施行" in notices(
        NoticeKind.TIME
    )(answer)


def test_a_provision_that_is_named_is_shown_though_it_is_not_of_the_kind_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("条例第三十条", kinds=[Kind.POLICY], levels=[Level.LAW])

    assert units(answer) == [f"{GD}:a30"]
    assert notices(NoticeKind.METADATA)(answer) == [
        "《广东省促进产业有序转移条例》属于法规，不是所选的文件种类",
        "《广东省促进产业有序转移条例》是地方性法规，不是所选的位阶",
    ]


def test_a_version_that_is_not_held_is_missing(assistant: Assistant) -> None:
    answer = assistant.ask("条例2019年版第三十条怎么说")

    assert answer.status is Status.PARTIAL
    assert "《广东省促进产业有序转移条例》2019年的版本（正文未收录）" in answer.missing


@pytest.mark.parametrize(
    "question",
    [
        "厂里电费压力大，搬过去能便宜点吗",
        "指导意见第三部分",
        "老公出轨离婚孩子判给谁",
        "条例第四十五条",
        "一亩地补多少钱",
    ],
)
def test_the_spoken_version_is_short_and_whole(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    assert 10 < len(answer.spoken) <= 150
    assert answer.spoken.startswith("您好，")
    assert answer.spoken[-1] in "。；"


@pytest.mark.parametrize("question", ["", "  \n", "长" * 4001])
def test_a_question_that_is_none_gets_one_line(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="问题"):
        assistant.ask(question)


def test_an_unknown_region_gets_one_line(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="不认识的地区“火星”"):
        assistant.ask("电费", region="火星")


def test_the_page_counts_what_was_searched(assistant: Assistant) -> None:
    assert assistant.ask("电费").searched == 2
    assert assistant.ask("电费", region="长沙").searched == 1
    assert assistant.ask("电费", kinds=[Kind.CATALOGUE]).searched == 0
