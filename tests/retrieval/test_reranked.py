"""The setting `reranker` through `Assistant`: what it re-orders, what it must leave alone, what it costs when off."""

import importlib.util
import sys
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answering import grounds
from assistant.answering.gate import Judgement, judge
from assistant.api import Assistant
from assistant.errors import MissingDependencyError, ModelError
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Index, Snapshot
from assistant.indexing.reranker import Reranker
from assistant.indexing.texts import embedded_texts
from assistant.indexing.writer import Change, Writer
from assistant.retrieval import rerank
from assistant.retrieval.hybrid import search
from assistant.retrieval.rerank import RerankWeights, hits_wanted, reranked
from assistant.schema import Found, Hit, Level, Part, Query, Status
from assistant.settings import Settings, load_settings
from tests.conftest import ROOT
from tests.fakes import TODAY, CountingEmbedder, statute

# Of a question on 土地 the cosine falls with every further word that an article speaks of.
PARK = statute(
    "park",
    "土地依法出让。",
    "土地和水。",
    "土地、水、电。",
    "土地、水、电、人才。",
    "土地、水、电、人才、资金。",
    title="园区条例",
)
FAR = statute("hn", "土地，土地。", title="湖南省土地条例", jurisdiction="430000", level=Level.LOCAL_REGULATION)
REVERSED = RerankWeights(depth=3, share=1.0)


class Reverser:
    """A reranker to which the last passage is the best; it keeps what it was asked."""

    name = "reverser"
    revision = "1"

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append((question, tuple(passages)))
        return np.arange(len(passages), dtype=np.float32)


class Lover:
    """A reranker to which one passage is good, the one that contains some words, and all others are alike."""

    name = "lover"
    revision = "1"

    def __init__(self, words: str) -> None:
        self._words = words

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        return np.array([float(self._words in passage) for passage in passages], np.float32)


class Counted(Assistant):
    """An assistant whose embedder counts words."""

    @cached_property
    def embedder(self) -> Embedder:
        return CountingEmbedder()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reranked") / "index"
    with Writer(folder, CountingEmbedder()) as writer:
        writer.apply([Change(one, "added", one.document.id) for one in (PARK, FAR)])
    return folder


