"""Find: every place in a text that cites a document or a provision, and how it names the document.

Found is what the words say. What they mean among the documents held is for `assistant.citing.resolve` to find out.
"""

import re
from dataclasses import replace
from datetime import date

from assistant.citing.cited import NOBODY, OWN, DocumentName, Naming
from assistant.citing.context import Context, is_sort
from assistant.citing.draft import opens_article
from assistant.citing.folding import Folded
from assistant.citing.names import NUMBER, ORDER, SORT, Names
from assistant.citing.relative import read_back, read_here, read_its, read_paragraph, read_those, that_document
from assistant.citing.written_names import (
    SORT_ALONE,
    bare_names,
    number_at,
    order_at,
    placed_name,
    unknown_name,
)
from assistant.indexing.links_titles import title_key
from assistant.parsing.numerals import NUMERAL_CHARS
from assistant.parsing.references import Mention, reference_at
from assistant.parsing.titles import OWN as OWN_NAME
from assistant.parsing.titles import TITLE, UNKNOWN, is_document, owner_before, squeezed

_N = rf"[{NUMERAL_CHARS}]"
# Where something may begin that cites. Matches 《, 第三, 第（八, 前款, 同条, 其第, 〔2021〕, 鼓励类第; refuses 前项目.
_TRIGGER = re.compile(
    rf"《|第[（]?{_N}"
    r"|前(?:[一二两三四五六七八九])?[条款项](?![件例约式目子])"
    r"|[本该同此](?:条|款|项)(?![件例约式目子])"
    r"|(?:上述|前述|上列|以上)(?:规定|条款|条文|法条|依据)"
    rf"|(?:该|此|同|上述|前述)(?:{SORT}|文件|文)"
    r"|其(?=第)"
    r"|[〔\[［【（﹝](?=(?:19|20)\d\d年?[〕\]］】）﹞])"
    r"|(?:令|公告)（?第\d"
    rf"|(?:鼓励|限制|淘汰)类(?=[“「]?第?{_N})"
)
# Between a title and its article: parts, and the words that lead on. Matches 第三章 合同编 的 中 里的; refuses ，根据.
_LEADS = re.compile(
    r"(?:的?附则|总则|分则|[\u4e00-\u9fff]{2,4}编)?(?:第[一二三四五六七八九十百零]+[编章节])*"
    r"(?:的|中的?|里面?的?|当中的?|规定的|明确的)?"
)
# A part that is named by its label. Matches 引言 附件二 第三章 第1行 第（一）项第1自然段; refuses 第三条.
_PART = re.compile(
    rf"(?:的)?(?:引言|序言|章首段（第\d+处）|附[件表录图](?:{_N}+)?(?:（第\d+处）)?|结尾段(?:第\d+段)?"
    rf"|第\d+[表行](?!动|为)|第\d+自然段|第（{_N}+）(?:项|小点)|第\d+点|第{_N}+部分|第{_N}+[编章节](?!程))+"
)
# A row of a catalogue. Matches 鼓励类第十九项第4条, 淘汰类“一、落后生产工艺装备（五）钢铁”第3条; refuses 鼓励类产业.
_ENTRY = re.compile(
    rf"的?(?:鼓励|限制|淘汰|允许|禁止)类[的中]?(?:[“「][^”」]{{1,60}}[”」]|第?{_N}+[项类、][^，。；第]{{0,20}}){{0,3}}(?:第{_N}+[条项](?:第{_N}+条)?)"
)
# A bracket behind a title: a short form, the version, the number, the issuer.
_BRACKET = re.compile(r"（[^（）]{0,80}(?:（[^（）]{0,40}）[^（）]{0,40})?）")
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
_OWN_DOCUMENT = re.compile(rf"本(?P<sort>{SORT}|文件|协议|通知)(?:的|中的?)?$")
_INTRODUCED = re.compile(r"(?:简称|统称|下称|称|称为|称作)[“‘「]?$")
_LEAD_ON = re.compile(r"(?:的|中的?|里的?)$")
# 第… with a number that no document has. Matches 第99999999条.
_ABSURD = re.compile(rf"第({_N}{{6,60}})条")
# In front of a bare 第…条 that cites. Matches 根据, 违反, a mark, a line's start; refuses 北侧.
_CALLED = re.compile(
    r"(?:根据|依据|依照|按照|按|照|违反|参照|见|适用|符合|遵守|执行|落实|对照|属于|以及|还有|是|即|看|查|由|尤其|特别|其中"
    r"|[^\u4e00-\u9fff\w])$"
)
# Behind a bare 第…条 that cites. Matches 规定, ，, 要求, 要; refuses 地铁, 微信.
_RULING = re.compile(
    r"(?:的|之|中|里|也|还|又|就|则|都|已|是|讲|说|写|对|要|所|与|和|及|或|至|到|等|同样|明确|专门|具体)*"
    r"(?:规定|明确|要求|指出|提出|写明|载明|所称|所列|第|讲|说|写|情形|内容|条件|办理|执行|处理|落实|处罚|重点|请|看|一并|只有|有没有|没有|适用|涉及|针对|关于|管|怎么|如何|可以|应当|不得|不|呢|吗|吧|[，。；：、？！）”“「…—]|$)"
)
# Behind 第…条 when it surely cites. Matches 规定 所称 讲了 第二款 ：; refuses ，.
_SAYS = re.compile(r"的?规定|之规定|明确|所称|[里中]?(?:怎么)?[讲说写]|第|：")
_NEAR = re.compile(r"[\u4e00-\u9fff]{0,8}")
MAX_BACK = 40  # characters in front of 第…条 in which a document's name is looked for
NEAR_TITLE = 85.0  # of 100; a title that ends in no word for a document is one when it is so near to one: 条列


