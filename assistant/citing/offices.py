"""Bodies as a statement in own words names them: 县住建局, 中院, 省政府, by field, level and what they are there for.

A body that a statement names in one role (who approves, whom one turns to, who acts) is compared with those that the
provision names in the same role in the sentence the statement speaks about.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.citing.matters import about, nearest, statements
from assistant.citing.wordlists import either, load_words

MAX_BETWEEN = 6  # characters between a body and the verb of its approval

_BODY = "主体不同：条文为“{}”，文中为“{}”"


class Role(StrEnum):
    """What a body is named for."""

    APPROVES = "approves"  # 报…批准, 经…同意
    RECEIVES = "receives"  # 向…申请, 报送…
    ACTS = "acts"


class Sort(StrEnum):
    """What a body is."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    COURT = "court"
    PARTY = "party"  # 建设单位
    ORGAN = "organ"  # 流域管理机构: any other


@dataclass(frozen=True, slots=True)
class Office:
    """A body named in a folded text.

    Attributes:
        text: as named.
        field: of a department what it is for, of a court its rank; "" for any.
        levels: of government (国, 省, 市, 县, 乡; 本, 上: the same, the next), empty where none is said.
    """

    text: str
    sort: Sort
    role: Role
    field: str
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    scan: re.Pattern[str]
    level: re.Pattern[str]
    levels: Mapping[str, frozenset[str]]
    generic: re.Pattern[str]
    fields: Mapping[str, str]
    courts: Mapping[str, str]


# Ends of a department's name: 主管部门, 局. 委 and 办 only behind a field.
_KIND = (
    "(?:行政|监督|管理|综合|执法|救援|事务|保障|规划){0,4}"
    "(?:主管部门|管理部门|部门|管理机构|经办机构|机构|机关|委员会|总队|支队|大队|总局|厅|局|委|部(?!分|位|署|级|件))"
)
# Characters that stand before the name of a body and not in it.
_NO_NAME = "由向的受在经报当要跟给到归对和与及接得应可以内后前并"
# Matches 报, 经, 须经 just before a body that approves.
_SENT = re.compile("(?:报经?|经|须经|报请|提请)(?:所在地|当地|原)?$")
_APPROVAL = re.compile(
    f"[^，。；：]{{0,{MAX_BETWEEN}}}?(?:批准|同意|审批|核准|批了|批复|审查同意|批(?=$|[，。；才后就]))"
)
# Matches 经业主大会 of 经业主大会同意; refuses 经批准.
_BY = re.compile("经([^，。；：经]{3,12}?)(?:书面)?(?:同意|批准|审批|核准)")
_TO = re.compile("(?:向|到|找|去|报|报送|报给|送|交给|提交|报送给|告知|跟|与|联系)(?:所在地|当地|原)?的?$")


@cache
def _lexicon() -> _Lexicon:
    data = load_words()
    levels = {word: frozenset(row["levels"]) for row in data["level"] for word in row["says"]}
    levels |= {"本级": frozenset("本"), "同级": frozenset("本"), "上一级": frozenset("上"), "上级": frozenset("上")}
    fields = {word: row["says"][0] for row in data["field"] for word in row["says"]}
    courts = {word: row["rank"] for row in data["court"] for word in row["says"]}
    parties = data["offices"]["parties"]
    level = (
        rf"(?:(?:{either(levels)})(?:（[^（）]{{1,6}}）)?(?:[、和及]|以及|或者|或)?){{0,6}}(?:地方)?(?:各级)?(?:地方)?"
    )
    government = rf"(?:人民政府|政府)(?!{either(data['offices']['no_government'])})"
    # Matches 县级人民政府住房城乡建设主管部门, 省药监局, 市政府, 中院, 施工单位, 流域管理机构.
    scan = (
        rf"(?P<court>{either(courts)})|(?P<party>{either(parties)})"
        rf"|(?P<level>{level})(?:(?P<seat>{government}(?:的)?)?(?P<field>{either(fields)})(?P<kind>{_KIND})|(?P<only>{government}))"
        rf"|(?P<whole>{either(data['offices']['whole'])})"
        rf"|(?P<organ>(?:(?!{either(fields)})[^\W\d_{_NO_NAME}]){{2,6}}?(?:管理机构|经办机构|监督机构|管理委员会|机构|机关|部门))"
    )
    generic = re.compile(either(data["offices"]["generic"]))
    return _Lexicon(re.compile(scan), re.compile(either(levels)), levels, generic, fields, courts)


def find_offices(text: str) -> list[Office]:
    """Return the bodies named in a folded sentence.

    >>> [(one.text, one.sort.value, one.field) for one in find_offices("报县住建局备案，由施工单位办理")]
    [('县住建局', 'department', '住房城乡建设'), ('施工单位', 'party', '施工单位')]
    """
    matches = list(_lexicon().scan.finditer(text))
    found = [_office(match, text) for match in matches]
    for by in _BY.finditer(text):
        if not any(match.start() < by.end(1) and by.start(1) < match.end() for match in matches):
            found.append(Office(by[1], Sort.ORGAN, Role.APPROVES, by[1], frozenset()))
    return found


