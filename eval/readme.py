"""The figures of the README, from the committed reports: `python -m eval.readme` writes them into README.md."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.report import rate_text, table
from eval.speed import amount

README = Path("README.md")
REPORTS = Path("eval/reports")
START, END = "<!-- figures -->", "<!-- /figures -->"
SYSTEMS = {"yiju": "依据", "bm25": "只用 BM25", "vectors": "只用向量"}
RANKINGS = {"right_first": "首位命中", "hit_rate@5": "前五命中"}
ANSWERS = {
    "status_right": "状态正确（已答、部分、拒答）",
    "wrongly_answered": "误答：文中无完整答案却当作已答",
    "wrongly_abstained": "误拒：文中有完整答案却拒答",
    "rightly_abstained": "该拒即拒：文中全无而拒答",
    "first_citation_right": "首条依据正确",
    "verbatim": "引文与原文件逐字一致",
}
# Rows of the STARD benchmark, and groups of the policy benchmark, that the README shows.
LADDER = ("bm25-words-bigrams", "llamaindex", "article-exact", "+sentences", "product")
MEASURES = {"R@10": "R@10", "R@100": "R@100", "RR@10": "MRR@10"}


def figures(reports: Path) -> str:
    """Return the README's tables: retrieval, answers, parsing, speed and size, each with command, date and commit."""
    reporting, speed, proof, parsing = (
        json.loads((reports / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("reporting", "speed", "proof", "parse_speed")
    )
    ranking = table(
        ("检索，条或部分为单位", *SYSTEMS.values()),
        [
            (name, *(rate_text(reporting["systems"][system][key]) for system in SYSTEMS))
            for key, name in RANKINGS.items()
        ],
    )
    answers = table(
        ("回答", "题数或引文数", "比率"),
        [
            (name, str(reporting["answers"][key]["n"]), rate_text(reporting["answers"][key]))
            for key, name in ANSWERS.items()
        ],
    )
    fast = table(
        ("速度与体积（`python -m eval.speed`）", "数值", "要求", "量法"),
        [
            (
                row["name"],
                amount(row["value"], row["unit"]),
                amount(row["bar"], row["unit"]) if row["bar"] else "—",
                row["how"],
            )
            for row in speed["figures"]
        ],
    )
    agreed = proof["stard_agreed"] / proof["stard_articles"]
    parsed = (
        f"解析（`{proof['command']}`，{proof['date']}）：{proof['files']:,} 个文件中 {len(proof['failed'])} 个出错；"
        f"{proof['articles']:,} 条、{proof['sentences']:,} 句中 {len(proof['broken'])} 处区间与原文不一致；"
        f"与 STARD 重建语料的 {proof['stard_articles']:,} 条相比，{agreed:.2%} 去除空白后相同，其余逐条列出并归类。"
        f"`{parsing['command']}`：每秒 {parsing['articles_per_second']:,.0f} 条（单核）。"
    )
    about = (
        f"`{reporting['command']}`，{reporting['date']}，提交 {reporting['commit']}，{reporting['questions']['n']} 题。"
    )
    return "\n\n".join((ranking, answers, about, stard_figures(reports), policy_figures(reports), fast, parsed))


def stard_figures(reports: Path) -> str:
    """Return the table of STARD's dev split: a row a system."""
    report = json.loads((reports / "retrieval_stard.json").read_text(encoding="utf-8"))
    systems = {row["name"]: row for row in report["systems"]}
    rows = [
        (
            f"{systems[name]['label']} `{name}`",
            *(mean_text(systems[name][key]) for key in MEASURES),
            f"{systems[name]['seconds']['p95'] * 1000:.0f} ms",
        )
        for name in LADDER
    ]
    about = f"STARD 开发集，{report['questions']} 题，重建语料（rebuilt corpus）55,404 条；{_origin(report)}"
    return f"{about}\n\n{table(('系统', *MEASURES.values(), 'p95'), rows)}"


def policy_figures(reports: Path) -> str:
    """Return the table of the policy benchmark's reporting questions: founding and local documents."""
    report = json.loads((reports / "retrieval_policy.json").read_text(encoding="utf-8"))
    names = {"founding": "奠基文件", "local": "地方性法规和政策文件"}
    rows = []
    for group in report["groups"]:
        where = group["where"]
        if where.get("split") != "reporting" or "role" in where or where.get("documents") not in names:
            continue
        for system in group["systems"]:
            if system["name"] in (*LADDER, report["main"]):
                first, five = rate_text(system["first"]), rate_text(system["top5"])
                rows.append((names[where["documents"]], f"`{system['name']}`", str(system["n"]), first, five))
    about = f"政策题集的报告题，{report['title'].partition('：')[2]}混在一起检索；{_origin(report)}"
    return f"{about}\n\n{table(('问的是', '系统', '题数', '首位命中', '前五命中'), rows)}"


def _origin(report: dict[str, Any]) -> str:
    return f"`{report['command']}`，{report['date']}，提交 {report['commit']}。"


def mean_text(mean: Mapping[str, float]) -> str:
    """Return a mean with its interval.

    >>> mean_text({"value": 0.5, "low": 0.4, "high": 0.61})
    '.500 [.400, .610]'
    """
    value, low, high = (f"{mean[key]:.3f}".lstrip("0") for key in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def written(text: str, block: str) -> str:
    """Return a README with its figures replaced by `block`.

    Raises:
        ValueError: the marks that enclose the figures are not there.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"README.md lacks {START} … {END}")
    return f"{before}{START}\n\n{block}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8"), figures(REPORTS)), encoding="utf-8")
    sys.exit(0)
