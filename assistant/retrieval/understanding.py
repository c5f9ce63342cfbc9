"""A question, understood: what it names, whose and which rules it asks about, and what is left to search for."""

import importlib.resources
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant.parsing import find_references
from assistant.retrieval.dates import date_asked, date_told, versions_asked
from assistant.retrieval.focus import focused, parts_of
from assistant.retrieval.names import Mention, NameTable
from assistant.retrieval.places import Cut, find_places, regions_of
from assistant.retrieval.terms import general_terms_for, terms_for
from assistant.retrieval.wordlists import corrected, role_of
from assistant.schema import Kind, Level, Part, Query, Reference, Role, Versions

# What may stand between a document's name and the provision: 条例的第三条, 条例里第三条, 指导意见 第七部分.
_GLUE = re.compile(r"[\s　的里中之内，,：:]*(?:其中)?[\s　]*")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the asker says beside the question; what is left out is looked for in the question itself.

    Attributes:
        as_of: the date that validity is judged on; None for the one the question names, else today.
        region: administrative-division code, "" when not said.
        versions: which versions of a Work; None for what the question says.
    """

    as_of: date | None = None
    region: str = ""
    role: Role | None = None
    kinds: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    versions: Versions | None = None


def understand(
    question: str, names: NameTable, wish: Wish | None = None, *, today: date | None = None, cut: Cut = list
) -> Query:
    """Return a question with its documents, provisions, places, date and versions found, and what is left to search.

    A reference belongs to the document named right before it; failing that, to the only document named in the question.

    Args:
        question: as asked.
        names: of the documents.
        wish: what the asker chose beside it.
        today: the day it is asked on.
        cut: splits a text into words, so that no place is found across two of them.
    """
    wish, today = wish or Wish(), today or date.today()
    text = corrected(question)
    places = find_places(text, cut, [(mention.start, mention.end) for mention in names.find(text)], wish.region)
    named = regions_of(text, places)
    regions = tuple(dict.fromkeys((wish.region, *named))) if wish.region else named
    mentions = names.find(text, regions)
    held = tuple(dict.fromkeys(doc_id for mention in mentions for doc_id in mention.doc_ids))
    unheld = tuple(dict.fromkeys(mention.unheld for mention in mentions if mention.unheld))
    versions, years = versions_asked(text)
    left = _search_text(text, mentions)
    said = date_asked(text, today)
    parts = tuple(Part(part, (*terms_for(part), *general_terms_for(part)), left) for part in parts_of(left))
    return Query(
        text=question,
        search_text=left,
        focus=focused(left),
        as_of=wish.as_of or said or today,
        event=date_told(text, today),
        terms=tuple(dict.fromkeys((*terms_for(question), *terms_for(text)))),
        general=general_terms_for(text),
        references=_references(text, mentions, held, unheld),
        doc_ids=held,
        unheld=unheld,
        region=wish.region,
        regions=regions,
        role=wish.role or role_of(text),
        places=places,
        kinds=wish.kinds,
        levels=wish.levels,
        versions=wish.versions or versions,
        years=years,
        parts=parts,
        named_at=tuple((mention.start, mention.end) for mention in mentions),
        dated=bool(wish.as_of or said),
    )


def _references(
    text: str, mentions: Sequence[Mention], held: tuple[str, ...], unheld: tuple[str, ...]
) -> tuple[Reference, ...]:
    references: list[Reference] = []
    for found in find_references(text):
        owner = _owner(text, found.start, mentions, [(r.start, r.end) for r in references])
        references.append(
            Reference(
                text=found.text,
                start=found.start,
                end=found.end,
                paths=found.paths,
                doc_ids=owner.doc_ids if owner else (held if not unheld else ()),
                unheld=owner.unheld if owner else (unheld[0] if len(unheld) == 1 and not held else ""),
            )
        )
    return tuple(references)


def _owner(text: str, start: int, mentions: Sequence[Mention], earlier: Sequence[tuple[int, int]]) -> Mention | None:
    """Return the mention that a reference at `start` follows, directly or through a list: 条例第八条、第十条."""
    for mention in reversed(mentions):
        if mention.end > start:
            continue
        between = text[mention.end : start]
        for first, last in reversed(earlier):
            if mention.end <= first and last <= start:
                between = between[: first - mention.end] + between[last - mention.end :]
        if _GLUE.fullmatch(re.sub(r"[、和及与或至到\-—~～]", "", between)):
            return mention
    return None


def _search_text(question: str, mentions: Sequence[Mention]) -> str:
    """Return the question without names of held documents and courtesies; the whole question if nothing is left."""
    kept = question
    for mention in reversed(mentions):
        if mention.doc_ids:
            kept = kept[: mention.start] + kept[mention.end :]
    kept = without_courtesies(kept)
    kept = kept.strip(" \t\r\n　，,。！!：:；;")
    return kept or question


def without_courtesies(text: str) -> str:
    """Return a text without the words that only make it polite: 请问, 谢谢.

    >>> without_courtesies("请问电费能降吗"), without_courtesies("谢谢")
    ('电费能降吗', '')
    """
    for courtesy in _courtesies():
        text = text.replace(courtesy, "")
    return text


@cache
def _courtesies() -> tuple[str, ...]:
    text = importlib.resources.files("assistant.retrieval").joinpath("data/courtesies.txt").read_text(encoding="utf-8")
    return tuple(sorted((line.strip() for line in text.splitlines() if line.strip()), key=len, reverse=True))
