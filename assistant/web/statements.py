"""The sentences of an answer as HTML: part by part, what each rule is worth below it, what was not verified apart."""

import re
from collections.abc import Mapping, Sequence

from assistant.schema import Answer, Condition, ConditionState, Remark, Statement, Status
from assistant.serving.arrange import Section, missing_of, sections_of, worth_words
from assistant.web.escape import escape, plain
from assistant.web.lines import sign, status_pill
from assistant.wording import CONDITION_WORDS, citation_name

# A numbered mark: matches "[1]" and "[12]"; refuses "[a]" and "[]".
_MARK = re.compile(r"\[(\d{1,3})\]")
NOTHING = "收录的文件里没有能回答这个问题的规定。"
UNVERIFIED = "未核实"
MISSING = {
    Status.ANSWERED: "文件中没有写明",
    Status.PARTIAL: "文件中没有写明",
    Status.ABSTAINED: "没有找到",
}
_STATE_SIGNS = {ConditionState.MET: "yes", ConditionState.NOT_MET: "no", ConditionState.NOT_SAID: "ask"}
Names = Mapping[int, str]


def render_statements(answer: Answer) -> str:
    """Return the sentences with what each rule is worth; those without a ground stand apart, after all others."""
    names = {citation.key: citation_name(citation) for citation in answer.citations}
    body = ""
    if not answer.statements:
        paragraphs = [part for part in unstated(answer).split("\n") if part.strip()]
        body = "".join(f"<p>{_with_marks(part, names)}</p>" for part in paragraphs)
    sections = sections_of(answer)
    parts = "".join(_section(one, number, names) for number, one in enumerate(sections, start=1))
    doubtful = "".join(_doubtful(one, names) for one in answer.statements if not one.verified)
    apart = f'<section class="yj-doubtful" aria-label="未核实的话">{doubtful}</section>' if doubtful else ""
    return f'<div class="yj-answer">{body}{parts}{apart}</div>'


def render_verified(statements: Sequence[Statement]) -> str:
    """Return sentences that have been verified so far, before their citations can be opened."""
    return "".join(
        f'<p class="yj-verified">{escape(one.text)}'
        + "".join(f'<span class="yj-mark">[{key}]</span>' for key in unmarked(one))
        + "</p>"
        for one in statements
    )


def render_missing(answer: Answer) -> str:
    """Return what the documents do not say, "" for nothing; of parts, each says its own."""
    left = missing_of(answer)
    if not left:
        return ""
    after = "。与此有关的规定是：" if answer.statements and not answer.parts else "。"
    return f'<p class="yj-missing">{MISSING[answer.status]}：{escape("、".join(left))}{after}</p>'


