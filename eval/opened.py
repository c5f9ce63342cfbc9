"""The real assistant over an index built for this evaluation, so that a report speaks of the corpus of its commit."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.api import Assistant, open_assistant
from assistant.building import build_index
from assistant.errors import CorpusError
from assistant.retrieval.candidates import FETCH
from assistant.retrieval.fusion import DEFAULT_WEIGHTS
from assistant.settings import load_settings

# Settings that change what is found and said; the others are places, addresses and limits.
TELLING = ("embedder",)


@contextmanager
def opened(corpus: Path, embedder: str | None = None) -> Iterator[Assistant]:
    """Give an assistant over a fresh index of a corpus folder; both are gone afterwards.

    `embedder` is written as in the settings; None for what they say.

    Raises:
        AssistantError: the corpus cannot be read or indexed, or a file in it was refused.
    """
    with tempfile.TemporaryDirectory(prefix="yiju-eval-") as folder:
        settings = load_settings(corpus=corpus, index=Path(folder) / "index", embedder=embedder)
        for refusal in build_index(settings).refused:
            raise CorpusError(f"{refusal.file}：{refusal.reason}（评测要求语料全部收录）")
        assistant = open_assistant(settings)
        try:
            yield assistant
        finally:
            assistant.close()


def described(assistant: Assistant) -> dict[str, Any]:
    """Return what the assistant finds and answers with: embedder, and the settings and constants that matter."""
    embedder = assistant.embedder
    return {
        "embedder": f"{_placeless(embedder.name)}，版本 {embedder.revision}，{embedder.dimension} 维",
        "settings": {
            **{name: _placeless(str(getattr(assistant.settings, name))) for name in TELLING},
            "weights": " ".join(f"{name} {value:g}" for name, value in asdict(DEFAULT_WEIGHTS).items()),
            "fetch": FETCH,
        },
    }


def _placeless(text: str) -> str:
    """Return the name of a model without the folder it lies in.

    >>> _placeless("sentence-transformers:/somewhere/bge-m3"), _placeless("builtin")
    ('sentence-transformers:bge-m3', 'builtin')
    """
    kind, colon, place = text.rpartition(":")
    return kind + colon + place.rstrip("/").rpartition("/")[2]
