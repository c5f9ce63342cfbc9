"""What an operator still has to ask the caller before an answer holds, each with the reason in the quoted provision."""

from dataclasses import dataclass

from assistant.places import place_words
from assistant.schema import WHOLE_COUNTRY, Answer, ConditionState
from assistant.wording import citation_name, date_words

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
    found = [*_place(answer, region), *_day(answer, dated), *_move(answer), *_quoted(answer), *_gaps(answer)]
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


def _quoted(answer: Answer) -> list[Condition]:
    """Ask for each condition that a quote sets and the caller has not spoken of, in its words."""
    cited = {one.key: citation_name(one) for one in answer.citations}
    return [
        Condition(f"是否属于“{one.text}”？", f"{cited[one.key]}以此为条件。")
        for one in answer.conditions
        if one.state is ConditionState.NOT_SAID
    ]


def _gaps(answer: Answer) -> list[Condition]:
    """Ask what is behind a part that has no ground, where something else has: it goes onto the transfer sheet."""
    if not answer.citations or not answer.missing:
        return []
    named = "；".join(answer.missing)
    return [Condition(f"还要了解的是不是：{named}？", "收录的文件里没有写明，记下来转承办单位答复。")]
