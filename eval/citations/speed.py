"""Running time of the checker against length, and a draft of 200 pages against all laws.

Every text is checked in a process of its own, once unmeasured on a short text (what a first check loads), then once
measured. Texts are made from the laws at run time.
"""

import multiprocessing
import os
import random
import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from eval.citations.checker import product_checker
from eval.citations.claims import Case
from eval.citations.corpus import Corpus
from eval.citations.generate import TRUE, Generator
from eval.citations.gold import Gold
from eval.citations.index import open_index
from eval.citations.truths import NESTED, World
from eval.law_data import DIVISIONS
from eval.processes import peak_memory
from eval.report import UNKNOWN, table

SIZES = {"100 KB": 100_000, "1 MB": 1_000_000, "5 MB": 5_000_000}  # bytes of UTF-8
PAGE = 28 * 22  # characters of a page of an official document: 22 lines of 28
PAGES, CITATIONS_A_PAGE = 200, 10
DRAFT = "200-page draft"
BAR_S = 10.0
REPEATS = 3


def dense_text(generator: Generator, size: int) -> str:
    """Return texts with citations, one after the other, of `size` bytes of UTF-8 or a little more."""
    pieces, reached, number = [], 0, 0
    while reached < size:
        made = generator.case(f"{TRUE}:{number}")
        number += 1
        if isinstance(made, Case):
            pieces.append(made.text + "\n")
            reached += len(pieces[-1].encode())
    return "".join(pieces)


def draft_text(generator: Generator, pages: int = PAGES, per_page: int = CITATIONS_A_PAGE) -> str:
    """Return a draft: on each page sentences of laws that cite nothing, and so many citations among them."""
    draw = random.Random(f"{generator.seed}:draft")
    pieces, number = [], 0
    for page in range(1, pages + 1):
        pieces.append(f"第{page}页\n")
        cited, length = 0, 0
        while cited < per_page:
            made = generator.case(f"{TRUE}:{number}")
            number += 1
            if isinstance(made, Case) and len(made.text) < PAGE // 4:
                pieces.append(made.text + "\n")
                length += len(made.text)
                cited += len(made.marks)
        while length < PAGE:
            pieces.append(_plain_sentence(generator, draw) + "\n")
            length += len(pieces[-1])
    return "".join(pieces)


def _plain_sentence(generator: Generator, draw: random.Random) -> str:
    world = generator.world
    while True:
        held = world.corpus.held[draw.choice(world.pool)]
        lines = re.sub(r"^第[^条]{1,9}条\s*", "", draw.choice(held.articles).text).split("\n")
        line = draw.choice(lines).strip()
        if 20 <= len(line) <= 200 and not NESTED.search(line):
            return line


def _measured(folder: Path, as_of: date, text: str) -> dict[str, Any]:
    """Check one text in this process; return seconds, findings and memory."""
    index = open_index(folder)
    checker = product_checker(index)
    started = time.perf_counter()
    checker(["依据《中华人民共和国民法典》第一条，制定本办法。"], as_of)
    first = time.perf_counter() - started
    times, findings, error = [], 0, ""
    for _ in range(REPEATS if len(text) < 500_000 else 1):
        started = time.perf_counter()
        [report] = checker([text], as_of)
        times.append(time.perf_counter() - started)
        if isinstance(report, Exception):
            error = repr(report)
        else:
            findings = len(report.findings)
    index.close()
    return {
        "first_seconds": round(first, 3),
        "seconds": round(sorted(times)[len(times) // 2], 3),
        "findings": findings,
        "peak_mb": round(peak_memory(os.getpid()) / 1e6),  # not ru_maxrss, which starts with the parent's
        "error": error,
    }


def run(folder: Path, as_of: date, seed: int, data: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the figures of every text."""
    corpus = Corpus.from_index(folder)
    generator = Generator(World(corpus, Gold(corpus, as_of), data / DIVISIONS), seed)
    texts = {name: dense_text(generator, size) for name, size in SIZES.items()}
    texts[DRAFT] = draft_text(generator)
    del corpus, generator
    figures = {}
    context = multiprocessing.get_context("spawn")
    for name, text in texts.items():
        with context.Pool(1) as pool:
            found = pool.apply(_measured, (folder, as_of, text))
        figures[name] = {"characters": len(text), "bytes": len(text.encode()), **found}
        say(f"{name}：{found['seconds']} 秒，{found['findings']:,} 处")
    return figures


def reached(figures: Mapping[str, Any]) -> bool:
    """Return whether the draft stays under its bar and nothing raised."""
    return figures[DRAFT]["seconds"] <= BAR_S and not any(row["error"] for row in figures.values())


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    rows = [
        [
            {DRAFT: f"{PAGES} 页草案"}.get(name, name),
            f"{row['characters']:,}",
            f"{row['findings']:,}",
            f"{row['seconds']:.2f} s",
            f"{1e6 * row['seconds'] / row['characters']:.1f} µs",
            f"{row['first_seconds']:.2f} s",
            f"{row['peak_mb']:,} MB",
            row["error"] or UNKNOWN,
        ]
        for name, row in report["figures"].items()
    ]
    machine = "，".join(f"{name} {value}" for name, value in report["machine"].items())
    facts = [
        f"- 命令：`{report['command']}`",
        f"- 日期：{report['date']}；提交：{report['commit'] or UNKNOWN}；{machine}",
        f"- 语料：`{report['corpus']}`，{report['documents']:,} 份（全部法规）；判断时点：{report['as_of']}",
        "- 每段文字在新进程里核对：先核对一句话（首次，含载入），再量；内存是该进程的最高驻留",
        f"- 草案：{PAGES} 页，每页 {PAGE} 字，约 {CITATIONS_A_PAGE} 处引用；要求不超过 {BAR_S:.0f} 秒："
        + ("达到" if reached(report["figures"]) else "**未达到**"),
    ]
    head = ["文字", "字", "发现", "用时", "每字", "首次核对", "内存", "出错"]
    return "\n\n".join(["# 引用核对的速度", "\n".join(facts), table(head, rows)]) + "\n"
