"""Full-text search: SQLite's FTS5 over jieba words and character bigrams, ranked by BM25."""

import sqlite3
from collections.abc import Collection, Sequence

from assistant.indexing.tokens import LexicalTokenizer

# FTS5 scores every row that an OR matches, so a plain OR over common words is slow on a large corpus. The rarest terms
# decide the ranking; of 147,288 articles, 12 terms under 3 % document frequency answer in 15 ms, a plain OR in 540 ms.
MAX_TERMS = 12
MAX_SHARE = 0.03
# Under this many rows everything is fast, and nearly every useful word is in more than 3 % of the rows.
SMALL_CORPUS = 5_000


def insert(connection: sqlite3.Connection, rowid: int, words: Sequence[str], bigrams: Sequence[str]) -> None:
    """Add one unit's words and bigrams under its row id."""
    row = (rowid, " ".join(words), " ".join(bigrams))
    connection.execute("INSERT INTO full_text (rowid, words, bigrams) VALUES (?, ?, ?)", row)


def search(
    connection: sqlite3.Connection, tokenizer: LexicalTokenizer, text: str, k: int, doc_ids: Collection[str] = ()
) -> list[tuple[str, float]]:
    """Return up to k (unit id, BM25 score) sharing a term with `text`, best first; higher is better.

    Args:
        connection: a read transaction.
        tokenizer: the one the full text was built with.
        text: what to search for; no query syntax is understood in it.
        k: how many.
        doc_ids: only units of these documents; empty for all.
    """
    total = connection.execute("SELECT count(*) FROM units").fetchone()[0]
    clauses = []
    for column, terms in (("words", tokenizer.words(text)), ("bigrams", tokenizer.bigrams(text))):
        chosen = _rarest(connection, column, terms, total)
        if chosen:
            clauses.append(f"{column} : (" + " OR ".join(f'"{term}"' for term in chosen) + ")")
    if not clauses:
        return []
    # The filter stands outside the MATCH: inside, the planner would drop the full-text index.
    where = f"WHERE u.doc_id IN ({', '.join('?' * len(doc_ids))})" if doc_ids else ""
    query = (
        "WITH found AS MATERIALIZED (SELECT rowid, bm25(full_text) AS score FROM full_text WHERE full_text MATCH ?)"
        f" SELECT u.provision, -found.score FROM found JOIN units u ON u.rowid = found.rowid {where}"
        " ORDER BY found.score, u.rowid LIMIT ?"
    )
    return [(str(unit), float(score)) for unit, score in connection.execute(query, (" OR ".join(clauses), *doc_ids, k))]


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
    if not unique:
        return []
    marks = ", ".join("?" * len(unique))
    query = f"SELECT term, doc FROM full_text_terms WHERE col = ? AND term IN ({marks})"
    frequency: dict[str, int] = dict(connection.execute(query, (column, *unique)))
    known = sorted((term for term in unique if term in frequency), key=lambda term: frequency[term])
    if total <= SMALL_CORPUS:
        return known
    rare = [term for term in known if frequency[term] <= MAX_SHARE * total]
    return (rare or known)[:MAX_TERMS]
