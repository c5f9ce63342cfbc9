"""Scores of the citation measurement, with findings written by hand, and the whole with a checker that knows all."""

from datetime import date

import pytest

from assistant.schema import CheckReport, CheckStatus, Content, QuoteCheck
from eval.citations.claims import Case, Claim, Mark, Mode
from eval.citations.corpus import Corpus
from eval.citations.corrupt import KINDS
from eval.citations.generate import TRUE, Generator
from eval.citations.measure import bars, changed, draw_cases, measure
from eval.citations.report import markdown
from eval.citations.round_trip import check, kind_of, printed, printed_label, run
from eval.citations.score import Outcome, score_right, score_wrong
from eval.citations.truths import World
from eval.citations.writing import chinese
from tests.eval.citation_world import TODAY, finding, law, oracle, report, world

S = CheckStatus
EACH = 5  # corrupted citations of each kind that the tiny corpus allows
WORDS = "取水单位应当在三十日内向水行政主管部门报告取水数量。"


@pytest.fixture(scope="module")
def made() -> World:
    return world()


def case(text: str, *claims: tuple[Claim, str, str, bool]) -> Case:
    """Return a case whose citations stand where their texts do: (claim, citation, label in it, corrupted)."""
    marks = []
    for claim, cited, label, corrupted in claims:
        start = text.index(cited)
        at = text.index(claim.words, 0) if claim.words else 0
        words = (at, at + len(claim.words)) if claim.words else (0, 0)
        marks.append(Mark(claim, start, start + cited.index(label), start + len(cited), *words, corrupted))
    truth = Claim("中华人民共和国清水法", "a2", Mode.QUOTE, WORDS)
    wrong = any(mark.corrupted for mark in marks)
    kind = "number" if wrong else TRUE
    return Case(f"{kind}:1", kind, text, TODAY, tuple(marks), source="water:a2", truth=truth if wrong else None)


WRONG = "《清水法》第四条规定：“" + WORDS + "”"
ONE = case(WRONG, (Claim("清水法", "a4", Mode.QUOTE, WORDS), "《清水法》第四条", "第四条", True))


@pytest.mark.parametrize(
    ("findings", "outcome", "strict", "comment"),
    [
        ([], Outcome.NOT_FOUND, False, "nothing found"),
        ([finding(WRONG, "《清水法》第四条")], Outcome.PASSED, False, "called right"),
        ([finding(WRONG, "《清水法》第四条", content=Content.UNCHECKED)], Outcome.OPEN, False, "left open"),
        ([finding(WRONG, "《清水法》第四条", S.QUOTE_ELSEWHERE)], Outcome.DETECTED, True, "as a lawyer says it"),
        ([finding(WRONG, "《清水法》第四条", S.AMBIGUOUS)], Outcome.DETECTED, False, "not ok, and not why"),
        ([finding(WRONG, "第四条", content=Content.CONTRADICTED)], Outcome.DETECTED, False, "contradicted"),
        ([finding(WRONG, "取水数量", S.NO_SUCH_ARTICLE)], Outcome.NOT_FOUND, False, "an alarm somewhere else"),
    ],
)
def test_detection(made: World, findings: list, outcome: Outcome, strict: bool, comment: str) -> None:
    scored = score_wrong(made, ONE, report(WRONG, *findings))
    assert (scored.outcome, scored.strict) == (outcome, strict), comment


@pytest.mark.parametrize(
    ("expected", "suggestion", "comment"),
    [
        ("", "", "none"),
        ("第二条", "right", "the label"),
        ("《中华人民共和国清水法》第二条第一款", "right", "in full, and more exact"),
        ("《清水法》第二条", "right", "the title in short"),
        ("第十二条", "wrong", "another article"),
        ("《清水法实施条例》第二条", "wrong", "another document"),
    ],
)
def test_suggestions(made: World, expected: str, suggestion: str, comment: str) -> None:
    found = finding(WRONG, "《清水法》第四条", S.QUOTE_ELSEWHERE, expected=expected)
    assert score_wrong(made, ONE, report(WRONG, found)).suggestion == suggestion, comment


def test_suggested_words_are_those_before_they_were_altered(made: World) -> None:
    altered = WORDS.replace("报告", "报吿")
    text = f"《清水法》第二条规定：“{altered}”"
    one = case(text, (Claim("清水法", "a2", Mode.QUOTE, altered), "《清水法》第二条", "第二条", True))
    for expected, suggestion in ((WORDS, "right"), (WORDS[2:-2], "right"), (altered, "wrong")):
        found = finding(text, "《清水法》第二条", S.QUOTE_ALTERED, expected=expected)
        assert score_wrong(made, one, report(text, found)).suggestion == suggestion, expected


