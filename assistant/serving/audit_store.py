"""The record's file: one SQLite database that is only ever appended to.

Triggers refuse every change but one: a content whose deletion has been appended becomes DELETED. They guard against
mistakes; against somebody who edits the file, `audit_verify` does.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import AuditError
from assistant.serving.audit_records import DELETED, FIRST_PREVIOUS, Draft, Record, RecordId, RecordKind, chained

BUSY_TIMEOUT_S = 30.0
_APPLICATION_ID = 0x59694A55  # "YiJU"
_VERSION = 1
_COLUMNS = ", ".join(f.name for f in fields(Record))
_MARKS = ", ".join("?" for _ in fields(Record))
_KEPT = " AND ".join(f"NEW.{f.name} IS OLD.{f.name}" for f in fields(Record) if f.name != "content")
_TABLES = f"""
CREATE TABLE records (
    number INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, target INTEGER NOT NULL,
    operator TEXT NOT NULL, engine TEXT NOT NULL, corpus TEXT NOT NULL, asked TEXT NOT NULL, provisions TEXT NOT NULL,
    content TEXT NOT NULL, content_hash TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX records_by_target ON records (target) WHERE target > 0;
CREATE TRIGGER records_follow BEFORE INSERT ON records
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM records)
    OR NEW.previous IS NOT coalesce((SELECT hash FROM records ORDER BY number DESC LIMIT 1), '{FIRST_PREVIOUS}')
