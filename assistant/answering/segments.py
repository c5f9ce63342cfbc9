"""Segments made and read again: every character of an extractive answer has an origin that code can open.

`say` fills a sentence of data/templates.toml; `quoted`, `title`, `label`, `day` and the like make what stands in it.
`read_again` opens the origin of a segment and returns the characters found there.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.answering.speech import as_spoken
from assistant.indexing.index import Snapshot
from assistant.places import place_words
from assistant.schema import Citation, Metadata, Segment, SegmentKind, Words
from assistant.wording import date_words

# A slot of a template: matches {missing}.
_SLOT = re.compile(r"\{(\w+)\}")
# What Markdown or HTML would read as mark-up. Matches * in 「*注」 and < in <b>; leaves Chinese punctuation alone.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~&<])")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


@cache
def templates() -> Mapping[str, str]:
    """Return our sentences by id: those of `data/templates.toml`, and the names of facts and matters (asked.amount)."""
    found = {key: row["text"] for key, row in _table("templates").items()}
    rows = (*_table("asked_follow_ups")["fact"], *_table("asked")["fact"])  # of one key the latter names it
    found |= {f"asked.{row['key']}": row["name"] for row in rows}
    found |= {f"matter.{number}": row["name"] for number, row in enumerate(_table("matters")["matter"])}
    return found


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("assistant.answering").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


@cache
def _pieces(template: str) -> tuple[str, ...]:
    """Return the pieces of a template: literal, slot, literal, … beginning and ending with a literal."""
    return tuple(_SLOT.split(templates()[template]))


def say(template: str, **slots: Words | Segment) -> Words:
    """Return a sentence of ours, its slots filled.

    Raises:
        KeyError: no template has this id, or a slot is not given.
    """
    made: list[Segment] = []
    for number, piece in enumerate(_pieces(template)):
        if number % 2:
            filling = slots[piece]
            made += [filling] if isinstance(filling, Segment) else filling
        elif piece:
            made.append(Segment(SegmentKind.TEMPLATE, piece, f"{template}#{number}"))
    return tuple(made)


def listed(items: Iterable[Words], separator: str = "comma") -> Words:
    """Return several texts in one, a template between them."""
    made: list[Segment] = []
    for item in items:
        made += (*(say(separator) if made else ()), *item)
    return tuple(made)


def quoted(doc_id: str, text: str, start: int, end: int) -> Words:
    """Return words of a document: document.text[start:end] == text."""
    return (Segment(SegmentKind.QUOTE, text, doc_id, start, end),)


def quote_of(citation: Citation) -> Words:
    """Return the words that a citation quotes."""
    return quoted(citation.provision.partition(":")[0], citation.quote, citation.start, citation.end)


def title(row: Metadata) -> Words:
    """Return the title of a held document, in its brackets."""
    return (Segment(SegmentKind.NAME, f"《{row.title}》", f"title:{row.id}"),)


def alias(row: Metadata, number: int) -> Words:
    """Return one of the names that people use for a held document: 广东省产业转移条例."""
    return (Segment(SegmentKind.NAME, row.aliases[number], f"alias:{row.id}:{number}"),)


def label(provision_id: str, text: str) -> Words:
    """Return the label of a held provision: 第三十条."""
    return (Segment(SegmentKind.NAME, text, f"label:{provision_id}"),)


def day(when: date) -> Words:
    """Return a date of the metadata, or the one that was asked about: 2025年3月1日."""
    return (Segment(SegmentKind.NAME, date_words(when), f"day:{when.isoformat()}"),)


def year(when: date) -> Words:
    """Return the year that tells a version apart: 2019年."""
    return (Segment(SegmentKind.NAME, f"{when.year}年", f"year:{when.isoformat()}"),)


def place(code: str) -> Words:
    """Return the name of a place of the table of divisions: 广东省佛山市."""
    return (Segment(SegmentKind.NAME, place_words(code), f"place:{code}"),)


def number(value: int) -> Words:
    """Return a number that is counted, not read: of a mark, of documents."""
    return (Segment(SegmentKind.NAME, str(value), f"number:{value}"),)


def known_title(name: str) -> Words:
    """Return the title of a document that is known and not held."""
    return (Segment(SegmentKind.NAME, name, f"known:{name}"),)


def written_label(text: str) -> Words:
    """Return a label as the project writes one, of a provision that is not held: 第四十条."""
    return (Segment(SegmentKind.NAME, text, f"written:{text}"),)


def echo(text: str, start: int, end: int, turn: str = "") -> Words:
    """Return text[start:end], words of the asker; `turn` is "h0" for the first earlier turn, "" for the question."""
    return (Segment(SegmentKind.ECHO, text[start:end], turn, start, end),)


def echoed(question: str, words: str) -> Words:
    """Return words that stand in the question as an echo of it.

    Raises:
        ValueError: they do not stand in it.
    """
    start = question.index(words)
    return echo(question, start, start + len(words))


def markdown(words: Iterable[Segment]) -> str:
    """Return segments as Markdown: only our own sentences may hold mark-up, all else shows as it stands."""
    return "".join(
        segment.text if segment.kind is SegmentKind.TEMPLATE else escape_markdown(segment.text) for segment in words
    )


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it stands: a quote is never mark-up."""
    escaped = _MARKUP.sub(lambda match: _ENTITIES.get(match[1], "\\" + match[1]), text)
    return escaped.replace("\n", "  \n")


