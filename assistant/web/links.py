"""引用 and 被引用 of a provision as HTML: what it cites, each a button that opens it, and who cites it."""

from collections.abc import Sequence

from assistant.schema import Cite, CitedBy, Links, Target
from assistant.web.escape import escape
from assistant.wording import LINK_STATE_WORDS, target_name

UNFOLDED = 3  # a list up to this long is open when the source opens
SHOWN = 8  # entries of a list before the rest is folded again
LISTED = 200  # entries of one list at most; 民法典 and 刑法 have articles that hundreds cite
TARGETS = 12  # provisions of one range that get a button each


def render_links(links: Links) -> str:
    """Return both lists, folded where they are long; "" where there is nothing in either."""
    cites = [_cite(cite) for cite in _once(links.cites)]
    cited_by = [_cited_by(citing) for citing in links.cited_by]
    return _list("引用", "这一条引用的规定", cites) + _list("被引用", "引用这一条的规定", cited_by)


def _once(cites: Sequence[Cite]) -> list[Cite]:
    """Return the cites without those that say the same words of the same thing again."""
    return list({(cite.text, cite.state, cite.targets): cite for cite in reversed(cites)}.values())[::-1]


def _list(name: str, label: str, entries: Sequence[str]) -> str:
    if not entries:
        return ""
    first, rest = entries[:SHOWN], entries[SHOWN:LISTED]
    more = ""
    if rest:
        cut = f"<li>另有 {len(entries) - LISTED} 处，这里不再列出</li>" if len(entries) > LISTED else ""
        more = (
            f'<details class="yj-more"><summary>其余 {len(entries) - SHOWN} 处</summary>'
            f"<ul>{''.join(rest)}{cut}</ul></details>"
        )
    return (
        f'<details class="yj-links"{" open" if len(entries) <= UNFOLDED else ""} aria-label="{label}">'
        f"<summary>{name}（{len(entries)}）</summary><ul>{''.join(first)}</ul>{more}</details>"
    )


def _cite(cite: Cite) -> str:
    state = LINK_STATE_WORDS[cite.state]
    note = f'<span class="yj-badge yj-plain">{escape(state)}</span>' if state else ""
    if not cite.exact:
        note += '<span class="yj-badge yj-plain">未见所指款项，打开整条</span>'
    if not cite.targets:
        return f"<li><span>“{escape(cite.text)}”</span>{note}</li>"
    buttons = "".join(_button(target) for target in cite.targets[:TARGETS])
    more = f"<span>等 {len(cite.targets)} 条</span>" if len(cite.targets) > TARGETS else ""
    return f"<li><span>“{escape(cite.text)}”</span>{note}{buttons}{more}</li>"


def _cited_by(citing: CitedBy) -> str:
    return f"<li>{_button(citing.source)}<span>“{escape(citing.text)}”</span></li>"


def _button(target: Target) -> str:
    name = target_name(target)
    kind = "p" if target.label else "d"
    return (
        f'<button type="button" class="yj-link" data-open="{kind}:{escape(target.id)}" '
        f'aria-label="{escape(f"打开原文：{name}")}">{escape(name)}</button>'
    )
