"""Launching the page: arguments, the rule about addresses and logins, and the server."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import gradio as gr
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.types import ASGIApp

from assistant.console import progress_bar
from assistant.errors import AssistantError, IndexMissingError, SettingsError
from assistant.serving.audit import Recorder
from assistant.serving.contacts import Contacts
from assistant.settings import Settings, load_settings
from assistant.web.app import build_app, page_options
from assistant.web.guard import LOGIN_SECONDS, LOGIN_TRIES, LOOPBACK_NAMES, Guard, is_loopback
from assistant.web.protocol import AssistantLike

MIN_PASSWORD_CHARS = 8
LOGIN_MESSAGE = f"请用管理员给的用户名和密码登录。连续输错 {LOGIN_TRIES} 次，要等 {LOGIN_SECONDS:.0f} 秒再试。"
WARM_UP = "产业转移"
EXAMPLE = """示例：
  python ui.py --port 7861
  YIJU_LOGIN=zhang:一个够长的密码 python ui.py --host 0.0.0.0
"""


def main(argv: Sequence[str] | None = None, opener: Callable[[Settings], AssistantLike] | None = None) -> int:
    """Return the exit code of the page: 0 when it was stopped, 1 for an error the user can mend.

    `argv` are the arguments without the program's name, None for the process's own. `opener` opens the assistant,
    `open_or_build` by default.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    arguments = _parser().parse_args(argv)
    try:
        settings = load_settings(host=arguments.host, port=arguments.port, index=arguments.index)
        login = check_access(settings)
        listener = listen(settings)
        with listener:
            serve((opener or open_or_build)(settings), settings, listener, login)
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def open_or_build(settings: Settings) -> AssistantLike:
    """Return the assistant over the index of `settings`, built from the corpus folder first where there is none.

    Raises:
        AssistantError: the index cannot be built or used.
    """
    # heavy; wrong arguments are answered without it
    from assistant.api import open_assistant
    from assistant.building import build_index

    try:
        assistant = open_assistant(settings)
    except IndexMissingError:
        print(f"还没有索引，正在用 {settings.corpus} 建立……", file=sys.stderr, flush=True)
        with progress_bar() as progress:
            report = build_index(settings, progress)
        for refusal in report.refused:
            print(f"未收录 {refusal.file}：{refusal.reason}", file=sys.stderr)
        assistant = open_assistant(settings)
    assistant.search(WARM_UP, 1)  # loads embedder and dictionary now, not under the first visitor's question
    return assistant


def check_access(settings: Settings) -> tuple[str, str] | None:
    """Return the login to ask for, None where none is set.

    Raises:
        SettingsError: when the page would be open to other machines without a login, or the login is malformed.
    """
    login = None if settings.login is None else read_login(settings.login)
    if login is None and not is_loopback(settings.host):
        raise SettingsError(
            f"监听 {settings.host} 会让其他机器访问本页面，必须先设登录："
            f"YIJU_LOGIN=用户名:密码 python ui.py --host {settings.host}"
        )
    return login


def read_login(login: SecretStr) -> tuple[str, str]:
    """Return user and password of "user:password"; the password may hold colons.

    Raises:
        SettingsError: without repeating the secret.
    """
    user, colon, password = login.get_secret_value().partition(":")
    if not colon or not user.strip() or not password.strip():
        raise SettingsError("YIJU_LOGIN 的写法不对；请写成 用户名:密码，两者都不能为空。")
    if len(password) < MIN_PASSWORD_CHARS:
        raise SettingsError(f"YIJU_LOGIN 的密码太短；至少 {MIN_PASSWORD_CHARS} 个字符。")
    return user, password


def listen(settings: Settings) -> socket.socket:
    """Return a socket listening at the settings' host and port (0: any free one).

    Raises:
        SettingsError: when the port is taken or the host is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SettingsError(
            f"不能在 {settings.host}:{settings.port} 上监听（{error.strerror or error}）；"
            f"可能已有程序在用，换一个端口：python ui.py --port {settings.port + 1}"
        ) from error


def address(listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def make_server(
    assistant: AssistantLike,
    settings: Settings,
    uploads: Path,
    login: tuple[str, str] | None = None,
    contacts: Contacts | None = None,
    recorder: Recorder | None = None,
) -> uvicorn.Server:
    """Return a server of the page, not yet running; `uploads` is a private folder for files in preview.

    `contacts` and `recorder` are those of the desk, None where there are none.
    """
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    page = build_app(assistant, settings, uploads, contacts, recorder)
    mounted = gr.mount_gradio_app(
        api,
        page,
        path="/",
        auth=login,
        auth_message=LOGIN_MESSAGE if login else None,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=(settings.max_upload_mb + 1) * 1_000_000,  # the page's own check says it better, at the limit
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        **page_options(),
    )
    # Gradio takes paths from the browser and checks that they were uploaded, but only in a page it has "launched"; a
    # mounted one would read any file of this machine.
    page.has_launched = True
    logging.getLogger("uvicorn.error").addFilter(not_a_farewell)
    guarded: ASGIApp = Guard(mounted, hosts=LOOPBACK_NAMES if is_loopback(settings.host) else None)
    return uvicorn.Server(
        uvicorn.Config(guarded, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="on")
    )


def serve(
    assistant: AssistantLike, settings: Settings, listener: socket.socket, login: tuple[str, str] | None = None
) -> None:
    """Serve the page until the process is told to stop; then nothing of it is left behind.

    Raises:
        ContactsError: the hotline's list of contacts is wrong.
        AuditError: the record that is switched on cannot be opened.
    """
    contacts = Contacts.load(settings.contacts)
    with stopping_by_exception(), private_folder() as folder, closing(Recorder.from_settings(settings)) as recorder:
        server = make_server(assistant, settings, folder / "preview", login, contacts, recorder)
        print(f"依据已就绪，请在浏览器打开 {address(listener)} （按 Ctrl+C 停止）", flush=True)
        server.run(sockets=[listener])


def not_a_farewell(record: logging.LogRecord) -> bool:
    """Return whether a record of the server is worth showing: not that a page was still open when it was stopped."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "timeout graceful shutdown" not in record.getMessage()


@contextmanager
def stopping_by_exception() -> Iterator[None]:
    """Turn SIGTERM into KeyboardInterrupt meanwhile, so that a stopped service cleans up as after Ctrl+C.

    The server shuts down on the signal and then raises it again for whoever listened before it: here.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def private_folder() -> Iterator[Path]:
    """Yield a folder for uploads that only this user can read, used by Gradio too; it is gone afterwards."""
    names = {"GRADIO_ANALYTICS_ENABLED": "False"}
    with tempfile.TemporaryDirectory(prefix="yiju-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "preview").mkdir()
        (folder / "received").mkdir()
        names["GRADIO_TEMP_DIR"] = str(folder / "received")
        before = {key: os.environ.get(key) for key in names}
        os.environ.update(names)
        try:
            yield folder
        finally:
            for key, value in before.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python ui.py",
        description="打开网页：提问、看原文、管理文件库。没有索引时先用 corpus/ 建一个。",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="监听的地址，默认 127.0.0.1；其他地址需要先设 YIJU_LOGIN=用户名:密码")
    parser.add_argument("--port", type=int, help="端口，默认 7860；0 为任意空闲端口")
    parser.add_argument("--index", type=Path, metavar="DIR", help="索引文件夹，默认 .yiju/index")
    return parser
