"""The tab 坐席: a caller on the line. The question in, what can be read out first, its grounds and who handles it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.schema import Answer, Metadata, Role
from assistant.serving.audit import Recorder
from assistant.serving.audit_records import RecordId
from assistant.serving.contacts import Contacts
from assistant.serving.transfer import transfer_sheet
from assistant.web.ask import ASKING_AT_ONCE, QUIET
from assistant.web.asking import nearest_provisions
from assistant.web.conditions import open_conditions
from assistant.web.desk_render import (
    render_beside,
    render_call,
    render_count,
    render_keys,
    render_record,
    responsible_bodies,
)
from assistant.web.events import FORWARD_CLICKS, clicked, surprises_logged
from assistant.web.lines import render_error, render_hint
from assistant.web.model import model_of, render_model
from assistant.web.protocol import AssistantLike
from assistant.web.source import show_source
from assistant.web.words import read_day

MAX_SPOKEN_CHARS = 2_000  # of an edited version; what is read out has at most 150
BUSY = '() => \'<p class="yj-hint" role="status" data-waiting>正在检索……</p>\''
SURPRISE = "这次没有得到答复，请再提问一次；仍然出错时请把时间告诉管理员。"
WELCOME = (
    '<div class="yj-welcome"><p>接起电话，写下问题，按回车：先念口径，再看条文。</p>'
    "<p>口径可以改，改过的字数随时显示；没有依据的会直接写明，连同来电人所在地一起放进转办单。</p></div>"
)
FOLLOW_CALL = "watch('value', () => window.yiju.desk.answered(element));"
FOCUS = "() => window.yiju.desk.focus()"
COPY_SHEET = "(sheet) => { window.yiju.desk.copySheet(sheet); }"


@dataclass(frozen=True, slots=True)
class Call:
    """The call on this operator's page.

    Attributes:
        answer: what was answered.
        at: when, in local time.
        region: the caller's place as typed, "" for not said.
        entry: number of the record's entry for the answer, None where no record is kept.
        said: the spoken version as last recorded.
    """

    answer: Answer
    at: datetime
    region: str
    entry: RecordId | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page shows of a call: blocks of HTML, and the spoken version as plain text; `call` None for none."""

    head: str
    spoken: str = ""
    count: str = ""
    beside: str = ""
    call: Call | None = None


def take_call(
    assistant: AssistantLike,
    question: str,
    region: str = "",
    day: str = "",
    operator: str = "",
    *,
    contacts: Contacts | None = None,
    recorder: Recorder | None = None,
) -> Desk:
    """Return what the desk shows for a caller's question, one line in its head where it cannot be answered.

    `region` is the caller's place, `day` the day of the matter and `operator` a name, each as typed and "" for not
    said. Where a record is kept, the answer is recorded before it is shown.
    """
    text, place = (question or "").strip(), (region or "").strip()
    if not text:
        return Desk(render_hint("请先写下来电人的问题，按回车。"))
    as_of = None
    if day and day.strip():
        try:
            as_of = read_day(day)
        except ValueError:
            return Desk(render_hint(f"日期“{day.strip()}”不能识别；请写成 2025-06-01 的样子，或留空按今天判断。"))
    try:
        answer = assistant.ask(text, as_of=as_of, region=place, role=Role.HOTLINE)
        shelf: dict[str, Metadata] = {row.metadata.id: row.metadata for row in assistant.documents()}
        conditions = open_conditions(answer, region=place, dated=as_of is not None)
        contact = contacts.find(text, place) if contacts is not None else None
        beside = render_beside(answer, shelf, nearest_provisions(assistant, answer), conditions, contact)
        entry = None
        if recorder is not None:
            name = (operator or "").strip()
            entry = recorder.record_answer(answer, operator=name, role=Role.HOTLINE, region=place, as_of=as_of)
    except AssistantError as error:
        return Desk(render_error(str(error)))
    call = Call(answer, datetime.now(), place, entry, answer.spoken)
    return Desk(render_call(answer), answer.spoken, render_count(answer.spoken), beside, call)


def note_said(call: Call | None, spoken: str, operator: str = "", recorder: Recorder | None = None) -> Call | None:
    """Return the call once what the operator copied is on record; only words that differ from the last are recorded.

    Raises:
        AssistantError: it cannot be recorded.
    """
    said = (spoken or "").strip()[:MAX_SPOKEN_CHARS]
    if call is None or call.entry is None or recorder is None or not said or said == call.said.strip():
        return call
    recorder.record_edit(call.entry, said, operator=(operator or "").strip())
    return replace(call, said=said)


def make_sheet(call: Call | None, spoken: str, contacts: Contacts | None = None) -> str:
    """Return the text of the transfer sheet for the call, "" before the first."""
    if call is None:
        return ""
    contact = contacts.find(call.answer.question, call.region) if contacts is not None else None
    said = (spoken or "").strip()[:MAX_SPOKEN_CHARS]
    edited = said if said != call.answer.spoken.strip() else ""
    bodies = tuple(responsible_bodies(call.answer))
    return transfer_sheet(
        call.answer, at=call.at, region=call.region, contact=contact, edited_spoken=edited, bodies=bodies
    )


