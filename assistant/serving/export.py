"""An answer to take away, with its grounds: as Markdown here, as a Word file in `assistant.serving.export_docx`.

Both are made of the same blocks, so that they say the same. Personal data in the question are masked wherever they are
repeated: a file is passed on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.answering.segments import escape_markdown
from assistant.places import place_words
from assistant.schema import Answer, Citation, Metadata, Statement, Status
from assistant.serving.arrange import missing_of, sections_of, worth_words
from assistant.serving.audit_payloads import Masker
from assistant.wording import (
    CONDITION_SIGNS,
    CONDITION_WORDS,
    NOTICE_WORDS,
    STATUS_SIGNS,
    STATUS_WORDS,
    UNVERIFIED_METADATA,
    citation_name,
    date_words,
    engine_words,
    force_words,
    level_words,
    validity_words,
)

TITLE = "政策问答及依据"
NOTHING = "收录的文件里没有能回答这个问题的规定。"
DISCLAIMER = "本文件由程序根据收录的文件生成，供参考，不是法律意见；以文件正式文本和主管部门的解释为准。"


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the file; `level` 1 for it, 2 for a heading."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph.

    Attributes:
        lead: stands before it, set apart; `marks` after it.
        kind: "" plain, "part" the heading of a part, "aside" a word on the line above, "quote" words of a document,
            "doubt" what was not verified, "small" what is for the record.
    """

    text: str
    lead: str = ""
    kind: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `rows` are as long as `head`. Without a head its first column names its second."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Title | Line | Table


def export_markdown(answer: Answer, shelf: Mapping[str, Metadata] | None = None, *, at: datetime | None = None) -> str:
    """Return an answer as a Markdown file; what comes from documents and from the asker is never mark-up.

    `shelf` is the metadata of the held documents by id, for level and number; `at` when the file is made, by default
    now.
    """
    lines: list[str] = []
    for block in blocks_of(answer, shelf or {}, at or datetime.now()):
        match block:
            case Title():
                lines.append(f"{'#' * block.level} {_flat(block.text)}")
            case Table():
                lines.append("\n".join(_table(block)))
            case Line():
                lead = f"**{_flat(block.lead)}**　" if block.lead else ""
                mark = {"quote": "> ", "aside": "> ", "doubt": "> ", "part": "### "}.get(block.kind, "")
                text = escape_markdown(block.text).replace("\n", f"\n{mark}")
                lines.append(f"{mark}{lead}{text}{block.marks}")
    return "\n\n".join(lines) + "\n"


def blocks_of(answer: Answer, shelf: Mapping[str, Metadata], at: datetime) -> Iterator[Block]:
    """Yield what a file says of an answer, in order."""
    masker = Masker(answer.question)
    words = masker.words
    yield Title(TITLE, 1)
    yield Table((), tuple(_facts(answer, words(answer.question), at)))
    if answer.carried:
        yield Line(words("；".join(one.text for one in answer.carried)), "沿用上文")
    for notice in answer.notices:
        yield Line(words(notice.text), f"提示（{NOTICE_WORDS[notice.kind]}）", "aside")
    yield Title("回答")
    if missing := missing_of(answer):
        yield Line(words("；".join(missing)), _lacking(answer.status))
    yield from _stated(answer, masker)
    if answer.conditions:
        yield Title("适用条件对照")
        yield Table(("条件", "出处", "您说的", "结论"), tuple(_conditions(answer, masker)))
    if answer.responsible:
        yield Title("条文写明由谁负责")
        yield from (Line(one.text, marks=f"[{one.key}]" if one.key else "") for one in answer.responsible)
    if answer.spoken:
        yield Title("坐席口径")
        yield Line(words(answer.spoken))
    yield Title("依据")
    if not answer.citations:
        yield Line(NOTHING)
    for citation in answer.citations:
        yield from _ground(citation, shelf)
    yield Title("说明")
    yield from (Line(text, kind="small") for text in (DISCLAIMER, *_record(answer)))


