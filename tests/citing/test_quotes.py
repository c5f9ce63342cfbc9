import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.citing.comparable import Comparable, fold
from assistant.citing.quotes import (
    MAX_ALIGNED,
    MAX_QUOTE,
    MIN_PIECE,
    difference,
    fold_quote,
    spliced,
    stands_in,
)
from assistant.schema import EditKind

CORPUS = Path(__file__).parents[2] / "corpus"


@cache
def gd(number: str) -> str:
    """Article `number` (三十) of the regulation, as its file has it."""
    text = (CORPUS / "gd-transfer-2025.txt").read_text(encoding="utf-8")
    found = re.search(rf"\]第{number}条　(.*?)(?=\n*\[bookmark|\s*$)", text, re.S)
    assert found is not None, number
    return found[1]


# Texts in which what is folded, cut and searched for is common.
WRITING = st.text(
    st.sampled_from("甲乙丙丁戊应当可以不得，。；、：“”‘’「」\"'…. 　\n\u200b\ufeff１1％%（()）ａa①㈠\ud800"),
    max_size=60,
)
ANY = st.one_of(st.text(max_size=60), WRITING)


@pytest.mark.parametrize(
    ("text", "folded", "comment"),
    [
        ("减免 １０％", "减免10%", "space and width"),
        ("“甲”‘乙’「丙」『丁』﹃戊﹄〝己〞\"庚\"'辛'＂壬＂", "甲乙丙丁戊己庚辛壬", "quotation marks"),
        ("甲\u200b乙\ufeff丙\u2060丁\u00ad戊\ufe0f", "甲乙丙丁戊", "what nobody sees"),
        ("甲\n乙\t丙\u3000丁\u00a0戊", "甲乙丙丁戊", "white space"),
        ("甲,乙;丙:丁(戊)", "甲，乙；丙：丁（戊）", "punctuation is Chinese"),
        ("《甲》〈乙〉", "《甲》〈乙〉", "marks of titles stay"),
        ("二○二五", "二〇二五", "the circle that typists use"),
        ("⽤地", "用地", "a radical for its character, as PDFs have it"),
        ("甲……乙", "甲......乙", "an ellipsis is six points"),
        ("", "", "nothing"),
    ],
)
def test_what_is_set_aside(text, folded, comment):
    assert fold(text) == folded
    assert Comparable.of(text).text == folded


@given(ANY)
def test_every_folded_character_comes_from_its_place(text):
    held = Comparable.of(text)
    assert len(held.places) == len(held.text)
    assert list(held.places) == sorted(held.places)
    for at, place in enumerate(held.places):
        assert held.text[at] in fold(text[place])
    for at in range(len(text)):
        assert fold(text[at]) == "".join(one for one, place in zip(held.text, held.places, strict=True) if place == at)
    assert fold(held.text) == held.text
    first, last = held.span(0, len(held.text))
    assert fold(text[first:last]) == held.text


@pytest.mark.parametrize(
    ("quote", "text", "found", "comment"),
    [
        ("应当协调能源供应", "政府应当协调能源供应，依法保障", "应当协调能源供应", "plain"),
        ("应当协调能源供应。", "政府应当协调能源供应，依法保障", "应当协调能源供应", "another mark at the end"),
        ("应当协调 能源\n供应", "政府应当协调能源供应", "应当协调能源供应", "white space in the quote"),
        ("应当协调能源供应", "政府应当\n协调“能源”供应", "应当\n协调“能源”供应", "white space and marks in the text"),
        ("减免１０％", "可以减免10%。", "减免10%", "width"),
        ("政府…依法保障", "政府应当协调能源供应，依法保障", "政府应当协调能源供应，依法保障", "words left out"),
        (
            "政府......供应，……保障",
            "政府应当协调能源供应，依法保障",
            "政府应当协调能源供应，依法保障",
            "twice, and the comma",
        ),
        ("……能源供应……", "政府应当协调能源供应，依法保障", "能源供应", "at both ends"),
        ("依法保障…政府", "政府应当协调能源供应，依法保障", None, "the wrong order"),
        ("供应…供应", "政府应当协调能源供应", None, "each piece once"),
        ("可以协调能源供应", "政府应当协调能源供应", None, "one word"),
        ("", "政府应当", None, "empty"),
        ("……。", "政府应当", None, "no words"),
        ("政府", "", None, "no text"),
        ("甲…乙", "见甲…乙两地", "甲…乙", "an ellipsis that the text has itself"),
    ],
)
def test_a_quote_stands_to_the_letter(quote, text, found, comment):
    span = stands_in(quote, text)
    assert (None if span is None else text[slice(*span)]) == found


@given(ANY, ANY, ANY)
def test_what_is_in_a_text_stands_in_it(before, quote, after):
    text = before + quote + after
    span = stands_in(quote, text)
    if not fold_quote(quote):
        assert span is None
        return
    assert span is not None
    assert 0 <= span[0] < span[1] <= len(text)
    if "…" not in quote and "..." not in fold(quote) and "。。。" not in quote:
        assert fold_quote(text[slice(*span)]) == fold_quote(quote)


