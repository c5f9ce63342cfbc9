"""Shared fixtures, and the switch that makes a skipped test a failure where everything must be there."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# A gate must give the same verdict on the same commit; elsewhere every run tries new examples.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

ROOT = Path(__file__).parent.parent
_NEEDS_MODELS = "[models]"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when a test skips, except for want of [models]")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not session.config.getoption("--no-skips") or reporter is None:
        return
    reasons = [str(report.longrepr) for report in reporter.stats.get("skipped", ())]
    unwelcome = [
        reason for reason in reasons if _NEEDS_MODELS not in reason or session.config.getoption("-m") == "model"
    ]
    if unwelcome:
        reporter.write_line(f"--no-skips: {len(unwelcome)} skipped, the first: {unwelcome[0]}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the project's own corpus, built once with the shipped embedder; only to be read."""
    from assistant.building import build_index
    from assistant.settings import Settings

    folder = tmp_path_factory.mktemp("corpus") / "index"
    report = build_index(Settings(index=folder, corpus=ROOT / "corpus"))
    assert report.added == ("gd-transfer-2025", "mfg-transfer-2021"), report
    return folder


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Tests see neither YIJU_* of the environment nor a yiju.toml of the working directory."""
    for name in [name for name in os.environ if name.startswith("YIJU_")]:
        monkeypatch.delenv(name)
    yield
