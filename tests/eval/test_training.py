"""What models are trained on, by hand-made cases; samples by hash were computed with sha256sum."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.training import corpora, generate
from eval.training.corpora import Asked, Passage, Source, asked_questions, law_passages, policy_passages, policy_sources
from eval.training.files import held_out_question, one_in, read, write
from eval.training.generate import choose, prompt, question_of
from eval.training.groups import KEPT, TIMES, Group, epoch, generated_groups, held_out, human_groups
from eval.training.language_model import by_tokens, cut, shuffled
from eval.training.loop import rate_share
from eval.training.measure import figures, recall, smallest_share


class FakePools:
    """Answers `nearest` from a table: question → (passage, cosine), best first."""

    def __init__(self, ids: dict[str, list[str]], near: dict[str, list[tuple[str, float]]]) -> None:
        self.ids = ids
        self._near = near

    def nearest(self, questions: list[str], pool: str, k: int) -> list[list[tuple[str, float]]]:
        return [self._near[question][:k] for question in questions]


# Samples and files


def test_samples_are_those_of_sha256() -> None:
    # printf %s "DLC/甲条例" | sha256sum begins with a7a61a1f, a multiple of 3; 戊 3e41fb1c leaves 1, 庚 4b6b6fc9 2.
    assert [one_in(f"DLC/{name}条例", 3) for name in "甲戊庚"] == [True, False, False]


def test_the_held_out_tenth_is_one_in_ten() -> None:
    # sha256, last decimal digit: 问癸？ 2239f2f2 and 问寅？ aa462c60 0, 问甲？ bd165053 9, 问卯？ ffe67dc9 1.
    assert [held_out_question(f"问{name}？") for name in "癸寅甲卯"] == [True, True, False, False]
    assert 60 < sum(held_out_question(f"第{number}问") for number in range(1000)) < 140


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    passage = Passage("a:a1", "law", "甲法", "第一条　内容\n第二款")

    assert write([passage, {"id": "b", "text": "“引号”"}], path) == 2
    assert read(path) == [
        {"id": "a:a1", "pool": "law", "source": "甲法", "text": "第一条　内容\n第二款"},
        {"id": "b", "text": "“引号”"},
    ]


# Corpora

ARTICLES = "第一条　为了发展{name}，制定本条例。\n\n第二条　企业可以向{name}主管部门申请补助。\n"


def law(name: str, category: str = "地方性法规") -> corpora.Law:
    return corpora.Law(f"DLC/{name}条例", f"{name}条例", category, ARTICLES.format(name=name).encode())


@pytest.fixture
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six laws and three policy documents instead of the real ones; 甲, 乙 and 丙 are in the sample of one in three."""
    laws = [law("甲"), law("乙"), law("丙", "法律"), law("戊"), law("己"), law("庚", "法律")]
    monkeypatch.setattr(corpora, "load_laws", lambda: iter(laws))
    monkeypatch.setattr(corpora, "DATA", tmp_path)
    monkeypatch.setattr(corpora, "founding_documents", lambda: iter(()))
    rows = [
        {
            "sheet": "部委",
            "No.": "1",
            "Policy Content": "一、总体要求\n企业搬迁的，给予补助。\n二、组织实施\n各地抓好落实。",
        },
        {
            "sheet": "部委",
            "No.": "2",
            "Policy Content": "一、总体要求\n园区建设的，给予贷款。\n二、组织实施\n各地抓好落实。",
        },
        {"sheet": "部委", "No.": "3", "Policy Content": ""},
    ]
    with gzip.open(tmp_path / corpora.POLICY_DOCUMENTS, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def sources(**splits: str) -> list[Source]:
    files = {"a": "DLC/甲条例", "e": "DLC/戊条例", "one": "部委/1"}
    return [Source(key, files[key], f"id-{key}", split) for key, split in splits.items()]


def found_sources(listed: list[Source]) -> set[str]:
    return {passage.source for passage in policy_passages(listed)}


def test_the_policy_pool_is_a_third_of_local_regulations_and_all_policies(small_data: None) -> None:
    # 丙 is in the sample and no local regulation, 戊 and 己 are not in the sample; policy 3 has no text.
    assert found_sources([]) == {"DLC/甲条例", "DLC/乙条例", "policy:部委/1", "policy:部委/2"}


def test_reporting_documents_stay_out_and_tuning_ones_are_always_in(small_data: None) -> None:
    assert found_sources(sources(a="reporting", e="tuning", one="reporting")) == {
        "DLC/乙条例",
        "DLC/戊条例",
        "policy:部委/2",
    }


def test_units_are_named_as_the_questions_name_them(small_data: None) -> None:
    units = {passage.id: passage for passage in policy_passages([])}

    assert units[f"{law('甲').doc_id}:a2"].pool == "policy"
    assert "企业可以向甲主管部门申请补助" in units[f"{law('甲').doc_id}:a2"].text
    assert any(unit.startswith("policy-部委/1:") for unit in units)


def test_no_document_is_for_reporting_and_for_tuning() -> None:
    found = policy_sources()
    files = {split: {one.file for one in found if one.split == split} for split in ("tuning", "reporting")}

    assert Counter(one.split for one in found).keys() == {"tuning", "reporting"}
    assert not files["tuning"] & files["reporting"]


def test_questions_come_with_their_split_and_what_can_be_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stard = [
        {"question": "问甲？", "split": "train", "gold_ids": [7, 9]},
        {"question": "问癸？", "split": "train", "gold_ids": [8]},
        {"question": "问寅？", "split": "dev", "gold_ids": [8]},  # dev, whatever its hash
    ]
    monkeypatch.setattr(corpora, "stard_questions", lambda: stard)
    monkeypatch.setattr(corpora, "QUESTIONS", tmp_path)
    rows = {
        "tuning": [{"question": "问乙？", "gold": ["gd-transfer-2025:a10.p2", "gd-transfer-2025:a10", "e:a3"]}],
        "policy_training": [{"question": "问寅？", "gold": ["mfg-transfer-2021:n7.h1"], "need": ["e:a4.p1"]}],
        "policy_tuning": [
            {"question": "问丙？", "gold": ["a:a1"]},  # a reporting document's: not in the pools
            {"question": "问丁？", "gold": []},
        ],
    }
    for name, lines in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    assert list(asked_questions(sources(a="reporting", e="tuning"))) == [
        Asked("问甲？", "law", "train", "law", ("stard:7", "stard:9")),
        Asked("问癸？", "law", "validation", "law", ("stard:8",)),
        Asked("问寅？", "law", "dev", "law", ("stard:8",)),
        Asked("问乙？", "policy", "train", "policy", ("gd-transfer-2025:a10", "id-e:a3")),
        Asked("问寅？", "policy", "validation", "policy", ("mfg-transfer-2021:n7.h1", "id-e:a4")),
    ]


def test_an_articles_name_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [
        {"id": 1, "name": "中华人民共和国刑法第一百二十条之一", "headings": ["第二编"], "content": "资助的，处罚。"},
        {"id": 2, "name": "某决定", "headings": [], "content": "一并施行。"},
    ]
    monkeypatch.setattr(corpora, "load_stard", lambda: {"刑法": articles})
    monkeypatch.setattr(corpora, "passage_text", lambda *parts: repr(parts))

    assert list(law_passages()) == [
        Passage(
            "stard:1", "law", "刑法", repr(("中华人民共和国刑法", ["第二编"], "第一百二十条之一", "资助的，处罚。"))
        ),
        Passage("stard:2", "law", "刑法", repr(("某决定", [], "", "一并施行。"))),
    ]


# Generated questions


def passage(
    unit: str, text: str = "省人民政府应当安排资金，支持企业更新设备，降低用电成本。", **row: str
) -> dict[str, str]:
    return {"id": unit, "pool": "law", "source": "民法典", "text": text, **row}


def test_passages_are_asked_about_as_often_as_they_matter() -> None:
    passages = [
        passage("law:甲"),  # of a law that train questions are answered from
        passage("law:丁", source="渔业法"),  # sha256 ae00a25a, a multiple of 6
        passage("law:卯", source="渔业法"),  # 80e3f3a5 leaves 1
        passage("gd-transfer-2025:a10", source="gd-transfer-2025", pool="policy"),
        passage("law:寅", source="policy:部委/1", pool="policy"),  # 21adfda1, a multiple of 5
        passage("law:丑", source="DLC/丑条例", pool="policy"),  # 4fca2fa8 leaves 1
        passage("law:乙", text="太短。"),
        passage("law:丙", text="本条例自二〇二六年一月一日起施行，原有的规定在同一天停止执行，不再适用。"),
    ]
    asked = [
        {"split": "train", "pool": "law", "positives": ["law:甲"]},
        {"split": "validation", "pool": "law", "positives": ["law:丁"]},
    ]

    times = {one.id: one.times for one in choose(passages, asked, 100)}

    assert times == {"law:甲": 2, "law:丁": 1, "gd-transfer-2025:a10": 12, "law:寅": 1}
    assert len(choose(passages, asked, 3)) == 3


def test_the_prompt_holds_the_passage_and_its_style() -> None:
    assert "第三十条　降低成本" in prompt("policy", "第三十条　降低成本")
    assert prompt("policy", "甲") != prompt("law", "甲")
    assert set(generate.STYLES) == {"law", "policy"}


@pytest.mark.parametrize(
    ("written", "question"),
    [
        (" 厂子搬到清远，电费能便宜吗？\n条文：第二条", "厂子搬到清远，电费能便宜吗？"),
        ("第三方出的检测报告，园区认不认？", "第三方出的检测报告，园区认不认？"),
        ("第三十条说的是什么？", None),
        ("按第2款怎么办呢？", None),
        ("咋办？", None),
        ("", None),
    ],
)
def test_a_question_is_the_first_line_and_asks_something(written: str, question: str | None) -> None:
    assert question_of(written) == question


@given(st.lists(st.integers(1, 40)), st.integers(1, 100))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(by_tokens(lengths, budget))

    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= budget


def test_long_passages_are_cut_at_a_token() -> None:
    def characters(texts: list[str], **_: bool) -> dict[str, list[list[tuple[int, int]]]]:
        return {"offset_mapping": [[(place, place + 1) for place in range(len(text))] for text in texts]}

    assert cut(characters, ["一二三四五", "一二三", ""], 3) == ["一二三", "一二三", ""]


def test_an_order_is_fixed_by_its_seed() -> None:
    rows = list(range(20))

    assert sorted(shuffled(rows, 1)) == rows == list(range(20))
    assert shuffled(rows, 1) == shuffled(rows, 1) != shuffled(rows, 2)


# Groups


def asked_row(question: str, split: str, *positives: str) -> dict[str, object]:
    return {"question": question, "pool": "law", "split": split, "style": "law", "positives": list(positives)}


def test_peoples_questions_take_every_near_passage_that_is_not_right_as_wrong() -> None:
    near = [(f"p{number}", 0.9 - number / 100) for number in range(40)]
    pools = FakePools({"law": [], "policy": []}, {"一": near, "二": near})

    one, two = human_groups(
        pools,
        [asked_row("一", "train", "p0", "p3"), asked_row("二", "validation", "far"), asked_row("三", "dev", "p1")],
    )

    assert (one.right, one.wrong[:3], len(one.wrong)) == (("p0", "p3"), ("p1", "p2", "p4"), KEPT)
    assert (two.split, two.right, two.wrong[0]) == ("validation", ("far",), "p0")
    assert not one.unsure


def test_rivals_of_a_generated_question_are_neither_right_nor_wrong() -> None:
    near = [
        ("law:乙", 0.90),
        ("law:甲", 0.80),
        ("law:丙", 0.795),
        ("law:丁", 0.785),
        ("law:戊", 0.775),
        ("law:己", 0.5),
    ]
    pools = FakePools({"law": []}, {"问": near})

    [group] = generated_groups(pools, [{"question": "问", "pool": "law", "positive": "law:甲"}])

    # Above the passage, or less than .02 below it: .80 − .02 = .78 lies between 丁 and 戊.
    assert group == Group(
        "问", "generated", "train", ("law:甲",), ("law:戊", "law:己"), frozenset({"law:乙", "law:丙", "law:丁"})
    )


@pytest.mark.parametrize(("rank", "kept"), [(1, True), (10, True), (11, False), (70, False)])
def test_a_generated_question_counts_when_its_passage_is_among_the_first_ten(rank: int, kept: bool) -> None:
    near = [(f"p{number}", 0.9 - number / 100) for number in range(1, 80)]
    near[rank - 1] = ("law:甲", near[rank - 1][1])
    pools = FakePools({"law": []}, {"问": near})

    groups = generated_groups(pools, [{"question": "问", "pool": "law", "positive": "law:甲"}])

    assert bool(groups) is kept


def test_generated_questions_that_judge_are_not_learned_from() -> None:
    pools = FakePools({"law": []}, {"问": [("law:未", 0.9), ("p", 0.5)]})
    row = {"question": "问", "pool": "law", "positive": "law:未"}  # sha256 c23efc8c, a multiple of 12

    assert held_out(row) and not held_out({"positive": "law:甲"})
    assert generated_groups(pools, [row]) == []


def group(name: str, split: str = "train", kind: str = "law", wrong: int = 6) -> Group:
    return Group(
        name, kind, split, (f"{name}+1", f"{name}+2"), tuple(f"{name}-{n}" for n in range(wrong)), frozenset({"unsure"})
    )


def test_an_epoch_shows_each_question_as_often_as_its_kind_and_no_validation() -> None:
    groups = [group("a"), group("b", "validation"), group("c", kind="policy"), group("d", wrong=2)]

    shown = Counter(row.question for batch in epoch(groups, 1, 4, 7, everything=False) for row in batch)
    everything = Counter(row.question for batch in epoch(groups, 1, 4, 7, everything=True) for row in batch)

    assert shown == {"a": 1, "c": TIMES["policy"]}  # d has too few wrong passages
    assert everything == shown + Counter(b=1)


def test_another_right_passage_of_a_question_is_never_its_negative() -> None:
    groups = [group(name, kind="policy") for name in "abcdefgh"]

    rows = [row for batch in epoch(groups, 4, 4, 7, everything=False) for row in batch]

    assert len(rows) == 32
    for row in rows:
        both = {f"{row.question}+1", f"{row.question}+2"}
        assert len(row.right) == 1 and len(row.wrong) == 3 == len(set(row.wrong))
        assert row.unsure == {"unsure"} | both - set(row.right)
        assert not set(row.wrong) & (row.unsure | both)
    assert {row.right[0][-1] for row in rows} == {"1", "2"}  # each gets its turn


def test_batches_are_full_and_fixed_by_the_seed() -> None:
    groups = [group(str(number)) for number in range(10)]

    batches = epoch(groups, 4, 3, 1, everything=False)

    assert [len(batch) for batch in batches] == [4, 4]  # two left over
    assert batches == epoch(groups, 4, 3, 1, everything=False) != epoch(groups, 4, 3, 2, everything=False)


def test_the_rate_rises_and_falls_once() -> None:
    shares = [rate_share(step, 6, 100) for step in range(101)]

    assert shares[5] == max(shares) == 1.0 and shares[100] == 0.0
    assert shares[:6] == sorted(shares[:6]) and shares[5:] == sorted(shares[5:], reverse=True)
    assert shares[0] == pytest.approx(1 / 6) and shares[53] == pytest.approx(0.5)


# Measures


def test_figures_are_means_over_questions() -> None:
    tail = [f"x{number}" for number in range(20)]
    found = [["a", "b", *tail], ["x", "b", *tail], [*tail, "a"], tail]
    right = [["a", "b"], ["b", "z"], ["a"], ["a"]]

    values = figures(found, right)

    assert values["R@10"] == (1 + 0.5 + 0 + 0) / 4
    assert values["R@100"] == (1 + 0.5 + 1 + 0) / 4
    assert values["MRR@10"] == (1 + 1 / 2 + 0 + 0) / 4  # the third is found at 21
    assert values["first"] == 1 / 4
    assert figures([], []) == dict.fromkeys(values, 0.0)


def test_a_passage_that_is_named_twice_counts_once() -> None:
    assert recall(["a", "a", "b"], ["a", "a"], 2) == 1.0
    assert recall(["a", "b"], ["b", "c", "b"], 2) == 0.5


def binary(right: int, of: int) -> list[float]:
    return [1.0] * right + [0.0] * (of - right)


def test_the_share_is_the_smallest_within_one_standard_error() -> None:
    # 85 of 98 is .867 with a standard error of √(.867 · .133 / 97) = .0345: 83 (.847) is within, 81 (.827) is not.
    recalls = {1.0: 85, 0.75: 83, 0.5: 81, 0.0: 34}

    assert smallest_share({share: {"policy": binary(right, 98)} for share, right in recalls.items()}) == 0.75


def test_every_set_must_be_within() -> None:
    judged = {
        0.0: {"policy": binary(34, 98), "law": binary(1085, 2380)},
        0.5: {"policy": binary(84, 98), "law": binary(1050, 2380)},  # .441, more than .0102 below .471
        0.75: {"policy": binary(83, 98), "law": binary(1121, 2380)},
        1.0: {"policy": binary(85, 98), "law": binary(1121, 2380)},
    }

    assert smallest_share(judged) == 0.75


def test_a_training_without_gain_keeps_the_source() -> None:
    same = {"policy": binary(30, 98), "law": binary(100, 200)}

    assert smallest_share({1.0: same, 0.0: same, 0.5: same}) == 0.0
    assert smallest_share({0.0: {"policy": [1.0]}, 1.0: {"policy": [0.0]}}) == 0.0


def test_the_best_is_taken_where_nothing_smaller_is_as_good() -> None:
    assert smallest_share({0.0: {"policy": binary(5, 98)}, 1.0: {"policy": binary(90, 98)}}) == 1.0