def _facts(answer: Answer, question: str, at: datetime) -> Iterator[tuple[str, str]]:
    yield "问题", question
    yield "结论", f"{STATUS_SIGNS[answer.status]} {STATUS_WORDS[answer.status]}"
    if answer.citations:
        yield "效力判断日", date_words(answer.citations[0].validity.as_of)
    yield "回答方式", engine_words(answer.engine)
    yield "生成时间", f"{at:%Y-%m-%d %H:%M}"


def _stated(answer: Answer, masker: Masker) -> Iterator[Block]:
    """Yield what is said, part by part, each rule's worth after its words; what was not verified comes last."""
    for number, section in enumerate(sections_of(answer), start=1):
        if section.part is not None:
            status = section.part.status
            title = f"{number}. {masker.words(section.title)}"
            yield Line(f"（{STATUS_SIGNS[status]} {STATUS_WORDS[status]}）", title, "part")
            if section.missing:
                yield Line(masker.words("；".join(section.missing)), _lacking(status))
            elif not section.said and not section.again:
                yield Line(NOTHING)
        for one in section.said:
            if isinstance(one, Statement):
                yield Line(masker.words(one.text), marks=_unwritten(one))
            else:
                marks = "".join(f"[{key}]" for key in one.citations)
                yield Line(masker.words(one.text), worth_words(one), "aside", marks)
        if section.again:
            yield Line("依据同上", marks="".join(f"[{key}]" for key in section.again))
    for one in answer.statements:
        if not one.verified:
            yield Line(masker.words(one.text), "未核实，没有文件原文支持：", "doubt", _unwritten(one))


def _lacking(status: Status) -> str:
    return "没有找到" if status is Status.ABSTAINED else "文件中没有写明"


def _unwritten(statement: Statement) -> str:
    """Return the marks of a statement that do not stand in its text already."""
    return "".join(f"[{key}]" for key in statement.citations if f"[{key}]" not in statement.text)


def _conditions(answer: Answer, masker: Masker) -> Iterator[tuple[str, ...]]:
    names = {one.key: citation_name(one) for one in answer.citations}
    for one in answer.conditions:
        state = f"{CONDITION_SIGNS[one.state]} {CONDITION_WORDS[one.state]}"
        yield one.text, f"[{one.key}] {names.get(one.key, '')}".strip(), masker.words(one.said) or "没有说到", state


def _ground(citation: Citation, shelf: Mapping[str, Metadata]) -> Iterator[Block]:
    row = shelf.get(citation.provision.partition(":")[0])
    facts = [level_words(row.level), row.number, row.issuer] if row else []
    facts += [place_words(citation.jurisdiction), validity_words(citation.validity), force_words(citation.force)]
    if row is not None and not row.verified:
        facts.append(UNVERIFIED_METADATA)
    yield Line(citation_name(citation), f"[{citation.key}]")
    yield Line(citation.quote, kind="quote")
    yield Line("；".join(fact for fact in facts if fact), kind="small")


def _record(answer: Answer) -> Iterator[str]:
    yield f"共检索 {answer.searched} 份文件；语料版本 {answer.corpus}。"
    made = answer.generation
    if made is not None:
        yield (
            f"语言模型写了 {made.written} 句，其中 {made.checked} 句能与条文比对，{made.verified} 句通过；"
            f"没有通过的 {made.withheld} 句没有采用。"
        )
    if answer.sent_to:
        yield f"问题在遮盖个人信息后发往 {answer.sent_to}。"
    yield "问题中的手机号、证件号等个人信息已遮盖。"


def _table(table: Table) -> Iterator[str]:
    head = table.head or ("", "")
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in table.rows:
        yield f"| {' | '.join(_flat(cell) for cell in row)} |"


def _flat(text: str) -> str:
    """Return text for one line or cell of Markdown."""
    return escape_markdown(" ".join(text.split("\n")))
