"""The provisions that decide whether a rule applies at all: its scope where the place is in doubt, its first day where
the time is.

A notice that a regulation does not apply somewhere stands on the article that says where it applies.
"""

from collections.abc import Sequence

from assistant.answering.extractive import Quote
from assistant.indexing.index import Snapshot
from assistant.schema import Force, Notice, SegmentKind, Sentence

# Notices by their template, and the force of the sentence they stand on.
_STANDS_ON = {
    "place_out": Force.SCOPE,
    "place_leaving": Force.SCOPE,
    "place_elsewhere": Force.SCOPE,
    "place_unclear": Force.SCOPE,
    "time_before": Force.VALIDITY,
    "time_not_yet": Force.VALIDITY,
}
FIRST_UNITS = 5  # scope stands among the first articles
LAST_UNITS = 3  # the first day among the last
_FIRST_DAY = "施行"


def decisive_quotes(snapshot: Snapshot, notices: Sequence[Notice]) -> list[Quote]:
    """Return the sentences that notices on place and time stand on, each once, in the order of the notices."""
    found: dict[str, Quote] = {}
    for notice in notices:
        template = next((one.source for one in notice.words if one.kind is SegmentKind.TEMPLATE), "").partition("#")[0]
        force = _STANDS_ON.get(template)
        doc_id = next((one.source[6:] for one in notice.words if one.source.startswith("title:")), "")
        sentence = _sentence(snapshot, doc_id, force) if force and doc_id else None
        if sentence is not None:
            quote = Quote(sentence.provision, sentence.start, sentence.end, sentence.text, sentence.force)
            found.setdefault(sentence.id, quote)
    return list(found.values())


def with_decisive(quotes: Sequence[Quote], decisive: Sequence[Quote]) -> list[Quote]:
    """Return quotes with those that decide whether a document applies in front of what is quoted of that document."""
    spans = {(quote.provision, quote.start) for quote in decisive}
    waiting = list(decisive)
    found: list[Quote] = []
    for quote in quotes:
        due = [one for one in waiting if _document(one) == _document(quote)]
        found += due
        waiting = [one for one in waiting if one not in due]
        if (quote.provision, quote.start) not in spans:
            found.append(quote)
    return found


def _document(quote: Quote) -> str:
    return quote.provision.partition(":")[0]


def _sentence(snapshot: Snapshot, doc_id: str, force: Force) -> Sentence | None:
    units = snapshot.units([doc_id])
    units = units[:FIRST_UNITS] if force is Force.SCOPE else units[-LAST_UNITS:]
    sentences = snapshot.unit_sentences(units)
    wanted = (one for unit in units for one in sentences.get(unit, ()) if force in one.force)
    return next((one for one in wanted if force is Force.SCOPE or _FIRST_DAY in one.text), None)
