import json

from assistant.citing.wire import check_json
from tests.citing.reports import QUOTE, REGULATION, TEXT, mixed_report, passing_report, report


def test_a_check_that_passes_to_the_letter() -> None:
    assert check_json(passing_report()) == {
        "verdict": "pass",
        "findings": [
            {
                "text": f"{REGULATION}第十条",
                "start": 2,
                "end": 20,
                "provision": "gd-transfer-2025:a10",
                "label": "",
                "status": "ok",
                "detail": "",
                "expected": "",
                "content": "none",
                "candidates": [],
                "quotes": [],
            }
        ],
        "counts": {"ok": 1},
        "coverage": {"found": 1, "checked": 1},
        "as_of": "2026-11-22",
        "as_of_from": "today",
        "searched": 2,
        "corpus": "sha256:ab",
        "seconds": 0.034,
    }


def test_values_are_plain_and_counts_sorted() -> None:
    value = check_json(mixed_report())
    assert json.loads(json.dumps(value, ensure_ascii=False)) == value
    assert all(type(one) is str for one in [value["verdict"], *value["counts"]])
    assert list(value["counts"].items()) == [
        ("ambiguous", 1),
        ("no_such_article", 1),
        ("not_in_corpus", 1),
        ("ok", 1),
        ("quote_altered", 1),
        ("unresolved_reference", 1),
    ]
    assert value["verdict"] == "fail"
    # Settled are the altered quote and the article that does not exist; a paraphrase is not checked to the end.
    assert value["coverage"] == {"found": 6, "checked": 2}
    assert value["findings"][3]["candidates"] == ["《甲办法》", "《乙办法》"]
    assert value["findings"][0]["quotes"] == [
        {
            "text": QUOTE,
            "start": TEXT.index(QUOTE),
            "end": TEXT.index(QUOTE) + len(QUOTE),
            "exact": False,
            "edits": [
                {"kind": "same", "text": "采取减少供应层级等措施"},
                {"kind": "added", "text": "可以"},
                {"kind": "same", "text": "降低企业用电、"},
                {"kind": "dropped", "text": "用水、"},
                {"kind": "same", "text": "用气成本"},
            ],
            "found_in": [],
        }
    ]


def test_a_text_without_citations_does_not_pass() -> None:
    value = check_json(report("没有引用"))
    assert (value["verdict"], value["counts"], value["coverage"]) == (
        "nothing_to_check",
        {},
        {"found": 0, "checked": 0},
    )
