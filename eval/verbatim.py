"""Whether a quote stands in the file it is said to come from: judged against the file, not against our own text."""

import re
import tomllib
from pathlib import Path

from assistant.errors import CorpusError

# Matches 「[bookmark: 第一条]」, a mark some exports put before headings; refuses 「[1]」 and 「[bookmark]」.
BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]")
TEXT_SUFFIXES = frozenset({".txt", ".md"})


def bare(text: str) -> str:
    """Return the text without bookmark marks and without any white space (full-width spaces included).

    >>> bare("[bookmark: 第一章 总则]第一章　总　　则 ")
    '第一章总则'
    """
    return "".join(BOOKMARK.sub("", text).split())


class SourceFiles:
    """The files of a corpus, bare, by document id."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = {doc_id: bare(text) for doc_id, text in texts.items()}

    @classmethod
    def from_corpus(cls, folder: Path) -> "SourceFiles":
        """Return the plain-text files that the folder's manifest names; other formats cannot be judged here.

        Raises:
            CorpusError: the manifest or a file it names cannot be read.
        """
        manifest = folder / "manifest.toml"
        try:
            rows = _rows(tomllib.loads(manifest.read_text(encoding="utf-8")))
            texts = {
                str(row["id"]): (folder / str(row["file"])).read_text(encoding="utf-8-sig")
                for row in rows
                if Path(str(row["file"])).suffix.lower() in TEXT_SUFFIXES
            }
        except (OSError, ValueError) as error:
            raise CorpusError(f"{manifest.name} 或它列出的文件读不了：{error}；逐字核对需要原文件") from error
        return cls(texts)

    def holds(self, doc_id: str, quote: str) -> bool | None:
        """True if the quote stands in the document's file word for word; None if that file is no plain text.

        White space and bookmark marks are left out on both sides. An empty quote stands nowhere.
        """
        text = self._texts.get(doc_id)
        if text is None:
            return None
        words = bare(quote)
        return bool(words) and words in text


def _rows(table: dict[str, object]) -> list[dict[str, object]]:
    """Return the tables of a manifest that describe a file, however they are grouped."""
    found: list[dict[str, object]] = []
    for value in table.values():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict) and "id" in row and "file" in row:
                found.append(row)
    return found
