"""Builds that break off, in child processes that are really killed; imported once, where they are forked from."""

import multiprocessing
import os
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401 - what takes long to import is imported before the children are forked
import numpy as np

from assistant.errors import AssistantError
from assistant.indexing import database, writer
from assistant.indexing.ingest import ingest_corpus
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.vectors_chroma import EmbeddedChroma
from tests.fakes import CountingEmbedder
from tests.indexing.words import share_words

# Small, so that a build of a few documents has many of them.
TEXTS_A_COMMIT = 3

Step = Callable[[str], None]


def context() -> ForkServerContext:
    """Return what starts children quickly: they are forked from a process that has everything imported."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.indexing.broken_off"])
    return found


class SteppingEmbedder(CountingEmbedder):
    """Says before and after every batch that it is there."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._step = step

    def embed_passages(self, texts: Any, progress: Any = None) -> Any:
        self._step("embed")
        found = super().embed_passages(texts, progress)
        self._step("embedded")
        return found


def build(folder: Path, corpus: Path, step: Step) -> None:
    """Mirror `corpus`, and say every SQL statement, every batch of texts and every call of the vector store."""
    writer.COMMIT_EVERY = TEXTS_A_COMMIT
    connect, add, remove = database.connect, EmbeddedChroma.add, EmbeddedChroma.remove

    def traced(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **named)
        connection.set_trace_callback(step)
        return connection

    def adds(store: EmbeddedChroma, ids: Any, vectors: Any) -> None:
        for one, vector in zip(ids, vectors, strict=True):  # one by one, to be killed in between
            step("add")
            add(store, [one], np.stack([vector]))
        step("added")

    def removes(store: EmbeddedChroma, ids: Any) -> None:
        for one in ids:
            step("remove")
            remove(store, [one])
        step("removed")

    database.connect, EmbeddedChroma.add, EmbeddedChroma.remove = traced, adds, removes  # type: ignore[method-assign]
    try:
        ingest_corpus(folder, corpus, SteppingEmbedder(step))
    finally:
        database.connect, EmbeddedChroma.add, EmbeddedChroma.remove = connect, add, remove  # type: ignore[method-assign]


def die_at(folder: str, corpus: str, fatal: int) -> None:
    """Build, and be killed at step number `fatal`, counted from 0."""
    left = fatal

    def step(_: str) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    build(Path(folder), Path(corpus), step)


def build_and_tell(folder: str, corpus: str, ready: Connection) -> None:
    """Say that the build begins, and build: to be killed from outside at any time."""
    writer.COMMIT_EVERY = TEXTS_A_COMMIT
    ready.send("begins")
    ingest_corpus(Path(folder), Path(corpus), CountingEmbedder())


def build_within(folder: str, corpus: str, limit: int | None, told: Connection) -> None:
    """Build with files no larger than `limit` bytes (None: as the disk allows), and tell how it ended."""
    import resource

    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        ingest_corpus(Path(folder), Path(corpus), CountingEmbedder())
        told.send(("done", ""))
    except AssistantError as error:
        told.send((type(error).__name__, str(error)))
    except BaseException as error:
        told.send(("not one line", repr(error)))


def hold(folder: str, corpus: str, ready: Connection) -> None:
    """Begin to build, say so, and wait in the middle to be killed."""

    def step(what: str) -> None:
        if what == "embed":
            ready.send(os.getpid())
            signal.pause()

    build(Path(folder), Path(corpus), step)


# multiprocessing starts the process that children are forked from with -c: there the dictionary is loaded for all.
if sys.argv[:1] == ["-c"]:
    share_words()
    with tempfile.TemporaryDirectory() as cache:
        LexicalTokenizer(Path(cache)).words("词典")
