"""Files into the index: mirrored, added, replaced, refused, removed."""

from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.indexing.index import Index
from assistant.indexing.ingest import ingest_corpus, ingest_parsed, ingest_paths, parse_file, remove_documents
from assistant.schema import IngestReport
from tests.fakes import TODAY, CountingEmbedder

LAW = "甲市用地条例\n第一条　保障用地，土地先行。\n第二条　降低用电成本。\n"
OTHER = "乙市人才条例\n第一条　引进人才。\n第二条　本条例自2024年5月1日起施行。\n"
MANIFEST = """
[[document]]
id = "law-a"
work = "law-a"
title = "甲市用地条例"
kind = "statute"
jurisdiction = "440100"
effective = 2024-01-01
file = "a.txt"
sha256 = "{sha256}"
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(LAW, encoding="utf-8")
    (folder / "b.txt").write_text(OTHER, encoding="utf-8")
    with_row(folder)
    return folder


def with_row(folder: Path) -> None:
    import hashlib

    sha256 = hashlib.sha256((folder / "a.txt").read_bytes()).hexdigest()
    (folder / "manifest.toml").write_text(MANIFEST.format(sha256=sha256), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def mirror(folder: Path, corpus: Path, embedder: CountingEmbedder | None = None) -> IngestReport:
    return ingest_corpus(folder, corpus, embedder or CountingEmbedder())


def titles(folder: Path) -> set[str]:
    index = Index.open(folder, CountingEmbedder())
    return {row.title for row in index.read(lambda snapshot: snapshot.metadata()).values()}


def test_a_corpus_is_mirrored_with_its_metadata(folder: Path, corpus: Path) -> None:
    report = mirror(folder, corpus)

    assert len(report.added) == 2
    assert titles(folder) == {"甲市用地条例", "乙市人才条例"}
    rows = Index.open(folder, CountingEmbedder()).read(lambda snapshot: snapshot.metadata())
    assert rows["law-a"].jurisdiction == "440100"
    [unverified] = [row for row in rows.values() if not row.verified]
    assert unverified.id.startswith("x-")
    assert len(unverified.id) == 14  # x- and 12 hex


def test_twice_changes_nothing(folder: Path, corpus: Path) -> None:
    first = mirror(folder, corpus)
    embedder = CountingEmbedder()

    second = mirror(folder, corpus, embedder)

    assert sorted(second.unchanged) == sorted(first.added)
    assert (second.added, second.replaced, second.removed, second.embedded) == ((), (), (), 0)
    assert second.corpus == first.corpus
    assert embedder.passages == []


def test_a_changed_file_is_replaced_and_the_rest_left_alone(folder: Path, corpus: Path) -> None:
    before = mirror(folder, corpus)
    (corpus / "a.txt").write_text(LAW.replace("用电", "用水"), encoding="utf-8")
    with_row(corpus)
    embedder = CountingEmbedder()

    report = mirror(folder, corpus, embedder)

    assert report.replaced == ("law-a",)
    assert len(report.unchanged) == 1
    assert [text.split()[-1] for text in embedder.passages] == ["降低用水成本。"]
    assert report.corpus != before.corpus


def test_changed_metadata_alone_is_a_change(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)
    manifest = corpus / "manifest.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("440100", "440300"), encoding="utf-8")

    assert mirror(folder, corpus).replaced == ("law-a",)


def test_what_vanished_leaves_and_what_was_added_stays(folder: Path, corpus: Path, tmp_path: Path) -> None:
    mirror(folder, corpus)
    added = tmp_path / "c.txt"
    added.write_text("丙市海关条例\n第一条　海关监管。\n", encoding="utf-8")
    ingest_paths(folder, [added], CountingEmbedder())
    (corpus / "b.txt").unlink()

    report = mirror(folder, corpus)

    assert len(report.removed) == 1
    assert titles(folder) == {"甲市用地条例", "丙市海关条例"}


def test_a_row_whose_file_vanished_is_refused_and_its_document_leaves(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)
    (corpus / "a.txt").unlink()

    report = mirror(folder, corpus)

    assert report.removed == ("law-a",)
    assert [refusal.file for refusal in report.refused] == ["a.txt"]


def test_a_refused_file_stops_no_other_and_keeps_what_is_held_of_it(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)
    (corpus / "b.txt").write_bytes(b"\xff\xff\xff\xfa" * 40)
    (corpus / "c.txt").write_text("丙市海关条例\n第一条　海关监管。\n", encoding="utf-8")

    report = mirror(folder, corpus)

    assert [refusal.file for refusal in report.refused] == ["b.txt"]
    assert titles(folder) == {"甲市用地条例", "乙市人才条例", "丙市海关条例"}


def test_a_file_that_is_not_what_the_manifest_says_is_refused(folder: Path, corpus: Path) -> None:
    (corpus / "a.txt").write_text(LAW + "第三条　后加的。\n", encoding="utf-8")

    report = mirror(folder, corpus)

    [refusal] = report.refused
    assert refusal.file == "a.txt"
    assert "sha256" in refusal.reason
    assert titles(folder) == {"乙市人才条例"}


def test_the_same_text_twice_is_one_document(folder: Path, corpus: Path) -> None:
    (corpus / "copy.txt").write_text(OTHER, encoding="utf-8")

    report = mirror(folder, corpus)

    assert len(report.added) == 2
    [refusal] = report.refused
    assert {"b.txt", "copy.txt"} <= set(refusal.reason.replace("，", " ").split())


def test_two_files_with_one_text_do_not_take_turns(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)
    (corpus / "aa.txt").write_text(OTHER, encoding="utf-8")  # before b.txt, of which it is a copy

    second, third = mirror(folder, corpus), mirror(folder, corpus)

    for report in (second, third):
        assert not {*report.added, *report.replaced} & {*report.unchanged}
        [refusal] = report.refused
        assert refusal.file == "b.txt"
        assert "b.txt 与 aa.txt 的编号 x-" in refusal.reason
    assert (third.added, third.replaced, third.removed) == ((), (), ())


def test_what_is_mirrored_and_then_named_by_path_stays_mirrored(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)

    report = ingest_paths(folder, [corpus], CountingEmbedder())

    assert (report.added, report.replaced, len(report.unchanged)) == ((), (), 2)
    (corpus / "b.txt").unlink()
    assert len(mirror(folder, corpus).removed) == 1


def test_what_was_added_and_then_lies_in_the_corpus_is_mirrored(folder: Path, corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text("丙市海关条例\n第一条　海关监管。\n", encoding="utf-8")
    [added] = ingest_paths(folder, [file], CountingEmbedder()).added
    file.rename(corpus / "c.txt")
    embedder = CountingEmbedder()

    assert mirror(folder, corpus).replaced == (added,)
    assert mirror(folder, corpus, embedder).replaced == ()
    (corpus / "c.txt").unlink()
    assert mirror(folder, corpus).removed == (added,)


def test_an_empty_file_and_a_missing_one_get_a_line_each(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")

    report = ingest_paths(folder, [empty, tmp_path / "gone.txt"], CountingEmbedder())

    assert len(report.refused) == 2
    assert all("\n" not in refusal.reason and refusal.reason for refusal in report.refused)
    assert report.added == ()


def test_an_upload_replaces_by_id_and_is_removed_by_id(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.txt"
    file.write_text(OTHER, encoding="utf-8")
    parsed = parse_file(file)

    first = ingest_parsed(folder, parsed, CountingEmbedder())
    second = ingest_parsed(folder, parsed, CountingEmbedder())
    gone = remove_documents(folder, [parsed.document.id], CountingEmbedder())

    assert first.added == second.replaced == gone.removed == (parsed.document.id,)
    assert Index.open(folder, CountingEmbedder()).read(lambda s: s.documents(TODAY)) == ()


def test_removing_what_is_not_held_names_what_is(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)

    with pytest.raises(CorpusError, match=r"文件库中没有 nothing。现有：.*law-a"):
        remove_documents(folder, ["nothing"], CountingEmbedder())


def test_a_missing_corpus_folder_changes_nothing(folder: Path, corpus: Path) -> None:
    mirror(folder, corpus)

    with pytest.raises(CorpusError, match="不存在"):
        mirror(folder, corpus / "gone")
    assert len(titles(folder)) == 2
