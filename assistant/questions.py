"""A question at the border: checked, and what was chosen beside it."""

from collections.abc import Sequence
from datetime import date

from assistant.errors import QuestionError
from assistant.places import place_code
from assistant.retrieval.understanding import Wish
from assistant.schema import Kind, Level, Role, Versions

MAX_QUESTION = 4_000  # longer than any question; a pasted file belongs to the citation checker or the library


def wish_of(
    as_of: date | None,
    region: str,
    role: Role | None = None,
    kinds: Sequence[Kind] = (),
    levels: Sequence[Level] = (),
    all_versions: bool = False,
) -> Wish:
    """Return what the asker chose beside the question.

    Raises:
        SettingsError: the region is not known, or several places bear its name.
    """
    versions = Versions.ALL if all_versions else None
    return Wish(as_of, place_code(region), role, tuple(kinds), tuple(levels), versions)


def checked_question(question: str) -> str:
    """Return a question without the white space around it.

    Raises:
        QuestionError: it is empty, longer than `MAX_QUESTION` characters, or no valid text.
    """
    text = question.strip()
    if not text:
        raise QuestionError("问题是空的。请写下要问的事，例如：企业用电成本能降吗")
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"问题有 {len(text):,} 个字，超过 {MAX_QUESTION:,} 个字。请只写要问的事")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair, or a byte that was no UTF-8 on the command line
        raise QuestionError(f"问题的第 {error.start + 1} 个字不是有效的文字（编码已损坏）。请重新输入") from error
    return text
