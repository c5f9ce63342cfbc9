"""The ways people name a provision: 第三十条, 39条, 第29条第2款, 第十条第二款第（三）项, 第八条至第十条, 第七部分,
八、, 最后一段.
"""

import re
from dataclasses import dataclass

from assistant.parsing.ids import article_path
from assistant.parsing.lines import number_or_none
from assistant.parsing.numerals import NUMERAL, NUMERAL_CHARS

MAX_RANGE = 200  # articles one range may name; 「第一条至第九千条」 gives its two ends only


@dataclass(frozen=True, slots=True)
class Mention:
    """A provision named in a text.

    Attributes:
        start, end: span in the text; `text` is what stands there.
        paths: id paths it can mean, the likelier first: ("a8",), or ("a8", "n8") for 第八条意见, which people say of
            part 八. Which
            of them exists is for the reader of a document to find out.
    """

    start: int
    end: int
    text: str
    paths: tuple[str, ...]


_S = r"[ \t\u00a0\u3000]*"
_N = NUMERAL
_DASH = r"(?:至|到|[-－—–~～]+)"
_AND = r"(?:、|和|与|及|以及|或者|或|，)"
# Further numbers of a list under one 条: 「第八、九、十条」. Refuses 「第八条」. At most 40 are read, so that a long
# hostile list costs no more than its length.
_MORE = rf"(?:{_S}(?:{_AND}|{_DASH}){_S}第?{_S}{_N})"

# What may follow 第N条 and make it a count of things. Matches 「第三条生产线」 「第二条例」; refuses 「第三条规定」.
_THINGS = rf"(?!{_S}(?:生产线|产线|流水线|高速|公路|铁路|道路|航线|线路|跑道|通道|河|街|船|消息|评论|建议|理由|例|件))"

# 第十条, 第一百二十条之一, 第八、九条, 第（八）条; refuses 「一百条理由」 「第三人」 「第三条生产线」.
_ARTICLE = re.compile(
    rf"第{_S}(?:[（(]{_S}(?P<bracket>{_N}){_S}[）)]|(?P<numbers>{_N}{_MORE}{{0,40}})){_S}条(?:{_S}之{_S}(?P<branch>[{NUMERAL_CHARS}]+))?{_THINGS}"
)
# 39条, 条例三十条: without 第 only where it cannot be a count. What stands before it: nothing, a mark, or a
# document's name.
_DOCUMENT_WORD = r"(?:条例|办法|规定|意见|细则|决定|解释|规则|准则|法典|法|文件|通知|方案|》|”|的)"
_BEFORE = re.compile(rf"(?:^|[\s　，。、：:；;？?！!（(“\"]|{_DOCUMENT_WORD}){_S}$")
_AFTER_DOCUMENT = re.compile(rf"{_DOCUMENT_WORD}{_S}$")
# What stands behind it. Matches 「讲什么」 「规定」 「第二款」 and the end; refuses 「生产线」 「龙」 「措施」.
_BEHIND = re.compile(
    rf"{_S}(?:$|[，。；;？?！!）)”\"：:]|第|讲|说|写|规定|是什么|是啥|怎么|如何|内容|原文|全文|里|中|的|能|对|吗|呢|适用|有没有|和|与|、)"
)
# Chinese numerals count things more often: 「一条龙」 「十条规定」.
_BEHIND_SURELY = re.compile(rf"{_S}(?:讲|说了?什么|写了?什么|是什么|是啥|怎么|原文|全文|的?内容|第{_S}{_N}{_S}[款项])")
_BARE = re.compile(rf"(?P<number>{_N}){_S}条(?:{_S}之{_S}(?P<branch>[{NUMERAL_CHARS}]+))?")

