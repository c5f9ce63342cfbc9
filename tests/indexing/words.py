"""One dictionary for all the indexes of a test run."""

from typing import Any

from assistant.indexing.tokens import LexicalTokenizer

_words: list[Any] = []
_load_words = LexicalTokenizer._load


def share_words() -> None:
    """Let all tokenizers of this process share one dictionary: loading it takes a second, each time."""

    def load(tokenizer: LexicalTokenizer) -> Any:
        if not _words:
            _words.append(_load_words(tokenizer))
        return _words[0]

    LexicalTokenizer._load = load  # type: ignore[method-assign]


def load_own_words() -> None:
    """Undo `share_words`."""
    LexicalTokenizer._load = _load_words  # type: ignore[method-assign]
