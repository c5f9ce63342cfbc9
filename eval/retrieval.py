"""How well retrieval finds: `python -m eval.retrieval --benchmark stard|policy|founding` writes one report.

The corpus is built into a real index, every system of the ladder is asked every question, and one table shows what each
stage adds. The JSON keeps the ranks of every question, so that `--compare` can say which a change won and lost.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import product as pairs
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.errors import AssistantError, QuestionError
from assistant.indexing.embedder import Embedder, load_embedder
from assistant.indexing.reranker import OFF
from assistant.settings import load_settings
from eval.benchmark_index import BuiltIndex, build
from eval.benchmarks import BENCHMARKS, Benchmark, Case, load_benchmark
from eval.facts import command_line, commit, machine, now
from eval.ladder import PLACED, PRODUCT, Product, System, ladder
from eval.law_data import DATA, ROOT
from eval.llama_baseline import LlamaIndexBaseline
from eval.ranking import TOP_CUT, Run, above, best_rank, figures, gold_ranks, run_all
from eval.retrieval_plot import draw, load_matplotlib
from eval.retrieval_report import markdown
from eval.vector_cache import MAX_EMBED
from eval.won_lost import compare, load_report, packed

Row = dict[str, Any]
LLAMAINDEX = "llamaindex"
QUOTED = 80  # characters of what outranked a right provision
# What a report's groups are, by benchmark: each combination of values that occurs.
GROUPS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "stard": (),
        "policy": (("split", "documents"), ("split", "documents", "role")),
        "founding": (("role",), ("kind",)),
    }
)
CUTS_COMPARED: Mapping[str, int] = MappingProxyType({"stard": 10, "policy": 1, "founding": 5})
LISTS_MISSES = frozenset({"founding"})


def evaluate(
    benchmark: Benchmark,
    built: BuiltIndex,
    embedder: Embedder,
    as_of: date,
    say: Callable[[str], None],
    wanted: Sequence[str] = (),
    sample: int | None = None,
    max_embed: int = MAX_EMBED,
    reranker: str = OFF,
) -> tuple[Row, dict[str, str]]:
    """Return the measured part of a report, and the questions by id.

    Args:
        benchmark: what is asked.
        built: its index.
        embedder: what the index is searched with.
        as_of: the date that versions are chosen on.
        say: told what is going on.
        wanted: names of systems; all of them where it is empty.
        sample: only the first so many questions.
        max_embed: texts that LlamaIndex's index may have embedded here.
        reranker: what the product's first hits are read with in one more row, as in the settings; none where it is off.

    Raises:
        QuestionError: there is no system of a name in `wanted`.
        MissingDependencyError, ModelError: the reranker cannot be loaded.
    """
    started = time.perf_counter()
    cases = benchmark.cases()[:sample]
    with (
        closing(Product(built, embedder, as_of)) as product,
        closing(Product(built, embedder, as_of, reranker)) as reading,
    ):
        placed = any(case.region for case in cases)
        systems = ladder(product, built, placed=placed, reading=reading if reading.reranker else None)
        baseline = LlamaIndexBaseline(benchmark, built, embedder, say, max_embed)
        systems.append(System(LLAMAINDEX, "LlamaIndex（教程做法）", baseline.rank, baseline.prepare))
        systems = _chosen(systems, wanted)
        runs = run_all(systems, cases, say)
        main = next((name for name in (PLACED, PRODUCT) if name in runs), systems[-1].name)
        rows = [_row(case, runs) for case in cases]
        if benchmark.name in LISTS_MISSES:
            _list_misses(product, cases, runs[main], rows, main)
        corpus = product.corpus_hash()
    measured: Row = {
        "benchmark": benchmark.name,
        "title": benchmark.title,
        "notes": list(benchmark.notes),
        "data": benchmark.fingerprint(),
        "questions": len(cases),
        "as_of": as_of.isoformat(),
        "seconds": round(time.perf_counter() - started, 1),
        "corpus": corpus,
        "embedder": f"{Path(embedder.name).name}，版本 {embedder.revision}，{embedder.dimension} 维",
        "index": built.facts(),
        "main": main,
        "systems": [
            {
                "name": system.name,
                "label": system.label,
                **figures(cases, runs[system.name]),
                "memory_gb": runs[system.name].memory_gb,
            }
            for system in systems
        ],
        "groups": _groups(benchmark.name, cases, systems, runs),
        "errors": {name: dict(found.errors) for name, found in runs.items() if found.errors},
        "rows": rows,
    }
    return measured, {case.id: case.question for case in cases}


def _chosen(systems: Sequence[System], wanted: Sequence[str]) -> list[System]:
    names = [system.name for system in systems]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise QuestionError(f"没有叫 {'、'.join(unknown)} 的系统；可选：{'、'.join(names)}")
    return [system for system in systems if not wanted or system.name in wanted]


def _row(case: Case, runs: Mapping[str, Run]) -> Row:
    found = {name: run.ranked[case.id] for name, run in runs.items() if case.id in run.ranked}
    row: Row = {"id": case.id}
    if case.shown:
        row["question"] = case.question
    return {
        **row,
        "gold": list(case.need or case.gold),
        "groups": dict(case.groups),
        "best": {name: best_rank(case, ranked) for name, ranked in found.items()},
        "ranks": {name: gold_ranks(case, ranked) for name, ranked in found.items()},
    }


def _groups(benchmark: str, cases: Sequence[Case], systems: Sequence[System], runs: Mapping[str, Run]) -> list[Row]:
    groups: list[Row] = []
    for dimensions in GROUPS[benchmark]:
        values = [list(dict.fromkeys(case.groups[name] for case in cases)) for name in dimensions]
        for combination in pairs(*values):
            where = dict(zip(dimensions, combination, strict=True))
            chosen = [case for case in cases if all(case.groups[name] == value for name, value in where.items())]
            if chosen:
                rows = [{"name": system.name, **figures(chosen, runs[system.name])} for system in systems]
                groups.append({"where": where, "systems": rows})
    return groups


def _list_misses(product: Product, cases: Sequence[Case], found: Run, rows: Sequence[Row], main: str) -> None:
    """Add to the row of every question that the main system misses what stands in the right provision's place."""
    for case, row in zip(cases, rows, strict=True):
        rank = row["best"].get(main)
        if case.id not in found.ranked or (rank is not None and rank <= TOP_CUT):
            continue
        units = above(case, found.ranked[case.id])
        names = product.names(units)
        held = product.look(lambda snapshot, units=units: snapshot.provisions(units))  # type: ignore[misc]
        row["above"] = [[names[unit], " ".join(held[unit].text.split())[:QUOTED]] for unit in units]