# Below an article. 「第二款」 「2款」 「的第二款」 「第一、二款」; refuses 「款项」.
_PARAGRAPH = re.compile(rf"{_S}的?{_S}(?:第{_S}(?P<numbers>{_N}{_MORE}{{0,40}})|(?P<bare>{_N})){_S}款(?!项)")
# 「第（三）项」 「第三项」 「（三）项」 「第（一）至（三）项」 「第（三）」; refuses 「项目」 「（以下简称条例）」.
_BRACKETED = rf"[（(]{_S}{_N}{_S}[）)]"
_ITEM = re.compile(
    rf"{_S}的?{_S}(?:第{_S}(?P<numbers>(?:{_BRACKETED}|{_N})(?:{_S}(?:{_AND}|{_DASH}){_S}第?{_S}(?:{_BRACKETED}|{_N})){{0,40}}){_S}项(?!目)"
    rf"|第?{_S}(?P<bare>{_BRACKETED}){_S}项?(?!目))"
)
# 「第1目」 「第一目」; refuses 「目录」.
_SUBITEM = re.compile(rf"{_S}的?{_S}第{_S}(?P<number>{_N}){_S}目(?![录标])")

# A part of a policy document. 「第七部分」 「第七个部分」 「第七、八部分」; refuses 「一部分」.
_PART = re.compile(rf"第{_S}(?P<numbers>{_N}{_MORE}{{0,40}}){_S}个?{_S}部分")
# 「八、」 as a name. Refuses 「七、八月」 「第七、八条」: see `_part_mark`.
_PART_MARK = re.compile(rf"(?P<number>[{NUMERAL_CHARS.replace('0-9０-９', '')}]+)、")
# 「第2自然段」 「第二段」 「第2个自然段」; refuses 「阶段」.
_NATURAL = re.compile(rf"{_S}的?{_S}第{_S}(?P<number>{_N}){_S}个?{_S}(?:自然)?段(?![时落])")
_HEADING = re.compile(rf"{_S}的?{_S}第?{_S}[（(]{_S}(?P<number>{_N}){_S}[）)](?!{_S}小点){_S}[项条点款]?(?!目)")
_POINT = re.compile(rf"{_S}的?{_S}第{_S}(?P<number>{_N}){_S}点")
_SUBPOINT = re.compile(rf"{_S}的?{_S}第{_S}[（(]{_S}(?P<number>{_N}){_S}[）)]{_S}小点")
# 结尾段 and 序言; refuses 「结尾」 alone.
_NAMED = re.compile(r"(?P<closing>结尾段|末尾段|末段|最后一?个?(?:自然)?段)|(?P<preamble>序言)")
_SEPARATOR = re.compile(rf"{_S}(?P<word>{_AND}|{_DASH}){_S}")


def find_references(text: str) -> list[Mention]:
    """Return the provisions named in `text`, in order; no document is looked at.

    Chinese, Arabic and full-width numbers, with inner spaces; 之一; lists (第八条、第十条; 第八、九条;
    第一款、第三款) give one mention for each; a range gives its ends with their own spans and what lies between with
    the span of the range. 项 named without a 款 are those of the first. A number without 第 counts only where it
    cannot be a count of things (39条讲什么, but not 39条生产线), and 第二款 alone names nothing, since its article is
    not said.

    >>> [(m.text, m.paths) for m in find_references("条例第10条第二款和第八条意见")]
    [('第10条第二款', ('a10.p2',)), ('第八条意见', ('a8', 'n8'))]
    """
    finder = _Finder(text)
    position = 0
    while position < len(text):
        position = finder.step(position)
    return finder.mentions


def references_at(text: str, position: int) -> tuple[list[Mention], int]:
    """Return what 第…条 or 第…部分 at `position` names, with the 款 and 项 that follow, and where it ends.

    Nothing is named there: an empty list and `position`.

    >>> references_at("依照第十条第一款、第三款处罚", 2)[1]
    12
    """
    finder = _Finder(text)
    end = finder.step(position) if text.startswith("第", position) else position
    return (finder.mentions, end) if finder.mentions else ([], position)


def reference_at(text: str, position: int) -> tuple[list[Mention], int]:
    """Return what is named right behind a document's name at `position`, and where it ends.

    Beside what `references_at` reads: 39条, 八、, 结尾段, 序言. Nothing is named there: an empty list and `position`.

    >>> [mention.paths for mention in reference_at("指导意见结尾段", 4)[0]]
    [('closing',)]
    """
    if position >= len(text):
        return [], position
    finder = _Finder(text)
    end = finder.step(position)
    return (finder.mentions, end) if finder.mentions else ([], position)


