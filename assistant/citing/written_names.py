"""How a text names documents without book-title marks: by name, by number, by a word such as 条例 alone."""

import re
from collections.abc import Iterator

from assistant.citing.names import NUMBER, ORDER, SORT, SORTS, SURE_NAME, Names
from assistant.parsing.numerals import NUMERAL_CHARS
from assistant.places import names as places

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_N = rf"[{NUMERAL_CHARS}]"
# What makes a short name one: 刑法第三十条, 省条例，第三十条, 民法典1254条, 指导意见八、; refuses 公司法定代表人.
_FOLLOWED = re.compile(
    rf"(?:的|中的?|里的?|[，、：])?(?:第[（]?{_N}|结尾段|最后一)|（以下|{_N}+条|[一二三四五六七八九十]+、|[\u4e00-\u9fff]{{2,4}}编第"
)
# A name in other marks than its own. Matches 〈土地管理法〉 “土地管理法” 【土地管理法】.
_ENCLOSED = re.compile(
    r"[〈“‘「『【\[]{1,2}(?P<name>[^〈〉“”‘’「」『』【】\[\]《》]{2,60})[〉”’」』】\]]{1,2}(?=[的中里]?第|[一二三四五六七八九十]+、)"
)
# Characters that may belong to the name they stand in front of.
_RUN = re.compile(r"[\u4e00-\u9fff]+$")
# Words that no title has between its place and its last word. Matches 适用 in 企业适用劳动合同法; refuses 有序转移.
_NO_TITLE = re.compile(
    r"适用(?!法)|依照|依据|根据|按照|违反|符合|审查|搬|到|从|在|应|可以|是|请|按"
    r"|的(?!若干|规定|决定|意见|通知|办法|实施|指导)"
)
# Behind a name: another document that carries it out or amends it.
_CARRIES_OUT = re.compile(r"的?实施(?:条例|细则|办法|规定|意见)|的?修正案|的决定|施行细则|释义")
_AMENDS = ("修改", "实施", "修正", "废止", "修订")
# Characters in front of a short name that are no part of a longer one.
_APART = frozenset("据照按依用反违合符和与及或、的看查是《从对到翻问说讲过着了下")
# A sort of document that stands alone in front of 第…条. Matches 条例 in 按条例第三十条; refuses 实施条例.
SORT_ALONE = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[的据照按看查在和与跟及或省该这那个请把给翻讲从依以是]"
    r"|适用|引用|符合|违反|这部|那部|该部|我国|遵循|执行|落实|原来|现行|新的|旧的|本省|本市|有关|相关)"
    rf"(?P<place>[省市国]?)(?P<sort>{SORT})$"
)
_LONG_SORTS = tuple(sorted((one for one in SORTS if len(one) > 1), key=len, reverse=True))
MAX_LEAD = 24  # characters in front of a name that may belong to a longer one
MIN_STEM = 4  # characters of a title in front of its last word
# All that leads to a name. Matches 经查，根据 in front of 气象灾害防御规定; refuses 关于.
_LEADING = re.compile(
    r"^.*(?:根据|依据|依照|按照|违反|符合|适用(?!法)|参照|执行|落实|就是|即|详见|参见|见|对照|认为|请|查|看|把|将|在|和|与|以及|及|是|按|对(?!外)|从|为|有)"
)
# What leads to a document's number and is no part of its issuer's mark. Matches 请按 in 请按粤府办; refuses 国办发.
_TO_NUMBER = re.compile(
    r"^.*(?:根据|依据|按照|依照|参照|执行|落实|贯彻|转发|印发|发布|关于|见|即|的|和|与|及|以|请|按|查收|看|查|附|号|是|为|在)(?=.)"
)


