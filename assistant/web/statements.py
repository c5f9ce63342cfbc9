"""The sentences of an answer as HTML: part by part, what each rule is worth below it, what was not verified apart."""

import re
from collections.abc import Mapping, Sequence

from assistant.schema import Answer, AnswerPart, Condition, ConditionState, Remark, Statement, Status
from assistant.web.escape import escape, plain
from assistant.web.lines import sign, status_pill
from assistant.wording import CONDITION_WORDS, citation_name

# A numbered mark: matches "[1]" and "[12]"; refuses "[a]" and "[]".
_MARK = re.compile(r"\[(\d{1,3})\]")
NOTHING = "收录的文件里没有能回答这个问题的规定。"
UNVERIFIED = "未核实"
MEANS = "这条规定意味着"
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
    if not answer.statements:
        paragraphs = [part for part in unstated(answer).split("\n") if part.strip()]
        body = "".join(f"<p>{_with_marks(part, names)}</p>" for part in paragraphs)
        body += _worded((), answer.remarks, names, set())
        return f'<div class="yj-answer">{_parts(answer, names)[0]}{body}</div>'
    parts, shown = _parts(answer, names)
    rest = [one for one in answer.statements if one.verified and one not in shown]
    said = _worded(rest, answer.remarks, names, {key for one in shown for key in one.citations})
    doubtful = "".join(_doubtful(one, names) for one in answer.statements if not one.verified)
    apart = f'<section class="yj-doubtful" aria-label="未核实的话">{doubtful}</section>' if doubtful else ""
    return f'<div class="yj-answer">{parts}{said}{apart}</div>'


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
    own = {words for part in answer.parts for words in (*part.missing, part.text)}
    left = [words for words in answer.missing if words not in own]
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


def _parts(answer: Answer, names: Names) -> tuple[str, list[Statement]]:
    """Return the parts of a question, each with its status and its sentences, and the sentences that stand there.

    A sentence that answers two parts stands in the first and is pointed to in the second.
    """
    blocks: list[str] = []
    shown: list[Statement] = []
    for number, part in enumerate(answer.parts, start=1):
        fits = [one for one in answer.statements if one.verified and set(one.citations) & set(part.citations)]
        fresh = [one for one in fits if one not in shown]
        again = sorted({key for one in fits if one in shown for key in one.citations if key in part.citations})
        before = {key for one in shown for key in one.citations}
        remarks = [one for one in answer.remarks if one.citations]
        body = _worded(fresh, remarks, names, before, alone=False)
        if again:
            body += f'<p class="yj-again">依据同上{"".join(_mark(key, names) for key in again)}</p>'
        blocks.append(_part(part, number, body))
        shown += fresh
    return "".join(blocks), shown


def _part(part: AnswerPart, number: int, body: str) -> str:
    missing = [words for words in part.missing if words != part.text]
    lacks = f'<p class="yj-missing">{MISSING[part.status]}：{escape("、".join(missing))}。</p>' if missing else ""
    if not body and not lacks:
        lacks = f'<p class="yj-missing">{NOTHING}</p>'
    return (
        f'<section class="yj-part yj-{part.status.value}"><h3>{status_pill(part.status)}'
        f"<span>{number}. {escape(part.text.strip(_PART_ENDS))}</span></h3>{lacks}{body}</section>"
    )


_PART_ENDS = "，,；;。 \u3000\n"  # what is left at the ends of a part of a question


def _worded(
    statements: Sequence[Statement], remarks: Sequence[Remark], names: Names, seen: set[int], *, alone: bool = True
) -> str:
    """Return sentences, each followed by the remarks whose citations have all been quoted by then.

    `seen` are the citations that were quoted before; with `alone` the remarks that wait for no sentence here come last.
    """
    known = set(seen)
    left = [one for one in remarks if not one.citations or not known.issuperset(one.citations)]
    blocks: list[str] = []
    for statement in statements:
        blocks.append(_statement(statement, names))
        known.update(statement.citations)
        ready = [one for one in left if one.citations and known.issuperset(one.citations)]
        left = [one for one in left if one not in ready]
        blocks += [_remark(one, names) for one in ready]
    return "".join((*blocks, *(_remark(one, names) for one in left if alone)))


def _remark(remark: Remark, names: Names) -> str:
    marks = "".join(_mark(key, names) for key in remark.citations if key in names) if len(remark.citations) > 1 else ""
    lead = MEANS if remark.citations else "说明"
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
