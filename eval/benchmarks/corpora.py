"""What a benchmark is: documents to index, questions with their right provisions, and the facts a report states."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from assistant.errors import CorpusError
from assistant.indexing.ingest import parse_file
from assistant.reading import corpus_files
from assistant.schema import Parsed
from eval.law_data import ROOT

CORPUS = ROOT / "corpus"


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a benchmark.

    Attributes:
        id: unique in the benchmark.
        question: as asked.
        gold: ids of provisions that are right (units, or provisions inside them); any one of them answers.
        need: those of them that are all needed for a whole answer; empty where one is enough.
        also: ids that count as right beside `gold`, and that nobody expects to be found.
        region: code of the place asked from, "" for none.
        groups: what the question is counted under, {"split": "reporting", "role": "enterprise", …}.
        shown: whether its text may stand in a committed report.
    """

    id: str
    question: str
    gold: tuple[str, ...]
    need: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    region: str = ""
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    shown: bool = True

    @property
    def right(self) -> tuple[str, ...]:
        """Everything that counts as right."""
        return tuple(dict.fromkeys((*self.gold, *self.also)))


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A corpus and the questions asked of it.

    Attributes:
        name: "stard", "policy" or "founding".
        title: what the corpus is, in Chinese, for the report.
        documents: gives every document, parsed; may be called again.
        sources: the files that `documents` and `cases` are made from; the cached index is keyed by their bytes.
        cases: gives the questions.
        notes: what a reader of the report must know, one line each, in Chinese.
    """

    name: str
    title: str
    documents: Callable[[], Iterator[Parsed]]
    sources: tuple[Path, ...]
    cases: Callable[[], tuple[Case, ...]]
    notes: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """Return the sha256 over the bytes of the sources, hex.

        Raises:
            CorpusError: one of them is absent.
        """
        whole = hashlib.sha256()
        for path in self.sources:
            if not path.is_file():
                raise CorpusError(f"缺少数据文件 {path.name}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明")
            whole.update(path.name.encode() + b"\n" + hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()


def founding_documents(corpus: Path = CORPUS) -> Iterator[Parsed]:
    """Yield the documents of the corpus folder, parsed.

    Raises:
        CorpusError: the folder cannot be read, or a file in it was refused.
    """
    files, refused = corpus_files(corpus)
    for refusal in refused:
        raise CorpusError(f"{refusal.file}：{refusal.reason}（评测要求语料全部收录）")
    for file in files:
        yield parse_file(file.path, file.metadata)


def corpus_sources(corpus: Path = CORPUS) -> tuple[Path, ...]:
    """Return the files of the corpus folder, manifest first."""
    return (corpus / "manifest.toml", *(file.path for file in corpus_files(corpus)[0]))
