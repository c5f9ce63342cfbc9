"""规范强度: what a sentence does to the one it speaks to.

The rules, as a legislative drafter would put them; the words are in data/force.toml.

- Quoted words, names in 《》 and what stands in brackets are mentioned and not used: they carry no force.
- 本条例所称…是指, 适用于 and 自…起施行 decide the whole sentence: definition, scope, validity.
- Otherwise each clause is read from the left and the first marker governs. 应当 governs what it commands:
  「应当支持、引导…」 is a duty first and encouragement after it. A bare verb is under the 应当 before it.
- A marker in a subordinate clause does not count: a condition ending in 的 (「应当公开而未公开的，」), an attribute
  (「对不得公开的信息」), an exception (「除…不得…外，」), a purpose (「为了推动…，制定本条例」).
- 鼓励, 支持, 引导, 推动, 探索 count as verbs only: not as nouns (支持力度, 政策支持, 给予支持), not as the object of
  another verb (设立支持…的基金, 修订鼓励…的目录), not as attributes (国家支持的项目).
- Bare verbs (健全, 实施, …) are a task in a policy document. A statute that says 「省人民政府依法设立…」 commands
  by indicative; it has no marker, so it is a statement, and the encouragement of its later clauses follows.
  处…罚款 and 负责…工作 are statements for the same reason. A target (到2025年，…) is a statement.
- What follows 鼓励, 支持 or 引导 is done by those it speaks to, so bare verbs there are no tasks, except those that
  only the issuer can do (修订, 遴选, 实施…计划). After 推动 and 探索 they are tasks of the same body.
- 不应当, 应当不 and 不可以 prohibit; 可以不 and 无需 permit; 应当不低于 is a duty, 不得低于 a prohibition.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.schema import Force, Kind

_LOOK_ALIKE = "look_alike"
_BARE = "bare"
_MODALS = {"duty": Force.DUTY, "prohibition": Force.PROHIBITION, "power": Force.POWER}
_CAUSATIVE = frozenset({"鼓励", "支持", "引导"})
_ISSUERS_OWN = frozenset({"修订", "遴选", "举办"})

# Mentioned, not used. Matches “应当” and 《…促进法》 and （含技工学校）; refuses an opening mark without its partner.
_MENTIONED = re.compile(
    r"“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』|《[^《》]*》|（[^（）]*）|\([^()]*\)|【[^【】]*】"
)
# Matches "第三条　", "（一）", "一、", "1."; refuses "一家企业", "（含技工学校）".
_NUMBERING = re.compile(
    r"\s*(?:第[〇零一二三四五六七八九十百千两\d]+条(?:之[一二三四五六七八九十]+)?[\s\u3000]+"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)]|[一二三四五六七八九十]{1,3}、|\d{1,3}[.．、]\s*)?"
)
_CLAUSE = re.compile(r"[^，；：。！？,;:!?\n]+")

_SELF = (
    "本(?:法|条例|规定|办法|细则|决定|解释|规则|规章|意见|通知|方案|规程|准则|目录|纲要|规范|批复|公告|制度|措施|指引|标准"
    "|章程|政策|修正案)"
)
# Matches 「本条例自2025年3月1日起施行」「原办法同时废止」「本通知有效期五年」; refuses 「许可证有效期五年」,
# 「本法施行前已经开工的」.
_VALIDITY = re.compile(
    rf"(?:^|{_SELF}|办法|规定|条例|法).{{0,6}}自.{{1,24}}?(?:起|之日|后)(?:正式|开始)?(?:施行|实施|生效|执行|试行)"
    rf"|^自.{{1,20}}?起(?:正式)?(?:施行|实施|生效|执行|试行)"
    rf"|(?:同时|即行|一并|予以|相应|自行)(?:废止|失效)|停止执行[。；]?$|{_SELF}.{{0,20}}有效期|^有效期[^满内届的]|^试行期"
)
# Matches 「本条例所称产业有序转移，是指…」「用人单位，是指」「下列用语的含义」; refuses 「他是指挥」.
_DEFINITION = re.compile(
    r"(?:所称|所指|所说)(?:的)?(?:(?!应当|不得|可以|必须)[^。；]){1,60}?(?:是指|指的是|系指|，指|包括|，为|，是)|^[^，]{1,30}，?(?:是指|系指)(?!挥|导|定|出)"
    r"|(?:下列|以下)(?:用语|术语|名词)[^。]{0,12}(?:含义|定义|解释|意义)|用语[^。]{0,8}含义"
)
# Matches 「本条例适用于本省…活动」「…，适用本法」「不适用本条例」; refuses 「适用本法的，应当…」.
_SCOPE = re.compile(
    rf"^{_SELF}[^，]{{0,8}}适用于|^{_SELF}的?适用范围|^[^，]{{0,30}}(?:仅|只|也|均|不)?适用于"
    rf"|(?:不|均|也|可)?适用{_SELF}(?:第[^，]{{1,12}}条?)?(?:的?有关|的?相关)?(?:的?规定)?[。；]?$"
)
# Matches 「为了…，根据…，制定本条例。」; refuses 「应当制定本地区的规划」.
_PURPOSE = re.compile(rf"制定{_SELF}[。；]?$")
# Matches 「到2025年，」「力争到2030年」「近年来」; refuses 「2025年起实施」.
_TARGET = re.compile(
    r"^(?:力争|争取|预计)?(?:到|至)“?[^，]{0,12}(?:20\d\d年|时|期末|末期)[^，]{0,6}，"
    r"|^(?:近年来|当前|目前|近期来|长期以来|改革开放以来)"
)

# A clause that only says how, where or when: no verb of it is the sentence's own.
# Matches 「通过建立基金等方式」「在加强监管的基础上」「按照建设…的要求」; refuses 「通过托管等形式建设产业承接载体」.
_ADVERBIAL = re.compile(
    r"^(?:通过|以|采取|采用|按照|根据|依据|依照|围绕).*(?:方式|形式|手段|途径|办法|要求|原则|规定|标准|领域|目标|方面|为中心|为主要载体|为导向|为主线|为重点|为指导)$"
    r"|^在.*(?:基础上|前提下|条件下|情况下|过程中|的同时|方面|时|中|内|上|下|前|后)$|^(?:为|为了|除).*|^(?:经|由于|因).*(?:后|的)$"
)
# Matches 「更加完善」「显著提升」 at a clause's end: a result, not a task; refuses 「进一步完善制度」.
_RESULT = re.compile(r"(?:更加|更为|显著|明显|进一步|不断|持续|基本|大幅|稳步|全面|充分|初步|日益|有效|逐步).{2,4}$")
# The condition goes on in the next clause and ends in 的. Matches 「而未公开的」「但逾期不改的」; refuses
# 「但是法律另有规定的除外」.
_CONDITION_GOES_ON = re.compile(r"^(?:而|但|却|仍|拒不|未|或者|以及|并).*的$")
# Just before a marker: it is part of an attribute if 的 follows. Matches "对", "凡依法", "法律规定"; refuses "应当对…".
_ATTRIBUTE_BEFORE = re.compile(
    r"(?:^|[^面相])(?:对|对于|属于|属|凡|凡是|将|把|有|其他|规定|认为|要求|(?<![但若要只还而])是|为|与|按|按照|公布)"
    r"(?:依法|按照规定|按规定|依照规定|法律规定)?$"
)


# Goes after a word that ends in 应 (对应, 响应): refuses it where 应当 begins there (对应当公开的), not in 适应当地.
NOT_DUTY = "(?!当[^地时前代下今年事日])"
# 应 + 对 + …: matches 「应对产品进行检验」 after 应对; refuses 「应对气候变化」.
_PERFORMED = re.compile("进行|作出|做出|予以|给予|加以|实施|承担|负责|开展|采取")


# At somebody's request. Matches 「应申请人的请求」「应专利权人请求」; refuses 「应向主管部门申请」「应按要求」.
_AT_REQUEST = re.compile(
    "应(?![向按由经根依在于自对将为])[^，]{1,20}(?:人|方|机关|部门|单位|国|者|法院|政府|委员会)的?(?:请求|要求|邀请|申请|约请)"
)
# Matches 「坚持」 in 「坚持依法保护、禁止滥食的原则」; refuses a clause that only ends in 原则.
_PRINCIPLE = re.compile("坚持|遵循|贯彻|实行|按照|本着")
# Matches 「应当公开而未公开的」「在发现不应当拘留的时候」; refuses 「车辆应当在确保安全的前提下」.
_CONDITION = re.compile("的$|^(?:在|当|如果|对于?).*的(?:时候|情况下|前提下)$")
_COORDINATION = ("但", "但是", "并", "并且", "且", "也", "或者", "及", "和", "、", "又", "而")
# A prohibition that another modal commands or permits is its object: 可以限制或者禁止出境.
_NAMED_BY_OTHERS = frozenset({"禁止", "允许", "准许"})


_NEAR = 16  # characters that a look backward or to a clause's end needs; keeps hostile clauses linear
_MOST_ADVERBS = 8  # in a row; real sentences have three


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists: `scan` finds the longest word at the leftmost place, `sort` says what it is."""

    scan: re.Pattern[str]
    sort: dict[str, str]
    adverbs: tuple[str, ...]
    subjects: tuple[str, ...]
    prepositions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Marker:
    """A word of the lists, at its place in the clause."""

    word: str
    sort: str
    start: int
    end: int


