"""Full-text search: SQLite's FTS5 over jieba words and character bigrams, ranked by BM25."""

import sqlite3
from collections.abc import Collection, Sequence
from itertools import accumulate

from assistant.indexing import database
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.vectors import batches

# Row id of a unit, and its BM25.
Ranked = tuple[int, float]
# Values in one statement; SQLite's default limit is 32,766 since 3.32.
VALUES = 500

# FTS5 scores every row that an OR matches, so a plain OR over common words is slow on a large corpus. The rarest terms
# decide the ranking; of 147,288 articles, 12 terms under 3 % document frequency answer in 15 ms, a plain OR in 540 ms.
# Those of a column match no more rows together than MAX_ROWS, or MAX_ROWS_SHARE of a larger corpus: for the 308
# questions of STARD dev over 55,404 articles, 10,000 rows find all that any number does (recall@10 .446, recall@100
# .651), 5,000 .446 and .642, 3,000 .430 and .639. Over 150,000 articles 10,000 take 14 ms (p95), any number 22 ms.
MAX_TERMS = 12
MAX_SHARE = 0.03
MAX_ROWS = 10_000
MAX_ROWS_SHARE = 0.03
# Under this many rows everything is fast, and nearly every useful word is in more than 3 % of the rows.
SMALL_CORPUS = 5_000
# Terms in more than this share of the units are counted ahead; counting one of the others takes well under 1 ms.
COMMON = 0.002
# Growth after which the common terms are counted anew, and after which the full text is merged into one piece.
RECOUNT, REMERGE = 0.1, 0.5


def full_text_row(tokenizer: LexicalTokenizer, text: str) -> tuple[str, str]:
    """Return a unit's columns of the full-text index: its words, its bigrams."""
    return " ".join(tokenizer.words(text)), " ".join(tokenizer.bigrams(text))


def tend(connection: sqlite3.Connection, units: int) -> None:
    """Keep the full text fast after a change that leaves so many units: part of the transaction that makes it live.

    Every tenth that the corpus grows or shrinks, its common terms are counted anew; every half, the full text's pieces
    are merged. Both read all of it, seconds for all laws, and are not owed for one document.
    """
    counted = int(database.meta(connection, "terms_counted_at") or 0)
    if units <= SMALL_CORPUS or abs(units - counted) <= RECOUNT * counted:
        return
    if abs(units - counted) > REMERGE * counted:
        connection.execute("INSERT INTO full_text (full_text) VALUES ('optimize')")
    connection.execute("DELETE FROM common_terms")
    connection.execute(
        "INSERT INTO common_terms SELECT col, term, doc FROM full_text_terms WHERE doc > ?", (COMMON * units,)
    )
    database.set_meta(connection, terms_counted_at=str(units))


def ranked(connection: sqlite3.Connection, tokenizer: LexicalTokenizer, text: str, k: int) -> list[Ranked]:
    """Return the row ids of up to k units that share a term with `text`, with their BM25, best first; higher is better.

    Args:
        connection: a read transaction.
        tokenizer: the one the full text was built with.
        text: what to search for; no query syntax is understood in it.
        k: how many.
    """
    # Sorted and cut before anything is joined: a match may be of thousands of rows.
    query = (
        "SELECT rowid, -bm25(full_text) AS score FROM full_text WHERE full_text MATCH ?"
        " ORDER BY score DESC, rowid LIMIT ?"
    )
    match = _match(connection, tokenizer, text)
    return list(connection.execute(query, (match, k))) if match else []


def named(connection: sqlite3.Connection, found: Sequence[Ranked]) -> list[tuple[str, float]]:
    """Return (unit id, BM25) of ranked row ids."""
    names: dict[int, str] = {}
    for batch in batches([row for row, _ in found], VALUES):
        marks = ", ".join("?" * len(batch))
        names |= dict(connection.execute(f"SELECT rowid, provision FROM units WHERE rowid IN ({marks})", batch))
    return [(names[row], score) for row, score in found]


def search_in(
    connection: sqlite3.Connection, tokenizer: LexicalTokenizer, text: str, k: int, doc_ids: Collection[str]
) -> list[tuple[str, float]]:
    """Return up to k (unit id, BM25) of the units of some documents that share a term with `text`, best first."""
    match = _match(connection, tokenizer, text)
    if not match:
        return []
    # The filter stands outside the MATCH: inside, the planner would drop the full-text index.
    query = (
        "WITH found AS MATERIALIZED (SELECT rowid, bm25(full_text) AS score FROM full_text WHERE full_text MATCH ?)"
        " SELECT u.provision, -found.score FROM found JOIN units u ON u.rowid = found.rowid"
        f" WHERE u.doc_id IN ({', '.join('?' * len(doc_ids))}) ORDER BY found.score, u.rowid LIMIT ?"
    )
    return [(str(unit), float(score)) for unit, score in connection.execute(query, (match, *doc_ids, k))]


def _match(connection: sqlite3.Connection, tokenizer: LexicalTokenizer, text: str) -> str:
    """Return what to MATCH for a text, "" where none of its terms occurs."""
    total = int(database.meta(connection, "units"))
    clauses = []
    for column, terms in (("words", tokenizer.words(text)), ("bigrams", tokenizer.bigrams(text))):
        chosen = _rarest(connection, column, terms, total)
        if chosen:
            clauses.append(f"{column} : (" + " OR ".join(f'"{term}"' for term in chosen) + ")")
    return " OR ".join(clauses)


def contains(connection: sqlite3.Connection, tokenizer: LexicalTokenizer, text: str) -> bool:
    """Return whether a unit contains `text`, of two characters or more, as it stands.

    The full text narrows by bigrams (by words where there is no Chinese), and the units' own text decides.
    """
    bigrams = tokenizer.bigrams(text)
    phrase = f'bigrams : "{" ".join(bigrams)}"' if bigrams else f'words : "{" ".join(tokenizer.words(text))}"'
    query = (
        "SELECT 1 FROM full_text f JOIN units u ON u.rowid = f.rowid JOIN provisions p ON p.id = u.provision"
        " WHERE full_text MATCH ? AND instr(p.text, ?) LIMIT 1"
    )
    return connection.execute(query, (phrase, text)).fetchone() is not None


def _rarest(connection: sqlite3.Connection, column: str, terms: Sequence[str], total: int) -> list[str]:
    """Return the terms to search for: those that occur, the rarest first."""
    unique = list(dict.fromkeys(terms))
    frequency = _frequencies(connection, "common_terms", column, unique) if total > SMALL_CORPUS else {}
    rest = [term for term in unique if term not in frequency]
    frequency |= _frequencies(connection, "full_text_terms", column, rest)
    known = sorted((term for term in unique if term in frequency), key=lambda term: frequency[term])
    if total <= SMALL_CORPUS:
        return known
    rare = [term for term in known if frequency[term] <= MAX_SHARE * total] or known
    most = max(MAX_ROWS, MAX_ROWS_SHARE * total)
    matched = accumulate(frequency[term] for term in rare)
    few = sum(rows <= most for rows in matched)
    return rare[: min(max(few, 1), MAX_TERMS)]


def _frequencies(connection: sqlite3.Connection, table: str, column: str, terms: Sequence[str]) -> dict[str, int]:
    marks = ", ".join("?" * len(terms))
    query = f"SELECT term, doc FROM {table} WHERE col = ? AND term IN ({marks})"
    return dict(connection.execute(query, (column, *terms))) if terms else {}
