"""What is embedded and indexed for a provision, and the hash that says whether it changed."""

import hashlib
from collections.abc import Sequence

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
