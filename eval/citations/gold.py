"""Whether a citation is right: decided by looking at the documents, whatever the text was made for.

Nothing of `assistant.citing` is used here, so the two can disagree.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from assistant.parsing.ids import parse_path
from assistant.schema import CheckStatus, Metadata
from eval.citations.claims import Claim, Mode
from eval.citations.corpus import Corpus, in_force, plain, start_of, title_form


class Truth(StrEnum):
    """What became of a claim."""

    TRUE = "true"
    WRONG = "wrong"
    UNCLEAR = "unclear"  # the documents do not decide: such a case is dropped


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the documents say of a claim.

    Attributes:
        why: one word, for counting.
        statuses: what a lawyer would call it; empty for a true claim.
        provision: id of what is cited, where it exists; `twins` are ids of the same words and label (a10, a10.p1).
        places: ids of provisions in which the words stand instead, in the same document.
        title: of the held document that comes nearest to a title that is not held, "" for none near.
    """

    truth: Truth
    why: str
    statuses: frozenset[CheckStatus] = frozenset()
    provision: str = ""
    twins: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    title: str = ""


_OUT = frozenset({CheckStatus.REPEALED, CheckStatus.NOT_IN_FORCE})
_NO_TITLE = frozenset({CheckStatus.TITLE_MISMATCH, CheckStatus.NOT_IN_CORPUS})
_MISSING = {
    "a": CheckStatus.NO_SUCH_ARTICLE,
    "p": CheckStatus.NO_SUCH_PARAGRAPH,
    "i": CheckStatus.NO_SUCH_ITEM,
    "k": CheckStatus.NO_SUCH_ITEM,
}
# Titles that share so many of their pairs of characters (Dice) are near: one is a slip for the other.
NEAR = 0.6
_LONGEST_PLACE = 8
# What two places' titles share begins so. Matches 省消防条例, 海市消防条例 (of 上海 and 威海); refuses 条例.
_PLACE_START = re.compile("^.?(?:省|市|州|自治)")
_PLACE = re.compile("[省市州区县]$")  # matches 上海市, in front of a national title
# Matches 条例, 办法（一） at the end; refuses 法.
_CLASS = re.compile(r"(?:条例|办法|规定|细则|规则|解释)(?:[（(].{1,3}[）)])?$")
# A reworded sentence may say these for one another.
_SAME = (
    ("应当", "应"),
    ("或者", "或"),
    ("以及", "及"),
    ("并且", "并"),
    ("按照", "依照"),
    ("该条例", "本条例"),
    ("该法", "本法"),
)
# What turns a duty into a power, or a prohibition into its opposite. Matches 应, 可以, 不; refuses 应急's 急.
_FORCE = re.compile("应当|应|可以|必须|不得|不|未|无|没有|禁止|允许")
# Amounts and terms. Matches 三十, 100, 半; refuses 日.
_NUMBER = re.compile("[〇零一二三四五六七八九十百千万亿两半0-9.%]+")


def reworded(words: str) -> str:
    """Return comparable words with what may be said in their place made one.

    >>> reworded(plain("应当按照规定或者约定")) == reworded(plain("应依照规定或约定"))
    True
    """
    for one, other in _SAME:
        words = words.replace(one, other)
    return words


