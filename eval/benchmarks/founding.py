"""The founding documents mixed into every law of the data folder: are they still found?

Only questions of the reporting file count that do not name a document and that speak of the matter (转移, 承接, 转出)
or name a place in Guangdong; the rule is `asked_among_all_laws`. The place filter is on: they are asked from Guangdong.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import MappingProxyType

from assistant.parsing import parse
from assistant.reading import corpus_files, load_known
from assistant.retrieval.names import NameTable
from assistant.schema import Parsed
from eval.benchmarks.corpora import CORPUS, Benchmark, Case, corpus_sources, founding_documents
from eval.benchmarks.policy import QUESTIONS
from eval.law_data import DATA, DIVISIONS, LAWS, all_laws
from eval.law_metadata import places_in
from eval.question_file import Question, load_questions

GUANGDONG = "440000"
# What a question about these documents says. Matches 想转移到粤北, 承接产业; refuses 搬过去.
MATTER = re.compile("转移|承接|转出")
# People's names for parts of the province, which are no administrative divisions.
AREAS = ("粤东", "粤西", "粤北", "珠三角", "大湾区", "粤港澳", "广东", "我省", "本省")


def founding(data: Path = DATA, questions: Path = QUESTIONS, corpus: Path = CORPUS) -> Benchmark:
    """Return the benchmark."""
    return Benchmark(
        name="founding",
        title="奠基文件混入全部法规（laws.tar.gz，3,475 个文件，147,288 条）",
        documents=partial(documents, data, corpus),
        sources=(*corpus_sources(corpus), data / LAWS),
        cases=partial(cases, data, questions, corpus),
        notes=(
            "题目：reporting.jsonl 中有正确条文、没有点名文件（书名、简称或条号）的题，其中含“转移”“承接”或“转出”的，",
            f"　　或提到广东地名（市、县、区，或{'、'.join(AREAS)}）的",
            "地域过滤打开：从广东省（440000）提问",
            "正确条文包括题目文件中的 gold 和 also",
        ),
    )


def documents(data: Path = DATA, corpus: Path = CORPUS) -> Iterator[Parsed]:
    """Yield the founding documents, then every law that holds something citable."""
    yield from founding_documents(corpus)
    for document in all_laws(data):
        parsed = parse(document)
        if any(provision.unit for provision in parsed.provisions):
            yield parsed


def cases(data: Path = DATA, questions: Path = QUESTIONS, corpus: Path = CORPUS) -> tuple[Case, ...]:
    """Return the questions that the rule lets in."""
    found, _ = corpus_files(corpus)
    held = {file.metadata.id: file.metadata for file in found if file.metadata}
    names = NameTable(held, load_known(corpus / "known.toml"))
    places = (*places_in("44", data / DIVISIONS), *AREAS)
    return tuple(
        Case(
            id=question.id,
            question=question.question,
            gold=question.gold,
            also=question.also,
            region=GUANGDONG,
            groups=MappingProxyType({"split": "reporting", "role": str(question.role), "kind": question.kind}),
        )
        for question in load_questions(questions / "reporting.jsonl")
        if question.gold and asked_among_all_laws(question, names, places)
    )


def asked_among_all_laws(question: Question, names: NameTable, places: tuple[str, ...]) -> bool:
    """Return whether a question names no document and speaks of the matter or of a place in Guangdong."""
    text = question.question
    if question.kind == "lookup" or names.find(text):
        return False
    return bool(MATTER.search(text)) or any(place in text for place in places)
