"""Tables: one entry a row, under its sheet."""

from bisect import bisect_right

from assistant.parsing.lines import split_lines
from assistant.parsing.tree import Node, Structure
from assistant.schema import Document, ProvisionKind, SourcePoint

MIN_ROWS = 2  # fewer rows with tabs are text with a tab in it


def is_table(document: Document) -> bool:
    """Return whether most lines are tab-separated rows."""
    lines = split_lines(document.text)
    rows = sum("\t" in line.text for line in lines)
    return rows >= MIN_ROWS and 2 * rows >= len(lines)


def parse_table(document: Document) -> Structure:
    """Return one ENTRY for each row, in order, its heading the sheet's name and its number the file's own row number.

    Where the reader names no sheet there is one, without a heading; where it gives no row numbers, lines are counted.
    """
    points = document.source_map
    starts = [point.start for point in points]
    sheets: dict[str, int] = {}
    nodes = []
    for line in split_lines(document.text):
        position = bisect_right(starts, line.start) - 1
        point = points[position] if position >= 0 else SourcePoint(0)
        sheet = sheets.setdefault(point.part, len(sheets) + 1)
        row = point.paragraph if point.paragraph is not None and point.start == line.start else line.number
        named = point.part != "body"
        nodes.append(
            Node(
                kind=ProvisionKind.ENTRY,
                step=f"sheet{sheet}.row{row}",
                piece=f"“{point.part}”第{row}行" if named else f"第{row}行",
                start=line.start,
                end=line.end,
                number=(row, 0),
                headings=(point.part,) if named else (),
                own=[(line.start, line.end)],
                unit=True,
            )
        )
    return Structure(tuple(nodes))
