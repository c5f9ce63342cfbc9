"""STARD: lay questions, articles named by lawyers, over a corpus that was rebuilt from public law texts.

The corpus comes as articles. Each law becomes one document, and its articles go through the same code that parses an
article of a file, so sentences, labels and headings are those that the product would show.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.parsing.articles import ArticleStart
from assistant.parsing.body import article_node
from assistant.parsing.lines import split_lines
from assistant.parsing.numerals import parse_numeral
from assistant.parsing.tree import Structure, assemble
from assistant.schema import Document, Kind, Metadata, Parsed, SourcePoint
from eval.benchmarks.corpora import Benchmark, Case
from eval.law_data import DATA, STARD

SPLITS = ("dev", "train")
CORPUS_FILE, QUERIES_FILE = "corpus_recon.jsonl", "queries.jsonl"
# The end of an article's name. Matches 第五十六条, 第一百二十条之一; refuses 第五十六条第二款.
_NAME = re.compile(r"第([〇零一二三四五六七八九十百千0-9]+)条(?:之([一二三四五六七八九十]+))?$")


def stard(data: Path = DATA, split: str = "dev") -> Benchmark:
    """Return the benchmark with the questions of one split.

    Raises:
        ValueError: there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"split {split!r}: expected one of {', '.join(SPLITS)}")
    return Benchmark(
        name="stard",
        title=f"STARD {split}，重建语料（rebuilt corpus，55,404 条；官方语料 55,348 条）",
        documents=partial(stard_documents, data),
        sources=(data / STARD,),
        cases=partial(stard_cases, data, split),
        notes=(
            "rebuilt corpus：语料由公开法规文本重建，与官方语料不完全相同，数字不可与官方语料上的结果直接相比",
            "内置向量模型用 train 部分训练过，只应与同样在其上训练过的系统相比；dev 部分没有用于训练",
        ),
    )


def stard_documents(data: Path = DATA) -> Iterator[Parsed]:
    """Yield the laws of the rebuilt corpus, each with its articles."""
    for title, articles in articles_by_title(data).items():
        yield law_of(title, articles)


def stard_cases(data: Path = DATA, split: str = "dev") -> tuple[Case, ...]:
    """Return the questions of one split; their text is not for committed reports."""
    units = unit_ids(articles_by_title(data))
    return tuple(
        Case(
            id=str(row["query_id"]),
            question=row["question"],
            gold=tuple(units[number] for number in row["gold_ids"]),
            groups=MappingProxyType({"split": split}),
            shown=False,
        )
        for row in _rows(data, QUERIES_FILE)
        if row["split"] == split
    )


def unit_ids(laws: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[int, str]:
    """Return STARD's number of every article → the id of its unit."""
    units: dict[int, str] = {}
    for title, articles in laws.items():
        taken: dict[str, int] = {}
        for row in articles:
            start = _start(row["name"], 0)
            step = f"a{start.number}-{start.branch}" if start.branch else f"a{start.number}"
            taken[step] = taken.get(step, 0) + 1
            units[row["id"]] = f"{doc_id(title)}:{step}" + (f"~{taken[step]}" if taken[step] > 1 else "")
    return units


def law_of(title: str, articles: Sequence[Mapping[str, Any]]) -> Parsed:
    """Return a law made of STARD's rows: a line 第…条 with the article's text behind it, and its headings."""
    text = ""
    spans = []
    for row in articles:
        name = row["name"][len(title) :]
        start = len(text)
        text += f"{name}　{row['content'].strip()}\n"
        spans.append((start, start + len(name) + 1, len(text), tuple(row["headings"])))
    document = Document(Metadata(doc_id(title), title, Kind.STATUTE, source=STARD), text, (SourcePoint(0),))
    lines = split_lines(text)
    nodes = []
    at = 0
    for row, (start, body, end, headings) in zip(articles, spans, strict=True):
        own = []
        while at < len(lines) and lines[at].start < end:
            own.append(lines[at])
            at += 1
        found = _start(row["name"], body)
        assert own and own[0].start == start
        nodes.append(article_node(found, own, headings))
    return assemble(document, Structure(tuple(nodes)), Kind.STATUTE)


def doc_id(title: str) -> str:
    """Return the id of a law, in the form that files without a manifest row get."""
    return "x-" + hashlib.sha256(title.encode()).hexdigest()[:12]


def _start(name: str, body: int) -> ArticleStart:
    match = _NAME.search(name)
    assert match is not None, name
    return ArticleStart(0, parse_numeral(match[1]), parse_numeral(match[2]) if match[2] else 0, body)


def articles_by_title(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the corpus by the title of their law, in the order of the file."""
    laws: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(data, CORPUS_FILE):
        match = _NAME.search(row["name"])
        assert match is not None, row["name"]
        laws.setdefault(row["name"][: match.start()], []).append(row)
    return laws


def _rows(data: Path, file: str) -> Iterator[dict[str, Any]]:
    with tarfile.open(data / STARD) as archive:
        stream = archive.extractfile(file)
        assert stream is not None
        for line in stream:
            yield json.loads(line)
