"""The desk and the check in a real Chromium: a call from the keyboard alone, a pasted reply, a Word file."""

from pathlib import Path

import docx
import pytest

from assistant.serving.audit import Recorder
from assistant.serving.contacts import Contacts
from assistant.settings import Settings
from assistant.web.serve import open_or_build
from tests.web.browsing import DESKTOP, NEEDS_CHROMIUM, PHONE, Visit, serving
from tests.web.desk_fakes import FakeContacts, FakeRecorder

pytestmark = NEEDS_CHROMIUM

RULES = "《广东省促进产业有序转移条例》"
REPLY = f"您好，根据{RULES}第三十条，“县级以上人民政府及有关部门应当协调能源供应”。另见{RULES}第九十条。"
HOSTILE = '<img src=x onerror="window.pwned=1">${window.pwned=1}'


@pytest.fixture(scope="module")
def stage(make_assistant):
    """The fake with contacts and a record; every test finds them as new."""
    assistant, contacts, recorder = make_assistant(), FakeContacts(), FakeRecorder()
    assistant.recorder = recorder
    with serving(assistant, contacts=contacts, recorder=recorder) as root:
        yield assistant, root


@pytest.fixture
def assistant(stage):
    recorder = stage[0].recorder
    stage[0].__init__()
    recorder.rows.clear()
    stage[0].recorder = recorder
    return stage[0]


def focus(page, key: str, field: str) -> None:
    """Press a key and wait until the cursor is in its field."""
    page.keyboard.press(key)
    page.wait_for_function("(id) => document.activeElement.closest(id)", arg=field)


def call(page, question: str) -> None:
    """Ask at the desk with the keyboard alone; a page that has only just opened may not hear the first Enter."""
    from playwright.sync_api import TimeoutError  # absent where these tests skip

    asked = page.locator(f"#yj-desk-head .yj-question:text-is('{question}')")
    # A page that heard says at once that it searches: to ask again then, however slow the answer, would ask twice.
    heard = page.locator("#yj-desk-head [data-waiting]").or_(asked).first
    for _ in range(3):
        focus(page, "Alt+1", "#yj-desk-question")
        page.keyboard.press("Control+A")
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        try:
            heard.wait_for(timeout=3_000)
            break
        except TimeoutError:
            continue
    asked.wait_for()


def check(page, text: str) -> None:
    """Check a pasted text with the keyboard alone."""
    focus(page, "Alt+5", "#yj-check-text")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#yj-check-verdict .yj-band")


