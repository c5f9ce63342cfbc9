"""The benchmarks of retrieval: a corpus each, and the questions asked of it."""

from pathlib import Path

from eval.benchmarks.corpora import Benchmark, Case
from eval.benchmarks.founding import founding
from eval.benchmarks.policy import policy
from eval.benchmarks.stard import stard
from eval.law_data import DATA

BENCHMARKS = ("stard", "policy", "founding")

__all__ = ["BENCHMARKS", "Benchmark", "Case", "load_benchmark"]


def load_benchmark(name: str, data: Path = DATA, split: str = "dev") -> Benchmark:
    """Return a benchmark by name; `split` counts for STARD only.

    Raises:
        CorpusError: what it is made of cannot be read.
        ValueError: there is no such benchmark or split.
    """
    if name == "stard":
        return stard(data, split)
    if name == "policy":
        return policy(data)
    if name == "founding":
        return founding(data)
    raise ValueError(f"benchmark {name!r}: expected one of {', '.join(BENCHMARKS)}")
