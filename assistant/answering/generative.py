"""An answer in a language model's words: every sentence verified before it is shown, the rest withheld.

The gate comes first: status, what is missing, notices and citations are those of the extractive answer, and where that
abstains no model is asked. Where the model fails, or nothing it writes stands, the extractive answer stands and says
so.
A sentence that did not stand is never shown, not even without its mark; the answer says how many were withheld.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.answering.llm import Cancelled, LanguageModel, LlmError, Why
from assistant.answering.orders import find_orders, orders_in_document, without_orders
from assistant.answering.prompts import Evidence, Message, evidence_of, messages
from assistant.answering.segments import markdown, number, say
from assistant.answering.statements import MAX_LENGTH, MAX_STATEMENTS, Drafted, StatementReader
from assistant.answering.verify_statement import Verdict, verify_statement, without_courtesy
from assistant.answering.wording import answer_words
from assistant.indexing.embedder import Embedder
from assistant.schema import Answer, Generation, Remark, Statement, Status, Words, text_of

ENGINE = "llm:"
Edit = Callable[[str], str]


def _same(text: str) -> str:
    return text


@dataclass(slots=True)
class _Draft:
    """What has come of a model's reply so far."""

    shown: list[Statement] = field(default_factory=list)
    written: int = 0
    checked: int = 0

    def figures(self) -> Generation:
        return Generation(self.written, self.checked, len(self.shown))


def generate(
    answer: Answer,
    model: LanguageModel,
    embedder: Embedder,
    *,
    mask: Edit = _same,
    on_statement: Callable[[Statement], None] | None = None,
    cancelled: Cancelled | None = None,
) -> Answer:
    """Return an answer in the words of a model, or the extractive one with a remark that says what went wrong.

    Args:
        answer: the extractive answer; what it quotes is all that the model is shown and may rely on.
        model: what is asked, unless the answer abstains.
        embedder: for how near a sentence is to the words it names.
        mask: takes personal data out of the question before it leaves this machine.
        on_statement: called with each sentence that was verified, in order, as soon as it was.
        cancelled: asked often; once true, the extractive answer is returned.
    """
    if answer.status is Status.ABSTAINED or not answer.citations:
        return answer
    evidence = _usable(evidence_of(answer.question, answer.citations))
    question = _with_what_was_carried(answer)
    asked = without_orders(question, find_orders(question))
    if not evidence or not asked.strip():
        return answer
    draft = _Draft()
    similarity = _Similarity(embedder)
    sent = messages(mask(asked) if model.sent_to else asked, evidence)
    by_key = {one.key: one for one in evidence}
    try:
        for drafted in _drafted(model, sent, cancelled):
            text = without_courtesy(drafted.text)
            verdict = verify_statement(Drafted(text, drafted.keys), by_key, answer.question, similarity)
            statement = _take(draft, text, drafted, verdict, by_key)
            if statement is not None and on_statement is not None:
                on_statement(statement)
    except LlmError as error:
        return _fallen_back(answer, model, say("llm_failed", why=say(f"llm_why_{error.why.value}")), draft)
    if not draft.shown:
        return _fallen_back(answer, model, say("llm_nothing"), draft)
    return _generated(answer, model, draft)


def _with_what_was_carried(answer: Answer) -> str:
    """Return the question with what it was read with: 那搬到江西呢 says nothing by itself."""
    return "".join(f"（{one.text}）" for one in answer.carried) + answer.question


def _usable(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence without orders that a document gives: what it orders to say supports nothing."""
    cut = (replace(one, text=without_orders(one.text, orders_in_document(one.text))) for one in evidence)
    return tuple(one for one in cut if one.text.strip())


def _drafted(model: LanguageModel, sent: Sequence[Message], cancelled: Cancelled | None) -> Iterator[Drafted]:
    """Yield the statements of a reply as they become whole; what was begun when it ended is one, too."""
    reader = StatementReader()
    count = 0
    with closing(model.stream(sent, cancelled)) as pieces:
        for piece in pieces:
            for one in reader.feed(piece):
                yield one
                count += 1
                if count >= MAX_STATEMENTS:
                    return
    if cancelled is not None and cancelled():
        raise LlmError("", Why.CANCELLED)
    yield from reader.finish()


def _take(
    draft: _Draft, text: str, drafted: Drafted, verdict: Verdict, by_key: dict[str, Evidence]
) -> Statement | None:
    """Count a statement and return it where it may be shown."""
    draft.written += 1
    if len(text) > MAX_LENGTH:
        return None
    draft.checked += verdict.checked
    if not verdict.verified:
        return None
    statement = Statement(text, tuple(by_key[key].citation for key in drafted.keys), True)
    draft.shown.append(statement)
    return statement


def _generated(answer: Answer, model: LanguageModel, draft: _Draft) -> Answer:
    figures = draft.figures()
    remarks = answer.remarks
    if figures.withheld:
        words = say("llm_withheld", count=number(figures.withheld))
        remarks = (*remarks, Remark((), text_of(words), words))
    return replace(
        answer,
        answer=markdown(answer_words(answer.status, draft.shown, answer.missing_words, answer.notices, remarks)),
        statements=tuple(draft.shown),
        remarks=remarks,
        engine=f"{ENGINE}{model.name}",
        segments=(),
        generation=figures,
        sent_to=model.sent_to,
    )


def _fallen_back(answer: Answer, model: LanguageModel, words: Words, draft: _Draft) -> Answer:
    """Return the extractive answer, and that it stands in a model's place."""
    remark = Remark((), text_of(words), words)
    line = (*say("remark", text=words), *say("line"))
    return replace(
        answer,
        answer=markdown(line) + answer.answer,
        segments=(*line, *answer.segments) if answer.segments else (),
        remarks=(*answer.remarks, remark),
        generation=replace(draft.figures(), verified=0),
        sent_to=model.sent_to,
    )


class _Similarity:
    """Cosine of a statement to the nearest sentence of a text, vectors of the texts computed once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, said: str, text: str) -> float:
        if text not in self._known:
            sentences = [one for one in text.replace("；", "。").split("。") if one.strip()]
            self._known[text] = self._embedder.embed_passages([text, *sentences])
        return float((self._known[text] @ self._embedder.embed_queries([said])[0]).max())
