"""The gold of the citation measurement, against answers read off the tiny laws by hand."""

from datetime import date

import pytest

from assistant.schema import CheckStatus
from eval.citations.claims import Claim, Mode
from eval.citations.corpus import Corpus, plain, title_form
from eval.citations.gold import Gold, Truth
from tests.eval.citation_world import LAWS, TODAY, law

WATER, RULES, MARKET = "中华人民共和国清水法", "清水法实施条例", "甲市集市管理办法"
REPORT = "取水单位应当在三十日内向水行政主管部门报告取水数量。"
Q, V, P, B = Mode.QUOTE, Mode.VERBATIM, Mode.PARAPHRASE, Mode.BARE
S = CheckStatus


@pytest.fixture(scope="module")
def gold() -> Gold:
    return Gold(Corpus.from_parsed(LAWS), TODAY)


@pytest.mark.parametrize(
    ("claim", "provision", "comment"),
    [
        (Claim(WATER, "a2", B), "water:a2", "it is there"),
        (Claim("清水法", "a2", B), "water:a2", "the state's name may be left out"),
        (Claim("《清水法》", "a12", B), "water:a12", "numbers may have gaps"),
        (Claim(WATER, "a3.i2", B), "water:a3.p1.i2", "the only paragraph is not named"),
        (Claim(WATER, "a3.p1.i2", B), "water:a3.p1.i2", "or is"),
        (Claim(WATER, "a2", Q, REPORT), "water:a2", "the words are there"),
        (Claim(WATER, "a2.p1", Q, "应当在 三十日内向“水行政主管部门”报告"), "water:a2.p1", "white space and marks"),
        (Claim(WATER, "a2", V, REPORT), "water:a2", "without marks"),
        (Claim(WATER, "a2", P, "取水单位应在三十日内向水行政主管部门报告取水数量"), "water:a2", "应 is 应当"),
        (Claim(MARKET, "a2", Q, "免予缴纳各项管理费用"), "new:a2", "the version in force is meant"),
        (Claim(MARKET, "a2", Q, "免予缴纳各项管理费用", year=2020), "new:a2", "by its year"),
    ],
)
def test_true(gold: Gold, claim: Claim, provision: str, comment: str) -> None:
    judged = gold.judge(claim)
    assert (judged.truth, judged.provision) == (Truth.TRUE, provision), comment
    assert not judged.statuses


@pytest.mark.parametrize(
    ("claim", "statuses", "comment"),
    [
        (Claim(WATER, "a5", B), {S.NO_SUCH_ARTICLE}, "a number in the gap"),
        (Claim(WATER, "a2-1", B), {S.NO_SUCH_ARTICLE}, "no 之一"),
        (Claim(WATER, "a2.p3", B), {S.NO_SUCH_PARAGRAPH}, "two paragraphs"),
        (Claim(WATER, "a3.i3", B), {S.NO_SUCH_ITEM}, "two items"),
        (Claim(WATER, "a2.i1", B), {S.NO_SUCH_ITEM}, "no items at all"),
        (Claim("清水办法", "a1", B), {S.TITLE_MISMATCH, S.NOT_IN_CORPUS}, "too far from any title"),
        (Claim("清水管理法实施条例", "a1", B), {S.TITLE_MISMATCH}, "one word off"),
        (Claim("清水法实施办法", "a1", B), {S.TITLE_MISMATCH, S.NOT_IN_CORPUS}, "another class may well exist"),
        (Claim("广东省节水条例", "a1", B), {S.TITLE_MISMATCH, S.NOT_IN_CORPUS}, "another place's may well exist"),
        (Claim(MARKET, "a2", B, year=2010), {S.REPEALED, S.NOT_IN_FORCE}, "the version of 2010"),
        (Claim(MARKET, "a9", B, year=2010), {S.REPEALED, S.NOT_IN_FORCE, S.NO_SUCH_ARTICLE}, "which has no article 9"),
        (
            Claim(MARKET, "a2", Q, "应当缴纳每月一百元的管理费用"),
            {S.QUOTE_ELSEWHERE, S.QUOTE_ALTERED, S.REPEALED, S.NOT_IN_FORCE},
            "words of the old version",
        ),
        (Claim(WATER, "a2", Q, REPORT.replace("三十", "二十")), {S.QUOTE_ALTERED}, "an amount"),
        (Claim(WATER, "a2.p2", Q, REPORT), {S.QUOTE_ELSEWHERE}, "it stands in the first paragraph"),
        (Claim(WATER, "a12", V, REPORT), {S.QUOTE_ELSEWHERE}, "so it does without marks"),
        (Claim(RULES, "a2", Q, REPORT), {S.QUOTE_ELSEWHERE}, "it stands in the law"),
        (Claim(WATER, "a2", P, REPORT.replace("应当", "可以")), {S.QUOTE_ALTERED}, "a duty for a power"),
        (Claim(WATER, "a12", V, "取水单位经批准擅自取水的，责令停止取水"), {S.QUOTE_ALTERED}, "未 is dropped"),
        (Claim(WATER, "a2", P, REPORT.replace("三十", "六十")), {S.QUOTE_ALTERED}, "an amount, without marks"),
    ],
)
def test_wrong(gold: Gold, claim: Claim, statuses: set[CheckStatus], comment: str) -> None:
    judged = gold.judge(claim)
    assert judged.truth is Truth.WRONG, comment
    assert judged.statuses == statuses, comment


def test_where_the_words_stand_instead(gold: Gold) -> None:
    assert gold.judge(Claim(WATER, "a12", Q, REPORT)).places == ("water:a2", "water:a2.p1")


def test_a_paraphrase_in_other_words_is_not_decided(gold: Gold) -> None:
    assert gold.judge(Claim(WATER, "a2", P, "取水单位要及时上报")).truth is Truth.UNCLEAR


def test_a_repeated_number_is_not_decided() -> None:
    twice = law("twice", "乙法", "第一条　甲。\n第二条　乙。\n第二条　丙。\n第三条　丁。\n")
    assert Gold(Corpus.from_parsed([twice]), TODAY).judge(Claim("乙法", "a2", B)).truth is Truth.UNCLEAR


def test_versions_without_dates_are_not_decided() -> None:
    versions = [law(name, "丙法", "第一条　甲。\n", work="w") for name in ("one", "two")]
    assert Gold(Corpus.from_parsed(versions), TODAY).judge(Claim("丙法", "a1", B)).why == "several_versions"


def test_the_date_decides_the_version() -> None:
    then = Gold(Corpus.from_parsed(LAWS), date(2015, 1, 1))
    assert then.judge(Claim(MARKET, "a2", B)).provision == "old:a2"
    assert then.judge(Claim(MARKET, "a2", B, year=2020)).truth is Truth.WRONG


def test_an_article_of_one_paragraph_and_the_paragraph_are_twins(gold: Gold) -> None:
    assert gold.twins("water:a4") == {"water:a4", "water:a4.p1"}
    assert gold.twins("water:a2") == {"water:a2"}


def test_texts_and_titles_are_compared_as_readers_do() -> None:
    assert plain("３０日内（含）") == plain("30日内(含)")
    assert title_form("河南省实施〈中华人民共和国水法〉办法") == title_form("河南省实施《水法》办法")
    assert title_form("清水法") != title_form("清水法实施条例")
