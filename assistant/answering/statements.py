"""What a model writes, read as it comes: whole statements with the keys they stand on, and no mark lost.

A statement is a sentence; the keys behind a run of sentences (or before a line) are the keys of each of them. What has
no key stays a statement without one, so that whoever verifies can withhold it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_STATEMENTS = 12  # of one reply
MAX_LENGTH = 400  # characters of one statement; a longer run is no sentence
_KEY = r"[A-Z][2-9][A-Z]"
_ONE = rf"(?<![0-9A-Za-z]){_KEY}(?![0-9A-Za-z])"
# Keys as models write them. Matches [K7Q], 【K7Q、A2B】, (K7Q), 条文K7Q, [条文 K7Q], K7Q; refuses AK7QB, GB2312.
MARK = re.compile(
    rf"[\[【［（(〔]\s*(?:(?:编号|条文|依据)\s*[:：]?\s*)?{_ONE}(?:[\s、,，;；和]*{_ONE})*\s*[\]】］）)〕]"
    rf"|(?:(?:编号|条文)\s*[:：]?\s*)?{_ONE}",
    re.IGNORECASE,
)
_CODE = re.compile(_ONE, re.IGNORECASE)
# What may stand between keys and the sentence that follows, and what shows that the keys may not be whole yet.
_BETWEEN = re.compile(r"[\s。；;，,.、]*")
_GOES_ON = re.compile(r"[\[【［（(〔\]】］）)〕0-9A-Za-z编条依和]")
# The end of a sentence. Matches 。 ！ and the marks of a quotation that close behind them.
_SENTENCE = re.compile(r"[^。！？!?]+(?:[。！？!?]+[”’」』）)]*|$)")
# What models set in front of a line. Matches - , * , 1. , 2、, （1）, **; refuses 1亿元.
_BULLET = re.compile(r"^(?:\s|[-*•·>#]+\s|\d{1,2}[.、)）]\s*(?=\D)|[（(]\d{1,2}[）)]|[①-⑩])+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_THINK = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_OPEN = "<think>"


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
        at = mark.end()
        if leading:
            if before.strip(" 　:：，,。.；;"):
                yield before, waiting
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
        yield rest, waiting
        return
    if waiting:
        yield text, waiting
    yield rest, ()


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
    return MARK.match(_BULLET.sub("", _EMPHASIS.sub("", line))) is not None


def _tidy(sentence: str) -> str:
    said = _BULLET.sub("", sentence).strip(" 　:：，,；;-*").strip()
    said = said if any(char.isalnum() for char in said) else ""
    if said and said[-1] not in "。！？!?”」）)":
        said = said.rstrip(".") + "。"
    return said
