"""Fit the model of follow-ups: `python -m eval.fit_thread` prints the head of assistant/answering/data/thread.toml.

Positive: last turns that carry something on (`carried` of eval/questions/answers_tuning.jsonl and
answers_tuning_dialogues.jsonl). Negative: those that carry nothing, and single tuning questions asked after an
unrelated one, drawn at random. The two classes weigh the same. The threshold is the score that at most `MAX_CARRIED` of
the random pairs reach, scored by models fitted without their fold. The patterns of the file are written by hand.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant.answering import thread
from assistant.api import Assistant, open_assistant
from assistant.settings import load_settings
from eval.fit_gate import fit_logistic

QUESTIONS = Path("eval/questions")
DIALOGUES = ("answers_tuning.jsonl", "answers_tuning_dialogues.jsonl")
MAX_CARRIED = 0.02
FOLDS = 5
SEED = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A turn and those before it; `on` says whether it goes on with them, `drawn` whether chance put them together."""

    turns: tuple[str, ...]
    question: str
    on: bool
    drawn: bool = False


def pairs() -> Iterator[Pair]:
    """Yield the dialogues of the tuning files, and single questions behind an unrelated one."""
    singles = [row["question"] for row in _rows("tuning.jsonl")]
    for file in DIALOGUES:
        for row in _rows(file):
            if row.get("turns") and row.get("carried") is not None:
                yield Pair(tuple(row["turns"]), row["question"], bool(row["carried"]))
            elif not row.get("turns"):
                singles.append(row["question"])
    drawing = random.Random(SEED)
    for question in singles:
        yield Pair((drawing.choice(singles),), question, on=False, drawn=True)


def _rows(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUESTIONS / file).read_text(encoding="utf-8").splitlines()]


def signals_of(assistant: Assistant, pair: Pair) -> Mapping[str, float] | None:
    """Return the signals that the last turn was judged by, None where its wording alone decided."""
    heard: list[Mapping[str, float]] = []
    original = thread.thread_signals

    def listening(*given: Any, **named: Any) -> Mapping[str, float]:
        heard.append(original(*given, **named))
        return heard[-1]

    with patch.object(thread, "thread_signals", listening):
        assistant.understand(pair.question, history=pair.turns)
    return heard[-1] if heard else None


def main(arguments: Sequence[str]) -> int:
    """Fit, and print the head of the file and what the threshold does to both classes."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_thread", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--index", type=Path, help="an index of corpus/ built with the shipped embedder")
    assistant = open_assistant(load_settings(index=parser.parse_args(arguments).index))
    heard = [(pair, found) for pair in pairs() if (found := signals_of(assistant, pair)) is not None]
    names = list(heard[0][1])
    rows = np.array([[found[name] for name in names] for _, found in heard])
    on = np.array([pair.on for pair, _ in heard])
    drawn = np.array([pair.drawn for pair, _ in heard])
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(heard))
    scores = np.zeros(len(heard))
    for number in range(FOLDS):
        bias, weights = fit_logistic(rows[fold != number], on[fold != number])
        scores[fold == number] = bias + rows[fold == number] @ weights
    threshold = float(np.quantile(scores[drawn], 1 - MAX_CARRIED))
    bias, weights = fit_logistic(rows, on)
    print(f"bias = {bias:.2f}\nthreshold = {threshold:.2f}\n\n[weights]")
    print("\n".join(f"{name} = {weight:.2f}" for name, weight in zip(names, weights, strict=True)))
    print(
        f"# of {on.sum()} that go on {(scores[on] >= threshold).sum()} found; of {drawn.sum()} drawn pairs "
        f"{(scores[drawn] >= threshold).sum()} carried; of {(~on & ~drawn).sum()} new topics "
        f"{(scores[~on & ~drawn] >= threshold).sum()}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
