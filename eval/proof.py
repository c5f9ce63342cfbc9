"""Proof at scale: every law of the data folder is read, parsed and checked, and compared with the rebuilt STARD corpus.

python -m eval.proof                    everything; writes eval/reports/proof.md and proof.json
python -m eval.proof --sample           one file in 20, fixed by hash, and every past failure
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.parsing import parse
from assistant.schema import Document, Kind, Metadata, Parsed, Provision, ProvisionKind
from eval.facts import command_line, commit, machine, now
from eval.law_data import (
    CIVIL_CODE,
    CIVIL_CODE_ORDER,
    DATA,
    LAWS,
    ROOT,
    SAMPLE,
    STARD,
    Law,
    in_sample,
    load_laws,
    load_stard,
    past_failures,
    read_laws,
)
from eval.proof_report import markdown

AGREEMENT = 0.995  # share of STARD's article texts that must be ours
_NUMBER = re.compile(r"^(?:\*\*)?第[^条]*条(?:之[一二三四五六七八九十]+)?(?:\*\*)?")  # 第十条; refuses 依照第十条
_ARTICLE_INSIDE = re.compile(r"第[一二三四五六七八九十百千零]+[\s　]+条")  # 第七十五 条; refuses 第七十五条
_LEADING = re.compile(r"^[\s\u200b]+")
_TITLE = 8  # characters of an annex that show where it starts
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


@dataclass
class Findings:
    """What the run found, as the report gives it. Lists hold ids and numbers only, no text of law.

    The bar of a sample is on what the hash drew (`drawn_…`): past failures are there because they are hard.
    """

    files: int = 0
    characters: int = 0
    articles: int = 0
    provisions: int = 0
    sentences: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)
    broken: list[dict[str, str]] = field(default_factory=list)
    without_articles: list[str] = field(default_factory=list)
    starting_late: list[dict[str, str]] = field(default_factory=list)
    gaps: list[dict[str, str]] = field(default_factory=list)
    repeats: list[dict[str, str]] = field(default_factory=list)
    other_warnings: list[dict[str, str]] = field(default_factory=list)
    civil_code: dict[str, Any] = field(default_factory=dict)
    stard_articles: int = 0
    stard_agreed: int = 0
    drawn_articles: int = 0
    drawn_agreed: int = 0
    differences: list[dict[str, str]] = field(default_factory=list)


def prove(laws: Iterable[Law], stard: dict[str, list[dict[str, Any]]]) -> Findings:
    """Return what parsing these laws found, compared with those articles of STARD that came from them."""
    findings = Findings()
    code: dict[str, Document] = {}
    for law, document in read_laws(iter(laws)):
        findings.files += 1
        findings.characters += len(document.text)
        try:
            parsed = parse(document)
        except Exception as error:  # the point of the run is to count every file, whatever it raises
            findings.failed.append({"file": law.id, "error": repr(error)})
            continue
        findings.broken.extend({"file": law.id, "problem": problem} for problem in problems(parsed))
        _count(findings, law, parsed)
        _compare(findings, law, parsed, stard.get(law.id, ()))
        if law.id.startswith(CIVIL_CODE):
            code[law.id.removeprefix(CIVIL_CODE)] = document
    if set(code) == set(CIVIL_CODE_ORDER):
        findings.civil_code = _civil_code(code)
    return findings


def problems(parsed: Parsed) -> list[str]:
    """Return what is wrong with the spans and ids of a parsed document; an empty list if nothing is.

    Every provision and sentence is the slice it says; ids are unique; a child lies in its parent; sentences follow
    each other without overlap inside their provision, and their unit contains it; between them the sentences of an
    article leave out nothing but numbers and white space.
    """
    text = parsed.document.text
    found: list[str] = []
    by_id: dict[str, Provision] = {}
    for provision in parsed.provisions:
        if text[provision.start : provision.end] != provision.text or not provision.text:
            found.append(f"{provision.id}: span")
        if provision.id in by_id:
            found.append(f"{provision.id}: repeated id")
        by_id[provision.id] = provision
        parent = by_id.get(provision.parent) if provision.parent else None
        if provision.parent and (parent is None or not parent.start <= provision.start <= provision.end <= parent.end):
            found.append(f"{provision.id}: outside its parent")
    covered = bytearray(len(text))
    for sentence in parsed.sentences:
        provision, unit = by_id[sentence.provision], by_id[sentence.unit]
        if text[sentence.start : sentence.end] != sentence.text or not sentence.text.strip():
            found.append(f"{sentence.id}: span")
        if not (unit.start <= provision.start <= sentence.start < sentence.end <= provision.end <= unit.end):
            found.append(f"{sentence.id}: outside its provision")
        if not sentence.force:
            found.append(f"{sentence.id}: no force")
        if any(covered[sentence.start : sentence.end]):
            found.append(f"{sentence.id}: overlaps")
        covered[sentence.start : sentence.end] = b"\1" * (sentence.end - sentence.start)
    found.extend(
        f"{provision.id}: text in no sentence"
        for provision in parsed.provisions
        if provision.kind in _LEAVES and _uncovered(provision, covered)
    )
    return found


_LEAVES = frozenset({ProvisionKind.PARAGRAPH, ProvisionKind.ITEM, ProvisionKind.SUBITEM, ProvisionKind.ANNEX})
_MARKER = re.compile(r"[（(]?[〇零一二三四五六七八九十百0-9０-９㈠-㈩①-⑳]+[）)]?[.．、]?")  # （三）, 1.; refuses a word


def _uncovered(provision: Provision, covered: bytearray) -> bool:
    rest = "".join(
        character
        for offset, character in enumerate(provision.text, provision.start)
        if not covered[offset] and not character.isspace()
    )
    return bool(_MARKER.sub("", rest).strip("（）()、.．\u200b"))


def _count(findings: Findings, law: Law, parsed: Parsed) -> None:
    articles = sum(provision.kind is ProvisionKind.ARTICLE for provision in parsed.provisions)
    findings.articles += articles
    findings.provisions += len(parsed.provisions)
    findings.sentences += len(parsed.sentences)
    if not articles:
        findings.without_articles.append(law.id)
        return
    for warning in parsed.warnings:
        row = {"file": law.id, "warning": warning}
        if "首条是" in warning:
            findings.starting_late.append(row)
        elif "，缺" in warning:
            findings.gaps.append(row)
        elif "重复" in warning or "重新开始" in warning or "没有递增" in warning:
            findings.repeats.append(row)
        else:
            findings.other_warnings.append(row)


def _compare(findings: Findings, law: Law, parsed: Parsed, theirs: Sequence[dict[str, Any]]) -> None:
    ours = [provision for provision in parsed.provisions if provision.kind is ProvisionKind.ARTICLE]
    drawn = in_sample(law.id)
    texts = Counter(_plain(_NUMBER.sub("", article.text, count=1)) for article in ours)
    for row in theirs:
        findings.stard_articles += 1
        content = _plain(row["content"])
        agreed = texts[content] > 0
        findings.stard_agreed += agreed
        findings.drawn_articles += drawn
        findings.drawn_agreed += drawn and agreed
        if agreed:
            texts[content] -= 1
            continue
        same = [article for article in ours if row["name"].endswith(article.label)]
        why = difference(row["content"], same[-1].text if same else "", parsed)
        findings.differences.append({"article": row["name"], "file": law.id, "why": why})


def difference(theirs: str, ours: str, parsed: Parsed) -> str:
    """Return why STARD's text of an article is not ours, one of the keys of `eval.proof_report.WHY`."""
    body = _NUMBER.sub("", ours, count=1)
    mine, other = _plain(body), _plain(theirs)
    if not ours:
        return "other"
    if other.startswith(mine):
        rest = theirs_after(theirs, len(mine))
        if _ARTICLE_INSIDE.match(rest):
            return "next_article_swallowed"
        annexes = [p for p in parsed.provisions if p.kind is ProvisionKind.ANNEX]
        if annexes and _plain(rest).startswith(_plain(annexes[0].text)[:_TITLE]):
            return "annex_swallowed"
        if any(_plain(heading.text).endswith(_plain(rest)) for heading in parsed.headings):
            return "title_swallowed"
        return "other"
    kept = [line for line in body.split("\n") if _plain(line)]
    without = "".join(_plain(line) for line in kept[:1] + [line for line in kept[1:] if not line.startswith("第")])
    if without == other or "".join(_plain(line) for line in kept if not line.startswith("第")) == other:
        return "paragraph_dropped"
    if mine.startswith(other) or other not in _plain(parsed.document.text):
        return "another_version"
    return "other"


