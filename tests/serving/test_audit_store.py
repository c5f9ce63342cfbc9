"""The record is only ever appended to, survives being killed, and forgets what it is told to forget."""

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import AuditError
from assistant.serving.audit_records import DELETED, FIRST_PREVIOUS, Draft, RecordKind
from assistant.serving.audit_store import AuditStore
from assistant.serving.audit_verify import verify
from tests.conftest import ROOT
from tests.serving.examples import all_bytes

SEED = 5
QUESTION = Draft(RecordKind.ANSWER, "电费能降吗", {"status": "answered"})
BETWEEN = "time, kind, target, operator, engine, corpus, asked, provisions, content, content_hash"
# Appends until it is killed; says each number once `append` has returned it.
APPENDS = """
import os, sys
from pathlib import Path
from assistant.serving.audit_records import Draft, RecordKind
from assistant.serving.audit_store import AuditStore
store = AuditStore(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    record = store.append(Draft(RecordKind.ANSWER, f"问题{n} " + "字" * (n * 37 % 3000), {"n": n}))
    os.write(1, f"{record.number} {record.hash}\\n".encode())
"""
# The same, and kills itself when SQLite is about to run statement number sys.argv[3].
DIES = """
import os, signal, sys
from assistant.serving import audit_store
connect, left = audit_store._connect, int(sys.argv[3])
def step(_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
def traced(path):
    connection = connect(path)
    connection.set_trace_callback(step)
    return connection
audit_store._connect = traced
"""


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    return AuditStore(tmp_path / "audit.db")


def child(script: str, *arguments: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)


def acknowledged(output: bytes) -> dict[int, str]:
    lines = output.decode().split("\n")[:-1]  # the last one may be half a line
    return {int(line.split()[0]): line.split()[1] for line in lines}


def test_records_are_chained(store: AuditStore) -> None:
    first, second = store.append(QUESTION), store.append(QUESTION)

    assert (first.number, second.number) == (1, 2)
    assert (first.previous, second.previous) == (FIRST_PREVIOUS, first.hash)
    assert first.content_hash != second.content_hash  # the salt: equal contents are not seen to be equal
    assert (store.head().hash, store.head().count) == (second.hash, 2)
    assert [one.text for one in store.records()] == ["电费能降吗", "电费能降吗"]
    assert first.time.endswith("+00:00")


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    store = AuditStore(tmp_path / "new" / "folder" / "audit.db")
    store.append(QUESTION)

    for file in (tmp_path / "new" / "folder").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM records WHERE number = 2",
        "DELETE FROM records",
        "UPDATE records SET operator = '李四' WHERE number = 1",
        "UPDATE records SET content = '{}' WHERE number = 1",
        f"UPDATE records SET content = '{DELETED}' WHERE number = 1",  # without a record of the deletion
        "UPDATE records SET number = 9 WHERE number = 3",
        "INSERT OR REPLACE INTO records SELECT * FROM records WHERE number = 1",
        f"INSERT INTO records SELECT 9, {BETWEEN}, hash, hash FROM records WHERE number = 3",
        f"INSERT INTO records SELECT 4, {BETWEEN}, previous, hash FROM records WHERE number = 3",
    ],
)
def test_the_database_refuses_every_change(store: AuditStore, statement: str) -> None:
    for _ in range(3):
        store.append(QUESTION)

    with closing(sqlite3.connect(store.path)) as connection, pytest.raises(sqlite3.IntegrityError, match="a record"):
        connection.execute(statement)

    assert verify(store.records()).whole


