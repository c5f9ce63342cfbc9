"""The names of the documents that are held, and of those that are known: which of them a name in a text can mean.

Unlike a question, a text that is checked must name a document rightly: a title is its own only to the letter (but for
中华人民共和国, white space and the version behind it), and what is near to it is said to be near, never taken for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from assistant.indexing.index import Snapshot
from assistant.indexing.links_titles import title_key
from assistant.places import names as place_names
from assistant.schema import KnownDocument, Metadata

# So many first characters of a running text are looked at before any name is tried.
_START = 3
# A shorter name (刑法, 公司法) stands inside other words too often to be read where no 第…条 follows it.
SURE_NAME = 5
# Last words of titles that people use alone for the document they talk of: 条例第三十条.
SORTS = (
    "指导意见",
    "实施意见",
    "实施细则",
    "实施办法",
    "实施条例",
    "实施方案",
    "司法解释",
    "若干措施",
    "若干规定",
    "条例",
    "意见",
    "办法",
    "规定",
    "细则",
    "目录",
    "方案",
    "通知",
    "决定",
    "规则",
    "法典",
    "法",
    "解释",
    "措施",
)
SORT = "|".join(sorted(SORTS, key=len, reverse=True))  # any of them, inside a pattern
# What makes another document of a title: its implementing rules, amendments, explanations, other parts and versions.
_APART = re.compile(r"实施|修改|修正|废止|细则|解释|补充|（[一二三四五六七八九十]+）|[0-9]{4}|试行|暂行|批复")
_PLACE = re.compile(
    r"^[\u4e00-\u9fff]{2,12}?(?:省|自治区|特别行政区|市|自治州|州|盟|自治县|县|区|经济特区)(?=[\u4e00-\u9fff]{4})"
)
# A book of a code. Matches 民法典·总则编, 民法典合同编; refuses 民法典.
_BOOK = re.compile(r"(.{1,20}?法典?)[·・•]?(?:第[一二三四五六七]编)?[\u4e00-\u9fff]{2,5}编$")
NEAR = 80.0  # of 100: 《促进产业转移条例》 for 促进产业有序转移条例 has 84; two laws that share a topic stay below 75
MAX_NEAR = 3
MAX_REMEMBERED = 20_000  # names whose nearest titles are kept: a text repeats the same few
# A version behind a title, brackets and all.
_VERSION_TAIL = re.compile(r"[（(]\d{4}[^（）()]*[）)]$")
# The number of a document. Matches 工信部联政法〔2021〕215号, 财库[2022]004号; refuses （2021）, 2021年4号.
NUMBER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]{1,14})[〔\[［【（﹝〈](?P<year>(?:19|20)\d\d)年?[〕\]］】）﹞〉]"
    r"(?:第|字第)?(?P<serial>\d{1,5})号"
)
# An order or announcement. Matches 国务院令第783号, 公告第47号; refuses 第47号.
ORDER = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{2,30}(?:令|公告))（?第(?P<serial>\d{1,4})号）?")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means.

    Attributes:
        doc_ids: held documents, all versions; empty where none is held.
        known: the known document of this name, where none is held.
    """

    doc_ids: tuple[str, ...] = ()
    known: KnownDocument | None = None

    def __bool__(self) -> bool:
        return bool(self.doc_ids or self.known)


NOTHING = Named()


