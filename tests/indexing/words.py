"""One dictionary for all the indexes of a test run."""

from typing import Any

from assistant.indexing.tokens import LexicalTokenizer

_loaded: list[LexicalTokenizer] = []
_load = LexicalTokenizer._load


def share_words() -> None:
    """Let all tokenizers of this process share one dictionary: loading it takes a second, each time."""

    def load(tokenizer: LexicalTokenizer) -> Any:
        if _loaded:
            tokenizer._cut, tokenizer._jieba = _loaded[0]._cut, _loaded[0]._jieba
        else:
            _load(tokenizer)
            _loaded.append(tokenizer)
        return _load(tokenizer)

    LexicalTokenizer._load = load  # type: ignore[method-assign]


def load_own_words() -> None:
    """Undo `share_words`."""
    LexicalTokenizer._load = _load  # type: ignore[method-assign]
