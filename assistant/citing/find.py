"""Find: every place in a text that cites a document or a provision, and how it names the document.

Found is what the words say. What they mean among the documents held is for `assistant.citing.resolve` to find out.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.citing.folding import Folded
from assistant.citing.names import NUMBER, ORDER, SORTS, SURE_NAME, Names
from assistant.indexing.links_titles import title_key
from assistant.parsing.numerals import NUMERAL_CHARS, parse_numeral
from assistant.parsing.references import Mention, reference_at, references_below
from assistant.parsing.titles import OWN as OWN_NAME
from assistant.parsing.titles import TITLE, UNKNOWN, is_document, owner_before, squeezed
from assistant.places import names as places


class Naming(StrEnum):
    """How a citation says which document it means."""

    TITLE = "title"  # in book-title marks
    NAME = "name"  # without them
    NUMBER = "number"  # 文号
    SORT = "sort"  # 条例, 指导意见, alone
    OWN = "own"  # the text itself: 本办法, 本条, or its own 第…条
    NONE = "none"  # nothing says which
    CARRIED = "carried"  # what was named before: 该条例, 同法, 同条, or nothing at all


@dataclass(frozen=True, slots=True)
class DocumentName:
    """The words that say which document is meant.

    Attributes:
        how: see `Naming`. CARRIED and names of other texts keep the `name` they were carried from.
        name: the name without marks, "" where there is none.
        years: years that the words give for the version: （2018年修正）; empty for none.
        day: the day of issue or start that they give: （2018年10月26日修正）.
        number: the document's number that stands with a title, "" for none.
        beside: names of the documents that are named in one breath before it; a mere 该办法 behind can mean any.
    """

    how: Naming
    name: str = ""
    years: tuple[int, ...] = ()
    day: date | None = None
    number: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation, its span in the folded text.

    Attributes:
        paths: what the words can mean inside the document, the likelier first; empty for the document as a whole.
        part: words that name a part by its label and not by its path: 引言, 附件二, 第三章; "" for none.
        paragraph: whether the words name a 款; where they do not, 第（三）项 is that of any 款.
        cluster: citations of one enumeration (第三条、第五条) share a number; what is said, is said of all of them.
        relative: the words count from where they stand (前款, 上述规定) and lead to what `paths` has already.
        lost: a relative reference with nothing in front that it could mean.
    """

    start: int
    end: int
    document: DocumentName
    paths: tuple[str, ...] = ()
    part: str = ""
    paragraph: bool = False
    cluster: int = 0
    relative: bool = False
    lost: bool = False


NOBODY = DocumentName(Naming.NONE)
OWN = DocumentName(Naming.OWN)

