"""What finding gives: a citation, and the words that say which document it means."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Naming(StrEnum):
    """How a citation says which document it means."""

    TITLE = "title"  # in book-title marks
    NAME = "name"  # without them
    NUMBER = "number"  # 文号
    SORT = "sort"  # 条例, 指导意见, alone
    OWN = "own"  # the text itself: 本办法, 本条, or its own 第…条
    NONE = "none"  # nothing says which
    CARRIED = "carried"  # what was named before: 该条例, 同法, 同条, or nothing at all


@dataclass(frozen=True, slots=True)
class DocumentName:
    """The words that say which document is meant.

    Attributes:
        name: without marks, "" where there is none; of CARRIED that of the document that was named before.
        years: years that the words give for the version: （2018年修正）; empty for none.
        day: the day of issue or start that they give: （2018年10月26日修正）.
        number: the document's number that stands with a title, "" for none.
        beside: names of the documents that are named in one breath before it; a mere 该办法 behind can mean any.
    """

    how: Naming
    name: str = ""
    years: tuple[int, ...] = ()
    day: date | None = None
    number: str = ""
    beside: tuple[str, ...] = ()

    def carried(self) -> "DocumentName":
        """Return it as it is meant by words that only point back to it."""
        how = self.how if self.how in (Naming.SORT, Naming.NUMBER) else Naming.CARRIED
        return replace(self, how=how, number="")


NOBODY = DocumentName(Naming.NONE)
OWN = DocumentName(Naming.OWN)


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation, its span in the folded text.

    Attributes:
        paths: what the words can mean inside the document, the likelier first; empty for the document as a whole.
        part: words that name a part by its label and not by its path: 引言, 附件二, 第三章; "" for none.
        paragraph: whether the words name a 款; where they do not, 第（三）项 is that of any 款.
        cluster: citations of one enumeration (第三条、第五条) share a number; what is said, is said of all of them.
        relative: the words count from where they stand (前款, 上述规定) and lead to what `paths` has already.
        lost: a relative reference with nothing in front that it could mean.
    """

    start: int
    end: int
    document: DocumentName
    paths: tuple[str, ...] = ()
    part: str = ""
    paragraph: bool = False
    cluster: int = 0
    relative: bool = False
    lost: bool = False
