"""How good whole answers are, over the founding documents.

python -m eval.answers                                          the reporting questions; writes eval/reports/answers.*
python -m eval.answers --questions eval/questions/answers_tuning.jsonl --name answers_tuning --verbose
python -m eval.answers --check --questions FILE…                only the form of question files, a line a fault
"""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from assistant.errors import AssistantError
from assistant.schema import Status
from eval.answers.bars import all_met
from eval.answers.failures import explained
from eval.answers.questions import Question, load_questions
from eval.answers.report import MEASURES, markdown
from eval.answers.run import evaluate
from eval.facts import command_line, commit, machine, now
from eval.run import compared, earlier_report, write
from eval.score import Row
from eval.systems import Reply

QUESTIONS = Path("eval/questions")
REPORTING = (QUESTIONS / "answers_reporting_a.jsonl", QUESTIONS / "answers_reporting_b.jsonl")
LOOKED_AT = "tuning"  # a file with this in its name may be looked at; of others a report lists ids only
AS_OF = "题目所填，否则问句所说，否则当天"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.answers",
        description="逐题作答，判断状态、依据、缺口、提示和陷阱，写出评测报告（Markdown 与 JSON）",
        epilog="例：python -m eval.answers --questions eval/questions/answers_tuning.jsonl --name trial --verbose",
    )
    parser.add_argument(
        "--questions", type=Path, nargs="+", default=REPORTING, metavar="FILE", help="题目文件，可以几个；默认报告题"
    )
    parser.add_argument("--out", type=Path, default=Path("eval/reports"), help="报告所在的文件夹")
    parser.add_argument("--name", default="answers", help="报告的名字；默认 answers")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="文件所在的文件夹")
    parser.add_argument("--embedder", help="向量模型，写法同设置；默认按设置")
    parser.add_argument("--verbose", action="store_true", help="逐题印出错在哪里；只用于调参题")
    parser.add_argument("--check", action="store_true", help="只核对题目的格式")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate, write and print the report; return 0, 1 for an error, 2 for bad usage, 3 if a bar is missed."""
    from eval.opened import described, opened
    from eval.verbatim import SourceFiles

    given = list(sys.argv[1:] if arguments is None else arguments)
    options = build_parser().parse_args(given)
    looked_at = all(LOOKED_AT in path.stem for path in options.questions)
    if options.verbose and not looked_at:
        return _error(f"--verbose 只用于调参题（文件名里有 {LOOKED_AT}）：报告题只量不看", 2)
    root = Path.cwd()
    path = options.out / f"{options.name}.json"
    try:
        questions = load_questions(options.questions)
        if options.check:
            sys.stdout.write(f"{len(questions)} 题，格式都对：{_counts(questions)}\n")
            return 0
        sources = SourceFiles.from_corpus(options.corpus)
        with opened(options.corpus, options.embedder) as assistant:
            measured, replies = evaluate(assistant, questions, sources.holds, _say)
            made = described(assistant)
    except AssistantError as error:
        return _error(str(error), 1)
    report: Row = {
        "name": options.name,
        "command": command_line("eval.answers", given),
        "date": now(),
        "commit": commit(root),
        "machine": machine(),
        "as_of": AS_OF,
        **made,
        "questions": {"files": [path.name for path in options.questions], **_counts(questions)},
        **measured,
    }
    report["before"] = compared(report, earlier_report(root, path), dict.fromkeys(MEASURES, "answer"), "digest")
    texts = {question.id: " ／ ".join((*question.turns, question.question)) for question in questions}
    if options.verbose:
        sys.stdout.write(_explanations(questions, report, replies))
    sys.stdout.write(write(report, path, partial(markdown, texts=texts if looked_at else None)))
    return 3 if report["failed"] or not all_met(report["bars"]) else 0


def _explanations(questions: Sequence[Question], report: Row, replies: Mapping[str, Reply]) -> str:
    pairs = zip(questions, report["rows"], strict=True)
    told = [explained(question, row, replies[question.id].answer) for question, row in pairs]
    return "".join(f"{one}\n\n" for one in told if one)


def _counts(questions: Sequence[Question]) -> dict[str, int]:
    """Return how many questions there are, by expected status, in dialogues, and with errors of speech recognition."""
    expected = Counter(question.expect for question in questions)
    return {
        "n": len(questions),
        **{str(status): expected[status] for status in Status},
        "dialogues": sum(bool(question.turns) for question in questions),
        "speech": sum(question.speech for question in questions),
    }


def _error(message: str, code: int) -> int:
    sys.stderr.write("".join(f"错误：{line}\n" for line in message.splitlines()))
    return code


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
