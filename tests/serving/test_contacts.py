"""Whom a caller is handed to: the most specific row, and nobody where no row says so."""

import re
from pathlib import Path

import pytest

from assistant.errors import ContactsError, SettingsError
from assistant.serving.contacts import Contact, Contacts
from tests.conftest import ROOT

ROWS = """
[[contact]]
place = "佛山南海"
topics = ["用电", "电费"]
department = "南海区发展和改革局"
phone = "0757-86330000"

[[contact]]
place = "440600"
topics = ["用电", "工业用电报装", "用地"]
department = "佛山市发展和改革局"
phone = "0757-83330000"

[[contact]]
place = "广东"
topics = ["用电", "海关信用"]
department = "广东省发展和改革委员会"
phone = "020-83330000、83330001"

[[contact]]
place = "全国"
topics = ["海关信用"]
department = "海关总署"
phone = "12360"

[[contact]]
place = "广州"
topics = ["用电"]
department = "广州市工业和信息化局"
phone = "(020) 8312 0000 转 801"
"""


def loaded(tmp_path: Path, text: str) -> Contacts:
    path = tmp_path / "contacts.toml"
    path.write_text(text, encoding="utf-8")
    return Contacts.load(path)


@pytest.mark.parametrize(
    ("question", "region", "department", "comment"),
    [
        ("用电怎么办", "佛山南海", "南海区发展和改革局", "the county's own row"),
        ("用电怎么办", "440605", "南海区发展和改革局", "by code"),
        ("用电怎么办", "佛山顺德", "佛山市发展和改革局", "no row of the county: its city's"),
        ("用电怎么办", "佛山", "佛山市发展和改革局", "the city itself"),
        ("用电怎么办", "东莞", "广东省发展和改革委员会", "no row of the city: its province's"),
        ("用地怎么办", "佛山南海", "佛山市发展和改革局", "the county's row has other topics"),
        ("工业用电报装和用地", "佛山顺德", "佛山市发展和改革局", "several topics of one row"),
        ("海关信用", "佛山南海", "广东省发展和改革委员会", "the province before the country"),
        ("海关信用", "湖南长沙", "海关总署", "the country's row"),
        ("海关信用", "", "海关总署", "place unknown: only the country's row"),
        ("海关信用", "全国", "海关总署", "the whole country"),
        ("用电", "广东", "广东省发展和改革委员会", "a province is not its city"),
        ("用 电费 用", "佛山南海", "南海区发展和改革局", "white space is set aside"),
        ("用电", "湖南长沙", "", "another province"),
        ("用电", "", "", "place unknown: no guess"),
        ("社保怎么办", "佛山南海", "", "no such topic"),
        ("", "佛山南海", "", "nothing is asked"),
    ],
)
def test_who_it_is(tmp_path: Path, question: str, region: str, department: str, comment: str) -> None:
    found = loaded(tmp_path, ROWS).find(question, region)
    assert (found.department if found else "") == department, comment


def test_the_longest_topic_decides_and_a_tie_decides_nothing(tmp_path: Path) -> None:
    def row(topics: str, department: str) -> str:
        return f'[[contact]]\nplace = "佛山"\ntopics = [{topics}]\ndepartment = "{department}"\nphone = "12345"\n'

    contacts = loaded(tmp_path, row('"用电"', "甲局") + row('"用电报装"', "乙局") + row('"用地"', "丙局"))
    assert contacts.find("用电报装", "佛山") == Contact("440600", ("用电报装",), "乙局", "12345")
    assert contacts.find("用电", "佛山") == Contact("440600", ("用电",), "甲局", "12345")
    assert contacts.find("用电和用地", "佛山") is None
    same = loaded(tmp_path, row('"用电"', "甲局") + row('"用地"', "甲局"))
    found = same.find("用电和用地", "佛山")
    assert found is not None and found.department == "甲局"


def test_full_width_and_case_are_set_aside(tmp_path: Path) -> None:
    text = '[[contact]]\nplace = "佛山"\ntopics = ["ERP系统"]\ndepartment = "甲局"\nphone = "１２３４５"\n'
    contacts = loaded(tmp_path, text.replace("１２３４５", "12345"))
    assert contacts.find("ｅｒｐ系统补贴", "佛山") is not None


def test_an_absent_file_is_an_empty_list(tmp_path: Path) -> None:
    assert Contacts.load(tmp_path / "none.toml") == Contacts()
    assert Contacts().find("用电", "佛山") is None
    assert loaded(tmp_path, "# 还没有填\n") == Contacts()


def test_the_example_of_the_readme_is_one(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(\[\[contact\]\].*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    found = loaded(tmp_path, example).find("电费太贵", "佛山南海")
    assert found == Contact("440605", ("用电", "电费"), "南海区某某局", "0757-12345678")


def test_a_region_that_is_not_known_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="不认识的地区“火星”"):
        loaded(tmp_path, ROWS).find("用电", "火星")


GOOD = 'place = "佛山"\ntopics = ["用电"]\ndepartment = "甲局"\nphone = "12345"\n'


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD + 'colour = "red"\n', "字段 colour 不存在；可用的字段：place、topics、department、phone"),
        (GOOD.replace('place = "佛山"\n', ""), "缺少字段 place"),
        (GOOD.replace('phone = "12345"\n', ""), "缺少字段 phone"),
        (GOOD.replace('"12345"', "12345"), "字段 phone 无效，应是电话号码"),
        (GOOD.replace("12345", "见官网"), "字段 phone 无效，应是电话号码"),
        (GOOD.replace("12345", ""), "字段 phone 无效，应是电话号码"),
        (GOOD.replace("甲局", ""), "字段 department 无效"),
        (GOOD.replace("甲局", "甲局\\n乙局"), "字段 department 无效，应是一行文字"),
        (GOOD.replace('["用电"]', '"用电"'), "字段 topics 无效，应是列表"),
        (GOOD.replace('["用电"]', "[]"), "字段 topics 无效，应是列表"),
        (GOOD.replace("用电", "电"), "topics 里的词至少两个字"),
        (GOOD.replace("佛山", "火星"), "不认识的地区“火星”"),
        (GOOD.replace("佛山", "朝阳"), "“朝阳”可以指几个地方"),
        (GOOD.replace("佛山", "广东佛山"), "广东省佛山市的“用电”已写在第 1 个；请只留一处"),
    ],
)
def test_a_bad_row_is_one_line_that_names_it(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(ContactsError) as error:
        loaded(tmp_path, f"[[contact]]\n{GOOD}\n[[contact]]\n{row}")
    assert str(error.value).startswith("contacts.toml 第 2 个 [[contact]]：")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[contact]\n", "不是有效的 UTF-8 TOML"),
        ("[contact]\nplace = '佛山'\n", "只能由 [[contact]] 组成"),
        ("contact = [1]\n", "第 1 个 [[contact]]：应是一个表"),
        ("other = 1\n", "只能由 [[contact]] 组成，不认识 other"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ContactsError) as error:
        loaded(tmp_path, text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
