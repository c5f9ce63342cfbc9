"""A question asked as the page asks it, to its last step."""

from assistant.schema import Answer
from assistant.serving.audit import Recorder
from assistant.web.asking import ANYONE, answering, read_asked
from assistant.web.protocol import AssistantLike


def answer_question(
    assistant: AssistantLike,
    question: str,
    role_words: str = ANYONE,
    as_of: str = "",
    region: str = "",
    recorder: Recorder | None = None,
    history: tuple[str, ...] = (),
) -> tuple[str, Answer | None]:
    """Return the result block and the answer behind it; None where there was nothing to ask or it failed."""
    asked = read_asked(question, role_words, as_of, region, history)
    if isinstance(asked, str):
        return asked, None
    *_, step = answering(assistant, asked, recorder)
    return step.html, step.turn.answer if step.turn else None