def _office(match: re.Match[str], text: str) -> Office:
    lexicon = _lexicon()
    said = match.group()
    role = _role(text, match.start(), match.end())
    levels = frozenset().union(*(lexicon.levels[one] for one in lexicon.level.findall(match["level"] or "")))
    if match["court"]:
        return Office(said, Sort.COURT, role, lexicon.courts[said], levels)
    if match["party"]:
        return Office(said, Sort.PARTY, Role.ACTS, said, levels)
    if match["field"]:
        return Office(said, Sort.DEPARTMENT, role, lexicon.fields[match["field"]], levels)
    if match["only"]:
        return Office(said, Sort.GOVERNMENT, role, "", levels)
    if match["whole"]:
        whole = {word: row for row in load_words()["office"] for word in row["says"]}[said]
        return Office(said, Sort(whole["sort"]), role, whole["field"], frozenset(whole["levels"]))
    left = lexicon.generic.sub("", said)
    return Office(said, Sort.ORGAN, role, left if len(left) > 1 else "", levels)


def _role(text: str, start: int, end: int) -> Role:
    before = text[max(0, start - 6) : start]
    approval = _APPROVAL.match(text, end) is not None
    if _SENT.search(before):
        return Role.APPROVES if approval or not before.endswith("报") else Role.RECEIVES
    if _TO.search(before):
        return Role.RECEIVES
    return Role.APPROVES if approval else Role.ACTS


def other_offices(claim: str, provision: str) -> Iterator[str]:
    """Yield in Chinese what bodies of a statement the provision has not in their role; both folded."""
    held = statements(provision)
    # 主管部门 in another sentence may be any; what has a name or a level is who it is wherever it stands.
    named = [office for one in held for office in find_offices(one.text) if office.field or office.levels]
    for said in statements(claim):
        if any(word in said.text for word in load_words()["numbers"]["own_facts"]):
            continue
        near = nearest(said.pairs, held)
        if near is None or not about(said.pairs, near):
            continue
        theirs = find_offices(near.text)
        ours = [
            office
            for clause in said.clauses
            if not any(word in clause.text for word in load_words()["offices"]["not_they"])
            for office in find_offices(clause.text)
        ]
        strangers = [office for office in ours if not any(_may_be(office, one) for one in (*theirs, *named))]
        for office in strangers:
            listed = any(one not in strangers and one.sort is office.sort for one in ours)  # 县、市、省政府
            if office.sort is Sort.ORGAN or listed or _is_listed(office, provision):
                continue
            other = _in_its_place(office, theirs)
            if other is not None:
                yield _BODY.format(other.text, office.text)


def _is_listed(office: Office, provision: str) -> bool:
    """Whether a department stands in a list by its field alone: 商务、公安、税务等部门."""
    if office.sort is not Sort.DEPARTMENT:
        return False
    names = [word for word, field in _lexicon().fields.items() if field == office.field]
    return re.search(f"(?:{either(names)})(?:[、和等及]|以及)", provision) is not None


def _in_its_place(office: Office, theirs: Sequence[Office]) -> Office | None:
    """The only body of a sentence that another can stand for: in the same role, of the same sort before any."""
    party = office.sort is Sort.PARTY
    same = [one for one in theirs if one.role is office.role and (one.sort is Sort.PARTY) is party]
    if not same and office.role is not Role.ACTS:  # 报…备案 and 向…备案
        same = [one for one in theirs if one.role in (Role.RECEIVES, Role.APPROVES)]
    alike = [one for one in same if one.sort is office.sort] or same
    if office.sort is Sort.COURT:
        alike = [one for one in same if one.sort is Sort.COURT]
    return alike[-1] if alike and (not party or len({one.text for one in alike}) == 1) else None


_OFFICIAL = frozenset({Sort.GOVERNMENT, Sort.DEPARTMENT})
_LOCAL = frozenset("市县乡")


def _may_be(office: Office, held: Office) -> bool:
    """Whether a body of the statement may be meant by one of the provision."""
    if office.sort is held.sort:
        if office.field and held.field and office.field != held.field:
            return False
        return _levels_meet(office, held)
    if {office.sort, held.sort} <= _OFFICIAL:
        return not office.levels or not held.levels or _levels_meet(office, held)
    if held.sort is Sort.ORGAN:
        return held.field == "" or (office.sort is Sort.DEPARTMENT and office.field[:2] in held.field)
    return False


def _levels_meet(office: Office, held: Office) -> bool:
    ours, theirs = office.levels, held.levels
    if not ours or not theirs or ours == theirs:
        return True
    if ours <= set("本上") or theirs <= set("本上"):
        return not (ours | theirs <= set("本上"))
    if office.sort is Sort.GOVERNMENT:
        # A county may say that it is bound by what binds all from the county up; the province is named for itself.
        return ours < theirs and ours <= _LOCAL
    return bool(ours & theirs)
