"""The round trip: every label that the product prints is found by the checker and leads to the same provision.

Labels stand one a paragraph in a neutral sentence, many to a text. An article of one paragraph and that paragraph print
the same label and count once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assistant.indexing.versions import dated_title
from assistant.schema import CheckReport, CheckStatus, Finding, Metadata
from eval.citations.checker import Checker
from eval.citations.corpus import Corpus, Held, in_force
from eval.law_data import in_sample
from eval.metrics import rate
from eval.report import UNKNOWN, rate_text, table

Label = Callable[[str], str]  # id of a provision → what the product prints for it

PER_TEXT = 200
CARRIER = "本单位依据{}办理。"
# What a finding may say of a version that is out of force: the label leads to the right place all the same.
_VALIDITY = frozenset({CheckStatus.REPEALED, CheckStatus.NOT_IN_FORCE})
LISTED = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """A label, and the ids of the provisions that print it, in the order of the text.

    Attributes:
        running: whether its document is in force.
        repeated: whether the file repeats its number, so that nobody can tell which one is meant.
        shared: whether another document prints its title in the same way: two versions without a date.
    """

    label: str
    ids: tuple[str, ...]
    running: bool
    repeated: bool
    shared: bool = False


def printed_label(corpus: Corpus, as_of: date) -> Label:
    """Return the product's way of printing a label in full; a version that is out of force carries its year."""
    works: dict[str, list[Metadata]] = defaultdict(list)
    for held in corpus.held.values():
        works[held.metadata.work or held.metadata.id].append(held.metadata)
    titles = {row.id: dated_title(row, as_of, versions) for versions in works.values() for row in versions}

    def label(identity: str) -> str:
        provision = corpus.provision(identity)
        assert provision is not None
        return titles[provision.doc_id] + provision.label

    return label


def printed(corpus: Corpus, label: Label, as_of: date, sample: bool) -> Iterator[Printed]:
    """Yield the labels of all provisions; of a sample of the laws and all founding documents where asked."""
    titles = {
        doc_id: label(held.provisions[0].id).removesuffix(held.provisions[0].label)
        for doc_id, held in corpus.held.items()
        if held.provisions
    }
    counts = Counter(titles.values())
    for doc_id, held in corpus.held.items():
        if sample and doc_id.startswith("x-") and not in_sample(doc_id):
            continue
        yield from _of_document(held, label, as_of, counts[titles.get(doc_id, "")] > 1)


def _of_document(held: Held, label: Label, as_of: date, shared: bool) -> Iterator[Printed]:
    found: dict[str, list[str]] = defaultdict(list)
    for provision in held.provisions:
        found[label(provision.id)].append(provision.id)
    running = in_force(held.metadata, as_of)
    for text, ids in found.items():
        repeated = any("~" in one for one in ids) or len({one.split(".")[0] for one in ids}) > 1
        yield Printed(text, tuple(ids), running, repeated, shared)


