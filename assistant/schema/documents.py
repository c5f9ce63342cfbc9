"""Documents and what stands in them: metadata, provisions, sentences.

    Document → Parsed (Provision, Sentence)

Every span is a half-open range of code points in `Document.text`; `document.text[start:end]` is what it stands for.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
        asked: (unit, question) that people put and the unit answers; searched, never quoted, not read from an index.
    """

    document: Document
    provisions: tuple[Provision, ...]
    sentences: tuple[Sentence, ...]
    headings: tuple[Heading, ...] = ()
    warnings: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
