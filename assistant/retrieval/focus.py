"""What of a long question is asked: a story cut to its questions, and two questions taken apart."""

import re
from collections.abc import Sequence

from assistant.retrieval.terms import terms_for

# Under this many characters a question is searched as it is: every word of it is as likely to tell as to mislead.
LONG = 45
# A part of a question that is to be searched alone says so much at least: 降多少 asks about what went before.
MIN_PART = 5
MAX_PARTS = 3
# Ends of sentences, then of clauses.
_SENTENCE = re.compile(r"(?<=[。！？!?；;\n])")
_CLAUSE = re.compile(r"(?<=[，,。！？!?；;：:\n])")
# Words that ask. Matches 能不能降, 有没有补贴, 认不认, 咋办, 凭啥; refuses 没有补贴, 什么都好.
_ASKS = re.compile(
    r"[？?]|[吗么嘛呢]\W*$|(\w)不\1|有没有|有冇|有无|能否|可否|是否|会否|怎么|怎样|咋|如何|多少|多久|多长|几[天年个成]|哪[些个条里种儿]?|啥|什么|谁"
    r"|为何|为什么|凭什么|乜嘢?|咩嘢|边[个度位]|点解|点样|几多|想问|想知道|就问|请问|要问|问一下|问下|核心|[行好中成对]不\W*$|没\W*$|不\W*$"
)
# Words that begin a second question. Matches 还有 in 电费能降吗，还有地怎么拿; refuses 还有 in 手里还有点股权.
_SECOND = re.compile(
    r"(?<=[，,。；;？?！!\s])(?:还有|另外|再就是|再有|再一个|再者|顺便|其次|同时|以及)(?:想?问[一]?下?|的?就?是)?[，,：:]?"
)
# The same, the words kept with the question that they begin.
_SECOND_KEPT = re.compile(r"(?<=[，,。；;？?！!\s])(?=(?:还有|另外|再就是|再有|再一个|再者|顺便|其次|同时|以及))")
# 一是…，二是…. Matches 二是 after ，; refuses 星期二是.
_COUNTED = re.compile(r"(?<=[，,；;。：:\s])(?:第?[一二三四]是|第[一二三四个]+[，,、]?|[一二三四]、)")


def asks(text: str) -> bool:
    """Return whether a sentence or clause asks.

    >>> asks("合不合法"), asks("我在佛山开厂")
    (True, False)
    """
    return bool(_ASKS.search(text))


def focused(text: str) -> str:
    """Return the clauses of a long question that ask, and those that bear its topic; "" where that is all of it.

    A clause bears the topic where a word of it stands for a term of art. What stands right before a clause that asks is
    kept with it, for 这样行不行 asks about it. A short question is not cut, nor a story that asks nothing.

    The clauses are searched beside the whole story, not instead of it: on 33 tuning questions of more than 40
    characters the first five then hold a right provision for 94 %, whole for 91 %; a right one stands first for 73 %
    both ways, and for 67 % of the clauses alone.
    """
    if len(text) <= LONG:
        return ""
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    asking = [number for number, clause in enumerate(clauses) if asks(clause)]
    if not asking:
        return ""
    kept = {number for number, clause in enumerate(clauses) if terms_for(clause)}
    kept |= {near for number in asking for near in (number - 1, number) if near >= 0}
    cut = "".join(clauses[number] for number in sorted(kept)).strip("，,。；;：: \n")
    return cut if len(cut) < len(text.strip("，,。；;：: \n")) else ""


def parts_of(text: str) -> tuple[str, ...]:
    """Return the questions in a question, each to be searched alone; none where it asks one thing.

    The words before a counted list (整厂从中山搬四川，一是…，二是…) belong to each of its parts.

    >>> parts_of("电费能不能降？拿地有没有指标？")
    ('电费能不能降', '拿地有没有指标')
    >>> parts_of("电费能降吗？降多少？")
    ()
    """
    counted = _COUNTED.split(text)
    if len(counted) > 2:
        lead, pieces = counted[0].strip("，,：: "), counted[1:]
        return _parts([f"{lead}，{piece}" if lead and not asks(lead) else piece for piece in pieces])
    pieces = [piece for sentence in _SENTENCE.split(text) for piece in _SECOND.split(sentence)]
    return _parts(_joined(pieces))


def asking_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the questions in a question, each with what was told before it, marks at its ends left out.

    >>> [("电费能不能降？拿地有没有指标？")[start:end] for start, end in asking_spans("电费能不能降？拿地有没有指标？")]
    ['电费能不能降', '拿地有没有指标']
    """
    spans: list[tuple[int, int]] = []
    begin = at = 0
    for piece in (piece for sentence in _SENTENCE.split(text) for piece in _SECOND_KEPT.split(sentence)):
        at += len(piece)
        if asks(piece):
            spans.append((begin, at))
            begin = at
    marks = "，,。；;：:？?！! \n"
    found = []
    for start, end in spans:
        kept = text[start:end]
        start += len(kept) - len(kept.lstrip(marks))
        end -= len(kept) - len(kept.rstrip(marks))
        found.append((start, end))
    return tuple((start, end) for start, end in found if start < end)


def _joined(pieces: Sequence[str]) -> list[str]:
    """Return the pieces that ask, each with what was told before it."""
    joined: list[str] = []
    told = ""
    for piece in pieces:
        if asks(piece):
            joined.append(told + piece)
            told = ""
        else:
            told += piece
    return joined


def _parts(pieces: Sequence[str]) -> tuple[str, ...]:
    """Return the pieces as parts when every one of them asks about something it names itself, and not the same.

    What a piece is about is told by the terms of art its words stand for. 直接倒了要罚多少 names nothing and is
    answered with what went before: of 20 tuning questions with two question marks or connectors, splitting all of them
    put a right provision first for 65 %, splitting none for 80 %; of those that this rule splits it loses none.
    """
    parts = [piece.strip("，,。；;：:？?！! \n") for piece in pieces]
    parts = [part for part in parts if part]
    alone = all(len(part) >= MIN_PART and asks(piece) for part, piece in zip(parts, pieces, strict=False))
    topics = [frozenset(terms_for(part)) for part in parts]
    apart = all(topics) and len(set(topics)) == len(topics)
    return tuple(parts) if 2 <= len(parts) <= MAX_PARTS and alone and apart else ()
