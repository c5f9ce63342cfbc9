"""Force, rights and scope as a statement in own words gives them: 不让用, 由企业自愿, 有权要求补贴.

What follows a word of force is what it is about; the provision's word of force before the same matter is its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.citing.marks import FORCES, GOVERNMENT, MODALS, Mark, Token
from assistant.citing.matters import (
    Clause,
    Pairs,
    Statement,
    about,
    content,
    content_in_order,
    nearest,
    share,
    statements,
)
from assistant.citing.wordlists import load_words

SAME_MATTER = 0.45  # share of what follows a word of force that must follow the provision's, too
SAME_SENTENCE = 0.6  # share of it that the sentence must have where only the verb stands behind the provision's word
MATTER = 13  # tokens from a word of force on that say what it is about: the verb and its object
CLOSE = 0.5  # of a statement, before a word of a pair in it is taken for a contradiction
KEPT = 4  # characters of a noun that show that it is the provision's

_JOINS = "、或和及"

_FORCE = "规范强度不同：条文为“{}”，文中为“{}”"
_SCOPE = "范围不同：条文为“{}”，文中为“{}”"
_RIGHT = "主体不同：条文规定的是“{}”，没有规定“{}”"

# (provision, claim), and whether the claim's word must be one that leaves no doubt: 要 is said of what one may do, too.
_CONFLICTS = {
    (Mark.DUTY, Mark.POWER): False,
    (Mark.DUTY, Mark.RELEASE): False,
    (Mark.DUTY, Mark.PROHIBITION): True,
    (Mark.POWER, Mark.DUTY): True,
    (Mark.POWER, Mark.PROHIBITION): True,
    (Mark.PROHIBITION, Mark.POWER): False,
    (Mark.ENCOURAGEMENT, Mark.DUTY): True,
    (Mark.ENCOURAGEMENT, Mark.PROHIBITION): True,
    (Mark.RELEASE, Mark.DUTY): False,
}


@dataclass(frozen=True, slots=True)
class _Forced:
    """A word of force, and what it governs: what follows as pairs, the first of them as the verb."""

    mark: Mark
    word: str
    matter: Pairs
    verb: tuple[str, str]
    sure: bool
    subjects: frozenset[str]


@cache
def _plain() -> dict[str, Any]:
    plain: dict[str, Any] = load_words()["plain"]
    return plain


def other_sense(claim: str, provision: str) -> Iterator[str]:
    """Yield in Chinese how a statement differs from a provision in force, rights and scope; both folded."""
    held = statements(provision)
    for said in statements(claim):
        if any(word in said.text for word in _plain()["about_the_text"]):
            continue
        yield from _other_force(said, held)
        near = nearest(said.pairs, held)
        if near is None:
            continue
        yield from _rights(said, near, provision)
        if about(said.pairs, near):
            yield from _left_to_choice(said, near, provision)
            yield from _not_needed(said, near, provision)
            yield from _no_exception(said, provision)
            yield from _narrower(said, near)
            yield from _pairs_of_words(said, near, provision)


def _forced(clause: Clause) -> _Forced | None:
    """The word of force of a clause in plain speech; None for none, or for several sorts."""
    found: list[tuple[int, Mark, str, bool]] = []
    for token in _words_of_force(clause):
        found.append((clause.tokens.index(token), token.mark, token.text, token.mark is not Mark.ENCOURAGEMENT))
    if not found:
        found = [hit for hit in (_colloquial(clause),) if hit is not None]
    if not found or len({mark for _, mark, _, _ in found}) > 1:
        return None
    at, mark, word, sure = found[0]
    before = clause.tokens[:at]
    subjects = frozenset(token.group for token in before if token.mark is Mark.BODY)
    matter = content_in_order(clause.tokens[at : at + MATTER])
    return _Forced(mark, word, frozenset(matter), matter[0] if matter else ("", ""), sure, subjects)


def _words_of_force(clause: Clause) -> list[Token]:
    """The words of force of a clause; of 应当支持 only the first, for the other is what is to be done."""
    forces = [token for token in clause.tokens if token.mark in FORCES]
    if forces and forces[0].mark in MODALS:
        return [token for token in forces if token.mark in MODALS]
    return forces


def _colloquial(clause: Clause) -> tuple[int, Mark, str, bool] | None:
    for sort in ("prohibition", "release", "power", "duty"):
        for word in _plain()[sort]:
            place = clause.text.find(word)
            if place >= 0:
                at = next(
                    (at for at, token in enumerate(clause.tokens) if token.start >= place + len(word)),
                    len(clause.tokens),
                )
                return at, Mark(sort), word, False
    return None


def _governing(statement: Statement) -> list[tuple[_Forced, Pairs]]:
    """The words of force of a sentence, each with the matter of its clause and of those that follow without one."""
    found: list[tuple[_Forced, Pairs]] = []
    for clause in statement.clauses:
        forced = _words_of_force(clause)
        marks = {token.mark for token in forced}
        if len(marks) > 1:  # 鼓励…可以…: nobody knows which governs
            found = []
            continue
        if not forced:
            if found:
                last, matter = found[-1]
                found[-1] = (last, matter | clause.pairs)
            continue
        at = clause.tokens.index(forced[0])
        matter = content(clause.tokens[at:])
        subjects = frozenset(token.group for token in clause.tokens[:at] if token.mark is Mark.BODY)
        found.append((_Forced(forced[0].mark, forced[0].text, matter, ("", ""), True, subjects), matter))
    return found


def _other_force(said: Statement, held: Sequence[Statement]) -> Iterator[str]:
    for clause in said.clauses:
        ours = _forced(clause)
        if ours is None or not ours.matter or any(word in clause.text for word in _plain()["other_acts"]):
            continue
        theirs = [
            (one, matter, statement)
            for statement in held
            if about(said.pairs, statement) or about(ours.matter, statement)
            for one, matter in _governing(statement)
        ]
        near = _on_the_same(ours, theirs)
        if len({one.mark for one, _ in near}) != 1:
            continue
        one, statement = near[0]
        sure = _CONFLICTS.get((one.mark, ours.mark))
        if sure is None or (sure and not ours.sure):
            continue
        if one.mark is Mark.ENCOURAGEMENT and any(token.mark is Mark.ENCOURAGEMENT for token in clause.tokens):
            continue  # 应当引导 for 引导
        if ours.subjects and one.subjects and not ours.subjects & one.subjects and ours.mark is Mark.POWER:
            continue  # what another may do about it
        if ours.mark is Mark.POWER and any(word in clause.text for word in _plain()["conditional"]):
            continue  # 取得许可后才可以
        if _negations(said) != _negations(statement) or one.word.endswith("不"):
            continue
        yield _FORCE.format(one.word, ours.word)


def _on_the_same(ours: _Forced, theirs: Sequence[tuple[_Forced, Pairs, Statement]]) -> list[tuple[_Forced, Statement]]:
    """The provision's words of force before the same matter: the same verb, else most of what follows."""
    verb = [
        (one, statement)
        for one, matter, statement in theirs
        if ours.verb in matter and share(ours.matter, statement.pairs) >= SAME_SENTENCE
    ]
    if verb:
        return verb
    best = max((share(ours.matter, matter) for _, matter, _ in theirs), default=0.0)
    if best < SAME_MATTER:
        return []
    return [(one, statement) for one, matter, statement in theirs if share(ours.matter, matter) == best]


