"""Questions and answers of which every verdict can be counted by hand, and an assistant that takes a dialogue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.schema import Answer, Notice, NoticeKind, Role, Status
from eval.answers.questions import Question
from tests.eval.fakes import answer as plain_answer

A, P = "gd-transfer-2025", "mfg-transfer-2021"


def question(id: str, gold: Sequence[str] = (), expect: Status = Status.ANSWERED, **changes: object) -> Question:
    """Return a question asked as "问题" and its id; `missing` asks for an amount where something has to be missing."""
    fields: dict[str, object] = {
        "id": id,
        "role": Role.ENTERPRISE,
        "question": f"问题{id}",
        "gold": tuple(gold),
        "expect": expect,
        "kind": "plain",
        "asks": ("how",),
        "missing": () if expect is Status.ANSWERED else (("金额", "多少钱"),),
        **changes,
    }
    return Question(**fields)  # type: ignore[arg-type]


def answer(
    status: Status,
    cited: Sequence[str] = (),
    missing: Sequence[str] = (),
    notices: Mapping[NoticeKind, str] | None = None,
    **changes: object,
) -> Answer:
    """Return an answer that cites provisions, each with its own id as the quote, and can be read out."""
    made = plain_answer("问题", status, [(provision, provision) for provision in cited], missing)
    told = tuple(Notice(kind, text) for kind, text in (notices or {}).items())
    return replace(made, notices=told, **{"spoken": "您好，请看第三十条。", **changes})  # type: ignore[arg-type]


class Asked:
    """What came with one question."""

    def __init__(self, question: str, as_of: date | None, region: str, role: Role | None, history: Sequence[str]):
        self.question, self.as_of, self.region, self.role, self.history = question, as_of, region, role, history


class FakeAssistant:
    """Answers from a table and keeps what it was asked; does not know of dialogues."""

    def __init__(self, answers: Mapping[str, Answer | Exception]) -> None:
        self.answers = answers
        self.asked: list[Asked] = []

    def ask(self, question: str, *, as_of: date | None = None, region: str = "", role: Role | None = None) -> Answer:
        """Return the answer of the table, or raise its exception."""
        return self._found(Asked(question, as_of, region, role, ()))

    def _found(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        found = self.answers[asked.question]
        if isinstance(found, Exception):
            raise found
        return found


class DialogueAssistant(FakeAssistant):
    """One that takes the asker's earlier questions."""

    def ask(
        self,
        question: str,
        *,
        as_of: date | None = None,
        region: str = "",
        role: Role | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        """Return the answer of the table, or raise its exception."""
        return self._found(Asked(question, as_of, region, role, history))
