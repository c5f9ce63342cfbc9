"""How much of a hostile file is opened before it is refused."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Every limit that is passed refuses the file; nothing is cut short in silence.

    Attributes:
        file_bytes: size of the file as it lies on the disk.
        expanded_bytes: declared size of all entries of an office archive together.
        entries: number of entries of an office archive.
        ratio: expanded size over packed size of one entry above 1 MiB; office XML rarely packs better than 50 to 1.
        depth: nesting of elements in XML and HTML.
        pages: pages of a PDF.
        cells: cells of all sheets of a workbook, the empty ones inside a row included.
    """

    file_bytes: int = 64 * MEBIBYTE
    expanded_bytes: int = 256 * MEBIBYTE
    entries: int = 5_000
    ratio: int = 200
    depth: int = 200
    pages: int = 3_000
    cells: int = 2_000_000


DEFAULT_LIMITS = Limits()
