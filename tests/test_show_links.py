"""`show` prints what a provision cites and who cites it."""

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.api import Assistant, Shown
from assistant.errors import LookupFailedError
from assistant.indexing.writer import Change, Writer
from assistant.reports import MAX_LINKS, link_lines, shown_json, shown_lines
from assistant.schema import Cite, CitedBy, Links, LinkState, Target
from assistant.settings import Settings
from tests.fakes import statute

CATALOGUES = ["鼓励外商投资产业目录", "产业发展与转移指导目录", "西部地区鼓励类产业目录", "产业结构调整指导目录"]


def test_show_says_what_a_part_of_the_guidance_cites(corpus_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "指导意见", "第九部分", "--index", str(corpus_index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("引用（4）：")
    assert lines[at + 1 : at + 5] == [f"  {title}（未收录）" for title in CATALOGUES]

    assert main(["show", "指导意见", "第九部分", "--index", str(corpus_index), "--json"]) == 0
    [provision] = json.loads(capsys.readouterr().out)["provisions"]
    assert [(one["text"], one["state"], one["targets"]) for one in provision["cites"]] == [
        (title, "not_held", []) for title in CATALOGUES
    ]
    assert provision["cited_by"] == []


def test_a_provision_without_references_says_nothing_of_them(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "条例", "第三十条", "--index", str(corpus_index)]) == 0
    assert "引用" not in capsys.readouterr().out


LINKS = Links(
    (
        Cite("b:a1.p1", 0, 4, "甲法第一条", "甲法", LinkState.HELD, (Target("a:a1", "甲法", "第一条"),)),
        Cite("b:a1.p1", 5, 9, "甲法第二条第九款", "甲法", LinkState.HELD, (Target("a:a2", "甲法", "第二条"),), False),
        Cite("b:a1.p1", 9, 11, "前款", "", LinkState.NO_SUCH),
    ),
    (CitedBy(Target("c:a3.p1", "丙规定", "第三条"), "本办法第一条"),),
)


def test_where_each_reference_leads_is_said() -> None:
    assert link_lines(LINKS) == [
        "",
        "引用（3）：",
        "  甲法第一条 → 《甲法》第一条",
        "  甲法第二条第九款 → 《甲法》第二条（未见所指款项）",
        "  前款（收录的文本里没有这一条款）",
        "",
        "被引用（1）：",
        "  《丙规定》第三条：本办法第一条",
    ]


def test_long_lists_are_cut_with_a_count() -> None:
    citing = tuple(CitedBy(Target(f"c:a{n}", "丙规定", f"第{n}条"), "甲法第一条") for n in range(MAX_LINKS + 5))
    lines = link_lines(Links((), citing))
    assert lines[1] == f"被引用（{MAX_LINKS + 5}）："
    assert lines[-1] == "  ……另有 5 处，加 --json 全部列出"
    assert len(lines) == MAX_LINKS + 3


def test_links_of_a_whole_document_stand_beside_its_provisions() -> None:
    parsed = statute("b", "依照甲法第一条处理。")
    whole = shown_json(Shown(parsed, (), (LINKS,)))
    assert [one["text"] for one in whole["cites"]] == ["甲法第一条", "甲法第二条第九款", "前款"]
    assert "cites" not in whole["provisions"][0]
    article = shown_json(Shown(parsed, parsed.provisions[:1], (LINKS,)))
    assert "cites" not in article and len(article["provisions"][0]["cited_by"]) == 1
    assert shown_lines(Shown(parsed, (), (LINKS,)))[-1] == parsed.document.text


def test_show_takes_of_several_versions_the_one_in_force(tmp_path: Path) -> None:
    assistant = Assistant(Settings(index=tmp_path / "index", corpus=tmp_path))
    versions = [
        statute("old", "旧的。", title="甲市条例", work="w", effective=date(2010, 1, 1), repealed=date(2020, 1, 1)),
        statute("new", "新的。", title="甲市条例", work="w", effective=date(2020, 1, 1)),
        *(statute(f"d{n:02}", "别的。", title=f"第{n:02}条例") for n in range(12)),
    ]
    with Writer(tmp_path / "index", assistant.embedder) as writer:
        writer.apply([Change(one, "added", one.document.id) for one in versions])

    assert assistant.show("甲市条例", "第一条").parsed.document.id == "new"
    with pytest.raises(LookupFailedError, match=r"没有叫“《红楼梦》”的文件。收录的文件：.* 等 14 份$") as refused:
        assistant.show("《红楼梦》")
    assert str(refused.value).count("（") == 10