class Names:
    """The names of a corpus. Made once for it, see `names_of`."""

    def __init__(self, metadata: Mapping[str, Metadata], known: Iterable[KnownDocument]) -> None:
        self.metadata = metadata
        self.known = tuple(known)
        held: dict[str, dict[str, None]] = defaultdict(dict)
        titles: dict[str, dict[str, None]] = defaultdict(dict)
        self._sorts: dict[str, list[str]] = defaultdict(list)
        self._numbers: dict[tuple[str, str], list[tuple[str, Named]]] = defaultdict(list)
        for doc_id, row in metadata.items():
            titles[title_key(row.title)][doc_id] = None
            for alias in row.aliases:
                held[title_key(alias)][doc_id] = None
            for sort in SORTS:
                if title_key(row.title).endswith(sort):
                    self._sorts[sort].append(doc_id)
            self._add_number(row.number, Named((doc_id,)))
        # A title is first of all the document that bears it: an alias of another yields to it.
        self._held = {name: tuple(ids) for name, ids in (*held.items(), *titles.items()) if name}
        self._aliases = frozenset(held) | {title_key(one) for document in self.known for one in document.aliases}
        self._known: dict[str, KnownDocument] = {}
        for document in self.known:
            for name in (document.title, *document.aliases):
                if title_key(name) not in self._held:
                    self._known.setdefault(title_key(name), document)
            if title_key(document.title) not in self._held:
                self._add_number(document.number, Named(known=document))
        self._nearest: dict[tuple[str, float], tuple[str, ...]] = {}
        self._forms: dict[str, None] = {}
        for name in (*self._held, *self._known):
            self._forms |= dict.fromkeys((name, f"中华人民共和国{name}"))
        for title in (*(row.title for row in metadata.values()), *(document.title for document in self.known)):
            self._forms[_VERSION_TAIL.sub("", "".join(title.split()))] = None  # as it is written, a state's name inside
        lengths: dict[str, set[int]] = defaultdict(set)
        for form in self._forms:
            lengths[form[:_START]].add(len(form))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}

    def meant(self, name: str) -> Named:
        """Return what a name means to the letter; falsy where it is nobody's.

        A book of a code is the code (民法典·总则编), and the issuer in front of 关于 is no part of a title.
        """
        key = title_key(name)
        if ids := self._held.get(key, ()):
            return Named(ids)
        if key in self._known:
            return Named(known=self._known[key])
        book = _BOOK.match(key)
        if book is not None:
            return self.meant(book[1])
        issuer, about, rest = key.partition("关于")
        ids = self._held.get(about + rest, ()) if issuer else ()
        return Named(ids) if ids and all(_issued(issuer, self.metadata[one].issuer) for one in ids) else NOTHING

    def titles(self, name: str) -> frozenset[str]:
        """Return the titles of the documents that a name means."""
        named = self.meant(name)
        known = (named.known.title,) if named.known is not None else ()
        return frozenset((*known, *(self.metadata[one].title for one in named.doc_ids)))

    def is_alias(self, name: str) -> bool:
        """Return whether a name is one that people use for a document beside its title."""
        return title_key(name) in self._aliases

    def of_sort(self, sort: str) -> tuple[str, ...]:
        """Return the held documents whose titles end with a word such as 条例."""
        return tuple(self._sorts.get(sort, ()))

    def numbered(self, number: str) -> Named:
        """Return what a document's number means, however it is typed; falsy where it is nobody's."""
        key, issuer = number_key(number)
        fitting = [named for other, named in self._numbers.get(key, ()) if _same_issuer(issuer, other)]
        return fitting[0] if len(fitting) == 1 else NOTHING

    def near(self, name: str, cutoff: float = NEAR) -> tuple[str, ...]:
        """Return titles (of held or known documents) that a name is likely a slip of, the likeliest first.

        Implementing rules, amendments and other provinces' regulations are documents of their own, however alike.

        Args:
            name: as it is written.
            cutoff: how alike, of 100.
        """
        key = title_key(name)
        if (key, cutoff) in self._nearest:
            return self._nearest[key, cutoff]
        found = process.extract(key, self._near_keys, scorer=fuzz.ratio, score_cutoff=cutoff, limit=8)
        titles = dict.fromkeys(self._near_names[other] for other, _, _ in found if _same_matter(key, other))
        if len(self._nearest) > MAX_REMEMBERED:
            self._nearest.clear()
        self._nearest[key, cutoff] = tuple(titles)[:MAX_NEAR]
        return self._nearest[key, cutoff]

    def scan(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, name) where a held or known name stands in a folded text, the longest at each place."""
        lengths, forms = self._lengths, self._forms
        at, end = 0, len(text)
        while at < end:
            start = text[at : at + _START]
            step = 1
            if start in lengths or start[:2] in lengths:
                for length in (*lengths.get(start, ()), *lengths.get(start[:2], ())):
                    if at + length <= end and text[at : at + length] in forms:
                        yield at, at + length, text[at : at + length]
                        step = length
                        break
            at += step

    @cached_property
    def _near_names(self) -> dict[str, str]:
        found = {title_key(row.title): row.title for row in self.metadata.values()}
        for document in self.known:
            found.setdefault(title_key(document.title), document.title)
        return found

    @cached_property
    def _near_keys(self) -> list[str]:
        return list(self._near_names)

    def _add_number(self, number: str, named: Named) -> None:
        if number:
            key, issuer = number_key(number)
            if key[1]:
                self._numbers[key].append((issuer, named))


def number_key(number: str) -> tuple[tuple[str, str], str]:
    """Return ((year, serial), issuer) of a document's number; serial "" for what is none.

    >>> number_key("财库[2022]004号")
    (('2022', '4'), '财库')
    """
    text = "".join(number.split())
    match = NUMBER.search(text) or ORDER.search(text)
    if match is None:
        return ("", ""), ""
    return (match.groupdict().get("year") or "", str(int(match["serial"]))), match["issuer"]


def place_of_title(name: str) -> str:
    """Return the place that a title begins with, "" for none: 广东省 of 广东省优化营商环境条例."""
    match = _PLACE.match(name)
    if match is not None:
        return match[0]
    return next((name[:length] for length in range(8, 1, -1) if name[:length] in place_names()), "")


def names_of(snapshot: Snapshot, known: Sequence[KnownDocument]) -> Names:
    """Return the names of a snapshot's corpus, made once for it."""
    return _remembered(snapshot.version, tuple(known), _Rows(snapshot.metadata()))


@dataclass(frozen=True)
class _Rows:
    """Metadata as an argument that does not count: the version says which they are."""

    rows: Mapping[str, Metadata]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4)
def _remembered(version: tuple[int, str], known: tuple[KnownDocument, ...], rows: _Rows) -> Names:
    return Names(rows.rows, known)


def _same_issuer(written: str, other: str) -> bool:
    """Return whether an issuer's mark, with whatever stands in front of it, is another: 国发办 is a slip of 国办发."""
    last = written[-len(other) :]
    return sorted(last) == sorted(other) if len(other) <= 4 else written.endswith(other) or other.endswith(written)


def _issued(written: str, issuer: str) -> bool:
    """Return whether the issuer written in front of a title is the document's: 工业和信息化部等十部门."""
    return not issuer or written.partition("等")[0] in issuer


def _same_matter(name: str, title: str) -> bool:
    """Return whether a name can be a slip of a title at all: same place, and of another sort only where all else fits.

    A province's regulation is no slip of the national one; a title without its place can be one of the province's.
    """
    if sorted(_APART.findall(name)) != sorted(_APART.findall(title)):
        return False
    place, other = place_of_title(name), place_of_title(title)
    if place != other and place and place not in other and (not other or other not in place):
        return False
    sort, own = _sort(title), _sort(name)
    return sort == own or not own or name.removesuffix(own) == title.removesuffix(sort)


def _sort(title: str) -> str:
    """Return the word for a sort of document that a title ends with, "" for none."""
    return next((one for one in sorted(SORTS, key=len, reverse=True) if title.endswith(one)), "")
