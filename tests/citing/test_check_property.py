"""Whatever the text, the check ends, its spans are inside the text, and the same text gives the same report."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.citing.check import check_text
from assistant.citing.folding import Folded
from assistant.indexing.index import Index
from assistant.schema import CheckReport, CheckStatus, KnownDocument
from tests.citing.table import TODAY

Corpus = tuple[Path, tuple[KnownDocument, ...]]

# What citations are made of, and what breaks them.
WORDS = [
    "《",
    "》",
    "〈",
    "〉",
    "“",
    "”",
    "「",
    "」",
    '"',
    "（",
    "）",
    "(",
    "[3]",
    "**",
    "<b>",
    ">",
    "第",
    "条",
    "款",
    "项",
    "目",
    "之一",
    "十",
    "二百",
    "９",
    "12",
    "99999999",
    "、",
    "至",
    "—",
    "，",
    "。",
    "；",
    "：",
    "……",
    "广东省促进产业有序转移条例",
    "条例",
    "本办法",
    "该条例",
    "同条",
    "前款",
    "前两款",
    "其",
    "上述规定",
    "以下简称",
    "指导意见",
    "八、",
    "结尾段",
    "工信部联政法",
    "〔2021〕",
    "215号",
    "民法典",
    "规定",
    "应当",
    "不得",
    "可以",
    "县级以上人民政府",
    "鼓励类",
    "第三十条",
    "第一条",
    "第二条",
    "依照",
    "2025年3月1日",
    "（2018年修正）",
    "协调能源供应",
]
PIECES = st.sampled_from([*WORDS, "\u3000", "\n", "\n\n", "\u200b", "\x00", "\ud800"])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))
SETTINGS = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def checked(index: Index, corpus: Corpus, text: str) -> CheckReport:
    return index.read(lambda snapshot: check_text(snapshot, corpus[1], text, today=TODAY))


@SETTINGS
@given(text=TEXTS)
def test_any_text_is_checked_to_its_end(case_index: Index, checked_corpus: Corpus, text: str) -> None:
    report = checked(case_index, checked_corpus, text)

    assert report.text == text
    for finding in report.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.detail
        for quote in finding.quotes:
            assert 0 <= quote.start <= quote.end <= len(text)
        if finding.status is CheckStatus.OK and finding.label:
            assert finding.provision
    assert report == checked(case_index, checked_corpus, text)


@SETTINGS
@given(text=TEXTS)
def test_a_folded_text_leads_back(text: str) -> None:
    folded = Folded.of(text)

    assert len(folded.places) == len(folded.text)
    assert list(folded.places) == sorted(set(folded.places.tolist()))
    for start in range(len(folded.text)):
        low, high = folded.span(start, start + 1)
        assert 0 <= low < high <= len(text)


@SETTINGS
@given(noise=st.lists(st.sampled_from([" ", "\u3000", "\n", "\u200b"]), min_size=24, max_size=24))
def test_white_space_anywhere_changes_nothing(case_index: Index, checked_corpus: Corpus, noise: list[str]) -> None:
    words = "《广东省促进产业有序转移条例》第一百二十条"
    text = "依据" + "".join(a + b for a, b in zip(words, [*noise, ""], strict=False)) + "办理。"

    [finding] = checked(case_index, checked_corpus, text).findings

    assert finding.status is CheckStatus.NO_SUCH_ARTICLE
