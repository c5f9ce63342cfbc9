"""Why an answer is as it is: the evidence shown is what the answer was decided on."""

from pathlib import Path

import pytest

from assistant.api import Assistant
from assistant.schema import Status
from assistant.settings import Settings


@pytest.fixture(scope="module")
def assistant(corpus_index: Path):
    opened = Assistant(Settings(index=corpus_index))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("企业用电成本能降吗", ()),
        ("红烧肉怎么做", ()),
        ("老公出轨离婚孩子判给谁", ()),
        ("asdf 1234", ()),
        ("企业整体搬到湖南，海关信用等级还算数吗", ()),
        ("那搬到江西呢？", ("企业整体搬到湖南，海关信用等级还算数吗",)),
    ],
)
def test_the_gate_shown_is_the_one_that_decided(assistant, question, history):
    answer = assistant.ask(question, history=history)
    (one,) = assistant.why(question, history=history)
    assert not one.named
    assert one.opens == (answer.status is not Status.ABSTAINED)
    assert set(one.weights) <= set(one.signals)


def test_what_is_quoted_is_among_the_hits(assistant):
    answer = assistant.ask("企业用电成本能降吗")
    (one,) = assistant.why("企业用电成本能降吗")
    hits = {hit.provision.id for hit in one.found}
    assert answer.citations
    for citation in answer.citations:
        assert any(citation.provision == hit or citation.provision.startswith(f"{hit}.") for hit in hits)


def test_a_named_provision_asks_no_gate(assistant):
    (one,) = assistant.why("条例第三十条讲什么")
    assert one.named


def test_parts_are_explained_one_by_one(assistant):
    question = "企业用电成本怎么降？海关信用等级还算数吗？"
    parts = assistant.ask(question).parts
    assert [one.text for one in assistant.why(question)] == ([part.text for part in parts] or [question])