def classify(sentence: str, kind: Kind) -> tuple[Force, ...]:
    """What `sentence` does, the governing force first; never empty, no force twice.

    The rules stand in the module's docstring. `kind` is the document's: a bare verb is a task in a policy document
    and a statement anywhere else.

    >>> [force.value for force in classify("县级人民政府应当支持、引导产业有序转移。", Kind.STATUTE)]
    ['duty', 'encouragement']
    """
    text = _used_words(sentence)
    whole = _whole_sentence(text)
    if whole is not None:
        return (whole,)
    forces: list[Force] = []
    causative = False  # whether 鼓励, 支持 or 引导 governs what follows
    clauses = _CLAUSE.findall(text)
    for number, clause in enumerate(clauses):
        following = clauses[number + 1] if number + 1 < len(clauses) else ""
        for marker in _clause_markers(clause, following):
            if marker.sort in _MODALS:
                forces.append(_MODALS[marker.sort])
            elif marker.sort == "encouragement":
                if not forces:
                    causative = marker.word in _CAUSATIVE
                forces.append(Force.ENCOURAGEMENT)
            elif not forces:
                forces.append(Force.TASK if kind is Kind.POLICY else Force.STATEMENT)
            elif (
                forces[0] is Force.ENCOURAGEMENT
                and kind is Kind.POLICY
                and (not causative or _is_issuers_own(marker, clause))
            ):
                forces.append(Force.TASK)
    if forces[:1] == [Force.STATEMENT] and not set(forces) <= {Force.STATEMENT, Force.ENCOURAGEMENT}:
        forces = [force for force in forces if force is not Force.STATEMENT]
    return tuple(dict.fromkeys(forces)) or (Force.STATEMENT,)


