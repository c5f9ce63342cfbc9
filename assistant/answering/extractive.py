"""Which words of the hits answer: spans to quote, each inside one smallest provision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.indexing.index import Snapshot
from assistant.schema import Force, Hit, Provision, Sentence

# A further provision is quoted when its score comes this close to the first; beyond, it is another matter. What another
# document says of the same matter in its own words may be farther away. Chosen on the tuning questions; recall and
# precision of what is cited stand in eval/reports/answers_tuning.md.
SCORE_MARGIN = 0.08
OTHER_DOCUMENT_MARGIN = 0.15
MAX_PROVISIONS = 4
# A further sentence of a provision is quoted when its score comes this close to the provision's best sentence.
SENTENCE_MARGIN = 0.05
MAX_SENTENCES = 3
# What comes beside the first provision is quoted with the sentence that comes closest alone.
FURTHER_SENTENCES = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """Words to quote. Invariant: document.text[start:end] == text, all of it inside `provision`."""

    provision: str
    start: int
    end: int
    text: str
    force: tuple[Force, ...]


def quotes_from_hits(snapshot: Snapshot, hits: Sequence[Hit]) -> list[Quote]:
    """Return the quotes of some hits, in their order; neighbouring sentences make one quote."""
    quotes = []
    for number, hit in enumerate(hits):
        best = max((score for _, score in hit.sentences), default=0.0)
        near = sorted((pair for pair in hit.sentences if pair[1] >= best - SENTENCE_MARGIN), key=lambda pair: -pair[1])
        picked = {sentence.id for sentence, _ in near[: FURTHER_SENTENCES if number else MAX_SENTENCES]}
        quotes += _joined(snapshot, hit.provision, [sentence for sentence, _ in hit.sentences if sentence.id in picked])
    return quotes


def close(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits to quote: those close to the first, and the best of each other document a little farther away."""
    chosen: list[Hit] = []
    for hit in hits:
        behind = hits[0].score - hit.score
        new = all(hit.provision.doc_id != one.provision.doc_id for one in chosen)
        if behind <= SCORE_MARGIN or (new and behind <= OTHER_DOCUMENT_MARGIN):
            chosen.append(hit)
    return chosen[:MAX_PROVISIONS]


def quotes_of_provision(snapshot: Snapshot, provision: Provision) -> list[Quote]:
    """Return a provision whole, without its number in front, as one quote."""
    inside = snapshot.sentences(provision)
    if not inside:
        return [Quote(provision.id, provision.start, provision.end, provision.text, ())]
    start, end = inside[0].start, inside[-1].end
    forces = tuple(dict.fromkeys(force for sentence in inside for force in sentence.force))
    return [Quote(provision.id, start, end, snapshot.text(provision.doc_id, start, end), forces)]


def _joined(snapshot: Snapshot, unit: Provision, sentences: Sequence[Sentence]) -> list[Quote]:
    quotes: list[Quote] = []
    for sentence in sentences:
        last = quotes[-1] if quotes else None
        if last and last.provision == sentence.provision and last.end <= sentence.start:
            between = snapshot.text(unit.doc_id, last.end, sentence.start)
            if not between.strip():
                text = snapshot.text(unit.doc_id, last.start, sentence.end)
                force = tuple(dict.fromkeys((*last.force, *sentence.force)))
                quotes[-1] = replace(last, end=sentence.end, text=text, force=force)
                continue
        quotes.append(Quote(sentence.provision, sentence.start, sentence.end, sentence.text, sentence.force))
    return quotes
