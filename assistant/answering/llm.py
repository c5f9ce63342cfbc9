"""A language model behind an OpenAI-compatible address: streaming, a deadline, retries with backoff, cancellation.

The client library is imported by the first request, so without the setting `llm` nothing of it is loaded. What goes
wrong becomes one line of Chinese: never the server's words, which may repeat a key, and never the model's.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, Protocol

from assistant.answering.prompts import Message
from assistant.errors import ModelError
from assistant.settings import LlmSettings

BACKOFF_S = 0.5  # before the first retry; doubled for each further one
MAX_WAIT_S = 20.0  # longest wait that a server may ask for
POLL_S = 0.05  # how often cancellation and the deadline are looked at
MAX_CHARACTERS = 8_000  # of one reply: a model that never stops is stopped
TEMPERATURE = 0.0

Cancelled = Callable[[], bool]


class Why(StrEnum):
    """Why a model gave no reply."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # the key, or the right to use the model
    NOT_FOUND = "not_found"
    BUSY = "busy"
    REJECTED = "rejected"  # the request: too long, a field the server does not know
    BROKEN = "broken"  # the reply broke off
    GARBLED = "garbled"
    NO_CLIENT = "no_client"
    CANCELLED = "cancelled"


_WORDS = {
    Why.TIMEOUT: "在限定时间内没有答完。可以调大设置 llm.timeout_s",
    Why.UNREACHABLE: "连接不上。请检查设置 llm.base_url，以及那里的服务是否已启动",
    Why.REFUSED: "拒绝了请求（401 或 403）。请检查环境变量里的密钥",
    Why.NOT_FOUND: "没有这个地址或这个模型（404）。请检查设置 llm.base_url 和 llm.model",
    Why.BUSY: "太忙或出了故障（429 或 5xx），重试后仍未成功。请稍后再试",
    Why.REJECTED: "不接受这样的请求（4xx）。请检查设置 llm.model 和 llm.max_tokens",
    Why.BROKEN: "的回答中途断了。请稍后再试",
    Why.GARBLED: "的回答不符合 OpenAI 接口的格式。请检查设置 llm.base_url",
    Why.NO_CLIENT: "用不了：缺少程序库。请运行 pip install llama-index-llms-openai-like",
    Why.CANCELLED: "的回答已取消",
}
_RETRYABLE = frozenset({Why.UNREACHABLE, Why.BUSY, Why.BROKEN})


class LlmError(ModelError):
    """A language model gave no whole reply; the message has neither a key nor anything the server wrote."""

    def __init__(self, host: str, why: Why, wait_s: float = 0.0) -> None:
        super().__init__(f"语言模型（{host}）{_WORDS[why]}", retryable=why in _RETRYABLE)
        self.why = why
        self.wait_s = wait_s


class LanguageModel(Protocol):
    """What words an answer."""

    @property
    def name(self) -> str:
        """How answers name it."""

    @property
    def sent_to(self) -> str:
        """The host that what it is asked goes to, "" where it stays on this machine."""

    def stream(self, asked: Sequence[Message], cancelled: Cancelled | None = None) -> Generator[str, None, None]:
        """Yield the pieces of one reply as they come.

        Raises:
            LlmError: it failed, took too long, broke off or was cancelled.
        """


@dataclass(frozen=True, slots=True)
class _Failed:
    why: Why
    wait_s: float = 0.0


_DONE = object()


