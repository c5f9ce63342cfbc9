from datetime import date

import pytest

from assistant.indexing.validity import validity_on
from assistant.schema import Kind, Metadata, ValidityState

START, END = date(2025, 3, 1), date(2030, 3, 1)


@pytest.mark.parametrize(
    ("facts", "as_of", "state"),
    [
        ({"effective": START}, date(2025, 2, 28), ValidityState.NOT_YET),
        ({"effective": START}, date(2025, 3, 1), ValidityState.IN_FORCE),  # 自2025年3月1日起施行 includes the day
        ({"effective": START, "repealed": END}, date(2030, 2, 28), ValidityState.IN_FORCE),
        ({"effective": START, "repealed": END}, date(2030, 3, 1), ValidityState.REPEALED),  # 自…起废止 includes the day
        ({"effective": START, "expires": END}, date(2030, 3, 1), ValidityState.IN_FORCE),  # 有效期至 includes the day
        ({"effective": START, "expires": END}, date(2030, 3, 2), ValidityState.EXPIRED),
        ({}, date(2026, 1, 1), ValidityState.UNKNOWN),
        ({"repealed": END}, date(2030, 3, 1), ValidityState.REPEALED),
    ],
)
def test_state_on_a_date(facts: dict[str, date], as_of: date, state: ValidityState) -> None:
    validity = validity_on(Metadata(id="a", title="甲条例", kind=Kind.STATUTE, **facts), as_of)

    assert validity.state is state
    assert validity.as_of == as_of


def test_an_expired_document_ends_when_it_expired_not_when_it_was_repealed_later() -> None:
    row = Metadata(id="a", title="甲条例", kind=Kind.STATUTE, effective=START, expires=END, repealed=date(2032, 1, 1))

    assert validity_on(row, date(2031, 1, 1)).until == END


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ({"repealed": date(2030, 3, 1)}, date(2030, 2, 28)),  # in force on the day before
        ({"repealed": date(2030, 3, 1), "expires": date(2029, 12, 31)}, date(2029, 12, 31)),
        ({"expires": date(2030, 3, 1)}, date(2030, 3, 1)),
        ({}, None),
    ],
)
def test_until_is_the_last_day_in_force(facts: dict[str, date], until: date | None) -> None:
    row = Metadata(id="a", title="甲条例", kind=Kind.STATUTE, effective=START, **facts)

    assert validity_on(row, date(2026, 1, 1)).until == until


def test_a_repealed_document_says_since_when() -> None:
    row = Metadata(id="a", title="甲条例", kind=Kind.STATUTE, effective=START, repealed=END)

    assert validity_on(row, date(2031, 1, 1)).until == END
