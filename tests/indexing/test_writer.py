"""An index changes all at once, resumes, forgets nothing and leaves readers alone."""

import itertools
import multiprocessing
import os
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from assistant.errors import IndexLockedError, IndexMismatchError, IndexMissingError
from assistant.indexing import writer as writer_module
from assistant.indexing.index import Index
from assistant.indexing.lock import writer_lock
from assistant.indexing.vectors import IN_FOLDER, open_vectors
from assistant.indexing.writer import Change, Writer
from assistant.schema import Parsed
from tests.fakes import TODAY, CountingEmbedder, statute
from tests.indexing.words import share_words

pytestmark = pytest.mark.usefixtures("words_are_loaded_once")

OLD = statute("a", "保障用地，土地先行。", "降低用电成本。")
NEW = statute("a", "保障用地，土地先行。", "引进人才。", "设立基金，资金到位。")
OTHER = statute("b", "海关监管。")


def write(folder: Path, *documents: Parsed, remove: tuple[str, ...] = (), embedder: CountingEmbedder | None = None):
    with Writer(folder, embedder or CountingEmbedder()) as writer:
        return writer.apply([Change(one, "added", one.document.text) for one in documents], remove)


def live(index: Index) -> dict[str, list[str]]:
    """Document id → texts of its units."""
    return index.read(
        lambda s: {
            d.metadata.id: [p.text for p in s.provisions(s.units([d.metadata.id])).values()] for d in s.documents(TODAY)
        }
    )


def nearest(index: Index, word: str) -> list[str]:
    vector = CountingEmbedder().embed_queries([word])[0]
    return [unit for unit, _ in index.read(lambda s: s.search_vectors(vector, 10))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_what_is_written_is_found_by_words_and_by_vectors(folder: Path) -> None:
    write(folder, OLD, OTHER)
    index = Index.open(folder, CountingEmbedder())

    assert index.read(lambda s: s.search_text("用电", 5))[0][0] == "a:a2"
    assert nearest(index, "海关")[0] == "b:a1"
    assert nearest(index, "土地")[0] == "a:a1"


def test_a_cosine_is_a_cosine(folder: Path) -> None:
    write(folder, OTHER)
    index = Index.open(folder, CountingEmbedder())
    vector = CountingEmbedder().embed_queries(["海关"])[0]

    [(unit, cosine)] = index.read(lambda s: s.search_vectors(vector, 1))

    assert unit == "b:a1"
    assert cosine == pytest.approx(1.0, abs=1e-3)  # both count 海关 once and nothing else


def test_only_changed_texts_are_embedded_again(folder: Path) -> None:
    write(folder, OLD, OTHER)
    embedder = CountingEmbedder()

    written = write(folder, NEW, embedder=embedder)

    # Article and sentence are one text where an article is one sentence: 第一条 is reused, 第二条 and 第三条 are new.
    assert [text.split()[-1] for text in embedder.passages] == ["引进人才。", "设立基金，资金到位。"]
    assert (written.embedded, written.reused) == (2, 1)


def test_a_replaced_document_is_gone_from_every_index(folder: Path) -> None:
    write(folder, OLD, OTHER)
    write(folder, NEW)
    index = Index.open(folder, CountingEmbedder())

    assert live(index)["a"] == [p.text for p in NEW.provisions if p.unit]
    assert index.read(lambda s: s.search_text("用电", 5)) == []
    with_vectors = open_vectors(IN_FOLDER, folder, "", CountingEmbedder.dimension)
    assert with_vectors.count() == 4  # three articles of NEW and one of OTHER; none of OLD's own
    with_vectors.close()


def test_a_removed_document_leaves_nothing(folder: Path) -> None:
    write(folder, OLD, OTHER)
    write(folder, remove=("a",))
    index = Index.open(folder, CountingEmbedder())

    assert list(live(index)) == ["b"]
    assert nearest(index, "土地") == ["b:a1"]


def test_a_broken_off_ingest_leaves_the_old_corpus_and_resumes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "COMMIT_EVERY", 1)
    write(folder, OLD)
    before = live(Index.open(folder, CountingEmbedder()))

    with pytest.raises(KeyboardInterrupt):
        write(folder, NEW, embedder=CountingEmbedder(fail_after=1))

    assert live(Index.open(folder, CountingEmbedder())) == before
    embedder = CountingEmbedder()
    write(folder, NEW, embedder=embedder)
    assert len(embedder.passages) == 1  # of two new texts, one was computed before the break


def _write_and_die(folder: str, stage: str) -> None:
    def die(reached: str, done: int, total: int) -> None:
        if reached == stage and done == total:
            os.kill(os.getpid(), signal.SIGKILL)

    with Writer(Path(folder), CountingEmbedder()) as writer:
        writer.apply([Change(NEW, "added", "new"), Change(OTHER, "added", "other")], progress=die)


