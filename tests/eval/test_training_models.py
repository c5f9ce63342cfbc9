"""Training from end to end, two steps on a CPU, with a tiny random model made here. Needs the extra `[models]`."""

import importlib.util
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval import embed_texts, train_embedder, train_reranker
from eval.training.files import held_out_question, write
from eval.training.groups import Group, held_out

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None,
        reason='sentence-transformers is not installed: pip install ".[models]"',
    ),
]

THINGS = "电水气路地税费证照贷款债股权益险薪工岗学医房车船港仓库厂园区楼店"
HEADINGS = {"law": "某法 第{number}条", "policy": "某条例 第{number}条"}


def passages() -> list[dict[str, Any]]:
    """Thirty passages of each pool, each about one thing."""
    return [
        {
            "id": f"{pool}:{number}",
            "pool": pool,
            "source": pool,
            "text": f"{HEADINGS[pool].format(number=number)}\n{thing}的事由主管部门办理，{thing}可以减免。",
        }
        for pool in HEADINGS
        for number, thing in enumerate(THINGS[:30])
    ]


def questions() -> list[dict[str, Any]]:
    """A question for each of twenty passages of a pool; splits by hash, and two of STARD's dev."""
    found = []
    for pool in HEADINGS:
        for number, thing in enumerate(THINGS[:20]):
            question = f"{thing}能减吗，{pool}"
            split = "validation" if held_out_question(question) else "train"
            row = {"question": question, "pool": pool, "split": split, "style": pool}
            found.append({**row, "positives": [f"{pool}:{number}"]})
    return [
        *found,
        {**found[0], "question": "电费呢", "split": "dev"},
        {**found[1], "question": "水费呢", "split": "dev"},
    ]


def generated() -> list[dict[str, Any]]:
    return [{"question": f"{row['text'][-8]}咋办理", "pool": row["pool"], "positive": row["id"]} for row in passages()]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(passages(), folder / "passages.jsonl.gz")
    write(questions(), folder / "questions.jsonl.gz")
    write(generated(), folder / "generated.jsonl.gz")
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of two layers with random weights and the prompts of the real one."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    from eval.random_bert import write_random_bert, write_small_tokenizer

    bert, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("source")
    texts = [row["text"] for row in passages()] + [row["question"] for row in (*questions(), *generated())]
    write_small_tokenizer(bert / "small.json", [*texts, "query: passage: "])
    write_random_bert(bert, bert / "small.json", hidden=32, layers=2, heads=4)
    special = {"pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>"}
    facts = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, **special}
    (bert / "tokenizer_config.json").write_text(json.dumps(facts), encoding="utf-8")
    transformer = Transformer(str(bert))
    model = SentenceTransformer(
        modules=[transformer, Pooling(32, pooling_mode="mean")],
        prompts={"query": "query: ", "passage": "passage: "},
        device="cpu",
    )
    model.save(str(folder))
    return folder


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


