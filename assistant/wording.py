"""How validity, level and force are said in Chinese, in answers, on the page and on the command line."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from assistant.errors import SettingsError
from assistant.places import place_words, places_words
from assistant.schema import (
    Carried,
    CarriedKind,
    CheckReport,
    CheckStatus,
    Citation,
    ConditionState,
    Content,
    Finding,
    Force,
    Kind,
    LeftOut,
    Level,
    LinkState,
    NoticeKind,
    Reason,
    Status,
    Target,
    Validity,
    ValidityState,
    Verdict,
)

LEVEL_NAMES: Mapping[Level, str] = MappingProxyType(
    {
        Level.CONSTITUTION: "宪法",
        Level.LAW: "法律",
        Level.ADMINISTRATIVE_REGULATION: "行政法规",
        Level.SUPERVISORY_REGULATION: "监察法规",
        Level.JUDICIAL_INTERPRETATION: "司法解释",
        Level.LOCAL_REGULATION: "地方性法规",
        Level.SPECIAL_ZONE_REGULATION: "经济特区法规",
        Level.AUTONOMOUS_REGULATION: "自治条例和单行条例",
        Level.DEPARTMENT_RULE: "部门规章",
        Level.LOCAL_RULE: "地方政府规章",
        Level.STATE_COUNCIL_DOCUMENT: "国务院规范性文件",
        Level.DEPARTMENT_DOCUMENT: "部门规范性文件",
        Level.LOCAL_DOCUMENT: "地方规范性文件",
    }
)
FORCE_NAMES: Mapping[Force, str] = MappingProxyType(
    {
        Force.DUTY: "义务（应当）",
        Force.PROHIBITION: "禁止（不得）",
        Force.POWER: "权限（可以）",
        Force.ENCOURAGEMENT: "鼓励支持",
        Force.TASK: "工作部署",
        Force.DEFINITION: "定义",
        Force.SCOPE: "适用范围",
        Force.VALIDITY: "施行效力",
        Force.STATEMENT: "陈述",
    }
)
KIND_NAMES: Mapping[Kind, str] = MappingProxyType(
    {Kind.STATUTE: "法规", Kind.POLICY: "政策文件", Kind.CATALOGUE: "目录"}
)
CARRIED_NAMES: Mapping[CarriedKind, str] = MappingProxyType(
    {
        CarriedKind.DOCUMENT: "文件",
        CarriedKind.PROVISION: "条文",
        CarriedKind.PLACE: "地点",
        CarriedKind.DATE: "日期",
        CarriedKind.TOPIC: "话题",
    }
)
# Where a reference leads, said only where it leads nowhere or to several places.
LINK_STATE_WORDS = {
    LinkState.HELD: "",
    LinkState.NOT_HELD: "未收录",
    LinkState.NO_SUCH: "收录的文本里没有这一条款",
    LinkState.AMBIGUOUS: "可能指以下几处之一",
}
STATUS_WORDS = {Status.ANSWERED: "有依据", Status.PARTIAL: "部分有依据", Status.ABSTAINED: "未找到依据"}
# A sign beside the words, so that nothing hangs on colour; all are in GB 2312, as consoles and old fonts may need.
STATUS_SIGNS = {Status.ANSWERED: "√", Status.PARTIAL: "△", Status.ABSTAINED: "○"}
NOTICE_WORDS: Mapping[NoticeKind, str] = MappingProxyType(
    {
        NoticeKind.JURISDICTION: "适用地域",
        NoticeKind.TIME: "时间效力",
        NoticeKind.FORCE: "规范强度",
        NoticeKind.PREMISE: "问题前提",
        NoticeKind.INSTRUCTION: "夹带的指令",
        NoticeKind.METADATA: "文件信息",
    }
)
CONDITION_WORDS = {
    ConditionState.MET: "符合",
    ConditionState.NOT_MET: "不符合",
    ConditionState.NOT_SAID: "未说明",
}
CONDITION_SIGNS = {ConditionState.MET: "√", ConditionState.NOT_MET: "×", ConditionState.NOT_SAID: "？"}
UNVERIFIED_METADATA = "元数据未核实"
# What became of a citation. A document that is not held is not called wrong, let alone invented.
CHECK_STATUS_WORDS: Mapping[CheckStatus, str] = MappingProxyType(
    {
        CheckStatus.OK: "核对无误",
        CheckStatus.NO_SUCH_ARTICLE: "没有这一条（部分、条目）",
        CheckStatus.NO_SUCH_PARAGRAPH: "没有这一款（自然段）",
        CheckStatus.NO_SUCH_ITEM: "没有这一项（目）",
        CheckStatus.NOT_IN_CORPUS: "正文未收录，无法核对",
        CheckStatus.AMBIGUOUS: "所指不止一处，未能核对",
        CheckStatus.NOT_IN_FORCE: "当日非现行有效",
        CheckStatus.REPEALED: "当日已废止",
        CheckStatus.QUOTE_ALTERED: "与原文不一致",
        CheckStatus.QUOTE_ELSEWHERE: "引文不在此处",
        CheckStatus.TITLE_MISMATCH: "文件名称不符",
        CheckStatus.UNRESOLVED_REFERENCE: "指代不明，未能核对",
    }
)
VERDICT_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "通过",
        Verdict.FAIL: "不通过",
        Verdict.INCOMPLETE: "未能全部核验",
        Verdict.NOTHING_TO_CHECK: "没有可核对的引用，不等于通过",
    }
)
CONTENT_UNCHECKED = "位置存在，内容未核"
AS_OF_WORDS = {"given": "指定的日期", "text": "取自文中", "today": "今天"}
# A sign for each worth of a finding, so that nothing hangs on colour; all three are in GB 2312, as consoles may need.
FINDING_SIGNS = {"ok": "√", "bad": "×", "open": "？"}


def date_words(day: date) -> str:
    """Return a date as a document writes it: 2025年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def validity_words(validity: Validity) -> str:
    """Return one phrase on whether a document is in force: 现行有效，自2025年3月1日起施行."""
    since = f"自{date_words(validity.since)}起施行" if validity.since else ""
    until = date_words(validity.until) if validity.until else ""
    match validity.state:
        case ValidityState.IN_FORCE:
            return "，".join(part for part in ("现行有效", since, f"有效期至{until}" if until else "") if part)
        case ValidityState.NOT_YET:
            return f"尚未施行，{since}" if since else "尚未公布施行"
        case ValidityState.REPEALED:
            return f"已废止（{until}起）"
        case ValidityState.EXPIRED:
            return f"已失效（有效期至{until}）"
        case ValidityState.UNKNOWN:
            return "未载明有效期，未见废止信息"


