"""A benchmark of two small regulations, and the embedder that counts words over it."""

from pathlib import Path
from types import MappingProxyType

from eval.benchmarks import Benchmark, Case
from tests.fakes import statute

A, B = "park", "sea"


def tiny_benchmark(folder: Path, name: str = "policy") -> Benchmark:
    """Return a benchmark whose only source is a file in `folder`; the articles speak of one word of the fake each."""
    source = folder / "source.txt"
    source.write_text("甲", encoding="utf-8")

    def documents():  # type: ignore[no-untyped-def]
        yield statute(A, "园区应当保障土地。", "园区应当供电。电费由政府定价。", "园区应当供水。", title="园区条例")
        yield statute(B, "海关负责监管。", "税由海关征收。", title="海关条例", jurisdiction="440000")

    def case(number: int, question: str, *gold: str, need: tuple[str, ...] = (), region: str = "") -> Case:
        groups = {
            "split": "reporting",
            "role": "staff" if number % 2 else "hotline",
            "documents": "local",
            "kind": "plain",
        }
        return Case(f"q{number}", question, gold, need=need, region=region, groups=MappingProxyType(groups))

    cases = (
        case(1, "土地", f"{A}:a1"),
        case(2, "电费贵", f"{A}:a2"),
        case(3, "水和电", f"{A}:a2", f"{A}:a3", need=(f"{A}:a2", f"{A}:a3")),
        case(4, "海关收什么税", f"{B}:a2", region="440000"),
    )
    return Benchmark(name, "两部小条例", documents, (source,), lambda: cases, ("手工编写",))
