"""Whether a sentence that a model wrote may be shown: every check compares it with the words under the keys it names.

We err on the side of withholding: the extractive answer stands beside it. A sentence passes where it writes no label of
its own, each of its numbers, names and weighty words occurs in those words, nothing of force or negation changed, no
condition was left out, and what it speaks about is there (support).
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.answering.prompts import Evidence
from assistant.answering.statements import Drafted
from assistant.citing.amounts import AmountKind, find_amounts
from assistant.citing.claims import compare_claim
from assistant.citing.comparable import fold
from assistant.citing.marks import FORCES, Mark, Token
from assistant.citing.matters import Clause, Statement, share, statements
from assistant.citing.offices import Sort, find_offices
from assistant.citing.wordlists import either
from assistant.retrieval.places import find_places
from assistant.schema import Content

# Fitted on the statements of eval/generation (eval/reports/generation.md): below, what a statement speaks about is the
# model's own. COVERAGE is of pairs of characters, per statement and per clause; COSINE of the embedder.
MIN_COVERAGE = 0.7
MIN_CLAUSE_COVERAGE = 0.5
MIN_COSINE = 0.6
MIN_PAIRS = 3  # a sentence that speaks about less (可以。) says nothing that could be compared
MIN_SHARED = 2
NEARLY = 0.8  # of the most that is shared: clauses that may be meant, too
KEPT = 0.3  # of a condition: more must stand in the statement

Similarity = Callable[[str, str], float]


class Reason(StrEnum):
    """Why a statement is withheld."""

    NO_KEY = "no_key"
    NOTHING = "nothing"  # too little is said to be compared
    UNKNOWN_KEY = "unknown_key"
    LABEL = "label"  # it writes a title, a label or a quotation of its own
    NUMBER = "number"
    NAME = "name"
    WORD = "word"  # a weighty word that the provision does not have
    FORCE = "force"
    NEGATION = "negation"
    CONDITION = "condition"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"


UNCHECKED = frozenset({Reason.NO_KEY, Reason.NOTHING})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a statement.

    Attributes:
        reason: None where it is verified.
        detail: the word or number that decided; for measurement, never shown.
        coverage: share of what it speaks about that the cited words have, in [0, 1].
        cosine: of the embedder, to the nearest cited sentence; 0 where it was not asked.
    """

    reason: Reason | None
    detail: str = ""
    coverage: float = 0.0
    cosine: float = 0.0

    @property
    def verified(self) -> bool:
        """Whether it may be shown."""
        return self.reason is None

    @property
    def checked(self) -> bool:
        """Whether there was something to compare it with."""
        return self.reason not in UNCHECKED


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files("assistant.answering").joinpath("data/statements.toml").read_text(encoding="utf-8"))


# A title. Matches 《…条例》; 〈…〉.
_TITLE = re.compile(r"[《〈][^《》〈〉]*[》〉]?")
_NUMERAL = "[〇零一二三四五六七八九十百千两0-9]{1,8}"
# A label. Matches 第三十条, 第十条第二款, 第（三）项, 第八部分, 三十条; refuses 第三方, 条文.
_LABEL = re.compile(
    rf"第?（?{_NUMERAL}）?(?:条|款|项(?!目)|目(?!标|的|录)|章|节|编(?!制)|部分|自然段)(?!件)(?:之{_NUMERAL})?"
)
# The number of a document. Matches 〔2021〕215号.
_DOCUMENT_NUMBER = re.compile(r"[〔\[［【][12]\d{3}[〕\]］】]|\d+号")
_LATIN = re.compile(r"[A-Za-z]{2,}|[A-Za-z](?![\u4e00-\u9fff])")
_DIGITS = re.compile(r"\d+")
_QUOTED = re.compile(r"[“‘「『]([^“”‘’「」『』]{2,})[”’」』]")
# What no sentence of a provision has. Matches http://, @, <b>, {; refuses full-width brackets.
_FOREIGN = re.compile(r"https?:|www\.|[@<>{}|\\#$^~=_]")
_NEGATIVE = frozenset({Mark.NEGATION, Mark.PROHIBITION, Mark.RELEASE})


def without_courtesy(text: str) -> str:
    """Return a sentence without the phrase of speech it begins with: 根据条文，… → ….

    >>> without_courtesy("您好，根据条文，政府应当协调。")
    '政府应当协调。'
    """
    pattern = _courtesy()
    while (match := pattern.match(text)) is not None and match.end() < len(text):
        text = text[match.end() :]
    return text


