"""What an ingest costs grows with what changes, and several processes build what one builds."""

import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.indexing import database, ingest, lexical, vectors_home, writer
from assistant.indexing.index import Index
from assistant.indexing.ingest import ingest_paths
from assistant.indexing.staging import STAGING_FILE
from assistant.indexing.writer import Change, Writer, Written
from assistant.schema import Parsed
from tests.fakes import WORDS, CountingEmbedder, statute

# Loading it takes a second, for each writer; only where processes load it themselves is that part of the test.
one_dictionary = pytest.mark.usefixtures("words_are_loaded_once")


def law(number: int, articles: int = 10) -> Parsed:
    """A regulation of its own words; the same for the same number."""
    draw = random.Random(number)
    texts = [f"保障{draw.choice(WORDS)}供应{number}号{n}项，落实{draw.choice(WORDS)}措施。" for n in range(articles)]
    return statute(f"law-{number}", *texts)


def write(folder: Path, documents: Sequence[Parsed], remove: Sequence[str] = ()) -> Written:
    with Writer(folder, CountingEmbedder()) as open_writer:
        return open_writer.apply([Change(one, "added", one.document.text) for one in documents], remove)


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of an index but where it lies, its collection's name and what the full text keeps inside."""
    with closing(database.connect(folder)) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not row[0].startswith("full_text_")
        ]
        found = {
            name: sorted(connection.execute(f"SELECT rowid, * FROM {name}"), key=repr)
            for name in names
            if ("WITHOUT ROWID" not in _definition(connection, name))
        }
        found |= {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names if name not in found
        }
        found["terms"] = sorted(connection.execute("SELECT term, col, doc, cnt FROM full_text_terms"))
    found["meta"] = [row for row in found["meta"] if row[0] not in ("collection", "folder")]
    return found


def _definition(connection: sqlite3.Connection, name: str) -> str:
    return str(connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0])


def test_processes_build_what_one_process_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(12):
        (corpus / f"{number:02}.txt").write_text(law(number).document.text, encoding="utf-8")
    (corpus / "05a.txt").write_text("", encoding="utf-8")
    (corpus / "07.txt").write_text(law(3).document.text, encoding="utf-8")  # what 03.txt is already
    monkeypatch.setattr(ingest, "processes_for", lambda _: 0)
    here = ingest_paths(tmp_path / "here", [corpus], CountingEmbedder())
    (tmp_path / "there").mkdir()
    shutil.copy(tmp_path / "here" / "jieba.cache", tmp_path / "there")  # or both processes make it, seconds each
    monkeypatch.setattr(ingest, "processes_for", lambda _: 2)
    there = ingest_paths(tmp_path / "there", [corpus], CountingEmbedder())

    assert len(here.added) == 11
    assert [refusal.file for refusal in here.refused] == ["05a.txt", "07.txt"]
    for name in ("added", "refused", "warnings", "embedded", "corpus"):
        assert getattr(there, name) == getattr(here, name), name
    assert tables(tmp_path / "there") == tables(tmp_path / "here")
    for folder in ("here", "there"):
        assert not (tmp_path / folder / STAGING_FILE).exists()


