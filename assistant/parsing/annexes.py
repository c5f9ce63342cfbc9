"""Annexes (附件, 附表, 附录), which stand after the text and by themselves."""

import re
from collections import Counter

from assistant.parsing.lines import Line
from assistant.parsing.numerals import NUMERAL, SPACE_CHARS
from assistant.parsing.tree import Node
from assistant.schema import ProvisionKind

# The name of an annex at the start of its title line. Matches 「附件1」 「附 表」 「附：」; refuses nothing that
# `is_annex_title` accepts.
_ANNEX_NAME = re.compile(rf"附[{SPACE_CHARS}]*([件表录图注]?)[{SPACE_CHARS}]*({NUMERAL}|[A-Z])?")


class AnnexCounter:
    """Opens annexes, counting them in the order of the text."""

    def __init__(self) -> None:
        self._names: Counter[str] = Counter()

    def open(self, line: Line) -> Node:
        """Return the annex that opens with this line; two of one name are told apart by their order (附件（第2处）)."""
        match = _ANNEX_NAME.match(line.text)
        assert match is not None
        kind = match[1] if match[1] in ("表", "录", "图") else "件"
        name = f"附{kind}{(match[2] or '') if match[1] else ''}"
        self._names[name] += 1
        times, number = self._names[name], self._names.total()
        return Node(
            ProvisionKind.ANNEX,
            f"annex{number}",
            name if times == 1 else f"{name}（第{times}处）",
            line.start,
            line.end,
            number=(number, 0),
            own=[(line.start, line.end)],
            unit=True,
        )
