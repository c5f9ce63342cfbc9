import json

import pytest

from eval import law_data, proof
from eval.law_data import DATA, LAWS, STARD, in_sample, load_laws, load_stard, past_failures

needs_data = pytest.mark.skipif(
    not ((DATA / LAWS).is_file() and (DATA / STARD).is_file()),
    reason="../shared/data with laws.tar.gz and stard.tar.gz is not here",
)


@needs_data
def test_one_law_in_a_hundred_and_every_past_failure():
    laws = [law for law in load_laws() if in_sample(law.id, 100) or law.id in past_failures()]
    assert {law.id for law in laws} >= past_failures()
    findings = proof.prove(laws, load_stard())
    assert findings.failed == []
    assert findings.broken == []
    assert [row for row in findings.differences if row["why"] == "other"] == []
    assert findings.stard_agreed >= 0.99 * findings.stard_articles
    assert findings.articles > 3000


def test_the_sample_is_fixed_by_hash():
    # sha256("刑法/刑法") starts with 8 hex digits that are the same everywhere
    assert [n for n in range(200) if in_sample(f"law-{n}")] == [n for n in range(200) if in_sample(f"law-{n}", 20)]
    drawn = sum(in_sample(f"law-{n}") for n in range(20_000))
    assert 850 < drawn < 1150  # 1,000 expected, 5 standard deviations


def test_missing_data_is_said(tmp_path, capsys):
    assert proof.main(["--data", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "缺少数据文件" in capsys.readouterr().err


def law(name: str, *lines: str) -> law_data.Law:
    return law_data.Law(name, name, "法律", "\n\n".join(lines).encode())


def test_differences_are_explained():
    laws = [
        law("附件法", "第一条 甲。", "第二条 乙。", "附件", "丙表"),
        law("标题法", "第一条 甲。", "二、丁", "第二条 乙。"),
        law("漏款法", "第一条 甲。", "第三人负责。", "第二条 乙。"),
        law("空格法", "第一条 甲。", "第二 条乙应当公开。", "第三条 丙。"),
        law("修改法", "第一条 甲。", "第二条 新的乙。"),
    ]
    theirs = {
        "附件法": [("附件法第二条", "乙。\n\n附件\n\n丙表")],
        "标题法": [("标题法第一条", "甲。\n\n二、丁"), ("标题法第二条", "乙。")],
        "漏款法": [("漏款法第一条", "甲。")],
        "空格法": [("空格法第一条", "甲。\n\n第二 条乙应当公开。")],
        "修改法": [("修改法第二条", "旧的乙。"), ("修改法第九条", "没有的条。")],
    }
    stard = {name: [{"name": n, "content": c} for n, c in rows] for name, rows in theirs.items()}
    findings = proof.prove(laws, stard)
    assert {row["article"]: row["why"] for row in findings.differences} == {
        "附件法第二条": "annex_swallowed",
        "标题法第一条": "title_swallowed",
        "漏款法第一条": "paragraph_dropped",
        "空格法第一条": "next_article_swallowed",
        "修改法第二条": "another_version",
        "修改法第九条": "other",
    }
    assert (findings.stard_articles, findings.stard_agreed) == (7, 1)
    reached = proof.bars(findings, sample=False)
    assert not reached["不一致的条文均已归类"]
    assert json.dumps(findings.differences, ensure_ascii=False).count("丙表") == 0


def test_a_wrong_span_is_a_problem():
    from dataclasses import replace

    from assistant.parsing import parse
    from assistant.schema import Document, Kind, Metadata

    result = parse(Document(Metadata("x", "t", Kind.STATUTE), "第一条　甲应当公开。\n第二条　乙。"))
    assert proof.problems(result) == []
    first, *rest = result.provisions
    moved = replace(result, provisions=(replace(first, start=first.start + 1), *rest))
    assert "x:a1: span" in proof.problems(moved)
    assert proof.problems(replace(result, provisions=(*result.provisions, first))) == ["x:a1: repeated id"]
    assert proof.problems(replace(result, sentences=result.sentences[1:])) == ["x:a1.p1: text in no sentence"]
