import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.schema import Document, Parsed, ProvisionKind
from assistant.web.source import NEIGHBOURS, locate, render_text, show_source, unit_at, window


def marked(html: str) -> str:
    return unescape("".join(re.findall(r"<mark>(.*?)</mark>", html))).replace("<b>", "").replace("</b>", "")


def paragraphs(html: str) -> list[str]:
    found = re.findall(r"<(?:p(?: class=\"yj-here\")?|h4)>(.*?)</(?:p|h4)>", html)
    return [unescape(re.sub(r"<[^>]+>", "", one)) for one in found]


def test_quote_is_highlighted_exactly_and_neighbours_stand_around_it(assistant):
    answer = assistant.ask("用电")
    html = show_source(assistant, answer, "c:1")
    assert marked(html) == answer.citations[0].quote
    lines = paragraphs(html[html.index('class="yj-text"') :])
    assert lines == assistant.parsed("gd-transfer-2025").document.text.split("\n")
    assert "<h4>第五章　要素保障</h4>" in html
    here = re.findall(r'<p class="yj-here">(.*?)</p>', html)
    assert len(here) == 1 and here[0].startswith("<b>第三十条</b>")


def test_head_says_what_the_document_is(assistant):
    html = show_source(assistant, assistant.ask("用电"), "c:1")
    for words in (
        "《广东省促进产业有序转移条例》第三十条",
        "现行有效，自2025年3月1日起施行",
        "地方性法规 · 公告第47号 · 广东省",
    ):
        assert words in html
    assert 'role="dialog"' in html and 'aria-label="关闭原文"' in html


def test_highlight_over_several_paragraphs(assistant):
    answer = assistant.ask("补贴")
    parsed = assistant.parsed("gd-transfer-2025")
    unit = next(one for one in parsed.provisions if one.label == "第二十九条")
    citation = replace(answer.citations[0], quote=unit.text, start=unit.start, end=unit.end)
    html = show_source(assistant, replace(answer, citations=(citation,)), "c:1")
    assert marked(html) == unit.text.replace("\n", "")
    assert html.count('<p class="yj-here">') == 2


def test_hostile_text_is_shown_to_the_letter(assistant):
    answer = assistant.ask("附件")
    for key, citation in enumerate(answer.citations, 1):
        html = show_source(assistant, answer, f"c:{key}")
        assert marked(html) == citation.quote
        assert "<script" not in html and "<img" not in html and "<b onmouseover" not in html


def test_every_span_of_an_article_highlights_to_the_letter(assistant):
    parsed = assistant.parsed("gd-transfer-2025")
    unit = next(one for one in parsed.provisions if one.label == "第二十九条")
    for start in range(unit.start, unit.end):
        for end in (start + 1, (start + unit.end + 1) // 2, unit.end):
            html = render_text(parsed, unit, (start, end))
            assert marked(html) == parsed.document.text[start:end].replace("\n", "")


def test_citation_moves_with_its_provision_when_the_text_changed(assistant):
    answer = assistant.ask("用电")
    citation = answer.citations[0]
    moved = replace(citation, start=citation.start - 3, end=citation.end - 3)
    assert locate(assistant.parsed("gd-transfer-2025"), moved) == (citation.start, citation.end)


def test_citation_whose_words_are_gone_is_said_and_nothing_is_highlighted(assistant):
    answer = assistant.ask("用电")
    gone = replace(answer.citations[0], quote="电费打五折。")
    html = show_source(assistant, replace(answer, citations=(gone,)), "c:1")
    assert "引文已不在其中" in html
    assert "<mark>" not in html
    assert '<p class="yj-here"><b>第三十条</b>' in html


def test_provision_opens_without_a_highlight(assistant):
    html = show_source(assistant, None, "p:gd-transfer-2025:a31")
    assert "<mark>" not in html
    assert '<p class="yj-here"><b>第三十一条</b>　支持数据领域的合作对接。</p>' in html


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("c:1", "没有找到要打开的条文"),  # no answer on this page yet
        ("", "没有找到要打开的条文"),
        ("x:<script>", "没有找到要打开的条文"),
        ("p:gd-transfer-2025:a400", "没有这一条"),
        ("p:nothing:a1", "文件库里没有 nothing"),
        ("p:<b>:a1", "文件库里没有 &lt;b&gt;"),
    ],
)
def test_what_cannot_be_opened_is_one_line(assistant, target, line):
    html = show_source(assistant, None, target)
    assert html.count('role="alert"') == 1
    assert line in html


def test_heading_of_a_part_is_bold_and_a_paragraph_is_not(assistant):
    parsed = assistant.parsed("gd-transfer-2025")
    text = "八、完善机制\n健全服务体系。\n各地要加强沟通。"
    part = replace(parsed.provisions[0], kind=ProvisionKind.PART, label="第八部分", start=0, end=14, text=text[:14])
    closing = replace(part, kind=ProvisionKind.CLOSING, label="结尾段", start=15, end=len(text), text=text[15:])
    policy = Parsed(Document(parsed.document.metadata, text), (part, closing), ())
    assert render_text(policy, part, None) == (
        '<p class="yj-here"><b>八、完善机制</b></p><p class="yj-here">健全服务体系。</p><p>各地要加强沟通。</p>'
    )


def test_unit_at_edges(assistant):
    parsed = assistant.parsed("gd-transfer-2025")
    first = next(one for one in parsed.provisions if one.label == "第一条")
    assert unit_at(parsed, first.start) == first
    assert unit_at(parsed, first.start - 1) is None  # the heading above
    assert unit_at(parsed, first.end) is None  # the line feed after


def long_document(parsed: Parsed, units: int) -> Parsed:
    """A statute of `units` articles of 2,000 characters each."""
    provision = parsed.provisions[0]
    body = "第一条　" + "条" * 1996
    provisions = tuple(
        replace(provision, id=f"long:a{n}", doc_id="long", start=n * 2001, end=n * 2001 + 2000, text=body)
        for n in range(units)
    )
    text = "\n".join([body] * units)
    return Parsed(Document(replace(parsed.document.metadata, id="long"), text), provisions, ())


def test_long_document_is_windowed_around_the_opened_article(assistant):
    parsed = long_document(assistant.parsed("gd-transfer-2025"), 100)
    start, end = window(parsed, parsed.provisions[50])
    assert (start, end) == (parsed.provisions[50 - NEIGHBOURS - 1].end, parsed.provisions[50 + NEIGHBOURS + 1].start)
    assert window(parsed, parsed.provisions[0])[0] == 0
    assert window(parsed, parsed.provisions[99])[1] == len(parsed.document.text)
    shown = render_text(parsed, parsed.provisions[50], None)
    assert shown.count("<p") == 2 * NEIGHBOURS + 1
    assert shown.count("yj-here") == 1


def test_short_document_is_shown_whole(assistant):
    parsed = assistant.parsed("gd-transfer-2025")
    assert window(parsed, parsed.provisions[3]) == (0, len(parsed.document.text))
