"""The report of eval.scale: tables for people, figures as JSON, the curve as a picture."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Articles → milliseconds within which 95 of 100 questions are to be answered there.
BARS = {147_291: 60, 1_000_000: 200}
READ_BAR = 1_500  # articles/s, parsing and full text
STORE_BAR = 1_430  # vectors/s that Chroma was seen to take
NOT_FILTERS = frozenset({"first_seconds", "load", "peak_bytes", "units", "documents"})


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([4.0, 1.0, 3.0, 2.0], 0.95)
    (2.0, 4.0)
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def figures(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is reported of one size: rates per second, gigabytes, seconds, milliseconds."""
    build, ask = result["build"], result["ask"]
    units = ask["units"]

    def rate(of: str) -> tuple[float, float]:
        text = [build[of][stage] for stage in ("read", "flip")]
        return units / sum(text), units / build[of]["store"]

    (text_rate, store_rate), (text_core, store_core) = rate("seconds"), rate("processor_seconds")
    return {
        "size": result["size"],
        "synthetic": result["synthetic"],
        "date": result["date"],
        "commit": result["commit"],
        "documents": build["documents"],
        "articles": units,
        "texts": build["texts"],
        "random_vectors": build["synthetic"],
        "load": round(build["load"], 1),
        "text_per_second": round(text_rate),
        "text_per_processor_second": round(text_core),
        "vectors_per_second": round(store_rate),
        "vectors_per_processor_second": round(store_core),
        "build_seconds": round(build["seconds"]["whole"], 1),
        "stages_seconds": {name: round(value, 1) for name, value in build["seconds"].items()},
        "stages_processor_seconds": {name: round(value, 1) for name, value in build["processor_seconds"].items()},
        "build_memory_gb": round((build["peak_bytes"] - build["resident_before_bytes"]) / 1e9, 2),
        "database_gb": round(result["disk_bytes"]["database"] / 1e9, 2),
        "vectors_gb": round(result["disk_bytes"]["vectors"] / 1e9, 2),
        "query_memory_gb": round(ask["peak_bytes"] / 1e9, 2),
        "query_load": round(ask["load"], 1),
        "first_question_seconds": round(ask["first_seconds"], 2),
        "questions": {
            name: {
                f"{label}{int(share * 100)}": round(percentile(values[of], share), 1)
                for of, label in (("milliseconds", "p"), ("processor_milliseconds", "processor_p"))
                for share in (0.5, 0.95)
            }
            for name, values in ask.items()
            if name not in NOT_FILTERS
        },
        "add_seconds": round(result["add"]["seconds"], 2),
        "add_processor_seconds": round(result["add"]["processor_seconds"], 2),
        "next_question_seconds": round(result["add"]["next_question_seconds"], 2),
    }


def write_report(out: Path, facts: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> str:
    """Write scale.json, scale.md and scale.png into a folder and return the Markdown."""
    found = [figures(result) for result in results]
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**facts, "sizes": found}, ensure_ascii=False, indent=1) + "\n"
    (out / "scale.json").write_text(text, encoding="utf-8")
    shown = markdown(facts, found)
    (out / "scale.md").write_text(shown, encoding="utf-8")
    if found:
        draw(out / "scale.png", found)
    return shown


