"""The corpus that the table of citations is judged against, indexed once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.indexing.index import Index
from assistant.schema import KnownDocument
from tests.citing import corpus


@pytest.fixture(scope="session")
def checked_corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[KnownDocument, ...]]:
    """The folder of the index, only to be read, and the documents that are known and not held."""
    return corpus.build(tmp_path_factory.mktemp("citing")), corpus.known()


@pytest.fixture(scope="session")
def case_index(checked_corpus: tuple[Path, tuple[KnownDocument, ...]]) -> Iterator[Index]:
    """The index of the table's corpus, open."""
    opened = corpus.open_index(checked_corpus[0])
    yield opened
    opened.close()