def bare_names(text: str, names: Names) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, name) of the names without marks that mean a document by themselves.

    Names inside book-title marks are left out, as are those that only begin another document's name (an implementing
    rule's) or end one (another province's). Names in other marks (“…”, 〈…〉) are yielded with these.
    """
    for start, end, name in names.scan(text):
        before, after = text[max(0, start - MAX_LEAD) : start], text[end : end + 12]
        if before.endswith("《") or text.startswith("》", end) or _inside_title(text, start, end):
            continue
        marks = _ENCLOSED.match(text, start - 2) or _ENCLOSED.match(text, start - 1) if start else None
        if marks is not None and marks["name"] == name:
            yield marks.start(), marks.end(), name
            continue
        if _CARRIES_OUT.match(after) or before.endswith(_AMENDS):
            continue
        if not name.startswith("中华人民共和国") and not name.endswith("法") and _ends_with_place(before):
            continue  # 湖南省优化营商环境条例 is not the national one
        if len(name) < SURE_NAME:
            if _FOLLOWED.match(after) is None:
                continue
            if _CHINESE.match(before[-1:]) and before[-1] not in _APART and not names.is_alias(name):
                continue
        begin = start - _longer(before, name, names)
        yield begin, end, text[begin:end]


def placed_name(before: str) -> str:
    """Return the title that begins with a place and ends right here: 湖南省促进产业有序转移条例; "" for none."""
    run = _RUN.search(before)
    if run is None or not run[0].endswith(SORTS):
        return ""
    text = run[0]
    for start in range(len(text) - 4):
        length = _place_at(text, start)
        rest = text[start + length :]
        if length and rest not in SORTS and _NO_TITLE.search(rest) is None:
            return text[start:]
    return ""


def unknown_name(before: str, names: Names) -> str:
    """Return the title that ends right here, in 规定, 办法 or the like, though nobody holds it; "" for none.

    A title that is near to one is that long; else it begins behind the last word that only leads to it.
    """
    run = _RUN.search(before)
    sort = next((one for one in _LONG_SORTS if run is not None and run[0].endswith(one)), "")
    if run is None or not sort:
        return ""
    text = run[0]
    for start in range(len(text) - len(sort) - MIN_STEM + 1):
        if _NO_TITLE.match(text, start) is None and names.near(text[start:]):
            return text[start:]
    name = _LEADING.sub("", text)
    return name if len(name) >= len(sort) + MIN_STEM else ""


def number_at(text: str, bracket: int) -> tuple[int, int] | None:
    """Return the span of a document's number whose year stands in a bracket at `bracket`; None for none."""
    for back in range(min(14, bracket), 0, -1):
        match = NUMBER.match(text, bracket - back)
        if match is not None and match.start("year") == bracket + 1:
            issuer = _TO_NUMBER.sub("", match["issuer"])
            return bracket - len(issuer), match.end()
    return None


def order_at(text: str, line: int, position: int, names: Names) -> tuple[int, int] | None:
    """Return the span of 国务院令第783号, whose 令 stands at `position`, where a held or known document has it."""
    for back in range(min(30, position - line), 1, -1):
        match = ORDER.match(text, position - back)
        if match is not None and match.end() > position and names.numbered(match[0]):
            return match.span()
    return None


def _longer(before: str, name: str, names: Names) -> int:
    """Return how many characters in front of a name belong to a longer one that ends in it.

    广东省促进产业转移条例 ends in the alias 产业转移条例 and is nobody's name: a slip of a title near to it.
    """
    run = _RUN.search(before)
    if run is None:
        return 0
    placed = next((at for at in range(len(run[0]) - 1) if _place_at(run[0], at)), len(run[0]))
    own = names.titles(name)
    for lead in dict.fromkeys((run[0][placed:], _LEADING.sub("", run[0]))):
        near = names.near(lead + name) if len(lead) > 1 else ()
        if near and near[0] not in own:
            return len(lead)
    return 0


def _place_at(text: str, start: int) -> int:
    """Return the length of the longest name of a place that begins at a position; 0 for none."""
    return next((n for n in range(8, 1, -1) if text[start : start + n] in places()), 0)


def _ends_with_place(before: str) -> bool:
    return any(before[-length:] in places() for length in range(2, 9) if len(before) >= length)


def _inside_title(text: str, start: int, end: int) -> bool:
    """Return whether a span stands inside book-title marks with more than itself between them."""
    low = max(0, start - 80)
    return text.rfind("《", low, start) > text.rfind("》", low, start) and text.find("》", end, end + 80) >= 0
