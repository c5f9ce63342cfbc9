"""Every reference of every law: how many were found, where they lead, and a sample to read."""

import hashlib
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.indexing.links_read import links_from, links_to
from assistant.indexing.links_titles import Titles
from assistant.schema import Cite, LinkState

AROUND = 24  # characters shown on either side of a reference that is read
PROBED = 2_000  # provisions whose incoming links are timed, drawn by hash


@dataclass(frozen=True, slots=True)
class Found:
    """One reference of the corpus, looked up; `key` draws it by hash, the same on every machine."""

    key: str
    cite: Cite


def find_all(connection: sqlite3.Connection, titles: Titles, as_of: date) -> list[Found]:
    """Return every reference of every document, in the order of documents and text."""
    found = []
    for (doc_id,) in connection.execute("SELECT id FROM documents ORDER BY id").fetchall():
        for cite in links_from(connection, titles, doc_id, as_of):
            key = hashlib.sha256(f"{doc_id} {cite.start} {cite.text}".encode()).hexdigest()
            found.append(Found(key, cite))
    return found


def counts(found: Sequence[Found]) -> dict[str, Any]:
    """Return how many references lead where: inside the document, to another, to a provision or a whole document."""
    groups: dict[str, Counter[str]] = {"inside": Counter(), "provision": Counter(), "document": Counter()}
    inexact = several = 0
    for one in found:
        cite = one.cite
        group = "inside" if not cite.title else ("document" if cite.text.endswith(_ENDS) else "provision")
        groups[group][cite.state] += 1
        inexact += not cite.exact
        several += len(cite.targets) > 1 and cite.state is LinkState.HELD
    return {
        "found": len(found),
        **{group: {str(state): counter[state] for state in LinkState} for group, counter in groups.items()},
        "inexact": inexact,
        "ranges": several,
        "unheld_titles": len({one.cite.title for one in found if one.cite.state is LinkState.NOT_HELD}),
    }


# A reference to a whole document ends with its title; one to a provision with 条, 款 or 项.
_ENDS = ("》", "目录")


def timed(connection: sqlite3.Connection, titles: Titles, as_of: date) -> dict[str, float]:
    """Return milliseconds that 被引用 and 引用 of one article take: median and 99th percentile."""
    units = [row[0] for row in connection.execute("SELECT id FROM provisions WHERE unit ORDER BY id")]
    drawn = sorted(units, key=lambda unit: hashlib.sha256(unit.encode()).hexdigest())[:PROBED]
    times: dict[str, list[float]] = {"from": [], "to": []}
    for unit in drawn:
        for name, read in (("from", links_from), ("to", links_to)):
            start = time.perf_counter()
            read(connection, titles, unit, as_of)
            times[name].append(1000 * (time.perf_counter() - start))
    return {
        f"{name}_{at}": round(sorted(values)[int(len(values) * share)], 3)
        for name, values in times.items()
        for at, share in (("p50", 0.5), ("p99", 0.99))
        if values
    }


def sample(found: Sequence[Found], first: int, count: int) -> list[Found]:
    """Return `count` references from the `first`-th on, in the order of their hashes."""
    return sorted(found, key=lambda one: one.key)[first : first + count]


def lines(connection: sqlite3.Connection, shown: Sequence[Found]) -> list[str]:
    """Return a line to read for each reference: its key, its place, its words in context, and where it leads."""
    printed = []
    for one in shown:
        cite = one.cite
        doc_id, _, path = cite.source.partition(":")
        [text, title] = connection.execute(
            "SELECT text, json_extract(metadata, '$.title') FROM documents WHERE id = ?", (doc_id,)
        ).fetchone()
        before = text[max(0, cite.start - AROUND) : cite.start].replace("\n", "/")
        behind = text[cite.end : cite.end + AROUND].replace("\n", "/")
        where = "、".join(
            f"《{target.title}》{target.label}" if cite.title else target.label for target in cite.targets
        )
        inexact = "" if cite.exact else "（只到上一级）"
        leads = f"{cite.state}{inexact} {where or cite.title}"
        printed.append(f"{one.key[:8]} 《{title}》{path} | {before}【{cite.text}】{behind} | {leads}")
    return printed


def precision(found: Sequence[Found], read: int, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return what reading the first `read` references in the order of their hashes found.

    Args:
        found: all of them.
        read: how many were read.
        wrong: first 8 hex digits of a reference's hash → what is wrong with it.
    """
    drawn = {one.key[:8] for one in sample(found, 0, read)}
    missed = {key: why for key, why in wrong.items() if key in drawn}
    return {"read": len(drawn), "right": len(drawn) - len(missed), "wrong": missed}
