"""The one entry to parsing: which structure a document has."""

from dataclasses import replace

from assistant.parsing.policy import parse_policy
from assistant.parsing.statute import has_articles, parse_statute
from assistant.parsing.table import is_table, parse_table
from assistant.parsing.tree import Structure, assemble
from assistant.schema import Document, Kind, Parsed


def parse(document: Document) -> Parsed:
    """Return the provisions, sentences and headings of a document, by the kind that its metadata names.

    Where the text is plainly of another kind, the text wins and a warning says so: a statute without any 第…条 is
    read as a policy document, a policy document whose articles count from 第一条 as a statute. Tab-separated rows
    become entries.
    """
    if document.metadata.kind is not Kind.STATUTE and is_table(document):
        return assemble(document, parse_table(document), Kind.CATALOGUE)
    if document.metadata.kind is Kind.STATUTE:
        structure = parse_statute(document)
        if structure is not None:
            return assemble(document, structure, Kind.STATUTE)
        if is_table(document):
            return _warned(document, parse_table(document), Kind.CATALOGUE, "没有找到以“第…条”开头的行，按表格解析")
        return _warned(
            document, parse_policy(document), Kind.POLICY, "没有找到以“第…条”开头的行，按“一、（一）”结构解析"
        )
    if has_articles(document):
        structure = parse_statute(document)
        if structure is not None:
            return _warned(document, structure, Kind.STATUTE, "正文由“第…条”组成，按法规结构解析")
    return assemble(document, parse_policy(document), Kind.POLICY)


def _warned(document: Document, structure: Structure, kind: Kind, warning: str) -> Parsed:
    return assemble(document, replace(structure, warnings=(warning, *structure.warnings)), kind)
