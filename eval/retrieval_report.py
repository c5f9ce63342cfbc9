"""The Markdown of a retrieval report: what a person reads of the JSON beside it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.ranking import CUTS, DEPTH
from eval.report import UNKNOWN, mean_text, milliseconds, rate_text, table

Row = dict[str, Any]
GROUP_NAMES = {
    "split": {"tuning": "调参题", "reporting": "报告题", "dev": "dev", "train": "train"},
    "documents": {"founding": "奠基文件", "local": "地方性法规和政策文件"},
    "role": {"enterprise": "企业", "staff": "基层工作人员", "hotline": "坐席"},
}
WHOLE_TABLE = frozenset({"split", "documents"})
GROUP_HEAD = ("n", "首位命中", "前五命中", "全部找到（前五）", "R@5", "R@10", "MRR@10")
DIMENSIONS = {"split": "拆分", "documents": "文件", "role": "角色", "kind": "题型"}
LISTED = 60  # questions named in one list; the JSON has them all


def markdown(report: Row, texts: Mapping[str, str]) -> str:
    """Return the whole report as Markdown, ending with a line feed; `texts` are the questions that may be shown."""
    blocks = [
        f"# 检索评测：{report['title']}",
        _facts(report),
        "## 各系统，全部题目",
        _measures(report["systems"]),
        _legend(report["systems"]),
        f"![recall and latency]({report['plot']})" if report["plot"] else "",
        *_groups(report),
        *_comparison(report, texts),
        *_misses(report, texts),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _facts(report: Row) -> str:
    index, machine = report["index"], report["machine"]
    vectors = f"{index['cached']:,} 条取自缓存，{index['texts'] - index['cached']:,} 条在本机计算"
    if index["reused"]:
        vectors = f"随索引取自缓存（建索引时 {vectors}）"
    memory = f"，{machine['memory_gb']} GB 内存" if "memory_gb" in machine else ""
    built = f"建索引 {index['seconds']:.0f} 秒，内存峰值 {index['build_memory_gb']} GB"
    built += "（这次用缓存中的索引）" if index["reused"] else ""
    work = f"用时 {report['seconds']:.0f} 秒；{machine['cores']} 核{memory}；判断时点 {report['as_of']}"
    size = f"{index['documents']:,} 份文件，{index['units']:,} 个检索单位，{index['sentences']:,} 句"
    lines = [
        *report["notes"],
        f"命令：`{report['command']}`",
        f"日期：{report['date']}；提交：{report['commit'] or UNKNOWN}；{work}",
        f"语料：`{report['corpus']}`，{size}",
        f"向量模型：{report['embedder']}；向量：{vectors}；缓存与本机复算的余弦最低 {index['lowest_cosine']}",
        f"{built}，{index['disk_mb']:,.0f} MB；数据 sha256 `{report['data'][:16]}`",
        f"题目：{report['questions']} 题；每个系统取前 {DEPTH} 个单位；按 `ir-measures` 计分",
        "方括号内是 95 % 区间：均值用自助法（种子固定），比率用精确二项区间（Clopper–Pearson）",
        f"失败未计入均值的行：{sum(row['failed'] for row in report['systems'])}",
    ]
    lines += [
        f"`{name}` 失败 {len(errors)} 题，如 {next(iter(errors.values()))}" for name, errors in report["errors"].items()
    ]
    return "\n".join(f"- {line}" for line in lines)


def _measures(systems: Sequence[Row]) -> str:
    cuts = [f"R@{cut}" for cut in CUTS]
    head = ["系统", "n", "首位命中", "前五命中", *cuts, "MRR@10", "nDCG@10", "p50", "p95", "内存"]
    return table(
        head,
        [
            [
                f"{row['label']} `{row['name']}`",
                str(row["n"]),
                rate_text(row["first"]),
                rate_text(row["top5"]),
                *(mean_text(row[cut]) for cut in cuts),
                mean_text(row["RR@10"]),
                mean_text(row["nDCG@10"]),
                milliseconds(row["seconds"]["p50"]),
                milliseconds(row["seconds"]["p95"]),
                UNKNOWN if row["memory_gb"] is None else f"{row['memory_gb']:.2f} GB",
            ]
            for row in systems
        ],
    )


def _legend(systems: Sequence[Row]) -> str:
    lines = [
        "R@k：正确条文（需几条才答全的题为所需各条）中排进前 k 位的比例；首位、前五、MRR 以任一可接受的条文为准。",
        "时间是检索一题、取前 10 的用时（量前 100 题），含理解问题和算其向量；内存是检索时整个进程的常驻峰值。",
    ]
    if any(row["name"].startswith("+") for row in systems):
        lines.append("带“＋”的行在上一行之上只加一步。")
    if any(row["name"] == "llamaindex" for row in systems):
        lines.append(
            "LlamaIndex：按其教程的默认做法（SentenceSplitter → VectorStoreIndex，Chroma），同一向量模型；"
            "一条条文一份文档，文字与我们送入模型的相同（题名、标题、条号、正文），命中按 ref_doc_id 归到条文。"
        )
    return "\n".join(lines)


def _groups(report: Row) -> list[str]:
    """Return a table of all systems for each group by split and documents, and one of the main system for the rest."""
    blocks: list[str] = []
    rest: dict[tuple[str, ...], list[list[str]]] = {}
    for group in report["groups"]:
        where = group["where"]
        name = "，".join(GROUP_NAMES.get(dimension, {}).get(value, value) for dimension, value in where.items())
        if set(where) <= WHOLE_TABLE:
            rows = [[f"`{row['name']}`", *_group_cells(row)] for row in group["systems"]]
            blocks += [f"### {name}", table(["系统", *GROUP_HEAD], rows)]
        else:
            main = next(row for row in group["systems"] if row["name"] == report["main"])
            rest.setdefault(tuple(where), []).append([name, *_group_cells(main)])
    for dimensions, rows in rest.items():
        title = "、".join(DIMENSIONS.get(dimension, dimension) for dimension in dimensions)
        blocks += [f"### `{report['main']}` 按{title}", table(["组", *GROUP_HEAD], rows)]
    return ["## 分组", *blocks] if blocks else []


def _group_cells(row: Row) -> list[str]:
    return [
        str(row["n"]),
        rate_text(row["first"]),
        rate_text(row["top5"]),
        f"{rate_text(row['all5'])}（{row['all5']['n']} 题）" if row["all5"]["n"] else UNKNOWN,
        mean_text(row["R@5"]),
        mean_text(row["R@10"]),
        mean_text(row["RR@10"]),
    ]


def _comparison(report: Row, texts: Mapping[str, str]) -> list[str]:
    found = report["comparison"]
    if found is None:
        return []
    cut = found["cut"]
    lines = [
        f"- 上一份：{found['file']}，{found['date']}，提交 {found['commit'] or UNKNOWN}",
        f"- 比较：`{found['before_system']}` → `{found['system']}`，两份都有且正确条文未变的 {found['compared']} 题",
        f"- 名次上升 {found['better']} 题，下降 {found['worse']} 题",
        f"- 进入前 {cut} 的 {len(found['won'])} 题，跌出前 {cut} 的 {len(found['lost'])} 题",
    ]
    blocks = ["## 与上一份报告相比", "\n".join(lines)]
    for way, title in (("won", f"赢回（进入前 {cut}）"), ("lost", f"丢失（跌出前 {cut}）")):
        if found[way]:
            rows = [
                [f"{one['id']} {_shown(texts, one['id'])}".strip(), _rank(one["before"]), _rank(one["after"])]
                for one in found[way][:LISTED]
            ]
            blocks += [f"{title}：", table(["题目", "原名次", "现名次"], rows)]
    return blocks


def _misses(report: Row, texts: Mapping[str, str]) -> list[str]:
    system = report["main"]
    missed = [row for row in report["rows"] if "above" in row]
    if not missed:
        return []
    blocks = [
        "## 附录：失误",
        f"`{system}` 没有把正确条文放进前五的 {len(missed)} 题，以及排在前面的条文（题名、条号、前 80 字）。",
    ]
    for row in missed[:LISTED]:
        lines = [
            f"- **{row['id']}** {_shown(texts, row['id'])}",
            f"  - 正确：{'、'.join(row['gold'])}；名次 {_rank(row['best'][system])}",
        ]
        lines += [f"  - {name}：{escape(text, quote=False)}" for name, text in row["above"]]
        blocks.append("\n".join(lines))
    if len(missed) > LISTED:
        blocks.append(f"另有 {len(missed) - LISTED} 题，见同名 JSON。")
    return blocks


def _shown(texts: Mapping[str, str], case: str) -> str:
    return escape(texts.get(case, ""), quote=False).replace("|", "\\|")


def _rank(rank: int | None) -> str:
    return f">{DEPTH}" if rank is None else str(rank)
