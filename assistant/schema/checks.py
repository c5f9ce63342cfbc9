"""What the citation checker says of a text: findings, their verdict and coverage.

text → Finding (QuoteCheck) → CheckReport
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CheckStatus(StrEnum):
    """What became of one citation."""

    OK = "ok"
    NO_SUCH_ARTICLE = "no_such_article"  # 条; in a policy document 部分; in a catalogue 条目
    NO_SUCH_PARAGRAPH = "no_such_paragraph"  # 款, 自然段
    NO_SUCH_ITEM = "no_such_item"  # 项, 目
    NOT_IN_CORPUS = "not_in_corpus"
    AMBIGUOUS = "ambiguous"
    NOT_IN_FORCE = "not_in_force"  # not yet, no longer, or replaced by a later version
    REPEALED = "repealed"
    QUOTE_ALTERED = "quote_altered"  # the quoted words are not those of the provision, or what is said contradicts it
    QUOTE_ELSEWHERE = "quote_elsewhere"
    TITLE_MISMATCH = "title_mismatch"
    UNRESOLVED_REFERENCE = "unresolved_reference"


UNSETTLED = frozenset({CheckStatus.NOT_IN_CORPUS, CheckStatus.AMBIGUOUS, CheckStatus.UNRESOLVED_REFERENCE})


class Content(StrEnum):
    """How far what a text says about a provision was compared with it."""

    NONE = "none"  # nothing is said about it: 依据…第十条，制定本办法
    VERBATIM = "verbatim"  # the words are the provision's, to the letter
    UNCHECKED = "unchecked"  # 位置存在，内容未核: a paraphrase in which no contradiction was seen
    CONTRADICTED = "contradicted"  # a quote that differs, or a paraphrase of other force, number, negation, subject


class Verdict(StrEnum):
    """What became of a text."""

    PASS = "pass"
    FAIL = "fail"  # a finding contradicts the text
    INCOMPLETE = "incomplete"  # something could not be checked
    NOTHING_TO_CHECK = "nothing_to_check"  # no citation was found, which is no pass


class EditKind(StrEnum):
    """One piece of the difference between a quote and the provision."""

    SAME = "same"
    ADDED = "added"  # in the quote, not in the provision
    DROPPED = "dropped"  # in the provision, not in the quote


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of characters of a difference."""

    kind: EditKind
    text: str


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Words that a text sets in quotation marks (or in a block) and ascribes to a citation, and what they are worth.

    Attributes:
        text: the words without the outer marks; `start`, `end`: their span in the checked text.
        exact: whether they stand in the provision to the letter, white space, quotation marks and width set aside.
        edits: the difference from the nearest words of the provision, in order; empty where exact or not comparable.
        found_in: labels of other provisions in which the words stand; of several for words spliced together.
    """

    text: str
    start: int
    end: int
    exact: bool
    edits: tuple[Edit, ...] = ()
    found_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One citation in a text and what became of it.

    Invariant: checked text[start:end] == text.

    Attributes:
        provision: id of the provision it means, of the document where a document as a whole is cited, "" for neither.
        label: how that is cited in full: 《广东省促进产业有序转移条例》第三十条; "" where nothing was found.
        detail: one line of Chinese: what was verified, or what is wrong and where it stands instead.
        expected: 建议改为: the right label or the right words, "" unless there is exactly one.
        candidates: labels of what could be meant, for AMBIGUOUS, TITLE_MISMATCH and UNRESOLVED_REFERENCE.
        content: what is said about the provision, compared with it.
        quotes: the quotes bound to this citation.
    """

    text: str
    start: int
    end: int
    status: CheckStatus
    detail: str
    provision: str = ""
    label: str = ""
    expected: str = ""
    candidates: tuple[str, ...] = ()
    content: Content = Content.NONE
    quotes: tuple[QuoteCheck, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether everything the citation claims was checked, with whatever result."""
        return self.status not in UNSETTLED and not (
            self.status is CheckStatus.OK and self.content is Content.UNCHECKED
        )


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in one text.

    Attributes:
        text: the checked text, which spans point into.
        findings: in the order of the text.
        as_of: the date that validity was judged on; `as_of_from` says where it comes from: "given", "text", "today".
        searched: number of documents held.
        corpus: "sha256:…" of the live corpus.
        seconds: time taken.
    """

    text: str
    findings: tuple[Finding, ...]
    as_of: date
    as_of_from: str
    searched: int
    corpus: str
    seconds: float = 0.0

    @property
    def counts(self) -> Mapping[CheckStatus, int]:
        """How many findings have each status; statuses without any are left out."""
        return Counter(finding.status for finding in self.findings)

    @property
    def checked(self) -> int:
        """How many citations were checked to the end; the rest could not be."""
        return sum(finding.settled for finding in self.findings)

    @property
    def verdict(self) -> Verdict:
        """The worst there is: a contradiction, then something unsettled."""
        if not self.findings:
            return Verdict.NOTHING_TO_CHECK
        if any(one.status is not CheckStatus.OK and one.status not in UNSETTLED for one in self.findings):
            return Verdict.FAIL
        return Verdict.PASS if self.checked == len(self.findings) else Verdict.INCOMPLETE