class _Cost:
    """Rows that a writer's connection changed, and hundreds of steps that SQLite took."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changes = self.steps = 0
        connect = database.connect

        def counted(folder: Path, *, write: bool = False) -> sqlite3.Connection:
            connection = connect(folder, write=write)
            if write:
                self.connection = connection
                connection.set_progress_handler(self._step, 100)
            return connection

        monkeypatch.setattr(database, "connect", counted)

    def _step(self) -> int:
        self.steps += 1
        self.changes = self.connection.total_changes
        return 0  # go on


@one_dictionary
def test_one_more_document_touches_only_its_own_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "SMALL_CORPUS", 100)
    costs = {}
    for held in (20, 120):
        folder = tmp_path / str(held)
        write(folder, [law(number) for number in range(held)])
        with monkeypatch.context() as patched:
            cost = _Cost(patched)
            write(folder, [law(9_999)])
        costs[held] = cost

    # Ten articles of a sentence: the rows of units, provisions, sentences, texts and full text, once staged and once
    # live, journal and spare in and out; nothing that grows with what is held.
    assert costs[120].changes < 250
    assert costs[120].changes <= costs[20].changes * 1.1
    # Six times as much held: only ids, fingerprints and the corpus hash are read of each document.
    assert costs[120].steps < costs[20].steps * 1.5


@one_dictionary
def test_replacing_one_document_touches_only_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {}
    for held in (20, 120):
        folder = tmp_path / str(held)
        write(folder, [law(number) for number in range(held)])
        changed = statute("law-7", *(f"改为保障园区供水{n}。" for n in range(10)))
        with monkeypatch.context() as patched:
            cost = _Cost(patched)
            write(folder, [changed])
        costs[held] = cost

    assert costs[120].changes <= costs[20].changes * 1.1
    assert costs[120].steps < costs[20].steps * 1.5


def embeddings(folder: Path) -> tuple[int, int]:
    """How many embeddings are stored, and how many hashes are noted as spare."""
    with closing(database.connect(folder)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("embeddings", "spare")
        ]
    return counts[0], counts[1]


@one_dictionary
def test_embeddings_of_what_left_are_kept_for_its_return_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SPARE_EMBEDDINGS", 15)
    write(tmp_path, [law(1), law(2)])  # articles of one sentence: ten texts each
    assert embeddings(tmp_path) == (20, 0)

    write(tmp_path, [], remove=["law-1"])
    assert embeddings(tmp_path) == (20, 10)
    assert write(tmp_path, [law(1)]).embedded == 0
    assert embeddings(tmp_path) == (20, 0)

    for number in range(3, 8):  # five more come and go: more is spare than is live, and 15
        write(tmp_path, [law(number)])
        write(tmp_path, [], remove=[f"law-{number}"])
        stored, spare = embeddings(tmp_path)
        assert stored - spare == 20
        assert spare <= 20 + 15
    assert write(tmp_path, [law(2)]).embedded == 0


@one_dictionary
def test_a_text_that_another_document_has_too_is_never_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SPARE_EMBEDDINGS", 0)
    same = [statute(name, *(f"保障{n}。" for n in range(10)), title="同名条例") for name in ("a", "b")]
    write(tmp_path, same)
    write(tmp_path, [], remove=["a"])

    assert embeddings(tmp_path) == (10, 10)  # noted, though b has them: that is found out when it matters
    for number in (1, 2):  # twenty more come and go: more is spare than is live
        write(tmp_path, [law(number)])
        write(tmp_path, [], remove=[f"law-{number}"])
    assert embeddings(tmp_path) == (10, 0)
    vector = CountingEmbedder().embed_queries(["保障"])[0]
    found = Index.open(tmp_path, CountingEmbedder()).read(lambda s: s.search_vectors(vector, 50))
    assert {unit.partition(":")[0] for unit, _ in found} == {"b"}


@one_dictionary
def test_embeddings_that_never_went_live_are_spare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "COMMIT_EVERY", 1)
    with pytest.raises(KeyboardInterrupt), Writer(tmp_path, CountingEmbedder(fail_after=4)) as broken:
        broken.apply([Change(law(1), "added", "1")])

    assert embeddings(tmp_path) == (4, 4)
    assert not (tmp_path / STAGING_FILE).exists()
    write(tmp_path, [law(1)])
    assert embeddings(tmp_path) == (10, 0)


@one_dictionary
def test_what_a_killed_writer_staged_is_forgotten(tmp_path: Path) -> None:
    write(tmp_path, [law(1)])
    (tmp_path / STAGING_FILE).write_bytes(b"half a page")

    write(tmp_path, [law(2)])

    assert not (tmp_path / STAGING_FILE).exists()
    assert Index.open(tmp_path, CountingEmbedder()).read(lambda s: sorted(s.metadata())) == ["law-1", "law-2"]


@one_dictionary
def test_batches_of_like_texts_come_in_mixed_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "COMMIT_EVERY", 10)
    long = statute("long", *("保障" * 60 + str(n) for n in range(10)))
    embedder = CountingEmbedder()
    with Writer(tmp_path, embedder) as open_writer:
        open_writer.apply([Change(one, "added", one.document.id) for one in (law(1), long, law(2), law(3))])

    lengths = [len(text) for text in embedder.passages]
    batches = [lengths[start : start + 10] for start in range(0, len(lengths), 10)]
    assert all(max(batch) - min(batch) < 10 for batch in batches)  # like with like
    assert lengths != sorted(lengths)  # what is done tells how long the rest takes


@one_dictionary
@pytest.mark.parametrize("broken", [StoreError("向量库满了"), KeyboardInterrupt()])
def test_what_breaks_off_the_filling_of_the_store_is_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: BaseException
) -> None:
    """With more vectors than are handed over at a time, so that rows are still to be read."""
    monkeypatch.setattr(vectors_home, "BATCH", 2)
    index = tmp_path / "index"

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "写入向量库" and done:
            raise broken

    with pytest.raises(type(broken)) as told, Writer(index, CountingEmbedder()) as open_writer:
        open_writer.apply([Change(law(1), "added", "1")], progress=tell)

    assert told.value is broken
    assert not (index / STAGING_FILE).exists()
