"""What the desk shows beside the spoken version: what to ask, what has no ground, who handles it, and the articles."""

from collections.abc import Mapping, Sequence

from assistant.schema import Answer, Metadata, Status
from assistant.serving.audit_store import Head
from assistant.serving.contacts import Contact
from assistant.web.cards import Nearest, render_cards, render_nearest
from assistant.web.conditions import Condition
from assistant.web.escape import escape
from assistant.web.lines import copy_button, status_pill
from assistant.web.render import render_notices
from assistant.wording import STATUS_WORDS

# What each key does; the page's script acts on them and this line tells the operator.
KEYS = (
    ("Alt+1", "提问"),
    ("Alt+2", "复制口径"),
    ("Alt+3", "转办单"),
    ("Alt+4", "打开第一条依据"),
    ("Alt+5", "核对一段话"),
    ("Alt+0", "下一位来电人"),
    ("Esc", "关闭原文"),
)
NOT_CONFIGURED = "未配置"
HEAD_CHARS = 12  # of the record's head hash: enough to compare over the phone


def render_keys() -> str:
    """Return the line that documents the keys."""
    rows = "".join(f"<li><kbd>{key}</kbd>{words}</li>" for key, words in KEYS)
    return f'<ul class="yj-keys" aria-label="快捷键">{rows}</ul>'


def render_call(answer: Answer) -> str:
    """Return the head of a call: how much has a ground, and the warnings that go with it."""
    said = f"{STATUS_WORDS[answer.status]}。口径{len(answer.spoken)}字，依据{len(answer.citations)}条。"
    return (
        f'<section class="yj-call yj-{answer.status.value}" data-said="{escape(said)}" aria-label="答复">'
        f'<header class="yj-status">{status_pill(answer.status)}'
        f'<span class="yj-searched">共检索 {answer.searched} 份文件</span></header>'
        f'<h2 class="yj-question">{escape(answer.question)}</h2>{render_notices(answer.notices)}</section>'
    )


def render_count(spoken: str) -> str:
    """Return the number of characters of what is read out; the page's script keeps it right while it is edited."""
    return f'<p class="yj-count" id="yj-desk-count">{len(spoken)} 字</p>'


def render_beside(
    answer: Answer,
    shelf: Mapping[str, Metadata],
    nearest: Sequence[Nearest],
    conditions: Sequence[Condition],
    contact: Contact | None,
) -> str:
    """Return what stands below the spoken version: the operator's notes on the left, the articles on the right."""
    notes = f"{_ask(conditions)}{_no_ground(answer)}{_handled_by(answer, contact)}"
    return (
        f'<section class="yj-result yj-beside" aria-label="依据和待办"><div class="yj-notes">{notes}</div>'
        f'<div class="yj-side">{render_cards(answer, shelf, ())}{render_nearest(nearest)}</div></section>'
    )


def no_ground_words(answer: Answer) -> str:
    """Return what to say of the part that has no ground, "" where everything has one."""
    if answer.status is Status.ABSTAINED:
        return "这个问题收录的文件里没有规定，我不能推测答复；可以为您登记，转承办单位答复。"
    if not answer.missing:
        return ""
    return f"关于{'、'.join(answer.missing)}，收录的文件里没有写明，我不能推测答复；可以为您登记，转承办单位答复。"


def responsible_bodies(answer: Answer) -> dict[str, str]:
    """Return the public bodies that the provisions make responsible, each with where it stands."""
    titles = {one.provision.partition(":")[0]: one.document for one in answer.citations}
    return {
        one.body: f"《{titles[doc_id]}》{one.label}"
        if (doc_id := one.provision.partition(":")[0]) in titles
        else one.label
        for one in answer.responsible
    }


def render_record(head: Head | None) -> str:
    """Return the line on the record: how many entries, and the head of their chain shortened; "" without a record."""
    if head is None:
        return ""
    short = f'<code title="{escape(head.hash)}">{escape(head.hash[:HEAD_CHARS])}</code>'
    return f'<p class="yj-record" role="note">留痕已开启 · 共 {head.count} 条 · 链头 {short}</p>'


def _ask(conditions: Sequence[Condition]) -> str:
    if not conditions:
        return ""
    rows = "".join(f"<li><b>{escape(one.ask)}</b><small>{escape(one.reason)}</small></li>" for one in conditions)
    return f'<section class="yj-note"><h3>还要问清</h3><ul>{rows}</ul></section>'


def _no_ground(answer: Answer) -> str:
    words = no_ground_words(answer)
    if not words:
        return ""
    return (
        f'<section class="yj-note yj-groundless"><h3>无依据</h3><p>{escape(words)}</p>'
        f"{copy_button(words, '复制这句', '复制无依据的说法')}</section>"
    )


def _handled_by(answer: Answer, contact: Contact | None) -> str:
    bodies = "".join(
        f"<li><b>{escape(body)}</b><small>{escape(name)}</small></li>"
        for body, name in responsible_bodies(answer).items()
    )
    named = f'<p class="yj-facts">条文写明的责任主体</p><ul>{bodies}</ul>' if bodies else ""
    if contact is None:
        entry = f'<p><span class="yj-badge yj-plain">{NOT_CONFIGURED}</span> 没有为这个地区和事项配置承办单位。</p>'
    else:
        phone = copy_button(contact.phone, contact.phone, f"复制电话 {contact.phone}") if contact.phone else ""
        entry = f"<p><b>{escape(contact.department)}</b> {phone}</p>"
    return f'<section class="yj-note"><h3>谁来办</h3>{named}<p class="yj-facts">承办单位</p>{entry}</section>'
