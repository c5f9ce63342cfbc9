"""Files into the index: what is new, changed, unchanged, gone or refused."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from assistant.errors import AssistantError, CorpusError
from assistant.indexing import database
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import stamps
from assistant.indexing.prepare import Prepared, prepare
from assistant.indexing.rows import dump_metadata
from assistant.indexing.texts import embedded_texts
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.vectors import IN_FOLDER, VectorsAt
from assistant.indexing.workers import in_order, processes_for
from assistant.indexing.writer import Progress, Writer, quiet
from assistant.parsing import parse
from assistant.reading import ASKED, CorpusFile, CorpusListing, corpus_files, read_file
from assistant.schema import IngestReport, Metadata, Parsed, Refusal

# Raised by one whenever reading or parsing gives other provisions for the same file: every document is then read anew.
PIPELINE = "1"

MIRRORED, ADDED = "corpus", "added"


def parse_file(path: Path, metadata: Metadata | None = None, asked: Sequence[tuple[str, Sequence[str]]] = ()) -> Parsed:
    """Return a file read and parsed, with the questions that its units answer, without touching any index.

    Raises:
        CorpusError: it cannot become a document, or nothing citable is in it.
    """
    parsed = parse(read_file(path, metadata))
    if not any(provision.unit for provision in parsed.provisions):
        raise CorpusError(f"{path.name}：没有找到可以引用的内容（文件为空，或只有标题）。请检查文件")
    units = {provision.id for provision in parsed.provisions if provision.unit}
    lost = tuple(f"{ASKED}：文件里没有 {unit}，它的问法没有采用" for unit, _ in asked if unit not in units)
    pairs = tuple((unit, question) for unit, questions in asked if unit in units for question in questions)
    return replace(parsed, warnings=(*parsed.warnings, *lost), asked=pairs)


def ingest_corpus(
    folder: Path,
    corpus: Path,
    embedder: Embedder,
    progress: Progress = quiet,
    vectors: VectorsAt = IN_FOLDER,
    computed: Sequence[Path] = (),
) -> IngestReport:
    """Mirror the corpus folder into the index: add, replace, and take out what vanished there.

    Documents that were added by path or upload stay. A file that is refused does not stop the others, and the version
    of it that is held stays live. `computed` are files of vectors computed elsewhere.

    Raises:
        CorpusError: the folder or its manifest cannot be used at all; nothing is changed.
    """
    if not corpus.is_dir():
        raise CorpusError(f"文件夹 {corpus} 不存在。请指定 corpus 文件夹（设置 corpus），或给出要入库的文件")
    found, refused = corpus_files(corpus)
    with Writer(folder, embedder, vectors) as writer:
        batch = _Batch(folder, writer, MIRRORED, progress)
        batch.refused.extend(refused)
        batch.read(found)
        mirrored = {doc_id for doc_id, (origin, _) in writer.held().items() if origin == MIRRORED}
        # What is held of a refused file stays while the file is there; a row whose file is gone keeps nothing.
        still_there = {refusal.file for refusal in batch.refused if (corpus / refusal.file).exists()}
        kept = {doc_id for file, doc_id in writer.files().items() if file in still_there}
        return batch.write(sorted(mirrored - batch.seen - kept), computed)


def ingest_paths(
    folder: Path,
    paths: Sequence[Path],
    embedder: Embedder,
    manifest: Path | None = None,
    progress: Progress = quiet,
    vectors: VectorsAt = IN_FOLDER,
    computed: Sequence[Path] = (),
) -> IngestReport:
    """Add or replace the documents of `paths` (files, or folders with files), and only those.

    Args:
        folder: the index.
        paths: folders are searched through; a manifest.toml beside a file is used unless `manifest` is given.
        embedder: what computes vectors.
        manifest: rows for these files, by file name.
        progress: told about every stage.
        vectors: where the index's vectors live.
        computed: files of vectors computed elsewhere.
    """
    listing = list_files(paths, manifest)
    return ingest_files(folder, listing, embedder, progress, vectors, computed)


def list_files(paths: Sequence[Path], manifest: Path | None = None) -> CorpusListing:
    """Return the files of `paths` with their rows; a path that does not exist is refused."""
    found: list[CorpusFile] = []
    refused: list[Refusal] = []
    for path in paths:
        if not path.exists():
            refused.append(Refusal(str(path), "文件不存在。请检查路径"))
            continue
        files, problems = corpus_files(path, manifest)
        found.extend(files)
        refused.extend(problems)
    return CorpusListing(tuple(found), tuple(refused))


def ingest_files(
    folder: Path,
    listing: CorpusListing,
    embedder: Embedder,
    progress: Progress = quiet,
    vectors: VectorsAt = IN_FOLDER,
    computed: Sequence[Path] = (),
) -> IngestReport:
    """Add or replace the documents of the files of a listing; what it refuses is in the report."""
    with Writer(folder, embedder, vectors) as writer:
        batch = _Batch(folder, writer, ADDED, progress)
        batch.refused.extend(listing.refused)
        batch.read(listing.files)
        return batch.write(computed=computed)


def texts_without_vector(
    folder: Path,
    files: Sequence[CorpusFile],
    embedder: Embedder,
    refuse: Callable[[Refusal], None],
    progress: Progress = quiet,
) -> Iterator[tuple[str, str]]:
    """Yield (content hash, text) of what files need and the index in `folder` has no vector of, each text once.

    Nothing is written, and there need not be an index yet.

    Args:
        folder: the index.
        files: to be read and parsed.
        embedder: the index's.
        refuse: told about files that would be refused.
        progress: told about every file.

    Raises:
        IndexMismatchError: the index was built with another embedder.
    """
    with ExitStack() as stack:
        connection = None
        if database.exists(folder):
            database.check_stamps(folder, stamps(embedder))
            connection = stack.enter_context(closing(database.connect(folder)))
        seen: set[bytes] = set()
        for done, file in enumerate(files, start=1):
            try:
                texts = embedded_texts(parse_file(file.path, file.metadata, file.asked)).texts
            except (AssistantError, OSError) as error:
                refuse(Refusal(file.name, str(error)))
                texts = {}
            for digest, text in texts.items():
                key = bytes.fromhex(digest)
                if key not in seen and not (connection and database.has_vector(connection, digest)):
                    yield digest, text
                seen.add(key)
            progress("读取文件", done, len(files))


def ingest_parsed(
    folder: Path, parsed: Parsed, embedder: Embedder, progress: Progress = quiet, vectors: VectorsAt = IN_FOLDER
) -> IngestReport:
    """Make one parsed document live (an upload that was looked at and confirmed)."""
    with Writer(folder, embedder, vectors) as writer:
        batch = _Batch(folder, writer, ADDED, progress)
        fingerprint = _fingerprint(parsed.document.metadata, parsed.document.metadata.sha256, "")
        batch.take(prepare(parsed, ADDED, fingerprint, writer.tokenizer))
        return batch.write()


def remove_documents(
    folder: Path, doc_ids: Iterable[str], embedder: Embedder, vectors: VectorsAt = IN_FOLDER
) -> IngestReport:
    """Take documents out of the index.

    Raises:
        CorpusError: one of them is not held; nothing is changed.
    """
    with Writer(folder, embedder, vectors) as writer:
        wanted = list(dict.fromkeys(doc_ids))
        held = writer.held()
        unknown = [doc_id for doc_id in wanted if doc_id not in held]
        if unknown:
            raise CorpusError(f"文件库中没有 {'、'.join(unknown)}。现有：{'、'.join(sorted(held)) or '无'}")
        return _Batch(folder, writer, ADDED, quiet).write(removals=wanted)


@dataclass(frozen=True, slots=True)
class _Task:
    """A file that is new or changed."""

    file: CorpusFile
    origin: str
    fingerprint: str
    size_bytes: int


class _Preparer:
    """Reads, parses and tokenises files, in this process or in another; gives the reason of a refusal as a text."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = LexicalTokenizer(folder)

    def __call__(self, task: _Task) -> Prepared | str:
        try:
            parsed = parse_file(task.file.path, task.file.metadata, task.file.asked)
            return prepare(parsed, task.origin, task.fingerprint, self._tokenizer)
        except (AssistantError, OSError) as error:
            return str(error)


