"""为什么这样回答: the evidence with its scores, what was quoted and what was left out, and how the gate judged it."""

from collections.abc import Sequence

from assistant.answering.why import Why
from assistant.schema import Answer, Hit, LeftOut
from assistant.web.escape import escape
from assistant.web.lines import sign
from assistant.wording import left_out_words

# What speaks for a unit, in the order of the columns; others that a setting adds come after them.
SIGNALS = {
    "article": ("全条", "问题与整条条文的相近程度"),
    "sentence": ("句子", "问题与其中最相近一句的相近程度"),
    "lexical": ("用词", "问题的字词在条文中出现的程度"),
    "terms": ("术语", "口语所指的术语在条文中出现的程度"),
    "asked": ("常问", "与这一条已知能回答的问法的相近程度"),
    "place": ("地域", "只在来电地区的一部分适用的，减分"),
    "topic": ("上文", "回答了上一问的条文，加分"),
    "references": ("引用", "被其他相关条文引用"),
    "rerank": ("重排", "重排模型的判断"),
}
GATE_SIGNALS = {
    "sentence": "最相近一句的相近程度",
    "article": "最相近一条的相近程度",
    "coverage": "问题的字词见于前几条的比例",
    "asked": "与已知问法的相近程度",
    "terms": "口语对应到术语",
    "named": "点了文件的名",
    "absent": "涉及收录文件不管的事",
    "wording": "问法像不像在问这些文件",
}
_FULL = 1.0  # a bar is full at 1: signals are cosines and shares


def render_why(reasons: Sequence[Why], answer: Answer, titles: dict[str, str]) -> str:
    """Return what an answer was decided on, part by part; `titles` names the held documents by id."""
    quoted = {citation.provision for citation in answer.citations}
    blocks = [_part(one, quoted, titles, numbered=len(reasons) > 1) for one in reasons]
    return f'<section class="yj-why" aria-label="为什么这样回答">{"".join(blocks)}</section>'


def _part(one: Why, quoted: set[str], titles: dict[str, str], *, numbered: bool) -> str:
    title = f"<h3>{escape(one.text)}</h3>" if numbered else ""
    terms = f'<p class="yj-facts">按术语一并查找：{escape("、".join(one.terms))}</p>' if one.terms else ""
    left = [_left_out(row, one.found.regions) for row in one.found.left_out]
    out = f'<h4>没有采用</h4><ul class="yj-left-out">{"".join(left)}</ul>' if left else ""
    return f"{title}{_gate(one)}{terms}{_hits(one, quoted, titles)}{out}"


def _hits(one: Why, quoted: set[str], titles: dict[str, str]) -> str:
    if not one.found.hits:
        return '<p class="yj-facts">没有找到任何条文。</p>'
    used = {name for hit in one.found for name, value in hit.signals.items() if value}
    names = [name for name in SIGNALS if name in used] + sorted(used - SIGNALS.keys())
    heads = "".join(
        f'<th scope="col" title="{escape(SIGNALS[name][1])}">{SIGNALS[name][0]}</th>'
        if name in SIGNALS
        else f'<th scope="col">{escape(name)}</th>'
        for name in names
    )
    rows = "".join(_hit(hit, names, quoted, titles) for hit in one.found)
    return (
        '<div class="yj-scroll" tabindex="0" role="group" aria-label="得分表"><table class="yj-table yj-scores">'
        "<caption>找到的条文和得分</caption>"
        '<thead><tr><th scope="col">名次</th><th scope="col">条文</th><th scope="col">总分</th>'
        f'{heads}<th scope="col">用于回答</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _hit(hit: Hit, names: Sequence[str], quoted: set[str], titles: dict[str, str]) -> str:
    shown = hit.smallest or hit.provision
    title = titles.get(hit.provision.doc_id, hit.provision.doc_id)
    is_quoted = any(one == hit.provision.id or one.startswith(f"{hit.provision.id}.") for one in quoted)
    used = f'<span class="yj-state yj-state-met">{sign("yes")}引用了</span>' if is_quoted else "没有引用"
    cells = "".join(
        f'<td data-label="{escape(SIGNALS[name][0] if name in SIGNALS else name)}">'
        f"{_bar(hit.signals.get(name, 0.0))}</td>"
        for name in names
    )
    return (
        f'<tr><td data-label="名次">{hit.rank}</td><td data-label="条文">'
        f'<button type="button" class="yj-link" data-open="p:{escape(shown.id)}">'
        f"《{escape(title)}》{escape(shown.label)}</button></td>"
        f'<td data-label="总分"><b>{hit.score:.3f}</b></td>{cells}<td data-label="用于回答">{used}</td></tr>'
    )


def _bar(value: float) -> str:
    """Return a signal as a number and, for those who see it, as a bar."""
    shown = min(max(value, 0.0), _FULL)
    return f'<meter min="0" max="{_FULL:g}" value="{shown:.3f}" aria-hidden="true"></meter>{value:.2f}'


def _gate(one: Why) -> str:
    if one.named:
        return f'<p class="yj-gate">{sign("yes")}<span>问题点名了条文，直接查到后引用，不看相近程度。</span></p>'
    met, words = ("yes", "达到门槛") if one.opens else ("no", "不到门槛")
    meaning = "认为条文说到了这件事" if one.opens else "认为条文没有说到这件事"
    verdict = f"得分 <b>{one.score:.2f}</b>，{words} {one.threshold:.2f}：{meaning}。"
    rows = "".join(
        f"<li>{escape(GATE_SIGNALS.get(name, name))} {value:.2f} × {one.weights[name]:.1f}</li>"
        for name, value in one.signals.items()
        if name in one.weights and value
    )
    return (
        f'<p class="yj-gate">{sign(met)}<span>{verdict}</span></p>'
        f'<details class="yj-gate-more"><summary>门槛怎么算</summary>'
        f"<ul>{rows}</ul></details>"
    )


def _left_out(row: LeftOut, regions: Sequence[str]) -> str:
    return (
        f'<li><button type="button" class="yj-link" data-open="p:{escape(row.provision.id)}">'
        f"《{escape(row.title)}》{escape(row.provision.label)}</button>"
        f"<span>{escape(left_out_words(row, regions))}（本应排第 {row.rank}，得分 {row.score:.3f}）</span></li>"
    )
