"""What browser tests share: a server over an assistant, and a visitor whose every request is seen."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.web.protocol import AssistantLike
from assistant.web.serve import address, listen, make_server, private_folder

CHROMIUM = os.environ.get("YIJU_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no name leads off this machine
]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TIMEOUT_MS = 20_000


NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(find_spec("playwright") is None, reason="playwright is not installed (extra [test])"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; install one or name it in YIJU_TEST_CHROMIUM"),
]


@contextmanager
def serving(assistant: AssistantLike, feedback: Path | None = None, **desk: Any) -> Iterator[str]:
    """Serve the page over `assistant` on a free loopback port and give its address; `desk`: contacts and recorder.

    Votes go to `feedback`, by default a file that is gone afterwards.
    """
    settings = Settings(port=0, max_upload_mb=1)
    with private_folder() as folder, listen(settings) as listener:
        settings = settings.model_copy(update={"feedback": feedback or folder / "feedback.jsonl"})
        server = make_server(assistant, settings, folder / "preview", **desk)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        try:
            yield address(listener)
        finally:
            server.should_exit = True
            thread.join(15)
            assert list((folder / "preview").iterdir()) == []  # no upload outlives its preview


class Visit:
    """One visitor: an own page and session, every request recorded; none may leave this machine."""

    def __init__(self, context, root: str, viewport: dict[str, int]) -> None:
        self.root = root
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page = context.new_page()
        self.page.set_viewport_size(viewport)
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(root)
        self.page.wait_for_selector("#yj-question textarea")

    def _ours(self, url: str) -> bool:
        return url.startswith((f"{self.root}/", "data:", "blob:"))

    def ask(self, question: str, status: str) -> None:
        self.page.fill("#yj-question textarea", question)
        self.page.press("#yj-question textarea", "Enter")
        self.page.wait_for_selector(f"#yj-result .yj-{status} .yj-question:text-is('{question}')")

    def close(self) -> None:
        outside = [url for url in self.requests if not self._ours(url)]
        width = self.page.evaluate("document.documentElement.scrollWidth")
        pwned = self.page.evaluate("window.pwned")
        self.page.close()
        assert self.requests and outside == []
        assert self.errors == []
        assert width <= self.page.viewport_size["width"]  # nothing to scroll sideways
        assert pwned is None  # nothing from a document ran
