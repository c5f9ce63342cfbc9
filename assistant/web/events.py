"""What both tabs need around a Gradio event: what was clicked, and what to show when something unforeseen happens."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

log = logging.getLogger(__name__)

# An element with data-open tells the server what to open; the event `select` carries it.
FORWARD_CLICKS = """
element.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (!opener || event.target.closest('[data-copy]')) return;
  window.yiju.opener = opener;
  trigger('select', {open: opener.dataset.open});
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
