"""The small things that all of the page is made of: lines that say what happened, signs, and buttons that copy."""

from assistant.schema import Status
from assistant.web.escape import escape
from assistant.wording import STATUS_WORDS

# Signs as strokes, so that no font can lack them and no colour has to say it alone.
_STROKES = {
    "yes": "M3.5 8.5l3 3 6-7",
    "no": "M4 4l8 8M12 4l-8 8",
    "part": "M8 2.5v11M8 2.5a5.5 5.5 0 0 0 0 11z",
    "none": "M4 8h8",
    "ask": "M5.6 6a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.6M8 12.4v.2",
    "warn": "M8 2.2l6.2 11H1.8zM8 6.4v3.2M8 11.4v.1",
}
_STATUS_SIGNS = {Status.ANSWERED: "yes", Status.PARTIAL: "part", Status.ABSTAINED: "none"}


def sign(name: str) -> str:
    """Return a sign beside words that say the same; nothing is read aloud."""
    return (
        f'<svg class="yj-sign yj-sign-{name}" viewBox="0 0 16 16" aria-hidden="true">'
        f'<path d="{_STROKES[name]}"></path></svg>'
    )


def status_pill(status: Status) -> str:
    """Return how much has a ground, as sign and words on a colour."""
    return f'<span class="yj-pill yj-pill-{status.value}">{sign(_STATUS_SIGNS[status])}{STATUS_WORDS[status]}</span>'


def render_hint(text: str) -> str:
    """Return a line that says what to do next; nothing went wrong."""
    return f'<p class="yj-hint" role="status">{escape(text)}</p>'


def render_error(text: str) -> str:
    """Return a line that says what went wrong and what to do about it."""
    return f'<p class="yj-error" role="alert">{escape(text)}</p>'


def render_done(text: str) -> str:
    """Return a line that says what was done."""
    return f'<p class="yj-done" role="status">{escape(text)}</p>'


def copy_button(text: str, words: str, label: str) -> str:
    """Return a button that copies `text`; `words` stand on it and `label` is read aloud."""
    return (
        f'<button type="button" class="yj-copy" data-copy="{escape(text)}" aria-label="{escape(label)}">'
        f"{escape(words)}</button>"
    )