def force_words() -> Mapping[str, str]:
    """Return every word of the lists that shows force, and every longer word that only looks like one.

    The value names the list: duty, prohibition, power, encouragement, or look_alike. Tasks (bare verbs) are left out.

    >>> force_words()["应当"], force_words()["适应"]
    ('duty', 'look_alike')
    """
    return {word: sort for word, sort in _words().sort.items() if sort != _BARE}


def _used_words(sentence: str) -> str:
    """The sentence without its number, what it only mentions replaced by □ of the same length."""
    numbering = _NUMBERING.match(sentence)
    text = sentence[numbering.end() :] if numbering else sentence
    return _MENTIONED.sub(lambda found: "□" * len(found.group()), text).strip()


def _whole_sentence(text: str) -> Force | None:
    """The force that decides the whole sentence, if one does."""
    if _PURPOSE.search(text) or _TARGET.match(text):
        return Force.STATEMENT
    if _DEFINITION.search(text):
        return Force.DEFINITION
    if "适用" in text and _SCOPE.search(text):
        return Force.SCOPE
    if _VALIDITY.search(text):
        return Force.VALIDITY
    return None


def _clause_markers(clause: str, following: str) -> list[_Marker]:
    """The markers of one clause that are used at its own level, from the left; of bare verbs only the first."""
    words = _words()
    found = [
        _Marker(match.group(), words.sort[match.group()], match.start(), match.end())
        for match in words.scan.finditer(clause)
    ]
    found = [marker for marker in (_as_verb(marker, clause) for marker in found) if marker.sort != _LOOK_ALIKE]
    if not found:
        return []
    if _CONDITION.search(clause) or _CONDITION_GOES_ON.match(following):
        return []
    if clause.startswith("除") and (clause.endswith("外") or "外" not in clause):
        return []
    modals = [marker for marker in found if marker.sort in _MODALS]
    modals = [marker for marker in modals if not _is_attribute(marker, modals, clause)]
    if modals:
        # 支持产业发展应当遵循市场原则: what stands before the 应当 is its subject.
        return modals + [
            marker
            for number, marker in enumerate(found)
            if marker.sort == "encouragement" and marker.start > modals[0].start and _is_verb(number, found, clause)
        ]
    adverbial = _ADVERBIAL.match(clause) is not None
    kept: list[_Marker] = []
    for number, marker in enumerate(found):
        if marker.sort in _MODALS:
            continue  # an attribute, by now
        if marker.sort == "encouragement":
            is_used = not clause.startswith("为了") and _is_verb(number, found, clause)
        else:
            is_used = not kept and not adverbial and _is_head(number, found, clause)
        if is_used:
            kept.append(marker)
    return kept


