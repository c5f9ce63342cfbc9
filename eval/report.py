"""The Markdown of a report: what a person reads of the JSON beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from eval.score import Row

STATUS_NAMES = {"answered": "已答", "partial": "部分", "abstained": "拒答"}
KIND_NAMES = {
    "plain": "直接有答案",
    "lookup": "点名条款",
    "multi": "一问多条",
    "fact_missing": "文中无此事实",
    "off_topic": "文中全无",
    "false_premise": "前提不实",
    "instruction": "夹带指令",
    "place": "看地域",
    "time": "看时间",
    "no_such_article": "条号不存在",
    "not_held": "未收录文件",
    "comparison": "两相比较",
    "force": "看效力强弱",
    "validity": "是否有效",
}
LISTED = 40  # questions named in one list; the JSON has them all
UNKNOWN = "—"


def markdown(report: Row) -> str:
    """Return the whole report as Markdown, ending with a line feed."""
    texts = {row["id"]: row["question"] for row in report["rows"]}
    blocks = [
        f"# 评测：{report['name']}",
        _facts(report),
        "## 检索（条或部分为单位）",
        _systems_table(report["systems"]),
        _easy(report),
        "首位命中：",
        _kinds_table(report["systems"]),
        "## 回答",
        _answers_table(report["answers"]),
        "题目应得的状态（行）与实际得到的状态（列）：",
        confusion_table(report["answers"]["confusion"]),
        "状态正确，按题型：",
        _status_table(report["answers"]["by_kind"]),
        "## 与上一份报告相比",
        comparison(
            report["before"], {"right_first": "首位命中", "status_right": "状态正确"}, partial(listed, texts=texts)
        ),
        "## 失误",
        _mistakes(report["rows"]),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def rate_text(value: Mapping[str, Any]) -> str:
    """Return "85.2 % [79.6, 89.8]", or a dash for no questions; the interval is at 95 %.

    >>> rate_text({"value": 0.5, "low": 0.25, "high": 0.75})
    '50.0 % [25.0, 75.0]'
    """
    if value["value"] is None:
        return UNKNOWN
    return f"{100 * value['value']:.1f} % [{100 * value['low']:.1f}, {100 * value['high']:.1f}]"


def mean_text(value: Mapping[str, Any]) -> str:
    """Return ".852 [.796, .898]", or a dash for no questions."""
    if value["value"] is None:
        return UNKNOWN
    return "{} [{}, {}]".format(*(f"{value[name]:.3f}".removeprefix("0") for name in ("value", "low", "high")))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is left-aligned, the others right-aligned."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))


def milliseconds(seconds: float | None) -> str:
    """Return the time in milliseconds, or a dash."""
    return UNKNOWN if seconds is None else f"{1000 * seconds:.0f} ms"


def _facts(report: Row) -> str:
    counts = report["questions"]
    asked = f"- 题目：{counts['file']}，{counts['n']} 题，其中文中无完整答案或设有陷阱的 {counts['trapped']} 题"
    return "\n".join([asked, *made_with(report)])


def made_with(report: Row) -> list[str]:
    """Return how a report over the founding corpus came about, as lines of a list."""
    machine = "，".join(str(value) for value in (f"{report['machine']['cores']} 核", *_memory(report["machine"])))
    return [
        f"- 命令：`{report['command']}`",
        f"- 日期：{report['date']}；提交：{report['commit'] or UNKNOWN}；用时 {report['seconds']:.0f} 秒；{machine}",
        f"- 语料：`{report['corpus']}`；判断时点：{report['as_of']}",
        f"- 向量模型：{report['embedder']}",
        f"- 设置：{'；'.join(f'{name} = {value}' for name, value in report['settings'].items())}",
        f"- 失败未计入均值的行：{report['failed']}",
        "- 方括号内是 95 % 区间：比率用精确二项区间（Clopper–Pearson），均值用自助法",
    ]


def _memory(machine: Mapping[str, Any]) -> list[str]:
    return [f"{machine['memory_gb']} GB 内存"] if "memory_gb" in machine else []


def _systems_table(systems: Mapping[str, Row]) -> str:
    head = ["系统", "n", "首位命中", "前五命中", "recall@5", "MRR@10", "检索 p50", "检索 p95", "失败"]
    return table(
        head,
        [
            [
                name,
                str(row["right_first"]["n"]),
                rate_text(row["right_first"]),
                rate_text(row["hit_rate@5"]),
                mean_text(row["recall@5"]),
                mean_text(row["MRR@10"]),
                milliseconds(row["search_seconds"]["p50"]),
                milliseconds(row["search_seconds"]["p95"]),
                str(row["failed"]),
            ]
            for name, row in systems.items()
        ],
    )


def _kinds_table(systems: Mapping[str, Row]) -> str:
    kinds = next(iter(systems.values()))["by_kind"]
    rows = [
        [
            KIND_NAMES.get(kind, kind),
            str(counts["n"]),
            *(rate_text(row["by_kind"].get(kind, {"value": None})) for row in systems.values()),
        ]
        for kind, counts in kinds.items()
    ]
    return table(["题型", "n", *systems], rows)


def _easy(report: Row) -> str:
    if not report["too_easy"]:
        return ""
    return f"**这份题太容易**：仅用 BM25 首位命中已超过 {100 * report['too_easy_limit']:.0f} %，应当增补。"


def _answers_table(answers: Row) -> str:
    rows = [
        ["状态正确", answers["status_right"]],
        ["误答（文中无完整答案却当作已答）", answers["wrongly_answered"]],
        ["误拒（文中有完整答案却拒答）", answers["wrongly_abstained"]],
        ["该拒即拒（文中全无而拒答）", answers["rightly_abstained"]],
        ["首条依据正确（有依据且引了条文的题）", answers["first_citation_right"]],
        ["依据正确（同上，按引用计）", answers["citations_right"]],
        ["引文逐字一致（对照原文件，按引用计）", answers["verbatim"]],
    ]
    lines = table(["项目", "数", "n", "比率"], [[name, str(r["hits"]), str(r["n"]), rate_text(r)] for name, r in rows])
    times = answers["ask_seconds"]
    extra = f"作答用时 p50 {milliseconds(times['p50'])}，p95 {milliseconds(times['p95'])}；失败 {answers['failed']} 题"
    if answers["verbatim_not_judged"]:
        extra += f"；{answers['verbatim_not_judged']} 处引文的原文件不是纯文本，未核对"
    return f"{lines}\n\n{extra}。"


def confusion_table(confusion: Mapping[str, Mapping[str, int]]) -> str:
    """Return the table of what was expected (rows) and what was got (columns)."""
    return table(
        ["应得＼实得", *STATUS_NAMES.values()],
        [[STATUS_NAMES[expect], *(str(got[name]) for name in STATUS_NAMES)] for expect, got in confusion.items()],
    )


def _status_table(kinds: Mapping[str, Row]) -> str:
    return table(
        ["题型", "n", "状态正确"],
        [[KIND_NAMES.get(kind, kind), str(r["n"]), rate_text(r)] for kind, r in kinds.items()],
    )


def comparison(before: Row | None, titles: Mapping[str, str], tell: Callable[[Sequence[str]], str]) -> str:
    """Return which report stands before this one and what was won and lost since, a line a measure of `titles`.

    `tell` turns ids into what follows their number.
    """
    if before is None:
        return "没有上一份报告。"
    lines = [f"上一份：{before['date']}，提交 {before['commit'] or UNKNOWN}，语料 `{before['corpus']}`。", ""]
    for name, title in titles.items():
        for way, sign in (("won", "赢回"), ("lost", "丢失")):
            ids = before["changes"][name][way]
            lines.append(f"- {title}，{sign} {len(ids)} 题{tell(ids)}")
    return "\n".join(lines)


def _mistakes(rows: Sequence[Row]) -> str:
    texts = {row["id"]: row["question"] for row in rows}
    groups = {
        "失败": [row["id"] for row in rows if any("error" in row[part] for part in ("yiju", "answer"))],
        "首位不对": [row["id"] for row in rows if row["yiju"].get("right_first") is False],
        "误答": [
            row["id"] for row in rows if row["expect"] != "answered" and row["answer"].get("status") == "answered"
        ],
        "误拒": [
            row["id"] for row in rows if row["expect"] == "answered" and row["answer"].get("status") == "abstained"
        ],
        "引文与原文件不一致": [
            row["id"]
            for row in rows
            if any(citation["verbatim"] is False for citation in row["answer"].get("citations", ()))
        ],
    }
    return "\n".join(f"- {title}：{len(ids)} 题{listed(ids, texts)}" for title, ids in groups.items())


def listed(ids: Sequence[str], texts: Mapping[str, str]) -> str:
    """Return the questions as a nested list, escaped, the first `LISTED` of them; "" for none."""
    if not ids:
        return ""
    lines = [f"  - {question} {escape(texts[question], quote=False)}" for question in ids[:LISTED]]
    if len(ids) > LISTED:
        lines.append(f"  - 另有 {len(ids) - LISTED} 题，见同名 JSON")
    return "\n" + "\n".join(lines)