class OpenAICompatible:
    """The model of the settings. Safe to use from several threads: every request has a connection of its own."""

    def __init__(self, settings: LlmSettings, backoff_s: float = BACKOFF_S, temperature: float = TEMPERATURE) -> None:
        self._settings = settings
        self._temperature = temperature
        self._backoff_s = backoff_s
        self._key = settings.secret()

    def __repr__(self) -> str:
        return f"OpenAICompatible({self.name!r} at {self._settings.host!r})"

    @property
    def name(self) -> str:
        """The model's name."""
        return self._settings.model

    @property
    def sent_to(self) -> str:
        """The host that questions go to, "" for loopback."""
        return "" if self._settings.loopback else self._settings.host

    def stream(self, asked: Sequence[Message], cancelled: Cancelled | None = None) -> Generator[str, None, None]:
        """Yield the pieces of one reply as they come; sent again only while nothing has come.

        Raises:
            LlmError: as `LanguageModel.stream`.
        """
        deadline = time.monotonic() + self._settings.timeout_s
        for attempt in range(self._settings.retries + 1):
            begun = False
            try:
                for piece in self._attempt(asked, deadline, cancelled):
                    begun = True
                    yield piece
                return
            except LlmError as error:
                if begun or not error.retryable or attempt == self._settings.retries:
                    raise
                self._pause(min(max(self._backoff_s * 2**attempt, error.wait_s), MAX_WAIT_S), deadline, cancelled)

    def _attempt(self, asked: Sequence[Message], deadline: float, cancelled: Cancelled | None) -> Iterator[str]:
        """Read one reply on a thread of its own, so that a silent server can be left at once."""
        pieces: Queue[object] = Queue()
        stop = Event()
        Thread(target=self._read, args=(asked, deadline, pieces, stop), name="yiju-llm", daemon=True).start()
        length = 0
        try:
            while length < MAX_CHARACTERS:
                self._check(deadline, cancelled)
                try:
                    piece = pieces.get(timeout=POLL_S)
                except Empty:
                    continue
                if piece is _DONE:
                    return
                if isinstance(piece, _Failed):
                    raise LlmError(self._settings.host, piece.why, piece.wait_s)
                length += len(str(piece))
                yield str(piece)
        finally:
            stop.set()

    def _read(self, asked: Sequence[Message], deadline: float, pieces: "Queue[object]", stop: Event) -> None:
        """Put the pieces of one reply, then how it ended. Closes its connection whatever happens."""
        try:
            ended: object = _DONE if self._read_pieces(asked, deadline, pieces, stop) else _Failed(Why.BROKEN)
        except ImportError:
            ended = _Failed(Why.NO_CLIENT)
        except Exception as error:
            # Whatever the other end sends shows as errors of many kinds in the library; its words stay here.
            ended = _failure(error)
        pieces.put(ended)

    def _read_pieces(self, asked: Sequence[Message], deadline: float, pieces: "Queue[object]", stop: Event) -> bool:
        """Put the pieces of one reply and return whether it ended as a whole one does."""
        import httpx
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike

        _quiet()
        left = max(deadline - time.monotonic(), POLL_S)
        finished = False
        # No redirect: it would take the question to an address that nobody chose. No proxy on this machine.
        with httpx.Client(trust_env=not self._settings.loopback, follow_redirects=False, timeout=left) as http:
            model = OpenAILike(
                model=self._settings.model,
                api_base=self._settings.base_url,
                api_key=self._key or "none",  # the library wants one
                is_chat_model=True,
                max_tokens=self._settings.max_tokens,
                temperature=self._temperature,
                max_retries=0,  # retries are ours: they can be cancelled
                timeout=left,
                http_client=http,  # type: ignore[call-arg]  # taken by its parent, whose types do not say so
            )
            chat = [ChatMessage(role=one.role, content=one.content) for one in asked]
            for response in model.stream_chat(chat):
                if stop.is_set():
                    break
                finished = finished or _finish_reason(response.raw) is not None
                if response.delta:
                    pieces.put(response.delta)
        return finished

    def _check(self, deadline: float, cancelled: Cancelled | None) -> None:
        if cancelled is not None and cancelled():
            raise LlmError(self._settings.host, Why.CANCELLED)
        if time.monotonic() > deadline:
            raise LlmError(self._settings.host, Why.TIMEOUT)

    def _pause(self, seconds: float, deadline: float, cancelled: Cancelled | None) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._check(deadline, cancelled)
            time.sleep(min(left, POLL_S))


def _finish_reason(raw: Any) -> str | None:
    """Return why a model stopped, None for a piece in the middle of its reply."""
    choices = getattr(raw, "choices", None)
    return choices[0].finish_reason if choices else None


def _failure(error: Exception) -> _Failed:
    """Return what kind of failure an error of the client library is."""
    import httpx
    import openai

    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return _Failed(Why.TIMEOUT)
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        if status in (401, 403):
            return _Failed(Why.REFUSED)
        if status == 404:
            return _Failed(Why.NOT_FOUND)
        if status in (408, 409, 425, 429) or status >= 500:
            return _Failed(Why.BUSY, _wait(error.response.headers.get("retry-after", "")))
        return _Failed(Why.REJECTED)
    if isinstance(error, openai.APIConnectionError | httpx.ConnectError):
        return _Failed(Why.UNREACHABLE)
    if isinstance(error, httpx.TransportError):
        return _Failed(Why.BROKEN)
    return _Failed(Why.GARBLED)


def _wait(header: str) -> float:
    return float(header) if header.isascii() and header.isdigit() else 0.0


def _quiet() -> None:
    """Keep the client library's loggers from telling what is sent, at whatever level a deployment logs."""
    for name in ("openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
