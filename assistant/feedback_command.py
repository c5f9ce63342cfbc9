"""`python -m assistant feedback …`: what readers thought of answers, counted and exported."""

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.console import DONE, print_json, write_file
from assistant.settings import Settings


def add_feedback(commands: Any) -> None:
    """Add the command `feedback` with its sub-command to a parser's commands."""
    example = "例子：python -m assistant feedback export --out 评价.csv"
    purpose = "页面上的评价（有用、没用和理由）：计数、导出；只存在本机"
    formatter = argparse.RawDescriptionHelpFormatter
    feedback = commands.add_parser(
        "feedback", help=purpose, description=purpose, epilog=example, formatter_class=formatter
    )
    actions = feedback.add_subparsers(dest="action", required=True, metavar="动作")
    words = "导出全部评价，并按理由计数"
    export = actions.add_parser("export", help=words, description=words, epilog=example, formatter_class=formatter)
    export.add_argument("--out", type=Path, metavar="文件", help=".csv（表格软件）或 .jsonl；不写则只计数")
    export.add_argument("--json", action="store_true", help="输出一份 JSON")


def run_feedback(settings: Settings, options: argparse.Namespace) -> int:
    """Count the votes, write them where asked, and return the exit code.

    Raises:
        FeedbackError: the file of votes cannot be read.
        SettingsError: the file to write is the file of votes, or cannot be written.
    """
    from assistant.errors import SettingsError
    from assistant.serving.feedback import FeedbackFile, votes_csv

    votes = list(FeedbackFile(settings.feedback).votes())
    out: Path | None = options.out
    if out is not None:
        if out.resolve() == settings.feedback.resolve():
            raise SettingsError(f"--out 和评价是同一个文件 {out}。请给 --out 另一个文件名")
        lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in votes)
        write_file(out, lines.encode() if out.suffix.lower() == ".jsonl" else votes_csv(votes))
    thumbs = Counter(one.vote for one in votes)
    reasons = Counter(reason for one in votes for reason in one.reasons)
    if options.json:
        print_json({"votes": len(votes), "up": thumbs["up"], "down": thumbs["down"], "reasons": dict(reasons)})
        return DONE
    print(f"评价 {len(votes)} 条：有用 {thumbs['up']}，没用 {thumbs['down']}")
    print("".join(f"  {reason} {count}\n" for reason, count in reasons.most_common()), end="")
    if out is not None:
        print(f"已写入 {out}")
    return DONE
