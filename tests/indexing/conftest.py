"""Real vector servers on loopback, started once for all tests that ask for them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.vectors import VectorsAt

CHROMA = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run", "--host", "127.0.0.1"]
MILVUS = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1"]


_words: list[Any] = []
_load_words = LexicalTokenizer._load


def share_words() -> None:
    """Let all tokenizers of this process share one dictionary: loading it takes a second, each time."""

    def load(tokenizer: LexicalTokenizer) -> Any:
        if not _words:
            _words.append(_load_words(tokenizer))
        return _words[0]

    LexicalTokenizer._load = load  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def words_are_loaded_once() -> Iterator[None]:
    share_words()
    yield
    LexicalTokenizer._load = _load_words  # type: ignore[method-assign]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A server in a process of its own. It keeps its data and its port when it is stopped and started again."""

    kind: str
    data: Path
    port: int = field(default_factory=free_port)

    @property
    def at(self) -> VectorsAt:
        return VectorsAt(f"{self.kind}:http://127.0.0.1:{self.port}")

    def start(self) -> None:
        command, folder = (CHROMA, "--path") if self.kind == "chroma" else (MILVUS, "--data-dir")
        with (self.data.parent / f"{self.kind}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), folder, str(self.data)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, f"{command} did not start"
                time.sleep(0.05)

    def freeze(self) -> None:
        """Stop answering without going away, until `thaw`."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


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
