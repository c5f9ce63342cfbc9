import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citing.report_html import findings_html, marked_html, report_html, verdict_html
from assistant.schema import CheckReport, CheckStatus, Content, Edit, EditKind, Finding, QuoteCheck
from tests.citing.reports import EDITS, QUOTE, REGULATION, TEXT, mixed_report, passing_report, report

VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a browser would build: open and closed tags, attributes, and text with the path of classes it stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.words: list[tuple[str, str]] = []  # text, the class of the innermost element around it
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attrs})
        self.seen.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1][0] != "style":
            self.words.append((data, self.open[-1][1].get("class", "") if self.open else ""))

    def text(self, without: str | None = "yj-sign") -> str:
        return "".join(words for words, around in self.words if around != without)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.seen if name == tag]


def test_the_text_is_whole_and_each_finding_marked_in_place() -> None:
    page = Page(marked_html(mixed_report()))
    assert page.text() == TEXT
    marked = [(words, around) for words, around in page.words if around.startswith("yj-find ")]
    assert marked == [
        (f"{REGULATION}第三十条", "yj-find yj-find-bad"),
        (f"{REGULATION}第四十五条", "yj-find yj-find-bad"),
        ("《电力法》第三条", "yj-find yj-find-open"),
        ("《某某办法》第二条", "yj-find yj-find-open"),
        ("第三十四条", "yj-find yj-find-open"),
        ("前款", "yj-find yj-find-open"),
    ]
    signs = [words for words, around in page.words if around == "yj-sign"]
    assert signs == ["×1", "×2", "？3", "？4", "？5", "？6"]
    assert [words for words, around in page.words if around == "yj-misquote"] == [QUOTE]
    marks = page.all("mark")
    assert marks[1]["title"] == "没有这一条（部分、条目）：条例共三十九条"
    assert marks[4]["title"] == "位置存在，内容未核"  # the detail says no more, and is not said twice


def test_marks_and_entries_lead_to_each_other() -> None:
    page = Page(report_html(mixed_report()))
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    assert len(ids) == len(set(ids)) == 12
    assert {attributes["href"] for attributes in page.all("a")} == {f"#{one}" for one in ids}


def test_the_findings_beside_the_text() -> None:
    page = Page(findings_html(mixed_report()))
    assert page.text(without=None).startswith(
        f"×1与原文不一致第 2 行{REGULATION}第三十条引文与第三十条不一致"
        "引文对照：采取减少供应层级等措施〔多：可以〕降低企业用电、〔漏：用水、〕用气成本"
        "建议改为：采取减少供应层级等措施降低企业用电、用水、用气成本"
        f"×2没有这一条（部分、条目）第 3 行{REGULATION}第四十五条条例共三十九条"
        "？3正文未收录，无法核对第 3 行《电力法》第三条已知文件，正文未收录"
        "？4所指不止一处，未能核对第 4 行《某某办法》第二条可能是：《甲办法》、《乙办法》"
        "？5位置存在，内容未核第 5 行第三十四条？6"
    )
    assert [words for words, around in page.words if around == "yj-more"] == ["〔多：可以〕"]
    assert [words for words, around in page.words if around == "yj-less"] == ["〔漏：用水、〕"]


def test_verdicts_in_words() -> None:
    assert "不通过" in Page(verdict_html(mixed_report())).text()
    assert "发现 6 处引用，核验 2 处" in Page(verdict_html(mixed_report())).text()
    passed = verdict_html(passing_report())
    assert "yj-find-ok" in passed and "通过" in passed
    nothing = report("没有引用")
    assert "没有可核对的引用，不等于通过" in verdict_html(nothing) and "yj-find-ok" not in report_html(nothing).replace(
        ".yj-find-ok", ""
    )
    assert "不等于通过" in findings_html(nothing)
    assert Page(marked_html(nothing)).text() == "没有引用"


