"""Words and character bigrams of a text, for the full-text index and for queries alike."""

import hashlib
import importlib.resources
import logging
import re
import threading
from functools import _lru_cache_wrapper, lru_cache
from pathlib import Path
from typing import Any

# What can be searched: Chinese characters, Latin letters, digits. Matches 「产业2025」 in one run, not 「，」.
_RUN = re.compile(r"[0-9A-Za-z\u3400-\u9fff\uf900-\ufaff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}

# Runs whose words are remembered. Titles, headings and stock phrases come again and again: of the characters in all
# laws, over a quarter stand in a run seen before, and jieba is most of what full text costs. About 15 MB when full.
MEMORY = 30_000
# Longer runs (a page without punctuation) do not come again and would only take room.
REMEMBERED = 50

_logger = logging.getLogger(__name__)


def _domain_words() -> tuple[str, ...]:
    text = importlib.resources.files("assistant.indexing").joinpath("data/words.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class LexicalTokenizer:
    """jieba words and character bigrams, with jieba's cache kept in a folder of our own.

    By default jieba loads a pickled cache from the shared temporary folder, which anyone may plant; ours lives in the
    index folder. The dictionary is jieba's own plus the words of `data/words.txt`.
    """

    def __init__(self, cache_folder: Path) -> None:
        self._cache_folder = cache_folder
        self._cut: _lru_cache_wrapper[tuple[str, ...]] | None = None
        self._jieba: Any = None
        self._lock = threading.Lock()

    @staticmethod
    def revision() -> str:
        """Return what identifies tokenizer and dictionary: an index built with another one is not searched."""
        from importlib.metadata import version

        words = hashlib.sha256("\n".join(_domain_words()).encode()).hexdigest()[:12]
        return f"jieba-{version('jieba')}+{words}"

    def words(self, text: str) -> list[str]:
        """Return the searchable words of `text` in order, lower case; compounds also yield their parts.

        Single Chinese characters are left out: the bigrams carry them.
        """
        cut = self._load()
        found: list[str] = []
        for run in _RUN.findall(text.translate(_FULL_WIDTH).lower()):
            found += cut(run) if len(run) <= REMEMBERED else cut.__wrapped__(run)
        return found

    def split(self, text: str) -> list[str]:
        """Return `text` cut into words of the dictionary, nothing left out: joined, they are the text again.

        Characters that make no word of the dictionary stand alone.
        """
        self._load()
        return list(self._jieba.lcut(text, HMM=False))

    @staticmethod
    def bigrams(text: str) -> list[str]:
        """Return overlapping pairs of Chinese characters; a run of one character yields itself.

        >>> LexicalTokenizer.bigrams("用电成本，2025 年")
        ['用电', '电成', '成本', '年']
        """
        found = []
        for run in re.findall(r"[\u3400-\u9fff\uf900-\ufaff]+", text):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        return found

    def _load(self) -> "_lru_cache_wrapper[tuple[str, ...]]":
        with self._lock:
            if self._cut is None:
                import jieba

                jieba.setLogLevel(logging.WARNING)
                tokenizer = jieba.Tokenizer()
                self._cache_folder.mkdir(parents=True, exist_ok=True)
                tokenizer.tmp_dir = str(self._cache_folder)
                tokenizer.cache_file = "jieba.cache"
                tokenizer.initialize()
                for word in _domain_words():
                    tokenizer.add_word(word)

                def words_of(run: str) -> tuple[str, ...]:
                    found = tokenizer.lcut_for_search(run)
                    return tuple(word for word in found if len(word) > 1 or not _CHINESE.match(word))

                self._jieba = tokenizer
                self._cut = lru_cache(MEMORY)(words_of)
            return self._cut
