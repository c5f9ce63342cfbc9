"""Fusion, look-up and the choice between versions, over documents whose vectors can be read."""

from datetime import date
from pathlib import Path

import pytest

from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.retrieval.fusion import Weights, fuse
from assistant.retrieval.hybrid import Mode, search
from assistant.retrieval.lookup import look_up
from assistant.retrieval.names import NameTable
from assistant.retrieval.scope import Sieve
from assistant.retrieval.understanding import Wish, understand
from assistant.schema import Hit, Parsed
from tests.fakes import TODAY, CountingEmbedder, statute

OLD = statute(
    "old", "土地不得转让。", title="甲市土地条例", work="land", effective=date(2000, 1, 1), repealed=date(2020, 1, 1)
)
NEW = statute("new", "土地可以转让。", title="甲市土地条例", work="land", effective=date(2020, 1, 1))
TAX = statute("tax", "依法征税，资金入库。", "园区供电、供水。用电用水从优。", title="乙市税收规定")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("hybrid")
    with Writer(folder, CountingEmbedder()) as writer:
        writer.apply([Change(one, "added", one.document.id) for one in (OLD, NEW, TAX)])
    return Index.open(folder, CountingEmbedder())


def found(index: Index, question: str, as_of: date = TODAY, mode: Mode = Mode.HYBRID, k: int = 10) -> list[str]:
    def work(snapshot):
        query = understand(question, NameTable(snapshot.metadata()), Wish(as_of=as_of))
        return [hit.provision.id for hit in search(snapshot, index.embedder, query, k, mode)]

    return index.read(work)


@pytest.mark.parametrize(("as_of", "unit"), [(TODAY, "new:a1"), (date(2019, 12, 31), "old:a1")])
def test_the_version_in_force_answers(index: Index, as_of: date, unit: str) -> None:
    hits = found(index, "土地能转让吗", as_of)

    assert hits[0] == unit
    assert ({"new:a1", "old:a1"} - {unit}).isdisjoint(hits)


def test_a_named_document_restricts_the_search(index: Index) -> None:
    assert {hit.partition(":")[0] for hit in found(index, "乙市税收规定里土地怎么说")} == {"tax"}


def test_a_sentence_lifts_its_article(index: Index) -> None:
    hits = found(index, "电和水", k=1)  # the article also speaks of 园区; its second sentence only of 电 and 水

    assert hits == ["tax:a2"]


def test_words_alone_and_vectors_alone(index: Index) -> None:
    assert found(index, "征税", mode=Mode.LEXICAL) == ["tax:a1"]
    assert found(index, "土地", mode=Mode.VECTORS, k=1) == ["new:a1"]


def test_scores_fall_and_ranks_count(index: Index) -> None:
    def work(snapshot):
        query = understand("园区用电", NameTable(snapshot.metadata()), Wish(as_of=TODAY))
        return search(snapshot, index.embedder, query, 3)

    hits = index.read(work)

    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score == pytest.approx(sum(hit.signals.values())) for hit in hits)


@pytest.mark.parametrize(
    ("question", "provisions", "inexact", "absent"),
    [
        ("乙市税收规定第二条", ["tax:a2"], (), []),
        ("乙市税收规定第二条第三款", ["tax:a2"], ("第二条第三款",), []),
        ("乙市税收规定第九条", [], (), [("tax", "第九条", "第二条")]),
        ("第二条", ["tax:a2"], (), []),
        ("第一条", ["new:a1", "tax:a1"], (), []),
        ("甲市土地条例第一条", ["new:a1"], (), []),  # a title names all versions, the date picks one
        ("《丙条例》第一条", [], (), []),
    ],
)
def test_a_named_provision_is_looked_up(index: Index, question, provisions, inexact, absent) -> None:
    def work(snapshot):
        metadata = snapshot.metadata()
        return look_up(snapshot, understand(question, NameTable(metadata), Wish(as_of=TODAY)), metadata)

    [lookup] = index.read(work)

    assert [provision.id for provision in lookup.provisions] == provisions
    assert lookup.inexact == inexact
    assert list(lookup.absent) == absent