def markdown(facts: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> str:
    """Return the report as people read it."""
    names = "，".join(f"{name} {value}" for name, value in facts["machine"].items())
    blocks = [
        "# 规模",
        (
            f"- 命令：`{facts['command']}`\n- 日期：{facts['date']}，提交 {facts['commit'] or '—'}\n- 机器：{names}\n"
            "- 语料：`laws.tar.gz` 的全部法规（147k）；更小的规模是其中一部分，更大的把法规改题名后重复、向量加扰动\n"
            "- 每步在新进程中。“负载”是当时的 1 分钟平均负载：高于核数时，按钟表计的数字偏慢，"
            "请看按处理器时间计的一列"
        ),
        "## 建库",
        _table(
            ("规模", "条", "文件", "解析和全文，条/秒", "每核秒", "向量入库，条/秒", "每核秒", "全程", "内存", "负载"),
            (
                (
                    one["size"] + _mark(one),
                    f"{one['articles']:,}",
                    f"{one['documents']:,}",
                    f"{one['text_per_second']:,}",
                    f"{one['text_per_processor_second']:,}",
                    f"{one['vectors_per_second']:,}",
                    f"{one['vectors_per_processor_second']:,}",
                    f"{one['build_seconds']:,.0f} s",
                    f"{one['build_memory_gb']:.2f} GB",
                    f"{one['load']:.1f}",
                )
                for one in found
            ),
        ),
        (
            f"解析和全文含读文件、切词、写入和提交，要求每秒不少于 {READ_BAR:,} 条（两核）；向量入库只算 Chroma，"
            f"曾见每秒 {STORE_BAR:,} 条。计算向量不在其中。内存是各进程峰值之和，减去建库前已占的。"
        ),
        "## 查询",
        _table(
            ("规模", "条件", "p50", "p95", "处理器 p50", "处理器 p95", "首问", "内存", "负载"),
            (
                (
                    one["size"] + _mark(one),
                    name,
                    f"{times['p50']:.0f} ms",
                    f"{times['p95']:.0f} ms",
                    f"{times['processor_p50']:.0f} ms",
                    f"{times['processor_p95']:.0f} ms",
                    f"{one['first_question_seconds']:.1f} s",
                    f"{one['query_memory_gb']:.2f} GB",
                    f"{one['query_load']:.1f}",
                )
                for one in found
                for name, times in one["questions"].items()
            ),
        ),
        (
            "一问是一次 `Assistant.search`，含计算问题的向量，取 10 条；200 个不同的问题，先问 20 个不计。"
            "要求 p95：147k 条 60 ms，一百万条 200 ms。"
        ),
        "## 磁盘，和加一份文件",
        _table(
            ("规模", "数据库", "向量库", "加一份（10 条）", "处理器", "加后第一问"),
            (
                (
                    one["size"] + _mark(one),
                    f"{one['database_gb']:.2f} GB",
                    f"{one['vectors_gb']:.2f} GB",
                    f"{one['add_seconds']:.1f} s",
                    f"{one['add_processor_seconds']:.1f} s",
                    f"{one['next_question_seconds']:.1f} s",
                )
                for one in found
            ),
        ),
    ]
    if any(one["random_vectors"] for one in found):
        blocks.append("\\* 用随机单位向量：文字是法规原文，速度可比，检索质量无从谈起；近邻图也比真实向量难建、难查。")
    if found:
        blocks.append("![查询 p95 与规模](scale.png)")
    return "\n\n".join(blocks) + "\n"


def draw(path: Path, found: Sequence[Mapping[str, Any]]) -> None:
    """Draw the 95th percentile of a question against the number of articles, with what is required."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    # The fonts that come with matplotlib have no Chinese.
    labels = ("no filter", "place", "place and date")
    articles = [one["articles"] for one in found]
    for number, name in enumerate(found[0]["questions"]):
        p95 = [one["questions"][name]["p95"] for one in found]
        axes.plot(articles, p95, marker="o", label=labels[number] if number < len(labels) else str(number))
    axes.plot(list(BARS), list(BARS.values()), linestyle="none", marker="_", markersize=18, color="black", label="bar")
    axes.set(xscale="log", xlabel="articles", ylabel="ms, 95th percentile", ylim=(0, None), title="One search")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _mark(one: Mapping[str, Any]) -> str:
    return " *" if one["random_vectors"] else ""


def _table(head: Sequence[str], rows: Any) -> str:
    lines = ["| " + " | ".join(head) + " |", "| --- | " + " | ".join("---:" for _ in head[1:]) + " |"]
    # The escape keeps the mark of random vectors from starting emphasis.
    return "\n".join([*lines, *("| " + " | ".join(cell.replace("*", "\\*") for cell in row) + " |" for row in rows)])
