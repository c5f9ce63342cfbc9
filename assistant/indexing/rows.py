"""Documents, provisions and sentences to and from the database's rows."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from assistant.indexing.links import LINK_COLUMNS, link_rows
from assistant.schema import (
    Document,
    Force,
    Heading,
    Kind,
    Level,
    Metadata,
    Parsed,
    Provision,
    ProvisionKind,
    Sentence,
    SourcePoint,
)

PROVISION_COLUMNS = 'id, doc_id, kind, number, label, headings, start, "end", text, parent, unit'
SENTENCE_COLUMNS = 'id, provision, unit, start, "end", text, force'
# What is written for a document, table by table, in the order of `document_rows`.
COLUMNS = {
    "documents": "id, origin, fingerprint, text_sha256, metadata, text, source_map, headings, read_warnings, warnings,"
    " units, provisions",
    "provisions": f"position, {PROVISION_COLUMNS}",
    "sentences": f"position, doc_id, hash, {SENTENCE_COLUMNS}",
    "links": LINK_COLUMNS,
    "asked": "doc_id, unit, question, hash",
}
# Values of one row, as SQLite takes them; plain, so that they travel between processes.
Row = tuple[str | int | None, ...]
_DATES = ("promulgated", "effective", "expires", "repealed")
_TUPLES = ("aliases", "supersedes", "from_memory")


def dump_metadata(metadata: Metadata) -> str:
    """Return metadata as JSON with sorted keys, so equal metadata give equal text."""
    return json.dumps(asdict(metadata), ensure_ascii=False, sort_keys=True, default=str)


def load_metadata(text: str) -> Metadata:
    """Return the metadata that `dump_metadata` wrote."""
    row: dict[str, Any] = json.loads(text)
    for name in _DATES:
        row[name] = date.fromisoformat(row[name]) if row[name] else None
    for name in _TUPLES:
        row[name] = tuple(row[name])
    row["kind"] = Kind(row["kind"])
    row["level"] = Level(row["level"]) if row["level"] else None
    return Metadata(**row)


def document_rows(parsed: Parsed, *, origin: str, fingerprint: str, hashes: Mapping[str, str]) -> dict[str, list[Row]]:
    """Return a document with its provisions, sentences and links as rows, by table, in the order of `COLUMNS`.

    Args:
        parsed: the document.
        origin: "corpus" or "added".
        fingerprint: of the file, its metadata and our way of reading it.
        hashes: sentence id → content hash of what is embedded of it; a question's by its text.
    """
    document = parsed.document
    return {
        "documents": [
            (
                document.id,
                origin,
                fingerprint,
                hashlib.sha256(document.text.encode()).hexdigest(),
                dump_metadata(document.metadata),
                document.text,
                _json([[p.start, p.page, p.paragraph, p.part] for p in document.source_map]),
                _json([[h.level, h.number, h.text, h.start, h.end] for h in parsed.headings]),
                _json(document.warnings),
                _json(parsed.warnings),
                sum(provision.unit for provision in parsed.provisions),
                len(parsed.provisions),
            )
        ],
        "provisions": [
            (
                n,
                p.id,
                p.doc_id,
                str(p.kind),
                _json(p.number),
                p.label,
                _json(p.headings),
                p.start,
                p.end,
                p.text,
                p.parent,
                int(p.unit),
            )
            for n, p in enumerate(parsed.provisions)
        ],
        "sentences": [
            (n, document.id, hashes[s.id], s.id, s.provision, s.unit, s.start, s.end, s.text, " ".join(s.force))
            for n, s in enumerate(parsed.sentences)
        ],
        "links": link_rows(parsed),
        "asked": [(document.id, unit, question, hashes[question]) for unit, question in parsed.asked],
    }


def load_parsed(connection: sqlite3.Connection, doc_id: str) -> Parsed | None:
    """Return a held document as it was parsed, None where it is not held."""
    row = connection.execute(
        "SELECT metadata, text, source_map, headings, read_warnings, warnings FROM documents WHERE id = ?", (doc_id,)
    ).fetchone()
    if row is None:
        return None
    metadata, text, source_map, headings, read_warnings, warnings = row
    return Parsed(
        document=Document(
            metadata=load_metadata(metadata),
            text=text,
            source_map=tuple(SourcePoint(*point) for point in json.loads(source_map)),
            warnings=tuple(json.loads(read_warnings)),
        ),
        provisions=tuple(
            load_provision(found)
            for found in connection.execute(
                f"SELECT {PROVISION_COLUMNS} FROM provisions WHERE doc_id = ? ORDER BY position", (doc_id,)
            )
        ),
        sentences=tuple(
            load_sentence(found)
            for found in connection.execute(
                f"SELECT {SENTENCE_COLUMNS} FROM sentences WHERE doc_id = ? ORDER BY position", (doc_id,)
            )
        ),
        headings=tuple(Heading(*heading) for heading in json.loads(headings)),
        warnings=tuple(json.loads(warnings)),
    )


def load_provision(row: tuple[Any, ...]) -> Provision:
    """Return the provision of a row of `PROVISION_COLUMNS`."""
    identity, doc_id, kind, number, label, headings, start, end, text, parent, unit = row
    parts = json.loads(number)
    return Provision(
        id=identity,
        doc_id=doc_id,
        kind=ProvisionKind(kind),
        number=tuple(parts) if parts else None,
        label=label,
        headings=tuple(json.loads(headings)),
        start=start,
        end=end,
        text=text,
        parent=parent,
        unit=bool(unit),
    )


def load_sentence(row: tuple[Any, ...]) -> Sentence:
    """Return the sentence of a row of `SENTENCE_COLUMNS`."""
    identity, provision, unit, start, end, text, force = row
    return Sentence(identity, provision, unit, start, end, text, tuple(Force(name) for name in force.split()))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def load_list(text: str) -> list[str]:
    """Return a list of strings from its column."""
    return [str(item) for item in json.loads(text)]
