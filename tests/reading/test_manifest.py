from pathlib import Path

import pytest

from assistant.errors import ManifestError
from assistant.reading import corpus_files, load_known, load_manifest
from tests.reading.builders import write

ROW = 'id = "a-1"\ntitle = "甲条例"\nkind = "statute"\nfile = "a.txt"\nsha256 = "' + "0" * 64 + '"\n'


def manifest(tmp_path: Path, *rows: str) -> Path:
    return write(tmp_path, "manifest.toml", "".join(f"[[document]]\n{row}\n" for row in rows))


def test_a_minimal_row(tmp_path: Path) -> None:
    (row,) = load_manifest(manifest(tmp_path, ROW))
    assert (row.id, row.title, row.file, row.verified, row.effective) == ("a-1", "甲条例", "a.txt", True, None)


WRONG = [  # rows, what the message says
    ([ROW + 'colour = "red"'], "manifest.toml 第 1 个 [[document]]（a-1）：字段 colour 不存在；可用的字段：id, title"),
    ([ROW.replace('title = "甲条例"\n', "")], "第 1 个 [[document]]（a-1）：缺少字段 title"),
    (
        [ROW, ROW.replace("a-1", "a_1").replace("a.txt", "b.txt")],
        "第 2 个 [[document]]（a_1）：字段 id 的值 'a_1' 无效",
    ),
    ([ROW.replace("a-1", "-a")], "字段 id 的值 '-a' 无效"),
    ([ROW.replace("a-1", "A")], "字段 id 的值 'A' 无效"),
    ([ROW.replace("a-1", "x-1")], "id 不能以 x- 开头"),
    ([ROW, ROW.replace("a.txt", "b.txt")], "id = 'a-1' 出现两次"),
    ([ROW, ROW.replace("a-1", "a-2")], "file = 'a.txt' 出现两次"),
    ([ROW.replace("a.txt", "../a.txt")], "file 必须是清单所在文件夹内的相对路径"),
    ([ROW.replace("a.txt", "/etc/hostname")], "file 必须是清单所在文件夹内的相对路径"),
    ([ROW.replace("a.txt", "C:/a.txt")], "file 必须是清单所在文件夹内的相对路径"),
    ([ROW.replace("a.txt", "b/../../a.txt")], "file 必须是清单所在文件夹内的相对路径"),
    ([ROW.replace("statute", "law")], "字段 kind 的值 'law' 无效"),
    ([ROW.replace("0" * 64, "abc")], "字段 sha256 的值 'abc' 无效"),
    ([ROW + 'jurisdiction = "44"'], "字段 jurisdiction 的值 '44' 无效"),
    ([ROW + 'effective = "2025-03-01"'], "字段 effective 的值 '2025-03-01' 无效"),
    (
        [ROW + "promulgated = 2025-03-02\neffective = 2025-03-01"],
        "effective（2025-03-01）早于 promulgated（2025-03-02）",
    ),
    ([ROW + 'from_memory = ["nummer"]'], "from_memory 中的 nummer 不是字段名"),
    ([ROW.replace("甲条例", "《甲条例》")], "字段 title 的值 '《甲条例》' 无效"),
    ([ROW + "title = 1"], "不是有效的 UTF-8 TOML"),
]


@pytest.mark.parametrize(("rows", "said"), WRONG)
def test_wrong_rows_are_named(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(ManifestError) as caught:
        load_manifest(manifest(tmp_path, *rows))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_link_must_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    inner = tmp_path / "corpus"
    inner.mkdir()
    (inner / "a.txt").symlink_to(write(tmp_path, "secret.txt", "秘密"))
    with pytest.raises(ManifestError, match="指向文件夹之外"):
        load_manifest(manifest(inner, ROW))
    (inner / "manifest.toml").unlink()
    listing = corpus_files(inner)
    assert listing.files == ()
    assert [refusal.file for refusal in listing.refused] == ["a.txt"]


def test_other_tables_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="不认识 documents"):
        load_manifest(write(tmp_path, "manifest.toml", "[[documents]]\nid = 1"))
    with pytest.raises(ManifestError, match="无法打开"):
        load_manifest(tmp_path / "none.toml")
    with pytest.raises(ManifestError, match="不存在；请检查路径"):
        corpus_files(tmp_path / "none")


def test_known_rows(tmp_path: Path) -> None:
    row = '[[document]]\ntitle = "乙法"\nlevel = "law"\narticles = 87\nfrom_memory = ["articles"]\n'
    (known,) = load_known(write(tmp_path, "known.toml", row))
    assert (known.title, known.level, known.articles, known.from_memory) == ("乙法", "law", 87, ("articles",))
    with pytest.raises(ManifestError, match="《乙法》出现两次"):
        load_known(write(tmp_path, "known.toml", row * 2))
    with pytest.raises(ManifestError, match="字段 articles 的值 0 无效"):
        load_known(write(tmp_path, "known.toml", row.replace("87", "0")))


def test_corpus_files(tmp_path: Path) -> None:
    path = manifest(
        tmp_path,
        ROW,
        ROW.replace("a-1", "b-1").replace("a.txt", "sub/b.md"),
        ROW.replace("a-1", "c-1").replace("a.txt", "c.txt"),
    )
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.md", "d.doc", "README.md", "known.toml", ".hidden", "~$a.docx"):
        write(tmp_path, name, "甲")
    listing = corpus_files(tmp_path)
    assert [(file.name, file.metadata and file.metadata.id) for file in listing.files] == [
        ("a.txt", "a-1"),
        ("d.doc", None),  # not skipped: reading it says what to do
        ("sub/b.md", "b-1"),
    ]
    assert [refusal.reason for refusal in listing.refused] == [
        "manifest.toml：c-1 的文件 c.txt 不存在；请放入该文件，或删去这一行"
    ]
    # One file, and a manifest from elsewhere: only what was asked for.
    assert [(file.name, file.metadata and file.metadata.id) for file in corpus_files(tmp_path / "a.txt").files] == [
        ("a.txt", "a-1")
    ]
    other = tmp_path / "sub"
    assert corpus_files(other, path).refused == ()
    assert [file.metadata for file in corpus_files(other).files] == [None]