def _negations(statement: Statement) -> int:
    return sum(token.mark is Mark.NEGATION for clause in statement.clauses for token in clause.tokens)


def _left_to_choice(said: Statement, near: Statement, provision: str) -> Iterator[str]:
    """由企业自愿 where the provision commands."""
    word = next((word for word in _plain()["choice"] if word in said.text and word not in provision), None)
    if word is None:
        return
    forced = _governing(near)
    if forced and all(one.mark is Mark.DUTY for one, _ in forced):
        yield _FORCE.format(forced[0][0].word, word)


def _not_needed(said: Statement, near: Statement, provision: str) -> Iterator[str]:
    """不需要批准 where the provision has somebody approve."""
    words = _plain()
    if any(word in provision for word in words["no_need"]):
        return
    for word in words["no_need"]:
        act = next(
            (act for act in words["acts"] if any(said.text.find(word + by + act) >= 0 for by in words["by"])), None
        )
        if act is None or act not in near.text or _negations(said) != _negations(near):
            continue
        if any(token.mark in (Mark.RELEASE, Mark.PROHIBITION) for clause in near.clauses for token in clause.tokens):
            continue
        yield _FORCE.format(act, word + act)


def _no_exception(said: Statement, provision: str) -> Iterator[str]:
    """一律 where the provision excepts something."""
    words = _plain()
    word = next((word for word in words["no_exception"] if word in said.text and word not in provision), None)
    exception = next((one for one in words["exception"] if one in provision), None)
    if word is not None and exception is not None and "除" not in said.text:
        yield _SCOPE.format(exception, word)


