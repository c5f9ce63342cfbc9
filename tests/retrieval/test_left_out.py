"""What the scope takes away is fetched anew or said: a filter never empties a result silently."""

from datetime import date
from pathlib import Path

import pytest

from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.retrieval import candidates
from assistant.retrieval.fusion import Weights
from assistant.retrieval.hybrid import Mode, search
from assistant.retrieval.names import NameTable
from assistant.retrieval.understanding import Wish, understand
from assistant.schema import Found, Kind, Level, Parsed
from assistant.wording import left_out_words
from tests.fakes import TODAY, CountingEmbedder, statute

LOCAL = {"level": Level.LOCAL_REGULATION}
# 150 units of 湖南 that all speak of 土地 alone stand before what 广东 and the country say, which speaks of 园区, too.
HUNAN = [
    statute(
        f"hn{n:02}",
        *(f"土地出让，第{m}批。" for m in range(10)),
        title=f"湖南省第{n}土地条例",
        jurisdiction="430000",
        **LOCAL,
    )
    for n in range(15)
]
GUANGDONG = statute(
    "gd", "园区供水。\n园区的土地依法出让。", "人才。", title="广东省园区条例", jurisdiction="440000", **LOCAL
)
FOSHAN = statute("fs", "园区供水。\n园区的土地依法出让。", title="佛山市园区条例", jurisdiction="440600", **LOCAL)
LAW = statute("law", "土地依法出让，土地、园区从严。", title="全国土地法", jurisdiction="000000", level=Level.LAW)
OLD = statute("old", "海关查验。", title="海关条例", work="hg", effective=date(2000, 1, 1), repealed=date(2020, 1, 1))
NEW = statute("new", "海关监管。", title="海关条例", work="hg", effective=date(2020, 1, 1))
GONE = statute("gone", "征税。税从轻。", title="税收规定", expires=date(2020, 1, 1))


def built(folder: Path, *documents: Parsed) -> Index:
    with Writer(folder, CountingEmbedder()) as writer:
        writer.apply([Change(one, "added", one.document.id) for one in documents])
    return Index.open(folder, CountingEmbedder())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return built(tmp_path_factory.mktemp("scoped"), *HUNAN, GUANGDONG, FOSHAN, LAW, OLD, NEW, GONE)


def ask(index: Index, question: str, k: int = 3, mode: Mode = Mode.HYBRID, **wish: object) -> Found:
    def work(snapshot) -> Found:
        asked = Wish(**{"as_of": TODAY, **wish})  # type: ignore[arg-type]
        query = understand(question, NameTable(snapshot.metadata()), asked, cut=snapshot.tokenizer.split)
        return search(snapshot, index.embedder, query, k, mode)

    return index.read(work)


def ids(found: Found) -> list[str]:
    return [hit.provision.doc_id for hit in found]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("narrow", [300, 0])  # every unit of few documents, or a wider and wider fetch
def test_a_filter_that_takes_the_first_hundred_widens_the_fetch(
    index: Index, mode: Mode, narrow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "NARROW", narrow)
    monkeypatch.setattr(candidates, "FETCH", 5)

    found = ask(index, "土地出让", region="440605", mode=mode)

    assert set(ids(found)) == {"law", "gd", "fs"}
    assert [hit.rank for hit in found] == [1, 2, 3]


def test_what_would_have_come_first_is_said_with_the_reason(index: Index) -> None:
    found = ask(index, "土地出让", region="440605")

    assert found.left_out[0].rank == 1
    assert found.left_out[0].provision.doc_id.startswith("hn")
    assert {str(one.reason) for one in found.left_out} == {"jurisdiction"}
    assert (found.excluded, found.searched) == (17, 4)  # 15 of 湖南, the lapsed one and the old version
    words = left_out_words(found.left_out[0], found.regions)
    assert words.endswith("适用于湖南省，不适用于广东省佛山市南海区")


def test_without_a_filter_nothing_is_left_out(index: Index) -> None:
    found = ask(index, "园区供水")
    assert (found.left_out, found[0].provision.doc_id in {"gd", "fs"}) == ((), True)


