"""The Markdown of `eval.proof`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

WHY = {
    "annex_swallowed": "重建语料把附件、附表并入最后一条；我们单列为附件",
    "title_swallowed": "重建语料把下一编、章、节的标题并入上一条；我们作为标题",
    "next_article_swallowed": "条号中有空格（第七十五 条），重建语料把该条并入上一条；我们识别为单独一条",
    "paragraph_dropped": "重建语料漏掉以“第…”开头的款（第三人……、第一款所称……）；我们保留",
    "another_version": "两边所据版本不同：条文后来修改过",
    "file_absent": "重建语料所据文件不在法规包内",
    "other": "未归类",
}
LISTED = 60  # rows of one list; the JSON has them all


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    blocks = [
        "# 大规模解析验证" + ("（抽样）" if report["sample"] else ""),
        _facts(report),
        "## 结论",
        _table(["要求", "达到"], [[name, "是" if reached else "**否**"] for name, reached in report["bars"].items()]),
        "## 数量",
        _table(
            ["项目", "数"],
            [
                ["文件", report["files"]],
                ["解析出错的文件", len(report["failed"])],
                ["字", report["characters"]],
                ["条", report["articles"]],
                ["条款项目等可引用单元", report["provisions"]],
                ["句", report["sentences"]],
                ["没有条的文件", len(report["without_articles"])],
                ["区间、编号或覆盖有误的地方", len(report["broken"])],
                ["首条不是第一条的文件", _files(report["starting_late"])],
                ["条号有缺的文件", _files(report["gaps"])],
                ["条号重复或倒退的文件", _files(report["repeats"])],
                ["其他提示", len(report["other_warnings"])],
            ],
        ),
        _civil_code(report["civil_code"]),
        "## 与 STARD 重建语料比对",
        _compared(report),
        _differences(report["differences"]),
        "## 提示",
        _warnings("条号有缺", report["gaps"]),
        _warnings("条号重复或倒退", report["repeats"]),
        _warnings("首条不是第一条", report["starting_late"]),
        _warnings("其他", report["other_warnings"]),
        _warnings("解析出错", [{"file": row["file"], "warning": row["error"]} for row in report["failed"]]),
        _warnings("区间有误", [{"file": row["file"], "warning": row["problem"]} for row in report["broken"]]),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _facts(report: Mapping[str, Any]) -> str:
    machine = "，".join(f"{name} {value}" for name, value in report["machine"].items())
    return (
        f"- 命令：`{report['command']}`\n- 日期：{report['date']}\n- 提交：{report['commit'] or '—'}\n"
        f"- 用时：{report['seconds']} 秒\n- 机器：{machine}"
    )


def _compared(report: Mapping[str, Any]) -> str:
    lines = [_share("比对", report["stard_articles"], report["stard_agreed"])]
    if report["sample"]:
        lines.append(_share("其中按哈希抽到", report["drawn_articles"], report["drawn_agreed"]))
    lines.append("“重建语料”由他人从同一批文件解析而来，不是官方语料。不同之处：")
    return "\n".join(lines)


def _share(name: str, articles: int, agreed: int) -> str:
    share = 100 * agreed / articles if articles else 0.0
    return f"{name} {articles} 条，去除空白后文字相同 {agreed} 条（{share:.2f} %）。"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _files(rows: Sequence[Mapping[str, str]]) -> int:
    return len({row["file"] for row in rows})


def _civil_code(code: Mapping[str, Any]) -> str:
    if not code:
        return ""
    complete = "从第一条到第一千二百六十条齐全" if code["complete"] else "不齐全"
    return f"民法典分在八个文件里，条号连续；合并后 {code['articles']} 条，{complete}。"


def _differences(rows: Sequence[Mapping[str, str]]) -> str:
    counts = Counter(row["why"] for row in rows)
    table = _table(["原因", "条"], [[WHY[why], count] for why, count in counts.most_common()])
    lists = []
    for why, _ in counts.most_common():
        names = [row["article"] for row in rows if row["why"] == why]
        more = f"\n- ……共 {len(names)} 条，见 JSON" if len(names) > LISTED else ""
        lists.append(f"### {WHY[why]}\n\n" + "\n".join(f"- {name}" for name in names[:LISTED]) + more)
    return "\n\n".join([table, *lists])


def _warnings(title: str, rows: Sequence[Mapping[str, str]]) -> str:
    if not rows:
        return ""
    more = f"\n- ……共 {len(rows)} 处，见 JSON" if len(rows) > LISTED else ""
    return f"### {title}\n\n" + "\n".join(f"- {row['file']}：{row['warning']}" for row in rows[:LISTED]) + more