def citation_name(citation: Citation) -> str:
    """Return a citation as a lawyer writes it: 《广东省促进产业有序转移条例》第三十条; out of force, with its year.

    A version that is not in force on the date asked must not be mistaken for the one that is.
    """
    validity = citation.validity
    out = validity.state in (ValidityState.NOT_YET, ValidityState.REPEALED, ValidityState.EXPIRED)
    year = f"（{validity.since.year}年）" if out and validity.since else ""
    return f"《{citation.document}》{year}{citation.label}"


def target_name(target: Target) -> str:
    """Return how what a reference leads to is named: 《土地管理法》第四十四条; a whole document by its title."""
    return f"《{target.title}》{target.label}"


def level_words(level: Level | None) -> str:
    """Return the name of a level, 位阶未知 for None."""
    return LEVEL_NAMES[level] if level else "位阶未知"


def level_named(name: str) -> Level:
    """Return the level of this name: 地方性法规, or local_regulation.

    Raises:
        SettingsError: no level has it.
    """
    for level, words in LEVEL_NAMES.items():
        if name.strip() in (words, level.value):
            return level
    raise SettingsError(f"没有叫“{name}”的位阶。可以写：{'、'.join(LEVEL_NAMES.values())}")


def kind_named(name: str) -> Kind:
    """Return the kind of document of this name: 法规, 政策, 目录, or statute, policy, catalogue.

    Raises:
        SettingsError: no kind has it.
    """
    for kind, words in KIND_NAMES.items():
        if name.strip() in (words, words.removesuffix("文件"), kind.value):
            return kind
    raise SettingsError(f"没有叫“{name}”的文件种类。可以写：法规、政策、目录")


def engine_words(engine: str) -> str:
    """Return how an answer was made."""
    if engine == "extractive":
        return "逐字摘自文件，未经改写"
    return f"语言模型 {engine.removeprefix('llm:')} 组织文字，逐句核对"


def force_words(force: tuple[Force, ...]) -> str:
    """Return the names of forces, the governing one first."""
    return "、".join(FORCE_NAMES[one] for one in force)


def carried_words(carried: Sequence[Carried]) -> str:
    """Return what a follow-up kept of the dialogue: 地点 佛山、湖南；话题 海关信用等级还算数吗."""
    kinds = dict.fromkeys(one.kind for one in carried)
    return "；".join(f"{CARRIED_NAMES[kind]} {'、'.join(o.text for o in carried if o.kind is kind)}" for kind in kinds)


def left_out_words(left_out: LeftOut, regions: Sequence[str]) -> str:
    """Return one phrase on a provision that a search left out: 《…》第三条适用于广东省深圳市，不适用于广东省佛山市."""
    name = f"《{left_out.title}》{left_out.provision.label}"
    match left_out.reason:
        case Reason.JURISDICTION:
            return f"{name}适用于{place_words(left_out.jurisdiction)}，不适用于{places_words(regions)}"
        case Reason.TIME:
            return f"{name}在{date_words(left_out.validity.as_of)}不能适用：{validity_words(left_out.validity)}"
        case Reason.VERSION:
            return f"{name}不是所问的版本（{validity_words(left_out.validity)}）"
        case Reason.KIND:
            return f"{name}属于{KIND_NAMES[left_out.kind]}，不在所选的文件种类中"
        case Reason.LEVEL:
            return f"{name}是{level_words(left_out.level)}，不在所选的位阶中"


def finding_worth(finding: Finding) -> str:
    """Return what a finding is worth in one word: "ok", "bad" (it is wrong) or "open" (it could not be settled)."""
    if not finding.settled:
        return "open"
    return "ok" if finding.status is CheckStatus.OK else "bad"


def finding_words(finding: Finding) -> str:
    """Return the status of a finding in words: 核对无误; of a paraphrase in a place that exists, 位置存在，内容未核."""
    unchecked = finding.status is CheckStatus.OK and finding.content is Content.UNCHECKED
    return CONTENT_UNCHECKED if unchecked else CHECK_STATUS_WORDS[finding.status]


def coverage_words(report: CheckReport) -> str:
    """Return how much of what was found was checked: 发现 7 处引用，核验 6 处."""
    return f"发现 {len(report.findings)} 处引用，核验 {report.checked} 处"


def as_of_words(report: CheckReport) -> str:
    """Return the date that validity was judged on and where it comes from: 效力按2025年3月1日判断（取自文中）."""
    return f"效力按{date_words(report.as_of)}判断（{AS_OF_WORDS.get(report.as_of_from, report.as_of_from)}）"
