"""An answer as HTML. Every word that comes from a question or a document passes `escape`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.places import place_words
from assistant.schema import Answer, Citation, Metadata, Notice, Statement, Status, Validity, ValidityState
from assistant.web.escape import escape, plain
from assistant.web.words import (
    NOTICE_WORDS,
    citation_with_quote,
    document_id,
    engine_words,
    facts,
)
from assistant.wording import STATUS_WORDS, UNVERIFIED_METADATA, citation_name, force_words, validity_words

# A numbered mark: matches "[1]" and "[12]"; refuses "[a]" and "[]".
_MARK = re.compile(r"\[(\d{1,3})\]")
_UNVERIFIED = "未核实"
_NOTHING = "收录的文件里没有能回答这个问题的规定。"
_MISSING = {
    Status.ANSWERED: "文件中没有写明",
    Status.PARTIAL: "文件中没有写明",
    Status.ABSTAINED: "没有找到",
}


@dataclass(frozen=True, slots=True)
class Nearest:
    """A provision to look at when nothing speaks to the question."""

    id: str
    title: str
    label: str
    text: str


def render_answer(
    answer: Answer, shelf: Mapping[str, Metadata], nearest: Sequence[Nearest] = (), *, spoken_first: bool = False
) -> str:
    """Return the result block: status, notices, sentences with marks, and a card for each citation or near provision.

    `shelf` is the metadata of the held documents by id, for level and number on the cards; `nearest` the provisions of
    `answer.nearest`, resolved. `spoken_first` opens what an operator can read out and puts it above the answer.
    """
    spoken, missing = _spoken(answer.spoken, unfolded=spoken_first), _missing(answer)
    # What the documents do not say stands before what they do say, and after the word that they say nothing.
    stated = [_statements(answer), missing] if answer.status is Status.ABSTAINED else [missing, _statements(answer)]
    body = [spoken, *stated] if spoken_first else [*stated, spoken]
    said = [statement.text for statement in answer.statements]
    left = [_status(answer), render_notices(answer.notices), *body, _foot(answer)]
    return (
        f'<section class="yj-result yj-{answer.status.value}" aria-label="回答">'
        f'<div class="yj-main">{"".join(left)}</div>'
        f'<div class="yj-side">{render_cards(answer, shelf, said)}{render_nearest(nearest)}</div>'
        "</section>"
    )


def copy_answer(answer: Answer) -> str:
    """Return the answer for pasting: its sentences with their marks, then the grounds they stand on."""
    lines = [f"问：{answer.question}", f"答（{STATUS_WORDS[answer.status]}）："]
    if answer.statements:
        for statement in answer.statements:
            marks = "".join(f"[{key}]" for key in _unmarked(statement))
            doubt = "" if statement.verified else f"（{_UNVERIFIED}）"
            lines.append(f"{statement.text}{marks}{doubt}")
    else:
        lines.append(_unstated(answer))
    if answer.missing:
        lines.append(f"{_MISSING[answer.status]}：{'、'.join(answer.missing)}。")
    lines += [f"提示（{NOTICE_WORDS[notice.kind]}）：{_sentence(notice.text)}" for notice in answer.notices]
    if answer.citations:
        lines.append("依据：")
        lines += [
            f"[{citation.key}] {citation_with_quote(citation)}（{validity_words(citation.validity)}）"
            for citation in answer.citations
        ]
    return "\n".join(lines)


def render_hint(text: str) -> str:
    """Return a line that says what to do next; nothing went wrong."""
    return f'<p class="yj-hint" role="status">{escape(text)}</p>'


def render_error(text: str) -> str:
    """Return a line that says what went wrong and what to do about it."""
    return f'<p class="yj-error" role="alert">{escape(text)}</p>'


def render_done(text: str) -> str:
    """Return a line that says what was done."""
    return f'<p class="yj-done" role="status">{escape(text)}</p>'


def copy_button(text: str, words: str, label: str) -> str:
    """Return a button that copies `text`; `words` stand on it and `label` is read aloud."""
    return (
        f'<button type="button" class="yj-copy" data-copy="{escape(text)}" aria-label="{escape(label)}">'
        f"{escape(words)}</button>"
    )


def validity_badge(validity: Validity) -> str:
    """Return the validity as a coloured phrase; the words carry the meaning, the colour repeats it."""
    tone = {
        ValidityState.IN_FORCE: "good",
        ValidityState.NOT_YET: "warn",
        ValidityState.REPEALED: "bad",
        ValidityState.EXPIRED: "bad",
        ValidityState.UNKNOWN: "plain",
    }[validity.state]
    as_of = f"按{validity.as_of.isoformat()}判断"
    return f'<span class="yj-badge yj-{tone}" title="{as_of}">{escape(validity_words(validity))}</span>'


def _status(answer: Answer) -> str:
    return (
        '<header class="yj-status" role="status">'
        f'<span class="yj-pill">{STATUS_WORDS[answer.status]}</span>'
        f'<span class="yj-searched">共检索 {answer.searched} 份文件</span>'
        f"{copy_button(copy_answer(answer), '复制回答', '复制回答和全部依据')}"
        f"</header>"
        f'<h2 class="yj-question">{escape(answer.question)}</h2>'
    )


def _missing(answer: Answer) -> str:
    if not answer.missing:
        return ""
    after = "。与此有关的规定是：" if answer.statements else "。"
    return f'<p class="yj-missing">{_MISSING[answer.status]}：{escape("、".join(answer.missing))}{after}</p>'


def render_notices(notices: Sequence[Notice]) -> str:
    """Return the words of warning of an answer as a list, "" without any."""
    if not notices:
        return ""
    rows = "".join(
        f"<li><strong>{NOTICE_WORDS[notice.kind]}</strong>{escape(_sentence(notice.text))}</li>" for notice in notices
    )
    return f'<ul class="yj-notices" aria-label="提示">{rows}</ul>'


def _statements(answer: Answer) -> str:
    names = {citation.key: citation_name(citation) for citation in answer.citations}
    if not answer.statements:
        paragraphs = [part for part in _unstated(answer).split("\n") if part.strip()]
        body = "".join(f"<p>{_with_marks(part, names)}</p>" for part in paragraphs)
    else:
        body = "".join(_statement(statement, names) for statement in answer.statements)
    return f'<div class="yj-answer">{body}</div>'


def _statement(statement: Statement, names: Mapping[int, str]) -> str:
    text = _with_lead(statement, names)
    marks = "".join(_mark(key, names) for key in _unmarked(statement))
    if statement.verified:
        return f'<p class="yj-verified">{text}{marks}</p>'
    warning = '<span class="yj-doubt">未核实：没有文件原文支持这句话</span>'
    return f'<p class="yj-unverified">{text}{marks}{warning}</p>'


def _unstated(answer: Answer) -> str:
    """Return the words of an answer without statements."""
    return _NOTHING if answer.status is Status.ABSTAINED else plain(answer.answer)


def _with_lead(statement: Statement, names: Mapping[int, str]) -> str:
    """Return the text of a statement; where it begins with the place it quotes, that is set apart."""
    lead = next((f"{names[key]}：" for key in statement.citations if key in names), "")
    if not lead or not statement.text.startswith(lead):
        return _with_marks(statement.text, names)
    return f'<span class="yj-where">{escape(lead)}</span>{_with_marks(statement.text[len(lead) :], names)}'


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"


def _unmarked(statement: Statement) -> list[int]:
    """Return the citations of a statement whose mark does not stand in its text already."""
    written = {int(number) for number in _MARK.findall(statement.text)}
    return [key for key in statement.citations if key not in written]


def _with_marks(text: str, names: Mapping[int, str]) -> str:
    """Return `text` escaped, with [n] turned into a button where n is a citation of this answer."""
    parts: list[str] = []
    position = 0
    for match in _MARK.finditer(text):
        key = int(match.group(1))
        if key in names:
            parts += [escape(text[position : match.start()]), _mark(key, names)]
            position = match.end()
    return "".join([*parts, escape(text[position:])])


def _mark(key: int, names: Mapping[int, str]) -> str:
    if key not in names:
        return escape(f"[{key}]")
    label = escape(f"打开依据{key}：{names[key]}")
    return f'<button type="button" class="yj-mark" data-open="c:{key}" aria-label="{label}">[{key}]</button>'


def _spoken(spoken: str, *, unfolded: bool) -> str:
    if not spoken:
        return ""
    return (
        f'<details class="yj-spoken"{" open" if unfolded else ""}><summary>坐席口径</summary>'
        f"<p>{escape(spoken)}</p>{copy_button(spoken, '复制口径', '复制坐席口径')}</details>"
    )


def _foot(answer: Answer) -> str:
    made = f"{escape(engine_words(answer.engine))} · 点开编号可看原文 · " if answer.citations else ""
    return f'<p class="yj-foot">{made}内容供参考，以文件正式文本为准</p>'


def render_cards(answer: Answer, shelf: Mapping[str, Metadata], said: Sequence[str]) -> str:
    """Return a card for each citation; its words stand on it unless a sentence of `said` has them. "" without any."""
    if not answer.citations:
        return ""
    cards = "".join(
        _card(
            citation,
            shelf.get(document_id(citation.provision)),
            quoted=not any(citation.quote in text for text in said),
        )
        for citation in answer.citations
    )
    return f'<h3 class="yj-side-title">依据</h3><ol class="yj-cards">{cards}</ol>'


def _card(citation: Citation, metadata: Metadata | None, *, quoted: bool) -> str:
    """Return one citation; its words are repeated (`quoted`) only where no sentence of the answer says them."""
    name = citation_name(citation)
    force = force_words(citation.force)
    rank = escape(facts(metadata)) if metadata else escape(place_words(citation.jurisdiction))
    quote = f"<blockquote>{escape(citation.quote)}</blockquote>" if quoted else ""
    doubt = ""
    if metadata is not None and not metadata.verified:
        doubt = f'<span class="yj-badge yj-warn">{UNVERIFIED_METADATA}</span>'
    return (
        f'<li class="yj-card"><button type="button" class="yj-open" data-open="c:{citation.key}" '
        f'aria-label="{escape(f"打开原文：{name}")}">'
        f'<span class="yj-number" aria-hidden="true">{citation.key}</span>'
        f'<span class="yj-title">《{escape(citation.document)}》<b>{escape(citation.label)}</b></span></button>'
        f"{quote}"
        f'<p class="yj-badges">{validity_badge(citation.validity)}'
        f'<span class="yj-badge yj-plain">{escape(force)}</span>{doubt}</p>'
        f'<p class="yj-facts">{rank}</p>'
        f'<p class="yj-actions">{copy_button(name, "复制条号", f"复制{name}")}'
        f"{copy_button(citation_with_quote(citation), '复制引文', f'复制{name}及引文')}</p></li>"
    )


def render_nearest(nearest: Sequence[Nearest]) -> str:
    """Return a card for each provision that comes near without answering, "" without any."""
    if not nearest:
        return ""
    rows = "".join(
        f'<li class="yj-card"><button type="button" class="yj-open" data-open="p:{escape(near.id)}" '
        f'aria-label="{escape(f"打开原文：《{near.title}》{near.label}")}">'
        f'<span class="yj-title">《{escape(near.title)}》<b>{escape(near.label)}</b></span></button>'
        f'<blockquote class="yj-snippet">{escape(near.text.removeprefix(near.label).strip())}</blockquote></li>'
        for near in nearest
    )
    return (
        '<h3 class="yj-side-title">最接近的条文</h3><p class="yj-facts">它们没有回答这个问题，供参考。</p>'
        f'<ul class="yj-cards">{rows}</ul>'
    )
