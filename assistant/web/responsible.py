"""承办: the body that a quoted provision makes responsible, in the provision's own words."""

import re

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
MAX_CHARS = 120  # the longest list of departments in the founding regulation has 93


def responsible_body(quote: str) -> str:
    """Return the public body in front of the first 应当 or 负责 of `quote` that has one, verbatim; "" for none.

    An enterprise that has a duty is not who handles a call, so that only names of public bodies count.

    >>> responsible_body("第三十条　县级以上人民政府及有关部门应当协调能源供应。")
    '县级以上人民政府及有关部门'
    >>> responsible_body("企业应当按照规定申报。")
    ''
    """
    for duty in _DUTY.finditer(quote):
        body = _subject(quote[: duty.start()].rstrip("， "))
        if body:
            return body
    return ""


def _subject(before: str) -> str:
    """Return the public body that the text before a duty ends with, "" for none."""
    start = max((match.end() for match in _BEFORE.finditer(before)), default=0)
    subject = _BETWEEN.sub("", before[start:]).strip().removeprefix("由")
    if len(subject) > MAX_CHARS or _NO_SUBJECT.search(subject) or not _PUBLIC.search(subject):
        return ""
    return subject
