"""What a file says of itself: title, number, dates, kind. Only what stands there surely; the rest stays empty.

Everything found here is unverified: an answer that stands on it says so until the file has a row in the manifest.
"""

import re
from datetime import date, timedelta
from pathlib import Path

from assistant.schema import WHOLE_COUNTRY, Kind, Level, Metadata

HEAD_LINES = 30
MAX_TITLE = 80
MAX_TITLE_REST, MIN_TITLE_START = 9, 11  # characters: the second line of a title is short, its first one long
MIN_STATUTE_ARTICLES = 2
MIN_TABLE_SHARE = 0.5
DIGITS = str.maketrans("０１２３４５６７８９〇○零一二三四五六七八九", "0123456789000123456789")
NUMERAL = r"[\d０-９〇○零一二三四五六七八九十]"
# Matches: 2025年3月1日, 二〇二五年三月一日, ２０２５年３月１日; refuses: 2025年3月, 25年3月1日
DATE = rf"({NUMERAL}{{4}})\s*年\s*({NUMERAL}{{1,3}})\s*月\s*({NUMERAL}{{1,3}})\s*日"
# Matches: 本条例自2025年3月1日起施行, 本办法从2020年1月1日起实施; refuses: 前款规定自2025年3月1日起施行
EFFECTIVE = re.compile(rf"本[^，。；、\s]{{1,12}}[自从]\s*{DATE}\s*起\s*(?:开始)?(?:施行|实施|执行|生效)")
# Matches: 2015年12月1日 施行 as a line of its own; refuses: 自2015年12月1日起施行的规定
EFFECTIVE_LINE = re.compile(rf"[（(]?(?:自\s*)?{DATE}\s*起?\s*(?:施行|实施)[）)]?")
# Matches: 本条例自公布之日起施行; refuses: 决定自公布之日起三十日后施行
EFFECTIVE_AT_ONCE = re.compile(r"本[^，。；、\s]{1,12}自(?:公布|发布|印发|颁布)之日起(?:施行|实施|执行|生效)")
# Matches: 2015年10月14日杭州市人民代表大会常务委员会公告第55号公布; refuses: 2015年8月27日通过
PROMULGATED = re.compile(rf"{DATE}[^。；\n（）()]{{0,60}}?(?:公布|发布|颁布|印发)")
# Matches: 有效期至2027年12月31日, 有效期截至2027年12月31日; refuses: 合同有效期至期满
EXPIRES = re.compile(rf"有效期(?:限)?(?:截)?至\s*{DATE}")
# Matches: 有效期5年, 有效期为五年; refuses: 有效期满三年的许可证
TERM = re.compile(rf"起(?:施行|实施|执行|生效)[，,]\s*有效期(?:限)?为?\s*({NUMERAL}{{1,3}})\s*年")
ARTICLE = re.compile(
    r"第[〇○零一二两三四五六七八九十百千\d０-９]+条(?:之[一二三四五六七八九十]+)?[\s　]"
)  # 第一条　为了; not 第一条规定
PART = re.compile(r"[一二三四五六七八九十]{1,3}、")  # matches: 一、总体要求; refuses: （一）完善
HEADING = re.compile(
    r"第[〇零一二三四五六七八九十百\d]+[编章节部]|[（(]?[一二三四五六七八九十]+[）)、]|目\s*录$|[\d０-９]+[.．、]"
)
# Matches: 国办发〔2026〕4号, 发改能源规〔2025］1656号, 国发办〔 2026 〕 4 号; refuses: 〔2020〕1号, 第47号
NUMBER = re.compile(r"[一-鿿]{1,12}\s*[〔\[［（(【]\s*(?:19|20)\d{2}\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号")
# Matches: 中华人民共和国国务院令第722号, （公告第47号）; refuses: 第47号提案
DECREE = re.compile(r"[一-鿿]{0,30}(?:令|公告)\s*(?:第\s*)?[\d０-９一二三四五六七八九十百〇]{1,5}\s*号")
TITLE_END = re.compile(
    r"(?:法|法典|宪法|条例|规定|规则|办法|细则|意见|通知|决定|决议|方案|规划|计划|纲要|要点|目录|公告|通告|公报|批复|解释|标准|规范|准则"
    r"|章程|制度|措施|若干举措|指引|指南|清单|安排|守则|修正案|说明|报告|函|答复|典型案例|攻略|协定|公约|议定书|命令)(?:[（(][^（）()]{1,30}[）)])*"
)  # matches: 关于促进制造业有序转移的指导意见, 目录（2024年本）; refuses: 为了促进产业有序转移
QUOTED_TITLE = re.compile(r"《([^《》\n]{4,80})》")  # matches: 《广东省…条例》; refuses: 《》
ISSUED_WITH = re.compile(
    r"(?:印发|公布|发布)\s*《([^《》\n]{4,80})》"
)  # matches: 现印发《…办法》; refuses: 根据《…法》
ORGAN = re.compile(
    r"(?:府|会|院|部|厅|局|委|办|处|室|司|署|行|网|号|[文附]件|大|公报|公告|法规|规章|政策|版)\s*$"
)  # not 体系, 准入
# Matches: 和分发管理暂行规定, 示范办法》的通知, which begin above; refuses: 快递暂行条例
TITLE_REST = re.compile(r"[和及与、等的]|[^《]*》")
PLACE = re.compile(r"[一-鿿]{2,8}?[省市州县区][一-鿿]{2}")  # matches: 广东省促进产业; refuses: 首页, 广东省
SENTENCE = re.compile(r"[。；：:，]")
# Matches: 第二次修正, 审判委员会第1823次会议通过 (an interpretation's second adoption); refuses: 公布
ADOPTED = re.compile(r"修正|修订|修改|通过")
FILE_DATE = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[)）]?$"
)  # of 快递暂行条例(2019-03-02), 快递暂行条例_20190302; not 第2019号
FIRST_YEAR, LAST_YEAR = 1949, 2099  # a date outside is a misprint or noise
LAW_ADOPTED = re.compile(r"全国人民代表大会(?:常务委员会)?[^。\n]{0,30}(?:通过|修订|修正)")
LOCAL_ADOPTED = re.compile(r"(?:省|市|自治区)[^，。\n]{0,12}人民代表大会(?:常务委员会)?[^。\n]{0,40}(?:通过|修订|修正)")


