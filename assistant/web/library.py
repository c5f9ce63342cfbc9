"""The tab 文件库: what is held, uploading with a preview to confirm, removing with a confirmation."""

import logging
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.places import provinces
from assistant.schema import WHOLE_COUNTRY, IngestReport
from assistant.settings import Settings
from assistant.web.events import FORWARD_CLICKS, clicked, surprises_logged
from assistant.web.lines import render_done, render_error, render_hint
from assistant.web.protocol import AssistantLike, Progress
from assistant.web.shelf import render_detail, render_held, render_known, render_preview
from assistant.web.source import show_source
from assistant.web.uploads import (
    ACCEPTED,
    Form,
    Upload,
    discard,
    discard_file,
    fill_form,
    read_form,
    take_file,
)
from assistant.web.words import KIND_WORDS
from assistant.wording import LEVEL_NAMES

log = logging.getLogger(__name__)

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
PROGRESS = gr.Progress()  # the marker that Gradio looks for in a handler's signature
# The page's script reads the limits from here and refuses such a file before it is sent, in Chinese.
INTRO = (
    '<p class="yj-facts" id="yj-upload-limits" data-types="{types}" data-max-mb="{max_mb}">'
    "可上传 {types}，每份不超过 {max_mb} MB；先预览解析结果，确认后才会用于回答。</p>"
    '<p class="yj-error" id="yj-upload-problem" data-upload-problem role="alert" hidden></p>'
    '<p class="yj-hint" id="yj-upload-sending" data-upload-sending role="status" hidden></p>'
)


def list_documents(assistant: AssistantLike) -> tuple[str, str]:
    """Return the tables of held and of known documents; an error takes the place of the first."""
    try:
        return render_held(assistant.documents()), render_known(assistant.known())
    except AssistantError as error:
        return render_error(str(error)), ""


def document_detail(assistant: AssistantLike, doc_id: str) -> tuple[str, bool]:
    """Return the detail of a held document and whether there is one."""
    try:
        for summary in assistant.documents():
            if summary.metadata.id == doc_id:
                return render_detail(summary, assistant.parsed(doc_id)), True
    except AssistantError as error:
        return render_error(str(error)), False
    return render_error("这份文件已不在文件库里；请刷新页面。"), False


def preview_upload(
    assistant: AssistantLike, settings: Settings, path: Path, previous: Upload | None, folder: Path | None = None
) -> tuple[str, Upload | None]:
    """Return the preview of a chosen file and the upload it belongs to; a refused file leaves none.

    `previous` is this user's earlier upload, discarded. Private folders are made below `folder`, None for the system's
    folder for temporary files.
    """
    discard(previous)
    try:
        taken = take_file(path, settings.max_upload_mb, folder)
    except FileNotFoundError:
        return render_error("上传的文件没有收到；请重新上传。"), None
    except AssistantError as error:
        return render_error(str(error)), None
    try:
        upload = Upload(taken, assistant.preview(taken))
        return render_preview(upload.preview, replaced_title(assistant, upload)), upload
    except AssistantError as error:
        discard_file(taken)
        return render_error(str(error)), None
    except BaseException:
        discard_file(taken)
        raise


def revise_upload(assistant: AssistantLike, upload: Upload | None, form: Form) -> tuple[str, Upload | None]:
    """Return the preview again, parsed with the metadata of the form; an error leaves the upload as it was."""
    if upload is None:
        return render_hint("请先选择要上传的文件。"), None
    try:
        metadata = read_form(form, upload.preview.parsed.document.metadata)
        revised = replace(upload, preview=assistant.preview(upload.path, metadata))
        return render_preview(revised.preview, replaced_title(assistant, revised)), revised
    except AssistantError as error:
        shown = render_preview(upload.preview, replaced_title(assistant, upload))
        return f"{render_error(str(error))}{shown}", upload


def confirm_upload(
    assistant: AssistantLike, upload: Upload | None, form: Form, progress: Progress | None = None
) -> tuple[str, Upload | None]:
    """Make an upload live and return one line on what changed; None in place of the upload once it is done.

    Where the form now makes it replace another document than the preview said, nothing goes live: the new preview is
    returned to be confirmed again.
    """
    if upload is None:
        return render_hint("没有等待确认的文件；请先上传。"), None
    before = upload.preview
    if form_of(upload) != form:
        shown, upload = revise_upload(assistant, upload, form)
        if upload is None or upload.preview is before or upload.preview.replaces != before.replaces:
            return shown, upload
    try:
        report = assistant.add(upload.preview, progress)
    except AssistantError as error:
        return render_error(str(error)), upload
    discard(upload)
    return report_line(report, upload.preview.parsed.document.title), None


