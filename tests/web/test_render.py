import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from assistant.schema import Answer, Status, Validity, ValidityState
from assistant.web.app import page_options
from assistant.web.asking import nearest_provisions
from assistant.web.cards import validity_badge
from assistant.web.copying import copy_answer
from assistant.web.escape import escape, plain
from assistant.web.lines import render_error, render_hint
from assistant.web.render import render_answer
from assistant.web.words import citation_with_quote
from assistant.wording import STATUS_WORDS, citation_name, engine_words

QUOTE = "采取减少供应层级等措施降低企业用电、用水、用气成本。"
ALLOWED = {
    *("section", "div", "header", "span", "p", "ul", "ol", "li", "strong", "b", "h2", "h3", "h4", "mark", "small"),
    *("button", "details", "summary", "blockquote", "aside", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("dl", "dt", "dd", "svg", "path", "meter"),
}


class Page(HTMLParser):
    """What a browser would build: tags, attributes and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(assistant, question: str) -> tuple[str, Answer]:
    answer = assistant.ask(question)
    shelf = {row.metadata.id: row.metadata for row in assistant.documents()}
    return render_answer(answer, shelf, nearest_provisions(assistant, answer)), answer


@pytest.mark.parametrize(
    ("question", "words"), [("用电", "有依据"), ("补贴多少", "部分有依据"), ("红烧肉", "未找到依据")]
)
def test_status_in_words_and_documents_searched(assistant, question, words):
    html, answer = rendered(assistant, question)
    pill = re.search(r'<span class="yj-pill yj-pill-(\w+)">(<svg.*?</svg>)(.*?)</span>', html)
    assert pill and pill[1] == answer.status.value and pill[3] == words
    assert 'aria-hidden="true"' in pill[2]  # a sign beside the words, not in their place
    assert f"yj-{answer.status.value}" in html
    assert "共检索 2 份文件" in Page(html).text


def test_the_page_has_the_style_of_a_checked_text_and_its_colours_by_day_and_night():
    css = page_options()["css"]
    assert ".yj-find-bad" in css and ".yj-checked" in css
    for colour in set(re.findall(r"var\((--yj-[a-z-]+)\)", css)) - {"--yj-tone", "--yj-tone-soft"}:
        assert css.count(f"{colour}:") == 2, colour


def test_every_status_has_words():
    assert set(STATUS_WORDS) == set(Status)


def test_card_says_title_label_force_validity_level_and_place(assistant):
    text = Page(rendered(assistant, "用电")[0]).text
    for words in (
        "《广东省促进产业有序转移条例》第三十条",
        "义务（应当）",
        "现行有效，自2025年3月1日起施行",
        "地方性法规 · 公告第47号 · 广东省",
    ):
        assert words in text


def test_marks_and_cards_open_their_citation(assistant):
    html, _ = rendered(assistant, "补贴多少")
    assert Page(html).attributes.count(("data-open", "c:1")) == 3  # in the sentence, beside who is named, on the card
    sentence = re.search(r'<p class="yj-verified">.*?</p>', html)
    assert sentence and Page(sentence[0]).text.count("[1]") == 1  # written in the sentence, not repeated after it


def test_mark_of_no_citation_stays_text(assistant):
    answer = assistant.ask("补贴多少")
    statement = replace(answer.statements[0], text="见[1]和[7]。")
    page = Page(render_answer(replace(answer, statements=(statement,)), {}))
    assert ("data-open", "c:7") not in page.attributes
    assert "[7]" in page.text


def test_partial_names_what_is_missing(assistant):
    partial = Page(rendered(assistant, "补贴多少")[0]).text
    assert "文件中没有写明：具体金额。与此有关的规定是：" in partial
    assert partial.index("没有写明") < partial.index("财政资金由")


def test_abstention_shows_near_provisions_that_open(assistant):
    html, _ = rendered(assistant, "红烧肉怎么做")
    page = Page(html)
    assert "没有找到：菜谱" in page.text
    assert "未经改写" not in page.text and "点开编号" not in page.text  # nothing was quoted
    assert "最接近的条文" in page.text
    assert ("data-open", "p:gd-transfer-2025:a30") in page.attributes
    assert QUOTE in page.text


def test_nearest_skips_documents_that_are_gone(assistant):
    answer = assistant.ask("红烧肉")
    assistant.remove("gd-transfer-2025")
    assert nearest_provisions(assistant, answer) == []


def test_unverified_statement_looks_and_reads_different(assistant):
    html, _ = rendered(assistant, "用电")
    verified = re.search(r'<p class="yj-verified">(.*?)</p>', html)
    unverified = re.search(r'<p class="yj-unverified">(.*?)</p>', html)
    assert verified and QUOTE in verified[1] and "未核实" not in verified[1]
    assert unverified and "电费打五折。" in unverified[1] and "未核实" in unverified[1]


def test_unverified_statement_is_marked_in_the_copied_answer(assistant):
    lines = copy_answer(assistant.ask("用电")).split("\n")
    assert "电费打五折。[1]（未核实）" in lines
    assert not any(QUOTE in line and "未核实" in line for line in lines)


def test_notice_is_shown_with_its_kind(assistant):
    text = Page(rendered(assistant, "用电")[0]).text
    assert "规范强度这是对政府部门的要求<i>。" in text


def test_quote_repeats_on_the_card_only_where_no_sentence_says_it(assistant):
    answer = assistant.ask("补贴多少")
    assert "<blockquote>县级以上人民政府应当统筹安排财政资金。</blockquote>" in render_answer(answer, {})
    assert "<blockquote>" not in render_answer(assistant.ask("用电"), {})


@pytest.mark.parametrize(
    "question", ["附件怎么申请", "用电", "搬<b>", "红烧肉<script>x</script>", "<img src=x onerror=alert(1)>"]
)
def test_nothing_from_outside_becomes_markup(assistant, question):
    html, answer = rendered(assistant, question)
    page = Page(html)
    assert set(page.tags) <= ALLOWED
    assert not any(name.startswith("on") or name in {"href", "src", "style"} for name in page.names)
    assert answer.question in page.text
    for citation in answer.citations:
        assert citation.quote in page.text  # to the letter, as text
    assert "${" not in html and "{{" not in html and "`" not in html  # nothing for a template engine


def test_markdown_in_documents_stays_text(assistant):
    page = Page(rendered(assistant, "附件怎么申请")[0])
    assert "[点我](javascript:window.pwned=1)与![图](http://evil.example/x.png)" in page.text
    assert "a" not in page.tags and "img" not in page.tags


def test_unverified_metadata_is_said(assistant):
    assert "元数据未核实" in Page(rendered(assistant, "附件")[0]).text
    assert "元数据未核实" not in Page(rendered(assistant, "用电")[0]).text


def test_copied_citation_has_the_form_of_a_lawyer(assistant):
    citation = assistant.ask("用电").citations[0]
    assert citation_name(citation) == "《广东省促进产业有序转移条例》第三十条"
    assert citation_with_quote(citation) == f"《广东省促进产业有序转移条例》第三十条：“{QUOTE}”"
    copies = [value for name, value in Page(rendered(assistant, "用电")[0]).attributes if name == "data-copy"]
    assert citation_name(citation) in copies
    assert citation_with_quote(citation) in copies


def test_citation_out_of_force_carries_its_year(assistant):
    citation = assistant.ask("用电").citations[0]
    gone = Validity(ValidityState.REPEALED, date(2010, 5, 1), date(2025, 3, 1), date(2026, 1, 1))
    assert citation_name(replace(citation, validity=gone)) == "《广东省促进产业有序转移条例》（2010年）第三十条"


def test_copied_answer_in_full(assistant):
    assert copy_answer(assistant.ask("补贴多少")) == (
        "问：补贴多少\n"
        "答（部分有依据）：\n"
        "财政资金由县级以上人民政府统筹安排[1]。\n"
        "文件中没有写明：具体金额。\n"
        "条文写明由谁负责：县级以上人民政府（第二十九条）。\n"
        "依据：\n"
        "[1] 《广东省促进产业有序转移条例》第二十九条：“县级以上人民政府应当统筹安排财政资金。”"
        "（现行有效，自2025年3月1日起施行）"
    )


@pytest.mark.parametrize(
    ("state", "tone", "words"),
    [
        (ValidityState.IN_FORCE, "good", "现行有效，自2025年3月1日起施行"),
        (ValidityState.NOT_YET, "warn", "尚未施行，自2025年3月1日起施行"),
        (ValidityState.UNKNOWN, "plain", "未载明有效期，未见废止信息"),
    ],
)
def test_validity_badge(state, tone, words):
    badge = validity_badge(Validity(state, date(2025, 3, 1), None, date(2026, 11, 22)))
    assert f"yj-{tone}" in badge
    assert words in badge
    assert "按2026-11-22判断" in badge


def test_lines_for_hints_and_errors_are_announced_and_escaped():
    assert render_hint("<b>") == '<p class="yj-hint" role="status">&lt;b&gt;</p>'
    assert render_error("<b>") == '<p class="yj-error" role="alert">&lt;b&gt;</p>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a href='x'>", "&lt;a href=&#x27;x&#x27;&gt;"),
        ("${1}`", "&#36;&#123;1&#125;&#96;"),
        ("&amp;", "&amp;amp;"),
        ("第三十条　正文", "第三十条　正文"),
    ],
)
def test_escape(text, expected):
    assert escape(text) == expected
    assert Page(f"<p>{escape(text)}</p>").text == text


def test_plain_undoes_markdown_escapes():
    assert plain(r"1\. 用\[电\] &lt;b&gt;") == "1. 用[电] <b>"
    assert plain(r"\n") == r"\n"  # a letter is not escaped by Markdown


def test_operators_get_the_spoken_answer_first(assistant):
    answer = assistant.ask("用电")
    plain_view, operator_view = render_answer(answer, {}), render_answer(answer, {}, spoken_first=True)
    assert '<details class="yj-spoken" open>' in operator_view and " open>" not in plain_view
    assert operator_view.index("yj-spoken") < operator_view.index('class="yj-answer"')
    assert plain_view.index("yj-spoken") > plain_view.index('class="yj-answer"')
    assert answer.spoken in [value for name, value in Page(operator_view).attributes if name == "data-copy"]


def test_each_part_has_its_status_its_words_and_what_it_lacks(assistant):
    html, _ = rendered(assistant, "搬家")
    parts = re.findall(r'<section class="yj-part yj-(\w+)">(.*?)</section>', html)
    assert [status for status, _ in parts] == ["answered", "partial", "abstained"]
    texts = [Page(body).text for _, body in parts]
    assert texts[0].startswith("有依据1. 资金谁安排") and "统筹安排财政资金。”[1]" in texts[0]
    assert "文件中没有写明：对接的<i>平台。" in texts[1]
    assert texts[2] == "未找到依据3. 红烧肉怎么做收录的文件里没有能回答这个问题的规定。"
    assert Page(html).text.count("对接的<i>平台") == 1  # said where it belongs, and not once more above


def test_remarks_stand_below_the_rule_they_are_about(assistant):
    text = Page(rendered(assistant, "搬家")[0]).text
    first, second = "这条规定意味着“应当”是对县级以上人民政府的要求", "这条规定意味着“支持”不等于给予资金的承诺。"
    quoted = [
        text.index(words) for words in ("统筹安排财政资金。”", first, "支持数据领域", second, "合起来看前一条是义务")
    ]
    assert quoted == sorted(quoted)


def test_conditions_beside_what_the_asker_said(assistant):
    html, _ = rendered(assistant, "搬家")
    table = re.search(r'<table class="yj-table yj-conditions">.*?</table>', html)
    assert table
    rows = [Page(row).text for row in re.findall(r"<tr>.*?</tr>", table[0])]
    assert rows == [
        "条件出处您说的结论",
        "财政资金[1]第二十九条“广东的财政”符合",
        "统筹安排[1]第二十九条“没有安排<b>”不符合",
        "县级以上人民政府[1]第二十九条没有说到未说明",
    ]
    assert table[0].count('aria-hidden="true"') == 3
    assert "yj-conditions" not in rendered(assistant, "用电")[0]


def test_whom_the_provisions_name_is_said_with_a_mark(assistant):
    html, answer = rendered(assistant, "搬家")
    assert "条文写明由谁负责县级以上人民政府<i>（第二十九条）[1]" in Page(html).text
    assert "条文写明由谁负责：县级以上人民政府<i>（第二十九条）。" in copy_answer(answer)
    assert "yj-responsible" not in rendered(assistant, "用电")[0]


def test_every_notice_has_its_kind_in_words(assistant):
    text = Page(rendered(assistant, "搬家")[0]).text
    assert "适用地域《广东省促进产业有序转移条例》适用于广东省，不适用于湖南省。" in text
    assert "问题前提第二十九条没有写“电费打五折”<b>。" in text


def test_what_is_doubtful_stands_apart_after_all_else(assistant):
    html, _ = rendered(assistant, "用电")
    apart = re.search(r'<section class="yj-doubtful".*?</section>', html)
    assert apart and "电费打五折。" in apart[0] and html.index("yj-verified") < apart.start()


def test_a_copied_answer_says_worth_and_conditions(assistant):
    text = copy_answer(assistant.ask("搬家"))
    assert "这条规定意味着[2]：“支持”不等于给予资金的承诺。" in text
    assert "条件[1]：统筹安排：不符合，您说的是“没有安排<b>”" in text


def test_a_screen_reader_hears_the_outcome(assistant):
    html, _ = rendered(assistant, "补贴多少")
    assert 'data-said="部分有依据，依据1条，没有写明：具体金额。"' in html


def test_engine_in_words():
    assert engine_words("extractive") == "逐字摘自文件，未经改写"
    assert "qwen3" in engine_words("llm:qwen3")
