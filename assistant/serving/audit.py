"""The record of answers and checks, as whoever gives them sees it: one call each, and none has an effect when off.

    recorder = Recorder.from_settings(settings)
    answer = assistant.ask(question, region=region)
    number = recorder.record_answer(answer, operator="张三", region=region)
    recorder.record_edit(number, "改过的口径")

What is recorded has no personal data in it: it is masked before anything is hashed or stored.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from assistant.errors import AuditError
from assistant.places import place_code
from assistant.retrieval.dates import date_asked
from assistant.schema import Answer, CheckReport, DocumentSummary, Kind, Level, Role
from assistant.serving.audit_payloads import answer_draft, check_draft
from assistant.serving.audit_records import Draft, RecordId, RecordKind
from assistant.serving.audit_store import AuditStore, Head, record_id
from assistant.serving.masking import mask
from assistant.settings import Settings

MAX_EDIT = 20_000  # characters of an operator's wording: far more than can be read out


class Recorder:
    """Records what is answered and checked; without a store nothing. Safe to use from several threads."""

    def __init__(self, store: AuditStore | None) -> None:
        self._store = store

    @classmethod
    def from_settings(cls, settings: Settings) -> "Recorder":
        """Return what records into the file of the setting `audit`; one that records nothing where it is not set."""
        return cls(AuditStore(settings.audit) if settings.audit else None)

    @property
    def on(self) -> bool:
        """Whether anything is recorded."""
        return self._store is not None

    def record_answer(
        self,
        answer: Answer,
        *,
        operator: str = "",
        history: Sequence[str] = (),
        role: Role | None = None,
        region: str = "",
        as_of: date | None = None,
        kinds: Sequence[Kind] = (),
        levels: Sequence[Level] = (),
        all_versions: bool = False,
    ) -> RecordId | None:
        """Record an answer and return the record's number; None when nothing is recorded.

        All but `operator` are what the question was asked with (as `Assistant.ask` takes them): it can be asked again.

        Raises:
            AuditError: it cannot be recorded; then it should not be shown either.
        """
        if self._store is None:
            return None
        asked = {
            "as_of": _judged_on(answer, as_of).isoformat(),
            "region": place_code(region),
            "role": str(role) if role else "",
            "kinds": [str(kind) for kind in kinds],
            "levels": [str(level) for level in levels],
            "all_versions": all_versions,
        }
        return self._append(self._store, answer_draft(answer, operator=operator, history=history, asked=asked))

    def record_check(
        self,
        report: CheckReport,
        *,
        operator: str = "",
        role: Role | None = None,
        region: str = "",
        documents: Iterable[DocumentSummary] = (),
    ) -> RecordId | None:
        """Record a check and return the record's number; None when nothing is recorded.

        `documents` (those of `Assistant.documents(report.as_of)`) adds the versions of what the text cites.

        Raises:
            AuditError: it cannot be recorded.
        """
        if self._store is None:
            return None
        asked: dict[str, Any] = {"region": place_code(region), "role": str(role) if role else ""}
        draft = check_draft(report, operator=operator, asked=asked, documents=documents)
        return self._append(self._store, draft)

    def record_edit(self, record: RecordId | None, new_text: str, *, operator: str = "") -> RecordId | None:
        """Record an operator's wording of a recorded answer or check; nothing where that was not recorded.

        Raises:
            AuditError: there is no such record, the wording is empty or far too long, or it cannot be recorded.
        """
        if self._store is None or record is None:
            return None
        if not new_text.strip():
            raise AuditError("修改后的文字是空的；请写下要对来电人说的话")
        if len(new_text) > MAX_EDIT:
            raise AuditError(f"修改后的文字有 {len(new_text):,} 个字，超过 {MAX_EDIT:,} 个字；请只写要说的话")
        edited = self._store.get(record)
        if edited.kind not in (RecordKind.ANSWER, RecordKind.CHECK):
            raise AuditError(f"第 {record} 条不是回答或核对，不能记修改")
        return self._append(
            self._store, Draft(RecordKind.EDIT, mask(new_text), target=int(record), operator=mask(operator))
        )

    def head(self) -> Head | None:
        """Return where the chain ends, to be noted elsewhere; None when nothing is recorded."""
        return self._store.head() if self._store is not None else None

    def close(self) -> None:
        """Let go of the file."""
        if self._store is not None:
            self._store.close()

    def _append(self, store: AuditStore, draft: Draft) -> RecordId:
        return record_id(store.append(draft))


def _judged_on(answer: Answer, as_of: date | None) -> date:
    """Return the date that an answer was judged on: the one given, its citations', the question's, today."""
    if as_of is not None:
        return as_of
    if answer.citations:
        return answer.citations[0].validity.as_of
    today = date.today()
    return date_asked(answer.question, today) or today
