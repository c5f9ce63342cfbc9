from datetime import date
from pathlib import Path

import pytest

from assistant.reading import guess_metadata
from assistant.schema import Kind, Level, Metadata

SHA = "0123456789abcdef" * 4


def guess(text: str, name: str = "某文件.txt", header: str = "") -> Metadata:
    return guess_metadata(text, Path(name), SHA, header_title=header)


ARTICLES = "第一条　为了促进转移，制定本条例。\n第二条　本条例适用于本省。"
TITLES = [  # text, title, comment
    ("广东省促进产业有序转移条例\n" + ARTICLES, "广东省促进产业有序转移条例", "the line before the first article"),
    ("广 东 省 转 移 条 例\n" + ARTICLES, "广东省转移条例", "spread over the line"),
    (
        "某省人民政府\n关于促进产业转移的若干意见\n一、总体要求",
        "某省人民政府关于促进产业转移的若干意见",
        "set in two lines",
    ),
    (
        "移动智能终端应用软件预置\n和分发管理暂行规定\n" + ARTICLES,
        "移动智能终端应用软件预置和分发管理暂行规定",
        "begun above",
    ),
    ("广东省促进产业\n有序转移条例\n" + ARTICLES, "广东省促进产业有序转移条例", "begins with the place"),
    ("石化行业智能制造标准体系\n建设指南\n（2022版）", "石化行业智能制造标准体系建设指南", "a short second line"),
    (
        "某市公安局\n关于印发《某市智能汽车道路测试与\n示范应用管理办法（试行）》的通知\n一、甲",
        "关于印发《某市智能汽车道路测试与示范应用管理办法（试行）》的通知",
        "title marks on two lines",
    ),
    ("中华人民共和国国务院办公厅\n快递暂行条例\n" + ARTICLES, "快递暂行条例", "a body is not the title's first line"),
    ("首页\n快递暂行条例\n" + ARTICLES, "快递暂行条例", "nor is a menu"),
    ("附件关于培育企业的通知\n一、甲", "某文件", "nor an annex's name"),
    ("国发〔2020〕1号\n关于促进产业转移的通知\n各省：", "关于促进产业转移的通知", "a number is no part of it"),
    ("产业结构调整指导目录（2024年本）\n第一类　鼓励类", "产业结构调整指导目录（2024年本）", "with its year"),
    ("各有关单位：\n现印发《产业转移资金管理办法》，请执行。", "产业转移资金管理办法", "named by what issues it"),
    ("《产业转移办法》\n" + ARTICLES, "产业转移办法", "in title marks"),
    ("根据《中华人民共和国预算法》，制定本意见。\n一、总体要求", "某文件", "a law it stands on is not its title"),
    (ARTICLES, "某文件", "an article is never the title"),
    ("一、总体要求\n坚持统筹。", "某文件", "nor is a part"),
    ("第一条规定\n甲", "某文件", ""),
]


@pytest.mark.parametrize(("text", "title", "comment"), TITLES)
def test_title(text: str, title: str, comment: str) -> None:
    assert guess(text).title == title, comment


def test_markdown_names_its_title_itself() -> None:
    assert guess("内地与澳门互认裁决\n" + ARTICLES, "a.md", header="内地与澳门互认裁决").title == "内地与澳门互认裁决"


DAY = date(2025, 3, 1)
EFFECTIVE = [  # text, effective, comment
    (ARTICLES + "\n第三条　本条例自2025年3月1日起施行。", DAY, "Arabic"),
    (ARTICLES + "\n第三条　本条例自二〇二五年三月一日起施行。", DAY, "Chinese"),
    (ARTICLES + "\n第三条　本条例自２０２５年３月１日起施行。", DAY, "full width"),
    (ARTICLES + "\n本意见自 2025 年 3 月 1 日起实施，有效期5年。", DAY, "spaces"),
    ("某条例\n2025年3月1日 施行\n" + ARTICLES, DAY, "a line of its own before the text"),
    (
        "某条例\n2025年3月1日某省人大常委会公布\n" + ARTICLES + "\n第三条　本条例自公布之日起施行。",
        DAY,
        "on promulgation",
    ),
    (ARTICLES + "\n第三条　本条例自公布之日起施行。", None, "on a promulgation it does not date"),
    (ARTICLES + "\n第三条　前款规定自2025年3月1日起施行。", None, "of a provision, not of the document"),
    (
        "某条例\n2026年1月1日某会议修正\n" + ARTICLES + "\n第三条　本条例自2025年3月1日起施行。",
        None,
        "the date of an older version",
    ),
    (
        "某条例\n2025年1月1日某会议修订\n" + ARTICLES + "\n第三条　本条例自2025年3月1日起施行。",
        DAY,
        "the date of this version",
    ),
    (ARTICLES + "\n第三条　本条例自2025年2月30日起施行。", None, "no such day"),
    (ARTICLES + "\n第三条　本条例自5355年6月6日起施行。", None, "no such year"),
    (ARTICLES + "\n第三条　本条例自1913年4月3日起施行。", None, "older than any text in force"),
    (
        "某规定\n2017年1月1日会议通过\n2020年12月23日会议通过\n" + ARTICLES + "\n第三条　本规定自2018年3月1日起施行。",
        None,
        "adopted anew later",
    ),
    (
        "某条例\n1997年7月3日国务院公布\n根据2016年2月6日决定修订\n" + ARTICLES + "\n第三条　本条例自公布之日起施行。",
        None,
        "the promulgation of an older version",
    ),
]


