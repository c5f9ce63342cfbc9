"""What a language model is asked: rules, provisions under short opaque keys, the question; all but rules is data."""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.schema import Citation

MAX_EVIDENCE = 6  # provisions: more drown a small model
MAX_CHARACTERS = 2_400  # of all provisions together; what is longer is left out whole, never cut
# A key is letter, digit, letter, without what is mistaken for another (I, O, 0, 1).
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_SLOT = re.compile(r"\{(\w+)\}")  # matches {keys}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model; `role` is "system" or "user"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a document under the key that a model names them by.

    Attributes:
        citation: their number in the answer.
        title: of the document; the model does not see it.
    """

    key: str
    text: str
    citation: int
    title: str = ""


@cache
def prompts() -> Mapping[str, str]:
    """Return the texts of `data/prompts.toml` by name."""
    text = files("assistant.answering").joinpath("data/prompts.toml").read_text(encoding="utf-8")
    return {name: row["text"].strip("\n") for name, row in tomllib.loads(text).items()}


def keys_for(question: str, count: int, texts: Sequence[str] = ()) -> list[str]:
    """Return `count` keys that are this question's own and stand in no text; the same question gets the same keys."""
    found: list[str] = []
    taken = "\n".join((question, *texts)).upper()
    number = 0
    while len(found) < count:
        one, two, three = hashlib.blake2b(f"{number}\n{question}".encode(errors="replace"), digest_size=3).digest()
        key = _LETTERS[one % len(_LETTERS)] + _DIGITS[two % len(_DIGITS)] + _LETTERS[three % len(_LETTERS)]
        number += 1
        if key not in found and key not in taken:
            found.append(key)
    return found


def evidence_of(question: str, citations: Sequence[Citation]) -> tuple[Evidence, ...]:
    """Return what a model is shown of an answer's citations, the first first."""
    chosen: list[Citation] = []
    length = 0
    for citation in citations[:MAX_EVIDENCE]:
        length += len(citation.quote)
        if length > MAX_CHARACTERS and chosen:
            break
        chosen.append(citation)
    keys = keys_for(question, len(chosen), [citation.quote for citation in chosen])
    return tuple(Evidence(key, one.quote, one.key, one.document) for key, one in zip(keys, chosen, strict=True))


def messages(question: str, evidence: Sequence[Evidence]) -> tuple[Message, ...]:
    """Return what is sent: the rules, then the provisions and the question inside fences they cannot close."""
    keys = [one.key for one in evidence]
    other = keys_for(question + "\n", len(keys) + 1, (question, *keys))
    bad = next(key for key in other if key not in keys)
    texts = prompts()
    provisions = "\n".join(_filled(texts["provision"], key=one.key, text=_fenced(one.text)) for one in evidence)
    system = _filled(texts["system"], keys="、".join(keys), good=keys[0], bad=bad)
    return (
        Message("system", system),
        Message("user", _filled(texts["user"], provisions=provisions, question=_fenced(question))),
    )


def _filled(template: str, **slots: str) -> str:
    """Fill every slot once: braces inside what is filled in stay what they are."""
    return _SLOT.sub(lambda match: slots[match[1]], template)


def _fenced(text: str) -> str:
    return text.strip().replace("<", "＜").replace(">", "＞")
