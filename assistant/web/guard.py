"""A thin layer in front of the page: who may be addressed as this server, and what the page may load."""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing but this server is ever asked for anything, whatever a document or a library tries. Gradio's own page needs
# inline scripts and `new Function`; texts from documents cannot use either, they arrive escaped.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
# Gradio pages that this product does not offer; none of them is needed by the page itself.
CLOSED = (
    "/monitoring",
    "/manifest.json",
    "/login/",  # the page posts to /login; one door is watched
    *(
        f"/gradio_api/{name}"
        for name in (
            *("runs", "run-history", "vibe", "undo-vibe", "openapi.json", "deep_link", "file", "proxy", "stream"),
            *("run/", "api/", "call/", "component_server", "custom_component", "process_recording", "profiling", "dev"),
        )
    ),
)
UPLOAD = "/gradio_api/upload"  # the one path that takes large bodies; Gradio limits them itself
EVENT = "/gradio_api/queue/join"  # takes what was typed: a question, a form, a text to be checked
MAX_EVENT_BYTES = 6_000_000  # the longest text to be checked (5 MB), and what comes with it
MAX_BODY_BYTES = 1_000_000  # of everything else
LOGIN_TRIES = 5  # wrong logins of one address within LOGIN_SECONDS before it has to wait
LOGIN_SECONDS = 60.0
LOGIN_ADDRESSES = 10_000  # addresses remembered; the oldest is forgotten first


def is_loopback(host: str) -> bool:
    """Return whether `host` (a name or an address) is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """Return the name in a Host header without its port: "[::1]:7860" → "::1"."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower()


def is_foreign(headers: Headers) -> bool:
    """Return whether a browser says that another site made it send this request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")  # what browsers send where they do not send the other: plain http
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def names_remote_file(body: bytes) -> bool:
    """Return whether a JSON body passes an address of the network as a file, which Gradio would go and fetch."""
    try:
        left: list[Any] = [json.loads(body)]
    except (ValueError, RecursionError):
        return False  # not JSON: Gradio refuses it
    while left:
        value = left.pop()
        if isinstance(value, dict):
            path = value.get("path")
            if isinstance(path, str) and "://" in path:
                return True
            left += value.values()
        elif isinstance(value, list):
            left += value
    return False


class LoginWatch:
    """Counts wrong logins by address, so that a password cannot be guessed at the speed of the network."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def must_wait(self, address: str) -> bool:
        """Return whether `address` has tried too often and is not listened to now."""
        since = self._clock() - LOGIN_SECONDS
        recent = [moment for moment in self._failed.get(address, ()) if moment > since]
        return len(recent) >= LOGIN_TRIES

    def note(self, address: str, *, right: bool) -> None:
        """Remember the outcome of a login; a right one wipes the slate clean."""
        if right:
            self._failed.pop(address, None)
            return
        self._failed[address] = [*self._failed.get(address, ())[-LOGIN_TRIES + 1 :], self._clock()]
        self._failed.move_to_end(address)
        if len(self._failed) > LOGIN_ADDRESSES:
            self._failed.popitem(last=False)


class Guard:
    """ASGI middleware: refuses foreign hosts, foreign senders, closed pages and large bodies, and adds the headers.

    A page without a login trusts everyone who can reach it, and a foreign site can make a browser reach the loopback
    address under its own name (DNS rebinding); such a request carries that name as its host. A foreign site can also
    make a browser send a form here under the right name; such a request carries the sender's origin.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None = None, watch: LoginWatch | None = None) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(hosts)
        self._watch = watch or LoginWatch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        address = (scope.get("client") or ("",))[0]
        login = scope["path"] == "/login" and scope.get("method") == "POST"
        refusal = self._refusal(scope, address if login else None)
        if refusal is None and scope.get("method") == "POST" and scope["path"].rstrip("/") != UPLOAD:
            limit = MAX_EVENT_BYTES if scope["path"].rstrip("/") == EVENT else MAX_BODY_BYTES
            body = await _small_body(receive, limit)
            if body is None:
                refusal = PlainTextResponse("内容太长；请缩短后重试。", status_code=413)
            elif names_remote_file(body):
                refusal = PlainTextResponse("不接受网络地址；请上传文件本身。", status_code=403)
            else:
                receive = _replay(body, receive)
        if refusal is not None:
            await refusal(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if login:
                    self._watch.note(address, right=message["status"] < 400)
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                message["headers"] = [_own_cookie(pair) for pair in message["headers"]]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, login_from: str | None) -> Response | None:
        """Return the answer to a request that goes no further, None for one that does."""
        headers = Headers(scope=scope)
        if self._hosts is not None and host_name(headers.get("host", "")) not in self._hosts:
            return PlainTextResponse("拒绝访问：地址与本服务不符。", status_code=421)
        if scope["path"].startswith(CLOSED):
            return PlainTextResponse("没有这个页面。", status_code=404)
        if scope.get("method") not in ("GET", "HEAD") and is_foreign(headers):
            return PlainTextResponse("拒绝访问：请求来自其他网站。", status_code=403)
        if login_from is not None and self._watch.must_wait(login_from):
            wait = f"密码错误次数过多；请 {LOGIN_SECONDS:.0f} 秒后再试。"
            return JSONResponse({"detail": wait}, 429, {"retry-after": f"{LOGIN_SECONDS:.0f}"})
        return None


async def _small_body(receive: Receive, limit: int) -> bytes | None:
    """Return the body of a request, None once it has more bytes than `limit` or the sender is gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives `body` once and then what follows it."""
    unread = [body]

    async def replayed() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return replayed


def _own_cookie(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Return a header; a cookie is for this site's own requests only, whatever Gradio asks for."""
    name, value = header
    if name.lower() != b"set-cookie":
        return header
    cookies = SimpleCookie(value.decode("latin-1"))
    for morsel in cookies.values():
        morsel["samesite"] = "Lax"
        morsel["httponly"] = True
    return name, cookies.output(header="", sep="").strip().encode("latin-1")
