"""The words of an answer around its quotes: fixed sentences, titles and labels, nothing else."""

import re
from collections.abc import Mapping, Sequence

from assistant.retrieval.lookup import Lookup
from assistant.schema import Citation, Metadata, Notice, NoticeKind, Provision, Statement, Status
from assistant.wording import citation_name, force_words, validity_words

MAX_SPOKEN = 150
MAX_TOPIC = 40
# What Markdown or HTML would read as mark-up. Matches * in 「*注」 and < in <b>; leaves Chinese punctuation alone.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~&<])")


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it stands: a quote is never mark-up."""
    escaped = _MARKUP.sub(lambda match: {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(match[1], "\\" + match[1]), text)
    return escaped.replace("\n", "  \n")


def statement(citation: Citation) -> str:
    """Return the sentence that shows a quote: where it stands, then the quote."""
    return f"{citation_name(citation)}：“{citation.quote}”"


def answer_markdown(
    status: Status, statements: Sequence[Statement], missing: Sequence[str], notices: Sequence[Notice]
) -> str:
    """Return the answer as Markdown with [1] marks; what is missing stands first."""
    lines = []
    if status is Status.PARTIAL:
        lines.append(f"文件中没有写明：{escape_markdown('、'.join(missing))}。与此有关的规定是：")
    for one in statements:
        marks = "".join(f"[{key}]" for key in one.citations)
        doubt = "" if one.verified else "（未核实）"
        lines.append(f"{escape_markdown(one.text)}{marks}{doubt}")
    lines += [f"注意：{escape_markdown(notice.text)}。" for notice in notices]
    return "\n\n".join(lines)


def abstention_markdown(
    missing: Sequence[str],
    nearest: Sequence[Provision],
    metadata: Mapping[str, Metadata],
    notices: Sequence[Notice] = (),
) -> str:
    """Return the Markdown of an answer that has no ground: what is missing, where to look, what was left out."""
    lines = [f"收录的文件中没有找到依据：{escape_markdown('、'.join(missing))}。"]
    if nearest:
        places = "、".join(f"《{metadata[one.doc_id].title}》{one.label}" for one in nearest)
        lines.append(f"可以参看（不能直接回答这个问题）：{escape_markdown(places)}。")
    lines += [f"注意：{escape_markdown(notice.text)}。" for notice in notices]
    return "\n\n".join(lines)


def absences(lookup: Lookup, metadata: Mapping[str, Metadata]) -> list[str]:
    """Return what a look-up did not find, one phrase each; empty when it found its provision."""
    if lookup.provisions:
        return [f"{label}（没有这一款或这一项）" for label in lookup.inexact]
    if lookup.reference.unheld:
        return [not_held(lookup.reference.unheld, lookup.reference.text)]
    if lookup.crowd:
        return [f"{lookup.reference.text}（{lookup.crowd}份文件都有，请写明是哪一份）"]
    if not lookup.absent:
        return [lookup.reference.text]
    return [
        f"{label}（《{metadata[doc_id].title}》到{last}为止，没有{label}）" for doc_id, label, last in lookup.absent
    ]


def not_held(name: str, label: str = "") -> str:
    """Return the phrase for a document that is named and not held."""
    return f"《{name}》{label}（正文未收录）"


def topic(question: str) -> str:
    """Return the question as the name of what is missing, cut to a readable length."""
    whole = " ".join(question.split())
    compact = whole.rstrip("？?。！!") or whole
    return compact if len(compact) <= MAX_TOPIC else f"{compact[:MAX_TOPIC]}…"


def spoken(
    status: Status, citations: Sequence[Citation], missing: Sequence[str], notices: Sequence[Notice] = ()
) -> str:
    """Return what an operator can read out, at most 150 characters; a quote is said whole or not at all.

    That the first rule is not in force, or not where the caller is, is said with it: whoever listens sees no screen.
    """
    if not citations:
        return _fitting(
            f"您好，现有文件里没有找到依据：{'、'.join(missing)}。建议向当地主管部门咨询。",
            "您好，现有文件里没有找到关于这个问题的规定，建议向当地主管部门咨询。",
        )
    first = citations[0]
    lead = "" if status is Status.ANSWERED else f"文件没有写明{'、'.join(missing)}。"
    warned = "".join(
        f"请注意，{notice.text}。"
        for notice in notices
        if notice.kind in (NoticeKind.TIME, NoticeKind.JURISDICTION) and notice.text.startswith(f"《{first.document}》")
    )
    source = f"{citation_name(first)}（{force_words(first.force[:1])}，{validity_words(first.validity)}）"
    return _fitting(
        f"您好，{lead}根据{citation_name(first)}：{first.quote}{warned}",
        f"您好，{lead}这个问题看{source}，原文较长，请按屏幕上的原文答复。{warned}",
        f"您好，这个问题看{citation_name(first)}，请按屏幕上的原文答复。{warned}",
        f"您好，请按屏幕上{first.label}的原文和注意事项答复。" if warned else "",
        f"您好，请按屏幕上{first.label}的原文答复。",
    )


def _fitting(*candidates: str) -> str:
    return next((text for text in candidates if 0 < len(text) <= MAX_SPOKEN), candidates[-1][:MAX_SPOKEN])
