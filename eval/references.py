"""References between provisions: `python -m eval.references` counts those of all laws and measures whether they help
a search; `python -m eval.references --laws` prints 40 of them, drawn by hash, to read.
"""

import argparse
import json
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.parsing import parse
from assistant.schema import Parsed
from eval import references_laws
from eval.facts import command_line, commit, machine, now
from eval.law_data import DATA, LAWS, ROOT, STARD, all_laws
from eval.references_index import titles, write
from eval.references_report import markdown
from eval.references_stard import measure

AS_OF = date(2026, 11, 22)  # the day that versions are chosen by, in every report alike
SHOWN = 40
READ_FILE = Path(__file__).with_name("references_read.toml")


def laws_part(folder: Path, data: Path, shown: int, first: int) -> tuple[dict[str, Any], list[str]]:
    """Return the counts over all laws, and lines to read."""
    started = time.perf_counter()
    connection = write(folder, _parsed(data))
    written = time.perf_counter() - started
    names = titles(connection)
    found = references_laws.find_all(connection, names, AS_OF)
    read = tomllib.loads(READ_FILE.read_text(encoding="utf-8"))
    report = {
        "seconds": round(written, 1),
        "documents": connection.execute("SELECT count(*) FROM documents").fetchone()[0],
        "units": connection.execute("SELECT count(*) FROM provisions WHERE unit").fetchone()[0],
        **references_laws.counts(found),
        "milliseconds": references_laws.timed(connection, names, AS_OF),
        "reading": references_laws.precision(found, read["read"], read["wrong"]),
    }
    lines = references_laws.lines(connection, references_laws.sample(found, first, shown))
    connection.close()
    return report, lines


def _parsed(data: Path) -> Iterator[Parsed]:
    for document in all_laws(data):
        yield parse(document)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.references",
        description="数出全部法规中的引用，并在 STARD 训练部分上量引用关系对检索有没有用。",
        epilog="例：python -m eval.references --laws --first 40",
    )
    parser.add_argument(
        "--laws", action="store_true", help=f"只看全部法规，印出按哈希抽出的 {SHOWN} 处供核对，不写报告"
    )
    parser.add_argument("--first", type=int, default=0, metavar="序号", help="从按哈希排的第几处印起，默认 0")
    parser.add_argument("--shown", type=int, default=SHOWN, metavar="处", help=f"印出几处，默认 {SHOWN}")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    parser.add_argument("--out", type=Path, default=ROOT / "eval" / "reports", help="报告目录")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report; return 0, or 1 where the data is absent."""
    options = build_parser().parse_args(arguments)
    for name in (LAWS, STARD):
        if not (options.data / name).is_file():
            sys.stderr.write(f"错误：缺少数据文件 {name}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明\n")
            return 1
    with tempfile.TemporaryDirectory() as folder:
        laws, lines = laws_part(Path(folder) / "laws", options.data, options.shown, options.first)
        if options.laws:
            sys.stdout.write("\n".join([json.dumps(laws, ensure_ascii=False), *lines]) + "\n")
            return 0
        stard = measure(Path(folder) / "stard", options.data, AS_OF)
    report = {
        "command": command_line("eval.references", sys.argv[1:] if arguments is None else arguments),
        "date": now(),
        "commit": commit(ROOT),
        "machine": machine(),
        "as_of": AS_OF.isoformat(),
        "laws": laws,
        "stard": stard,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "references.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    text = markdown(report)
    (options.out / "references.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
