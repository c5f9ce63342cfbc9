"""The corpus that the table of citations is judged against, indexed once."""

from pathlib import Path

import pytest

from assistant.schema import KnownDocument
from tests.citing import corpus


@pytest.fixture(scope="session")
def checked_corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[KnownDocument, ...]]:
    """The folder of the index, only to be read, and the documents that are known and not held."""
    return corpus.build(tmp_path_factory.mktemp("citing")), corpus.known()
