"""How fast a question is understood among all laws: `python -m eval.understanding_speed` prints p50 and p95.

The titles of ../shared/data/laws.tar.gz are the names, the tuning questions are what is asked; processor time of one
thread, so that other work on the machine does not count. With it: what a new scope costs until it is remembered.
"""

import json
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from assistant.indexing.tokens import LexicalTokenizer
from assistant.retrieval.names import NameTable
from assistant.retrieval.scope import decide
from assistant.retrieval.understanding import Wish, understand
from assistant.schema import Metadata, Scope
from eval.facts import machine
from eval.law_data import DATA, DIVISIONS, LAWS, ROOT
from eval.law_metadata import law_metadata
from eval.metrics import percentile

QUESTIONS = ("tuning.jsonl", "policy_tuning.jsonl")


def measured(work: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float]:
    """Return p50 and p95 of the milliseconds of processor time that `work` takes for a question."""
    spent = []
    for question in questions:
        start = time.process_time()
        work(question)
        spent.append((time.process_time() - start) * 1e3)
    return percentile(spent, 0.5), percentile(spent, 0.95)


def _laws() -> Mapping[str, Metadata]:
    with tarfile.open(DATA / LAWS) as archive:
        member = next(one for one in archive if one.name.endswith("laws.jsonl"))
        stream = archive.extractfile(member)
        assert stream is not None
        rows = [json.loads(line) for line in stream.read().decode().splitlines()]
    found = law_metadata(rows, DATA / DIVISIONS, {row["law_id"]: f"law-{number}" for number, row in enumerate(rows)})
    return {metadata.id: metadata for metadata in found.values()}


def main() -> int:
    """Print the figures; return 1 where the laws are not there."""
    if not (DATA / LAWS).is_file():
        print(f"错误：没有 {LAWS}，无法测量", file=sys.stderr)
        return 1
    laws = _laws()
    lines = [
        line
        for name in QUESTIONS
        for line in (ROOT / "eval" / "questions" / name).read_text(encoding="utf-8").splitlines()
    ]
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    table = NameTable(laws)
    today = date.today()
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = LexicalTokenizer(Path(folder))
        understand(questions[0], table, Wish(as_of=today), cut=tokenizer.split)  # loads dictionary and lists
        found = measured(
            lambda question: understand(question, table, Wish(as_of=today), cut=tokenizer.split), questions
        )
    start = time.process_time()
    sieve = decide(laws, Scope(today, regions=("440605",)))
    decided = (time.process_time() - start) * 1e3
    facts = machine()
    print(f"{facts['cores']} 核，Python {facts['python']}；{len(laws):,} 份文件，{len(questions)} 个问题")
    print(f"理解一个问题：p50 {found[0]:.2f} ms，p95 {found[1]:.2f} ms（处理器时间）")
    print(f"第一次遇到一个范围（佛山南海，今天）：{decided:.0f} ms，范围内 {sieve.searched:,} 份；之后记住")
    return 0


if __name__ == "__main__":
    sys.exit(main())
