"""Documents named in a text: by title, alias or common short form; held, known, or neither."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assistant.places import Sight, sees, short_name
from assistant.places import names as places
from assistant.schema import KnownDocument, Metadata

# Last words of titles that people use alone for "the" document of that sort: 条例第二十九条, 指导意见第七部分.
SORTS = (
    "指导意见",
    "实施意见",
    "实施细则",
    "实施方案",
    "条例",
    "意见",
    "办法",
    "规定",
    "细则",
    "目录",
    "方案",
    "通知",
    "决定",
)
# A name that Works share, a short form in book-title marks among them, stands for all of them, up to this many.
MAX_SHARED = 5
# So many first characters are looked at before any name is tried.
_START = 3
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Characters of the longest name of a place that people put before a regulation's.
_LONGEST_PLACE = 8
# Characters after which a short form stands on its own. 「劳动合同法实施条例」 must not be read as 「条例」.
_ALONE_AFTER = frozenset(
    "的据照按看查在和与跟及或、，。：；？！（(《〈“‘「『\"' 　\n"
    "省该这那本部份个新对问请到把给翻讲从依以是有说旧老原现国反违犯合符用拿凭靠"
)
_MOVES = ("搬到", "搬去", "搬往", "迁到", "迁去", "迁往", "挪到", "挪去", "转到", "转去", "去", "到了")
# The area in front of a title. Matches 湖南省 in 湖南省优化营商环境规定, 中华人民共和国 in 中华人民共和国刑法; refuses
# 城市 in 城市规划法.
_PREFIX = re.compile(
    r"^(?:中华人民共和国(?=[\u4e00-\u9fff]{2})"
    r"|[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区|市|自治州|自治县)(?=[\u4e00-\u9fff]{4}))"
)
# Matches 广东省 in 广东省优化营商环境条例; refuses 城市 in 城市规划法, for no place is called so.
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区|市|自治州|自治县)(?=[\u4e00-\u9fff]{4})")
# Matches 深圳经济特区 in 深圳经济特区数据条例; refuses 经济特区外汇管理规定.
_ZONE = re.compile(r"([\u4e00-\u9fff]{2,4})经济特区(?=[\u4e00-\u9fff]{4})")
# What carries out a law is another document. Matches 实施条例 in 土地管理法实施条例; refuses 实施以后.
_IMPLEMENTED = re.compile(r"实施(?:条例|细则|办法|规定)")
# Matches 办法 in 上海市实施土地管理法办法; refuses 规定 in 实施土地管理法规定的占补平衡.
_IMPLEMENTING = re.compile(r"(?:条例|细则|办法|(?:若干)?规定(?!的))")
# What tells the version, not the document. Matches （2019年本）, (2018修正); refuses （一）, （试行）.
_VERSION = re.compile(r"[（(]\d{4}年?(?:本|版|修[订正改])?[）)]$")
# A law's name of two to four characters stands inside other words: 公司法 in 公司法定代表人, 合同法 in 合同法律关系.
_SHORT = 4
_GOES_ON = frozenset("定人律院规治学制官务庭理网警")
# A title in book-title marks. Matches 《民法典》; refuses 《》.
_QUOTED = re.compile(r"《([^《》]{2,60})》")
# The name of a law right before 第…条. Matches 劳动合同法 in 劳动合同法第三十九条; refuses 合同第三条.
_BEFORE_ARTICLE = re.compile(
    r"([\u4e00-\u9fff]{1,24}?(?:法典|法|条例|办法|规定|细则|解释))(?=(?:里|中|的)?第[\s0-9０-９零〇一二两三四五六七八九十百千（(]+条)"
)
_LEADING = re.compile(
    r"^(?:请问|根据|依据|依照|按照|按|查一下|查查|查|看看|看|问一下|问|那个|这个|还有|以及|和|与|说说"
    r"|(?:我们?|你们|咱们?|俺|他们?|企业|单位)?(?:就|还|也|都|到底|究竟)?(?:能否|能不能|可以|可不可以|是否|想|要|应该|能)?(?:拿着?|凭|靠|用|按|引用|依)"
    r"|我们|你们)+"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A document named in a text.

    Attributes:
        start, end: span in the text, book-title marks included.
        doc_ids: held documents it can mean, one for a clear name; empty when it is not held.
        unheld: its name where it is not held.
    """

    start: int
    end: int
    doc_ids: tuple[str, ...] = ()
    unheld: str = ""


