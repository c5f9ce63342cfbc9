"""The policy benchmark: colloquial questions on the founding documents and on local regulations and policy documents.

The other documents are read from the data folder, named by `eval/questions/policy_sources_*.toml`:

    [[source]]
    key = "sd-private"                       # the id of the document in this benchmark
    archive = "laws.tar.gz"                  # or "policy_documents.jsonl.gz"
    file = "DLC/…/山东省民营经济发展促进条例(…)"  # law_id; of a policy document: row = "Central Policies Table/51"
    split = "tuning"                         # or "reporting": the split is by document
    jurisdiction = "370000"
    title = "山东省民营经济发展促进条例"
"""

import gzip
import json
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.errors import CorpusError
from assistant.parsing import parse
from assistant.reading import read_file
from assistant.schema import Kind, Metadata, Parsed
from eval.benchmarks.corpora import CORPUS, Benchmark, Case, corpus_sources, founding_documents
from eval.law_data import DATA, DIVISIONS, LAWS, ROOT, load_laws, read_laws
from eval.law_metadata import law_metadata
from eval.question_file import load_questions

QUESTIONS = ROOT / "eval" / "questions"
SOURCES_FILES = "policy_sources*.toml"
SPLITS = ("tuning", "reporting")
POLICY_DOCUMENTS = "policy_documents.jsonl.gz"
FOUNDING, LOCAL = "founding", "local"


@dataclass(frozen=True, slots=True)
class Source:
    """One row of policy_sources_*.toml; `file` is what names the document in its archive."""

    key: str
    archive: str
    file: str
    split: str
    title: str = ""
    jurisdiction: str = ""


def policy(data: Path = DATA, questions: Path = QUESTIONS, corpus: Path = CORPUS) -> Benchmark:
    """Return the benchmark with the questions of both splits."""
    sources = load_sources(questions)
    archives = sorted({source.archive for source in sources})
    return Benchmark(
        name="policy",
        title=f"政策题集：{len(list(corpus_sources(corpus))) - 1} 份奠基文件，{len(sources)} 份地方性法规和政策文件",
        documents=partial(policy_documents, sources, data, corpus),
        sources=(*sorted(questions.glob(SOURCES_FILES)), *corpus_sources(corpus), *(data / name for name in archives)),
        cases=partial(policy_cases, questions),
        notes=(
            "拆分按文件：调参题与报告题不问同一份文件；奠基文件例外，其题目按题拆分（见 eval/questions/README.md）",
            "任一正确条文即算命中；需要几条才答全的题，另计“全部找到”",
        ),
    )


def load_sources(questions: Path) -> tuple[Source, ...]:
    """Return the rows of policy_sources_*.toml.

    Raises:
        CorpusError: there is no such file, one cannot be read, or a row lacks a field or repeats a key.
    """
    found: dict[str, Source] = {}
    for path in sorted(questions.glob(SOURCES_FILES)):
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
        except ValueError as error:
            raise CorpusError(f"{path.name} 不是有效的 TOML：{error}") from error
        for number, row in enumerate(rows, 1):
            named = {name: str(row.get(name, "")) for name in ("key", "archive", "split", "title", "jurisdiction")}
            source = Source(file=str(row.get("file") or row.get("row") or ""), **named)
            known = source.split in SPLITS and source.archive in (LAWS, POLICY_DOCUMENTS)
            if not (source.key and source.file and known):
                raise CorpusError(f"{path.name} 第 {number} 个 [[source]] 缺 key、file、split 或 archive，或取值不对")
            if source.key in found:
                raise CorpusError(f"{path.name} 第 {number} 个 [[source]] 的 key {source.key} 重复")
            found[source.key] = source
    if not found:
        raise CorpusError(f"{questions.name} 中没有 {SOURCES_FILES}；请检查 eval/questions")
    return tuple(found.values())


