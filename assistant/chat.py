"""A dialogue on the command line: each question is read with the ones before it, until /new drops them."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from assistant.answering.wire import answer_json
from assistant.api import Assistant
from assistant.errors import AssistantError
from assistant.reports import answer_lines
from assistant.schema import Role
from assistant.serving.audit import Recorder

NEW, QUIT, HELP = ("/new", "/新"), ("/quit", "/exit", "/退出"), ("/help", "/?", "/帮助")
PROMPT = "问> "
HINT = "写下问题按回车。接着问会沿用上文（地点、日期、文件、话题）；/new 另起话题，/quit 或 Ctrl-D 结束。"


def chat(
    assistant: Assistant,
    lines: Iterable[str],
    show: Callable[[str], None],
    recorder: Recorder,
    *,
    role: Role | None = None,
    operator: str = "",
    as_json: bool = False,
    **scope: Any,
) -> int:
    """Answer one question after another and return how many could not be answered for an error.

    Args:
        assistant: what answers.
        lines: what is typed, a question or a command (/new, /quit, /help) each.
        show: prints one text.
        recorder: records every answer before it is shown.
        role: who asks.
        operator: who answers, for the record.
        as_json: whether each answer is one line of JSON.
        **scope: of every question, as `Assistant.ask` takes it.
    """
    history: list[str] = []
    failed = 0
    for line in lines:
        text = line.strip()
        if text in QUIT:
            break
        if text in NEW:
            history.clear()
            if not as_json:
                show("已另起话题。")
        elif text in HELP:
            show(HINT)
        elif text:
            try:
                answer = assistant.ask(text, history=history, role=role, **scope)
                recorder.record_answer(answer, operator=operator, history=history, role=role, **scope)
            except AssistantError as error:
                failed += 1
                row = {"question": text, "error": str(error)}
                show(json.dumps(row, ensure_ascii=False) if as_json else f"错误：{error}")
                continue
            history.append(text)
            if as_json:
                show(json.dumps(answer_json(answer), ensure_ascii=False))
            else:
                show("\n".join([*answer_lines(answer, assistant.names(answer.nearest)), ""]))
    return failed


def typed() -> Iterator[str]:
    """Yield what is typed, line by line, to the end of the input; a prompt is shown on a terminal only."""
    if not sys.stdin.isatty():
        yield from iter(sys.stdin.readline, "")  # the file itself would be closed when a dialogue is quit
        return
    try:
        while True:
            yield input(PROMPT)
    except EOFError:
        print()
