"""What is measured at one size, each step in a process of its own: building, asking, adding one document.

python -m eval.scale_steps build --work FOLDER [--synthetic]      prints its figures as one JSON object
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from assistant.api import Assistant
from assistant.indexing import database
from assistant.indexing.embedder import Embedder, load_embedder
from assistant.indexing.ingest import ingest_files, ingest_paths
from assistant.indexing.vectors import FOLDER
from assistant.settings import Settings
from eval.law_data import DATA, ROOT
from eval.scale_corpus import list_corpus
from eval.scale_vectors import ScaleEmbedder
from eval.vector_cache import VectorCache

INDEX, CORPUS = "index", "corpus"
READ, STORE, FLIP, EMBED = "读取文件", "写入向量库", "写入条文与全文索引", "计算向量"
WARM_UP = 20
QUESTIONS = 200
# What is asked beside a question: nothing; the place; the place and a day.
FILTERS: dict[str, dict[str, Any]] = {
    "不限": {},
    "地域：广东": {"region": "广东"},
    "地域：广东，2024-06-01 有效": {"region": "广东", "as_of": date(2024, 6, 1)},
}


def build(work: Path, embedder: ScaleEmbedder) -> dict[str, Any]:
    """Return how long each stage of building took, in seconds by the clock and of processors, and what came of it."""
    first: dict[str, Moment] = {}
    last: dict[str, Moment] = {}
    before = resident_bytes()
    started = moment()

    def watch(stage: str, done: int, total: int) -> None:
        if stage not in first or done >= total:
            last[stage] = moment()
            first.setdefault(stage, last[stage])

    report = ingest_files(work / INDEX, list_corpus(work / CORPUS), embedder, watch)
    ended = moment()
    spans = {
        "read": (started, first[EMBED]),  # to where the first text is embedded: every process has ended
        "vectors": (first[EMBED], last[EMBED]),
        "store": (first[STORE], last[STORE]),
        "flip": (first[FLIP], ended),  # to the end: committing, counting terms, hashing the corpus
        "whole": (started, ended),
    }
    return {
        "documents": len(report.added),
        "refused": len(report.refused),
        "texts": report.embedded,
        "synthetic": embedder.synthetic,
        "load": os.getloadavg()[0],
        "seconds": {name: end[0] - start[0] for name, (start, end) in spans.items()},
        "processor_seconds": {name: end[1] - start[1] for name, (start, end) in spans.items()},
        "resident_before_bytes": before,
    }


def ask(work: Path) -> dict[str, Any]:
    """Return milliseconds of questions to a warm reader, by the clock and of processors; what the first one took."""
    started = time.perf_counter()
    assistant = Assistant(Settings(index=work / INDEX, corpus=ROOT / "corpus"))
    questions = _questions()
    assistant.search(questions[0])
    found: dict[str, Any] = {"first_seconds": time.perf_counter() - started, "load": os.getloadavg()[0]}
    for question in questions[:WARM_UP]:
        for options in FILTERS.values():
            assistant.search(question, 10, **options)
    for name, options in FILTERS.items():
        clock, processor = [], []
        for question in questions[WARM_UP:]:
            before = moment()
            assistant.search(question, 10, **options)
            after = moment()
            clock.append((after[0] - before[0]) * 1000)
            processor.append((after[1] - before[1]) * 1000)
        found[name] = {"milliseconds": clock, "processor_milliseconds": processor}
    found["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found["units"], found["documents"] = _counts(work)
    return found


def add(work: Path, embedder: Embedder) -> dict[str, Any]:
    """Return the seconds that one more document of ten articles takes, and then the next question of an open reader."""
    file = work / "新增文件.txt"
    lines = [
        f"第{number}条　第{number}项措施由县级以上人民政府负责落实，应当公开。" for number in "一二三四五六七八九十"
    ]
    file.write_text("测试市新增措施若干规定\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assistant = Assistant(Settings(index=work / INDEX, corpus=ROOT / "corpus"))
    assistant.search("新增措施")
    started = moment()
    report = ingest_paths(work / INDEX, [file], embedder)
    added = moment()
    assistant.search("新增措施")
    seen = time.perf_counter()
    return {
        "added": len(report.added),
        "seconds": added[0] - started[0],
        "processor_seconds": added[1] - started[1],
        "next_question_seconds": seen - added[0],
    }


Moment = tuple[float, float]


def moment() -> Moment:
    """Return the clock, and the seconds that processors worked for this process and its children that have ended."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in usage)


def _counts(work: Path) -> tuple[int, int]:
    with closing(database.connect(work / INDEX)) as connection:
        units, documents = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("units", "documents")
        )
    return units, documents


def resident_bytes() -> int:
    """Return the memory this process holds now; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)


def disk_bytes(work: Path) -> dict[str, int]:
    """Return what the index takes on disk: its database, its vector store."""
    files = [path for path in (work / INDEX).rglob("*") if path.is_file()]
    store = [path for path in files if FOLDER in path.relative_to(work / INDEX).parts]
    total, vectors = (sum(path.stat().st_size for path in some) for some in (files, store))
    return {"database": total - vectors, "vectors": vectors}


def _questions() -> list[str]:
    from eval.benchmarks import load_benchmark

    questions = [case.question for case in load_benchmark("stard", DATA).cases()]
    return questions[: WARM_UP + QUESTIONS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one step and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.scale_steps", description=__doc__)
    parser.add_argument("step", choices=("build", "ask", "add"))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--synthetic", action="store_true")
    options = parser.parse_args(arguments)
    embedder = load_embedder("builtin")
    if options.step == "ask":
        found = ask(options.work)
    else:
        source = ScaleEmbedder(embedder, None if options.synthetic else VectorCache.of(embedder))
        found = build(options.work, source) if options.step == "build" else add(options.work, embedder)
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
