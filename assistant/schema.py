"""The frozen dataclasses that travel between stages.

A function takes the previous stage's type and returns the next one's:

    Document → Parsed (Provision, Sentence) → store
    Query → Hit → Answer (Statement, Citation, Notice)

Every span is a half-open range of code points in `Document.text`; `document.text[start:end]` is what it stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

WHOLE_COUNTRY = "000000"  # administrative-division code of national documents


class Kind(StrEnum):
    """How a document is built, which decides how it is parsed."""

    STATUTE = "statute"  # 编章节条款项目
    POLICY = "policy"  # 一、（一）1.（1）
    CATALOGUE = "catalogue"  # rows


class Level(StrEnum):
    """效力位阶: the class a document belongs to. A partial order; nothing here compares by value."""

    CONSTITUTION = "constitution"
    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    SUPERVISORY_REGULATION = "supervisory_regulation"
    JUDICIAL_INTERPRETATION = "judicial_interpretation"
    LOCAL_REGULATION = "local_regulation"
    SPECIAL_ZONE_REGULATION = "special_zone_regulation"
    AUTONOMOUS_REGULATION = "autonomous_regulation"
    DEPARTMENT_RULE = "department_rule"
    LOCAL_RULE = "local_rule"
    STATE_COUNCIL_DOCUMENT = "state_council_document"
    DEPARTMENT_DOCUMENT = "department_document"
    LOCAL_DOCUMENT = "local_document"


LEVEL_NAMES: Mapping[Level, str] = MappingProxyType(
    {
        Level.CONSTITUTION: "宪法",
        Level.LAW: "法律",
        Level.ADMINISTRATIVE_REGULATION: "行政法规",
        Level.SUPERVISORY_REGULATION: "监察法规",
        Level.JUDICIAL_INTERPRETATION: "司法解释",
        Level.LOCAL_REGULATION: "地方性法规",
        Level.SPECIAL_ZONE_REGULATION: "经济特区法规",
        Level.AUTONOMOUS_REGULATION: "自治条例和单行条例",
        Level.DEPARTMENT_RULE: "部门规章",
        Level.LOCAL_RULE: "地方政府规章",
        Level.STATE_COUNCIL_DOCUMENT: "国务院规范性文件",
        Level.DEPARTMENT_DOCUMENT: "部门规范性文件",
        Level.LOCAL_DOCUMENT: "地方规范性文件",
    }
)


class Force(StrEnum):
    """规范强度: what a sentence does to the one it speaks to."""

    DUTY = "duty"  # 应当、必须
    PROHIBITION = "prohibition"  # 不得、禁止、严禁
    POWER = "power"  # 可以、有权
    ENCOURAGEMENT = "encouragement"  # 鼓励、支持、引导、推动、探索
    TASK = "task"  # 部署: a bare verb of a policy document; work for departments, no claim for a firm
    DEFINITION = "definition"  # 本条例所称…是指
    SCOPE = "scope"  # 适用于
    VALIDITY = "validity"  # 自…起施行
    STATEMENT = "statement"  # none of these


FORCE_NAMES: Mapping[Force, str] = MappingProxyType(
    {
        Force.DUTY: "义务（应当）",
        Force.PROHIBITION: "禁止（不得）",
        Force.POWER: "权限（可以）",
        Force.ENCOURAGEMENT: "鼓励支持",
        Force.TASK: "工作部署",
        Force.DEFINITION: "定义",
        Force.SCOPE: "适用范围",
        Force.VALIDITY: "施行效力",
        Force.STATEMENT: "陈述",
    }
)


@dataclass(frozen=True, slots=True)
class SourcePoint:
    """Where in the file the text from `start` on came from, up to the next point.

    Attributes:
        start: code points into `Document.text`.
        page: page of a PDF, 1-based; None where the format has no pages.
        paragraph: paragraph or line of the file (row of a sheet), 1-based; None where unknown.
        part: "body", "footnote", "endnote", "textbox", "header", or a sheet's name.
    """

    start: int
    page: int | None = None
    paragraph: int | None = None
    part: str = "body"


@dataclass(frozen=True, slots=True)
class Metadata:
    """One row of the manifest: what is known about one version of one document. Unknown facts are None or "".

    Attributes:
        id: stable id, lower-case ASCII with hyphens ("gd-transfer-2025"); `x-` and 12 hex for files without a row.
        work: id of the Work (文件系) this is a version of.
        title: full title without 《》.
        aliases: other names people use, longest first is not required.
        jurisdiction: administrative-division code of six digits; "000000" is the whole country; "" is unknown.
        file: file name relative to the manifest's folder.
        sha256: of the file's bytes, hex.
        from_memory: names of fields whose value nobody has checked against a source yet.
        verified: False for files without a manifest row: the answer then says 元数据未核实.
    """

    id: str
    title: str
    kind: Kind
    work: str = ""
    aliases: tuple[str, ...] = ()
    level: Level | None = None
    issuer: str = ""
    number: str = ""
    jurisdiction: str = ""
    promulgated: date | None = None
    effective: date | None = None
    expires: date | None = None
    repealed: date | None = None
    supersedes: tuple[str, ...] = ()
    file: str = ""
    sha256: str = ""
    source: str = ""
    notes: str = ""
    from_memory: tuple[str, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """文件: one version, read: its metadata and the one normalised text that every span points into.

    Attributes:
        text: paragraphs separated by one line feed; no other normalisation than undoing what files do to text.
        source_map: ascending by `start`, the first at 0; empty only for an empty text.
        warnings: what the reader had to say about the file, one line each, in Chinese.
    """

    metadata: Metadata
    text: str
    source_map: tuple[SourcePoint, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The manifest's id."""
        return self.metadata.id

    @property
    def title(self) -> str:
        """The title without 《》."""
        return self.metadata.title


