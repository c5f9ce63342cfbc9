"""The commands as their users run them: output, exit codes, one line on bad input."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest

import ingest
from assistant.__main__ import build_parser, main
from assistant.console import run
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def yiju(corpus_index: Path, capsys: pytest.CaptureFixture[str]):
    def call(command: str, *arguments: str, index: Path = corpus_index) -> tuple[int, str, str]:
        code = main([command, *arguments, "--index", str(index)])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_ask_prints_the_quote_with_its_worth(yiju) -> None:
    code, out, err = yiju("ask", "第三十条讲什么")

    assert code == 0
    assert err == ""
    assert "【有依据】" in out
    assert "[1] 《广东省促进产业有序转移条例》第三十条（义务（应当）；现行有效，自2025年3月1日起施行；广东省）" in out
    assert "降低企业用电、用水、用气成本。" in out
    assert "共检索 2 份文件" in out


def test_an_abstention_names_what_is_missing_and_where_to_look(yiju) -> None:
    code, out, _ = yiju("ask", "条例第四十五条")

    assert code == 0
    assert "【未找到依据】" in out
    assert "文件中没有：第四十五条（《广东省促进产业有序转移条例》到第三十九条为止，没有第四十五条）" in out
    assert "可以参看（不能直接回答）：《" in out


def test_ask_json_is_one_document_with_the_keys_of_the_contract(yiju) -> None:
    code, out, _ = yiju("ask", "条例第二十九条第二款", "--json", "--as-of", "2026-11-22")
    answer = json.loads(out)

    assert code == 0
    assert list(answer) == [
        *("question", "status", "answer", "statements", "citations", "missing", "nearest", "notices"),
        *("remarks", "conditions", "parts", "carried", "spoken"),
        *("searched", "engine", "corpus", "seconds"),
    ]
    [citation] = answer["citations"]
    assert citation["provision"] == "gd-transfer-2025:a29.p2"
    assert citation["label"] == "第二十九条第二款"
    assert citation["quote"] == "省人民政府依法设立支持产业有序转移的政策性基金，引导社会资本参与产业有序转移。"
    assert citation["end"] - citation["start"] == len(citation["quote"])
    assert citation["jurisdiction"] == "440000"
    assert citation["validity"] == {"state": "in_force", "from": "2025-03-01", "to": None, "as_of": "2026-11-22"}
    assert (answer["status"], answer["engine"], answer["searched"]) == (
        "answered",
        "extractive",
        1,
    )  # the 条例 is named
    assert answer["corpus"].startswith("sha256:")
    assert answer["statements"][0]["citations"] == [1]
    assert answer["statements"][0]["verified"] is True


def test_search_ranks_provisions(yiju) -> None:
    code, out, _ = yiju("search", "园区托管共建", "--k", "3", "--json")
    hits = json.loads(out)["hits"]

    assert code == 0
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["score"] >= hits[1]["score"] >= hits[2]["score"]
    assert "gd-transfer-2025:a10" in {hit["provision"] for hit in hits}


def test_search_gives_the_smallest_provision_and_its_article(yiju) -> None:
    _, out, _ = yiju("search", "省人民政府设立支持产业转移的政策性基金", "--k", "1", "--json")
    [hit] = json.loads(out)["hits"]
    _, lines, _ = yiju("search", "省人民政府设立支持产业转移的政策性基金", "--k", "1")

    assert (hit["label"], hit["smallest"]["label"]) == ("第二十九条", "第二十九条第二款")
    assert hit["smallest"]["text"] in hit["text"]
    assert hit["smallest"]["text"].startswith("省人民政府依法设立")
    assert "《广东省促进产业有序转移条例》第二十九条第二款  省人民政府依法设立" in lines
    assert "第二十九条：第二十九条" in lines


def test_search_says_what_its_filters_left_out(yiju) -> None:
    code, out, _ = yiju("search", "降低企业用电成本", "--region", "长沙", "--json")
    found = json.loads(out)
    _, lines, _ = yiju("search", "降低企业用电成本", "--region", "长沙")

    assert code == 0
    assert {hit["provision"].partition(":")[0] for hit in found["hits"]} == {"mfg-transfer-2021"}
    assert found["left_out"][0]["provision"] == "gd-transfer-2025:a30"
    assert (found["left_out"][0]["reason"], found["searched"], found["excluded"]) == ("jurisdiction", 1, 1)
    assert "没有列出：《广东省促进产业有序转移条例》第三十条适用于广东省，不适用于湖南省长沙市" in lines


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (("--kind", "法规"), {"gd-transfer-2025"}),
        (("--kind", "policy"), {"mfg-transfer-2021"}),
        (("--level", "地方性法规"), {"gd-transfer-2025"}),
        (("--as-of", "2025-02-28"), {"mfg-transfer-2021"}),
        (("--as-of", "2025-02-28", "--all-versions"), {"gd-transfer-2025", "mfg-transfer-2021"}),
        (("--region", "广东"), {"gd-transfer-2025", "mfg-transfer-2021"}),
    ],
)
def test_search_takes_filters(yiju, options: tuple[str, ...], documents: set[str]) -> None:
    _, out, _ = yiju("search", "降低企业用电成本", "--k", "20", "--json", *options)
    assert {hit["provision"].partition(":")[0] for hit in json.loads(out)["hits"]} == documents


def test_an_empty_list_says_why(yiju) -> None:
    code, out, _ = yiju("search", "降低企业用电成本", "--kind", "目录")

    assert code == 0
    assert out.startswith(
        "没有找到相关条文\n没有列出：《广东省促进产业有序转移条例》第三十条属于法规，不在所选的文件种类中"
    )
    assert out.endswith("查了 0 份文件；另有 2 份不在所选的范围内（地区、日期、种类、位阶）\n")


def test_show_prints_a_provision_under_its_chapter(yiju) -> None:
    code, out, _ = yiju("show", "条例", "第十条第二款")

    assert code == 0
    assert "第二章　产业承接载体" in out
    assert out.rstrip().endswith("支持产业承接地在产业转出地建设产业、科创、运营等载体。")


def test_show_prints_a_whole_document(yiju) -> None:
    code, out, _ = yiju("show", "指导意见", "--json")

    assert code == 0
    assert [one["label"] for one in json.loads(out)["provisions"]] == [
        *(f"第{n}部分" for n in "一二三四五六七八九"),
        "结尾段",
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("show", "条例", "第四十条"),
            "错误：《广东省促进产业有序转移条例》没有第四十条（从第一条到第三十九条，共39个）",
        ),
        (
            ("show", "条例", "关于电费"),
            "错误：“关于电费”不是条文的写法。可以写：第十条、第十条第二款、第七部分、结尾段",
        ),
        (("show", "民法典", "第五百条"), "错误：《中华人民共和国民法典》已知但正文未收录。收录的文件："),
        (("show", "红楼梦"), "错误：没有叫“红楼梦”的文件。收录的文件："),
        (("show", "《红楼梦》"), "错误：没有叫“《红楼梦》”的文件。收录的文件："),
        (("ask", "  "), "错误：问题是空的。"),
        (("ask", "电费", "--as-of", "去年"), "错误：日期“去年”无效，应写作 2025-06-01"),
        (("ask", "电费", "--region", "火星"), "错误：不认识的地区“火星”。"),
        (("search", "电费", "--region", "朝阳"), "错误：“朝阳”可以指几个地方：北京市朝阳区（110105）、"),
        (("search", "电费", "--kind", "小说"), "错误：没有叫“小说”的文件种类。可以写：法规、政策、目录"),
        (("ask", "电费", "--level", "省级"), "错误：没有叫“省级”的位阶。可以写：宪法、法律、行政法规、"),
    ],
)
def test_an_error_is_one_line_with_what_to_do(yiju, arguments: tuple[str, ...], line: str) -> None:
    code, out, err = yiju(*arguments)

    assert code == 1
    assert out == ""
    assert err.startswith(line)
    assert err.count("\n") == 1


def test_a_missing_index_says_what_to_run(yiju, tmp_path: Path) -> None:
    code, _, err = yiju("ask", "电费", index=tmp_path / "none")

    assert code == 1
    assert "请先运行 python ingest.py" in err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["回答.docx", "回答.md"])
def test_an_answer_is_written_with_its_grounds(yiju, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    code, said, err = yiju("ask", "第三十条讲什么", "--out", str(out))

    assert (code, err) == (0, "") and "【有依据】" in said
    if out.suffix == ".md":
        text = out.read_text(encoding="utf-8")
    else:
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(out)).paragraphs)
    assert "政策问答及依据" in text and "《广东省促进产业有序转移条例》第三十条" in text
    assert "降低企业用电、用水、用气成本。" in text


def test_an_answer_is_written_as_nothing_else(yiju, tmp_path: Path) -> None:
    code, _, err = yiju("ask", "第三十条讲什么", "--out", str(tmp_path / "回答.pdf"))
    assert code == 1 and "请写成 .docx 或 .md" in err and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "电费", "--batch", "x", "--out", "y"),
        ("ask", "--batch", "x"),
        ("search", "电费", "--k", "0"),
        (),
    ],
)
def test_bad_usage_exits_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    assert stopped.value.code == 2


def test_a_batch_answers_in_order_and_keeps_failed_lines(yiju, tmp_path: Path) -> None:
    lines = [
        '{"id": "q1", "question": "第三十条讲什么"}',
        '{"id": "q2", "question": ""}',
        "{bad json",
        '{"id": 4, "question": "电费", "region": "广东", "role": "hotline", "as_of": "2026-01-01"}',
        '{"id": "q5", "question": "电费", "colour": "red"}',
        '{"id": "q6", "question": "电费", "as_of": "去年"}',
        '{"id": "q7", "question": "降低企业用电成本", "kinds": ["政策"], "levels": [], "all_versions": true}',
        '{"id": "q8", "question": "电费", "levels": ["省级"]}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    code, out, _ = yiju("ask", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"))
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]

    assert code == 3
    assert "已回答 3 行，失败 5 行" in out
    assert [row["id"] for row in rows] == ["q1", "q2", None, 4, "q5", "q6", "q7", "q8"]
    assert [set(row) == {"id", "error"} for row in rows] == [False, True, True, False, True, True, False, True]
    assert rows[0]["citations"][0]["provision"] == "gd-transfer-2025:a30"
    assert rows[3]["citations"][0]["validity"]["as_of"] == "2026-01-01"
    assert rows[4]["error"].startswith(
        "第 5 行有不认识的字段 colour。可以写：id、question、history、as_of、region、role、"
    )
    assert {one["provision"].partition(":")[0] for one in rows[6]["citations"]} == {"mfg-transfer-2021"}
    assert rows[7]["error"].startswith("没有叫“省级”的位阶")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "\\ud800", "question": "\\ud800电费"}', "问题的第 1 个字不是有效的文字"),  # half of a surrogate pair
        ('{"id": ' + "1" * 5_000 + ', "question": "电费"}', "第 1 行不是有效的 JSON"),
        ("[" * 100_000, "第 1 行不是有效的 JSON"),  # nested beyond Python's stack
        ('{"id": 1, "question": "电费"', "第 1 行不是有效的 JSON"),
        ('["电费"]', "第 1 行应是一个 JSON 对象"),
        ('{"id": 1}', "第 1 行缺少 question"),
        ('{"id": 1.5, "question": "电费"}', "第 1 行的 id 无效，应是文字或整数"),
        ('{"id": 1, "question": "电费", "role": "boss"}', "第 1 行的 role 无效，应是enterprise、staff、hotline"),
        ('{"id": 1, "question": "电费", "kinds": "法规"}', '第 1 行的 kinds 无效，应是列表，如 ["法规"]'),
    ],
)
def test_no_line_stops_a_batch(yiju, tmp_path: Path, line: str, reason: str) -> None:
    text = line + '\n\n{"id": "q2", "question": "第三十条\u2028讲什么"}\n'
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")

    code, _, _ = yiju("ask", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"))
    first, second = (tmp_path / "out.jsonl").read_text(encoding="utf-8").removesuffix("\n").split("\n")

    assert code == 3
    assert json.loads(first)["error"].startswith(reason)
    assert json.loads(second)["citations"][0]["provision"] == "gd-transfer-2025:a30"  # U+2028 ends no line


def test_a_reader_that_leaves_is_no_error(corpus_index: Path) -> None:
    script = (
        "import os, sys; from assistant.__main__ import main; r, w = os.pipe(); os.close(r); os.dup2(w, 1)"
        f"; sys.exit(main(['show', '条例', '第三条', '--index', {str(corpus_index)!r}]))"
    )
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_batch_does_not_overwrite_its_questions(yiju, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 1, "question": "电费"}\n', encoding="utf-8")

    code, _, err = yiju("ask", "--batch", str(file), "--out", str(file))

    assert (code, "同一个文件" in err) == (1, True)
    assert file.read_text(encoding="utf-8") == '{"id": 1, "question": "电费"}\n'


def test_ingest_adds_shows_and_removes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    law, bad, index = tmp_path / "law.txt", tmp_path / "bad.doc", tmp_path / "index"
    law.write_text("甲市用地条例\n第一条　保障用地。\n第二条　本条例自2024年5月1日起施行。\n", encoding="utf-8")
    bad.write_bytes(b"\xd0\xcf\x11\xe0 old word")

    code = run(ingest._main, [str(law), str(bad), "--index", str(index), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert code == 3  # done, and something was refused
    [doc_id] = report["added"]
    assert report["refused"][0]["file"] == "bad.doc"

    assert run(ingest._main, [str(law), "--index", str(index)]) == 0
    assert "未变 1 份" in capsys.readouterr().out

    assert run(ingest._main, [str(bad), "--index", str(index)]) == 1  # nothing could be done
    capsys.readouterr()

    assert run(ingest._main, ["--remove", doc_id, "--index", str(index)]) == 0
    assert f"移除 1 份：{doc_id}" in capsys.readouterr().out
    assert run(ingest._main, ["--remove", doc_id, "--index", str(index)]) == 1
    assert f"文件库中没有 {doc_id}" in capsys.readouterr().err


def test_every_help_ends_with_an_example_that_parses() -> None:
    import shlex

    parser = build_parser()
    [commands] = [action for action in parser._actions if action.dest == "command"]
    for one in (parser, *commands.choices.values()):
        examples = [line for line in one.format_help().splitlines() if "python -m assistant" in line]
        assert one.format_help().rstrip().endswith(examples[-1])
        for example in examples:
            words = shlex.split(example.partition("python -m assistant")[2])
            assert parser.parse_args(words).command == words[0]


def test_settings_that_are_wrong_get_one_line(tmp_path: Path) -> None:
    (tmp_path / "yiju.toml").write_text('embeder = "builtin"\n', encoding="utf-8")
    command = [sys.executable, "-m", "assistant", "search", "电费"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}

    misspelt = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    (tmp_path / "yiju.toml").unlink()
    unknown = subprocess.run(
        command, cwd=tmp_path, env={**environment, "YIJU_COLOUR": "red"}, capture_output=True, text=True
    )

    assert (misspelt.returncode, unknown.returncode) == (1, 1)
    assert misspelt.stderr.startswith("错误：设置 embeder 不存在；可用的设置：")
    assert unknown.stderr.startswith("错误：环境变量 YIJU_COLOUR 不是本系统的设置；可用的设置：")


def test_a_follow_up_says_what_it_kept(yiju) -> None:
    earlier = "整厂从佛山搬到湖南，海关信用等级还算数吗"
    code, out, _ = yiju("ask", "那搬到江西呢", "--after", earlier)
    _, plain, _ = yiju("ask", "那搬到江西呢", "--after", earlier, "--json")

    assert code == 0
    assert f"沿用上文：话题 {earlier}；地点 佛山" in out
    assert "第八部分" in out
    assert json.loads(plain)["carried"] == [{"kind": "topic", "text": earlier}, {"kind": "place", "text": "佛山"}]


def test_a_batch_takes_the_earlier_questions(yiju, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    row = {"id": 1, "question": "第二款呢", "history": ["条例第二十九条第一款怎么说"]}
    questions.write_text(json.dumps(row) + "\n", encoding="utf-8")
    code, _, _ = yiju("ask", "--batch", str(questions), "--out", str(answers))

    assert code == 0
    assert json.loads(answers.read_text(encoding="utf-8"))["citations"][0]["label"] == "第二十九条第二款"


def test_chat_keeps_the_thread_until_it_is_dropped(yiju, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = "条例第二十九条第一款怎么说\n第二款呢\n/new\n第二款呢\n/help\n" + "长" * 4001 + "\n/quit\n电费能降吗\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    code, out, _ = yiju("chat")

    assert code == 3  # one question was too long
    assert out.count("沿用上文：") == 1
    assert "第二十九条第二款" in out
    assert "已另起话题" in out
    assert "/new 另起话题" in out
    assert "错误：问题有 4,001 个字" in out
    assert "用电" not in out


def test_chat_prints_a_line_of_json_a_question(yiju, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("电费能降吗\n\n具体多少钱\n"))
    code, out, _ = yiju("chat", "--json")
    rows = [json.loads(line) for line in out.splitlines()]

    assert code == 0
    assert [row["question"] for row in rows] == ["电费能降吗", "具体多少钱"]
    assert rows[1]["carried"] == [{"kind": "topic", "text": "电费能降吗"}]
