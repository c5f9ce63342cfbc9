"""How the page says things in Chinese: status, roles, notices and the form of a citation."""

from datetime import date

from assistant.schema import Citation, Kind, Metadata, NoticeKind, Role
from assistant.wording import citation_name, level_words, place_words

ROLE_WORDS = {Role.ENTERPRISE: "企业", Role.STAFF: "工作人员", Role.HOTLINE: "坐席"}
KIND_WORDS = {
    Kind.STATUTE: "法规（分条）",
    Kind.POLICY: "政策文件（一、（一））",
    Kind.CATALOGUE: "目录（表格条目）",
}
# What the units of retrieval of a document are called when they are counted.
UNIT_WORDS = {Kind.STATUTE: "条", Kind.POLICY: "个单元", Kind.CATALOGUE: "个条目"}
NOTICE_WORDS = {
    NoticeKind.JURISDICTION: "适用地域",
    NoticeKind.TIME: "时间效力",
    NoticeKind.FORCE: "规范强度",
    NoticeKind.PREMISE: "问题前提",
    NoticeKind.INSTRUCTION: "夹带的指令",
    NoticeKind.METADATA: "文件信息",
}


def short_date(day: date | None) -> str:
    """Return an ISO date, — for None."""
    return day.isoformat() if day else "—"


def engine_words(engine: str) -> str:
    """Return how an answer was made."""
    if engine == "extractive":
        return "逐字摘录，未使用语言模型"
    return f"语言模型 {engine.removeprefix('llm:')} 组织文字，逐句核对"


def citation_with_quote(citation: Citation) -> str:
    """Return a citation with its exact words, for pasting: 《…》第三十条：“…”."""
    return f"{citation_name(citation)}：“{citation.quote}”"


def document_id(provision_id: str) -> str:
    """Return the document an id belongs to: "gd-transfer-2025:a30" → "gd-transfer-2025"."""
    return provision_id.partition(":")[0]


def facts(metadata: Metadata) -> str:
    """Return the known facts that identify a document in one line: level, number, place."""
    known = [level_words(metadata.level), metadata.number, place_words(metadata.jurisdiction)]
    return " · ".join(part for part in known if part)
