"""The scale benchmark: corpora as large as asked, vectors that repeat, a report with what was measured."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.indexing.texts import content_hash
from eval import scale_corpus
from eval.law_data import Law
from eval.scale import build_parser, main
from eval.scale_corpus import COPY_MARK, _chosen
from eval.scale_report import figures, percentile, write_report
from eval.scale_vectors import ScaleEmbedder
from eval.vector_cache import VectorCache
from tests.fakes import CountingEmbedder


def law(name: str, articles: int) -> Law:
    text = "题名\n" + "".join(f"第{n}条　内容。\n" for n in range(articles))
    return Law(name, name, "", text.encode(), {})


LAWS = [law("a", 3), law("b", 5), law("c", 2)]


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        (3, ["a"]),
        (4, ["a", "b"]),  # whole laws: at least as many
        (8, ["a", "b"]),
        (10, ["a", "b", "c"]),  # all of them, and no copy
        (11, ["a", "b", "c", "a1"]),
        (25, ["a", "b", "c", "a1", "b1", "c1", "a2", "b2"]),
    ],
)
def test_laws_are_taken_until_there_are_enough(
    monkeypatch: pytest.MonkeyPatch, articles: int, expected: list[str]
) -> None:
    monkeypatch.setattr(scale_corpus, "ALL_LAWS", 10)

    assert [f"{one.id}{copy or ''}" for one, copy in _chosen(LAWS, articles)] == expected


def test_a_copy_is_near_its_law_and_the_same_text_has_one_vector(tmp_path: Path) -> None:
    counting = CountingEmbedder()
    cache = VectorCache(tmp_path, counting.dimension)
    text = "甲法 第一条 保障土地。"
    known = counting.embed_queries([text])
    cache.add([content_hash(text)], known)
    copy = f"甲法{COPY_MARK.format(2)} 第一条 保障土地。"

    embedder = ScaleEmbedder(counting, cache)
    vectors = embedder.embed_passages([text, copy, copy, "乙法 第一条 别的。"])

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ known[0] > 0.999
    assert 0.9 < vectors[1] @ known[0] < 0.999
    assert np.array_equal(vectors[1], vectors[2])
    assert embedder.synthetic == 1  # the text that the cache lacks


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([1.0], 0.95, 1.0),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 101)), 0.5, 50),
        ([5.0, 1.0, 3.0], 0.5, 3.0),
    ],
)
def test_percentiles_are_nearest_ranks(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def measured(size: str, units: int, *, random_vectors: int = 0) -> dict[str, Any]:
    seconds = {"read": 60.0, "vectors": 5.0, "store": 100.0, "flip": 40.0, "whole": 210.0}
    times = {"milliseconds": [10.0] * 90 + [40.0] * 10, "processor_milliseconds": [8.0] * 100}
    return {
        "size": size,
        "synthetic": bool(random_vectors),
        "date": "2026-01-01 00:00 UTC",
        "commit": "abc",
        "build": {
            "documents": 7,
            "refused": 0,
            "texts": 4 * units,
            "synthetic": random_vectors,
            "load": 1.26,
            "seconds": seconds,
            "processor_seconds": {name: 2 * value for name, value in seconds.items()},
            "resident_before_bytes": 200_000_000,
            "peak_bytes": 1_200_000_000,
        },
        "disk_bytes": {"database": 2_500_000_000, "vectors": 500_000_000},
        "ask": {
            "first_seconds": 1.234,
            "load": 0.5,
            "不限": times,
            "地域：广东": times,
            "peak_bytes": 900_000_000,
            "units": units,
            "documents": 7,
        },
        "add": {"added": 1, "seconds": 3.21, "processor_seconds": 2.0, "next_question_seconds": 0.4},
    }


def test_figures_are_rates_and_percentiles() -> None:
    found = figures(measured("147k", 150_000))

    assert found["text_per_second"] == 1_500  # 150,000 in 60 + 40 s
    assert found["text_per_processor_second"] == 750
    assert found["vectors_per_second"] == 1_500  # 150,000 in 100 s
    assert found["build_memory_gb"] == 1.0
    assert (found["database_gb"], found["vectors_gb"]) == (2.5, 0.5)
    assert found["questions"]["不限"] == {"p50": 10.0, "p95": 40.0, "processor_p50": 8.0, "processor_p95": 8.0}
    assert found["add_seconds"] == 3.21


def test_a_report_says_what_is_random_and_draws_the_curve(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason='needs pip install ".[eval]"')
    facts = {"command": "python -m eval.scale", "date": "today", "commit": "abc", "machine": {"cores": 2}}
    results = [measured("10k", 10_000, random_vectors=40_000), measured("147k", 150_000)]

    shown = write_report(tmp_path, facts, results)

    assert (tmp_path / "scale.md").read_text(encoding="utf-8") == shown
    assert [one["size"] for one in json.loads((tmp_path / "scale.json").read_text(encoding="utf-8"))["sizes"]] == [
        "10k",
        "147k",
    ]
    assert (tmp_path / "scale.png").read_bytes().startswith(b"\x89PNG")
    assert "| 10k \\* | 10,000 |" in shown
    assert "| 147k | 150,000 | 7 | 1,500 | 750 | 1,500 | 750 | 210 s | 1.00 GB | 1.3 |" in shown
    assert "\\* 用随机单位向量" in shown
    assert "随机" not in write_report(tmp_path, facts, results[1:])


def test_an_unknown_size_and_absent_data_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--sizes", "12k"])
    assert stopped.value.code == 2
    assert "没有这个规模：12k" in capsys.readouterr().err
    assert main(["--sizes", "10k", "--data", str(tmp_path)]) == 1
    assert "缺少数据文件 laws.tar.gz" in capsys.readouterr().err


def test_the_example_of_the_help_parses() -> None:
    example = build_parser().format_help().rpartition("python -m eval.scale ")[2]
    assert build_parser().parse_args(example.split()).synthetic
