"""The Markdown of `eval.references`."""

from collections.abc import Mapping
from typing import Any

from eval.report import table

_GROUPS = {"inside": "本文件的条款项", "provision": "其他文件的条款项", "document": "其他文件（整份）"}
_STATES = {"held": "已解析", "not_held": "未收录", "no_such": "收录的文本里没有", "ambiguous": "几处之一，未定"}
_DIRECTIONS = {"": "不用引用", "cites": "命中所引", "cited_by": "引命中者", "both": "两者"}


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    blocks = [
        "# 引用关系",
        _facts(report),
        "## 全部法规里的引用",
        _laws(report["laws"]),
        "## 对检索有没有用：STARD 训练部分（重建语料，rebuilt corpus）",
        _stard(report["stard"]),
    ]
    return "\n\n".join(blocks) + "\n"


def _facts(report: Mapping[str, Any]) -> str:
    machine = "，".join(f"{name} {value}" for name, value in report["machine"].items())
    return (
        f"- 命令：`{report['command']}`\n- 日期：{report['date']}；提交：{report['commit'] or '—'}；{machine}\n"
        f"- 版本按 {report['as_of']} 的效力选取"
    )


def _laws(laws: Mapping[str, Any]) -> str:
    rows = [
        [name, str(sum(laws[group].values())), *(str(laws[group][state]) for state in _STATES)]
        for group, name in _GROUPS.items()
    ]
    milliseconds = laws["milliseconds"]
    reading = laws["reading"]
    wrong = "".join(f"\n  - `{key}` {why}" for key, why in reading["wrong"].items())
    found = f"引用 {laws['found']:,} 处（范围如第五条至第七条算一处）"
    share = 100 * reading["right"] / max(1, reading["read"])
    right = f"文字范围、所指文件和条款都对的 {reading['right']} 处（{share:.1f} %）"
    notes = [
        f"- 已解析而所指款项不在收录文本里、只到上一级的：{laws['inexact']} 处",
        f"- 指向几条的：{laws['ranges']} 处；未收录的文件名：{laws['unheld_titles']:,} 个",
        f"- 抽读：按哈希顺序逐条读了 {reading['read']} 处，{right}{wrong}",
        "- 旧司法解释引用的是当时的条号；这里按现行版本解析，条号变过的会指到现行同号的条文，读的时候不算错",
        f"- 读一条的引用：p50 {milliseconds['from_p50']} ms，p99 {milliseconds['from_p99']} ms",
        f"- 读一条的被引用：p50 {milliseconds['to_p50']} ms，p99 {milliseconds['to_p99']} ms",
    ]
    return "\n\n".join(
        [
            f"{laws['documents']:,} 份文件，{laws['units']:,} 条，{found}。",
            table(["引用的对象", "处", *_STATES.values()], rows),
            "\n".join(notes),
        ]
    )


def _stard(stard: Mapping[str, Any]) -> str:
    graph = stard["graph"]
    missed = [
        [f"前 {cut} 名之外", *(str(row[name]) for name in ("missed", "cites", "cited_by", "both", "neighbours"))]
        for cut, row in stard["missed"].items()
    ]
    names = [name for name in stard["expansion"][0] if name not in ("direction", "weight", "won", "lost")]
    changed = [
        [
            _DIRECTIONS[row["direction"]],
            f"{row['weight']:g}",
            *(f"{row[name]:.4f}" for name in names),
            str(row["won"]),
            str(row["lost"]),
        ]
        for row in stard["expansion"]
    ]
    about = (
        f"{stard['questions']} 题，BM25（词和二元组，全文检索，取前 100）。{graph['several']} 题有几条正确条文，"
        f"共 {graph['pairs']} 对，其中同一部法的 {graph['same_document']} 对，一步引用相连的 {graph['linked']} 对；"
        f"{graph['golds']} 条正确条文里有引用或被引用的 {graph['with_links']} 条。"
    )
    return "\n\n".join(
        [
            about,
            "漏掉的正确条文，有多少与前 10 名命中一步引用相连：",
            table(["位置", "漏掉的正确条文", "命中所引", "引命中者", "两者", "一步可达的条文"], missed),
            "把引用作为一项信号（权重 × 与之相连的最强命中的分数，前 10 名命中，超过 20 处的不跟）：",
            table(["方向", "权重", *names, "升的题", "降的题"], changed),
            f"每题读引用用时 {stard['milliseconds']} ms。",
        ]
    )
