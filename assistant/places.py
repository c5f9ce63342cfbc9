"""Places of China by administrative-division code: names, hierarchy, and whose rules apply where.

Codes have six digits (GB/T 2260): 440000 广东省, 440600 佛山市, 440605 南海区; 000000 is the whole country.
The table is `places.csv`, written by `python -m eval.build_places`.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files

from assistant.errors import SettingsError
from assistant.schema import WHOLE_COUNTRY

MAX_PLACES = 3  # named in one phrase
# What names of divisions end with; the name without it is what people say. The longest first.
_ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)
# Nationalities in the names of autonomous areas: 恩施 is said for 恩施土家族苗族自治州.
_NATIONALITIES = re.compile(
    "(?<=..)(?:壮族|回族|维吾尔|蒙古族?|藏族|苗族|彝族|土家族|侗族|瑶族|布依族|朝鲜族|满族|白族|傣族|哈尼族|黎族|畲族|哈萨克族?"
    "|傈僳族|景颇族|羌族|各族|佤族|拉祜族|纳西族|仡佬族|水族|锡伯族?|塔吉克族?|柯尔克孜族?|东乡族|土族|撒拉族|保安族|达斡尔族?"
    "|仫佬族|毛南族|普米族|怒族|鄂温克族?|独龙族|布朗族|裕固族|鄂伦春族?)+$"
)
# Names whose lower bearer is as well known as the higher one: 朝阳 (辽宁, 北京), 海南 (the province, a prefecture).
_AS_WELL_KNOWN = frozenset({"朝阳", "海南"})
# A development zone belongs to the city that set it up. Matches 高新区 in 郑州高新区; refuses 区 in 南海区.
ZONE = re.compile(
    r"(?:国家)?(?:高新技术产业|经济技术|高新|经济|工业|综合保税|保税|自贸|大学)?(?:开发区|高新区|经开区|园区|保税区|自贸区)"
)
# A local regulation is named after its area. Matches 广州市 in 广州市绿化条例, 深圳 in 深圳经济特区…; refuses 关于…
_TITLE_PLACE = re.compile(r"(?P<zone>[一-鿿]{2,4})经济特区|(?P<place>[一-鿿]{2,20}?(?:自治州|自治县|自治旗|市|县|盟))")

# 上海 issues regulations that apply in 浦东 alone. Matches 上海市浦东新区 in 上海市浦东新区…规定; refuses 上海市城乡….
_TITLE_DISTRICT = re.compile(r"[一-鿿]{2,3}市[一-鿿]{1,6}?区")


class Sight(StrEnum):
    """Whether the rules of one place apply in another."""

    APPLIES = "applies"
    POSSIBLE = "possible"  # they apply in a part of the asker's area: 广东 asks, the rule is 佛山's
    ELSEWHERE = "elsewhere"


@cache
def table() -> dict[str, str]:
    """Return the full names of all provinces, cities and counties by code, in the order of the codes."""
    text = files("assistant").joinpath("places.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def provinces() -> dict[str, str]:
    """Return names of province-level divisions by the first two digits of their code."""
    return {code[:2]: name for code, name in table().items() if code.endswith("0000")}


def short_name(name: str) -> str:
    """Return the name people say: 佛山, 广西, 恩施; the full name where less than two characters would be left.

    >>> [short_name(name) for name in ("佛山市", "广西壮族自治区", "恩施土家族苗族自治州", "赵县")]
    ['佛山', '广西', '恩施', '赵县']
    """
    ending = next((one for one in _ENDINGS if name.endswith(one)), "")
    rest = name.removesuffix(ending)
    if ending.startswith("自治"):
        rest = _NATIONALITIES.sub("", rest)
    return rest if len(rest) >= 2 else name


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Return the codes that each full or short name can stand for, in ascending order."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in table().items():
        found[name].add(code)
        found[short_name(name)].add(code)
        if name.endswith("自治州") and short_name(name) != name:
            found[f"{short_name(name)}州"].add(code)  # 恩施州, 湘西州
    return {name: tuple(sorted(codes)) for name, codes in found.items()}


def branch(code: str) -> str:
    """Return the digits of a code that name its branch: 44 for 440000, 4406 for 440600, none for 000000."""
    pairs = [code[start : start + 2] for start in (0, 2, 4)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    return "".join(pairs)


def within(code: str, area: str) -> bool:
    """Return whether `code` is `area` or lies in it."""
    return code.startswith(branch(area))


def parents(code: str) -> tuple[str, ...]:
    """Return the codes above a code that stand for places, the province first.

    >>> parents("440605"), parents("469007"), parents("440000")
    (('440000', '440600'), ('460000',), ())
    """
    above = (f"{code[:2]}0000", f"{code[:4]}00")
    return tuple(one for one in dict.fromkeys(above) if one != code and one in table())


def sees(asker: str, document: str) -> Sight:
    """Return whether a document of one place applies to an asker in another (design §5).

    National law and the rules of the asker's own province, city and county apply; never a sister city's. Whoever names
    only a province may be in any of its cities: a city's rules are then possible. An unknown place ("") rules out
    nothing.

    >>> [str(sees("440605", document)) for document in ("000000", "440000", "440600", "440100", "430000")]
    ['applies', 'applies', 'applies', 'elsewhere', 'elsewhere']
    """
    if not asker or not document or within(asker, document):
        return Sight.APPLIES
    return Sight.POSSIBLE if within(document, asker) else Sight.ELSEWHERE


def place_words(code: str) -> str:
    """Return the place a code stands for, from the province on: 广东省佛山市南海区."""
    if not code:
        return "适用地域未知"
    if code == WHOLE_COUNTRY:
        return "全国"
    known = [one for one in (*parents(code), code) if one in table()]
    words = "".join(table()[one] for one in known)
    return words if code in table() else f"{words}（地区代码{code}）" if words else f"地区代码{code}"


def places_words(codes: Sequence[str]) -> str:
    """Return several places in one phrase: the first three, and 等地 where there are more."""
    return "、".join(place_words(code) for code in codes[:MAX_PLACES]) + ("等地" if len(codes) > MAX_PLACES else "")


def likeliest(name: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes that a name stands for when nothing else is said: the highest, 南昌 the city and not the county.

    Where two are as high (鼓楼区), or a lower one is as well known (朝阳, 海南), all of them.
    """
    if name in _AS_WELL_KNOWN or not codes:
        return codes
    top = min(len(branch(code)) for code in codes)
    return tuple(code for code in codes if len(branch(code)) == top)


