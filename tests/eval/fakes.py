"""An assistant whose every hit and answer a test writes down."""

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.schema import (
    Answer,
    Citation,
    Force,
    Hit,
    Notice,
    NoticeKind,
    Provision,
    ProvisionKind,
    Role,
    Status,
    Validity,
    ValidityState,
)
from eval.question_file import Question

TODAY = date(2026, 11, 22)


def question(id: str, gold: Sequence[str], expect: Status = Status.ANSWERED, **changes: object) -> Question:
    """Return a question; `missing` is filled where `expect` asks for it."""
    fields: dict[str, object] = {
        "id": id,
        "role": Role.ENTERPRISE,
        "question": f"问题{id}",
        "gold": tuple(gold),
        "also": (),
        "expect": expect,
        "missing": () if expect is Status.ANSWERED else ("金额",),
        "kind": "plain",
        **changes,
    }
    return Question(**fields)  # type: ignore[arg-type]


def hit(provision_id: str, rank: int) -> Hit:
    """Return a hit on a unit."""
    document, _, path = provision_id.partition(":")
    unit = Provision(provision_id, document, ProvisionKind.ARTICLE, (1, 0), path, (), 0, 2, "条文", unit=True)
    return Hit(unit, 1 / rank, rank)


def answer(
    text: str,
    status: Status,
    quotes: Sequence[tuple[str, str]] = (),
    missing: Sequence[str] = (),
    notices: Sequence[NoticeKind] = (),
) -> Answer:
    """Return an answer that quotes (provision id, words)."""
    validity = Validity(ValidityState.IN_FORCE, None, None, TODAY)
    citations = tuple(
        Citation(key, provision, "题名", "第一条", words, 0, len(words), (Force.DUTY,), "440000", validity)
        for key, (provision, words) in enumerate(quotes, 1)
    )
    return Answer(
        question=text,
        status=status,
        answer="",
        statements=(),
        citations=citations,
        missing=tuple(missing),
        nearest=(),
        notices=tuple(Notice(kind, "") for kind in notices),
        spoken="",
        searched=2,
        engine="extractive",
        corpus="sha256:00",
        seconds=0.01,
    )


class FakeAssistant:
    """Answers and ranks from tables; what is not in a table fails as a damaged index would.

    Attributes:
        asked: every question asked, in order, with its role and date.
    """

    def __init__(
        self, rankings: Mapping[str, Mapping[str, Sequence[str]]], answers: Mapping[str, Answer | Exception]
    ) -> None:
        self.rankings = rankings
        self.answers = answers
        self.asked: list[tuple[str, Role | None, date | None]] = []

    def search(self, question: str, *, k: int = 10, mode: str = "hybrid") -> Sequence[Hit]:
        """Return the first k of the table for this mode."""
        return tuple(hit(unit, rank) for rank, unit in enumerate(self.rankings[mode][question][:k], 1))

    def ask(self, question: str, *, as_of: date | None = None, region: str = "", role: Role | None = None) -> Answer:
        """Return the answer of the table, or raise its exception."""
        self.asked.append((question, role, as_of))
        found = self.answers[question]
        if isinstance(found, Exception):
            raise found
        return found
