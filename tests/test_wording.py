from datetime import date

import pytest

from assistant.errors import SettingsError
from assistant.schema import Validity, ValidityState
from assistant.wording import place_code, place_words, provinces, validity_words


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("广东", "440000"),
        ("广东省", "440000"),
        ("内蒙古", "150000"),
        ("重庆", "500000"),
        ("440600", "440600"),
        ("", ""),
    ],
)
def test_place_code(name: str, code: str) -> None:
    assert place_code(name) == code


@pytest.mark.parametrize("name", ["火星", "广", "4406", "省"])
def test_what_is_no_place_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"不认识的地区“{name}”"):
        place_code(name)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("000000", "全国"),
        ("440000", "广东省"),
        ("440600", "广东省（地区代码440600）"),
        ("990000", "地区代码990000"),
        ("", "适用地域未知"),
    ],
)
def test_place_words(code: str, words: str) -> None:
    assert place_words(code) == words


def test_the_table_has_all_34_divisions_and_two_characters_tell_them_apart() -> None:
    names = list(provinces().values())
    assert len(names) == 34
    assert len({name[:2] for name in names}) == 34


@pytest.mark.parametrize(
    ("state", "since", "until", "words"),
    [
        (ValidityState.IN_FORCE, date(2025, 3, 1), None, "现行有效，自2025年3月1日起施行"),
        (
            ValidityState.IN_FORCE,
            date(2025, 3, 1),
            date(2030, 2, 28),
            "现行有效，自2025年3月1日起施行，有效期至2030年2月28日",
        ),
        (ValidityState.NOT_YET, date(2025, 3, 1), None, "尚未施行，自2025年3月1日起施行"),
        (ValidityState.REPEALED, None, date(2020, 1, 1), "已废止（2020年1月1日起）"),
        (ValidityState.EXPIRED, None, date(2020, 1, 1), "已失效（有效期至2020年1月1日）"),
        (ValidityState.UNKNOWN, None, None, "未载明有效期，未见废止信息"),
    ],
)
def test_validity_words(state: ValidityState, since: date | None, until: date | None, words: str) -> None:
    assert validity_words(Validity(state, since, until, date(2026, 1, 1))) == words
