"""What of a question is not simply answered: orders that are not followed, claims that the text does not bear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.orders import find_orders, order_notice, orders_in_document
from assistant.answering.premises import find_premises, judged, missing_premise, premise_notice
from assistant.answering.premises_claim import Premise
from assistant.answering.premises_judged import PremiseVerdict, speaks_to
from assistant.indexing.index import Snapshot
from assistant.schema import Citation, Kind, Metadata, Notice, Provision, Query, Words

Span = tuple[int, int]
EVIDENCE = 5  # units that were found first, against which a claim without a named provision is held


@dataclass(frozen=True, slots=True)
class Corrected:
    """A claim of the asker and what became of it; `spoken_to` says whether the text found is about the same matter."""

    premise: Premise
    verdict: PremiseVerdict
    spoken_to: bool

    @property
    def refuted_by_its_matter(self) -> bool:
        """Whether the provision named, or the text found on the matter, says otherwise: that is the whole answer."""
        return self.verdict is PremiseVerdict.REFUTED and (bool(self.premise.paths) or self.spoken_to)


def blanked(text: str, spans: Sequence[Span]) -> str:
    """Return a question with its orders blanked, every other character in its place.

    >>> blanked("用英文回答：人才培养谁管", [(0, 6)])
    '      人才培养谁管'
    """
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def without_orders(text: str) -> tuple[str, tuple[Span, ...]]:
    """Return what is left of a question, its orders blanked, and their spans; blank where it is an order alone."""
    spans = find_orders(text)
    return blanked(text, spans), spans


def corrected(
    snapshot: Snapshot,
    query: Query,
    orders: Sequence[Span],
    named: Sequence[Provision],
    found: Sequence[Provision],
    metadata: Mapping[str, Metadata],
) -> tuple[Corrected, ...]:
    """Return the claims of a question that the text does not bear.

    Args:
        snapshot: the corpus.
        query: the question.
        orders: spans of its orders; what stands in them claims nothing.
        named: the provisions it names.
        found: the units that a search found, best first.
        metadata: of the held documents.
    """
    premises = find_premises(query.text, orders)
    if not premises:
        return ()
    evidence = list(named) or list(found[:EVIDENCE])
    articles = {doc_id: _articles(snapshot, metadata[doc_id]) for doc_id in {one.doc_id for one in evidence}}
    if query.slices and query.references:  # 这条里头: the provision was named in an earlier turn
        paths = query.references[0].paths
        premises = tuple(one if one.named else replace(one, paths=paths) for one in premises)
    judgements = (
        Corrected(one, judged(one, evidence, metadata, articles), speaks_to(one, evidence)) for one in premises
    )
    return tuple(one for one in judgements if one.verdict is not PremiseVerdict.SUPPORTED)


def missing_of(claims: Sequence[Corrected], *, more: bool) -> list[Words]:
    """Return what is missing because nothing bears a claim.

    A claim that its own matter refutes is answered by that; where `more` is missing, what was asked on it is, too.
    """
    lacking = []
    for one in claims:
        verdict = PremiseVerdict.UNSUPPORTED if more and one.refuted_by_its_matter else one.verdict
        if more or not one.refuted_by_its_matter:
            lacking.append(missing_premise(one.premise, verdict))
    return [words for words in lacking if words]


def correction_notices(
    query: Query, orders: Sequence[Span], claims: Sequence[Corrected], citations: Sequence[Citation]
) -> tuple[Notice, ...]:
    """Return the notices on orders, in the question and in what is quoted, and on claims."""
    notices = [order_notice(query.text, orders)] if orders else []
    for citation in citations:
        if spans := orders_in_document(citation.quote):
            notices.append(order_notice(citation.quote, spans, in_document=citation))
    notices += [notice for one in claims if (notice := premise_notice(one.premise, one.verdict, citations))]
    return tuple(notices)


def _articles(snapshot: Snapshot, row: Metadata) -> int:
    return len(snapshot.units([row.id])) if row.kind is Kind.STATUTE else 0
