"""对话: the questions one visitor has asked in a row, and their answers, folded above the newest."""

from dataclasses import dataclass, field, replace
from datetime import date

from assistant.schema import Answer, Role
from assistant.web.escape import escape
from assistant.web.lines import status_pill

MAX_TURNS = 10  # kept of a dialogue; as many earlier questions can bear on a follow-up
OPEN_LIST = 3  # earlier questions listed; those before them are folded once more


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was put.

    Attributes:
        question: trimmed.
        history: the earlier questions it was read with, oldest first.
        as_of, region, role: what was chosen beside it; None and "" for not said.
    """

    question: str
    history: tuple[str, ...] = ()
    as_of: date | None = None
    region: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was answered; `voted` once the visitor has judged it."""

    asked: Asked
    answer: Answer
    body: str = field(default="", repr=False)  # the answer as it stands further back in the dialogue, as HTML
    voted: bool = False


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A visitor's questions on one topic, oldest first. Never shared: it lives in the state of one page."""

    turns: tuple[Turn, ...] = ()

    @property
    def last(self) -> Turn | None:
        """The newest question with its answer, None before the first."""
        return self.turns[-1] if self.turns else None

    @property
    def history(self) -> tuple[str, ...]:
        """What a next question is read with."""
        return tuple(turn.asked.question for turn in self.turns)

    def then(self, turn: Turn) -> "Dialogue":
        """Return the dialogue with one more turn; the oldest gives way."""
        return Dialogue((*self.turns, turn)[-MAX_TURNS:])

    def judged(self) -> "Dialogue":
        """Return the dialogue whose newest answer has been judged."""
        return Dialogue((*self.turns[:-1], replace(self.turns[-1], voted=True))) if self.turns else self

    def answer(self, turn: int | None) -> Answer | None:
        """Return the answer of a turn, counted from 0; of the newest for None. None where there is no such turn."""
        at = len(self.turns) - 1 if turn is None else turn
        return self.turns[at].answer if 0 <= at < len(self.turns) else None


def render_thread(dialogue: Dialogue, *, whole: bool = False) -> str:
    """Return the earlier questions with their answers folded, "" where there are none.

    `whole` lists the newest, too: where the place of its answer is taken by something else.
    """
    earlier = dialogue.turns if whole else dialogue.turns[:-1]
    if not earlier:
        return ""
    rows = [_turn(number, turn) for number, turn in enumerate(earlier)]
    older, near = rows[:-OPEN_LIST], rows[-OPEN_LIST:]
    folded = (
        f'<details class="yj-older"><summary>更早的 {len(older)} 个问题</summary>{"".join(older)}</details>'
        if older
        else ""
    )
    return f'<section class="yj-thread" aria-label="前面的问题">{folded}{"".join(near)}</section>'


def _turn(number: int, turn: Turn) -> str:
    return (
        f'<details class="yj-turn" data-turn="{number}"><summary>{status_pill(turn.answer.status)}'
        f'<span class="yj-turn-question">{escape(turn.asked.question)}</span></summary>{turn.body}</details>'
    )