def render_conditions(answer: Answer) -> str:
    """Return the conditions of the quoted provisions beside what the asker said of them, "" without any."""
    if not answer.conditions:
        return ""
    names = {citation.key: citation for citation in answer.citations}
    rows = "".join(
        f'<tr><td data-label="条件">{escape(one.text)}</td>'
        f'<td data-label="出处">{_mark(one.key, {one.key: citation_name(names[one.key])})}'
        f"{escape(names[one.key].label)}</td>"
        f'<td data-label="您说的">{escape(f"“{one.said}”") if one.said else "没有说到"}</td>'
        f'<td data-label="结论">{_state(one)}</td></tr>'
        for one in answer.conditions
        if one.key in names
    )
    return (
        '<table class="yj-table yj-conditions"><caption>适用条件对照</caption><thead><tr>'
        '<th scope="col">条件</th><th scope="col">出处</th><th scope="col">您说的</th><th scope="col">结论</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def render_responsible(answer: Answer) -> str:
    """Return whom the provisions name as responsible, each with where it stands; "" for nobody."""
    names = {citation.key: citation_name(citation) for citation in answer.citations}
    rows = "".join(
        f"<li>{escape(one.text)}{_mark(one.key, names) if one.key in names else ''}</li>" for one in answer.responsible
    )
    return f'<section class="yj-responsible"><h3>条文写明由谁负责</h3><ul>{rows}</ul></section>' if rows else ""


def unstated(answer: Answer) -> str:
    """Return the words of an answer without statements."""
    return NOTHING if answer.status is Status.ABSTAINED else plain(answer.answer)


def unmarked(statement: Statement) -> list[int]:
    """Return the citations of a statement whose mark does not stand in its text already."""
    written = {int(number) for number in _MARK.findall(statement.text)}
    return [key for key in statement.citations if key not in written]


def sentence(text: str) -> str:
    """Return a text with a full stop where it has none."""
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"


def _state(condition: Condition) -> str:
    return (
        f'<span class="yj-state yj-state-{condition.state.value}">{sign(_STATE_SIGNS[condition.state])}'
        f"{CONDITION_WORDS[condition.state]}</span>"
    )


def _section(section: Section, number: int, names: Names) -> str:
    """Return what is said of a part under its status; of a question that is one, without a heading."""
    body = "".join(
        _statement(one, names) if isinstance(one, Statement) else _remark(one, names) for one in section.said
    )
    if section.part is None:
        return body
    if section.again:
        body += f'<p class="yj-again">依据同上{"".join(_mark(key, names) for key in section.again)}</p>'
    status = section.part.status
    lacks = ""
    if section.missing:
        lacks = f'<p class="yj-missing">{MISSING[status]}：{escape("、".join(section.missing))}。</p>'
    elif not body:
        lacks = f'<p class="yj-missing">{NOTHING}</p>'
    return (
        f'<section class="yj-part yj-{status.value}"><h3>{status_pill(status)}'
        f"<span>{number}. {escape(section.title)}</span></h3>{lacks}{body}</section>"
    )


def _remark(remark: Remark, names: Names) -> str:
    marks = "".join(_mark(key, names) for key in remark.citations if key in names) if len(remark.citations) > 1 else ""
    lead = worth_words(remark)
    return f'<p class="yj-remark"><strong>{lead}</strong>{_with_marks(sentence(remark.text), names)}{marks}</p>'


def _statement(statement: Statement, names: Names) -> str:
    marks = "".join(_mark(key, names) for key in unmarked(statement))
    return f'<p class="yj-verified">{_with_lead(statement, names)}{marks}</p>'


def _doubtful(statement: Statement, names: Names) -> str:
    marks = "".join(_mark(key, names) for key in unmarked(statement))
    warning = f'<span class="yj-doubt">{sign("warn")}{UNVERIFIED}：没有文件原文支持这句话</span>'
    return f'<p class="yj-unverified">{_with_lead(statement, names)}{marks}{warning}</p>'


def _with_lead(statement: Statement, names: Names) -> str:
    """Return the text of a statement; where it begins with the place it quotes, that is set apart."""
    lead = next((f"{names[key]}：" for key in statement.citations if key in names), "")
    if not lead or not statement.text.startswith(lead):
        return _with_marks(statement.text, names)
    return f'<span class="yj-where">{escape(lead)}</span>{_with_marks(statement.text[len(lead) :], names)}'


def _with_marks(text: str, names: Names) -> str:
    """Return `text` escaped, with [n] turned into a button where n is a citation of this answer."""
    parts: list[str] = []
    position = 0
    for match in _MARK.finditer(text):
        key = int(match.group(1))
        if key in names:
            parts += [escape(text[position : match.start()]), _mark(key, names)]
            position = match.end()
    return "".join((*parts, escape(text[position:])))


def _mark(key: int, names: Names) -> str:
    if key not in names:
        return escape(f"[{key}]")
    label = escape(f"打开依据{key}：{names[key]}")
    return f'<button type="button" class="yj-mark" data-open="c:{key}" aria-label="{label}">[{key}]</button>'
