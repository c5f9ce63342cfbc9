"""How good the citation checker is, on all laws.

python -m eval.citations                      5,200 corrupted and 5,000 true citations; writes eval/reports/citations.*
python -m eval.citations --sample 50          as many of each kind and four times as many true ones; writes nothing
python -m eval.citations --show number:17     one text, what the documents say of it, what the checker says
python -m eval.citations round-trip           every label the product prints, found again (--sample: one law in 20)
python -m eval.citations speed                running time against length; a draft of 200 pages
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.indexing import database
from eval.citations import round_trip, speed
from eval.citations.checker import product_checker
from eval.citations.corpus import Corpus
from eval.citations.corrupt import KINDS
from eval.citations.generate import Dropped, Generator
from eval.citations.gold import Gold
from eval.citations.index import build, open_index
from eval.citations.measure import PER_KIND, TRUE_CITATIONS, bars, changed, measure
from eval.citations.report import markdown
from eval.citations.truths import World
from eval.facts import command_line, commit, machine, now
from eval.law_data import DATA, DIVISIONS, LAWS, ROOT

AS_OF = date(2026, 11, 22)  # the day that versions are chosen by, in every report alike
SEED = 20261122
TRUE_PER_SAMPLE = 4
REPORTS = ROOT / "eval" / "reports"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.citations",
        description="引用核对的检出与误报：从全部法规取正确的引用，按十种方式改错。",
        epilog="例：python -m eval.citations --sample 20 --kinds number,level",
    )
    parser.add_argument("what", nargs="?", choices=("measure", "round-trip", "speed"), default="measure")
    parser.add_argument(
        "--sample", nargs="?", type=int, const=50, metavar="N", help="每类 N 处，不写报告；round-trip：二十分之一的法规"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"随机种子，默认 {SEED}")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"逗号分隔：{'、'.join(KINDS)}")
    parser.add_argument("--won-lost", type=Path, metavar="JSON", help="与上一份报告比较，列出赢回和丢失的")
    parser.add_argument("--show", metavar="编号", help="在屏幕上印出一段话、标准答案和核对结果")
    parser.add_argument("--index", type=Path, help="用这个文件夹里的索引，不按数据和代码另找")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    parser.add_argument("--out", type=Path, help="报告目录，默认 eval/reports")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked; return 0 if every bar is reached, 3 if one is missed, 1 where something is absent."""
    options = build_parser().parse_args(arguments)
    kinds = tuple(kind for kind in options.kinds.split(",") if kind)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        sys.stderr.write(f"错误：没有这一类：{'、'.join(unknown)}；可选 {'、'.join(KINDS)}\n")
        return 2
    if not (options.data / LAWS).is_file():
        sys.stderr.write(f"错误：缺少数据文件 {LAWS}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明\n")
        return 1
    started = time.perf_counter()
    command = command_line("eval.citations", sys.argv[1:] if arguments is None else arguments)
    try:
        sample = options.what == "round-trip" and options.sample is not None
        folder = options.index or build(_say, options.data, sample=sample)
        facts = {"command": command, "date": now(), "commit": commit(ROOT), "machine": machine(), **_corpus(folder)}
        _say(f"索引：{folder}")
        if options.what == "round-trip":
            return _round_trip(folder, facts, options, started)
        if options.what == "speed":
            return _speed(folder, facts, options, started)
        return _measure(folder, facts, options, kinds, started)
    except AssistantError as error:
        sys.stderr.write(f"错误：{error}\n")
        return 1


def _measure(
    folder: Path, facts: dict[str, Any], options: argparse.Namespace, kinds: Sequence[str], started: float
) -> int:
    corpus = Corpus.from_index(folder)
    generator = Generator(World(corpus, Gold(corpus, AS_OF), options.data / DIVISIONS), options.seed)
    index = open_index(folder)
    try:
        if options.show:
            return _show(generator, product_checker(index), options.show)
        per_kind, true = (
            (options.sample, TRUE_PER_SAMPLE * options.sample) if options.sample else (PER_KIND, TRUE_CITATIONS)
        )
        figures = measure(generator, product_checker(index), kinds, per_kind, true, _say)
    finally:
        index.close()
    before = json.loads(options.won_lost.read_text(encoding="utf-8"))["figures"] if options.won_lost else None
    report = {
        **facts,
        "seconds": round(time.perf_counter() - started, 1),
        "seed": options.seed,
        "as_of": AS_OF.isoformat(),
        "bars": bars(figures),
        "changes": changed(figures, before) if before else None,
        "figures": figures,
    }
    _write(options, "citations", report, markdown(report), sampled=bool(options.sample) or len(kinds) < len(KINDS))
    return 0 if all(report["bars"].values()) else 3


def _show(generator: Generator, checker: Any, identity: str) -> int:
    case = generator.case(identity)
    if isinstance(case, Dropped):
        sys.stdout.write(f"{identity} 没有成文：{case.why}\n")
        return 1
    lines = [case.text, "", " ".join(f"{name}={value}" for name, value in case.style)]
    if case.truth:
        lines.append(f"改自 {case.source}《{case.truth.title}》 {case.truth.path} {case.truth.words}")
    for mark in case.marks:
        sign = "✗" if mark.corrupted else "✓"
        judged = generator.world.gold.judge(mark.claim)
        lines.append(f"{sign} [{mark.start}, {mark.end}) {case.text[mark.start : mark.end]!r} {judged}")
    [report] = checker([case.text], case.as_of)
    lines.append("")
    if isinstance(report, Exception):
        lines.append(repr(report))
    else:
        lines += [repr(finding) for finding in report.findings] or ["没有发现引用"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _round_trip(folder: Path, facts: dict[str, Any], options: argparse.Namespace, started: float) -> int:
    corpus = Corpus.from_index(folder)
    index = open_index(folder)
    try:
        figures = round_trip.run(
            corpus,
            product_checker(index),
            round_trip.printed_label(corpus, AS_OF),
            AS_OF,
            options.sample is not None,
            _say,
        )
    finally:
        index.close()
    report = {
        **facts,
        "seconds": round(time.perf_counter() - started, 1),
        "as_of": AS_OF.isoformat(),
        "figures": figures,
    }
    _write(options, "citations_round_trip", report, round_trip.markdown(report), sampled=options.sample is not None)
    return 0 if round_trip.reached(figures) else 3


def _speed(folder: Path, facts: dict[str, Any], options: argparse.Namespace, started: float) -> int:
    figures = speed.run(folder, AS_OF, options.seed, options.data, _say)
    report = {
        **facts,
        "seconds": round(time.perf_counter() - started, 1),
        "as_of": AS_OF.isoformat(),
        "figures": figures,
    }
    _write(options, "citations_speed", report, speed.markdown(report), sampled=options.sample is not None)
    return 0 if speed.reached(figures) else 3


def _write(options: argparse.Namespace, name: str, report: dict[str, Any], text: str, sampled: bool) -> None:
    """Print a report, and write it unless it is of a sample and no folder was named."""
    sys.stdout.write(text)
    if sampled and options.out is None:
        return
    out = options.out or REPORTS
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / f"{name}.md").write_text(text, encoding="utf-8")


def _corpus(folder: Path) -> dict[str, Any]:
    connection = database.connect(folder)
    try:
        documents = connection.execute("SELECT count(*) FROM documents").fetchone()[0]
        return {"corpus": database.meta(connection, "corpus"), "documents": documents}
    finally:
        connection.close()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