@cache
def _courtesy() -> re.Pattern[str]:
    return re.compile(f"(?:{either(_words()['courtesies']['words'])})[，,：:！!]")


def verify_statement(
    drafted: Drafted,
    evidence: Mapping[str, Evidence],
    question: str,
    similarity: Similarity | None = None,
) -> Verdict:
    """Return what a statement is worth beside the evidence whose keys it names.

    Args:
        drafted: the sentence and its keys.
        evidence: by key, what the model was shown and may rely on.
        question: for the names of places and bodies in it; nothing else of it supports anything.
        similarity: cosine of a statement and a text; None leaves it out.
    """
    if not drafted.keys:
        return Verdict(Reason.NO_KEY)
    if any(key not in evidence for key in drafted.keys):
        return Verdict(Reason.UNKNOWN_KEY, next(key for key in drafted.keys if key not in evidence))
    cited = [evidence[key] for key in drafted.keys]
    original = "\n".join(one.text for one in cited)
    said, held, asked = fold(drafted.text), fold(original), fold(question)
    titles = "\n".join(fold(one.title) for one in cited)
    told = statements(said)
    pairs = frozenset().union(*(one.pairs for one in told))
    own = _labels(drafted.text, said, original, held) or _foreign(said, held, asked)
    if own:
        return Verdict(Reason.LABEL, own)
    if number := _number(said, held):
        return Verdict(Reason.NUMBER, number)
    if name := _name(said, held, asked):
        return Verdict(Reason.NAME, name)
    match = compare_claim(drafted.text, original)
    theirs = [clause for one in statements(held) for clause in _effective(one)]
    coverage = share(pairs, frozenset().union(*(one.clause.pairs for one in theirs)))
    if match.content is Content.CONTRADICTED:
        return Verdict(Reason.CONTRADICTED, match.reasons[0], coverage)
    if match.content is not Content.VERBATIM:
        if len(pairs) < MIN_PAIRS:
            return Verdict(Reason.NOTHING)
        if word := _word(said, held, titles):
            return Verdict(Reason.WORD, word, coverage)
    if lost := _condition(said, pairs, held):
        return Verdict(Reason.CONDITION, lost, coverage)
    if match.content is Content.VERBATIM:
        return Verdict(None, "", 1.0, 1.0)
    for one in told:
        for ours in _effective(one):
            if (wrong := _turned(ours, theirs)) is not None:
                return Verdict(wrong[0], wrong[1], coverage)
            if len(ours.clause.pairs) >= MIN_PAIRS and share(ours.clause.pairs, _all(theirs)) < MIN_CLAUSE_COVERAGE:
                return Verdict(Reason.UNSUPPORTED, ours.clause.text, coverage)
    if coverage < MIN_COVERAGE:
        return Verdict(Reason.UNSUPPORTED, "", coverage)
    cosine = max((similarity(drafted.text, one.text) for one in cited), default=0.0) if similarity else 1.0
    return Verdict(None if cosine >= MIN_COSINE else Reason.UNSUPPORTED, "", coverage, cosine)


def _labels(text: str, said: str, original: str, held: str) -> str:
    """Return a title, label, document number or quotation that is not the evidence's to the letter; "" for none."""
    for match in (*_TITLE.finditer(text), *_LABEL.finditer(said), *_DOCUMENT_NUMBER.finditer(said)):
        if match[0] not in original and match[0] not in held:
            return match[0]
    return next((quote for quote in _QUOTED.findall(text) if fold(quote) not in held), "")


def _foreign(said: str, held: str, asked: str) -> str:
    """Return what is no Chinese sentence: an address, mark-up, a word of another language that nobody wrote."""
    if match := _FOREIGN.search(said):
        return match[0]
    known = f"{held}\n{asked}".casefold()
    return next((word for word in _LATIN.findall(said) if word.casefold() not in known), "")


def _number(said: str, held: str) -> str:
    """Return a number that the evidence does not have by value and unit; "" for none."""
    theirs = find_amounts(held)
    names = [(place.start, place.end) for place in find_places(said)]  # 珠三角 counts nothing
    ours = find_amounts(said)
    for amount in ours:
        if any(start <= amount.start and amount.end <= end for start, end in names):
            continue
        plain = amount.kind is AmountKind.COUNT and amount.value == (Fraction(1),)  # 一个
        if not plain and not any(amount.agrees(other) for other in theirs):
            return said[amount.start : amount.end]
    for digits in _DIGITS.finditer(said):
        read = any(one.start <= digits.start() and digits.end() <= one.end for one in ours)
        if not read and digits[0] not in _DIGITS.findall(held):
            return digits[0]
    return ""


