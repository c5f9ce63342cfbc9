"""A package imports only from its left (design §3), and importing the package imports nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import assistant

PACKAGE = Path(assistant.__file__).parent
EVERYONE = {"schema", "errors", "escape", "settings", "wording", "places"}
LEFT = {
    "reading": set(),
    "parsing": {"reading"},
    "indexing": {"reading", "parsing"},
    "citing": {"reading", "parsing", "indexing"},
    "retrieval": {"reading", "parsing", "indexing"},
    "answering": {"reading", "parsing", "indexing", "retrieval", "citing"},
    "serving": {"reading", "parsing", "indexing", "retrieval", "citing", "answering"},
    "web": {
        "reading",
        "parsing",
        "indexing",
        "retrieval",
        "citing",
        "answering",
        "serving",
        "api",
        "building",
        "console",
    },
}


def imported(path: Path) -> set[str]:
    """Names of our packages and modules that a file imports, at any depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "assistant" else [node.module]
            )
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("assistant.")}
    return found


@pytest.mark.parametrize("package", sorted(LEFT))
def test_a_package_imports_only_from_its_left(package: str) -> None:
    files = sorted((PACKAGE / package).rglob("*.py"))
    assert files
    for path in files:
        assert imported(path) <= LEFT[package] | EVERYONE | {package}, path


def test_every_package_has_its_place() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages == set(LEFT) | {"schema"}


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_what_all_import_imports_no_stage(name: str) -> None:
    module = PACKAGE / f"{name}.py"
    for path in [module] if module.is_file() else sorted((PACKAGE / name).glob("*.py")):
        assert imported(path) <= EVERYONE, path


def test_the_public_names_are_these() -> None:
    assert sorted(assistant.__all__) == assistant.__all__ == dir(assistant)
    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = {"chromadb", "llama_index", "gradio", "onnxruntime", "jieba", "numpy", "pandas", "torch"}
    code = f"import sys, assistant; print(sorted({heavy!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