def clipboard(page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_a_call_from_the_keyboard_alone(visit, assistant):
    page = visit.page
    call(page, "用电成本")
    spoken = "条例第三十条要求政府部门采取措施降低用电成本。"
    assert page.input_value("#yj-desk-spoken textarea") == spoken
    assert page.inner_text("#yj-desk-count") == "23 字"
    page.wait_for_function("document.getElementById('yj-desk-live').textContent.startsWith('有依据')")
    page.keyboard.press("Alt+2")
    page.wait_for_function("document.getElementById('yj-desk-live').textContent === '口径已复制'")
    assert clipboard(page) == spoken
    page.keyboard.press("Alt+4")
    page.wait_for_selector(".yj-drawer mark")
    assert page.inner_text(".yj-drawer mark") == "采取减少供应层级等措施降低企业用电、用水、用气成本。"
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")
    assert page.evaluate("document.activeElement.className") == "yj-open"  # back at the article
    assert [row[0] for row in assistant.recorder.rows] == ["answer"]  # said as proposed: no edit
    call(page, "补贴")  # the next question replaces the last; nothing has to be cleared by hand
    assert page.input_value("#yj-desk-question textarea") == "补贴"
    assert "关于具体金额" in page.inner_text(".yj-groundless")


def test_the_spoken_version_is_the_largest_text_and_above_the_fold(visit):
    page = visit.page
    call(page, "用电成本")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('#yj-tab-desk :is(p, li, h2, h3, b, textarea, button)')]
            .filter(e => e.offsetParent !== null)
            .map(e => [parseFloat(getComputedStyle(e).fontSize), e.closest('#yj-desk-spoken') !== null])"""
    )
    assert max(size for size, spoken in sizes if spoken) > max(size for size, spoken in sizes if not spoken)
    box = page.locator("#yj-desk-spoken textarea").bounding_box()
    assert box["y"] + box["height"] < 800
    assert box["y"] < page.locator("#yj-desk-beside .yj-card").first.bounding_box()["y"]


def test_an_edit_is_counted_copied_recorded_and_put_on_the_sheet(visit, assistant):
    page = visit.page
    focus(page, "Alt+1", "#yj-desk-question")
    page.get_by_label("来电人所在地").fill("佛山")
    page.get_by_label("坐席姓名").fill("小王")
    call(page, "用电成本")
    assert "佛山市工业和信息化局<b>" in page.inner_text("#yj-desk-beside")
    assert "共 1 条" in page.inner_text("#yj-desk-record")
    page.fill("#yj-desk-spoken textarea", "请看第三十条。")
    assert page.inner_text("#yj-desk-count") == "7 字"
    page.keyboard.press("Alt+2")
    page.wait_for_function("document.getElementById('yj-desk-live').textContent === '口径已复制'")
    assert clipboard(page) == "请看第三十条。"
    page.wait_for_selector("#yj-desk-record >> text=共 2 条")
    page.keyboard.press("Alt+3")
    page.wait_for_function("document.getElementById('yj-desk-live').textContent === '转办单已复制'")
    sheet = page.input_value("#yj-desk-sheet-text textarea")
    assert clipboard(page) == sheet  # the text area is there where copying fails
    for part in ("用电成本", "佛山", "请看第三十条。", "佛山市工业和信息化局<b>"):
        assert part in sheet
    assert [row[0] for row in assistant.recorder.rows] == ["answer", "edit"]  # the same words once
    assert assistant.recorder.rows[1] == ("edit", 1, "请看第三十条。", "小王")


def test_the_next_caller_starts_empty(visit):
    page = visit.page
    focus(page, "Alt+1", "#yj-desk-question")
    page.get_by_label("来电人所在地").fill("佛山")
    call(page, "用电成本")
    page.keyboard.press("Alt+0")
    page.wait_for_function("document.querySelector('#yj-desk-question textarea').value === ''")
    page.wait_for_function("document.activeElement.closest('#yj-desk-question')")
    assert page.get_by_label("来电人所在地").input_value() == ""  # the last caller's place is not the next one's
    assert not page.locator("#yj-desk-say").is_visible()
    assert page.locator("#yj-desk-beside .yj-card").count() == 0


def test_no_old_words_stand_beside_an_error(visit):
    page = visit.page
    call(page, "用电成本")
    focus(page, "Alt+1", "#yj-desk-question")
    page.keyboard.type("没有索引")
    page.keyboard.press("Enter")
    page.wait_for_selector("#yj-desk-head .yj-error:has-text('没有索引<b>')")
    assert not page.locator("#yj-desk-say").is_visible() and not page.locator("#yj-desk-beside").is_visible()
    focus(page, "Alt+1", "#yj-desk-question")
    page.keyboard.type("boom")
    page.keyboard.press("Enter")
    page.wait_for_selector("#yj-desk-head .yj-error:has-text('这次没有得到答复')")
    assert page.input_value("#yj-desk-question textarea") == "boom"


def test_tab_goes_from_field_to_field_and_is_seen(visit):
    page = visit.page
    call(page, "用电成本")
    focus(page, "Alt+1", "#yj-desk-question")
    names = []
    for _ in range(9):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                """() => { const at = document.activeElement;
                    if (getComputedStyle(at).outlineStyle !== 'solid') return 'unseen';
                    return (at.getAttribute('aria-label') || at.closest('label')?.innerText 
                        || at.innerText).trim(); }"""
            )
        )
    fields = ["查依据", "来电人所在地", "事情日期", "坐席姓名", "下一位来电人"]
    expected = [*fields, "口径", "复制口径", "转办单", "打开原文"]
    assert all(name.startswith(start) for name, start in zip(names, expected, strict=True)), names


@pytest.mark.parametrize("size", [PHONE, {"width": 640, "height": 400}], ids=["phone", "zoom200"])
def test_small_screens_show_everything_without_scrolling_sideways(browser, stage, assistant, size):
    visit = Visit(browser, stage[1], size)
    page = visit.page
    call(page, "用电成本")
    for tab in ("#yj-desk-say", "#yj-desk-beside .yj-card"):
        box = page.locator(tab).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
    # the button of a card takes the whole card
    small = """() => [...document.querySelectorAll(':is(#yj-tab-desk, #yj-tab-check) button:not(.yj-open)')]
        .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(small) == []
    check(page, REPLY)
    assert page.evaluate(small) == []
    visit.close()


