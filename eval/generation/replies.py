"""The questions, what a model was shown for each and what it replied: recorded once, judged as often as needed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.answering.prompts import MAX_EVIDENCE, Evidence, keys_for
from assistant.api import Assistant
from assistant.errors import CorpusError
from assistant.schema import Answer, Status
from eval.question_file import Question

ANSWERABLE, UNANSWERABLE = 45, 15
NEAREST = 3  # provisions that a plain RAG would have shown where the gate finds nothing


@dataclass(frozen=True, slots=True)
class Shown:
    """Words of a document that a model was shown under a key. Invariant: document.text[start:end] == text."""

    key: str
    provision: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model replied to one question.

    Attributes:
        style: "product", the prompt of the product, or "own_words", one that asks for a paraphrase.
        gated: whether the gate lets the model be asked at all; False: abstained, so only a plain RAG would have asked.
        text: its words as they came, "" where it failed.
        error: the one line of the failure.
    """

    id: str
    style: str
    gated: bool
    shown: tuple[Shown, ...]
    text: str
    error: str = ""


def chosen(questions: Iterable[Question]) -> list[Question]:
    """Return 45 questions that the text answers and 15 that it does not, in an order fixed by a hash of their ids."""

    def place(question: Question) -> str:
        return hashlib.sha256(f"generation {question.id}".encode()).hexdigest()

    in_order = sorted(questions, key=place)
    answered = [one for one in in_order if one.expect is Status.ANSWERED]
    others = [one for one in in_order if one.expect is not Status.ANSWERED]
    return answered[:ANSWERABLE] + others[:UNANSWERABLE]


def shown_for(assistant: Assistant, question: str, answer: Answer) -> tuple[Shown, ...]:
    """Return what the model is shown: the answer's quotes, or the nearest provisions where it abstained."""
    if answer.citations:
        found = [(one.provision, one.start, one.end, one.quote) for one in answer.citations[:MAX_EVIDENCE]]
    else:
        hits = assistant.search(question, NEAREST)
        found = [(hit.provision.id, hit.provision.start, hit.provision.end, hit.provision.text) for hit in hits]
    keys = keys_for(question, len(found), [row[3] for row in found])
    return tuple(Shown(key, *row) for key, row in zip(keys, found, strict=True))


def as_evidence(shown: Sequence[Shown]) -> tuple[Evidence, ...]:
    """Return what was shown as the product's evidence; citations are numbered from 1."""
    return tuple(Evidence(one.key, one.text, number) for number, one in enumerate(shown, start=1))


def append_reply(path: Path, reply: Reply) -> None:
    """Add a reply to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(reply), ensure_ascii=False) + "\n")


def load_replies(path: Path) -> list[Reply]:
    """Return the replies of a file; empty where there is none.

    Raises:
        CorpusError: a line is none.
    """
    if not path.is_file():
        return []
    replies = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            replies.append(Reply(**{**row, "shown": tuple(Shown(**one) for one in row["shown"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise CorpusError(
                f"{path} 第 {number} 行不是有效的回答记录：{error}；请删去这一行再运行 --record"
            ) from error
    return replies
