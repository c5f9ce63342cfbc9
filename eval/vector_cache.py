"""Vectors of benchmark texts, kept by content hash outside the tree: computed here, or elsewhere and imported.

    python -m eval.vector_cache texts --benchmark stard --out texts.jsonl.gz    what the cache lacks, a line a text
    python -m eval.vector_cache import part1.npz part2.npz                      vectors that were computed elsewhere

The cache is a folder, `YIJU_CACHE`/vectors/<embedder>-<revision>/, of *.npz parts with two arrays: `hashes`, (n,) of 32
ASCII hex digits each (`texts.content_hash`), and `vectors`, (n, dimension) float16, rows of unit length.
"""

import argparse
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, ModelError
from assistant.indexing.computed import write_texts
from assistant.indexing.embedder import Embedder, load_embedder
from assistant.indexing.texts import content_hash, embedded_texts
from assistant.schema import Parsed
from eval.benchmarks import BENCHMARKS, load_benchmark
from eval.law_data import DATA

ENVIRONMENT = "YIJU_CACHE"
DEFAULT_CACHE = Path.home() / ".cache" / "yiju"
HASH_TYPE = np.dtype("S32")
# Texts that a benchmark may embed by itself: two minutes on two cores. All laws take hours.
MAX_EMBED = 3_000
# Texts of one part that is computed here: what a kill can cost.
PART_TEXTS = 256
# Rows of float16 are this close to unit length; other vectors were not normalised.
LENGTH_TOLERANCE = 0.01
# Texts embedded here to see whether imported vectors come from the same model, and the least cosine between the two:
# half precision and another machine's kernels stay above it, another model or prefix does not.
CHECKED, MIN_COSINE = 8, 0.995


def cache_folder() -> Path:
    """Return the folder of everything that benchmarks keep: `YIJU_CACHE`, else the user's cache folder."""
    return Path(os.environ.get(ENVIRONMENT) or DEFAULT_CACHE).expanduser()


class VectorCache:
    """Vectors by content hash. Loaded once; parts that another process adds later are not seen.

    Raises:
        ModelError: a part is damaged or of another dimension, on opening and on importing.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder = folder
        self.dimension = dimension
        self._vectors: list[NDArray[np.float16]] = []
        self._where: dict[bytes, tuple[int, int]] = {}
        for path in sorted(folder.glob("*.npz")):
            self._take(*read_part(path, dimension))

    @classmethod
    def of(cls, embedder: Embedder, root: Path | None = None) -> "VectorCache":
        """Return the cache of an embedder under `root`, by default `cache_folder()`."""
        # A model's name may be a folder or an address. Kept: statute-embed-zh; replaced: the slash of BAAI/bge-m3.
        name = re.sub(r"[^\w.-]+", "_", f"{Path(embedder.name).name}-{embedder.revision}")
        return cls((root or cache_folder()) / "vectors" / name, embedder.dimension)

    def __contains__(self, digest: str) -> bool:
        return digest.encode() in self._where

    def __len__(self) -> int:
        return len(self._where)

    def get(self, digest: str) -> NDArray[np.float16]:
        """Return one vector, float16 (dimension,).

        Raises:
            KeyError: it is not there.
        """
        part, row = self._where[digest.encode()]
        return self._vectors[part][row]

    def add(self, digests: Sequence[str], vectors: NDArray[np.float32]) -> Path:
        """Store vectors, float (n, dimension), as a part named after what is in it, and return its path."""
        hashes = np.array([digest.encode() for digest in digests], dtype=HASH_TYPE)
        return self._store(hashes, np.asarray(vectors, dtype=np.float16))

    def take(self, path: Path) -> tuple[int, int]:
        """Copy a part that was computed elsewhere into the cache; return how many vectors it has, and how many new."""
        hashes, vectors = read_part(path, self.dimension)
        before = len(self)
        self._store(hashes, vectors)
        return len(hashes), len(self) - before

    def _store(self, hashes: NDArray[np.bytes_], vectors: NDArray[np.float16]) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(hashes.tobytes() + vectors.tobytes()).hexdigest()[:16]
        path = self.folder / f"{name}.npz"
        if not path.exists():
            unfinished = path.with_suffix(f".{os.getpid()}.tmp")
            with unfinished.open("wb") as file:
                np.savez(file, hashes=hashes, vectors=vectors)
            unfinished.replace(path)
        self._take(hashes, vectors)
        return path

    def _take(self, hashes: NDArray[np.bytes_], vectors: NDArray[np.float16]) -> None:
        part = len(self._vectors)
        self._vectors.append(vectors)
        for row, digest in enumerate(hashes.tolist()):
            self._where.setdefault(digest, (part, row))


def read_part(path: Path, dimension: int) -> tuple[NDArray[np.bytes_], NDArray[np.float16]]:
    """Return the hashes and vectors of one part, checked.

    Raises:
        ModelError: it cannot be read, or is not what the cache holds; the line says which.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            hashes, vectors = arrays["hashes"], arrays["vectors"]
    except Exception as error:  # a damaged file makes numpy raise what its parts do, zlib's own errors among them
        raise ModelError(f"向量文件 {path.name} 读不了：{error}。请重新生成或删去它") from error
    problem = ""
    if vectors.ndim != 2 or vectors.shape[1:] != (dimension,) or vectors.dtype != np.float16:
        problem = f"vectors 是 {vectors.dtype} {vectors.shape}，应为 float16 (n, {dimension})"
    elif hashes.shape != (len(vectors),) or hashes.dtype != HASH_TYPE:
        problem = f"hashes 是 {hashes.dtype} {hashes.shape}，应为 {HASH_TYPE} ({len(vectors)},)"
    else:
        lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
        off = np.flatnonzero(~(np.abs(lengths - 1) <= LENGTH_TOLERANCE))  # NaN is off, too
        if len(off):
            problem = f"第 {off[0]} 行的长度是 {lengths[off[0]]:.3f}，应为 1"
    if problem:
        raise ModelError(f"向量文件 {path.name} 不能用：{problem}。请重新生成或删去它")
    return hashes, vectors