def record_line(recorder: Recorder | None) -> str:
    """Return the line on the record, "" where none is kept or it cannot be read."""
    if recorder is None:
        return ""
    try:
        return render_record(recorder.head())
    except AssistantError as error:
        return render_error(str(error))


def build_desk_tab(
    assistant: AssistantLike,
    drawer: gr.HTML,
    tab: gr.Tab,
    contacts: Contacts | None = None,
    recorder: Recorder | None = None,
) -> gr.Textbox:
    """Lay out the tab inside the current `gr.Tab` and wire it; everything can be reached with the keyboard alone.

    Returns:
        The field that holds the operator's name.
    """
    on_line = gr.State(None)  # this operator's call
    with gr.Column(elem_classes="yj-asking"):
        with gr.Row(elem_classes="yj-question-row"):
            question = gr.Textbox(
                label="来电人的问题",
                placeholder="来电人的问题，按回车",
                lines=1,
                max_lines=6,
                show_label=False,
                container=False,
                scale=8,
                elem_id="yj-desk-question",
            )
            submit = gr.Button("查依据", variant="primary", scale=1, min_width=88, elem_id="yj-desk-submit")
        with gr.Row(elem_classes="yj-desk-fields"):
            region = gr.Textbox(
                label="来电人所在地（可空）", placeholder="例如：佛山", max_length=40, elem_id="yj-desk-region"
            )
            day = gr.Textbox(label="事情日期（留空为今天）", placeholder="例如：2025-06-01", max_length=20)
            operator = gr.Textbox(label="坐席姓名（可空）", max_length=40)
            fresh = gr.Button("下一位来电人", size="sm", elem_id="yj-desk-fresh")
        gr.HTML(render_keys(), js_on_load=None)
        gr.HTML(render_model(model_of(assistant.settings)), js_on_load=None)
    head = gr.HTML(WELCOME, js_on_load=FOLLOW_CALL, elem_id="yj-desk-head")
    with gr.Column(elem_id="yj-desk-say"):
        spoken = gr.Textbox(
            label="口径（可以修改，复制和转办都用修改后的）",
            lines=1,
            max_lines=12,
            max_length=MAX_SPOKEN_CHARS,
            elem_id="yj-desk-spoken",
        )
        with gr.Row(elem_classes="yj-desk-actions"):
            copied = gr.Button("复制口径", variant="primary", elem_id="yj-desk-copy")
            transfer = gr.Button("转办单", elem_id="yj-desk-transfer")
            count = gr.HTML("", js_on_load=None)
    with gr.Column(visible=False, elem_id="yj-desk-sheet") as panel:
        sheet = gr.Textbox(
            label="转办单（没有复制上时，在这里全选复制）", lines=8, max_lines=20, elem_id="yj-desk-sheet-text"
        )
    beside = gr.HTML("", js_on_load=FORWARD_CLICKS, elem_id="yj-desk-beside")
    record = gr.HTML(record_line(recorder), js_on_load=None, elem_id="yj-desk-record")
    gr.HTML('<p class="yj-hidden" id="yj-desk-live" role="status" aria-live="polite"></p>', js_on_load=None)

    def on_call(text: str, place: str, when: str, name: str) -> list[Any]:
        with surprises_logged():
            desk = take_call(assistant, text, place, when, name, contacts=contacts, recorder=recorder)
            line = record_line(recorder)
        return [desk.head, desk.spoken, desk.count, desk.beside, desk.call, "", gr.update(visible=False), line]

    def on_said(call: Call | None, text: str, name: str) -> tuple[Call | None, str]:
        with surprises_logged():
            try:
                return note_said(call, text, name, recorder), record_line(recorder)
            except AssistantError as error:
                return call, render_error(str(error))

    def on_transfer(call: Call | None, text: str, name: str) -> list[Any]:
        call, line = on_said(call, text, name)
        with surprises_logged():
            made = make_sheet(call, text, contacts)
        return [made, gr.update(visible=bool(made)), call, line]

    def on_fresh() -> list[Any]:
        return ["", "", "", WELCOME, "", "", "", None, "", gr.update(visible=False)]

    def on_desk_open(call: Call | None, event: gr.EventData) -> str:
        with surprises_logged():
            return show_source(assistant, call.answer if call else None, clicked(event))

    def on_failure() -> str:
        return render_error(SURPRISE)

    inputs = [question, region, day, operator]
    asked = [question.submit, region.submit, day.submit, submit.click]
    gr.on(asked, None, js=BUSY, outputs=head, **QUIET).then(
        on_call,
        inputs,
        [head, spoken, count, beside, on_line, sheet, panel, record],
        concurrency_limit=ASKING_AT_ONCE,
        **QUIET,
    ).failure(on_failure, None, head, **QUIET)
    copied.click(on_said, [on_line, spoken, operator], [on_line, record], **QUIET)
    transfer.click(on_transfer, [on_line, spoken, operator], [sheet, panel, on_line, record], **QUIET).success(
        None, sheet, None, js=COPY_SHEET, **QUIET
    )
    fresh.click(
        on_fresh, None, [question, region, day, head, spoken, count, beside, on_line, sheet, panel], **QUIET
    ).then(None, js=FOCUS, **QUIET)
    tab.select(None, js=FOCUS, **QUIET)
    beside.select(on_desk_open, on_line, drawer, concurrency_limit=ASKING_AT_ONCE, **QUIET)
    return operator
