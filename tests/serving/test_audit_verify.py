"""Whatever is done to the file behind the record's back is found, and the first bad number is named."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.serving.audit_records import DELETED, FIRST_PREVIOUS, Draft, Record, RecordKind, digest, record_hash
from assistant.serving.audit_store import AuditStore
from assistant.serving.audit_verify import Verification, verify

COUNT = 8


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    store = AuditStore(tmp_path / "audit.db")
    for n in range(COUNT - 1):
        store.append(Draft(RecordKind.ANSWER, f"问题{n}", {"n": n}, engine="extractive", corpus="sha256:aa"))
    store.redact(3, "来电人要求")
    store.close()
    return store


def tamper(store: AuditStore, *statements: str) -> Verification:
    """Do what somebody does who can write the file: take the triggers away, and change it."""
    with closing(sqlite3.connect(store.path)) as connection:
        for trigger in ("records_follow", "records_stay", "records_unchanged"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return verify(store.records())


def test_a_whole_chain(store: AuditStore) -> None:
    head = store.head()
    assert verify(store.records()) == Verification(COUNT, 1, head.hash)
    assert verify(store.records(), head.hash, head.count) == Verification(COUNT, 1, head.hash)
    assert verify([]) == Verification(0, 0, FIRST_PREVIOUS)


@pytest.mark.parametrize(
    ("statement", "number", "problem"),
    [
        ("UPDATE records SET content = replace(content, '问题4', '问题9') WHERE number = 5", 5, "第 5 条被改动：内容"),
        ("UPDATE records SET content = '' WHERE number = 5", 5, "第 5 条被改动：内容"),
        ("UPDATE records SET content_hash = hash WHERE number = 5", 5, "第 5 条被改动"),
        ("UPDATE records SET time = '2020-01-01T00:00:00.000+00:00' WHERE number = 2", 2, "第 2 条被改动：时间"),
        ("UPDATE records SET kind = 'check' WHERE number = 2", 2, "第 2 条被改动"),
        ("UPDATE records SET target = 1 WHERE number = 2", 2, "第 2 条被改动"),
        ("UPDATE records SET operator = '李四' WHERE number = 1", 1, "第 1 条被改动"),
        ("UPDATE records SET engine = 'llm:x' WHERE number = 7", 7, "第 7 条被改动"),
        ("UPDATE records SET corpus = 'sha256:bb' WHERE number = 7", 7, "第 7 条被改动"),
        ('UPDATE records SET asked = \'{"region":"440000"}\' WHERE number = 7', 7, "第 7 条被改动"),
        ("UPDATE records SET provisions = '[{}]' WHERE number = 7", 7, "第 7 条被改动"),
        ("UPDATE records SET previous = hash WHERE number = 4", 4, "第 4 条被改动"),
        ("UPDATE records SET hash = previous WHERE number = 4", 4, "第 4 条被改动"),
        ("UPDATE records SET content = CAST(content AS BLOB) WHERE number = 4", 4, "第 4 条被改动"),
        ("DELETE FROM records WHERE number = 4", 4, "第 4 条缺失：前一条之后是第 5 条"),
        ("DELETE FROM records WHERE number = 1", 1, "第 1 条缺失：前一条之后是第 2 条"),
        ("UPDATE records SET number = 40 WHERE number = 4", 4, "第 4 条缺失"),
        (f"UPDATE records SET content = '{DELETED}' WHERE number = 5", 5, "第 5 条的内容没有了，却没有删除它的记录"),
        ("DELETE FROM records WHERE number = 8", 3, "第 3 条的内容没有了，却没有删除它的记录"),
    ],
)
def test_one_change_is_found(store: AuditStore, statement: str, number: int, problem: str) -> None:
    found = tamper(store, statement)

    assert not found.whole
    assert found.number == number
    assert found.problem.startswith(problem)
    assert "\n" not in found.problem


def test_two_records_that_changed_places(store: AuditStore) -> None:
    found = tamper(
        store,
        "UPDATE records SET number = 90 WHERE number = 4",
        "UPDATE records SET number = 4 WHERE number = 5",
        "UPDATE records SET number = 5 WHERE number = 90",
    )
    assert (found.number, found.problem.startswith("第 4 条被改动")) == (4, True)


def test_a_removed_record_with_the_rest_renumbered(store: AuditStore) -> None:
    found = tamper(
        store,
        "DELETE FROM records WHERE number = 4",
        "UPDATE records SET number = -number WHERE number > 4",
        "UPDATE records SET number = -number - 1 WHERE number < 0",
    )
    assert (found.number, found.problem.startswith("第 4 条被改动")) == (4, True)


def test_a_content_that_came_back_after_its_deletion(store: AuditStore) -> None:
    fake = json.dumps({"text": "问题2"})
    found = tamper(store, f"UPDATE records SET content = '{fake}' WHERE number = 3")
    assert (found.number, found.problem) == (3, "第 3 条被改动：内容与其哈希不符")


def rewritten(records: list[Record], change: Callable[[Record], dict[str, object]], begin: int) -> list[Record]:
    """Return records with all hashes made anew from number `begin` on: a forger who knows how they are made."""
    done = records[: begin - 1]
    for record in records[begin - 1 :]:
        values = {name: getattr(record, name) for name in Record.__dataclass_fields__} | change(record)
        content = values.pop("content")
        values["previous"] = done[-1].hash if done else FIRST_PREVIOUS
        if content != DELETED:
            values["content_hash"] = digest(content)
        del values["hash"]
        done.append(Record(**values, content=content, hash=record_hash(**values)))
    return done


def test_a_chain_written_anew_is_whole_to_itself_and_found_by_its_head(store: AuditStore) -> None:
    old = list(store.records())
    head = old[-1].hash
    forged = rewritten(old, lambda one: {"operator": "李四"} if one.number == 2 else {}, 2)

    assert verify(forged).whole
    assert verify(forged, head).problem.startswith("第 9 条起缺失，或整条链被重写：没有哈希为")
    found = verify(forged, head, COUNT)
    assert (found.number, found.problem) == (8, "第 8 条不是当初的那一条：整条链可能被重写")
    # Only one made anew, and the rest left: the next one does not follow it.
    broken = [*rewritten(old[:2], lambda one: {"operator": "李四"} if one.number == 2 else {}, 2), *old[2:]]
    found = verify(broken)
    assert (found.number, found.problem.startswith("第 3 条接不上前一条")) == (3, True)


def test_a_missing_tail(tmp_path: Path) -> None:
    store = AuditStore(tmp_path / "tail.db")
    records = [store.append(Draft(RecordKind.ANSWER, f"问题{n}")) for n in range(7)]
    short, noted = records[:6], records[6]

    assert verify(short).whole  # a chain cannot miss its own tail
    assert verify(short, count=7).problem == "第 7 条起缺失：应有 7 条，只有 6 条"
    assert verify(short, count=7).number == 7
    assert verify(short, head=noted.hash).problem.startswith("第 7 条起缺失")
    assert verify(short, head=noted.hash, count=7).number == 7
    assert verify([], head=noted.hash, count=7).problem == "第 1 条起缺失：应有 7 条，只有 0 条"


def test_a_head_noted_earlier_stays_good(store: AuditStore) -> None:
    records = list(store.records())

    assert verify(records, records[4].hash, 5).since == 3
    assert verify(records, records[4].hash.upper()).since == 3
    assert verify(records, count=5).since == 3
    assert verify(records, FIRST_PREVIOUS, 0).since == 8  # noted before the first record
    found = verify(records, records[4].hash, 4)
    assert (found.whole, found.number) == (False, 4)
    assert not verify(records, "00").whole
