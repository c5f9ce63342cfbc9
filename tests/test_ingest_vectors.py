"""`ingest.py --texts` and `--vectors`, from the command line."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

import ingest
from assistant.console import run
from assistant.indexing.onnx_embedder import OnnxEmbedding

LAW = "甲市用地条例\n第一条　保障用地，降低成本。\n第二条　本条例自2024年5月1日起施行。\n"


def test_texts_go_out_and_vectors_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    law, texts, index = tmp_path / "law.txt", tmp_path / "texts.jsonl.gz", tmp_path / "index"
    law.write_text(LAW, encoding="utf-8")
    bad = tmp_path / "bad.doc"
    bad.write_bytes(b"\xd0\xcf\x11\xe0 old word")

    assert run(ingest._main, [str(law), "--texts", str(texts), "--index", str(index)]) == 0
    assert f"还没有向量的文字 2 条，已写入 {texts}" in capsys.readouterr().out
    assert not index.exists()
    assert run(ingest._main, [str(law), str(bad), "--texts", str(texts), "--index", str(index), "--json"]) == 3
    listed = json.loads(capsys.readouterr().out)
    assert (listed["texts"], [one["file"] for one in listed["refused"]]) == (2, ["bad.doc"])

    with gzip.open(texts, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    embedder = OnnxEmbedding()
    vectors = embedder.embed_passages([row["text"] for row in rows]).astype(np.float16)
    hashes = np.array([row["hash"] for row in rows], dtype="S32")
    found = {"hashes": hashes, "vectors": vectors, "embedder": embedder.name, "revision": embedder.revision}
    np.savez(tmp_path / "good.npz", **found)
    np.savez(tmp_path / "other.npz", **{**found, "revision": "0"})

    wrong = [str(law), "--vectors", str(tmp_path / "other.npz"), "--index", str(index)]
    assert run(ingest._main, wrong) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("错误：other.npz 的向量由 statute-embed-zh 0 算出，当前设置的向量模型是 statute-embed-zh")
    assert run(ingest._main, [str(law), "--vectors", str(tmp_path / "good.npz"), "--index", str(index)]) == 0
    assert "计算向量 0 条，读入 2 条，沿用 0 条" in capsys.readouterr().out
    assert run(ingest._main, [str(law), "--texts", str(texts), "--index", str(index)]) == 0
    assert "还没有向量的文字 0 条" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [("--remove", "x", "--texts", "t"), ("--remove", "x", "--vectors", "v"), ("--texts", "t", "--vectors", "v")],
)
def test_what_does_not_go_together_is_bad_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        ingest._main(arguments)
    assert stopped.value.code == 2
