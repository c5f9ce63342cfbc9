"""Documents named in a text: by title, alias or common short form; held, known, or neither."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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
# A short form in book-title marks stands for every document of its sort, up to this many.
MAX_SHARED = 5
# Characters after which a short form stands on its own. 「劳动合同法实施条例」 must not be read as 「条例」.
_ALONE_AFTER = frozenset(
    "的据照按看查在和与跟及或、，。：；？！（(《〈“‘「『\"' 　\n省该这那本部份个新对问请到把给翻讲从依以是有说"
)
_PREFIX = re.compile(
    r"^(中华人民共和国|[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区|市|自治州|自治县))(?=[\u4e00-\u9fff]{4})"
)
# A title in book-title marks. Matches 《民法典》; refuses 《》.
_QUOTED = re.compile(r"《([^《》]{2,60})》")
# The name of a law right before 第…条. Matches 劳动合同法 in 劳动合同法第三十九条; refuses 合同第三条.
_BEFORE_ARTICLE = re.compile(
    r"([\u4e00-\u9fff]{1,24}?(?:法典|法|条例|办法|规定|细则|解释))(?=(?:里|中|的)?第[\s0-9０-９零〇一二两三四五六七八九十百千（(]+条)"
)
_LEADING = re.compile(
    r"^(?:请问|根据|依据|依照|按照|按|查一下|查查|查|看看|看|问一下|问|那个|这个|还有|以及|和|与|我们|你们|说说)+"
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
        lambda name: _PREFIX.sub("", name),
        lambda name: name.removeprefix("关于"),
        lambda name: re.sub(r"^(促进|加强|推进|规范|支持)(?=.{6,})", "", name),
        lambda name: re.sub(r"的(?=(?:指导|实施)?意见$|通知$|决定$|办法$)", "", name),
    ):
        forms.append(shorten(forms[-1]))
    return tuple(form for form in dict.fromkeys(forms) if len(form) >= 3)


class NameTable:
    """Names of documents, built once for a corpus and matched against many texts."""

    def __init__(self, held: Mapping[str, Metadata], known: Iterable[KnownDocument] = ()) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for doc_id, row in held.items():
            names = [*short_forms(row.title), *row.aliases, *([row.number] if row.number else [])]
            for name in names:
                owners[_squeezed(name)].add(doc_id)
        sorts: dict[str, set[str]] = defaultdict(set)
        for doc_id, row in held.items():
            for sort in SORTS:
                if row.title.endswith(sort):
                    sorts[sort].add(doc_id)
        self._owners = {name: tuple(sorted(ids)) for name, ids in owners.items() if name}
        self._sorts = {sort: tuple(sorted(ids)) for sort, ids in sorts.items()}
        self._known: dict[str, str] = {}
        for document in known:
            for name in (*short_forms(document.title), *document.aliases):
                if _squeezed(name) not in self._owners:
                    self._known.setdefault(_squeezed(name), document.title)
        # By first two characters, the longest first: a pattern of all names would try each of them at every character.
        self._starting: dict[str, list[str]] = defaultdict(list)
        for name in sorted({*self._owners, *self._known}, key=len, reverse=True):
            self._starting[name[:2]].append(name)
        alone = "|".join(sorted(self._sorts, key=len, reverse=True))
        self._alone = re.compile(alone or r"(?!)")

    def find(self, text: str) -> list[Mention]:
        """Return the documents named in `text`, in order, the longest name where several fit.

        A short form such as 条例 counts only where it stands alone and one held document has it.
        """
        found: list[Mention] = []

        def free(start: int, end: int) -> bool:
            return all(end <= mention.start or start >= mention.end for mention in found)

        for match in _QUOTED.finditer(text):
            name = _squeezed(match[1])
            if not name:
                continue
            if name not in self._owners and len(self._sorts.get(name, ())) > MAX_SHARED:
                continue  # 《办法》 among a hundred of them names none
            if self._owners.get(name) or self._sorts.get(name):
                found.append(Mention(match.start(), match.end(), self._owners.get(name) or self._sorts[name]))
            else:
                found.append(
                    Mention(match.start(), match.end(), unheld=self._known.get(name, " ".join(match[1].split())))
                )
        for start, end, name in self._names_in(text):
            if free(start, end):
                if name in self._owners:
                    found.append(Mention(start, end, self._owners[name]))
                else:
                    found.append(Mention(start, end, unheld=self._known[name]))
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
            if (not before or before in _ALONE_AFTER) and free(match.start(), match.end()):
                ids = self._sorts[match[0]]
                if len(ids) == 1:
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
            names = self._starting.get(squeezed[at : at + 2], ())
            name = next((name for name in names if squeezed.startswith(name, at)), "")
            if name:
                yield places[at], places[at + len(name) - 1] + 1, name
            at += len(name) or 1

    def _is_alone(self, text: str, match: re.Match[str], name: str) -> bool:
        """Return whether the name is only a short form with other words before it: 想看看条例."""
        for sort in self._sorts:
            if name.endswith(sort):
                return name[: -len(sort)][-1:] in _ALONE_AFTER
        return False


def _squeezed(name: str) -> str:
    return "".join(name.split())
