"""Answers and checks to record, with personal data of nobody in them."""

from datetime import date
from pathlib import Path

from assistant.answering.segments import escape_markdown, markdown, say
from assistant.answering.wording import answer_words, topic
from assistant.schema import (
    Answer,
    CheckReport,
    CheckStatus,
    Citation,
    Content,
    DocumentSummary,
    Edit,
    EditKind,
    Finding,
    Force,
    Kind,
    Metadata,
    Notice,
    NoticeKind,
    QuoteCheck,
    Statement,
    Status,
    Validity,
    ValidityState,
)

TODAY = date(2026, 11, 22)
IN_FORCE = Validity(ValidityState.IN_FORCE, date(2025, 3, 1), None, TODAY)
HELD = DocumentSummary(
    Metadata(
        id="gd-transfer-2025",
        title="广东省促进产业有序转移条例",
        kind=Kind.STATUTE,
        jurisdiction="440000",
        effective=date(2025, 3, 1),
    ),
    units=39,
    provisions=110,
    warnings=(),
    validity=IN_FORCE,
    origin="corpus",
)
QUOTE = "县级以上人民政府及有关部门应当协调能源供应，降低企业用电、用水、用气成本。"
PRIVATE = {
    "mobile": "138-0013-8000",
    "identity": "11010519491231002X",
    "credit": "91350100M000100Y43",
    "card": "6222 0210 0111 6245 702",
    "landline": "（020）8313 3283",
    "email": "zhang.san_1@example.cn",
    "full": "１３９００１３９０００",
}


def citation(quote: str = QUOTE, article: int = 30, label: str = "第三十条", validity: Validity = IN_FORCE) -> Citation:
    """Return a citation of the Guangdong regulation."""
    return Citation(
        key=1,
        provision=f"gd-transfer-2025:a{article}",
        document="广东省促进产业有序转移条例",
        label=label,
        quote=quote,
        start=100,
        end=100 + len(quote),
        force=(Force.DUTY,),
        jurisdiction="440000",
        validity=validity,
    )


def answer(
    question: str = "电费能降吗",
    *cited: Citation,
    missing: tuple[str, ...] = (),
    spoken: str = "您好，根据条例第三十条，县级以上人民政府应当协调能源供应。",
    corpus: str = "sha256:" + "a" * 64,
) -> Answer:
    """Return an answer with these citations (none: an abstention), its Markdown made as the product makes it."""
    status = Status.ABSTAINED if not cited else Status.PARTIAL if missing else Status.ANSWERED
    statements = tuple(Statement(f"《{one.document}》{one.label}：“{one.quote}”", (one.key,), True) for one in cited)
    named = [say("missing_part", words=topic(words)) for words in missing]
    text = markdown(answer_words(status, statements, named, ())) if cited else escape_markdown("、".join(missing))
    return Answer(
        question=question,
        status=status,
        answer=text,
        statements=statements,
        citations=cited,
        missing=missing,
        nearest=() if cited else ("gd-transfer-2025:a29",),
        notices=(Notice(NoticeKind.TIME, "条例自2025年3月1日起施行"),),
        spoken=spoken,
        searched=2,
        engine="extractive",
        corpus=corpus,
        seconds=0.03,
    )


def report(
    text: str, cited: str = "《条例》第三十条", quoted: str = "", status: CheckStatus = CheckStatus.OK
) -> CheckReport:
    """Return a check that found one citation in `text`, with the words quoted from it if any."""
    start = text.index(cited)
    quotes: tuple[QuoteCheck, ...] = ()
    if quoted:
        at = text.index(quoted)
        edits = (Edit(EditKind.SAME, quoted[:4]), Edit(EditKind.ADDED, quoted[4:]))
        quotes = (QuoteCheck(quoted, at, at + len(quoted), False, edits, ("《条例》第二十九条",)),)
    content = Content.CONTRADICTED if quoted else Content.NONE
    finding = Finding(
        cited,
        start,
        start + len(cited),
        status,
        f"位置存在；原文见“{quoted or text[:20]}”",
        "gd-transfer-2025:a30",
        "《广东省促进产业有序转移条例》第三十条",
        "",
        ("《条例》第三十条",),
        content,
        quotes,
    )
    return CheckReport(text, (finding,), TODAY, "given", 2, "sha256:" + "a" * 64, 0.01)


def all_bytes(path: Path) -> bytes:
    """Return the bytes of a record's file, of its log and of everything else beside it."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.iterdir()) if one.is_file())
