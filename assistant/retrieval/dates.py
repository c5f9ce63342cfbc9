"""The date a question asks about, and the version of a document, where it says so surely.

2024年的时候, 2024年6月搬的, 在2025年3月1日之前 set the date that validity is judged on; a year that is a goal
(到2025年要达到), a document number (〔2021〕215号) or a version (2019年本) does not.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from assistant.parsing.numerals import parse_numeral
from assistant.schema import Versions

# Years, months and days in Chinese digits. Matches 二〇二四 in 二〇二四年, 二四 in 二四年, 三 and 一 in 三月一号;
# refuses 三 in 三年, 十 in 十年, 一 in 一日游.
_WRITTEN = re.compile(
    r"(?:二[〇○零]|一九)[〇○零一二三四五六七八九]{2}(?=年)|(?<![一二三四五六七八九十])[一二][一二三四五六七八九](?=年[^前来了多])"
    r"|(?<![个第])[一二三四五六七八九十]{1,2}(?=月(?!收入))|(?<=月)[一二三四五六七八九十]{1,3}(?=[日号])"
)
# What people did at a time: the rules of that time are asked for. Matches 搬 in 10月就搬完了; refuses 搬迁补贴标准.
_DONE = (
    r"(?:搬|迁|挪|转(?![让换型产])|签|投产|投的|开业|落户|落地|开工|开建|动工|办下|办的|办好|拿地|申请的|立项|注册|备案|批下|买的"
    r"|租的|建成|建好|入园|入驻)(?!迁?(?:补|奖|费|资金|政策|标准|计划|规划|项目|工作))"
)
# The year, with two digits as people say it: 24年; never 用了20年, 15年前, 20年来, 第24年. Behind 到 or 〔
# it is a goal or a number.
_LONG = r"(?<![到至〔\[（(第])(?<!\d)(?P<year>(?:19|20)\d{2})\s*年"
_SHORT = r"(?<![到至了近快满约过第干做开用\d.])(?P<short>[12]\d)年(?![前来多了半])"
_MONTH = r"(?:\s*(?P<month>\d{1,2})\s*月(?:份)?(?:\s*(?P<day>\d{1,2})\s*[日号])?)?"
_AGO = r"(?<![跟比])(?P<ago>大前年|前年|去年|今年)"
_LAST = r"(?P<last>上个?月|上上个月)"
# A part of a year or month. Matches 年初, 底, 上半年, 冬天; 夏 and 秋 only as 夏天, 秋天.
_PART = r"(?P<part>年?底|年?末|年?初|年?中(?=[旬期]?(?:的时候|那会|就|搬|签))|[上下]半年|[春夏秋冬]天|春节|[上中下]旬)?"
_WHEN = rf"(?:(?:{_LONG}|{_SHORT}|{_AGO}){_MONTH}{_PART}|{_LAST})"
# Who asks about validity itself needs the document. Matches 那天条例算数没, 2025年前生效了吗; refuses 有效办法.
_ABOUT_VALIDITY = re.compile(r"算数|生效|施行|实施了|有没有效|有效吗|有效没|还有效|作废|废止|过期|失效|管用")
_MOMENT = "的时候|那批|那次|那阵|那时候?|那会儿?|当时|当年|那年|那天|期间"
# What is done is told with 了, 过 or 的: 搬完了, 签的. What is planned is not.
_TOLD = rf"(?:{_DONE}[^，。？?！!]{{0,4}}[了过的]|开的工|动的工|投的产|开的业|拿的地|落的户|签的字|入的园|办的证)"
_ALREADY = "(?:我们?|咱们?|就|才|已经|已|刚)"
_PLANNED = r"(?<!预计)(?<!计划)(?<!打算)(?<!准备)(?<!定在)(?<!定于)"
# Matches 2024年的时候, 2024年6月那会儿, 2025年2月28号那天, 2023年底, 2024年之前; refuses
# 到2025年的时候要达到, 2025年目标, 2019年版.
_THEN = re.compile(
    rf"(?<!预计){_LONG}{_MONTH}(?:(?P<before>之前|以前)|{_PART}(?:{_MOMENT})|(?P<alone>底|初|[上中下]旬|[上下]半年))"
)
# Matches 2024年10月就搬完了, 24年底开的工, 前年冬天头一批挪过去的, 上个月刚搬的, 2025年3月1日前签的; refuses
# 2025年搬迁补贴标准, 计划2025年搬, 2025年前建成的, 2024年6月之后签的.
_EVENT = re.compile(
    rf"{_PLANNED}{_WHEN}(?(day)(?P<before>前|之前|以前)?)(?!之?[前后]|以[前后来]|起|开始|目标)[，,]?{_ALREADY}{{0,2}}[^，。？?！!的要想后\d]{{0,5}}?{_TOLD}"
)
# Matches 前年的时候, 去年那会儿; refuses 去年的目标, 跟去年比.
_THEN_AGO = re.compile(rf"{_AGO}{_MONTH}{_PART}(?:{_MOMENT})")
# Matches 3月1号之前签的, 3月1日以前就搬了: of this year or, where that is to come, of the last.
_DAY_BEFORE = re.compile(
    rf"(?<![年\d])(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号](?:之前|以前|前)[^，。？?！!的要想后\d]{{0,5}}?{_TOLD}"
)
# The epidemic, whose measures ended with the year 2022. Matches 疫情那会儿搬过去的; refuses 疫情期间的补贴.
_EPIDEMIC = re.compile(
    rf"疫情(?:那会儿?|那时候?|期间|的时候|那几年|那两年|那三年|当中)[^，。？?！!的要想后\d]{{0,5}}?{_TOLD}"
)
_EPIDEMIC_END = date(2022, 12, 31)
# What is told serves a plan: the rules of today are asked for. Matches 现在想再迁 after 2022年就投产了; refuses 想补办.
_PLAN = re.compile(
    r"(?:现在|目前|如今|今年|明年|打算|准备|计划|想|要)[^，。？?！!]{0,8}?(?:搬(?!迁?补)|迁|挪|移|扩|再投|再建|新建|新开|增资)"
)
_MONTHS = {
    "底": 12,
    "末": 12,
    "初": 3,
    "中": 6,
    "上半年": 6,
    "下半年": 12,
    "春天": 5,
    "春节": 2,
    "夏天": 8,
    "秋天": 11,
    "冬天": 12,
}
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}

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
    return None if _ABOUT_VALIDITY.search(question) else date_told(question, today)


def date_told(question: str, today: date) -> date | None:
    """Return the day by which what a question tells had happened, also where it asks about validity itself.

    What it tells of the past to explain a plan does not count: 2022年就投产了，现在想再迁一条线.

    >>> date_told("2025年2月28号那天条例算数没", date(2026, 11, 22))
    datetime.date(2025, 2, 28)
    """
    text = _WRITTEN.sub(lambda match: str(parse_numeral(match[0])), question)
    for pattern in (_THEN, _EVENT, _THEN_AGO):
        if match := pattern.search(text):
            if pattern is _EVENT and _PLAN.search(text, match.end()):
                return None
            found = _of(match, today)
            return min(found, today) if found else None
    if match := _DAY_BEFORE.search(text):
        return _day_before(int(match["month"]), int(match["day"]), today)
    return _EPIDEMIC_END if _EPIDEMIC.search(text) else None


def _last_day(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _of(match: re.Match[str], today: date) -> date | None:
    """Return the day that a match of a date means: the last of what it names, or the one before it."""
    said = match.groupdict()
    if said.get("last"):
        first = date(today.year, today.month, 1)
        for _ in range(2 if said["last"].startswith("上上") else 1):
            first = (first - timedelta(days=1)).replace(day=1)
        return _last_day(first.year, first.month)
    year = int(said.get("year") or 0) or _century(said.get("short"), today) or today.year
    year -= _YEARS_AGO.get(said.get("ago") or "", 0)
    month, day = int(said.get("month") or 0), int(said.get("day") or 0)
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:  # 2月30日
        return None
    if said.get("before"):
        return first - timedelta(days=1)
    if day:
        return first
    part = said.get("part") or said.get("alone") or ""
    part = part if part in _MONTHS else part.removeprefix("年")
    return _last_day(year, month or _MONTHS.get(part, 12))


def _century(digits: str | None, today: date) -> int:
    """Return the year that two digits mean: 24 is 2024; 0 where that is still to come."""
    year = 2000 + int(digits) if digits else 0
    return year if year <= today.year else 0


def _day_before(month: int, day: int, today: date) -> date | None:
    """Return the day before the last such day: 3月1号之前 is the end of February of this year, or of the last one."""
    try:
        named = date(today.year, month, day)
        named = named if named <= today else named.replace(year=today.year - 1)
    except ValueError:
        return None
    return named - timedelta(days=1)


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
