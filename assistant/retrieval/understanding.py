"""A question, understood: which documents and provisions it names, and what is left to search for."""

import importlib.resources
import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from assistant.parsing import find_references
from assistant.retrieval.names import Mention, NameTable
from assistant.retrieval.terms import terms_for
from assistant.schema import Query, Reference, Role

# What may stand between a document's name and the provision: 条例的第三条, 条例里第三条, 指导意见 第七部分.
_GLUE = re.compile(r"[\s　的里中之内，,：:]*(?:其中)?[\s　]*")


def understand(question: str, names: NameTable, *, as_of: date, region: str = "", role: Role | None = None) -> Query:
    """Return the question with its document names and provision references found.

    A reference belongs to the document named right before it; failing that, to the only document named in the question.
    """
    mentions = names.find(question)
    held = tuple(dict.fromkeys(doc_id for mention in mentions for doc_id in mention.doc_ids))
    unheld = tuple(dict.fromkeys(mention.unheld for mention in mentions if mention.unheld))
    references: list[Reference] = []
    for found in find_references(question):
        owner = _owner(question, found.start, mentions, [(r.start, r.end) for r in references])
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
    return Query(
        text=question,
        search_text=_search_text(question, mentions),
        as_of=as_of,
        terms=terms_for(question),
        references=tuple(references),
        doc_ids=held,
        unheld=unheld,
        region=region,
        role=role,
    )


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
    for courtesy in _courtesies():
        kept = kept.replace(courtesy, "")
    kept = kept.strip(" \t\r\n　，,。！!：:；;")
    return kept or question


@cache
def _courtesies() -> tuple[str, ...]:
    text = importlib.resources.files("assistant.retrieval").joinpath("data/courtesies.txt").read_text(encoding="utf-8")
    return tuple(sorted((line.strip() for line in text.splitlines() if line.strip()), key=len, reverse=True))
