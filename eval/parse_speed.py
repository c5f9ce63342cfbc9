"""Articles parsed per second on one core, with sentences and force. Reading is not counted.

python -m eval.parse_speed          all laws of the data folder; writes eval/reports/parse_speed.md and
parse_speed.json python -m eval.parse_speed --every 10
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.parsing import parse
from assistant.schema import Document, ProvisionKind
from eval.facts import command_line, commit, machine, now
from eval.law_data import DATA, LAWS, ROOT, load_laws, read_laws

BAR = 2000  # articles per second
ROUNDS = 3  # the median is reported


def measure(documents: Sequence[Document]) -> tuple[int, int, float]:
    """Return (articles, sentences, seconds of processor time) of parsing the documents once, one after the other."""
    articles = sentences = 0
    started = time.process_time()
    for document in documents:
        parsed = parse(document)
        articles += sum(provision.kind is ProvisionKind.ARTICLE for provision in parsed.provisions)
        sentences += len(parsed.sentences)
    return articles, sentences, time.process_time() - started


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.parse_speed",
        description="单核解析速度：每秒多少条，含分句和规范强度，不含读文件。",
        epilog="例：python -m eval.parse_speed --every 10 --out eval/reports",
    )
    parser.add_argument("--every", type=int, default=1, help="每几个文件取一个（默认 1，即全部）")
    parser.add_argument("--out", type=Path, default=ROOT / "eval" / "reports", help="报告目录")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report; return 0 if the bar is reached, 3 if not, 1 if the data is absent."""
    options = build_parser().parse_args(arguments)
    if not (options.data / LAWS).is_file():
        sys.stderr.write(f"错误：缺少数据文件 {LAWS}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明\n")
        return 1
    laws = [law for index, law in enumerate(load_laws(options.data)) if index % options.every == 0]
    documents = [document for _, document in read_laws(iter(laws))]
    rounds = [measure(documents) for _ in range(ROUNDS)]
    seconds = statistics.median(taken for _, _, taken in rounds)
    articles, sentences, _ = rounds[0]
    report = {
        "command": command_line("eval.parse_speed", sys.argv[1:] if arguments is None else arguments),
        "date": now(),
        "commit": commit(ROOT),
        "machine": machine(),
        "files": len(documents),
        "articles": articles,
        "sentences": sentences,
        "rounds_seconds": [round(taken, 2) for _, _, taken in rounds],
        "seconds": round(seconds, 2),
        "articles_per_second": round(articles / seconds),
        "bar": BAR,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (options.out / "parse_speed.json").write_text(text, encoding="utf-8")
    shown = _markdown(report)
    (options.out / "parse_speed.md").write_text(shown, encoding="utf-8")
    sys.stdout.write(shown)
    return 0 if articles / seconds >= BAR else 3


def _markdown(report: dict[str, Any]) -> str:
    machine_facts = "，".join(f"{name} {value}" for name, value in report["machine"].items())
    return (
        "# 解析速度\n\n"
        f"- 命令：`{report['command']}`\n- 日期：{report['date']}\n- 提交：{report['commit'] or '—'}\n"
        f"- 机器：{machine_facts}，单进程\n"
        f"- {report['files']} 个文件，{report['articles']} 条，{report['sentences']} 句，含分句和规范强度，不含读文件\n"
        f"- 每轮处理器时间（秒）：{report['rounds_seconds']}，取中位数\n\n"
        f"**每秒 {report['articles_per_second']} 条**（要求不少于 {report['bar']} 条）\n"
    )


if __name__ == "__main__":
    sys.exit(main())