def policy_documents(sources: Sequence[Source], data: Path = DATA, corpus: Path = CORPUS) -> Iterator[Parsed]:
    """Yield the founding documents, then the documents of `sources` in their order.

    Raises:
        CorpusError: a source is not in its archive, or holds nothing citable.
    """
    yield from founding_documents(corpus)
    laws = {source.file: source for source in sources if source.archive == LAWS}
    rows = {source.file: source for source in sources if source.archive == POLICY_DOCUMENTS}
    read = {**_laws(laws, data), **_policy_rows(rows, data)}
    for source in sources:
        parsed = read.get(source.key)
        if parsed is None or not any(provision.unit for provision in parsed.provisions):
            raise CorpusError(f"{source.archive} 中没有 {source.file}（key = {source.key}），或其中没有条文")
        yield parsed


def _laws(wanted: Mapping[str, Source], data: Path) -> dict[str, Parsed]:
    if not wanted:
        return {}
    laws = list(load_laws(data))
    keys = {law.id: wanted[law.id].key if law.id in wanted else law.doc_id for law in laws}
    metadata = law_metadata((law.row for law in laws), data / DIVISIONS, keys)
    chosen = iter([law for law in laws if law.id in wanted])
    found: dict[str, Parsed] = {}
    for law, document in read_laws(chosen):
        stated = wanted[law.id]
        held = metadata[law.id]
        held = replace(held, title=stated.title or held.title, jurisdiction=stated.jurisdiction or held.jurisdiction)
        found[stated.key] = parse(replace(document, metadata=held))
    return found


def _policy_rows(wanted: Mapping[str, Source], data: Path) -> dict[str, Parsed]:
    if not wanted:
        return {}
    found: dict[str, Parsed] = {}
    with gzip.open(data / POLICY_DOCUMENTS, "rt", encoding="utf-8") as rows, tempfile.TemporaryDirectory() as folder:
        for line in rows:
            row = json.loads(line)
            source = wanted.get(f"{row['sheet']}/{row['No.']}")
            if source is None:
                continue
            path = Path(folder) / f"{source.key}.txt"
            path.write_text(row["Policy Content"], encoding="utf-8")
            found[source.key] = _policy_document(path, source)
    return found


def _policy_document(path: Path, source: Source) -> Parsed:
    guessed = read_file(path)
    title = source.title or (guessed.title if guessed.title != path.stem else "")
    place = source.jurisdiction or guessed.metadata.jurisdiction
    metadata = Metadata(source.key, title, Kind.POLICY, work=source.key, jurisdiction=place, source=source.archive)
    return parse(replace(guessed, metadata=metadata))


def policy_cases(questions: Path = QUESTIONS) -> tuple[Case, ...]:
    """Return the questions: ours on the founding documents with gold, and those of policy_tuning and policy_reporting.

    Raises:
        CorpusError: a file cannot be read, or a line is no question.
    """
    found: list[Case] = []
    for split in SPLITS:
        for question in load_questions(questions / f"{split}.jsonl"):
            if question.gold:
                groups = {"split": split, "role": str(question.role), "documents": FOUNDING}
                case = Case(question.id, question.question, question.gold, also=question.also)
                found.append(replace(case, groups=MappingProxyType(groups)))
        path = questions / f"policy_{split}.jsonl"
        for number, row in _lines(path):
            found.append(_case(row, split, f"{path.name} 第 {number} 行"))
    repeated = {case.id for case in found if sum(other.id == case.id for other in found) > 1}
    if repeated:
        raise CorpusError(f"题目编号重复：{'、'.join(sorted(repeated))}")
    return tuple(found)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(f"{path.name} 读不了：{error.strerror}；请检查 eval/questions") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise CorpusError(f"{path.name} 第 {number} 行不是 JSON：{error}") from error


def _case(row: Mapping[str, Any], split: str, where: str) -> Case:
    missing = {"id", "role", "question", "gold"} - set(row)
    if missing or not row["gold"] or not set(row.get("need", ())) <= set(row["gold"]):
        raise CorpusError(f"{where}：缺 {'、'.join(sorted(missing)) or 'gold'}，或 need 不在 gold 之中")
    return Case(
        id=row["id"],
        question=row["question"],
        gold=tuple(row["gold"]),
        need=tuple(row.get("need", ())),
        region=row.get("region", ""),
        groups=MappingProxyType({"split": split, "role": row["role"], "documents": LOCAL}),
    )
