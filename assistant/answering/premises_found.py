"""What an asker takes for the rules: claims found in a question, cut from what surrounds them.

听说第三十条规定电费打五折，是不是真的 asserts something that can be held against the text; 电费能打五折吗 does not. A
claim shows by a cue: somebody said it, it is taken for granted, a document is its subject, 对吧 stands behind it, or
what is asked next only makes sense if it holds (三年免税从哪年算起).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.ngrams import model
from assistant.answering.premises_claim import SUMS, Cue, Premise, claimed_numbers, cue, premise_table
from assistant.parsing import find_references

MIN_CLAIM = 4  # characters; 是这样 claims nothing
MAX_LEAD = 8  # characters in front of the document that a clause makes its subject
MAX_BEFORE_TAG = 3  # clauses in front of 对吧 that it asks about

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]?")
_CLAUSE = re.compile(r"[^，,：:]+")
# In front of a claim. Matches 请问, 可是, 关于; refuses 那家.
_LEAD = re.compile(r"(?:请问|我想问|想问|问一下|咨询|核实|你好|您好|可是?|但是?|就是|关于|里面?[说讲写]|的是)+")
_EDGES = " \t\r\n　，,。；;：:！!？?"


def find_premises(question: str, orders: Sequence[tuple[int, int]] = ()) -> tuple[Premise, ...]:
    """Return what the asker asserts of the rules, in the order of the question; spans are in `question`.

    Args:
        question: as asked.
        orders: spans that order the assistant about and assert nothing.

    >>> [one.text for one in find_premises("听说第三十条规定电费打五折，是不是真的")]
    ['第三十条规定电费打五折']
    >>> find_premises("第三十条能让电费打五折吗")
    ()
    """
    text = question
    for start, end in orders:
        text = text[:start] + "\n" * (end - start) + text[end:]
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    found = []
    for number, (start, end) in enumerate(sentences):
        behind = text[sentences[number + 1][0] : sentences[number + 1][1]] if number + 1 < len(sentences) else ""
        found += list(_in_sentence(text, start, end, behind))
    return tuple(found) or _by_wording(text)


def _by_wording(text: str) -> tuple[Premise, ...]:
    """Return the clause that claims most, where only the wording of the whole tells that something is claimed."""
    claims = model("claims")
    if not claims.says_yes(text):
        return ()
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    clauses = [clause for span in sentences for clause in _clauses(text, *span)]
    told = [one for one in clauses if not (one.is_tag or one.asks) and one.tag_start - one.start >= MIN_CLAIM]
    if not told:
        return ()
    most = max(told, key=lambda one: claims.score(one.text))
    claim = text[most.start : most.tag_start]
    if not cue("matter").search(text) or cue("story").search(claim):
        return ()
    paths = tuple(dict.fromkeys(path for one in find_references(text) for path in one.paths))
    documents = tuple(dict.fromkeys(re.findall("条例|意见", text)))
    numbers, vague = claimed_numbers(claim), _is_vague(claim)
    asks_on = any(one.asks for one in clauses if one.start > most.start)
    return (Premise(claim, most.start, most.tag_start, (Cue.GIVEN,), paths, documents, numbers, vague, asks_on),)


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    text: str

    @property
    def is_tag(self) -> bool:
        """Whether it does nothing but ask whether something is so, or states what is wanted: 对吧, 我核实一下."""
        match = cue("tag").search(self.text)
        return match is not None and match.start() <= 8

    @property
    def tag_start(self) -> int:
        """Where its tag begins; its end where it has none."""
        starts = [match.start() for name in ("tag", "half") if (match := cue(name).search(self.text))]
        return self.start + min(starts, default=len(self.text))

    @property
    def asks(self) -> bool:
        """Whether it asks for something, a tag at its end left aside."""
        return cue("asks").search(self.text[: self.tag_start - self.start]) is not None


def _clauses(text: str, start: int, end: int) -> list[_Clause]:
    found = []
    for match in _CLAUSE.finditer(text, start, end):
        first, last = match.span()
        while first < last and text[first] in _EDGES:
            first += 1
        while first < last and text[last - 1] in _EDGES:
            last -= 1
        if first < last:
            found.append(_Clause(first, last, text[first:last]))
    return found


def _in_sentence(text: str, start: int, end: int, behind: str) -> Iterator[Premise]:
    """Yield the claim of a sentence; `behind` is the sentence that follows, which may ask on."""
    clauses = _clauses(text, start, end)
    cues, begin = _cues(text, clauses, behind)
    if not cues:
        return
    stop, asks_on = _claimed(clauses, begin, cues)
    begin = _behind_lead(text, clauses, begin)
    while begin < stop and text[begin] in _EDGES:
        begin += 1
    while begin < stop and text[stop - 1] in _EDGES:
        stop -= 1
    claim = text[begin:stop]
    if len(claim) < MIN_CLAIM or (not cue("matter").search(text[start:end])):
        return
    if cues == (Cue.SAID,) and cue("story").search(claim):
        return
    asks_on = asks_on or (bool(behind) and cue("asks_on").search(behind.strip(_EDGES)) is not None)
    whole = text[start : max(stop, *(one.end for one in clauses if one.start < stop or cue("behind").search(one.text)))]
    paths = tuple(dict.fromkeys(path for one in find_references(whole) for path in one.paths))
    documents = tuple(dict.fromkeys(re.findall("条例|意见", whole)))
    yield Premise(claim, begin, stop, cues, paths, documents, claimed_numbers(claim), _is_vague(claim), asks_on)


def _cues(text: str, clauses: Sequence[_Clause], behind: str) -> tuple[tuple[Cue, ...], int]:
    """Return how a claim shows in some clauses, and where it begins; no cue for none."""
    if not clauses:
        return (), 0
    first, last = clauses[0].start, clauses[-1].end
    sentence = text[first:last]
    cues: list[Cue] = []
    begin = first
    given, said = cue("given").search(sentence), cue("said").search(sentence)
    if given is not None:
        cues.append(Cue.GIVEN)
        begin = first + given.end()
    if (
        said is not None
        and len(sentence) - said.end() >= MIN_CLAIM
        and (given is None or said.start() < given.start() or cue("matter").search(sentence))
    ):
        cues.append(Cue.SAID)
        begin = max(begin, first + said.end()) if given is None or said.end() > given.start() else begin
    if any(one.tag_start < one.end and not one.asks for one in clauses):
        cues.append(Cue.CONFIRMED)
        if len(cues) == 1:
            begin = _before_tag(clauses)
    for one in clauses:
        named = cue("attributed").search(one.text)
        if cue("behind").search(one.text) or (
            named and named.start() <= MAX_LEAD and _says_something(one, named.end())
        ):
            if not cues:
                begin = first if cue("behind").search(one.text) or not named else one.start + named.start()
            cues.append(Cue.ATTRIBUTED)
            break
        if cue("whether").search(one.text) and (named or _bold(one.text)):
            if not cues:
                begin = one.start
            cues.append(Cue.ATTRIBUTED)
            break
    if not cues and _presupposes(sentence, clauses, behind):
        cues.append(Cue.PRESUPPOSED)
    return tuple(dict.fromkeys(cues)), begin


def _says_something(clause: _Clause, position: int) -> bool:
    """Return whether a clause asserts something behind a document's name: not 第十条原话, 条例鼓励不鼓励."""
    said = clause.text[position:]
    return not clause.asks and cue("asserts").search(said) is not None and cue("wants").search(clause.text) is None


