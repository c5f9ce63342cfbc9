"""Real vector servers, in processes of their own on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from assistant.indexing.vectors import VectorsAt

CHROMA = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run", "--host", "127.0.0.1"]
MILVUS = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1"]


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
                if self.process.poll() is not None or time.monotonic() >= deadline:
                    self.stop()
                    raise AssertionError(f"{command} did not start") from None
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
