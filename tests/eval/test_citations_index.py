"""The index that the checker is measured on, the texts it is timed on, and the command line."""

from pathlib import Path

import numpy as np
import pytest

from assistant.indexing.writer import Change, Writer
from eval.citations.__main__ import main
from eval.citations.corpus import Corpus
from eval.citations.generate import Generator
from eval.citations.index import HashEmbedder, open_index, superseded, with_supersedes
from eval.citations.speed import PAGE, dense_text, draft_text
from tests.eval.citation_world import LAWS, NEW, OLD, TODAY, world


def test_vectors_are_of_unit_length_and_follow_the_text() -> None:
    embedder = HashEmbedder()
    one, two, other = embedder.embed_passages(["甲", "甲", "乙"])
    assert np.allclose(np.linalg.norm([one, other], axis=1), 1)
    assert (one == two).all() and not (one == other).all()


def test_a_later_version_names_the_earlier_one() -> None:
    found = superseded(parsed.document.metadata for parsed in LAWS)
    assert found == {"new": ("old",)}
    assert with_supersedes(NEW, found).document.metadata.supersedes == ("old",)
    assert with_supersedes(OLD, found) is OLD


def test_the_written_index_holds_what_was_parsed(tmp_path: Path) -> None:
    with Writer(tmp_path, HashEmbedder()) as writer:
        writer.apply(Change(parsed, "corpus", "1") for parsed in LAWS)
    read, parsed = Corpus.from_index(tmp_path), Corpus.from_parsed(LAWS)
    assert read.held == {doc_id: parsed.held[doc_id] for doc_id in sorted(parsed.held)}
    index = open_index(tmp_path)
    assert index.read(lambda snapshot: len(snapshot.documents(TODAY))) == len(LAWS)
    index.close()


def test_texts_for_timing_are_as_long_as_asked_and_a_draft_has_its_citations() -> None:
    generator = Generator(world(), 1)
    size = len(dense_text(generator, 20_000).encode())
    assert 20_000 <= size < 22_000
    text = draft_text(generator, pages=3, per_page=4)
    cited = text.count("条")
    assert len(text) >= 3 * PAGE and cited >= 3 * 4
    assert text == draft_text(Generator(world(), 1), pages=3, per_page=4)


def test_the_command_refuses_what_it_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--kinds", "number,spelling"]) == 2
    assert "没有这一类：spelling；可选 number、level" in capsys.readouterr().err
    assert main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("错误：缺少数据文件 laws.tar.gz")
