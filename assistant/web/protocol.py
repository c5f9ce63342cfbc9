"""What the page needs of an assistant, so that it can be shown over a fake as well as over the real one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from assistant.schema import (
    Answer,
    CheckReport,
    DocumentSummary,
    IngestReport,
    KnownDocument,
    Links,
    Metadata,
    Parsed,
    Preview,
    Role,
)
from assistant.settings import Settings

Progress = Callable[[str, int, int], None]  # stage in Chinese, done, total


class AssistantLike(Protocol):
    """The verbs behind the page. Every method may raise `AssistantError`, whose message is shown as it stands."""

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
        ...

    def ask(self, question: str, *, as_of: date | None = None, region: str = "", role: Role | None = None) -> Answer:
        """Return the answer to one question."""
        ...

    def check(self, text: str, *, as_of: date | None = None) -> CheckReport:
        """Return what became of every citation in a text."""
        ...

    def check_file(self, path: Path, *, as_of: date | None = None) -> CheckReport:
        """Return what became of every citation in a file: .txt, .md, .docx or .pdf."""
        ...

    def documents(self) -> tuple[DocumentSummary, ...]:
        """Return the held documents."""
        ...

    def known(self) -> tuple[KnownDocument, ...]:
        """Return the documents known of and not held."""
        ...

    def parsed(self, doc_id: str) -> Parsed:
        """Return a held document with its provisions and sentences."""
        ...

    def links(self, provision_id: str) -> Links:
        """Return what a provision cites and who cites it."""
        ...

    def preview(self, path: Path, metadata: Metadata | None = None) -> Preview:
        """Return what a file would become; nothing goes live."""
        ...

    def add(self, preview: Preview, progress: Progress | None = None) -> IngestReport:
        """Make a previewed document live and return what changed."""
        ...

    def remove(self, doc_id: str) -> IngestReport:
        """Remove a held document and return what changed."""
        ...


class ContactLike(Protocol):
    """Who handles a matter in a place, as the hotline itself has configured it."""

    @property
    def department(self) -> str:
        """The department's name."""
        ...

    @property
    def phone(self) -> str:
        """Its telephone number, "" for none."""
        ...


class ContactsLike(Protocol):
    """The hotline's own table of contacts."""

    def find(self, text: str, region: str) -> ContactLike | None:
        """Return who handles what `text` asks in `region`, None where nothing is configured; never a guess."""
        ...


class HeadLike(Protocol):
    """Where the record ends."""

    @property
    def hash(self) -> str:
        """The hash of the last entry."""
        ...

    @property
    def count(self) -> int:
        """The number of entries."""
        ...


class RecorderLike(Protocol):
    """The record of what was answered and checked; it does nothing where it is not switched on.

    An entry's number is None where nothing is recorded.
    """

    def head(self) -> HeadLike | None:
        """Return where the record ends, None where none is kept."""
        ...

    def record_answer(
        self,
        answer: Answer,
        *,
        operator: str = "",
        role: Role | None = None,
        region: str = "",
        as_of: date | None = None,
    ) -> int | None:
        """Record an answer, with what it was asked with, and return the entry's number."""
        ...

    def record_check(self, report: CheckReport, *, operator: str = "") -> int | None:
        """Record a check and return the entry's number."""
        ...

    def record_edit(self, record: Any, new_text: str, *, operator: str = "") -> int | None:
        """Record what the operator said in place of what entry `record` proposed, and return the new entry's number."""
        ...
