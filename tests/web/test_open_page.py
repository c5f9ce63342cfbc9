"""A page that is open while another process changes the library: a real server, over HTTP."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

ROOT = Path(__file__).parents[2]
LAW = """甲市园区用电条例
第一条　为了规范园区用电，制定本条例。
第二条　供电企业应当在{days}个工作日内办结园区企业的用电报装。
第三条　园区管理机构应当公布用电报装的材料清单。
"""
QUESTION = "园区企业的用电报装几个工作日办结？"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with a corpus and nothing else."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "manifest.toml").write_text("", encoding="utf-8")
    write_law(tmp_path, "七")
    return tmp_path


def write_law(machine: Path, days: str) -> None:
    (machine / "corpus" / "law.txt").write_text(LAW.format(days=days), encoding="utf-8")


def run(machine: Path, script: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(machine), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        [sys.executable, str(ROOT / script), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=machine,
    )  # fmt: skip


@pytest.fixture
def page(machine: Path) -> Iterator[httpx.Client]:
    with run(machine, "ui.py", "--port", "0") as process:
        try:
            assert process.stdout is not None
            [address] = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client
        finally:
            process.terminate()
            process.communicate(timeout=30)


def ask(page: httpx.Client, question: str) -> str:
    """What the page shows for a question, sent the way the browser sends it."""
    events = page.get("/config").json()["dependencies"]
    number = next(event["id"] for event in events if event["api_name"] == "on_ask")
    session = {"session_hash": uuid4().hex}  # a visitor of its own: what was answered before stands above an answer
    data = [None, question, "不限", "", ""]
    page.post("/gradio_api/queue/join", json={"fn_index": number, "data": data, **session})
    stream = page.get("/gradio_api/queue/data", params=session).text
    messages = [json.loads(line.removeprefix("data:")) for line in stream.splitlines() if line.startswith("data:")]
    done = next(message for message in messages if message["msg"] == "process_completed")
    assert done["success"], done
    return json.dumps(done["output"], ensure_ascii=False)


def days(page: httpx.Client) -> set[str]:
    """The terms of the two versions of the law that an answer gives."""
    shown = re.sub(r"<[^>]*>", "", ask(page, QUESTION))
    return {days for days in "七三" if f"{days}个工作日内" in shown}


def test_a_page_answers_from_the_old_library_and_then_from_the_new_one(machine: Path, page: httpx.Client) -> None:
    assert days(page) == {"七"}

    write_law(machine, "三")
    with run(machine, "ingest.py") as ingest:
        seen = []
        while ingest.poll() is None:
            seen.append(days(page))
        printed, errors = ingest.communicate()
    assert ingest.returncode == 0, (printed, errors)

    assert seen and all(one in ({"七"}, {"三"}) for one in seen)  # one or the other, never none and never both
    assert sorted(seen, key=lambda one: one == {"三"}) == seen  # and never back
    assert days(page) == {"三"}
