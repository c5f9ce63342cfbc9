"""An answer as HTML. Every word that comes from a question or a document passes `escape`."""

from collections.abc import Mapping, Sequence

from assistant.schema import Answer, Carried, CarriedKind, Metadata, Notice, Statement, Status
from assistant.web.cards import Nearest, render_cards, render_nearest
from assistant.web.copying import copy_answer
from assistant.web.escape import escape
from assistant.web.lines import copy_button, sign, status_pill
from assistant.web.statements import (
    render_conditions,
    render_missing,
    render_responsible,
    render_statements,
    render_verified,
    sentence,
)
from assistant.wording import NOTICE_WORDS, STATUS_WORDS, engine_words

_CARRIED_WORDS = {
    CarriedKind.DOCUMENT: "文件",
    CarriedKind.PROVISION: "条文",
    CarriedKind.PLACE: "地区",
    CarriedKind.DATE: "日期",
    CarriedKind.TOPIC: "话题",
}
AFRESH = "#yj-afresh"  # the hidden button that asks again without what was carried over


def render_answer(
    answer: Answer,
    shelf: Mapping[str, Metadata],
    nearest: Sequence[Nearest] = (),
    *,
    spoken_first: bool = False,
    earlier: bool = False,
) -> str:
    """Return the result block: status, notices, sentences with marks, and a card for each citation or near provision.

    `shelf` is the metadata of the held documents by id, for level and number on the cards; `nearest` the provisions of
    `answer.nearest`, resolved. `spoken_first` opens what an operator can read out and puts it above the answer.
    `earlier` is for an answer further back in a dialogue: its question stands above it already.
    """
    spoken, missing = _spoken(answer.spoken, unfolded=spoken_first), render_missing(answer)
    stated, table = render_statements(answer), f"{render_conditions(answer)}{render_responsible(answer)}"
    # What the documents do not say stands before what they do say, and after the word that they say nothing.
    body = [stated, missing] if answer.status is Status.ABSTAINED else [missing, stated]
    body = [spoken, *body, table] if spoken_first else [*body, table, spoken]
    said = [statement.text for statement in answer.statements]
    head = [_status(answer, titled=not earlier), _carried(answer.carried, drop=not earlier)]
    left = [*head, render_notices(answer.notices), *body, _foot(answer)]
    return (
        f'<section class="yj-result yj-{answer.status.value}" aria-label="回答" data-said="{escape(_aloud(answer))}">'
        f'<div class="yj-main">{"".join(left)}</div>'
        f'<div class="yj-side">{render_cards(answer, shelf, said)}{render_nearest(nearest)}</div>'
        "</section>"
    )


def render_growing(question: str, statements: Sequence[Statement], engine: str, *, shown: bool = True) -> str:
    """Return the result block while a language model is writing: the sentences verified so far.

    `shown` False counts them only: where a record is kept, nothing is shown before it is recorded.
    """
    count = f"已核对通过 {len(statements)} 句" if statements else "正在检索和组织回答"
    body = f'<div class="yj-answer">{render_verified(statements)}</div>' if shown else ""
    aloud = statements[-1].text if statements and shown else count
    return (
        f'<section class="yj-result yj-growing" aria-label="正在回答" aria-busy="true" data-said="{escape(aloud)}">'
        f'<div class="yj-main"><header class="yj-status"><span class="yj-pill yj-pill-busy">{count}……</span></header>'
        f'<h2 class="yj-question">{escape(question)}</h2>{body}'
        f'<p class="yj-foot" data-waiting>{escape(engine)}，每句核对通过后才显示</p></div></section>'
    )


def render_notices(notices: Sequence[Notice]) -> str:
    """Return the words of warning of an answer as a list, "" without any."""
    if not notices:
        return ""
    rows = "".join(
        f'<li data-kind="{notice.kind.value}">{sign("warn")}<strong>{NOTICE_WORDS[notice.kind]}</strong>'
        f"<span>{escape(sentence(notice.text))}</span></li>"
        for notice in notices
    )
    return f'<ul class="yj-notices" aria-label="提示">{rows}</ul>'


def _status(answer: Answer, *, titled: bool) -> str:
    title = f'<h2 class="yj-question">{escape(answer.question)}</h2>' if titled else ""
    return (
        '<header class="yj-status">'
        f"{status_pill(answer.status)}"
        f'<span class="yj-searched">共检索 {answer.searched} 份文件</span>'
        f"{copy_button(copy_answer(answer), '复制回答', '复制回答和全部依据')}"
        f"</header>{title}"
    )


def _carried(carried: Sequence[Carried], *, drop: bool) -> str:
    """Return what was kept of earlier questions, with a button that drops it; "" for nothing."""
    if not carried:
        return ""
    kept = "".join(
        f'<span class="yj-kept"><small>{_CARRIED_WORDS[one.kind]}</small>{escape(one.text)}</span>' for one in carried
    )
    button = (
        f'<button type="button" class="yj-copy" data-press="{AFRESH}" '
        'aria-label="新话题：不沿用上文，重新回答这个问题">新话题，不沿用</button>'
        if drop
        else ""
    )
    return f'<p class="yj-carried"><strong>沿用上文</strong>{kept}{button}</p>'


def _spoken(spoken: str, *, unfolded: bool) -> str:
    if not spoken:
        return ""
    return (
        f'<details class="yj-spoken"{" open" if unfolded else ""}><summary>坐席口径（{len(spoken)} 字）</summary>'
        f"<p>{escape(spoken)}</p>{copy_button(spoken, '复制口径', '复制坐席口径')}</details>"
    )


def _foot(answer: Answer) -> str:
    made = f"{escape(engine_words(answer.engine))} · 点开编号可看原文 · " if answer.citations else ""
    figures = answer.generation
    wrote = ""
    if figures is not None and figures.written:
        wrote = (
            f'<p class="yj-foot">语言模型写了 {figures.written} 句：能与条文比对 {figures.checked} 句'
            f"（{figures.coverage:.0%}），其中通过 {figures.verified} 句（{figures.pass_rate:.0%}），"
            f"没有通过的 {figures.withheld} 句没有显示</p>"
        )
    sent = ""
    if answer.sent_to:
        sent = f'<p class="yj-foot">问题遮盖个人信息后，连同所引条文发往 {escape(answer.sent_to)}</p>'
    return f'{wrote}{sent}<p class="yj-foot">{made}内容供参考，以文件正式文本为准</p>'


def _aloud(answer: Answer) -> str:
    """Return what a screen reader says when the answer has come."""
    told = [STATUS_WORDS[answer.status], f"依据{len(answer.citations)}条"]
    told += [f"提示{len(answer.notices)}条"] if answer.notices else []
    told += [f"没有写明：{'、'.join(answer.missing)}"] if answer.missing else []
    return "，".join(told) + "。"