@pytest.mark.parametrize(
    ("quote", "text", "expected", "changed", "comment"),
    [
        (
            "县级以上人民政府可以协调能源供应",
            gd("三十"),
            None,
            {("added", "可以"), ("dropped", "及有关部门应当")},
            "one word, and some left out",
        ),
        (
            "采取减少供应层级等措施降低企业用电、用气成本",
            gd("三十"),
            "采取减少供应层级等措施降低企业用电、用水、用气成本",
            {("dropped", "、用水")},
            "an item left out",
        ),
        (
            "省政府依法设立支持产业有序转移的政策性基金。",
            gd("二十九"),
            "省人民政府依法设立支持产业有序转移的政策性基金",
            {("dropped", "人民")},
            "the beginning differs, its clause is whole",
        ),
        (
            "本条例自2025年5月1日起施行",
            gd("三十九"),
            "本条例自2025年3月1日起施行",
            {("added", "5"), ("dropped", "3")},
            "date",
        ),
        ("本条例自2025年3月1日起施行", gd("三十九"), "本条例自2025年3月1日起施行", set(), "the same"),
        ("abcdef", gd("三十九"), "", {("added", "abcdef")}, "nothing in common"),
    ],
)
def test_the_nearest_words_and_what_differs(quote, text, expected, changed, comment):
    found = difference(quote, text)
    if expected is not None:
        assert found.expected == expected
    assert {(edit.kind.value, edit.text) for edit in found.edits if edit.kind is not EditKind.SAME} >= changed
    assert (found.similarity == 1.0) == (not changed)


def test_an_item_left_out_is_shown_with_its_mark():
    # 用水、 is as right, but 水、用 would not be read
    found = difference("降低企业用电、用气成本", "降低企业用电、用水、用气成本。")
    assert [(edit.kind.value, edit.text) for edit in found.edits] == [
        ("same", "降低企业用电"),
        ("dropped", "、用水"),
        ("same", "、用气成本"),
    ]


def test_similarity_is_of_the_characters_in_common():
    # 协调能源供应 (6) in common; 8 characters against 8: 2 × 6 / 16
    assert difference("可以协调能源供应", "应当协调能源供应").similarity == 0.75


def test_a_long_quote_is_found_where_it_comes_from():
    articles = [gd(number) for number in ("三", "四", "八", "二十九", "三十三", "三十六", "三十七")]
    text = "\n".join(articles)
    quote = gd("三十三").replace("应当支持", "可以支持")
    assert len(quote) > MAX_ALIGNED
    found = difference(quote, text)
    assert fold_quote(found.expected) == fold_quote(gd("三十三"))
    assert [edit.text for edit in found.edits if edit.kind is not EditKind.SAME] == ["可以", "应当"]


@given(ANY, ANY)
@example("甲" * 120, "乙" * 200 + "甲" * 60)
@example("甲乙" * 80, "乙甲" * 300)
def test_the_edits_rebuild_both_sides(quote, text):
    found = difference(quote, text)
    assert 0.0 <= found.similarity <= 1.0
    assert text[found.start : found.start + len(found.expected)] == found.expected
    for kind, folded in ((EditKind.ADDED, fold_quote(quote)), (EditKind.DROPPED, fold(found.expected))):
        assert "".join(edit.text for edit in found.edits if edit.kind in (EditKind.SAME, kind)) == folded
    assert all(edit.text for edit in found.edits)


A29, A30, A35 = gd("二十九"), gd("三十"), gd("三十五")


@pytest.mark.parametrize(
    ("quote", "keys", "comment"),
    [
        ("县级以上人民政府及有关部门应当协调能源供应，引导社会资本参与产业有序转移。", ("a30", "a29"), "two"),
        (
            "引导社会资本参与产业有序转移，依法保障产业承接载体、产业转移项目的能源需求",
            ("a29", "a30"),
            "the other order",
        ),
        ("应当协调能源供应。引导社会资本参与产业有序转移。并依法处理", (), "an end too short to say anything"),
        (
            "应当协调能源供应，引导社会资本参与产业有序转移，采取多种方式及时听取产业转移相关经营主体的意见",
            ("a30", "a29", "a35"),
            "three",
        ),
        ("应当协调能源供应……引导社会资本参与产业有序转移", ("a30", "a29"), "an ellipsis at the joint"),
        ("县级以上人民政府及有关部门应当协调能源供应", (), "one text has it all"),
        ("县级以上人民政府及有关部门应当协调能源供应，企业电费一律打五折优惠", (), "words of nobody"),
        ("应当协调能源供应，降低企业用电、用水、用气成本", (), "both from one text: words left out, not spliced"),
        ("能源供应", (), "too short"),
        ("", (), "empty"),
    ],
)
def test_a_spliced_quote_names_its_sources(quote, keys, comment):
    assert spliced(quote, {"a29": A29, "a30": A30, "a35": A35}) == keys


@given(ANY, st.dictionaries(st.sampled_from("abcd"), ANY))
def test_sources_are_different_texts_that_share_the_ends(quote, texts):
    keys = spliced(quote, texts)
    assert len(keys) in (0, 2, 3)
    assert len(set(keys)) == len(keys)
    if keys:
        whole = fold_quote(quote)
        assert whole[:MIN_PIECE] in fold(texts[keys[0]])
        assert whole[-MIN_PIECE:] in fold(texts[keys[-1]])


def test_an_endless_quote_is_not_compared():
    found = difference("甲乙" * MAX_QUOTE, "甲乙" * 40)
    assert (found.similarity, found.expected) == (0.0, "")
    assert [edit.kind for edit in found.edits] == [EditKind.ADDED]
