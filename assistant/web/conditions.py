"""What an operator still has to ask the caller before an answer holds, each with the reason in the quoted provision."""

import re
from dataclasses import dataclass

from assistant.places import place_words
from assistant.schema import WHOLE_COUNTRY, Answer, Citation
from assistant.wording import citation_name, date_words

# A condition of a provision, as legal Chinese writes it: a clause that ends in 的 before a comma. Matches 企业整体搬迁
# in "企业整体搬迁的，应当…"; refuses "地区的企业，" (a noun follows 的) and "A的，B的，" beyond the first comma.
_CONDITION = re.compile(r"(?:^|[。；，：\n]|条[ \u3000]|（[一二三四五六七八九十]+）)([^。；，：（）\s]{2,40})的，")
# Conditions that are not the caller's: sanctions and enumerations.
_NOT_ASKED = ("违反", "未", "有下列", "法律", "前款", "本条例", "另有规定")
_SIDES = ("产业转出地", "产业承接地", "转出地", "承接地")
MAX_CONDITIONS = 6  # more cannot be asked in a call


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing to ask the caller.

    Attributes:
        ask: the question, as it can be put to the caller.
        reason: why the answer hangs on it, naming the provision.
    """

    ask: str
    reason: str


def open_conditions(answer: Answer, *, region: str = "", dated: bool = False) -> tuple[Condition, ...]:
    """Return what is still to be asked, the most decisive first, at most `MAX_CONDITIONS`.

    `region` is the caller's place as typed, "" for not said; `dated` says whether the day of the matter was given.
    """
    found = [*_place(answer, region), *_day(answer, dated), *_move(answer), *_quoted(answer.citations), *_gaps(answer)]
    first: dict[str, Condition] = {}
    for condition in found:
        first.setdefault(condition.ask, condition)
    return tuple(first.values())[:MAX_CONDITIONS]


def _place(answer: Answer, region: str) -> list[Condition]:
    local = next((one for one in answer.citations if one.jurisdiction not in ("", WHOLE_COUNTRY)), None)
    if local is None or region.strip():
        return []
    return [
        Condition("您（企业）在哪个省、哪个市？", f"《{local.document}》只适用于{place_words(local.jurisdiction)}。")
    ]


def _day(answer: Answer, dated: bool) -> list[Condition]:
    since = next((one for one in answer.citations if one.validity.since), None)
    if since is None or dated or since.validity.since is None:
        return []
    day = date_words(since.validity.since)
    return [Condition("事情发生在哪一天，还是准备要办？", f"《{since.document}》自{day}起施行；按今天判断。")]


def _move(answer: Answer) -> list[Condition]:
    """Ask from where to where, once a quote tells the two sides of a transfer apart and the question names neither."""
    if any(word in answer.question for word in (*_SIDES, "搬到", "迁到", "转移到", "迁往", "迁入", "搬往")):
        return []
    for citation in answer.citations:
        if any(side in citation.quote for side in _SIDES):
            return [
                Condition("从哪里转出，转到哪里？", f"{citation_name(citation)}对产业转出地和产业承接地分别作了规定。")
            ]
    return []


def _quoted(citations: tuple[Citation, ...]) -> list[Condition]:
    """Ask for each condition that a quote itself sets, in its words."""
    return [
        Condition(f"是否属于“{words}”？", f"{citation_name(citation)}以此为条件。")
        for citation in citations
        for words in _CONDITION.findall(citation.quote)
        if not words.startswith(_NOT_ASKED)
    ]


def _gaps(answer: Answer) -> list[Condition]:
    """Ask what is behind a part that has no ground, where something else has: it goes onto the transfer sheet."""
    if not answer.citations or not answer.missing:
        return []
    named = "；".join(answer.missing)
    return [Condition(f"还要了解的是不是：{named}？", "收录的文件里没有写明，记下来转承办单位答复。")]
