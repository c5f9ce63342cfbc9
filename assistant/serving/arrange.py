"""What an answer says, in the order in which page and files show it: part by part, what each rule is worth below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.schema import Answer, AnswerPart, Remark, Statement

MEANS, TOGETHER, ASIDE = "这条规定意味着", "合起来看", "说明"
_ENDS = "，,；;。 \u3000\n"  # what is left at the ends of a part of a question
Said = Statement | Remark


@dataclass(frozen=True, slots=True)
class Section:
    """What is said of one part of a question, or of all of a single one.

    Attributes:
        part: None where the question is one, or for what belongs to no part.
        said: sentences and remarks, in order.
        again: citations that answer this part, too, and were quoted for an earlier one.
        missing: what the part asks for and no document says; empty where nothing at all speaks to the part.
    """

    part: AnswerPart | None
    said: tuple[Said, ...]
    again: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The words of the part."""
        return self.part.text.strip(_ENDS) if self.part else ""


def sections_of(answer: Answer) -> tuple[Section, ...]:
    """Return what an answer says, its parts first, then what belongs to none; without what was not verified."""
    sections: list[Section] = []
    shown: list[Statement] = []
    quoted: set[int] = set()
    sure = [one for one in answer.statements if one.verified]
    for part in answer.parts:
        fits = [one for one in sure if set(one.citations) & set(part.citations)]
        fresh = [one for one in fits if one not in shown]
        again = {key for one in fits if one in shown for key in one.citations if key in part.citations}
        said = tuple(_with_worth(fresh, [one for one in answer.remarks if one.citations], quoted))
        missing = tuple(words for words in part.missing if words != part.text)
        sections.append(Section(part, said, tuple(sorted(again)), missing))
        shown += fresh
        quoted.update(key for one in fresh for key in one.citations)
    rest = [one for one in sure if one not in shown]
    left = tuple(_with_worth(rest, answer.remarks, quoted, all_told=True))
    return (*sections, Section(None, left)) if left or not sections else tuple(sections)


def missing_of(answer: Answer) -> tuple[str, ...]:
    """Return what the documents do not say, without what a part says of itself."""
    own = {words for part in answer.parts for words in (*part.missing, part.text)}
    return tuple(words for words in answer.missing if words not in own)


def worth_words(remark: Remark) -> str:
    """Return what stands before a remark: on one rule, on several side by side, on none."""
    if not remark.citations:
        return ASIDE
    return MEANS if len(remark.citations) == 1 else TOGETHER


def _with_worth(
    statements: Sequence[Statement], remarks: Sequence[Remark], quoted: set[int], *, all_told: bool = False
) -> Iterator[Said]:
    """Yield sentences, each followed by the remarks whose citations have all been quoted by then.

    `quoted` are the citations of earlier parts: remarks on them alone have been yielded. With `all_told` what waits for
    no sentence comes last.
    """
    known = set(quoted)
    left = [one for one in remarks if not one.citations or not known.issuperset(one.citations)]
    for statement in statements:
        yield statement
        known.update(statement.citations)
        ready = [one for one in left if one.citations and known.issuperset(one.citations)]
        left = [one for one in left if one not in ready]
        yield from ready
    if all_told:
        yield from left
