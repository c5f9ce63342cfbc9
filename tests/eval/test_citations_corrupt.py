"""Each way of corrupting a citation changes what it says it changes, and what happens to be true is dropped."""

import random

import pytest

from eval.citations.claims import Case, Mode
from eval.citations.corpus import plain
from eval.citations.corrupt import KINDS, Corruption
from eval.citations.generate import TRUE, Dropped, Generator
from eval.citations.gold import Truth
from eval.citations.truths import World
from tests.eval.citation_world import LAWS, world

DRAWS = 300


@pytest.fixture(scope="module")
def made() -> World:
    return world()


def corruptions(made: World, kind: str) -> list[Corruption]:
    found = (KINDS[kind](made, random.Random(f"{kind}{n}")) for n in range(DRAWS))
    return [one for one in found if one is not None]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("number", {"path"}), ("level", {"path"}), ("title", {"title"}), ("parent", {"title"}), ("province", {"title"}),
        ("character", {"words"}), ("force", {"words"}), ("negation", {"words"}), ("neighbour", {"words"}),
    ],
)  # fmt: skip
def test_a_corruption_changes_one_thing(made: World, kind: str, changed: set[str]) -> None:
    found = corruptions(made, kind)
    assert len(found) > DRAWS / 20
    for one in found:
        names = ("title", "path", "mode", "words", "year")
        differing = {name for name in names if getattr(one.truth, name) != getattr(one.wrong, name)}
        assert differing <= changed, one
        assert made.corpus.provision(one.source) is not None


def test_number_changes_the_article_and_level_what_is_below_it(made: World) -> None:
    for one in corruptions(made, "number"):
        assert one.truth.path.split(".")[1:] == one.wrong.path.split(".")[1:]
    for one in corruptions(made, "level"):
        assert one.truth.path.split(".")[0] == one.wrong.path.split(".")[0]


def test_parent_and_rule_change_places(made: World) -> None:
    titles = {(one.truth.title, one.wrong.title) for one in corruptions(made, "parent")}
    law, rules = "中华人民共和国清水法", "中华人民共和国清水法实施条例"
    assert titles == {(law, rules), (rules, law)}


def test_province_keeps_the_rest_of_the_title(made: World) -> None:
    assert {one.wrong.title for one in corruptions(made, "province")} == {
        "湖南省节水条例", "河北省节水条例", "广东省节水条例",
    }  # fmt: skip


def test_character_changes_one_place_of_the_words(made: World) -> None:
    for one in corruptions(made, "character"):
        before, after = one.truth.words, one.wrong.words
        assert abs(len(before) - len(after)) <= 1
        start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
        rest = min(len(before), len(after)) - start - (2 if one.how == "swapped" else 1)
        assert rest <= 0 or before[-rest:] == after[-rest:], one


def test_force_and_negation_lose_what_they_are_named_for(made: World) -> None:
    assert {one.how for one in corruptions(made, "force")} == {"应当→可以", "可以→应当"}
    for one in corruptions(made, "negation"):
        negation, _, rest = one.how.partition("→")
        assert one.truth.words.count(negation) > 0
        assert one.wrong.words in {
            one.truth.words[:at] + rest + one.truth.words[at + len(negation) :]
            for at in range(len(one.truth.words))
            if one.truth.words.startswith(negation, at)
        }


def test_neighbour_takes_words_that_stand_next_to_the_cited_ones(made: World) -> None:
    for one in corruptions(made, "neighbour"):
        doc_id = one.source.partition(":")[0]
        assert one.wrong.words != one.truth.words
        assert made.corpus.where(doc_id, plain(one.wrong.words)), one


def test_repealed_cites_the_old_version(made: World) -> None:
    found = corruptions(made, "repealed")
    assert {one.how for one in found} == {"year", "words"}
    assert all(one.source.startswith("old:") for one in found)
    assert all((one.wrong.year == 2010) == (one.how == "year") for one in found)


def test_a_document_out_of_force_without_a_later_version_is_cited_as_such() -> None:
    alone = world([one for one in LAWS if one.document.id != "new"])
    found = corruptions(alone, "repealed")
    assert {one.how for one in found} == {"ended"}
    assert all(alone.gold.judge(one.wrong).truth is Truth.WRONG for one in found)


@pytest.mark.parametrize("kind", KINDS)
def test_what_becomes_a_case_is_wrong_and_stands_in_the_text(made: World, kind: str) -> None:
    generator = Generator(made, seed=1)
    cases = [made_case for n in range(DRAWS) if isinstance(made_case := generator.case(f"{kind}:{n}"), Case)]
    assert cases
    for case in cases:
        assert [mark.corrupted for mark in case.marks].count(True) == 1
        for mark in case.marks:
            judged = made.gold.judge(mark.claim)
            assert judged.truth is (Truth.WRONG if mark.corrupted else Truth.TRUE), case
            assert "第" in case.text[mark.label : mark.end]
            if mark.words_end:
                inner = case.text[mark.words_start : mark.words_end]
                assert mark.claim.words.startswith(inner.replace("\n　　", "\n").replace("‘", "“").replace("’", "”"))


def test_what_happens_to_be_true_is_dropped(made: World) -> None:
    # Article 4 of the law and article 4 of its rule have the same words, article 3 of both provinces too.
    for kind in ("parent", "province"):
        generator = Generator(made, seed=1)
        why = {one.why for n in range(DRAWS) if isinstance(one := generator.case(f"{kind}:{n}"), Dropped)}
        assert "happens_true" in why, kind


def test_true_texts_hold_true_citations_only(made: World) -> None:
    generator = Generator(made, seed=2)
    cases = [one for n in range(DRAWS) if isinstance(one := generator.case(f"{TRUE}:{n}"), Case)]
    assert {dict(case.style)["form"] for case in cases} >= {"single", "list", "relative", "short"}
    assert {mark.claim.mode for case in cases for mark in case.marks} == set(Mode)
    assert all(made.gold.judge(mark.claim).truth is Truth.TRUE for case in cases for mark in case.marks)
    assert not any(mark.corrupted for case in cases for mark in case.marks)


def test_the_same_seed_gives_the_same_texts_and_another_one_others(made: World) -> None:
    ids = [f"number:{n}" for n in range(30)]
    first, again, other = ([Generator(made, seed).case(one) for one in ids] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_unknown_kind_is_refused(made: World) -> None:
    with pytest.raises(ValueError, match="expected true or one of number, level"):
        Generator(made, 1).case("nonsense:1")
