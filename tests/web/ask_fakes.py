"""Visible fakes for the tab 问答: an answer that has everything, evidence with scores, a language model that waits."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant.answering.why import Why
from assistant.schema import (
    Answer,
    AnswerPart,
    Citation,
    Condition,
    ConditionState,
    Force,
    Found,
    Generation,
    Hit,
    Kind,
    LeftOut,
    Level,
    Notice,
    NoticeKind,
    Parsed,
    Reason,
    Remark,
    Responsible,
    Statement,
    Status,
    Validity,
    ValidityState,
)

TODAY = date(2026, 11, 22)
SLOW_S = 15  # nothing that a test waits for takes longer


def cite(parsed: Parsed, provision_id: str, quote: str, key: int = 1, force: Force = Force.DUTY) -> Citation:
    provision = next(one for one in parsed.provisions if one.id == provision_id)
    start = parsed.document.text.index(quote, provision.start)
    metadata = parsed.document.metadata
    state = ValidityState.IN_FORCE if metadata.effective else ValidityState.UNKNOWN
    return Citation(
        key,
        provision_id,
        metadata.title,
        provision.label,
        quote,
        start,
        start + len(quote),
        (force,),
        metadata.jurisdiction,
        Validity(state, metadata.effective, None, TODAY),
    )


def moving(parsed: Parsed, question: str) -> Answer:
    """Two parts, the second without a ground; remarks, conditions of each state, notices, a spoken version."""
    first = cite(parsed, "gd-transfer-2025:a29", "县级以上人民政府应当统筹安排财政资金。", 1)
    second = cite(parsed, "gd-transfer-2025:a31", "支持数据领域的合作对接。", 2, Force.ENCOURAGEMENT)
    statements = tuple(
        Statement(f"《{one.document}》{one.label}：“{one.quote}”", (one.key,), True) for one in (first, second)
    )
    states = (
        (ConditionState.MET, "财政资金", "广东的财政"),
        (ConditionState.NOT_MET, "统筹安排", "没有安排<b>"),
        (ConditionState.NOT_SAID, "县级以上人民政府", ""),
    )
    conditions = tuple(
        Condition(
            1,
            text,
            first.start + first.quote.index(text),
            first.start + first.quote.index(text) + len(text),
            state,
            said,
        )
        for state, text, said in states
    )
    parts = (
        AnswerPart("资金谁安排，", 0, 6, Status.ANSWERED, (1,), ()),
        AnswerPart("数据怎么对接", 6, 12, Status.PARTIAL, (2,), ("对接的<i>平台",)),
        AnswerPart("红烧肉怎么做", 12, 18, Status.ABSTAINED, (), ("红烧肉怎么做",)),
    )
    return Answer(
        question,
        Status.PARTIAL,
        "",
        statements,
        (first, second),
        ("对接的<i>平台", "红烧肉怎么做"),
        (),
        (
            Notice(NoticeKind.JURISDICTION, "《广东省促进产业有序转移条例》适用于广东省，不适用于湖南省"),
            Notice(NoticeKind.PREMISE, "第二十九条没有写“电费打五折”<b>"),
        ),
        "财政资金由县级以上人民政府统筹安排，依据是条例第二十九条。",
        3,
        "extractive",
        "sha256:0123456789abcdef",
        0.03,
        remarks=(
            Remark((1,), "“应当”是对县级以上人民政府的要求，由它们安排资金<i>"),
            Remark((2,), "“支持”不等于给予资金的承诺"),
            Remark((1, 2), "前一条是义务，后一条是鼓励"),
        ),
        conditions=conditions,
        parts=parts,
        responsible=(
            Responsible("县级以上人民政府", first.provision, first.label, 0, 8, 1, "县级以上人民政府<i>（第二十九条）"),
        ),
    )


def why_of(parsed: Parsed, question: str) -> Why:
    """Two hits, the first of which is quoted for 用电, and one that was left out."""
    by_id = {one.id: one for one in parsed.provisions}
    signals = {"article": 0.61, "sentence": 0.72, "lexical": 0.08, "asked": 0.0}
    hits = (
        Hit(by_id["gd-transfer-2025:a30"], 1.41, 1, signals),
        Hit(by_id["gd-transfer-2025:a29"], 0.9, 2, {"article": 0.4, "sentence": 0.5}),
    )
    out = LeftOut(
        by_id["gd-transfer-2025:a31"],
        Reason.JURISDICTION,
        3,
        0.8,
        "湖南<b>办法",
        Level.LOCAL_RULE,
        Kind.STATUTE,
        "430000",
        Validity(ValidityState.IN_FORCE, None, None, TODAY),
    )
    gate = {"sentence": 0.72, "coverage": 1.0}
    weights = {"sentence": 12.0, "coverage": 4.0}
    return Why(question, ("用电成本",), Found(hits, (out,), ("440000",), 2), False, gate, weights, 1.2, -0.5, True)


@dataclass
class FakeModel:
    """Says the sentences that a test hands it, one by one; after None it is done. Stops when it is cancelled."""

    said: "queue.Queue[Statement | None]" = field(default_factory=queue.Queue)
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask(
        self,
        assistant: Any,
        question: str,
        on_statement: Callable[[Statement], None],
        cancelled: Callable[[], bool],
    ) -> Answer:
        shown: list[Statement] = []
        answer = assistant.answered("用电")
        for _ in range(SLOW_S * 50):
            if cancelled():
                self.stopped.set()
                remark = Remark((), "语言模型没有答成：已取消。以下是文件原文")
                return replace(answer, question=question, remarks=(remark,))
            try:
                statement = self.said.get(timeout=0.02)
            except queue.Empty:
                continue
            if statement is None:
                break
            shown.append(statement)
            on_statement(statement)
        return replace(
            answer,
            question=question,
            statements=tuple(shown),
            engine="llm:tiny<b>",
            generation=Generation(4, 3, len(shown)),
            sent_to="llm.example.cn",
        )
