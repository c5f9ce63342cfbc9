"""The page in a real Chromium: over the fake for what is hostile, over the real assistant for what is right."""

import re
import shutil
from pathlib import Path

import pytest

from assistant.schema import Cite, CitedBy, Links, LinkState, Target
from assistant.settings import Settings
from assistant.web.serve import open_or_build
from tests.web.browsing import DESKTOP, NEEDS_CHROMIUM, PHONE, Visit, serving

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def assistant(stage):
    stage[0].__init__()
    return stage[0]


def test_question_mark_source_and_back(any_visit):
    visit, page = any_visit, any_visit.page
    visit.ask("用电成本", "answered")
    assert page.inner_text("#yj-result .yj-pill") == "有依据"
    page.click(".yj-mark >> nth=0")
    page.wait_for_selector(".yj-drawer mark")
    assert page.inner_text(".yj-drawer mark") == "采取减少供应层级等措施降低企业用电、用水、用气成本。"
    assert page.locator(".yj-drawer mark").is_visible()
    assert page.evaluate("document.activeElement.className") == "yj-close"  # the keyboard is in the drawer
    assert "第三十一条" in page.inner_text(".yj-text")
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")
    assert page.evaluate("document.activeElement.className") == "yj-mark"  # and back where it was
    page.keyboard.press("Enter")  # the mark is a button
    page.wait_for_selector(".yj-drawer mark")
    page.click(".yj-close")
    page.wait_for_selector(".yj-drawer", state="detached")


def test_back_button_closes_the_source_and_stays_on_the_page(any_visit):
    visit, page = any_visit, any_visit.page
    visit.ask("用电成本", "answered")
    steps = page.evaluate("history.length")
    page.click(".yj-mark >> nth=0")
    page.wait_for_selector(".yj-drawer mark")
    page.evaluate("history.back()")
    page.wait_for_selector(".yj-drawer", state="detached")
    assert page.locator(".yj-answered").count() == 1 and page.url.startswith(visit.root)
    for _ in range(2):  # closed by hand, the step is taken back
        page.click(".yj-mark >> nth=0")
        page.wait_for_selector(".yj-drawer mark")
        page.click(".yj-close")
        page.wait_for_function("history.state === null || history.state.yiju !== 'source'")
    assert page.evaluate("history.length") <= steps + 1


def test_a_finger_hits_every_control_on_a_phone(browser, stage, assistant):
    visit = Visit(browser, stage[1], PHONE)
    visit.ask("用电成本", "answered")
    small = """() => [...document.querySelectorAll('button:not(.yj-mark), summary, label, textarea')]
        .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 44)
        .filter(e => !e.closest('[inert], [aria-hidden=true], .visually-hidden'))
        .map(e => e.outerHTML.slice(0, 160))"""
    assert visit.page.evaluate(small) == []
    visit.page.get_by_role("tab", name="文件库").click()
    visit.page.wait_for_selector("#yj-held .yj-link")
    assert visit.page.evaluate(small) == []
    visit.close()


def test_keyboard_shows_where_it_is(visit):
    page = visit.page
    visit.ask("用电成本", "answered")
    page.focus("#yj-question textarea")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen += [
            page.evaluate(
                """() => { const at = document.activeElement, boxes = [at, at.closest('label') || at];
                    const solid = (box) => getComputedStyle(box).outlineStyle === 'solid';
                    return boxes.some(solid) ? '' : at.outerHTML.slice(0, 120); }"""
            )
        ]
    assert seen == [""] * 12


