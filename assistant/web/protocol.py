"""What the page needs of an assistant, so that it can be shown over a fake as well as over the real one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

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


class RecorderLike(Protocol):
    """The record of what was answered and checked, where it is switched on."""

    @property
    def head(self) -> str:
        """The hash of the last entry, "" before the first."""
        ...

    @property
    def count(self) -> int:
        """The number of entries."""
        ...

    def record_answer(self, answer: Answer, *, operator: str = "") -> int:
        """Record an answer as shown and return the entry's number."""
        ...

    def record_check(self, report: CheckReport, *, operator: str = "") -> int:
        """Record a check as shown and return the entry's number."""
        ...

    def record_edit(self, entry: int, text: str, *, operator: str = "") -> int:
        """Record that the operator said `text` in place of the answer of `entry`, and return the new entry's number."""
        ...
