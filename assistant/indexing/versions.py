"""Versions of one Work: the years they are called by, and how one that is not in force is named."""

import re
from collections.abc import Sequence
from datetime import date

from assistant.indexing.validity import validity_on
from assistant.schema import Metadata, ValidityState

# The year of a version in a title. Matches （2019年本）, (2018修正); refuses （一）.
_TITLE_YEAR = re.compile(r"[（(](\d{4})年?(?:本|版|修[订正改])?[）)]")
_OUT_OF_FORCE = frozenset({ValidityState.REPEALED, ValidityState.EXPIRED, ValidityState.NOT_YET})


def years_of(row: Metadata) -> frozenset[int]:
    """Return the years by which a version is called: that of its title (（2019年本）), of its issue, of its start."""
    dates = {day.year for day in (row.promulgated, row.effective) if day}
    return frozenset(dates | {int(year) for year in _TITLE_YEAR.findall(row.title)})


def dated_title(row: Metadata, as_of: date, versions: Sequence[Metadata]) -> str:
    """Return a title in marks; of a version that is not the one in force on `as_of`, with its year: 《…》（2018年）.

    Where another version is called by the same year, with the day.

    Args:
        row: the version to name.
        as_of: the date asked for.
        versions: all held versions of its Work, itself among them.
    """
    others = [one for one in versions if one.id != row.id]
    lapsed = validity_on(row, as_of).state in _OUT_OF_FORCE
    replaced = any(_start(row) < _start(one) <= as_of for one in others)
    day = row.effective or row.promulgated
    if day is None or not (lapsed or replaced):
        return f"《{row.title}》"
    alike = any(day.year in years_of(one) for one in others)
    return f"《{row.title}》（{day.year}年{f'{day.month}月{day.day}日' if alike else ''}）"


def _start(row: Metadata) -> date:
    return row.effective or row.promulgated or date.min
