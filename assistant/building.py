"""Building an index: the corpus folder mirrored, files added, documents taken out."""

from collections.abc import Sequence
from pathlib import Path

from assistant.indexing.computed import write_texts
from assistant.indexing.embedder import load_embedder
from assistant.indexing.ingest import (
    ingest_corpus,
    ingest_paths,
    list_files,
    remove_documents,
    texts_without_vector,
)
from assistant.indexing.vectors import VectorsAt
from assistant.indexing.writer import Progress, quiet
from assistant.schema import IngestReport, Refusal
from assistant.settings import Settings


def vectors_at(settings: Settings) -> VectorsAt:
    """Return where the vectors of the index of `settings` live."""
    token = settings.vectors_token
    return VectorsAt(settings.vectors, token.get_secret_value() if token else "")


def build_index(settings: Settings, progress: Progress = quiet, computed: Sequence[Path] = ()) -> IngestReport:
    """Mirror the corpus folder of `settings` into its index; `computed` are files of vectors computed elsewhere."""
    embedder = load_embedder(settings.embedder)
    return ingest_corpus(settings.index, settings.corpus, embedder, progress, vectors_at(settings), computed)


def add_files(
    settings: Settings,
    paths: Sequence[Path],
    manifest: Path | None = None,
    progress: Progress = quiet,
    computed: Sequence[Path] = (),
) -> IngestReport:
    """Add or replace the documents of some files or folders, and only those."""
    embedder = load_embedder(settings.embedder)
    return ingest_paths(settings.index, paths, embedder, manifest, progress, vectors_at(settings), computed)


def list_texts(
    settings: Settings, paths: Sequence[Path], manifest: Path | None, out: Path, progress: Progress = quiet
) -> tuple[int, tuple[Refusal, ...]]:
    """Write the texts of some files (of the corpus folder where `paths` is empty) that have no vector yet.

    Nothing is ingested. `out` gets lines of JSON, gzipped, as `indexing.computed` describes them.

    Returns:
        How many texts were written, and which files were refused.

    Raises:
        VectorFileError: `out` cannot be written.
    """
    listing = list_files(paths or [settings.corpus], manifest)
    refused = list(listing.refused)
    embedder = load_embedder(settings.embedder)
    count = write_texts(out, texts_without_vector(settings.index, listing.files, embedder, refused.append, progress))
    return count, tuple(refused)


def remove_from_index(settings: Settings, doc_ids: Sequence[str]) -> IngestReport:
    """Take documents out of the index of `settings`."""
    return remove_documents(settings.index, doc_ids, load_embedder(settings.embedder), vectors_at(settings))