class Gold:
    """Judges claims against a corpus; `as_of` is the date that validity is judged on."""

    def __init__(self, corpus: Corpus, as_of: date) -> None:
        self._corpus = corpus
        self.as_of = as_of
        self._pairs: dict[str, list[str]] = defaultdict(list)
        for form in corpus.titles:
            for pair in _pairs(form):
                self._pairs[pair].append(form)

    def judge(self, claim: Claim) -> Judgement:
        """Return what the documents say of a claim."""
        named = self._corpus.named(claim.title)
        if not named:
            return self._no_title(claim)
        meant, why = self._version(named, claim.year)
        if why == "out_of_force":  # a place that the old version has not is just as wrong
            absent = {self._position(one, claim.path)[1] for one in named} - {"", "repeated"}
            return Judgement(Truth.WRONG, why, _OUT | {_MISSING.get(level, _MISSING["a"]) for level in absent})
        if meant is None:
            return Judgement(Truth.UNCLEAR, why)
        found, missing = self._position(meant.id, claim.path)
        if missing == "repeated":
            return Judgement(Truth.UNCLEAR, missing)
        if missing:
            statuses = frozenset({_MISSING.get(missing, CheckStatus.NO_SUCH_ARTICLE)})
            return Judgement(Truth.WRONG, "no_such_" + missing, statuses, places=self._places(meant.id, claim))
        if claim.mode is Mode.BARE:
            return Judgement(Truth.TRUE, "exists", provision=found, twins=self.twins(found))
        return self._content(meant.id, found, claim)

    def twins(self, identity: str) -> frozenset[str]:
        """Return the ids that cite the same: an article of one paragraph and that paragraph."""
        found = self._corpus.provision(identity)
        if found is None:
            return frozenset()
        held = self._corpus.held[found.doc_id]
        return frozenset(
            one.id for one in held.provisions if one.label == found.label and one.id.startswith(identity.split(".")[0])
        )

    def _no_title(self, claim: Claim) -> Judgement:
        near = self.nearest(title_form(claim.title))
        title = ""
        if near:
            title = self._corpus.held[self._corpus.titles[near][0]].metadata.title
        slip = near and not _may_exist(title_form(claim.title), near)
        statuses = frozenset({CheckStatus.TITLE_MISMATCH}) if slip else _NO_TITLE
        return Judgement(Truth.WRONG, "no_such_title", statuses, title=title)

    def nearest(self, form: str) -> str:
        """Return the held title that shares most pairs of characters with one that is not held, "" for none near."""
        own = _pairs(form)
        shared = Counter(other for pair in own for other in self._pairs.get(pair, ()))
        best, score = "", 0.0
        for other, count in shared.most_common(40):
            dice = 2 * count / (len(own) + len(_pairs(other)))
            if dice > score:
                best, score = other, dice
        return best if score >= NEAR else ""

    def _version(self, named: tuple[str, ...], year: int | None) -> tuple[Metadata | None, str]:
        found = [self._corpus.held[one].metadata for one in named]
        if year is not None:
            found = [one for one in found if year in _years(one)]
            if len(found) != 1:
                return None, "year_unknown"
        running = [one for one in found if in_force(one, self.as_of)]
        if not running:
            return None, "out_of_force"
        if len(running) == 1:
            return running[0], ""
        if len({one.work for one in running}) > 1 or any(start_of(one) is None for one in running):
            return None, "several_versions"
        latest = max(start_of(one) or date.min for one in running)
        last = [one for one in running if start_of(one) == latest]
        return (last[0], "") if len(last) == 1 else (None, "several_versions")

    def _position(self, doc_id: str, path: str) -> tuple[str, str]:
        """Return (id, "") of what a path cites, or ("", letter of the level that does not exist), or "repeated"."""
        steps = parse_path(path)
        at = [""]  # paths that can be meant so far
        for step in steps:
            name = step.letter + str(step.number) + (f"-{step.branch}" if step.branch else "")
            if step.letter in ("preamble", "closing"):
                name = step.letter + (str(step.number) if step.number > 1 else "")
            found = [one for base in at for one in self._below(doc_id, base, name)]
            if not found:
                return "", step.letter
            if len(found) > 1 or self._repeated(doc_id, found[0]):
                return "", "repeated"
            at = found
        return f"{doc_id}:{at[0]}", ""

    def _below(self, doc_id: str, base: str, name: str) -> list[str]:
        """Return the paths of a step under a path: directly, or with a paragraph or part between that is not named."""
        direct = f"{base}.{name}" if base else name
        if self._corpus.provision(f"{doc_id}:{direct}"):
            return [direct]
        if not base or not name.startswith(("i", "k")):
            return []
        return [
            f"{base}.p{number}.{name}"
            for number in range(1, 60)
            if self._corpus.provision(f"{doc_id}:{base}.p{number}.{name}")
        ]

    def _repeated(self, doc_id: str, path: str) -> bool:
        return self._corpus.provision(f"{doc_id}:{path}~2") is not None

    def _content(self, doc_id: str, found: str, claim: Claim) -> Judgement:
        words, text = plain(claim.words), self._corpus.plain(found)
        twins = self.twins(found)
        if words in text:
            return Judgement(Truth.TRUE, "stands", provision=found, twins=twins)
        places = self._places(doc_id, claim)
        documents = set(self._corpus.documents_with(words))
        elsewhere = bool(places) or bool(documents)
        if claim.mode is not Mode.QUOTE:
            if claim.mode is Mode.PARAPHRASE and reworded(words) in reworded(text):
                return Judgement(Truth.TRUE, "reworded", provision=found, twins=twins)
            for why, strip in (("force_or_negation", _FORCE), ("amount", _NUMBER)):
                if strip.sub("", reworded(words)) in strip.sub("", reworded(text)):
                    statuses = frozenset({CheckStatus.QUOTE_ALTERED})
                    return Judgement(Truth.WRONG, why, statuses, found, twins, places)
            if not places:  # other words than the provision's, and nobody else's in this document: no contradiction
                return Judgement(Truth.UNCLEAR, "other_words")
        statuses = frozenset({CheckStatus.QUOTE_ELSEWHERE if elsewhere else CheckStatus.QUOTE_ALTERED})
        if documents and not places and documents <= set(self._corpus.named(claim.title)):  # words of another version
            statuses |= _OUT | {CheckStatus.QUOTE_ALTERED}
        why = "words_elsewhere" if elsewhere else "words_altered"
        return Judgement(Truth.WRONG, why, statuses, found, twins, places)

    def _places(self, doc_id: str, claim: Claim) -> tuple[str, ...]:
        words = plain(claim.words)
        return self._corpus.where(doc_id, words) if words else ()


def _years(metadata: Metadata) -> set[int]:
    return {day.year for day in (metadata.promulgated, metadata.effective) if day}


def _may_exist(form: str, near: str) -> bool:
    """Return whether a title that is not held may well be another document's: alike but for the place it begins with,
    or for the class of rule it ends with.

    >>> [_may_exist(form, "河南省消防条例") for form in ("青海省消防条例", "河南省消防办法", "河南省消防管理条例")]
    [True, True, False]
    """
    shared = 0
    while shared < min(len(form), len(near)) and form[-1 - shared] == near[-1 - shared]:
        shared += 1
    heads = form[: len(form) - shared], near[: len(near) - shared]
    place = all(len(head) <= _LONGEST_PLACE for head in heads) and (
        bool(_PLACE_START.match(form[len(heads[0]) :])) if all(heads) else bool(_PLACE.search("".join(heads)))
    )
    return place or _CLASS.sub("", form) == _CLASS.sub("", near)


@lru_cache(maxsize=20_000)
def _pairs(form: str) -> frozenset[str]:
    return frozenset(form[at : at + 2] for at in range(len(form) - 1))
