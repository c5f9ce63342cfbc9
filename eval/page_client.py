"""A visitor of the page without a browser: sends questions the way the page's own script does.

Gradio queues an event (POST queue/join) and reports on it as server-sent events (GET queue/data).
"""

import json
import urllib.error
import urllib.request
import uuid
from typing import Any

from assistant.errors import AssistantError
from eval.processes import LOOPBACK

QUESTION_BOX = "yj-question"  # elem_id of the question's text box
ANYONE = "不限"
TIMEOUT_S = 60


class PageVisitor:
    """One visit of the page on a port of the loopback."""

    def __init__(self, port: int) -> None:
        self._root = f"http://{LOOPBACK}:{port}"
        self._session = uuid.uuid4().hex
        config = json.loads(self._read("/config"))
        self._prefix = str(config.get("api_prefix", ""))
        self._event = asking_event(config)

    def ask(self, question: str) -> str:
        """Return the HTML that the page shows for one question.

        Raises:
            AssistantError: the page refused the question or failed on it.
        """
        # The dialogue of this visit comes first; the page keeps it, so nothing is sent for it.
        data = [None, question, ANYONE, "", ""]
        payload = {"data": data, "fn_index": self._event, "session_hash": self._session}
        self._read(f"{self._prefix}/queue/join", payload)
        stream = self._read(f"{self._prefix}/queue/data?session_hash={self._session}")
        shown: list[str] = []
        for line in stream.splitlines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line.removeprefix("data:"))
            if message.get("msg") == "process_generating" and message.get("success"):
                shown += [str(value) for value in message["output"]["data"][:1] if isinstance(value, str)]
            if message.get("msg") == "process_completed":
                if not message.get("success"):
                    raise AssistantError(f"网页没有答出「{question}」；请打开网页看一看")
                done = [str(value) for value in message["output"].get("data", [])[:1] if isinstance(value, str)]
                return (done or shown or [""])[-1]
        raise AssistantError(f"网页没有回应「{question}」；请打开网页看一看")

    def _read(self, path: str, payload: dict[str, Any] | None = None) -> str:
        body = None if payload is None else json.dumps(payload).encode()
        request = urllib.request.Request(self._root + path, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                return bytes(response.read()).decode("utf-8")
        except urllib.error.URLError as error:
            raise AssistantError(f"网页不接受请求：{error}；请打开网页看一看") from error


def asking_event(config: dict[str, Any]) -> int:
    """Return the id of the event that answers a question: it runs in Python and reads the dialogue, then the box.

    Raises:
        AssistantError: the page has no such event.
    """
    boxes = {part["id"] for part in config["components"] if part.get("props", {}).get("elem_id") == QUESTION_BOX}
    events = [
        event["id"]
        for event in config["dependencies"]
        if event.get("backend_fn") and boxes.intersection(event["inputs"][1:2])
    ]
    if not events:
        raise AssistantError(f"网页里没有读取 {QUESTION_BOX} 的提问事件；请按网页现在的写法改 eval/page_client.py")
    return int(events[0])
