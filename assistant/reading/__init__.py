"""Files → `Document`: decoding, PDF, Word, HTML, tables, the manifest.

    row = load_manifest(Path("corpus/manifest.toml"))[0]
    document = read_file(Path("corpus") / row.file, row)

`read_file` refuses what it cannot read whole and says why in one line; what it leaves out of a file that it reads
(repeated headers, pictures, hidden text, deleted revisions) is counted in `Document.warnings`.
"""

from assistant.reading.asked import ASKED, load_asked
from assistant.reading.guess import guess_metadata
from assistant.reading.limits import DEFAULT_LIMITS, Limits
from assistant.reading.manifest import CorpusFile, CorpusListing, corpus_files, load_known, load_manifest
from assistant.reading.normalise import Normalised, normalise
from assistant.reading.reader import READABLE, read_file

__all__ = [
    "ASKED",
    "DEFAULT_LIMITS",
    "READABLE",
    "CorpusFile",
    "CorpusListing",
    "Limits",
    "Normalised",
    "corpus_files",
    "guess_metadata",
    "load_asked",
    "load_known",
    "load_manifest",
    "normalise",
    "read_file",
]
