"""What stands before the first article or part: 序言, or the lines that say why and on what basis."""

import re
from collections.abc import Sequence

from assistant.parsing.labels import natural_paragraph_piece
from assistant.parsing.lines import Line, ends_text
from assistant.parsing.numerals import SPACE_CHARS
from assistant.parsing.tree import Node
from assistant.schema import ProvisionKind

# Matches 「序　言」 「前言」; refuses 「序言部分」.
_PREAMBLE_TITLE = re.compile(rf"[序前引][{SPACE_CHARS}]*言")
# How a document came about, which is no preamble. Matches 「2025年1月12日 省人大常委会通过」
# 「（2020年12月29日由最高人民法院…」; refuses 「为了促进产业有序转移，」.
_ADOPTION = re.compile(r"[（(]?[0-9０-９〇○零一二三四五六七八九]{4}[\s　]*年|[（(](?:全文|此件|法释)")

_MAX_TITLE = 60  # characters; a longer line is text that lacks its full stop


def preamble_node(lines: Sequence[Line]) -> Node | None:
    """Return what stands before the first article or part: from 序言, or from the first line of text, to the last;
    None if nothing.

    Titles, numbers (文号), adoption lines and contents are not text.
    """
    titled = [index for index, line in enumerate(lines) if _PREAMBLE_TITLE.fullmatch(line.text)]
    if titled:
        body = list(lines[titled[-1] + 1 :])
    else:
        text = [i for i, line in enumerate(lines) if _is_text(line.text)]
        body = list(lines[text[0] : text[-1] + 1]) if text else []
    if not body:
        return None
    preamble = Node(
        ProvisionKind.PREAMBLE, "preamble", "序言" if titled else "引言", body[0].start, body[-1].end, unit=True
    )
    for number, line in enumerate(body, 1):
        piece = natural_paragraph_piece(number) if len(body) > 1 else ""
        preamble.children.append(
            Node(
                ProvisionKind.PARAGRAPH,
                f"p{number}",
                piece,
                line.start,
                line.end,
                number=(number, 0),
                own=[(line.start, line.end)],
            )
        )
    return preamble


def _is_text(text: str) -> bool:
    return (ends_text(text) or len(text) > _MAX_TITLE) and _ADOPTION.match(text) is None
