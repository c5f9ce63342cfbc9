"""How the page says things in Chinese: status, roles, notices and the form of a citation."""

import re
from datetime import date

from assistant.places import place_words
from assistant.schema import Citation, Kind, Metadata, Role
from assistant.wording import citation_name, level_words

ROLE_WORDS = {Role.ENTERPRISE: "企业", Role.STAFF: "工作人员", Role.HOTLINE: "坐席"}
KIND_WORDS = {
    Kind.STATUTE: "法规（分条）",
    Kind.POLICY: "政策文件（一、（一））",
    Kind.CATALOGUE: "目录（表格条目）",
}
# What the units of retrieval of a document are called when they are counted.
UNIT_WORDS = {Kind.STATUTE: "条", Kind.POLICY: "个部分", Kind.CATALOGUE: "个条目"}
# A day as people write it: matches "2025-03-01", "2025年3月1日", "2025/3/1", "2025.3.1"; refuses "2025-03", "3月1日".
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def read_day(text: str) -> date:
    """Return the day that `text` names, digits of full width included.

    Raises:
        ValueError: when it names none.

    >>> read_day("2025年3月1日")
    datetime.date(2025, 3, 1)
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a day: {text!r}")
    year, month, day = (int(number) for number in match.groups())
    return date(year, month, day)


def short_date(day: date | None) -> str:
    """Return an ISO date, — for None."""
    return day.isoformat() if day else "—"


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