def test_a_redaction_changes_nothing_but_the_content(store: AuditStore) -> None:
    store.append(QUESTION)
    store.redact(1, "来电人要求")

    with (
        closing(sqlite3.connect(store.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        connection.execute(f"UPDATE records SET content = '{DELETED}', operator = '李四' WHERE number = 1")


def test_redacted_bytes_are_gone(store: AuditStore) -> None:
    # Long enough to fill pages of its own, and short enough to lie among others.
    secrets = ["张三丰住在南海", "李四光的工厂" + "很大" * 5_000]
    for n in range(40):
        store.append(Draft(RecordKind.ANSWER, f"别的问题{n}" + "。" * (n * 50)))
        if n in (10, 20):
            store.append(Draft(RecordKind.ANSWER, secrets[n // 10 - 1]))
    kept = store.get(13)
    assert all(secret[:6].encode() in all_bytes(store.path) for secret in secrets)

    for number in (12, 23):
        done = store.redact(number, "来电人要求", "王五")
        assert (done.number, done.again, done.edits) == (number, False, ())

    assert all(secret[:6].encode() not in all_bytes(store.path) for secret in secrets)
    assert store.get(12).text == DELETED
    assert store.get(12).payload == {}
    assert store.get(13) == kept
    redaction = store.get(44)
    assert (redaction.kind, redaction.target, redaction.operator) == ("redaction", 23, "王五")
    assert redaction.text == "来电人要求"
    found = verify(store.records())
    assert (found.whole, found.count, found.deleted) == (True, 44, 2)


def test_redacting_again_only_cleans(store: AuditStore) -> None:
    store.append(QUESTION)
    first = store.redact(1, "来电人要求")
    again = store.redact(1, "再来一次")

    assert (again.again, again.by, again.time) == (True, first.by, first.time)
    assert store.head().count == 2


def test_a_reader_in_the_middle_keeps_the_bytes_and_is_told_of(
    store: AuditStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.serving.audit_store.BUSY_TIMEOUT_S", 0.1)
    store.append(QUESTION)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM records").fetchall()
        with pytest.raises(AuditError, match=r"第 1 条的内容已删除，.*请稍后再运行一次同一条命令"):
            store.redact(1, "来电人要求")
    assert "电费能降吗".encode() in all_bytes(store.path)

    assert store.redact(1, "来电人要求").again
    assert "电费能降吗".encode() not in all_bytes(store.path)


def test_edits_of_a_redacted_record_are_named(store: AuditStore) -> None:
    store.append(QUESTION)
    store.append(Draft(RecordKind.EDIT, "改过的口径", target=1))
    store.append(Draft(RecordKind.EDIT, "再改", target=1))

    assert store.redact(1, "理由").edits == (2, 3)
    store.redact(2, "理由")
    assert store.redact(1, "理由").edits == (3,)


def test_errors_are_one_line(store: AuditStore, tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="没有记录文件"):
        list(store.records())
    with pytest.raises(AuditError, match="没有记录文件"):
        store.redact(1, "理由")
    assert not store.path.exists()
    store.append(QUESTION)
    with pytest.raises(AuditError, match="没有第 7 条记录；共 1 条"):
        store.get(7)
    with pytest.raises(AuditError, match="没有第 7 条记录"):
        store.append(Draft(RecordKind.EDIT, "改", target=7))
    with pytest.raises(AuditError, match="要写明理由"):
        store.redact(1, "  ")

    (tmp_path / "text.db").write_text("这不是数据库" * 400, encoding="utf-8")
    with pytest.raises(AuditError, match="不是记录"):
        AuditStore(tmp_path / "text.db").append(QUESTION)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(AuditError, match="是别的数据库"):
        AuditStore(tmp_path / "other.db").append(QUESTION)
    with pytest.raises(AuditError, match="不是回答记录的文件"):
        list(AuditStore(tmp_path / "other.db").records())
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditError, match="无法打开"):
        AuditStore(tmp_path / "file" / "audit.db").append(QUESTION)


def test_a_file_that_is_taken_away_while_in_use_is_noticed(store: AuditStore, tmp_path: Path) -> None:
    store.append(QUESTION)
    store.path.rename(tmp_path / "away.db")

    with pytest.raises(AuditError, match="被移走或换掉"):
        store.append(QUESTION)
    store.close()
    assert store.append(QUESTION).number == 1  # begins anew


@pytest.mark.parametrize("run", range(8))
def test_a_kill_at_any_moment_loses_no_acknowledged_record(tmp_path: Path, run: int) -> None:
    chance = random.Random(SEED * 100 + run)
    path = tmp_path / "audit.db"
    known: dict[int, str] = {}
    for _ in range(2):  # the second child goes on with what the first one left
        process = child(APPENDS, path, 100_000)
        assert process.stdout is not None
        output = process.stdout.readline()
        timer = threading.Timer(chance.uniform(0.0, 0.25), process.kill)
        timer.start()
        output += process.stdout.read()
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()
        assert process.stderr is not None
        process.stderr.close()
        known |= acknowledged(output)
        stored = {record.number: record.hash for record in AuditStore(path).records()}
        assert known.items() <= stored.items()
        assert len(stored) <= len(known) + 2  # at most one a child was on the disk and not yet acknowledged
        assert verify(AuditStore(path).records()).whole
    assert len(known) > 2


def test_a_kill_at_any_statement_loses_no_acknowledged_record(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    fatal = sorted({*range(0, 8), *chance.sample(range(8, 60), 10)})
    children = {at: child(DIES + APPENDS, tmp_path / f"{at}.db", 1_000, at) for at in fatal}
    for at, process in children.items():
        output, _ = process.communicate()
        assert process.returncode == -signal.SIGKILL, at
        store = AuditStore(tmp_path / f"{at}.db")
        known = acknowledged(output)
        store.append(QUESTION)  # what the kill left is no obstacle
        stored = {record.number: record.hash for record in store.records()}
        assert known.items() <= stored.items(), at
        assert len(stored) - len(known) in (1, 2), at
        assert verify(store.records()).whole, at
    assert len(known) > 1  # the last child came far


def test_threads_and_processes_append_to_one_chain(store: AuditStore) -> None:
    processes = [child(APPENDS, store.path, 30) for _ in range(2)]
    numbers: list[int] = []

    def work() -> None:
        for _ in range(30):
            numbers.append(store.append(QUESTION).number)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    outputs = [process.communicate() for process in processes]
    for thread in threads:
        thread.join()

    assert [process.returncode for process in processes] == [0, 0], outputs
    for output, _ in outputs:
        numbers += acknowledged(output)
    assert sorted(numbers) == list(range(1, 181))
    found = verify(store.records(), head=store.head().hash, count=180)
    assert (found.whole, found.count) == (True, 180), found.problem


def test_a_full_disk_is_one_line_and_breaks_nothing(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from assistant.errors import AuditError
from assistant.serving.audit_records import Draft, RecordKind
from assistant.serving.audit_store import AuditStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = AuditStore(Path(sys.argv[1]))
store.append(Draft(RecordKind.ANSWER, "第一条"))
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
try:
    for _ in range(100):
        store.append(Draft(RecordKind.ANSWER, "字" * 3000))
except AuditError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.append(Draft(RecordKind.ANSWER, "又有地方了")).number)
"""
    path = tmp_path / "audit.db"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    message, number = done.stdout.splitlines()
    assert "无法读写" in message and "请检查磁盘空间" in message
    found = verify(AuditStore(path).records())
    assert (found.whole, found.count) == (True, int(number)), found.problem
