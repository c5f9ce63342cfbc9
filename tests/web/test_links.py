"""引用 and 被引用 in the source view."""

import re
from html import unescape

from assistant.schema import Cite, CitedBy, Links, LinkState, Target
from assistant.web.links import SHOWN, render_links
from assistant.web.source import show_source

HELD = Target("gd-transfer-2025:a29", "广东省促进产业有序转移条例", "第二十九条")


def cite(text: str, state: LinkState, *targets: Target, exact: bool = True) -> Cite:
    return Cite("gd-transfer-2025:a30", 0, len(text), text, "", state, targets, exact)


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_nothing_where_there_is_nothing() -> None:
    assert render_links(Links()) == ""


def test_what_is_held_opens_and_what_is_not_is_said() -> None:
    html = render_links(
        Links((cite("前条", LinkState.HELD, HELD), cite("《丙条例》第五条", LinkState.NOT_HELD))),
    )
    assert 'data-open="p:gd-transfer-2025:a29"' in html
    assert html.count("data-open") == 1
    assert words(html) == "引用（2）“前条”《广东省促进产业有序转移条例》第二十九条“《丙条例》第五条”未收录"


def test_candidates_are_all_shown_and_called_so() -> None:
    html = render_links(Links((cite("甲法第一条", LinkState.AMBIGUOUS, Target("a:a1", "甲法", "第一条"), HELD),)))
    assert html.count("data-open") == 2
    assert "可能指以下几处之一" in html


def test_a_whole_document_opens_as_one() -> None:
    assert 'data-open="d:law"' in render_links(Links((cite("《甲法》", LinkState.HELD, Target("law", "甲法")),)))


def test_long_lists_are_folded_with_their_count() -> None:
    citing = tuple(CitedBy(Target(f"d:a{n}", "乙条例", f"第{n}条"), "本条例第一条") for n in range(1, 31))
    html = render_links(Links((), citing))
    assert "<summary>被引用（30）</summary>" in html
    assert f"<summary>其余 {30 - SHOWN} 处</summary>" in html
    assert html.count("data-open") == 30
    assert " open" not in html.partition(">")[0]
    short = render_links(Links((), citing[:2]))
    assert " open" in short.partition(">")[0] and "其余" not in short


def test_the_same_words_of_the_same_thing_stand_once() -> None:
    assert render_links(Links((cite("前条", LinkState.HELD, HELD),) * 3)).count("data-open") == 1


def test_hostile_words_are_text(assistant) -> None:
    bad = Target('x:a1"><script>', "《<img src=x onerror=alert(1)>》${x}", "<b>第一条</b>")
    html = render_links(Links((cite("<script>1</script>", LinkState.HELD, bad),), (CitedBy(bad, "{{constructor}}"),)))
    assert not re.search(r"<(?:script|img|b)\b|\$\{|\{\{", html)
    assert unescape(re.findall(r'data-open="([^"]*)"', html)[0]) == 'p:x:a1"><script>'


def test_the_source_of_an_article_has_its_links(assistant) -> None:
    assistant.linked["gd-transfer-2025:a30"] = Links((cite("前条", LinkState.HELD, HELD),))
    for html in (
        show_source(assistant, None, "p:gd-transfer-2025:a30"),
        show_source(assistant, assistant.ask("用电"), "c:1"),
    ):
        assert html.index("yj-links") < html.index("yj-text")
    assert "yj-links" not in show_source(assistant, None, "p:gd-transfer-2025:a29")


def test_a_document_opens_from_its_start(assistant) -> None:
    html = show_source(assistant, None, "d:gd-transfer-2025")
    assert "《广东省促进产业有序转移条例》</h3>" in html
    assert "yj-here" not in html