class ProvisionKind(StrEnum):
    """What a provision is, from the words of the field."""

    PREAMBLE = "preamble"  # 序言, or what stands before the first article or part
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款; 自然段 in a policy document
    ITEM = "item"  # 项 （一）
    SUBITEM = "subitem"  # 目 1.
    PART = "part"  # 一、
    HEADING = "heading"  # （一） in a policy document
    POINT = "point"  # 1. in a policy document
    SUBPOINT = "subpoint"  # （1） in a policy document
    CLOSING = "closing"  # 结尾段
    ANNEX = "annex"  # 附件
    ENTRY = "entry"  # 条目: a row of a catalogue or table


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a provision.

    Attributes:
        id: the smallest provision's id and a number in it: "gd-transfer-2025:a29.p2.s1".
        provision: id of the smallest provision it stands in.
        unit: id of the unit of retrieval it stands in (the article, the part).
        force: what it does, the governing force first; never empty.
    """

    id: str
    provision: str
    unit: str
    start: int
    end: int
    text: str
    force: tuple[Force, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """条文单元: whatever can be cited. Invariant: document.text[start:end] == text.

    Attributes:
        id: "gd-transfer-2025:a10.p2"; see `assistant.parsing` for the grammar of ids.
        number: (13, 0) for 第十三条, (120, 1) for 第一百二十条之一; of the last level only; None where unnumbered.
        label: what a lawyer writes after the title: 第十条第二款第（三）项, 第八部分, 第九部分第2自然段, 结尾段.
        headings: titles of the 编, 章, 节 (or of the parts) above it, as they stand in the text, outermost first.
        parent: id of the provision that contains it, None at the top.
        unit: whether this is a unit of retrieval: the article; in a policy document the lowest numbered heading.
    """

    id: str
    doc_id: str
    kind: ProvisionKind
    number: tuple[int, int] | None
    label: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str
    parent: str | None = None
    unit: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """编, 章 or 节 of a statute (or its title line), for the table of contents; not citable by itself."""

    level: str  # "book", "chapter", "section"
    number: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document and everything parsing found in it, in the order of the text.

    Attributes:
        warnings: gaps, repeats and other oddities, each with its line, in Chinese.
    """

    document: Document
    provisions: tuple[Provision, ...]
    sentences: tuple[Sentence, ...]
    headings: tuple[Heading, ...] = ()
    warnings: tuple[str, ...] = ()


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


