"""A tiny invented corpus for the measurement of the citation checker, and checkers that can be read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from assistant.parsing import parse
from assistant.schema import CheckReport, CheckStatus, Content, Document, Finding, Kind, Metadata, Parsed, SourcePoint
from eval.citations.claims import Case
from eval.citations.corpus import Corpus
from eval.citations.gold import Gold
from eval.citations.truths import World

TODAY = date(2026, 11, 22)


def law(doc_id: str, title: str, text: str, **facts: object) -> Parsed:
    metadata = Metadata(doc_id, title, Kind.STATUTE, work=facts.pop("work", doc_id), **facts)  # type: ignore[arg-type]
    return parse(Document(metadata, text, (SourcePoint(0),)))


WATER = law(
    "water",
    "中华人民共和国清水法",
    "第一条　为了保护清水，制定本法。\n"
    "第二条　取水单位应当在三十日内向水行政主管部门报告取水数量。\n"
    "禁止向清水河道倾倒垃圾或者其他废弃物。\n"
    "第三条　有下列情形之一的，不得发放取水许可证：\n"
    "（一）取水地点位于禁止取水的区域之内的；\n"
    "（二）取水数量超过核定总量控制指标的。\n"
    "第四条　水行政主管部门可以委托所属机构实施取水检查。\n"
    "第十二条　取水单位未经批准擅自取水的，责令停止取水。\n",
)
RULES = law(
    "rules",
    "中华人民共和国清水法实施条例",
    "第一条　根据《中华人民共和国清水法》，制定本条例。\n"
    "第二条　取水单位应当安装取水计量设施并保证正常运行。\n"
    "第三条　县级以上人民政府应当将清水保护纳入发展规划。\n"
    "第四条　水行政主管部门可以委托所属机构实施取水检查。\n",
)
NORTH = law(
    "north",
    "河北省节水条例",
    "第一条　为了节约用水，制定本条例。\n"
    "第二条　用水大户应当每年开展一次水平衡测试工作。\n"
    "第三条　新建建筑物应当安装符合标准的节水器具。\n",
    jurisdiction="130000",
)
SOUTH = law(
    "south",
    "湖南省节水条例",
    "第一条　为了节约用水，制定本条例。\n"
    "第二条　用水单位可以申请节水技术改造专项补助资金。\n"
    "第三条　新建建筑物应当安装符合标准的节水器具。\n",
    jurisdiction="430000",
)
OLD = law(
    "old",
    "甲市集市管理办法",
    "第一条　为了管理集市，制定本办法。\n"
    "第二条　集市开办者应当缴纳每月一百元的管理费用。\n"
    "第三条　集市不得占用消防车通道和公共停车场所。\n",
    work="market",
    promulgated=date(2010, 5, 1),
    effective=date(2010, 6, 1),
    repealed=date(2020, 6, 1),
)
NEW = law(
    "new",
    "甲市集市管理办法",
    "第一条　为了管理集市，制定本办法。\n"
    "第二条　集市开办者免予缴纳各项管理费用和服务费用。\n"
    "第三条　集市不得占用消防车通道和公共停车场所。\n",
    work="market",
    promulgated=date(2020, 5, 1),
    effective=date(2020, 6, 1),
)
LAWS = (WATER, RULES, NORTH, SOUTH, OLD, NEW)


def world(laws: Sequence[Parsed] = LAWS, **places: tuple[str, tuple[str, ...]]) -> World:
    """Return a world of these laws; `places` stands in for the folder of administrative divisions."""
    corpus = Corpus.from_parsed(laws)
    made = World(corpus, Gold(corpus, TODAY))
    made.__dict__["places"] = places or {
        "north": ("河北省", ("湖南省", "广东省")),
        "south": ("湖南省", ("河北省", "广东省")),
    }
    return made


def report(text: str, *findings: Finding) -> CheckReport:
    return CheckReport(text, findings, TODAY, "given", 6, "sha256:0", 0.001)


def finding(text: str, part: str, status: CheckStatus = CheckStatus.OK, **facts: object) -> Finding:
    start = text.index(part)
    return Finding(part, start, start + len(part), status, "", **facts)  # type: ignore[arg-type]


Cases = dict[str, Case]


def oracle(made: World, cases: Cases, slips: Callable[[Case], bool] = lambda case: False) -> Callable:
    """Return a checker that says what the documents say, and calls everything right in the cases it slips on."""

    def check(texts: Sequence[str], as_of: date) -> list[CheckReport]:
        reports = []
        for text in texts:
            case = cases[text]
            found = []
            for mark in case.marks:
                judged = made.gold.judge(mark.claim)
                wrong = judged.statuses and not slips(case)
                status = sorted(judged.statuses)[0] if wrong else CheckStatus.OK
                found.append(
                    Finding(
                        text[mark.start : mark.end], mark.start, mark.end, status, "",
                        provision=judged.provision, content=Content.VERBATIM if mark.claim.words else Content.NONE,
                    )
                )  # fmt: skip
            reports.append(replace(report(text), findings=tuple(found)))
        return reports

    return check