BEGIN SELECT RAISE(ABORT, 'a record follows the last one'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END;
CREATE TRIGGER records_unchanged BEFORE UPDATE ON records
WHEN NOT (NEW.content IS '{DELETED}' AND {_KEPT}
    AND EXISTS (SELECT 1 FROM records WHERE target = OLD.number AND kind = '{RecordKind.REDACTION}'))
BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: what to write down elsewhere, to find a missing tail later."""

    hash: str
    count: int


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a redaction did.

    Attributes:
        number: of the record whose content is gone; `by`: of the record that says so.
        again: whether it had been redacted before; then only the file was cleaned once more.
        edits: numbers of edits of the same record whose content is still there.
    """

    number: int
    by: int
    time: str
    again: bool
    edits: tuple[int, ...]


class AuditStore:
    """The record's file. Safe to use from several threads, and from several processes at once.

    A record that `append` has returned is on the disk: a crash at any later moment does not lose it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def append(self, draft: Draft) -> Record:
        """Append a record and return it. The file is created with the first one.

        Raises:
            AuditError: the file cannot be written, is no record, or `draft.target` names a record that is not there.
        """
        with self._writing() as connection:
            if draft.target:
                _existing(connection, draft.target, self.path)
            return _append(connection, draft)

    def redact(self, number: int, reason: str, operator: str = "") -> Redaction:
        """Delete the content of a record, and append that, why and when; what it said is gone from the file's bytes.

        Of a record that was redacted before, only the bytes are looked after once more.

        Raises:
            AuditError: no such record, no reason; or another program keeps the file from being cleaned: the content is
                deleted, and the same call once more cleans it.
        """
        if not reason.strip():
            raise AuditError("删除要写明理由：--reason 文字")
        self._must_exist()
        with self._writing() as connection:
            record = _existing(connection, number, self.path)
            kept = f"SELECT number FROM records WHERE target = ? AND kind = '{RecordKind.EDIT}' AND content IS NOT ?"
            edits = tuple(row[0] for row in connection.execute(kept, (number, DELETED)))
            if record.redacted:
                query = f"SELECT number, time FROM records WHERE target = ? AND kind = '{RecordKind.REDACTION}'"
                by, at = connection.execute(query, (number,)).fetchone() or (0, "")
                done = Redaction(number, by, at, True, edits)
            else:
                draft = Draft(RecordKind.REDACTION, reason.strip(), target=number, operator=operator)
                appended = _append(connection, draft)
                connection.execute("UPDATE records SET content = ? WHERE number = ?", (DELETED, number))
                done = Redaction(number, appended.number, appended.time, False, edits)
        self._clean(number)
        return done

    def get(self, number: int) -> Record:
        """Return one record.

        Raises:
            AuditError: there is no such record, or no file.
        """
        with self._reading() as connection:
            return _existing(connection, number, self.path)

    def records(self) -> Iterator[Record]:
        """Yield all records as of one moment, in the order of their numbers.

        Raises:
            AuditError: there is no file, or it cannot be read.
        """
        with self._reading() as connection:
            for row in connection.execute(f"SELECT {_COLUMNS} FROM records ORDER BY number"):
                yield Record(*row)

    def head(self) -> Head:
        """Return where the chain ends; of a file that is not there yet, its beginning."""
        if not self.path.exists():
            return Head(FIRST_PREVIOUS, 0)
        with self._reading() as connection:
            return _head(connection)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._explained():
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends it itself when the disk is full
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        self._must_exist()
        with self._explained(), closing(_connect(self.path)) as connection:
            connection.execute("PRAGMA query_only = ON")
            if not _is_ours(connection):
                raise AuditError(f"{self.path} 不是回答记录的文件；请检查 --audit 或设置 audit")
            yield connection

    def _must_exist(self) -> None:
        if not self.path.is_file():
            raise AuditError(f"没有记录文件 {self.path}；请用 --audit 指明，或先打开记录（设置 audit）再提问")

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None:
            if self._identity() == self._file:
                return self._connection
            raise AuditError(f"记录文件 {self.path} 在使用中被移走或换掉；请放回原处，或重新启动本程序")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # for nobody else's eyes
        connection = _connect(self.path)
        try:
            _prepare(connection, self.path)
        except BaseException:
            connection.close()
            raise
        self._connection, self._file = connection, self._identity()
        return connection

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _clean(self, number: int) -> None:
        """Rewrite the file, so that what was deleted is in none of its bytes, nor in those of its journal."""
        busy = AuditError(
            f"第 {number} 条的内容已删除，但别的程序正占用记录文件，旧的字节还没有清掉；请稍后再运行一次同一条命令"
        )
        with self._lock, self._explained():
            connection = self._opened()
            try:
                connection.execute("VACUUM")
                if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    raise busy
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                raise busy from error

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite or the system says of the file into one line that says what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise AuditError(f"记录文件 {self.path} 无法读写：{error}。请检查磁盘空间和读写权限后再试") from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise  # a trigger's refusal, a broken constraint: our own mistake
            raise AuditError(f"记录文件 {self.path} 已损坏或不是记录：{error}。请从备份恢复") from error
        except OSError as error:
            raise AuditError(f"记录文件 {self.path} 无法打开（{error.strerror}）；请检查路径和权限") from error


def _connect(path: Path) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=True, check_same_thread=False)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make a connection write durably, and the file a record if it is empty."""
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA synchronous = FULL")
    _write_ahead(connection)
    if _is_ours(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _is_ours(connection):  # another process may have been first
            if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise AuditError(f"{path} 是别的数据库，不能用来记录；请给设置 audit 另一个文件名")
            for statement in _statements(_TABLES):
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to its write-ahead log: SQLite does not wait by itself where two processes do so at once."""
    until = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: `executescript` would end the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _is_ours(connection: sqlite3.Connection) -> bool:
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        return False
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != _VERSION:
        raise AuditError(f"记录文件的格式是第 {version} 版，本程序用第 {_VERSION} 版；请换用相应版本的程序")
    return True


def _existing(connection: sqlite3.Connection, number: int, path: Path) -> Record:
    row = connection.execute(f"SELECT {_COLUMNS} FROM records WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise AuditError(f"{path} 里没有第 {number} 条记录；共 {_head(connection).count} 条")
    return Record(*row)


def _head(connection: sqlite3.Connection) -> Head:
    last = connection.execute("SELECT hash, number FROM records ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*last) if last else Head(FIRST_PREVIOUS, 0)


def _append(connection: sqlite3.Connection, draft: Draft) -> Record:
    last = _head(connection)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    record = chained(draft, last.count + 1, now, last.hash)
    connection.execute(f"INSERT INTO records ({_COLUMNS}) VALUES ({_MARKS})", astuple(record))
    return record


def record_id(record: Record) -> RecordId:
    """Return how a record is named to those who edit, redact or replay it."""
    return RecordId(record.number)