def guess_metadata(text: str, path: Path, sha256: str, *, header_title: str = "") -> Metadata:
    """Return what a document says of itself, unverified; fields it does not state surely are left empty.

    Args:
        text: normalised text.
        path: of the file; its stem is the title when the text has none.
        sha256: of the normalised text, hex; its first 12 digits make the id.
        header_title: what the file's own header gives as title (HTML's title, Markdown's first heading), "" for none.
    """
    lines = text.split("\n")
    head = _head(lines)
    kind = _kind(lines, path)
    title = _title(head, path, header_title)
    level, jurisdiction = _level(title, head, kind)
    promulgated = _promulgated(head)
    effective = _effective(text, head, promulgated)
    # An amended text keeps the dates of its first version; those of this version are then not in it.
    version = _version(head, path)
    promulgated, effective = (day if day and day >= version else None for day in (promulgated, effective))
    return Metadata(
        id=f"x-{sha256[:12]}",
        title=title,
        kind=kind,
        work=f"x-{sha256[:12]}",
        level=level,
        number=_number(head),
        jurisdiction=jurisdiction,
        promulgated=promulgated,
        effective=effective,
        expires=_expires(text, effective),
        verified=False,
    )


def _head(lines: list[str]) -> list[str]:
    """Return the lines before the first article, part or chapter, at most `HEAD_LINES`."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        if ARTICLE.match(line) or HEADING.match(line):
            return lines[:index]
    return lines[:HEAD_LINES]


def _kind(lines: list[str], path: Path) -> Kind:
    if sum("\t" in line for line in lines) >= MIN_TABLE_SHARE * len(lines) or path.suffix.lower() in (".xlsx", ".csv"):
        return Kind.CATALOGUE
    articles = sum(bool(ARTICLE.match(line)) for line in lines)
    parts = sum(bool(PART.match(line)) for line in lines)
    return Kind.STATUTE if articles >= MIN_STATUTE_ARTICLES and articles >= parts else Kind.POLICY


def _title(head: list[str], path: Path, header_title: str) -> str:
    if path.suffix.lower() == ".md" and 2 <= len(_bare(header_title)) <= MAX_TITLE:
        return _bare(header_title)  # its first heading; the title of a web page, for one, names the site too
    for index, line in enumerate(head):
        candidate = _bare(line)
        if _is_title(candidate):
            return _joined(candidate, _bare(head[index - 1]) if index else "")
    for line in head:
        if match := ISSUED_WITH.search(line) or QUOTED_TITLE.fullmatch(line.strip()):
            return match.group(1)
    named = re.split(r"[_|｜]|\s[-–—]\s", header_title)[0].strip() if header_title else ""
    return named if 2 <= len(named) <= MAX_TITLE else path.stem


def _joined(title: str, before: str) -> str:
    """Return a title with the line before it where that begins it: 某省人民政府 / 关于…的通知, 产品准入 / 管理指南."""
    if not 2 <= len(before) <= 40 or SENTENCE.search(before) or NUMBER.search(before):
        return title
    begun = len(before) >= MIN_TITLE_START or PLACE.match(before)
    broken = len(title) <= MAX_TITLE_REST and begun and before.isalnum()
    if title.startswith(("关于", "印发", "转发")) or TITLE_REST.match(title) or (broken and not ORGAN.search(before)):
        return before + title
    return title


def _bare(line: str) -> str:
    """Return a line as a title: without 《》 around it and without the spaces that spread short titles."""
    bare = "".join(line.split()) if not re.search("[A-Za-z]{2}", line) else " ".join(line.split())
    return bare[1:-1] if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1 else bare


def _is_title(line: str) -> bool:
    if (
        not 4 <= len(line) <= MAX_TITLE
        or SENTENCE.search(line)
        or line.startswith(("（", "(", "第", "附件"))
        or re.match(DATE, line)
    ):
        return False
    if NUMBER.fullmatch(line) or DECREE.fullmatch(line):
        return False
    return any(match.end() == len(line) for match in TITLE_END.finditer(line))


def _number(head: list[str]) -> str:
    """Return the document's own number: alone on its line or in brackets after the title, never inside a sentence."""
    for line in head:
        bare = re.sub(r"[\s　]", "", line)
        for pattern in (NUMBER, DECREE):
            inner = bare[1:-1] if bare[:1] in "（(" and bare[-1:] in "）)" else bare
            if pattern.fullmatch(inner):
                return inner
    return ""


