"""The tab 核对: a reply pasted or a file uploaded, every citation in it checked, the marked copy to take away."""

import base64
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.citing.annotate import annotate_docx, docx_from_text
from assistant.citing.report_html import findings_html, marked_html, report_html
from assistant.citing.sources import CHECKABLE, MAX_TEXT_BYTES, read_pasted
from assistant.errors import AssistantError
from assistant.schema import CheckReport
from assistant.serving.audit import Recorder
from assistant.settings import Settings
from assistant.web.ask import ASKING_AT_ONCE, QUIET
from assistant.web.desk import record_line
from assistant.web.events import FORWARD_CLICKS, clicked, surprises_logged
from assistant.web.lines import render_error, render_hint
from assistant.web.protocol import AssistantLike
from assistant.web.source import show_source
from assistant.web.uploads import discard_file, take_file
from assistant.web.verdicts import render_verdict
from assistant.web.words import read_day

log = logging.getLogger(__name__)

PASTED = "粘贴的文字"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BUSY = '() => \'<p class="yj-hint" role="status" data-waiting>正在核对……</p>\''
SURPRISE = "这次没有核对成，请再试一次；仍然出错时请把时间告诉管理员。"
# What a file's name may not hold: a path, what a system reserves, and marks that reverse the direction of writing.
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')
INTRO = (
    '<p class="yj-facts" data-types="{types}" data-max-mb="{max_mb}">'
    "也可以上传 {types}，每份不超过 {max_mb} MB；核对完不留文件。"
    "日期留空时按文中日期，文中没有就按今天。文字框里按 Ctrl+回车核对。</p>"
    '<p class="yj-error" data-upload-problem role="alert" hidden></p>'
    '<p class="yj-hint" data-upload-sending role="status" hidden></p>'
    '<p class="yj-error" id="yj-check-too-long" role="alert" data-max-bytes="{max_bytes}" hidden></p>'
)
FOLLOW_CHECK = "watch('value', () => window.yiju.desk.checked(element));"
SAVE = "(file) => { window.yiju.desk.save(file); }"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the page shows of a check.

    Attributes:
        verdict: the verdict as HTML, or one line that says what is wrong.
        body: the text marked in place and the findings, "" where nothing was checked.
        report: None where nothing was checked.
        name: of the file, `PASTED` for pasted text.
        annotated: the uploaded .docx with comments at its findings; empty for everything else.
    """

    verdict: str
    body: str = ""
    report: CheckReport | None = None
    name: str = PASTED
    annotated: bytes = b""


def check_pasted(
    assistant: AssistantLike, text: str, day: str = "", operator: str = "", recorder: Recorder | None = None
) -> Checked:
    """Return the check of a pasted text on the day typed, "" for the text's own."""
    if not (text or "").strip():
        return Checked(render_hint("请先粘贴要核对的文字，或上传文件。"))

    def check(as_of: date | None) -> tuple[CheckReport, bytes]:
        return assistant.check(read_pasted(text), as_of=as_of), b""

    return _checked(assistant, day, PASTED, check, operator, recorder)


def check_upload(
    assistant: AssistantLike,
    settings: Settings,
    path: Path,
    day: str = "",
    operator: str = "",
    folder: Path | None = None,
    recorder: Recorder | None = None,
) -> Checked:
    """Return the check of an uploaded file, which is deleted before this returns, whatever came of it.

    The file is moved into a private folder below `folder`, None for the system's folder for temporary files.
    """
    try:
        taken = take_file(path, settings.max_upload_mb, folder, CHECKABLE)
    except FileNotFoundError:
        return Checked(render_error("上传的文件没有收到；请重新上传。"))
    except AssistantError as error:
        return Checked(render_error(str(error)))

    def check(as_of: date | None) -> tuple[CheckReport, bytes]:
        report = assistant.check_file(taken, as_of=as_of)
        return report, _annotated(taken, report)

    try:
        return _checked(assistant, day, taken.name, check, operator, recorder)
    finally:
        discard_file(taken)


def _annotated(path: Path, report: CheckReport) -> bytes:
    """Return a .docx with comments; empty for other files, and for one that cannot be written in."""
    if path.suffix.lower() != ".docx":
        return b""
    try:
        return annotate_docx(path, report)
    except AssistantError as error:  # the report is still worth showing; its text can be had as a new file
        log.info("a checked file could not be annotated: %s", type(error).__name__)
        return b""


def _checked(
    assistant: AssistantLike,
    day: str,
    name: str,
    check: Callable[[date | None], tuple[CheckReport, bytes]],
    operator: str,
    recorder: Recorder | None,
) -> Checked:
    as_of: date | None = None
    if day and day.strip():
        try:
            as_of = read_day(day)
        except ValueError:
            return Checked(render_hint(f"日期“{day.strip()}”不能识别；请写成 2025-06-01 的样子，或留空。"))
    try:
        report, annotated = check(as_of)
        if recorder is not None:
            documents = assistant.documents(report.as_of)
            recorder.record_check(report, operator=(operator or "").strip(), documents=documents)
    except AssistantError as error:
        return Checked(render_error(str(error)))
    verdict = render_verdict(report, "" if name == PASTED else name)
    return Checked(verdict, render_findings(report), report, name, annotated)