def _rights(said: Statement, near: Statement, provision: str) -> Iterator[str]:
    """A right of a firm where the provision only speaks of what government does."""
    words = _plain()
    right = next((word for word in words["right"] if word in said.text), None)
    if right is None or any(word in provision for word in words["right_given"]):
        return
    if not any(word in said.text for word in words["benefit"]):
        return
    holder = said.text[: said.text.index(right)]
    if any(word in holder for word in words["official"]):
        return
    forced = [token for clause in near.clauses for token in clause.tokens if token.mark in FORCES]
    bodies = [token for clause in near.clauses for token in _subjects_of(clause)]
    if forced and bodies and all(token.group in (GOVERNMENT, "主管部门") for token in bodies):
        yield _RIGHT.format(bodies[0].text + forced[0].text, right)


def _subjects_of(clause: Clause) -> list[Token]:
    """The bodies before the word of force of a clause."""
    at = next((at for at, token in enumerate(clause.tokens) if token.mark in FORCES), 0)
    return [token for token in clause.tokens[:at] if token.mark is Mark.BODY]


def _narrower(said: Statement, near: Statement) -> Iterator[str]:
    """A duty or a prohibition that the provision has for a part: 核心区, 新建."""
    forces = {token.mark for clause in near.clauses for token in clause.tokens if token.mark in FORCES}
    if not forces or not forces <= {Mark.DUTY, Mark.PROHIBITION}:
        return
    ours = {forced.mark for clause in said.clauses if (forced := _forced(clause)) is not None}
    if not ours & {Mark.DUTY, Mark.PROHIBITION}:
        return
    for word in _plain()["part_before"]:
        at = near.text.find(word)
        noun = near.text[at + len(word) :].removeprefix("的")[:KEPT]
        if at < 0 or word in said.text or len(noun) < KEPT or noun[0] in _JOINS or near.text.count(noun) > 1:
            continue
        place = said.text.find(noun)
        listed = near.text[max(0, at - 1) : at] in _JOINS and at > 0
        if place >= 0 and not listed and (place == 0 or said.text[place - 1] not in word):
            yield _SCOPE.format(word + noun, noun)
    for word in _plain()["part_behind"]:
        at = near.text.find(word)
        if at < 0 or word[:2] in said.text:
            continue
        before = near.text[:at].removesuffix("的")
        noun = before[-KEPT:]
        place = said.text.find(noun)
        if len(noun) < KEPT or place < 0:
            continue
        length = _common_end(before, said.text[: place + KEPT])
        yield _SCOPE.format(near.text[len(before) - length : at + len(word)], before[len(before) - length :])


def _common_end(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[-length - 1] == other[-length - 1]:
        length += 1
    return length


def _pairs_of_words(said: Statement, near: Statement, provision: str) -> Iterator[str]:
    """One word of a pair (全国, 本省) for another, wherever the two stand."""
    if share(said.pairs, near.pairs) < CLOSE:
        return
    contrasts = {row["name"]: row for row in load_words()["contrast"] if row.get("anywhere")}
    ours = [token for clause in said.clauses for token in clause.tokens if token.mark is Mark.CONTRAST]
    theirs = [token for clause in near.clauses for token in clause.tokens if token.mark is Mark.CONTRAST]
    for token in ours:
        row = contrasts.get(token.group)
        others = [one for one in theirs if one.group == token.group]
        if row is None or not others or token.text in provision:
            continue
        if any(one.key == token.key or one.text in said.text for one in others):
            continue
        parts = row.get("parts", {})
        if any(token.text in parts.get(one.text, ()) or one.text in parts.get(token.text, ()) for one in others):
            continue
        yield _SCOPE.format(others[0].text, token.text)
