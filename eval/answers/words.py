"""What stands in the words of an answer: facts named as missing, what must not be said, what can be read out."""

import re
from collections.abc import Sequence

from assistant.answering.speech import as_spoken
from assistant.schema import Answer, Segment, SegmentKind, Words
from eval.answers.questions import Question

MAX_SPOKEN = 150
WHOLE = 0.8  # share of a question's characters
# Mark-up of Markdown or HTML, which nobody can read out. Matches [1], **应当**, <b> and &lt;; refuses 《条例》（一）.
MARKUP = re.compile(r"[*`#|\\<>]|__|\[\d+\]|\]\(|&(?:lt|gt|amp);")
# Matches 「电费打五折」 and “五折”; refuses 《广东省促进产业有序转移条例》 and an opening mark without a closing one.
QUOTED = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|‘[^‘’]*’|\"[^\"\n]*\"")
ELLIPSIS = re.compile(r"…+|\.{3,}")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def unnamed(facts: Sequence[Sequence[str]], missing: Sequence[str]) -> list[int]:
    """Return the numbers (from 0) of the facts that no entry of `missing` names: none of their words stands there.

    >>> unnamed([["金额", "多少钱"], ["期限"]], ["补贴的 金额"])
    [1]
    """
    told = "\n".join(bare(entry) for entry in missing)
    return [number for number, words in enumerate(facts) if not any(bare(word) in told for word in words)]


def repeats(entry: str, question: str) -> bool:
    """True if an entry of `missing` is little less than the question itself: it names any fact, and tells none apart.

    >>> repeats("每年补多少钱，怎么领", "每年补多少钱，怎么领？"), repeats("多少钱", "每年补多少钱，怎么领？")
    (True, False)
    """
    return len(bare(entry)) >= WHOLE * len(bare(question))


def forbidden(question: Question, answer: Answer) -> list[str]:
    """Return the strings of `never` that the answer says, on the screen or aloud, otherwise than as an echo.

    An echo is a segment that is a slice of what the asker wrote. Of an answer without segments it is a quotation of
    what the asker said (between quotation marks, left out passages marked …), or an entry of `missing` in whose words
    the string is the asker's own: it says that the documents have no such thing.
    """
    turns = (*question.turns, question.question)
    typed = [answer.segments, answer.spoken_words, *(notice.words for notice in answer.notices)]
    texts = [answer.answer, answer.spoken, *(notice.text for notice in answer.notices)]
    said = bare("\n".join(turns))
    gaps = [bare(entry) for entry in answer.missing]
    own = "\n".join(
        bare(_without_echoed_segments(words, turns)) if words else _without_echoes(plain(text), said, gaps)
        for words, text in zip(typed, texts, strict=True)
    )
    found = []
    for string in question.never:
        words = bare(string)
        in_gap = words not in said and any(words in gap for gap in gaps)
        if in_gap or words in own:
            found.append(string)
    return found


def _without_echoed_segments(words: Words, turns: Sequence[str]) -> str:
    """Return the text of segments without those that are what they claim to be, a slice of one of the turns."""
    return "".join("\n" if _is_echo(segment, turns) else segment.text for segment in words)


def _is_echo(segment: Segment, turns: Sequence[str]) -> bool:
    if segment.kind is not SegmentKind.ECHO:
        return False
    turn = turns[int(segment.source.removeprefix("h"))] if segment.source else turns[-1]
    echoed = turn[segment.start : segment.end]
    return segment.text == (as_spoken(echoed) if segment.spoken else echoed)


def _without_echoes(text: str, said: str, gaps: Sequence[str]) -> str:
    """Return the bare text without quotations of what was `said` and without the entries of `missing`."""
    own = bare(QUOTED.sub(lambda match: "\n" if _echoes(match[0][1:-1], said) else match[0], text))
    for gap in sorted(gaps, key=len, reverse=True):
        own = own.replace(gap, "\n") if gap else own
    return own


def _echoes(quotation: str, said: str) -> bool:
    return all(bare(piece) in said for piece in ELLIPSIS.split(quotation))


def plain(markdown: str) -> str:
    r"""Return Markdown as it is read: without escapes and entities.

    >>> plain(r"打5\.5折 &lt;全部&gt;")
    '打5.5折 <全部>'
    """
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    return text


def bare(text: str) -> str:
    """Return the text without white space, in small letters."""
    return "".join(text.split()).casefold()


def spoken_fits(spoken: str) -> bool:
    """True if the text can be read out: there is some, of at most 150 characters, without mark-up."""
    return bool(spoken.strip()) and len(spoken) <= MAX_SPOKEN and not MARKUP.search(spoken)
