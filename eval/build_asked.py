"""Add the training questions to corpus/asked.toml: `python -m eval.build_asked`.

What eval/questions/training/answers.jsonl and traps.jsonl say a unit answers (or is the nearest provision for)
is a question that people put. Tuning and reporting files stay out: what is searched with is not measured with.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ASKED = Path("corpus/asked.toml")
QUESTIONS = Path("eval/questions")


def training_questions(folder: Path = QUESTIONS) -> Iterator[tuple[str, str]]:
    """Yield (unit, question) of the training files; orders to the assistant and questions of other matters stay out."""
    for line in (folder / "training" / "answers.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["unit"]:
            yield row["unit"], row["question"]
    for line in (folder / "training" / "traps.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["unit"] and not row["order"]:
            yield row["unit"], row["question"]


def merged(text: str, more: Iterator[tuple[str, str]]) -> str:
    """Return the text of an asked.toml with further questions behind those of their unit; its comment stays."""
    found = {row["provision"]: list(row["questions"]) for row in tomllib.loads(text)["asked"]}
    for unit, question in more:
        questions = found.setdefault(unit, [])
        if question not in questions:
            questions.append(question)
    comment = [line for line in text.splitlines() if line.startswith("#")]
    blocks = [
        "\n".join(("[[asked]]", f'provision = "{unit}"', "questions = [", *map(_line, questions), "]"))
        for unit, questions in found.items()
    ]
    return "\n".join(comment) + "\n\n" + "\n\n".join(blocks) + "\n"


def _line(question: str) -> str:
    return f"  {json.dumps(question, ensure_ascii=False)},"


def main(arguments: Sequence[str] = ()) -> int:
    """Write the file anew and say how many questions it holds."""
    text = merged(ASKED.read_text(encoding="utf-8"), training_questions())
    ASKED.write_text(text, encoding="utf-8")
    print(f"{sum(len(row['questions']) for row in tomllib.loads(text)['asked'])} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
