from datetime import date

import pytest

from assistant.answering import spoken as speaking
from assistant.answering import wording
from assistant.answering.segments import escape_markdown
from assistant.retrieval.lookup import Lookup
from assistant.schema import Citation, Force, Kind, Metadata, Reference, Status, Validity, ValidityState, text_of
from assistant.wording import citation_name

ROW = Metadata("gd", "甲条例", Kind.STATUTE, jurisdiction="440000")


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

    said = text_of(speaking.spoken("？", Status.ANSWERED, (long,), (), {"gd": ROW}))

    assert "应当应当" not in said
    assert said == "您好，您问的事看甲条例第一条，这一条较长，我把原文念给您听。"


def test_a_short_quote_is_spoken_whole() -> None:
    said = text_of(speaking.spoken("？", Status.ANSWERED, (citation(),), (), {"gd": ROW}))

    assert said == "您好，甲条例第一条规定，应当保障。需要的话，我为您登记，转承办单位答复。"


def test_a_number_that_many_documents_have_asks_which() -> None:
    lookup = Lookup(Reference("第十条", 0, 3, ("a10",)), crowd=30)

    assert [text_of(words) for words in wording.absences(lookup, {})] == ["第十条（30份文件都有，请写明是哪一份）"]


@pytest.mark.parametrize(("question", "topic"), [("电费 能降吗？", "电费 能降吗"), ("？？？", "？？？")])
def test_a_topic_is_never_empty(question: str, topic: str) -> None:
    assert text_of(wording.topic(question)) == topic
