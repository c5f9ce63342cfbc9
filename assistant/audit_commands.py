"""`python -m assistant audit …`: the record of answers and checks verified, exported, replayed, redacted."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.console import DONE, NEGATIVE, print_json
from assistant.errors import AuditError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.serving.audit_replay import Replay

_FORMATS = ("csv", "jsonl")
_VERDICTS = {"pass": "通过", "fail": "有误", "incomplete": "未核完", "nothing_to_check": "没有可核的引用"}
_SHOWN = 80  # characters of the question that a replay shows
_EXAMPLE = "python -m assistant audit"


def add_audit(commands: Any) -> None:
    """Add the command `audit` with its four sub-commands to a parser's commands."""
    purpose = "核查、导出、重放、删除回答和核对的记录"
    audit = _parser(commands, "audit", purpose, f"{_EXAMPLE} verify")
    actions = audit.add_subparsers(dest="action", required=True, metavar="动作")

    verify = _action(actions, "verify", "核查记录是否完好：改动、缺失、调换", f"{_EXAMPLE} verify --count 12")
    verify.add_argument("--head", metavar="哈希", help="当初记下的链头；末尾缺失或整条重写时才能发现")
    verify.add_argument("--count", type=_count, metavar="条数", help="当初记下的条数")

    export = _action(actions, "export", "导出全部记录", f"{_EXAMPLE} export --out 记录.csv")
    export.add_argument("--out", type=Path, required=True, metavar="文件", help="写到哪里；已有的会被替换")
    export.add_argument(
        "--format", choices=_FORMATS, help="csv（表格软件）或 jsonl（全部内容）；不写看文件名，默认 csv"
    )

    replay = _action(actions, "replay", "用现在的语料重新回答或核对一条记录", f"{_EXAMPLE} replay 12")
    replay.add_argument("number", type=_count, metavar="编号", help="记录的编号")
    replay.add_argument("--index", type=Path, metavar="文件夹", help="索引所在，默认 .yiju/index")

    redact = _action(
        actions, "redact", "删除一条记录的内容，保留哈希，并记下理由", f"{_EXAMPLE} redact 12 --reason 来电人要求删除"
    )
    redact.add_argument("number", type=_count, metavar="编号", help="记录的编号")
    redact.add_argument("--reason", required=True, metavar="文字", help="为什么删除；会记入记录")
    redact.add_argument("--operator", default="", metavar="姓名", help="谁删除的")


def run_audit(settings: Settings, options: argparse.Namespace) -> int:
    """Run one sub-command and return its exit code: 3 where verify found something, or a replay changed.

    Raises:
        AuditError: there is no record, or it cannot be read, written or replayed.
    """
    path = settings.audit
    if path is None:
        raise AuditError("没有打开记录；请用 --audit 文件 指明记录在哪里，或设置 audit（环境变量 YIJU_AUDIT）")
    if options.action == "verify":
        return _verify(path, options)
    if options.action == "export":
        return _export(path, options)
    if options.action == "replay":
        return _replay(settings, path, options)
    return _redact(path, options)


def _verify(path: Path, options: argparse.Namespace) -> int:
    from assistant.serving.audit_store import AuditStore
    from assistant.serving.audit_verify import verify

    found = verify(AuditStore(path).records(), options.head, options.count)
    if options.json:
        print_json(
            {
                "whole": found.whole,
                "count": found.count,
                "deleted": found.deleted,
                "head": found.head,
                "since": found.since,
                "problem": found.problem or None,
                "number": found.number or None,
            }
        )
    elif found.whole:
        since = f"，其中 {found.since} 条是之后新增的" if found.since else ""
        deleted = f"，已删除 {found.deleted} 条" if found.deleted else ""
        print(f"记录完好：{found.count} 条{since}{deleted}；链头 {found.head}")
    else:
        print(f"记录有问题：{found.problem}")
    return DONE if found.whole else NEGATIVE


def _export(path: Path, options: argparse.Namespace) -> int:
    from assistant.serving.audit_export import export
    from assistant.serving.audit_store import AuditStore

    out: Path = options.out
    beside = {path.resolve(), *(path.resolve().with_name(f"{path.name}{end}") for end in ("-wal", "-shm", "-journal"))}
    if out.resolve() in beside:
        raise AuditError(f"--out 和记录是同一个文件 {out}，会毁掉记录。请给 --out 另一个文件名")
    form = options.format or ("jsonl" if out.suffix.lower() == ".jsonl" else "csv")
    count = export(AuditStore(path).records(), out, form)
    if options.json:
        print_json({"records": count, "out": str(out), "format": form})
    else:
        print(f"已导出 {count} 条，写入 {out}")
    return DONE