def test_copy_buttons(visit):
    page = visit.page
    visit.ask("用电成本", "answered")
    page.click("text=复制条号")
    page.wait_for_selector("text=已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "《广东省促进产业有序转移条例》第三十条"
    page.click("text=复制回答")
    page.wait_for_function("document.querySelector('.yj-status .yj-copy').textContent === '已复制'")
    assert page.evaluate("navigator.clipboard.readText()").startswith("问：用电成本\n答（有依据）：")
    assert page.locator(".yj-drawer").count() == 0  # copying opens nothing


def test_hostile_document_is_text(any_visit):
    visit, page = any_visit, any_visit.page
    visit.ask("附件", "answered")
    assert "<script>window.pwned=1</script>" in page.inner_text(".yj-answer")
    for mark in range(2):
        page.click(f".yj-mark >> nth={mark}")
        page.wait_for_selector(f".yj-drawer mark:has-text('{('onerror', '点我')[mark]}')")
        page.click(".yj-close")
        page.wait_for_selector(".yj-drawer", state="detached")
    assert "${window.pwned=1} {{constructor}}" in page.inner_text(".yj-answer")
    page.get_by_role("tab", name="文件库").click()
    page.click("#yj-held .yj-link >> nth=1")
    page.wait_for_selector("#yj-detail .yj-unit >> nth=1")
    assert page.locator("#yj-held img, #yj-detail img, #yj-detail script").count() == 0


def test_a_reference_opens_what_it_cites_and_long_lists_are_folded(any_visit, assistant):
    visit, page = any_visit, any_visit.page
    target = Target("gd-transfer-2025:a29", "广东省促进产业有序转移条例", "第二十九条")
    cites = tuple(
        Cite("gd-transfer-2025:a30", 0, 1, text, "", state, targets)
        for text, state, targets in (
            ("前条", LinkState.HELD, (target,)),
            ("《<img src=x onerror=window.pwned=1>条例》第五条", LinkState.NOT_HELD, ()),
        )
    )
    citing = tuple(
        CitedBy(Target(f"gd-transfer-2025:a{n}", "广东省促进产业有序转移条例", f"第{n}条"), "本条例第三十条")
        for n in range(1, 31)
    )
    assistant.linked["gd-transfer-2025:a30"] = Links(cites, citing)
    visit.ask("用电成本", "answered")
    page.click(".yj-mark >> nth=0")
    page.wait_for_selector(".yj-drawer .yj-links >> text=引用（2）")
    assert "未收录" in page.inner_text(".yj-links >> nth=0")
    page.click("summary:has-text('被引用（30）')")
    assert page.locator(".yj-links .yj-link:visible").count() == 1 + 8
    page.click("summary:has-text('其余 22 处')")
    assert page.locator(".yj-links .yj-link:visible").count() == 1 + 30
    assert page.locator(".yj-drawer mark").is_visible() and page.locator(".yj-links img").count() == 0
    page.click(".yj-links .yj-link:has-text('第二十九条') >> nth=0")
    page.wait_for_selector(".yj-drawer h3:has-text('第二十九条')")
    assert page.inner_text(".yj-here >> nth=0").startswith("第二十九条")
    page.evaluate("history.back()")
    page.wait_for_selector(".yj-drawer", state="detached")


def test_abstention_opens_the_nearest(any_visit):
    visit, page = any_visit, any_visit.page
    visit.ask("红烧肉怎么做", "abstained")
    assert page.inner_text("#yj-result .yj-pill") == "未找到依据"
    page.click("#yj-result .yj-side .yj-open")
    page.wait_for_selector(".yj-drawer .yj-here:has-text('第三十条')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")


def test_hints_examples_and_errors(visit):
    page = visit.page
    page.click("#yj-submit")
    page.wait_for_selector("text=请先写下问题")
    visit.page.fill("#yj-question textarea", "没有索引")
    page.click("#yj-submit")
    page.wait_for_selector(".yj-error:has-text('没有索引<b>')")
    page.get_by_role("radio", name="坐席").check()
    page.click("text=电费补贴具体是每度多少钱？")
    page.wait_for_selector(".yj-partial")
    assert "具体金额" in page.inner_text(".yj-missing")


def test_enter_of_an_input_method_does_not_submit(visit):
    page = visit.page
    page.fill("#yj-question textarea", "用电")
    page.evaluate(
        """() => document.querySelector('#yj-question textarea').dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    page.wait_for_timeout(300)
    assert page.locator(".yj-result").count() == 0
    page.press("#yj-question textarea", "Enter")
    page.wait_for_selector(".yj-answered")


def upload(page, path: Path) -> None:
    page.get_by_role("tab", name="文件库").click()
    page.wait_for_selector("#yj-held .yj-table")
    page.set_input_files("#yj-upload input[type=file], input[type=file]", path)


def test_upload_preview_confirm_ask_remove(visit, tmp_path, assistant):
    page = visit.page
    path = tmp_path / "新办法.txt"
    path.write_text("第一条　新规支持企业有序转移<img src=x onerror=window.pwned=1>。\n", encoding="utf-8")
    upload(page, path)
    page.wait_for_selector("#yj-preview-text >> text=解析出 1 条")
    assert len(assistant.held) == 2
    page.get_by_label("标题").fill("新办法（试行）")
    page.click("#yj-confirm")
    page.wait_for_selector("#yj-message >> text=已收录《新办法（试行）》")
    page.wait_for_selector("#yj-held >> text=已收录 3 份")
    page.get_by_role("tab", name="问答").click()
    visit.ask("新规", "answered")
    assert "新规支持企业有序转移<img src=x onerror=window.pwned=1>。" in page.inner_text(".yj-answer")
    page.get_by_role("tab", name="文件库").click()
    page.click("#yj-held .yj-link:has-text('新办法（试行）')")
    page.click("#yj-remove")
    page.wait_for_selector("#yj-removal >> text=确定移除《新办法（试行）》？")
    assert len(assistant.held) == 3
    page.click("#yj-really")
    page.wait_for_selector("#yj-message >> text=已移除《新办法（试行）》")
    page.wait_for_selector("#yj-held >> text=已收录 2 份")


def test_upload_in_preview_is_the_visitors_own(visit, browser, tmp_path, assistant):
    path = tmp_path / "我的草稿.txt"
    path.write_text("第一条　只有我看得见。\n", encoding="utf-8")
    upload(visit.page, path)
    visit.page.wait_for_selector("#yj-preview-text >> text=只有我看得见")
    other = Visit(browser, visit.root, DESKTOP)
    other.page.get_by_role("tab", name="文件库").click()
    other.page.wait_for_selector("#yj-held .yj-table")
    assert not other.page.locator("#yj-preview").is_visible()
    assert "我的草稿" not in other.page.content() and "只有我看得见" not in other.page.content()
    other.close()
    visit.page.click("#yj-cancel")
    visit.page.wait_for_selector("text=已取消")
    assert not visit.page.locator("#yj-preview").is_visible()
    assert len(assistant.held) == 2


def test_refused_upload_is_one_line(visit, tmp_path):
    path = tmp_path / "坏.txt"
    path.write_text("乱码", encoding="utf-8")
    upload(visit.page, path)
    visit.page.wait_for_selector("#yj-message .yj-error:has-text('坏.txt 是乱码')")
    assert not visit.page.locator("#yj-preview").is_visible()


@pytest.mark.parametrize(
    ("name", "size", "line"),
    [("x.exe", 10, "的类型不支持"), ("big.txt", 1_000_001, "上限是 1 MB")],
)
def test_upload_of_the_wrong_kind_or_size_is_not_even_sent(visit, tmp_path, name, size, line):
    path = tmp_path / name
    path.write_bytes(b"a" * size)
    upload(visit.page, path)
    visit.page.wait_for_selector(f"#yj-upload-problem:has-text('{line}')")
    assert visit.page.evaluate("document.querySelector('input[type=file]').files.length") == 0
    assert not any("/upload" in url for url in visit.requests)
    assert not visit.page.locator("#yj-preview").is_visible()


def test_page_speaks_chinese_to_screen_readers(visit):
    page = visit.page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    visit.ask("用电成本", "answered")
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('button, textarea, input:not([type=hidden])')]
            .filter(e => e.offsetParent !== null)
            .filter(e => !(e.getAttribute('aria-label') || e.innerText || e.closest('label')?.innerText))
            .map(e => e.outerHTML.slice(0, 200))"""
    )
    assert unnamed == []
    assert not re.search(r"Gradio|API|Settings", page.inner_text("body"))


def test_a_stopped_server_is_said_in_chinese(browser, make_assistant):
    with serving(make_assistant()) as root:
        visit = Visit(browser, root, DESKTOP)
    page = visit.page  # the server is gone now
    page.fill("#yj-question textarea", "用电成本")
    page.press("#yj-question textarea", "Enter")
    page.wait_for_selector(".toast-body:has-text('连接断了'), .toast-body:has-text('没有连上')")
    page.wait_for_timeout(300)
    assert not re.search("Error|Connection", page.inner_text("body"))
    assert "正在检索" not in page.inner_text("#yj-result")
    page.close()


@pytest.fixture(scope="module")
def real(corpus_index, tmp_path_factory):
    """The real assistant over the real corpus, opened the way `ui.py` opens it, on an index of its own to write to."""
    corpus = Path(__file__).parents[2] / "corpus"
    index = tmp_path_factory.mktemp("real") / "index"
    shutil.copytree(corpus_index, index)
    settings = Settings(index=index, corpus=corpus)
    assistant = open_or_build(settings)
    with serving(assistant) as root:
        yield assistant, root
    assistant.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def real_visit(request, browser, real):
    visit = Visit(browser, real[1], request.param)
    yield visit
    visit.close()


def test_real_question_opens_the_right_article_at_the_quote(real_visit, real):
    visit, page = real_visit, real_visit.page
    visit.ask("企业的用电用气成本怎么降低？", "answered")
    assert "共检索 2 份文件" in page.inner_text(".yj-status")
    card = page.locator(".yj-card", has_text="第三十条").first
    assert "《广东省促进产业有序转移条例》" in card.inner_text()
    assert "现行有效，自2025年3月1日起施行" in card.inner_text()
    card.locator(".yj-open").click()
    page.wait_for_selector(".yj-drawer mark")
    quote = "采取减少供应层级等措施降低企业用电、用水、用气成本。"
    shown = page.inner_text(".yj-drawer mark")
    assert quote in shown
    assert shown in real[0].parsed("gd-transfer-2025").document.text
    assert page.inner_text(".yj-here").startswith("第三十条")
    pane, mark = page.locator(".yj-text").bounding_box(), page.locator(".yj-drawer mark").first.bounding_box()
    assert pane["y"] <= mark["y"] < pane["y"] + pane["height"]  # scrolled to
    assert "第三十一条" in page.inner_text(".yj-text")
    page.click(".yj-close")


def test_real_question_to_the_guidance_and_two_without_a_ground(browser, real):
    visit = Visit(browser, real[1], DESKTOP)
    page = visit.page
    visit.ask("指导意见第八部分对海关信用等级怎么说？", "answered")
    page.click("#yj-result .yj-card:has-text('第八部分') .yj-open >> nth=0")
    page.wait_for_selector(".yj-drawer mark")
    part = "".join(page.locator(".yj-here").all_inner_texts())
    assert part.startswith("八、") and "按照原所在地区已取得的海关信用等级实施监管" in part
    for question in ("条例第九十条怎么规定的？", "民法典第五百条怎么规定的？", "老公出轨离婚孩子判给谁"):
        visit.ask(question, "abstained")
        page.wait_for_selector(".yj-drawer", state="detached")  # the source of the last answer is put away
        assert page.inner_text("#yj-result .yj-pill") == "未找到依据"
        assert page.locator("#yj-result .yj-mark").count() == 0
        page.click("#yj-result .yj-side .yj-open >> nth=0")
        page.wait_for_selector(".yj-drawer .yj-here")
    visit.close()


def test_real_upload_is_found_by_the_next_question_and_removed(browser, real, tmp_path):
    visit = Visit(browser, real[1], DESKTOP)
    page = visit.page
    path = tmp_path / "云湖市产业转移工业园管理办法.txt"
    path.write_text(
        "云湖市产业转移工业园管理办法\n"
        "第一条　为了规范云湖市产业转移工业园管理，制定本办法。\n"
        "第二条　入园企业的宿舍由园区管理委员会统一调配。\n"
        "第三条　本办法自2026年1月1日起施行。\n",
        encoding="utf-8",
    )
    upload(page, path)
    page.wait_for_selector("#yj-preview-text >> text=解析出 3 条")
    assert page.get_by_label("标题").input_value() == "云湖市产业转移工业园管理办法"
    page.click("#yj-confirm")
    page.wait_for_selector("#yj-message >> text=已收录《云湖市产业转移工业园管理办法》")
    page.get_by_role("tab", name="问答").click()
    visit.ask("云湖市产业转移工业园管理办法第二条", "answered")
    assert "入园企业的宿舍由园区管理委员会统一调配。" in page.inner_text(".yj-answer")
    assert "元数据未核实" in page.inner_text(".yj-result")
    page.get_by_role("tab", name="文件库").click()
    page.click("#yj-held .yj-link:has-text('云湖市')")
    page.click("#yj-remove")
    page.click("#yj-really")
    page.wait_for_selector("#yj-message >> text=已移除《云湖市产业转移工业园管理办法》")
    visit.close()
    assert len(real[0].documents()) == 2
