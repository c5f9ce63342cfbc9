"""Verify: whether the words that a text ascribes to provisions are theirs, and where they stand if not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing.claims import compare_claim, turned_by_cut
from assistant.citing.quotes import difference, fold_quote, spliced, stands_in, turned_by_omission
from assistant.citing.resolve import Library
from assistant.parsing import split_id
from assistant.schema import CheckStatus, Content, Edit, EditKind, Metadata, Provision, QuoteCheck

NEAR = 0.5  # below, a quote shares no more with a provision than two sentences of one law do
STRICT = 0.8  # words set down as the provision's own and this near to it are a copy, and must be a true one
MIN_QUOTED = 10  # characters of a quote that are looked for in all documents
MIN_ELSEWHERE = 12  # characters of a claim that are looked for elsewhere: shorter ones stand in many places
FAR = 0.8  # a claim nearer than this to the provision it cites is about that one
MIN_ANYWHERE = 20  # the same of all documents: 造成损失的，应当承担赔偿责任 stands in many
CORPUS_HITS = 8
# The number that an article begins with. Matches 「第三十条　」; refuses 「第三人」.
_NUMBER = re.compile(r"第[^条\s]{1,12}条(?:之[一二三四五六七八九十]+)?[\s\u3000]*")
MAX_LEADING = 2  # clauses in front of a statement that may be the writer's own
_CLAUSE = re.compile(r"[，：]")
# The mark of a list in front of a statement. Matches 一、 （二） 3.; refuses 一年.
_LISTED = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.．、])")
MIN_VERBATIM = 10  # characters; a shorter run (知识产权保护) is the name of the matter
MAX_SPLICED = 60  # provisions of one document that a spliced quote is looked for in


@dataclass(frozen=True, slots=True)
class Words:
    """What the words ascribed to one provision are worth.

    Attributes:
        status: None where they are its own, or nothing contradicts them.
        detail: what is wrong, in Chinese; "" for nothing.
        expected: the right words or the right place, "" unless there is exactly one.
    """

    content: Content = Content.NONE
    status: CheckStatus | None = None
    detail: str = ""
    expected: str = ""
    quotes: tuple[QuoteCheck, ...] = ()


NOTHING = Words()


@dataclass(frozen=True, slots=True)
class Place:
    """A document, and the provision of it that is cited; None for the document as a whole."""

    row: Metadata
    provision: Provision | None


def verify_quote(
    text: str, span: tuple[int, int], places: Sequence[Place], library: Library, before: str = ""
) -> tuple[int, Words]:
    """Return (which of the places a quote belongs to, what it is worth); a quote of several stands in any of them.

    `before`: the words in front of it, which may hold the 不得 that the quote begins behind.
    """
    for index, place in enumerate(places):
        if stands_in(text, _text(place, library)) is not None:
            if turned := turned_by_omission(text, _text(place, library)):
                detail = f"省略号略去了“{turned}”，意思与原文不同"
                quote = QuoteCheck(text, *span, False)
                return index, Words(Content.CONTRADICTED, CheckStatus.QUOTE_ALTERED, detail, "", (quote,))
            if lost := turned_by_cut(text, _text(place, library), before):
                detail = f"引文前漏了“{lost}”，意思与原文不同"
                quote = QuoteCheck(text, *span, False)
                return index, Words(Content.CONTRADICTED, CheckStatus.QUOTE_ALTERED, detail, lost + text, (quote,))
            where = _standing(text, place, library) if place.provision is None else None
            found_in = (where.label,) if where is not None else ()
            return index, Words(Content.VERBATIM, quotes=(QuoteCheck(text, *span, True, found_in=found_in),))
    index = len(places) - 1
    place = places[index]
    if (elsewhere := _elsewhere(text, place, library)) is not None:
        status, labels, detail = elsewhere
        expected = labels[0] if len(labels) == 1 and status is CheckStatus.QUOTE_ELSEWHERE else ""
        edits: tuple[Edit, ...] = ()
        if status is CheckStatus.QUOTE_ALTERED and place.provision is not None:
            nearest = difference(text, _text(place, library))
            edits = nearest.edits if nearest.similarity >= NEAR else ()
            expected = nearest.expected if edits and len(labels) == 1 else ""
        quote = QuoteCheck(text, *span, False, edits, labels)
        return index, Words(Content.CONTRADICTED, status, detail, expected, (quote,))
    candidates = [difference(text, _text(one, library)) for one in places]
    index = max(range(len(places)), key=lambda at: candidates[at].similarity)
    best = candidates[index]
    if best.similarity < NEAR:
        detail = "引文不是所引条文的文字，收录的文件里也没有找到"
        return index, Words(
            Content.CONTRADICTED, CheckStatus.QUOTE_ALTERED, detail, "", (QuoteCheck(text, *span, False),)
        )
    quote = QuoteCheck(text, *span, False, best.edits)
    detail = f"引文与原文不一致：{edit_words(quote)}"
    return index, Words(Content.CONTRADICTED, CheckStatus.QUOTE_ALTERED, detail, best.expected, (quote,))


def verify_block(
    blocks: Sequence[tuple[str, tuple[int, int]]], places: Sequence[Place], library: Library
) -> tuple[int, Words]:
    """Return (which of the places a block belongs to, what it is worth).

    A block has no marks that say where it ends: of all its beginnings (text, span) the one that stands somewhere to the
    letter is meant, else the one that is nearest. Where all are near to nothing, it is the writer's own.
    """
    found = [(*verify_quote(text, span, places, library), text) for text, span in blocks]
    standing = [one for one in found if one[1].status is not CheckStatus.QUOTE_ALTERED or one[1].quotes[0].found_in]
    if standing:
        index, words, _ = standing[-1]
        return index, words
    index, words, _ = max(found, key=lambda one: _nearness(one[2], places[one[0]], library))
    return index, words if words.quotes[0].edits else Words(Content.UNCHECKED)


def _nearness(text: str, place: Place, library: Library) -> float:
    return difference(text, _text(place, library)).similarity


def verify_claim(text: str, strict: bool, ruled: bool, places: Sequence[Place], library: Library) -> tuple[int, Words]:
    """Return (which of the places a claim belongs to, what it is worth).

    Words that do not say that anything is ruled (转给承办单位) claim nothing, unless they are near to the provision's.
    """
    text = _LISTED.sub("", text)
    held = [(index, place) for index, place in enumerate(places) if place.provision is not None]
    if not held:  # what a whole document says is not settled by comparing
        return len(places) - 1, Words(Content.UNCHECKED) if ruled else NOTHING
    matches = [(index, compare_claim(text, _text(place, library))) for index, place in held]
    order = {Content.VERBATIM: 3, Content.UNCHECKED: 2, Content.CONTRADICTED: 2, Content.NONE: 0}
    index, best = max(matches, key=lambda pair: (order[pair[1].content], pair[1].similarity))
    if best.content in (Content.NONE, Content.VERBATIM):
        told = best.content is Content.VERBATIM and (ruled or len(fold_quote(text)) >= MIN_VERBATIM)
        quotes = (QuoteCheck(text, 0, 0, True),) if strict else ()
        return index, Words(Content.VERBATIM, quotes=quotes) if told else NOTHING
    place = places[index]
    if len(fold_quote(text)) >= (MIN_QUOTED if ruled else MIN_ELSEWHERE):
        where = next(
            (one for piece in _endings(text) if (one := _standing(piece, Place(place.row, None), library))), None
        )
        own = place.provision.id if place.provision is not None else ""
        if where is not None and where.id != own and not where.id.startswith(f"{own}."):
            label = library.label(where)
            detail = f"所述内容是{label}的文字，不在所引的条文里"
            return index, Words(Content.CONTRADICTED, CheckStatus.QUOTE_ELSEWHERE, detail, label)
        near = best.content is Content.CONTRADICTED  # it speaks of this provision, and gets it wrong
        long = len(fold_quote(text)) >= MIN_ANYWHERE
        if ruled and long and where is None and not near and (labels := places_of_words(text, library)):
            detail = f"所述内容是{'、'.join(labels[:3])}的文字，不在所引的条文里"
            expected = labels[0] if len(labels) == 1 else ""
            return index, Words(Content.CONTRADICTED, CheckStatus.QUOTE_ELSEWHERE, detail, expected)
    if not ruled and (best.similarity < NEAR or len(fold_quote(text)) < MIN_VERBATIM):
        return index, NOTHING
    if best.content is Content.CONTRADICTED:
        detail = f"所述与条文不符：{'；'.join(best.reasons)}"
        return index, Words(Content.CONTRADICTED, CheckStatus.QUOTE_ALTERED, detail, best.expected)
    if strict and best.similarity >= STRICT and place.provision is not None:
        nearest = difference(text, _text(place, library))
        if any(edit.kind is not EditKind.SAME for edit in nearest.edits):
            quote = QuoteCheck(text, 0, 0, False, nearest.edits)
            return index, Words(
                Content.CONTRADICTED,
                CheckStatus.QUOTE_ALTERED,
                f"所录条文与原文不一致：{edit_words(quote)}",
                nearest.expected,
            )
    return index, Words(Content.UNCHECKED)


def _endings(text: str) -> list[str]:
    """Return a statement, and what is left of it without the clauses that may only lead to it: 为做好…工作，应当…."""
    found = [text]
    for match in list(_CLAUSE.finditer(text))[:MAX_LEADING]:
        rest = text[match.end() :]
        if len(rest) >= max(MIN_ELSEWHERE, len(text) / 2):
            found.append(rest)
    return found


def verify_beside(sentences: Sequence[str], place: Place, library: Library) -> Words | None:
    """Return what is wrong with the sentences that go on from a true one; None for nothing.

    They are the provision's as long as they are its words; the first that is not ends what is said of it.
    """
    held = _text(place, library)
    for sentence in sentences:
        match = compare_claim(sentence, held)
        if match.content is Content.CONTRADICTED and match.similarity >= FAR:
            detail = f"所述与条文不符：{'；'.join(match.reasons)}"
            return Words(Content.CONTRADICTED, CheckStatus.QUOTE_ALTERED, detail, match.expected)
        if match.content is not Content.VERBATIM:
            return None
    return None


def places_of_words(text: str, library: Library) -> tuple[str, ...]:
    """Return the labels of held provisions in which words stand to the letter, at most `CORPUS_HITS` looked at."""
    found: dict[str, None] = {}
    for unit, _ in library.snapshot.search_text(text[:200], CORPUS_HITS):
        doc_id, path = split_id(unit)
        provision = library.provision(doc_id, path)
        if provision is not None and stands_in(text, provision.text) is not None:
            found[library.label(_smallest(provision, text, library))] = None
    return tuple(found)


def edit_words(quote: QuoteCheck) -> str:
    """Return a difference in a line: 应写作“应当”，误作“可以”; the first three of many."""
    said = []
    edits = [edit for edit in quote.edits if edit.kind is not EditKind.SAME]
    at = 0
    while at < len(edits):
        one, following = edits[at], edits[at + 1] if at + 1 < len(edits) else None
        touching = following is not None and _touch(quote, one, following)
        if touching and following is not None and one.kind is not following.kind:
            added, dropped = (one, following) if one.kind is EditKind.ADDED else (following, one)
            said.append(f"“{added.text}”原文是“{dropped.text}”")
            at += 2
            continue
        said.append(f"多“{one.text}”" if one.kind is EditKind.ADDED else f"漏“{one.text}”")
        at += 1
    return "，".join(said[:3]) + (f"，等{len(said)}处" if len(said) > 3 else "")


def _touch(quote: QuoteCheck, one: object, other: object) -> bool:
    edits = list(quote.edits)
    at = next((index for index, edit in enumerate(edits) if edit is one), -1)
    return at >= 0 and at + 1 < len(edits) and edits[at + 1] is other


def _text(place: Place, library: Library) -> str:
    if place.provision is not None:
        return body(place.provision)
    parsed = library.parsed(place.row.id)
    return parsed.document.text if parsed is not None else ""


def body(provision: Provision) -> str:
    """Return the text of a provision without the number that it begins with."""
    return provision.text[number.end() :] if (number := _NUMBER.match(provision.text)) else provision.text


def _standing(text: str, place: Place, library: Library) -> Provision | None:
    """Return the smallest provision of a document in which words stand, inside the place's own where it names one."""
    parsed = library.parsed(place.row.id)
    if parsed is None:
        return None
    found = [one for one in parsed.provisions if one.parent is None and stands_in(text, one.text) is not None]
    return _smallest(found[0], text, library) if found else None