def _name(said: str, held: str, asked: str) -> str:
    """Return a place or body that neither the evidence nor the question names; "" for none."""
    for place in find_places(said):
        if place.text not in held and place.text not in asked:
            return place.text
    theirs = find_offices(held)
    for office in find_offices(said):
        if office.text in held or office.text in asked:
            continue
        official = office.sort in (Sort.GOVERNMENT, Sort.DEPARTMENT)
        # 政府, 有关部门: who that is, the provision beside it says.
        if official and not office.field and not office.levels and any(one.sort is office.sort for one in theirs):
            continue
        return office.text
    return ""


@cache
def _weighty() -> re.Pattern[str]:
    words = _words()
    listed = {word for row in words["must_stand"].values() for word in row}
    return re.compile(either({*listed, *words["look_alikes"]["words"]}))


def _word(said: str, held: str, titles: str) -> str:
    """Return a weighty word that the evidence has not; "" for none."""
    harmless = frozenset(_words()["look_alikes"]["words"])
    theirs = set(_weighty().findall(held))
    kinds = frozenset(_words()["must_stand"]["documents"])
    for word in _weighty().findall(said):
        if word not in harmless and word not in theirs and not (word in kinds and word in titles):
            return str(word)
    return ""


@dataclass(frozen=True, slots=True)
class _Effective:
    """A clause with the force that governs it: its own, else that of the clauses of its sentence before it."""

    clause: Clause
    force: Mark | None
    own: Token | None


def _effective(sentence: Statement) -> Iterator[_Effective]:
    force: Mark | None = None
    for clause in sentence.clauses:
        own = next((token for token in clause.tokens if token.mark in FORCES), None)
        force = own.mark if own is not None else force
        yield _Effective(clause, force, own)


def _all(clauses: Sequence[_Effective]) -> frozenset[tuple[str, str]]:
    return frozenset().union(*(one.clause.pairs for one in clauses))


def _turned(ours: _Effective, theirs: Sequence[_Effective]) -> tuple[Reason, str] | None:
    """Return how a clause changes the force or turns the sense of those it can be about; None where it does not."""
    negatives = [token.text for token in ours.clause.tokens if token.mark in _NEGATIVE]
    if len(ours.clause.pairs) < MIN_SHARED:
        if ours.own is not None or negatives:  # 可以，…: an answer by itself
            return Reason.FORCE, ours.clause.text
        return None
    shared = [(len(ours.clause.pairs & one.clause.pairs), one) for one in theirs]
    most = max((count for count, _ in shared), default=0)
    if most < MIN_SHARED:
        return None  # nothing is spoken about: support decides
    meant = [one for count, one in shared if count >= max(MIN_SHARED, NEARLY * most)]
    if not any(_same_force(ours, one) for one in meant):
        return Reason.FORCE, ours.own.text if ours.own is not None else ours.clause.text
    theirs_negative = [any(token.mark in _NEGATIVE for token in one.clause.tokens) for one in meant]
    if bool(negatives) not in theirs_negative:
        return Reason.NEGATION, negatives[0] if negatives else ours.clause.text
    return None


def _same_force(ours: _Effective, held: _Effective) -> bool:
    if ours.force is held.force:
        return True
    return ours.force is None and held.force is Mark.DUTY  # a duty stated without 应当 is still one


@cache
def _conditions() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _words()["conditions"]["patterns"])


def _condition(said: str, pairs: frozenset[tuple[str, str]], held: str) -> str:
    """Return a condition of the sentence that a statement is about and does not keep; "" for none."""
    about = [(len(pairs & one.pairs), one) for one in statements(held)]
    most = max((count for count, _ in about), default=0)
    if most < MIN_SHARED:
        return ""
    sentence = next(one for count, one in about if count == most)
    for number, clause in enumerate(sentence.clauses[:-1]):
        if not clause.pairs or not any(pattern.search(clause.text) for pattern in _conditions()):
            continue
        behind = frozenset().union(*(one.pairs for one in sentence.clauses[number + 1 :])) - clause.pairs
        if len(pairs & behind) >= MIN_SHARED and share(clause.pairs, pairs) < KEPT and clause.text not in said:
            return clause.text
    return ""