def _level(title: str, head: list[str], kind: Kind) -> tuple[Level | None, str]:
    opening = "\n".join(head)
    number = _number(head)
    national = title.startswith("中华人民共和国")
    if title == "中华人民共和国宪法":
        return Level.CONSTITUTION, WHOLE_COUNTRY
    if national and re.search(r"法(?:典)?(?:[（(].*[）)])?$", title) and LAW_ADOPTED.search(opening):
        return Level.LAW, WHOLE_COUNTRY
    if "国务院令" in number and kind is Kind.STATUTE:
        return Level.ADMINISTRATIVE_REGULATION, WHOLE_COUNTRY
    if number.startswith(("法释", "高检发释字")):
        return Level.JUDICIAL_INTERPRETATION, WHOLE_COUNTRY
    if number.startswith(("国发", "国办发", "国函", "国办函")):
        return Level.STATE_COUNCIL_DOCUMENT, WHOLE_COUNTRY
    if kind is Kind.STATUTE and LOCAL_ADOPTED.search(opening) and not LAW_ADOPTED.search(opening):
        if "经济特区" in title:
            return Level.SPECIAL_ZONE_REGULATION, ""
        if "自治条例" in title or "单行条例" in title:
            return Level.AUTONOMOUS_REGULATION, ""
        if title.endswith("条例"):
            return Level.LOCAL_REGULATION, ""
    return None, ""


def _promulgated(head: list[str]) -> date | None:
    for line in head:
        for match in PROMULGATED.finditer(line):
            if found := _date(match.groups()[:3]):
                return found
    return None


def _effective(text: str, head: list[str], promulgated: date | None) -> date | None:
    stated = [found for match in EFFECTIVE.finditer(text) if (found := _date(match.groups()[:3]))]
    if stated:
        return stated[-1]
    for line in head:
        if (match := EFFECTIVE_LINE.fullmatch(line.strip())) and (found := _date(match.groups()[:3])):
            return found
    return promulgated if EFFECTIVE_AT_ONCE.search(text) else None


def _version(head: list[str], path: Path) -> date:
    """Return the day from which the text can have its present wording, as far as head and file name tell."""
    days = [found for line in head if ADOPTED.search(line) and (found := _last_date(line))]
    if (match := FILE_DATE.search(path.stem)) and (found := _date(match.groups())):
        days.append(found)
    return max(days, default=date.min)


def _last_date(line: str) -> date | None:
    return max((found for match in re.finditer(DATE, line) if (found := _date(match.groups()))), default=None)


def _expires(text: str, effective: date | None) -> date | None:
    if match := EXPIRES.search(text):
        return _date(match.groups()[:3])
    if effective and (term := TERM.search(text)) and (years := _small(term.group(1))):
        try:
            return effective.replace(year=effective.year + years) - timedelta(days=1)
        except ValueError:  # from 29 February
            return effective.replace(year=effective.year + years, day=28)
    return None


def _date(groups: tuple[str, ...]) -> date | None:
    try:
        found = date(int(groups[0].translate(DIGITS)), _small(groups[1]), _small(groups[2]))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _small(numeral: str) -> int:
    """Return 1 to 99 from 3, ３, 三, 十三, 二十三, 0 for what is none of these."""
    tens, ten, ones = numeral.partition("十")
    try:
        if not ten:
            return int(numeral.translate(DIGITS))
        return int(tens.translate(DIGITS) or 1) * 10 + int(ones.translate(DIGITS) or 0)
    except ValueError:
        return 0
