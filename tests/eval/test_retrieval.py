"""The whole evaluation over two small regulations: index, ladder, report, picture, comparison."""

import json
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from assistant.errors import MissingDependencyError, ModelError, QuestionError
from assistant.retrieval import rerank
from eval import benchmark_index, retrieval
from eval.benchmark_index import CODE, CODE_FILES, build, code_hash
from eval.llama_baseline import LlamaIndexBaseline
from eval.retrieval import evaluate, main, write
from eval.retrieval_report import markdown
from eval.won_lost import load_report, packed
from tests.eval.benchmark_fixtures import A, B, tiny_benchmark
from tests.fakes import CountingEmbedder

AS_OF = date(2026, 11, 22)
# What a report says about its own making.
UNMADE = {"command": "", "date": "", "commit": "", "machine": {"cores": 2}, "plot": "", "comparison": None}


def quiet(line: str) -> None:
    pass


@pytest.fixture(scope="module", autouse=True)
def _same_code():
    """The code's hash, once for all: a file saved while the tests run would make every index another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benchmark_index, "code_hash", lambda root: "same")
        yield


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    return tiny_benchmark(tmp_path_factory.mktemp("benchmark"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def built(benchmark, cache):
    return build(benchmark, CountingEmbedder(), quiet, root=cache)


@pytest.fixture(scope="module")
def measured(benchmark, built):
    return evaluate(benchmark, built, CountingEmbedder(), AS_OF, quiet)


def test_an_index_is_built_once_and_says_what_is_in_it(benchmark, built, cache):
    # 5 articles of one sentence, but for the second: two; a single sentence is the same text as its article
    assert (built.documents, built.units, built.sentences, built.texts) == (2, 5, 6, 7)
    assert (built.cached, built.reused) == (0, False)
    again = build(benchmark, CountingEmbedder(fail_after=0), quiet, root=cache)
    assert (again.folder, again.reused, again.texts) == (built.folder, True, 7)


def test_other_sources_are_another_index_and_take_vectors_from_the_cache(tmp_path, built, cache):
    other = tiny_benchmark(tmp_path)
    (tmp_path / "source.txt").write_text("乙", encoding="utf-8")
    rebuilt = build(other, CountingEmbedder(), quiet, max_embed=0, root=cache)
    assert rebuilt.folder != built.folder
    assert (rebuilt.cached, rebuilt.texts) == (7, 7)


def test_the_code_that_decides_an_index_is_part_of_its_key(tmp_path):
    for folder in CODE:
        (tmp_path / folder).mkdir(parents=True)
    for name in CODE_FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    first = code_hash(tmp_path)
    assert code_hash(tmp_path) == first
    (tmp_path / CODE[0] / "new.txt").write_text("词", encoding="utf-8")
    assert code_hash(tmp_path) != first


def test_a_corpus_that_lacks_too_many_vectors_is_refused_before_anything_is_built(benchmark, tmp_path):
    with pytest.raises(ModelError, match="缺 7 条文字的向量，超过 --max-embed 6"):
        build(benchmark, CountingEmbedder(), quiet, max_embed=6, root=tmp_path)
    assert not (tmp_path / "indexes").exists()


def test_the_ladder_ranks_by_what_each_rung_knows(measured):
    report, _ = measured
    best = {row["id"]: row["best"] for row in report["rows"]}
    names = [row["name"] for row in report["systems"]]
    assert names == [
        "bm25-words", "bm25-words-bigrams", "full-text", "article-exact", "article", "+sentences", "+bm25",
        "+understanding", "+terms", "+references", "product", "product-placed", "llamaindex",
    ]  # fmt: skip
    # 土地 is a word of the fake's: every system finds its article first
    assert set(best["q1"].values()) == {1}
    # 电费 is one word of the text and in one article only
    assert best["q2"]["bm25-words"] == 1
    # asked of both, 水和电: both articles are among the first two of the vectors
    assert report["rows"][2]["ranks"]["article-exact"] == [1, 2] or report["rows"][2]["ranks"]["article-exact"] == [
        2,
        1,
    ]
    assert best["q4"]["article-exact"] == best["q4"]["article"] == 1
    assert report["errors"] == {}
    assert report["main"] == "product-placed"


def test_groups_are_counted_apart(measured):
    report, _ = measured
    roles = {
        group["where"]["role"]: {row["name"]: row["n"] for row in group["systems"]}
        for group in report["groups"]
        if "role" in group["where"]
    }
    assert roles["staff"]["product"] == 2
    assert roles["hotline"]["product"] == 2
    needing = report["groups"][0]["systems"][0]["all5"]
    assert needing["n"] == 1


def test_misses_are_listed_with_what_outranked_them(benchmark, built):
    lost = replace(benchmark.cases()[1], id="lost", gold=(f"{B}:a9",))
    among_laws = replace(benchmark, name="founding", cases=lambda: (*benchmark.cases(), lost))
    report, texts = evaluate(among_laws, built, CountingEmbedder(), AS_OF, quiet, ["product"])
    [missed] = [row for row in report["rows"] if "above" in row]
    assert (missed["id"], missed["best"], len(missed["above"])) == ("lost", {"product": None}, 5)
    assert missed["above"][0] == ["《园区条例》第二条", "第二条 园区应当供电。电费由政府定价。"]
    text = markdown({**report, **UNMADE}, texts)
    assert "- **lost** 电费贵\n  - 正确：sea:a9；名次 >100\n  - 《园区条例》第二条：第二条 园区应当供电。" in text


def test_only_the_named_systems_run(benchmark, built):
    report, _ = evaluate(benchmark, built, CountingEmbedder(), AS_OF, quiet, ["article"], sample=2)
    assert [row["name"] for row in report["systems"]] == ["article"]
    assert len(report["rows"]) == 2
    with pytest.raises(QuestionError, match="nothing"):
        evaluate(benchmark, built, CountingEmbedder(), AS_OF, quiet, ["nothing"])


class LastOfAll:
    """A reranker to which the last passage is the best."""

    name = "last"
    revision = "1"

    def scores(self, question, passages):
        return np.arange(len(passages), dtype=np.float32)


def test_a_reranker_is_one_more_row_and_changes_no_other(benchmark, built, measured, monkeypatch):
    monkeypatch.setattr(rerank, "load_reranker", lambda spec: None if spec == "off" else LastOfAll())
    wanted = ["product", "product-placed", "reranker"]
    report, _ = evaluate(
        benchmark, built, CountingEmbedder(), AS_OF, quiet, wanted, reranker="sentence-transformers:models/last"
    )
    assert [row["name"] for row in report["systems"]] == wanted
    assert report["systems"][2]["label"] == "＋ 重排模型 last，读前 20 条"
    assert report["main"] == "product-placed"
    for row, before in zip(report["rows"], measured[0]["rows"], strict=True):
        assert [row["ranks"][name] for name in wanted[:2]] == [before["ranks"][name] for name in wanted[:2]]
    # half of either opinion: the article of 土地, first of five, is the last to the reranker
    assert report["rows"][0]["best"]["reranker"] > 1


def test_a_reranker_that_does_not_exist_is_refused_before_anything_is_built(benchmark, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("YIJU_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(retrieval, "load_benchmark", lambda *_: benchmark)
    monkeypatch.setattr(retrieval, "load_embedder", lambda _: CountingEmbedder())
    assert main(["--benchmark", "policy", "--out", str(tmp_path), "--reranker", "cohere"]) == 1
    assert capsys.readouterr().err.startswith("错误：设置 reranker 的值无效：“cohere”不是重排模型")
    assert not (tmp_path / "cache").exists()


def test_llamaindex_counts_every_node_as_its_article(benchmark, built):
    baseline = LlamaIndexBaseline(benchmark, built, CountingEmbedder(), quiet)
    baseline.prepare()
    ranked = baseline.rank(benchmark.cases()[0], 5)
    assert ranked[0] == f"{A}:a1"
    assert sorted(ranked) == [f"{A}:a1", f"{A}:a2", f"{A}:a3", f"{B}:a1", f"{B}:a2"]


def test_what_the_picture_needs_is_missed_before_anything_is_measured(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setattr(retrieval, "build", lambda *_: pytest.fail("an index was built"))
    assert main(["--benchmark", "policy"]) == 1
    assert capsys.readouterr().err == '错误：画图需要 matplotlib；请运行 pip install ".[eval]"\n'


def test_the_baseline_says_what_to_install(benchmark, built, monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_index.vector_stores.chroma", None)
    with pytest.raises(MissingDependencyError, match=r'pip install "\.\[eval\]"'):
        LlamaIndexBaseline(benchmark, built, CountingEmbedder(), quiet).prepare()


def test_the_command_writes_report_and_picture_and_compares(benchmark, cache, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("YIJU_CACHE", str(cache))
    monkeypatch.setattr(retrieval, "load_benchmark", lambda *_: benchmark)
    monkeypatch.setattr(retrieval, "load_embedder", lambda _: CountingEmbedder())
    given = ["--benchmark", "policy", "--out", str(tmp_path), "--systems", "bm25-words", "article", "product"]
    assert main(given) == 0
    text = (tmp_path / "retrieval_policy.md").read_text(encoding="utf-8")
    assert "随索引取自缓存（建索引时 0 条取自缓存，7 条在本机计算）" in text
    assert "手工编写" in text
    assert (tmp_path / "retrieval_policy.png").read_bytes().startswith(b"\x89PNG")
    report = load_report(tmp_path / "retrieval_policy.json")
    assert report["rows"][0]["question"] == "土地"
    assert report["rows"][0]["best"] == {"bm25-words": 1, "article": 1, "product": 1}

    # an earlier report in which q1 was lost and q2 was first
    report["rows"][0]["best"]["product"] = 7
    (tmp_path / "old.json").write_text(json.dumps(packed(report)), encoding="utf-8")
    assert main([*given, "--name", "new", "--compare", str(tmp_path / "old.json")]) == 0
    assert "| q1 土地 | 7 | 1 |" in (tmp_path / "new.md").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main([*given[:-1], "nothing"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("错误：没有叫 nothing 的系统")


def test_questions_that_are_not_ours_stay_out_of_the_report(measured, tmp_path):
    report, texts = measured
    rows = [{name: value for name, value in row.items() if name != "question"} for row in report["rows"]]
    moved = {"file": "old.json", "date": "", "commit": "", "system": "product", "before_system": "product", "cut": 1}
    moved |= {"compared": 1, "better": 1, "worse": 0, "won": [{"id": "q1", "before": 3, "after": 1}], "lost": []}
    text = write({**report, **UNMADE, "rows": rows, "comparison": moved}, tmp_path / "report.json", {})
    written = text + (tmp_path / "report.json").read_text(encoding="utf-8")
    assert not any(question in written for question in texts.values() if len(question) > 2)
    assert "| q1 | 3 | 1 |" in text
