"""The index of a benchmark: built once through the product's own writer, kept outside the tree, searched as any index.

It is found again by what it was made from: the sources' bytes, the embedder, the schema, and the code that reads,
parses and indexes. Another state of any of these builds another index.
"""

import hashlib
import json
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.indexing.database import SCHEMA_VERSION
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Index
from assistant.indexing.ingest import PIPELINE
from assistant.indexing.texts import embedded_texts
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.writer import Change, Writer
from assistant.schema import Parsed
from eval.benchmarks import Benchmark
from eval.law_data import ROOT
from eval.vector_cache import CHECKED, MAX_EMBED, CachedEmbedder, VectorCache, cache_folder

FINISHED = "finished.json"
# What decides the rows of an index, besides its sources.
CODE = ("assistant/reading", "assistant/parsing", "assistant/indexing", "eval/benchmarks")
CODE_FILES = ("assistant/schema/documents.py", "eval/law_data.py", "eval/law_metadata.py")
# Indexes of one benchmark and embedder that are kept, the youngest; one of all laws takes a gigabyte.
KEPT = 3


@dataclass(frozen=True, slots=True)
class BuiltIndex:
    """An index and how it came to be.

    Attributes:
        key: what the index was made from, 16 hex digits.
        documents, units, sentences: in it.
        texts: different texts that have a vector.
        cached: of these, how many vectors lay in the cache; the rest was computed in this build.
        seconds: the build took, whenever that was.
        reused: whether it lay there already.
        disk_mb: size of its folder.
        build_memory_gb: most memory the process held while building.
        lowest_cosine: between vectors of the cache and those computed here, over a few texts.
    """

    folder: Path
    key: str
    documents: int
    units: int
    sentences: int
    texts: int
    cached: int
    seconds: float
    reused: bool
    disk_mb: float
    build_memory_gb: float
    lowest_cosine: float

    def facts(self) -> dict[str, object]:
        """Return what a report says of it: everything but the folder."""
        return {name: value for name, value in asdict(self).items() if name != "folder"}


def build(
    benchmark: Benchmark,
    embedder: Embedder,
    say: Callable[[str], None],
    max_embed: int = MAX_EMBED,
    root: Path | None = None,
) -> BuiltIndex:
    """Return the index of a benchmark, building it where it does not lie in the cache yet.

    Args:
        benchmark: what to index.
        embedder: what the index is searched with; passages come from the vector cache where it has them.
        say: told what is going on, a line each.
        max_embed: texts that may be embedded here.
        root: the cache, by default `cache_folder()`.

    Raises:
        ModelError: more than `max_embed` vectors are missing, or those of the cache are another model's.
        CorpusError: a source is absent or cannot be parsed.
    """
    root = root or cache_folder()
    key = index_key(benchmark, embedder)
    family = f"{benchmark.name}-{hashlib.sha256(embedder.name.encode()).hexdigest()[:6]}-{embedder.revision}"
    folder = root / "indexes" / f"{family}-{key}"
    if (folder / FINISHED).is_file():
        facts = json.loads((folder / FINISHED).read_text(encoding="utf-8"))
        (folder / FINISHED).touch()
        return BuiltIndex(folder=folder, **{**facts, "reused": True})
    cache = VectorCache.of(embedder, root)
    cached = CachedEmbedder(embedder, cache, max_embed)
    say(f"{benchmark.name}：清点文字（向量缓存中有 {len(cache):,} 条）")
    count = _Count()
    sample = count.of(benchmark.documents(), cache)
    cached.allow(count.missing)
    lowest = cached.lowest_cosine(sample)
    say(f"{benchmark.name}：{count.units:,} 个单位，{count.texts:,} 条文字，其中 {count.missing:,} 条要在本机算向量")
    if folder.exists():  # an interrupted build: its vectors are in the cache, its documents are read again
        shutil.rmtree(folder)
    started = time.perf_counter()
    with Writer(folder, cached) as writer:
        changes = (Change(parsed, "corpus", key) for parsed in benchmark.documents())
        writer.apply(changes, progress=_Progress(say))
    built = BuiltIndex(
        folder=folder,
        key=key,
        documents=count.documents,
        units=count.units,
        sentences=count.sentences,
        texts=count.texts,
        cached=count.texts - cached.computed,
        seconds=round(time.perf_counter() - started, 1),
        reused=False,
        disk_mb=round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 1),
        build_memory_gb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        lowest_cosine=round(lowest, 5),
    )
    (folder / FINISHED).write_text(json.dumps(built.facts(), ensure_ascii=False) + "\n", encoding="utf-8")
    _forget(folder.parent, family)
    return built


def index_key(benchmark: Benchmark, embedder: Embedder) -> str:
    """Return 16 hex digits of what decides an index: sources, embedder, schema, dictionary, building code."""
    parts = [benchmark.fingerprint(), embedder.name, embedder.revision, PIPELINE, SCHEMA_VERSION]
    parts += [LexicalTokenizer.revision(), code_hash(ROOT)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def code_hash(root: Path) -> str:
    """Return the sha256 over the code and data files that decide the rows of an index, hex."""
    files = [path for folder in CODE for path in (root / folder).rglob("*") if path.suffix in (".py", ".txt", ".toml")]
    whole = hashlib.sha256()
    for path in sorted({*files, *(root / name for name in CODE_FILES)}):
        whole.update(path.relative_to(root).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


@contextmanager
def opened(built: BuiltIndex, embedder: Embedder) -> Iterator[Index]:
    """Give the index, open; it is closed afterwards."""
    index = Index.open(built.folder, embedder)
    try:
        yield index
    finally:
        index.close()


class _Count:
    """What a corpus holds, counted before anything is built."""

    def __init__(self) -> None:
        self.documents = self.units = self.sentences = self.texts = self.missing = 0

    def of(self, documents: Iterator[Parsed], cache: VectorCache) -> list[str]:
        """Count the documents; return some texts that the cache has, of different documents."""
        seen: set[str] = set()
        sample: list[str] = []
        for parsed in documents:
            found = embedded_texts(parsed)
            self.documents += 1
            self.units += len(found.units)
            self.sentences += len(found.sentences)
            new = found.texts.keys() - seen
            self.missing += sum(digest not in cache for digest in new)
            seen |= new
            held = next((digest for digest in sorted(new) if digest in cache), None)
            if held and len(sample) < 8 * CHECKED:
                sample.append(found.texts[held])
        self.texts = len(seen)
        return sample


class _Progress:
    """Tells the stages of a writer, at most every tenth of one."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._last: tuple[str, int] = ("", -1)

    def __call__(self, stage: str, done: int, total: int) -> None:
        tenth = (stage, 10 * done // max(total, 1))
        if tenth != self._last:
            self._last = tenth
            self._say(f"　{stage} {done:,}/{total:,}")


def _forget(folder: Path, family: str) -> None:
    """Delete all but the youngest indexes of a family."""
    finished = sorted(folder.glob(f"{family}-*/{FINISHED}"), key=lambda path: path.stat().st_mtime)
    for path in finished[:-KEPT]:
        shutil.rmtree(path.parent)
