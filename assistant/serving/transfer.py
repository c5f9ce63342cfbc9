"""转办单: what another department needs to know of a call, as plain text for the clipboard."""

from collections.abc import Sequence
from datetime import datetime

from assistant.places import place_code, place_words
from assistant.schema import Answer, Citation, Status
from assistant.serving.contacts import Contact
from assistant.serving.masking import mask
from assistant.wording import STATUS_WORDS, citation_name, force_words, validity_words

NOT_CONFIGURED = "未配置，请按本单位职责分工确定"
SHORT_HASH = 12  # characters of the corpus hash: enough to tell two states of the corpus apart


def transfer_sheet(
    answer: Answer,
    *,
    at: datetime,
    region: str = "",
    contact: Contact | None = None,
    edited_spoken: str = "",
    bodies: Sequence[str] = (),
) -> str:
    """Return the sheet that hands a question on: question, answer with its grounds, what has none, place, department.

    Args:
        answer: what was answered; its question is masked.
        at: when the question was answered; shown as it stands, to the minute.
        region: the caller's place, name or code; "" when it is not known.
        contact: the department from the hotline's own list; None shows that there is none, never a guess.
        edited_spoken: what the operator said instead of `answer.spoken`; kept as written.
        bodies: responsible bodies as the quoted provisions name them; one that stands in no quote is left out.

    Raises:
        SettingsError: the region is not known.
    """
    code = place_code(region)
    said = edited_spoken.strip()
    named = [body for body in dict.fromkeys(bodies) if body and any(body in one.quote for one in answer.citations)]
    lines = [
        "【转办单】",
        f"时间：{at:%Y-%m-%d %H:%M}",
        f"来电人所在地：{place_words(code) if code else '未说明'}",
        f"诉求：{_one_line(mask(answer.question))}",
        f"答复情况：{STATUS_WORDS[answer.status]}",
        "",
        f"已答复口径{'（坐席修改）' if said else ''}：{_one_line(said or mask(answer.spoken))}",
        "",
        *_grounds(answer),
        *_missing(answer),
    ]
    lines += [f"注意：{_one_line(mask(notice.text))}" for notice in answer.notices]
    lines += ["", f"建议承办单位：{_department(contact)}"]
    lines += [f"条文所称责任主体：“{_one_line(body)}”" for body in named]
    lines += ["", f"语料版本：{answer.corpus.removeprefix('sha256:')[:SHORT_HASH]}"]
    return "\n".join(lines) + "\n"


def _grounds(answer: Answer) -> list[str]:
    if not answer.citations:
        return ["依据：收录的文件中没有找到依据"]
    return ["依据：", *(line for citation in answer.citations for line in _ground(citation))]


def _ground(citation: Citation) -> tuple[str, str]:
    facts = (force_words(citation.force[:1]), validity_words(citation.validity), place_words(citation.jurisdiction))
    worth = "；".join(fact for fact in facts if fact)
    return f"[{citation.key}] {citation_name(citation)}（{worth}）", f"    “{_one_line(citation.quote)}”"


def _missing(answer: Answer) -> list[str]:
    if answer.missing:
        return [f"文件中没有：{_one_line(mask('、'.join(answer.missing)))}"]
    return [] if answer.status is Status.ANSWERED else ["文件中没有：所问的内容"]


def _department(contact: Contact | None) -> str:
    return f"{contact.department}（电话 {contact.phone}）" if contact else NOT_CONFIGURED


def _one_line(text: str) -> str:
    """Return a text without line breaks: a line of the sheet is one line, whatever was pasted into the question."""
    return " ".join(text.splitlines())
