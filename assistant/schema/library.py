"""What the library lists, previews and reports: held, known, refused."""

from dataclasses import dataclass
from datetime import date

from assistant.schema.documents import Level, Metadata, Parsed
from assistant.schema.validity import Validity


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """已知未收录: a document we know of and do not hold; facts only."""

    title: str
    aliases: tuple[str, ...] = ()
    number: str = ""
    level: Level | None = None
    issuer: str = ""
    jurisdiction: str = ""
    effective: date | None = None
    articles: int | None = None
    source: str = ""
    from_memory: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A held document as lists show it: its metadata and counts, without its text.

    Attributes:
        units: number of articles or parts; `provisions` counts every citable level.
        origin: "corpus" when it is mirrored from the corpus folder, "added" when it was ingested by path or upload.
    """

    metadata: Metadata
    units: int
    provisions: int
    warnings: tuple[str, ...]
    validity: Validity
    origin: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that did not become a document, and why, in one line of Chinese."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did. Ids of documents; counts of vectors.

    Attributes:
        embedded: vectors computed here; `imported`: taken from files; `reused`: the index had them already.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    embedded: int = 0
    imported: int = 0
    reused: int = 0
    corpus: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Preview:
    """An upload, read and parsed, not yet live.

    `replaces` names the held document of the same id, which it would replace; failing that, one of the same title,
    beside which it would stand.
    """

    parsed: Parsed
    replaces: str | None = None
