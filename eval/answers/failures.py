"""What went wrong: questions by fault for a report, and one question's faults in words for the screen."""

from collections.abc import Sequence

from assistant.schema import Answer
from eval.answers.questions import Question
from eval.score import Row

FAILED = "失败"
STATUS = "状态不对"
UNGROUNDED = "没有依据却当作已答"
UNNAMED = "没有说出缺的是什么"
REFUSED = "误拒"
FIRST = "首条依据不对"
RECALL = "依据没有引全"
ALTERED = "引文与原文件不一致"
TRAP = "陷阱处置不当"
MISSED = "缺提示"
ALARM = "误报提示"
NEVER = "说了不能说的"
SPOKEN = "口径念不出"
NAMES = (FAILED, STATUS, UNGROUNDED, UNNAMED, REFUSED, FIRST, RECALL, ALTERED, TRAP, MISSED, ALARM, NEVER, SPOKEN)
STATUS_WORDS = {"answered": "已答", "partial": "部分", "abstained": "拒答"}


def failures(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return the ids of the questions with each fault, by the fault's name; a question may have several."""
    found: dict[str, list[str]] = {}
    for name in NAMES:
        found[name] = [row["id"] for row in rows if name in faults(row)]
    return found


def faults(row: Row) -> dict[str, str]:
    """Return the faults of one question by name, each with its particulars ("" where the name says it all)."""
    answer = row["answer"]
    if "error" in answer:
        return {FAILED: answer["error"]}
    found: dict[str, str] = {}
    if not answer["status_right"]:
        found[STATUS] = f"应{STATUS_WORDS[row['expect']]}，得{STATUS_WORDS[answer['status']]}"
    for name, field in ((UNGROUNDED, "answered_without_ground"), (REFUSED, "wrongly_refused")):
        if answer[field]:
            found[name] = ""
    if answer["refused_without_naming"]:
        found[UNNAMED] = f"第 {'、'.join(str(number + 1) for number in answer['unnamed'])} 项"
    if answer["first_right"] is False:
        found[FIRST] = answer["cited"][0] if answer["cited"] else "没有引用"
    if answer["recall"] is not None and answer["recall"] < 1:
        found[RECALL] = f"查全 {answer['recall']:.2f}"
    if answer["altered"]:
        found[ALTERED] = "、".join(citation["provision"] for citation in answer["altered"])
    if answer["trap_handled"] is False:
        found[TRAP] = ""
    for name, field in ((MISSED, "notices_missed"), (ALARM, "false_alarms"), (NEVER, "never")):
        if answer[field]:
            found[name] = "、".join(answer[field])
    if not answer["spoken_fits"]:
        found[SPOKEN] = ""
    return found


def explained(question: Question, row: Row, answer: Answer | None) -> str:
    """Return in lines what went wrong with one question and what it got; "" where nothing did."""
    found = faults(row)
    if not found:
        return ""
    lines = [f"{question.id} {question.kind} {question.role}"]
    lines += [f"  前文 {turn}" for turn in question.turns]
    lines += [f"  问   {question.question}"]
    lines += [f"  ✗ {name}{'：' if told else ''}{told}" for name, told in found.items()]
    lines += [f"  应引 {' '.join(question.gold) or '（无）'}"]
    if question.missing:
        lines.append(f"  应缺 {'；'.join('/'.join(fact) for fact in question.missing)}")
    if answer is not None:
        lines.append(f"  引了 {' '.join(row['answer']['cited']) or '（无）'}")
        lines.append(f"  说缺 {'；'.join(answer.missing) or '（无）'}")
        lines += [f"  提示 {notice.kind} {notice.text}" for notice in answer.notices]
    if question.note:
        lines.append(f"  注   {question.note}")
    return "\n".join(lines)
