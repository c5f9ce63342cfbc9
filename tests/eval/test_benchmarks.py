import json

import pytest

from assistant.errors import CorpusError
from assistant.indexing.texts import embedded_texts
from assistant.reading import corpus_files
from assistant.retrieval.names import NameTable
from assistant.schema import Role, Status
from eval.benchmarks import load_benchmark
from eval.benchmarks.corpora import CORPUS, Benchmark
from eval.benchmarks.founding import asked_among_all_laws
from eval.benchmarks.policy import Source, load_sources, policy_cases
from eval.benchmarks.stard import articles_by_title, doc_id, law_of, stard_cases, unit_ids
from eval.law_data import DATA, STARD
from eval.law_metadata import law_metadata, place_of, places_in
from eval.question_file import Question

needs_stard = pytest.mark.skipif(not (DATA / STARD).is_file(), reason=f"{STARD} is not beside the repository")

ROWS = [
    {"id": 7, "name": "甲法第一条", "content": "为了甲。", "headings": ["第一章　总　则"]},
    {
        "id": 8,
        "name": "甲法第二条",
        "content": "可以：\n（一）乙；\n（二）丙。\n丁不得。",
        "headings": ["第一章　总　则"],
    },
    {"id": 9, "name": "甲法第二条之一", "content": "第三人明知的，不算。", "headings": []},
]


def test_a_law_of_stard_is_parsed_as_a_file_would_be():
    parsed = law_of("甲法", ROWS)
    found = embedded_texts(parsed)
    units = {unit.partition(":")[2]: found.texts[digest] for unit, digest in found.units.items()}
    assert units == {
        "a1": "甲法 第一章总则 第一条 为了甲。",
        "a2": "甲法 第一章总则 第二条 可以：\n（一）乙；\n（二）丙。\n丁不得。",
        "a2-1": "甲法 第二条之一 第三人明知的，不算。",
    }
    sentences = [sentence.text for sentence in parsed.sentences]
    assert sentences == ["为了甲。", "可以：", "乙；", "丙。", "丁不得。", "第三人明知的，不算。"]
    assert all(parsed.document.text[s.start : s.end] == s.text for s in parsed.sentences)


def test_stards_numbers_lead_to_units():
    assert unit_ids({"甲法": ROWS}) == {
        number: f"{doc_id('甲法')}:{a}" for number, a in zip((7, 8, 9), ("a1", "a2", "a2-1"), strict=True)
    }


@needs_stard
def test_gold_of_the_dev_split_is_held():
    laws = articles_by_title(DATA)
    assert (len(laws), sum(map(len, laws.values()))) == (1262, 55404)
    cases = stard_cases()
    assert len(cases) == 308
    assert len(stard_cases(split="train")) == 1235
    assert not any(case.shown for case in cases)
    # of the laws asked most about, every right article is a unit of the parsed law
    gold = [unit for case in cases for unit in case.gold]
    for title in ("中华人民共和国刑法", "中华人民共和国民法典"):
        units = {provision.id for provision in law_of(title, laws[title]).provisions if provision.unit}
        asked = [unit for unit in gold if unit.startswith(doc_id(title) + ":")]
        assert asked
        assert set(asked) <= units


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="stard, policy, founding"):
        load_benchmark("other")
    with pytest.raises(ValueError, match="dev, train"):
        load_benchmark("stard", split="test")


def test_absent_sources_are_one_line(tmp_path):
    with pytest.raises(CorpusError, match=r"缺少数据文件 none\.gz"):
        Benchmark("b", "", lambda: iter(()), (tmp_path / "none.gz",), lambda: ()).fingerprint()


SOURCE = '[[source]]\nkey = "sd"\narchive = "laws.tar.gz"\nfile = "甲"\nsplit = "tuning"\njurisdiction = "370000"\n'


