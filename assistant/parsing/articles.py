"""Where articles start: which lines that begin 第…条 are articles, and whether their numbers run."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.parsing.labels import article_piece
from assistant.parsing.lines import Line, number_or_none
from assistant.parsing.numerals import NUMERAL, NUMERAL_CHARS, SPACE_CHARS

# A line's start that may open an article, bold in Markdown or not. Matches 「第十条　支持」 「第 七十五 条体育」
# 「第一百二十条之一 资助」 「**第一条** 为了」; refuses 「依照本法第二十条」 「第三人明知」 「第一款规定」
# 「第二条例」.
_CANDIDATE = re.compile(
    rf"(?:\*\*)?第[{SPACE_CHARS}]*({NUMERAL})[{SPACE_CHARS}]*条(?![例件])"
    rf"(?:[{SPACE_CHARS}]*之[{SPACE_CHARS}]*([{NUMERAL_CHARS}]+))?(?:\*\*)?([{SPACE_CHARS}：:]*)"
)

# What follows a number that is mentioned and not opened. Matches 「第二十条的规定」 「第六条、第七条」
# 「第十条第二款」 「第五条至第七条」; refuses 「第一条为了」 「第七十五条体育运动」.
_MENTIONED = re.compile(r"[的、和至到及与或规第款项所中，,）)》”」；;。之]|以[上下外及]")
# The same after a space, where it is rarer. Matches 「第二十条 规定的」; refuses 「第二十条 规定机关应当」.
_MENTIONED_APART = re.compile(r"(?:的?规定的|所[列称]|第[一二三四五六七八九十]+[款项])")

MIN_PROVEN = 3  # so many numbers must ascend by one before a file's own pattern is believed without any spaced article


@dataclass(frozen=True, slots=True)
class ArticleStart:
    """An article that starts at `line` (an index into the lines); `body` is the offset in the text where its words
    begin.
    """

    line: int
    number: int
    branch: int
    body: int


def find_article_starts(lines: Sequence[Line]) -> list[ArticleStart]:
    """Return the lines that open an article, in order.

    A number with a space (or a colon, or nothing) behind it opens one. Without a space it does only where the file
    proves it: its number is the next one and stands nowhere with a space, or the whole file is written so and ascends
    by one.
    """
    spaced: list[bool] = []
    candidates: list[ArticleStart] = []
    for index, line in enumerate(lines):
        if line.text[0] not in "第*":
            continue
        match = _CANDIDATE.match(line.text)
        if match is None:
            continue
        number = number_or_none(match[1])
        branch = number_or_none(match[2]) if match[2] else 0
        if number is None or branch is None:
            continue
        rest = line.text[match.end() :]
        # a row of a table may list articles of another law, so it has to be proven like a number without a space
        is_spaced = (bool(match[3]) and "\t" not in line.text) or not rest
        if not is_spaced and _MENTIONED.match(rest):
            continue
        candidates.append(ArticleStart(index, number, branch, line.start + match.end()))
        spaced.append(is_spaced)
    if not any(spaced):
        return candidates if _ascends_by_one(candidates) else []
    return _accept(lines, candidates, spaced)


def _accept(lines: Sequence[Line], candidates: Sequence[ArticleStart], spaced: Sequence[bool]) -> list[ArticleStart]:
    numbers_spaced = {(c.number, c.branch) for c, is_spaced in zip(candidates, spaced, strict=True) if is_spaced}
    accepted: list[ArticleStart] = []
    for candidate, is_spaced in zip(candidates, spaced, strict=True):
        number = (candidate.number, candidate.branch)
        follows = number == (1, 0) if not accepted else _follows(accepted[-1], candidate)
        if is_spaced:
            line = lines[candidate.line]
            if not follows and _MENTIONED_APART.match(line.text, candidate.body - line.start):
                continue
        elif not follows or number in numbers_spaced:
            continue
        accepted.append(candidate)
    return accepted


def _follows(previous: ArticleStart, candidate: ArticleStart) -> bool:
    if candidate.branch:
        return candidate.number == previous.number and candidate.branch == previous.branch + 1
    return candidate.number == previous.number + 1


def _ascends_by_one(candidates: Sequence[ArticleStart]) -> bool:
    if len(candidates) < MIN_PROVEN and not (candidates and candidates[0].number == 1):
        return False
    return all(_follows(a, b) for a, b in itertools.pairwise(candidates))


def number_warnings(lines: Sequence[Line], starts: Iterable[ArticleStart]) -> list[str]:
    """Return a warning for every place where the numbers do not run, each with its line, in Chinese.

    A file that starts in the middle (民法典合同编 starts at 第四百六十三条), a gap, a repeat, a number that goes
    back, and a new start at 第一条 (several documents in one file), whose repeats are then not told one by one.
    """
    warnings = []
    seen: dict[tuple[int, int], int] = {}
    previous: ArticleStart | None = None
    restarted = False
    for start in starts:
        line = lines[start.line].number
        name = article_piece(start.number, start.branch)
        key = (start.number, start.branch)
        if previous is None:
            if start.number > 1:
                warnings.append(f"第{line}行：首条是{name}，之前的条文不在本文件中")
        elif not _follows(previous, start):
            before = article_piece(previous.number, previous.branch)
            if key == (1, 0):
                restarted = True
                warnings.append(f"第{line}行：条号从第一条重新开始，文件可能含有多个文本")
            elif key in seen and not restarted:
                warnings.append(f"第{line}行：{name}重复出现，前一处在第{seen[key]}行")
            elif key < (previous.number, previous.branch):
                warnings.append(f"第{line}行：{name}出现在{before}之后，条号没有递增")
            else:
                warnings.append(f"第{line}行：{before}之后是{name}，缺{_missing(previous, start)}")
        elif key in seen and not restarted:
            warnings.append(f"第{line}行：{name}重复出现，前一处在第{seen[key]}行")
        seen.setdefault(key, line)
        previous = start
    return warnings


def _missing(previous: ArticleStart, start: ArticleStart) -> str:
    if start.number == previous.number:
        return article_piece(start.number, previous.branch + 1)
    first, last = previous.number + 1, start.number - (0 if start.branch else 1)
    if start.branch and first > last:
        return article_piece(start.number, 1)
    name = article_piece(first)
    return name if first == last else f"{name}至{article_piece(last)}"
