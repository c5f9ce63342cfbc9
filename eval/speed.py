"""How fast and how big: `python -m eval.speed` measures, compares with the bars, and writes one report.

    cold      new process `python -m assistant ask "…" --json --index DIR`, page cache warm, median of 5
    warm      200 different questions in one process after 20 unmeasured, 95th percentile; embedding included
    ingest    new process `python ingest.py --index EMPTY`, both documents from nothing, median of 3
    page      new process `python ui.py --port N` until the first HTTP 200 on the loopback, index present, median of 3
    memory    resident size of all its processes at their peak, after 20 questions through the page
    installed with --venv DIR: what a virtual environment takes on disk, and its ten biggest packages

A figure that is not measured this time stays as it was, with its own date and commit.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from eval.facts import command_line, commit, machine, now
from eval.installed import biggest_packages, folder_size
from eval.metrics import percentile
from eval.page_client import PageVisitor
from eval.processes import free_port, page, peak_memory, seconds_of
from eval.question_file import load_questions
from eval.report import UNKNOWN, table
from eval.systems import AssistantLike

COLD_RUNS = 5
INGEST_RUNS = 3
PAGE_RUNS = 3
UNMEASURED = 20
WARM_QUESTIONS = 200
PAGE_QUESTIONS = 20
TIMEOUT_S = 180.0
GB = 1e9
BARS = {"cold": 6.0, "warm": 0.080, "ingest": 20.0, "memory": 1.2, "installed": 1.2}
MEASURES = ("cold", "warm", "ingest", "page")
COLD_QUESTION = "老板说电费贵，搬过去能便宜点吗？"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; smaller is better.

    Attributes:
        value: in `unit`: "s" or "GB" (10^9 bytes).
        samples: the single measurements behind it, in the order taken; empty where there is one only.
        parts: what it is made of, biggest first.
    """

    key: str
    name: str
    value: float
    unit: str
    how: str
    samples: tuple[float, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()

    @property
    def bar(self) -> float | None:
        """What the value must not exceed; None where no bar is set."""
        return BARS.get(self.key)

    @property
    def met(self) -> bool | None:
        """True if the value is within its bar; None without a bar."""
        return None if self.bar is None else self.value <= self.bar


def measure_cold(root: Path, index: Path) -> Figure:
    """Return the time of a new process that answers one question from an index; one run before warms the page cache."""
    command = [sys.executable, "-m", "assistant", "ask", COLD_QUESTION, "--json", "--index", str(index)]
    seconds_of(command, root, TIMEOUT_S)
    samples = tuple(seconds_of(command, root, TIMEOUT_S) for _ in range(COLD_RUNS))
    how = f"新进程 python -m assistant ask，{COLD_RUNS} 次的中位数"
    return Figure("cold", "冷启动作答", statistics.median(samples), "s", how, samples)


def measure_warm(assistant: AssistantLike, questions: Sequence[str]) -> Figure:
    """Return the 95th percentile over different questions in this process, after the unmeasured ones.

    Raises:
        ValueError: there are fewer different questions than that takes.
    """
    different = list(dict.fromkeys(questions))
    if len(different) < UNMEASURED + WARM_QUESTIONS:
        raise ValueError(f"{len(different)} different questions; {UNMEASURED + WARM_QUESTIONS} are needed")
    samples: list[float] = []
    for number, question in enumerate(different[: UNMEASURED + WARM_QUESTIONS]):
        start = time.perf_counter()
        assistant.ask(question)
        if number >= UNMEASURED:
            samples.append(time.perf_counter() - start)
    middle = 1000 * statistics.median(samples)
    how = f"同一进程 {WARM_QUESTIONS} 个不同问题的第 95 百分位，先问 {UNMEASURED} 个不计；中位数 {middle:.0f} ms"
    return Figure("warm", "热态作答 p95", percentile(samples, 0.95), "s", how, tuple(samples))


def measure_ingest(root: Path, folder: Path) -> Figure:
    """Return the time of a new process that indexes the corpus from nothing; each run has an empty index folder."""
    samples = tuple(
        seconds_of([sys.executable, "ingest.py", "--index", str(folder / f"index-{number}")], root, TIMEOUT_S)
        for number in range(INGEST_RUNS)
    )
    how = f"新进程 python ingest.py，索引从无到有，{INGEST_RUNS} 次的中位数"
    return Figure("ingest", "收录两份文件", statistics.median(samples), "s", how, samples)


def measure_page(root: Path, index: Path, questions: Sequence[str]) -> Iterator[Figure]:
    """Give the time until the page opens, then the peak memory of its processes after some questions."""
    samples: list[float] = []
    peak = 0
    environment = {**os.environ, "YIJU_INDEX": str(index)}
    for number in range(PAGE_RUNS):
        port = free_port()
        command = [sys.executable, "ui.py", "--port", str(port)]
        with page(command, root, port, TIMEOUT_S, environment) as (pid, seconds):
            samples.append(seconds)
            if number == 0:
                visitor = PageVisitor(port)
                for question in questions[:PAGE_QUESTIONS]:
                    visitor.ask(question)
                peak = peak_memory(pid)
    how = f"新进程 python ui.py，到回环地址第一次返回 200，{PAGE_RUNS} 次的中位数"
    yield Figure("page", "打开网页", statistics.median(samples), "s", how, tuple(samples))
    how = f"网页各进程常驻内存峰值之和，答完 {PAGE_QUESTIONS} 个问题后"
    yield Figure("memory", "网页内存峰值", peak / GB, "GB", how)


def measure_installed(venv: Path) -> Figure:
    """Return what a virtual environment takes on disk, with its biggest packages in MB."""
    parts = tuple((name, round(size / 1e6, 1)) for name, size in biggest_packages(venv))
    return Figure("installed", "安装体积", folder_size(venv) / GB, "GB", "虚拟环境在磁盘上占的字节", parts=parts)


def merged(
    figures: Sequence[Figure], before: dict[str, Any] | None, date: str, at_commit: str, load: float
) -> list[dict[str, Any]]:
    """Return the rows of a report: the new figures, and those of the report before that were not measured again.

    `load` is the machine's load average when measuring began: above its cores, others slowed the figures down.
    """
    rows = {row["key"]: row for row in before["figures"]} if before else {}
    for figure in figures:
        rows[figure.key] = {
            **asdict(figure),
            "value": round(figure.value, 4),
            "samples": [round(sample, 4) for sample in figure.samples],
            "bar": figure.bar,
            "met": figure.met,
            "date": date,
            "commit": at_commit,
            "load": round(load, 1),
        }
    order = ("cold", "warm", "ingest", "page", "memory", "installed")
    return [rows[key] for key in order if key in rows]


def markdown(report: dict[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    rows = [
        [
            row["name"],
            amount(row["value"], row["unit"]),
            UNKNOWN if row["bar"] is None else f"≤ {amount(row['bar'], row['unit'])}",
            {True: "达到", False: "**未达到**", None: UNKNOWN}[row["met"]],
            row["how"],
            f"{row['date']}，{row['commit'] or UNKNOWN}，负载 {row['load']}",
        ]
        for row in report["figures"]
    ]
    facts = report["machine"]
    memory = f"，{facts['memory_gb']} GB 内存" if "memory_gb" in facts else ""
    blocks = [
        "# 速度与体积",
        "\n".join(
            [
                f"- 命令：`{report['command']}`",
                f"- 日期：{report['date']}",
                f"- 机器：{facts['cores']} 核{memory}，{facts['system']}，Python {facts['python']}",
            ]
        ),
        table(["项目", "实测", "要求", "结果", "量法", "何时、哪次提交、当时负载"], rows),
    ]
    for row in report["figures"]:
        if row["parts"]:
            parts = [[name, f"{size:.1f} MB"] for name, size in row["parts"]]
            blocks += [f"{row['name']}中最大的 {len(parts)} 个包：", table(["包", "占用"], parts)]
    return "\n\n".join(blocks) + "\n"


def amount(value: float, unit: str) -> str:
    """Return the amount with its unit; times under a second in milliseconds.

    >>> amount(0.0421, "s"), amount(2.5, "s"), amount(0.875, "GB")
    ('42 ms', '2.50 s', '0.88 GB')
    """
    if unit == "s" and value < 1:
        return f"{1000 * value:.0f} ms"
    return f"{value:.2f} {unit}"


def measure(names: Sequence[str], root: Path, corpus: Path, questions: Sequence[str]) -> list[Figure]:
    """Return the figures of the named measures; each works on an index of its own in a temporary folder."""
    from eval.opened import opened

    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="yiju-speed-") as temporary:
        folder = Path(temporary)
        index = folder / "index"
        if {"cold", "page"} & set(names):
            seconds_of([sys.executable, "ingest.py", "--index", str(index)], root, TIMEOUT_S)
        if "cold" in names:
            figures.append(measure_cold(root, index))
        if "ingest" in names:
            figures.append(measure_ingest(root, folder))
        if "page" in names:
            figures += measure_page(root, index, questions)
        if "warm" in names:
            with opened(corpus) as assistant:
                figures.append(measure_warm(assistant, questions))
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the report, print it; return 0 if every bar is met, 3 if one is missed, 1 for an error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="python -m eval.speed",
        description="量速度、内存与安装体积，写 speed.md 与 speed.json",
        epilog="例：python -m eval.speed --only cold warm；python -m eval.speed --only --venv .venv",
    )
    parser.add_argument("--only", nargs="*", choices=MEASURES, default=list(MEASURES), help="只量这些项；默认全部")
    parser.add_argument("--venv", type=Path, help="另量这个虚拟环境的体积")
    parser.add_argument("--questions", type=Path, default=Path("eval/questions/reporting.jsonl"), help="题目文件")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="文件所在的文件夹")
    parser.add_argument("--out", type=Path, default=Path("eval/reports"), help="报告所在的文件夹")
    options = parser.parse_args(given)
    root = Path.cwd()
    load = os.getloadavg()[0]
    try:
        questions = [question.question for question in load_questions(options.questions)]
        figures = measure(options.only, root, options.corpus, questions)
        if options.venv:
            figures.append(measure_installed(options.venv))
    except (AssistantError, ValueError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    path = options.out / "speed.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    date = now()
    report: dict[str, Any] = {
        "command": command_line("eval.speed", given),
        "date": date,
        "machine": machine(),
        "figures": merged(figures, before, date, commit(root), load),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = markdown(report)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text, end="")
    return 3 if any(row["met"] is False for row in report["figures"]) else 0


if __name__ == "__main__":
    sys.exit(main())