def write(report: Row, path: Path, texts: Mapping[str, str]) -> str:
    """Write JSON and Markdown; return the Markdown. `texts` are the questions that may stand in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in packed(report)["rows"])
    head = json.dumps({**report, "rows": []}, ensure_ascii=False, indent=1)
    path.write_text(head.replace('"rows": []', f'"rows": [\n  {rows}\n ]') + "\n", encoding="utf-8")
    text = markdown(report, texts)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    return text


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.retrieval",
        description="建索引（缓存在 YIJU_CACHE），逐题检索，写出检索评测报告（Markdown、JSON、图）",
        epilog="例：python -m eval.retrieval --benchmark stard --compare eval/reports/retrieval_stard.json",
    )
    parser.add_argument("--benchmark", choices=BENCHMARKS, required=True, help="哪一套题")
    parser.add_argument(
        "--split", default="dev", choices=("dev", "train"), help="STARD 的部分；报告用 dev，调参用 train"
    )
    parser.add_argument("--systems", nargs="+", default=[], metavar="NAME", help="只跑这几行；默认全部")
    parser.add_argument("--sample", type=int, metavar="N", help="只问前 N 题（试运行）")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="列出相对这份报告赢回和丢失的题")
    parser.add_argument("--compare-system", metavar="NAME", help="拿上一份报告的哪一行来比；默认它的主行")
    parser.add_argument("--out", type=Path, default=ROOT / "eval" / "reports", help="报告所在的文件夹")
    parser.add_argument("--name", help="报告的名字；默认 retrieval_ 加题集名")
    parser.add_argument("--embedder", default="builtin", help="向量模型，写法同设置")
    parser.add_argument("--reranker", default=OFF, metavar="SPEC", help="加一行：产品再经这个重排模型，写法同设置")
    parser.add_argument("--max-embed", type=int, default=MAX_EMBED, metavar="N", help="最多在本机算多少条向量")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="按哪一天判断效力；默认今天")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate, write and print the report; return 0, 1 for an error, 3 if a question failed."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = build_parser().parse_args(given)
    dev = options.benchmark != "stard" or options.split == "dev"
    name = options.name or f"retrieval_{options.benchmark}" + ("" if dev else f"_{options.split}")
    try:
        load_matplotlib()
        before = load_report(options.compare) if options.compare else None
        embedder = load_embedder(options.embedder)
        reranker = load_settings(reranker=options.reranker).reranker  # refused before an index is built
        benchmark = load_benchmark(options.benchmark, options.data, options.split)
        built = build(benchmark, embedder, _say, options.max_embed)
        measured, questions = evaluate(
            benchmark,
            built,
            embedder,
            options.as_of,
            _say,
            options.systems,
            options.sample,
            options.max_embed,
            reranker,
        )
        ranks = {
            system["name"]: [row["ranks"][system["name"]] for row in measured["rows"] if system["name"] in row["ranks"]]
            for system in measured["systems"]
        }
        draw(
            f"{options.benchmark}: {measured['questions']} questions",
            measured["systems"],
            ranks,
            options.out / f"{name}.png",
        )
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    report: Row = {
        "name": name,
        "command": command_line("eval.retrieval", given),
        "date": now(),
        "commit": commit(ROOT),
        "machine": machine(),
        "plot": f"{name}.png",
        **measured,
    }
    report["comparison"] = _compared(report, before, options) if before else None
    shown = {row["id"]: row["question"] for row in report["rows"] if "question" in row}
    print(write(report, options.out / f"{name}.json", shown), end="")
    if report["comparison"] and len(shown) < len(questions):
        _print_moved(report["comparison"], questions)
    return 3 if report["errors"] else 0


def _compared(report: Row, before: Row, options: argparse.Namespace) -> Row:
    old = options.compare_system or before["main"]
    cut = CUTS_COMPARED[report["benchmark"]]
    found = compare(report["rows"], before["rows"], report["main"], old, cut)
    facts = {"file": options.compare.name, "date": before["date"], "commit": before["commit"]}
    return {**facts, "system": report["main"], "before_system": old, **found.row()}


def _print_moved(comparison: Row, questions: Mapping[str, str]) -> None:
    """Print the questions that a committed report may not contain."""
    for way, title in (("won", "赢回"), ("lost", "丢失")):
        for one in comparison[way]:
            print(f"{title} {one['id']}（{one['before']} → {one['after']}）{questions[one['id']]}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
