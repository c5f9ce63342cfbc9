"""Statements that say of more, or of something else, what a provision says: 所有企业, 跨省, 有权获得."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from assistant.citing.alignment import Alignment
from assistant.citing.marks import Mark, Token, said_by
from assistant.citing.wordlists import load_words

# Shares of a clause that must be the provision's own words before a difference in it is taken for a contradiction.
ABOUT = 0.5
CLOSE = 0.7  # a word of a pair (省内, 跨省) somewhere in the clause

_SCOPE = "范围不同：条文为“{}”，文中为“{}”"
_WIDENED = "文中说“{}”，条文没有这样规定"
_ENTITLED = "条文只是“{}”，没有规定“{}”"


def widened(pair: Alignment, provision: str) -> Iterator[str]:
    """Yield in Chinese words that widen, and words of a pair, in a clause that is otherwise the provision's; folded."""
    words = load_words()["scope"]
    theirs = said_by(pair.held)
    for clause in pair.clauses:
        tokens = pair.claim[slice(*clause)]
        text = said_by(tokens)
        for word in words["look_alikes"]:
            text = text.replace(word, "")
        widening = [word for word in words["universal"] if word in text and word not in provision]
        if (
            widening
            and not any(token.mark is Mark.PROHIBITION for token in tokens)
            and not any(word in theirs for word in (*words["wide"], *words["universal"]))
            and pair.is_about(clause, ABOUT)
        ):
            yield _WIDENED.format(widening[0])
        for at in range(*clause):
            said = pair.claim[at]
            if said.mark is not Mark.CONTRAST or pair.to_held[at] >= 0 or said.text in provision:
                continue
            if not _contrasts()[said.group].get("anywhere") or not pair.is_about(clause, CLOSE):
                continue
            keys = {token.key for token in pair.claim}
            others = [token for token in pair.held if token.group == said.group]
            if others and all(token.key not in keys and not includes(token, said) for token in others):
                yield _SCOPE.format(others[0].text, said.text)


def claimed(pair: Alignment) -> Iterator[str]:
    """Yield in Chinese what is told as a claim and is an encouragement."""
    encouragement = next((token for token in pair.held if token.mark is Mark.ENCOURAGEMENT), None)
    if encouragement is None or any(token.mark in (Mark.DUTY, Mark.POWER) for token in pair.held):
        return
    for clause in pair.clauses:
        text = said_by(pair.claim[slice(*clause)])
        word = next((word for word in load_words()["force"]["entitlement"] if word in text), None)
        if word is not None and pair.is_about(clause, ABOUT):
            yield _ENTITLED.format(encouragement.text, word)


@cache
def _contrasts() -> dict[str, Any]:
    return {row["name"]: row for row in load_words()["contrast"]}


def includes(one: Token, other: Token) -> bool:
    """Whether one word of a contrast includes the other: 中西部, 西部."""
    parts = _contrasts().get(one.group, {}).get("parts", {})
    return other.text in parts.get(one.text, ()) or one.text in parts.get(other.text, ())
