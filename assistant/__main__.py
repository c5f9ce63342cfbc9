"""The command line: `python -m assistant`, also installed as `yiju`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.audit_commands import add_audit, run_audit
from assistant.console import DONE, NEGATIVE, parse_date, print_json, progress_bar, run, write_file
from assistant.errors import SettingsError
from assistant.feedback_command import add_feedback, run_feedback
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.schema import Answer, Metadata

EXPORTS = (".docx", ".md")  # what the answer to one question can be written as
_EXAMPLES = """例子：
  python -m assistant ask "企业用电成本能降吗"
  python -m assistant ask "企业用电成本能降吗" --out 回答.docx
  python -m assistant ask --batch questions.jsonl --out answers.jsonl
  python -m assistant ask "那搬到江西呢" --after "整厂从佛山搬到湖南，海关信用等级还算数吗"
  python -m assistant chat
  python -m assistant search "园区托管" --k 5 --region 佛山
  python -m assistant show 条例 第十条第二款
  python -m assistant check 答复.docx --docx 批注.docx
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 an error to mend, 2 bad usage, 3 a negative finding."""
    return run(_main, arguments)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="yiju",
        description="依据：产业转移政策助手，句句有出处。",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    ask = _command(commands, "ask", "回答一个问题，或一批问题", 'python -m assistant ask "第三十条讲什么" --json')
    ask.add_argument("question", nargs="?", help="要问的事")
    ask.add_argument(
        "--after",
        action="append",
        default=[],
        metavar="此前的提问",
        help="接着哪个问题问，按先后可写几次；新话题不受影响",
    )
    ask.add_argument("--role", choices=("enterprise", "staff", "hotline"), help="谁在问")
    fields = "id、question，可有 history（此前的提问）、as_of、region、role、kinds、levels、all_versions"
    ask.add_argument("--batch", type=Path, metavar="文件", help=f"JSON Lines，每行 {fields}")
    ask.add_argument(
        "--out", type=Path, metavar="文件", help="批量回答写到哪里；一个问题的回答连同依据写成 .docx 或 .md"
    )
    ask.add_argument("--operator", default="", metavar="姓名", help="谁在答；打开记录（设置 audit）时一并记下")
    ask.add_argument("--no-llm", action="store_true", help="不用设置里的语言模型，只摘录原文")
    _scope_options(ask)

    chat = _command(
        commands, "chat", "连续问答：接着问会沿用上文，/new 另起话题", "python -m assistant chat --region 佛山"
    )
    chat.add_argument("--role", choices=("enterprise", "staff", "hotline"), help="谁在问")
    chat.add_argument("--operator", default="", metavar="姓名", help="谁在答；打开记录（设置 audit）时一并记下")
    _scope_options(chat)

    search = _command(commands, "search", "列出最相关的条文，不作回答", 'python -m assistant search "园区托管" --k 5')
    search.add_argument("question", help="要找的事")
    search.add_argument("--k", type=int, default=10, metavar="个数", help="列出几条，默认 10")
    _scope_options(search)

    show = _command(commands, "show", "按名称查看文件或条文", "python -m assistant show 条例 第十条第二款")
    show.add_argument("document", help="文件名称、简称或编号")
    show.add_argument("label", nargs="?", default="", help="条文，如 第十条第二款；不写则列出全文")

    check = _command(
        commands,
        "check",
        "核对一段文字里的引用：条文在不在、有没有效、引的话对不对",
        "python -m assistant check 答复.docx",
    )
    check.add_argument("file", metavar="文件", help=".txt .md .docx .pdf，或 - 表示从标准输入读")
    check.add_argument("--as-of", metavar="日期", help="按哪一天判断效力，如 2025-06-01；默认文字落款的日期或今天")
    check.add_argument("--docx", type=Path, metavar="文件", help="把带批注的 Word 文件写到这里")
    check.add_argument("--html", type=Path, metavar="文件", help="把标记好的网页写到这里")
    check.add_argument("--operator", default="", metavar="姓名", help="写入记录的经办人（打开记录时）")

    add_audit(commands)
    add_feedback(commands)
    return parser


def _scope_options(command: argparse.ArgumentParser) -> None:
    """Add the options that say which documents may answer."""
    command.add_argument("--as-of", metavar="日期", help="按哪一天判断效力，如 2025-06-01；默认问题所说的那天或今天")
    command.add_argument(
        "--region", default="", metavar="地区", help="所在的省、市、县或六位行政区划代码，如 广东、佛山南海、440605"
    )
    command.add_argument(
        "--kind", action="append", default=[], metavar="种类", help="只查这一种文件：法规、政策、目录；可写几次"
    )
    command.add_argument(
        "--level", action="append", default=[], metavar="位阶", help="只查这一位阶，如 法律、地方性法规；可写几次"
    )
    command.add_argument("--all-versions", action="store_true", help="不在效力期内的版本也查")


def _command(commands: Any, name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=purpose,
        description=purpose,
        epilog=f"例子：{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--index", type=Path, metavar="文件夹", help="索引所在，默认 .yiju/index")
    command.add_argument("--json", action="store_true", help="输出一份 JSON")
    return command


def _main(arguments: Sequence[str]) -> int:
    parser = build_parser()
    options = parser.parse_args(arguments)
    named = vars(options)
    settings = load_settings(index=named.get("index"), audit=named.get("audit"))
    if options.command == "ask":
        if options.no_llm:
            settings = settings.model_copy(update={"llm": None})
        if options.batch and not options.out:
            parser.error("--batch 和 --out 要一起用")
        if bool(options.batch) == (options.question is not None):
            parser.error("给出一个问题，或用 --batch 给出一批问题")
        if options.batch and options.after:
            parser.error("--after 只用于单个问题；批量时写在每行的 history 里")
        return _batch(settings, options) if options.batch else _ask(settings, options)
    if options.command == "chat":
        return _chat(settings, options)
    if options.command == "search":
        if options.k < 1:
            parser.error("--k 要大于 0")
        return _search(settings, options)
    if options.command == "check":
        return _check(settings, options)
    if options.command == "audit":
        return run_audit(settings, options)
    if options.command == "feedback":
        return run_feedback(settings, options)
    return _show(settings, options)


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.answering.wire import answer_json
    from assistant.api import open_assistant
    from assistant.reports import answer_lines
    from assistant.schema import Role
    from assistant.serving.audit import Recorder

    role = Role(options.role) if options.role else None
    scope = _scope(options)
    if options.out and options.out.suffix.lower() not in EXPORTS:
        raise SettingsError(f"--out {options.out} 的类型不支持；请写成 .docx 或 .md")
    assistant = open_assistant(settings)
    answer = assistant.ask(options.question, history=options.after, role=role, **scope)
    # Before it is shown: what is said to be on record is.
    recorder = Recorder.from_settings(settings)
    recorder.record_answer(answer, operator=options.operator, history=options.after, role=role, **scope)
    if options.out:
        _export(options.out, answer, {row.metadata.id: row.metadata for row in assistant.documents()})
    if options.json:
        print_json(answer_json(answer))
    else:
        print("\n".join(answer_lines(answer, assistant.names(answer.nearest))))
    return DONE


def _export(out: Path, answer: "Answer", shelf: "Mapping[str, Metadata]") -> None:
    """Write an answer with its grounds as the file's name says."""
    from assistant.serving.export import export_markdown
    from assistant.serving.export_docx import export_docx

    word = out.suffix.lower() == ".docx"
    write_file(out, export_docx(answer, shelf) if word else export_markdown(answer, shelf).encode())


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.api import open_assistant
    from assistant.chat import HINT, chat, typed
    from assistant.schema import Role
    from assistant.serving.audit import Recorder

    scope = _scope(options)
    assistant = open_assistant(settings)
    if sys.stdin.isatty():
        print(HINT)
    failed = chat(
        assistant,
        typed(),
        lambda text: print(text, flush=True),
        Recorder.from_settings(settings),
        role=Role(options.role) if options.role else None,
        operator=options.operator,
        as_json=options.json,
        **scope,
    )
    return NEGATIVE if failed and not sys.stdin.isatty() else DONE