def _replay(settings: Settings, path: Path, options: argparse.Namespace) -> int:
    from assistant.api import open_assistant
    from assistant.schema import Answer, CheckReport
    from assistant.serving.audit_replay import Asked, replay
    from assistant.serving.audit_store import AuditStore

    record = AuditStore(path).get(options.number)
    assistant = open_assistant(settings)

    def ask(question: str, asked: Asked) -> Answer:
        return assistant.ask(
            question,
            history=asked.history,
            as_of=asked.as_of,
            region=asked.region,
            role=asked.role,
            kinds=asked.kinds,
            levels=asked.levels,
            all_versions=asked.all_versions,
            with_llm=False,  # what is compared, status and quotes, is the same with a model
        )

    def check(text: str, asked: Asked) -> CheckReport:
        return assistant.check(text, as_of=asked.as_of)

    found = replay(record, ask, check)
    if options.json:
        print_json(_replay_json(found))
    else:
        print("\n".join(_replay_lines(found)))
    return NEGATIVE if found.changed else DONE


def _replay_lines(found: "Replay") -> list[str]:
    """Return a replay as lines to read: then and now, and what is said differently."""
    from assistant.wording import STATUS_WORDS

    words = {**{str(status): name for status, name in STATUS_WORDS.items()}, **_VERDICTS}
    was, now = words.get(found.was, found.was), words.get(found.now, found.now)
    text = found.text if len(found.text) <= _SHOWN else f"{found.text[:_SHOWN]}…"
    lines = [
        f"第 {found.number} 条（{found.time}）：{text}",
        f"结果：{was}" + ("，没有变" if found.was == found.now else f" → {now}"),
    ]
    lines += [f"新增：{name}" for name in found.added]
    lines += [f"不再有：{name}" for name in found.removed]
    for one in found.quotes:
        lines += [f"变了：{one.what}", f"    原：{one.was}", f"    今：{one.now}"]
    corpus = "没有变" if found.corpus_was == found.corpus_now else f"{found.corpus_was} → {found.corpus_now}"
    lines.append(f"语料：{corpus}")
    if found.masked:
        lines.append("注意：原文里的个人信息已遮盖，重放时用不属于任何人的号码代替")
    return lines


def _replay_json(found: "Replay") -> dict[str, Any]:
    return {
        "number": found.number,
        "kind": str(found.kind),
        "time": found.time,
        "text": found.text,
        "masked": found.masked,
        "as_of": found.asked.as_of.isoformat() if found.asked.as_of else None,
        "region": found.asked.region,
        "role": str(found.asked.role) if found.asked.role else None,
        "changed": found.changed,
        "was": found.was,
        "now": found.now,
        "added": list(found.added),
        "removed": list(found.removed),
        "quotes": [{"what": one.what, "was": one.was, "now": one.now} for one in found.quotes],
        "corpus_was": found.corpus_was,
        "corpus_now": found.corpus_now,
    }


def _redact(path: Path, options: argparse.Namespace) -> int:
    from assistant.serving.audit_store import AuditStore
    from assistant.serving.masking import mask

    done = AuditStore(path).redact(options.number, mask(options.reason), mask(options.operator))
    if options.json:
        print_json(
            {
                "redacted": done.number,
                "by": done.by,
                "time": done.time,
                "again": done.again,
                "edits": list(done.edits),
            }
        )
        return DONE
    if done.again:
        print(f"第 {done.number} 条的内容早已删除（见第 {done.by} 条，{done.time}）；已再清理一次文件")
    else:
        print(f"已删除第 {done.number} 条的内容，哈希保留；删除本身记为第 {done.by} 条")
    if done.edits:
        print(f"对它的修改还在：第 {'、'.join(map(str, done.edits))} 条；要删请逐条删除")
    return DONE


def _parser(commands: Any, name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=purpose,
        description=purpose,
        epilog=f"例子：{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def _action(actions: Any, name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    parser = _parser(actions, name, purpose, example)
    parser.add_argument("--audit", type=Path, metavar="文件", help="记录所在，默认设置 audit（环境变量 YIJU_AUDIT）")
    parser.add_argument("--json", action="store_true", help="输出一份 JSON")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