def spoken(words: Iterable[Segment]) -> Words:
    """Return segments with the numbers in them as they are said, and without marks that nobody hears."""
    return tuple(
        replace(segment, text=said, spoken=True) if (said := as_spoken(segment.text)) != segment.text else segment
        for segment in words
    )


def slots(words: Words, template: str) -> dict[str, Words]:
    """Return what fills the slots of a template in words that were made of it: `say` read backwards.

    Of two slots with nothing between them each gets one segment, the last the rest.
    """
    pieces = _pieces(template)
    marks = {f"{template}#{number}": number for number, piece in enumerate(pieces) if number % 2 == 0 and piece}
    found: dict[str, Words] = {}
    at, run = -1, list[Segment]()
    for segment in (*words, None):
        if segment is not None and segment.source not in marks:
            run.append(segment)
            continue
        end = len(pieces) if segment is None else marks[segment.source]
        names = [pieces[number] for number in range(at + 1, end) if number % 2]
        for name in names:
            taken = run if name == names[-1] else run[:1]
            found[name], run = tuple(taken), run[len(taken) :]
        at, run = end, []
    return found


def read_again(segment: Segment, snapshot: Snapshot, question: str, history: Sequence[str] = ()) -> str:
    """Return the characters that the origin of a segment holds.

    Raises:
        ValueError: a segment has no origin of any known kind.
    """
    text = _origin(segment, snapshot, question, history)
    return as_spoken(text) if segment.spoken else text


def _origin(segment: Segment, snapshot: Snapshot, question: str, history: Sequence[str]) -> str:
    kind, source = segment.kind, segment.source
    if kind is SegmentKind.TEMPLATE:
        template, _, piece = source.partition("#")
        return _pieces(template)[int(piece)]
    if kind is SegmentKind.QUOTE:
        return snapshot.text(source, segment.start, segment.end)
    if kind is SegmentKind.ECHO:
        turn = history[int(source[1:])] if source else question
        return turn[segment.start : segment.end]
    what, _, value = source.partition(":")
    match what:
        case "title":
            return f"《{snapshot.metadata()[value].title}》"
        case "alias":
            doc_id, _, number = value.rpartition(":")
            return snapshot.metadata()[doc_id].aliases[int(number)]
        case "label":
            return snapshot.provisions([value])[value].label
        case "day":
            return date_words(date.fromisoformat(value))
        case "year":
            return f"{date.fromisoformat(value).year}年"
        case "place":
            return place_words(value)
        case "number" | "known" | "written":
            return value
    raise ValueError(f"a segment from nowhere: {segment}")
