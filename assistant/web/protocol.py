"""What the page needs of an assistant, so that it can be shown over a fake as well as over the real one."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.answering.why import Why
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
    Statement,
)
from assistant.settings import Settings

Progress = Callable[[str, int, int], None]  # stage in Chinese, done, total


class AssistantLike(Protocol):
    """The verbs behind the page. Every method may raise `AssistantError`, whose message is shown as it stands."""

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
        ...

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: date | None = None,
        region: str = "",
        role: Role | None = None,
        on_statement: Callable[[Statement], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Answer:
        """Return the answer to one question, read with the earlier ones of its dialogue.

        Where a language model words it, `on_statement` is called with each sentence once it was verified, and
        `cancelled` is asked often whether to stop.
        """
        ...

    def why(
        self, question: str, *, history: Sequence[str] = (), as_of: date | None = None, region: str = ""
    ) -> tuple[Why, ...]:
        """Return what an answer is decided on, part by part."""
        ...

    def check(self, text: str, *, as_of: date | None = None) -> CheckReport:
        """Return what became of every citation in a text."""
        ...

    def check_file(self, path: Path, *, as_of: date | None = None) -> CheckReport:
        """Return what became of every citation in a file: .txt, .md, .docx or .pdf."""
        ...

    def documents(self, as_of: date | None = None) -> tuple[DocumentSummary, ...]:
        """Return the held documents, their validity judged on `as_of`, None for today."""
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
