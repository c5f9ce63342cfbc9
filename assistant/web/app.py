"""The page: a masthead, the tabs, and the drawer that sources open in."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr

from assistant.serving.audit import Recorder
from assistant.serving.contacts import Contacts
from assistant.settings import Settings
from assistant.web.ask import ASKING_AT_ONCE, QUIET, build_ask_tab
from assistant.web.check import build_check_tab
from assistant.web.desk import build_desk_tab
from assistant.web.events import DRAWER_SCRIPT, FORWARD_CLICKS, clicked, surprises_logged
from assistant.web.library import build_library_tab
from assistant.web.protocol import AssistantLike
from assistant.web.source import show_source

TITLE = "依据 · 产业转移政策助手"
SYSTEM_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")  # nothing is fetched
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4e79"/>'
    '<path d="M9 9h14M9 15h14M9 21h8" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>'
    '<circle cx="23" cy="22" r="3" fill="#e8b04a"/></svg>'
)
DELETE_RECEIVED = (600, 3600)  # every 10 minutes, what was sent over an hour ago and never came to a preview
MASTHEAD = (
    f'<header class="yj-masthead"><span class="yj-logo" aria-hidden="true">{ICON}</span>'
    "<div><h1>依据</h1><p>产业转移政策助手 · 句句有出处，没有就直说</p></div></header>"
)


def build_app(
    assistant: AssistantLike,
    settings: Settings,
    uploads: Path | None = None,
    contacts: Contacts | None = None,
    recorder: Recorder | None = None,
) -> gr.Blocks:
    """Return the page over `assistant`, not yet launched; `page_options` holds what launching needs besides.

    Files in preview are kept below `uploads`, a private folder; None for the system's folder for temporary files.
    `contacts` is the hotline's own table, `recorder` keeps the record where it is switched on.
    """
    built = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=DELETE_RECEIVED)
    with built:
        gr.HTML(MASTHEAD, js_on_load=None)
        drawer = gr.HTML("", js_on_load=FORWARD_CLICKS + DRAWER_SCRIPT, elem_id="yj-drawer", render=False)
        with gr.Tabs(elem_id="yj-tabs"):
            with gr.Tab("问答", id="ask"):
                build_ask_tab(assistant, drawer, recorder, settings.feedback)
            with gr.Tab("坐席", id="desk", elem_id="yj-tab-desk") as desk:
                operator = build_desk_tab(assistant, drawer, desk, contacts, recorder)
            with gr.Tab("核对", id="check", elem_id="yj-tab-check"):
                build_check_tab(assistant, settings, drawer, uploads, operator, recorder)
            with gr.Tab("文件库", id="library") as library:
                build_library_tab(assistant, settings, drawer, built, library, uploads)
        drawer.render()  # type: ignore[no-untyped-call]  # Gradio does not annotate it

        def on_linked(event: gr.EventData) -> str:
            with surprises_logged():
                return show_source(assistant, None, clicked(event))

        drawer.select(on_linked, None, drawer, concurrency_limit=ASKING_AT_ONCE, **QUIET)
    return built


def page_options() -> Mapping[str, Any]:
    """Return theme, style and script of the page, as Gradio's launching functions take them."""
    here = files("assistant.web")
    style = "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "ask.css", "desk.css"))
    style += files("assistant.citing").joinpath("marks.css").read_text(encoding="utf-8")
    script = "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in ("page.js", "desk.js"))
    fonts = [gr.themes.Font(name) for name in SYSTEM_FONTS]
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_lg,
        font=fonts,
        font_mono=fonts,
    ).set(
        button_primary_background_fill="#1f4e79",
        button_primary_background_fill_hover="#163a5c",
        button_primary_background_fill_dark="#2d6ca8",
        button_primary_background_fill_hover_dark="#3a7cbb",
    )
    icon = f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(ICON)}">'
    return {"theme": theme, "css": style, "head": f"{icon}\n<script>{script}</script>"}
