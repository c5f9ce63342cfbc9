"""What has been read of a text when a citation is met: the documents named, the short forms defined, what was cited."""

import re
from dataclasses import replace

from assistant.citing.cited import NOBODY, Cited, DocumentName, Naming
from assistant.citing.draft import Draft
from assistant.citing.folding import Folded
from assistant.citing.names import SORTS, Names
from assistant.indexing.links_titles import title_key
from assistant.parsing.references import Mention

# Between two members of an enumeration of one document. Matches 、 和 以及 的规定、; refuses ，依照.
JOINED = re.compile(
    r"(?:的?(?:相关|有关)?规定|之规定)?(?:[、，和与及或]|以及|或者|并且|至|到|[-—–~～]+){1,2}(?:其|同法|该法|该条例)?|"
)
MAX_JOINT = 24  # characters of what joins two members of an enumeration


class Context:
    """A text as far as it has been read. `found` grows; everything else is asked."""

    def __init__(self, folded: Folded, names: Names) -> None:
        self.folded, self.text, self.names = folded, folded.text, names
        self.draft = Draft(folded)
        self.found: list[Cited] = []
        self.shorts: dict[str, DocumentName] = {}
        self.last: DocumentName | None = None  # the document that was named last
        self._named: list[DocumentName] = []
        self._cluster = 0

    def remember(self, document: DocumentName) -> DocumentName:
        """Take note of a document that is named, and return it."""
        self.last = document
        self._named.append(document)
        return document

    def of_sort(self, sort: str, years: tuple[int, ...] = ()) -> DocumentName:
        """Return what 条例 alone means: the short form defined, else the last document of that sort."""
        if (short := self.shorts.get(sort)) is not None:
            return replace(short, number="")
        found = self.named_of_sort(sort)
        return replace(found, number="") if found is not None else self.remember(DocumentName(Naming.SORT, sort, years))

    def named_of_sort(self, sort: str) -> DocumentName | None:
        """Return the last document named whose title ends with a word such as 条例, None for none."""
        return next((one for one in reversed(self._named) if self._is_of_sort(one, sort)), None)

    def short_before(self, before: str) -> tuple[DocumentName, int] | None:
        """Return the short form of this text that a piece of it ends with, and its length."""
        for short in sorted(self.shorts, key=len, reverse=True):
            if before.endswith(short):
                return replace(self.shorts[short], number=""), len(short)
        return None

    def antecedent(self) -> Cited | None:
        """Return the citation of a provision that was made last."""
        return next((one for one in reversed(self.found) if one.paths), None)

    def joins(self, start: int) -> bool:
        """Return whether only what joins an enumeration stands between the last citation and `start`."""
        last = self.found[-1].end if self.found else -1
        return 0 <= last <= start <= last + MAX_JOINT and JOINED.fullmatch(self.text, last, start) is not None

    def coordinated(self, start: int) -> bool:
        """Return whether a document named at `start` stands in one breath with the one named before it."""
        last = self.found[-1] if self.found else None
        named = last is not None and not last.paths and bool(last.document.name) and last.end < start
        return named and self.joins(start)

    def emit(self, mentions: list[Mention], start: int, end: int, document: DocumentName) -> None:
        """Add the citations of one enumeration; the first begins where the document is named.

        What lies inside a range exists where its two ends do: the ends are cited.
        """
        joined = bool(self.found) and self.found[-1].document.name == document.name and self.joins(start)
        self._cluster += not joined
        paragraph = "款" in self.text[start:end]
        ends = [one for one in mentions if not _spans_another(one, mentions)]
        for number, one in enumerate(ends):
            first = start if number == 0 else one.start
            self.found.append(Cited(first, one.end, document, one.paths, paragraph=paragraph, cluster=self._cluster))
        if document.how not in (Naming.OWN, Naming.NONE):
            self.last = replace(document, number="")

    def emit_document(self, start: int, end: int, document: DocumentName, part: str = "") -> None:
        """Add the citation of a document as a whole, or of a part by its label."""
        self._cluster += 1
        self.found.append(Cited(start, end, document, part=part, cluster=self._cluster))

    def emit_relative(self, start: int, end: int, document: DocumentName, paths: list[tuple[str, ...]]) -> None:
        """Add what words such as 前款 lead to, each path a citation of the same words."""
        for one in paths:
            self._cluster += 1
            paragraph = "款" in self.text[start:end] or ".p" in "".join(one)
            self.found.append(
                Cited(start, end, document, one, paragraph=paragraph, cluster=self._cluster, relative=True)
            )

    def emit_lost(self, start: int, end: int) -> None:
        """Add a relative reference that leads nowhere."""
        self._cluster += 1
        self.found.append(Cited(start, end, NOBODY, cluster=self._cluster, relative=True, lost=True))

    def _is_of_sort(self, document: DocumentName, sort: str) -> bool:
        ends = (sort, "法典") if sort == "法" else (sort,)
        if title_key(document.name).endswith(ends):
            return True
        meant = self.names.meant(document.name)
        titles = [self.names.metadata[one].title for one in meant.doc_ids] + [meant.known.title if meant.known else ""]
        return any(title_key(title).endswith(ends) for title in titles)


def is_sort(word: str) -> bool:
    """Return whether a word names a sort of document: 条例, 办法."""
    return word in SORTS


def _spans_another(one: Mention, mentions: list[Mention]) -> bool:
    return any(
        one is not other and one.start <= other.start and other.end <= one.end and len(one.text) > len(other.text)
        for other in mentions
    )
