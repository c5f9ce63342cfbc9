"""What an operator can read out: at most 150 characters, the article named, what follows and whom to turn to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from assistant.answering.rephrased import force, gaps, national, said, short_title
from assistant.answering.responsible import near
from assistant.answering.segments import label, listed, quoted, say, year
from assistant.answering.segments import spoken as as_said
from assistant.answering.slices import Slice, slices
from assistant.answering.wording import worded
from assistant.schema import (
    Citation,
    Force,
    Kind,
    Metadata,
    Notice,
    NoticeKind,
    Responsible,
    Status,
    ValidityState,
    Words,
    text_of,
)

MAX_SPOKEN = 150
MAX_ALSO = 2  # further provisions that are named
MAX_BODY = 22  # characters of a department's name that can be heard once and remembered
# What changes an answer and is said with it, in this order; the other kinds stand on the screen.
_SAID = (NoticeKind.JURISDICTION, NoticeKind.TIME, NoticeKind.FORCE)
# The word of an encouragement. Matches 支持 in 支持企业; refuses 财政支持 after 给予.
_ENCOURAGES = re.compile(r"支持|鼓励|引导|推动|探索|促进")


def spoken(
    question: str,
    status: Status,
    citations: Sequence[Citation],
    missing: Sequence[Words],
    metadata: Mapping[str, Metadata],
    *,
    notices: Sequence[Notice] = (),
    responsible: Sequence[Responsible] = (),
    terms: Sequence[str] = (),
) -> Words:
    """Return what an operator can read out, at most `MAX_SPOKEN` characters, made of segments.

    What is missing comes first, then a refuted premise, the rule with its article, what it is worth, the warnings,
    whom to turn to. Where not all fits, other provisions go first, then a shorter part of the quote is read; a warning
    and the worth of an encouragement go only with the quote.

    Args:
        question: as asked; with `terms`, the legal words it stands for, it decides which part of a long quote is read.
        status: how much of it has a ground.
        citations: the first is read out.
        missing: what has no ground, as segments.
        metadata: of the held documents.
        notices: what changes the answer.
        responsible: the bodies that the provisions name.
        terms: terms of art that the question's everyday words stand for.
    """
    premises = [one for one in notices if one.kind is NoticeKind.PREMISE]
    if premises:  # which says already that nothing rules so
        missing = [words for words in missing if not any(one.source.startswith("premise_missing") for one in words)]
    warnings = [one for kind in _SAID for one in notices if one.kind is kind]
    if not citations:
        return _fitting(_without_ground(missing, metadata, premises, warnings))
    return _fitting(
        _with_ground(question + "".join(terms), status, citations, missing, metadata, premises, warnings, responsible)
    )


def _fitting(candidates: Iterator[Words]) -> Words:
    """Return the first that can be said in time; the last where none can, which is a fixed sentence."""
    last: Words = ()
    for last in candidates:
        if len(text_of(last)) <= MAX_SPOKEN:
            return last
    return last


def _without_ground(
    missing: Sequence[Words],
    metadata: Mapping[str, Metadata],
    premises: Sequence[Notice],
    warnings: Sequence[Notice],
) -> Iterator[Words]:
    """Yield what is said when nothing speaks to the question, the fuller first."""
    hello = say("sp_hello")
    told = gaps(missing, metadata)
    sources = {segment.source.partition("#")[0] for words in missing for segment in words}
    after = say("sp_next_transfer")
    if {"missing_article", "missing_paragraph"} & sources:
        after = say("sp_next_number")
    elif "missing_crowd" in sources:
        after = say("sp_next_which")
    wrong = _sentences(premises, metadata)
    warned = _warned(warnings, metadata)
    stop = say("sp_stop")
    # The whole question need not be said back to the one who asked it.
    whole = len(missing) == 1 and sources <= {"", "missing_part", "missing_part_cut"}
    named = bool(told) and not whole and text_of(told) != text_of(say("sp_missing"))
    if named:
        guess = () if after != say("sp_next_transfer") else say("sp_no_guess")
        yield (*hello, *wrong, *told, *stop, *guess, *warned, *after)
        yield (*hello, *told, *stop, *guess, *warned, *after)
        yield (*hello, *told, *stop, *guess, *after)
    yield (*hello, *wrong, *say("sp_none"), *warned, *after)
    yield (*hello, *say("sp_none"), *warned, *after)
    yield (*hello, *say("sp_none"), *after)


def _with_ground(
    wanted: str,
    status: Status,
    citations: Sequence[Citation],
    missing: Sequence[Words],
    metadata: Mapping[str, Metadata],
    premises: Sequence[Notice],
    warnings: Sequence[Notice],
    responsible: Sequence[Responsible],
) -> Iterator[Words]:
    """Yield what is said of a rule, the fuller first."""
    first = citations[0]
    row = metadata[_document(first)]
    told = (*gaps(missing, metadata), *say("sp_stop")) if status is Status.PARTIAL and missing else ()
    begin = (*say("sp_hello"), *told, *_sentences(premises, metadata))
    warnings = [one for one in warnings if not _elsewhere(one, citations)]
    unverified = () if row.verified else say("sp_unverified")
    warned_by = [(*_warned(warnings, metadata), *unverified)]
    if len(warnings) > 1:  # where all are too many, the first
        warned_by.append((*_warned(warnings[:1], metadata), *unverified))
    elsewhere = any(one.kind is NoticeKind.JURISDICTION and _names(one, first) for one in warnings)
    parts = slices(first.quote, wanted)
    clean = [part for part in parts if part.sentences]
    runs = [part for part in parts if not part.sentences]
    also = [_also(citations, metadata, count) for count in range(min(MAX_ALSO, len(citations) - 1), -1, -1)]
    for warned, (chosen, short, others) in product(
        warned_by,
        [
            *product(clean, (False,), also),
            *product(clean, (True,), also[-1:]),
            *product(runs, (False, True), also[-1:]),
        ],
    ):
        rule = _rule(first, row, chosen)
        worth = _worth(first, row, chosen, warnings, short=short)
        after = _next(first, row, chosen, responsible, elsewhere=elsewhere, short=short)
        yield (*begin, *rule, *worth, *others, *warned, *after)
    read = say("sp_read", name=_name(first, row))
    for lead in (begin, (*say("sp_hello"), *told), say("sp_hello")):
        yield (*lead, *read, *warned_by[0])
        yield (*lead, *read)
    yield (*say("sp_hello"), *say("sp_read_only"))


def _rule(citation: Citation, row: Metadata, part: Slice) -> Words:
    """Return the sentence that says the rule with its article."""
    start = citation.start + part.start
    words = quoted(row.id, citation.quote[part.start : part.end], start, citation.start + part.end)
    says = "sp_says" if row.kind is Kind.STATUTE else "sp_sets" if row.kind is Kind.POLICY else "sp_states"
    template = says if part.sentences or says == "sp_states" else f"{says}_part"
    return as_said(say(template, name=_name(citation, row), quote=words))


def _name(citation: Citation, row: Metadata) -> Words:
    """Return a provision as it is named on the telephone: 广东省产业转移条例第三十条."""
    named = {"title": short_title(row), "label": as_said(label(citation.provision, citation.label))}
    validity = citation.validity
    if validity.state in (ValidityState.NOT_YET, ValidityState.REPEALED, ValidityState.EXPIRED) and validity.since:
        return say("sp_name_year", year=as_said(year(validity.since)), **named)
    return say("sp_name_national" if national(row) else "sp_name", **named)


def _worth(citation: Citation, row: Metadata, part: Slice, warnings: Sequence[Notice], *, short: bool) -> Words:
    """Return what a rule does not promise; () where a warning says it, or where there is nothing to promise."""
    if any(one.kind is NoticeKind.FORCE for one in warnings):
        return ()
    if row.kind is Kind.POLICY:
        return say("sp_guidance_short" if short else "sp_guidance")
    quote = citation.quote[part.start : part.end]
    if Force.ENCOURAGEMENT not in citation.force[:1] or not (match := _ENCOURAGES.search(quote)):
        return ()
    start = citation.start + part.start + match.start()
    return say("sp_encourage", word=quoted(row.id, match[0], start, start + len(match[0])))


def _also(citations: Sequence[Citation], metadata: Mapping[str, Metadata], count: int) -> Words:
    """Return the sentence that names further provisions, at most `count`; the title only where it is another's."""
    first = citations[0]
    others = {one.label: one for one in citations[1:] if one.label != first.label}
    named, document = list[Words](), first.document
    for one in list(others.values())[:count]:
        row = metadata[_document(one)]
        same = one.document == document
        named.append(as_said(label(one.provision, one.label)) if same else _name(one, row))
        document = one.document
    return say("sp_also", places=listed(named)) if named else ()


