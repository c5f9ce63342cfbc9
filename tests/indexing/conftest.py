"""Servers that are started once for all tests that ask for them, and a dictionary that is loaded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.indexing.vectors import VectorsAt
from tests.indexing.servers import Server
from tests.indexing.words import load_own_words, share_words


@pytest.fixture
def words_are_loaded_once() -> Iterator[None]:
    share_words()
    yield
    load_own_words()


def _running(kind: str, folder: Path) -> Iterator[Server]:
    server = Server(kind, folder / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _running("chroma", tmp_path_factory.mktemp("chroma"))


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("milvus_lite", reason='needs the extra [milvus]: pip install ".[milvus]"')
    yield from _running("milvus", tmp_path_factory.mktemp("milvus"))


@pytest.fixture(params=["chroma", "milvus"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the servers, shared: a test that stops it starts it again."""
    found: Server = request.getfixturevalue(f"{request.param}_server")
    return found


@pytest.fixture(params=["embedded", "chroma_server", "milvus_server"])
def at(request: pytest.FixtureRequest) -> VectorsAt:
    """Each store that several processes can use at once."""
    if request.param == "embedded":
        return VectorsAt()
    found: Server = request.getfixturevalue(request.param)
    return found.at
