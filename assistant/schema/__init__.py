"""The frozen dataclasses that travel between stages: a function takes the previous stage's and returns the next one's.

Document → Parsed (Provision, Sentence) → store
Query → Hit → Answer (Statement, Citation, Notice)
text → Finding (QuoteCheck) → CheckReport
"""

from assistant.schema.answers import (
    Answer,
    AnswerPart,
    Carried,
    CarriedKind,
    Citation,
    Condition,
    ConditionState,
    Notice,
    NoticeKind,
    Remark,
    Statement,
    Status,
)
from assistant.schema.checks import (
    CheckReport,
    CheckStatus,
    Content,
    Edit,
    EditKind,
    Finding,
    QuoteCheck,
    Verdict,
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
from assistant.schema.links import Cite, CitedBy, Links, LinkState, Target, WrittenLink
from assistant.schema.queries import Found, Hit, Part, Query, Reference, Role
from assistant.schema.scope import LeftOut, Place, Reason, Scope, Versions
from assistant.schema.validity import Validity, ValidityState
from assistant.schema.words import Segment, SegmentKind, Words, text_of

__all__ = [
    "WHOLE_COUNTRY",
    "Answer",
    "AnswerPart",
    "Carried",
    "CarriedKind",
    "CheckReport",
    "CheckStatus",
    "Citation",
    "Cite",
    "CitedBy",
    "Condition",
    "ConditionState",
    "Content",
    "Document",
    "DocumentSummary",
    "Edit",
    "EditKind",
    "Finding",
    "Force",
    "Found",
    "Heading",
    "Hit",
    "IngestReport",
    "Kind",
    "KnownDocument",
    "LeftOut",
    "Level",
    "LinkState",
    "Links",
    "Metadata",
    "Notice",
    "NoticeKind",
    "Parsed",
    "Part",
    "Place",
    "Preview",
    "Provision",
    "ProvisionKind",
    "Query",
    "QuoteCheck",
    "Reason",
    "Reference",
    "Refusal",
    "Remark",
    "Role",
    "Scope",
    "Segment",
    "SegmentKind",
    "Sentence",
    "SourcePoint",
    "Statement",
    "Status",
    "Target",
    "Validity",
    "ValidityState",
    "Verdict",
    "Versions",
    "Words",
    "WrittenLink",
    "text_of",
]