@dataclass
class _Batch:
    """One ingest under way. `seen` holds the ids that are in the files, changed or not; `files` the file of each."""

    folder: Path
    writer: Writer
    origin: str
    progress: Progress
    started: float = field(default_factory=time.monotonic)
    changed: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def read(self, files: Sequence[CorpusFile]) -> None:
        found = [self._look_at(file) for file in files]
        tasks = [one for one in found if isinstance(one, _Task)]
        processes = processes_for(sum(task.size_bytes for task in tasks))
        if processes:
            self.writer.tokenizer.words(
                "热身"
            )  # makes the dictionary's cache, which every process would make otherwise
        done = in_order(partial(_Preparer, self.folder), tasks, processes)
        for number, (file, one) in enumerate(zip(files, found, strict=True), start=1):
            if isinstance(one, _Task):
                self.progress("读取文件", number - 1, len(files))
                prepared = next(done)
                if isinstance(prepared, str):
                    self.refused.append(Refusal(file.name, prepared))
                else:
                    self.take(prepared)
            elif isinstance(one, Refusal):
                self.refused.append(one)
            elif not self._is_second(one, file.name):
                self.unchanged.append(one)
                self.seen.add(one)
            self.progress("读取文件", number, len(files))

    def take(self, prepared: Prepared) -> None:
        if self._is_second(prepared.doc_id, prepared.file):
            return
        self.writer.stage(prepared)
        self.changed.append(prepared.doc_id)
        self.seen.add(prepared.doc_id)
        self.warnings += [f"{prepared.doc_id}：{warning}" for warning in prepared.warnings]

    @cached_property
    def _held(self) -> Mapping[str, tuple[str, str]]:
        return self.writer.held()

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {fingerprint: doc_id for doc_id, (_, fingerprint) in self._held.items()}

    def _look_at(self, file: CorpusFile) -> _Task | Refusal | str:
        """Return what is to be done with a file: a task, nothing as it is refused, or nothing as document … is it."""
        try:
            data = file.path.read_bytes()
        except OSError as error:
            return Refusal(file.name, str(error))
        fingerprint = _fingerprint(file.metadata, hashlib.sha256(data).hexdigest(), file.path.name, file.asked)
        doc_id = self._known.get(fingerprint)
        # What is named by path and mirrored already stays mirrored; the mirror takes over what was added.
        if doc_id is not None and (self.origin == ADDED or self._held[doc_id][0] == MIRRORED):
            return doc_id
        return _Task(file, self.origin, fingerprint, len(data))

    def _is_second(self, doc_id: str, file: str) -> bool:
        """Refuse a file whose document another file of this ingest is already, and return whether it was."""
        first = self.files.setdefault(doc_id, file)
        if doc_id in self.seen:
            self.refused.append(Refusal(file, f"{file} 与 {first} 的编号 {doc_id} 相同，只收录后者。请删去其中一份"))
            return True
        return False

    def write(self, removals: Sequence[str] = (), computed: Sequence[Path] = ()) -> IngestReport:
        before = self._held
        written = self.writer.commit(removals, self.progress, computed)
        report = IngestReport(
            added=tuple(doc_id for doc_id in self.changed if doc_id not in before),
            replaced=tuple(doc_id for doc_id in self.changed if doc_id in before),
            unchanged=tuple(self.unchanged),
            removed=tuple(doc_id for doc_id in removals if doc_id in before),
            refused=tuple(self.refused),
            warnings=tuple(self.warnings),
            embedded=written.embedded,
            imported=written.imported,
            reused=written.reused,
        )
        return replace(report, corpus=self.writer.corpus(), seconds=time.monotonic() - self.started)


def _fingerprint(
    metadata: Metadata | None, sha256: str, name: str, asked: Sequence[tuple[str, Sequence[str]]] = ()
) -> str:
    row = dump_metadata(metadata) if metadata else name
    questions = json.dumps(asked, ensure_ascii=False) if asked else ""
    return hashlib.sha256("\n".join((PIPELINE, row, sha256, questions)).encode()).hexdigest()
