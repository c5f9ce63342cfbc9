"""A question on its way: read from the fields, asked, recorded and shown; of a language model sentence by sentence."""

import logging
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError
from assistant.schema import Answer, Metadata, Role, Statement
from assistant.serving.audit import Recorder
from assistant.web.cards import Nearest
from assistant.web.lines import render_error, render_hint
from assistant.web.model import Model
from assistant.web.protocol import AssistantLike
from assistant.web.render import render_answer, render_growing
from assistant.web.thread import Asked, Dialogue, Turn
from assistant.web.words import ROLE_WORDS, document_id, read_day

log = logging.getLogger(__name__)

ANYONE = "不限"
ROLES = {ANYONE: None, **{words: role for role, words in ROLE_WORDS.items()}}


class Stop:
    """What the button 停止 sets and the answering thread looks at."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Stop; what has been asked of a language model is dropped and the quoted answer stands."""
        self._event.set()

    def __call__(self) -> bool:
        """Return whether to stop."""
        return self._event.is_set()


@dataclass(frozen=True, slots=True)
class Step:
    """What the page shows next: the result block, and the turn once there is an answer."""

    html: str
    turn: Turn | None = field(default=None, repr=False)
    growing: bool = False


def read_asked(
    question: str, role_words: str = ANYONE, as_of: str = "", region: str = "", history: tuple[str, ...] = ()
) -> Asked | str:
    """Return the question as it is to be put, or the line that says what is missing.

    `role_words` is one of `ROLES`; `as_of` a date as typed, "" for today; `region` a place as typed, "" for not said.
    """
    text = (question or "").strip()
    if not text:
        return render_hint("请先写下问题，例如：条例第三十条讲什么？")
    day = None
    if as_of and as_of.strip():
        try:
            day = read_day(as_of)
        except ValueError:
            return render_hint(f"日期“{as_of.strip()}”不能识别；请写成 2025-06-01 的样子，或留空按今天判断。")
    return Asked(text, history, day, (region or "").strip(), ROLES.get(role_words))


def answering(
    assistant: AssistantLike,
    asked: Asked,
    recorder: Recorder | None = None,
    *,
    model: Model | None = None,
    stop: Stop | None = None,
) -> Iterator[Step]:
    """Yield what the page shows of a question until it is answered; without a language model that is one step.

    With a model, every sentence is shown as soon as it was verified. Where a record is kept the sentences are only
    counted: nothing is shown that is not on record. Closing the iterator stops the model.
    """
    if model is None:
        yield _last(assistant, asked, recorder, {})
        return
    stop = stop or Stop()
    shown = recorder is None or not recorder.on
    said: queue.SimpleQueue[Statement | None] = queue.SimpleQueue()
    ended: list[Step | Exception] = []

    def work() -> None:
        try:
            ended.append(_last(assistant, asked, recorder, {"on_statement": said.put, "cancelled": stop}))
        except Exception as error:  # raised again where the page waits
            ended.append(error)
        finally:
            said.put(None)

    statements: list[Statement] = []
    yield Step(render_growing(asked.question, statements, model.words, shown=shown), growing=True)
    threading.Thread(target=work, name="answering", daemon=True).start()
    try:
        while (statement := said.get()) is not None:
            if statement.verified and not stop():
                statements.append(statement)
                yield Step(render_growing(asked.question, statements, model.words, shown=shown), growing=True)
    finally:
        stop.set()
    last = ended[0]
    if isinstance(last, Exception):
        raise last
    yield last


def _last(assistant: AssistantLike, asked: Asked, recorder: Recorder | None, streaming: dict[str, Any]) -> Step:
    """Ask and return the last step: the answer, or the line that says why there is none."""
    put: dict[str, Any] = {
        "history": asked.history,
        "as_of": asked.as_of,
        "region": asked.region,
        "role": asked.role,
    }
    try:
        answer = assistant.ask(asked.question, **put, **streaming)
        if recorder is not None:
            recorder.record_answer(answer, **put)
        nearest = tuple(nearest_provisions(assistant, answer))
        shelf = shelf_of(assistant)
    except AssistantError as error:
        return Step(render_error(str(error)))
    first = asked.role is Role.HOTLINE
    html = render_answer(answer, shelf, nearest, spoken_first=first)
    further = render_answer(answer, shelf, nearest, spoken_first=first, earlier=True)
    return Step(html, Turn(asked, answer, further))


def shelf_of(assistant: AssistantLike) -> dict[str, Metadata]:
    """Return the metadata of the held documents by id."""
    return {row.metadata.id: row.metadata for row in assistant.documents()}


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


def afresh(dialogue: Dialogue) -> Asked | None:
    """Return the newest question without what went before it, None before the first."""
    last = dialogue.last
    if last is None:
        return None
    asked = last.asked
    return Asked(asked.question, (), asked.as_of, asked.region, asked.role)
