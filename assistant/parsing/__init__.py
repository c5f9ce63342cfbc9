"""Document → provisions: numerals, statutes (编章节条款项目), policy documents (一、（一）1.), sentences and their
force.

`parse` is the entry; `assistant.parsing.ids` gives the grammar of ids, `find_references` reads how people name a
provision.
"""

from assistant.parsing.citations import find_links
from assistant.parsing.force import classify, force_words
from assistant.parsing.ids import Step, article_path, full_id, parent_path, parse_path, sentence_id, split_id
from assistant.parsing.labels import render_label
from assistant.parsing.numerals import parse_numeral, render_numeral
from assistant.parsing.references import Mention, find_references
from assistant.parsing.sentences import split_sentences
from assistant.parsing.structure import parse

__all__ = [
    "Mention",
    "Step",
    "article_path",
    "classify",
    "find_links",
    "find_references",
    "force_words",
    "full_id",
    "parent_path",
    "parse",
    "parse_numeral",
    "parse_path",
    "render_label",
    "render_numeral",
    "sentence_id",
    "split_id",
    "split_sentences",
]
