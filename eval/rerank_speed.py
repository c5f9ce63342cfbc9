"""How long a shipped reranker of the embedder's size takes to read 20 and 50 passages again, with random weights.

    python -m eval.rerank_speed          writes eval/reports/rerank_speed.md and rerank_speed.json

6 layers of 384, as the shipped embedder; weights do not change the time. Passages are articles of the laws in
../shared/data that have 100 to 150 tokens with title, headings and name, so about 125 as the median article.

Needs the extra: pip install ".[models]"
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.indexing.onnx_embedder import shipped_model
from assistant.indexing.onnx_model import TOKENIZER_FILE
from assistant.indexing.onnx_reranker import OnnxReranker
from eval.bert_graph import Precision
from eval.embed_speed import PASSAGES, QUESTIONS, REPORTS, sample
from eval.export_reranker import FIXTURE, Pooling, export, read_pairs
from eval.facts import command_line, commit, machine, now
from eval.law_data import DATA, LAWS, ROOT
from eval.metrics import percentile
from eval.question_file import load_questions
from eval.random_bert import write_random_bert
from eval.report import table

HIDDEN, LAYERS, HEADS = 384, 6, 12
DEPTHS = (20, 50)
MIN_TOKENS, MAX_TOKENS = 100, 150
PAIR = {"separators": 1, "passage_type": 1, "max_tokens": 512}


def latencies(
    reranker: OnnxReranker, questions: Sequence[str], passages: Sequence[str], depth: int
) -> tuple[list[float], float]:
    """Return the seconds of each question over `depth` passages, and the processor's seconds a passage.

    The passages differ from question to question.
    """
    reranker.scores(questions[0], passages[:depth])  # warm
    seconds = []
    used = time.process_time()
    for number, question in enumerate(questions):
        start = number * depth % (len(passages) - depth + 1)
        began = time.perf_counter()
        reranker.scores(question, passages[start : start + depth])
        seconds.append(time.perf_counter() - began)
    return seconds, (time.process_time() - used) / (len(questions) * depth)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report; return 0, or 1 if the data is absent."""
    parser = argparse.ArgumentParser(prog="python -m eval.rerank_speed", description="重排 20、50 段的用时。")
    parser.add_argument("--questions", type=int, default=QUESTIONS // 5, help="多少个问题（默认 20）")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    parser.add_argument("--out", type=Path, default=REPORTS, help="报告目录")
    options = parser.parse_args(arguments)
    if not (options.data / LAWS).is_file():
        sys.stderr.write(f"错误：缺少 {LAWS}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明\n")
        return 1
    from tokenizers import Tokenizer

    load = os.getloadavg()[0]
    tokenizer_file = shipped_model() / TOKENIZER_FILE
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    counted = [(text, len(tokenizer.encode(text).ids)) for text in sample(options.data, 2 * PASSAGES)]
    passages = [text for text, tokens in counted if MIN_TOKENS <= tokens <= MAX_TOKENS]
    asked = load_questions(ROOT / "eval" / "questions" / "tuning.jsonl")[: options.questions]
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        write_random_bert(source, tokenizer_file, HIDDEN, LAYERS, HEADS)
        for precision in Precision:
            folder = Path(scratch) / precision
            export(source, folder, "random", Pooling.FIRST, precision, PAIR, read_pairs(FIXTURE, 20))
            reranker = OnnxReranker(folder)
            for depth in DEPTHS:
                seconds, used = latencies(reranker, [question.question for question in asked], passages, depth)
                rows.append(
                    {
                        "precision": precision,
                        "depth": depth,
                        "median_ms": round(1000 * statistics.median(seconds)),
                        "p95_ms": round(1000 * percentile(seconds, 0.95)),
                        "best_ms": round(1000 * min(seconds)),
                        "processor_ms_per_passage": round(1000 * used, 1),
                    }
                )
    report = {
        "command": command_line("eval.rerank_speed", sys.argv[1:] if arguments is None else arguments),
        "date": now(),
        "commit": commit(ROOT),
        "machine": machine(),
        "load": round(load, 1),
        "questions": len(asked),
        "rows": rows,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (options.out / "rerank_speed.json").write_text(text, encoding="utf-8")
    shown = markdown(report)
    (options.out / "rerank_speed.md").write_text(shown, encoding="utf-8")
    sys.stdout.write(shown)
    return 0


def markdown(report: dict[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    facts = report["machine"]
    shared = "，高于核数：别的任务也在用这台机器" if report["load"] > facts["cores"] else ""
    rows = [
        [str(row[key]) for key in ("precision", "depth", "median_ms", "p95_ms", "best_ms", "processor_ms_per_passage")]
        for row in report["rows"]
    ]
    lines = [
        f"- 命令：`{report['command']}`",
        f"- 日期：{report['date']}，提交：{report['commit'] or '—'}",
        f"- 机器：{facts['cores']} 核，{facts['system']}，Python {facts['python']}",
        f"- 开始时负载 {report['load']}{shared}；处理器用时受影响较小",
        f"- {LAYERS} 层 {HIDDEN} 维的随机权重，每段 {MIN_TOKENS}–{MAX_TOKENS} 词元，{report['questions']} 个问题",
    ]
    head = ["权重", "段数", "中位 ms", "p95 ms", "最快 ms", "每段处理器 ms"]
    return "\n\n".join(["# 重排用时", "\n".join(lines), table(head, rows)]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