def run(
    corpus: Corpus, checker: Checker, label: Label, as_of: date, sample: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return how many labels came back, by kind of provision, and those that did not."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    failures: list[dict[str, str]] = []
    batch: list[Printed] = []
    total = 0

    def settle() -> None:
        for one, outcome in zip(batch, check(batch, checker, as_of), strict=True):
            kind = kind_of(corpus, one)
            outcomes[kind][outcome] += 1
            if outcome != "same":
                failures.append({"kind": kind, "outcome": outcome, "id": one.ids[0], "label": one.label})
        batch.clear()

    for one in printed(corpus, label, as_of, sample):
        batch.append(one)
        total += 1
        if len(batch) == PER_TEXT:
            settle()
            if total % (100 * PER_TEXT) == 0:
                say(f"{total:,} 个引用，未能还原 {len(failures):,}")
    if batch:
        settle()
    judged = {kind: counts for kind, counts in outcomes.items() if kind not in (REPEATED, SHARED)}
    same = sum(counts["same"] for counts in judged.values())
    return {
        "sample": sample,
        "labels": total,
        "same": asdict(rate(same, sum(counts.total() for counts in judged.values()))),
        "kinds": {
            kind: {**asdict(rate(counts["same"], counts.total())), "outcomes": dict(sorted(counts.items()))}
            for kind, counts in sorted(outcomes.items())
        },
        "failures": failures,
    }


REPEATED, SHARED = "repeated", "shared title"


def kind_of(corpus: Corpus, one: Printed) -> str:
    """Return what a label is counted under: the kind of provision, or why it cannot come back."""
    if one.shared:
        return SHARED
    if one.repeated:
        return REPEATED
    provision = corpus.provision(one.ids[0])
    assert provision is not None
    return str(provision.kind) if one.running else f"{provision.kind} (out of force)"


def check(batch: Sequence[Printed], checker: Checker, as_of: date) -> list[str]:
    """Return what became of each label of one text: "same", or why not."""
    lines = [CARRIER.format(one.label) for one in batch]
    [report] = checker(["\n\n".join(lines)], as_of)
    if isinstance(report, Exception):
        return [f"error {type(report).__name__}"] * len(batch)
    outcomes, at = [], 0
    for one, line in zip(batch, lines, strict=True):
        outcomes.append(_outcome(one, _within(report, at, at + len(line))))
        at += len(line) + 2
    return outcomes


def _within(report: CheckReport, start: int, end: int) -> list[Finding]:
    return [finding for finding in report.findings if finding.start < end and finding.end > start]


def _outcome(one: Printed, findings: Sequence[Finding]) -> str:
    if not findings:
        return "not_found"
    if len(findings) > 1:
        return "several_findings"
    [finding] = findings
    expected = {CheckStatus.OK} if one.running else {CheckStatus.OK, *_VALIDITY}
    if finding.provision in one.ids:
        return "same" if finding.status in expected else f"status {finding.status}"
    return f"elsewhere {finding.status}" if finding.provision else str(finding.status)


def reached(figures: Mapping[str, Any]) -> bool:
    """Return whether every label came back, those aside that several provisions or documents print alike."""
    return bool(figures["same"]["hits"] == figures["same"]["n"])


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown, ending with a line feed."""
    figures = report["figures"]
    rows = [
        [kind, str(row["n"]), rate_text(row), "；".join(f"{name} {n}" for name, n in row["outcomes"].items())]
        for kind, row in figures["kinds"].items()
    ]
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for failure in figures["failures"]:
        groups[failure["kind"], failure["outcome"]].append(failure)
    lists = []
    for (kind, outcome), found in sorted(groups.items(), key=lambda item: -len(item[1])):
        more = [f"- ……共 {len(found)} 个，见 JSON"] if len(found) > LISTED else []
        names = [f"- `{row['id']}` {row['label']}" for row in found[:LISTED]]
        lists.append("\n".join([f"{kind}，{outcome}（{len(found)}）：", "", *names, *more]))
    machine = "，".join(f"{name} {value}" for name, value in report["machine"].items())
    facts = [
        f"- 命令：`{report['command']}`",
        f"- 日期：{report['date']}；提交：{report['commit'] or UNKNOWN}；用时 {report['seconds']} 秒；{machine}",
        f"- 语料：`{report['corpus']}`，{report['documents']:,} 份；判断时点：{report['as_of']}",
        f"- {figures['labels']:,} 个引用" + ("（抽样：按哈希固定的每 20 份取 1 份）" if figures["sample"] else ""),
        "- 单列、不计入还原率：文件自身条号重复的（repeated）；两份文件印出同样题名、没有日期可分的（shared title）",
    ]
    blocks = [
        "# 引用还原：产品印出的每个引用都能找到、并回到同一条款",
        "\n".join(facts),
        f"还原 {figures['same']['hits']:,} / {figures['same']['n']:,}，{rate_text(figures['same'])}。",
        table(["条款", "n", "还原", "结果"], rows),
        "## 未能还原" if lists else "",
        *lists,
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"