def form_of(upload: Upload) -> Form:
    """Return the form an upload's preview was made with."""
    return fill_form(upload.preview.parsed.document.metadata)


def remove_document(assistant: AssistantLike, doc_id: str) -> str:
    """Remove a held document and return one line on it."""
    try:
        titles = {row.metadata.id: row.metadata.title for row in assistant.documents()}
        report = assistant.remove(doc_id)
    except AssistantError as error:
        return render_error(str(error))
    if doc_id not in report.removed:
        return render_error("这份文件已不在文件库里；请刷新页面。")
    return render_done(f"已移除《{titles.get(doc_id, doc_id)}》，之后的提问不再检索它。")


def removal_question(assistant: AssistantLike, doc_id: str) -> str:
    """Return the question asked before a document is removed."""
    for row in assistant.documents():
        if row.metadata.id == doc_id:
            again = "它随系统收录，下次用 python ingest.py 同步时会重新加入。" if row.origin == "corpus" else ""
            return render_error(f"确定移除《{row.metadata.title}》？移除后的提问不再检索它。{again}")
    return render_error("这份文件已不在文件库里；请刷新页面。")


def report_line(report: IngestReport, title: str) -> str:
    """Return one line on what an ingest did."""
    if report.refused:
        return render_error("；".join(f"{refusal.file}：{refusal.reason}" for refusal in report.refused))
    if report.replaced:
        return render_done(f"已用新文本替换《{title}》，现在可以提问了。")
    if report.added:
        return render_done(f"已收录《{title}》，现在可以提问了。")
    return render_done(f"《{title}》与已收录的完全相同，没有变化。")


def replaced_title(assistant: AssistantLike, upload: Upload) -> str:
    """Return the title of the held document an upload would replace, "" for none."""
    titles = {row.metadata.id: row.metadata.title for row in assistant.documents()}
    return titles.get(upload.preview.replaces or "", "")


