"""What a document's provisions cite: 依照本法第十条, 前款, 第五条至第七条, 《土地管理法》第四十四条.

Found is what the words say; whether such a provision exists is for who holds the documents to find out
(`assistant.indexing.links`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from assistant.parsing.ids import split_id
from assistant.parsing.numerals import NUMERAL
from assistant.parsing.references import MAX_RANGE, Mention, references_at, references_below
from assistant.parsing.titles import OWN, TITLE, UNKNOWN, is_document, owner_before, short_forms, squeezed
from assistant.schema import Parsed, Provision, ProvisionKind, WrittenLink

_NOT_BEFORE = "目提之以当事生日年月天期此先签庭审诉岗午屋房"  # 目前, 之前, 以前…: 前 is not ours there
# What can begin a reference. Matches 「《」 「第十条」 「前两款」 「本条第二款」 「…指导目录」; refuses 「目前条件」
# 「前项目」.
_TRIGGER = re.compile(
    rf"《|第[\s（(]*{NUMERAL}[\s）)]*(?:个?部分|[、，和与及或至到\-—~～条款项])"
    rf"|(?<![{_NOT_BEFORE}])前(?P<count>[一二两三四五六七八九])?(?P<kind>[条款项])(?![件例件约式目子])"
    r"|本[条款](?=第)|(?:产业|指导)目录"
)
# Between two members of a list of one document. Matches 「、」 「或者」 「至」 「规定，」; refuses 「，依照」.
_JOINED = re.compile(r"\s*(?:的?规定)?\s*(?:[、，,和与及或]|以及|或者|并且|至|到|[-—~～]){1,2}\s*")
_RANGE = re.compile(r"\s*(?:至|到|[-—~～]+)\s*")
# Between a title and its article. Matches 「（以下简称民法典）」 「的」 「规定的」; refuses 「，第」.
_GLUE = re.compile(
    r"\s*(?:[（(][^（）()]{0,60}[）)])?\s*(?:修正案)?(?:分则)?(?:第[一二三四五六七八九十百]+[编章节])*(?:的|中的?|里|规定的?)?\s*"
)
_ARTICLE = re.compile(r"a\d+(?:-\d+)?")
# The last number of a path and all that is in front of it: "a10.p2.i" and 3; a branch goes with its article.
_LAST_NUMBER = re.compile(r"(?P<above>.*?[a-z])(?P<number>\d+)(?:-\d+)?$")
# What ends in front of an article that begins in the middle of a line. Matches 「。 」; refuses 「违反」.
_HEADING = re.compile(r"[。；：”]\s+$")
MAX_PARAGRAPHS = 30  # 款 of one article that are looked through for an item
# A catalogue named without marks: 落实西部地区鼓励类产业目录. The verb in front is no part of its name.
_CATALOGUE = re.compile(
    r"(?:修订|落实|执行|按照|依照|根据|依据|列入|纳入|符合|参照|属于|实施|制定|发布|调整|、|，|。|和|及|与)+"
    r"(?P<name>(?!建立|公布|编制|招商)[\u4e00-\u9fff]{2,20}?(?:产业|指导)目录)$"
)
_AMENDING = re.compile(r"关于(?:修改(?![前后])|废止)|修正案")  # refuses 关于修改后的民事诉讼法施行时…的规定
# What goes on behind 第二款 or 第（三）项 alone. Matches 「第二款规定」 「第（一）项、」; refuses 「第一项工作」.
_GOES_ON = re.compile(r"\s*(?:[、，,。；;）)]|和|或|至|到|规定|所|情形|中|的|列|内|以外|之|以及|及|与|行为|期限)")
# 前款所列第（一）项, 前款规定的第二项, 前条的第一款; refuses 前款规定.
_LISTED_IN = re.compile(r"(?:所列|规定|所称|中)?的?(?=第)")
_ITEM_OF = re.compile(r"(?P<above>.*)\.i(?P<number>\d+)")
_VERSION = re.compile(r"[（(]\d{4}年[本版][）)]")
_COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_OPEN, _CLOSE = re.compile("“"), re.compile("”")
MAX_JOINT = 12  # characters of what joins two members of a list
MAX_BACK = 40  # characters in front of 第…条 in which a document's name is looked for


def find_links(parsed: Parsed) -> tuple[WrittenLink, ...]:
    """Return everything the provisions of a document cite, in the order of the text.

    Own articles, ranges expanded to those that exist; 前款, 前条, 本条第二款 counted out from where they stand; other
    documents by the title in 《》, by a short form that the document gave itself, or by a law's bare name. Inside “…”
    本法, 前款 and bare numbers are another text's own and are left out, as are all bare numbers of a document that
    amends others.
    """
    shape = _Shape(parsed)
    groups: list[list[Provision]] = []
    for provision in parsed.provisions:
        if provision.parent is None:
            groups.append([])
        groups[-1].append(provision)
    return tuple(link for group in groups for link in _Reader(shape, parsed.document.text, group).links())


class _Shape:
    """What of a whole document its references are read against."""

    def __init__(self, parsed: Parsed) -> None:
        self.paths = {split_id(one.id)[1] for one in parsed.provisions}
        self.articles = [split_id(one.id)[1] for one in parsed.provisions if one.kind is ProvisionKind.ARTICLE]
        self.places = {path: place for place, path in enumerate(self.articles)}
        self.shorts = short_forms(parsed.document.text)
        self.amends = _AMENDING.search(parsed.document.title) is not None
        self.title = squeezed(parsed.document.title)


class _Reader:
    """Reads one provision of the top level, an article or a part, with all that is in it (`group`, outermost first)."""

    def __init__(self, shape: _Shape, text: str, group: Sequence[Provision]) -> None:
        self._shape, self._text, self._group = shape, text, group
        self._starts = [one.start for one in group]
        top = group[0]
        self._by_id = {one.id: one for one in group}
        self._opened = [mark.start() for mark in _OPEN.finditer(text, top.start, top.end)]
        self._closed = [mark.start() for mark in _CLOSE.finditer(text, top.start, top.end)]
        self._others: set[str] = set()  # other documents of which an article was named
        self._article = ""  # the last article of ours that was named
        self._end = top.end
        self._body = top.start + (len(top.label) if top.text.startswith(top.label) else 0)
        self._last = ""  # the other document that was named last
        self._previous: tuple[int, str] | None = None  # where the last reference ended, and whose it was
        self._links: list[WrittenLink] = []

    def links(self) -> list[WrittenLink]:
        """Return the links of the group, in the order of the text."""
        position = self._body
        while (found := _TRIGGER.search(self._text, position, self._end)) is not None:
            position = max(self._read(found), found.start() + 1)
        return self._links

    def _read(self, found: re.Match[str]) -> int:
        """Read what begins at a trigger and return where to go on."""
        match self._text[found.start()]:
            case "《":
                return self._title(found.start())
            case "第":
                mentions, end = references_at(self._text, found.start())
                return self._numbered(found.start(), mentions, end) if mentions else self._below(found.start(), 0)
            case "前":
                return self._back(found)
            case "本":
                return self._below(found.start(), 2)
            case _:
                return self._catalogue(found.end())

    def _title(self, start: int) -> int:
        match = TITLE.match(self._text, start, self._end)
        if match is None:
            return start + 1
        title = squeezed(match[1])
        title = self._shape.shorts.get(title, title)
        if not is_document(title) or self._text.endswith(("简称", "统称"), 0, start):
            return match.end()
        owner = OWN if title == self._shape.title else title
        glue = _GLUE.match(self._text, match.end(), self._end)
        mentions, end = references_at(self._text, glue.end()) if glue is not None else ([], 0)
        self._last = owner or self._last
        if mentions:
            self._emit(mentions, end, owner, start)
            return end
        self._previous = None
        if owner:
            self._add(start, match.end(), title, "")
        return match.end()

    def _numbered(self, start: int, mentions: Sequence[Mention], end: int) -> int:
        """Take 第…条 or 第…部分: whose it is, stands in front of it."""
        back = 0
        owner: str | None = None
        if self._previous is not None and self._is_joined(start):
            owner = self._previous[1]
        else:
            before = self._text[max(self._body, start - MAX_BACK) : start]
            owner, back = owner_before(before, self._shape.shorts, self._last)
        if owner is None:
            if _HEADING.search(before) is not None and _runs_on(before, self._text[start : end + 1]):
                return end  # an article that the file runs on in the line of the one before
            # 「第1部分：术语」 is how the titles of standards go on.
            named = not (mentions[0].paths[0].startswith("n") and self._text.startswith(("：", ":"), end))
            owner = self._owner_of_bare(mentions) if named else UNKNOWN
        if owner == OWN and (self._shape.amends or self._quoted(start)):
            owner = UNKNOWN
        if owner == UNKNOWN:
            self._previous = (end, UNKNOWN)
        else:
            self._emit(mentions, end, owner, start - back)
        return end

    def _is_joined(self, start: int) -> bool:
        """Return whether only what joins a list stands between the last reference and `start`."""
        ended = self._previous[0] if self._previous is not None else start
        return start - ended <= MAX_JOINT and _JOINED.fullmatch(self._text, ended, start) is not None

    def _owner_of_bare(self, mentions: Sequence[Mention]) -> str:
        """Return whose a number is that nothing stands in front of: ours, or of the one document named here."""
        if any(path in self._shape.paths for mention in mentions for path in mention.paths):
            return OWN
        if not mentions[0].paths[0].startswith("a"):
            return UNKNOWN
        [*others] = self._others
        return others[0] if len(others) == 1 and not self._is_next(mentions[0].paths[0]) else UNKNOWN

    def _is_next(self, path: str) -> bool:
        """Return whether this is the number behind that of the article it stands in: its heading, run on."""
        here = _LAST_NUMBER.match(split_id(self._group[0].id)[1])
        return here is not None and path == f"{here['above']}{int(here['number']) + 1}"

    def _emit(self, mentions: Sequence[Mention], end: int, owner: str, start: int) -> None:
        """Add the links of one list of provisions of one document; the first begins with the document's name."""
        ends = [one for one in mentions if not any(_contains(one, other) for other in mentions)]
        begin = start
        at = 0
        while at < len(ends):
            one, following = ends[at], ends[at + 1] if at + 1 < len(ends) else None
            if following is not None and _RANGE.fullmatch(self._text, one.end, following.start) is not None:
                self._range(one.paths[0], following.paths[0], begin, following.end, owner)
                at += 1
            else:
                path = next((path for path in one.paths if path in self._shape.paths), one.paths[0])
                self._add(begin, one.end, owner, path if owner == OWN else one.paths[0])
            at += 1
            begin = ends[at].start if at < len(ends) else end
        self._last = owner or self._last
        self._previous = (end, owner)

    def _range(self, low: str, high: str, start: int, end: int, owner: str) -> None:
        """Add what lies from `low` to `high`: our own articles that exist; else what lies between by the numbers."""
        places = self._shape.places
        if owner == OWN and low in places and high in places and places[low] < places[high]:
            for path in self._shape.articles[places[low] : places[high] + 1]:
                self._add(start, end, OWN, path)
            return
        articles = _ARTICLE.fullmatch(low) is not None and _ARTICLE.fullmatch(high) is not None
        first, last = _LAST_NUMBER.match(low), _LAST_NUMBER.match(high)
        between: list[str] = []
        if first is not None and last is not None and first["above"] == last["above"]:
            numbers = range(int(first["number"]) + 1, int(last["number"]))
            between = [f"{first['above']}{number}" for number in numbers] if len(numbers) <= MAX_RANGE else []
        for path in (low, *between):
            self._add(start, end, owner, path, onward=articles)
        if high != low:
            self._add(start, end, owner, high)

    def _below(self, start: int, skipped: int) -> int:
        """Read 第二款 and 第（三）项 without an article, and 本条第二款: of the article they stand in.

        Behind 违反 they are of the article that was named last. Where that has none of this number, something else is
        meant that nobody can name.
        """
        position = start + skipped
        article, paragraph = self._here(start)
        before = self._text[max(self._body, start - 2) : start]
        if not article or self._shape.amends or self._quoted(start) or before.endswith(("该款", "该条", "该项", "条")):
            return position + 1
        if self._previous is not None and self._previous[1] != OWN and self._is_joined(start):
            return position + 1  # 刑法第三条第一款，第二款: not ours
        named = self._article if before == "违反" else ""
        for base in dict.fromkeys((named or article, article)):
            mentions, end = references_below(self._text, position, base)
            if not mentions:
                mentions, end = self._items(position, base, paragraph if base == article else "")
            if not skipped and _GOES_ON.match(self._text, end) is None:
                continue
            if mentions and mentions[0].paths[0] in self._shape.paths:
                self._emit(mentions, end, OWN, start)
                return end
        return position + 1

    def _items(self, position: int, article: str, paragraph: str) -> tuple[list[Mention], int]:
        """Read 第（三）项 as of this 款, or of the last 款 before it that has such an item."""
        last = int(paragraph.rpartition("p")[2]) if paragraph else MAX_PARAGRAPHS
        for number in range(last, 0, -1):
            if f"{article}.p{number}.i1" in self._shape.paths:
                mentions, end = references_below(self._text, position, f"{article}.p{number}")
                if not mentions or mentions[0].paths[0] in self._shape.paths:
                    return mentions, end
        return [], position

    def _back(self, found: re.Match[str]) -> int:
        """Read 前款, 前两款, 前条, 前项, with what is named in it."""
        start, end = found.span()
        article, paragraph = self._here(start)
        if not article or self._shape.amends or self._quoted(start):
            return end
        count = _COUNTS.get(found["count"] or "一", 1)
        paths = self._before(found["kind"], count, article, paragraph, start)
        if paths is None:
            return end
        if len(paths) == 1:
            glue = _LISTED_IN.match(self._text, end)
            mentions, after = references_below(self._text, glue.end() if glue is not None else end, paths[0])
            if mentions:
                self._emit(mentions, after, OWN, start)
                return after
        for path in paths or ("",):
            self._add(start, end, OWN, path)
        self._previous = (end, OWN)
        return end

    def _before(self, kind: str, count: int, article: str, paragraph: str, at: int) -> list[str] | None:
        """Return the paths of the `count` 条, 款 or 项 in front; empty where there are none, None for no reference."""
        if kind == "条":
            place = self._shape.places.get(article, 0)
            return self._shape.articles[place - count : place] if place >= count else []
        if kind == "款":
            if not paragraph:
                return []
            number = int(paragraph.rpartition("p")[2])
            return [f"{article}.p{one}" for one in range(number - count, number)] if number > count else []
        item = _ITEM_OF.match(split_id(self._source(at).id)[1])
        if item is None:
            return None
        number = int(item["number"])
        return [f"{item['above']}.i{one}" for one in range(number - count, number)] if number > count else []

    def _catalogue(self, end: int) -> int:
        match = _CATALOGUE.search(self._text[max(self._body, end - MAX_BACK) : end])
        if match is None:
            return end
        start = end - len(match["name"])
        version = _VERSION.match(self._text, end)
        self._add(start, end, match["name"] + (version[0] if version is not None else ""), "")
        return end

    def _here(self, position: int) -> tuple[str, str]:
        """Return the paths of the article and the 款 that a position stands in, "" for none."""
        steps = split_id(self._source(position).id)[1].split(".")
        if not _ARTICLE.fullmatch(steps[0].partition("~")[0]):
            return "", ""
        return steps[0], ".".join(steps[:2]) if len(steps) > 1 and steps[1].startswith("p") else ""

    def _source(self, position: int) -> Provision:
        """Return the smallest provision that a position stands in."""
        for at in range(bisect_right(self._starts, position) - 1, 0, -1):
            if self._group[at].end > position:
                return self._group[at]
        return self._group[0]

    def _unit(self, source: Provision) -> str:
        at: Provision | None = source
        while at is not None and not at.unit:
            at = self._by_id.get(at.parent) if at.parent else None
        return at.id if at is not None else self._group[0].id

    def _quoted(self, position: int) -> bool:
        return bisect_left(self._opened, position) > bisect_left(self._closed, position)

    def _add(self, start: int, end: int, title: str, path: str, *, onward: bool = False) -> None:
        source = self._source(start)
        if title:
            self._others.add(title)
        elif _ARTICLE.match(path):
            self._article = path.partition(".")[0]
        self._links.append(
            WrittenLink(source.id, self._unit(source), start, end, self._text[start:end], title, path, onward)
        )


def _runs_on(before: str, text: str) -> bool:
    """Return whether 第…条 (with the character behind it) is a heading: white space in front of it, in it or behind."""
    return before[-1:] in " \u3000" or any(character.isspace() for character in text)


def _contains(one: Mention, other: Mention) -> bool:
    return one is not other and one.start <= other.start and other.end <= one.end and len(one.text) > len(other.text)
