"""A thin layer in front of the page: who may be addressed as this server, and what the page may load."""

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
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
# Gradio pages that this product does not offer.
CLOSED = ("/monitoring", "/gradio_api/runs", "/gradio_api/run-history", "/gradio_api/vibe", "/gradio_api/openapi.json")


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


class Guard:
    """ASGI middleware: refuses foreign Host headers and closed pages, and adds the security headers.

    A page without a login trusts everyone who can reach it, and a foreign site can make a browser reach the loopback
    address under its own name (DNS rebinding); such a request carries that name as its host.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None = None) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = host_name(Headers(scope=scope).get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            await PlainTextResponse("拒绝访问：地址与本服务不符。", status_code=421)(scope, receive, send)
            return
        if scope["path"].startswith(CLOSED):
            await PlainTextResponse("没有这个页面。", status_code=404)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_guarded)
