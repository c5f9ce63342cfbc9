"""How the speed of embedders is compared: by turns, in pairs, and said when the machine was shared."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.embed_speed import SLICE, main, markdown, paired_latencies, paired_rates

REPORT: dict[str, Any] = {
    "command": "python -m eval.embed_speed",
    "date": "2026-11-22 12:00 UTC",
    "commit": "0123456789ab",
    "machine": {"cores": 2, "system": "Linux x86_64", "python": "3.11.7"},
    "load": 0.4,
    "revision": "b5a3a18b01925486",
    "precision": "half",
    "passages": 500,
    "tokens": {"mean": 63.5, "median": 51, "max": 468},
    "rates": [[40.0, 50.0, 45.0], [80.0, 75.0, 81.0]],
    "ratio": 1.8,
    "bar": 1.25,
    "question_ms": [{"median": 12.0, "p95": 15.0}, {"median": 3.04, "p95": 4.0}],
    "cosine": {"passages": 500, "min": 0.99999, "mean": 1.0},
    "variants": [],
}


class Recorder:
    """Embedders that write down who was asked for how many texts."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    def named(self, name: str) -> Any:
        def embed(texts: Sequence[str]) -> NDArray[np.float32]:
            self.calls.append((name, len(texts)))
            return np.zeros((len(texts), 2), np.float32)

        return embed


def test_both_get_the_same_slices_and_take_turns_at_being_first() -> None:
    recorder = Recorder()
    rates = paired_rates([recorder.named("a"), recorder.named("b")], ["文"] * (2 * SLICE + 5))
    assert recorder.calls == [("a", SLICE), ("b", SLICE), ("b", SLICE), ("a", SLICE), ("a", 5), ("b", 5)]
    assert [len(one) for one in rates] == [3, 3]
    assert min(min(one) for one in rates) > 0


def test_questions_come_alone() -> None:
    recorder = Recorder()
    seconds = paired_latencies([recorder.named("a"), recorder.named("b")], ["甲", "乙"])
    assert recorder.calls == [("a", 1), ("b", 1)] * 2
    assert [len(one) for one in seconds] == [2, 2]


def test_the_report_gives_medians_and_the_ratio() -> None:
    shown = markdown(REPORT)
    assert "| sentence-transformers（PyTorch float32） | 45.0 | 12.0 | 15.0 |" in shown
    assert "| 内置（ONNX，half） | 80.0 | 3.0 | 4.0 |" in shown
    assert "中位数 **1.80**（目标 1.25）" in shown
    assert "别的任务" not in shown
    assert "运行方式" not in shown


def test_a_shared_machine_is_said() -> None:
    assert "开始时负载 3.5，高于核数：别的任务也在用这台机器" in markdown(REPORT | {"load": 3.5})


def test_without_data_one_line(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.err == "错误：缺少 laws.tar.gz；请把数据放在仓库旁的 shared，或用 --data、--source 指明\n"
    assert captured.out == ""
