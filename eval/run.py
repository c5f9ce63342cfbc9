"""How well: `python -m eval.run` asks every question of a file and writes one report.

Ours, BM25 alone and vectors alone stand in the same table; the answers are judged by status, citation and wording. The
JSON has a row a question; the Markdown says which questions were won and lost since the report of the same name that
was committed before.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from eval.facts import command_line, commit, committed, machine, now
from eval.question_file import Question, load_questions
from eval.report import markdown
from eval.score import COMPARED, Judge, Row, score_rankings, score_replies, too_easy, won_and_lost
from eval.systems import AssistantLike, ask_all, rank_all

TOO_EASY = 0.75  # share that BM25 alone may put a right provision first on in a reporting set


def evaluate(
    assistant: AssistantLike,
    questions: Sequence[Question],
    judge: Judge,
    as_of: date,
    progress: Callable[[str], None] = lambda _: None,
) -> Row:
    """Return the measured part of a report: systems, answers, and a row a question.

    `judge` says whether a quote stands word for word in the file of a document id; `as_of` is the date that answers
    judge validity on.
    """
    start = time.perf_counter()
    systems, ranked = score_rankings(questions, rank_all(assistant, questions, progress))
    replies = ask_all(assistant, questions, as_of, progress)
    answers, answered = score_replies(questions, replies, judge)
    rows: list[Row] = [
        {
            "id": question.id,
            "role": str(question.role),
            "kind": question.kind,
            "question": question.question,
            "expect": str(question.expect),
            "gold": list(question.gold),
            "also": list(question.also),
            **ranked[question.id],
            "answer": answered[question.id],
        }
        for question in questions
    ]
    first = next((reply.answer for reply in replies.values() if reply.answer is not None), None)
    return {
        "as_of": as_of.isoformat(),
        "seconds": round(time.perf_counter() - start, 1),
        "corpus": first.corpus if first else "",
        "engine": first.engine if first else "",
        "failed": answers["failed"] + sum(system["failed"] for system in systems.values()),
        "too_easy": too_easy(systems, TOO_EASY),
        "too_easy_limit": TOO_EASY,
        "systems": systems,
        "answers": answers,
        "rows": rows,
    }


def compared(
    report: Row, before: Row | None, measures: Mapping[str, str] = COMPARED, same: str = "question"
) -> Row | None:
    """Return what the earlier report was and what changed since (see `won_and_lost`); None without one."""
    if before is None:
        return None
    facts = {name: before[name] for name in ("date", "commit", "corpus")}
    return {**facts, "changes": won_and_lost(report["rows"], before["rows"], measures, same)}


def earlier_report(root: Path, path: Path) -> Row | None:
    """Return the report of the last commit, else the one on disk, else None."""
    text = committed(root, path)
    if text is None and path.exists():
        text = path.read_text(encoding="utf-8")
    if text is None:
        return None
    report: Row = json.loads(text)
    return report


def write(report: Row, path: Path, render: Callable[[Row], str] = markdown) -> str:
    """Write the JSON and the Markdown beside it; return the Markdown."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_compact(report) + "\n", encoding="utf-8")
    text = render(report)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    return text


def _compact(report: Row) -> str:
    """Return the report as JSON with a line a question, so that a diff of two reports reads by question."""
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in report["rows"])
    head = json.dumps({**report, "rows": []}, ensure_ascii=False, indent=1)
    return head.replace('"rows": []', f'"rows": [\n  {rows}\n ]')


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.run",
        description="逐题检索与作答，写出评测报告（Markdown 与 JSON）",
        epilog="例：python -m eval.run --questions eval/questions/tuning.jsonl --name tuning",
    )
    parser.add_argument("--questions", type=Path, default=Path("eval/questions/reporting.jsonl"), help="题目文件")
    parser.add_argument("--out", type=Path, default=Path("eval/reports"), help="报告所在的文件夹")
    parser.add_argument("--name", help="报告的名字；默认与题目文件同名")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="文件所在的文件夹")
    parser.add_argument("--embedder", help="向量模型，写法同设置；默认按设置")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="按哪一天判断效力；默认今天")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate, write and print the report; return 0, 1 for an error, 3 if a question failed."""
    from eval.opened import described, opened
    from eval.verbatim import SourceFiles

    given = list(sys.argv[1:] if arguments is None else arguments)
    options = build_parser().parse_args(given)
    name = options.name or options.questions.stem
    root = Path.cwd()
    path = options.out / f"{name}.json"
    try:
        questions = load_questions(options.questions)
        sources = SourceFiles.from_corpus(options.corpus)
        with opened(options.corpus, options.embedder) as assistant:
            measured = evaluate(assistant, questions, sources.holds, options.as_of, _say)
            made_with = described(assistant)
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    report: dict[str, Any] = {
        "name": name,
        "command": command_line("eval.run", given),
        "date": now(),
        "commit": commit(root),
        "machine": machine(),
        **made_with,
        "questions": {
            "file": options.questions.name,
            "n": len(questions),
            "trapped": sum(question.trapped for question in questions),
        },
        **measured,
    }
    report["before"] = compared(report, earlier_report(root, path))
    print(write(report, path), end="")
    return 3 if report["failed"] else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
