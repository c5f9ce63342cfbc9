"""What the commands print: answers, hits, provisions and ingests, for people and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from assistant.api import Shown
from assistant.indexing.validity import validity_on
from assistant.places import place_words
from assistant.schema import Answer, Condition, Found, Hit, IngestReport, Links, Refusal, Target
from assistant.wording import (
    CONDITION_WORDS,
    LINK_STATE_WORDS,
    STATUS_WORDS,
    carried_words,
    force_words,
    left_out_words,
    level_words,
    target_name,
    validity_words,
)

MAX_LINKS = 20  # references listed for people; the JSON has them all


def answer_lines(answer: Answer, names: Mapping[str, str]) -> list[str]:
    """Return an answer as lines to read: status, quotes with their worth, notices; `names` names provisions by id."""
    lines = [f"【{STATUS_WORDS[answer.status]}】"]
    if answer.carried:
        lines.append(f"沿用上文：{carried_words(answer.carried)}")
    lines += [f"　问“{part.text}”：{STATUS_WORDS[part.status]}" for part in answer.parts]
    if answer.missing:
        lines.append(f"文件中没有：{'、'.join(answer.missing)}")
    lines += _model_lines(answer)
    for citation in answer.citations:
        worth = "；".join(
            part
            for part in (
                force_words(citation.force[:1]),
                validity_words(citation.validity),
                place_words(citation.jurisdiction),
            )
            if part
        )
        lines += ["", f"[{citation.key}] 《{citation.document}》{citation.label}（{worth}）", f"    {citation.quote}"]
    if answer.nearest:
        lines += ["", f"可以参看（不能直接回答）：{'、'.join(names.get(one, one) for one in answer.nearest)}"]
    if answer.conditions:
        lines += ["", *(_condition_line(one) for one in answer.conditions)]
    if answer.remarks:
        lines += ["", *(f"说明：{remark.text}" for remark in answer.remarks)]
    lines += [f"注意：{notice.text}" for notice in answer.notices]
    lines += ["", f"共检索 {answer.searched} 份文件，用时 {answer.seconds:.2f} 秒"]
    return lines


def _condition_line(condition: Condition) -> str:
    said = f"您说的是“{condition.said}”，" if condition.said else ""
    return f"条件：“{condition.text}”[{condition.key}]：{said}{CONDITION_WORDS[condition.state]}"


def _model_lines(answer: Answer) -> list[str]:
    """Return what a language model wrote and how it was verified, or why it stands not here; nothing without one."""
    figures = answer.generation
    if figures is None:
        return []
    name = answer.engine.removeprefix("llm:")
    lines = [""]
    if answer.engine != name:  # else the quotes stand, and a remark says why
        lines += [one.text + "".join(f"[{key}]" for key in one.citations) for one in answer.statements]
        lines.append(
            f"（语言模型 {name} 组织文字；写了 {figures.written} 句，核对通过 {figures.verified} 句，其余不显示）"
        )
    if answer.sent_to:
        lines.append(f"（问题遮盖个人信息后发往 {answer.sent_to}）")
    return lines


def found_lines(found: Found, titles: Mapping[str, str]) -> list[str]:
    """Return what a search found, a provision each: the smallest that answers, its article's text under it.

    What the scope left out stands below, with the reason; where nothing was found at all, how many documents that was.
    """
    lines = [line for hit in found for line in _hit_lines(hit, titles)] or ["没有找到相关条文"]
    lines += [f"没有列出：{left_out_words(one, found.regions)}" for one in found.left_out]
    if not found.hits and found.excluded:
        lines.append(
            f"查了 {found.searched} 份文件；另有 {found.excluded} 份不在所选的范围内（地区、日期、种类、位阶）"
        )
    return lines


def _hit_lines(hit: Hit, titles: Mapping[str, str]) -> list[str]:
    unit, smallest = hit.provision, hit.smallest or hit.provision
    lines = [
        f"{hit.rank:>3}  {hit.score:.3f}  《{titles[unit.doc_id]}》{smallest.label}  {_short(smallest.text)}",
    ]
    if smallest.label != unit.label:
        lines.append(f"            {unit.label}：{_short(unit.text)}")
    return lines


def found_json(found: Found, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return what a search found as plain JSON values."""
    return {
        "hits": [hit_json(hit, titles) for hit in found],
        "left_out": [
            {
                "rank": one.rank,
                "score": round(one.score, 6),
                "provision": one.provision.id,
                "document": one.title,
                "label": one.provision.label,
                "reason": str(one.reason),
                "text": left_out_words(one, found.regions),
            }
            for one in found.left_out
        ],
        "searched": found.searched,
        "excluded": found.excluded,
    }


