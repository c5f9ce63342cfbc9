"""The grounds of an answer as cards that open their source, and what comes near where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.places import place_words
from assistant.schema import Answer, Citation, Metadata, Validity, ValidityState
from assistant.web.escape import escape
from assistant.web.lines import copy_button
from assistant.web.words import citation_with_quote, document_id, facts
from assistant.wording import UNVERIFIED_METADATA, citation_name, force_words, validity_words


@dataclass(frozen=True, slots=True)
class Nearest:
    """A provision to look at when nothing speaks to the question."""

    id: str
    title: str
    label: str
    text: str


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
