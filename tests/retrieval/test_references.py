"""One hop in the citation graph, and what it is worth to a search."""

import pytest

from assistant.retrieval.references import Direction, Neighbours, reference_signal

# a cites b; c cites a; d is cited by three.
NEAR = Neighbours(
    cites={"a": frozenset({"b"}), "c": frozenset({"a", "d"})},
    cited_by={"a": frozenset({"c"}), "b": frozenset({"a"}), "d": frozenset({"c", "x", "y"})},
)


def test_what_a_strong_hit_cites_enters_with_its_share() -> None:
    signal = reference_signal({"a": 4.0, "z": 2.0}, NEAR, direction=Direction.CITES)
    assert signal == {"b": 1.0}


def test_what_cites_a_hit_enters_too() -> None:
    assert reference_signal({"z": 4.0, "a": 2.0}, NEAR, direction=Direction.CITED_BY) == {"c": 0.5}


def test_hits_that_are_linked_with_each_other_gain() -> None:
    assert reference_signal({"a": 4.0, "c": 2.0}, NEAR) == {"b": 1.0, "c": 1.0, "a": 0.5, "d": 0.5}


def test_only_the_strongest_are_followed() -> None:
    assert reference_signal({"z": 4.0, "y": 3.0, "a": 2.0}, NEAR, followed=2) == {}


def test_what_many_cite_leads_nowhere() -> None:
    assert reference_signal({"d": 1.0}, NEAR, max_degree=2) == {}
    assert set(reference_signal({"d": 1.0}, NEAR, max_degree=3)) == {"c", "x", "y"}


@pytest.mark.parametrize("scores", [{}, {"a": 0.0}, {"a": -1.0}])
def test_nothing_comes_of_nothing(scores: dict[str, float]) -> None:
    assert reference_signal(scores, NEAR) == {}
