"""The README cannot drift: its figures are the committed reports', its commands parse, its exchanges are real."""

import re
import shlex
from pathlib import Path

import pytest

import ingest
from assistant.__main__ import build_parser, main
from assistant.web import serve
from eval.readme import END, REPORTS, START, figures, written
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.removeprefix("$ ") for line in README.splitlines() if line.startswith("$ ")]
EXCHANGES = re.findall(r"<!-- exchange -->\n```console\n\$ ([^\n]+)\n(.*?)```", README, re.DOTALL)


def test_the_figures_are_those_of_the_committed_reports() -> None:
    block = README.partition(START)[2].partition(END)[0]

    assert block.strip() == figures(ROOT / REPORTS).strip()


def test_figures_need_their_marks() -> None:
    with pytest.raises(ValueError, match=r"README\.md lacks"):
        written("no marks", "block")


@pytest.mark.parametrize(("command", "shown"), EXCHANGES)
def test_an_exchange_is_what_the_system_says(
    command: str, shown: str, corpus_index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(command.removeprefix("python -m assistant "))

    assert main([*arguments, "--index", str(corpus_index)]) == 0
    assert capsys.readouterr().out.startswith(shown)


def test_there_is_an_answer_and_an_abstention() -> None:
    assert ["【有依据】" in EXCHANGES[0][1], "【未找到依据】" in EXCHANGES[1][1]] == [True, True]


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("python -m assistant ")])
def test_an_assistant_command_parses(command: str) -> None:
    words = shlex.split(command)[3:]
    assert build_parser().parse_args(words).command == words[0]


def test_every_other_command_names_what_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for command in COMMANDS:
        words = [word for word in shlex.split(command) if "=" not in word]
        if words[0] == "make":
            assert words[1] in targets, command
        elif words[0].endswith("python") and words[1].endswith(".py"):
            assert (ROOT / words[1]).is_file(), command
        elif words[0].endswith("python") and words[1] == "-m" and words[2].startswith("eval."):
            name = words[2].removeprefix("eval.")
            assert (ROOT / "eval" / f"{name}.py").is_file() or (ROOT / "eval" / name / "__main__.py").is_file(), command
        else:
            assert words[0] == "python3" or words[2] in ("pip", "pytest", "assistant"), command


def test_ingest_and_page_have_help_that_ends_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (ingest._main, serve.main):
        with pytest.raises(SystemExit) as stopped:
            command(["--help"])
        assert stopped.value.code == 0
        assert "python " in capsys.readouterr().out.rstrip().splitlines()[-1]


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_a_link_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()
