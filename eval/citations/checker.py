"""The checker that is measured: the product's own, over the cached index."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.errors import AssistantError
from assistant.indexing.index import Index, Snapshot
from assistant.reading import load_known
from assistant.schema import CheckReport, KnownDocument
from eval.benchmarks.corpora import CORPUS

CheckText = Callable[[Snapshot, Sequence[KnownDocument], str, date], CheckReport]
# (texts, date) → a report each, or the exception it raised
Checker = Callable[[Sequence[str], date], list["CheckReport | Exception"]]


def product_checker(index: Index, corpus: Path = CORPUS) -> Checker:
    """Return the product's checker over an index.

    Raises:
        AssistantError: this working tree has no checker.
    """
    check = _check_text()
    known = load_known(corpus / "known.toml")

    def run(texts: Sequence[str], as_of: date) -> list[CheckReport | Exception]:
        return index.read(lambda snapshot: [_one(check, snapshot, known, text, as_of) for text in texts])

    return run


def _one(
    check: CheckText, snapshot: Snapshot, known: Sequence[KnownDocument], text: str, as_of: date
) -> CheckReport | Exception:
    started = time.perf_counter()
    try:
        report = check(snapshot, known, text, as_of)
        return replace(report, seconds=time.perf_counter() - started)
    except Exception as error:  # the measurement counts every text, whatever the checker raises
        return error


def _check_text() -> CheckText:
    try:
        from assistant.citing.check import check_text
    except ImportError as error:
        raise AssistantError("这份代码里没有引用核对（assistant.citing.check）；请更新代码后再运行") from error

    def run(snapshot: Snapshot, known: Sequence[KnownDocument], text: str, as_of: date) -> CheckReport:
        report: CheckReport = check_text(snapshot, known, text, as_of=as_of)
        return report

    return run
