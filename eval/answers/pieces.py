"""Parts, conditions and what was carried over, against those that a question should have."""

from collections.abc import Iterable

from assistant.schema import Answer
from eval.answers.questions import Question
from eval.answers.words import bare
from eval.metrics import same_unit
from eval.score import Row


def parts_row(question: Question, answer: Answer) -> Row | None:
    """Return the verdicts on the parts, one for each of the question's; None where the question has none.

    split                        the answer has as many parts
    grounded                     some citation of the whole answer is in the part's gold; None for a part without gold
    status_right, first_right    of the answer's part in the same place, false where there is none; first_right is None
                                 for a part without gold
    """
    if not question.parts:
        return None
    cited = {citation.key: citation.provision for citation in answer.citations}
    rows = []
    for number, gold in enumerate(question.parts):
        part = answer.parts[number] if number < len(answer.parts) else None
        first = next((cited[key] for key in part.citations if key in cited), "") if part else ""
        rows.append(
            {
                "grounded": any(_in(provision, gold.gold) for provision in cited.values()) if gold.gold else None,
                "status_right": part is not None and part.status is gold.expect,
                "first_right": bool(first) and _in(first, (*gold.gold, *question.also)) if gold.gold else None,
            }
        )
    return {"split": len(answer.parts) == len(question.parts), "parts": rows}


def conditions_row(question: Question, answer: Answer) -> list[bool]:
    """Return for each condition of the question whether the answer has it, in the right state wherever it has it.

    A condition of the answer is the question's if either text contains the other.
    """
    shown = [(bare(condition.text), str(condition.state)) for condition in answer.conditions]
    verdicts = []
    for phrase, state in question.conditions:
        wanted = bare(phrase)
        states = {got for text, got in shown if text and (wanted in text or text in wanted)}
        verdicts.append(states == {state})
    return verdicts


def carried_row(question: Question, answer: Answer) -> bool | None:
    """True if the answer shows all that had to be carried over, or nothing where the topic is new; None if untold."""
    if question.carried is None:
        return None
    shown = {str(carried.kind) for carried in answer.carried}
    return shown >= set(question.carried) if question.carried else not shown


def _in(provision: str, units: Iterable[str]) -> bool:
    return any(same_unit(provision, unit) for unit in units)
