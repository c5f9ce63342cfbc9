"""What a format reader hands on: lines of text that still know where in the file they came from."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Block:
    """One line, paragraph or table row of a file, as the file has it.

    Attributes:
        text: may hold further line breaks; empty for a blank line.
        page, paragraph, part: as in `SourcePoint`.
        row: whether it is a table row, whose tabs separate cells: never trimmed at its start, never joined.
        new_page: whether a page break stands between it and the block before it.
    """

    text: str
    page: int | None = None
    paragraph: int | None = None
    part: str = "body"
    row: bool = False
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """The blocks of a file in reading order.

    Attributes:
        warnings: what was left out beyond white space, one line of Chinese each.
        title: the title the file's own header states (HTML, Markdown), "" where there is none.
        wrapped: whether lines were broken at a fixed width: never (Word, HTML), perhaps (text), surely (PDF).
    """

    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    title: str = ""
    wrapped: Literal["never", "perhaps", "surely"] = "never"
