"""The laws and the rebuilt STARD corpus of ../shared/data, read at run time."""

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.reading import read_file
from assistant.schema import Document, Kind, Metadata
from eval.law_metadata import law_metadata

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
LAWS, STARD = "laws.tar.gz", "stard.tar.gz"
DIVISIONS = "admin_divisions"
SAMPLE = 20  # one document in so many, by hash
FAILURES = Path(__file__).with_name("proof_failures.txt")
CIVIL_CODE = "民法典/"  # lies in eight files with running numbers
CIVIL_CODE_ORDER = ("总则", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编", "附则")


@dataclass(frozen=True, slots=True)
class Law:
    """One file of the archive: its id there, its category, the file's bytes, and its row of laws.jsonl."""

    id: str
    title: str
    category: str
    data: bytes
    row: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def doc_id(self) -> str:
        """An id in the form that files without a manifest row get."""
        return "x-" + hashlib.sha256(self.id.encode()).hexdigest()[:12]


def past_failures() -> frozenset[str]:
    """Return the ids of the files that a parser got wrong once; they are in every sample."""
    lines = FAILURES.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def in_sample(law_id: str, one_in: int = SAMPLE) -> bool:
    """Return whether a file is one of the sample, by the sha256 of its id: the same files on every machine."""
    return int(hashlib.sha256(law_id.encode()).hexdigest()[:8], 16) % one_in == 0


def load_laws(data: Path = DATA) -> Iterator[Law]:
    """Yield every file that the archive's laws.jsonl lists, in its order.

    Raises:
        FileNotFoundError: if the archive is not there.
    """
    files: dict[str, bytes] = {}
    with tarfile.open(data / LAWS) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                files[member.name.removeprefix("./")] = stream.read()
    for line in files["laws.jsonl"].decode().splitlines():
        row = json.loads(line)
        yield Law(row["law_id"], row["title"], row["category"], files[f"md/{row['law_id']}.md"], row)


def read_laws(laws: Iterator[Law]) -> Iterator[tuple[Law, Document]]:
    """Yield each law with its document, read as any Markdown file is: from a file, which is removed again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "law.md"
        for law in laws:
            path.write_bytes(law.data)
            yield law, read_file(path, Metadata(law.doc_id, law.title, Kind.STATUTE))


def all_laws(data: Path = DATA) -> Iterator[Document]:
    """Yield every law as a document of a corpus, with its level, place and dates; 民法典 as one document, not eight.

    Raises:
        FileNotFoundError: if the archive is not there.
    """
    laws = list(load_laws(data))
    metadata = law_metadata((law.row for law in laws), data / DIVISIONS, {law.id: law.doc_id for law in laws})
    code: dict[str, Document] = {}
    for law, document in read_laws(iter(laws)):
        if law.id.startswith(CIVIL_CODE):
            code[law.id.removeprefix(CIVIL_CODE)] = replace(document, metadata=metadata[law.id])
        else:
            yield replace(document, metadata=metadata[law.id])
    if code:
        first = code[CIVIL_CODE_ORDER[0]]
        yield replace(first, text="\n".join(code[name].text for name in CIVIL_CODE_ORDER), source_map=())


def load_stard(data: Path = DATA) -> dict[str, list[dict[str, Any]]]:
    """Return the articles of the rebuilt STARD corpus by the id of the file that they came from."""
    articles: dict[str, list[dict[str, Any]]] = {}
    with tarfile.open(data / STARD) as archive:
        stream = archive.extractfile("corpus_recon.jsonl")
        assert stream is not None
        for line in stream:
            row = json.loads(line)
            articles.setdefault(row["source"].removesuffix(".md"), []).append(row)
    return articles
