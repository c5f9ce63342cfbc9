"""How often a weak model would have misled: `python -m eval.generation`.

../shared/tools/serve_test_llm.sh MODEL-FOLDER 8091 &
python -m eval.generation --record http://127.0.0.1:8091/v1        asks what is not recorded yet, then reports
python -m eval.generation                                          judges the recorded replies again, no model needed
python -m eval.generation --unread                                 lists the statements nobody has read, as TOML
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.answering.generative import Similarity
from assistant.answering.verify_statement import SUPPORT, Support
from assistant.api import open_assistant
from assistant.console import DONE, progress_bar, run
from assistant.indexing.embedder import load_embedder
from assistant.settings import LlmSettings, load_settings
from eval.facts import command_line, commit, machine, now
from eval.generation.measure import Measured, load_readings, measured, swept
from eval.generation.record import STYLES, record
from eval.generation.replies import chosen, load_replies
from eval.generation.report import report_json, report_markdown
from eval.question_file import load_questions

HERE = Path(__file__).parent.parent
QUESTIONS = HERE / "questions" / "tuning.jsonl"
REPLIES = HERE / "questions" / "replies" / "generation.jsonl"
READINGS_FILE = HERE / "questions" / "generation_read.toml"
REPORT = HERE / "reports" / "generation"
MODEL = "qwen2.5-coder-1.5b-instruct-q4"
PARAPHRASES = HERE / "questions" / "generation_paraphrases.toml"
SWEPT = [
    *(
        Support(coverage, clause, 0.6)
        for coverage, clause in ((0.0, 0.0), (0.5, 0.5), (0.6, 0.5), (0.7, 0.5), (0.8, 0.5), (0.9, 0.5))
    ),
    Support(0.7, 0.0, 0.6),
    Support(0.7, 0.5, 0.0),
    Support(0.7, 0.5, 0.8),
    Support(0.0, 0.0, 0.0),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation and return its exit code."""
    return run(_main, arguments)


def _main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.generation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--record", metavar="地址", help="OpenAI 兼容地址；先问还没有记录的题")
    parser.add_argument("--model", default=MODEL, help=f"模型名，默认 {MODEL}")
    parser.add_argument("--index", type=Path, metavar="文件夹", help="索引所在，默认 .yiju/index")
    parser.add_argument("--replies", type=Path, default=REPLIES, metavar="文件", help="回答记录")
    parser.add_argument("--out", type=Path, default=REPORT, metavar="文件", help="报告写到哪里，不带扩展名")
    parser.add_argument("--unread", action="store_true", help="列出还没有读过的句子")
    options = parser.parse_args(arguments)
    questions = chosen(load_questions(QUESTIONS))
    if options.record:
        settings = LlmSettings(base_url=options.record, model=options.model, timeout_s=300, retries=0, max_tokens=200)
        with progress_bar() as progress:
            record(open_assistant(load_settings(index=options.index)), settings, questions, options.replies, progress)
    readings = load_readings(READINGS_FILE)
    similarity = Similarity(load_embedder("builtin"))
    replies = load_replies(options.replies)
    order = {question.id: number for number, question in enumerate(questions)}
    replies.sort(key=lambda reply: order.get(reply.id, -1))
    rows = measured(questions, replies, readings, similarity)
    if options.unread:
        print("\n".join(_unread(rows)))
        return DONE
    styles = {style: [row for row in rows if row.reply.style == style] for style in STYLES}
    sweep = [
        swept(PARAPHRASES, measured(questions, replies, readings, similarity, support), similarity, support)
        for support in SWEPT
    ]
    facts = {
        "date": now(),
        "commit": commit(HERE),
        "machine": json.dumps(machine(), ensure_ascii=False),
        "model": options.model,
        "command": command_line("eval.generation", arguments),
        "support": {"coverage": SUPPORT.coverage, "clause": SUPPORT.clause, "cosine": SUPPORT.cosine},
    }
    report = report_json(facts, {style: found for style, found in styles.items() if found}, sweep)
    options.out.with_suffix(".json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    options.out.with_suffix(".md").write_text(report_markdown(report), encoding="utf-8")
    print(f"写入 {options.out}.md")
    return DONE


def _unread(rows: Sequence[Measured]) -> list[str]:
    """Return an entry of generation_read.toml for each statement without one, to be filled in."""
    lines: list[str] = []
    seen = set()
    for row in rows:
        gate = "" if row.reply.gated else "（拒答）"
        shown = " / ".join(f"{part.key} {part.provision} {part.text}" for part in row.reply.shown).replace("\n", " ")
        for one in row.told:
            if one.reading or (row.question.id, one.hash) in seen:
                continue
            seen.add((row.question.id, one.hash))
            lines += [f"# {row.reply.style}{gate} 问：{row.question.question} 标准：{' '.join(row.question.right)}"]
            lines += [f"# 看到：{shown}", f"# 说：{one.text} {' '.join(one.keys)}（{one.verdict.reason or '通过'}）"]
            lines += ["[[read]]", f'id = "{row.question.id}"', f'hash = "{one.hash}"', 'found = ""', ""]
    return lines


if __name__ == "__main__":
    sys.exit(main())
