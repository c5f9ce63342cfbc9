"""引用 and 被引用, read from an index: what a provision cites and who cites it, and the graph of units behind both."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assistant.indexing.links_titles import Titles
from assistant.parsing import full_id, parent_path, split_id
from assistant.schema import Cite, CitedBy, LinkState, Target

_COLUMNS = 'l.doc_id, l.source, l.unit, l.start, l."end", l.text, l.title, l.name, l.head, l.path, l.onward'


@dataclass(frozen=True, slots=True)
class _Row:
    doc_id: str
    source: str
    unit: str
    start: int
    end: int
    text: str
    title: str
    name: str
    head: str
    path: str
    onward: int


def links_from(connection: sqlite3.Connection, titles: Titles, provision_id: str, as_of: date) -> tuple[Cite, ...]:
    """Return what a provision cites, with all that stands in it, in the order of the text.

    What leads into the provision itself (its own 前款) is left out. A range is one `Cite` with a target for each of its
    articles.

    Args:
        connection: a read transaction.
        titles: of the same corpus.
        provision_id: a provision; the id of a document for all of it.
        as_of: the date that versions are chosen by.
    """
    doc_id, _, path = provision_id.partition(":")
    where, values = "l.doc_id = ?", [doc_id]
    if path:
        span = connection.execute('SELECT start, "end" FROM provisions WHERE id = ?', (provision_id,)).fetchone()
        if span is None:
            return ()
        where, values = "l.doc_id = ? AND l.start >= ? AND l.start < ?", [doc_id, *span]
    rows = list(_rows(connection, where, values))
    cites = (_cite(connection, titles, list(group), as_of) for _, group in groupby(rows, _place))
    inside = f"{provision_id}."
    return tuple(
        cite
        for cite in cites
        if not (path and cite.targets)
        or not all(target.id == provision_id or target.id.startswith(inside) for target in cite.targets)
    )


def links_to(connection: sqlite3.Connection, titles: Titles, provision_id: str, as_of: date) -> tuple[CitedBy, ...]:
    """Return who cites a provision or what is in it, each citing provision once, its own document first.

    A link to another version of the document is not one to this. What stands in the provision itself is left out. For
    the id of a document: who cites it as a whole.

    Args:
        connection: a read transaction.
        titles: of the same corpus.
        provision_id: a provision, or a document.
        as_of: the date that versions are chosen by.
    """
    doc_id, _, path = provision_id.partition(":")
    found: list[_Row] = []
    if path:
        found += _own(connection, titles, doc_id, path)
    called = [path]
    if path.startswith("n") and _as_part(connection, doc_id, f"a{path[1:]}") == path:
        called.append(f"a{path[1:]}")
    for name in titles.names(doc_id):
        found += (
            row
            for one in called
            for row in _towards(connection, name, one)
            if row.doc_id != doc_id and _means(connection, titles, row, doc_id, as_of)
        )
    outside = [
        row for row in found if not (path and (row.source == provision_id or row.source.startswith(f"{provision_id}.")))
    ]
    sources = _targets(connection, titles, (row.source for row in outside))
    texts: dict[str, str] = {}
    for row in outside:
        if row.source in sources:
            texts.setdefault(row.source, row.text)
    return tuple(CitedBy(sources[source], text) for source, text in texts.items())


def unit_links(
    connection: sqlite3.Connection, titles: Titles, units: Sequence[str], as_of: date
) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Return (unit → units it cites, unit → units that cite it) of some units; a unit never cites itself.

    Only links that lead to exactly one document count, and of other documents only those that name an article.
    """
    outward: dict[str, set[str]] = defaultdict(set)
    inward: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        doc_id, path = split_id(unit)
        for row in _rows(connection, "l.unit = ? AND l.head <> ''", [unit]):
            meant = [doc_id] if not row.name else titles.meant(row.name, doc_id, as_of)
            held = [one for one in meant if _exists(connection, full_id(one, row.head))]
            if len(held) == 1:
                outward[unit].add(full_id(held[0], row.head))
        citing = _own(connection, titles, doc_id, path)
        for name in titles.names(doc_id):
            citing += (
                row
                for row in _towards(connection, name, path)
                if row.doc_id != doc_id and _means(connection, titles, row, doc_id, as_of)
            )
        inward[unit].update(row.unit for row in citing)
    return (
        {unit: frozenset(found - {unit}) for unit, found in outward.items()},
        {unit: frozenset(found - {unit}) for unit, found in inward.items()},
    )


