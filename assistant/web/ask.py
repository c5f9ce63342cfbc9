"""The tab 问答: a question in, the answer with its grounds out."""

import logging
from datetime import date
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.schema import Answer, Metadata, Role
from assistant.serving.audit import Recorder
from assistant.web.escape import escape
from assistant.web.events import FOLLOW_ANSWER, FORWARD_CLICKS, clicked, surprises_logged
from assistant.web.protocol import AssistantLike
from assistant.web.render import Nearest, render_answer, render_error, render_hint
from assistant.web.source import show_source
from assistant.web.words import ROLE_WORDS, document_id, read_day

log = logging.getLogger(__name__)

ANYONE = "不限"
ROLES = {ANYONE: None, **{words: role for role, words in ROLE_WORDS.items()}}
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
WELCOME = (
    '<div class="yj-welcome"><p>在上面写下问题，或点一个例子。</p>'
    "<p>回答的每句话都标有编号，点开就是文件原文，引用的字句高亮显示。"
    "文件里没有的，会直接说明没有依据，不会推测。</p></div>"
)


def answer_question(
    assistant: AssistantLike,
    question: str,
    role_words: str = ANYONE,
    as_of: str = "",
    region: str = "",
    recorder: Recorder | None = None,
) -> tuple[str, Answer | None]:
    """Return the result block and the answer behind it; None where there was nothing to ask or it failed.

    Where a record is kept, the answer is recorded before it is shown.

    `role_words` is one of `ROLES`; `as_of` a date as typed, "" for today; `region` a place as typed, "" for
    not said.
    """
    text = (question or "").strip()
    if not text:
        return render_hint("请先写下问题，例如：条例第三十条讲什么？"), None
    day: date | None = None
    if as_of and as_of.strip():
        try:
            day = read_day(as_of)
        except ValueError:
            return render_hint(f"日期“{as_of.strip()}”不能识别；请写成 2025-06-01 的样子，或留空按今天判断。"), None
    try:
        role = ROLES.get(role_words)
        answer = assistant.ask(text, as_of=day, region=(region or "").strip(), role=role)
        if recorder is not None:
            recorder.record_answer(answer, role=role, region=(region or "").strip(), as_of=day)
        nearest = nearest_provisions(assistant, answer)
        shelf: dict[str, Metadata] = {row.metadata.id: row.metadata for row in assistant.documents()}
        return render_answer(answer, shelf, nearest, spoken_first=role is Role.HOTLINE), answer
    except AssistantError as error:
        return render_error(str(error)), None


def nearest_provisions(assistant: AssistantLike, answer: Answer) -> list[Nearest]:
    """Return the provisions of `answer.nearest` that are still held, in their order."""
    found: list[Nearest] = []
    for provision_id in answer.nearest:
        try:
            parsed = assistant.parsed(document_id(provision_id))
        except AssistantError as error:  # removed between the answer and this line
            log.info("nearest provision not shown: %s", error)
            continue
        title = parsed.document.title
        found += [
            Nearest(provision.id, title, provision.label, provision.text)
            for provision in parsed.provisions
            if provision.id == provision_id
        ]
    return found


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


def build_ask_tab(assistant: AssistantLike, drawer: gr.HTML, recorder: Recorder | None = None) -> None:
    """Lay out the tab inside the current `gr.Tab` and wire it to `assistant`; sources open in `drawer`."""
    answered = gr.State(None)  # this user's last answer: what the marks on this page refer to
    with gr.Column(elem_classes="yj-asking"):
        with gr.Row(elem_classes="yj-question-row"):
            question = gr.Textbox(
                label="问题",
                placeholder="写下问题，按回车提交",
                lines=1,
                max_lines=6,
                autofocus=True,
                show_label=False,
                container=False,
                scale=8,
                elem_id="yj-question",
            )
            submit = gr.Button("提问", variant="primary", scale=1, min_width=88, elem_id="yj-submit")
        role = gr.Radio(list(ROLES), value=ANYONE, label="身份", container=False, elem_id="yj-role")
        examples = gr.HTML(render_examples(), js_on_load=FORWARD_CLICKS, elem_id="yj-examples")
        with gr.Accordion("限定地区和日期（可不填）", open=False, elem_id="yj-limits"), gr.Row():
            region = gr.Textbox(label="所在地区", placeholder="例如：广东", max_length=40)
            as_of = gr.Textbox(label="按哪一天判断效力", placeholder="例如：2025-06-01；留空为今天", max_length=20)
    result = gr.HTML(WELCOME, js_on_load=FORWARD_CLICKS + FOLLOW_ANSWER, elem_id="yj-result")

    def on_ask(text: str, role_words: str, day: str, place: str) -> tuple[str, Answer | None]:
        with surprises_logged():
            return answer_question(assistant, text, role_words, day, place, recorder)

    def on_open(answer: Answer | None, event: gr.EventData) -> str:
        with surprises_logged():
            return show_source(assistant, answer, clicked(event))

    def on_example(event: gr.EventData) -> str:
        return pick_example(clicked(event))

    inputs, outputs = [question, role, as_of, region], [result, answered]
    gr.on([question.submit, submit.click], None, js=BUSY, outputs=result, **QUIET).then(
        on_ask, inputs, outputs, concurrency_limit=ASKING_AT_ONCE, **QUIET
    )
    examples.select(on_example, None, question, **QUIET).then(None, js=BUSY, outputs=result, **QUIET).then(
        on_ask, inputs, outputs, concurrency_limit=ASKING_AT_ONCE, **QUIET
    )
    role.change(render_examples, role, examples, **QUIET)
    result.select(on_open, answered, drawer, concurrency_limit=ASKING_AT_ONCE, **QUIET)
