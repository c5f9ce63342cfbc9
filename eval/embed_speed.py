"""How fast texts become vectors: the shipped embedder against the same model in sentence-transformers.

    python -m eval.embed_speed              both, and other ways to run the shipped one; writes reports/embed_speed.*
    python -m eval.embed_speed --no-variants

The sample is fixed by hash: passages as an index holds them (articles and sentences of the laws in ../shared/data, with
title, headings and article name), in their natural lengths. Both systems take turns on the same slices of it, so what
else the machine does falls on both; the ratio is the median over the slices. sentence-transformers runs in float32.

Needs the extra: pip install ".[models]"
"""

import argparse
import gc
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError
from assistant.indexing.onnx_embedder import OnnxEmbedding
from assistant.indexing.texts import embedded_texts
from assistant.parsing import parse
from eval.embed_variants import Variant, variants
from eval.facts import command_line, commit, machine, now
from eval.law_data import DATA, LAWS, ROOT, in_sample, load_laws, read_laws
from eval.metrics import percentile
from eval.question_file import load_questions
from eval.report import table

BAR = 1.25
PASSAGES = 1_500
SLICE = 250
QUESTIONS = 100
COMPARED = 500  # passages whose vectors are compared
VARIANT_PASSAGES = 200
VARIANT_ROUNDS = 3
SOURCE = ROOT.parent / "shared" / "models" / "statute-embed-zh"
REPORTS = ROOT / "eval" / "reports"

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


def sample(data: Path, count: int) -> list[str]:
    """Return so many passages of one law in twenty, as an index embeds them, chosen and ordered by hash."""
    texts: dict[str, str] = {}
    for _, document in read_laws(law for law in load_laws(data) if in_sample(law.id)):
        texts |= embedded_texts(parse(document)).texts
    chosen = sorted(texts, key=lambda digest: hashlib.sha256(f"speed {digest}".encode()).hexdigest())[:count]
    return [texts[digest] for digest in chosen]


def paired_rates(systems: Sequence[Embed], passages: Sequence[str]) -> list[list[float]]:
    """Return passages per second of each system on each slice; they take turns at being first."""
    rates: list[list[float]] = [[] for _ in systems]
    for number, start in enumerate(range(0, len(passages), SLICE)):
        part = passages[start : start + SLICE]
        order = list(range(len(systems)))
        for which in order if number % 2 == 0 else order[::-1]:
            began = time.perf_counter()
            systems[which](part)
            rates[which].append(len(part) / (time.perf_counter() - began))
    return rates


def paired_latencies(systems: Sequence[Embed], questions: Sequence[str]) -> list[list[float]]:
    """Return the seconds of each system for each question alone, taking turns."""
    seconds: list[list[float]] = [[] for _ in systems]
    for question in questions:
        for which, embed in enumerate(systems):
            began = time.perf_counter()
            embed([question])
            seconds[which].append(time.perf_counter() - began)
    return seconds