_N = rf"[{NUMERAL_CHARS}]"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What makes a short name one: 刑法第三十条, 民法典1254条, 指导意见八、; refuses 公司法定代表人.
_FOLLOWED = re.compile(rf"(?:的|中的?|里的?)?(?:第[（]?{_N}|结尾段|最后一)|（以下|{_N}+条|[一二三四五六七八九十]+、")
# A name in other marks than its own. Matches 〈土地管理法〉 “土地管理法” 【土地管理法】.
_ENCLOSED = re.compile(
    r"[〈“‘「『【\[]{1,2}(?P<name>[^〈〉“”‘’「」『』【】\[\]《》]{2,60})[〉”’」』】\]]{1,2}(?=[的中里]?第|[一二三四五六七八九十]+、)"
)
# Characters that may belong to the name they stand in front of.
_RUN = re.compile(r"[\u4e00-\u9fff]+$")
# Words that no title has between its place and its last word. Matches 适用 in 企业适用劳动合同法; refuses 有序转移.
_NO_TITLE = re.compile(
    r"适用(?!法)|依照|依据|根据|按照|违反|符合|搬|到|从|在|应|可以|是|的(?!若干|规定|决定|意见|通知|办法|实施|指导)"
)
_SORT = "|".join(sorted(SORTS, key=len, reverse=True))
# Where something may begin that cites. Matches 《, 第三, 第（八, 前款, 同条, 上述规定, 其第, 〔2021〕; refuses 前项目.
_TRIGGER = re.compile(
    r"《"
    rf"|第[（]?{_N}"
    r"|前(?:[一二两三四五六七八九])?[条款项](?![件例约式目子])"
    r"|[本该同此](?:条|款|项)(?![件例约式目子])"
    rf"|(?:上述|前述|上列|以上)(?:规定|条款|条文|条例|办法|意见|法条|依据)"
    rf"|(?:该|此|同)(?:部)?(?:{_SORT}|文件|文)"
    r"|其(?=第)"
    r"|[〔\[［【（﹝](?=(?:19|20)\d\d年?[〕\]］】）﹞])"
    r"|(?:令|公告)（?第\d"
)
# Between two members of an enumeration of one document. Matches 、 和 以及 的规定、; refuses ，依照.
_JOINED = re.compile(
    r"(?:的?(?:相关|有关)?规定|之规定)?(?:[、，和与及或]|以及|或者|并且|至|到|[-—–~～]+){1,2}(?:其|同法|该法|该条例)?|"
)
# Between a title and its article: parts, and the words that lead on. Matches 第三章 的 中 里的; refuses ，.
_LEADS = re.compile(
    r"(?:的?附则|总则|分则)?(?:第[一二三四五六七八九十百零]+[编章节])*(?:的|中的?|里面?的?|当中的?|规定的|明确的)?"
)
# A part that is named by its label. Matches 引言 附件二 第三章 第1行 第（一）项第1自然段; refuses 第三条.
_PART = re.compile(
    rf"(?:的)?(?:引言|序言|章首段（第\d+处）|附[件表录图](?:{_N}+)?|结尾段(?:第\d+段)?|第\d+[表行](?!动|为)|第\d+自然段"
    rf"|第（{_N}+）(?:项|小点)|第\d+点|第{_N}+部分|第{_N}+[编章节](?!程))+"
)
# A bracket behind a title: a short form, the version, the number, the issuer.
_BRACKET = re.compile(r"（[^（）]{0,80}（?[^（）]{0,40}）?[^（）]{0,40}）")
_SHORT_FORM = re.compile(
    r"(?:以下|下文|后文|下)?(?:统一)?(?:简称|下称|称)(?:为|作|“|‘|「|《|：)*(?P<short>[^，。；、（）《》“”‘’「」]{1,20})"
)
# The version in a bracket. Matches 2018年修正, 2024年本, 2018年10月26日修正, 2025; refuses 2018年第3号.
_VERSION = (
    r"(?P<year>(?:19|20)\d\d)年?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
    r"(?:第?[一二三四五六七]?次?)?(?:本|版|修正本?|修订本?|修改|起?施行|通过|公布|发布|颁布|印发)?"
)
_YEAR = re.compile(_VERSION)
_VERSION_TAIL = re.compile(rf"[（(]{_VERSION}[）)]$")
# A sort of document that stands alone in front of 第…条. Matches 条例 in 按条例第三十条; refuses 实施条例.
_SORT_ALONE = re.compile(
    rf"(?:^|[^\u4e00-\u9fff]|[的据照按看查在和与跟及或省该这那部个份新对问请到把给翻讲从依以是有说旧老原现国反违合符用])(?P<place>[省市国]?)(?P<sort>{_SORT})$"
)
_OWN_DOCUMENT = re.compile(rf"本(?P<sort>{_SORT}|文件|协议|通知)(?:的|中的?)?$")
# What a line opens with when it is an article of the text itself.
_OWN_HEADING = re.compile(rf"第({_N}+)条(?:之{_N}+)?")
# What goes on behind 第…条 when it is none. Matches 规定 所称 的 第二款 、 和 至.
_CONTINUES = re.compile(
    r"规定|所称|所述|的|第|、|，|和|与|及|至|到|明确|要求|指出|中|里|之规定|款|项|等|（[一二三四五六七八九十]"
)
_INTRODUCED = re.compile(r"(?:简称|统称|下称|称|称为|称作)[“‘「]?$")
_PARAGRAPH_STEP = re.compile(r"(?P<article>a\d+(?:-\d+)?(?:~\d+)?)(?:\.p(?P<paragraph>\d+))?(?:\.i(?P<item>\d+))?")
_COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
MAX_BACK = 40  # characters in front of 第…条 in which a document's name is looked for
MAX_APART = 200  # characters between an article and a mere 第二款 that is of it
# What goes on behind a mere 第二款. Matches 规定 也 的 ，; refuses 产品 手机.
_SPEAKS_ON = re.compile(
    r"[、，。；：？！）”]|规定|明确|要求|指出|所|也|的|中|里|是|讲|说|呢|和|与|及|则|还|又|同样|写|$"
)
MAX_GAP = 24  # characters of what joins two members of an enumeration
MIN_OWN = 2  # articles of its own that make a text a draft


