"""A small OpenAI-compatible server over real HTTP that says what a test tells it to: the model of CI.

    with ScriptedLlm([Say("县级以上人民政府应当协调能源供应。[{key}]")]) as server:
        settings = server.settings()

Each request takes the next step of the script; the last one is repeated. {key} becomes the first key of the prompt,
{key2} the second. What was asked is kept in `requests`.
"""

import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.settings import LlmSettings

KEY = re.compile(r"<条文 ([A-Z][2-9][A-Z])>")


@dataclass(frozen=True)
class Say:
    """Stream a text in pieces of a few characters, with a proper end."""

    text: str
    size: int = 3


@dataclass(frozen=True)
class Obey:
    """Say what `order` makes of the whole prompt: a model that follows whatever it reads."""

    order: Callable[[str], str]


@dataclass(frozen=True)
class Fail:
    """Answer with a status; the body repeats the key that came, as careless servers do."""

    status: int
    retry_after: str = ""


@dataclass(frozen=True)
class Drop:
    """Stream some text, then close the connection without an end."""

    text: str = ""


@dataclass(frozen=True)
class Hang:
    """Stream some text, then say nothing more until the server is closed."""

    text: str = ""


@dataclass(frozen=True)
class Raw:
    """Send these bytes as the body."""

    body: bytes
    type: str = "text/event-stream"


@dataclass(frozen=True)
class Redirect:
    """Send the client elsewhere."""

    to: str


Step = Say | Obey | Fail | Drop | Hang | Raw | Redirect


class ScriptedLlm:
    """The server; listens on 127.0.0.1 while its context lasts."""

    def __init__(self, script: Sequence[Step]) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left = threading.Event()  # a client went away while it was being told something
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def settings(self, host: str = "127.0.0.1", **more: Any) -> LlmSettings:
        return LlmSettings(
            **{"base_url": f"http://{host}:{self.port}/v1", "model": "scripted", "timeout_s": 30, **more}
        )

    def __enter__(self) -> "ScriptedLlm":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _next(self, request: dict[str, Any], headers: dict[str, str]) -> Step:
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            return self.script[min(len(self.requests), len(self.script)) - 1]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                try:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    self._play(outer._next(request, headers), request)
                except OSError:
                    outer.left.set()

            def _play(self, step: Step, request: dict[str, Any]) -> None:
                prompt = "\n".join(one["content"] for one in request["messages"])
                keys = KEY.findall(prompt) or ["A2A"]
                match step:
                    case Fail(status, retry_after):
                        body = json.dumps({"error": {"message": f"bad key {self.headers['authorization']}"}}).encode()
                        self.send_response(status)
                        if retry_after:
                            self.send_header("retry-after", retry_after)
                        self._body(body, "application/json")
                    case Raw(body, kind):
                        self.send_response(200)
                        self._body(body, kind)
                    case Redirect(to):
                        self.send_response(307)
                        self.send_header("location", to)
                        self._body(b"", "text/plain")
                    case Say(text, size):
                        self._stream(_filled(text, keys), size)
                        self._end()
                    case Obey(order):
                        self._stream(_filled(order(prompt), keys), 5)
                        self._end()
                    case Drop(text):
                        self._stream(_filled(text, keys), 3)
                    case Hang(text):
                        self._stream(_filled(text, keys), 3)
                        while not outer._closing.wait(0.02):
                            self.wfile.write(b": still here\n\n")
                            self.wfile.flush()

            def _body(self, body: bytes, kind: str) -> None:
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _stream(self, text: str, size: int) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                for at in range(0, len(text), size):
                    self._chunk({"content": text[at : at + size]}, None)

            def _end(self) -> None:
                self._chunk({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

            def _chunk(self, delta: dict[str, str], reason: str | None) -> None:
                choice = {"index": 0, "delta": delta, "finish_reason": reason}
                row = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
                self.wfile.write(f"data: {json.dumps(row, ensure_ascii=False)}\n\n".encode())
                self.wfile.flush()

        return Handler


def _filled(text: str, keys: Sequence[str]) -> str:
    """Put the prompt's keys into a text."""
    return text.replace("{key}", keys[0]).replace("{key2}", keys[min(1, len(keys) - 1)])
