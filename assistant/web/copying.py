"""An answer as plain text for the clipboard."""

from assistant.schema import Answer
from assistant.serving.arrange import worth_words
from assistant.web.statements import MISSING, UNVERIFIED, sentence, unmarked, unstated
from assistant.web.words import citation_with_quote
from assistant.wording import CONDITION_WORDS, NOTICE_WORDS, STATUS_WORDS, validity_words


def copy_answer(answer: Answer) -> str:
    """Return the answer for pasting: its sentences with their marks, what they are worth, then the grounds."""
    lines = [f"问：{answer.question}", f"答（{STATUS_WORDS[answer.status]}）："]
    if answer.statements:
        for statement in answer.statements:
            marks = "".join(f"[{key}]" for key in unmarked(statement))
            doubt = "" if statement.verified else f"（{UNVERIFIED}）"
            lines.append(f"{statement.text}{marks}{doubt}")
    else:
        lines.append(unstated(answer))
    for remark in answer.remarks:
        marks = "".join(f"[{key}]" for key in remark.citations)
        lines.append(f"{worth_words(remark)}{marks}：{sentence(remark.text)}")
    if answer.missing:
        lines.append(f"{MISSING[answer.status]}：{'、'.join(answer.missing)}。")
    lines += [f"提示（{NOTICE_WORDS[notice.kind]}）：{sentence(notice.text)}" for notice in answer.notices]
    for one in answer.conditions:
        said = f"，您说的是“{one.said}”" if one.said else ""
        lines.append(f"条件[{one.key}]：{one.text}：{CONDITION_WORDS[one.state]}{said}")
    if answer.responsible:
        lines.append(f"条文写明由谁负责：{'；'.join(one.text for one in answer.responsible)}。")
    if answer.citations:
        lines.append("依据：")
        lines += [
            f"[{citation.key}] {citation_with_quote(citation)}（{validity_words(citation.validity)}）"
            for citation in answer.citations
        ]
    return "\n".join(lines)