def test_sources_of_all_files_are_read(tmp_path):
    (tmp_path / "policy_sources_a.toml").write_text(SOURCE, encoding="utf-8")
    other = SOURCE.replace('"sd"', '"sh"').replace("laws.tar.gz", "policy_documents.jsonl.gz").replace("file", "row")
    (tmp_path / "policy_sources_b.toml").write_text(other, encoding="utf-8")
    assert load_sources(tmp_path) == (
        Source("sd", "laws.tar.gz", "甲", "tuning", "", "370000"),
        Source("sh", "policy_documents.jsonl.gz", "甲", "tuning", "", "370000"),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[source", "不是有效的 TOML"),
        (SOURCE.replace("tuning", "both"), "第 1 个"),
        (SOURCE.replace("laws.tar.gz", "other.gz"), "第 1 个"),
        (SOURCE.replace('file = "甲"\n', ""), "第 1 个"),
        (SOURCE + SOURCE, "sd 重复"),
        ("", "没有"),
    ],
)
def test_sources_that_name_nothing_are_refused(tmp_path, text, why):
    (tmp_path / "policy_sources.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=why):
        load_sources(tmp_path)


OURS = {"id": "t1", "role": "staff", "question": "甲", "gold": ["g:a1"], "also": ["g:a2"], "expect": "answered",
        "missing": [], "kind": "plain"}  # fmt: skip
NOTHING = {**OURS, "id": "t2", "gold": [], "also": [], "expect": "abstained", "missing": ["甲"], "kind": "off_topic"}
LOCAL = {"id": "p1", "role": "hotline", "question": "乙", "region": "370000", "gold": ["sd:a1", "sd:a2"],
         "need": ["sd:a1", "sd:a2"], "doc": "sd", "how": ""}  # fmt: skip


def lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def question_files(folder, *, local=LOCAL):
    lines(folder / "tuning.jsonl", OURS, NOTHING)
    lines(folder / "reporting.jsonl", {**OURS, "id": "r1"})
    lines(folder / "policy_tuning.jsonl", local)
    lines(folder / "policy_reporting.jsonl", {**LOCAL, "id": "p2", "need": []})
    return folder


def test_policy_questions_come_from_four_files(tmp_path):
    cases = {case.id: case for case in policy_cases(question_files(tmp_path))}
    assert list(cases) == ["t1", "p1", "r1", "p2"]  # t2 has no gold: it measures abstention
    assert cases["t1"].right == ("g:a1", "g:a2")
    assert dict(cases["t1"].groups) == {"split": "tuning", "role": "staff", "documents": "founding"}
    assert (cases["p1"].need, cases["p1"].region) == (("sd:a1", "sd:a2"), "370000")
    assert dict(cases["p2"].groups) == {"split": "reporting", "role": "hotline", "documents": "local"}


@pytest.mark.parametrize(
    ("local", "why"),
    [
        ({**LOCAL, "need": ["sd:a9"]}, "need"),
        ({**LOCAL, "gold": []}, "gold"),
        ({"id": "p1", "gold": ["sd:a1"]}, "question、role"),
        ({**LOCAL, "id": "t1"}, "编号重复：t1"),
    ],
)
def test_policy_questions_that_are_none_are_refused(tmp_path, local, why):
    with pytest.raises(CorpusError, match=why):
        policy_cases(question_files(tmp_path, local=local))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("想转移到湖南，海关信用还算吗", True),
        ("承接的园区谁来管", True),
        ("搬到清远电费能降吗", True),
        ("我们在粤北，招不到人", True),
        ("电费能降吗", False),
        ("条例第三十条说的转移是什么", False),
        ("指导意见里怎么说承接", False),
    ],
)
def test_founding_questions_speak_of_the_matter_or_a_place_and_name_no_document(text, asked):
    names = NameTable({file.metadata.id: file.metadata for file in corpus_files(CORPUS)[0] if file.metadata}, ())
    question = Question("q", Role.STAFF, text, ("g:a1",), (), Status.ANSWERED, (), "plain", "")
    assert asked_among_all_laws(question, names, ("清远", "粤北")) is asked


@pytest.fixture
def divisions(tmp_path):
    (tmp_path / "provinces.csv").write_text('code,name\n44,"广东省"\n37,"山东省"\n', encoding="utf-8")
    cities = '4403,"深圳市",44\n4418,"清远市",44\n3702,"青岛市",37\n4490,"省直辖县级行政区划",44\n'
    (tmp_path / "cities.csv").write_text("code,name,provinceCode\n" + cities, encoding="utf-8")
    areas = '441826,"连南瑶族自治县",4418,44\n441802,"清城区",4418,44\n441501,"城区",4415,44\n'
    (tmp_path / "areas.csv").write_text("code,name,cityCode,provinceCode\n" + areas, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("title", "province", "code"),
    [
        ("中华人民共和国土地管理法", "", "000000"),
        ("广东省公路条例", "广东", "440000"),
        ("清远市住宅小区物业管理条例", "广东", "441800"),
        ("深圳经济特区数据条例", "广东", "440300"),
        ("连南瑶族自治县自治条例", "广东", "441826"),
        ("青岛海水浴场条例", "山东", "370200"),
        ("横琴粤澳深度合作区发展促进条例", "广东", "440000"),
        ("清远市条例", "山东", "370000"),  # another province's city is no place of its own
    ],
)
def test_a_laws_place_is_the_city_its_title_begins_with(divisions, title, province, code):
    assert place_of(title, province, divisions) == code


def test_places_in_a_province(divisions):
    assert places_in("44", divisions) == ("深圳市", "深圳", "清远市", "清远", "连南瑶族自治县", "清城区")


def test_a_later_version_ends_the_one_before(divisions):
    def row(law_id, publish, valid_from, expired=0, title="甲条例"):
        return {"law_id": law_id, "title": title, "region": None, "level": "行政法规", "publish": publish,
                "valid_from": valid_from, "expired": expired}  # fmt: skip

    rows = [
        row("old", "2010-01-01", "2010-03-01"),
        row("middle", "2019-01-01", None),
        row("new", "2023-01-01", "2023-07-01"),
        row("gone", "2001-01-01", "", expired=1, title="乙条例"),
        row("undated", None, None, title="丙条例"),
    ]
    found = law_metadata(rows, divisions, {one["law_id"]: one["law_id"] for one in rows})
    ends = {name: str(metadata.repealed) for name, metadata in found.items()}
    assert ends == {"old": "2019-01-01", "middle": "2023-07-01", "new": "None", "gone": "2025-04-19", "undated": "None"}
    assert found["old"].work == found["new"].work != found["gone"].work
    assert str(found["new"].level) == "administrative_regulation"
