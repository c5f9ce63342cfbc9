"""What is embedded and indexed for a provision, and the hash that says whether it changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.schema import Parsed, Provision, ProvisionKind

SEPARATOR = " "


def passage_text(title: str, headings: Sequence[str], label: str, text: str) -> str:
    """Return the text that stands for a provision or sentence in every index.

    Document title, headings and the provision's name go in front: the embedder was trained so, and a sentence such as
    「前款规定的期限为三十日」 is nothing without them. White space inside headings (第一章　总　　则) is dropped.

    >>> passage_text("甲条例", ("第一章　总　　则",), "第一条", "为了促进发展，制定本条例。")
    '甲条例 第一章总则 第一条 为了促进发展，制定本条例。'
    """
    return SEPARATOR.join(part for part in (title, *("".join(h.split()) for h in headings), label, text) if part)


def content_hash(text: str) -> str:
    """Return 32 hex digits of the sha256 of `text`: equal texts need one embedding."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def vector_id(provision_id: str, digest: str) -> str:
    """Return the id of an article vector: it carries the content hash, so a changed text never reuses a vector."""
    return f"{provision_id}@{digest}"


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """What is embedded of one document: content hash → text, unit id → hash, sentence id → hash, question → hash."""

    texts: Mapping[str, str]
    units: Mapping[str, str]
    sentences: Mapping[str, str]
    asked: Mapping[str, str]


def embedded_texts(parsed: Parsed) -> EmbeddedTexts:
    """Return the texts of a document's units and sentences as every index holds them, by content hash."""
    document = parsed.document
    by_id = {provision.id: provision for provision in parsed.provisions}
    starts: dict[str, int] = {}
    for sentence in parsed.sentences:
        starts.setdefault(sentence.unit, sentence.start)
    texts: dict[str, str] = {}

    def digest_of(headings: tuple[str, ...], label: str, text: str) -> str:
        whole = passage_text(document.title, headings, label, text)
        digest = content_hash(whole)
        texts[digest] = whole
        return digest

    def body(unit: Provision) -> str:
        # The number in front of an article (第一条　) says no more than its label; a part's heading is its subject.
        if unit.kind is not ProvisionKind.ARTICLE:
            return unit.text
        return document.text[starts.get(unit.id, unit.start) : unit.end]

    units = {unit.id: digest_of(unit.headings, unit.label, body(unit)) for unit in by_id.values() if unit.unit}
    sentences = {
        sentence.id: digest_of(by_id[sentence.provision].headings, by_id[sentence.unit].label, sentence.text)
        for sentence in parsed.sentences
    }
    asked = {}
    for _, question in parsed.asked:
        asked[question] = content_hash(question)
        texts[asked[question]] = question
    return EmbeddedTexts(texts, units, sentences, asked)
