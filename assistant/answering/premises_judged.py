"""A claim of the asker held against the text: it stands, the text says otherwise, or nothing speaks to it.

Similar words prove nothing (assistant.citing.claims), so a claim is presumed to stand until something in it has no
ground: a number, a benefit or a penalty of which no text of the evidence speaks, a word stronger than the text's,
somebody else's task, another subject, another date or issuer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from assistant.answering.premises_claim import Cue, Premise, claimed_numbers, premise_table
from assistant.answering.premises_covered import SAME_TERM, own_words, uncovered
from assistant.citing.amounts import AmountKind, find_amounts
from assistant.citing.comparable import fold
from assistant.citing.marks import tokenise
from assistant.citing.matters import content, share, statements
from assistant.citing.values import find_periods
from assistant.retrieval.terms import terms_for
from assistant.schema import Kind, Metadata, Provision

# Characters of a claim about a named document for which the text has no word: of 170 claims made up for this, the right
# ones have at most 2 in a row and 4 in all, of the wrong ones most have more.
MAX_RUN = 3
MAX_UNCOVERED = 5
SAME_MATTER = 0.34  # share of the pairs of characters of a claim that a text about the same matter has
MIN_TOPIC = 2  # pairs of characters with which a claim can be said to be about something


class PremiseVerdict(StrEnum):
    """What becomes of a claim."""

    SUPPORTED = "supported"  # nothing in it lacks a ground
    REFUTED = "refuted"  # the provision named or found speaks, and does not say so
    UNSUPPORTED = "unsupported"  # nothing speaks to it


def judged(
    premise: Premise,
    evidence: Sequence[Provision],
    metadata: Mapping[str, Metadata] | None = None,
    articles: Mapping[str, int] | None = None,
) -> PremiseVerdict:
    """Return whether a claim stands.

    Args:
        premise: the claim.
        evidence: the provisions it names, where it names some; else the units that were found first.
        metadata: of the documents held; without it dates, issuers and repeal are not judged.
        articles: how many 条 a document has, by its id.
    """
    texts = _texts(premise, evidence, metadata)
    told = _of_the_document(premise, metadata or {}, articles or {})
    if told is not None:
        return told
    if not texts:
        return PremiseVerdict.UNSUPPORTED if any(_without_ground(premise, [])) else PremiseVerdict.SUPPORTED
    failed = list(_without_ground(premise, texts))
    if not failed:
        return PremiseVerdict.SUPPORTED
    if premise.named or "rule" in failed:
        return PremiseVerdict.REFUTED
    return PremiseVerdict.UNSUPPORTED


def speaks_to(premise: Premise, evidence: Sequence[Provision]) -> bool:
    """Return whether provisions share a word of substance with a claim, or with the terms that its words stand for."""
    text = own_words(fold(premise.text))
    held = frozenset(pair for one in evidence for pair in content(tokenise(fold(one.text))))
    terms = (content(tokenise(fold(term))) for term in terms_for(premise.text))
    return share(content(tokenise(text)), held) >= SAME_MATTER or any(share(one, held) >= SAME_TERM for one in terms)


def _texts(premise: Premise, evidence: Sequence[Provision], metadata: Mapping[str, Metadata] | None) -> list[str]:
    """Return the folded texts that may bear a claim: of the document it names, where that can be told."""
    kept = evidence
    if len(premise.documents) == 1 and metadata and not premise.paths:
        titles = {row.id for row in metadata.values() if row.title.endswith(premise.documents[0])}
        kept = [one for one in evidence if one.doc_id in titles] or evidence
    return [fold("，".join((*one.headings[-1:], one.text))) for one in kept]


def _without_ground(premise: Premise, texts: Sequence[str]) -> Iterator[str]:
    """Yield the kind ("fact", "rule") of each thing in a claim that no text bears."""
    claim = fold(premise.text)
    whole = "\n".join(texts)
    for row in premise_table()["strong"]:
        match = re.search(row["says"], claim)
        if match is None or re.search(row["holds"], whole):
            continue
        if "unless" in row and re.search(row["unless"], claim):
            continue
        if "only_with" in row and not re.search(row["only_with"], claim):
            continue
        if row.get("vague") and premise.vague and not premise.named:
            continue
        yield row["kind"]
    if _numbers_missing(premise, claim, whole):
        yield "fact"
    if _other_body(claim, whole) or _other_of_a_group(premise, claim, texts):
        yield "rule"
    if premise.paths and texts and not _speaks(claim, whole):
        yield "rule"
    if premise.named and premise.cues != (Cue.ATTRIBUTED,) and not _SOFT.search(claim):
        left = uncovered(claim, texts)
        if left.longest >= MAX_RUN or (premise.paths and left.total >= MAX_UNCOVERED):
            yield "rule"


def _numbers_missing(premise: Premise, claim: str, whole: str) -> bool:
    held = find_amounts(whole)
    if any(not any(one.agrees(other) for other in held) for one in premise.numbers if one.kind is not AmountKind.DATE):
        return True
    dates = [one for one in premise.numbers if one.kind is AmountKind.DATE]
    if any(not any(one.agrees(other) for other in held) for one in dates):
        return True
    periods = find_periods(claim) if premise.named or premise.cues != (Cue.SAID,) else ()
    return any(not any(one.agrees(other) for other in find_periods(whole)) for one in periods)


def _other_body(claim: str, whole: str) -> bool:
    """Return whether somebody is said to act whom the text does not name."""
    table = premise_table()["body"]
    for match in re.finditer(table["acts"], claim):
        for row in table["one"]:
            if any(name in match["who"] for name in row["says"]):
                return not any(name in whole for name in row["holds"])
    return False


def _other_of_a_group(premise: Premise, claim: str, texts: Sequence[str]) -> bool:
    """Return whether the sentence nearest to a claim has another word of a group: 中西部 where 东北 is claimed."""
    whole = "\n".join(texts)
    if premise.paths and any(_differs(claim, whole, row["words"]) for row in premise_table()["either"]):
        return True  # what a provision names nowhere, it does not mean
    groups = [word for row in premise_table()["either"] for word in row["words"]]
    pairs = _pairs(re.sub("|".join(groups), "，", claim))
    sentences = [one for text in texts for one in statements(text)]
    best = max(sentences, key=lambda one: len(pairs & one.pairs), default=None)
    if best is None or len(pairs & best.pairs) < (1 if premise.named else MIN_TOPIC):
        return False
    return any(_differs(claim, best.text, row["words"]) for row in premise_table()["either"])


def _differs(claim: str, text: str, group: Sequence[str]) -> bool:
    ours = {word for word in group if _stands(word, claim, group)}
    theirs = {word for word in group if _stands(word, text, group)}
    return bool(ours and theirs) and not ours & theirs


def _stands(word: str, text: str, group: Sequence[str]) -> bool:
    longer = [other for other in group if word in other and other != word]
    for other in longer:
        text = text.replace(other, "")
    return word in text


def _pairs(claim: str) -> frozenset[tuple[str, str]]:
    """Return what a claim is about: its pairs of characters and those of the terms its words stand for."""
    words = [claim, *terms_for(claim)]
    return frozenset(pair for text in words for pair in content(tokenise(own_words(fold(text)))))


# What names the provision and says that it says something. Matches 条例第三十条是讲…的; leaves 人才.
_FRAME = re.compile(
    r"(《[^》]*》|指导意见|条例|意见|文件|国家|第[一二三四五六七八九十百零〇两\d]+(条|部分|款)|\d+条)(的|里面?|里头|中|上)*"
    r"|(明确|明文|专门)?(是|也|都|就|还|不是)*(规定|要求|提到|写明|写|说|讲|关于|涉及|管|承诺|保证)(着|了|过|的|是)*|内容|方面|问题|那条|这条"
)


# What a provision is said to be about. Matches 第六条讲的是土地出让, 是关于物流的; refuses 规定政府应该修路.
_TOPIC = re.compile(
    "(?:讲|说的是|说的就是|是说|写的是|管|关于|涉及|针对)(?:的)?(?:是|就是|的是|了)?(?P<topic>[^，。；、]{2,12}?)(?:的|方面|问题|内容|这块|了)*$"
)


# A claim as mild as the texts are. Matches 应该给园区修路, 支持搬迁; refuses 必须给钱, 可以印债券.
_SOFT = re.compile("应该|应当|支持|鼓励|引导|推动|帮")


def _speaks(claim: str, whole: str) -> bool:
    """Return whether the text has a word of what a claim says it is about; True where it says no such thing."""
    topic = _TOPIC.search(claim)
    if topic is None:
        return True  # in people's own words a right claim may share little with the text
    left = _FRAME.sub("，", topic["topic"])
    pairs = content(tokenise(own_words(left)))
    held = frozenset(pair for one in statements(whole) for pair in one.pairs)
    terms = (content(tokenise(own_words(fold(term)))) for term in terms_for(left))
    return not pairs or share(pairs, held) > 0 or any(share(term, held) >= SAME_TERM for term in terms)


# --- the document itself ---
# Matches 施行, 生效, 开始执行; refuses 执行力.
_IN_FORCE = re.compile("施行|生效|实施(?!办法)|开始执行|才?执行|开始管|管用|起效|算数")
_ISSUED = re.compile("通过|公布|发布|印发|发的|出的|出台|发文")
_ISSUES = re.compile("(发|出|出台|制定|颁布|印发|公布|通过|发布|定)(的|了|$)|那里出来的")
_ALONE = re.compile("一家|单独|独自|自己")
_REPEALED = re.compile("废止|废了|作废|失效|过期|不算数|被?废(掉|除)|取消了")
_ASKED = re.compile("是不是(已经)?(废止|作废|失效|过期)")
# Matches 一共五十条, 有39条; refuses 有一条.
_COUNT = re.compile(r"(?:一共|总共|共|总计)(?:有|是)?(?P<n>[一二三四五六七八九十百\d]+)条")


def _of_the_document(
    premise: Premise, metadata: Mapping[str, Metadata], articles: Mapping[str, int]
) -> PremiseVerdict | None:
    """Return what a claim about a document itself is worth (when, by whom, in force, how long); None for others."""
    rows = [row for row in metadata.values() if any(row.title.endswith(word) for word in premise.documents)]
    claim = fold(premise.text)
    verdicts = [verdict for row in rows for verdict in _repealed(row, claim, premise)]
    if len(rows) == 1:
        verdicts += [*_dates(rows[0], claim), *_issuer(rows[0], claim), *_counted(rows[0], claim, articles)]
    if not verdicts:
        return None
    return PremiseVerdict.SUPPORTED if all(verdicts) else PremiseVerdict.REFUTED


def _dates(row: Metadata, claim: str) -> Iterator[bool]:
    years = claim if re.search(r"\d{4}年", claim) else re.sub(r"(?<!\d)(\d{2})年", r"20\1年", claim)
    years = re.sub(r"(?<=\d{4})年?(?=就|才|起|开始)", "年", years)
    dates = [one for one in claimed_numbers(years) if one.kind is AmountKind.DATE]
    if not dates:
        return
    known = row.effective if _IN_FORCE.search(claim) else row.promulgated if _ISSUED.search(claim) else None
    if known is not None:
        held = find_amounts(f"{known.year}年{known.month}月{known.day}日")
        yield all(any(one.agrees(other) for other in held) for one in dates)
    elif _ISSUED.search(claim) and (numbered := re.search(r"〔(\d{4})〕", row.number)) is not None:
        year = int(numbered[1])  # a document numbered at the year's end is published in the next
        yield all(len(one.value) > 1 or int(one.value[0]) in (year, year + 1) for one in dates)


def _issuer(row: Metadata, claim: str) -> Iterator[bool]:
    if row.issuer and _ISSUES.search(claim):
        for one in premise_table()["issuer"]:
            if any(name in claim for name in one["says"]):
                alone = "、" in row.issuer and _ALONE.search(claim) is not None
                yield not alone and any(name in row.issuer for name in one["holds"])
                return


def _repealed(row: Metadata, claim: str, premise: Premise) -> Iterator[bool]:
    told = {Cue.SAID, Cue.CONFIRMED} & {*premise.cues}
    if told and _REPEALED.search(claim) and not _ASKED.search(claim) and not re.search("没有?|未", claim):
        yield row.repealed is not None or row.expires is not None


def _counted(row: Metadata, claim: str, articles: Mapping[str, int]) -> Iterator[bool]:
    match = _COUNT.search(claim)
    if match is not None and row.id in articles and row.kind is Kind.STATUTE:
        counted = find_amounts(f"第{match['n']}")
        yield bool(counted) and int(counted[0].value[0]) == articles[row.id]
