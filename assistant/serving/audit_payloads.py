"""Answers and checks as they are recorded: without personal data, wherever it was repeated."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant.answering.wire import answer_json
from assistant.schema import Answer, CheckReport, Citation, DocumentSummary, Finding, QuoteCheck, Validity
from assistant.serving.audit_records import Draft, RecordKind
from assistant.serving.masking import mask, masked, shadow

# What ids and hashes are stored under: no words, so nothing in them is masked.
_NO_WORDS = frozenset({"provision", "nearest", "corpus"})
# Undoes `answering.wording.escape_markdown`. Matches \\- and &lt;; refuses a backslash before a letter.
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~&<])|&(lt|gt|amp);|  \n")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}
# A word that was cut off. Matches 1380013… and zhang.s…; refuses 电话….
_GIVES_AWAY = 5
_CUT = re.compile(r"[0-9A-Za-z@._%+\\ ()-]{1,80}…")


class Masker:
    """Masks a text, and what else was written with its words in it.

    What is personal in the text is so wherever it is repeated, be it cut short or without the word that gave it away.
    """

    def __init__(self, text: str) -> None:
        self.main = masked(text)
        self._known: dict[str, list[tuple[str, str]]] = defaultdict(list)  # by how it begins: all of it, and its word
        for piece in self.main.pieces:
            raw = text[piece.start : piece.end]
            for form in dict.fromkeys((raw, " ".join(raw.split()))):
                self._known[_beginning(form)].append((form, piece.word))
        self._lengths = sorted({len(head) for head in self._known}, reverse=True)
        firsts = "".join({head[0] for head in self._known})
        self._firsts = re.compile(f"[{re.escape(firsts)}]") if firsts else None

    def words(self, text: str) -> str:
        """Return another text that may repeat the main one, masked."""
        if self._firsts is None:
            return mask(text)
        parts: list[str] = []
        at = 0
        for match in self._firsts.finditer(text):
            start = match.start()
            end, word = self._repeated(text, start) if start >= at else (0, "")
            if end:
                parts += (text[at:start], word)
                at = end
        return _without_cut(mask("".join((*parts, text[at:]))))

    def _repeated(self, text: str, start: int) -> tuple[int, str]:
        """Return where something personal that begins at `start` ends, whole or cut off, and its word; (0, "")."""
        for length in self._lengths:
            known = self._known.get(text[start : start + length], ())
            if known:
                return max((start + _common(raw, text[start : start + len(raw)]), word) for raw, word in known)
        return 0, ""

    def values(self, value: Any) -> Any:
        """Return plain JSON values with all words in them masked; ids and hashes stay."""
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, Mapping):
            return {key: one if key in _NO_WORDS else self.values(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.values(one) for one in value]
        return value


def _beginning(raw: str) -> str:
    """Return the shortest beginning that gives something away: with five letters or digits, where it has so many."""
    seen = 0
    for end, char in enumerate(raw, start=1):
        seen += char.isalnum()
        if seen == _GIVES_AWAY:
            return raw[:end]
    return raw


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common from their beginnings on."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def answer_draft(
    answer: Answer, *, operator: str = "", history: Sequence[str] = (), asked: Mapping[str, Any] | None = None
) -> Draft:
    """Return what is recorded of an answer: the fields of `ask --json`; the Markdown as the text that it shows.

    The earlier questions of its dialogue stand among them, so that a redaction takes them away as well.
    """
    masker = Masker(answer.question)
    payload = answer_json(answer)
    del payload["question"]  # it is the record's text
    payload["answer"] = _shown(answer.answer)
    if history:
        payload["history"] = list(history)
    return Draft(
        kind=RecordKind.ANSWER,
        text=masker.main.text,
        payload=masker.values(payload),
        operator=mask(operator),
        engine=answer.engine,
        corpus=answer.corpus,
        asked=masker.values(asked or {}),
        provisions=[masker.values(_version_of_citation(one)) for one in answer.citations],
    )


def check_draft(
    report: CheckReport,
    *,
    operator: str = "",
    asked: Mapping[str, Any] | None = None,
    documents: Iterable[DocumentSummary] = (),
) -> Draft:
    """Return what is recorded of a check; spans point into the masked text.

    `documents` are those held, for the versions of what was cited; without them a version is known by its id alone.
    """
    masker = Masker(report.text)
    held = {one.metadata.id: one for one in documents}
    payload = {
        "verdict": str(report.verdict),
        "findings": [_finding(one, masker) for one in report.findings],
        "counts": {str(status): count for status, count in sorted(report.counts.items())},
        "coverage": {"found": len(report.findings), "checked": report.checked},
        "as_of": report.as_of.isoformat(),
        "as_of_from": report.as_of_from,
        "searched": report.searched,
        "seconds": report.seconds,
    }
    cited = {one.provision: one for one in report.findings if one.provision}
    return Draft(
        kind=RecordKind.CHECK,
        text=masker.main.text,
        payload=payload,
        operator=mask(operator),
        corpus=report.corpus,
        asked=masker.values({**(asked or {}), "as_of": report.as_of.isoformat()}),
        provisions=[masker.values(_version_of_finding(one, held)) for one in cited.values()],
    )


def _finding(finding: Finding, masker: Masker) -> dict[str, Any]:
    start, end = masker.main.at(finding.start), masker.main.at(finding.end, end=True)
    return {
        "text": masker.main.text[start:end],
        "start": start,
        "end": end,
        "provision": finding.provision,
        "status": str(finding.status),
        "label": masker.words(finding.label),
        "detail": masker.words(finding.detail),
        "expected": masker.words(finding.expected),
        "candidates": [masker.words(one) for one in finding.candidates],
        "content": str(finding.content),
        "quotes": [_quote(one, masker) for one in finding.quotes],
    }


def _quote(quote: QuoteCheck, masker: Masker) -> dict[str, Any]:
    start, end = masker.main.at(quote.start), masker.main.at(quote.end, end=True)
    # The difference is cut into pieces: of a number in them no piece would be known for one.
    whole = "".join(edit.text for edit in quote.edits)
    edits = [] if mask(whole) != whole or mask(quote.text) != quote.text else [asdict(edit) for edit in quote.edits]
    return {
        "text": masker.main.text[start:end],
        "start": start,
        "end": end,
        "exact": quote.exact,
        "edits": [{"kind": str(edit["kind"]), "text": edit["text"]} for edit in edits],
        "found_in": [masker.words(one) for one in quote.found_in],
    }


def _version_of_citation(citation: Citation) -> dict[str, Any]:
    return {
        "provision": citation.provision,
        "document": citation.document,
        "label": citation.label,
        "jurisdiction": citation.jurisdiction,
        **_validity(citation.validity),
    }


def _version_of_finding(finding: Finding, held: Mapping[str, DocumentSummary]) -> dict[str, Any]:
    facts: dict[str, Any] = {"provision": finding.provision, "label": finding.label, "status": str(finding.status)}
    summary = held.get(finding.provision.partition(":")[0])
    if summary:
        row = summary.metadata
        facts |= {"document": row.title, "jurisdiction": row.jurisdiction, **_validity(summary.validity)}
    return facts


def _validity(validity: Validity) -> dict[str, Any]:
    return {
        "state": str(validity.state),
        "from": validity.since.isoformat() if validity.since else None,
        "to": validity.until.isoformat() if validity.until else None,
        "as_of": validity.as_of.isoformat(),
    }


def _shown(markdown: str) -> str:
    """Return the text that an answer's Markdown shows.

    In the Markdown 138-0013-8000 has a backslash before each hyphen, which would keep it from being seen.
    """
    return _ESCAPED.sub(lambda match: match[1] or _ENTITIES.get(match[2] or "", "\n"), markdown)


def _without_cut(text: str) -> str:
    """Return a text without the words that were cut off in it: the first half of a number is personal, too."""
    parts, at = [], 0
    for match in _CUT.finditer(shadow(text)):
        parts.append(text[at : match.start()])
        at = match.end() - 1
    return "".join((*parts, text[at:]))
