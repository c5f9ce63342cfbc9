"""Places found in questions: by the longest name, never inside another word, never guessed. Codes are GB/T 2260."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.indexing.tokens import LexicalTokenizer
from assistant.places import names, table
from assistant.retrieval.places import classes_of, find_places, regions_of


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory):
    return LexicalTokenizer(tmp_path_factory.mktemp("words")).split


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("深圳的厂能搬吗", [("深圳", "440300")]),
        ("从佛山南海搬到韶关翁源", [("佛山南海", "440605"), ("韶关翁源", "440229")]),
        ("广东省佛山市南海区狮山镇", [("广东省佛山市南海区", "440605")]),
        ("河南有没有", [("河南", "410000")]),
        ("在郑州高新区办厂", [("郑州高新区", "410100")]),
        ("苏州工业园区的企业", [("苏州工业园区", "320500")]),
        ("上海南站附近", [("上海", "310000")]),  # not 海南
        ("投资阳江行不行", [("阳江", "441700")]),  # not 资阳
        ("搬到翁源去", [("翁源", "440229")]),
        ("英德有没有园区", [("英德", "441881")]),  # a county at the start of a question
        ("广州市黄埔区", [("广州市黄埔区", "440112")]),
        ("佛山市、肇庆市", [("佛山市", "440600"), ("肇庆市", "441200")]),
        ("云浮新兴县", [("云浮新兴县", "445321")]),
        ("湖南长沙县", [("湖南长沙县", "430121")]),
        ("彭水苗族土家族自治县", [("彭水苗族土家族自治县", "500243")]),
        ("香港企业", [("香港", "810000")]),
        ("南京的厂，想在鼓楼区租楼", [("南京", "320100"), ("鼓楼区", "320106")]),
        ("高新区有什么优惠", []),
        ("朝阳产业和夕阳产业", []),
        ("搬到新兴产业园", []),
        ("东方电气的厂", []),
        ("每天水价多少", []),  # not 天水
        ("其中山区县怎么办", []),  # not 中山
        ("珠江西岸的企业", []),  # not 江西
        ("推广东部经验", []),  # not 广东; 东部 is a group, below
        ("黄河南岸", []),  # not 河南
        ("北京路步行街", []),
        ("中山大学的成果", []),
        ("郊区的厂", []),
        ("像苏州工业园区那样的", []),  # compared with, not asked about
        ("跟合作市场没关系", []),
        ("搬到湖南永州去", [("湖南永州", "431100")]),  # one word in the dictionary
        ("由顺德迁往广西贵港", [("顺德", "440606"), ("广西贵港", "450800")]),
        ("跟江西比，广东的电价高", [("广东", "440000")]),
        ("和浙江一起招商", [("浙江", "330000")]),
    ],
)
def test_places_found(question: str, found: list[tuple[str, str]], cut) -> None:
    places = [place for place in find_places(question, cut) if not place.group]
    assert [(place.text, *place.codes) for place in places] == found
    assert all(question[place.start : place.end] == place.text for place in places)


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("鼓楼区有政策吗", {"320106", "320302", "350102", "410204"}),
        ("去朝阳办厂", {"110105", "211300", "211321", "220104"}),
        ("在城关开店", {"540102", "620102"}),
        ("海南的企业", {"460000", "632500", "150303"}),
        ("深汕合作区的厂", {"440300", "441500"}),
    ],
)
def test_a_name_with_several_bearers_lists_them(question: str, codes: set[str], cut) -> None:
    [place] = find_places(question, cut)
    assert set(place.codes) == codes


def test_groups_are_found_by_name(cut) -> None:
    places = find_places("想从珠三角搬到粤北，不去中西部", cut)

    assert [place.group for place in places] == ["珠三角", "粤北", "中西部"]
    assert set(places[1].codes) == {"440200", "441400", "441600", "441800", "445300"}


def test_a_class_of_places_filters_nothing_and_a_group_does(cut) -> None:
    question = "想从珠三角搬到中西部"
    regions = regions_of(question, find_places(question, cut))
    assert "440300" in regions
    assert "430000" not in regions


@pytest.mark.parametrize("question", ["上海的厂想搬过来", "深圳的老板来我们县投资", "省里对深圳外迁企业有补贴吗"])
def test_who_asks_from_a_place_that_is_not_named_is_filtered_by_none(question: str, cut) -> None:
    places = find_places(question, cut)
    assert places
    assert regions_of(question, places) == ()


def test_where_the_asker_is_decides_between_places_of_one_name(cut) -> None:
    assert find_places("白云区的厂", cut)[0].codes == ("440111", "520113")
    assert find_places("白云区的厂", cut, near="440600")[0].codes == ("440111",)
    assert find_places("白云区的厂", cut, near="430000")[0].codes == ("440111", "520113")


def test_a_place_called_this_side_is_the_asker_s(cut) -> None:
    question = "广西梧州这边园区，电费能降吗"
    assert regions_of(question, find_places(question, cut)) == ("450400",)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("湾区", "粤港澳大湾区"),
        ("东三省", "东北"),
        ("粤东粤西粤北地区", "粤东粤西粤北"),
        ("中西部省份", "中西部"),
        ("珠三角九市", "珠三角"),
    ],
)
def test_groups_have_several_names(name: str, group: str, cut) -> None:
    [place] = find_places(f"想去{name}办厂", cut)
    assert (place.text, place.group) == (name, group)


def test_classes_of_places_are_known() -> None:
    assert classes_of("441800") == {"东部"}
    assert classes_of("410204") == {"中部", "中西部"}
    assert classes_of("211300") == {"东北"}


def test_a_document_s_name_is_no_place(cut) -> None:
    question = "广东省促进产业有序转移条例管不管湖南"
    assert [place.text for place in find_places(question, cut, [(0, 13)])] == ["湖南"]


def test_the_lists_are_sound() -> None:
    data = tomllib.loads(files("assistant.retrieval").joinpath("data/places.toml").read_text(encoding="utf-8"))
    says = [name for row in data["group"] for name in row["says"]]
    assert len(says) == len(set(says))
    codes = [code for row in data["group"] for code in row["codes"]]
    codes += [code for row in data["aliases"].values() for code in row]
    assert [code for code in codes if code not in table()] == []
    assert not set(data["aliases"]) & set(names())
    # 9 cities of the delta and 12 others are all of 广东.
    groups = {row["name"]: set(row["codes"]) for row in data["group"]}
    assert not groups["珠三角"] & groups["粤东粤西粤北"]
    assert len(groups["珠三角"] | groups["粤东粤西粤北"]) == 21
    assert groups["粤东"] | groups["粤西"] | groups["粤北"] == groups["粤东粤西粤北"]
    assert groups["中西部"] == groups["中部"] | groups["西部"]
    provinces = groups["东部"] | groups["中西部"] | groups["东北"]
    assert len(provinces) == 31
    for name, words in data["words"].items():
        assert len(words) == len(set(words)), name


def test_the_package_finds_its_lists() -> None:
    assert Path(str(files("assistant.retrieval").joinpath("data/places.toml"))).is_file()