@pytest.mark.parametrize(("text", "effective", "comment"), EFFECTIVE)
def test_effective(text: str, effective: date | None, comment: str) -> None:
    assert guess(text).effective == effective, comment


@pytest.mark.parametrize("stem", ["快递暂行条例(2019-03-02)", "快递暂行条例_20190302"])
def test_a_version_named_by_the_file_is_not_given_older_dates(stem: str) -> None:
    text = "快递暂行条例\n2018年3月2日国务院令第697号公布\n" + ARTICLES + "\n第三条　本条例自2018年5月1日起施行。"
    found = guess(text, f"{stem}.txt")
    assert (found.promulgated, found.effective) == (None, None)
    assert guess(text, "快递暂行条例_20180302.txt").effective == date(2018, 5, 1)


def test_other_dates() -> None:
    text = "某办法\n2022年1月1日某省人民政府公布\n" + ARTICLES + "\n第三条　本办法自2022年2月1日起施行，有效期5年。"
    found = guess(text)
    assert (found.promulgated, found.effective, found.expires) == (
        date(2022, 1, 1),
        date(2022, 2, 1),
        date(2027, 1, 31),
    )
    assert guess("一、甲\n本意见有效期至2027年12月31日。").expires == date(2027, 12, 31)
    assert guess("某条例\n2022年1月1日某会议通过\n" + ARTICLES).promulgated is None  # adopted is not promulgated


NUMBERS = [  # first lines, number
    ("国办发〔2026〕4号", "国办发〔2026〕4号"),
    ("国发办〔 2026 〕 4 号", "国发办〔2026〕4号"),
    ("国办发【2026】4号", "国办发【2026】4号"),
    ("发改能源规〔2025］1656号", "发改能源规〔2025］1656号"),
    ("（财库〔2022〕004号）", "财库〔2022〕004号"),
    ("中华人民共和国国务院令第722号", "中华人民共和国国务院令第722号"),
    ("根据《某办法》（国发〔2020〕1号）制定", ""),
]


@pytest.mark.parametrize(("line", "number"), NUMBERS)
def test_number_stands_alone(line: str, number: str) -> None:
    assert guess(f"某通知\n{line}\n一、甲").number == number


KINDS = [
    (ARTICLES, "a.txt", Kind.STATUTE),
    ("一、总体要求\n甲\n二、任务\n乙", "a.txt", Kind.POLICY),
    ("序号\t条目\n1\t甲\n2\t乙", "a.docx", Kind.CATALOGUE),
    ("甲", "a.csv", Kind.CATALOGUE),
    ("一、甲\n第一条 引用\n二、乙\n三、丙", "a.txt", Kind.POLICY),
]


@pytest.mark.parametrize(("text", "name", "kind"), KINDS)
def test_kind(text: str, name: str, kind: Kind) -> None:
    assert guess(text, name).kind is kind


LEVELS = [  # head, level, jurisdiction
    ("中华人民共和国立法法\n2000年3月15日第九届全国人民代表大会第三次会议通过", Level.LAW, "000000"),
    ("优化营商环境条例\n中华人民共和国国务院令第722号", Level.ADMINISTRATIVE_REGULATION, "000000"),
    ("关于某问题的规定\n法释〔2019〕17号", Level.JUDICIAL_INTERPRETATION, "000000"),
    ("杭州市促进条例\n2015年8月27日杭州市第十二届人民代表大会常务委员会第三十次会议通过", Level.LOCAL_REGULATION, ""),
    (
        "深圳经济特区促进条例\n2015年8月27日深圳市第十二届人民代表大会常务委员会第三十次会议通过",
        Level.SPECIAL_ZONE_REGULATION,
        "",
    ),
    ("广东省促进条例", None, ""),
]


@pytest.mark.parametrize(("head", "level", "jurisdiction"), LEVELS)
def test_level_only_where_the_text_says_it(head: str, level: Level | None, jurisdiction: str) -> None:
    found = guess(f"{head}\n{ARTICLES}")
    assert (found.level, found.jurisdiction) == (level, jurisdiction)


def test_everything_else_is_left_empty() -> None:
    assert guess("甲乙丙。") == Metadata(
        id="x-0123456789ab", work="x-0123456789ab", title="某文件", kind=Kind.POLICY, verified=False
    )
