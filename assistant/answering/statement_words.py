"""What a model's statement may not write by itself: labels, numbers, names, weighty words, held against its evidence.

Every function returns the first thing that the evidence does not have, "" where there is none; texts are folded
(`assistant.citing.comparable.fold`) unless said otherwise.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from assistant.citing.amounts import AmountKind, find_amounts
from assistant.citing.comparable import fold
from assistant.citing.matters import Statement
from assistant.citing.offices import Sort, find_offices
from assistant.citing.wordlists import either
from assistant.retrieval.places import find_places


@cache
def statement_words() -> Mapping[str, Any]:
    """Return the lists of `data/statements.toml`."""
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
# Beginnings and ends that a sentence has only where it was torn. Matches 的规定…, 中提到…, …根据。; refuses 中部地区….
_FRAGMENT = re.compile(
    r"^(?:的|中(?:提到|规定|写明|的)|[和及与或》>，、])|(?:和|与|及|或|根据|依据|按照|依照|[的、，：（“《])[。！？]?$"
)
# What no sentence of a provision has. Matches http://, @, <b>, {; refuses full-width brackets.
_FOREIGN = re.compile(r"https?:|www\.|[@<>{}|\\#$^~=_]")


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
    return re.compile(f"(?:{either(statement_words()['courtesies']['words'])})[，,：:！!]")


def other_labels(text: str, said: str, original: str, held: str) -> str:
    """Return a title, label, document number or quotation that is not the evidence's to the letter; "" for none."""
    for match in (*_TITLE.finditer(text), *_LABEL.finditer(said), *_DOCUMENT_NUMBER.finditer(said)):
        if match[0] not in original and match[0] not in held:
            return match[0]
    return next((quote for quote in _QUOTED.findall(text) if fold(quote) not in held), "")


def foreign_words(said: str, held: str, asked: str) -> str:
    """Return what is no Chinese sentence: an address, mark-up, a word of another language that nobody wrote."""
    if match := _FOREIGN.search(said):
        return match[0]
    known = f"{held}\n{asked}".casefold()
    return next((word for word in _LATIN.findall(said) if word.casefold() not in known), "")


def other_number(said: str, held: str) -> str:
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


def other_name(said: str, held: str, asked: str) -> str:
    """Return a place that neither evidence nor question names, or a body that the evidence does not; "" for none.

    Who is to act is the provision's to say: a body of the question in its place would change the rule.
    """
    for place in find_places(said):
        if place.text not in held and place.text not in asked:
            return place.text
    theirs = find_offices(held)
    named = held.replace("人民政府", "政府")
    for office in find_offices(said):
        if office.text.replace("人民政府", "政府") in named:
            continue
        if office.sort is Sort.ORGAN and any("".join(pair) in held for pair in pairwise(office.field or office.text)):
            continue  # what only ends like a body (引进专业化运营机构) is left to the words it is made of
        official = office.sort in (Sort.GOVERNMENT, Sort.DEPARTMENT)
        # 政府, 有关部门: who that is, the provision beside it says.
        if official and not office.field and not office.levels and any(one.sort is office.sort for one in theirs):
            continue
        return office.text
    return ""


@cache
def _weighty() -> re.Pattern[str]:
    words = statement_words()
    listed = {word for row in words["must_stand"].values() for word in row}
    return re.compile(either({*listed, *words["look_alikes"]["words"]}))


def other_word(said: str, held: str, titles: str) -> str:
    """Return a weighty word that the evidence has not; "" for none."""
    harmless = frozenset(statement_words()["look_alikes"]["words"])
    theirs = set(_weighty().findall(held))
    kinds = frozenset(statement_words()["must_stand"]["documents"])
    for word in _weighty().findall(said):
        if word not in harmless and word not in theirs and not (word in kinds and word in titles):
            return str(word)
    return ""


def is_fragment(said: str) -> bool:
    """Return whether a sentence begins or ends in the middle of one: 中提到的“…”和.

    >>> is_fragment("的规定进行合作。"), is_fragment("政府应当协调能源供应。")
    (True, False)
    """
    return _FRAGMENT.search(said) is not None


def yes_or_no(told: Iterable[Statement]) -> str:
    """Return a clause that answers yes or no by itself (是的，…), "" for none: nobody compared it with the question."""
    alone = frozenset(statement_words()["yes_no"]["clauses"])
    return next((one.text for row in told for one in row.clauses if one.text in alone), "")
