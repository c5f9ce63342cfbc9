"""The texts of an answer around its quotes, made of segments: templates, titles and labels, the asker's own words."""

from collections.abc import Mapping, Sequence

from assistant.answering.segments import (
    echo,
    known_title,
    label,
    listed,
    number,
    quote_of,
    say,
    title,
    written_label,
    year,
)
from assistant.retrieval.lookup import Lookup
from assistant.schema import Citation, Metadata, Notice, Provision, Remark, Statement, Status, ValidityState, Words
from assistant.schema.words import Segment, SegmentKind

MAX_TOPIC = 40
_OUT_OF_FORCE = frozenset({ValidityState.NOT_YET, ValidityState.REPEALED, ValidityState.EXPIRED})
# What a question may end with that is no part of what it asks.
_ENDS = "？?。！! \n"


def name_of(citation: Citation, row: Metadata) -> Words:
    """Return a citation as a lawyer writes it: 《广东省促进产业有序转移条例》第三十条; out of force, with its year."""
    validity = citation.validity
    named = {"title": title(row), "label": label(citation.provision, citation.label)}
    if validity.state in _OUT_OF_FORCE and validity.since:
        return say("name_of_year", year=year(validity.since), **named)
    return say("name", **named)


def statement_words(citation: Citation, row: Metadata) -> Words:
    """Return the sentence that shows a quote: where it stands, then the quote."""
    return say("statement", name=name_of(citation, row), quote=quote_of(citation))


def answer_words(
    status: Status,
    statements: Sequence[Statement],
    missing: Sequence[Words],
    notices: Sequence[Notice],
    remarks: Sequence[Remark] = (),
) -> Words:
    """Return the answer with [1] marks: what is missing first, then what is quoted, its worth, the warnings."""
    lines = [say("partial", missing=listed(missing))] if status is Status.PARTIAL else []
    for one in statements:
        marks = tuple(segment for key in one.citations for segment in say("mark", key=number(key)))
        lines.append((*worded(one), *marks, *(() if one.verified else say("unverified"))))
    lines += [say("remark", text=worded(remark)) for remark in remarks]
    lines += [say("notice", text=worded(notice)) for notice in notices]
    return listed(lines, "line")


def abstention_words(
    missing: Sequence[Words], nearest: Sequence[Provision], metadata: Mapping[str, Metadata], notices: Sequence[Notice]
) -> Words:
    """Return the answer that has no ground: what is missing, where to look, what was left out."""
    lines = [say("abstained", missing=listed(missing))]
    if nearest:
        places = (say("name", title=title(metadata[one.doc_id]), label=label(one.id, one.label)) for one in nearest)
        lines.append(say("nearest", places=listed(places)))
    lines += [say("notice", text=worded(notice)) for notice in notices]
    return listed(lines, "line")


def worded(said: Statement | Notice | Remark) -> Words:
    """Return the segments of a text of an answer; one that a language model wrote has none of its own."""
    return said.words or (Segment(SegmentKind.NAME, said.text, "generated"),)


def absences(lookup: Lookup, metadata: Mapping[str, Metadata]) -> list[Words]:
    """Return what a look-up did not find, one phrase each; empty when it found its provision."""
    reference = lookup.reference
    if lookup.provisions:
        return [say("missing_paragraph", label=written_label(text)) for text in lookup.inexact]
    if reference.unheld:
        return [not_held(reference.unheld, reference.text)]
    if lookup.crowd:
        return [say("missing_crowd", label=written_label(reference.text), count=number(lookup.crowd))]
    if not lookup.absent:
        return [written_label(reference.text)]
    return [
        say(
            "missing_article",
            label=written_label(text),
            title=title(metadata[doc_id]),
            last=written_label(last),
        )
        for doc_id, text, last in lookup.absent
    ]


def not_held(name: str, text: str = "") -> Words:
    """Return the phrase for a document, or a provision of it, that is named and not held."""
    return say("missing_title", name=known_title(name), label=written_label(text) if text else ())


def version_not_held(name: str, when: int) -> Words:
    """Return the phrase for a version that is named by its year and not held."""
    return say("missing_version", name=known_title(name), year=number(when))


def topic(question: str, start: int = 0, end: int | None = None) -> Words:
    """Return a question, or a span of it, as the name of what is missing, cut to a readable length."""
    end = len(question) if end is None else end
    while start < end and question[start].isspace():
        start += 1
    last = end
    while last > start and question[last - 1] in _ENDS:
        last -= 1
    last = last if last > start else end
    if last - start <= MAX_TOPIC:
        return say("missing_part", words=echo(question, start, last))
    return say("missing_part_cut", words=echo(question, start, start + MAX_TOPIC))