LIST = "依据《清水法》第四条、第五条，制定本方案。"
FOUR, FIVE = Claim("清水法", "a4", Mode.BARE), Claim("清水法", "a5", Mode.BARE)


def test_in_a_list_each_citation_has_its_own_finding(made: World) -> None:
    listed = case(LIST, (FOUR, "《清水法》第四条", "第四条", False), (FIVE, "第五条", "第五条", True))
    first = finding(LIST, "《清水法》第四条", provision="water:a4.p1")
    right = report(LIST, first, finding(LIST, "第五条", S.NO_SUCH_ARTICLE))
    assert score_wrong(made, listed, right).outcome is Outcome.DETECTED
    [beside] = score_right(made, listed, right)
    assert beside.found and beside.placed and beside.settled and not beside.alarms
    swapped = report(LIST, finding(LIST, "《清水法》第四条", S.NO_SUCH_ARTICLE), finding(LIST, "第五条"))
    assert score_wrong(made, listed, swapped).outcome is Outcome.PASSED
    assert score_right(made, listed, swapped)[0].alarms == ("no_such_article",)


def test_a_stray_finding_counts_against_the_nearest_citation(made: World) -> None:
    text = "依据《清水法》第四条办理，另见《无名文件》。"
    one = case(text, (FOUR, "《清水法》第四条", "第四条", False))
    found = report(text, finding(text, "《清水法》第四条"), finding(text, "《无名文件》", S.NOT_IN_CORPUS))
    assert score_right(made, one, found)[0].alarms == ("not_in_corpus",)


NESTED = "《丁法》第一条规定：“违反《戊法》第九条、《清水法》第九条和前款的，依照清水法第四条第三款、第四款处理。”"


@pytest.mark.parametrize(
    ("part", "status", "alarm", "comment"),
    [
        ("《戊法》第九条", S.NOT_IN_CORPUS, False, "it is not held"),
        ("《戊法》第九条", S.NO_SUCH_ARTICLE, True, "nobody can know that"),
        ("《清水法》第九条", S.NO_SUCH_ARTICLE, False, "there is no article 9"),
        ("清水法第四条", S.NO_SUCH_ARTICLE, True, "there is one of 4"),
        ("清水法第四条第三款", S.NO_SUCH_PARAGRAPH, False, "which has one paragraph"),
        ("第四款", S.NO_SUCH_PARAGRAPH, True, "on its own it says nothing"),
        ("前款", S.UNRESOLVED_REFERENCE, True, "the quote's own words"),
    ],
)
def test_citations_inside_a_quote(made: World, part: str, status: CheckStatus, alarm: bool, comment: str) -> None:
    words = NESTED[NESTED.index("违反") : -1]
    one = case(NESTED, (Claim("清水法", "a4", Mode.QUOTE, words), "《丁法》第一条", "第一条", False))
    [row] = score_right(made, one, report(NESTED, finding(NESTED, "《丁法》第一条"), finding(NESTED, part, status)))
    assert bool(row.alarms) is alarm, comment
    assert bool(row.excused) is not alarm


def test_what_follows_in_a_list_inside_a_quote_goes_with_what_it_follows(made: World) -> None:
    words = NESTED[NESTED.index("违反") : -1]
    one = case(NESTED, (Claim("清水法", "a4", Mode.QUOTE, words), "《丁法》第一条", "第一条", False))
    listed = [finding(NESTED, part, S.NO_SUCH_PARAGRAPH) for part in ("清水法第四条第三款", "第四款")]
    [row] = score_right(made, one, report(NESTED, finding(NESTED, "《丁法》第一条"), *listed))
    assert not row.alarms and len(row.excused) == 2


def test_a_true_citation_that_leads_elsewhere_or_is_left_open(made: World) -> None:
    text = "依据《清水法》第四条办理。"
    one = case(text, (FOUR, "《清水法》第四条", "第四条", False))
    quote = QuoteCheck("", 0, 0, True)
    found = finding(text, "第四条", provision="rules:a4", content=Content.UNCHECKED, quotes=(quote,))
    [row] = score_right(made, one, report(text, found))
    assert (row.found, row.placed, row.settled, row.alarms) == (True, False, False, ())


def figures(made: World, seed: int, slips=lambda case: False, kinds: tuple[str, ...] = tuple(KINDS)) -> dict:
    generator = Generator(made, seed)
    cases = {c.text: c for kind in (*kinds, TRUE) for c in draw_cases(generator, kind, 60).cases}
    return measure(generator, oracle(made, cases, slips), kinds, EACH, 40, lambda line: None)


