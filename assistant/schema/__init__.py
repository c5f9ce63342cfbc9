"""The frozen dataclasses that travel between stages: a function takes the previous stage's and returns the next one's.

Document → Parsed (Provision, Sentence) → store
Query → Hit → Answer (Statement, Citation, Notice)
"""

from assistant.schema.answers import (
    Answer,
    Citation,
    Hit,
    Notice,
    NoticeKind,
    Query,
    Reference,
    Role,
    Statement,
    Status,
    Validity,
    ValidityState,
)
from assistant.schema.documents import (
    WHOLE_COUNTRY,
    Document,
    Force,
    Heading,
    Kind,
    Level,
    Metadata,
    Parsed,
    Provision,
    ProvisionKind,
    Sentence,
    SourcePoint,
)
from assistant.schema.library import DocumentSummary, IngestReport, KnownDocument, Preview, Refusal

__all__ = [
    "WHOLE_COUNTRY",
    "Answer",
    "Citation",
    "Document",
    "DocumentSummary",
    "Force",
    "Heading",
    "Hit",
    "IngestReport",
    "Kind",
    "KnownDocument",
    "Level",
    "Metadata",
    "Notice",
    "NoticeKind",
    "Parsed",
    "Preview",
    "Provision",
    "ProvisionKind",
    "Query",
    "Reference",
    "Refusal",
    "Role",
    "Sentence",
    "SourcePoint",
    "Statement",
    "Status",
    "Validity",
    "ValidityState",
]
