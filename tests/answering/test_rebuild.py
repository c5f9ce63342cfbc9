"""An answer without a language model is made of segments that can be read again, byte for byte (design §6)."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant.answering.segments import escape_markdown, markdown, read_again
from assistant.api import Assistant, open_assistant
from assistant.indexing.index import Snapshot
from assistant.parsing import find_references
from assistant.reading import load_known
from assistant.schema import Answer, Segment, SegmentKind, Words, text_of
from assistant.settings import Settings
from tests.conftest import ROOT

QUESTIONS = ROOT / "eval" / "questions"
KNOWN = frozenset(row.title for row in load_known(ROOT / "corpus" / "known.toml"))
MANY = 12  # citations and documents of the founding corpus: what is counted is never more
FILES = ("tuning.jsonl", "fitting_a.jsonl", "fitting_b.jsonl")


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


def questions() -> list[str]:
    lines = [line for file in FILES for line in (QUESTIONS / file).read_text(encoding="utf-8").splitlines()]
    return [json.loads(line)["question"] for line in lines]


def texts_of(answer: Answer) -> list[tuple[str, Words]]:
    """Return every text of an answer with the segments it is said to be made of."""
    texts = [(answer.answer, answer.segments), (answer.spoken, answer.spoken_words)]
    texts += list(zip(answer.missing, answer.missing_words, strict=True))
    return texts + [
        (one.text, one.words) for one in (*answer.statements, *answer.notices, *answer.remarks, *answer.responsible)
    ]


def rebuilt(segments: Iterable[Segment], snapshot: Snapshot, answer: Answer, history: tuple[str, ...]) -> Words:
    """Return the segments with the characters that their origins hold."""
    return tuple(
        Segment(
            one.kind,
            read_again(one, snapshot, answer.question, history),
            one.source,
            one.start,
            one.end,
            one.spoken,
        )
        for one in segments
    )


def failures(assistant: Assistant, answer: Answer, history: tuple[str, ...] = ()) -> list[str]:
    """Return the texts of an answer that hold another character than their origins."""

    query = assistant.understand(answer.question)
    asked = {query.as_of, query.event}
    said = (answer.question, *history)

    def _known(segment: Segment, snapshot: Snapshot) -> bool:
        """Return whether a name without a text of its own is one of the index, or of the question."""
        what, _, value = segment.source.partition(":")
        if segment.kind is not SegmentKind.NAME:
            return True
        if what in ("day", "year"):
            rows = snapshot.metadata().values()
            days = {day for row in rows for day in (row.promulgated, row.effective, row.expires, row.repealed)}
            return value in {str(day) for day in days | asked}
        if what == "known":
            return any(value in text for text in said) or value in KNOWN
        if what == "written":
            return bool(find_references(value))
        if what == "number":
            return int(value) <= MANY or any(value in text for text in said)
        return True

    def work(snapshot: Snapshot) -> list[str]:
        wrong = []
        for text, words in texts_of(answer):
            again = rebuilt(words, snapshot, answer, history)
            if text not in (text_of(again), markdown(again)):
                wrong.append(f"{text!r} is not {text_of(again)!r}")
        wrong += [f"{one} is invented" for _, words in texts_of(answer) for one in words if not _known(one, snapshot)]
        return wrong

    return assistant._index.read(work)


def test_every_answer_is_rebuilt_from_its_segments(assistant: Assistant) -> None:
    asked = questions()
    wrong = {question: found for question in asked if (found := failures(assistant, assistant.ask(question)))}

    assert len(asked) > 600
    assert wrong == {}


def test_every_answer_of_a_dialogue_is_rebuilt_from_its_turns(assistant: Assistant) -> None:
    lines = (QUESTIONS / "answers_tuning_dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = {}
    for row in rows:
        turns = tuple(row["turns"])
        answer = assistant.ask(row["question"], history=turns)
        if found := failures(assistant, answer, turns):
            wrong[row["id"]] = found
        for condition in answer.conditions:  # what decides a condition is a slice of the turn that says it
            turn = turns[int(condition.said_turn[1:])] if condition.said_turn else row["question"]
            if turn[condition.said_start : condition.said_end] != condition.said:
                wrong[row["id"]] = [condition.said]

    assert len(rows) >= 140
    assert wrong == {}


def test_a_character_of_nowhere_is_found_out(assistant: Assistant) -> None:
    from dataclasses import replace

    answer = assistant.ask("企业用电成本能降吗")
    at = max(number for number, one in enumerate(answer.segments) if one.kind is SegmentKind.QUOTE)
    shifted = (*answer.segments[:at], replace(answer.segments[at], start=1), *answer.segments[at + 1 :])

    assert failures(assistant, answer) == []
    assert failures(assistant, replace(answer, answer=answer.answer + "每度补贴0.1元")) != []
    assert failures(assistant, replace(answer, segments=shifted)) != []
    forged = Segment(SegmentKind.NAME, "五折", "generated")
    with pytest.raises(ValueError, match="nowhere"):
        failures(assistant, replace(answer, segments=(*answer.segments, forged)))


@pytest.mark.parametrize("text", ["*注* <b>五折</b> [1] # 一", "第\n二行"])
def test_what_is_not_ours_is_never_mark_up(text: str) -> None:
    ours = Segment(SegmentKind.TEMPLATE, "[1]", "mark#0")

    assert markdown((Segment(SegmentKind.ECHO, text), ours)) == escape_markdown(text) + "[1]"
