"""The table of places, names with several bearers, and whose rules apply where. Codes are those of GB/T 2260."""

import csv
from pathlib import Path

import pytest

import eval.build_places as build_places
from assistant.errors import SettingsError
from assistant.places import (
    Sight,
    narrowed,
    place_code,
    place_words,
    places_words,
    provinces,
    resolve,
    sees,
    table,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("广东", "440000"),
        ("广东省", "440000"),
        ("内蒙古", "150000"),
        ("重庆", "500000"),
        ("440600", "440600"),
        ("", ""),
        ("深圳", "440300"),
        ("佛山南海", "440605"),
        ("广东省佛山市南海区", "440605"),
        ("韶关翁源", "440229"),
        ("翁源县", "440229"),
        ("郑州高新区", "410100"),  # a development zone is its city's
        ("苏州工业园区", "320500"),
        ("恩施", "422800"),  # the prefecture, not the city in it
        ("南昌", "360100"),  # the city, not the county in it
        ("中山", "442000"),  # the city in 广东, not the district of 大连
        ("河南", "410000"),  # the province, not the county in 青海
        ("海南", "460000"),  # typed as an option, a province's name is the province
        ("吉林", "220000"),
        ("仙桃", "429004"),  # a county of the province itself
        ("浦东新区", "310115"),
        ("香港", "810000"),
        ("恩施州", "422800"),  # so people call 恩施土家族苗族自治州
        ("４４０６００", "440600"),  # typed with an input method's wide digits
        ("440699", "440699"),  # a code that is no longer, or not yet, in the table
        ("全国", "000000"),
    ],
)
def test_place_code(name: str, code: str) -> None:
    assert place_code(name) == code


@pytest.mark.parametrize("name", ["火星", "广", "4406", "省", "高新区", "佛山北京", "广东路", "999999", "003456"])
def test_what_is_no_place_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"不认识的地区“{name}”"):
        place_code(name)


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("朝阳", {"110105", "211300", "211321", "220104"}),
        ("鼓楼", {"320106", "320302", "350102", "410204"}),
        ("城关区", {"540102", "620102"}),
        ("江苏鼓楼", {"320106", "320302"}),
    ],
)
def test_a_name_with_several_bearers_is_listed_and_never_guessed(name: str, candidates: set[str]) -> None:
    assert set(resolve(name)) == candidates
    with pytest.raises(SettingsError, match=f"“{name}”可以指几个地方：") as refused:
        place_code(name)
    assert all(code in str(refused.value) for code in candidates)


def test_a_bare_name_of_province_and_prefecture_is_listed() -> None:
    assert set(resolve("海南")) == {"460000", "632500", "150303"}
    assert resolve("青海海南") == ("632500",)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("000000", "全国"),
        ("440000", "广东省"),
        ("440600", "广东省佛山市"),
        ("440605", "广东省佛山市南海区"),
        ("429004", "湖北省仙桃市"),
        ("445299", "广东省揭阳市（地区代码445299）"),
        ("990000", "地区代码990000"),
        ("", "适用地域未知"),
    ],
)
def test_place_words(code: str, words: str) -> None:
    assert place_words(code) == words


def test_many_places_are_said_shortly() -> None:
    assert places_words(("440600", "430000")) == "广东省佛山市、湖南省"
    assert places_words(("440200", "441400", "441600", "441800")) == "广东省韶关市、广东省梅州市、广东省河源市等地"


def test_the_table_has_all_34_divisions_and_two_characters_tell_them_apart() -> None:
    names = list(provinces().values())
    assert len(names) == 34
    assert len({name[:2] for name in names}) == 34


def test_the_table_is_of_six_digits_and_full_names_in_the_order_of_codes() -> None:
    rows = table()
    assert list(rows) == sorted(rows)
    assert [code for code in rows if len(code) != 6 or not code.isdigit() or f"{code[:2]}0000" not in rows] == []
    assert [name for name in rows.values() if len(name) < 2 or not all(character >= "一" for character in name)] == []
    # 21 cities of 广东, among them two without counties, which the source lists as their own county.
    assert sum(code.startswith("44") and code.endswith("00") and code != "440000" for code in rows) == 21


def test_the_table_is_what_its_source_says() -> None:
    if not build_places.SOURCE.is_dir():
        pytest.skip("../shared/data/admin_divisions is not there")
    assert table() == build_places.rows(build_places.SOURCE)
    with (build_places.SOURCE / "cities.csv").open(encoding="utf-8-sig", newline="") as lines:
        cities = {f"{row['code']}00": row["name"] for row in csv.DictReader(lines) if row["name"].endswith("市")}
    assert cities.items() <= table().items()


@pytest.mark.parametrize(
    ("asker", "document", "sight", "comment"),
    [
        ("440605", "000000", Sight.APPLIES, "national law applies everywhere"),
        ("440605", "440000", Sight.APPLIES, "its province"),
        ("440605", "440600", Sight.APPLIES, "its city"),
        ("440605", "440605", Sight.APPLIES, "its own"),
        ("440605", "440604", Sight.ELSEWHERE, "the next district"),
        ("440605", "440300", Sight.ELSEWHERE, "a sister city, special zone or not"),
        ("440605", "430000", Sight.ELSEWHERE, "another province"),
        ("500243", "500243", Sight.APPLIES, "its own autonomous county"),
        ("500101", "500243", Sight.ELSEWHERE, "an autonomous county it does not lie in"),
        ("440000", "440300", Sight.POSSIBLE, "a province asks: it depends on the city"),
        ("440600", "440605", Sight.POSSIBLE, "a city asks: it depends on the district"),
        ("440000", "430100", Sight.ELSEWHERE, "a city of another province"),
        ("", "440300", Sight.APPLIES, "nobody said where"),
        ("440300", "", Sight.APPLIES, "an unknown area rules out nothing"),
        ("110105", "110000", Sight.APPLIES, "a municipality is a province"),
    ],
)
def test_who_sees_whose_rules(asker: str, document: str, sight: Sight, comment: str) -> None:
    assert sees(asker, document) is sight, comment


@pytest.mark.parametrize(
    ("jurisdiction", "title", "area"),
    [
        ("440000", "深圳经济特区知识产权保护条例", "440300"),
        ("440000", "广东省促进产业有序转移条例", "440000"),
        ("410000", "郑州市城市绿化条例", "410100"),
        ("500000", "重庆市城市房地产开发经营管理条例", "500000"),
        ("500000", "彭水苗族土家族自治县自治条例", "500243"),
        ("310000", "上海市浦东新区推进市场准营承诺即入制改革若干规定", "310115"),
        ("310000", "上海市城市更新区域条例", "310000"),  # no district is called so
        ("000000", "广州市某办法", "000000"),  # who says it is national is believed
        ("", "广州市某办法", ""),  # unknown stays unknown
        ("430000", "广州市某办法", "430000"),  # a city of another province: the row is believed
    ],
)
def test_a_title_narrows_its_province(jurisdiction: str, title: str, area: str) -> None:
    assert narrowed(jurisdiction, title) == area


def test_the_package_carries_the_table() -> None:
    assert '"**/*.csv"' in (Path(build_places.ROOT) / "pyproject.toml").read_text(encoding="utf-8")