def _as_verb(marker: _Marker, clause: str) -> _Marker:
    """The marker as it is used here: 应 is none in 「应当事人的请求」, and 应对 is 应 + 对 in 「应对产品进行检验」."""
    if marker.word == "应" and _AT_REQUEST.match(clause, marker.start):
        return _Marker(marker.word, _LOOK_ALIKE, marker.start, marker.end)
    if marker.word == "应对" and _PERFORMED.search(clause, marker.end, marker.end + 2 * _NEAR):
        return _Marker("应", "duty", marker.start, marker.start + 1)
    return marker


def _is_attribute(modal: _Marker, modals: list[_Marker], clause: str) -> bool:
    """Whether the modal belongs to a noun, not to the clause: 对不得公开的信息, 坚持禁止滥食的原则."""
    is_first = modal.start == modals[0].start
    if modal.word in _NAMED_BY_OTHERS and not is_first:
        return True
    if is_first and clause.endswith("原则") and _PRINCIPLE.search(clause, 0, modal.start):
        return True
    of = clause.find("的", modal.end)
    if of < 0:
        return False
    before = clause[max(0, modal.start - _NEAR) : modal.start]
    if modals[-1].start > of or _ATTRIBUTE_BEFORE.search(before):
        return True
    return not is_first and not before.endswith(_COORDINATION)


def _is_verb(number: int, found: list[_Marker], clause: str) -> bool:
    """Whether 鼓励, 支持, … is the verb of its clause: it has an object and is no object itself."""
    marker = found[number]
    if marker.end == len(clause):
        return False
    previous = found[number - 1] if number else None
    if previous and previous.end == marker.start and previous.sort == _BARE and previous.word not in _words().adverbs:
        return previous.word == "研究"
    return True


def _is_head(number: int, found: list[_Marker], clause: str) -> bool:
    """Whether a bare verb with an object heads its clause: alone, or after adverbs, a subject, 通过…."""
    marker = found[number]
    if marker.end == len(clause) or clause[marker.end] == "的" or _RESULT.search(clause, max(0, len(clause) - _NEAR)):
        return False
    words = _words()
    following = found[number + 1] if number + 1 < len(found) else None
    is_adverb = marker.word in words.adverbs and following is not None and following.start == marker.end
    if is_adverb and following and following.sort == "encouragement":
        return False
    before = clause[: marker.start].rstrip()
    if not before or before.startswith(words.prepositions):
        return True
    for _ in range(_MOST_ADVERBS):
        if not before.endswith(words.adverbs):
            break
        before = before[: -next(len(adverb) for adverb in words.adverbs if before.endswith(adverb))]
    return not before or before.endswith(words.subjects)


def _is_issuers_own(marker: _Marker, clause: str) -> bool:
    """Whether only the issuer can do this: 修订…, 遴选…, 实施…计划."""
    return marker.word in _ISSUERS_OWN or (marker.word == "实施" and clause.endswith(("计划", "工程", "行动")))


@cache
def _words() -> _Words:
    """Reads data/force.toml once."""
    data = tomllib.loads(resources.files("assistant.parsing").joinpath("data/force.toml").read_text(encoding="utf-8"))
    sort = dict.fromkeys(data["tasks"], _BARE)
    for name in ("encouragement", *_MODALS):
        sort.update(dict.fromkeys(data[name], name))
    sort.update(dict.fromkeys(data["look_alikes"], _LOOK_ALIKE))
    by_first: dict[str, list[str]] = {}
    for word in sorted(sort, key=lambda word: (-len(word), word)):
        guard = NOT_DUTY if word.endswith("应") and sort[word] == _LOOK_ALIKE else ""
        by_first.setdefault(word[0], []).append(re.escape(word[1:]) + guard)
    return _Words(
        scan=re.compile("|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items())),
        sort=sort,
        adverbs=tuple(sorted(data["adverbs"], key=lambda word: (-len(word), word))),
        subjects=tuple(data["subject_endings"]),
        prepositions=tuple(data["prepositions"]),
    )
