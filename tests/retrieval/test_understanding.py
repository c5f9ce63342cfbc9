"""Which document a named provision belongs to, and what is left to search for."""

from datetime import date

import pytest

from assistant.retrieval.names import NameTable
from assistant.retrieval.understanding import Wish, understand
from assistant.schema import Kind, KnownDocument, Metadata

HELD = {
    "gd": Metadata(id="gd", title="广东省促进产业有序转移条例", kind=Kind.STATUTE),
    "mfg": Metadata(id="mfg", title="关于促进制造业有序转移的指导意见", kind=Kind.POLICY),
}
TABLE = NameTable(HELD, [KnownDocument(title="中华人民共和国民法典", aliases=("民法典",))])


def ask(question: str):
    return understand(question, TABLE, Wish(as_of=date(2026, 11, 22)))


@pytest.mark.parametrize(
    ("question", "expected", "comment"),
    [
        ("条例第二十九条第二款怎么说", [("a29.p2", ("gd",), "")], "right after the name"),
        ("指导意见的第七部分", [("n7", ("mfg",), "")], "的 between"),
        ("第三十条讲什么", [("a30", (), "")], "no document named: any that has it"),
        ("条例里我想看第三十条", [("a30", ("gd",), "")], "the only document named"),
        ("条例第八条、第十条分别讲什么", [("a8", ("gd",), ""), ("a10", ("gd",), "")], "a list"),
        ("条例第八条和指导意见第七部分", [("a8", ("gd",), ""), ("n7", ("mfg",), "")], "each its own"),
        ("民法典第五百条", [("a500", (), "中华人民共和国民法典")], "known, not held"),
        ("企业用电成本能降吗", [], "no reference"),
    ],
)
def test_references(question: str, expected: list[tuple[str, tuple[str, ...], str]], comment: str) -> None:
    found = [(reference.paths[0], reference.doc_ids, reference.unheld) for reference in ask(question).references]
    assert found == expected, comment


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("请问条例对电费怎么说？", "对电费怎么说？"),
        ("您好，我想咨询一下搬厂的事", "搬厂的事"),
        ("条例", "条例"),
        ("民法典怎么规定违约金", "民法典怎么规定违约金"),
    ],
)
def test_what_is_searched(question: str, searched: str) -> None:
    assert ask(question).search_text == searched
