"""What the commands print: answers, hits, provisions and ingests, for people and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from assistant.api import Shown
from assistant.indexing.validity import validity_on
from assistant.places import place_words
from assistant.schema import Answer, Hit, IngestReport, Refusal
from assistant.wording import STATUS_WORDS, force_words, level_words, validity_words


def answer_lines(answer: Answer, names: Mapping[str, str]) -> list[str]:
    """Return an answer as lines to read: status, quotes with their worth, notices; `names` names provisions by id."""
    lines = [f"【{STATUS_WORDS[answer.status]}】"]
    if answer.missing:
        lines.append(f"文件中没有：{'、'.join(answer.missing)}")
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
    lines += [f"注意：{notice.text}" for notice in answer.notices]
    lines += ["", f"共检索 {answer.searched} 份文件，用时 {answer.seconds:.2f} 秒"]
    return lines


def hit_lines(hits: Sequence[Hit], titles: Mapping[str, str]) -> list[str]:
    """Return ranked provisions, a line each."""
    return [
        f"{hit.rank:>3}  {hit.score:.3f}  《{titles[hit.provision.doc_id]}》{hit.provision.label}"
        f"  {_short(hit.provision.text)}"
        for hit in hits
    ]


def hit_json(hit: Hit, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return a hit as plain JSON values."""
    provision = hit.provision
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
    for provision in shown.provisions:
        lines += [*provision.headings, provision.text]
    return lines


def shown_json(shown: Shown) -> dict[str, Any]:
    """Return what `show` found as plain JSON values."""
    document = shown.parsed.document
    chosen = shown.provisions or tuple(one for one in shown.parsed.provisions if one.parent is None)
    return {
        "document": document.title,
        "id": document.id,
        "provisions": [
            {
                "provision": one.id,
                "label": one.label,
                "headings": list(one.headings),
                "text": one.text,
                "start": one.start,
                "end": one.end,
            }
            for one in chosen
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