def test_a_search_in_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    with Writer(tmp_path, CountingEmbedder()):
        pass
    empty = Index.open(tmp_path, CountingEmbedder())

    assert found(empty, "土地") == found(empty, "土地", mode=Mode.LEXICAL) == []


def test_parsed_documents_are_what_the_tests_think() -> None:
    assert [isinstance(one, Parsed) and len(one.sentences) for one in (OLD, NEW, TAX)] == [1, 1, 3]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """30 regulations of eight articles each: more units than the retrievers propose unasked."""
    articles = ("土地。", "供电。", "供水。", "人才。", "资金。", "园区。", "征税。", "海关。")
    documents = [statute(f"d{n:02}", *articles, title=f"{chr(0x7532 + n)}市土地条例") for n in range(30)]
    folder = tmp_path_factory.mktemp("crowded")
    with Writer(folder, CountingEmbedder()) as writer:
        writer.apply([Change(one, "added", one.document.id) for one in documents])
    return Index.open(folder, CountingEmbedder())


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.VECTORS])
def test_a_search_gives_as_many_units_as_it_is_asked_for(crowded: Index, mode: Mode) -> None:
    # 240 units; Chroma's search is approximate and may pass over one among equal vectors.
    assert len(found(crowded, "土地", mode=mode, k=10**12)) > 220


@pytest.mark.parametrize(
    ("question", "crowd", "absent"),
    [
        ("第二条讲什么", 30, 0),  # every document's: the asker must say which
        ("《条例》第二条", 30, 0),  # 条例 is what all of them are called
        ("第九条第四款讲什么", 0, 0),  # nobody has it, and nobody wants thirty lines on that
    ],
)
def test_a_number_that_many_documents_have_is_not_quoted_from_all(
    crowded: Index, question: str, crowd: int, absent: int
) -> None:
    def work(snapshot):
        metadata = snapshot.metadata()
        query = understand(question, NameTable(metadata), Wish(as_of=TODAY))
        return query.doc_ids, look_up(snapshot, query, metadata)

    doc_ids, [lookup] = crowded.read(work)

    assert (doc_ids, lookup.provisions) == ((), ())
    assert (lookup.crowd, len(lookup.absent)) == (crowd, absent)


def test_words_and_terms_of_art_weigh_by_themselves() -> None:
    values = {"a:a1": {"article": 0.5, "sentence": 0.25, "lexical": 1.0, "terms": 0.5, "asked": 0.5}}
    weights = Weights(article=2.0, sentence=4.0, lexical=0.5, terms=0.25, asked=3.0)

    [fused] = fuse(values, weights, Sieve({}, frozenset(), frozenset(), 1)).values()

    assert fused == {"article": 1.0, "sentence": 1.0, "lexical": 0.5, "terms": 0.125, "asked": 1.5}


def test_what_a_strong_hit_cites_becomes_a_hit_when_references_weigh(tmp_path: Path) -> None:
    citing = statute("citing", "依照本条例第二条办理土地。", "文件入库。", title="丙市土地规定")
    with Writer(tmp_path, CountingEmbedder()) as writer:
        writer.apply([Change(citing, "added", "1")])
    index = Index.open(tmp_path, CountingEmbedder())

    def hits(weights: Weights) -> dict[str, Hit]:
        def work(snapshot):
            query = understand("土地", NameTable(snapshot.metadata()), Wish(as_of=TODAY))
            return search(snapshot, index.embedder, query, 5, weights=weights)

        return {hit.provision.id: hit for hit in index.read(work)}

    off, on = hits(Weights()), hits(Weights(references=0.5))

    share = off["citing:a1"].score / max(hit.score for hit in off.values())
    assert "reference" not in off["citing:a2"].signals
    assert "reference" not in on["citing:a1"].signals
    assert on["citing:a2"].signals["reference"] == pytest.approx(0.5 * share)
