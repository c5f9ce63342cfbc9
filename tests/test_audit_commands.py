"""The record from the command line: asked, verified, exported, replayed, redacted."""

import json
import re
import shlex
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.__main__ import build_parser, main
from assistant.api import Assistant
from assistant.schema import Answer
from assistant.serving.audit import Recorder
from assistant.serving.audit_store import AuditStore
from assistant.serving.audit_verify import verify
from assistant.serving.masking import mask
from tests.conftest import ROOT
from tests.serving.examples import PRIVATE, all_bytes, answer, citation

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "audit.db"


@pytest.fixture
def yiju(corpus_index: Path, record: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YIJU_INDEX", str(corpus_index))

    def call(*arguments: str, audit: bool = True) -> tuple[int, str, str]:
        if audit:
            monkeypatch.setenv("YIJU_AUDIT", str(record))
        code = main(list(arguments))
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_nothing_is_recorded_unless_switched_on(yiju, record: Path) -> None:
    assert yiju("ask", "第三十条讲什么", audit=False)[0] == 0
    assert not record.exists()
    code, out, err = yiju("audit", "verify", audit=False)
    assert (code, out) == (1, "")
    assert err == "错误：没有打开记录；请用 --audit 文件 指明记录在哪里，或设置 audit（环境变量 YIJU_AUDIT）\n"


def test_an_answer_is_recorded_verified_and_replayed(yiju, record: Path) -> None:
    code, out, _ = yiju(
        "ask", f"第三十条讲什么，回电{PHONE}", "--operator", "张三", "--region", "广东", "--role", "hotline"
    )
    assert (code, "第三十条" in out) == (0, True)
    [entry] = AuditStore(record).records()
    assert (entry.text, entry.operator) == ("第三十条讲什么，回电〔手机号〕", "张三")
    assert json.loads(entry.asked) | {"as_of": ""} == {
        "as_of": "",
        "region": "440000",
        "role": "hotline",
        "kinds": [],
        "levels": [],
        "all_versions": False,
    }
    assert PHONE.encode() not in all_bytes(record)

    code, out, err = yiju("audit", "verify")
    assert (code, out, err) == (0, f"记录完好：1 条；链头 {entry.hash}\n", "")

    code, out, _ = yiju("audit", "replay", "1")
    assert code == 0
    assert "结果：有依据，没有变\n语料：没有变\n注意：原文里的个人信息已遮盖" in out
    code, out, _ = yiju("audit", "replay", "1", "--json")
    replayed = json.loads(out)
    assert (code, replayed["changed"], replayed["masked"], replayed["region"]) == (0, False, True, "440000")


def test_a_batch_is_recorded(yiju, record: Path, tmp_path: Path) -> None:
    lines = [{"id": 1, "question": "第三十条讲什么", "region": "广东"}, {"id": 2, "question": ""}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    batch = ("--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"))

    assert yiju("ask", *batch, "--operator", "张三")[0] == 3
    [entry] = AuditStore(record).records()
    assert (entry.text, entry.operator, json.loads(entry.asked)["region"]) == ("第三十条讲什么", "张三", "440000")


def test_what_cannot_be_recorded_is_not_shown(yiju, record: Path) -> None:
    record.write_text("这不是数据库" * 400, encoding="utf-8")
    code, out, err = yiju("ask", "第三十条讲什么")

    assert (code, out) == (1, "")
    assert err.startswith("错误：记录文件") and err.count("\n") == 1


def test_a_check_is_recorded_and_replayed_without_what_is_private_in_it(yiju, record: Path, tmp_path: Path) -> None:
    private = "、".join(PRIVATE.values())
    text = (
        f"来电人（{private}）问电费。\n"
        f"根据《广东省促进产业有序转移条例》第三十条，“县级以上人民政府应当按{private}降低企业用电成本”，回电{private}。\n"
        f"条例第九十条{private}规定：政府不得向{private}收费。《{PRIVATE['identity']}办法》第三条、《张三13800138000条例》第四条也是如此。\n"
    )
    reply = tmp_path / "pasted" / "reply.txt"  # not beside the record, all of whose bytes are looked at
    reply.parent.mkdir()
    reply.write_text(text, encoding="utf-8")

    code, shown, _ = yiju("check", str(reply), "--operator", "张三", "--as-of", "2026-11-22")
    assert (code, "第三十条" in shown) == (3, True)
    [entry] = AuditStore(record).records()
    assert (entry.kind, entry.operator, entry.payload["verdict"]) == ("check", "张三", "fail")
    assert entry.text == mask(text).rstrip("\n")
    assert len(entry.payload["findings"]) == 4
    for finding in entry.payload["findings"]:
        assert entry.text[finding["start"] : finding["end"]] == finding["text"]
    on_disk = re.sub(rb"[0-9a-f]{32,}", b"", all_bytes(record))
    for value in PRIVATE.values():
        for group in re.findall(r"\w{4,}", value.replace("_", "")):
            assert group == "example" or group.encode() not in on_disk, group

    code, out, _ = yiju("audit", "replay", "1", "--json")
    replayed = json.loads(out)
    assert (code, replayed["changed"], replayed["was"], replayed["quotes"]) == (0, False, "fail", [])


def test_a_replay_that_changed_exits_with_3(yiju, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yiju("ask", "第三十条讲什么")
    asked: list[str] = []

    def ask(self: Assistant, question: str, **scope: object) -> Answer:
        asked.append(f"{question} {scope['as_of']}")
        return answer(question, replace(citation("新的文字。"), provision="gd-transfer-2025:a30"), missing=("电价",))

    monkeypatch.setattr(Assistant, "ask", ask)
    code, out, _ = yiju("audit", "replay", "1")

    as_of = json.loads(next(AuditStore(record).records()).asked)["as_of"]
    assert asked == [f"第三十条讲什么 {as_of}"]
    assert code == 3
    assert "结果：有依据 → 部分有依据\n变了：《广东省促进产业有序转移条例》第三十条\n    原：" in out
    assert "    今：新的文字。（in_force）\n语料：sha256:" in out
    assert yiju("audit", "replay", "1", "--json")[0] == 3


def test_verify_finds_a_change_and_a_missing_tail(yiju, record: Path) -> None:
    store = AuditStore(record)
    for _ in range(3):
        Recorder(store).record_answer(answer())
    head = store.head().hash
    store.close()

    assert yiju("audit", "verify", "--head", head, "--count", "3")[0] == 0
    code, out, _ = yiju("audit", "verify", "--count", "5")
    assert (code, out) == (3, "记录有问题：第 4 条起缺失：应有 5 条，只有 3 条\n")
    with closing(sqlite3.connect(record)) as connection:
        connection.execute("DROP TRIGGER records_unchanged")
        connection.execute("UPDATE records SET operator = '李四' WHERE number = 2")
        connection.commit()
    code, out, _ = yiju("audit", "verify", "--json")
    found = json.loads(out)
    assert (code, found["whole"], found["number"], found["count"]) == (3, False, 2, 1)
    assert found["problem"].startswith("第 2 条被改动")


def test_redact_then_verify_says_so(yiju, record: Path) -> None:
    recorder = Recorder(AuditStore(record))
    number = recorder.record_answer(answer("张三丰的工厂怎么办"))
    recorder.record_edit(number, "改过的口径")
    recorder.close()

    code, out, _ = yiju("audit", "redact", "1", "--reason", f"来电人{PHONE}要求", "--operator", "李四")
    assert (code, out) == (
        0,
        "已删除第 1 条的内容，哈希保留；删除本身记为第 3 条\n对它的修改还在：第 2 条；要删请逐条删除\n",
    )
    assert "张三丰".encode() not in all_bytes(record)
    entry = AuditStore(record).get(3)
    assert (entry.text, entry.operator) == ("来电人〔手机号〕要求", "李四")
    head = AuditStore(record).head().hash
    assert yiju("audit", "verify")[1] == f"记录完好：3 条，已删除 1 条；链头 {head}\n"
    code, out, _ = yiju("audit", "redact", "1", "--reason", "再来", "--json")
    assert (code, json.loads(out)["again"], json.loads(out)["by"]) == (0, True, 3)
    code, _, err = yiju("audit", "replay", "1")
    assert (code, err) == (1, "错误：第 1 条的内容已删除，不能重放\n")


@pytest.mark.parametrize(
    ("name", "options", "form"),
    [
        ("out.csv", (), "csv"),
        ("out.jsonl", (), "jsonl"),
        ("out.txt", (), "csv"),
        ("out.txt", ("--format", "jsonl"), "jsonl"),
    ],
)
def test_export(yiju, record: Path, tmp_path: Path, name: str, options: tuple[str, ...], form: str) -> None:
    Recorder(AuditStore(record)).record_answer(answer())
    out = tmp_path / name

    code, said, _ = yiju("audit", "export", "--out", str(out), *options)
    assert (code, said) == (0, f"已导出 1 条，写入 {out}\n")
    assert out.read_text(encoding="utf-8-sig").startswith("编号," if form == "csv" else '{"number": 1,')


def test_an_export_does_not_overwrite_the_record(yiju, record: Path) -> None:
    Recorder(AuditStore(record)).record_answer(answer())
    for name in (record.name, f"{record.name}-wal"):
        code, _, err = yiju("audit", "export", "--out", str(record.with_name(name)))
        assert (code, "会毁掉记录" in err) == (1, True)
    assert verify(AuditStore(record).records()).count == 1


def test_the_option_overrides_the_setting(yiju, record: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    Recorder(AuditStore(other)).record_answer(answer())

    code, out, _ = yiju("audit", "verify", "--audit", str(other))
    assert (code, out.startswith("记录完好：1 条")) == (0, True)
    assert not record.exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("verify",), "没有记录文件"),
        (("export", "--out", "x.csv"), "没有记录文件"),
        (("replay", "1"), "没有记录文件"),
        (("redact", "1", "--reason", "理由"), "没有记录文件"),
    ],
)
def test_without_a_file_an_error_is_one_line(yiju, record: Path, arguments: tuple[str, ...], line: str) -> None:
    code, out, err = yiju("audit", *arguments)
    assert (code, out, err.count("\n"), line in err) == (1, "", 1, True)
    assert not record.exists()


@pytest.mark.parametrize(
    "arguments",
    [(), ("other",), ("replay",), ("replay", "x"), ("redact", "1"), ("export",), ("verify", "--count", "-1")],
)
def test_bad_usage_exits_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", *arguments])
    assert stopped.value.code == 2


def test_every_action_has_help_that_ends_with_an_example_that_parses() -> None:
    [commands] = [action for action in build_parser()._actions if action.dest == "command"]
    [actions] = [action for action in commands.choices["audit"]._actions if action.dest == "action"]  # type: ignore[index]
    assert set(actions.choices) == {"verify", "export", "replay", "redact"}  # type: ignore[arg-type]
    for name, parser in actions.choices.items():  # type: ignore[union-attr]
        example = parser.format_help().rstrip().splitlines()[-1].partition("python -m assistant ")[2]
        options = build_parser().parse_args(shlex.split(example))
        assert (options.command, options.action) == ("audit", name)
