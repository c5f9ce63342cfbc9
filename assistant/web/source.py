"""The source view: a document opened at a provision, the quoted words highlighted, the neighbours readable."""

from collections.abc import Iterator
from itertools import pairwise

from assistant.errors import AssistantError
from assistant.schema import Answer, Citation, DocumentSummary, Metadata, Parsed, Provision, ProvisionKind, Validity
from assistant.web.cards import validity_badge
from assistant.web.escape import escape
from assistant.web.lines import copy_button, render_error
from assistant.web.links import render_links
from assistant.web.protocol import AssistantLike
from assistant.web.words import document_id, facts
from assistant.wording import UNVERIFIED_METADATA, citation_name

WHOLE_DOCUMENT_CHARS = 60_000  # a document up to this long is shown whole; the two founding ones have 5,000 and 3,000
NEIGHBOURS = 15  # units shown before and after the opened one in a longer document

HEADING_CHARS = 40  # a first line up to this long is the heading of its part

Span = tuple[int, int]


def show_source(assistant: AssistantLike, answer: Answer | None, target: str) -> str:
    """Return the source view for what was clicked, or one line in its place that says why it cannot be shown.

    `answer` is the answer on this user's page, None before the first question. `target` is "c:1" for citation 1 of that
    answer, "p:gd-transfer-2025:a30" for a provision, "d:gd-transfer-2025" for a document.
    """
    try:
        return _open(assistant, answer, target)
    except AssistantError as error:
        return _drawer("原文", render_error(str(error)))


def _open(assistant: AssistantLike, answer: Answer | None, target: str) -> str:
    kind, _, name = target.partition(":")
    if kind == "c" and answer is not None:
        for citation in answer.citations:
            if str(citation.key) == name:
                return _open_citation(assistant, citation)
    if kind == "p":
        return _open_provision(assistant, name)
    if kind == "d":
        parsed = assistant.parsed(name)
        return _document(parsed, _summary(assistant, name), None, None, f"《{parsed.document.title}》", "")
    return _drawer("原文", render_error("没有找到要打开的条文，请重新提问后再点开。"))


def _open_citation(assistant: AssistantLike, citation: Citation) -> str:
    doc_id = document_id(citation.provision)
    parsed = assistant.parsed(doc_id)
    span = locate(parsed, citation)
    summary = _summary(assistant, doc_id)
    if span is None:
        changed = "这份文件在回答之后更新过，引文已不在其中。请重新提问。下面是现在的文本。"
        return _document(parsed, summary, _find(parsed, citation.provision), None, citation_name(citation), changed)
    unit = unit_at(parsed, span[0])
    return _document(parsed, summary, unit, span, citation_name(citation), "", _links(assistant, unit))


def _open_provision(assistant: AssistantLike, provision_id: str) -> str:
    doc_id = document_id(provision_id)
    parsed = assistant.parsed(doc_id)
    provision = _find(parsed, provision_id)
    if provision is None:
        return _drawer(parsed.document.title, render_error("这份文件里没有这一条，可能已经更新；请重新提问。"))
    unit = unit_at(parsed, provision.start) or provision
    name = f"《{parsed.document.title}》{provision.label}"
    return _document(parsed, _summary(assistant, doc_id), unit, None, name, "", _links(assistant, unit))


def _links(assistant: AssistantLike, unit: Provision | None) -> str:
    return render_links(assistant.links(unit.id)) if unit is not None else ""


def locate(parsed: Parsed, citation: Citation) -> Span | None:
    """Return where the quoted words stand now: at their offsets, else inside their provision, else None."""
    text = parsed.document.text
    if 0 <= citation.start < citation.end and text[citation.start : citation.end] == citation.quote:
        return citation.start, citation.end
    provision = _find(parsed, citation.provision)
    if provision is None or not citation.quote:
        return None
    at = text.find(citation.quote, provision.start, provision.end)
    return None if at < 0 else (at, at + len(citation.quote))


def unit_at(parsed: Parsed, position: int) -> Provision | None:
    """Return the article or part that `position` stands in, None outside all of them."""
    for provision in parsed.provisions:
        if provision.unit and provision.start <= position < provision.end:
            return provision
    return None


