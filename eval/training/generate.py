"""Questions that nobody asked yet: a language model learns from people's questions and asks about other passages.

    python -m eval.training.generate --model FOLDER --data FOLDER --out generated.jsonl.gz

Lines: {question, pool, positive}. The model is trained on (passage, question) pairs of the train split only: lay
questions of STARD and our own tuning and training questions, each in its style. It then asks about passages by itself.
Needs the extra [models] and, for a model of 1.5 billion weights, an accelerator of 80 GB.
"""

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.training import language_model as lm
from eval.training.files import one_in, read, write
from eval.training.loop import train

if TYPE_CHECKING:
    import torch

STYLES = {"law": "普通人向律师咨询", "policy": "企业老板、基层干部或热线坐席随口打听"}
RATE = 1e-5
EPOCHS = 2
# Tokens of one step, padding included, while it learns (what 80 GB hold beside the weights) and while it asks.
TRAINING_TOKENS, ASKING_TOKENS = 4_096, 280_000
# Tokens of a question at most.
NEW_TOKENS = 72
# A question shorter than this asks nothing; one that names an article number was copied from the passage.
MIN_CHARACTERS = 5
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+[条款项]")  # 第三十条 is refused, 第三方 is not
# Articles that settle nothing for a caller: purpose, entry into force, repeal. 「本条例自公布之日起施行。」 is one,
# 「省人民政府应当制定本省的产业目录。」 is not.
_FORMAL = re.compile(r"制定本(?:法|条例|办法|规定|解释)|起施行|同时废止|本(?:法|条例|办法|规定)由.{2,20}解释")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A passage to ask about, in the style of its pool, so many times."""

    id: str
    pool: str
    text: str
    times: int


def prompt(style: str, text: str) -> str:
    """Return what the model reads before it writes the question."""
    return f"条文：{text}\n{STYLES[style]}，口语，不照抄条文，这条能回答的一个问题："


def choose(passages: Sequence[dict[str, Any]], asked: Sequence[dict[str, Any]], limit: int) -> list[Wanted]:
    """Return the passages to ask about.

    Laws that STARD's train questions are answered from get two questions an article, other laws one for a sample, the
    founding documents twelve a provision, other policy documents and regulations one.
    """
    by_id = {row["id"]: row for row in passages}
    popular = {
        by_id[gold]["source"]
        for row in asked
        if row["split"] == "train" and row["pool"] == "law"
        for gold in row["positives"]
    }
    found: list[Wanted] = []
    for row in passages:
        text = row["text"]
        if not 25 <= len(text) <= 900 or _FORMAL.search(text):
            continue
        if row["pool"] == "law":
            times = 2 if row["source"] in popular else int(one_in(row["id"], 6))
        else:
            founding = not row["source"].startswith(("policy:", "DLC"))
            times = 12 if founding else int(one_in(row["id"], 5))
        if times:
            found.append(Wanted(row["id"], row["pool"], text, times))
    return lm.shuffled(found, 7)[:limit]


def teach(model: Any, tokenizer: Any, passages: Sequence[dict[str, Any]], asked: Sequence[dict[str, Any]]) -> None:
    """Fine-tune the model to write people's questions, the loss on the question alone."""
    by_id = {row["id"]: row["text"] for row in passages}
    pairs = [
        (row["style"], gold, row["question"])
        for row in asked
        if row["split"] == "train"
        for gold in row["positives"][:3]
    ]
    texts = lm.cut(tokenizer, [by_id[gold] for _, gold, _ in pairs])
    end = tokenizer.eos_token_id
    rows: list[tuple[list[int], list[int]]] = []
    for (style, _, question), text in zip(pairs, texts, strict=True):
        before = tokenizer(prompt(style, text), add_special_tokens=False)["input_ids"]
        after = [*tokenizer(question, add_special_tokens=False)["input_ids"], end]
        rows.append(([*before, *after], [*([-100] * len(before)), *after]))
    batches: list[list[tuple[list[int], list[int]]]] = []
    for epoch in range(EPOCHS):
        part = list(lm.by_tokens([len(ids) for ids, _ in rows], TRAINING_TOKENS))
        batches += [[rows[row] for row in batch] for batch in lm.shuffled(part, epoch)]

    def loss_of(batch: list[tuple[list[int], list[int]]]) -> "torch.Tensor":
        ids = lm.padded([ids for ids, _ in batch], end)
        labels = lm.padded([labels for _, labels in batch], -100)
        loss: torch.Tensor = model(input_ids=ids, labels=labels).loss
        return loss

    train(model, batches, loss_of, RATE)


def question_of(written: str) -> str | None:
    """Return the question in what the model wrote, its first line; None where it asks nothing or copies a number."""
    question = written.strip().split("\n")[0].strip()
    return question if len(question) >= MIN_CHARACTERS and not _ARTICLE.search(question) else None


def ask(model: Any, tokenizer: Any, wanted: Sequence[Wanted], seconds: float) -> list[dict[str, str]]:
    """Return generated questions, each once, as many as `seconds` allow."""
    texts = lm.cut(tokenizer, [one.text for one in wanted])
    rows = [(one, prompt(one.pool, text)) for one, text in zip(wanted, texts, strict=True) for _ in range(one.times)]
    lengths = [
        len(ids) + NEW_TOKENS for ids in tokenizer([text for _, text in rows], add_special_tokens=False)["input_ids"]
    ]
    tokenizer.padding_side = "left"
    tokenizer.pad_token_id = tokenizer.eos_token_id
    started, found = time.monotonic(), []
    batches = lm.shuffled(list(lm.by_tokens(lengths, ASKING_TOKENS)), 3)
    for number, batch in enumerate(batches, start=1):
        inputs = tokenizer([rows[row][1] for row in batch], add_special_tokens=False, return_tensors="pt", padding=True)
        output = model.generate(
            **inputs.to(model.device),
            max_new_tokens=NEW_TOKENS,
            do_sample=True,
            temperature=0.9,
            top_p=0.92,
            top_k=0,
            pad_token_id=tokenizer.eos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
        for row, ids in zip(batch, output[:, inputs["input_ids"].shape[1] :], strict=True):
            if question := question_of(tokenizer.decode(ids, skip_special_tokens=True)):
                found.append({"question": question, "pool": rows[row][0].pool, "positive": rows[row][0].id})
        passed = time.monotonic() - started
        print(f"asked: batch {number} of {len(batches)}, {len(found)} questions, {passed:.0f} s", flush=True)
        if passed > seconds:
            break
    return list({row["question"]: row for row in found}.values())


def main() -> None:
    """Train, ask, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=180, help="for asking")
    parser.add_argument("--limit", type=int, default=1_000_000, help="passages")
    args = parser.parse_args()
    import torch

    passages, asked = read(args.data / "passages.jsonl.gz"), read(args.data / "questions.jsonl.gz")
    model, tokenizer = lm.load(args.model)
    teach(model, tokenizer, passages, asked)
    model.to(torch.bfloat16)
    found = ask(model, tokenizer, choose(passages, asked, args.limit), args.seconds)
    print(f"{write(found, args.out)} questions in {args.out}")
    for row in found[:20]:
        print(row["pool"], row["question"])


if __name__ == "__main__":
    main()