def short_forms(title: str) -> tuple[str, ...]:
    """Return what people call a document for short, derived from its title.

    >>> short_forms("广东省促进产业有序转移条例")
    ('广东省促进产业有序转移条例', '促进产业有序转移条例', '产业有序转移条例')
    >>> short_forms("关于促进制造业有序转移的指导意见")[1:]
    ('促进制造业有序转移的指导意见', '制造业有序转移的指导意见', '制造业有序转移指导意见')
    """
    forms = [title]
    for shorten in (
        lambda name: _VERSION.sub("", name),
        lambda name: _PREFIX.sub("", name),
        lambda name: re.sub(r"[〈〉]", "", name).replace("实施中华人民共和国", "实施"),
        lambda name: name.removeprefix("关于"),
        lambda name: re.sub(r"^(促进|加强|推进|规范|支持)(?=.{6,})", "", name),
        lambda name: re.sub(r"的(?=(?:指导|实施)?意见$|通知$|决定$|办法$)", "", name),
    ):
        forms.append(shorten(forms[-1]))
    # 刑法 and 宪法 are names; two characters of anything else are a word.
    return tuple(form for form in dict.fromkeys(forms) if len(form) >= 3 or (len(form) == 2 and form[1] == "法"))


class _Rank(IntEnum):
    """How surely a name means a document: its title before its alias before what is derived from its title."""

    DERIVED = 0
    ALIAS = 1
    TITLE = 2


class NameTable:
    """Names of documents, built once for a corpus and matched against many texts.

    Looking up takes a few microseconds a character, however many names there are: at each character only the lengths
    that a name with these first characters has are tried, each by one look into a dictionary.
    """

    def __init__(self, held: Mapping[str, Metadata], known: Iterable[KnownDocument] = ()) -> None:
        self._held = held
        owners: dict[str, dict[str, _Rank]] = defaultdict(dict)
        sorts: dict[str, set[str]] = defaultdict(set)
        for doc_id, row in held.items():
            ranked = [(name, _Rank.DERIVED) for name in (*short_forms(row.title), _with_short_place(row.title))]
            ranked += [(name, _Rank.ALIAS) for name in (*row.aliases, row.number)]
            ranked.append((row.title, _Rank.TITLE))
            for name, rank in ranked:
                if squeezed := _squeezed(name):
                    owners[squeezed][doc_id] = max(rank, owners[squeezed].get(doc_id, rank))
            bare = _VERSION.sub("", row.title)
            for sort in SORTS:
                if bare.endswith(sort):
                    sorts[sort].add(doc_id)
        self._owners = {name: _likeliest(ids) for name, ids in owners.items()}
        self._derived = frozenset(name for name, ids in owners.items() if max(ids.values()) is _Rank.DERIVED)
        self._sorts = {sort: tuple(sorted(ids)) for sort, ids in sorts.items()}
        self._known: dict[str, str] = {}
        for document in known:
            for name in (*short_forms(document.title), *document.aliases):
                if (squeezed := _squeezed(name)) and squeezed not in self._owners:
                    self._known.setdefault(squeezed, document.title)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in (*self._owners, *self._known):
            lengths[name[:_START]].add(len(name))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}
        alone = "|".join(sorted(self._sorts, key=len, reverse=True))
        self._alone = re.compile(alone or r"(?!)")

    def find(self, text: str, regions: Sequence[str] = ()) -> list[Mention]:
        """Return the documents named in `text`, in order, the longest name where several fit.

        A short form such as 条例 counts only where it stands alone and one held document has it. A name that several
        places' rules share (优化营商环境条例) means those that apply in one of `regions`, where they are given.
        """
        found: list[Mention] = []

        def free(start: int, end: int) -> bool:
            return all(end <= mention.start or start >= mention.end for mention in found)

        quoted = [match.span(1) for match in _QUOTED.finditer(text)]
        for start, end, name in self._names_in(text):
            if any(first <= start and end <= last and (start, end) != (first, last) for first, last in quoted):
                continue  # 《…条例实施细则》 is not the 条例 in its title
            marked = text[start - 1 : start] == "《" and text[end : end + 1] == "》"
            span = (start - 1, end + 1) if marked else (start, end)
            if carrying_out := self._carrying_out(text, span, name):
                found.append(carrying_out)
                continue
            if not marked and not self._whole(text, start, end, name):
                continue
            place = "" if marked else self._place_before(text, start, name)
            if place:  # 广东优化营商环境条例 is not the national one
                found.append(Mention(start - len(place), end, unheld=place + name))
            elif name in self._owners:
                ids = self._meant(self._owners[name], regions)
                if marked or self._works(ids) <= MAX_SHARED:
                    found.append(Mention(*span, ids))
            else:
                found.append(Mention(*span, unheld=self._known[name]))
        for match in _QUOTED.finditer(text):
            name = _squeezed(match[1])
            ids = self._meant(self._sorts.get(name, ()), regions)
            if not name or not free(match.start(), match.end()) or self._works(ids) > MAX_SHARED:
                continue  # 《办法》 among a hundred of them names none
            if ids:
                found.append(Mention(match.start(), match.end(), ids))
            else:
                found.append(Mention(match.start(), match.end(), unheld=" ".join(match[1].split())))
        for match in _BEFORE_ARTICLE.finditer(text):
            name = _LEADING.sub("", match[1])
            start = match.end() - len(name)
            if (
                len(name) >= 3
                and name not in self._sorts
                and free(start, match.end())
                and not self._is_alone(text, match, name)
            ):
                found.append(Mention(start, match.end(), unheld=name))
        for match in self._alone.finditer(text):
            before = text[match.start() - 1 : match.start()]
            gone_to = _gone_to(text, match.start())
            if (not before or before in _ALONE_AFTER or gone_to) and free(match.start(), match.end()):
                ids = self._meant(self._sorts[match[0]], regions)
                if self._works(ids) == 1:
                    found.append(Mention(match.start(), match.end(), ids))
        return sorted(found, key=lambda mention: mention.start)

    def _names_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, name) of the names in `text`, the longest at each place, none within another.

        White space may stand anywhere in a name that was copied from a page.
        """
        places = [place for place, character in enumerate(text) if not character.isspace()]
        squeezed = "".join(text[place] for place in places)
        at = 0
        while at < len(squeezed):
            name = ""
            start = squeezed[at : at + _START]
            # A name that is shorter than what is looked at stands under all of it: 刑法.
            for length in (*self._lengths.get(start, ()), *self._lengths.get(start[:-1], ())):
                candidate = squeezed[at : at + length]
                if len(candidate) == length and (candidate in self._owners or candidate in self._known):
                    name = candidate
                    break
            if name:
                yield places[at], places[at + len(name) - 1] + 1, name
            at += len(name) or 1

    def _place_before(self, text: str, start: int, name: str) -> str:
        """Return the place right before the title of a national regulation, which makes it another one's name."""
        if name.endswith("法") or not any(self._held[one].title == name for one in self._owners.get(name, ())):
            return ""
        return _place_ending(text, start)

    def _carrying_out(self, text: str, span: tuple[int, int], name: str) -> Mention | None:
        """Return the document that carries out the one named at `span`, if that is what the text names."""
        verb = "实施" if text[: span[0]].endswith("实施") else ""
        after = _IMPLEMENTED.match(text, span[1]) or (_IMPLEMENTING.match(text, span[1]) if verb else None)
        if not after:
            return None
        lead = (_place_ending(text, span[0] - len(verb)) if verb else "") + verb
        whole = f"{lead}{name}{after[0]}"
        ids = self._owners.get(whole, ())
        return Mention(span[0] - len(lead), after.end(), ids, "" if ids else whole)

    def _whole(self, text: str, start: int, end: int, name: str) -> bool:
        """Return whether a name stands for itself and not inside a longer word.

        A name derived from a title is no sure sign where it goes on (公司法定代表人) or where a longer name ends in it
        (合同法 in 劳动合同法).
        """
        if len(name) > _SHORT or name not in self._derived:
            return True
        before, after = text[start - 1 : start], text[end : end + 1]
        return after not in _GOES_ON and (not _CHINESE.match(before) or before in _ALONE_AFTER)

    def _meant(self, ids: tuple[str, ...], regions: Sequence[str]) -> tuple[str, ...]:
        """Return those documents of a shared name that apply in one of the regions; all where none does."""
        if not regions or len(ids) == 1:
            return ids
        rows = self._held
        near = tuple(
            doc_id
            for doc_id in ids
            if any(sees(region, rows[doc_id].jurisdiction) is not Sight.ELSEWHERE for region in regions)
        )
        return near or ids

    def _works(self, ids: Iterable[str]) -> int:
        """Return of how many Works documents are versions."""
        return len({self._held[doc_id].work or doc_id for doc_id in ids})

    def _is_alone(self, text: str, match: re.Match[str], name: str) -> bool:
        """Return whether the name is only a short form with other words before it: 想看看条例."""
        for sort in self._sorts:
            if name.endswith(sort):
                return name[: -len(sort)][-1:] in _ALONE_AFTER
        return False


