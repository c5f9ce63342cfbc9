"""The date a question asks about, and the version of a document, where it says so surely.

2024年的时候, 2024年6月搬的, 在2025年3月1日之前 set the date that validity is judged on; a year that is a goal
(到2025年要达到), a document number (〔2021〕215号) or a version (2019年本) does not.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from assistant.schema import Versions

# What people did at a time: the rules of that time are asked for. Matches 搬 in 2024年10月就搬完了.
_DONE = (
    "搬|迁|签|投产|投的|落户|开工|动工|办下|办的|办好|拿地|拿的地|申请的|立项|注册|备案|批下|买的|租的|建成|建好|入园"
)
# A year of two digits needs its month: 25年3月8号 is a day, 25年 a time.
_YEAR = r"(?P<year>(?:19|20)\d{2}|(?<!\d)\d{2}(?=\s*年\s*\d{1,2}\s*月))"
_DAY = rf"{_YEAR}\s*年(?:\s*(?P<month>\d{{1,2}})\s*月(?:份)?(?:\s*(?P<day>\d{{1,2}})\s*[日号])?)?"
# Who asks about validity itself needs the document. Matches 那天条例算数没, 2025年前生效了吗; refuses 有效办法.
_ABOUT_VALIDITY = re.compile(r"算数|生效|施行|实施了|有没有效|有效吗|有效没|还有效|作废|废止|过期|失效|管用")
_MOMENT = "的时候|那时候?|那会儿?|当时|当年|那年|那天|期间|底|初|[上中下]旬|[上下]半年"
# What is done is told with 了, 过 or 的: 搬完了, 签的. What is planned is not.
_TOLD = rf"(?:{_DONE})[^，。？?！!]{{0,4}}[了过的]"
_ALREADY = "(?:我们?|就|才|已经|已|刚)"
# Matches 2024年的时候, 2024年6月那会儿, 2025年2月28号那天; refuses 到2025年的时候要达到, 2025年目标, 2019年版.
_THEN = re.compile(rf"(?<![到至〔\[（(])(?<!预计){_DAY}(?:(?P<before>之前|以前)|(?:{_MOMENT}))")
# Matches 2024年10月就搬完了, 2023年签的, 2025年3月1日前签的; refuses 2025年搬迁补贴标准, 计划2025年搬, 2025年前建成的.
_EVENT = re.compile(rf"(?<![到至〔\[（(])(?<!计划)(?<!打算){_DAY}(?(day)(?P<before>前)?)[，,]?{_ALREADY}{{0,2}}{_TOLD}")
# Matches 去年搬的, 去年6月搬的, 前年的时候; refuses 去年的目标, 跟去年比.
_AGO = re.compile(rf"(?<!跟)(?<!比)(?P<ago>去年|前年)(?:(?P<month>\d{{1,2}})月份?)?(?:{_MOMENT}|{_ALREADY}?{_TOLD})")

# Matches 2019年版, 2019年本, （2018修正）, 2019年修订的; refuses 2019年的时候, 2019年建设.
_YEARS = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*年?(?:版本?|本(?![来地身次省市县])|修[订正改]|那一?版|的版本|的[旧老]版)"
)
# Matches 修订前后有什么变化, 新旧条例对比; refuses 旧厂房, 修订前的条例.
_BOTH = re.compile(
    r"修[订正改]前后|新[旧老](?:版|法|条例|规定|办法|政策|文件|两)|[旧老]新[版法]|(?:各个?|所有|历史)版本|历次修"
)
# Matches 修订前的, 旧条例, 原来的版本; refuses 旧厂房, 新修订的, 老规矩.
_EARLIER = re.compile(
    r"修[订正改](?:以|之)?前|[旧老原](?:版(?![权面图])|条例|办法|规定|法(?![人定律院])|目录|文件|政策)"
    r"|(?:原来|以前|之前|上一|前一|过去)的?(?:版本?|条例|办法|目录)(?!权)|(?:废止|失效)(?:以|之)?前"
)


def date_asked(question: str, today: date) -> date | None:
    """Return the date that a question asks about, None where it says none surely.

    Of a year or a month that is its last day, but never later than today: what began in its course is then in force.
    之前 is the day before.

    >>> date_asked("我2024年10月就搬完了", date(2026, 11, 22)), date_asked("2025年的目标", date(2026, 11, 22))
    (datetime.date(2024, 10, 31), None)
    """
    if _ABOUT_VALIDITY.search(question):
        return None
    for pattern in (_THEN, _EVENT):
        if match := pattern.search(question):
            found = _of(match, before=bool(match.groupdict().get("before")))
            return min(found, today) if found else None
    if match := _AGO.search(question):
        return _last_day(today.year - (1 if match["ago"] == "去年" else 2), int(match["month"] or 12))
    return None


def _last_day(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _of(match: re.Match[str], *, before: bool) -> date | None:
    year, month, day = int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    year += 2000 if year < 100 else 0
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:  # 2月30日
        return None
    if before:
        return first - timedelta(days=1)
    if day:
        return first
    return _last_day(year, month or 12)


def versions_asked(question: str) -> tuple[Versions, tuple[int, ...]]:
    """Return which versions a question asks for, and the years it names them by.

    >>> versions_asked("产业目录2019年本里怎么写")
    (<Versions.IN_FORCE: 'in_force'>, (2019,))
    >>> versions_asked("旧条例怎么规定"), versions_asked("旧厂房能改吗")
    ((<Versions.EARLIER: 'earlier'>, ()), (<Versions.IN_FORCE: 'in_force'>, ()))
    """
    years = tuple(dict.fromkeys(int(year) for year in _YEARS.findall(question)))
    if _BOTH.search(question):
        return Versions.ALL, years
    if not years and _EARLIER.search(question):
        return Versions.EARLIER, years
    return Versions.IN_FORCE, years
