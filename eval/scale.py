"""Speed and size of an index, from ten thousand articles to a million: building, asking, adding one document.

    python -m eval.scale --sizes 10k,50k,147k            all laws' vectors from the cache (eval.vector_cache)
    python -m eval.scale --sizes 10k --synthetic         random vectors; the texts are the laws' own

Beyond all laws (147k) they are repeated under altered titles with perturbed vectors. Every step runs in a process of
its own. A size that was measured before is not measured again unless --again; the report has every size measured.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from eval.facts import command_line, commit, machine, now
from eval.law_data import DATA, LAWS, ROOT
from eval.processes import peak_memory
from eval.scale_corpus import ALL_LAWS, make_corpus
from eval.scale_report import write_report
from eval.scale_steps import CORPUS, INDEX, disk_bytes
from eval.vector_cache import cache_folder

SIZES = {"10k": 10_000, "50k": 50_000, "147k": ALL_LAWS, "500k": 500_000, "1m": 1_000_000}
RESULT = "result.json"
POLL_S = 0.5


def measure(work: Path, size: str, synthetic: bool, data: Path, keep: bool) -> dict[str, Any]:
    """Return the figures of one size, measured in an empty folder.

    Raises:
        AssistantError: a step failed; the message carries its last line.
    """
    if work.exists():
        shutil.rmtree(work)
    make_corpus(work / CORPUS, SIZES[size], data)
    options = ["--synthetic"] if synthetic else []
    built, build_peak = _step("build", work, options)
    shutil.rmtree(work / CORPUS)
    result = {
        "size": size,
        "synthetic": synthetic,
        "date": now(),
        "commit": commit(ROOT),
        "build": {**built, "peak_bytes": build_peak},
        "disk_bytes": disk_bytes(work),
        "ask": _step("ask", work, options)[0],
        "add": _step("add", work, options)[0],
    }
    (work / RESULT).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    if not keep:
        shutil.rmtree(work / INDEX)
    return result


def _step(step: str, work: Path, options: Sequence[str]) -> tuple[dict[str, Any], int]:
    """Return what a step printed, and the memory its processes held at most (the sum of their peaks)."""
    command = [sys.executable, "-m", "eval.scale_steps", step, "--work", str(work), *options]
    peak = 0
    with (
        (work / f"{step}.log").open("w+", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        while process.poll() is None:
            peak = max(peak, peak_memory(process.pid))
            time.sleep(POLL_S)
        assert process.stdout is not None
        printed = process.stdout.read()
        if process.returncode:
            log.seek(0)
            last = "".join(log.read().strip().splitlines()[-1:])
            raise AssistantError(
                f"{step} 以 {process.returncode} 结束：{last}；请先单独运行 python -m eval.scale_steps"
            )
    found: dict[str, Any] = json.loads(printed)
    return found, peak


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.scale",
        description="各种规模下的建库、查询和加一份文件：速度、磁盘、内存；写 eval/reports/scale.*",
        epilog="例：python -m eval.scale --sizes 10k,50k --synthetic",
    )
    parser.add_argument("--sizes", default="10k,50k,147k", help=f"逗号分隔：{'、'.join(SIZES)}；空为只重写报告")
    parser.add_argument("--synthetic", action="store_true", help="用随机向量代替缓存中的向量")
    parser.add_argument("--again", action="store_true", help="量过的规模也重新量")
    parser.add_argument("--keep", action="store_true", help="保留建好的索引（默认删去，一百万条约 15 GB）")
    parser.add_argument("--out", type=Path, default=ROOT / "eval" / "reports", help="报告目录")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes and write the report; return 0, or 1 where data is absent or a step failed."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    sizes = [size for size in options.sizes.lower().split(",") if size]
    if unknown := [size for size in sizes if size not in SIZES]:
        parser.error(f"没有这个规模：{'、'.join(unknown)}；可以写 {'、'.join(SIZES)}")
    if not (options.data / LAWS).is_file():
        print(f"错误：缺少数据文件 {LAWS}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明", file=sys.stderr)
        return 1
    base = cache_folder() / "scale"
    for size in sizes:
        work = base / f"{size}{'-synthetic' if options.synthetic else ''}"
        if (work / RESULT).is_file() and not options.again:
            print(f"{size}：已量过，不再量（--again 重新量）", file=sys.stderr, flush=True)
            continue
        print(f"{size}：开始 {now()}", file=sys.stderr, flush=True)
        try:
            measure(work, size, options.synthetic, options.data, options.keep)
        except AssistantError as error:
            print(f"错误：{error}", file=sys.stderr)
            return 1
    # Of a size measured with real vectors and with random ones, the real ones are reported.
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(base.glob(f"*/{RESULT}"), key=lambda path: not path.parent.name.endswith("-synthetic")):
        result = json.loads(path.read_text(encoding="utf-8"))
        found[result["size"]] = result
    command = command_line("eval.scale", sys.argv[1:] if arguments is None else arguments)
    facts = {"command": command, "date": now(), "commit": commit(ROOT), "machine": machine()}
    print(write_report(options.out, facts, [found[size] for size in SIZES if size in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
