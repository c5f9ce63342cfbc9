from dataclasses import replace
from datetime import date

import pytest

from assistant.citing.verify import citation_holds, quote_stands
from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.schema import Citation, Force, Validity, ValidityState
from tests.fakes import CountingEmbedder, statute

LAW = statute("a", "保障用地。降低成本。", "保障用地。")
TEXT = LAW.document.text
START = TEXT.index("保障用地")
RIGHT = Citation(
    1, "a:a1.p1", "a条例", "第一条", "保障用地。", START, START + 5, (Force.STATEMENT,), "",
    Validity(ValidityState.UNKNOWN, None, None, date(2026, 1, 1)),
)  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("verify")
    with Writer(folder, CountingEmbedder()) as writer:
        writer.apply([Change(LAW, "added", "1")])
    return Index.open(folder, CountingEmbedder())


@pytest.mark.parametrize(
    ("changes", "stands", "comment"),
    [
        ({}, True, "to the letter, where it is said to be"),
        ({"quote": "保障用电。"}, False, "one character altered"),
        ({"start": START + 1, "end": START + 6}, False, "another place"),
        ({"provision": "a:a2.p1"}, False, "the same words stand in another article, but the span is not there"),
        ({"provision": "a:a9"}, False, "an article that does not exist"),
        ({"provision": "b:a1.p1"}, False, "a document that is not held"),
        ({"quote": "", "end": START}, False, "nothing is no quote"),
        ({"start": -5, "end": 0}, False, "before the text"),
    ],
)
def test_a_quote_stands_or_does_not(index: Index, changes: dict, stands: bool, comment: str) -> None:
    assert index.read(lambda snapshot: quote_stands(snapshot, replace(RIGHT, **changes))) is stands, comment


@pytest.mark.parametrize(
    ("changes", "holds", "comment"),
    [
        ({}, True, "label, document and quote are those of the provision"),
        ({"label": "第二条"}, False, "a forged article: the words stand, and not where the label leads"),
        ({"label": "第九条"}, False, "an article that the document does not have"),
        ({"document": "b条例"}, False, "another title"),
        ({"quote": "保障用电。"}, False, "a forged quote"),
        ({"label": ""}, False, "no place at all"),
    ],
)
def test_a_citation_of_our_own_is_read_as_any_other(index: Index, changes: dict, holds: bool, comment: str) -> None:
    assert index.read(lambda snapshot: citation_holds(snapshot, replace(RIGHT, **changes))) is holds, comment
