"""The index that the checker is measured on: the founding documents and all laws, as the product writes them.

The checker reads rows and no vectors, so these come from a hash instead of a model. Versions of one Work say which
others they replace, as far as the dates in the data tell.
"""

import hashlib
import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.database import SCHEMA_VERSION
from assistant.indexing.index import Index
from assistant.indexing.ingest import PIPELINE
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.writer import Change, Writer
from assistant.parsing import parse
from assistant.schema import Metadata, Parsed
from eval.benchmark_index import FINISHED
from eval.benchmarks.corpora import founding_documents
from eval.benchmarks.founding import documents, founding
from eval.law_data import DATA, ROOT, all_laws, in_sample
from eval.vector_cache import cache_folder

NAME, SAMPLE = "citations", "sample_citations"
WRITTEN = "1"  # changes when this module writes other rows
KEPT = 2  # indexes that are kept, the youngest
# What decides the rows that a checker reads. Code that only searches is left out: its changes build nothing anew.
CODE_FOLDERS = ("assistant/reading", "assistant/parsing")
CODE_FILES = (
    *(f"assistant/indexing/{name}.py" for name in ("database", "rows", "links", "prepare", "staging")),
    *(f"eval/{name}.py" for name in ("law_data", "law_metadata", "benchmarks/founding")),
    "assistant/schema/documents.py",
)


class HashEmbedder:
    """An embedder whose vectors are drawn by the sha256 of the text: cheap, and the same on every machine."""

    name = "hash"
    revision = "1"
    dimension = 4

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors, float32 (n, 4), rows of unit length."""
        drawn = b"".join(hashlib.sha256(text.encode()).digest()[: self.dimension] for text in texts)
        rows = np.frombuffer(drawn, np.uint8).astype(np.float32).reshape(-1, self.dimension) - 127.5
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the same vectors."""
        if progress:
            progress(len(texts))
        return self.embed_queries(texts)


def sampled(data: Path = DATA) -> Iterator[Parsed]:
    """Yield the founding documents and one law in 20, fixed by the hashes of their ids."""
    yield from founding_documents()
    for document in all_laws(data):
        if in_sample(document.id):
            parsed = parse(document)
            if any(provision.unit for provision in parsed.provisions):
                yield parsed


def index_folder(data: Path = DATA, root: Path | None = None, sample: bool = False) -> Path:
    """Return where the index of this state of data and code lies, whether or not it has been built.

    Raises:
        CorpusError: a source is absent.
    """
    parts = [founding(data).fingerprint(), WRITTEN, PIPELINE, SCHEMA_VERSION, LexicalTokenizer.revision()]
    whole = hashlib.sha256("\n".join(parts).encode())
    files = [path for folder in CODE_FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _TEXT]
    for path in sorted({*files, *(ROOT / name for name in CODE_FILES)}):
        whole.update(path.relative_to(ROOT).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return (root or cache_folder()) / "indexes" / f"{SAMPLE if sample else NAME}-{whole.hexdigest()[:16]}"


_TEXT = frozenset({".py", ".txt", ".toml"})


def build(say: Callable[[str], None], data: Path = DATA, root: Path | None = None, sample: bool = False) -> Path:
    """Return the folder of the index, building it where it does not lie in the cache yet (a few minutes).

    Args:
        say: told what is going on, a line each.
        data: the data folder.
        root: the cache, by default `cache_folder()`.
        sample: of one law in 20 only (seconds).

    Raises:
        CorpusError: a source is absent or cannot be parsed.
    """
    folder = index_folder(data, root, sample)
    if (folder / FINISHED).is_file():
        (folder / FINISHED).touch()
        return folder
    say(f"建立核对用的索引（奠基文件和{'抽样的' if sample else '全部'}法规，不算向量）：{folder}")
    parsed = list(sampled(data) if sample else documents(data))
    supersedes = superseded(one.document.metadata for one in parsed)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Built beside its place: two builds at once do not meet, and what a kill leaves does not look finished.
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}.", dir=folder.parent) as unfinished:
        place = Path(unfinished) / "index"
        with Writer(place, HashEmbedder()) as writer:
            writer.apply(Change(with_supersedes(one, supersedes), "corpus", folder.name) for one in parsed)
        (place / FINISHED).write_text(json.dumps({"documents": len(parsed)}) + "\n", encoding="utf-8")
        with suppress(OSError):  # another build was first: it is the same
            place.rename(folder)
    _forget(folder.parent, SAMPLE if sample else NAME)
    return folder


def open_index(folder: Path) -> Index:
    """Return the index, open."""
    return Index.open(folder, HashEmbedder())


def superseded(documents: Iterable[Metadata]) -> dict[str, tuple[str, ...]]:
    """Return id → ids of the earlier versions of its Work: those that started before it did, or nobody knows when.

    Of two versions without a date neither replaces the other.
    """
    works: dict[str, list[Metadata]] = defaultdict(list)
    for row in documents:
        works[row.work or row.id].append(row)
    found = {}
    for versions in works.values():
        for row in versions:
            earlier = [other.id for other in versions if _start(other) < _start(row)]
            if earlier:
                found[row.id] = tuple(sorted(earlier))
    return found


def with_supersedes(parsed: Parsed, supersedes: dict[str, tuple[str, ...]]) -> Parsed:
    """Return a document whose metadata name the versions it replaces."""
    found = supersedes.get(parsed.document.id)
    if not found:
        return parsed
    metadata = replace(parsed.document.metadata, supersedes=found)
    return replace(parsed, document=replace(parsed.document, metadata=metadata))


def _start(metadata: Metadata) -> date:
    return metadata.effective or metadata.promulgated or date.min


def _forget(folder: Path, name: str) -> None:
    finished = folder.glob(f"{name}-*/{FINISHED}")
    for path in sorted(finished, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(path.parent)