def find_citations(folded: Folded, names: Names) -> list[Cited]:
    """Return every citation of a text, in the order of the text; spans are those of the folded text.

    Documents by title, by name without marks, by number, by a short form that the text defines, by 该条例 and 条例
    alone; provisions by number (lists, ranges, 款, 项, 目, 之一), by part (第八部分, 八、) and from where they stand
    (前款, 同条第二款, 上述规定). A text with articles of its own cites these by 本办法第三条 and by the bare number.
    """
    return _Finder(folded, names).find()


class _Finder:
    def __init__(self, folded: Folded, names: Names) -> None:
        self._folded, self._text, self._names = folded, folded.text, names
        self._found: list[Cited] = []
        self._shorts: dict[str, DocumentName] = {}
        self._last: DocumentName | None = None  # the document that was named last
        self._named: list[DocumentName] = []
        self._cluster = 0
        self._own = _own_articles(folded)
        self._bare = self._bare_names()

    def find(self) -> list[Cited]:
        """Return the citations."""
        position, end = 0, len(self._text)
        bare = iter(self._bare)
        following = next(bare, None)
        while position < end:
            trigger = _TRIGGER.search(self._text, position)
            while following is not None and following[0] < position:
                following = next(bare, None)
            if following is not None and (trigger is None or following[0] <= trigger.start()):
                position = self._name(*following)
                continue
            if trigger is None:
                break
            position = max(self._read(trigger), trigger.start() + 1)
        return self._found

    # names of documents

    def _bare_names(self) -> list[tuple[int, int, str]]:
        """Return the names without marks that mean a document by themselves, with their spans."""
        text, found = self._text, []
        for start, end, name in self._names.scan(text):
            before, after = text[max(0, start - 12) : start], text[end : end + 12]
            if before.endswith("《") or text.startswith("》", end) or _inside_title(text, start, end):
                continue
            marks = _ENCLOSED.match(text, start - 2) or _ENCLOSED.match(text, start - 1) if start else None
            if marks is not None and marks["name"] == name:
                found.append((marks.start(), marks.end(), name))
                continue
            if len(name) < SURE_NAME and _FOLLOWED.match(after) is None:
                continue
            if re.match(r"实施(?:条例|细则|办法|规定)|的?修正案|的决定|施行细则", after) or before.endswith(
                ("修改", "实施", "修正", "废止")
            ):
                continue  # carries out or amends it: another document
            if _ends_with_place(before) and not name.startswith("中华人民共和国") and not name.endswith("法"):
                continue  # 湖南省优化营商环境条例 is not the national one
            if (
                len(name) < SURE_NAME
                and _CHINESE.match(before[-1:] or " ")
                and before[-1] not in "据照按依用反违合符据和与及或、的看查是《"
            ):
                continue
            begin = start if self._names.is_title(name) else start - self._longer(before, name)
            found.append((begin, end, text[begin:end]))
        return found

    def _longer(self, before: str, name: str) -> int:
        """Return how many characters in front of an alias belong to a longer name that ends in it.

        广东省促进产业转移条例 ends in the alias 产业转移条例 and is nobody's name: a slip of a title near to it.
        """
        run = _RUN.search(before)
        lengths = range(2, len(run[0]) + 1) if run is not None else ()
        return max((n for n in lengths if self._names.near(before[-n:] + name)), default=0)

    def _name(self, start: int, end: int, name: str) -> int:
        """Take a name without marks and what follows it."""
        return self._document(start, end, DocumentName(Naming.NAME, name))

    def _coordinated(self, start: int) -> bool:
        """Return whether a document that is named here stands in one breath with the one named before it."""
        last = self._found[-1] if self._found else None
        return (
            last is not None
            and not last.paths
            and bool(last.document.name)
            and _JOINED.fullmatch(self._text, last.end, start) is not None
            and last.end < start
        )

    def _document(self, start: int, end: int, document: DocumentName) -> int:
        """Take a document that is named at a span: its brackets, then its provisions; else the document as a whole."""
        if self._coordinated(start) and self._last is not None and self._last.name != document.name:
            document = replace(document, beside=(*self._last.beside, self._last.name))
        end, document, defined = self._brackets(end, document)
        self._remember(document)
        if defined:
            self._shorts[defined] = document
        leads = _LEADS.match(self._text, end)
        at = leads.end() if leads is not None else end
        mentions, after = reference_at(self._text, at)
        if not mentions and self._text[end : end + 1] in ("“", "「", "‘"):  # 指导意见“八、完善…”
            mentions, after = reference_at(self._text, end + 1)
            mentions = mentions if mentions and mentions[0].paths[0].startswith("n") else []
        if not mentions and at != end:
            at = end
            mentions, after = reference_at(self._text, at)
        if mentions:
            self._emit(mentions, start, after, document)
            return after
        self._cluster += 1
        part = _PART.match(self._text, end)
        if part is not None:
            self._found.append(Cited(start, part.end(), document, part=part[0], cluster=self._cluster))
            return part.end()
        self._found.append(Cited(start, end, document, cluster=self._cluster))
        return end

    def _brackets(self, end: int, document: DocumentName) -> tuple[int, DocumentName, str]:
        """Read the brackets behind a name; return (where they end, the name with year and number, the short form)."""
        defined = ""
        while (bracket := _BRACKET.match(self._text, end)) is not None:
            inside = bracket[0][1:-1]
            short = _SHORT_FORM.search(inside)
            number = NUMBER.search(inside) or ORDER.search(inside)
            year = _YEAR.fullmatch(inside)
            if short is None and number is None and year is None:
                break
            if short is not None:
                defined = title_key(short["short"])
            if number is not None:
                document = replace(document, number=number[0])
            if year is not None:
                document = replace(document, years=(int(year["year"]),), day=_day(year))
            end = bracket.end()
        return end, document, defined

    def _remember(self, document: DocumentName) -> None:
        self._last = document
        self._named.append(document)

    def _title(self, start: int) -> int:
        """Take what stands in book-title marks."""
        match = TITLE.match(self._text, start)
        if match is None:
            return start + 1
        title = squeezed(match[1])
        if _INTRODUCED.search(self._text[max(0, start - 6) : start]):
            return match.end()  # 以下简称《条例》
        key = title_key(title)
        if (short := self._shorts.get(key)) is not None:
            return self._document(start, match.end(), replace(short, number=""))
        version = _VERSION_TAIL.search(title)
        years = (int(version["year"]),) if version is not None else ()
        if key in SORTS:
            return self._document(start, match.end(), self._of_sort(key, years))
        day = _day(version) if version is not None else None
        if not is_document(title) and not self._names.meant(title):
            return match.end()
        return self._document(start, match.end(), DocumentName(Naming.TITLE, title, years, day))

    def _of_sort(self, sort: str, years: tuple[int, ...] = ()) -> DocumentName:
        """Return what 条例 alone means: the short form defined, else the last document of that sort."""
        if (short := self._shorts.get(sort)) is not None:
            return replace(short, number="")
        for document in reversed(self._named):
            if document.how in (Naming.TITLE, Naming.NAME) and self._is_of_sort(document, sort):
                return replace(document, number="")
        return self._remembered(DocumentName(Naming.SORT, sort, years))

    def _is_of_sort(self, document: DocumentName, sort: str) -> bool:
        key = title_key(document.name)
        if key.endswith((sort, f"{sort}典") if sort == "法" else sort):
            return True
        meant = self._names.meant(document.name)
        return any(title_key(self._names.metadata[one].title).endswith(sort) for one in meant.doc_ids)

    # provisions

    def _read(self, found: re.Match[str]) -> int:
        text, start = self._text, found.start()
        match text[start]:
            case "《":
                return self._title(start)
            case "第":
                return self._numbered(start)
            case "令" | "公":
                return self._order(found)
            case "前" if text[start + 1] not in "述":
                return self._back(found)
            case "本" | "该" | "同" | "此" if text[found.end() - 1] in "条款项" and found.end() - start == 2:
                return self._here(found)
            case "其":
                return self._its(found)
            case "〔" | "[" | "［" | "【" | "（" | "﹝":
                return self._number(found)
            case _:
                return self._that(found)

    def _numbered(self, start: int) -> int:
        """Take 第…条 or 第…部分: whose it is, stands in front of it."""
        text, folded = self._text, self._folded
        mentions, end = reference_at(text, start)
        if not mentions:
            return self._paragraph_alone(start)
        if folded.begins_line(start) and self._is_heading(start):
            return end if self._own else self._block(start, mentions, end)
        document, begin = self._owner(start, mentions)
        if document is None:
            return end
        self._emit(mentions, begin, end, document)
        return end

    def _paragraph_alone(self, start: int) -> int:
        """Read 第二款 that begins a sentence: of the article that was cited last."""
        last = self._antecedent()
        if last is None or self._own or start - last.end > MAX_APART or not last.paths[0].startswith("a"):
            return start + 1
        below, after = references_below(self._text, start, _up_to(last.paths[0], "条"))
        if not below or _SPEAKS_ON.match(self._text, after) is None:
            return start + 1
        self._emit_relative(start, after, last.document, [one.paths for one in below])
        return after

    def _is_heading(self, start: int) -> bool:
        heading = _OWN_HEADING.match(self._text, start)
        if heading is None:
            return False
        return self._folded.spaced(heading.end()) or _CONTINUES.match(self._text, heading.end()) is None

    def _block(self, start: int, mentions: list[Mention], end: int) -> int:
        """Take an article that a text without articles of its own sets down in a line: 第三十条　县级以上…."""
        self._emit(mentions, start, end, self._last or NOBODY)
        return end

    def _owner(self, start: int, mentions: list[Mention]) -> tuple[DocumentName | None, int]:
        """Return (whose the number at `start` is, where the words begin that say so); None for no citation."""
        text = self._text
        previous = self._found[-1] if self._found else None
        if previous is not None and previous.paths and self._joins(start):
            return replace(previous.document, number=""), start
        line = self._folded.line_start(start)
        before = text[max(line if self._folded.spaced(line) else 0, start - MAX_BACK) : start]
        if (own := _OWN_DOCUMENT.search(before)) is not None:
            document = (
                OWN if self._own else self._of_sort(own["sort"]) if own["sort"] in SORTS else (self._last or NOBODY)
            )
            return document, start - len(own[0])
        lead = re.search(r"(?:的|中的?|里的?)$", before)
        trimmed = before[: lead.start()] if lead is not None else before
        if (short := self._short_before(trimmed)) is not None:
            return short[0], start - len(before) + len(trimmed) - short[1]
        if (sort := _SORT_ALONE.search(trimmed)) is not None:
            begin = start - len(before) + sort.start("place")
            return self._of_sort(sort["sort"]), begin
        if placed := _placed_name(trimmed):
            return self._remembered(DocumentName(Naming.NAME, placed)), start - len(before) + len(trimmed) - len(placed)
        owner, length = owner_before(before, {}, "?")
        if owner == "?" and length:  # 该法 at a distance
            return self._last or NOBODY, start - length
        if owner and owner not in (OWN_NAME, UNKNOWN):
            return self._remembered(DocumentName(Naming.NAME, owner)), start - length
        if owner == OWN_NAME:
            return (OWN if self._own else self._last or NOBODY), start
        if mentions[0].paths[0].startswith("n") and not self._last:
            return None, start  # 第三部分 of something nobody named: most likely a report's own
        if self._own:
            return OWN, start
        if self._last is None:
            return NOBODY, start
        return _carried(self._last), start

    def _remembered(self, document: DocumentName) -> DocumentName:
        self._remember(document)
        return document

    def _short_before(self, before: str) -> tuple[DocumentName, int] | None:
        """Return the short form of this text that ends in front of a number, and its length."""
        for short in sorted(self._shorts, key=len, reverse=True):
            if before.endswith(short):
                return replace(self._shorts[short], number=""), len(short)
        return None

    def _emit(self, mentions: list[Mention], start: int, end: int, document: DocumentName) -> None:
        """Add the citations of one enumeration; the first begins where the document is named.

        What lies inside a range exists where its two ends do: the ends are cited.
        """
        joined = bool(self._found) and self._found[-1].document.name == document.name and self._joins(start)
        self._cluster += not joined
        ends = [one for one in mentions if not _spans_another(one, mentions)]
        paragraph = "款" in self._text[start:end]
        for number, one in enumerate(ends):
            first, last = (start if number == 0 else one.start), one.end
            self._found.append(Cited(first, last, document, one.paths, paragraph=paragraph, cluster=self._cluster))
        if document.how not in (Naming.OWN, Naming.NONE):
            self._last = replace(document, number="")

    def _joins(self, start: int) -> bool:
        last = self._found[-1].end
        return last <= start <= last + MAX_GAP and _JOINED.fullmatch(self._text, last, start) is not None

    # from where they stand

    def _antecedent(self) -> Cited | None:
        """Return the citation of a provision that was made last."""
        return next((one for one in reversed(self._found) if one.paths), None)

    def _back(self, found: re.Match[str]) -> int:
        """Read 前款, 前条, 前项, 前两款."""
        start, end = found.span()
        if self._text[max(0, start - 1) : start] in (
            "目",
            "提",
            "之",
            "以",
            "当",
            "事",
            "生",
            "日",
            "年",
            "月",
            "天",
            "期",
            "午",
        ):
            return end
        if self._own:
            self._add_relative(start, end, OWN, ())
            return end
        last = self._antecedent()
        if last is None:
            self._lost(start, end)
            return end
        kind, count = self._text[end - 1], _COUNTS.get(self._text[start + 1], 1)
        path = _before(last.paths[0], kind, count)
        below, after = references_below(self._text, end, path) if path else ([], end)
        if below:
            self._emit_relative(start, after, last.document, [one.paths for one in below])
            return after
        if path:
            self._add_relative(start, end, last.document, (path,))
        else:
            self._lost(start, end)
        return end

    def _here(self, found: re.Match[str]) -> int:
        """Read 本条第二款, 同条, 该款, 该条第三项."""
        start, end = found.span()
        text, kind = self._text, self._text[end - 1]
        own = text[start] == "本" and bool(self._own)
        if text[start] == "本" and not text.startswith(("第", "规定", "所称", "中"), end):
            return end
        if own:
            self._add_relative(start, end, OWN, ())
            return end
        last = self._antecedent()
        if last is None:
            self._lost(start, end)
            return end
        base = _up_to(last.paths[0], kind)
        below, after = references_below(text, end, base)
        if below:
            self._emit_relative(start, after, last.document, [one.paths for one in below])
            return after
        self._add_relative(start, end, last.document, (base,))
        return end

    def _its(self, found: re.Match[str]) -> int:
        """Read 其第二款 and 其第三十条."""
        start, end = found.span()
        last = self._antecedent()
        if last is not None:
            below, after = references_below(self._text, end, _up_to(last.paths[0], "条"))
            if below:
                self._emit_relative(start, after, last.document, [one.paths for one in below])
                return after
        mentions, after = reference_at(self._text, end)
        if mentions and self._last is not None:
            self._emit(mentions, start, after, _carried(self._last))
            return after
        return end

    def _that(self, found: re.Match[str]) -> int:
        """Read 该条例, 同法, 上述规定."""
        start, end = found.span()
        words = found[0]
        if words.endswith(("规定", "条款", "条文", "法条", "依据")) and words[:2] in ("上述", "前述", "上列", "以上"):
            last = self._antecedent()
            if last is None:
                self._lost(start, end)
            else:
                same = [one for one in self._found if one.cluster == last.cluster and one.paths]
                for one in same:
                    self._add_relative(start, end, one.document, one.paths)
            return end
        sort = words.lstrip("该此同上述前列以部")
        if words[0] in "同此" and self._text[start - 1 : start] in ("合", "共", "不", "相", "因", "如"):
            return start + 1  # 合同法, 不同意见, 因此规定
        document = self._last
        if sort in SORTS:
            document = next((one for one in reversed(self._named) if self._is_of_sort(one, sort)), None)
        if document is None:
            leads = _LEADS.match(self._text, end)
            mentions, after = reference_at(self._text, leads.end() if leads else end)
            if mentions:
                self._lost(start, after)
                return after
            return end
        if words[0] == "同" and not re.match(r"(?:的|中)?第", self._text[end : end + 3]):
            return end
        return self._document(start, end, _carried(document))

    def _number(self, found: re.Match[str]) -> int:
        """Read 工信部联政法〔2021〕215号 where no title stands in front of it."""
        start = found.start()
        match = None
        for back in range(min(14, start), 0, -1):
            if (match := NUMBER.match(self._text, start - back)) is not None and match.start("year") == start + 1:
                break
            match = None
        if match is None:
            return start + 1
        issuer = re.sub(r"^.*(?:根据|依据|按照|依照|见|印发|即|的|和|、|发布|关于|以)", "", match["issuer"])
        begin = match.start("year") - 1 - len(issuer)
        if self._found and self._found[-1].end > begin:
            return match.end()
        return self._document(begin, match.end(), DocumentName(Naming.NUMBER, self._text[begin : match.end()]))

    def _order(self, found: re.Match[str]) -> int:
        """Read 国务院令第783号 where a document that is held or known has it."""
        line = self._folded.line_start(found.start())
        for back in range(min(30, found.start() - line), 1, -1):
            match = ORDER.match(self._text, found.start() - back)
            if match is not None and match.end() > found.end() and self._names.numbered(match[0]):
                name = DocumentName(Naming.NUMBER, match[0])
                return self._document(match.start(), match.end(), name)
        return found.end()

    def _emit_relative(self, start: int, end: int, document: DocumentName, paths: list[tuple[str, ...]]) -> None:
        for one in paths:
            self._add_relative(start, end, document, one)

    def _add_relative(self, start: int, end: int, document: DocumentName, paths: tuple[str, ...]) -> None:
        self._cluster += 1
        self._found.append(Cited(start, end, document, paths, cluster=self._cluster, relative=True))

    def _lost(self, start: int, end: int) -> None:
        self._cluster += 1
        self._found.append(Cited(start, end, NOBODY, cluster=self._cluster, relative=True, lost=True))


