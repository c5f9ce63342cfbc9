"""The grammar of provision ids, in one place: `gd-transfer-2025:a10.p2.i3`.

    full id   = document id ":" path
    path      = step ("." step)*
    step      = letter number ["-" branch] ["~" occurrence] | "preamble" | "closing"

| step | names | example |
|---|---|---|
| a | 条; a branch is 之一 | a10, a120-1 |
| p | 款 of an article, 自然段 of a policy document | a10.p2, n8.p1 |
| i | 项 | a10.p2.i3 |
| k | 目 | a10.p2.i3.k1 |
| b, c, d | 编 (篇), 章, 节 of a policy document | c2.n1 |
| n | 部分 (一、) | n8 |
| h | （一） of a policy document | n8.h2 |
| t | 1. of a policy document | n8.h2.t3 |
| u | （1） of a policy document | n8.h2.t3.u4 |
| annex | 附件, in the order of the text | annex1 |
| sheet, row | a sheet and a row of a table | sheet1.row5 |
| s | a sentence; last, of sentence ids only | a29.p2.s1 |
| preamble, closing | 序言, 结尾段; closing2 is the second 结尾段 | closing |

Where a file repeats a number, the second occurrence takes `~2`: a5~2.
"""

import re
from dataclasses import dataclass

# One step. Matches a10, a120-1, a5~2, annex1, sheet2, closing, closing2; refuses 10, a, a0x, p-1, a-1.
_STEP = re.compile(r"(a|p|i|k|b|c|d|n|h|t|u|s|annex|sheet|row|preamble|closing)(\d+)?(?:-(\d+))?(?:~(\d+))?")
_UNNUMBERED = frozenset({"preamble", "closing"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path. `number` is 1 for a first preamble or closing; `occurrence` is 1 unless the file repeats
    the number.
    """

    letter: str
    number: int
    branch: int = 0
    occurrence: int = 1


def parse_path(path: str) -> tuple[Step, ...]:
    """Return the steps of a path, outermost first.

    Raises:
        ValueError: if a step is not in the grammar, naming it.

    >>> parse_path("a120-1.p2")
    (Step(letter='a', number=120, branch=1, occurrence=1), Step(letter='p', number=2, branch=0, occurrence=1))
    """
    steps = []
    for token in path.split("."):
        match = _STEP.fullmatch(token)
        if match is None or (match[2] is None and match[1] not in _UNNUMBERED):
            raise ValueError(f"不是条文编号的一段：{token!r}（如 a10、p2、n8）")
        steps.append(Step(match[1], int(match[2] or 1), int(match[3] or 0), int(match[4] or 1)))
    return tuple(steps)


def full_id(doc_id: str, path: str) -> str:
    """Return the id of the provision at `path` of a document: "gd-transfer-2025:a10.p2"."""
    return f"{doc_id}:{path}"


def split_id(provision_id: str) -> tuple[str, str]:
    """Return (document id, path).

    Raises:
        ValueError: if there is no path in it.

    >>> split_id("gd-transfer-2025:a10.p2")
    ('gd-transfer-2025', 'a10.p2')
    """
    doc_id, colon, path = provision_id.partition(":")
    if not (doc_id and colon and path):
        raise ValueError(f"不是条文编号：{provision_id!r}（如 gd-transfer-2025:a10.p2）")
    return doc_id, path


def parent_path(path: str) -> str | None:
    """Return the path that contains `path`, or None at the top.

    >>> parent_path("a10.p2"), parent_path("a10")
    ('a10', None)
    """
    parent, dot, _ = path.rpartition(".")
    return parent if dot else None


def article_path(number: int, branch: int = 0) -> str:
    """Return the path of an article: "a10", or "a120-1" for 第一百二十条之一."""
    return f"a{number}-{branch}" if branch else f"a{number}"


def sentence_id(provision_id: str, number: int) -> str:
    """Return the id of the provision's sentence with this number, counted from 1: "gd-transfer-2025:a29.p2.s1"."""
    return f"{provision_id}.s{number}"