def find_citations(folded: Folded, names: Names) -> Context:
    """Return what is read of a text; `found` holds every citation in the order of the text, spans of the folded text.

    Documents by title, by name without marks, by number, by a short form that the text defines, by 该条例 and 条例
    alone; provisions by number (lists, ranges, 款, 项, 目, 之一), by part (第八部分, 八、) and from where they stand
    (前款, 同条第二款, 上述规定). A text with articles of its own cites these by 本办法第三条 and by the bare number.
    """
    finder = _Finder(Context(folded, names))
    finder.read()
    return finder.context


class _Finder:
    def __init__(self, context: Context) -> None:
        self.context = context
        self._text = context.text

    def read(self) -> None:
        """Read the text from its beginning to its end."""
        position, end = 0, len(self._text)
        bare = bare_names(self._text, self.context.names)
        following = next(bare, None)
        while position < end:
            trigger = _TRIGGER.search(self._text, position)
            while following is not None and following[0] < position:
                following = next(bare, None)
            if following is not None and (trigger is None or following[0] <= trigger.start()):
                start, stop, name = following
                position = self._document(start, stop, DocumentName(Naming.NAME, name))
            elif trigger is None:
                return
            else:
                position = max(self._read(trigger.start()), trigger.start() + 1)

    def _read(self, start: int) -> int:
        text, context = self._text, self.context
        match text[start]:
            case "《":
                return self._title(start)
            case "第":
                return self._numbered(start)
            case "令" | "公":
                span = order_at(text, context.folded.line_start(start), start, context.names)
                return self._number(*span) if span is not None else start + 1
            case "〔" | "[" | "［" | "【" | "（" | "﹝":
                span = number_at(text, start)
                return self._number(*span) if span is not None else start + 1
            case "鼓" | "限" | "淘":
                return self._entry(start)
            case "其":
                return read_its(context, start)
            case "前" if text[start + 1] != "述":
                return read_back(context, start)
            case "本" | "该" | "同" | "此" if text[start + 1] in "条款项" and text[start + 2 : start + 3] != "例":
                return read_here(context, start)
        end = read_those(context, start)
        return end if end > start + 1 else self._that(start)

    # documents

    def _title(self, start: int) -> int:
        """Take what stands in book-title marks."""
        text, context = self._text, self.context
        match = TITLE.match(text, start)
        if match is None:
            return start + 1
        title, end = squeezed(match[1]), match.end()
        if match[1].startswith("《") and not context.names.meant(title):
            return start + 1  # 《《《…: the innermost marks are the title's
        if _INTRODUCED.search(text[max(0, start - 6) : start]):
            return end  # 以下简称《条例》
        key = title_key(title)
        if (short := context.shorts.get(key)) is not None:
            return self._document(start, end, replace(short, number=""))
        version = _VERSION_TAIL.search(title)
        years = (int(version["year"]),) if version is not None else ()
        if is_sort(key):
            return self._document(start, end, context.of_sort(key, years))
        named = is_document(title) or title.startswith("关于") or context.names.meant(title)
        if not named and not context.names.near(title, NEAR_TITLE):
            cites = text.startswith("第", end) and bool(reference_at(text, end)[0])
            if not cites:
                return start + 1 if "《" in match[1] else end
        return self._document(start, end, DocumentName(Naming.TITLE, title, years, _day(version)))

    def _document(self, start: int, end: int, document: DocumentName) -> int:
        """Take a document that is named at a span: its brackets, then its provisions; else the document as a whole."""
        text, context = self._text, self.context
        if context.coordinated(start) and context.last is not None and context.last.name != document.name:
            document = replace(document, beside=(*context.last.beside, context.last.name))
        end, document, defined = self._brackets(end, document)
        context.remember(document)
        if defined:
            context.shorts[defined] = document
        entry = _ENTRY.match(text, end)
        if entry is not None:
            context.emit_document(start, entry.end(), document, entry[0])
            return entry.end()
        mentions, after = self._behind(end)
        part = _PART.match(text, end)
        if mentions and (part is None or part.end() <= after):
            context.emit(mentions, start, after, document)
            return after
        stop = part.end() if part is not None else end
        context.emit_document(start, stop, document, part[0] if part is not None else "")
        return stop

    def _behind(self, end: int) -> tuple[list[Mention], int]:
        """Return the provisions that are named right behind a document, and where they end."""
        text = self._text
        leads = _LEADS.match(text, end)
        for at in dict.fromkeys((leads.end() if leads is not None else end, end)):
            mentions, after = reference_at(text, at)
            if mentions:
                return mentions, after
            if (absurd := _ABSURD.match(text, at)) is not None:
                return [Mention(at, absurd.end(), absurd[0], ("a999999",))], absurd.end()
        if text[end : end + 1] in ("“", "「", "‘", "，"):  # 指导意见“八、完善…”; 《…法》“第十二条　因…”; 条例，第三十条
            mentions, after = reference_at(text, end + 1)
            if mentions and (text[end] != "，" or _RULING.match(text, after) is not None):
                return mentions, after
        return [], end

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

    def _number(self, start: int, end: int) -> int:
        """Take a document's number that stands without its title."""
        found = self.context.found
        if found and found[-1].end > start:
            return end
        return self._document(start, end, DocumentName(Naming.NUMBER, self._text[start:end]))

    def _that(self, start: int) -> int:
        """Take 该条例, 同法, 上述办法."""
        context = self.context
        that = that_document(context, start)
        if that is None:
            return start + 1
        end, sort = that
        document = context.named_of_sort(sort) if sort else context.last
        if document is None:
            mentions, after = self._behind(end)
            if mentions:
                context.emit_lost(start, after)
            return after if mentions else end
        return self._document(start, end, document.carried())

    def _entry(self, start: int) -> int:
        """Take a row of a catalogue whose catalogue stands elsewhere, or nowhere."""
        entry = _ENTRY.match(self._text, start)
        if entry is None:
            return start + 1
        catalogue = self.context.named_of_sort("目录")
        if catalogue is None:
            self.context.emit_lost(start, entry.end())
        else:
            self.context.emit_document(start, entry.end(), catalogue.carried(), entry[0])
        return entry.end()

    # provisions

    def _numbered(self, start: int) -> int:
        """Take 第…条 or 第…部分: whose it is, stands in front of it."""
        text, context = self._text, self.context
        mentions, end = reference_at(text, start)
        if not mentions:
            return read_paragraph(context, start)
        if opens_article(context.folded, start):
            if not context.draft:  # an article set down in a line: 第三十条　县级以上…
                context.emit(mentions, start, end, context.last.carried() if context.last is not None else NOBODY)
            return end
        document, begin = self._owner(start, end, mentions)
        if document is not None:
            context.emit(mentions, begin, end, document)
        return end

    def _owner(self, start: int, end: int, mentions: list[Mention]) -> tuple[DocumentName | None, int]:
        """Return (whose the number at `start` is, where the words begin that say so); None for no citation."""
        text, context = self._text, self.context
        if context.found and context.found[-1].paths and context.joins(start):
            return replace(context.found[-1].document, number=""), start
        line = context.folded.line_start(start)
        before = text[max(line, start - MAX_BACK) : start]
        if not before and text[start - 1 : start] not in "。！？；：":  # the line runs on
            before = text[max(0, start - MAX_BACK) : start]
        if (own := _OWN_DOCUMENT.search(before)) is not None:
            return self._own_document(own["sort"]), start - len(own[0])
        lead = _LEAD_ON.search(before)
        trimmed = before[: lead.start()] if lead is not None else before
        behind = start - len(before) + len(trimmed)
        if (short := context.short_before(trimmed)) is not None:
            return short[0], behind - short[1]
        if placed := placed_name(trimmed):
            return context.remember(DocumentName(Naming.NAME, placed)), behind - len(placed)
        if (sort := SORT_ALONE.search(trimmed)) is not None:
            return context.of_sort(sort["sort"]), start - len(before) + sort.start("place")
        owner, length = owner_before(before, {}, UNKNOWN)
        if owner == OWN_NAME:
            return self._own_document(""), start
        if owner and owner != UNKNOWN:
            return context.remember(DocumentName(Naming.NAME, owner)), start - length
        if owner == UNKNOWN and length:  # 该法 at a distance
            return (context.last.carried() if context.last is not None else NOBODY), start - length
        if unknown := unknown_name(trimmed, context.names):
            return context.remember(DocumentName(Naming.NAME, unknown)), behind - len(unknown)
        return self._bare(start, end, mentions), start

    def _own_document(self, sort: str) -> DocumentName:
        """Return what 本办法 means: the draft, else the last document of that sort; nobody where there is none."""
        if self.context.draft:
            return OWN
        named = self.context.named_of_sort(sort) if is_sort(sort) else self.context.last
        return named.carried() if named is not None else NOBODY

    def _bare(self, start: int, end: int, mentions: list[Mention]) -> DocumentName | None:
        """Return whose a number is that nothing stands in front of; None where it numbers a thing: 第五条地铁."""
        text, context = self._text, self.context
        part = mentions[0].paths[0].startswith("n")
        called = start == 0 or _CALLED.search(text[max(0, start - 4) : start]) is not None
        ruling = _RULING.match(text, end) is not None
        if context.draft:
            return OWN if not part and (called or ruling) else None
        if context.last is None:
            plain = text[end : end + 1] in ("", *"，。、；？！”") and text[start - 1 : start] not in ("", "“")
            says = _SAYS.match(text, end) is not None
            return NOBODY if not part and called and (says or plain) else None
        near = bool(context.found) and _NEAR.fullmatch(text, context.found[-1].end, start) is not None
        says = _SAYS.match(text, end) is not None
        return context.last.carried() if ruling and (called or near or says) else None


def _day(match: re.Match[str] | None) -> date | None:
    """Return the day that a bracket names, None where it names none, or one that no calendar has."""
    if match is None or not match["day"]:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
