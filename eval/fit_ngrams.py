"""Fit the models over wordings: `python -m eval.fit_ngrams` writes assistant/answering/data/ngrams_*.tsv.

facts     questions that want a concrete fact no document holds, against questions the text answers
matters   questions to which a provision speaks, against those of other matters
force     questions that take encouragement for a claim or ask what a rule is worth, against plain ones
claims    questions that assert what the rules say, rightly or wrongly, against plain ones

Logistic models with a ridge penalty, both classes weighing the same, on the tuning and training files of eval/questions
(`matters` on corpus/asked.toml besides). The thresholds are those at which, fitted without one file and asked about it,
at most `MAX_FALSE` of the questions of the other class are taken wrongly.
"""

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from assistant.answering.asked import facts_asked
from assistant.answering.ngrams import BIAS, THRESHOLD, ngrams

QUESTIONS = Path("eval/questions")
ASKED = Path("corpus/asked.toml")
TARGET = Path("assistant/answering/data")
FILES = (
    *("tuning", "fitting_a", "fitting_b", "answers_tuning", "answers_tuning_b"),
    *("training/answers", "training/traps"),
)
# Files held out in turn to choose the thresholds; all were written by others than those who wrote the training files.
HELD_OUT = ("tuning", "fitting_a", "fitting_b", "answers_tuning", "answers_tuning_b")
SKIPPED_KINDS = frozenset({"lookup", "no_such_article", "not_held", "instruction", "false_premise", "time", "place"})
MIN_COUNT = 2  # an n-gram of one question alone says nothing of others
RIDGE = {"facts": 0.03, "matters": 0.1, "force": 0.1, "claims": 0.1}
MAX_FALSE = {"facts": 0.02, "matters": 0.03, "force": 0.005, "claims": 0.02}
TRAPS = {"force": "force", "claims": "premise"}  # models of traps: the kind of notice
DIGITS = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the file it is from, and whether the model should say yes."""

    question: str
    file: str
    yes: bool


def examples_of(name: str) -> list[Example]:
    """Return the examples of a model, each question once."""
    found: dict[str, Example] = {}
    for file in FILES:
        for line in (QUESTIONS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines():
            yes = _label(name, json.loads(line))
            if yes is not None:
                question = json.loads(line)["question"]
                found.setdefault(question, Example(question, file, yes))
    if name == "matters":
        for row in tomllib.loads(ASKED.read_text(encoding="utf-8"))["asked"]:
            for question in row["questions"]:
                found.setdefault(question, Example(question, "asked", True))
    return list(found.values())


def _label(name: str, row: dict[str, Any]) -> bool | None:
    """Return what a model should say of a row, None where it is no example for it."""
    if row.get("turns"):
        return None
    if name in TRAPS:
        return _trap(name, row)
    if row.get("kind") in SKIPPED_KINDS or "premise" in row:
        return None
    label = row.get("label") or {"answered": "answered", "partial": "fact", "abstained": "foreign"}[str(row["expect"])]
    if name == "matters":
        return bool(label != "foreign")
    return None if label == "foreign" or row.get("kind") in ("multi", "comparison") else bool(label == "fact")


def _trap(name: str, row: dict[str, Any]) -> bool | None:
    """Return whether a row holds a trap; None where a notice on it would do no harm either, or nobody has said."""
    if "premise" in row:
        return {"force": row["force"], "claims": row["premise"] != "none"}[name]
    if "notices" in row:
        kind = TRAPS[name]
        return None if kind in row["may"] else kind in row["notices"]
    if "kind" not in row:
        return None
    kinds = {"claims": "false_premise"}
    return None if name == "force" and row["expect"] != "abstained" else row["kind"] == kinds.get(name)


def fit(examples: Sequence[Example], ridge: float) -> tuple[float, dict[str, float]]:
    """Return bias and weight of each n-gram that stands in `MIN_COUNT` examples or more."""
    grams = [ngrams(example.question) for example in examples]
    counts = Counter(gram for found in grams for gram in found)
    places = {gram: place for place, gram in enumerate(sorted(g for g, n in counts.items() if n >= MIN_COUNT))}
    rows, columns, values = [], [], []
    for row, found in enumerate(grams):
        known = [places[gram] for gram in found if gram in places]
        rows += [row] * len(known)
        columns += known
        values += [1 / np.sqrt(len(known) + 1)] * len(known)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(examples), len(places)))
    labels = np.array([example.yes for example in examples])
    share = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))

    def loss(beta: Floats) -> tuple[float, Floats]:
        logits = beta[0] + matrix @ beta[1:]
        error = share * (1 / (1 + np.exp(-logits)) - labels)
        value = float((share * np.logaddexp(0, np.where(labels, -logits, logits))).sum())
        gradient = np.concatenate([[error.sum()], matrix.T @ error + ridge * beta[1:]])
        return value + ridge / 2 * float((beta[1:] ** 2).sum()), gradient

    beta = minimize(loss, np.zeros(len(places) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return float(beta[0]), {gram: float(beta[place + 1]) for gram, place in places.items()}


def scorer(bias: float, weights: dict[str, float]) -> Callable[[str], float]:
    """Return the score function of a fitted model."""

    def score(text: str) -> float:
        known = [weights[gram] for gram in ngrams(text) if gram in weights]
        return bias + sum(known) / float(np.sqrt(len(known) + 1))

    return score


def held_out_scores(examples: Sequence[Example], ridge: float, files: Sequence[str] = HELD_OUT) -> dict[str, float]:
    """Return question → score, of the examples of some files, each by a model that has not seen its file."""
    found: dict[str, float] = {}
    for file in files:
        score = scorer(*fit([example for example in examples if example.file != file], ridge))
        found |= {example.question: score(example.question) for example in examples if example.file == file}
    return found


def threshold(name: str, scored: Sequence[tuple[float, bool]]) -> float:
    """Return the threshold that takes at most `MAX_FALSE` of one class for the other."""
    share = MAX_FALSE[name]
    if name == "matters":
        spoken_to = sorted(score for score, yes in scored if yes)
        return spoken_to[int(share * len(spoken_to))]
    others = sorted((score for score, yes in scored if not yes), reverse=True)
    return others[int(share * len(others))] + 1e-6


def main(arguments: Sequence[str]) -> int:
    """Fit the models, print what they do to the files held out, and write the data files."""
    argparse.ArgumentParser(prog="python -m eval.fit_ngrams", description=(__doc__ or "").split("\n")[0]).parse_args(
        arguments
    )
    for name in RIDGE:
        examples = examples_of(name)
        scores = held_out_scores(examples, RIDGE[name])
        # Where a pattern finds the fact that is asked for, the model is not heard.
        heard = [
            one for one in examples if one.question in scores and not (name == "facts" and facts_asked(one.question))
        ]
        scored = [(scores[one.question], one.yes) for one in heard]
        limit = threshold(name, scored)
        yes, no = [s for s, right in scored if right], [s for s, right in scored if not right]
        summary = (
            f"{len(examples)} questions; of files held out in turn, {sum(s >= limit for s in yes)} of {len(yes)} "
            f"found, {sum(s >= limit for s in no)} of {len(no)} wrongly; {date.today()}"
        )
        print(f"{name}: {summary}")
        bias, weights = fit(examples, RIDGE[name])
        rows = [
            f"# Written by `python -m eval.fit_ngrams`: {summary}.",
            f"{BIAS}\t{bias:.4f}",
            f"{THRESHOLD}\t{limit:.4f}",
        ]
        rows += [f"{gram}\t{weight:.{DIGITS}f}" for gram, weight in sorted(weights.items()) if abs(weight) >= 0.02]
        (TARGET / f"ngrams_{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
