"""The texts that models are trained on, and the questions that people wrote about them.

    python -m eval.training.corpora --out FOLDER

writes `passages.jsonl.gz` (id, pool, source, text) and `questions.jsonl.gz` (question, pool, split, style, positives).

Two pools, each searched by itself for hard negatives: "law", the rebuilt STARD corpus, and "policy", the founding
documents, policy documents and local regulations. What the reporting questions are asked of stays out of the policy
pool, the founding documents excepted: the product ships with them.
"""

import argparse
import gzip
import json
import re
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.indexing.ingest import parse_file
from assistant.indexing.texts import embedded_texts, passage_text
from assistant.parsing import parse
from assistant.reading import corpus_files
from assistant.schema import Kind, Metadata, Parsed
from eval.law_data import DATA, ROOT, Law, load_laws, load_stard, read_laws
from eval.training.files import held_out_question, one_in, write

QUESTIONS = ROOT / "eval" / "questions"
POLICY_DOCUMENTS = "policy_documents.jsonl.gz"
# Local regulations in the policy pool: one in so many, by hash, for most speak of other matters than firms.
LOCAL_ONE_IN = 3
FOUNDING = ("gd-transfer-2025", "mfg-transfer-2021")
# 「中华人民共和国刑法第一条」 is a title and an article; 「第一条」 alone is refused.
_NAME = re.compile(r"(?P<title>.+?)(?P<label>第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)")


@dataclass(frozen=True, slots=True)
class Passage:
    """An article or part as the embedder reads it.

    Attributes:
        id: "stard:13155", or a provision's id.
        pool: "law" or "policy".
        source: the document.
    """

    id: str
    pool: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A document that policy questions are asked of: its key in the questions, its place in the data, its id here."""

    key: str
    file: str
    doc_id: str
    split: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a person wrote, and the passages that answer it.

    Attributes:
        split: "train"; "validation" for a tenth, fixed by hash, that nothing learns from; "dev" for STARD's dev split.
        style: "law" (STARD) or "policy" (ours).
    """

    question: str
    pool: str
    split: str
    style: str
    positives: tuple[str, ...]


def law_passages() -> Iterator[Passage]:
    """Yield the articles of the rebuilt STARD corpus."""
    for source, articles in load_stard().items():
        for article in articles:
            found = _NAME.fullmatch(article["name"])
            title, label = (found["title"], found["label"]) if found else (article["name"], "")
            text = passage_text(title, article["headings"], label, article["content"])
            yield Passage(f"stard:{article['id']}", "law", source, text)


def policy_passages(sources: Sequence[Source]) -> Iterator[Passage]:
    """Yield the units of the founding documents, the policy documents and a sample of local regulations.

    Args:
        sources: what our questions are asked of: the reporting split stays out, the tuning split is always in.
    """
    reserved = {source.file for source in sources if source.split == "reporting"}
    wanted = {source.file for source in sources} - reserved
    for parsed in founding_documents():
        yield from _units(parsed, parsed.document.id)
    for number, parsed in policy_documents():
        if number not in reserved:
            yield from _units(parsed, f"policy:{number}")
    local = (
        law
        for law in load_laws()
        if law.id in wanted
        or (law.category == "地方性法规" and law.id not in reserved and one_in(law.id, LOCAL_ONE_IN))
    )
    for law, document in read_laws(local):
        yield from _units(parse(document), law.id)


def founding_documents() -> Iterator[Parsed]:
    """Yield the documents of corpus/."""
    files, _ = corpus_files(ROOT / "corpus")
    for file in files:
        yield parse_file(file.path, file.metadata)


def policy_documents() -> Iterator[tuple[str, Parsed]]:
    """Yield (sheet/number, document) of the policy documents that can be parsed; their Chinese titles are not known."""
    with gzip.open(DATA / POLICY_DOCUMENTS, "rt", encoding="utf-8") as stream, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.txt"
        for line in stream:
            row = json.loads(line)
            path.write_text(str(row["Policy Content"]), encoding="utf-8")
            number = f"{row['sheet']}/{row['No.']}"
            try:
                yield number, parse_file(path, Metadata(f"policy-{number}", "", Kind.POLICY))
            except AssistantError:
                continue  # no text, or nothing citable


def _units(parsed: Parsed, source: str) -> Iterator[Passage]:
    found = embedded_texts(parsed)
    for unit, digest in found.units.items():
        yield Passage(unit, "policy", source, found.texts[digest])


def asked_questions(sources: Sequence[Source]) -> Iterator[Asked]:
    """Yield STARD's questions and our tuning and training questions, each with its split."""
    for row in stard_questions():
        question = str(row["question"])
        split = "dev" if row["split"] == "dev" else _split(question)
        yield Asked(question, "law", split, "law", tuple(f"stard:{gold}" for gold in row["gold_ids"]))
    documents = {source.key: source.doc_id for source in sources if source.split == "tuning"}
    for name in ("tuning.jsonl", "policy_training.jsonl", "policy_tuning.jsonl"):
        for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            golds = [_unit_id(gold) for gold in (*row["gold"], *row.get("need", ()))]
            positives = []
            for gold in dict.fromkeys(golds):
                key, path = gold.split(":")
                if key in documents or key in FOUNDING:
                    positives.append(f"{documents.get(key, key)}:{path}")
            if positives:
                yield Asked(row["question"], "policy", _split(row["question"]), "policy", tuple(positives))


def stard_questions() -> list[dict[str, Any]]:
    """Return the rows of STARD's queries.jsonl."""
    with tarfile.open(DATA / "stard.tar.gz") as archive:
        stream = archive.extractfile("queries.jsonl")
        assert stream is not None
        return [json.loads(line) for line in stream]


def _split(question: str) -> str:
    return "validation" if held_out_question(question) else "train"


def _unit_id(gold: str) -> str:
    """Return the unit's id of a provision's: gd-transfer-2025:a10.p2 → gd-transfer-2025:a10."""
    return gold.split(".", 1)[0] if ":a" in gold else gold


def policy_sources() -> list[Source]:
    """Return the documents that our policy questions are asked of."""
    found = []
    for path in sorted(QUESTIONS.glob("policy_sources*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("source", ()):
            file = row.get("file") or row["row"]
            doc_id = Law(file, "", "", b"").doc_id if "file" in row else f"policy-{file}"
            found.append(Source(row["key"], file, doc_id, row["split"]))
    return found


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    sources = policy_sources()
    passages = [*law_passages(), *policy_passages(sources)]
    print(f"{write(passages, out / 'passages.jsonl.gz')} passages")
    known = {passage.id for passage in passages}
    questions = list(asked_questions(sources))
    missing = [gold for row in questions for gold in row.positives if gold not in known]
    count = write(questions, out / "questions.jsonl.gz")
    print(f"{count} questions; {len(missing)} answers not in the pools {missing[:5]}")


if __name__ == "__main__":
    main()
