"""Small steps through WordprocessingML, whichever of its two namespaces (transitional, strict) a file uses."""

from collections.abc import Iterator

from lxml import etree

WORD = frozenset(
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
)
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = frozenset(
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    )
)


def name(element: etree._Element) -> str:
    """Return the local name of a Word element, "mc:…" or "m:…" for compatibility and mathematics, "" for all others."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.removeprefix("{").rpartition("}")
    if namespace in WORD:
        return local
    if namespace == COMPATIBILITY:
        return f"mc:{local}"
    return f"m:{local}" if namespace in MATH else ""


def children(element: etree._Element | None, local: str) -> Iterator[etree._Element]:
    """Yield the Word children of this name; none of None."""
    if element is not None:
        yield from (found for found in element if name(found) == local)


def child(element: etree._Element | None, local: str) -> etree._Element | None:
    """Return the first Word child of this name, or None."""
    return next(children(element, local), None)


def attribute(element: etree._Element | None, local: str) -> str:
    """Return a Word attribute, "" when it is absent."""
    if element is not None:
        for namespace in WORD:
            value = element.get(f"{{{namespace}}}{local}")
            if value is not None:
                return str(value)
    return ""


def integer(value: str, default: int) -> int:
    """Return a whole number as Word writes it, `default` for anything else."""
    try:
        return max(-1_000_000, min(1_000_000, int(value)))
    except ValueError:
        return default


def switched_on(element: etree._Element | None) -> bool:
    """Return whether a toggle such as w:vanish is on: present and not set to a false value."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")