@pytest.mark.parametrize("stage", ["写入向量库", "写入条文与全文索引"])
def test_a_kill_before_the_flip_leaves_the_old_corpus_whole(folder: Path, stage: str) -> None:
    write(folder, OLD)
    before = live(Index.open(folder, CountingEmbedder()))

    process = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(str(folder), stage))
    process.start()
    process.join(60)

    assert process.exitcode == -signal.SIGKILL
    index = Index.open(folder, CountingEmbedder())
    assert live(index) == before
    assert nearest(index, "土地")[0] == "a:a1"
    assert set(nearest(index, "海关")) == {"a:a1", "a:a2"}  # vectors that are not live are not found

    write(folder, NEW)  # the next run removes what lies dead
    store = open_vectors(IN_FOLDER, folder, "", CountingEmbedder.dimension)
    assert store.count() == 3
    store.close()


def test_a_kill_after_the_flip_leaves_the_new_corpus_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, OLD)
    sweeps = iter((None, KeyboardInterrupt()))
    sweep = Writer._sweep

    def interrupted(self: Writer) -> None:
        if isinstance(broken := next(sweeps), KeyboardInterrupt):
            raise broken
        sweep(self)

    monkeypatch.setattr(Writer, "_sweep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(folder, NEW)
    monkeypatch.undo()

    index = Index.open(folder, CountingEmbedder())
    assert live(index)["a"] == [p.text for p in NEW.provisions if p.unit]
    assert "a:a3" in nearest(index, "资金")
    assert len(nearest(index, "电")) == 3  # the stale vector of 降低用电成本 is dropped
    write(folder, OTHER)
    store = open_vectors(IN_FOLDER, folder, "", CountingEmbedder.dimension)
    assert store.count() == 4
    store.close()


def test_an_open_reader_sees_what_another_process_wrote(folder: Path) -> None:
    write(folder, OLD)
    index = Index.open(folder, CountingEmbedder())
    assert nearest(index, "海关")[0] != "b:a1"

    process = multiprocessing.get_context("spawn").Process(target=_write_other, args=(str(folder),))
    process.start()
    process.join(60)

    assert process.exitcode == 0
    assert nearest(index, "海关")[0] == "b:a1"


def _write_other(folder: str) -> None:
    write(Path(folder), OTHER)


def _flip_flop(folder: str, enough: Event) -> None:
    share_words()
    versions = itertools.cycle((NEW, OLD))
    while not enough.is_set():
        write(Path(folder), next(versions))


def test_readers_see_the_old_corpus_or_the_new_one_whole_while_a_writer_works(folder: Path) -> None:
    write(folder, OLD)
    index = Index.open(folder, CountingEmbedder())
    vector = CountingEmbedder().embed_queries(["土地"])[0]
    children = multiprocessing.get_context("spawn")
    enough = children.Event()
    process = children.Process(target=_flip_flop, args=(str(folder), enough))
    process.start()

    seen: list[int] = []
    deadline = time.monotonic() + 60
    try:
        while seen.count(3) < 3 or seen[-1] == 3:  # there and back, three times
            assert process.is_alive() and time.monotonic() < deadline
            units, held = index.read(
                lambda s: (frozenset(u for u, _ in s.search_vectors(vector, 10)), frozenset(s.units(["a"])))
            )
            assert units == held  # every live unit has its vector, and nothing else is found
            if not seen or seen[-1] != len(held):
                seen.append(len(held))
    finally:
        enough.set()
        process.join(60)

    assert process.exitcode == 0
    assert seen == [2, 3, 2, 3, 2, 3, 2]


def test_one_writer_at_a_time_and_the_message_names_the_holder(folder: Path) -> None:
    with writer_lock(folder), pytest.raises(IndexLockedError, match=f"进程 {os.getpid()}"):
        write(folder, OLD)
    write(folder, OLD)


def test_another_embedder_is_refused_with_what_to_run(folder: Path) -> None:
    write(folder, OLD)
    other = CountingEmbedder()
    other.revision = "2"

    with pytest.raises(IndexMismatchError, match=r"embedder_revision 是 1，当前程序用 2.*python ingest\.py --index"):
        Index.open(folder, other)
    with pytest.raises(IndexMismatchError):
        write(folder, OTHER, embedder=other)


def test_a_missing_index_says_what_to_run(folder: Path) -> None:
    with pytest.raises(IndexMissingError, match=r"请先运行 python ingest\.py"):
        Index.open(folder, CountingEmbedder())


def test_a_document_comes_back_as_it_was_parsed(folder: Path) -> None:
    write(folder, OLD)

    assert Index.open(folder, CountingEmbedder()).read(lambda s: s.parsed("a")) == OLD
