"""Ask a model the questions, one after another; what is recorded already is not asked again."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.answering.llm import LlmError, OpenAICompatible
from assistant.answering.prompts import Message, messages
from assistant.api import Assistant
from assistant.settings import LlmSettings
from eval.generation.replies import Reply, append_reply, as_evidence, load_replies, shown_for
from eval.question_file import Question

STYLES = ("product", "own_words")
# A prompt that a careless deployment might use: it asks for a paraphrase, and a weak model invents more.
_OWN_WORDS = """
你是政策热线的答复员。根据条文，用自己的话给来电人解释，一到三句，通俗、具体、有帮助，不要照抄条文。
每句末尾写它所依据的条文编号，如：……。[{good}]。编号只有：{keys}。
"""
TEMPERATURES = {"product": 0.0, "own_words": 0.8}


def asked(question: str, style: str, reply_keys: Sequence[str], product: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the messages of a style, from those of the product."""
    if style == "product":
        return product
    system = _OWN_WORDS.strip().replace("{good}", reply_keys[0]).replace("{keys}", "、".join(reply_keys))
    return (Message("system", system), product[1])


def record(
    assistant: Assistant,
    settings: LlmSettings,
    questions: Sequence[Question],
    path: Path,
    progress: Callable[[str, int, int], None],
) -> None:
    """Add the replies that are missing to a file."""
    done = {(reply.id, reply.style) for reply in load_replies(path)}
    for style in STYLES:
        model = OpenAICompatible(settings, temperature=TEMPERATURES[style])
        for number, question in enumerate(questions, start=1):
            progress(f"提问（{style}）", number, len(questions))
            if (question.id, style) in done:
                continue
            answer = assistant.ask(question.question)
            shown = shown_for(assistant, question.question, answer)
            sent = messages(question.question, as_evidence(shown))
            text, error = "", ""
            try:
                for piece in model.stream(asked(question.question, style, [one.key for one in shown], sent)):
                    text += piece
            except LlmError as failed:
                text, error = "", str(failed)
            append_reply(path, Reply(question.id, style, bool(answer.citations), shown, text, error))