def references_below(text: str, position: int, path: str) -> tuple[list[Mention], int]:
    """Return what 第一款, 第二款第（三）项 or 第（三）项 at `position` names, whose article or 款 is known: `path`.

    With the path of an article ("a10") 款 are read; with that of a 款 ("a10.p2"), 项.

    >>> [mention.paths for mention in references_below("第（一）项、第（三）项", 0, "a10.p2")[0]]
    [('a10.p2.i1',), ('a10.p2.i3',)]
    """
    finder = _Finder(text)
    end = finder.below_known(position, path)
    return (finder.mentions, end) if finder.mentions else ([], position)


class _Finder:
    def __init__(self, text: str) -> None:
        self._text = text
        self.mentions: list[Mention] = []

    def step(self, position: int) -> int:
        """Read what starts at `position`; return where to go on."""
        text = self._text
        character = text[position]
        if character == "第":
            article = _ARTICLE.match(text, position)
            if article is not None:
                end = self._article(article)
                if end is not None:
                    return end
            part = _PART.match(text, position)
            if part is not None:
                return self._parts(part)
        elif character in _NUMERAL_STARTS:
            end = self._bare(position)
            if end is not None:
                return end
            while position < len(text) and text[position] in _NUMERAL_STARTS:
                position += 1
            return position
        elif character in "结末最序":
            named = _NAMED.match(text, position)
            if named is not None:
                self._add(position, named.end(), ("closing" if named["closing"] else "preamble",))
                return named.end()
        return position + 1

    def _add(self, start: int, end: int, paths: tuple[str, ...]) -> None:
        self.mentions.append(Mention(start, end, self._text[start:end], paths))

    def _article(self, match: re.Match[str]) -> int | None:
        branch = number_or_none(match["branch"]) if match["branch"] else 0
        if branch is None:
            return None
        if match["bracket"]:
            number = number_or_none(match["bracket"])
            if number is None:
                return None
            self._add(match.start(), match.end(), (f"a{number}", f"n{number}"))
            return match.end()
        listed = _listed(self._text, match.start("numbers"), match["numbers"])
        if not listed or any(low is None for _, _, low, _ in listed):
            return None
        for index, (start, end, number, ranged) in enumerate(listed[:-1]):
            self._one(match.start() if index == 0 else start, end, number, ranged)
        start, _, number, ranged = listed[-1]
        first = match.start() if len(listed) == 1 else start
        return self._below(first, match.end(), article_path(number, branch), ranged)

    def _one(self, start: int, end: int, number: int, ranged: bool) -> None:
        if ranged:
            self._between(start, end, number)
        self._add(start, end, (f"a{number}",))

    def _between(self, start: int, end: int, number: int) -> None:
        """Name what lies between the last mention and this one, when both are whole articles."""
        last = self.mentions[-1] if self.mentions else None
        if last is None or re.fullmatch(r"a\d+", last.paths[0]) is None:
            return
        low = int(last.paths[0][1:]) + 1
        if 0 <= number - low < MAX_RANGE:
            for between in range(low, number):
                self._add(last.start, end, (f"a{between}",))

    def _below(self, start: int, end: int, path: str, ranged: bool) -> int:
        """Read 款, 项 and 目 behind an article that is named up to `end`; return where to go on."""
        text = self._text
        below = end
        paragraph = _PARAGRAPH.match(text, end)
        paths: list[tuple[int, int, str]] = []
        article = path
        if paragraph is not None:
            numbers = paragraph["numbers"] or paragraph["bare"]
            offset = paragraph.start("numbers") if paragraph["numbers"] else paragraph.start("bare")
            paths = [(s, e, f"{article}.p{n}") for s, e, n, _ in _expanded(text, offset, numbers)]
            below = paragraph.end()
        if len(paths) <= 1:
            base = paths[0][2] if paths else f"{article}.p1"
            item = _ITEM.match(text, below)
            if item is not None:
                numbers = item["numbers"] or item["bare"]
                offset = item.start("numbers") if item["numbers"] else item.start("bare")
                items = [(s, e, f"{base}.i{n}") for s, e, n, _ in _expanded(text, offset, numbers)]
                if items:
                    paths, below = items, item.end()
                    subitem = _SUBITEM.match(text, below)
                    number = number_or_none(subitem["number"]) if subitem is not None else None
                    if subitem is not None and number is not None and len(paths) == 1:
                        paths = [(paths[0][0], paths[0][1], f"{paths[0][2]}.k{number}")]
                        below = subitem.end()
        if not paths:
            if text.startswith("意见", end) and article[1:].isdigit():
                self._add(start, end + 2, (article, f"n{article[1:]}"))
                return end + 2
            if ranged:
                self._between(start, end, int(article[1:].split("-")[0]))
            self._add(start, end, (article,))
            return self._range_after(start, end)
        if len(paths) == 1:
            self._add(start, below, (paths[0][2],))
        else:
            for index, (piece_start, piece_end, piece) in enumerate(paths):
                first = start if index == 0 else piece_start
                last = below if index == len(paths) - 1 else piece_end
                self._add(first, last, (piece,))
        return self._elided(below, article, paths[-1][2])

    def below_known(self, position: int, path: str) -> int:
        """Read 款 and 项, or 项 alone where `path` is that of a 款; return where to go on, `position` for neither."""
        article, dot, _ = path.partition(".")
        if not dot:
            named = _PARAGRAPH.match(self._text, position)
            return self._below(position, position, path, ranged=False) if named is not None else position
        item = _ITEM.match(self._text, position)
        numbers = (item["numbers"] or item["bare"]) if item is not None else ""
        if item is None or not numbers:
            return position
        offset = item.start("numbers") if item["numbers"] else item.start("bare")
        found = _expanded(self._text, offset, numbers)
        for index, (start, end, number, _) in enumerate(found):
            first, last = position if index == 0 else start, item.end() if index == len(found) - 1 else end
            self._add(first, last, (f"{path}.i{number}",))
        return self._elided(item.end(), article, f"{path}.i{found[-1][2]}") if found else position

    def _range_after(self, start: int, end: int) -> int:
        """Read 至第十条 behind 第八条."""
        text = self._text
        separator = _SEPARATOR.match(text, end)
        if separator is None or re.fullmatch(_DASH, separator["word"]) is None:
            return end
        article = _ARTICLE.match(text, separator.end())
        number = number_or_none(article["numbers"]) if article is not None and article["numbers"] else None
        if article is None or number is None:
            return end
        branch = number_or_none(article["branch"]) if article["branch"] else 0
        return self._below(article.start(), article.end(), article_path(number, branch or 0), ranged=True)

    def _elided(self, end: int, article: str, path: str) -> int:
        """Read 、第三款 behind 第十条第二款, and 、第（五）项 behind a 项, which leave the article out."""
        text = self._text
        while (separator := _SEPARATOR.match(text, end)) is not None:
            following = separator.end()
            if not text.startswith("第", following):
                break
            paragraph = _PARAGRAPH.match(text, following)
            item = _ITEM.match(text, following)
            if paragraph is not None and paragraph["numbers"]:
                number = number_or_none(paragraph["numbers"])
                if number is None:
                    break
                path = f"{article}.p{number}"
                end = paragraph.end()
                item = _ITEM.match(text, end)
                inner = _expanded_one(item)
                if item is not None and inner is not None:
                    path, end = f"{path}.i{inner}", item.end()
            elif item is not None and ".i" in path and (inner := _expanded_one(item)) is not None:
                path = f"{path[: path.index('.i')]}.i{inner}"
                end = item.end()
            else:
                break
            self._add(following, end, (path,))
        return end

    def _bare(self, position: int) -> int | None:
        """Read 39条 or 八、 where it names a provision."""
        text = self._text
        match = _BARE.match(text, position)
        if match is not None:
            number = number_or_none(match["number"])
            branch = number_or_none(match["branch"]) if match["branch"] else 0
            if number and branch is not None and self._is_name(match):
                return self._below(match.start(), match.end(), article_path(number, branch), ranged=False)
            return match.end()
        mark = _PART_MARK.match(text, position)
        if mark is not None and self._is_part_mark(mark):
            return self._part(mark.start(), mark.end(), mark["number"])
        return None

    def _is_name(self, match: re.Match[str]) -> bool:
        text, start, end = self._text, match.start(), match.end()
        before = text[max(0, start - 8) : start]
        listed = self.mentions and re.fullmatch(_AND, text[self.mentions[-1].end : start]) is not None  # 39条和40条
        if _BEFORE.search(before) is None and start > 0 and not listed:
            return False
        arabic = match["number"][0] in _ARABIC
        if arabic or _AFTER_DOCUMENT.search(before) is not None:
            return _BEHIND.match(text, end) is not None
        return _BEHIND_SURELY.match(text, end) is not None

    def _is_part_mark(self, mark: re.Match[str]) -> bool:
        """Whether 八、 names a part: at the start or behind a document's name, and no list of numbers (七、八月) goes
        on.
        """
        before = self._text[max(0, mark.start() - 8) : mark.start()]
        behind = self._text[mark.end() : mark.end() + 1]
        named = (
            mark.start() == 0
            or re.search(rf"(?:[\s　：:“\"《]|(?:意见|通知|文件|方案|》|”)的?){_S}$", before) is not None
        )
        return named and behind not in _NUMERAL_STARTS and behind != "第"

    def _parts(self, match: re.Match[str]) -> int:
        """Read 第七部分, or all of 第七、八部分; what follows is of the last."""
        listed = _expanded(self._text, match.start("numbers"), match["numbers"])
        for index, (start, end, number, _) in enumerate(listed[:-1]):
            self._add(match.start() if index == 0 else start, end, (f"n{number}",))
        if not listed:
            return match.end()
        start = match.start() if len(listed) == 1 else listed[-1][0]
        return self._part(start, match.end(), str(listed[-1][2]))

    def _part(self, start: int, end: int, numeral: str) -> int:
        """Read （二）, 第1点 and 第2自然段 behind a part; return where to go on."""
        number = number_or_none(numeral)
        if number is None:
            return end
        path = f"n{number}"
        for pattern, letter in ((_HEADING, "h"), (_POINT, "t"), (_SUBPOINT, "u"), (_NATURAL, "p")):
            match = pattern.match(self._text, end)
            below = number_or_none(match["number"]) if match is not None else None
            if match is not None and below is not None:
                path, end = f"{path}.{letter}{below}", match.end()
        self._add(start, end, (path,))
        return end


