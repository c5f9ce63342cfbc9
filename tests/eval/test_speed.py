import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.schema import Answer, Hit, Role, Status
from eval.facts import command_line, commit, committed, machine
from eval.installed import biggest_packages, folder_size
from eval.page_client import asking_event
from eval.processes import descendants, free_port, page, peak_memory, seconds_of
from eval.speed import BARS, UNMEASURED, WARM_QUESTIONS, Figure, markdown, measure_warm, merged
from tests.eval.fakes import answer

MB = 1_000_000


class Recorder:
    """Answers anything and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, *, as_of: date | None = None, region: str = "", role: Role | None = None) -> Answer:
        """Return an abstention."""
        self.asked.append(question)
        return answer(question, Status.ABSTAINED)

    def search(self, question: str, *, k: int = 10, mode: str = "hybrid") -> list[Hit]:
        """Return nothing."""
        return []


def test_warm_asks_different_questions_and_leaves_the_first_out() -> None:
    recorder = Recorder()
    questions = [f"问{number}" for number in range(300)]
    figure = measure_warm(recorder, ["问0", "问1", *questions])
    assert recorder.asked == questions[: UNMEASURED + WARM_QUESTIONS]
    assert len(figure.samples) == WARM_QUESTIONS
    assert figure.value == sorted(figure.samples)[189], "nearest rank: the 190th of 200"


def test_warm_needs_enough_questions() -> None:
    with pytest.raises(ValueError, match="2 different questions"):
        measure_warm(Recorder(), ["甲", "乙", "甲"])


def test_reporting_questions_are_enough_for_warm() -> None:
    from eval.question_file import load_questions

    path = Path(__file__).parents[2] / "eval" / "questions" / "reporting.jsonl"
    assert len({question.question for question in load_questions(path)}) >= UNMEASURED + WARM_QUESTIONS


def test_bars_are_those_of_the_foundation() -> None:
    assert BARS == {"cold": 6.0, "warm": 0.08, "ingest": 20.0, "memory": 1.2, "installed": 1.2}
    assert Figure("cold", "", 6.0, "s", "").met is True
    assert Figure("cold", "", 6.01, "s", "").met is False
    assert Figure("page", "", 99.0, "s", "").met is None


def test_unmeasured_rows_stay_with_their_own_date() -> None:
    first = merged(
        [Figure("cold", "冷", 2.0, "s", "法", (2.0,)), Figure("warm", "热", 0.04, "s", "法")], None, "昨", "c1", 0.5
    )
    second = merged([Figure("cold", "冷", 7.0, "s", "法")], {"figures": first}, "今", "c2", 1.0)
    assert [(row["key"], row["value"], row["met"], row["date"], row["commit"], row["load"]) for row in second] == [
        ("cold", 7.0, False, "今", "c2", 1.0),
        ("warm", 0.04, True, "昨", "c1", 0.5),
    ]


def test_markdown_shows_bars_beside_figures() -> None:
    figures = [
        Figure("cold", "冷启动", 7.0, "s", "法"),
        Figure("page", "网页", 3.0, "s", "法"),
        Figure("installed", "体积", 0.9, "GB", "法", parts=(("gradio", 100.0),)),
    ]
    text = markdown(
        {
            "command": "python -m eval.speed",
            "date": "今",
            "machine": {"cores": 2, "system": "Linux x86_64", "python": "3.11"},
            "figures": merged(figures, None, "今", "c", 0.52),
        }
    )
    lines = text.splitlines()
    assert "| 冷启动 | 7.00 s | ≤ 6.00 s | **未达到** | 法 | 今，c，负载 0.5 |" in lines
    assert "| 网页 | 3.00 s | — | — | 法 | 今，c，负载 0.5 |" in lines
    assert "| 体积 | 0.90 GB | ≤ 1.20 GB | 达到 | 法 | 今，c，负载 0.5 |" in lines
    assert "| gradio | 100.0 MB |" in lines


def test_seconds_of_a_process(tmp_path: Path) -> None:
    assert seconds_of([sys.executable, "-c", "import time; time.sleep(0.2)"], tmp_path, 30) >= 0.2


def test_a_failing_process_is_named_with_its_last_line(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import sys; print('甲', file=sys.stderr); sys.exit('乙错')", encoding="utf-8")
    with pytest.raises(AssistantError, match=r"^python bad\.py 以 1 结束：乙错") as caught:
        seconds_of([sys.executable, "bad.py"], tmp_path, 30)
    assert sys.executable not in str(caught.value)


def test_a_hanging_process_is_ended(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="未结束"):
        seconds_of([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, 0.3)


SERVER = """
import http.server, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "block = bytearray(60_000_000); print(flush=True); input()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_page_is_timed_weighed_with_its_children_and_ended(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER, encoding="utf-8")
    port = free_port()
    with page([sys.executable, "server.py", str(port)], tmp_path, port, 30) as (pid, seconds):
        children = descendants(pid)
        assert len(children) == 1
        assert 0 < seconds < 30
        assert peak_memory(pid) > peak_memory(children[0]) > 60 * MB
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_page_that_does_not_start_is_named(tmp_path: Path) -> None:
    port = free_port()
    with (
        pytest.raises(AssistantError, match="没有启动网页就以 7 结束"),
        page([sys.executable, "-c", "raise SystemExit(7)"], tmp_path, port, 30),
    ):
        pass