def measure_variants(found: Sequence[Variant], passages: Sequence[str], exact: NDArray[np.float32]) -> list[list[str]]:
    """Return a row for each way to run the model: rate, processor time, closeness to the original's vectors."""
    rates: list[list[float]] = [[] for _ in found]
    processor: list[list[float]] = [[] for _ in found]
    vectors: list[NDArray[np.float32]] = []
    for number in range(VARIANT_ROUNDS):
        for which, variant in enumerate(found):
            began, used = time.perf_counter(), time.process_time()
            result = variant.embed(passages)
            rates[which].append(len(passages) / (time.perf_counter() - began))
            processor[which].append((time.process_time() - used) / len(passages))
            if number == 0:
                vectors.append(result)
    rows = []
    for which, variant in enumerate(found):
        cosines = np.sum(vectors[which] * exact[: len(passages)], axis=1)
        rows.append(
            [
                variant.name,
                f"{statistics.median(rates[which]):.1f}",
                f"{1000 * min(processor[which]):.1f}",
                f"{cosines.min():.5f}",
                f"{cosines.mean():.6f}",
            ]
        )
    return rows


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.embed_speed",
        description="向量计算速度：内置模型与 sentence-transformers 中的同一模型。",
        epilog="例：python -m eval.embed_speed --passages 500",
    )
    parser.add_argument("--passages", type=int, default=PASSAGES, help=f"多少段（默认 {PASSAGES}）")
    parser.add_argument("--no-variants", action="store_true", help="不比较各种运行方式")
    parser.add_argument("--source", type=Path, default=SOURCE, help="原模型文件夹")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    parser.add_argument("--out", type=Path, default=REPORTS, help="报告目录")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report; return 0 if the bar is reached, 3 if not, 1 if something is missing."""
    options = build_parser().parse_args(arguments)
    for path in (options.data / LAWS, options.source):
        if not path.exists():
            sys.stderr.write(f"错误：缺少 {path.name}；请把数据放在仓库旁的 shared，或用 --data、--source 指明\n")
            return 1
    try:
        report = _measure(options, command_line("eval.embed_speed", sys.argv[1:] if arguments is None else arguments))
    except AssistantError as error:
        sys.stderr.write(f"错误：{error}\n")
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (options.out / "embed_speed.json").write_text(text, encoding="utf-8")
    shown = markdown(report)
    (options.out / "embed_speed.md").write_text(shown, encoding="utf-8")
    sys.stdout.write(shown)
    return 0 if report["ratio"] >= BAR else 3


def _measure(options: argparse.Namespace, command: str) -> dict[str, Any]:
    from assistant.indexing.embedder import load_embedder

    load = os.getloadavg()[0]
    passages = sample(options.data, options.passages)
    asked = load_questions(ROOT / "eval" / "questions" / "tuning.jsonl")
    questions = [question.question for question in asked][:QUESTIONS]
    original, shipped = load_embedder(f"sentence-transformers:{options.source}"), OnnxEmbedding()
    for embedder in (original, shipped):  # both warm
        embedder.embed_passages(passages[:32])
    rates = paired_rates((original.embed_passages, shipped.embed_passages), passages)
    latencies = paired_latencies((original.embed_queries, shipped.embed_queries), questions)
    exact = original.embed_passages(passages[:COMPARED])
    cosines = np.sum(exact * shipped.embed_passages(passages[:COMPARED]), axis=1)
    tokenizer = shipped._model.tokenizer
    lengths = sorted(len(tokenizer.encode(text).ids) for text in passages)
    rows: list[list[str]] = []
    if not options.no_variants:
        del original
        gc.collect()
        with tempfile.TemporaryDirectory() as folder:
            rows = measure_variants(variants(options.source, Path(folder)), passages[:VARIANT_PASSAGES], exact)
    return {
        "command": command,
        "date": now(),
        "commit": commit(ROOT),
        "machine": machine(),
        "load": round(load, 1),
        "revision": shipped.revision,
        "precision": shipped._model.facts["precision"],
        "passages": len(passages),
        "tokens": {
            "mean": round(statistics.fmean(lengths), 1),
            "median": lengths[len(lengths) // 2],
            "max": lengths[-1],
        },
        "rates": [[round(rate, 1) for rate in one] for one in rates],
        "ratio": round(statistics.median(ours / theirs for theirs, ours in zip(*rates, strict=True)), 3),
        "bar": BAR,
        "question_ms": [
            {"median": round(1000 * statistics.median(one), 2), "p95": round(1000 * percentile(one, 0.95), 2)}
            for one in latencies
        ],
        "cosine": {
            "passages": len(cosines),
            "min": round(float(cosines.min()), 6),
            "mean": round(float(cosines.mean()), 6),
        },
        "variants": rows,
    }


def markdown(report: dict[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    facts, tokens, cosine = report["machine"], report["tokens"], report["cosine"]
    shared = "，高于核数：别的任务也在用这台机器，绝对值偏低，比值取成对测量" if report["load"] > facts["cores"] else ""
    names = ("sentence-transformers（PyTorch float32）", f"内置（ONNX，{report['precision']}）")
    systems = [
        [name, f"{statistics.median(rates):.1f}", f"{latency['median']:.1f}", f"{latency['p95']:.1f}"]
        for name, rates, latency in zip(names, report["rates"], report["question_ms"], strict=True)
    ]
    blocks = [
        "# 向量计算速度",
        "\n".join(
            [
                f"- 命令：`{report['command']}`",
                f"- 日期：{report['date']}，提交：{report['commit'] or '—'}，内置模型修订：{report['revision']}",
                (
                    f"- 机器：{facts['cores']} 核，{facts['system']}，Python {facts['python']}；"
                    f"开始时负载 {report['load']}{shared}"
                ),
                (
                    f"- 样本：{report['passages']} 段（条文与句子，带标题、章节和条名，按哈希选取），"
                    f"词元平均 {tokens['mean']}、中位 {tokens['median']}、最多 {tokens['max']}"
                ),
            ]
        ),
        table(["系统", "每秒段数（中位）", "单个问题 ms（中位）", "单个问题 ms（p95）"], systems),
        (
            f"同一批段落轮流计算，速度之比的中位数 **{report['ratio']:.2f}**（目标 {report['bar']}）。"
            f"与原模型向量的余弦（{cosine['passages']} 段）：最小 {cosine['min']}，平均 {cosine['mean']}。"
        ),
    ]
    if report["variants"]:
        blocks += [
            f"内置模型的各种运行方式（{VARIANT_PASSAGES} 段，轮流 {VARIANT_ROUNDS} 轮；与原模型比余弦）：",
            table(["方式", "每秒段数", "每段处理器 ms", "余弦最小", "余弦平均"], report["variants"]),
        ]
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    sys.exit(main())
