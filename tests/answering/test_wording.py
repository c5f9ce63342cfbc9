from datetime import date

import pytest

from assistant.answering import spoken as speaking
from assistant.answering import wording
from assistant.answering.segments import escape_markdown
from assistant.retrieval.lookup import Lookup
from assistant.schema import Citation, Force, Reference, Status, Validity, ValidityState, text_of
from assistant.wording import citation_name


def citation(quote: str = "应当保障。", state: ValidityState = ValidityState.IN_FORCE) -> Citation:
    validity = Validity(state, date(2025, 3, 1), None, date(2026, 1, 1))
    return Citation(1, "gd:a1", "甲条例", "第一条", quote, 0, len(quote), (Force.DUTY,), "440000", validity)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert\\(1\\)&lt;/script&gt;"),
        ("[点我](http://x)", "\\[点我\\]\\(http://x\\)"),
        ("![](http://x/1.png)", "\\!\\[\\]\\(http://x/1\\.png\\)"),
        ("# 标题 *强调*", "\\# 标题 \\*强调\\*"),
        ("《条例》第（三）项、“引号”", "《条例》第（三）项、“引号”"),
    ],
)
def test_markup_in_a_document_is_shown_not_obeyed(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (ValidityState.IN_FORCE, "《甲条例》第一条"),
        (ValidityState.UNKNOWN, "《甲条例》第一条"),
        (ValidityState.REPEALED, "《甲条例》（2025年）第一条"),
        (ValidityState.NOT_YET, "《甲条例》（2025年）第一条"),
    ],
)
def test_a_version_out_of_force_carries_its_year(state: ValidityState, label: str) -> None:
    assert citation_name(citation(state=state)) == label


def test_a_long_quote_is_not_cut_in_the_spoken_version() -> None:
    long = citation("应当" * 100 + "。")

    spoken = speaking.spoken(Status.ANSWERED, (long,), ())

    assert "应当应当" not in spoken
    assert "《甲条例》第一条" in spoken


def test_a_short_quote_is_spoken_whole() -> None:
    assert speaking.spoken(Status.ANSWERED, (citation(),), ()) == "您好，根据《甲条例》第一条：应当保障。"


def test_a_number_that_many_documents_have_asks_which() -> None:
    lookup = Lookup(Reference("第十条", 0, 3, ("a10",)), crowd=30)

    assert [text_of(words) for words in wording.absences(lookup, {})] == ["第十条（30份文件都有，请写明是哪一份）"]


@pytest.mark.parametrize(("question", "topic"), [("电费 能降吗？", "电费 能降吗"), ("？？？", "？？？")])
def test_a_topic_is_never_empty(question: str, topic: str) -> None:
    assert text_of(wording.topic(question)) == topic