def render_findings(report: CheckReport) -> str:
    """Return the text marked in place and the list of findings beside it; each finding opens its provision."""
    marked = f'<div class="yj-pane" tabindex="0" aria-label="标出引用的原文">{marked_html(report)}</div>'
    listed = f'<div class="yj-pane">{findings_html(report, openers=True)}</div>'
    return f'<section class="yj-compared" aria-label="核对结果">{marked}{listed}</section>'


def annotated_file(checked: Checked | None) -> str:
    """Return the Word file with comments as what the page's script saves, "" where nothing was checked."""
    if checked is None or checked.report is None:
        return ""
    data = checked.annotated or docx_from_text(checked.report)
    return _saved(f"{_stem(checked.name)}-核对.docx", WORD, data)


def html_file(checked: Checked | None) -> str:
    """Return the report as a page of its own, as what the page's script saves, "" where nothing was checked."""
    if checked is None or checked.report is None:
        return ""
    name = "" if checked.name == PASTED else checked.name
    return _saved(f"{_stem(checked.name)}-核对.html", "text/html", report_html(checked.report, name).encode())


def _stem(name: str) -> str:
    """Return a file's name without its ending, fit for any system."""
    return _UNFIT.sub("_", Path(name).stem).strip(" .")[:80] or "文件"


def _saved(name: str, kind: str, data: bytes) -> str:
    return json.dumps({"name": name, "kind": kind, "data": base64.b64encode(data).decode("ascii")})


def build_check_tab(
    assistant: AssistantLike,
    settings: Settings,
    drawer: gr.HTML,
    folder: Path | None,
    operator: gr.Textbox,
    recorder: Recorder | None = None,
) -> None:
    """Lay out the tab inside the current `gr.Tab` and wire it; what was typed stays whatever comes of it.

    `operator` is the field of the desk that holds the operator's name.
    """
    state = gr.State(None)  # this user's last check, for the files to take away
    with gr.Column(elem_classes="yj-asking"):
        text = gr.Textbox(
            label="核对一段话",
            placeholder="把答复、草稿或任何一段话粘贴在这里，逐条核对其中的引用",
            lines=6,
            max_lines=14,
            elem_id="yj-check-text",
        )
        with gr.Row(elem_classes="yj-check-fields"):
            day = gr.Textbox(label="按哪一天判断（可空）", placeholder="例如：2025-06-01", max_length=20)
            submit = gr.Button("核对", variant="primary", elem_id="yj-check-submit")
            chosen = gr.UploadButton("上传文件", file_types=list(CHECKABLE), elem_id="yj-check-upload")
        intro = INTRO.format(types=" ".join(CHECKABLE), max_mb=settings.max_upload_mb, max_bytes=MAX_TEXT_BYTES)
        gr.HTML(intro, js_on_load=None)
    verdict = gr.HTML("", js_on_load=FOLLOW_CHECK, elem_id="yj-check-verdict")
    with gr.Row(elem_id="yj-check-take"):
        word = gr.Button("下载批注 .docx", elem_id="yj-check-docx")
        page = gr.Button("下载 HTML", elem_id="yj-check-html")
    body = gr.HTML("", js_on_load=FORWARD_CLICKS, elem_id="yj-check-body")
    record = gr.HTML(record_line(recorder), js_on_load=None)
    saved = gr.Textbox(visible="hidden", elem_id="yj-check-saved")

    def on_check(pasted: str, when: str, name: str) -> list[Any]:
        with surprises_logged():
            checked = check_pasted(assistant, pasted, when, name, recorder)
            return [checked.verdict, checked.body, checked, record_line(recorder)]

    def on_check_file(path: str, when: str, name: str) -> list[Any]:
        with surprises_logged():
            checked = check_upload(assistant, settings, Path(path), when, name, folder, recorder)
            return [checked.verdict, checked.body, checked, record_line(recorder)]

    def on_docx(checked: Checked | None) -> str:
        with surprises_logged():
            return annotated_file(checked)

    def on_html(checked: Checked | None) -> str:
        with surprises_logged():
            return html_file(checked)

    def on_finding(event: gr.EventData) -> str:
        with surprises_logged():
            return show_source(assistant, None, clicked(event))

    def on_failure() -> str:
        return render_error(SURPRISE)

    shown = [verdict, body, state, record]
    once: dict[str, Any] = {"concurrency_limit": ASKING_AT_ONCE, **QUIET}
    asked = submit.click(None, js=BUSY, outputs=verdict, **QUIET).then(on_check, [text, day, operator], shown, **once)
    sent = chosen.upload(None, js=BUSY, outputs=verdict, **QUIET).then(
        on_check_file, [chosen, day, operator], shown, **once
    )
    for checking in (asked, sent):
        checking.failure(on_failure, None, verdict, **QUIET)
    for button, make in ((word, on_docx), (page, on_html)):
        button.click(make, state, saved, **QUIET).success(None, saved, None, js=SAVE, **QUIET).then(
            lambda: "", None, saved, **QUIET
        )
    body.select(on_finding, None, drawer, **once)
