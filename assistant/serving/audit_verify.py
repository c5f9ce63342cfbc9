"""Whether the record is whole: every record as it was appended, none removed, none moved."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from assistant.serving.audit_records import FIRST_PREVIOUS, Record, RecordKind, digest, record_hash


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found.

    Attributes:
        count: how many records there are; `deleted`: of how many of them the content was redacted.
        head: hash of the last record, 64 zeros where there is none.
        since: how many records follow the one whose hash or number was given; 0 where none was.
        problem: one line of Chinese on the first thing that is wrong, "" for a whole chain; `number`: where it is.
    """

    count: int
    deleted: int
    head: str
    since: int = 0
    problem: str = ""
    number: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def verify(records: Iterable[Record], head: str | None = None, count: int | None = None) -> Verification:
    """Return whether a chain is whole.

    By itself a chain cannot tell that its last records are missing, or that all of it was written anew. Whoever has
    noted its head elsewhere can: `head` is the hash that was then the last, `count` how many records there were.
    Records appended since are welcome.
    """
    wanted = head.strip().lower() if head else None
    reached = 0 if wanted == FIRST_PREVIOUS else None  # number of the record with the wanted hash
    previous, walked = FIRST_PREVIOUS, 0
    gone: dict[int, int] = {}  # contents that are gone, with the record that says so: 0 until it comes
    problem, number = "", 0
    for record in records:
        problem, number = _problem(record, walked + 1, previous), walked + 1
        if not problem and record.kind == RecordKind.REDACTION and record.target not in gone:
            problem, number = f"第 {record.target} 条已记为删除，内容却还在", record.target
        if problem:
            break
        walked, previous = record.number, record.hash
        if record.redacted:
            gone[record.number] = 0
        if record.kind == RecordKind.REDACTION:
            gone[record.target] = record.number
        if record.hash == wanted:
            reached = walked
    if not problem:
        problem, number = _at_the_end(gone, walked, wanted, reached, count)
    noted = reached if count is None else count
    since = walked - noted if noted is not None and not problem else 0
    return Verification(walked, len(gone), previous, since, problem, number)


def _problem(record: Record, number: int, previous: str) -> str:
    """Return what is wrong with the record that should have `number`, "" for nothing."""
    if record.number != number:
        return f"第 {number} 条缺失：前一条之后是第 {record.number} 条"
    if not all(isinstance(value, str) for value in astuple(record) if value not in (record.number, record.target)):
        return f"第 {number} 条被改动"
    if not record.redacted and digest(record.content) != record.content_hash:
        return f"第 {number} 条被改动：内容与其哈希不符"
    own = record_hash(
        number=record.number,
        time=record.time,
        kind=record.kind,
        target=record.target,
        operator=record.operator,
        engine=record.engine,
        corpus=record.corpus,
        asked=record.asked,
        provisions=record.provisions,
        content_hash=record.content_hash,
        previous=record.previous,
    )
    if own != record.hash:
        return f"第 {number} 条被改动：时间、依据等与其哈希不符"
    if record.previous != previous:
        return f"第 {number} 条接不上前一条：前面有记录被改写、删除或调换"
    return ""


def _at_the_end(
    gone: dict[int, int], walked: int, head: str | None, reached: int | None, count: int | None
) -> tuple[str, int]:
    """Return what only the whole walk can show to be wrong, and where; "" and 0 for nothing."""
    unsaid = next((number for number, by in gone.items() if not by), 0)
    if unsaid:
        return f"第 {unsaid} 条的内容没有了，却没有删除它的记录", unsaid
    if count is not None and walked < count:
        return f"第 {walked + 1} 条起缺失：应有 {count} 条，只有 {walked} 条", walked + 1
    if head is not None and count is not None and reached != count:
        return f"第 {count} 条不是当初的那一条：整条链可能被重写", count
    if head is not None and reached is None:
        return f"第 {walked + 1} 条起缺失，或整条链被重写：没有哈希为 {head[:12]}… 的记录", walked + 1
    return "", 0
