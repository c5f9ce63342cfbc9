"""Numbers as they are said on the telephone: 2025年3月1日 → 二〇二五年三月一日."""


def as_spoken(text: str) -> str:
    """Return a text with its Arabic numerals written as they are said."""
    return text