def _inside_title(text: str, start: int, end: int) -> bool:
    """Return whether a span stands inside book-title marks with more than itself between them."""
    opened, closed = text.rfind("《", max(0, start - 80), start), text.rfind("》", max(0, start - 80), start)
    return opened > closed and text.find("》", end, end + 80) >= 0


def _carried(document: DocumentName) -> DocumentName:
    """Return a document as it is meant by words that only point back to it."""
    how = document.how if document.how in (Naming.SORT, Naming.NUMBER) else Naming.CARRIED
    return replace(document, how=how, number="")


def own_articles(folded: Folded) -> frozenset[str]:
    """Return the numbers of the articles that a text has of its own, as paths; empty where it is no draft."""
    return _own_articles(folded)


def _own_articles(folded: Folded) -> frozenset[str]:
    """Return a10, a120-1 … for each line that opens an article, where the first of them is 第一条."""
    found: dict[str, None] = {}
    for start in folded.line_starts.tolist():
        heading = _OWN_HEADING.match(folded.text, start)
        if heading is None or not (
            folded.spaced(heading.end()) or _CONTINUES.match(folded.text, heading.end()) is None
        ):
            continue
        try:
            found[f"a{parse_numeral(heading[1])}"] = None
        except ValueError:
            continue
    numbers = list(found)
    return frozenset(numbers) if len(numbers) >= MIN_OWN and numbers[0] == "a1" else frozenset()


