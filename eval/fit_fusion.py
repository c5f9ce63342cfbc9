"""Learn the weights of the fusion: `python -m eval.fit_fusion` prints the best and writes eval/reports/fusion.md.

The questions are those no model was trained on: eval/questions/fitting_*.jsonl (written for this, on the founding
documents) and the validation tenth of the tuning and training questions (`eval.training.files.held_out_question`),
founding and local. They are asked of the policy benchmark's index. Every candidate's signals are collected once; a grid
over the weights is then ranked by the mean of MRR@10 on founding and on local documents, for the two count alike
however many questions each has. The article's weight is 1: only ratios matter.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.embedder import load_embedder
from assistant.retrieval.fusion import DEFAULT_WEIGHTS
from assistant.retrieval.hybrid import search
from eval.benchmark_index import build
from eval.benchmarks import load_benchmark
from eval.benchmarks.policy import QUESTIONS
from eval.facts import command_line, commit, now
from eval.ladder import Product
from eval.law_data import ROOT
from eval.training.files import held_out_question

SIGNALS = ("article", "sentence", "lexical", "terms")
GRID = {
    "sentence": (0.0, 0.5, 0.75, 1.0, 1.25, 1.5),
    "lexical": (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3),
    "terms": (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4),
}
DEPTH = 60
REPORT = Path("eval/reports/fusion.md")
FOUNDING = ("gd-transfer-2025:", "mfg-transfer-2021:")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what answers it, and whether it is about the founding documents."""

    question: str
    gold: frozenset[str]
    founding: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """Signals of a question's candidates, float64 (n, SIGNALS), and which are right, bool (n,)."""

    values: NDArray[np.float64]
    right: NDArray[np.bool_]
    founding: bool


def fitting_questions() -> list[Asked]:
    """Return the questions that no model was trained on and that have an answer."""
    found = []
    for path in sorted(QUESTIONS.glob("fitting_*.jsonl")):
        found += [_asked(row) for row in _rows(path) if row["gold"]]
    for name in ("tuning", "policy_training", "policy_tuning"):
        rows = (row for row in _rows(QUESTIONS / f"{name}.jsonl") if row["gold"])
        found += [_asked(row) for row in rows if held_out_question(row["question"])]
    return found


def _rows(path: object) -> Iterable[dict[str, object]]:
    with open(str(path), encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def _asked(row: Mapping[str, object]) -> Asked:
    gold = [*_strings(row["gold"]), *_strings(row.get("also", ())), *_strings(row.get("need", ()))]
    first = _strings(row["gold"])
    return Asked(str(row["question"]), frozenset(first), all(one.startswith(FOUNDING) for one in gold))


def _strings(value: object) -> list[str]:
    assert isinstance(value, list | tuple)
    return [str(one) for one in value]


def collect(product: Product, asked: Sequence[Asked]) -> list[Candidates]:
    """Return the candidates of each question with the signals as the search gives them, unweighted."""
    found = []
    ones = dict.fromkeys(SIGNALS, 1.0)
    for one in asked:
        query = product.understand(one.question, as_of=product.as_of)
        weights = type(DEFAULT_WEIGHTS)(**ones, possible=0.0)
        hits = product.look(
            lambda snapshot, q=query, w=weights: search(snapshot, product.embedder, q, DEPTH, weights=w)
        )
        values = np.array([[hit.signals.get(name, 0.0) for name in SIGNALS] for hit in hits])
        right = np.array([_answers(hit.provision.id, one.gold) for hit in hits], dtype=bool)
        found.append(Candidates(values.reshape(-1, len(SIGNALS)), right, one.founding))
    return found


def _answers(unit: str, gold: frozenset[str]) -> bool:
    return any(one == unit or one.startswith(f"{unit}.") for one in gold)


def figures(candidates: Sequence[Candidates], weights: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return right first, right in the top five, and MRR@10 of one row of weights."""
    ranks = []
    for one in candidates:
        order = np.argsort(-(one.values @ weights), kind="stable")
        places = np.flatnonzero(one.right[order])
        ranks.append(int(places[0]) + 1 if len(places) else 10**6)
    array = np.array(ranks)
    return float((array == 1).mean()), float((array <= 5).mean()), float(np.where(array <= 10, 1 / array, 0).mean())


def main(arguments: Sequence[str] | None = None) -> int:
    """Collect, search the grid, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    parser.add_argument("--best", type=int, default=12, help="rows to print")
    options = parser.parse_args(arguments)
    embedder = load_embedder("builtin")
    built = build(load_benchmark("policy"), embedder, lambda line: print(line, file=sys.stderr), 10_000)
    asked = fitting_questions()
    candidates = collect(Product(built, embedder, options.as_of), asked)
    groups = {
        name: [one for one in candidates if one.founding is founding]
        for name, founding in (("奠基", True), ("地方", False))
    }
    lines = ["、".join(f"{name} {len(rows)} 题" for name, rows in groups.items())]
    rows = []
    for values in itertools.product(*GRID.values()):
        weights = np.array([1.0, *values])
        found = {name: figures(part, weights) for name, part in groups.items()}
        rows.append((sum(one[2] for one in found.values()) / len(found), weights, found))
    rows.sort(key=lambda row: -row[0])
    shipped = np.array([getattr(DEFAULT_WEIGHTS, name) for name in SIGNALS])
    current = {name: figures(part, shipped) for name, part in groups.items()}
    shown = [*rows[: options.best], (sum(one[2] for one in current.values()) / len(current), shipped, current)]
    lines.append("平均 MRR@10｜" + " ".join(SIGNALS) + "｜首位 前五 MRR@10（最后一行：现用）")
    for mean, weights, found in shown:
        parts = "；".join(f"{name} " + " ".join(f"{value:.3f}" for value in one) for name, one in found.items())
        lines.append(f"{mean:.4f}｜{' '.join(f'{value:g}' for value in weights)}｜{parts}")
    text = "\n".join(lines)
    print(text)
    command = command_line("eval.fit_fusion", sys.argv[1:] if arguments is None else arguments)
    facts = f"- 命令：`{command}`\n- 日期：{now()}；提交：{commit(ROOT)}"
    REPORT.write_text(f"# 融合的权重\n\n{facts}\n\n```\n{text}\n```\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