def _place(row: _Row) -> tuple[int, int]:
    return row.start, row.end


def _rows(connection: sqlite3.Connection, where: str, values: Sequence[str | int]) -> Iterator[_Row]:
    query = f"SELECT {_COLUMNS} FROM links l WHERE {where} ORDER BY l.doc_id, l.start, l.rowid"
    for row in connection.execute(query, tuple(values)):
        yield _Row(*row)


def _own(connection: sqlite3.Connection, titles: Titles, doc_id: str, path: str) -> list[_Row]:
    """Return the links to `path` that a document has to itself, and those of other files of the same text."""
    found = list(_towards(connection, "", path, doc_id))
    for sibling in titles.siblings(doc_id):
        found += (
            row
            for row in _towards(connection, "", path, sibling)
            if not _exists(connection, full_id(sibling, row.head)) and _continues(connection, row, doc_id)
        )
    return found


def _towards(connection: sqlite3.Connection, name: str, path: str, doc_id: str = "") -> Iterator[_Row]:
    """Yield the links to a title (or, without one, inside a document) that name `path` or what is in it."""
    head = path.partition(".")[0]
    heads = [head]
    article, branch, _ = head.partition("-")
    if branch:  # 第五条至第七条 cites 第六条之一 too
        heads.append(article)
    for one in heads:
        where, values = "l.name = ? AND l.head = ?", [name, one]
        if doc_id:
            where, values = f"{where} AND l.doc_id = ?", [*values, doc_id]
        for row in _rows(connection, where, values):
            within = row.path == path or row.path.startswith(f"{path}.")
            if within if one == head else row.onward:
                yield row


def _means(connection: sqlite3.Connection, titles: Titles, row: _Row, doc_id: str, as_of: date) -> bool:
    """Return whether a link to a title means this document and no other."""
    meant = titles.meant(row.name, row.doc_id, as_of)
    if doc_id not in meant or len(meant) == 1:
        return doc_id in meant
    return bool(row.head) and not any(_exists(connection, full_id(one, row.head)) for one in meant if one != doc_id)


def _continues(connection: sqlite3.Connection, row: _Row, doc_id: str) -> bool:
    """Return whether `doc_id` is another file of the text that a link stands in, and no other version of it: it has the
    article that is cited and lacks the one that cites.
    """
    citing = split_id(row.unit)[1].partition(".")[0]
    return _exists(connection, full_id(doc_id, row.head)) and not _exists(connection, full_id(doc_id, citing))


def _cite(connection: sqlite3.Connection, titles: Titles, rows: Sequence[_Row], as_of: date) -> Cite:
    """Return the links that share a span as one, looked up."""
    first = rows[0]

    def cite(state: LinkState, ids: Iterable[str] = (), *, exact: bool = True) -> Cite:
        targets = tuple(_targets(connection, titles, ids).values())
        return Cite(first.source, first.start, first.end, first.text, first.title, state, targets, exact)

    if not first.name:
        meant: tuple[str, ...] = (first.doc_id,)
        if first.head and not any(_exists(connection, full_id(first.doc_id, row.head)) for row in rows):
            meant = tuple(one for one in titles.siblings(first.doc_id) if _continues(connection, first, one)) or meant
    else:
        meant = titles.meant(first.name, first.doc_id, as_of)
        if not meant:
            return cite(LinkState.NOT_HELD)
    if not first.path:
        if not first.name:
            return cite(LinkState.NO_SUCH)  # 前款 with none in front of it
        return cite(LinkState.HELD if len(meant) == 1 else LinkState.AMBIGUOUS, meant)
    found = {doc_id: _settled(connection, doc_id, rows) for doc_id in meant}
    having = [doc_id for doc_id in meant if found[doc_id][0]]
    if not having:
        return cite(LinkState.NO_SUCH)
    if len(having) > 1:
        return cite(LinkState.AMBIGUOUS, (one for doc_id in having for one in found[doc_id][0]))
    ids, exact = found[having[0]]
    return cite(LinkState.HELD, ids, exact=exact)


