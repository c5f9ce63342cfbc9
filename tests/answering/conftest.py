"""What the tests of answers share: citations over the project's own corpus."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.api import open_assistant
from assistant.settings import Settings
from tests.answering.quoting import Quoting
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def quoting(corpus_index: Path) -> Iterator[Quoting]:
    """Citations of the corpus; read within one snapshot."""
    opened = open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))
    yield opened._index.read(Quoting)