def _gone_to(text: str, end: int) -> bool:
    """Return whether what ends at `end` is a place that is gone to: 条例 in 搬到广西条例管不管 is not Guangxi's."""
    place = _place_ending(text, end)
    return bool(place) and text[: end - len(place)].endswith(_MOVES)


def _place_ending(text: str, end: int) -> str:
    """Return the longest name of a place that ends at `end`; "" where none does."""
    lengths = range(min(_LONGEST_PLACE, end), 1, -1)
    return next((text[end - n : end] for n in lengths if text[end - n : end] in places()), "")


def _with_short_place(title: str) -> str:
    """Return a title as people say it, its place in short: 广东优化营商环境条例, 深圳数据条例; "" where it has none."""
    if zone := _ZONE.match(title):
        return zone[1] + title[zone.end() :]
    match = _PLACE.match(title)
    return short_name(match[0]) + title[match.end() :] if match and match[0] in places() else ""


def _likeliest(ids: Mapping[str, _Rank]) -> tuple[str, ...]:
    """Return the documents that bear a name most surely: 优化营商环境条例 is first of all what is titled so."""
    best = max(ids.values())
    return tuple(sorted(doc_id for doc_id, rank in ids.items() if rank is best))


def _squeezed(name: str) -> str:
    return "".join(name.split())
