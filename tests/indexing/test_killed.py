"""Builds that are killed, doubled or starved of disk: the old corpus or the new one, and nothing computed twice."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import IndexLockedError
from assistant.indexing import database
from assistant.indexing.index import Index
from assistant.indexing.ingest import ingest_corpus
from assistant.indexing.vectors import IN_FOLDER, open_vectors
from tests.fakes import CountingEmbedder
from tests.indexing.broken_off import build, build_and_tell, build_within, context, die_at, hold
from tests.indexing.words import load_own_words, share_words

pytestmark = pytest.mark.usefixtures("words_are_loaded_once")

QUESTIONS = ("土地", "用电", "人才", "资金", "海关")
SEED = 3
ROW = """
[[document]]
id = "{name}"
title = "{name}市条例"
kind = "statute"
file = "{name}.txt"
sha256 = "{sha256}"
"""
BEFORE = {
    "jia": ("保障用地，土地先行。", "降低用电成本。", "引进人才。人才公寓优先。"),
    "yi": ("海关监管。", "设立资金。资金用于园区。"),
    "bing": ("用水保障。",),
}
# One document is replaced (half of it stays as it was), one leaves, one stays, one comes.
AFTER = {
    "jia": ("保障用地，土地先行。", "用电报装一次办结。", "引进人才。人才公寓优先。", "税收服务。税务机关上门。"),
    "bing": BEFORE["bing"],
    "ding": ("海关便利通关。", "园区配套资金。资金当年到位。", "土地指标单列。"),
}


# What SQLite keeps beside a database while it is open, and the cache of a dictionary that other tests may have loaded.
OF_NO_MATTER = ("-wal", "-shm", "jieba.cache")


def corpus(folder: Path, documents: dict[str, tuple[str, ...]]) -> Path:
    folder.mkdir()
    rows = []
    for name, articles in documents.items():
        lines = [f"第{'一二三四五六七八九十'[n]}条　{text}" for n, text in enumerate(articles)]
        text = "\n".join([f"{name}市条例", *lines])
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        rows.append(ROW.format(name=name, sha256=hashlib.sha256(text.encode()).hexdigest()))
    (folder / "manifest.toml").write_text("".join(rows), encoding="utf-8")
    return folder


def answers(folder: Path) -> list[Any] | None:
    """Everything a reader is told: documents, their provisions, what words and vectors find; None: no index."""
    if not database.exists(folder):
        return None
    embedder = CountingEmbedder()
    index = Index.open(folder, embedder)

    def work(snapshot: Any) -> list[Any]:
        documents = {one: snapshot.parsed(one) for one in snapshot.metadata()}
        found: list[Any] = [documents, {one: snapshot.units([one]) for one in documents}]
        for question, vector in zip(QUESTIONS, embedder.embed_queries(QUESTIONS), strict=True):
            found.append(sorted(snapshot.search_text(question, 50)))
            found.append(sorted((unit, round(cosine, 3)) for unit, cosine in snapshot.search_vectors(vector, 50)))
        return found

    with closing(index):
        told = index.read(work)
    return told if told[0] else None  # an index without a document answers as none does


def contents(folder: Path) -> dict[str, list[Any]]:
    """Every row of an index but its row ids, and every id of its vector store, whatever their order on disk."""
    tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
    found: dict[str, list[Any]] = {}
    with closing(database.connect(folder)) as connection:
        for (table,) in connection.execute(f"{tables} AND name NOT LIKE 'sqlite%'").fetchall():
            columns = [
                f'"{name}"'
                for _, name, kind, _, _, key in connection.execute(f"PRAGMA table_info({table})")
                if not (key and kind == "INTEGER")
            ]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            found[table] = sorted((row for row in rows if row[0] not in ("collection", "folder")), key=repr)
    with closing(open_vectors(IN_FOLDER, folder, "", CountingEmbedder.dimension)) as store:
        found["vectors"] = sorted(one for one, _ in store.search(CountingEmbedder().embed_queries(["土地"])[0], 500))
    found["files"] = sorted(file.name for file in folder.iterdir() if not file.name.endswith(OF_NO_MATTER))
    return found


def embedded(folder: Path) -> set[str]:
    """The content hashes whose vectors are kept."""
    if not database.exists(folder):
        return set()
    with closing(database.connect(folder)) as connection:
        return {row[0] for row in connection.execute("SELECT hash FROM embeddings")}


@dataclass(frozen=True)
class Undisturbed:
    """A build that nothing disturbed: where it starts, what it reads, and how it ends."""

    start: Path
    corpus: Path
    before: list[Any] | None
    after: list[Any] | None
    end: dict[str, list[Any]]
    steps: tuple[str, ...]
    texts: set[str]

    def copy(self, folder: Path) -> Path:
        if self.start.exists():
            shutil.copytree(self.start, folder, ignore=shutil.ignore_patterns("jieba.cache"))
        return folder


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Undisturbed]:
    """The first build of an index, and one that changes it."""
    share_words()
    root = tmp_path_factory.mktemp("undisturbed")
    first, second = corpus(root / "before", BEFORE), corpus(root / "after", AFTER)
    found = {}
    for name, start, read in (("first", root / "none", first), ("change", root / "old", second)):
        folder = root / name
        if name == "change":
            shutil.copytree(root / "first", start)
            shutil.copytree(root / "first", folder)
        before, steps = answers(folder), list[str]()
        build(folder, read, steps.append)
        found[name] = Undisturbed(
            start, read, before, answers(folder), contents(folder), tuple(steps), embedded(folder)
        )
    load_own_words()
    return found


@pytest.fixture(scope="module")
def children() -> ForkServerContext:
    return context()


def resume(folder: Path, build: Undisturbed) -> None:
    """Build once more: only what was not kept is embedded, and the end is that of an undisturbed build."""
    kept = embedded(folder)
    embedder = CountingEmbedder()
    ingest_corpus(folder, build.corpus, embedder)
    assert len(embedder.passages) == len(build.texts - kept)
    assert contents(folder) == build.end
    assert answers(folder) == build.after


# The steps at which a build is killed are chosen at random, but so that every kind of step is among them.
KINDS = ("BEGIN", "COMMIT", "add", "added", "embed", "embedded", "remove", "INSERT", "DELETE", "CREATE", "SELECT", "")


def fatal_steps(build: Undisturbed, count: int) -> list[int]:
    chance = random.Random(SEED)
    chosen = {len(build.steps) - 1}
    while len(chosen) < count:
        kind = KINDS[len(chosen) % len(KINDS)]
        steps = [n for n, step in enumerate(build.steps) if step.startswith(kind) and n not in chosen]
        chosen.add(chance.choice(steps or [n for n in range(len(build.steps)) if n not in chosen]))
    return sorted(chosen)


@pytest.mark.parametrize(("name", "count"), [("first", 12), ("change", 18)])
def test_a_build_that_is_killed_anywhere(
    builds: dict[str, Undisturbed], children: ForkServerContext, tmp_path: Path, name: str, count: int
) -> None:
    build = builds[name]
    seen: list[tuple[bool, int]] = []
    for fatal in fatal_steps(build, count):
        folder = build.copy(tmp_path / str(fatal))
        process = children.Process(target=die_at, args=(str(folder), str(build.corpus), fatal))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL, build.steps[fatal]

        told = answers(folder)
        assert told in (build.before, build.after), build.steps[fatal]
        seen.append((told == build.after, len(build.texts - embedded(folder))))
        resume(folder, build)
        shutil.rmtree(folder)
    assert {new for new, _ in seen} == {False, True}  # some were killed before the flip, and some after it
    assert len({missing for _, missing in seen}) > 2  # and some with part of the texts embedded


def test_a_build_that_is_killed_at_any_moment(
    builds: dict[str, Undisturbed], children: ForkServerContext, tmp_path: Path
) -> None:
    build = builds["change"]
    chance = random.Random(SEED)
    for n in range(6):
        folder = build.copy(tmp_path / str(n))
        here, there = children.Pipe()
        process = children.Process(target=build_and_tell, args=(str(folder), str(build.corpus), there))
        process.start()
        assert here.recv() == "begins"
        process.join(chance.uniform(0, 0.4))  # about as long as it takes; one that is done by then is as good
        process.kill()
        process.join(60)

        assert answers(folder) in (build.before, build.after)
        resume(folder, build)


def test_two_builds_at_once_the_second_says_who_is_at_work(
    builds: dict[str, Undisturbed], children: ForkServerContext, tmp_path: Path
) -> None:
    build = builds["change"]
    folder = build.copy(tmp_path / "index")
    here, there = children.Pipe()
    process = children.Process(target=hold, args=(str(folder), str(build.corpus), there))
    process.start()
    try:
        holder = here.recv()
        with pytest.raises(IndexLockedError, match=f"正在被写入（进程 {holder}，.* 起）。请等它结束后再试"):
            ingest_corpus(folder, build.corpus, CountingEmbedder())
        assert answers(folder) == build.before
    finally:
        process.kill()
        process.join(60)

    resume(folder, build)  # a killed holder holds nothing


def starved(children: ForkServerContext, folder: Path, build: Undisturbed, limit: int | None) -> tuple[str, str]:
    """How a build ends in a child whose files may have `limit` bytes."""
    here, there = children.Pipe()
    process = children.Process(target=build_within, args=(str(folder), str(build.corpus), limit, there))
    process.start()
    there.close()
    try:
        kind, message = here.recv()
    except EOFError:
        kind, message = "died", ""
    process.join(60)
    return kind, message


@pytest.mark.parametrize("name", ["first", "change"])
def test_files_that_may_not_grow_are_one_line_and_leave_the_old_index(
    builds: dict[str, Undisturbed], children: ForkServerContext, tmp_path: Path, name: str
) -> None:
    build = builds[name]
    ends = []
    for kib in (0, 4, 16, 40, 64, 100, 128, 160, 200, 320, 1_000):
        folder = build.copy(tmp_path / str(kib))
        kind, message = starved(children, folder, build, kib << 10)
        ends.append(kind)
        if kind == "done":
            assert answers(folder) == build.after
        else:
            assert kind == "StoreError", (kib, kind, message)
            assert "磁盘" in message and "\n" not in message
            assert answers(folder) == build.before
        resume(folder, build)
        shutil.rmtree(folder)
    assert ends[0] == "StoreError" and ends[-1] == "done"
    assert ends.count("StoreError") > 3


def mounted(folder: Path, size: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "yiju-test", str(folder)]
    return shutil.which("mount") is not None and subprocess.run(command, capture_output=True).returncode == 0


def may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        if mounted(Path(folder), "4k"):
            subprocess.run(["umount", folder], check=True)
            return True
    return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    assert mounted(folder, "2m")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a reader's connection lives as long as its thread


# Where mounting is not allowed there is no such test: RLIMIT_FSIZE stands for it.
if sys.platform == "linux" and may_mount():

    @pytest.mark.parametrize("name", ["first", "change"])
    def test_a_full_disk_is_one_line_and_leaves_the_old_index(
        builds: dict[str, Undisturbed], children: ForkServerContext, disk: Path, name: str
    ) -> None:
        build = builds[name]
        ends = []
        for room_kib in (0, 8, 32, 64, 128, 256, 400, 700):
            folder = build.copy(disk / "index")
            ballast = disk / "ballast"
            free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            ballast.write_bytes(bytes(max(0, free - (room_kib << 10))))
            kind, message = starved(children, folder, build, None)
            ends.append(kind)
            ballast.unlink()
            if kind == "done":
                assert answers(folder) == build.after
            else:
                assert kind == "StoreError", (room_kib, kind, message)
                assert "磁盘" in message and "\n" not in message
                assert answers(folder) == build.before
            resume(folder, build)
            shutil.rmtree(folder)
        assert ends[0] == "StoreError"
