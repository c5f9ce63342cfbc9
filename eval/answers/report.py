"""The Markdown of a report on answers: figures, bars, and the ids of what was missed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from eval.answers.failures import failures
from eval.report import (
    KIND_NAMES,
    UNKNOWN,
    comparison,
    confusion_table,
    listed,
    made_with,
    mean_text,
    milliseconds,
    rate_text,
    table,
)
from eval.score import Row

NOTICE_NAMES = {
    "jurisdiction": "地域",
    "time": "时间",
    "force": "效力强弱",
    "premise": "前提",
    "instruction": "夹带指令",
    "metadata": "元数据",
}
TRAP_NAMES = {
    "premise": "前提不实",
    "instruction": "夹带指令",
    "place": "看地域",
    "time": "看时间",
    "force": "看效力强弱",
    "no_such_article": "条号不存在",
    "not_held": "未收录文件",
}
BAR_NAMES = {
    "first_right": "首条依据正确（全部有依据的题，未引用算错）",
    "recall": "依据查全",
    "precision": "依据查准",
    "wrongly_answered": "误答",
    "wrongly_refused": "误拒",
    "traps": "陷阱处置得当",
    "verbatim": "引文逐字一致",
    "ask_p95": "作答用时 p95（不接大模型）",
    "false_alarms": "误报提示",
}
ROLE_NAMES = {"enterprise": "企业", "staff": "工作人员", "hotline": "坐席"}
CARRIED_NAMES = {"document": "文件", "provision": "条款", "place": "地方", "date": "日期", "topic": "话题"}
MEASURES = {"status_right": "状态正确", "first_right": "首条依据正确"}
GROUP_HEAD = ["题", "状态正确", "误答", "误拒", "首条依据正确"]


def markdown(report: Row, texts: Mapping[str, str] | None = None) -> str:
    """Return the whole report as Markdown, ending with a line feed.

    `texts` are the questions by id, for files that may be looked at; without them only ids are listed.
    """
    figures = report["figures"]
    tell: Callable[[Sequence[str]], str] = ids_only if texts is None else partial(listed, texts=texts)
    blocks = [
        f"# 回答评测：{report['name']}",
        _facts(report),
        "## 要求",
        _bars(report["bars"]),
        "## 状态与依据",
        _main(figures),
        _beside(report),
        "题目应得的状态（行）与实际得到的状态（列）：",
        confusion_table(figures["confusion"]),
        "## 陷阱",
        _traps(figures["traps"]),
        "## 提示",
        _notices(figures["notices"]),
        "## 对话、一问多项、条件",
        *_dialogues(report),
        _parts(figures),
        "## 分组",
        _groups("角色", {ROLE_NAMES[name]: row for name, row in figures["by_role"].items()}),
        _groups("语音转写", {"有错": figures["speech"]["with"], "无错": figures["speech"]["without"]}),
        _groups("题型", {KIND_NAMES.get(name, name): row for name, row in figures["by_kind"].items()}),
        "## 与上一份报告相比",
        comparison(report["before"], MEASURES, tell),
        "## 失误",
        "\n".join(f"- {title}：{len(ids)} 题{tell(ids)}" for title, ids in failures(report["rows"]).items()),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def ids_only(ids: Sequence[str]) -> str:
    """Return ids to stand behind their number, "" for none."""
    return f"（{escape('、'.join(ids), quote=False)}）" if ids else ""


def _facts(report: Row) -> str:
    counts = report["questions"]
    asked = (
        f"- 题目：{'、'.join(counts['files'])}，{counts['n']} 题：应答 {counts['answered']}，部分 {counts['partial']}，"
        f"拒答 {counts['abstained']}；对话 {counts['dialogues']}，语音转写有错 {counts['speech']}"
    )
    engines = "、".join(f"{name}（{count} 题）" for name, count in report["engines"].items())
    return "\n".join([asked, *made_with(report), f"- 作答方式：{engines or UNKNOWN}"])


def _bars(bars: Sequence[Row]) -> str:
    rows = []
    for bar in bars:
        name = BAR_NAMES[bar["name"]] + (f"：{NOTICE_NAMES[bar['of']]}" if bar["of"] else "")
        shown = milliseconds if bar["name"] == "ask_p95" else _percent
        met = {True: "达到", False: "**未达到**", None: "无题可判"}[bar["met"]]
        rows.append([name, f"{'≥' if bar['at_least'] else '≤'} {shown(bar['limit'])}", shown(bar["value"]), met])
    missed = sum(bar["met"] is False for bar in bars)
    verdict = f"**{len(bars)} 项要求，{missed} 项未达到。**" if missed else f"{len(bars)} 项要求，没有未达到的。"
    return f"{verdict}数值本身与要求相比，不看区间的端点。\n\n" + table(["要求", "界限", "实测", "结论"], rows)


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{100 * value:.1f} %"


def _main(figures: Row) -> str:
    rates = [
        ("状态正确", figures["status_right"]),
        ("误答（应部分或拒答）", figures["wrongly_answered"]),
        ("　其中：没有依据却当作已答", figures["answered_without_ground"]),
        ("　其中：拒答或部分，却没有说出缺的是什么", figures["refused_without_naming"]),
        ("另计：缺的只靠重复整句提问说出（不算误答）", figures["named_by_repeating"]),
        ("误拒（应已答而部分或拒答）", figures["wrongly_refused"]),
        ("首条依据正确（全部有依据的题，未引用算错）", figures["first_right"]),
        ("首条依据正确（有依据且引了条文的题）", figures["first_right_where_cited"]),
        ("引文逐字一致（对照原文件，按引用计）", figures["verbatim"]),
        ("口径可念（150 字以内，没有标记）", figures["spoken_fits"]),
    ]
    means = [("依据查全（有依据的题）", figures["recall"]), ("依据查准（引了条文的题）", figures["precision"])]
    rows = [[name, str(row["hits"]), str(row["n"]), rate_text(row)] for name, row in rates]
    rows += [[name, "", str(row["n"]), mean_text(row)] for name, row in means]
    return table(["项目", "数", "n", "比率或均值"], rows)


def _beside(report: Row) -> str:
    figures = report["figures"]
    times = figures["ask_seconds"]
    text = f"作答用时 p50 {milliseconds(times['p50'])}，p95 {milliseconds(times['p95'])}；失败 {figures['failed']} 题"
    if figures["verbatim_not_judged"]:
        text += f"；{figures['verbatim_not_judged']} 处引文的原文件不是纯文本，未核对"
    return text + "。"


def _traps(traps: Row) -> str:
    rows = [
        [
            name,
            f"{row['hits']}/{row['n']}",
            rate_text(row),
            *(str(row[why]) for why in ("status_wrong", "notice_missed", "forbidden_said")),
        ]
        for name, row in (
            *((TRAP_NAMES[name], row) for name, row in traps["by_trap"].items()),
            ("**全部**", traps["all"]),
        )
    ]
    return table(["陷阱", "得当", "比率", "状态不对", "缺提示", "说了不能说的"], rows)


def _notices(notices: Mapping[str, Row]) -> str:
    rows = []
    for kind, row in notices.items():
        recall = row["recall"]
        told = [f"{recall['hits']}/{recall['n']}", rate_text(recall)] if recall else [UNKNOWN, UNKNOWN]
        alarms = row["false_alarms"]
        rows.append([NOTICE_NAMES[kind], *told, f"{alarms['hits']}/{alarms['n']}", rate_text(alarms)])
    return table(["提示", "该提示的", "查全", "不该提示而提示的", "误报"], rows)


def _dialogues(report: Row) -> list[str]:
    dialogues = report["figures"]["dialogues"]
    if not dialogues["all"]["questions"]:
        return ["没有对话题。"]
    rows = {"全部对话": dialogues["all"], "承接前文": dialogues["carried"], "另起话题": dialogues["new_topic"]}
    rows |= {f"承接{CARRIED_NAMES[name]}": row for name, row in dialogues["by_carried"].items() if row["questions"]}
    warning = "" if report["history"] else "**前文没有交给系统：`ask` 不收 `history`，对话题只问了最后一句。**"
    return [warning, _groups("对话", rows)]


def _parts(figures: Row) -> str:
    parts, conditions = figures["parts"], figures["conditions"]
    dialogues = figures["dialogues"]
    rows = [
        ["对话：写明了该承接的内容", dialogues["carried_shown"]],
        ["对话：另起话题，没有承接", dialogues["nothing_carried"]],
        ["一问多项：各项有依据被引用", parts["grounded"]],
        ["一问多项：分成同样多项", parts["split"]],
        ["一问多项：该项状态正确", parts["status_right"]],
        ["一问多项：该项首条依据正确", parts["first_right"]],
        ["条件：状态（符合、不符合、没有说）正确", conditions["right"]],
    ]
    lines = table(["项目", "数", "n", "比率"], [[name, str(r["hits"]), str(r["n"]), rate_text(r)] for name, r in rows])
    note = f"标明各项的题 {parts['questions']} 题，标明条件 {conditions['conditions']} 个"
    return f"{lines}\n\n{note}；n 为 0 的，是题里没有这些项。"


def _groups(name: str, groups: Mapping[str, Any]) -> str:
    measures = ("status_right", "wrongly_answered", "wrongly_refused", "first_right")
    rows = [
        [title, str(row["questions"]), *(rate_text(row[measure]) for measure in measures)]
        for title, row in groups.items()
    ]
    return table([name, *GROUP_HEAD], rows)
