"""The policy benchmark: colloquial questions on the founding documents and on local regulations and policy documents.

The other documents are read from the data folder, named by `eval/questions/policy_sources.toml`:

    [[source]]
    key = "gd-business-2022"                 # the id of the document in this benchmark
    archive = "laws.tar.gz"                  # or "policy_documents.jsonl.gz"
    file = "DLC/…/广东省优化营商环境条例(…)"    # law_id, or "No." of the policy document (`row` is read as well)
    split = "tuning"                         # or "reporting": the split is by document
    title = "…"                              # of a policy document, where its body does not say it
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
SOURCES_FILE = "policy_sources.toml"
SPLITS = ("tuning", "reporting")
POLICY_DOCUMENTS = "policy_documents.jsonl.gz"
FOUNDING, LOCAL = "founding", "local"
# What a line of a question file holds; `note` and `also` may be left out.
_FIELDS = frozenset({"id", "role", "question", "region", "gold", "need", "doc", "how"})


@dataclass(frozen=True, slots=True)
class Source:
    """One row of policy_sources.toml."""

    key: str
    archive: str
    file: str
    split: str
    title: str = ""


def policy(data: Path = DATA, questions: Path = QUESTIONS, corpus: Path = CORPUS) -> Benchmark:
    """Return the benchmark with the questions of both splits."""
    sources = load_sources(questions / SOURCES_FILE)
    archives = sorted({source.archive for source in sources})
    return Benchmark(
        name="policy",
        title=f"政策题集：{len(list(corpus_sources(corpus))) - 1} 份奠基文件，{len(sources)} 份地方性法规和政策文件",
        documents=partial(policy_documents, sources, data, corpus),
        sources=(questions / SOURCES_FILE, *corpus_sources(corpus), *(data / name for name in archives)),
        cases=partial(policy_cases, questions),
        notes=(
            "拆分按文件：调参题与报告题不问同一份文件；奠基文件例外，其题目按题拆分（见 eval/questions/README.md）",
            "任一正确条文即算命中；需要几条才答全的题，另计“全部找到”",
        ),
    )


def load_sources(path: Path) -> tuple[Source, ...]:
    """Return the rows of policy_sources.toml.

    Raises:
        CorpusError: the file cannot be read, or a row lacks a field, repeats a key or names no archive we know.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except OSError as error:
        raise CorpusError(f"{path.name} 读不了：{error.strerror}；请检查 eval/questions") from error
    except ValueError as error:
        raise CorpusError(f"{path.name} 不是有效的 TOML：{error}") from error
    found: dict[str, Source] = {}
    for number, row in enumerate(rows, 1):
        file = str(row.get("file") or row.get("row") or "")
        source = Source(
            str(row.get("key", "")), str(row.get("archive", "")), file, str(row.get("split", "")), row.get("title", "")
        )
        if not source.key or not file or source.split not in SPLITS or source.archive not in (LAWS, POLICY_DOCUMENTS):
            raise CorpusError(f"{path.name} 第 {number} 个 [[source]] 缺 key、file、split 或 archive，或取值不对")
        if source.key in found:
            raise CorpusError(f"{path.name} 第 {number} 个 [[source]] 的 key {source.key} 重复")
        found[source.key] = source
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
            raise CorpusError(
                f"{SOURCES_FILE}：{source.archive} 中没有 {source.file}（key = {source.key}），或其中没有条文"
            )
        yield parsed


def _laws(wanted: Mapping[str, Source], data: Path) -> dict[str, Parsed]:
    if not wanted:
        return {}
    laws = list(load_laws(data))
    keys = {law.id: wanted[law.id].key if law.id in wanted else law.doc_id for law in laws}
    metadata = law_metadata((law.row for law in laws), data / DIVISIONS, keys)
    chosen = iter([law for law in laws if law.id in wanted])
    return {keys[law.id]: parse(replace(document, metadata=metadata[law.id])) for law, document in read_laws(chosen)}


def _policy_rows(wanted: Mapping[str, Source], data: Path) -> dict[str, Parsed]:
    if not wanted:
        return {}
    found: dict[str, Parsed] = {}
    with gzip.open(data / POLICY_DOCUMENTS, "rt", encoding="utf-8") as rows, tempfile.TemporaryDirectory() as folder:
        for line in rows:
            row = json.loads(line)
            source = wanted.get(row["No."])
            if source is None:
                continue
            path = Path(folder) / f"{source.key}.txt"
            path.write_text(row["Policy Content"], encoding="utf-8")
            found[source.key] = _policy_document(path, source)
    return found


def _policy_document(path: Path, source: Source) -> Parsed:
    guessed = read_file(path)
    title = source.title or (guessed.title if guessed.title != path.stem else "")
    metadata = Metadata(
        source.key,
        title,
        Kind.POLICY,
        work=source.key,
        jurisdiction=guessed.metadata.jurisdiction,
        source=source.archive,
    )
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
                right = tuple(dict.fromkeys((*question.gold, *question.also)))
                found.append(Case(question.id, question.question, right, groups=MappingProxyType(groups)))
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
