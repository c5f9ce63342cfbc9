"""What a model writes, read as it comes: whole statements with the keys they stand on, and no mark lost.

A statement is a sentence; the keys behind a run of sentences (or before a line) are the keys of each of them. What has
no key stays a statement without one, so that whoever verifies can withhold it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MAX_STATEMENTS = 12  # of one reply
MAX_LENGTH = 400  # characters of one statement; a longer run is no sentence
_KEY = r"[A-Z][2-9][A-Z]"
_ONE = rf"(?<![0-9A-Za-z]){_KEY}(?![0-9A-Za-z])"
# Keys as models write them. Matches [K7Q], 【K7Q、A2B】, (K7Q), 条文K7Q, <条文 K7Q>, K7Q; refuses AK7QB, GB2312.
MARK = re.compile(
    rf"[\[【［（(〔<＜《]/?\s*(?:(?:编号|条文|依据)\s*[:：]?\s*)?{_ONE}(?:[\s、,，;；和]*{_ONE})*\s*[\]】］）)〕>＞》]"
    rf"|(?:(?:编号|条文)\s*[:：]?\s*)?{_ONE}",
    re.IGNORECASE,
)
_CODE = re.compile(_ONE, re.IGNORECASE)
# What may stand between keys and the sentence that follows, and what shows that the keys may not be whole yet.
_BETWEEN = re.compile(r"[\s。；;，,.、]*")
_GOES_ON = re.compile(r"[\[【［（(〔<＜《\]】］）)〕>＞》0-9A-Za-z编条依和]")
# Words before a key that only lead to it, and behind it. Matches 根据[K7Q]， and 的规定，; refuses 政府根据.
_LEAD = re.compile(r"(?:好的[，,]|您好[，,])?(?:根据|依据|按照|依照)\s*")
_LED = re.compile(r"\s*的?(?:有关|相关)?(?:规定|内容|要求|条文|条款)?\s*[，,：:]")
# The end of a sentence. Matches 。 ！ and the marks of a quotation that close behind them.
_SENTENCE = re.compile(r"[^。！？!?]+(?:[。！？!?]+[”’」』）)]*|$)")
# What models set in front of a line. Matches - , * , 1. , 2、, （1）, **; refuses 1亿元.
_BULLET = re.compile(r"^(?:\s|[-*•·>#]+\s|\d{1,2}[.、)）]\s*(?=\D)|[（(]\d{1,2}[）)]|[①-⑩])+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_THINK = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_OPEN = "<think>"


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


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as a model wrote it, without keys and list marks; `keys` in upper case, empty where it gave none."""

    text: str
    keys: tuple[str, ...]


class StatementReader:
    """Reads a reply piece by piece and gives every statement once it is whole; the same one twice counts once."""

    def __init__(self) -> None:
        self._text = ""
        self._seen: set[str] = set()

    def feed(self, piece: str) -> Iterator[Drafted]:
        """Yield the statements that are whole with this piece."""
        self._text += piece
        if "</think>" in self._text:
            self._text = _THINK.sub("", self._text)
        if _OPEN in self._text or any(self._text.endswith(_OPEN[:length]) for length in range(1, len(_OPEN))):
            return  # what a model thinks to itself is no answer
        yield from self._pull(ended=False)

    def finish(self) -> Iterator[Drafted]:
        """Yield what is left when the reply has ended."""
        self._text = _THINK.sub("", self._text)
        yield from self._pull(ended=True)

    def _pull(self, ended: bool) -> Iterator[Drafted]:
        while self._text:
            line, newline, _ = self._text.partition("\n")
            if end := _border(line):
                self._text = self._text[end:]
                yield from self._unit(line[:end])
            elif newline or ended:
                self._text = self._text[len(line) + len(newline) :]
                yield from self._unit(line)
            else:
                return

    def _unit(self, line: str) -> Iterator[Drafted]:
        """Yield the statements of a line, or of a part of it that ends with its marks."""
        for text, keys in _parts(line):
            for sentence in _SENTENCE.findall(text):
                said = _tidy(sentence)
                if said and said not in self._seen:
                    self._seen.add(said)
                    yield Drafted(said, keys)


def _parts(line: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (text, keys) of a line: keys behind a text, or before it where the line begins with keys."""
    line = _EMPHASIS.sub("", line)
    marks = list(MARK.finditer(line))
    leading = _leads(line)
    at = 0
    text = ""
    waiting: tuple[str, ...] = ()
    for mark in marks:
        before = line[at : mark.start()]
        keys = tuple(dict.fromkeys(code.upper() for code in _CODE.findall(mark[0])))
        at_start, at = at == 0, mark.end()
        if leading:
            if before.strip(" 　:：，,。.；;和及、") and not (at_start and _LEAD.fullmatch(_BULLET.sub("", before))):
                yield _led(before), waiting
                waiting = ()
            waiting = tuple(dict.fromkeys((*waiting, *keys)))
        elif before.strip(" 　，,。.；;"):
            if waiting:
                yield text, waiting
            text, waiting = before, keys
        else:
            waiting = tuple(dict.fromkeys((*waiting, *keys)))
    rest = line[at:]
    if leading:
        yield _led(rest), waiting
        return
    if waiting:
        yield text, waiting
    yield rest, ()


def _led(text: str) -> str:
    """Return what is said behind a key that leads: 的规定，政府应当… → 政府应当…."""
    match = _LED.match(text)
    return text[match.end() :] if match is not None else text


def _border(line: str) -> int:
    """Where the first statement of a line ends that has its keys behind it and words after them; 0 for nowhere yet."""
    if _leads(line):
        return 0
    for mark in MARK.finditer(line):
        end = mark.end()
        while True:
            between = _BETWEEN.match(line, end)
            end = between.end() if between is not None else end
            further = MARK.match(line, end)
            if further is None:
                break
            end = further.end()
        if end < len(line) and not _GOES_ON.match(line, end):
            return end
    return 0


def _leads(line: str) -> bool:
    """Whether a line begins with keys, so that they are those of what follows."""
    line = _BULLET.sub("", _EMPHASIS.sub("", line))
    lead = _LEAD.match(line)
    return MARK.match(line, lead.end() if lead is not None else 0) is not None


def _tidy(sentence: str) -> str:
    said = _BULLET.sub("", sentence).strip(" 　:：，,；;-*").strip()
    said = said if any(char.isalnum() for char in said) else ""
    if said and said[-1] not in "。！？!?”」）)":
        said = said.rstrip(".") + "。"
    return said
