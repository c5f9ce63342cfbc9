"""The date and the version a question asks about, and the many years it only mentions."""

from datetime import date

import pytest

from assistant.retrieval.dates import date_asked, date_told, versions_asked
from assistant.schema import Versions

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("2024年的时候搬厂有补贴吗", date(2024, 12, 31)),
        ("我2024年10月就搬完了，能不能补办", date(2024, 10, 31)),
        ("2024年2月那会儿签的协议算不算", date(2024, 2, 29)),
        ("我们2023年签了合同，现在还认吗", date(2023, 12, 31)),
        ("2025年3月1日之前搬的怎么算", date(2025, 2, 28)),
        ("2025年6月5日当天落户的", date(2025, 6, 5)),
        ("去年搬的厂，能补吗", date(2025, 12, 31)),
        ("前年的时候政策怎么说", date(2024, 12, 31)),
        ("去年6月搬的，能补吗", date(2025, 6, 30)),
        ("前年2月份签的协议", date(2024, 2, 29)),
        ("去年13月搬的", None),
        ("2025年3月1日前签的协议怎么算", date(2025, 2, 28)),
        ("2025年前建成的园区", None),  # as likely a goal
        ("2026年的时候", TODAY),  # never later than today
        ("2025年要达到什么目标", None),
        ("到2025年的时候要达到什么目标", None),
        ("2025年搬迁补贴标准", None),
        ("计划2025年搬的厂", None),
        ("工信部联政法〔2021〕215号还有效吗", None),
        ("产业目录2019年本里怎么写", None),
        ("跟去年比电价涨了", None),
        ("去年的目标完成了吗", None),
        ("来电问2025年2月28号那天条例算数没", None),  # who asks about validity needs the document
        ("2025年2月30日那天搬的", None),  # no such day
        ("企业用电成本能降吗", None),
        ("2023年底就开工了", date(2023, 12, 31)),
        ("24年底开的工", date(2024, 12, 31)),
        ("前年冬天头一批挪过去的", date(2024, 12, 31)),
        ("大前年搬的", date(2023, 12, 31)),
        ("去年二月底搬的", date(2025, 2, 28)),
        ("去年上半年签的", date(2025, 6, 30)),
        ("今年年初搬的", date(2026, 3, 31)),
        ("上个月刚搬到清远的", date(2026, 10, 31)),
        ("二〇二四年搬的", date(2024, 12, 31)),
        ("三月一号之前签的协议", date(2026, 2, 28)),
        ("疫情那会儿搬过去的", date(2022, 12, 31)),
        ("2024年夏天那批项目", date(2024, 8, 31)),
        ("疫情期间的补贴", None),
        ("干了20年的厂搬了", None),
        ("三年前搬的", None),
        ("到25年底要搬完的", None),
        ("2022年就投产了，现在想再迁一条线", None),  # the plan is asked about
        ("2019年注册的公司，想搬去梅州", None),
        ("2024年6月之后签的", None),
        ("2024年的搬迁补贴标准出了没", None),
        ("第24年度计划签了", None),
    ],
)
def test_the_date_asked_about(question: str, day: date | None) -> None:
    assert date_asked(question, TODAY) == day


def test_what_happened_is_told_also_where_validity_is_asked() -> None:
    question = "来电问2025年2月28号那天条例算数没"
    assert date_asked(question, TODAY) is None
    assert date_told(question, TODAY) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("question", "versions", "years"),
    [
        ("产业结构调整指导目录2019年本怎么写的", Versions.IN_FORCE, (2019,)),
        ("公司法（2018修正）第几条", Versions.IN_FORCE, (2018,)),
        ("2013年版和2019年版的规定", Versions.IN_FORCE, (2013, 2019)),
        ("修订前的条例怎么说", Versions.EARLIER, ()),
        ("旧条例里是多少天", Versions.EARLIER, ()),
        ("原办法还管用吗", Versions.EARLIER, ()),
        ("修订前后有什么变化", Versions.ALL, ()),
        ("新旧条例有啥不同", Versions.ALL, ()),
        ("旧厂房能改造吗", Versions.IN_FORCE, ()),
        ("老板想拿地", Versions.IN_FORCE, ()),
        ("原法定代表人怎么办", Versions.IN_FORCE, ()),
        ("2019年本市搬的企业", Versions.IN_FORCE, ()),
        ("2019年建设的园区", Versions.IN_FORCE, ()),
        ("新修订的条例", Versions.IN_FORCE, ()),
        ("电费能降吗", Versions.IN_FORCE, ()),
    ],
)
def test_the_version_asked_for(question: str, versions: Versions, years: tuple[int, ...]) -> None:
    assert versions_asked(question) == (versions, years)
