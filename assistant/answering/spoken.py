"""What an operator can read out."""

from collections.abc import Sequence

from assistant.schema import Citation, Notice, NoticeKind, Status
from assistant.wording import citation_name, force_words, validity_words

MAX_SPOKEN = 150


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