def _next(
    citation: Citation,
    row: Metadata,
    part: Slice,
    responsible: Sequence[Responsible],
    *,
    elsewhere: bool,
    short: bool,
) -> Words:
    """Return whom to turn to: the body that was just read, the one that the document charges, or the hotline itself.

    Where the rule does not apply to the caller, its bodies are not theirs.
    """
    transfer = say("sp_next_transfer_short" if short else "sp_next_transfer")
    if elsewhere:
        return transfer
    start, end = citation.start + part.start, citation.start + part.end
    mine = [one for one in responsible if one.key in (0, citation.key) and near(one.body)]
    if row.kind is Kind.STATUTE and any(start <= one.start and one.end <= end for one in mine):
        body = next(one.body for one in mine if start <= one.start and one.end <= end)
        if body.endswith("人民政府"):
            return say("sp_next_government")
        return say("sp_next_both" if "有关部门" in body and not short else "sp_next_short")
    for one in sorted(mine, key=lambda one: -one.key):
        name = as_said(quoted(row.id, one.body, one.start, one.end))
        if len(text_of(name)) > MAX_BODY:
            continue
        if one.key == 0 and one.label.startswith("第") and not short:
            return say("sp_next_by", label=as_said(label(one.provision, one.label)), body=name)
        return say("sp_next_body", body=name)
    return transfer


def _sentences(notices: Sequence[Notice], metadata: Mapping[str, Metadata]) -> Words:
    return tuple(piece for one in notices for piece in (*said(worded(one), metadata), *say("sp_stop")))


def _warned(notices: Sequence[Notice], metadata: Mapping[str, Metadata]) -> Words:
    return tuple(
        piece
        for one in notices
        for piece in say("sp_warn", text=force(one) if one.kind is NoticeKind.FORCE else said(worded(one), metadata))
    )


def _names(notice: Notice, citation: Citation) -> bool:
    """Return whether a notice speaks of the document of a citation."""
    if notice.words:
        return any(segment.source == f"title:{_document(citation)}" for segment in notice.words)
    return notice.text.startswith(f"《{citation.document}》")


def _elsewhere(notice: Notice, citations: Sequence[Citation]) -> bool:
    """Return whether a notice speaks of documents that are not cited: the caller hears nothing of those."""
    titles = [segment for segment in notice.words if segment.source.startswith("title:")]
    named = bool(titles) if notice.words else "《" in notice.text
    return named and not any(_names(notice, one) for one in citations)


def _document(citation: Citation) -> str:
    return citation.provision.partition(":")[0]
