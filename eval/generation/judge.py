"""What a shown statement is worth by code that shares nothing with the verification: plain lists and substrings.

It errs towards calling a statement misleading; the reading beside it says where it was wrong.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import assistant
from assistant.schema import Status
from eval.generation.replies import Shown
from eval.question_file import Question

# Arabic and Chinese numbers with what shows that something is counted. Matches 30, 百分之十, 五十万元; refuses 一些.
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?%?|百分之[〇零一二三四五六七八九十百]+|[〇零一二三四五六七八九十百千万亿两]+(?=元|年|月|日|天|亩|倍|折|成|人|家|个月)"
)
_BODY = re.compile(r"[\u4e00-\u9fff]{1,6}(?:局|厅|总局|委员会|法院|公司|银行)")
_TITLE = re.compile(r"《[^》]*》|第[一二三四五六七八九十百〇零\d]+[条款项章]")
_NEGATIVE = ("不得", "禁止", "无需", "无须", "没有", "不用", "不能", "不会", "不可以", "不", "未", "没")
_FORCES = (
    ("应当", "必须", "应该"),
    ("可以", "有权", "允许"),
    ("不得", "禁止", "严禁"),
    ("鼓励", "支持", "引导", "推动", "探索"),
)
# What only a promise says.
_PROMISES = ("会", "将", "能够", "一定", "保证", "都能", "享受", "免费", "全部")
_HARMLESS = ("社会", "会同", "委员会", "协会", "管委会", "机会", "将来", "不断", "不仅", "不同", "未来")


@dataclass(frozen=True, slots=True)
class Judged:
    """Why a statement would mislead; empty where code finds nothing."""

    reasons: tuple[str, ...]

    @property
    def misleads(self) -> bool:
        """Whether it would."""
        return bool(self.reasons)


def judge(text: str, keys: Sequence[str], shown: Sequence[Shown], question: Question) -> Judged:
    """Return what is wrong with a statement shown for a question, by its citation and its words."""
    if question.expect is Status.ABSTAINED:
        return Judged(("答了没有的事",))
    cited = [one for one in shown if one.key in keys]
    reasons = []
    units = {one.provision.partition(".")[0] for one in cited}
    if not cited or len(cited) < len(set(keys)):
        reasons.append("没有出处")
    elif not units & set(question.right):
        reasons.append("出处不对")
    evidence = "".join(one.text for one in (cited or shown))
    sentence = _nearest(text, evidence)
    if any(number not in evidence for number in _NUMBER.findall(text)):
        reasons.append("数字")
    if any(name not in evidence for name in (*_TITLE.findall(text), *_BODY.findall(text), *_places(text))):
        reasons.append("名称")
    said, held = _plain(text), _plain(sentence)
    if any(word in said for word in _NEGATIVE) != any(word in held for word in _NEGATIVE):
        reasons.append("否定")
    if _force(said, held):
        reasons.append("强度")
    return Judged(tuple(reasons))


def _force(said: str, held: str) -> bool:
    for number, words in enumerate(_FORCES):
        if any(word in said for word in words) and not any(word in held for word in words):
            return True
        encouraged = number == len(_FORCES) - 1
        if encouraged and any(held.startswith(word) for word in words) and not any(word in said for word in words):
            return True  # what is only encouraged, told as a fact
    return any(word in said and word not in held for word in _PROMISES)


def _plain(text: str) -> str:
    for word in _HARMLESS:
        text = text.replace(word, "")
    return text


def _nearest(text: str, evidence: str) -> str:
    """Return the sentence of the evidence that shares most pairs of characters with a statement."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    sentences = [one for one in re.split("[。；]", evidence) if one] or [""]
    return max(sentences, key=lambda one: len(pairs & {one[at : at + 2] for at in range(len(one) - 1)}))


@cache
def _names() -> tuple[str, ...]:
    path = Path(assistant.__file__).parent / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) > 1]
    return tuple(dict.fromkeys(row[1] for row in rows if len(row[1]) > 2))


def _places(text: str) -> list[str]:
    return [name for name in _names() if name in text]
