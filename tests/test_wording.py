from datetime import date

import pytest

from assistant.schema import Validity, ValidityState
from assistant.wording import validity_words


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
        (ValidityState.NOT_YET, None, None, "尚未公布施行"),
        (ValidityState.REPEALED, None, date(2020, 1, 1), "已废止（2020年1月1日起）"),
        (ValidityState.EXPIRED, None, date(2020, 1, 1), "已失效（有效期至2020年1月1日）"),
        (ValidityState.UNKNOWN, None, None, "未载明有效期，未见废止信息"),
    ],
)
def test_validity_words(state: ValidityState, since: date | None, until: date | None, words: str) -> None:
    assert validity_words(Validity(state, since, until, date(2026, 1, 1))) == words