def _scope(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of `Assistant.ask` and `Assistant.search` that say which documents may answer."""
    from assistant.wording import kind_named, level_named

    return {
        "as_of": parse_date(options.as_of) if options.as_of else None,
        "region": options.region,
        "kinds": tuple(kind_named(name) for name in options.kind),
        "levels": tuple(level_named(name) for name in options.level),
        "all_versions": options.all_versions,
    }


def _batch(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.api import open_assistant
    from assistant.batch import run_batch
    from assistant.serving.audit import Recorder

    recorder = Recorder.from_settings(settings)
    with progress_bar(quiet=options.json) as progress:
        report = run_batch(open_assistant(settings), options.batch, options.out, progress, recorder, options.operator)
    if options.json:
        print_json({"answered": report.done, "failed": report.failed, "out": str(options.out)})
    else:
        print(f"已回答 {report.done} 行，失败 {report.failed} 行，写入 {options.out}")
    return NEGATIVE if report.failed else DONE


def _search(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.api import open_assistant
    from assistant.reports import found_json, found_lines

    scope = _scope(options)
    assistant = open_assistant(settings)
    found = assistant.search(options.question, options.k, **scope)
    titles = {summary.metadata.id: summary.metadata.title for summary in assistant.documents()}
    if options.json:
        print_json({"question": options.question, **found_json(found, titles)})
    else:
        print("\n".join(found_lines(found, titles)))
    return DONE


def _show(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.api import open_assistant
    from assistant.reports import shown_json, shown_lines

    shown = open_assistant(settings).show(options.document, options.label)
    if options.json:
        print_json(shown_json(shown))
    else:
        print("\n".join(shown_lines(shown)))
    return DONE


def _check(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.api import open_assistant
    from assistant.citing.annotate import annotate_docx, docx_from_text
    from assistant.citing.report_html import report_html
    from assistant.citing.report_text import check_lines
    from assistant.citing.sources import read_checked, read_pasted
    from assistant.citing.wire import check_json
    from assistant.schema import Verdict
    from assistant.serving.audit import Recorder

    as_of = parse_date(options.as_of) if options.as_of else None
    assistant = open_assistant(settings)
    source = None if options.file == "-" else Path(options.file)
    text = read_checked(source)[0] if source else read_pasted(sys.stdin.buffer.read(), "标准输入")
    report = assistant.check(text, as_of=as_of)
    recorder = Recorder.from_settings(settings)
    recorder.record_check(report, operator=options.operator, documents=assistant.documents(report.as_of))
    if options.docx:
        word = source if source is not None and source.suffix.lower() == ".docx" else None
        write_file(options.docx, annotate_docx(word, report) if word else docx_from_text(report))
    if options.html:
        write_file(options.html, report_html(report, source.name if source else "").encode())
    if options.json:
        print_json(check_json(report))
    else:
        print("\n".join(check_lines(report)))
    return DONE if report.verdict is Verdict.PASS else NEGATIVE


if __name__ == "__main__":
    sys.exit(main())
