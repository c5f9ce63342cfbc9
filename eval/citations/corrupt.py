"""The ten ways in which a true citation is corrupted.

Each takes what citations are drawn from and returns a claim before and after, or None where what was drawn does not
suit. Whether the corrupted claim is really wrong is not decided here: `gold` looks at the documents.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.parsing.ids import Step, parse_path
from eval.citations.claims import Claim, Mode
from eval.citations.corpus import title_form
from eval.citations.truths import Drawn, World, statute_articles


@dataclass(frozen=True, slots=True)
class Corruption:
    """A claim before and after; `source` is the id of the provision the true one cites, `how` says which way."""

    truth: Claim
    wrong: Claim
    source: str
    how: str


Maker = Callable[[World, random.Random], "Corruption | None"]
ANY = (Mode.QUOTE,) * 5 + (Mode.BARE,) * 2 + (Mode.VERBATIM,) * 2 + (Mode.PARAPHRASE,)
QUOTED = (Mode.QUOTE,) * 4 + (Mode.BARE,)
WORDED = (Mode.QUOTE,) * 2 + (Mode.PARAPHRASE,)


def number(world: World, draw: random.Random) -> Corruption | None:
    """Another article number: next to it, ten off, digits swapped, behind the last, a 之一 lost or made up."""
    drawn = world.draw(draw, draw.choice(ANY))
    if drawn is None:
        return None
    step, *rest = parse_path(drawn.claim.path)
    last = statute_articles(world.corpus.held[drawn.provision.doc_id])[-1].number
    assert last is not None
    how = draw.choice(("next", "ten", "swapped", "behind", "branch"))
    if how == "next":
        moved = replace(step, number=step.number + draw.choice((-1, 1)))
    elif how == "ten":
        moved = replace(step, number=step.number + draw.choice((-10, 10)))
    elif how == "swapped":
        digits = list(str(step.number))
        draw.shuffle(digits)
        moved = replace(step, number=int("".join(digits)))
    elif how == "behind":
        moved = replace(step, number=last[0] + draw.randint(1, 30), branch=0)
    else:
        moved = replace(step, branch=0 if step.branch else draw.choice((1, 2)))
    return _elsewhere(drawn, [moved, *rest], how) if moved.number > 0 else None


def level(world: World, draw: random.Random) -> Corruption | None:
    """Another paragraph or item, or one made up under an article."""
    drawn = world.draw(draw, draw.choice(ANY), level=draw.choice("apppii"))
    if drawn is None:
        return None
    steps = list(parse_path(drawn.claim.path))
    last = steps[-1]
    if last.letter == "a":
        steps.append(Step(draw.choice("pi"), draw.randint(2, 6)))
        return _elsewhere(drawn, steps, "made_up")
    other = [n for n in (last.number - 1, last.number + 1, last.number + 2, last.number + 5) if n > 0]
    if draw.random() < 0.2 and len(steps) == 3:  # the paragraph above the item
        steps[1] = replace(steps[1], number=steps[1].number + draw.choice((-1, 1)))
        return _elsewhere(drawn, steps, "above") if steps[1].number > 0 else None
    steps[-1] = replace(last, number=draw.choice(other))
    return _elsewhere(drawn, steps, "paragraph" if last.letter == "p" else "item")


def _pairs(*lines: str) -> tuple[tuple[str, str], ...]:
    """Return ("条例", "办法") for 条例→办法; with nothing behind the arrow the word is left out."""
    found = [pair.partition("→") for line in lines for pair in line.split()]
    return tuple((one, other) for one, _, other in found)


# One word of a title for another, or left out. Both ways round.
_WORDS = _pairs(
    "条例→办法 条例→规定 规定→办法 条例→细则 解释→规定 若干→有关 若干→ 暂行→ 管理→ 保护→ 促进→ 安全→ 实施→执行",
    "管理→监督 保护→保障 促进→推进 促进→发展 安全→治安 防治→治理 服务→管理 建设→发展 监督→检查 登记→备案 组织→机构",
    "案件→纠纷 审理→办理 问题→事项 审判→执行 资源→能源 环境→生态 城市→城镇 农村→乡村 企业→公司 技术→科技 污染→公害",
    "工作→事业 人员→职工 权益→权利 交通→运输 卫生→健康 教育→培训 文化→文物 未成年人→青少年 老年人→老人",
)


def title(world: World, draw: random.Random) -> Corruption | None:
    """One word of the title is another, is missing or was made up."""
    drawn = world.draw(draw, draw.choice(ANY))
    if drawn is None:
        return None
    own = drawn.claim.title
    ways = [(one, other) for pair in _WORDS for one, other in (pair, pair[::-1]) if one and one in own]
    if draw.random() < 0.15 and (end := re.search(r"(?:条例|办法|规定|细则)$", own)):
        return _titled(drawn, own[: end.start()] + draw.choice(("管理", "暂行", "实施", "促进")) + end[0], "added")
    if not ways:
        return None
    one, other = draw.choice(ways)
    at = own.rindex(one)
    return _titled(drawn, own[:at] + other + own[at + len(one) :], "replaced" if other else "left_out")


def parent(world: World, draw: random.Random) -> Corruption | None:
    """The law for its implementing rule, or the rule for its law."""
    if not world.families:
        return None
    own, other = draw.choice(world.families)
    drawn = world.draw(draw, draw.choice(QUOTED), doc_id=own)
    if drawn is None:
        return None
    return _titled(drawn, world.corpus.held[other].metadata.title, "parent" if _rules(world, own, other) else "child")


def _rules(world: World, own: str, other: str) -> bool:
    names = [title_form(world.corpus.held[one].metadata.title) for one in (own, other)]
    return len(names[0]) > len(names[1])


def province(world: World, draw: random.Random) -> Corruption | None:
    """The regulation of another province or city, held or not."""
    if not world.places:
        return None
    doc_id = draw.choice(tuple(world.places))
    own, others = world.places[doc_id]
    drawn = world.draw(draw, draw.choice(ANY), doc_id=doc_id)
    if drawn is None or not others:
        return None
    rest = drawn.claim.title[len(own) :]
    held = [place for place in others if world.corpus.named(place + rest)]
    where = draw.choice(held) if held and draw.random() < 0.7 else draw.choice(others)
    return _titled(drawn, where + rest, "held" if where in held else "not_held")


# Characters that are taken for one another, both ways round.
_LIKE = _pairs(
    "已→己 未→末 人→入 日→曰 土→士 千→干 侯→候 拆→折 帐→账 像→象 象→向 做→作 他→其 以→已 应→因 者→着 在→再 即→既 计→记",
    "权→全 企→业 部→布 分→份 制→治 级→及 事→实 备→被 定→订 至→止 设→社 依→一 管→官 期→其 律→率 县→市 省→市 区→县",
)
_DIGITS = "一二三四五六七八九十"
_NUMERALS = frozenset(_DIGITS + "0123456789")


def character(world: World, draw: random.Random) -> Corruption | None:
    """One character of the quote is another, is missing, is double, or has changed places; an amount is another."""
    mode = draw.choice((Mode.QUOTE,) * 9 + (Mode.VERBATIM,))
    drawn = world.draw(draw, mode)
    if drawn is None:
        return None
    words = drawn.claim.words
    inner = [at for at in range(1, len(words) - 2) if "\u4e00" <= words[at] <= "\u9fff"]
    # An amount or a term; neither the number of an article nor that in front of an item.
    amounts = [at for at in range(1, len(words)) if words[at] in _NUMERALS and words[at - 1] not in "第（("]
    how = draw.choice(("like", "other", "other", "missing", "double", "swapped", "amount"))
    if mode is Mode.VERBATIM or how == "amount":
        if not amounts:
            return None
        how, at = "amount", draw.choice(amounts)
        digits = _DIGITS if words[at] in _DIGITS else "123456789"
        return _worded(drawn, words[:at] + draw.choice(digits.replace(words[at], "")) + words[at + 1 :], how)
    if not inner:
        return None
    at = draw.choice(inner)
    if how == "missing":
        changed = words[:at] + words[at + 1 :]
    elif how == "double":
        changed = words[:at] + words[at] * 2 + words[at + 1 :]
    elif how == "swapped":
        changed = words[: at - 1] + words[at] + words[at - 1] + words[at + 1 :]
    elif how == "other":
        changed = words[:at] + words[draw.choice(inner)] + words[at + 1 :]
    else:
        both = [pair for one, other in _LIKE for pair in ((one, other), (other, one))]
        likes = [(at, to) for at in inner for one, to in both if words[at] == one]
        if not likes:
            return None
        at, to = draw.choice(likes)
        changed = words[:at] + to + words[at + 1 :]
    return _worded(drawn, changed, how)


def force(world: World, draw: random.Random) -> Corruption | None:
    """应当 and 可以 are swapped at one place."""
    drawn = world.draw(draw, draw.choice((Mode.QUOTE, Mode.QUOTE, Mode.VERBATIM)))
    return None if drawn is None else _exchanged(drawn, draw, (("应当", "可以"), ("可以", "应当")))


# A negation and what is left of it.
_NEGATIONS = _pairs(
    "不得→得 不得→可以 不予→予以 不能→能 不应→应 不再→再 不属于→属于 不符合→符合 不适用→适用 不足→足",
    "未经→经 未按→按 未依→依 未取得→取得 禁止→允许 无→有 没有→有 不→ 未→",
)


def negation(world: World, draw: random.Random) -> Corruption | None:
    """A negation is dropped at one place."""
    drawn = world.draw(draw, draw.choice((Mode.QUOTE, Mode.QUOTE, Mode.VERBATIM)))
    return None if drawn is None else _exchanged(drawn, draw, _NEGATIONS)


def _exchanged(drawn: Drawn, draw: random.Random, pairs: Sequence[tuple[str, str]]) -> Corruption | None:
    words = drawn.claim.words
    ways = [(match.start(), one, other) for one, other in pairs for match in re.finditer(one, words)]
    if not ways:
        return None
    at, one, other = draw.choice(ways)
    return _worded(drawn, words[:at] + other + words[at + len(one) :], f"{one}→{other}")


def neighbour(world: World, draw: random.Random) -> Corruption | None:
    """The words of the article or paragraph next to the one that is cited."""
    drawn = world.draw(draw, draw.choice((Mode.QUOTE,) * 4 + (Mode.VERBATIM,)), level=draw.choice("ap"))
    if drawn is None:
        return None
    held = world.corpus.held[drawn.provision.doc_id]
    row = [one for one in held.provisions if one.parent == drawn.provision.parent and one.kind is drawn.provision.kind]
    at = row.index(drawn.provision)
    beside = [row[other] for other in (at - 1, at + 1) if 0 <= other < len(row)]
    words = world.words(draw, draw.choice(beside)) if beside else ""
    return _worded(drawn, words, "article" if drawn.provision.id.count(".") == 0 else "paragraph") if words else None


def repealed(world: World, draw: random.Random) -> Corruption | None:
    """A document that is out of force: as such, with the year of an old version, or an old version's words."""
    if not world.ended:
        return None
    old = draw.choice(world.ended)
    later = [one for one in world.corpus.named(old.title) if one != old.id and one in world.pool]
    how = draw.choice(("year", "words")) if later else "ended"
    mode = Mode.QUOTE if how == "words" else draw.choice(ANY)
    drawn = world.draw(draw, mode, doc_id=old.id)
    year = old.promulgated.year if old.promulgated else None
    if drawn is None or (how == "year" and year is None):
        return None
    wrong = replace(drawn.claim, year=year) if how == "year" else drawn.claim
    return Corruption(drawn.claim, wrong, drawn.provision.id, how)


KINDS: Mapping[str, Maker] = {
    "number": number,
    "level": level,
    "title": title,
    "parent": parent,
    "province": province,
    "character": character,
    "force": force,
    "negation": negation,
    "neighbour": neighbour,
    "repealed": repealed,
}


def _elsewhere(drawn: Drawn, steps: Sequence[Step], how: str) -> Corruption:
    path = ".".join(f"{step.letter}{step.number}" + (f"-{step.branch}" if step.branch else "") for step in steps)
    return Corruption(drawn.claim, replace(drawn.claim, path=path), drawn.provision.id, how)


def _titled(drawn: Drawn, title: str, how: str) -> Corruption:
    return Corruption(drawn.claim, replace(drawn.claim, title=title), drawn.provision.id, how)


def _worded(drawn: Drawn, words: str, how: str) -> Corruption:
    return Corruption(drawn.claim, replace(drawn.claim, words=words), drawn.provision.id, how)
