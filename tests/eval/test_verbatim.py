from pathlib import Path

import pytest

from assistant.errors import CorpusError
from eval.verbatim import SourceFiles, bare

FILE = """[bookmark: 第一章 总则]第一章　总　　则

[bookmark: 第一条]第一条　为了促进产业有序转移，支持符合条件的高载能行业

向西部清洁能源优势地区集聚。"""


@pytest.mark.parametrize(
    ("quote", "stands", "why"),
    [
        ("高载能行业向西部清洁能源优势地区集聚。", True, "a page break in mid-sentence"),
        ("第一章　总　　则", True, "full-width spaces"),
        ("为了促进产业有序转移", True, "plain"),
        ("为了促进产业的有序转移", False, "one character too many"),
        ("高载能行业 向东部清洁能源优势地区集聚。", False, "one character exchanged"),
        ("bookmark", False, "a mark is not text"),
        ("", False, "nothing quotes nothing"),
        ("  \n", False, "white space only"),
    ],
)
def test_holds(quote: str, stands: bool, why: str) -> None:
    assert SourceFiles({"d": FILE}).holds("d", quote) is stands, why


def test_unknown_document_is_not_judged() -> None:
    assert SourceFiles({"d": FILE}).holds("other", "为了") is None


def test_only_bookmark_marks_are_left_out() -> None:
    assert bare("见[1]与[bookmark]、[bookmark: 第二条]第二条") == "见[1]与[bookmark]、第二条"


def test_from_corpus_reads_what_the_manifest_names(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(FILE, encoding="utf-8-sig")
    (tmp_path / "two.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "manifest.toml").write_text(
        '[[document]]\nid = "one"\nfile = "one.txt"\n\n[[document]]\nid = "two"\nfile = "two.pdf"\n', encoding="utf-8"
    )
    files = SourceFiles.from_corpus(tmp_path)
    assert files.holds("one", "第一条 为了") is True
    assert files.holds("two", "第一条") is None


def test_manifest_by_tables_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(FILE, encoding="utf-8")
    (tmp_path / "manifest.toml").write_text('[one]\nid = "one"\nfile = "one.txt"\n', encoding="utf-8")
    assert SourceFiles.from_corpus(tmp_path).holds("one", "集聚。") is True


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text('[[document]]\nid = "one"\nfile = "gone.txt"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"manifest\.toml"):
        SourceFiles.from_corpus(tmp_path)


def test_the_founding_documents_are_found_in_the_corpus() -> None:
    corpus = Path(__file__).parents[2] / "corpus"
    if not (corpus / "manifest.toml").exists():
        pytest.skip("corpus/manifest.toml is not there")
    files = SourceFiles.from_corpus(corpus)
    assert files.holds("gd-transfer-2025", "第三十九条　本条例自2025年3月1日起施行。") is True
    assert files.holds("mfg-transfer-2021", "建立健全横向协同、上下联动工作机制，确保各项工作落到实处。") is True
    assert files.holds("mfg-transfer-2021", "本条例自2025年3月1日起施行。") is False
