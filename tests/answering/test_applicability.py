"""Whether a rule may be relied on there and then: which word of warning a question gets, and which needs none."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.applicability import place_notices
from assistant.answering.segments import read_again
from assistant.answering.timing import time_notices
from assistant.api import Assistant, open_assistant
from assistant.indexing.index import Snapshot
from assistant.indexing.validity import validity_on
from assistant.retrieval.understanding import Wish, understand
from assistant.schema import Citation, Notice, text_of
from assistant.settings import Settings
from tests.conftest import ROOT

TODAY = date(2026, 11, 22)
GD, MFG = "gd-transfer-2025", "mfg-transfer-2021"
CASES = tomllib.loads((Path(__file__).parent / "applicability_cases.toml").read_text(encoding="utf-8"))["case"]
SAYS = {
    "place_out": "out",
    "place_elsewhere": "elsewhere",
    "place_side": "side",
    "place_unclear": "unclear",
    "place_class_unclear": "class",
    "time_before": "before",
    "time_not_yet": "before",
    "time_holds": "validity",
    "time_no_term_target": "validity",
    "time_target": "target",
}


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


def cited(snapshot: Snapshot, short: str, as_of: date) -> Citation:
    """Return a citation of the whole of g (第三十条), g2, g39, m (第八部分) or m1."""
    doc_id = GD if short[0] == "g" else MFG
    unit = f"{doc_id}:{'a' if doc_id == GD else 'n'}{short[1:] or ('30' if doc_id == GD else '8')}"
    provision = snapshot.provisions([unit])[unit]
    row = snapshot.metadata()[doc_id]
    return Citation(
        key=1,
        provision=unit,
        document=row.title,
        label=provision.label,
        quote=provision.text,
        start=provision.start,
        end=provision.end,
        force=(),
        jurisdiction=row.jurisdiction,
        validity=validity_on(row, as_of),
    )


def noticed(assistant: Assistant, question: str, cites: str, region: str = "", as_of: date | None = None):
    """Return the notices on place and time that a question gets with these citations."""
    from assistant.places import place_code

    def work(snapshot: Snapshot) -> tuple[Notice, ...]:
        table = assistant._name_table(snapshot)
        wish = Wish(as_of=as_of, region=place_code(region))
        query = understand(question, table, wish, today=TODAY, cut=snapshot.tokenizer.split)
        citations = [cited(snapshot, short, query.as_of) for short in cites.split()]
        found = (
            *place_notices(snapshot, query, citations, snapshot.metadata()),
            *time_notices(snapshot, query, citations, snapshot.metadata()),
        )
        for one in found:
            assert one.text == text_of(one.words)
            assert [segment.text for segment in one.words] == [
                read_again(segment, snapshot, question) for segment in one.words
            ]
        return found

    return assistant._index.read(work)


def says(notices: tuple[Notice, ...]) -> list[str]:
    return [
        SAYS[one.words[1 if one.words[0].source.startswith("title") else 0].source.partition("#")[0]] for one in notices
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["q"])
def test_a_question_gets_the_warnings_that_change_its_answer(assistant: Assistant, case: dict[str, Any]) -> None:
    found = noticed(assistant, case["q"], case["cited"], case.get("region", ""), case.get("as_of"))
    assert says(found) == ([case["says"]] if case["says"] else [])
