"""Fit the abstention gate: `python -m eval.fit_gate` writes assistant/answering/data/gate.toml.

Positive: questions to which a provision speaks (answered or partial), look-ups and dialogues left out, of
eval/questions/fitting_*.jsonl, of answers_tuning.jsonl and of the tenth of tuning.jsonl that the embedder was not
trained on (`eval.training.files.held_out_question`): what it was trained on scores higher than what callers will ask.
What the wording says is asked of models that have not seen the question's file (`eval.fit_ngrams`). Negative: the
off-topic questions of all these files, and lay legal questions of the STARD train split (../shared/data, read in
place), which are about labour, family, traffic and trade and not about industrial transfer. The two classes weigh the
same in the fit. The threshold is where at most `MAX_FALSE_REFUSALS` of the positive questions are refused: refusing a
caller who could have been helped costs more than showing provisions that do not fit.
"""

import argparse
import json
import sys
import tarfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.gate import Gate, gate_signals
from assistant.answering.matters import asks_several, matters_absent
from assistant.api import Assistant, open_assistant
from assistant.indexing.index import Snapshot
from assistant.retrieval.hybrid import search
from assistant.settings import load_settings
from eval.fit_ngrams import RIDGE, examples_of, held_out_scores
from eval.training.files import held_out_question

QUESTIONS = Path("eval/questions")
STARD = Path("../shared/data/stard.tar.gz")
TARGET = Path("assistant/answering/data/gate.toml")
SIGNALS = ("sentence", "article", "coverage", "asked", "terms", "named", "absent", "wording")
FILES = ("tuning.jsonl", "fitting_a.jsonl", "fitting_b.jsonl", "answers_tuning.jsonl", "answers_tuning_b.jsonl")
SKIPPED_KINDS = frozenset({"lookup", "no_such_article", "not_held", "instruction"})
MAX_FALSE_REFUSALS = 0.03
NEGATIVES = 600
PENALTY = 1.0


def fit_logistic(
    rows: NDArray[np.float64], labels: NDArray[np.bool_], ridge: float = PENALTY
) -> tuple[float, NDArray[np.float64]]:
    """Return bias and weights of a logistic model, both classes weighing the same.

    Newton's method on standardised signals with an L2 penalty; the weights returned are for the raw signals.

    Args:
        rows: float64 (n, signals).
        labels: bool (n,).
        ridge: strength of the penalty on the standardised weights.
    """
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    design = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    balance = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    penalty = np.diag([0.0, *np.full(rows.shape[1], ridge)])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (balance * (labels - chance)) - penalty @ beta
        curvature = (design * (balance * chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, gradient)
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    weights = beta[1:] / scale
    return float(beta[0] - weights @ mean), weights


def threshold_at(scores: Sequence[float], share: float) -> float:
    """Return the highest threshold that refuses at most `share` of the questions with these scores."""
    ordered = sorted(scores)
    return ordered[int(share * len(ordered))]


def main(arguments: Sequence[str]) -> int:
    """Fit, print what the gate does to both classes, and write the data file."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_gate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--index", type=Path, help="an index of corpus/ built with the shipped embedder")
    options = parser.parse_args(arguments)
    if not STARD.is_file():
        print(f"{STARD} is not there: the negative questions are read from it", file=sys.stderr)
        return 1
    assistant = open_assistant(load_settings(index=options.index))
    positive, negative = _questions()
    wordings = held_out_scores(examples_of("matters"), RIDGE["matters"], [Path(file).stem for file in FILES])
    signals = [_signals(assistant, question, wordings) for question in (*positive, *negative)]
    rows = np.array([[one[name] for name in SIGNALS] for one in signals])
    labels = np.arange(len(rows)) < len(positive)
    bias, weights = fit_logistic(rows, labels)
    gate = Gate(bias, 0.0, dict(zip(SIGNALS, map(float, weights), strict=True)))
    scores = [gate.score(one) for one in signals]
    threshold = threshold_at(scores[: len(positive)], MAX_FALSE_REFUSALS)
    refused = sum(score < threshold for score in scores[: len(positive)])
    passed = sum(score >= threshold for score in scores[len(positive) :])
    summary = (
        f"{len(positive)} questions with a provision: {refused} refused; "
        f"{len(negative)} without: {passed} passed; {date.today()}"
    )
    print(summary)
    TARGET.write_text(_table(bias, gate.weights, threshold, summary), encoding="utf-8")
    return 0


def _questions() -> tuple[list[str], list[str]]:
    rows = [
        json.loads(line)
        for path in (QUESTIONS / file for file in FILES)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    kept = [row for row in rows if row["kind"] not in SKIPPED_KINDS and not row.get("turns")]
    untrained = (row for row in kept if row["id"][0] != "t" or held_out_question(row["question"]))
    positive = [row["question"] for row in untrained if row["expect"] != "abstained"]
    negative = [row["question"] for row in kept if row["expect"] == "abstained"]
    with tarfile.open(STARD) as archive:
        member = next(one for one in archive if one.name.endswith("queries.jsonl"))
        file = archive.extractfile(member)
        assert file is not None
        lay = [json.loads(line) for line in file.read().decode().splitlines()]
    negative += [row["question"] for row in lay if row["split"] == "train"][:NEGATIVES]
    return positive, negative


def _signals(assistant: Assistant, question: str, wordings: Mapping[str, float]) -> dict[str, float]:
    query = assistant.understand(question)

    def work(snapshot: Snapshot) -> dict[str, float]:
        absent = bool(matters_absent(snapshot, question)) and not (query.terms and asks_several(question))
        hits = search(snapshot, assistant.embedder, query, 10)
        return gate_signals(snapshot, query, hits, absent=absent, wording=wordings.get(question))

    return assistant.read(work)


def _table(bias: float, weights: Mapping[str, float], threshold: float, summary: str) -> str:
    lines = [
        "# When does nothing speak to a question? A logistic model on the retrieval's own signals; from `threshold`",
        f"# on, the evidence speaks. Written by `python -m eval.fit_gate`: {summary}.",
        f"bias = {bias:.4f}",
        f"threshold = {threshold:.4f}",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in weights.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
