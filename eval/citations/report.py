"""The Markdown of `eval.citations`: figures, ids and labels, no text of law."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.report import UNKNOWN, rate_text, table

KIND_NAMES = {
    "number": "条号",
    "level": "款、项",
    "title": "题名改一词",
    "parent": "上位法与实施条例互换",
    "province": "换成别处的法规",
    "character": "引文改一字",
    "force": "应当／可以互换",
    "negation": "漏掉否定词",
    "neighbour": "引文出自相邻条款",
    "repealed": "已失效的版本",
}
DROPPED_NAMES = {
    "unsuited": "抽到的条文不适合这样改",
    "happens_true": "改后碰巧仍然正确",
    "other_words": "转述无从判定",
    "several_versions": "几个版本分不清",
    "repeated": "与前面重复",
}
MODE_NAMES = {"bare": "只引条款", "quote": "引号或独立成段", "verbatim": "原文照录、无引号", "paraphrase": "转述"}
STYLE_NAMES = {
    "carrier": "文书",
    "form": "引法",
    "mode": "内容",
    "title": "题名",
    "label": "条号写法",
    "quote": "引号",
    "place": "引用的位置",
    "nested": "引文内又有引用",
}
LISTED = 40


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    figures = report["figures"]
    blocks = [
        "# 引用核对：检出与误报",
        facts(report),
        "## 结论",
        table(["要求", "达到"], [[name, "是" if reached else "**否**"] for name, reached in report["bars"].items()]),
        "## 错误的引用",
        _kinds(figures),
        _ways(figures["kinds"]),
        "检出，按写法：",
        _styles(figures["by_style"]),
        "## 正确的引用",
        _true(figures["true"]),
        "误报，按写法：",
        _styles(figures["true"]["by_style"]),
        _beside(figures["beside"]),
        "## 与上一份报告相比",
        _changes(report["changes"]),
        "## 失误",
        "编号可用 `python -m eval.citations --seed "
        + str(report["seed"])
        + " --show 编号` 在屏幕上看原文；这里只列编号、引用和状态。",
        _failures(figures),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def facts(report: Mapping[str, Any]) -> str:
    """Return how a report came about, as a list."""
    machine = "，".join(f"{name} {value}" for name, value in report["machine"].items())
    lines = [
        f"- 命令：`{report['command']}`；随机种子 {report.get('seed', UNKNOWN)}",
        f"- 日期：{report['date']}；提交：{report['commit'] or UNKNOWN}；用时 {report['seconds']} 秒；{machine}",
        f"- 语料：`{report['corpus']}`（奠基文件和 laws.tar.gz 的全部法规，{report['documents']:,} 份）",
        f"- 判断时点：{report['as_of']}",
        "- 方括号内是 95 % 精确二项区间（Clopper–Pearson）",
    ]
    sizes = report["figures"]["drawn_from"]
    lines.append(
        f"- 抽取范围：{sizes['documents']:,} 份题名在判断时点只指一个版本的文件，{sizes['provisions']:,} 个条款项；"
        f"上位法与实施条例（办法）{sizes['families']} 对；题名带地名的 {sizes['places']:,} 份；"
        f"已失效的版本 {sizes['ended']} 份"
    )
    times = report["figures"]["milliseconds"]
    if times["n"]:
        lines.append(f"- 核对一段话：p50 {times['p50']} ms，p95 {times['p95']} ms（{times['n']:,} 段）")
    return "\n".join(lines)


def _kinds(figures: Mapping[str, Any]) -> str:
    head = [
        "类别",
        "n",
        "检出",
        "状态正确",
        "位置存在、内容未核",
        "判为正确",
        "没有发现",
        "出错",
        "建议改为正确",
        "抽取",
        "剔除",
    ]
    rows = []
    for kind, row in (*figures["kinds"].items(), ("all", figures["all"])):
        outcomes = row["outcomes"]
        rows.append(
            [
                KIND_NAMES.get(kind, "**全部**"),
                str(row["n"]),
                rate_text(row["detected"]),
                rate_text(row["strict"]),
                *(str(outcomes[name]) for name in ("open", "passed", "not_found", "error")),
                f"{row['suggested']['hits']}/{row['suggested']['n']}",
                str(row.get("draws", "")),
                _dropped(row.get("dropped", {})),
            ]
        )
    return table(head, rows)


def _dropped(dropped: Mapping[str, int]) -> str:
    return "；".join(f"{DROPPED_NAMES.get(name, name)} {count}" for name, count in dropped.items()) or ""


def _ways(kinds: Mapping[str, Any]) -> str:
    rows = [
        [KIND_NAMES[kind], how, str(value["n"]), rate_text(value)]
        for kind, row in kinds.items()
        for how, value in row["by_how"].items()
        if how != "…"
    ]
    return "改法：\n\n" + table(["类别", "改法", "n", "检出"], rows) if rows else ""


def _styles(styles: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [STYLE_NAMES[name], MODE_NAMES[value] if name == "mode" else value, str(found["n"]), rate_text(found)]
        for name, values in styles.items()
        for value, found in values.items()
    ]
    return table(["写法", "取值", "n", "比率"], rows)


def _true(true: Mapping[str, Any]) -> str:
    rows = [
        ["误报（其中有状态不是 ok 的发现）", true["alarmed"]],
        ["找到", true["found"]],
        ["找到并落到所引的条款", true["placed"]],
        *([f"核对到底：{MODE_NAMES[mode]}", value] for mode, value in true["settled"].items()),
    ]
    lines = table(["项目", "数", "n", "比率"], [[name, str(r["hits"]), str(r["n"]), rate_text(r)] for name, r in rows])
    notes = [
        f"{true['texts']:,} 段话。剔除：{_dropped(true['dropped'])}。",
        f"误报的状态：{_statuses(true['alarms'])}。引文之内的引用确实未收录、已失效或不存在而被指出，不算误报：{_statuses(true['excused'])}。",
    ]
    if true["errors"]:
        notes.append(
            f"核对时出错：{len(true['errors'])} 段（{'、'.join(row['id'] for row in true['errors'][:LISTED])}）。"
        )
    return lines + "\n\n" + "\n\n".join(notes)


def _beside(beside: Mapping[str, Any]) -> str:
    return f"错误引用旁边的正确引用 {beside['n']} 处，误报 {beside['alarmed']['hits']} 处。"


def _statuses(counts: Mapping[str, int]) -> str:
    return "、".join(f"{status} {count}" for status, count in counts.items()) or "无"


def _changes(changes: Mapping[str, Any] | None) -> str:
    if changes is None:
        return "没有上一份报告。"
    lines = []
    for kind, row in changes.items():
        won, lost = (f"{name} {len(row[way])}（{_ids(row[way])}）" for way, name in (("won", "赢回"), ("lost", "丢失")))
        lines.append(f"- {KIND_NAMES.get(kind, '正确的引用')}：{won}，{lost}")
    return "\n".join(lines)


def _ids(ids: Sequence[str]) -> str:
    return "、".join(ids[:LISTED]) + ("……" if len(ids) > LISTED else "") or "无"


def _failures(figures: Mapping[str, Any]) -> str:
    blocks = []
    for kind, row in figures["kinds"].items():
        blocks.append(_list(f"{KIND_NAMES[kind]}：没有检出", row["failures"], _failure))
        blocks.append(_list(f"{KIND_NAMES[kind]}：检出而状态不是法律人会说的", row["loose"], _failure))
        blocks.append(_list(f"{KIND_NAMES[kind]}：建议有误", row["misled"], _failure))
    true = figures["true"]
    blocks.append(_list("误报", true["examples"], _failure))
    blocks.append(_list("正确而没有找到", true["missed"], _failure))
    blocks.append(_list("正确而落到别处", true["misplaced"], _failure))
    return "\n\n".join(block for block in blocks if block)


def _failure(row: Mapping[str, Any]) -> str:
    statuses = row.get("statuses") or row.get("alarms") or ()
    style = row.get("style", {})
    how = "，".join(value for name, value in style.items() if name in ("how", "form", "mode", "carrier", "quote"))
    return f"`{row['id']}` {row['cited']} {'、'.join(statuses)} {how}".rstrip()


def _list(name: str, rows: Sequence[Mapping[str, Any]], line: Any) -> str:
    if not rows:
        return ""
    more = [f"- ……共 {len(rows)} 处，见 JSON"] if len(rows) > LISTED else []
    return "\n".join([f"{name}（{len(rows)}）：", "", *(f"- {line(row)}" for row in rows[:LISTED]), *more])
