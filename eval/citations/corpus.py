"""The documents that citations are taken from and judged against: rows of the index, and texts made comparable."""

import re
import sqlite3
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.indexing import database, rows
from assistant.schema import Metadata, Parsed, Provision, ProvisionKind

# White space, zero-width characters and quotation marks: what a quote may set in its own way.
_SET_ASIDE = re.compile("[\\s\u200b\ufeff\"'“”‘’「」『』＂＇]+")
_STATE = "中华人民共和国"
_INNER_MARKS = str.maketrans("〈〉<>()", "《》《》（）")


def plain(text: str) -> str:
    """Return what quotes are compared by: without white space and quotation marks, full width folded to half.

    >>> plain("应当在 ３０日内“书面”答复，") == plain("应当在30日内书面答复,")
    True
    """
    return _SET_ASIDE.sub("", unicodedata.normalize("NFKC", text))


def title_form(title: str) -> str:
    """Return what titles are compared by here: without white space, outer marks and the state's name.

    >>> title_form("《中华人民共和国土地管理法》"), title_form("上海市实施〈中华人民共和国水法〉办法")
    ('土地管理法', '上海市实施《水法》办法')
    """
    form = "".join(title.split()).translate(_INNER_MARKS)
    if form.startswith("《") and form.endswith("》"):
        form = form[1:-1]
    return form.replace(_STATE, "") or form


def in_force(metadata: Metadata, day: date) -> bool:
    """Return whether nothing known says that a document is out of force on a day."""
    return not (
        (metadata.repealed is not None and metadata.repealed <= day)
        or (metadata.expires is not None and metadata.expires < day)
        or (metadata.effective is not None and metadata.effective > day)
    )


def start_of(metadata: Metadata) -> date | None:
    """Return the day a version started, as far as known."""
    return metadata.effective or metadata.promulgated


@dataclass(frozen=True, slots=True)
class Held:
    """One held document: its metadata and provisions, in the order of the text."""

    metadata: Metadata
    provisions: tuple[Provision, ...]

    @property
    def articles(self) -> tuple[Provision, ...]:
        """Its articles; of a policy document the units."""
        found = tuple(one for one in self.provisions if one.kind is ProvisionKind.ARTICLE)
        return found or tuple(one for one in self.provisions if one.unit)


class Corpus:
    """Held documents by id, by title, and by the words that stand in them."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.held = {one.metadata.id: one for one in held}
        self._by_id = {found.id: found for one in self.held.values() for found in one.provisions}
        self._by_form: dict[str, list[str]] = defaultdict(list)
        for doc_id, one in self.held.items():
            for name in dict.fromkeys(title_form(name) for name in (one.metadata.title, *one.metadata.aliases)):
                self._by_form[name].append(doc_id)
        self._plain: dict[str, str] = {}

    @classmethod
    def from_index(cls, folder: Path) -> "Corpus":
        """Return the documents of an index."""
        with closing(database.connect(folder)) as connection:
            metadata = {
                doc_id: rows.load_metadata(text)
                for doc_id, text in connection.execute("SELECT id, metadata FROM documents ORDER BY id")
            }
            return cls(Held(row, _provisions(connection, doc_id)) for doc_id, row in metadata.items())

    @classmethod
    def from_parsed(cls, documents: Iterable[Parsed]) -> "Corpus":
        """Return parsed documents."""
        return cls(Held(one.document.metadata, one.provisions) for one in documents)

    def named(self, title: str) -> tuple[str, ...]:
        """Return the ids of all held documents of a title or alias, of whatever version."""
        return tuple(self._by_form.get(title_form(title), ()))

    @property
    def titles(self) -> Mapping[str, list[str]]:
        """The forms of all titles and aliases, with the documents that have them."""
        return self._by_form

    def provision(self, identity: str) -> Provision | None:
        """Return a provision, None where there is none of this id."""
        return self._by_id.get(identity)

    def plain(self, identity: str) -> str:
        """Return the comparable text of a provision."""
        if identity not in self._plain:
            self._plain[identity] = plain(self._by_id[identity].text)
        return self._plain[identity]

    def where(self, doc_id: str, words: str) -> tuple[str, ...]:
        """Return the ids of the provisions of a document in which comparable words stand."""
        return tuple(one.id for one in self.held[doc_id].provisions if words in self.plain(one.id))

    def documents_with(self, words: str) -> tuple[str, ...]:
        """Return the ids of all documents in a unit of which comparable words stand."""
        whole, starts, doc_ids = self._whole
        found: dict[str, None] = {}
        at = whole.find(words)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            found[doc_ids[number]] = None
            at = whole.find(words, starts[number + 1]) if number + 1 < len(starts) else -1
        return tuple(found)

    @cached_property
    def _whole(self) -> tuple[str, list[int], list[str]]:
        """All units one after the other, with a separator that no words have; where each document starts."""
        pieces: list[str] = []
        starts: list[int] = []
        at = 0
        for one in self.held.values():
            starts.append(at)
            text = "".join(plain(found.text) + "\n" for found in one.provisions if found.unit)
            pieces.append(text)
            at += len(text)
        return "".join(pieces), starts, list(self.held)


def _provisions(connection: sqlite3.Connection, doc_id: str) -> tuple[Provision, ...]:
    found = connection.execute(
        f"SELECT {rows.PROVISION_COLUMNS} FROM provisions WHERE doc_id = ? ORDER BY position", (doc_id,)
    )
    return tuple(rows.load_provision(row) for row in found)
