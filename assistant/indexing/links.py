"""引用 as rows: what each document cites, written and deleted with it.

Where a link leads is settled when it is read (`links_read`): a document that is ingested later makes the links to it
live, and one that is removed leaves them 未收录.
"""

from assistant.indexing.links_titles import title_key
from assistant.parsing import find_links, split_id
from assistant.schema import Parsed

# `name` is the key of the title that is cited, "" for the document itself; `head` the article or part of `path`.
LINK_COLUMNS = 'doc_id, source, unit, start, "end", text, title, name, head, path, onward'
LINK_TABLE = """
CREATE TABLE links (
    doc_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, source TEXT NOT NULL, unit TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL, name TEXT NOT NULL,
    head TEXT NOT NULL, path TEXT NOT NULL, onward INTEGER NOT NULL);
CREATE INDEX links_by_source ON links (doc_id, start);
CREATE INDEX links_by_unit ON links (unit);
CREATE INDEX links_by_target ON links (name, head, doc_id);
"""


def link_rows(parsed: Parsed) -> list[tuple[str | int | None, ...]]:
    """Return the rows of what a document cites, in the order of `LINK_COLUMNS` and of the text."""
    return [
        (
            split_id(link.source)[0],
            link.source,
            link.unit,
            link.start,
            link.end,
            link.text,
            link.title,
            title_key(link.title),
            link.path.partition(".")[0],
            link.path,
            int(link.onward),
        )
        for link in find_links(parsed)
    ]
