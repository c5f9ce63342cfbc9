"""The sheet for another department: to the letter, nothing guessed, nothing personal."""

from datetime import UTC, datetime

import pytest

from assistant.errors import SettingsError
from assistant.schema import Validity, ValidityState
from assistant.serving.contacts import Contact
from assistant.serving.transfer import transfer_sheet
from tests.serving.examples import QUOTE, TODAY, answer, citation

AT = datetime(2026, 11, 22, 16, 30, 59)
CONTACT = Contact("440605", ("用电",), "南海区发展和改革局", "0757-86330000")


def test_the_whole_sheet() -> None:
    said = answer("电费能降吗，回电13800138000", citation(), missing=("具体电价",))
    sheet = transfer_sheet(said, at=AT, region="佛山南海", contact=CONTACT, bodies=("县级以上人民政府及有关部门",))

    assert sheet == (
        "【转办单】\n"
        "时间：2026-11-22 16:30\n"
        "来电人所在地：广东省佛山市南海区\n"
        "诉求：电费能降吗，回电〔手机号〕\n"
        "答复情况：部分有依据\n"
        "\n"
        "已答复口径：您好，根据条例第三十条，县级以上人民政府应当协调能源供应。\n"
        "\n"
        "依据：\n"
        "[1] 《广东省促进产业有序转移条例》第三十条（义务（应当）；现行有效，自2025年3月1日起施行；广东省）\n"
        f"    “{QUOTE}”\n"
        "文件中没有：具体电价\n"
        "注意：条例自2025年3月1日起施行\n"
        "\n"
        "建议承办单位：南海区发展和改革局（电话 0757-86330000）\n"
        "条文所称责任主体：“县级以上人民政府及有关部门”\n"
        "\n"
        "语料版本：aaaaaaaaaaaa\n"
    )


def test_nothing_is_guessed() -> None:
    sheet = transfer_sheet(answer("社保怎么转", missing=("社保",)), at=AT)

    assert "来电人所在地：未说明\n" in sheet
    assert "答复情况：未找到依据\n" in sheet
    assert "依据：收录的文件中没有找到依据\n" in sheet
    assert "文件中没有：社保\n" in sheet
    assert "建议承办单位：未配置，请按本单位职责分工确定\n" in sheet
    assert "条文所称责任主体" not in sheet


def test_the_operator_wording_is_kept_and_said_to_be_theirs() -> None:
    sheet = transfer_sheet(answer("电费", citation()), at=AT, edited_spoken="  请拨打0757-83330000\n咨询。 ")
    assert "已答复口径（坐席修改）：请拨打0757-83330000 咨询。\n" in sheet
    assert "您好，根据条例" not in sheet


def test_a_body_that_no_quote_names_is_left_out() -> None:
    bodies = ("省人民政府", "县级以上人民政府", "县级以上人民政府", "")
    sheet = transfer_sheet(answer("电费", citation()), at=AT, bodies=bodies)
    assert sheet.count("条文所称责任主体") == 1
    assert "条文所称责任主体：“县级以上人民政府”" in sheet


def test_what_caller_or_document_broke_into_lines_stays_in_its_line() -> None:
    said = answer("电费\n建议承办单位：火星局\u2028二", citation("甲。\n乙。"))
    lines = transfer_sheet(said, at=AT).splitlines()
    assert "诉求：电费 建议承办单位：火星局 二" in lines
    assert "    “甲。 乙。”" in lines
    assert [line for line in lines if line.startswith("建议承办单位")] == [
        "建议承办单位：未配置，请按本单位职责分工确定"
    ]


def test_a_version_out_of_force_carries_its_year() -> None:
    repealed = Validity(ValidityState.REPEALED, TODAY.replace(year=2019), TODAY, TODAY)
    sheet = transfer_sheet(answer("电费", citation(validity=repealed)), at=AT)
    assert (
        "《广东省促进产业有序转移条例》（2019年）第三十条（义务（应当）；已废止（2026年11月22日起）；广东省）" in sheet
    )


def test_the_time_and_the_place_are_the_callers() -> None:
    said = answer("电费", citation())
    first = transfer_sheet(said, at=AT, region="440605")
    assert first == transfer_sheet(said, at=AT.replace(tzinfo=UTC), region="佛山南海")
    with pytest.raises(SettingsError, match="火星"):
        transfer_sheet(said, at=AT, region="火星")