def test_the_page_needs_no_script_and_fetches_nothing() -> None:
    html = report_html(mixed_report(), "答复.docx")
    page = Page(html)
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in page.seen}
    style = re.search("<style>(.*)</style>", html, re.DOTALL)
    assert style and "url(" not in style.group(1) and "@import" not in style.group(1) and "@media print" in style[1]
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.seen for name in attributes)
    assert "引用核对：答复.docx" in html
    # Every colour a mark uses is defined, by day and by night.
    used, defined = set(re.findall(r"var\((--yj-[\w-]+)\)", style[1])), re.findall(r"(--yj-[\w-]+):", style[1])
    assert used <= set(defined)


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "&lt;b&gt;",
    "</mark></p>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_words_stay_words_wherever_they_stand(attack: str) -> None:
    text = f"甲{attack}乙{attack}丙"
    quote = QuoteCheck(attack, 1, 1 + len(attack), False, (Edit(EditKind.ADDED, attack),), (attack,))
    plain = QuoteCheck(attack, 1, 1 + len(attack), False)
    start = text.index("乙") + 1
    finding = Finding(
        attack,
        start,
        start + len(attack),
        CheckStatus.AMBIGUOUS,
        attack,
        label=f"《{attack}》",
        expected=attack,
        candidates=(attack,),
        content=Content.NONE,
        quotes=(quote, plain),
    )
    page = Page(report_html(replace(report(text, [finding]), corpus=attack, as_of_from=attack), attack))
    clean = Page(report_html(replace(report("甲乙丙"), corpus="", as_of_from="")))
    assert {tag for tag, _ in page.seen} <= {tag for tag, _ in clean.seen} | {
        "mark",
        "a",
        "ol",
        "li",
        "b",
        "strong",
        "br",
    }
    assert Page(marked_html(report(text, [finding]))).text() == text
    assert page.text(without=None).count(attack) >= 9


def test_what_html_cannot_hold_is_replaced_one_for_one() -> None:
    text = "甲\x00乙\u202e丙\ud800丁\r\n戊\t"
    made = report(text, [Finding("乙\u202e丙", 2, 5, CheckStatus.OK, "")])
    assert Page(marked_html(made)).text() == "甲\ufffd乙\ufffd丙\ufffd丁\r\n戊\t"
    report_html(made, "\ud800").encode()


def test_overlapping_findings_and_quotes_lose_nothing() -> None:
    text = "《甲法》第一条、第二条规定“乙”丙"
    quote = QuoteCheck("第二条规定“乙", 8, 15, exact=False, edits=EDITS)
    made = report(
        text,
        [
            Finding(text[0:11], 0, 11, CheckStatus.OK, ""),
            Finding(text[4:7], 4, 7, CheckStatus.NOT_IN_CORPUS, ""),
            Finding(text[8:13], 8, 13, CheckStatus.OK, "", quotes=(quote,)),
        ],
    )
    page = Page(marked_html(made))
    assert page.text() == text
    assert [words for words, around in page.words if around == "yj-sign"] == ["√1", "？2", "√3"]
    assert [words for words, around in page.words if around == "yj-misquote"] == ["“乙"]
    assert [words for words, around in page.words if around.startswith("yj-find ")] == [text[0:11], text[11:13]]


@settings(deadline=None)
@given(st.data())
def test_any_spans_give_the_text_back(data: st.DataObject) -> None:
    text = data.draw(st.text("甲乙<&\n“", max_size=30))
    spans = st.tuples(*[st.integers(0, len(text))] * 2).map(sorted)
    findings = []
    for start, end in data.draw(st.lists(spans, max_size=6)):
        quotes = tuple(QuoteCheck(text[a:b], a, b, exact=False) for a, b in data.draw(st.lists(spans, max_size=2)))
        findings.append(Finding(text[start:end], start, end, CheckStatus.OK, "", quotes=quotes))
    page = Page(marked_html(report(text, findings)))
    assert page.text() == text
    assert sum(around == "yj-sign" for _, around in page.words) == len(findings)


def test_a_long_text_with_many_findings_takes_no_time_to_speak_of() -> None:
    line = f"依据{REGULATION}第十条，“甲”。\n"
    span = (2, 2 + len(REGULATION) + 3)
    findings = tuple(
        Finding(line[span[0] : span[1]], at + span[0], at + span[1], CheckStatus.OK, "")
        for at in range(0, 20_000 * len(line), len(line))
    )
    made: CheckReport = replace(passing_report(), text=line * 20_000, findings=findings)
    assert report_html(made).count("<mark ") == 20_000