def hit_json(hit: Hit, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return a hit as plain JSON values: the unit (article, part), and in `smallest` the paragraph or item of it."""
    provision, smallest = hit.provision, hit.smallest or hit.provision
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "provision": provision.id,
        "document": titles[provision.doc_id],
        "label": provision.label,
        "headings": list(provision.headings),
        "text": provision.text,
        "start": provision.start,
        "end": provision.end,
        "smallest": {
            "provision": smallest.id,
            "label": smallest.label,
            "text": smallest.text,
            "start": smallest.start,
            "end": smallest.end,
        },
        "signals": {name: round(value, 6) for name, value in hit.signals.items()},
    }


def shown_lines(shown: Shown) -> list[str]:
    """Return a document's text, or the provisions that were named, with what the document is."""
    row = shown.parsed.document.metadata
    facts = (
        level_words(row.level),
        row.number,
        place_words(row.jurisdiction),
        validity_words(validity_on(row, date.today())),
    )
    lines = [f"《{row.title}》（{'；'.join(fact for fact in facts if fact)}）", ""]
    if not shown.provisions:
        return [*lines, shown.parsed.document.text]
    for provision, links in zip(shown.provisions, shown.links, strict=True):
        lines += [*provision.headings, provision.text, *link_lines(links)]
    return lines


def link_lines(links: Links) -> list[str]:
    """Return what a provision cites and who cites it, a line each; of long lists the first 20 and a count."""
    cites = []
    for cite in links.cites:
        state = LINK_STATE_WORDS[cite.state] or ("" if cite.exact else "未见所指款项")
        named = "、".join(target_name(target) for target in cite.targets)
        cites.append(f"{cite.text}{f' → {named}' if named else ''}{f'（{state}）' if state else ''}")
    cited_by = [f"{target_name(citing.source)}：{citing.text}" for citing in links.cited_by]
    lines = []
    for name, entries in (("引用", cites), ("被引用", cited_by)):
        if entries:
            lines += ["", f"{name}（{len(entries)}）：", *(f"  {entry}" for entry in entries[:MAX_LINKS])]
        if len(entries) > MAX_LINKS:
            lines.append(f"  ……另有 {len(entries) - MAX_LINKS} 处，加 --json 全部列出")
    return lines


def links_json(links: Links) -> dict[str, Any]:
    """Return what a provision cites and who cites it as plain JSON values."""
    return {
        "cites": [
            {
                "provision": cite.source,
                "text": cite.text,
                "start": cite.start,
                "end": cite.end,
                "title": cite.title,
                "state": str(cite.state),
                "exact": cite.exact,
                "targets": [_target_json(target) for target in cite.targets],
            }
            for cite in links.cites
        ],
        "cited_by": [{**_target_json(citing.source), "text": citing.text} for citing in links.cited_by],
    }


def _target_json(target: Target) -> dict[str, str]:
    return {"id": target.id, "document": target.title, "label": target.label}


def shown_json(shown: Shown) -> dict[str, Any]:
    """Return what `show` found as plain JSON values."""
    document = shown.parsed.document
    chosen = shown.provisions or tuple(one for one in shown.parsed.provisions if one.parent is None)
    # The links of a provision stand with it; those of a whole document, beside its provisions.
    links = [links_json(one) for one in shown.links]
    own = links if shown.provisions else [{}] * len(chosen)
    return {
        "document": document.title,
        "id": document.id,
        **({} if shown.provisions else links[0]),
        "provisions": [
            {
                "provision": one.id,
                "label": one.label,
                "headings": list(one.headings),
                "text": one.text,
                "start": one.start,
                "end": one.end,
                **cited,
            }
            for one, cited in zip(chosen, own, strict=True)
        ],
    }


def ingest_lines(report: IngestReport) -> list[str]:
    """Return what an ingest did, as lines to read."""
    counts = (
        ("新增", report.added),
        ("替换", report.replaced),
        ("移除", report.removed),
        ("未变", report.unchanged),
    )
    lines = [f"{name} {len(ids)} 份：{'、'.join(ids)}" for name, ids in counts if ids]
    lines += [f"提示 {warning}" for warning in report.warnings]
    lines += [f"拒收 {refusal.file}：{refusal.reason}" for refusal in report.refused]
    imported = f"读入 {report.imported} 条，" if report.imported else ""
    vectors = f"计算向量 {report.embedded} 条，{imported}沿用 {report.reused} 条，用时 {report.seconds:.1f} 秒"
    return [*lines, vectors] if lines else ["没有变化"]


def ingest_json(report: IngestReport) -> dict[str, Any]:
    """Return an ingest as plain JSON values."""
    return asdict(report) | {"seconds": round(report.seconds, 3)}


def texts_lines(count: int, path: Path, refused: Sequence[Refusal]) -> list[str]:
    """Return what the list of texts without a vector holds, as lines to read."""
    lines = [f"拒收 {refusal.file}：{refusal.reason}" for refusal in refused]
    return [*lines, f"还没有向量的文字 {count} 条，已写入 {path}"]


def texts_json(count: int, path: Path, refused: Sequence[Refusal]) -> dict[str, Any]:
    """Return what the list of texts without a vector holds as plain JSON values."""
    return {"texts": count, "file": str(path), "refused": [asdict(refusal) for refusal in refused]}


def _short(text: str, length: int = 60) -> str:
    compact = "".join(text.split())
    return compact if len(compact) <= length else f"{compact[:length]}…"
