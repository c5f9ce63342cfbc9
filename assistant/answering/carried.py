"""What a dialogue is about after a turn, whether the next one hangs on it, and what of it is shown as carried over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.completed import Completed, cut, text_of, traced
from assistant.answering.follow_ups import SHORT, Turn, pattern, word_lists
from assistant.schema import Carried, CarriedKind, Place, Provision, Query, Reference, Versions
from assistant.wording import date_words

MAX_SHOWN = 40  # characters of a topic that is shown as carried

Ground = Callable[[Query], Provision | None]


@dataclass(frozen=True, slots=True)
class State:
    """What a dialogue is about after a turn.

    Attributes:
        query: the last question, completed; its spans are positions in `text`.
        text: the completed question.
        matter: the words of it that are about something; empty where it only names a provision.
    """

    query: Query
    text: Completed
    matter: tuple[str, ...]


def hangs(state: State, turn: Turn, ground: Ground) -> bool:
    """Return whether a turn hangs on the matter before it."""
    query = turn.query
    if not turn.matter:
        versions = query.versions is not Versions.IN_FORCE
        told = query.places or turn.date or turn.now or versions
        return bool(told or turn.asks or turn.refers or turn.also or turn.brief or turn.refines or turn.begins)
    if turn.situated or turn.brief:
        return turn.refines
    supposed = turn.supposes and turn.body[1] - turn.body[0] <= word_lists()["max_supposed"]
    before = text_of(state.text)
    known = len(turn.text) <= SHORT and all(word in before for word in turn.matter)
    return turn.refines or turn.refers or supposed or known or _goes_on(state, turn, ground)


def _goes_on(state: State, turn: Turn, ground: Ground) -> bool:
    """Return whether a turn asks for a fact of the matter before it though it names words of its own.

    那要给海关递啥材料 does, and so does 评估是每年做吗 after a question that a rule on 评估 answers: nothing, or
    nothing with a word of it, answers it by itself, and at least half of its words stand in the question before or in
    its ground. Whoever puts a
    matter into everyday words (环评怎么办) names another.
    """
    if turn.query.terms or not turn.wonders:
        return False
    if turn.points:
        return True
    found = ground(state.query)
    before = text_of(state.text) + (found.text if found is not None else "")
    shared = 2 * sum(word in before for word in turn.matter) >= len(turn.matter)
    alone = ground(turn.query)
    if alone is None or turn.begins:
        return shared
    return shared and not any(word in alone.text for word in turn.matter)


def told(state: State, query: Query, source: str) -> list[Carried]:
    """Return the places and the date of a completed question that an earlier turn told."""
    carried = [
        Carried(CarriedKind.PLACE, place.text)
        for place in query.places
        if any(turn != source for turn, _, _ in traced(query, place.start, place.end))
    ]
    if state.query.dated and query.as_of == state.query.as_of and query.as_of != date.today():
        carried.append(Carried(CarriedKind.DATE, date_words(query.as_of)))
    return carried


def document_shown(state: State, title: Callable[[str], str], *references: Reference) -> Carried | None:
    """Return the document that is kept: by its title, else as the asker named it."""
    docs = state.query.doc_ids or tuple(one for reference in references for one in reference.doc_ids)
    if not docs:
        return None
    titles = [title(doc_id) for doc_id in docs]
    named = [text_of(cut(state.text, *span)) for span in state.query.named_at]
    shown = [name for name in titles if name] or named
    return Carried(CarriedKind.DOCUMENT, "、".join(dict.fromkeys(shown)) or docs[0])


def documents_of(state: State, letter: str) -> tuple[str, ...]:
    """Return the documents spoken of where a provision with this first letter of its path can be theirs."""
    named = state.query.references[-1:]
    if any(one.paths[0][0] != letter for one in named):
        return ()
    return state.query.doc_ids or tuple(doc_id for one in named for doc_id in one.doc_ids)


def kept(carried: Sequence[Carried | None]) -> tuple[Carried, ...]:
    """Return what was carried, each thing once."""
    return tuple(dict.fromkeys(one for one in carried if one is not None))


def short(text: str) -> str:
    """Return a topic as it is shown: in one line, cut to a readable length."""
    compact = " ".join(text.split()).rstrip("？?。！!")
    return compact if len(compact) <= MAX_SHOWN else f"{compact[:MAX_SHOWN]}…"


def movable(state: State) -> list[Place]:
    """Return the places of a state that may be replaced: 广东 in 广东那个条例 names the document."""
    text = text_of(state.text)
    names = pattern("before_name")
    starts = [start for start, _ in state.query.named_at]
    return [
        one
        for one in state.query.places
        if not any(one.end <= start and names.fullmatch(text[one.end : start]) for start in starts)
    ]
