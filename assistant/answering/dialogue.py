"""Dialogues: a follow-up is completed from the turns before it; a new topic drops them.

那搬到江西呢 is read as the question before it with another place, 具体多少钱 as that question with another fact asked,
第二款呢 as a provision of the article that was named. What is kept is returned beside the question, to be shown.

The turns are read from the first on, each with what the ones before it left, so that a third turn hangs on the second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.carried import Ground, State, document_shown, documents_of, hangs, kept, movable, short, told
from assistant.answering.completed import Completed, cut, joined, replaced, text_of, trimmed, whole
from assistant.answering.follow_ups import Turn, clause_of, read_turn, word_lists
from assistant.answering.moves import matches
from assistant.answering.provisions_kept import bare_reference, label_of, names_a_neighbour, path_of
from assistant.answering.splice import (
    Change,
    ask_of,
    date_changes,
    day_of_deed,
    day_said,
    place_changes,
    place_clauses,
    shut_out,
    without_asking,
)
from assistant.answering.thread import Standing, Stands, goes_on
from assistant.retrieval.places import Cut
from assistant.schema import Carried, CarriedKind, Provision, Query, Reference, Versions

# Turns that are read: who comes back to something said before those says it anew.
MAX_TURNS = 10
MAX_PROVISION = 300  # characters of a provision that are searched for where another document is asked about the same

Understand = Callable[[str], Query]


@dataclass(frozen=True, slots=True)
class _Read:
    """A turn as it is to be answered, what it kept, and what the dialogue is about behind it."""

    query: Query
    carried: tuple[Carried, ...]
    state: State


def resume(
    question: str,
    history: Sequence[str],
    understand: Understand,
    *,
    first: Ground | None = None,
    title: Callable[[str], str] | None = None,
    stands: Stands | None = None,
    cut: Cut = list,
) -> tuple[Query, tuple[Carried, ...]]:
    """Return a question with what it keeps of the earlier ones, and what that is.

    A follow-up keeps the document, provision, places, date and topic that it does not replace; a question that names
    its own matter and does not hang on the ones before it keeps nothing.

    Args:
        question: the last turn.
        history: the earlier questions, oldest first; of them the last `MAX_TURNS` are read.
        understand: reads one question by itself.
        first: the provision that answers a question; asked only where a follow-up needs it (这条原文, 第二款呢) and no
            turn named one.
        title: the title of a document, for what is shown as carried; without it, as the asker named it.
        stands: how a turn stands to a question before it; without it, the wording of a turn alone tells.
        cut: splits a text into words.
    """
    dialogue = _Dialogue(understand, first or (lambda query: None), title or (lambda doc_id: ""), stands, cut)
    state = None
    for number, text in list(enumerate(history))[-MAX_TURNS:]:
        if text.strip():
            state = dialogue.follow(state, text, f"h{number}").state
    read = dialogue.follow(state, question, "")
    return read.query, read.carried


class _Dialogue:
    """Reads one turn after another."""

    def __init__(
        self, understand: Understand, first: Ground, title: Callable[[str], str], stands: Stands | None, cut: Cut
    ) -> None:
        self._understand, self._first, self._title, self._cut = understand, first, title, cut
        self._stands = stands
        self._grounds: dict[str, Provision | None] = {}

    def follow(self, state: State | None, text: str, source: str) -> _Read:
        """Return a turn read with the state before it; `source` names the turn as segments do."""
        turn = read_turn(self._understand(text), self._cut)
        alone = _Read(turn.query, (), State(turn.query, whole(text, source), turn.matter))
        if state is None or turn.drops or not any(map(str.isalnum, text)):  # an order, blanked, asks nothing
            return alone
        for way in (self._provision, self._document, self._topic, self._matter):
            found = way(state, turn, source)
            if found is not None:
                return found
        # 好的，谢谢 asks nothing: what the dialogue is about stays what it was.
        return alone if turn.matter or turn.query.references or turn.query.doc_ids else replace(alone, state=state)

    def _provision(self, state: State, turn: Turn, source: str) -> _Read | None:
        """Read 第二款呢, 下一条, 这条原文 and, where a document was named before, 第三十一条呢."""
        query = turn.query
        if query.doc_ids or query.unheld:
            return None
        own = bare_reference(turn.text, turn.body[0])
        if own is not None:
            paths, start, end = own
            docs = documents_of(state, paths[0][0])
            if not docs:
                return None
            reference = Reference(query.text[start:end], start, end, paths, docs)
            return self._looked_up(state, turn, source, reference, None)
        if not names_a_neighbour(turn.text):
            return None
        base = self._base(state)
        found = path_of(turn.text, base.paths[0]) if base is not None else None
        if base is None or found is None:
            return None
        path, start, end = found
        reference = Reference(label_of(path), start, end, (path,), base.doc_ids, base.unheld)
        return self._looked_up(state, turn, source, reference, base)

    def _base(self, state: State) -> Reference | None:
        """Return the provision that was spoken of: the last that was named, else the one that answers."""
        if state.query.references:
            return state.query.references[-1]
        found = self._ground(state.query)
        path = found.id.partition(":")[2] if found is not None else ""
        return Reference("", 0, 0, (path,), (found.doc_id,)) if found is not None else None

    def _looked_up(self, state: State, turn: Turn, source: str, reference: Reference, base: Reference | None) -> _Read:
        text = joined(*self._places_beside(state, turn, source), whole(turn.query.text, source))
        query = self._completed(state, turn, text, turn.query)
        shift = text_of(text).find(turn.query.text[reference.start : reference.end])
        moved = replace(reference, start=shift, end=shift + reference.end - reference.start)
        query = replace(query, references=(moved,), doc_ids=state.query.doc_ids)
        carried = [document_shown(state, self._title, reference)]
        if base is not None:
            carried.append(Carried(CarriedKind.PROVISION, label_of(base.paths[0])))
        carried += told(state, query, source)
        return _Read(query, kept(carried), State(query, text, ()))

    def _document(self, state: State, turn: Turn, source: str) -> _Read | None:
        """Read 什么时候施行 and 还有效吗: of the document that was spoken of, whatever was asked of it."""
        query = turn.query
        named = state.query.doc_ids or tuple(one for ref in state.query.references for one in ref.doc_ids)
        about = turn.document or (turn.document_named and named)
        if turn.begins_when and not any(word in text_of(state.text) for word in word_lists()["begins_when_not"]):
            about = True
        own = bool(turn.matter) and not (turn.document and state.query.doc_ids and not query.terms)
        others = query.doc_ids or query.unheld or query.references or query.places or turn.date or own
        if not about or others:
            return None
        if not named:
            found = self._ground(state.query)
            if found is None:
                return None
            named = (found.doc_id,)
        spans = state.query.named_at[-1:]
        text = joined(*(cut(state.text, *span) for span in spans), whole(query.text, source))
        terms = (*query.terms, word_lists()["document_term"])
        asked = replace(query, asked=text_of(text), slices=text, doc_ids=named, terms=terms)
        shown = document_shown(state, self._title, Reference("", 0, 0, (), named))
        return _Read(asked, kept([shown]), state)

    def _topic(self, state: State, turn: Turn, source: str) -> _Read | None:
        """Read a turn that asks something else of the same matter, or the same of another place, date or document."""
        query = turn.query
        other = bool(query.doc_ids or query.unheld)
        if query.references or (other and (turn.matter or turn.document or turn.begins_when)):
            return None
        stands = self._stands(state.query, turn) if self._stands else None
        if not other and not self._goes_on(state, turn, stands):
            return None
        if other and not state.matter and state.query.references:
            return self._same_elsewhere(state, turn, source)
        text = self._spliced(state, turn, source)
        completed = self._completed(state, turn, text, self._understand(text_of(text)))
        replaces = other and not turn.compares
        references = () if other else completed.references or state.query.references
        kept_docs = () if replaces else state.query.doc_ids
        doc_ids = tuple(dict.fromkeys((*kept_docs, *completed.doc_ids)))
        topic = stands.units if stands else ()
        if stands and stands.national and not doc_ids and matches("question", "national", turn.text):
            doc_ids = stands.national  # 国家那份怎么说: asked of the documents of the whole country
            topic, references = (), ()
        completed = replace(completed, references=references, doc_ids=doc_ids, topic=topic)
        carried = [] if replaces else [document_shown(state, self._title, *references[-1:])]
        carried += [Carried(CarriedKind.PROVISION, label_of(one.paths[0])) for one in references[-1:]]
        if state.matter or not references:
            carried.append(Carried(CarriedKind.TOPIC, short(state.query.search_text)))
        carried += told(state, completed, source)
        return _Read(completed, kept(carried), State(completed, text, state.matter or turn.matter))

    def _goes_on(self, state: State, turn: Turn, stands: Standing | None) -> bool:
        wording = hangs(state, turn, self._ground)
        if turn.brief and turn.matter:  # 那水费呢 puts another matter in the place of the one before
            return wording
        return wording if stands is None else goes_on(turn, stands, text_of(state.text), hangs=wording)

    def _ground(self, query: Query) -> Provision | None:
        """Return the first ground of a question, asked for once."""
        key = query.asked_text
        if key not in self._grounds:
            self._grounds[key] = self._first(query)
        return self._grounds[key]

    def _same_elsewhere(self, state: State, turn: Turn, source: str) -> _Read | None:
        """Read 指导意见里有类似的规定吗 after 条例第三十条: what that says is looked for in the other document."""
        found = self._ground(state.query)
        if found is None:
            return None
        text = whole(turn.query.text, source)
        query = replace(turn.query, search_text=found.text[:MAX_PROVISION], asked=text_of(text), slices=text)
        return _Read(query, (Carried(CarriedKind.TOPIC, found.label),), State(query, text, ()))

    def _spliced(self, state: State, turn: Turn, source: str) -> Completed:
        """Return the question before with what the turn replaces, and what it adds behind it."""
        own = whole(turn.query.text, source)
        before = text_of(state.text)
        changes: list[Change] = []
        places, added = place_changes(state.text, movable(state), turn, source)
        changes += places + date_changes(before, turn, source) + shut_out(before, turn)
        lead: list[Completed] = []
        for span in turn.query.named_at[-1:]:
            new = cut(own, *span)
            if not turn.compares:
                changes += [(start, end, new) for start, end in state.query.named_at]
            lead += [] if state.query.named_at and not turn.compares else [new]
        kept = replaced(state.text, changes)
        dated = not turn.date or bool(date_changes(before, turn, source))
        says = turn.asks or turn.matter or turn.refines or turn.query.versions is not Versions.IN_FORCE or not dated
        says = says or not (changes or added)
        if turn.asks:
            kept = without_asking(kept)
        body = self._body(turn, own, moved=bool(places)) if says else ()
        lead += [] if says else [cut(own, *clause_of(turn.text, place)) for place in added]
        return joined(*lead, kept, body)

    def _body(self, turn: Turn, own: Completed, *, moved: bool) -> Completed:
        """Return what a turn says behind its beginning, without the places that have replaced others already."""
        start, end = turn.body
        spans = [clause_of(turn.text, place) for place in turn.query.places] if moved else []
        spans += turn.query.named_at
        within = [(max(first, start), min(last, end), ()) for first, last in spans if first < end and last > start]
        return trimmed(replaced(cut(own, 0, end), [(0, start, ()), *within]))

    def _matter(self, state: State, turn: Turn, source: str) -> _Read | None:
        """Read a few words on another matter: 那电费呢. Places and date stay, and the document where one was named."""
        query = turn.query
        linked = turn.begins or turn.brief or turn.also or turn.situated or turn.corrects or turn.points
        if not turn.matter or not linked or query.references:
            return None
        own = cut(whole(query.text, source), *turn.body)
        fact = ask_of(state.text) if turn.brief and not turn.asks else ()
        text = joined(*self._places_beside(state, turn, source), own, fact)
        alone = self._understand(text_of(joined(own, fact)))
        completed = self._completed(state, turn, text, alone)
        keeps = turn.brief and not turn.asks and not query.doc_ids and not query.unheld
        completed = replace(completed, doc_ids=state.query.doc_ids if keeps else alone.doc_ids)
        carried = [document_shown(state, self._title)] if keeps else []
        if fact:
            carried.append(Carried(CarriedKind.TOPIC, text_of(fact)))
        carried += told(state, completed, source)
        return _Read(completed, kept(carried), State(completed, text, turn.matter))

    def _places_beside(self, state: State, turn: Turn, source: str) -> tuple[Completed, ...]:
        """Return the clauses of the places before that a turn leaves as they are."""
        replaced_at = {start for start, _, _ in place_changes(state.text, movable(state), turn, source)[0]}
        kept = [place for place in state.query.places if place.start not in replaced_at]
        return place_clauses(state.text, kept)

    def _completed(self, state: State, turn: Turn, text: Completed, query: Query) -> Query:
        """Return what a turn asks, `query`, with the places and the date of the completed question."""
        whole_text = text_of(text)
        read = query if query.text == whole_text else self._understand(whole_text)
        deed = None if turn.now else day_of_deed(whole_text, date.today())
        day = day_said(turn, date.today()) or deed
        if day is None:
            day = state.query.as_of if state.query.dated and not turn.now else turn.query.as_of
        return replace(
            query,
            text=turn.query.text,
            places=read.places,
            regions=read.regions,
            role=read.role,
            as_of=day,
            event=turn.query.event or (None if turn.now else read.event or deed),
            dated=turn.query.dated or day != turn.query.as_of,
            named_at=read.named_at,
            asked=whole_text,
            slices=text,
        )