_ARABIC = frozenset("0123456789０１２３４５６７８９")
_NUMERAL_STARTS = frozenset(NUMERAL_CHARS.replace("0-9０-９", "")) | _ARABIC
# One number of a list and the word before it. Matches 「至（三）」 「、第九」 「八」; refuses 「至」.
_LISTED = re.compile(rf"(?P<word>(?:{_AND}|{_DASH})?){_S}(?P<piece>第?{_S}[（(]?{_S}(?P<number>{_N}){_S}[）)]?){_S}")


def _listed(text: str, offset: int, numbers: str) -> list[tuple[int, int, int, bool]]:
    """Return (start, end, number, whether a range leads to it) of each number of 「八、九至十一」, which stands at
    `offset`.
    """
    found: list[tuple[int, int, int, bool]] = []
    end = offset + len(numbers)
    while offset < end:
        match = _LISTED.match(text, offset, end)
        number = number_or_none(match["number"]) if match is not None else None
        if match is None or number is None:
            return []
        ranged = re.fullmatch(_DASH, match["word"]) is not None
        found.append((match.start("piece"), match.end("piece"), number, ranged))
        offset = match.end()
    return found


def _expanded(text: str, offset: int, numbers: str) -> list[tuple[int, int, int, bool]]:
    """Return `_listed` with the numbers inside a range filled in."""
    expanded: list[tuple[int, int, int, bool]] = []
    for start, end, number, ranged in _listed(text, offset, numbers):
        if ranged and expanded and 0 < number - expanded[-1][2] <= MAX_RANGE:
            first = expanded[-1]
            expanded.extend((first[0], end, between, True) for between in range(first[2] + 1, number))
        expanded.append((start, end, number, ranged))
    return expanded


def _expanded_one(item: re.Match[str] | None) -> int | None:
    """Return the number of a 项 that names a single one, else None."""
    return number_or_none((item["numbers"] or item["bare"]).strip("（）() ")) if item is not None else None
