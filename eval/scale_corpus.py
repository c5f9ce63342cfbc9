"""A folder of laws with their metadata, as large as asked; beyond all of national law, repeated under other titles."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from assistant.indexing.rows import dump_metadata, load_metadata
from assistant.reading import CorpusFile, CorpusListing
from eval.law_data import DATA, DIVISIONS, Law, load_laws
from eval.law_metadata import law_metadata

ALL_LAWS = 147_291  # articles, as eval.proof counts them
# A copy's mark in its title, and so in front of every text of it. Matches 《招标投标法（副本3）》.
COPY_MARK = "（副本{}）"
ROWS = "metadata.jsonl"


def make_corpus(folder: Path, articles: int, data: Path = DATA) -> int:
    """Fill an empty folder with laws of at least so many articles (short of all laws: about), and return the files.

    Laws come in the order of their ids' hashes, so a smaller corpus is a fair sample of a larger one. Copies are hard
    links to the same file under another id and title.
    """
    laws = sorted(load_laws(data), key=lambda law: law.doc_id)
    metadata = law_metadata((law.row for law in laws), data / DIVISIONS, {law.id: law.doc_id for law in laws})
    folder.mkdir(parents=True)
    rows = []
    for law, copy in _chosen(laws, articles):
        original = law.doc_id.replace("x-", "law-")  # x- is for files without a row
        doc_id = original + (f"-{copy}" if copy else "")
        file = folder / f"{doc_id}.md"
        if copy:
            os.link(folder / f"{original}.md", file)
        else:
            file.write_bytes(law.data)
        row = metadata[law.id]
        mark = COPY_MARK.format(copy) if copy else ""
        sha256 = hashlib.sha256(law.data).hexdigest()
        work = row.work + (f"-{copy}" if copy else "")
        row = replace(row, id=doc_id, work=work, title=row.title + mark, file=file.name, sha256=sha256)
        rows.append(dump_metadata(row) + "\n")
    (folder / ROWS).write_text("".join(rows), encoding="utf-8")
    return len(rows)


def _chosen(laws: list[Law], articles: int) -> Iterator[tuple[Law, int]]:
    """Yield (law, number of the copy, 0 for the law itself) until there are enough articles."""
    lines = [law.data.count("\n第".encode()) for law in laws]  # articles, and a few headings
    wanted = articles / ALL_LAWS * sum(lines)
    reached = 0
    for copy in count():
        for law, found in zip(laws, lines, strict=True):
            if reached > wanted - 0.5:
                return
            yield law, copy
            reached += found


def list_corpus(folder: Path) -> CorpusListing:
    """Return the files of a folder that `make_corpus` filled, with their metadata."""
    rows = (load_metadata(line) for line in (folder / ROWS).read_text(encoding="utf-8").splitlines())
    return CorpusListing(tuple(CorpusFile(folder / row.file, row.file, row) for row in rows), ())