def theirs_after(text: str, count: int) -> str:
    """Return what follows the first `count` characters of `text` that are not white space."""
    for offset, character in enumerate(text):
        if count == 0:
            return _LEADING.sub("", text[offset:])
        if not _SPACE.match(character):
            count -= 1
    return ""


def _plain(text: str) -> str:
    return _SPACE.sub("", text)


def _civil_code(parts: dict[str, Document]) -> dict[str, Any]:
    """Return how 民法典 parses when its eight files are joined: 1,260 articles, no gap."""
    text = "\n".join(parts[name].text for name in CIVIL_CODE_ORDER)
    parsed = parse(Document(Metadata("civil-code", "中华人民共和国民法典", Kind.STATUTE), text))
    numbers = [p.number for p in parsed.provisions if p.kind is ProvisionKind.ARTICLE]
    return {
        "articles": len(numbers),
        "complete": numbers == [(number, 0) for number in range(1, 1261)],
        "problems": problems(parsed),
        "warnings": list(parsed.warnings),
    }


def bars(findings: Findings, *, sample: bool) -> dict[str, bool]:
    """Return each bar and whether it is reached."""
    share = (
        (findings.drawn_agreed, findings.drawn_articles) if sample else (findings.stard_agreed, findings.stard_articles)
    )
    reached = {
        "所有文件解析无异常": not findings.failed,
        "所有条文和句子的区间与原文一致": not findings.broken,
        f"与 STARD 重建语料一致的条文不少于 {100 * AGREEMENT} %": share[0] >= AGREEMENT * share[1],
        "不一致的条文均已归类": all(row["why"] != "other" for row in findings.differences),
    }
    if not sample:
        reached["民法典八个文件合并后 1260 条齐全"] = bool(findings.civil_code.get("complete"))
    return reached


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.proof",
        description="解析数据目录中的全部法规，检查区间，并与 STARD 重建语料比对。",
        epilog="例：python -m eval.proof --sample --out eval/reports",
    )
    parser.add_argument(
        "--sample", action="store_true", help=f"只查按哈希固定的每 {SAMPLE} 个取 1 个，加上历次出错的文件"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "eval" / "reports", help="报告目录")
    parser.add_argument("--data", type=Path, default=DATA, help="数据目录")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof and write its report; return 0 if every bar is reached, 3 if one is missed, 1 if the data is
    absent.
    """
    options = build_parser().parse_args(arguments)
    started = time.perf_counter()
    for name in (LAWS, STARD):
        if not (options.data / name).is_file():
            sys.stderr.write(f"错误：缺少数据文件 {name}；请把数据目录放在仓库旁的 shared/data，或用 --data 指明\n")
            return 1
    stard = load_stard(options.data)
    failures = past_failures()
    laws = [law for law in load_laws(options.data) if not options.sample or in_sample(law.id) or law.id in failures]
    findings = prove(laws, stard)
    if not options.sample:
        known = {law.id for law in laws}
        for source in sorted(set(stard) - known):
            findings.stard_articles += len(stard[source])
            findings.differences.extend(
                {"article": row["name"], "file": source, "why": "file_absent"} for row in stard[source]
            )
    reached = bars(findings, sample=options.sample)
    report = {
        "command": command_line("eval.proof", sys.argv[1:] if arguments is None else arguments),
        "date": now(),
        "commit": commit(ROOT),
        "seconds": round(time.perf_counter() - started, 1),
        "machine": machine(),
        "sample": options.sample,
        "bars": reached,
        **asdict(findings),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    name = "proof_sample" if options.sample else "proof"
    (options.out / f"{name}.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = markdown(report)
    (options.out / f"{name}.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(reached.values()) else 3


if __name__ == "__main__":
    sys.exit(main())
