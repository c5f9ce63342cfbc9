"""An answer to take away: the file, as what the page's script saves."""

import base64
import json
import re
from collections.abc import Mapping

from assistant.schema import Answer, Metadata
from assistant.serving.export import export_markdown
from assistant.serving.export_docx import export_docx
from assistant.serving.masking import mask

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown;charset=utf-8"
# What a file name may not hold on some system. Matches / \\ : ？ and controls; refuses 第三十条.
_UNFIT = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f？：“”]+")
_NAME_CHARS = 24


def saved(name: str, kind: str, data: bytes) -> str:
    """Return a file as the script's `save` takes it."""
    return json.dumps({"name": name, "kind": kind, "data": base64.b64encode(data).decode("ascii")})


def word_file(answer: Answer, shelf: Mapping[str, Metadata]) -> str:
    """Return an answer as a Word file to save."""
    return saved(f"{file_stem(answer)}.docx", WORD, export_docx(answer, shelf))


def markdown_file(answer: Answer, shelf: Mapping[str, Metadata]) -> str:
    """Return an answer as a Markdown file to save."""
    return saved(f"{file_stem(answer)}.md", MARKDOWN, export_markdown(answer, shelf).encode())


def file_stem(answer: Answer) -> str:
    """Return the name of a file for an answer: its question, cut, without what no file name may hold."""
    words = _UNFIT.sub(" ", " ".join(mask(answer.question).split())).strip(" .")
    return f"依据-{words[:_NAME_CHARS].strip(' .') or '问答'}"
