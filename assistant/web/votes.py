"""👍 and 👎 below an answer: a reason to tick, a few words, and a line in a file on this machine."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.serving.feedback import MAX_NOTE, REASONS, FeedbackFile, Thumb, vote_on
from assistant.web.events import surprises_logged
from assistant.web.lines import render_done, render_error
from assistant.web.thread import Dialogue

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
TITLES = {Thumb.UP: "哪里有用？（可不选）", Thumb.DOWN: "哪里不对？（可不选）"}
THANKS = "已记下，只存在本机，手机号、证件号等已遮盖。"


@dataclass(frozen=True, slots=True)
class Votes:
    """What is shown anew with every answer: the row of thumbs, the panel below it, and what is said after a vote."""

    row: gr.Row
    panel: gr.Column
    said: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """The components of `fresh`, in its order."""
        return [self.row, self.panel, self.said]


def fresh(*, shown: bool) -> list[Any]:
    """Return the updates that put the thumbs below a new answer, or take them away where there is none."""
    return [gr.update(visible=shown), gr.update(visible=False), ""]


def cast(
    file: FeedbackFile, dialogue: Dialogue, thumb: str, reasons: list[str] | None, note: str
) -> tuple[str, Dialogue]:
    """Write the vote on the newest answer and return what is said of it, and the dialogue in which it was judged.

    An answer is judged once; what a client sends that is no vote is not written.
    """
    last = dialogue.last
    if last is None or last.voted or thumb not in set(Thumb):
        return "", dialogue
    try:
        file.add(vote_on(last.answer, Thumb(thumb), reasons or (), (note or "")[:MAX_NOTE], role=last.asked.role))
    except AssistantError as error:
        return render_error(str(error)), dialogue
    return render_done(THANKS), dialogue.judged()


def build_votes(file: FeedbackFile, dialogue: gr.State) -> Votes:
    """Lay out the thumbs inside the current column and wire them to `file`."""
    chosen = gr.State("")
    with gr.Row(visible=False, elem_classes="yj-thumbs", elem_id="yj-thumbs") as row:
        gr.HTML('<p class="yj-thumbs-ask" id="yj-thumbs-ask">这个回答有用吗？</p>', js_on_load=None)
        up = gr.Button("有用", size="sm", elem_id="yj-up")
        down = gr.Button("没用", size="sm", elem_id="yj-down")
    with gr.Column(visible=False, elem_classes="yj-vote", elem_id="yj-vote") as panel:
        reasons = gr.CheckboxGroup([], label="理由", elem_id="yj-reasons")
        note = gr.Textbox(
            label=f"补充（可不填，至多 {MAX_NOTE} 字，请不要写个人信息）",
            lines=2,
            max_lines=4,
            max_length=MAX_NOTE,
            elem_id="yj-note",
        )
        with gr.Row(elem_classes="yj-vote-actions"):
            send = gr.Button("提交评价", variant="primary", size="sm", elem_id="yj-vote-send")
            back = gr.Button("取消", size="sm", elem_id="yj-vote-back")
    said = gr.HTML("", js_on_load=None, elem_id="yj-vote-said")

    def on_thumb(thumb: Thumb) -> list[Any]:
        listed = gr.update(choices=list(REASONS[thumb.value]), value=[], label=TITLES[thumb])
        return [thumb.value, listed, "", gr.update(visible=True), ""]

    def on_up() -> list[Any]:
        return on_thumb(Thumb.UP)

    def on_down() -> list[Any]:
        return on_thumb(Thumb.DOWN)

    def on_send(thread: Dialogue | None, thumb: str, ticked: list[str], written: str) -> list[Any]:
        with surprises_logged():
            line, judged = cast(file, thread or Dialogue(), thumb, ticked, written)
        open_still = bool(judged.last and not judged.last.voted)
        return [line, judged, gr.update(visible=open_still), gr.update(visible=open_still)]

    opened = [chosen, reasons, note, panel, said]
    up.click(on_up, None, opened, **QUIET)
    down.click(on_down, None, opened, **QUIET)
    send.click(on_send, [dialogue, chosen, reasons, note], [said, dialogue, row, panel], **QUIET)
    back.click(lambda: gr.update(visible=False), None, panel, **QUIET)
    return Votes(row, panel, said)