def test_a_checker_that_knows_all_reaches_every_bar(made: World) -> None:
    found = figures(made, 1)
    assert all(row["n"] == EACH for row in found["kinds"].values())
    assert found["all"]["detected"]["hits"] == found["all"]["strict"]["hits"] == 10 * EACH
    assert found["true"]["n"] >= 40 and found["true"]["placed"]["value"] == 1.0
    assert all(bars(found).values())


def test_a_checker_that_slips_on_a_kind_misses_the_bars_and_is_told_which_texts(made: World) -> None:
    kinds = ("number", "force")
    before = figures(made, 1, lambda case: case.kind == "force", kinds)
    assert before["kinds"]["force"]["detected"]["hits"] == 0
    assert before["kinds"]["number"]["detected"]["hits"] == EACH
    assert len(before["kinds"]["force"]["failures"]) == EACH
    assert list(bars(before).values()) == [False, False, True]
    after = figures(made, 1, kinds=kinds)
    moved = changed(after, before)
    assert len(moved["force"]["won"]) == EACH and moved["number"] == {"won": [], "lost": []}
    assert changed(figures(made, 2, kinds=kinds), before) == {}, "other texts cannot be compared"


def test_the_report_shows_no_words_of_the_laws(made: World) -> None:
    found = figures(made, 1, lambda case: True)
    text = markdown(
        {
            "command": "python -m eval.citations", "date": "2026", "commit": "", "seconds": 1, "seed": 1,
            "machine": {"cores": 2}, "corpus": "sha256:0", "documents": 6, "as_of": "2026-11-22",
            "bars": bars(found), "changes": None, "figures": found,
        }
    )  # fmt: skip
    assert f"| **全部** | {10 * EACH} |" in text and "number:" in text
    for words in ("水行政主管部门", "消防车通道", "节水器具", "管理费用"):
        assert words not in text


def test_an_exception_is_an_error_and_no_detection(made: World) -> None:
    def broken(texts, as_of):
        return [ValueError("x") for _ in texts]

    found = measure(Generator(made, 1), broken, ("number",), 5, 5, lambda line: None)
    assert found["kinds"]["number"]["outcomes"]["error"] == 5
    assert found["true"]["errors"] and not any(bars(found).values())


def test_every_label_comes_back_or_says_why_not(made: World) -> None:
    corpus = made.corpus
    by_label = {label.label: label for label in printed(corpus, printed_label(corpus, TODAY), TODAY, sample=False)}
    assert by_label["《中华人民共和国清水法》第四条"].ids == ("water:a4", "water:a4.p1")
    assert "《甲市集市管理办法》（2010年）第二条" in by_label and "《甲市集市管理办法》第二条" in by_label

    def perfect(texts: list[str], as_of: date) -> list[CheckReport]:
        [text] = texts
        found = []
        for line in text.split("\n\n"):
            label = line.removeprefix("本单位依据").removesuffix("办理。")
            start = text.index(line) + len("本单位依据")
            one = finding(label, label, provision=by_label[label].ids[-1])
            found.append(type(one)(label, start, start + len(label), one.status, "", provision=one.provision))
        return [report(text, *found)]

    whole = run(corpus, perfect, printed_label(corpus, TODAY), TODAY, False, lambda line: None)
    assert whole["labels"] == len(by_label) and whole["same"]["value"] == 1.0
    two = [by_label["《中华人民共和国清水法》第四条"], by_label["《中华人民共和国清水法》第一条"]]

    def lazy(texts: list[str], as_of: date) -> list[CheckReport]:
        return [report(texts[0], finding(texts[0], "《中华人民共和国清水法》第四条", provision="rules:a4"))]

    assert check(two, lazy, TODAY) == ["elsewhere ok", "not_found"]


def test_labels_that_two_provisions_or_documents_print_alike_are_counted_apart() -> None:
    twice = law("twice", "乙法", "第一条　甲。\n第二条　乙。\n第二条　丙。\n第三条　丁。\n")
    versions = [law(name, "丙法", "第一条　甲。\n", work="w") for name in ("one", "two")]
    corpus = Corpus.from_parsed([twice, *versions])
    kinds = {one.label: kind_of(corpus, one) for one in printed(corpus, printed_label(corpus, TODAY), TODAY, False)}
    assert kinds == {
        "《乙法》第一条": "article",
        "《乙法》第二条": "repeated",
        "《乙法》第三条": "article",
        "《丙法》第一条": "shared title",
    }


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (19, "十九"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (1260, "一千二百六十")],
)
def test_numbers_in_chinese(number: int, written: str) -> None:
    assert chinese(number) == written