def test_folder_size_counts_a_file_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"x" * MB)
    alone = folder_size(tmp_path)
    assert alone >= MB
    os.link(tmp_path / "sub" / "a", tmp_path / "b")
    (tmp_path / "link").symlink_to(tmp_path / "sub" / "a")
    assert folder_size(tmp_path) - alone < MB / 2
    with pytest.raises(AssistantError, match="没有文件夹 none"):
        folder_size(tmp_path / "none")


def test_biggest_packages(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    for name, size in [("small", 10), ("large", 300_000), ("middle", 100_000)]:
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{name}.py").write_bytes(b"#" * size)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "RECORD").write_text(f"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\ngone.py,,\n", encoding="utf-8")
    packages = biggest_packages(tmp_path, 2)
    assert [name for name, _ in packages] == ["large", "middle"]
    assert packages[0][1] >= 300_000


def test_asking_event_reads_dialogue_and_question_in_python() -> None:
    config = {
        "components": [{"id": 4, "props": {"elem_id": "yj-question"}}, {"id": 5, "props": {}}],
        "dependencies": [
            {"id": 0, "inputs": [5, 4], "backend_fn": False},  # the busy line: script only
            {"id": 1, "inputs": [4, 5], "backend_fn": True},
            {"id": 2, "inputs": [5, 4], "backend_fn": True},
        ],
    }
    assert asking_event(config) == 2
    with pytest.raises(AssistantError, match="没有读取 yj-question"):
        asking_event({"components": [], "dependencies": config["dependencies"]})


def test_command_line_keeps_no_absolute_path() -> None:
    assert command_line("eval.run", ["--out", "/a/b/reports", "--name", "x y"]) == (
        "python -m eval.run --out reports --name 'x y'"
    )


def test_commit_marks_changes(tmp_path: Path) -> None:
    assert commit(tmp_path) == ""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "a.json").write_text("1\n", encoding="utf-8")
    subprocess.run([*git, "add", "a.json"], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-q", "-m", "one"], cwd=tmp_path, check=True)
    clean = commit(tmp_path)
    assert len(clean) == 12
    (tmp_path / "a.json").write_text("2\n", encoding="utf-8")
    assert commit(tmp_path) == clean + "+"
    assert committed(tmp_path, Path("a.json")) == "1"
    assert committed(tmp_path, Path("b.json")) is None


def test_machine_names_no_host() -> None:
    facts = machine()
    assert set(facts) <= {"cores", "memory_gb", "system", "python"}
    assert facts["cores"] == (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
