"""The tab 问答 in a real Chromium: dialogue, parts and conditions, evidence, votes, files, a language model."""

import io
import json
from pathlib import Path

import docx
import pytest

from assistant.schema import Statement
from assistant.settings import LlmSettings, Settings
from tests.web.browsing import DESKTOP, NEEDS_CHROMIUM, PHONE, Visit, serving

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def assistant(stage):
    stage[0].__init__()
    return stage[0]


@pytest.fixture(scope="module")
def votes(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("votes") / "feedback.jsonl"


@pytest.fixture(scope="module")
def stage(make_assistant, votes):
    assistant = make_assistant()
    with serving(assistant, feedback=votes) as root:
        yield assistant, root


def test_a_dialogue_is_kept_followed_up_and_dropped(any_visit, assistant):
    visit, page = any_visit, any_visit.page
    assert not page.locator("#yj-fresh").is_visible()
    visit.ask("用电成本", "answered")
    assert page.locator(".yj-turn").count() == 0 and page.locator("#yj-fresh").is_visible()
    visit.ask("红烧肉怎么做", "abstained")
    visit.ask("那搬到江西呢？", "answered")
    assert assistant.histories == [(), ("用电成本",), ("用电成本", "红烧肉怎么做")]
    assert page.locator(".yj-turn > summary").all_inner_texts() == ["有依据\n用电成本", "未找到依据\n红烧肉怎么做"]
    assert "江西<i>省" in page.inner_text(".yj-carried")
    page.click(".yj-turn >> nth=0 >> summary >> nth=0")  # an earlier answer opens its own source
    page.click(".yj-turn >> nth=0 >> .yj-mark >> nth=0")
    page.wait_for_selector(".yj-drawer mark:has-text('采取减少供应层级')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")
    page.click(".yj-carried .yj-copy")  # the same question, by itself
    page.wait_for_selector("#yj-result .yj-abstained")
    assert assistant.asked[-1][0] == "那搬到江西呢？" and assistant.histories[-1] == ()
    page.wait_for_selector(".yj-turn", state="detached")
    page.click("#yj-fresh")
    page.wait_for_selector(".yj-welcome")
    assert not page.locator("#yj-fresh").is_visible() and not page.locator("#yj-after").is_visible()
    assert page.evaluate("document.activeElement.closest('#yj-question') !== null")
    visit.ask("补贴多少", "partial")
    assert assistant.histories[-1] == ()


def test_a_dialogue_is_the_visitors_own(visit, browser, assistant):
    visit.ask("用电成本", "answered")
    other = Visit(browser, visit.root, DESKTOP)
    other.ask("补贴多少", "partial")
    assert assistant.histories == [(), ()]
    assert "用电成本" not in other.page.inner_text("#yj-result") and other.page.locator(".yj-turn").count() == 0
    other.close()


def test_parts_conditions_and_the_operators_words(any_visit, assistant):
    visit, page = any_visit, any_visit.page
    page.get_by_role("radio", name="坐席").check()
    page.get_by_label("地区").fill("广东")
    page.get_by_label("日期").fill("2025-06-01")
    visit.ask("我们厂搬家，资金谁安排？", "partial")
    assert [str(one) for one in assistant.asked[-1][1:]] == ["2025-06-01", "广东", "hotline"]
    assert page.locator("#yj-result .yj-part .yj-pill").all_inner_texts() == ["有依据", "部分有依据", "未找到依据"]
    assert page.locator("#yj-result .yj-state").all_inner_texts() == ["符合", "不符合", "未说明"]
    assert page.locator("#yj-result .yj-part .yj-pill svg").count() == 3  # never by colour alone
    spoken, first = (page.locator(one).first.bounding_box()["y"] for one in ("#yj-result .yj-spoken", ".yj-part"))
    assert spoken < first
    assert page.inner_text("#yj-ask-live") == page.get_attribute("#yj-result .yj-result", "data-said")
    page.click(".yj-conditions .yj-mark >> nth=0")
    page.wait_for_selector(".yj-drawer mark:has-text('县级以上人民政府应当统筹安排财政资金')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")


def test_why_is_computed_when_it_is_opened(any_visit, assistant):
    visit, page = any_visit, any_visit.page
    visit.ask("用电成本", "answered")
    assert assistant.explained == []
    page.focus("#yj-why > button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".yj-why meter")
    assert assistant.explained == [("用电成本", None, "")]
    assert "湖南<b>办法" in page.inner_text(".yj-left-out")
    page.click(".yj-scores .yj-link >> nth=0")
    page.wait_for_selector(".yj-drawer .yj-here:has-text('第三十条')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".yj-drawer", state="detached")
    visit.ask("补贴多少", "partial")
    page.wait_for_selector(".yj-why", state="detached")  # what explained another answer is put away


def test_a_vote_is_written_once_and_masked(any_visit, votes):
    visit, page = any_visit, any_visit.page
    before = len(votes.read_text(encoding="utf-8").splitlines()) if votes.exists() else 0
    visit.ask("用电成本，找 13800138000", "answered")
    page.click("#yj-down")
    page.get_by_label("引的条文不对").check()
    page.fill("#yj-note textarea", "应是第二十九条<img src=x onerror=window.pwned=1>")
    page.click("#yj-vote-send")
    page.wait_for_selector("#yj-vote-said:has-text('已记下，只存在本机')")
    page.wait_for_selector("#yj-down", state="hidden")
    lines = votes.read_text(encoding="utf-8").splitlines()
    assert len(lines) == before + 1
    row = json.loads(lines[-1])
    assert (row["vote"], row["reasons"]) == ("down", ["引的条文不对"])
    assert "13800138000" not in lines[-1] and row["question"] == "用电成本，找 〔手机号〕"
    visit.ask("补贴多少", "partial")  # the next answer can be judged
    page.wait_for_selector("#yj-up", state="visible")
    assert page.inner_text("#yj-vote-said").strip() == ""


def test_an_answer_is_taken_away_with_its_grounds(visit, assistant):
    page = visit.page
    visit.ask("我们厂搬家，资金谁安排？", "partial")
    for button, ending in (("#yj-export-docx", ".docx"), ("#yj-export-md", ".md")):
        with page.expect_download() as download:
            page.click(button)
        assert download.value.suggested_filename == f"依据-我们厂搬家，资金谁安排{ending}"
        data = Path(download.value.path()).read_bytes()
        if ending == ".docx":
            text = "\n".join(one.text for one in docx.Document(io.BytesIO(data)).paragraphs)
        else:
            text = data.decode()
        assert "“县级以上人民政府应当统筹安排财政资金。”[1]" in text and "不是法律意见" in text


@pytest.fixture(scope="module")
def talking(make_assistant):
    """A page whose answers a language model words, on another host."""
    assistant = make_assistant()
    llm = LlmSettings(base_url="https://llm.example.cn/v1", model="tiny")
    assistant.settings = Settings(index=Path("unused"), llm=llm)
    with serving(assistant) as root:
        yield assistant, root


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_models_sentences_come_one_by_one_and_can_be_stopped(browser, talking, viewport):
    assistant, root = talking
    visit = Visit(browser, root, viewport)
    page = visit.page
    assert "问题和所引条文会发往 llm.example.cn" in page.inner_text(".yj-model")
    page.fill("#yj-question textarea", "用电成本")
    page.press("#yj-question textarea", "Enter")
    page.wait_for_selector("#yj-stop", state="visible")
    assert not page.locator("#yj-submit").is_visible()
    assistant.model.said.put(Statement("第一句<img src=x onerror=window.pwned=1>", (1,), True))
    page.wait_for_selector(".yj-growing >> text=第一句")
    assert "第二句" not in page.inner_text("#yj-result")
    assistant.model.said.put(Statement("第二句", (1,), True))
    page.wait_for_selector(".yj-growing >> text=第二句")
    assistant.model.said.put(None)
    page.wait_for_selector("#yj-result .yj-answered")
    assert "语言模型 tiny<b> 组织文字" in page.inner_text("#yj-result .yj-main")
    assert page.locator("#yj-submit").is_visible() and not page.locator("#yj-stop").is_visible()
    page.fill("#yj-question textarea", "用水成本")
    page.press("#yj-question textarea", "Enter")
    page.wait_for_selector(".yj-growing .yj-question:text-is('用水成本')")
    page.click("#yj-stop")
    page.wait_for_selector("#yj-result .yj-answered >> text=已取消")
    assert "逐字摘自文件" in page.inner_text("#yj-result .yj-main")
    visit.close()


def test_at_twice_the_size_nothing_is_cut_off(browser, stage, assistant):
    visit = Visit(browser, stage[1], {"width": 640, "height": 400})  # what a window of 1280 shows at 200 %
    visit.ask("我们厂搬家，资金谁安排？", "partial")
    visit.page.click("#yj-why > button")
    visit.page.wait_for_selector(".yj-why meter")
    cut = visit.page.evaluate(
        """() => [...document.querySelectorAll('#yj-result *, #yj-after *')]
            .filter(e => e.offsetParent !== null && e.getBoundingClientRect().right > window.innerWidth + 1)
            .filter(e => !e.closest('.yj-scroll, [inert], .visually-hidden')).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    visit.close()