def _spans_another(one: Mention, mentions: list[Mention]) -> bool:
    return any(
        one is not other and one.start <= other.start and other.end <= one.end and len(one.text) > len(other.text)
        for other in mentions
    )


def _day(match: re.Match[str]) -> date | None:
    """Return the day that a bracket names, None where it names none, or one that no calendar has."""
    if not match["day"]:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _ends_with_place(before: str) -> bool:
    return any(before[-length:] in places() for length in range(2, 9) if len(before) >= length)


def _placed_name(before: str) -> str:
    """Return the title that begins with a place and ends right here: 湖南省促进产业有序转移条例; "" for none."""
    run = _RUN.search(before)
    if run is None or not run[0].endswith(SORTS):
        return ""
    text = run[0]
    for start in range(len(text) - 4):
        length = next((n for n in range(8, 1, -1) if text[start : start + n] in places()), 0)
        rest = text[start + length :]
        if length and rest not in SORTS and _NO_TITLE.search(rest) is None:
            return text[start:]
    return ""


def _before(path: str, kind: str, count: int) -> str:
    """Return the path of the 条, 款 or 项 that stands `count` in front of what was cited; "" for none."""
    match = _PARAGRAPH_STEP.match(path)
    if match is None:
        return ""
    if kind == "条":
        number = int(re.sub(r"\D.*", "", match["article"][1:])) - count
        return f"a{number}" if number > 0 else ""
    if kind == "款":
        number = int(match["paragraph"] or 0) - count
        return f"{match['article']}.p{number}" if number > 0 else ""
    number = int(match["item"] or 0) - count
    return f"{match['article']}.p{match['paragraph'] or 1}.i{number}" if number > 0 else ""


def _up_to(path: str, kind: str) -> str:
    """Return the path cut after its 条, 款 or 项."""
    steps = path.split(".")
    return ".".join(steps[: {"条": 1, "款": 2, "项": 3}[kind]])