def test_the_embedder_is_trained_blended_and_chosen(
    source: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    seen: list[tuple[str, dict[str, list[float]]]] = []
    judge = train_embedder.evaluate

    def evaluate(folder: Path, *rows: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
        seen.append((folder.name, judge(folder, *rows)))
        # As if a half lost and three quarters gained as much as the whole; two steps teach nothing.
        worth = {source.name: 0.0, "out-0.5": 0.0}.get(folder.name, 1.0)
        return {"policy, validation": [worth] * 5}

    monkeypatch.setattr(train_embedder, "evaluate", evaluate)
    arguments = ["--source", str(source), "--data", str(data), "--out", str(out), "--batch", "4", "--steps", "2"]
    assert train_embedder.main(arguments) == 0

    start, trained, half, chosen = (weights(one) for one in (source, tmp_path / "out-1.0", tmp_path / "out-0.5", out))
    assert {tensor.dtype for tensor in chosen.values()} == {np.dtype(np.float16)}
    moved = max(float(np.abs(trained[name] - start[name]).max()) for name in start)
    assert 1e-5 < moved < 1e-3  # two steps of AdamW at 3e-5 move a weight by about as much
    for name in start:
        between = trained[name].astype(np.float32) / 2 + start[name] / 2
        np.testing.assert_allclose(half[name], between, rtol=2e-3, atol=1e-5)
        np.testing.assert_array_equal(chosen[name], weights(tmp_path / "out-0.75")[name])
    printed = capsys.readouterr().out
    assert "step 2 of 2, mean loss" in printed and printed.endswith("chosen: share 0.75\n")
    # Judged are the validation questions of the policy pool and the generated ones of held-out laws, and nothing else.
    validation = [row for row in questions() if row["pool"] == "policy" and row["split"] == "validation"]
    held = [row for row in generated() if held_out(row) and row["pool"] == "law"]
    assert [name for name, _ in seen] == [source.name, "out-1.0", "out-0.75", "out-0.5"]
    for _, recalls in seen:
        sizes = {name: len(values) for name, values in recalls.items()}
        assert sizes == {"policy, validation": len(validation), "law, generated": len(held)}
        assert all(value in (0.0, 1.0) for values in recalls.values() for value in values)  # one right passage each


def test_nothing_is_shipped_that_gains_nothing(
    source: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train_embedder, "evaluate", lambda *_: {"policy, validation": [1.0, 0.0]})
    out = tmp_path / "out"

    arguments = ["--source", str(source), "--data", str(data), "--out", str(out), "--batch", "4", "--steps", "1"]
    assert train_embedder.main(arguments) == 1

    assert "chosen: the source itself" in capsys.readouterr().out and not out.exists()


def test_a_passage_that_may_answer_is_no_negative(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    cosines = {"q1": {"a": 0.9, "b": 0.5, "c": 0.88}, "q2": {"a": 0.1, "b": 0.2, "c": 0.7}}
    places = {"a": 0, "b": 1, "c": 2}

    def vectors(_: Any, texts: Sequence[str], prompt: str) -> Any:
        if prompt == "query":
            return torch.tensor([[cosines[text][one] for one in places] for text in texts])
        return torch.nn.functional.one_hot(torch.tensor([places[text] for text in texts]), 3).float()

    monkeypatch.setattr(train_embedder, "vectors", vectors)
    text = {one: one for one in places}
    batch = [
        Group("q1", "law", "train", ("a",), ("b",), frozenset({"c", "elsewhere"})),
        Group("q2", "law", "train", ("c",), ("b",)),
    ]

    loss = train_embedder.loss_of(None, batch, text)

    # Cosines over .02: q1 sees 45 and 25, for c is masked; q2 sees 35, 10 and, of the other question, 5.
    first = math.log(1 + math.exp(25 - 45))
    second = math.log(1 + math.exp(10 - 35) + math.exp(5 - 35))
    assert float(loss) == pytest.approx((first + second) / 2, abs=1e-6)
    unmasked = train_embedder.loss_of(None, [Group("q1", "law", "train", ("a",), ("b",)), batch[1]], text)
    assert float(unmasked) == pytest.approx(
        (math.log(1 + math.exp(44 - 45) + math.exp(25 - 45)) + second) / 2, rel=1e-4
    )


def test_a_blend_lies_between_and_keeps_what_is_no_float() -> None:
    import torch

    before = {"weight": torch.tensor([0.0, 4.0]), "places": torch.tensor([1, 2])}
    after = {"weight": torch.tensor([1.0, 8.0]), "places": torch.tensor([3, 4])}

    found = train_embedder.blend(before, after, 0.75)

    assert found["weight"].tolist() == [0.75, 7.0] and found["places"].tolist() == [3, 4]


def test_the_reranker_is_trained_and_measured(
    source: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    arguments = ["--source", str(source), "--data", str(data), "--out", str(tmp_path), "--batch", "4", "--steps", "2"]
    train_reranker.main(arguments)

    printed = capsys.readouterr().out
    assert "step 2 of 2, mean loss" in printed
    counts = {
        pool: sum(row["pool"] == pool and row["split"] == "validation" for row in questions()) for pool in HEADINGS
    }
    for pool, count in counts.items():
        for order in ("embedder", "re-ordered", "both"):
            assert f"{pool} validation (n={count}), {order}: R@10" in printed
    assert "law dev (n=2), re-ordered" in printed and "policy dev" not in printed
    model = BertForSequenceClassification.from_pretrained(tmp_path, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    with torch.no_grad():
        logits = train_reranker.scores(
            model, tokenizer, [("电能减吗", "电" * 600), ("电能减吗", passages()[0]["text"])]
        )
    assert logits.shape == (2,) and logits.dtype == torch.float32  # a long passage is cut to the model's length
    assert {tensor.dtype for tensor in weights(tmp_path).values()} == {np.dtype(np.float16)}


def test_vectors_are_written_under_the_hash_of_their_text(source: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    rows = [{"hash": f"{number:032x}", "text": row["text"]} for number, row in enumerate(passages()[:5])]
    write([*rows, rows[0]], tmp_path / "texts.jsonl.gz")
    out = tmp_path / "vectors"

    embed_texts.main([str(tmp_path / "texts.jsonl.gz"), "--model", str(source), "--out", str(out), "--revision", "abc"])

    with np.load(out / "part000.npz") as part:
        assert (str(part["embedder"]), str(part["revision"])) == ("statute-embed-zh", "abc")
        assert part["hashes"].tolist() == [row["hash"].encode() for row in rows]
        wanted = SentenceTransformer(str(source), device="cpu").encode(["passage: " + row["text"] for row in rows])
        wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
        assert part["vectors"].dtype == np.float16
        np.testing.assert_allclose(part["vectors"], wanted, atol=1e-3)