def build_library_tab(
    assistant: AssistantLike, settings: Settings, drawer: gr.HTML, blocks: gr.Blocks, tab: gr.Tab, folder: Path | None
) -> None:
    """Lay out the tab inside the current `gr.Tab` and wire it; lists are fresh on every load and visit."""
    pending = gr.State(None, delete_callback=discard)  # this user's upload in preview, nobody else's
    selected = gr.State("")
    with gr.Row(elem_classes="yj-upload-row"):
        gr.HTML(INTRO.format(types=" ".join(ACCEPTED), max_mb=settings.max_upload_mb), js_on_load=None)
        chosen = gr.UploadButton(
            "上传文件",
            file_types=list(ACCEPTED),
            variant="primary",
            size="md",
            scale=0,
            min_width=120,
            elem_id="yj-upload",
        )
    message = gr.HTML("", js_on_load=None, elem_id="yj-message")
    with gr.Column(visible=False, elem_id="yj-preview") as panel:
        with gr.Row():
            title = gr.Textbox(label="标题（全称，不带书名号）", scale=3)
            kind = gr.Dropdown([(words, key.value) for key, words in KIND_WORDS.items()], label="类型", scale=1)
        with gr.Row():
            level = gr.Dropdown(
                [("未知", ""), *((words, key.value) for key, words in LEVEL_NAMES.items())], label="效力位阶"
            )
            number = gr.Textbox(label="文号")
            issuer = gr.Textbox(label="发布机关")
        with gr.Row():
            places = [("未知", ""), ("全国", WHOLE_COUNTRY)]
            places += [(name, f"{code}0000") for code, name in provinces().items()]
            place = gr.Dropdown(places, label="适用地域（或六位代码）", allow_custom_value=True)
            promulgated = gr.Textbox(label="公布日期", placeholder="例如：2025-01-12")
            effective = gr.Textbox(label="施行日期", placeholder="例如：2025-03-01")
        with gr.Row(elem_classes="yj-buttons"):
            confirm = gr.Button("确认入库", variant="primary", elem_id="yj-confirm")
            revise = gr.Button("按修改重新解析", elem_id="yj-revise")
            cancel = gr.Button("取消", elem_id="yj-cancel")
        preview = gr.HTML("", js_on_load=None, elem_id="yj-preview-text")
    held = gr.HTML("", js_on_load=FORWARD_CLICKS, elem_id="yj-held")
    detail = gr.HTML("", js_on_load=FORWARD_CLICKS, elem_id="yj-detail")
    remove = gr.Button("移除这份文件", visible=False, size="sm", elem_id="yj-remove")
    with gr.Column(visible=False, elem_id="yj-removal") as removal:
        question = gr.HTML("", js_on_load=None)
        with gr.Row(elem_classes="yj-buttons"):
            really = gr.Button("确定移除", variant="stop", elem_id="yj-really")
            keep = gr.Button("不移除", elem_id="yj-keep")
    known = gr.HTML("", js_on_load=None, elem_id="yj-known")
    fields = [title, kind, level, number, issuer, place, promulgated, effective]

    def lists() -> tuple[str, str]:
        with surprises_logged():
            return list_documents(assistant)

    def on_upload(path: str, previous: Upload | None) -> list[Any]:
        with surprises_logged():
            shown, upload = preview_upload(assistant, settings, Path(path), previous, folder)
        values = astuple(form_of(upload)) if upload else ("",) * len(fields)
        if upload is None:
            return [shown, "", None, gr.update(visible=False), *(gr.skip() for _ in fields)]
        return ["", shown, upload, gr.update(visible=True), *values]

    def on_revise(upload: Upload | None, *values: str) -> tuple[str, Upload | None]:
        with surprises_logged():
            return revise_upload(assistant, upload, Form(*(value or "" for value in values)))

    def on_confirm(
        upload: Upload | None,
        title: str,
        kind: str,
        level: str,
        number: str,
        issuer: str,
        place: str,
        promulgated: str,
        effective: str,
        progress: gr.Progress = PROGRESS,
    ) -> list[Any]:
        def report(stage: str, done: int, total: int) -> None:
            progress((done, total), desc=stage)

        values = (title, kind, level, number, issuer, place, promulgated, effective)
        with surprises_logged():
            form = Form(*(value or "" for value in values))
            shown, left = confirm_upload(assistant, upload, form, report)
        if left is None:
            return [shown, "", None, gr.update(visible=False)]
        return ["", shown, left, gr.update(visible=True)]

    def on_cancel(upload: Upload | None) -> list[Any]:
        discard(upload)
        return [render_hint("已取消，文件没有入库。"), "", None, gr.update(visible=False)]

    def on_open(doc_id: str, event: gr.EventData) -> list[Any]:
        target = clicked(event)
        with surprises_logged():
            shown, found = document_detail(assistant, target.removeprefix("d:"))
        return [shown, target.removeprefix("d:") if found else "", gr.update(visible=found), gr.update(visible=False)]

    def on_source(event: gr.EventData) -> str:
        with surprises_logged():
            return show_source(assistant, None, clicked(event))

    def on_remove(doc_id: str) -> tuple[Any, str]:
        with surprises_logged():
            return gr.update(visible=True), removal_question(assistant, doc_id)

    def on_really(doc_id: str) -> list[Any]:
        with surprises_logged():
            line = remove_document(assistant, doc_id)
        return [line, "", "", gr.update(visible=False), gr.update(visible=False)]

    both = [held, known]
    gr.on([blocks.load, tab.select], lists, None, both, **QUIET)
    # The message is emptied first, so that the same refusal of a second file is seen to be a new one.
    chosen.upload(lambda: "", None, message, **QUIET).then(
        on_upload, [chosen, pending], [message, preview, pending, panel, *fields], **QUIET
    )
    revise.click(on_revise, [pending, *fields], [preview, pending], api_visibility="private")
    confirm.click(on_confirm, [pending, *fields], [message, preview, pending, panel], api_visibility="private").then(
        lists, None, both, **QUIET
    )
    cancel.click(on_cancel, pending, [message, preview, pending, panel], **QUIET)
    held.select(on_open, selected, [detail, selected, remove, removal], **QUIET)
    detail.select(on_source, None, drawer, **QUIET)
    remove.click(on_remove, selected, [removal, question], **QUIET)
    keep.click(lambda: gr.update(visible=False), None, removal, **QUIET)
    really.click(on_really, selected, [message, detail, selected, remove, removal], **QUIET).then(
        lists, None, both, **QUIET
    )