def _smallest(provision: Provision, text: str, library: Library) -> Provision:
    parsed = library.parsed(provision.doc_id)
    inside = [
        one
        for one in (parsed.provisions if parsed is not None else ())
        if one.id.startswith(f"{provision.id}.") and stands_in(text, one.text) is not None
    ]
    return min(inside, key=lambda one: len(one.text), default=provision)


def _elsewhere(text: str, place: Place, library: Library) -> tuple[CheckStatus, tuple[str, ...], str] | None:
    """Return (status, labels, detail) where a quote stands elsewhere, or is of another version, or spliced."""
    where = _standing(text, place, library)
    if where is not None:
        label = library.label(where)
        return CheckStatus.QUOTE_ELSEWHERE, (label,), f"引文是{label}的文字"
    for row in library.versions(place.row.id):
        other = Place(row, None)
        if row.id != place.row.id and stands_in(text, _text(other, library)) is not None:
            provision = _standing(text, other, library)
            label = library.label(provision) if provision is not None else library.title(row.id)
            return CheckStatus.QUOTE_ALTERED, (label,), f"引文是{label}的文字，所引的版本文字不同"
    parsed = library.parsed(place.row.id)
    if parsed is not None and len(fold_quote(text)) >= 2 * 6:
        texts = _sharing(text, [one for one in parsed.provisions if one.unit])
        if keys := spliced(text, texts):
            by_id = {one.id: one for one in parsed.provisions}
            labels = tuple(by_id[key].label for key in keys)
            return CheckStatus.QUOTE_ALTERED, labels, f"引文由{'、'.join(labels)}的文字拼接而成"
    if len(fold_quote(text)) >= MIN_QUOTED:
        labels = places_of_words(text, library)
        if labels:
            return CheckStatus.QUOTE_ELSEWHERE, labels, f"引文是{'、'.join(labels[:3])}的文字"
    return None


def _sharing(text: str, units: Sequence[Provision]) -> dict[str, str]:
    """Return the texts of the units that a quote can be spliced from: those that have its beginning or its end."""
    whole = fold_quote(text)
    head, tail = whole[:6], whole[-6:]
    found = {}
    for one in units:
        folded = fold_quote(one.text)
        if head in folded or tail in folded:
            found[one.id] = one.text
        if len(found) >= MAX_SPLICED:
            break
    return found