def test_hostile_words_stay_words(any_visit):
    page = any_visit.page
    focus(page, "Alt+1", "#yj-desk-question")
    page.keyboard.insert_text(f"附件{HOSTILE}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#yj-desk-head .yj-question")
    page.keyboard.press("Alt+3")
    page.wait_for_selector("#yj-desk-sheet textarea")
    check(page, f"{HOSTILE}{REPLY}《{HOSTILE}》第三条")
    assert HOSTILE in page.inner_text("#yj-check-body .yj-checked")
    assert page.locator("#yj-tab-desk img, #yj-tab-check img, #yj-check-body script").count() == 0


def test_a_pasted_reply_with_a_wrong_article_is_marked(any_visit, assistant):
    page = any_visit.page
    check(page, REPLY)
    band = page.inner_text("#yj-check-verdict")
    assert "×" in band and "不通过" in band and "发现 2 处引用，核验 2 处" in band
    assert page.locator("#yj-check-body mark.yj-find-bad").inner_text().startswith(f"{RULES}第九十条")
    assert page.locator("#yj-check-body mark.yj-find-ok").inner_text().startswith(f"{RULES}第三十条")
    assert "没有第九十条" in page.inner_text("#yj-check-body")
    page.click("#yj-check-body .yj-item >> nth=0 >> [data-open]")
    page.wait_for_selector(".yj-drawer .yj-here:has-text('第三十条')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")
    page.get_by_label("按哪一天判断").fill("2025年6月1日")
    page.click("#yj-check-submit")
    page.wait_for_selector("#yj-check-verdict >> text=效力按2025年6月1日判断")
    assert [row[0] for row in assistant.recorder.rows] == ["check", "check"]


def test_a_mistake_loses_nothing_that_was_typed(visit, assistant):
    page = visit.page
    check(page, REPLY)
    page.get_by_label("按哪一天判断").fill("昨天")
    page.click("#yj-check-submit")
    page.wait_for_selector("#yj-check-verdict .yj-hint:has-text('请写成 2025-06-01 的样子')")
    assert page.input_value("#yj-check-text textarea") == REPLY
    assert not page.locator("#yj-check-body").is_visible() and not page.locator("#yj-check-take").is_visible()
    page.get_by_role("tab", name="坐席").click()
    page.get_by_role("tab", name="核对").click()
    assert page.input_value("#yj-check-text textarea") == REPLY
    page.get_by_label("按哪一天判断").fill("")
    page.fill("#yj-check-text textarea", "boom")
    page.click("#yj-check-submit")
    page.wait_for_selector("#yj-check-verdict .yj-error:has-text('这次没有核对成')")
    assert page.input_value("#yj-check-text textarea") == "boom"
    page.fill("#yj-check-text textarea", " ")
    page.click("#yj-check-submit")
    page.wait_for_selector("#yj-check-verdict .yj-hint:has-text('请先粘贴')")


