"""承办: the body that a provision makes responsible, in the provision's own words."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from assistant.answering.segments import label, quoted, say, title
from assistant.indexing.index import Snapshot
from assistant.schema import Citation, Metadata, Responsible, text_of

_NUMERAL = "[一二三四五六七八九十百千〇零两]+"
# Where a quote says who has to act. Matches 应当 in "省人民政府应当加强", 负责 in "确定的部门负责统筹"; refuses 负责
# in "主要负责人" and "负责任".
_DUTY = re.compile(r"应当|负责(?![人任])")
# What a subject follows: the end of a sentence or of a condition, a line, or the label of an article or item. Matches
# "，", "第三十条　", "（一）"; refuses "、", which stands inside a subject.
_BEFORE = re.compile(rf"[。；：，！？\n“”]|第{_NUMERAL}条(?:之{_NUMERAL})?[ \u3000]+|（{_NUMERAL}）")
# Words between a subject and its 应当. Matches 依法 in "省人民政府依法应当"; refuses 及 in "及有关部门".
_BETWEEN = re.compile(r"(?:依法|依职权|还|也|均|都|并|共同|统一)+$")
# How the name of a public body ends. Matches 人民政府, 主管部门, 国务院, 发展改革委, 财政部, 税务局; refuses 企业,
# 建设单位, 产业布局, 全部, 金融机构 (bodies of their own).
_PUBLIC = re.compile(
    r"(?:政府|部门|机关|委员会|管委会|国务院|法院|检察院|总署|审计署|办公室|(?:管理|监管|监督|派出|经办|征收|执法)机构|派出所|海关"
    r"|(?<!常)委|(?<![布格结大全])局|厅|(?<![全内外干总分局上下各])部)$"
)
# How a phrase begins that is not the subject alone. Matches 对 in "对省人民政府"; refuses 国 in "国务院".
_NO_SUBJECT = re.compile(r"^(?:对于?|在|向|与|和|按照?|根据|依据|依照|经|因|为|会同|报)")
# A body near the caller. Matches 县级以上人民政府, 税务局, 有关主管部门; refuses 省人民政府及有关部门, 国务院, 财政部.
_NEAR = re.compile(r"县|市|各级|地方|当地|乡|镇|^(?!省|国|全国|财政部|.{0,8}部$)")
_COORDINATORS: dict[tuple[str, str], "tuple[Responsible, ...]"] = {}
MAX_KEPT = 256  # documents whose coordinator is remembered; one is found anew in a few milliseconds
MAX_CHARS = 120  # the longest list of departments in the founding regulation has 93


def responsible(
    snapshot: Snapshot, citations: Sequence[Citation], metadata: Mapping[str, Metadata]
) -> tuple[Responsible, ...]:
    """Return the public bodies that the quotes make responsible, each with the first provision that names it.

    Where the first quote names nobody a caller can go to, whom its document charges with the matter as a whole (第四条)
    stands last, with key 0. Nothing is guessed: a document that names nobody has none.
    """
    found: dict[str, Responsible] = {}
    for citation in citations:
        if span := responsible_span(citation.quote):
            body = citation.quote[slice(*span)]
            start = citation.start + span[0]
            made = _made(metadata, citation.provision, citation.label, body, start, citation.key)
            found.setdefault(body, made)
    bodies = tuple(found.values())
    if citations and not any(one.key == citations[0].key and near(one.body) for one in bodies):
        charged = coordinator(snapshot, _document(citations[0].provision), metadata)
        bodies += tuple(one for one in charged if one.body not in found)
    return bodies


def near(body: str) -> bool:
    """Return whether a body is one that a caller can go to: 县级以上人民政府, not 省人民政府."""
    return bool(_NEAR.search(body))


def coordinator(snapshot: Snapshot, doc_id: str, metadata: Mapping[str, Metadata]) -> tuple[Responsible, ...]:
    """Return whom a document charges with its matter as a whole, none where it names nobody."""
    key = (snapshot.corpus, doc_id)
    if key not in _COORDINATORS:
        if len(_COORDINATORS) >= MAX_KEPT:
            _COORDINATORS.clear()
        _COORDINATORS[key] = _coordinator(snapshot, doc_id, metadata)
    return _COORDINATORS[key]


def _coordinator(snapshot: Snapshot, doc_id: str, metadata: Mapping[str, Metadata]) -> tuple[Responsible, ...]:
    units = snapshot.units([doc_id])
    sentences = [one for inside in snapshot.unit_sentences(units).values() for one in inside]
    for pattern in _patterns():
        for sentence in sentences:
            if match := pattern.search(sentence.text):
                unit = snapshot.provisions([sentence.unit])[sentence.unit]
                return (_made(metadata, unit.id, unit.label, match["body"], sentence.start + match.start("body"), 0),)
    return ()


def _made(metadata: Mapping[str, Metadata], provision: str, name: str, body: str, start: int, key: int) -> Responsible:
    doc_id = _document(provision)
    words = say(
        "responsible",
        body=quoted(doc_id, body, start, start + len(body)),
        title=title(metadata[doc_id]),
        label=label(provision, name),
    )
    return Responsible(body, provision, name, start, start + len(body), key, text_of(words), words)


def _document(provision: str) -> str:
    return provision.partition(":")[0]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of `data/responsible.toml`."""
    table = tomllib.loads(files("assistant.answering").joinpath("data/responsible.toml").read_text(encoding="utf-8"))
    return tuple(re.compile(row["pattern"]) for row in table["coordinator"])


def responsible_body(quote: str) -> str:
    """Return the public body in front of the first 应当 or 负责 of `quote` that has one, verbatim; "" for none.

    An enterprise that has a duty is not who handles a call, so that only names of public bodies count.

    >>> responsible_body("第三十条　县级以上人民政府及有关部门应当协调能源供应。")
    '县级以上人民政府及有关部门'
    >>> responsible_body("企业应当按照规定申报。")
    ''
    """
    span = responsible_span(quote)
    return quote[slice(*span)] if span else ""


def responsible_span(quote: str) -> tuple[int, int] | None:
    """Return where the body of `responsible_body` stands in the quote, None where it names none."""
    for duty in _DUTY.finditer(quote):
        span = _subject(quote[: duty.start()].rstrip("， "))
        if span:
            return span
    return None


def _subject(before: str) -> tuple[int, int] | None:
    """Return the span of the public body that the text before a duty ends with, None for none."""
    start = max((match.end() for match in _BEFORE.finditer(before)), default=0)
    subject = _BETWEEN.sub("", before[start:]).strip().removeprefix("由")
    if not subject or len(subject) > MAX_CHARS or _NO_SUBJECT.search(subject) or not _PUBLIC.search(subject):
        return None
    start = before.index(subject, start)
    return start, start + len(subject)