def window(parsed: Parsed, unit: Provision | None) -> Span:
    """Return the span of text to show: all of a short document, else the unit with its neighbours."""
    length = len(parsed.document.text)
    if length <= WHOLE_DOCUMENT_CHARS:
        return 0, length
    units = [provision for provision in parsed.provisions if provision.unit]
    if not units:
        return 0, WHOLE_DOCUMENT_CHARS
    at = units.index(unit) if unit in units else 0
    first, last = max(0, at - NEIGHBOURS), min(len(units), at + NEIGHBOURS + 1)
    start = 0 if first == 0 else units[first - 1].end
    end = length if last == len(units) else units[last].start
    return start, end


def render_text(parsed: Parsed, unit: Provision | None, quote: Span | None) -> str:
    """Return the text of the window as HTML paragraphs, `quote` inside <mark> to the letter, headings as headings."""
    start, end = window(parsed, unit)
    headings = {heading.start: heading for heading in parsed.headings}
    labels = {provision.start: _label_chars(provision) for provision in parsed.provisions if provision.unit}
    text = parsed.document.text
    blocks: list[str] = []
    for left, right in _lines(text, start, end):
        body = _marked(text, left, right, quote, left + labels.get(left, 0))
        if left in headings:
            blocks.append(f"<h4>{body}</h4>")
        elif unit is not None and unit.start <= left < unit.end:
            blocks.append(f'<p class="yj-here">{body}</p>')
        else:
            blocks.append(f"<p>{body}</p>")
    return "".join(blocks)


def _label_chars(provision: Provision) -> int:
    """Return how many characters at the start of a unit name it: 第三十条, or the heading line of a part."""
    if provision.kind is ProvisionKind.ARTICLE:
        return len(provision.label) if provision.text.startswith(provision.label) else 0
    first, more, _ = provision.text.partition("\n")
    return len(first) if more and len(first) <= HEADING_CHARS else 0


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span of each line that has something on it."""
    left = start
    while left < end:
        right = text.find("\n", left, end)
        right = end if right < 0 else right
        if text[left:right].strip():
            yield left, right
        left = right + 1


def _marked(text: str, left: int, right: int, quote: Span | None, label_end: int) -> str:
    """Return one line escaped, cut where the label ends and where the quote begins and ends."""
    quote_start, quote_end = quote or (right, right)
    cuts = sorted({left, right, *(cut for cut in (label_end, quote_start, quote_end) if left < cut < right)})
    parts: list[str] = []
    for a, b in pairwise(cuts):
        piece = escape(text[a:b])
        if b <= label_end:
            piece = f"<b>{piece}</b>"
        if quote_start <= a and b <= quote_end:
            piece = f"<mark>{piece}</mark>"
        parts.append(piece)
    return "".join(parts)


def _document(
    parsed: Parsed,
    summary: DocumentSummary | None,
    unit: Provision | None,
    quote: Span | None,
    name: str,
    notice: str,
    links: str = "",
) -> str:
    metadata = parsed.document.metadata
    validity = summary.validity if summary else None
    start, end = window(parsed, unit)
    whole = (start, end) == (0, len(parsed.document.text))
    part = "" if whole else '<p class="yj-facts">文件较长，这里只显示所引条文前后的部分。</p>'
    return _drawer(
        name,
        f"{_head(metadata, validity)}{render_error(notice) if notice else ''}{part}{links}"
        f'<div class="yj-text" tabindex="0" aria-label="文件原文">{render_text(parsed, unit, quote)}</div>',
        copy=name,
    )


def _head(metadata: Metadata, validity: Validity | None) -> str:
    badges = validity_badge(validity) if validity else ""
    if not metadata.verified:
        badges += f'<span class="yj-badge yj-warn">{UNVERIFIED_METADATA}</span>'
    issuer = f'<p class="yj-facts">{escape(metadata.issuer)}</p>' if metadata.issuer else ""
    return f'<p class="yj-badges">{badges}</p><p class="yj-facts">{escape(facts(metadata))}</p>{issuer}'


def _drawer(title: str, body: str, copy: str = "") -> str:
    button = copy_button(copy, "复制条号", f"复制{copy}") if copy else ""
    return (
        f'<aside class="yj-drawer" role="dialog" aria-label="{escape(f"原文：{title}")}">'
        f'<header class="yj-drawer-head"><h3>{escape(title)}</h3>{button}'
        '<button type="button" class="yj-close" data-close aria-label="关闭原文">关闭</button></header>'
        f"{body}</aside>"
    )


def _find(parsed: Parsed, provision_id: str) -> Provision | None:
    return next((provision for provision in parsed.provisions if provision.id == provision_id), None)


def _summary(assistant: AssistantLike, doc_id: str) -> DocumentSummary | None:
    return next((summary for summary in assistant.documents() if summary.metadata.id == doc_id), None)
