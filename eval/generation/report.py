"""The report on a weak model: how often it would have misled, and every statement of it with what was read."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.generation.measure import READINGS, SYSTEMS, Measured, checked, figures, quotes_beside_gold, reasons

STYLES = {
    "product": "产品的提示词（温度 0）",
    "own_words": "要它“用自己的话”说的提示词（温度 0.8），产品不用，只为给核对出难题",
}
SHORT = {"right": "对", "misleads": "误导", "beside": "答偏", "empty": "空话", "": "未读"}


def report_json(
    facts: Mapping[str, Any], styles: Mapping[str, Sequence[Measured]], sweep: Sequence[Any]
) -> dict[str, Any]:
    """Return the figures and every statement as plain JSON values."""
    return {
        **facts,
        "styles": {
            style: {
                "systems": {system: figures(rows, system) for system in SYSTEMS},
                "withheld": reasons(rows),
                "quotes_beside_gold": quotes_beside_gold(rows),
                "coverage": dict(zip(("written", "checked", "verified"), checked(rows), strict=True)),
                "failed": sum(bool(row.reply.error) for row in rows),
                "rows": [_row(row) for row in rows],
            }
            for style, rows in styles.items()
        },
        "sweep": list(sweep),
    }


def _row(row: Measured) -> dict[str, Any]:
    return {
        "id": row.question.id,
        "question": row.question.question,
        "expect": str(row.question.expect),
        "gated": row.reply.gated,
        "shown": [one.provision for one in row.reply.shown],
        "statements": [
            {
                "text": one.text,
                "keys": list(one.keys),
                "hash": one.hash,
                "verified": one.verdict.verified,
                "withheld": str(one.verdict.reason or ""),
                "detail": one.verdict.detail,
                "coverage": round(one.verdict.coverage, 2),
                "cosine": round(one.verdict.cosine, 2),
                "code": list(one.judged.reasons),
                "reading": one.reading,
                "note": one.note,
            }
            for one in row.told
        ],
    }


def report_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    blocks = [
        "# 接入小模型：核对之前与核对之后",
        "\n".join(
            (
                f"- 时间：{report['date']}，提交：{report['commit']}，机器：{report['machine']}",
                f"- 模型：{report['model']}（本机，有意选弱的）",
                f"- 命令：`{report['command']}`",
            )
        ),
        _explained(),
    ]
    for style, data in report["styles"].items():
        blocks += [f"## {STYLES[style]}", _systems(data["systems"]), _coverage(data)]
        if data["withheld"]:
            blocks.append(
                "没有显示的原因（句）：" + "，".join(f"{_REASONS[one]} {n}" for one, n in data["withheld"].items())
            )
    if report["sweep"]:
        blocks += ["## 门槛", _sweep(report["sweep"])]
    blocks.append("## 全部题目与句子")
    for style, data in report["styles"].items():
        blocks.append(f"### {STYLES[style]}")
        blocks += [_question(row) for row in data["rows"]]
    return "\n\n".join(blocks) + "\n"


_REASONS = {
    "no_key": "没有写编号",
    "nothing": "说得太少，没法核对",
    "unknown_key": "编号不存在",
    "label": "自己写了文件名、条号、引文或外文",
    "number": "数字不在条文里",
    "name": "地名或部门不在条文里",
    "word": "要紧的词不在条文里",
    "force": "规范强度变了",
    "negation": "肯定否定变了",
    "condition": "丢了条件",
    "contradicted": "与条文相反",
    "unsupported": "条文没有说",
}


def _explained() -> str:
    return (
        "误导：显示出来的一句话，出处不在标准答案（gold、also）里，或者数字、名称、肯定否定、规范强度不在条文里，或者文件里没有答案"
        "却给了回答。“代码数”用一套与核对程序不相干的简单检查，宁可多算；“读出来”是人逐句读过的结果，记在 "
        "`eval/questions/generation_read.toml`。三种做法用的是同一份回答：“不设门、不核对”把每一句都显示出来，拒答的题也拿最近的三处"
        "条文去问；“只设门”在拒答的题上不问模型；“设门并核对”是产品。没有一句通过核对时，产品显示原文摘录，这里不计作句子。"
    )


def _systems(systems: Mapping[str, Mapping[str, int]]) -> str:
    head = [
        "做法",
        "题",
        "有句子显示的题",
        "误导的题（代码数）",
        "误导的题（读出来）",
        "显示的句子",
        "误导的句子（代码数）",
        "误导的句子（读出来）",
        "对的句子",
        "答偏的句子",
    ]
    names = (
        "questions", "with_statements", "misled_by_code", "misled_by_reading", "statements",
        "statements_misleading_by_code", "statements_misleading_by_reading", "statements_right_by_reading",
        "statements_beside_by_reading",
    )  # fmt: skip
    rows = [[SYSTEMS[system], *(str(row[name]) for name in names)] for system, row in systems.items()]
    unread = sum(row["unread"] for row in systems.values())
    text = _table(head, rows)
    return text + (f"\n\n三种做法合计还有 {unread} 句没有读。" if unread else "")


def _coverage(data: Mapping[str, Any]) -> str:
    one = data["coverage"]
    coverage = f"{one['checked'] / one['written']:.1%}" if one["written"] else "—"
    passed = f"{one['verified'] / one['checked']:.1%}" if one["checked"] else "—"
    return (
        f"产品里写出 {one['written']} 句，能核对的 {one['checked']} 句（覆盖率 {coverage}），通过 {one['verified']} 句"
        f"（通过率 {passed}）。模型没有答成的 {data['failed']} 题。"
        f"不用模型的摘录，在 {data['quotes_beside_gold']} 题上也引了标准答案之外的条文。"
    )


def _sweep(sweep: Sequence[Mapping[str, Any]]) -> str:
    head = [
        "最低覆盖",
        "每个分句",
        "最低余弦",
        "读过的：对的显示",
        "读过的：误导的显示",
        "自拟的：对的显示",
        "自拟的：错的显示",
    ]
    rows = [
        [
            *(f"{one[name]:.2f}" for name in ("coverage", "clause", "cosine")),
            *(str(one[name]) for name in ("read_right", "read_misleads", "table_right", "table_wrong")),
        ]
        for one in sweep
    ]
    return (
        "其余检查不变，只改“支持”的三个门槛。读过的是上面两种提示词写出、设门后问到的句子；自拟的是 "
        "`eval/questions/generation_paraphrases.toml` 里对着条文写的改述，对错都有。产品用 0.70、0.50、0.60。\n\n"
        + _table(head, rows)
    )


def _question(row: Mapping[str, Any]) -> str:
    shown = "、".join(row["shown"]) or "无"
    gate = "" if row["gated"] else "，拒答（产品不问模型）"
    lines = [f"**{row['id']}** {_plain(row['question'])}（应得 {row['expect']}{gate}；给模型看的：{shown}）"]
    if not row["statements"]:
        lines.append("- （没有写出句子）")
    for one in row["statements"]:
        kept = "显示" if one["verified"] and row["gated"] else _REASONS.get(one["withheld"], "不问")
        detail = f"“{_plain(one['detail'])}”" if one["detail"] and not one["verified"] else ""
        code = "、".join(one["code"]) or "未见问题"
        note = f"（{one['note']}）" if one["note"] else ""
        read = f"{SHORT[one['reading']]}{note}"
        lines.append(f"- {_plain(one['text'])} `{one['hash']}` · 产品：{kept}{detail} · 代码数：{code} · 读：{read}")
    return "\n".join(lines)


def _plain(text: str) -> str:
    return " ".join(text.replace("|", "｜").replace("<", "＜").replace("`", "'").split())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))


assert set(SHORT) == {*READINGS, ""}