def test_a_place_in_the_question_filters(index: Index) -> None:
    assert "hn00" not in ids(ask(index, "佛山的土地怎么出让", 10))
    assert set(ids(ask(index, "湖南的土地怎么出让", 10))) <= {"law", *(one.document.id for one in HUNAN)}


def test_a_province_asks_and_its_rule_comes_before_a_city_s(index: Index) -> None:
    found = ask(index, "园区供水", 2, region="440000")

    assert ids(found) == ["gd", "fs"]  # the same words, but 佛山's applies in a part of 广东 only
    assert found[1].signals["place"] == -Weights().possible
    assert "place" not in found[0].signals


def test_the_version_that_answers_speaks_for_the_others(index: Index) -> None:
    found = ask(index, "海关怎么监管")
    assert ids(found)[0] == "new"
    assert [one for one in found.left_out if one.provision.doc_id == "old"] == []


def test_an_earlier_version_answers_when_it_is_asked_for(index: Index) -> None:
    assert ids(ask(index, "旧条例里海关怎么查验", 1)) == ["old"]
    assert ids(ask(index, "海关怎么查验", 1, as_of=date(2019, 1, 1))) == ["old"]
    assert {"old", "new"} <= set(ids(ask(index, "海关条例修订前后有什么变化", 5)))


def test_what_has_lapsed_is_not_listed_but_said(index: Index) -> None:
    found = ask(index, "征税从轻")

    assert "gone" not in ids(found)
    assert [(one.provision.doc_id, str(one.reason)) for one in found.left_out] == [("gone", "time")]
    assert left_out_words(found.left_out[0], ()) == (
        "《税收规定》第一条在2026年11月22日不能适用：已失效（有效期至2020年1月1日）"
    )
    assert "gone" in ids(ask(index, "税收规定怎么说征税"))  # named, and then shown


def test_a_filter_that_leaves_no_document_says_what_it_took(index: Index) -> None:
    found = ask(index, "土地出让", kinds=(Kind.CATALOGUE,))

    assert (len(found), found.searched) == (0, 0)
    assert found.left_out
    assert {str(one.reason) for one in found.left_out} == {"kind"}
    assert left_out_words(found.left_out[0], ()).endswith("属于法规，不在所选的文件种类中")


def test_a_level_filters(index: Index) -> None:
    found = ask(index, "土地出让", levels=(Level.LAW,))
    assert "law" in ids(found)
    assert not any(doc_id.startswith("hn") or doc_id in {"gd", "fs"} for doc_id in ids(found))


def test_the_smallest_provision_is_the_paragraph_of_the_best_sentence(index: Index) -> None:
    hit = ask(index, "广东省园区条例里土地怎么出让", 1)[0]

    assert (hit.provision.id, hit.provision.label) == ("gd:a1", "第一条")
    assert hit.smallest is not None
    assert (hit.smallest.id, hit.smallest.label, hit.smallest.text) == (
        "gd:a1.p2",
        "第一条第二款",
        "园区的土地依法出让。",
    )


def test_parts_are_taken_in_turn(index: Index) -> None:
    """拿地 and 海关 are two matters: the first hit of each stands before the second of either."""

    def work(snapshot) -> Found:
        query = understand("拿地有没有指标？海关评级还算吗？", NameTable(snapshot.metadata()), Wish(as_of=TODAY))
        assert [part.search_text for part in query.parts] == ["拿地有没有指标", "海关评级还算吗"]
        return search(snapshot, index.embedder, query, 6, Mode.VECTORS)

    found = index.read(work)

    assert [hit.part for hit in found][:2] == [0, 1]
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert len({hit.provision.id for hit in found}) == len(found)


def test_found_is_a_sequence_of_hits(index: Index) -> None:
    found = ask(index, "土地", 2)
    assert (found[0], found[:2], len(found), list(found)) == (found.hits[0], found.hits, 2, list(found.hits))