def _settled(connection: sqlite3.Connection, doc_id: str, rows: Sequence[_Row]) -> tuple[list[str], bool]:
    """Return the provisions of a document that links with one span name, and whether each is there as named."""
    found: dict[str, None] = {}
    exact = True
    for row in rows:
        provision, same = _nearest(connection, doc_id, row.path)
        exact = exact and (same or bool(row.onward))
        if provision:
            found[provision] = None
        if row.onward:
            pattern = f"{full_id(doc_id, row.head)}-*"
            branches = connection.execute(
                "SELECT id FROM provisions WHERE doc_id = ? AND parent IS NULL AND id GLOB ? ORDER BY position",
                (doc_id, pattern),
            )
            found.update(dict.fromkeys(one[0] for one in branches))
    return list(found), exact


def _nearest(connection: sqlite3.Connection, doc_id: str, path: str) -> tuple[str, bool]:
    """Return the provision at `path`, else the only 项 of its number in the article, else what contains it; "" where
    the document has none of these.
    """
    if part := _as_part(connection, doc_id, path):
        return full_id(doc_id, part), "." not in path
    if _exists(connection, full_id(doc_id, path)):
        return full_id(doc_id, path), True
    steps = path.split(".")
    if len(steps) == 3 and steps[1] == "p1" and steps[2].startswith("i"):  # 第十条第（三）项 says no 款
        pattern = f"{full_id(doc_id, steps[0])}.p*.{steps[2]}"
        others = connection.execute(
            "SELECT id FROM provisions WHERE doc_id = ? AND id GLOB ?", (doc_id, pattern)
        ).fetchall()
        if len(others) == 1:
            return str(others[0][0]), True
    above = parent_path(path)
    while above:
        if _exists(connection, full_id(doc_id, above)):
            return full_id(doc_id, above), False
        above = parent_path(above)
    return "", False


def _as_part(connection: sqlite3.Connection, doc_id: str, path: str) -> str:
    """Return the part by which a document without articles has its 第十二条: 十二、 of an amendment; "" otherwise.

    Its 款 are those of the words it inserts, and stay unresolved.
    """
    head = path.partition(".")[0]
    if not head.startswith("a") or _exists(connection, full_id(doc_id, "a1")):
        return ""
    return f"n{head[1:]}" if _exists(connection, full_id(doc_id, f"n{head[1:]}")) else ""


def _exists(connection: sqlite3.Connection, provision_id: str) -> bool:
    return connection.execute("SELECT 1 FROM provisions WHERE id = ?", (provision_id,)).fetchone() is not None


def _targets(connection: sqlite3.Connection, titles: Titles, ids: Iterable[str]) -> dict[str, Target]:
    """Return held provisions and documents with their names, in the order of `ids`."""
    found: dict[str, Target] = {}
    for one in dict.fromkeys(ids):
        doc_id, _, path = one.partition(":")
        if not path:
            found[one] = Target(one, titles.title(doc_id))
            continue
        row = connection.execute("SELECT label FROM provisions WHERE id = ?", (one,)).fetchone()
        if row is not None:
            found[one] = Target(one, titles.title(doc_id), row[0])
    return found