def opened(folder: Path, spec: str = "off") -> Counted:
    return Counted(Settings(index=folder, corpus=folder, reranker=spec))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was loaded, by setting; anything but "off" becomes a Reverser of `fake`."""
    found: list[str] = []

    def load(spec: str) -> Reranker | None:
        found.append(spec)
        return None if spec == "off" else Reverser()

    monkeypatch.setattr(rerank, "load_reranker", load)
    return found


def ids(found: Sequence) -> list[str]:
    return [hit.provision.id for hit in found]


def test_the_first_hits_turn_round_and_the_others_stay(folder: Path) -> None:
    reader = Reverser()

    def work(snapshot: Snapshot) -> tuple[Found, Found]:
        query = Query("土地", "土地", TODAY)
        fused = search(snapshot, CountingEmbedder(), query, hits_wanted(5, reader, REVERSED))
        return fused, reranked(snapshot, query, fused, 5, reader, REVERSED)

    fused, found = Index.open(folder, CountingEmbedder()).read(work)
    assert len(fused) == 5
    before = ids(fused)
    assert ids(found) == [*before[2::-1], *before[3:]]
    assert [hit.rank for hit in found] == [1, 2, 3, 4, 5]
    assert [hit.signals.get("rerank") for hit in found] == [2.0, 1.0, 0.0, None, None]
    own = {hit.provision.id: hit for hit in fused}
    for hit in found:  # all that the gate and the quotes rest on is still there
        once = own[hit.provision.id]
        assert {name: value for name, value in hit.signals.items() if name != "rerank"} == dict(once.signals)
        assert (hit.sentences, hit.smallest) == (once.sentences, once.smallest)


def test_a_passage_is_read_as_it_was_indexed(folder: Path) -> None:
    reader = Reverser()

    def work(snapshot: Snapshot) -> Found:
        query = Query("土地怎么出让", "土地", TODAY)
        return reranked(snapshot, query, search(snapshot, CountingEmbedder(), query, 10), 10, reader)

    Index.open(folder, CountingEmbedder()).read(work)
    [(question, passages)] = reader.asked
    assert question == "土地"
    assert "园区条例 第二条 土地和水。" in passages
    indexed = [embedded_texts(parsed) for parsed in (PARK, FAR)]
    assert sorted(passages) == sorted(one.texts[digest] for one in indexed for digest in one.units.values())


def test_more_is_fetched_than_is_wanted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = ids(opened(folder).search("土地", 10))
    assert len(plain) == 6
    assert plain.index("park:a4") > 2
    monkeypatch.setattr(rerank, "load_reranker", lambda spec: Lover(" 第四条 "))
    found = opened(folder, "builtin").search("土地", 1)
    assert ids(found) == ["park:a4"]
    assert found[0].rank == 1
    # All others are alike to it, so they keep their order.
    assert ids(opened(folder, "builtin").search("土地", 10)) == ["park:a4", *(one for one in plain if one != "park:a4")]


def test_parts_are_read_apart_and_taken_in_turn(folder: Path) -> None:
    reader = Reverser()
    parts = (Part("水"), Part("人才"))

    def work(snapshot: Snapshot) -> tuple[Found, Found]:
        query = Query("水？人才？", "水 人才", TODAY, parts=parts)
        fused = search(snapshot, CountingEmbedder(), query, 6)
        return fused, reranked(snapshot, query, fused, 6, reader, RerankWeights(depth=3, share=1.0))

    fused, found = Index.open(folder, CountingEmbedder()).read(work)
    assert [question for question, _ in reader.asked] == ["水", "人才"]
    assert [len(passages) for _, passages in reader.asked] == [2, 2]  # half of three each, rounded up
    assert [hit.part for hit in found][:2] == [0, 1]
    assert [hit.rank for hit in found] == [1, 2, 3, 4, 5, 6]
    for part in (0, 1):
        before = [hit.provision.id for hit in fused if hit.part == part]
        after = [hit.provision.id for hit in found if hit.part == part]
        assert after == [before[1], before[0], *before[2:]]


def test_what_the_scope_left_out_is_still_said(folder: Path, loads: list[str]) -> None:
    plain = opened(folder).search("土地", 3, region="440000")
    found = opened(folder, "builtin").search("土地", 3, region="440000")
    assert [one.provision.id for one in plain.left_out] == ["hn:a1"]
    assert found.left_out == plain.left_out
    assert (found.regions, found.searched, found.excluded) == (plain.regions, plain.searched, plain.excluded)
    assert (found.searched, found.excluded) == (1, 1)


def test_off_loads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("assistant.indexing.onnx_reranker", "assistant.indexing.st_reranker"):
        monkeypatch.setitem(sys.modules, name, None)  # an import would fail
    assistant = opened(folder)
    assert assistant.reranker is None
    found = assistant.search("土地", 3)
    assert len(found) == 3
    assert not any("rerank" in hit.signals for hit in found)


def test_one_signal_alone_is_not_read_again(folder: Path, loads: list[str]) -> None:
    for mode in ("vectors", "lexical"):
        assert not any("rerank" in hit.signals for hit in opened(folder, "builtin").search("土地", mode=mode))
    assert loads == []


def test_a_reranker_is_loaded_once_by_the_first_question(folder: Path, loads: list[str]) -> None:
    assistant = opened(folder, "builtin")
    assistant.ensure_usable()
    assert loads == []
    threads = [threading.Thread(target=assistant.search, args=("土地",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == ["builtin"]


def test_an_answer_quotes_what_the_reranker_prefers_and_the_gate_does_not_notice(
    corpus_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def listening(snapshot: Snapshot, query: Query, hits: Sequence[Hit]) -> Judgement:
        seen.append(ids(hits))
        return judge(snapshot, query, hits)

    monkeypatch.setattr(grounds, "judge", listening)
    monkeypatch.setattr(rerank, "load_reranker", lambda spec: None if spec == "off" else Lover(" 第三十四条 "))
    plain, turned = (
        Assistant(Settings(index=corpus_index, corpus=ROOT / "corpus", reranker=spec)) for spec in ("off", "builtin")
    )
    question = "厂里电费压力大，搬过去能便宜点吗"
    assert plain.ask(question).citations[0].provision.startswith("gd-transfer-2025:a30")
    answer = turned.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].provision.startswith("gd-transfer-2025:a34")
    assert len(seen[0]) == 10
    assert seen == [seen[0]] * 2  # the fused order, as many as ever


def test_what_is_named_is_not_read_again(corpus_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reverser()
    monkeypatch.setattr(rerank, "load_reranker", lambda spec: reader)
    assistant = Assistant(Settings(index=corpus_index, corpus=ROOT / "corpus", reranker="builtin"))
    assert assistant.ask("条例第二十九条第二款").citations[0].label == "第二十九条第二款"
    assert reader.asked == []
    found = assistant.ask("今天晚上吃什么")
    assert found.status is Status.ABSTAINED
    assert [len(passages) for _, passages in reader.asked] == [20]


def test_none_is_shipped_and_the_message_says_what_to_write(folder: Path) -> None:
    for ask in (opened(folder, "builtin").search, opened(folder, "builtin").ask):
        with pytest.raises(ModelError, match="没有内置重排模型；请把设置 reranker 改为 off，或写成 sentence-trans"):
            ask("土地")


def test_without_the_extra_a_question_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r'请运行 pip install "\.\[models\]"') as caught:
        opened(folder, f"sentence-transformers:{folder}").search("土地")
    assert "\n" not in str(caught.value)


@pytest.mark.model
@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason='sentence-transformers is not installed: pip install ".[models]"',
)
def test_a_cross_encoder_of_the_environment_reads_the_hits(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from tests.indexing.test_named_models import write_bert

    model_folder = tmp_path / "tiny-reranker"
    write_bert(model_folder, labels=1)
    monkeypatch.setenv("YIJU_RERANKER", f"sentence-transformers:{model_folder}")
    assistant = Counted(load_settings(index=folder, corpus=folder))
    found = assistant.search("企业用地", 10)
    model = AutoModelForSequenceClassification.from_pretrained(model_folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    indexed = [embedded_texts(parsed) for parsed in (PARK, FAR)]
    texts = {unit: one.texts[digest] for one in indexed for unit, digest in one.units.items()}
    with torch.inference_mode():
        read = {
            unit: float(model(**tokenizer("企业用地", text, return_tensors="pt")).logits[0, 0])
            for unit, text in texts.items()
        }
    assert len(found) == 6
    assert np.ptp(list(read.values())) > 0.01
    for hit in found:
        assert hit.signals["rerank"] == pytest.approx(read[hit.provision.id], abs=1e-4)
    assert [hit.rank for hit in found] == [1, 2, 3, 4, 5, 6]
    assert assistant.ask("企业用地").status in Status