class CachedEmbedder:
    """An embedder that answers passages from a cache, and computes and stores the rest, up to a limit.

    Attributes:
        computed: texts embedded here so far.
        cached: texts that the cache answered so far.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache, max_embed: int = MAX_EMBED) -> None:
        self._embedder = embedder
        self._cache = cache
        self._max_embed = max_embed
        self.computed = 0
        self.cached = 0

    @property
    def name(self) -> str:
        """Of the embedder behind it."""
        return self._embedder.name

    @property
    def revision(self) -> str:
        """Of the embedder behind it."""
        return self._embedder.revision

    @property
    def dimension(self) -> int:
        """Of the embedder behind it."""
        return self._embedder.dimension

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions; these are never cached, so that their time is measured."""
        return self._embedder.embed_queries(texts)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, those that were computed before from the cache.

        Raises:
            ModelError: more than `max_embed` texts would have been computed here altogether.
        """
        digests = [content_hash(text) for text in texts]
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._cache}
        self.allow(len(missing))
        todo = list(missing)
        for start in range(0, len(todo), PART_TEXTS):
            part = todo[start : start + PART_TEXTS]
            self._cache.add(part, self._embedder.embed_passages([missing[digest] for digest in part]))
            self.computed += len(part)
            if progress:
                progress(len(texts) - len(todo) + start + len(part))
        if progress and not todo:
            progress(len(texts))
        self.cached += len(texts) - len(todo)
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([self._cache.get(digest) for digest in digests]).astype(np.float32)

    def allow(self, count: int) -> None:
        """Check that so many more texts may be embedded here.

        Raises:
            ModelError: they may not.
        """
        if self.computed + count > self._max_embed:
            raise ModelError(
                f"缓存 {self._cache.folder.name} 缺 {self.computed + count:,} 条文字的向量，超过 --max-embed "
                f"{self._max_embed:,}。请用 python -m eval.vector_cache texts 列出，在别处算好再 import"
            )

    def lowest_cosine(self, texts: Sequence[str]) -> float:
        """Return the least cosine between cached vectors and those that the embedder gives here, over `CHECKED` texts.

        Raises:
            ModelError: it is below `MIN_COSINE`: the cached vectors were made by another model.
        """
        chosen = sorted((content_hash(text), text) for text in texts if content_hash(text) in self._cache)[:CHECKED]
        if not chosen:
            return 1.0
        here = self._embedder.embed_passages([text for _, text in chosen])
        there = np.stack([self._cache.get(digest) for digest, _ in chosen]).astype(np.float32)
        lowest = float((here * there).sum(axis=1).min())
        if lowest < MIN_COSINE:
            raise ModelError(
                f"缓存 {self._cache.folder.name} 里的向量与模型在本机算出的不符（余弦最低 {lowest:.3f}）；"
                "请删去该文件夹重算"
            )
        return lowest


def missing_texts(documents: Iterable[Parsed], cache: VectorCache) -> Iterator[tuple[str, str]]:
    """Yield (hash, text) of what documents need and the cache lacks, each once: articles first, then sentences."""
    units: dict[str, str] = {}
    sentences: dict[str, str] = {}
    for parsed in documents:
        found = embedded_texts(parsed)
        for digests, kept in ((found.units, units), (found.sentences, sentences)):
            kept |= {digest: found.texts[digest] for digest in digests.values() if digest not in cache}
    yield from units.items()
    yield from ((digest, text) for digest, text in sentences.items() if digest not in units)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.vector_cache",
        description="评测用的向量缓存（YIJU_CACHE）：列出还缺的文字，导入在别处算好的向量",
        epilog="例：python -m eval.vector_cache texts --benchmark stard --out texts.jsonl.gz",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    texts = commands.add_parser("texts", help="列出缓存中没有的文字，每行一条 {hash, text}，条文在前，句子在后")
    texts.add_argument("--benchmark", choices=BENCHMARKS, action="append", required=True, help="可重复，合并去重")
    texts.add_argument("--out", type=Path, required=True, help="写到哪里（.jsonl.gz）")
    texts.add_argument("--data", type=Path, default=DATA, help="数据目录")
    imported = commands.add_parser("import", help="把 .npz（hashes、vectors）收入缓存")
    imported.add_argument("parts", type=Path, nargs="+", metavar="FILE.npz")
    for command in (texts, imported):
        command.add_argument("--embedder", default="builtin", help="向量模型，写法同设置")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """List or import; return 0, or 1 with one line for an error."""
    options = build_parser().parse_args(arguments)
    try:
        embedder = load_embedder(options.embedder)
        cache = VectorCache.of(embedder)
        if options.command == "texts":
            documents = (
                parsed for name in options.benchmark for parsed in load_benchmark(name, options.data).documents()
            )
            count = write_texts(options.out, missing_texts(documents, cache))
            print(f"缺 {count:,} 条，已写入 {options.out.name}；缓存中已有 {len(cache):,} 条（{cache.folder.name}）")
        else:
            for path in options.parts:
                count, new = cache.take(path)
                print(f"{path.name}：{count:,} 条，其中新的 {new:,} 条；缓存中共 {len(cache):,} 条")
    except AssistantError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
