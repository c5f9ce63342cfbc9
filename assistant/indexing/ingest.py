"""Files into the index: what is new, changed, unchanged, gone or refused."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import AssistantError, CorpusError
from assistant.indexing.embedder import Embedder
from assistant.indexing.rows import dump_metadata
from assistant.indexing.writer import Change, Progress, Writer, quiet
from assistant.parsing import parse
from assistant.reading import CorpusFile, corpus_files, read_file
from assistant.schema import IngestReport, Metadata, Parsed, Refusal

# Raised by one whenever reading or parsing gives other provisions for the same file: every document is then read anew.
PIPELINE = "1"

MIRRORED, ADDED = "corpus", "added"


def parse_file(path: Path, metadata: Metadata | None = None) -> Parsed:
    """Return a file read and parsed, without touching any index.

    Raises:
        CorpusError: it cannot become a document, or nothing citable is in it.
    """
    parsed = parse(read_file(path, metadata))
    if not any(provision.unit for provision in parsed.provisions):
        raise CorpusError(f"{path.name}：没有找到可以引用的内容（文件为空，或只有标题）。请检查文件")
    return parsed


def ingest_corpus(folder: Path, corpus: Path, embedder: Embedder, progress: Progress = quiet) -> IngestReport:
    """Mirror the corpus folder into the index: add, replace, and take out what vanished there.

    Documents that were added by path or upload stay. A file that is refused does not stop the others, and the version
    of it that is held stays live.

    Raises:
        CorpusError: the folder or its manifest cannot be used at all; nothing is changed.
    """
    if not corpus.is_dir():
        raise CorpusError(f"文件夹 {corpus} 不存在。请指定 corpus 文件夹（设置 corpus），或给出要入库的文件")
    found, refused = corpus_files(corpus)
    with Writer(folder, embedder) as writer:
        batch = _Batch(writer, MIRRORED, progress)
        batch.refused.extend(refused)
        batch.read(found)
        mirrored = {doc_id for doc_id, (origin, _) in writer.held().items() if origin == MIRRORED}
        # What is held of a refused file stays while the file is there; a row whose file is gone keeps nothing.
        still_there = {refusal.file for refusal in batch.refused if (corpus / refusal.file).exists()}
        kept = {doc_id for file, doc_id in writer.files().items() if file in still_there}
        return batch.write(removals=sorted(mirrored - batch.seen - kept))


def ingest_paths(
    folder: Path, paths: Sequence[Path], embedder: Embedder, manifest: Path | None = None, progress: Progress = quiet
) -> IngestReport:
    """Add or replace the documents of `paths` (files, or folders with files), and only those.

    Args:
        folder: the index.
        paths: folders are searched through; a manifest.toml beside a file is used unless `manifest` is given.
        embedder: what computes vectors.
        manifest: rows for these files, by file name.
        progress: told about every stage.
    """
    found: list[CorpusFile] = []
    refused: list[Refusal] = []
    for path in paths:
        if not path.exists():
            refused.append(Refusal(str(path), "文件不存在。请检查路径"))
            continue
        files, problems = corpus_files(path, manifest)
        found.extend(files)
        refused.extend(problems)
    with Writer(folder, embedder) as writer:
        batch = _Batch(writer, ADDED, progress)
        batch.refused.extend(refused)
        batch.read(found)
        return batch.write()


def ingest_parsed(folder: Path, parsed: Parsed, embedder: Embedder, progress: Progress = quiet) -> IngestReport:
    """Make one parsed document live (an upload that was looked at and confirmed)."""
    with Writer(folder, embedder) as writer:
        batch = _Batch(writer, ADDED, progress)
        batch.take(parsed, _fingerprint(parsed.document.metadata, parsed.document.metadata.sha256, ""))
        return batch.write()


def remove_documents(folder: Path, doc_ids: Iterable[str], embedder: Embedder) -> IngestReport:
    """Take documents out of the index.

    Raises:
        CorpusError: one of them is not held; nothing is changed.
    """
    with Writer(folder, embedder) as writer:
        wanted = list(dict.fromkeys(doc_ids))
        held = writer.held()
        unknown = [doc_id for doc_id in wanted if doc_id not in held]
        if unknown:
            raise CorpusError(f"文件库中没有 {'、'.join(unknown)}。现有：{'、'.join(sorted(held)) or '无'}")
        return _Batch(writer, ADDED, quiet).write(removals=wanted)


@dataclass
class _Batch:
    """One ingest under way. `seen` holds the ids that are in the files, changed or not; `files` the file of each."""

    writer: Writer
    origin: str
    progress: Progress
    started: float = field(default_factory=time.monotonic)
    changes: dict[str, Change] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def seen(self) -> set[str]:
        return {*self.changes, *self.unchanged}

    def read(self, files: Sequence[CorpusFile]) -> None:
        held = self.writer.held()
        known = {fingerprint: doc_id for doc_id, (_, fingerprint) in held.items()}
        for done, file in enumerate(files, start=1):
            self.progress("读取文件", done - 1, len(files))
            try:
                sha256 = hashlib.sha256(file.path.read_bytes()).hexdigest()
                fingerprint = _fingerprint(file.metadata, sha256, file.path.name)
                doc_id = known.get(fingerprint)
                # What is named by path and mirrored already stays mirrored; the mirror takes over what was added.
                if doc_id is not None and (self.origin == ADDED or held[doc_id][0] == MIRRORED):
                    if not self._is_second(doc_id, file.name):
                        self.unchanged.append(doc_id)
                else:
                    self.take(parse_file(file.path, file.metadata), fingerprint)
            except (AssistantError, OSError) as error:
                self.refused.append(Refusal(file.name, str(error)))
            self.progress("读取文件", done, len(files))

    def take(self, parsed: Parsed, fingerprint: str) -> None:
        document = parsed.document
        if self._is_second(document.id, document.metadata.file):
            return
        self.changes[document.id] = Change(parsed, self.origin, fingerprint)
        self.warnings += [f"{document.id}：{warning}" for warning in (*document.warnings, *parsed.warnings)]

    def _is_second(self, doc_id: str, file: str) -> bool:
        """Refuse a file whose document another file of this ingest is already, and return whether it was."""
        first = self.files.setdefault(doc_id, file)
        if doc_id in self.seen:
            self.refused.append(Refusal(file, f"{file} 与 {first} 的编号 {doc_id} 相同，只收录后者。请删去其中一份"))
            return True
        return False

    def write(self, removals: Sequence[str] = ()) -> IngestReport:
        before = set(self.writer.held())
        written = self.writer.apply(list(self.changes.values()), removals, self.progress)
        report = IngestReport(
            added=tuple(doc_id for doc_id in self.changes if doc_id not in before),
            replaced=tuple(doc_id for doc_id in self.changes if doc_id in before),
            unchanged=tuple(self.unchanged),
            removed=tuple(doc_id for doc_id in removals if doc_id in before),
            refused=tuple(self.refused),
            warnings=tuple(self.warnings),
            embedded=written.embedded,
            reused=written.reused,
        )
        return replace(report, corpus=self.writer.corpus(), seconds=time.monotonic() - self.started)


def _fingerprint(metadata: Metadata | None, sha256: str, name: str) -> str:
    row = dump_metadata(metadata) if metadata else name
    return hashlib.sha256("\n".join((PIPELINE, row, sha256)).encode()).hexdigest()