def test_a_text_that_is_too_long_is_not_even_sent_and_stays(visit, assistant):
    page = visit.page
    focus(page, "Alt+5", "#yj-check-text")
    page.evaluate(
        """() => { const field = document.querySelector('#yj-check-text textarea');
            field.value = '字'.repeat(1_750_000); field.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    before = len(visit.requests)
    page.click("#yj-check-submit")
    page.wait_for_selector("#yj-check-too-long:has-text('上限 5 MB')")
    assert page.evaluate("document.querySelector('#yj-check-text textarea').value.length") == 1_750_000
    assert len(visit.requests) == before and assistant.checked == []
    page.evaluate(
        """() => { const field = document.querySelector('#yj-check-text textarea');
            field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    check(page, REPLY)
    assert not page.locator("#yj-check-too-long").is_visible()


def send(page, path: Path) -> None:
    page.set_input_files("#yj-tab-check input[type=file]", path)


def test_a_word_file_comes_back_annotated(visit, tmp_path, assistant):
    page = visit.page
    path = tmp_path / "答复<img src=x onerror=window.pwned=1>.docx"
    document = docx.Document()
    document.add_paragraph(REPLY)
    document.save(str(path))
    focus(page, "Alt+5", "#yj-check-text")
    page.keyboard.insert_text("这段还没有核对")
    send(page, path)
    page.wait_for_selector("#yj-check-verdict .yj-band:has-text('答复img src=x')")  # Gradio drops < and >
    assert page.input_value("#yj-check-text textarea") == "这段还没有核对"
    with page.expect_download() as waiting:
        page.click("#yj-check-docx")
    waiting.value.save_as(tmp_path / "back.docx")
    assert waiting.value.suggested_filename == "答复img src=x onerror=window.pwned=1-核对.docx"
    back = docx.Document(str(tmp_path / "back.docx"))
    assert [paragraph.text for paragraph in back.paragraphs] == [REPLY]
    assert any("没有第九十条" in comment.text for comment in back.comments)
    for _ in range(2):  # the second one is given as well
        with page.expect_download() as waiting:
            page.click("#yj-check-html")
        waiting.value.save_as(tmp_path / "back.html")
    assert "没有第九十条" in (tmp_path / "back.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "content", "line", "sent"),
    [
        ("坏.txt", b"\xe4\xb9\xb1\xe7\xa0\x81", "坏.txt 是乱码", True),
        ("x.exe", b"x", "的类型不支持", False),
        ("big.txt", b"a" * 1_000_001, "上限是 1 MB", False),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(visit, tmp_path, name, content, line, sent):
    page = visit.page
    focus(page, "Alt+5", "#yj-check-text")
    page.keyboard.insert_text(REPLY)
    path = tmp_path / name
    path.write_bytes(content)
    send(page, path)
    page.wait_for_selector(f"#yj-tab-check .yj-error:visible:has-text('{line}')")
    assert page.input_value("#yj-check-text textarea") == REPLY
    assert any("/upload" in url for url in visit.requests) is sent
    assert not page.locator("#yj-check-take").is_visible()


CONTACTS = """[[contact]]
place = "佛山"
topics = ["用电"]
department = "佛山市发展和改革局"
phone = "0757-00000000"
"""


def test_real_call_check_and_record(browser, corpus_index, tmp_path):
    """The real assistant, contacts and record: what was shown is in the record, whose head the page shows."""
    (tmp_path / "contacts.toml").write_text(CONTACTS, encoding="utf-8")
    corpus = Path(__file__).parents[2] / "corpus"
    settings = Settings(index=corpus_index, corpus=corpus, audit=tmp_path / "record.db")
    recorder, assistant = Recorder.from_settings(settings), open_or_build(settings)
    with serving(assistant, contacts=Contacts.load(tmp_path / "contacts.toml"), recorder=recorder) as root:
        visit = Visit(browser, root, DESKTOP)
        page = visit.page
        call(page, "企业的用电用气成本怎么降低？")
        assert "第三十条" in page.input_value("#yj-desk-spoken textarea")
        beside = page.inner_text("#yj-desk-beside")
        assert (
            "县级以上人民政府及有关部门" in beside and "未配置" in beside and "您（企业）在哪个省、哪个市？" in beside
        )
        page.get_by_label("来电人所在地").fill("佛山")
        page.get_by_label("来电人所在地").press("Enter")
        page.wait_for_selector("#yj-desk-beside >> text=佛山市发展和改革局")
        assert "您（企业）在哪个省、哪个市？" not in page.inner_text("#yj-desk-beside")
        page.fill("#yj-desk-spoken textarea", "请看条例第三十条，回电13800138000。")
        page.keyboard.press("Alt+3")
        page.wait_for_function("document.getElementById('yj-desk-live').textContent === '转办单已复制'")
        assert "建议承办单位：佛山市发展和改革局（电话 0757-00000000）" in clipboard(page)
        assert "条文所称责任主体：“县级以上人民政府及有关部门”" in clipboard(page)
        check(page, REPLY)
        assert "发现 2 处引用，核验 2 处，其中 1 处不对" in page.inner_text("#yj-check-verdict")
        head = recorder.head()
        assert f"共 4 条 · 链头 {head.hash[:12]}" in page.inner_text("#yj-tab-check .yj-record")
        page.click("#yj-check-body .yj-item >> nth=0 >> [data-open]")
        page.wait_for_selector(".yj-drawer .yj-here:has-text('第三十条')")
        page.keyboard.press("Escape")
        page.wait_for_selector(".yj-drawer", state="detached")
        visit.close()
    assert head.count == 4  # two answers, an edit, a check
    recorder.close()
    assert b"13800138000" not in (tmp_path / "record.db").read_bytes()
    assistant.close()


def test_without_a_record_the_page_says_nothing_of_one(browser, make_assistant):
    with serving(make_assistant(), recorder=Recorder(None)) as root:
        visit = Visit(browser, root, DESKTOP)
        call(visit.page, "用电成本")
        visit.page.fill("#yj-desk-spoken textarea", "改过")
        visit.page.keyboard.press("Alt+2")
        visit.page.wait_for_function("document.getElementById('yj-desk-live').textContent === '口径已复制'")
        assert not visit.page.locator("#yj-desk-record").is_visible()
        visit.close()
