"""How a text names another document: 《…》, a short form it gave itself (以下简称…), a law's bare name (刑法第十条)."""

import importlib.resources
import re
from collections.abc import Mapping
from functools import cache

# One level of marks inside a title: 《最高人民法院关于适用〈…〉的解释》, and with 《》 inside as some files have it.
TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》){2,120})》")
# Matches 《中华人民共和国民法典》（以下简称民法典） 《…条例》（以下简称《条例》）; refuses 园区（以下简称开发区）.
_SHORT_FORM = re.compile(
    r"(?:《(?P<title>(?:[^《》]|《[^《》]*》){2,120})》|(?P<bare>中华人民共和国[\u4e00-\u9fff]{1,20}法典?))"
    r"[（(][^（）()《》]{0,12}以下(?:统一)?[简统]称(?:为)?[:：]?[《“\"]?(?P<short>[\u4e00-\u9fff]{2,20})[》”\"]?[）)]"
)
# What a version or trial stands in behind a title. Matches 《…办法（2019年修订）》 at the end; refuses （一） inside.
_TAIL = re.compile(r"[（(][^（）()]*[）)]$")
# The last words of a name that stands without marks right before 第…条, with its parts between.
_BARE = re.compile(
    r"(?P<run>[\u4e00-\u9fff]{1,32}?)(?:分则)?(?:第[〇零一二三四五六七八九十百]+[编章节])*(?:的|中的?|里)?$"
)
_BARE_WORD = ("法典", "法", "条例", "通则", "修正案")
# Words that lead to a name and are no part of it. 中华人民共和国, 对外贸易法 and 法律适用法 keep theirs.
_LEADING = re.compile(
    r".*(?:依照|依据|根据|按照|参照|遵照|违反|符合|属于|具备|构成|触犯|认定为|视为|是指|作为|涉及|审理|办理|实施|遵守|执行"
    r"|适用(?!法)|修正[前后]?的?|修改[前后]?的?|以及|或者|和(?!国)|与(?!计划|健康)|及(?!其)|的|除|将|把|在|应当|可以|有(?!资产|企业)"
    r"|对(?!外)|按|因|由|关于|国务院|出现|该|原)"
)
_OWN = re.compile(
    r"本(?!市|省|区|行政|院|人|单位|级|部门)[\u4e00-\u9fff]{0,4}?(?:法|法典|条例|办法|规定|细则|规则|决定|解释|规章|章程|意见|通知|准则|标准|安排|方案|纪要|批复|规程|通则|公约|守则|编|分编|章|节)(?:的?规定)?$"
)
_THAT = re.compile(r"(?:该|(?<!合)同|上述|前述|此)(?:法|条例|办法|规定|细则|解释|决定|规则|意见|通知)(?:的|中的?)?$")

OWN, UNKNOWN = "", "?"  # cites itself; cites something that nobody can name


def squeezed(title: str) -> str:
    """Return a title without white space and inner book-title marks' variants: 〈〉 become 《》."""
    return "".join(title.split()).replace("〈", "《").replace("〉", "》").replace("<", "《").replace(">", "》")


def is_document(title: str) -> bool:
    """Return whether what stands in book-title marks is a document that rules, by its last word.

    >>> [is_document(title) for title in ("土地管理法", "招标投标法实施条例（2019年修订）", "营业执照")]
    [True, True, False]
    """
    return _TAIL.sub("", title).endswith(_document_words())


def short_forms(text: str) -> dict[str, str]:
    """Return the short forms that a document gives itself: {"条例": "中华人民共和国招标投标法实施条例"}.

    One that is given twice for different documents is left out.
    """
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for match in _SHORT_FORM.finditer(text):
        title = squeezed(match["title"] or match["bare"])
        named = is_document(title) and is_document(match["short"]) and not match["short"].startswith("本")
        if named and found.setdefault(match["short"], title) != title:
            doubtful.add(match["short"])
    return {short: title for short, title in found.items() if short not in doubtful}


def owner_before(before: str, shorts: Mapping[str, str], last: str) -> tuple[str | None, int]:
    """Return (whose article is named next, how many characters of `before` name it).

    Args:
        before: the text in front of 第…条, as far back as the last mark matters.
        shorts: see `short_forms`.
        last: the other document that was named last, for 该法 and 同法; "" for none.

    Returns:
        `OWN` where 本法 stands there; a title; `UNKNOWN` where a name stands there that cannot be told; None for none.

    >>> owner_before("人民法院应当依照民事诉讼法", {}, "")
    ('民事诉讼法', 5)
    """
    if (own := _OWN.search(before)) is not None and (own.start() == 0 or before[own.start() - 1] not in "根日版文基"):
        return OWN, 0
    if (that := _THAT.search(before)) is not None:
        return (last or UNKNOWN), len(that[0])
    run = _BARE.search(before)
    if run is None:
        return None, 0
    name, extra = run["run"], len(before) - run.end("run")
    for short in sorted(shorts, key=len, reverse=True):
        if name.endswith(short):
            return shorts[short], len(short) + extra
    for start in range(max(0, len(name) - _longest()), len(name)):
        if name[start:] in _law_names():
            return name[start:], len(name) - start + extra
    if not name.endswith(_BARE_WORD):
        return None, 0
    cut = _LEADING.sub("", name)
    if (
        len(cut) < 3
        or cut in _BARE_WORD
        or cut.endswith(("方法", "依法", "合法", "违法", "非法", "无法", "司法", "执法"))
    ):
        return UNKNOWN, 0
    return cut, len(cut) + extra


@cache
def _law_names() -> frozenset[str]:
    return frozenset(_words("law_names.txt"))


@cache
def _longest() -> int:
    return max(len(name) for name in _law_names())


@cache
def _document_words() -> tuple[str, ...]:
    return _words("document_words.txt")


def _words(file: str) -> tuple[str, ...]:
    text = importlib.resources.files("assistant.parsing").joinpath(f"data/{file}").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))
