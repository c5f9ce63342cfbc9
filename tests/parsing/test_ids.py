import pytest

from assistant.parsing.ids import Step, article_path, full_id, parent_path, parse_path, sentence_id, split_id


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a10.p2.i3.k1", [Step("a", 10), Step("p", 2), Step("i", 3), Step("k", 1)]),
        ("a120-1", [Step("a", 120, 1)]),
        ("a5~2.p1", [Step("a", 5, 0, 2), Step("p", 1)]),
        ("n8.h2.t3.u4.p1", [Step("n", 8), Step("h", 2), Step("t", 3), Step("u", 4), Step("p", 1)]),
        ("closing", [Step("closing", 1)]),
        ("closing2", [Step("closing", 2)]),
        ("preamble.p7", [Step("preamble", 1), Step("p", 7)]),
        ("annex1", [Step("annex", 1)]),
        ("sheet2.row15", [Step("sheet", 2), Step("row", 15)]),
        ("a29.p2.s1", [Step("a", 29), Step("p", 2), Step("s", 1)]),
    ],
)
def test_paths_are_read(path, steps):
    assert parse_path(path) == tuple(steps)


@pytest.mark.parametrize("path", ["", "a", "10", "x3", "a10.", ".a10", "a-1", "a10.q2", "annex", "a10 .p1", "a１０x"])
def test_what_is_no_path_is_refused_by_name(path):
    with pytest.raises(ValueError, match="不是条文编号的一段"):
        parse_path(path)


def test_ids_are_joined_and_split():
    assert full_id("gd-transfer-2025", "a10.p2") == "gd-transfer-2025:a10.p2"
    assert split_id("gd-transfer-2025:a10.p2") == ("gd-transfer-2025", "a10.p2")
    assert sentence_id("gd-transfer-2025:a29.p2", 1) == "gd-transfer-2025:a29.p2.s1"
    assert parent_path("a10.p2.i3") == "a10.p2"
    assert parent_path("closing") is None
    assert article_path(120, 1) == "a120-1"


@pytest.mark.parametrize("text", ["gd-transfer-2025", ":a1", "gd-transfer-2025:"])
def test_an_id_without_document_or_path_is_refused(text):
    with pytest.raises(ValueError, match="不是条文编号"):
        split_id(text)