class Role(StrEnum):
    """Who asks."""

    ENTERPRISE = "enterprise"
    STAFF = "staff"
    HOTLINE = "hotline"


@dataclass(frozen=True, slots=True)
class Reference:
    """A provision named in a question: 条例第二十九条第二款.

    Attributes:
        paths: what the name can mean inside a document, the likelier first: ("a8", "n8") for 第八条意见.
        doc_ids: held documents the name before it can mean; empty when none was named.
        unheld: the name of a document that is named and not held, "" otherwise.
        start, end: span in the question, without the document's name.
    """

    text: str
    start: int
    end: int
    paths: tuple[str, ...]
    doc_ids: tuple[str, ...] = ()
    unheld: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    Attributes:
        text: the question as asked.
        search_text: what is searched: the question without document names and courtesies.
        terms: terms of art that its everyday words stand for (电费 → 用电成本), searched for beside it.
        references: provisions named in it, in order.
        doc_ids: held documents named in it, by title, alias or short form.
        unheld: documents named in it that are not held, as named.
        as_of: the date that validity is judged on.
        region: administrative-division code, or "" when not said.
    """

    text: str
    search_text: str
    as_of: date
    terms: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    doc_ids: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()
    region: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved unit.

    Attributes:
        provision: the unit (article, part) that was found.
        score: fused score, higher is better; comparable within one query only.
        rank: 1-based.
        signals: each retriever's own score ("article", "sentence", "lexical", "lookup").
        sentences: its sentences with their score (cosine plus shared words), in the order of the text.
    """

    provision: Provision
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[tuple[Sentence, float], ...] = ()


class ValidityState(StrEnum):
    """Whether a document is in force on a date."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    REPEALED = "repealed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Validity:
    """State of a document on a date; `since` and `until` are its limits where known."""

    state: ValidityState
    since: date | None
    until: date | None
    as_of: date


@dataclass(frozen=True, slots=True)
class Citation:
    """依据: a provision and the exact words quoted from it. Invariant: document.text[start:end] == quote."""

    key: int
    provision: str
    document: str
    label: str
    quote: str
    start: int
    end: int
    force: tuple[Force, ...]
    jurisdiction: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the citations it stands on."""

    text: str
    citations: tuple[int, ...]
    verified: bool


class NoticeKind(StrEnum):
    """Why an answer needs a word of warning."""

    JURISDICTION = "jurisdiction"
    TIME = "time"
    FORCE = "force"
    PREMISE = "premise"
    INSTRUCTION = "instruction"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of warning that changes the answer."""

    kind: NoticeKind
    text: str


class Status(StrEnum):
    """How much of the question has a ground."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown, recorded and drafted from; `assistant.answering.wire` renders the JSON contract.

    Attributes:
        answer: Markdown with [1] marks; text from documents is escaped.
        missing: facts or parts of the question that have no ground, in the asker's words.
        nearest: provision ids to look at when nothing speaks to the question.
        searched: number of documents searched.
        engine: "extractive" or "llm:NAME".
        corpus: "sha256:…" of the live corpus.
        seconds: time taken.
    """

    question: str
    status: Status
    answer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    nearest: tuple[str, ...]
    notices: tuple[Notice, ...]
    spoken: str
    searched: int
    engine: str
    corpus: str
    seconds: float


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
    """What one ingest did. Ids of documents; `embedded` and `reused` count vectors."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    embedded: int = 0
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
