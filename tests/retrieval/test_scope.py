"""Which documents may answer: by date, version, place, kind and level. Nothing unknown filters."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.indexing.validity import validity_on
from assistant.retrieval.scope import decide
from assistant.schema import Kind, Level, Metadata, Reason, Scope, ValidityState, Versions
from assistant.wording import validity_words
from eval.law_data import DATA, LAWS, load_laws
from tests.fakes import TODAY


def row(doc_id: str, **facts: object) -> Metadata:
    facts = {"title": f"{doc_id}条例", "kind": Kind.STATUTE, "work": doc_id, **facts}
    return Metadata(id=doc_id, **facts)  # type: ignore[arg-type]


def out(*rows: Metadata, **scope: object) -> dict[str, str]:
    asked = Scope(**{"as_of": TODAY, **scope})  # type: ignore[arg-type]
    return {doc_id: str(reason) for doc_id, reason in decide({one.id: one for one in rows}, asked).out.items()}


OLD = row("old", title="甲条例", work="w", effective=date(2010, 1, 1), repealed=date(2020, 1, 1))
NEW = row("new", title="甲条例", work="w", effective=date(2020, 1, 1))
NEXT = row("next", title="甲条例", work="w", promulgated=date(2026, 10, 1), effective=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        (TODAY, {"old": "version", "next": "version"}),
        (date(2019, 12, 31), {"new": "version", "next": "version"}),
        (date(2020, 1, 1), {"old": "version", "next": "version"}),
        (date(2027, 1, 1), {"old": "version", "new": "version"}),  # nobody said so, but the next one has started
        (date(2009, 1, 1), {"old": "time", "new": "time", "next": "time"}),
    ],
)
def test_of_several_versions_the_one_in_force_answers(as_of: date, left: dict[str, str]) -> None:
    assert out(OLD, NEW, NEXT, as_of=as_of) == left


@pytest.mark.parametrize(
    ("scope", "inside"),
    [
        ({"versions": Versions.ALL}, {"old", "new", "next"}),
        ({"versions": Versions.EARLIER}, {"old"}),
        ({"years": (2010,)}, {"old"}),
        ({"years": (2020,)}, {"new"}),
        ({"years": (2010, 2020)}, {"old", "new"}),
        ({"years": (1999,)}, {"new"}),  # no version of that year: the one in force
        ({"years": (2026,)}, {"next"}),  # the year of its issue
        ({"doc_ids": ("old", "new")}, {"new"}),  # the title names both, the date picks
        ({"doc_ids": ("old",)}, {"old"}),  # a name that only this version has
        ({"doc_ids": ("old", "new"), "years": (2010,)}, {"old"}),
        (
            {"doc_ids": ("old", "new"), "as_of": date(2000, 1, 1)},
            {"old", "new"},
        ),  # none was in force: what is named is shown
    ],
)
def test_other_versions_can_be_asked_for(scope: dict[str, object], inside: set[str]) -> None:
    rows = {one.id: one for one in (OLD, NEW, NEXT)}
    sieve = decide(rows, Scope(**{"as_of": TODAY, **scope}))  # type: ignore[arg-type]
    assert {doc_id for doc_id in rows if sieve.keeps(doc_id)} == inside
    assert sieve.searched == len(inside)


def test_the_year_in_a_title_names_a_version() -> None:
    editions = [
        row("c19", title="产业结构调整指导目录（2019年本）", work="c", effective=date(2020, 1, 1)),
        row("c24", title="产业结构调整指导目录（2024年本）", work="c", effective=date(2024, 2, 1)),
    ]
    assert out(*editions) == {"c19": "version"}
    assert out(*editions, years=(2019,)) == {"c24": "version"}


def test_an_earlier_version_is_not_sought_where_there_is_none() -> None:
    assert out(NEW, versions=Versions.EARLIER) == {}


def test_a_document_alone_that_is_out_of_force_is_out_by_time() -> None:
    lapsed = row("lapsed", expires=date(2020, 12, 31))
    ahead = row("ahead", effective=TODAY + timedelta(days=1))
    issued_later = row("issued", promulgated=TODAY + timedelta(days=1))
    assert out(lapsed, ahead, issued_later) == {"lapsed": "time", "ahead": "time", "issued": "time"}
    assert out(lapsed, as_of=date(2020, 12, 31)) == {}
    assert out(lapsed, doc_ids=("lapsed",)) == {}  # asked for by name


def test_unknown_dates_and_places_filter_nothing() -> None:
    undated = row("undated", work="w")
    placeless = row("placeless")
    assert out(undated, NEW, placeless, regions=("440600",)) == {}
    # A version of unknown start stays beside the one in force, on every date.
    assert out(undated, OLD, NEW, as_of=date(2015, 1, 1)) == {"new": "version"}


def test_what_a_later_document_replaces_is_out_from_its_first_day() -> None:
    later = row("later", effective=date(2025, 1, 1), supersedes=("b",))
    before = row("b", effective=date(2010, 1, 1))
    assert out(later, before) == {"b": "version"}
    assert out(later, before, as_of=date(2024, 12, 31)) == {"later": "time"}


NATION = row("nation", jurisdiction="000000")
PROVINCE = row("province", jurisdiction="440000", level=Level.LOCAL_REGULATION)
FOSHAN = row("foshan", title="佛山市某条例", jurisdiction="440600", level=Level.LOCAL_REGULATION)
SHENZHEN = row("shenzhen", title="深圳经济特区某条例", jurisdiction="440000", level=Level.SPECIAL_ZONE_REGULATION)
HUNAN = row("hunan", jurisdiction="430000")
COUNTY = row("county", title="连南瑶族自治县自治条例", jurisdiction="440000", level=Level.AUTONOMOUS_REGULATION)
PLACES = (NATION, PROVINCE, FOSHAN, SHENZHEN, HUNAN, COUNTY)


@pytest.mark.parametrize(
    ("regions", "inside", "possible", "comment"),
    [
        (("440605",), {"nation", "province", "foshan"}, set(), "a district sees its city, never a sister city"),
        (("440300",), {"nation", "province", "shenzhen"}, set(), "special-zone rules in their zone only"),
        (("441826",), {"nation", "province", "county"}, set(), "its own autonomous county"),
        (
            ("440000",),
            {"nation", "province", "foshan", "shenzhen", "county"},
            {"foshan", "shenzhen", "county"},
            "a province",
        ),
        (("430100",), {"nation", "hunan"}, set(), "another province"),
        (("440605", "430100"), {"nation", "province", "foshan", "hunan"}, set(), "both ends of a move"),
        ((), {one.id for one in PLACES}, set(), "nobody said where"),
    ],
)
def test_a_place_sees_its_own_rules(
    regions: tuple[str, ...], inside: set[str], possible: set[str], comment: str
) -> None:
    sieve = decide({one.id: one for one in PLACES}, Scope(TODAY, regions=regions))
    assert {one.id for one in PLACES if sieve.keeps(one.id)} == inside, comment
    assert sieve.possible == possible, comment
    assert set(sieve.out.values()) <= {Reason.JURISDICTION}


def test_kind_and_level_hold_for_named_documents_too() -> None:
    policy = row("policy", kind=Kind.POLICY)
    assert out(policy, PROVINCE, kinds=(Kind.STATUTE,)) == {"policy": "kind"}
    assert out(policy, PROVINCE, kinds=(Kind.STATUTE,), doc_ids=("policy",)) == {"policy": "kind"}
    law = row("law", level=Level.LAW)
    assert out(policy, PROVINCE, law, levels=(Level.LAW,)) == {"province": "level"}  # the policy's level is unknown


def test_documents_of_no_work_are_no_versions_of_each_other() -> None:
    rows = (row("old"), row("new", supersedes=("old",), effective=date(2020, 1, 1)), row("other"))
    assert out(*rows) == {"old": "version"}
    assert out(*rows, doc_ids=("old", "other")) == {}  # both are named, and shown


def test_documents_not_named_are_not_searched_and_not_left_out() -> None:
    sieve = decide({one.id: one for one in PLACES}, Scope(TODAY, ("430000",), doc_ids=("province",)))
    assert [one.id for one in PLACES if sieve.keeps(one.id)] == ["province"]
    assert (dict(sieve.out), sieve.searched) == ({}, 1)


def test_versions_of_real_laws() -> None:
    """Of each title in several versions with known and different starts, one answers on every date after the first."""
    if not (DATA / LAWS).is_file():
        pytest.skip(f"../shared/data/{LAWS} is not there")
    titles: dict[str, list[Metadata]] = {}
    for law in load_laws():
        day = law.id.rpartition("(")[2].removesuffix(")")
        if law.category == "案例" or not day[:4].isdigit() or "民法典" in law.id:
            continue
        one = row(f"d{len(titles)}-{day}", title=law.title, work=law.title, promulgated=date.fromisoformat(day))
        titles.setdefault(law.title, []).append(one)
    several = {title: rows for title, rows in titles.items() if len({one.promulgated for one in rows}) > 1}
    assert len(several) >= 50  # 105 titles stand there twice or more; in half of them one version has no date
    everything = {one.id: one for rows in several.values() for one in rows}
    latest = decide(everything, Scope(TODAY))
    for title, rows in several.items():
        days = sorted({one.promulgated for one in rows if one.promulgated})
        assert {one.promulgated for one in rows if latest.keeps(one.id)} == {days[-1]}, title
        then = decide({one.id: one for one in rows}, Scope(days[0]))
        assert {one.promulgated for one in rows if then.keeps(one.id)} == {days[0]}, title
        first = decide({one.id: one for one in rows}, Scope(TODAY, years=(days[0].year,)))
        assert {one.promulgated.year for one in rows if one.promulgated and first.keeps(one.id)} == {days[0].year}, (
            title
        )
        earlier = decide({one.id: one for one in rows}, Scope(TODAY, versions=Versions.EARLIER))
        assert {one.promulgated for one in rows if earlier.keeps(one.id)} == set(days[:-1]), title


def test_a_changed_row_is_another_decision() -> None:
    assert out(OLD) == {"old": "time"}
    assert out(replace(OLD, repealed=None)) == {}


def test_what_was_issued_later_was_not_in_force_though_its_start_is_unknown() -> None:
    later = row("later", promulgated=date(2022, 6, 1))

    assert out(later, as_of=date(2021, 1, 1)) == {"later": "time"}
    assert out(later, as_of=date(2022, 6, 1)) == {}
    assert validity_words(validity_on(later, date(2021, 1, 1))) == "尚未公布施行"
    assert validity_on(later, date(2022, 6, 1)).state is ValidityState.UNKNOWN
