import hashlib
import re
from pathlib import Path

import pytest

from assistant.errors import AssistantError, ManifestError
from assistant.reading import READABLE, Limits, corpus_files, load_known, load_manifest, read_file
from assistant.schema import Document, Kind, Level, Metadata
from tests.reading.builders import archive, paragraph, pdf, word, write

CORPUS = Path(__file__).parents[2] / "corpus"
LAWS = Path(__file__).parents[3] / "shared/data/laws.tar.gz"
POLICY = Path(__file__).parents[3] / "shared/data/policy_documents.jsonl.gz"


def bare(text: str) -> str:
    """The text without white space and bookmark marks: what verbatim is judged on."""
    return "".join(re.sub(r"\[bookmark:[^\]\n]*\]", "", text).split())


@pytest.fixture(scope="module")
def founding() -> dict[str, Document]:
    return {file.path.stem: read_file(file.path, file.metadata) for file in corpus_files(CORPUS).files}


def test_the_founding_documents_are_verbatim(founding: dict[str, Document]) -> None:
    assert set(founding) == {"gd-transfer-2025", "mfg-transfer-2021"}
    for name, document in founding.items():
        source = (CORPUS / f"{name}.txt").read_text("utf-8")
        assert bare(document.text) == bare(source)
        assert "bookmark" not in document.text


def test_the_regulation(founding: dict[str, Document]) -> None:
    document = founding["gd-transfer-2025"]
    lines = document.text.split("\n")
    assert lines[0] == "第一章　总　　则"
    assert sum(bool(re.match("第[一二三四五六七八九十]+条　", line)) for line in lines) == 39
    assert len(lines) == 66  # 7 chapters, 39 articles, 20 further paragraphs: nothing was joined
    assert document.warnings == ()
    assert document.metadata.level is Level.LOCAL_REGULATION
    # 第十条 stands in line 25 of the file.
    start = document.text.index("第十条　")
    point = max((point for point in document.source_map if point.start <= start), key=lambda point: point.start)
    source_line = (CORPUS / "gd-transfer-2025.txt").read_text("utf-8").split("\n")[(point.paragraph or 0) - 1]
    assert source_line.startswith("[bookmark: 第十条]")


JOINED = [
    "高载能行业向西部清洁能源优势地区集聚",
    "支持资源型地区发展接续产业",
    "推动市场、规则、标准方面",
    "严格落实生态环境损害赔偿",
    "上下联动工作机制",
]


def test_the_guidance_is_whole_again(founding: dict[str, Document]) -> None:
    document = founding["mfg-transfer-2021"]
    for sentence in JOINED:
        assert sentence in document.text
    lines = document.text.split("\n")
    assert len(lines) == 19  # nine headings, nine parts of one paragraph, the closing one
    assert [line[:2] for line in lines[0:18:2]] == [f"{numeral}、" for numeral in "一二三四五六七八九"]
    assert document.warnings == ("句子中间的换行或分页 5 处已接续，请核对",)
    assert document.metadata.from_memory == ("number",)
    assert (document.metadata.promulgated, document.metadata.effective) == (None, None)


def test_the_lists_of_the_corpus() -> None:
    rows = load_manifest(CORPUS / "manifest.toml")
    assert [row.jurisdiction for row in rows] == ["440000", "000000"]
    known = load_known(CORPUS / "known.toml")
    assert len(known) >= 20
    assert not {row.title for row in known} & {row.title for row in rows}
    assert {law.title: law.articles for law in known}["中华人民共和国民法典"] == 1260
    for law in known:  # whose text was looked into says so; who has no count says that too
        assert ("条数和施行日期据法律文本" in law.source) is (law.articles is not None), law.title


def test_a_file_without_a_row(tmp_path: Path) -> None:
    content = "某省转移条例\r\n第一条　甲。\r\n第二条　本条例自2025年3月1日起施行。"
    document = read_file(write(tmp_path, "a.txt", content))
    text = content.replace("\r\n", "\n")
    assert document.text == text
    assert document.id == "x-" + hashlib.sha256(text.encode()).hexdigest()[:12]
    assert (document.title, document.metadata.kind, document.metadata.verified) == ("某省转移条例", Kind.STATUTE, False)
    assert document.metadata.sha256 == hashlib.sha256(content.encode()).hexdigest()
    # The same text in another encoding and file is the same document.
    assert read_file(write(tmp_path, "b.txt", text.encode("gb18030"))).id == document.id


