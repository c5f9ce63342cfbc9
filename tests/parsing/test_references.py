import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parsing.labels import render_label
from assistant.parsing.references import find_references

NAMED = [
    # text, what is named, comment
    ("第三十条讲什么", [("第三十条", "a30")], "plain"),
    ("第30条", [("第30条", "a30")], "Arabic"),
    ("第３０条第２款", [("第３０条第２款", "a30.p2")], "full-width"),
    ("第 29 条第2款", [("第 29 条第2款", "a29.p2")], "inner spaces"),
    ("第二十九条的第二款", [("第二十九条的第二款", "a29.p2")], "的 between"),
    ("《条例》第十条第二款第（三）项", [("第十条第二款第（三）项", "a10.p2.i3")], "款 and 项"),
    ("第十条第二款第三项", [("第十条第二款第三项", "a10.p2.i3")], "项 without brackets"),
    ("第十条第（三）项", [("第十条第（三）项", "a10.p1.i3")], "项 without 款: of the first"),
    ("第十条第三项第1目", [("第十条第三项第1目", "a10.p1.i3.k1")], "目"),
    ("第一百二十条之一第二款", [("第一百二十条之一第二款", "a120-1.p2")], "之一"),
    ("第十条之一 2025年", [("第十条之一", "a10-1")], "a number behind 之一"),
    ("第120条之1", [("第120条之1", "a120-1")], "之1"),
    ("39条", [("39条", "a39")], "without 第, alone"),
    ("39条讲什么", [("39条讲什么"[:3], "a39")], "without 第, asked"),
    ("条例39条规定了什么", [("39条", "a39")], "without 第, behind a document"),
    ("39条和40条", [("39条", "a39"), ("40条", "a40")], "without 第, a list"),
    ("条例三十条", [("三十条", "a30")], "Chinese without 第, behind a document"),
    ("三十条第二款", [("三十条第二款", "a30.p2")], "Chinese without 第, with a 款"),
    ("第八条、第十条", [("第八条", "a8"), ("第十条", "a10")], "a list"),
    ("第八、九、十条", [("第八", "a8"), ("九", "a9"), ("十条", "a10")], "a list under one 条"),
    ("第十条第一、二款", [("第十条第一", "a10.p1"), ("二款", "a10.p2")], "a list of 款"),
    ("第十条第二款、第三款", [("第十条第二款", "a10.p2"), ("第三款", "a10.p3")], "the article left out"),
    (
        "第十条第（一）项、第（三）项",
        [("第十条第（一）项", "a10.p1.i1"), ("第（三）项", "a10.p1.i3")],
        "the same with 项",
    ),
    ("第八条至第十条", [("第八条", "a8"), ("第八条至第十条", "a9"), ("第十条", "a10")], "a range"),
    ("第8条-第10条", [("第8条", "a8"), ("第8条-第10条", "a9"), ("第10条", "a10")], "a range with a dash"),
    ("第八至十条", [("第八", "a8"), ("第八至十条", "a9"), ("十条", "a10")], "a range under one 条"),
    (
        "第十条第（一）至（三）项",
        [("第十条第（一）", "a10.p1.i1"), ("（一）至（三）", "a10.p1.i2"), ("（三）项", "a10.p1.i3")],
        "a range of 项",
    ),
    ("第一条至第九千条", [("第一条", "a1"), ("第九千条", "a9000")], "a range too long to be meant: its ends"),
    ("第七部分", [("第七部分", "n7")], "a part"),
    ("第七部分（二）第3点", [("第七部分（二）第3点", "n7.h2.t3")], "below a part"),
    ("第九部分第2自然段", [("第九部分第2自然段", "n9.p2")], "a paragraph of a part"),
    ("八、", [("八、", "n8")], "八、 alone"),
    ("指导意见八、讲什么", [("八、", "n8")], "八、 behind a document"),
    ("结尾段", [("结尾段", "closing")], "the closing"),
    ("指导意见最后一段要求什么", [("最后一段", "closing")], "the same as people say it"),
    ("宪法序言", [("序言", "preamble")], "the preamble"),
]


@pytest.mark.parametrize(("text", "expected", "comment"), NAMED)
def test_what_people_write_is_found(text, expected, comment):
    found = find_references(text)
    assert [(mention.text, mention.paths[0]) for mention in found] == expected, comment
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


@pytest.mark.parametrize("text", ["第八条意见", "第（八）条", "第 ( 8 ) 条"])
def test_an_article_of_a_guidance_may_be_its_part(text):
    [mention] = find_references(text)
    assert mention.paths == ("a8", "n8")
    assert mention.text == text


@pytest.mark.parametrize(
    "text",
    [
        "第三人明知",
        "产业一条龙",
        "3条生产线",
        "建了39条生产线",
        "39条生产线",
        "第三条生产线",
        "一百条理由",
        "十条规定",
        "有一条规定",
        "一共39条",
        "条例有39条",
        "七、八月份",
        "一、二、三",
        "第一款规定",
        "2003年7月1日",
        "第十百条",
        "第二条例",
        "八点开会",
        "12345",
        "条",
        "",
    ],
)
def test_counts_and_look_alikes_name_nothing(text):
    assert find_references(text) == []


@given(st.integers(1, 1500), st.integers(0, 3), st.integers(0, 12), st.integers(0, 30))
def test_every_label_of_a_statute_is_read_back(number, branch, paragraph, item):
    path = f"a{number}" + (f"-{branch}" if branch else "")
    if paragraph:
        path += f".p{paragraph}" + (f".i{item}" if item else "")
    label = render_label(path)
    [mention] = find_references(f"根据《条例》{label}的规定")
    assert mention.paths == (path,)
    assert mention.text == label


@pytest.mark.parametrize("text", [f"第{'九' * 300}条", f"第{'9' * 300}条", "第一亿条", "第三条第99999999999999款"])
def test_a_number_that_no_document_reaches_names_nothing_more(text):
    for mention in find_references(text):
        for path in mention.paths:
            assert render_label(path)  # what was found can be named


@given(st.text(alphabet="第一二十百0９条款项目之（）()、至和部分段意见 结尾a", max_size=60))
def test_any_text_is_read_and_spans_hold(text):
    for mention in find_references(text):
        assert text[mention.start : mention.end] == mention.text
        assert mention.paths
