"""Do references help a search? STARD's training questions, BM25 of the product's full text, the graph one hop around.

The numbers say where a right article lies that the search missed; they choose the weight of the stage, or its absence.
"""

import itertools
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from assistant.indexing import lexical
from assistant.indexing.links_read import unit_links
from assistant.indexing.tokens import LexicalTokenizer
from assistant.retrieval.references import FOLLOWED, Direction, Neighbours, reference_signal
from eval.benchmarks.stard import stard_cases, stard_documents
from eval.references_index import titles, write

FETCHED = 100
WEIGHTS = (0.05, 0.1, 0.2, 0.4, 0.8)
CUTS = (5, 10, 20, 100)


def measure(folder: Path, data: Path, as_of: date) -> dict[str, Any]:
    """Return the figures of the report; builds the full text of the rebuilt corpus in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = LexicalTokenizer(folder)
    connection = write(folder, stard_documents(data), tokenizer)
    names = titles(connection)
    cases = stard_cases(data, "train")
    ranked: dict[str, dict[str, float]] = {}
    near: dict[str, Neighbours] = {}
    spent = 0.0
    for case in cases:
        hits = dict(lexical.named(connection, lexical.ranked(connection, tokenizer, case.question, FETCHED)))
        ranked[case.id] = hits
        start = time.perf_counter()
        near[case.id] = Neighbours(*unit_links(connection, names, list(hits)[:FOLLOWED], as_of))
        spent += time.perf_counter() - start
    golds = sorted({unit for case in cases for unit in case.gold})
    around = Neighbours(*unit_links(connection, names, golds, as_of))
    connection.close()
    gold = {case.id: case.gold for case in cases}
    return {
        "questions": len(cases),
        "milliseconds": round(1000 * spent / len(cases), 2),
        "graph": graph(list(gold.values()), around),
        "missed": missed(gold, ranked, near),
        "expansion": expansion(gold, ranked, near),
    }


def graph(golds: Sequence[Sequence[str]], around: Neighbours) -> dict[str, int]:
    """Return how many pairs of right articles of one question there are, and how many are one hop apart."""
    pairs = [pair for gold in golds for pair in itertools.combinations(dict.fromkeys(gold), 2)]
    same = [pair for pair in pairs if pair[0].partition(":")[0] == pair[1].partition(":")[0]]
    linked = [pair for pair in pairs if _linked(pair, around)]
    return {
        "several": sum(len(set(gold)) > 1 for gold in golds),
        "pairs": len(pairs),
        "same_document": len(same),
        "linked": len(linked),
        "with_links": sum(bool(around.of(unit, max_degree=10**6)) for unit in {one for gold in golds for one in gold}),
        "golds": len({one for gold in golds for one in gold}),
    }


def _linked(pair: tuple[str, str], around: Neighbours) -> bool:
    return pair[1] in around.of(pair[0], max_degree=10**6)


def missed(
    gold: Mapping[str, Sequence[str]], ranked: Mapping[str, Mapping[str, float]], near: Mapping[str, Neighbours]
) -> dict[str, dict[str, int]]:
    """Return, for a cut, how many right articles lie behind it and how many of those are one hop from the first ten."""
    found = {}
    for cut in (10, FETCHED):
        rows = {"missed": 0, **{str(way): 0 for way in Direction}, "neighbours": 0}
        for case, right in gold.items():
            first = list(ranked[case])[:cut]
            behind = [unit for unit in dict.fromkeys(right) if unit not in first]
            rows["missed"] += len(behind)
            for way in Direction:
                reached = {one for hit in list(ranked[case])[:FOLLOWED] for one in near[case].of(hit, way, 10**6)}
                rows[way] += sum(unit in reached for unit in behind)
                if way is Direction.BOTH:
                    rows["neighbours"] += len(reached - set(first))
        found[str(cut)] = rows
    return found


def expansion(
    gold: Mapping[str, Sequence[str]], ranked: Mapping[str, Mapping[str, float]], near: Mapping[str, Neighbours]
) -> list[dict[str, Any]]:
    """Return recall and MRR@10 of BM25 alone and with the stage, for each direction and weight.

    `won` and `lost` count the questions whose first right article came to stand higher or lower among the first ten.
    """
    before = {case: reciprocal_rank(list(hits), gold[case]) for case, hits in ranked.items()}
    table: list[dict[str, Any]] = [{"direction": "", "weight": 0.0, **scores(gold, ranked), "won": 0, "lost": 0}]
    for way in Direction:
        for weight in WEIGHTS:
            changed = {}
            for case, hits in ranked.items():
                best = max(hits.values(), default=0.0)
                signal = reference_signal(hits, near[case], direction=way)
                shares = {
                    unit: hits.get(unit, 0.0) / best + weight * signal.get(unit, 0.0) for unit in {*hits, *signal}
                }
                changed[case] = dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))
            after = {case: reciprocal_rank(list(hits), gold[case]) for case, hits in changed.items()}
            won, lost = (sum(sign * after[case] > sign * before[case] for case in before) for sign in (1, -1))
            table.append({"direction": str(way), "weight": weight, **scores(gold, changed), "won": won, "lost": lost})
    return table


def scores(gold: Mapping[str, Sequence[str]], ranked: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return mean recall at the cuts and MRR@10, in [0, 1]."""
    found: dict[str, float] = {}
    for cut in CUTS:
        found[f"recall@{cut}"] = fmean(
            len(set(list(ranked[case])[:cut]) & set(right)) / len(set(right)) for case, right in gold.items()
        )
    found["MRR@10"] = fmean(reciprocal_rank(list(ranked[case]), right) for case, right in gold.items())
    return {name: round(value, 4) for name, value in found.items()}


def reciprocal_rank(ranked: Sequence[str], right: Sequence[str]) -> float:
    """Return 1 / rank of the first right article among the first ten, 0 where none is.

    >>> reciprocal_rank(["a", "b"], ["b"])
    0.5
    """
    return next((1 / rank for rank, unit in enumerate(ranked[:10], 1) if unit in right), 0.0)