def test_sha256_is_checked(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "第一条　甲。")
    row = Metadata(id="a-1", title="甲", kind=Kind.STATUTE, sha256="0" * 64)
    with pytest.raises(ManifestError) as caught:
        read_file(path, row)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"文件的 sha256 是 {found}，清单中 a-1 一行写的是 {'0' * 64}" in str(caught.value)


REFUSED = [  # name, content, what the message says
    ("a.txt", b"", "文件是空的"),
    ("a.txt", b"\n \n", "没有任何文字"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "不支持 .doc 文件；请用 Word 或 WPS 另存为 .docx"),
    ("a.xls", b"x", "不支持 .xls 文件；请用 Excel 或 WPS 另存为 .xlsx"),
    ("a.ofd", b"PK\x03\x04", "不支持 .ofd 文件；请用 OFD 阅读器导出"),
    ("a.zip", b"PK\x03\x04", "请解压后逐个入库"),
    ("a.exe", b"MZ", "不支持 .exe 文件；请转换为 .txt .md"),
    ("a", b"x", "不支持没有扩展名的文件"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 或加密的 Office 文件"),
    ("a.docx", "第一条".encode(), "扩展名是 .docx，内容却是文本"),
    ("a.docx", pdf([(72, 700, "甲")]), "扩展名是 .docx，内容却是PDF"),
    ("a.pdf", archive({"a": "b"}), "扩展名是 .pdf，内容却是Office 文档或压缩包"),
    ("a.txt", word(paragraph("甲")), "扩展名是 .txt，内容却是Office 文档或压缩包"),
    ("a.xlsx", word(paragraph("甲")), "不是 Excel 工作簿"),
    ("a.txt", b"\xff" * 40, "编码无法识别，偏移 0 处的字节 0xFF"),
]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_refusals_are_one_clear_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(AssistantError) as caught:
        read_file(write(tmp_path, name, content))
    assert said in str(caught.value)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


def test_size_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="文件超过上限 0 MB"):
        read_file(write(tmp_path, "a.txt", "甲" * 100), limits=Limits(file_bytes=100))
    with pytest.raises(AssistantError, match="无法打开"):
        read_file(tmp_path / "none.txt")
    with pytest.raises(AssistantError, match="无法打开"):
        folder = tmp_path / "folder.txt"
        folder.mkdir()
        read_file(folder)


def test_extensions_in_capitals(tmp_path: Path) -> None:
    assert read_file(write(tmp_path, "A.TXT", "甲")).text == "甲"
    assert READABLE == (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".csv")


def test_word_through_the_whole_reader(tmp_path: Path) -> None:
    body = paragraph("第一条　甲。支持高载能行业") + paragraph("向西部集聚。引导转移。") + paragraph("第二条　乙。")
    document = read_file(write(tmp_path, "a.docx", word(body)))
    assert document.text == "第一条　甲。支持高载能行业向西部集聚。引导转移。\n第二条　乙。"
    assert [(point.start, point.paragraph, point.part) for point in document.source_map] == [
        (0, 1, "body"),
        (13, 2, "body"),
        (25, 3, "body"),
    ]


@pytest.mark.skipif(not POLICY.is_file(), reason="the policy documents are not on this machine (../shared/data)")
def test_policy_documents_are_verbatim(tmp_path: Path) -> None:
    import gzip
    import json

    from assistant.reading.normalise import DROPPED

    with gzip.open(POLICY, "rt", encoding="utf-8") as rows:
        for number, row in enumerate(rows):
            if number % 20 == 0:
                content = json.loads(row)["Policy Content"]
                document = read_file(write(tmp_path, f"{number}.txt", content))
                assert bare(document.text) == bare(DROPPED.sub("", content)), number


@pytest.mark.skipif(not LAWS.is_file(), reason="the laws are not on this machine (../shared/data)")
def test_a_sample_of_laws_reads_whole(tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(LAWS) as tar:
        seen = 0
        for number, member in enumerate(tar):
            if number % 40 or not member.name.endswith(".md") or member.name.endswith("/_index.md"):
                continue
            stream = tar.extractfile(member)
            assert stream is not None
            content = stream.read()
            if not content.strip():
                continue
            document = read_file(write(tmp_path, f"{number}.md", content))
            articles = re.compile(r"^第[一二三四五六七八九十百千零〇]+条[\s　]", re.MULTILINE)
            assert len(articles.findall(document.text)) == len(articles.findall(content.decode()))
            starts = [point.start for point in document.source_map]
            assert starts[0] == 0 and starts == sorted(set(starts)) and starts[-1] < len(document.text)
            seen += 1
    assert seen > 60