def resolve(name: str) -> tuple[str, ...]:
    """Return the codes a place's name can stand for: one, several where it is ambiguous, none where it is no place.

    A name may carry those above it (佛山南海, 广东省佛山市南海区) and a development zone (郑州高新区: its city).
    """
    squeezed = "".join(name.split())
    return likeliest(squeezed, _resolve(squeezed, WHOLE_COUNTRY))


def _resolve(name: str, area: str) -> tuple[str, ...]:
    found = tuple(code for code in names().get(name, ()) if within(code, area) and code != area)
    if found:
        return found
    if area != WHOLE_COUNTRY and ZONE.fullmatch(name):
        return (area,)
    for length in range(len(name) - 1, 1, -1):
        below: list[str] = []
        for code in names().get(name[:length], ()):
            if within(code, area) and code != area:
                below += _resolve(name[length:], code)
        if below:
            return tuple(dict.fromkeys(below))
    return ()


def place_code(name: str) -> str:
    """Return the six-digit code of a place given by code or by name (广东, 佛山南海, 郑州高新区); "" for "".

    A name that a province has is the province: 海南, 吉林. 全国 is every place.

    Raises:
        SettingsError: no place has this name, or several have.
    """
    wanted = unicodedata.normalize("NFKC", name).strip()
    if not wanted:
        return ""
    if wanted in ("全国", WHOLE_COUNTRY):
        return WHOLE_COUNTRY
    # Codes of counties change from year to year, those of provinces do not.
    if wanted.isascii() and wanted.isdigit() and len(wanted) == 6 and wanted[:2] in provinces():
        return wanted
    found = resolve(wanted)
    province = [code for code in found if code.endswith("0000")]
    if len(found) == 1 or province:
        return (province or list(found))[0]
    if found:
        listed = "、".join(f"{place_words(code)}（{code}）" for code in found[:8])
        raise SettingsError(f"“{name}”可以指几个地方：{listed}。请写上所在的省、市，或用代码")
    raise SettingsError(
        f"不认识的地区“{name}”。请用省、市、县的名称（如 广东、佛山南海）或六位行政区划代码（如 440000）"
    )


@cache
def narrowed(jurisdiction: str, title: str) -> str:
    """Return a document's area, narrowed to the city or county that its title begins with.

    City and special-zone regulations are often listed under their province; 立法 practice names them after their area.

    >>> narrowed("440000", "广州市优化营商环境条例"), narrowed("440000", "广东省促进产业有序转移条例")
    ('440100', '440000')
    """
    if jurisdiction in ("", WHOLE_COUNTRY) or not jurisdiction.endswith("0000"):
        return jurisdiction
    district, place = _TITLE_DISTRICT.match(title), _TITLE_PLACE.match(title)
    for name in (district and district[0], place and (place["zone"] or place["place"])):
        below = [code for code in resolve(name) if within(code, jurisdiction)] if name else []
        if len(below) == 1:
            return below[0]
    return jurisdiction
