from dataclasses import replace

from assistant.schema import AnswerPart, Remark, Statement, Status
from assistant.serving.arrange import missing_of, sections_of, worth_words
from tests.serving.examples import answer

ONE, TWO, BOTH = Statement("甲", (1,), True), Statement("乙", (2,), True), Statement("丙", (1, 2), True)
ON_ONE, ON_TWO, ON_BOTH, ON_NONE = Remark((1,), "a"), Remark((2,), "b"), Remark((1, 2), "c"), Remark((), "d")
REMARKS = (ON_ONE, ON_TWO, ON_BOTH, ON_NONE)


def part(text: str, citations: tuple[int, ...], missing: tuple[str, ...] = ()) -> AnswerPart:
    status = Status.ABSTAINED if not citations else Status.PARTIAL if missing else Status.ANSWERED
    return AnswerPart(text, 0, len(text), status, citations, missing)


def test_a_remark_follows_the_last_rule_it_is_about() -> None:
    (section,) = sections_of(replace(answer(), statements=(ONE, TWO), remarks=REMARKS))
    assert section.part is None
    assert section.said == (ONE, ON_ONE, TWO, ON_TWO, ON_BOTH, ON_NONE)


def test_a_remark_on_what_is_not_quoted_comes_last() -> None:
    (section,) = sections_of(replace(answer(), statements=(ONE,), remarks=(ON_TWO, ON_ONE)))
    assert section.said == (ONE, ON_ONE, ON_TWO)


def test_what_was_not_verified_is_in_no_section() -> None:
    doubtful = replace(TWO, verified=False)
    (section,) = sections_of(replace(answer(), statements=(ONE, doubtful), remarks=()))
    assert section.said == (ONE,)


def test_parts_keep_their_order_and_a_sentence_stands_once() -> None:
    parts = (part("甲怎么办，", (1,)), part("乙呢？", (1, 2), ("金额",)), part("丁", (), ("丁",)))
    sections = sections_of(replace(answer(), statements=(ONE, TWO), remarks=REMARKS, parts=parts))
    assert [one.title for one in sections] == ["甲怎么办", "乙呢？", "丁", ""]
    assert [one.said for one in sections] == [(ONE, ON_ONE), (TWO, ON_TWO, ON_BOTH), (), (ON_NONE,)]
    assert [one.again for one in sections] == [(), (1,), (), ()]
    assert [one.missing for one in sections] == [(), ("金额",), (), ()]  # a part without a ground repeats no words


def test_a_sentence_of_no_part_comes_after_all_parts() -> None:
    sections = sections_of(replace(answer(), statements=(ONE, TWO), remarks=(), parts=(part("甲", (1,)),)))
    assert [one.said for one in sections] == [(ONE,), (TWO,)]


def test_what_a_part_lacks_is_not_said_again_for_the_whole() -> None:
    parts = (part("甲", (1,), ("金额",)), part("丁", (), ("丁",)))
    assert missing_of(replace(answer(), missing=("金额", "丁", "电话"), parts=parts)) == ("电话",)


def test_what_stands_before_a_remark() -> None:
    assert [worth_words(one) for one in (ON_ONE, ON_BOTH, ON_NONE)] == ["这条规定意味着", "合起来看", "说明"]