def _bold(clause: str) -> bool:
    """Return whether a clause claims more than any text of encouragement would hold: 就没责任了."""
    return (
        any(row["kind"] == "rule" and re.search(row["says"], clause) is not None for row in premise_table()["strong"])
        and re.search("是不是就|是不是都", clause) is not None
    )


def _presupposes(sentence: str, clauses: Sequence[_Clause], behind: str) -> bool:
    """Return whether what is asked only makes sense if a sum, a benefit or a term that is told is ruled."""
    asked = sentence + behind
    told = [one.text for one in clauses if not one.asks]
    claim = "，".join(told) or sentence
    numbers = claimed_numbers(claim)
    if cue("own").match(claim) or cue("wished").search(claim) or not (told or any(one.unit in SUMS for one in numbers)):
        return False
    if numbers and cue("refers").search(asked):
        return True
    asks_on = cue("asks_on").search(asked) is not None or cue("tag").search(asked.strip(_EDGES)) is not None
    return asks_on and any(
        (bool(numbers) or not row.get("vague")) and re.search(row["says"], claim) is not None
        for row in premise_table()["strong"]
        if row["kind"] == "fact"
    )


def _before_tag(clauses: Sequence[_Clause]) -> int:
    """Return where the claim begins that the first tag asks about: a few clauses in front of it that ask nothing."""
    at = next(number for number, one in enumerate(clauses) if one.tag_start < one.end and not one.asks)
    low = at
    while low > 0 and at - low < MAX_BEFORE_TAG and not clauses[low - 1].asks:
        low -= 1
    return clauses[low].start


def _claimed(clauses: Sequence[_Clause], begin: int, cues: Sequence[Cue]) -> tuple[int, bool]:
    """Return where the claim that begins at a position ends, and whether something is asked on it."""
    stop = begin
    asks_on = False
    for one in clauses:
        if one.end <= begin:
            continue
        whole = one.start >= begin
        claims = stop > begin
        if whole and one.is_tag and claims:
            continue
        if claims and (one.asks or cue("own").match(one.text) or cue("asks_on").search(one.text)):
            asks_on = asks_on or cue("asks_on").search(one.text) is not None
            if one.asks or cue("own").match(one.text):
                break
        if not claims and one.asks and not _asserts(one, cues):
            return begin, False
        if Cue.GIVEN in cues and claims and one.text.startswith(("那", "我", "怎么", "凭", "为")):
            break
        stop = min(one.tag_start, one.end) if one.tag_start > max(begin, one.start) else one.end
        if one.text.endswith(("吗", "么")) and Cue.GIVEN in cues:
            stop = one.end - 1
        if stop < one.end:
            rest = clauses[clauses.index(one) + 1 :]
            asks_on = asks_on or any(cue("asks_on").search(other.text) for other in rest)
            break
    return stop, asks_on or any(cue("asks_on").search(one.text) for one in clauses if one.start >= stop)


def _asserts(clause: _Clause, cues: Sequence[Cue]) -> bool:
    """Return whether a clause that looks like a question is one by its tag only: 不是说…吗, 是不是强制…."""
    if Cue.PRESUPPOSED in cues:
        return True
    if Cue.GIVEN in cues:
        return cue("asks").search(clause.text.replace("不是", "").rstrip("吗么嘛呢")) is None
    inside = re.sub("是不是|不是说", "", clause.text[: clause.tag_start - clause.start])
    return cue("asks").search(inside) is None or (
        cue("whether").search(clause.text) is not None and cue("asks").search(inside.rstrip("吗么呢")) is None
    )


def _behind_lead(text: str, clauses: Sequence[_Clause], begin: int) -> int:
    """Return where a claim begins without the words that lead to it."""
    for one in clauses:
        if one.start <= begin < one.end:
            lead = _LEAD.match(text, begin, one.end)
            return lead.end() if lead is not None and lead.end() < one.end else begin
    return begin


def _is_vague(claim: str) -> bool:
    return cue("vague").search(claim) is not None and not claimed_numbers(claim)
