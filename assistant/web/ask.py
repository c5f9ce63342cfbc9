"""The tab 问答: a question in, the answer with its grounds out, and the earlier ones of the dialogue above it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.schema import Role
from assistant.serving.audit import Recorder
from assistant.serving.feedback import FeedbackFile
from assistant.web.asking import ANYONE, ROLES, Stop, afresh, answering, read_asked, shelf_of
from assistant.web.escape import escape
from assistant.web.events import FOLLOW_ANSWER, FORWARD_CLICKS, clicked, clicked_turn, surprises_logged
from assistant.web.lines import render_error
from assistant.web.model import model_of, render_model
from assistant.web.protocol import AssistantLike
from assistant.web.render import AFRESH
from assistant.web.source import show_source
from assistant.web.taking import markdown_file, word_file
from assistant.web.thread import Asked, Dialogue, render_thread
from assistant.web.votes import build_votes, fresh
from assistant.web.why import render_why

EXAMPLES: dict[Role, tuple[str, ...]] = {
    Role.ENTERPRISE: (
        "我们厂整体搬到中西部，海关信用等级还算数吗？",
        "企业搬到承接地，用电用气的成本怎么降？",
        "搬迁时顺便换新设备、改工艺，有支持吗？",
    ),
    Role.STAFF: (
        "和外市托管、共建产业园区，有什么依据？",
        "出台产业转移支持措施之前要做哪些审查？",
        "产业转移项目的用地指标由谁保障？",
    ),
    Role.HOTLINE: (
        "条例第三十条讲什么？",
        "广东的条例从哪天起施行？",
        "电费补贴具体是每度多少钱？",
    ),
}
ASKING_AT_ONCE = 4  # questions worked on at the same time; the others queue
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
BUSY = '() => \'<p class="yj-hint" role="status" data-waiting>正在检索……</p>\''
SAVE = "(file) => { window.yiju.desk.save(file); }"
FOCUS = "() => { document.querySelector('#yj-question textarea')?.focus(); }"
WELCOME = (
    '<div class="yj-welcome"><p>在上面写下问题，或点一个例子。</p>'
    "<p>回答的每句话都标有编号，点开就是文件原文，引用的字句高亮显示。"
    "文件里没有的，会直接说明没有依据，不会推测。接着问“那搬到江西呢？”，前面说过的会沿用。</p></div>"
)
SURPRISE = "这次没有得到回答，请再提问一次；仍然出错时请把时间告诉管理员。"
LIVE = '<p class="yj-hidden" id="yj-ask-live" role="status" aria-live="polite"></p>'


def render_examples(role_words: str = ANYONE) -> str:
    """Return the example questions of a role as buttons; one of each role where none is chosen."""
    role = ROLES.get(role_words)
    questions = EXAMPLES[role] if role else tuple(examples[0] for examples in EXAMPLES.values())
    buttons = "".join(
        f'<button type="button" class="yj-example" data-open="{escape(question)}">{escape(question)}</button>'
        for question in questions
    )
    return f'<div class="yj-examples" role="group" aria-label="问题举例">{buttons}</div>'


def pick_example(target: str) -> str:
    """Return the example that was clicked, "" for anything that is not one."""
    return target if any(target in examples for examples in EXAMPLES.values()) else ""


def explain(assistant: AssistantLike, dialogue: Dialogue) -> str:
    """Return why the newest answer is as it is, "" before the first; computed when it is opened and not before."""
    last = dialogue.last
    if last is None:
        return ""
    asked = last.asked
    try:
        reasons = assistant.why(asked.question, history=asked.history, as_of=asked.as_of, region=asked.region)
        titles = {row.metadata.id: row.metadata.title for row in assistant.documents()}
    except AssistantError as error:
        return render_error(str(error))
    return render_why(reasons, last.answer, titles)


def build_ask_tab(
    assistant: AssistantLike, drawer: gr.HTML, recorder: Recorder | None = None, feedback: Path | None = None
) -> None:
    """Lay out the tab inside the current `gr.Tab` and wire it to `assistant`; sources open in `drawer`.

    Votes go to the file `feedback`, by default that of the assistant's settings.
    """
    model = model_of(assistant.settings)
    dialogue = gr.State(Dialogue())  # this visitor's questions and answers: what the marks on this page refer to
    stopper = gr.State(None)
    with gr.Column(elem_classes="yj-asking"):
        with gr.Row(elem_classes="yj-question-row"):
            question = gr.Textbox(
                label="问题",
                placeholder="写下问题，按回车提交；可以接着上一个问题问",
                lines=1,
                max_lines=6,
                autofocus=True,
                show_label=False,
                container=False,
                scale=8,
                elem_id="yj-question",
            )
            submit = gr.Button("提问", variant="primary", scale=1, min_width=88, elem_id="yj-submit")
            again = gr.Button("不沿用上文，重新回答", visible="hidden", elem_id=AFRESH.removeprefix("#"))
            halt = gr.Button("停止", variant="stop", scale=1, min_width=88, visible=False, elem_id="yj-stop")
        with gr.Row(elem_classes="yj-about"):
            role = gr.Radio(list(ROLES), value=ANYONE, label="身份", container=False, elem_id="yj-role")
            region = gr.Textbox(label="地区", placeholder="如：广东", max_length=40, elem_id="yj-region")
            as_of = gr.Textbox(label="日期", placeholder="默认今天", max_length=20, elem_id="yj-day")
        examples = gr.HTML(render_examples(), js_on_load=FORWARD_CLICKS, elem_id="yj-examples")
        gr.HTML(render_model(model), js_on_load=None)
    with gr.Row(visible=False, elem_classes="yj-topic", elem_id="yj-topic") as topic:
        thread = gr.HTML("", js_on_load=FORWARD_CLICKS, elem_id="yj-thread")
        fresh_topic = gr.Button("新话题", size="sm", min_width=88, elem_id="yj-fresh")
    result = gr.HTML(WELCOME, js_on_load=FORWARD_CLICKS + FOLLOW_ANSWER, elem_id="yj-result")
    with gr.Column(visible=False, elem_classes="yj-after", elem_id="yj-after") as after:
        with gr.Row(elem_classes="yj-after-row"):
            votes = build_votes(FeedbackFile(feedback or assistant.settings.feedback), dialogue)
            word = gr.Button("导出 .docx", size="sm", elem_id="yj-export-docx")
            markdown = gr.Button("导出 Markdown", size="sm", elem_id="yj-export-md")
        with gr.Accordion("为什么这样回答", open=False, elem_id="yj-why") as reasons:
            evidence = gr.HTML("", js_on_load=FORWARD_CLICKS, elem_id="yj-evidence")
    saved = gr.Textbox(visible="hidden", elem_id="yj-ask-saved")
    gr.HTML(LIVE, js_on_load=None)

    def put(before: Dialogue, asked: Asked | str) -> Iterator[list[Any]]:
        """Yield what `shown` takes: the result, what is around it, and the buttons."""
        if isinstance(asked, str):
            yield [asked, *_around(before, answered=False), None, *_buttons(busy=False)]
            return
        stop = Stop()
        before = before if asked.history else Dialogue()
        around = _around(before, answered=False)
        for step in answering(assistant, asked, recorder, model=model, stop=stop):
            if step.turn is not None:
                around = _around(before.then(step.turn), answered=True)
            yield [step.html, *around, stop if step.growing else None, *_buttons(busy=step.growing)]
            around = [gr.skip()] * len(around)  # it stays as it is while sentences come

    def on_ask(before: Dialogue, text: str, role_words: str, day: str, place: str) -> Iterator[list[Any]]:
        with surprises_logged():
            yield from put(before, read_asked(text, role_words, day, place, before.history))

    def on_afresh(before: Dialogue) -> Iterator[list[Any]]:
        asked = afresh(before)
        if asked is not None:
            with surprises_logged():
                yield from put(before, asked)

    def on_failure(before: Dialogue) -> list[Any]:
        return [render_error(SURPRISE), *_around(before, answered=False), None, *_buttons(busy=False)]

    def on_open(before: Dialogue, event: gr.EventData) -> str:
        with surprises_logged():
            return show_source(assistant, before.answer(clicked_turn(event)), clicked(event))

    def on_fresh_topic() -> list[Any]:
        return ["", WELCOME, *_around(Dialogue(), answered=False)]

    def on_example(event: gr.EventData) -> str:
        return pick_example(clicked(event))

    def on_stop(stop: Stop | None) -> None:
        if stop is not None:
            stop.set()

    def on_why(before: Dialogue) -> str:
        with surprises_logged():
            return explain(assistant, before)

    def on_word(before: Dialogue) -> str:
        with surprises_logged():
            return word_file(before.last.answer, shelf_of(assistant)) if before.last else ""

    def on_markdown(before: Dialogue) -> str:
        with surprises_logged():
            return markdown_file(before.last.answer, shelf_of(assistant)) if before.last else ""

    around = [thread, topic, dialogue, after, reasons, evidence, *votes.outputs]
    inputs, shown = [dialogue, question, role, as_of, region], [result, *around, stopper, submit, halt]
    once: dict[str, Any] = {"concurrency_limit": ASKING_AT_ONCE, **QUIET}
    asks = [question.submit, region.submit, as_of.submit, submit.click]
    for asking, fn in (
        (gr.on(asks, None, js=BUSY, outputs=result, **QUIET), on_ask),
        (examples.select(on_example, None, question, **QUIET).then(None, js=BUSY, outputs=result, **QUIET), on_ask),
        (again.click(None, js=BUSY, outputs=result, **QUIET), on_afresh),
    ):
        taken = inputs if fn is on_ask else dialogue
        asking.then(fn, taken, shown, **once).failure(on_failure, dialogue, shown, **QUIET)
    role.change(render_examples, role, examples, **QUIET)
    for block in (result, thread, evidence):
        block.select(on_open, dialogue, drawer, **once)
    fresh_topic.click(on_fresh_topic, None, [question, result, *around], **QUIET).then(None, js=FOCUS, **QUIET)
    halt.click(on_stop, stopper, None, **QUIET)
    reasons.expand(on_why, dialogue, evidence, **once)
    for button, make in ((word, on_word), (markdown, on_markdown)):
        button.click(make, dialogue, saved, **QUIET).success(None, saved, None, js=SAVE, **QUIET).then(
            lambda: "", None, saved, **QUIET
        )


def _around(dialogue: Dialogue, *, answered: bool) -> list[Any]:
    """Return the updates of thread, topic row, state, what stands below an answer, evidence and votes."""
    return [
        render_thread(dialogue, whole=not answered),
        gr.update(visible=bool(dialogue.turns)),
        dialogue,
        gr.update(visible=answered),
        gr.update(open=False),
        "",
        *fresh(shown=answered),
    ]


def _buttons(*, busy: bool) -> list[Any]:
    """Return the updates of 提问 and 停止: one of them stands there."""
    return [gr.update(visible=not busy), gr.update(visible=busy)]
