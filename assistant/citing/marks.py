"""A folded text as tokens: single characters, and the words that decide what a statement says.

Two tokens with one `key` say the same: 应当 and 必须, 三十日 and 30天, 人民政府 and 政府. The words stand in
data/claims.toml and, for force, in parsing/data/force.toml.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.citing.amounts import Amount, find_amounts
from assistant.citing.wordlists import either, load_words
from assistant.parsing import force_words
from assistant.parsing.force import NOT_DUTY


class Mark(StrEnum):
    """What a token is."""

    CHARACTER = "character"
    PUNCTUATION = "punctuation"
    PLAIN = "plain"  # a longer word that hides a shorter one: 不断, 供应
    ADVERB = "adverb"
    DUTY = "duty"
    PROHIBITION = "prohibition"
    POWER = "power"
    RELEASE = "release"
    ENCOURAGEMENT = "encouragement"
    NEGATION = "negation"
    BOUND = "bound"
    AMOUNT = "amount"
    BODY = "body"
    CONTRAST = "contrast"


MODALS = frozenset({Mark.DUTY, Mark.PROHIBITION, Mark.POWER, Mark.RELEASE})
FORCES = MODALS | {Mark.ENCOURAGEMENT}
GOVERNMENT = "政府"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a folded text; `text` is its slice [start, end).

    Attributes:
        key: what it is compared by.
        group: of a body what it is, of a contrast its name; otherwise "".
        levels: of a government the levels meant (国, 省, 市, 县, 乡), empty where none is said.
        amount: the number, of an amount.
    """

    mark: Mark
    text: str
    start: int
    end: int
    key: str
    group: str = ""
    levels: frozenset[str] = frozenset()
    amount: Amount | None = None


def said_by(tokens: Iterable[Token]) -> str:
    """Return the text of tokens that follow one another."""
    return "".join(token.text for token in tokens)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: Mapping[str, tuple[Mark, str, str]]  # word → (mark, key, group)
    scan: re.Pattern[str]
    level: re.Pattern[str]
    levels: Mapping[str, frozenset[str]]


_PUNCTUATION = frozenset("。；，、：！？（）《》〈〉【】〔〕—…·.")
_NO_WORD = "(?!断|仅|但|定期|予|分|[低少高多大小迟晚长短早]于|超过)"  # after 应当不, 可以不, or it is another word
_BOUND = re.compile("[低少高多大小迟晚长短早]于|超过|不断|不定期|不仅|不分|不予")
# Words after 政府 that make another word of it: 政府采购.
_NO_GOVERNMENT = "(?!采购|网站|定价|指导价|工作报告|债|投资|职能|性基金|推动|引导|主导|信息公开|信誉|公信)"


@cache
def _lexicon() -> _Lexicon:
    data = load_words()
    words: dict[str, tuple[Mark, str, str]] = {}
    for word, sort in force_words().items():
        if sort == "look_alike":
            words[word] = (Mark.PLAIN, word, "")
    words.update((word, (Mark.PLAIN, word, "")) for word in data["negation"]["look_alikes"])
    words.update((word, (Mark.ADVERB, word, "")) for word in data["force"]["adverbs"] if len(word) > 1)
    words.update((word, (Mark.NEGATION, _negation_key(word), "")) for word in data["negation"]["words"])
    for word, sort in force_words().items():
        if sort != "look_alike" and not _BOUND.search(word):
            mark = Mark.RELEASE if word in data["force"]["release"] else Mark(sort)
            words[word] = (mark, f"<{mark.value}>", "")
    for sort in ("duty", "prohibition", "power", "encouragement", "release"):
        words.update((word, (Mark(sort), f"<{sort}>", "")) for word in data["force"][sort])
    for sort, says in data["bounds"].items():
        words.update((word, (Mark.BOUND, f"<{sort}>", "")) for word in says)
    forbidding = [word for word, (mark, _, _) in words.items() if mark is Mark.PROHIBITION and word != "应当不"]
    for sort, opposite in (("below", "at_least"), ("above", "at_most")):
        for word in data["bounds"][sort]:
            words.update((no + word, (Mark.BOUND, f"<{opposite}>", "")) for no in forbidding)
    for row in data["contrast"]:
        for number, synonyms in enumerate(row["sets"]):
            words.update((word, (Mark.CONTRAST, f"<{row['name']}:{number}>", row["name"])) for word in synonyms)
    for row in data["body"]:
        words.update((word, (Mark.BODY, word, row["group"])) for word in row["says"])
    words["国务院"] = (Mark.BODY, "<政府:国>", GOVERNMENT)
    levels = {word: frozenset(row["levels"]) for row in data["level"] for word in row["says"]}
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        guard = ""
        if word.endswith("应") and words[word][0] is Mark.PLAIN:
            guard = NOT_DUTY
        elif word.endswith("不") and words[word][0] in FORCES:
            guard = _NO_WORD
        by_first.setdefault(word[0], []).append(re.escape(word[1:]) + guard)
    # Matches 县级以上地方人民政府, 省、自治区、直辖市人民政府, 政府; refuses 政府采购, 市场.
    government = (
        rf"(?:(?:{either(levels)})(?:（[^（）]{{1,6}}）)?(?:[、和及]|以及|或者|或)?){{0,6}}(?:地方)?(?:各级)?(?:地方)?"
        rf"(?:人民政府|政府){_NO_GOVERNMENT}"
    )
    word = "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())
    return _Lexicon(
        words=words,
        scan=re.compile(f"(?P<government>{government})|(?:{word})"),
        level=re.compile(either(levels)),
        levels=levels,
    )


def _negation_key(word: str) -> str:
    return word if word in {"无", "非", "除外"} else "<not>"


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a folded text; together they are the text.

    >>> [token.text for token in tokenise("省人民政府应当在三十日内答复")]
    ['省人民政府', '应当', '在', '三十日', '内', '答', '复']
    """
    lexicon = _lexicon()
    found = [_word(match, lexicon) for match in lexicon.scan.finditer(text)]
    for amount in find_amounts(text):
        said = text[amount.start : amount.end]
        found.append(Token(Mark.AMOUNT, said, amount.start, amount.end, str(amount.key), amount=amount))
    found.sort(key=lambda token: (token.start, -token.end))
    tokens: list[Token] = []
    place = 0
    for token in found:
        if token.start < place:
            continue
        tokens += _characters(text, place, token.start)
        tokens.append(token)
        place = token.end
    return tokens + _characters(text, place, len(text))


def _word(match: re.Match[str], lexicon: _Lexicon) -> Token:
    said, start, end = match.group(), match.start(), match.end()
    if match.lastgroup == "government":
        levels = frozenset().union(*(lexicon.levels[level] for level in lexicon.level.findall(said)))
        key = f"<{GOVERNMENT}:{''.join(sorted(levels))}>"
        return Token(Mark.BODY, said, start, end, key, GOVERNMENT, levels)
    mark, key, group = lexicon.words[said]
    return Token(mark, said, start, end, key, group, frozenset({"国"}) if said == "国务院" else frozenset())


def _characters(text: str, start: int, end: int) -> list[Token]:
    return [
        Token(Mark.PUNCTUATION if text[at] in _PUNCTUATION else Mark.CHARACTER, text[at], at, at + 1, text[at])
        for at in range(start, end)
    ]
