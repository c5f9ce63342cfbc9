"""Titles as other documents write them, and which held documents they mean on a date."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from assistant.indexing.validity import validity_on
from assistant.schema import Metadata, ValidityState

# White space and book-title marks, which every file sets its own way; the state's name, which is left out as often as
# it is written.
_LEFT_OUT = re.compile(r"[\s《》〈〉<>]|中华人民共和国(?!$)")
# The version behind a title. Matches （2019年修订） （2018修正） (2024年本); refuses （试行） （一）.
_VERSION = re.compile(r"[（(]\d{4}年?(?:\d+月\d+日)?(?:本|版|修[订正改]|修正本|修订本)?[）)]$")
_WIDE = str.maketrans("()", "（）")
# Shorter aliases (指导意见, 省条例) are what people say, and no title that a document would cite.
MIN_ALIAS = 5
_LAPSED = frozenset({ValidityState.REPEALED, ValidityState.EXPIRED, ValidityState.NOT_YET})


def title_key(title: str) -> str:
    """Return what titles are compared by: without 中华人民共和国, marks, white space and the version behind it.

    >>> title_key("中华人民共和国土地管理法（2019年修正）") == title_key("《土地管理法》")
    True
    """
    return _VERSION.sub("", _LEFT_OUT.sub("", title)).translate(_WIDE)


class Titles:
    """The names of the held documents, made once for a corpus."""

    def __init__(self, metadata: Mapping[str, Metadata]) -> None:
        self._metadata = metadata
        self._names: dict[str, tuple[str, ...]] = {}
        owners: dict[str, list[str]] = defaultdict(list)
        for doc_id, row in metadata.items():
            names = [title_key(row.title), *(title_key(name) for name in row.aliases if len(name) >= MIN_ALIAS)]
            self._names[doc_id] = tuple(name for name in dict.fromkeys(names) if name)
            for name in self._names[doc_id]:
                owners[name].append(doc_id)
        self._owners = {name: tuple(ids) for name, ids in owners.items()}

    def names(self, doc_id: str) -> tuple[str, ...]:
        """Return the keys by which a held document is cited."""
        return self._names.get(doc_id, ())

    def title(self, doc_id: str) -> str:
        """Return the title of a held document."""
        return self._metadata[doc_id].title

    def held(self, name: str) -> tuple[str, ...]:
        """Return every held document of this key, of whatever version."""
        return self._owners.get(name, ())

    def siblings(self, doc_id: str) -> tuple[str, ...]:
        """Return the other documents of the same title: other versions, or other files of one text (民法典)."""
        names = self.names(doc_id)
        return tuple(one for one in self.held(names[0]) if one != doc_id) if names else ()

    def meant(self, name: str, source: str, as_of: date) -> tuple[str, ...]:
        """Return the held documents of this key that a source means on a date; several where nobody can tell.

        Of several versions the one that is in force: those out of force are left out where another is not, and of those
        in force the one that started last has taken the others' place. A source that is no longer in force, or not
        yet, is read on the day nearest to `as_of` that it was: it meant the versions of its own time.
        """
        found = self.held(name)
        if len(found) < 2:
            return found
        day = self._day(source, as_of)
        running = [one for one in found if validity_on(self._metadata[one], day).state not in _LAPSED] or list(found)
        starts = {one: self._metadata[one].effective or self._metadata[one].promulgated for one in running}
        latest = max((start for start in starts.values() if start), default=None)
        return tuple(one for one in running if latest is None or starts[one] is None or starts[one] == latest)

    def _day(self, source: str, as_of: date) -> date:
        row = self._metadata.get(source)
        if row is None:
            return as_of
        ended = [day for day in (row.expires, row.repealed - timedelta(days=1) if row.repealed else None) if day]
        day = min([as_of, *ended])
        return max(day, row.effective) if row.effective else day
