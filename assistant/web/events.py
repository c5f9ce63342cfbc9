"""What both tabs need around a Gradio event: what was clicked, and what to show when something unforeseen happens."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

log = logging.getLogger(__name__)

# An element with data-open tells the server what to open, and in which answer of a dialogue (data-turn) it stands; the
# event `select` carries both.
FORWARD_CLICKS = """
element.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (!opener || event.target.closest('[data-copy]')) return;
  window.yiju.opener = opener;
  trigger('select', {open: opener.dataset.open, turn: opener.closest('[data-turn]')?.dataset.turn ?? ''});
});
"""
# A new answer closes the source of the old one; on a phone it appears below the fold and is brought up.
FOLLOW_ANSWER = "watch('value', () => window.yiju.answered(element));"
# The drawer: closing empties it; opening scrolls to the quote and moves the focus there.
DRAWER_SCRIPT = """
const close = () => { if (props.value) { props.value = ''; window.yiju.closed(); } };
window.yiju.close = close;
element.addEventListener('click', (event) => { if (event.target.closest('[data-close]')) close(); });
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
watch('value', () => window.yiju.opened(element));
"""


def clicked(event: gr.EventData) -> str:
    """Return the data-open of the element that was clicked, "" where a client sent something else."""
    data = event._data
    target = data.get("open", "") if isinstance(data, dict) else ""
    return target if isinstance(target, str) else ""


def clicked_turn(event: gr.EventData) -> int | None:
    """Return which answer of a dialogue a click was in, counted from 0; None for the newest, or anything else sent."""
    data = event._data
    turn = data.get("turn", "") if isinstance(data, dict) else ""
    return int(turn) if isinstance(turn, str) and turn.isascii() and turn.isdigit() and len(turn) < 4 else None


@contextmanager
def surprises_logged() -> Iterator[None]:
    """Log an unforeseen exception with its traceback, without the user's words, and show one line instead.

    Raises:
        gr.Error: in place of the exception.
    """
    try:
        yield
    except gr.Error:
        raise
    except Exception as error:
        log.exception("a page handler failed")
        message = "系统内部错误，已记入日志。请重试一次；仍然出错时请把时间告诉管理员。"
        raise gr.Error(message, title="出错了", print_exception=False) from error
