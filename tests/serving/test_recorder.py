"""What is recorded of answers, checks and edits, and what never reaches the file."""

import json
import logging
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.segments import escape_markdown
from assistant.answering.wording import topic as topic_words
from assistant.errors import AuditError
from assistant.schema import CheckStatus, Kind, Level, Role, Validity, ValidityState, text_of
from assistant.serving.audit import Recorder
from assistant.serving.audit_store import AuditStore
from assistant.serving.audit_verify import verify
from assistant.serving.masking import BANK_CARD, CREDIT_CODE, EMAIL, ID_CARD, LANDLINE, MOBILE
from assistant.settings import Settings
from tests.serving.examples import HELD, IN_FORCE, PRIVATE, QUOTE, TODAY, all_bytes, answer, citation, report


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    return AuditStore(tmp_path / "audit.db")


@pytest.fixture
def recorder(store: AuditStore) -> Recorder:
    return Recorder(store)


def test_nothing_is_recorded_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recorder = Recorder.from_settings(Settings())

    assert not recorder.on
    assert recorder.record_answer(answer()) is None
    assert recorder.record_check(report("《条例》第三十条")) is None
    assert recorder.record_edit(None, "改") is None
    assert recorder.head() is None
    recorder.close()
    assert list(tmp_path.iterdir()) == []


def test_the_setting_switches_it_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJU_AUDIT", str(tmp_path / "audit.db"))
    recorder = Recorder.from_settings(Settings())

    assert recorder.on
    assert recorder.record_answer(answer()) == 1
    head = recorder.head()
    assert head is not None and head.count == 1


def test_an_answer_is_recorded_with_its_grounds(recorder: Recorder, store: AuditStore) -> None:
    number = recorder.record_answer(
        answer("电费能降吗", citation()),
        operator="张三",
        role=Role.HOTLINE,
        region="佛山南海",
        kinds=(Kind.STATUTE,),
        levels=(Level.LOCAL_REGULATION,),
        all_versions=True,
    )
    assert number == 1
    record = store.get(number)

    assert (record.kind, record.operator, record.engine) == ("answer", "张三", "extractive")
    assert (record.text, record.corpus) == ("电费能降吗", "sha256:" + "a" * 64)
    assert json.loads(record.asked) == {
        "as_of": "2026-11-22",  # what the citation was judged on
        "region": "440605",
        "role": "hotline",
        "kinds": ["statute"],
        "levels": ["local_regulation"],
        "all_versions": True,
    }
    assert json.loads(record.provisions) == [
        {
            "provision": "gd-transfer-2025:a30",
            "document": "广东省促进产业有序转移条例",
            "label": "第三十条",
            "jurisdiction": "440000",
            "state": "in_force",
            "from": "2025-03-01",
            "to": None,
            "as_of": "2026-11-22",
        }
    ]
    payload = record.payload
    assert payload["status"] == "answered"
    assert payload["citations"][0]["quote"] == QUOTE
    assert payload["answer"] == f"《广东省促进产业有序转移条例》第三十条：“{QUOTE}”[1]"  # as it is read
    assert "question" not in payload


@pytest.mark.parametrize(
    ("question", "given", "judged_on"),
    [
        ("电费能降吗", date(2025, 6, 1), "2025-06-01"),
        ("我2024年10月就搬完了，有补贴吗", None, "2024-10-31"),
        ("有补贴吗", None, date.today().isoformat()),
    ],
)
def test_the_date_an_abstention_was_judged_on(
    recorder: Recorder, store: AuditStore, question: str, given: date | None, judged_on: str
) -> None:
    number = recorder.record_answer(answer(question, missing=(question,)), as_of=given)
    assert number is not None
    assert json.loads(store.get(number).asked)["as_of"] == judged_on


def test_a_check_is_recorded_with_spans_into_the_masked_text(recorder: Recorder, store: AuditStore) -> None:
    text = f"来电{PRIVATE['mobile']}说“政府应当降低企业用电成本”，见《条例》第三十条，经办{PRIVATE['identity']}。"
    found = report(text, quoted="政府应当降低企业用电成本", status=CheckStatus.QUOTE_ALTERED)
    number = recorder.record_check(found, operator="李四", region="广东", documents=[HELD])
    assert number is not None
    record = store.get(number)

    assert record.text == f"来电{MOBILE}说“政府应当降低企业用电成本”，见《条例》第三十条，经办{ID_CARD}。"
    [finding] = record.payload["findings"]
    assert record.text[finding["start"] : finding["end"]] == finding["text"] == "《条例》第三十条"
    [quote] = finding["quotes"]
    assert record.text[quote["start"] : quote["end"]] == quote["text"] == "政府应当降低企业用电成本"
    assert [edit["text"] for edit in quote["edits"]] == ["政府应当", "降低企业用电成本"]
    assert record.payload["verdict"] == "fail"
    assert record.payload["coverage"] == {"found": 1, "checked": 1}
    assert json.loads(record.asked) == {"as_of": "2026-11-22", "region": "440000", "role": ""}
    [version] = json.loads(record.provisions)
    assert (version["document"], version["from"], version["status"]) == (
        HELD.metadata.title,
        "2025-03-01",
        "quote_altered",
    )


def test_a_check_without_the_documents_knows_a_version_by_its_id(recorder: Recorder, store: AuditStore) -> None:
    recorder.record_check(report("《条例》第三十条"))
    [version] = json.loads(store.get(1).provisions)
    assert version == {
        "provision": "gd-transfer-2025:a30",
        "label": "《广东省促进产业有序转移条例》第三十条",
        "status": "ok",
    }


def test_an_edit_points_at_its_record(recorder: Recorder, store: AuditStore) -> None:
    number = recorder.record_answer(answer())
    edit = recorder.record_edit(number, "您好，请看第三十条，或拨13800138000", operator="张三")

    assert edit == 2
    record = store.get(2)
    assert (record.kind, record.target, record.operator) == ("edit", 1, "张三")
    assert record.text == f"您好，请看第三十条，或拨{MOBILE}"
    with pytest.raises(AuditError, match="第 2 条不是回答或核对"):
        recorder.record_edit(edit, "再改")
    with pytest.raises(AuditError, match="是空的"):
        recorder.record_edit(number, " \n")
    with pytest.raises(AuditError, match="20,001 个字"):
        recorder.record_edit(number, "字" * 20_001)


def topic(question: str) -> str:
    """Return a question as an answer names it when nothing speaks to it."""
    return text_of(topic_words(question))


def forms_of(value: str) -> list[bytes]:
    """Return how a private value might stand in a file: as typed, squeezed, escaped, and its groups of digits."""
    groups = "".join(char if char.isalnum() else " " for char in value).split()
    forms = {value, "".join(groups), escape_markdown(value), *(group for group in groups if len(group) >= 4)}
    return [form.encode() for form in forms - {"example"}]


def written(store: AuditStore) -> bytes:
    """Return all bytes on the disk but hashes and salts, in which any four digits may stand."""
    return re.sub(rb"[0-9a-f]{32,}", b"", all_bytes(store.path))


@pytest.mark.parametrize("kind", sorted(PRIVATE))
def test_no_personal_data_reaches_the_file(
    recorder: Recorder, store: AuditStore, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    value = PRIVATE[kind]
    caplog.set_level(logging.DEBUG)
    question = f"我是{value}，电费能不能降一点呢，请问"
    quote = f"{QUOTE}联系{value}。"
    said = replace(
        answer(question, citation(quote), missing=(topic(question), f"{value}的补贴"), spoken=f"您好，{value}"),
        nearest=(),
    )
    recorder.record_answer(said, operator=f"张三{value}", region="广东")
    recorder.record_answer(answer(question, missing=(topic(question),), spoken=f"没有找到：{topic(question)}"))
    text = f"依据《条例》第三十条，“{quote}”，来电{value}。"
    recorder.record_check(report(text, quoted=quote), operator=value)
    recorder.record_check(report(f"《条例》第三十条{value}", cited=f"《条例》第三十条{value}"))
    number = recorder.record_edit(None, value)
    assert number is None
    recorder.record_edit(store.get(1).number, f"请打{value}")  # type: ignore[arg-type]
    store.redact(2, "理由")

    for part in forms_of(value):
        assert part not in written(store), part
    store.close()  # the log is folded into the file
    for part in forms_of(value):
        assert part not in written(store), part
    assert value not in caplog.text
    assert caplog.text == ""
    assert verify(store.records()).whole


@pytest.mark.parametrize("cut", range(22, 41))
def test_a_number_that_was_cut_off_leaves_no_half(recorder: Recorder, store: AuditStore, cut: int) -> None:
    # A topic is cut after 40 characters: the number begins ever later in it.
    question = "字" * cut + "138 0013 8000" + "请问有没有补贴" * 4
    named = topic(question)
    assert "138" in named or cut > 37
    recorder.record_answer(answer(question, missing=(named,), spoken=f"没有：{named}。"))

    assert b"138" not in written(store)
    assert b"0013" not in written(store)


def test_what_only_the_question_gives_away_is_masked_wherever_it_is_repeated(
    recorder: Recorder, store: AuditStore
) -> None:
    question = "我家电话：83133283，电费能降吗"  # eight digits are a phone number because the word says so
    recorder.record_answer(answer(question, missing=("83133283的电费",), spoken="您好，83133283"))

    assert b"83133283" not in written(store)
    assert store.get(1).payload["missing"] == [f"{LANDLINE}的电费"]


def test_a_quote_that_differs_inside_a_number_keeps_no_pieces_of_it(recorder: Recorder, store: AuditStore) -> None:
    text = "《条例》第三十条说“请打13800138000咨询”"
    recorder.record_check(report(text, quoted="请打13800138000咨询"))

    [quote] = store.get(1).payload["findings"][0]["quotes"]
    assert quote["edits"] == []
    assert quote["text"] == f"请打{MOBILE}咨询"
    assert b"138" not in written(store)


def test_all_kinds_are_named_for_what_they_are(recorder: Recorder, store: AuditStore) -> None:
    recorder.record_answer(answer("，".join(PRIVATE.values())))
    assert store.get(1).text == "，".join([MOBILE, ID_CARD, CREDIT_CODE, BANK_CARD, LANDLINE, EMAIL, MOBILE])


def test_ids_and_hashes_are_not_masked(recorder: Recorder, store: AuditStore) -> None:
    cited = replace(citation(), provision="x-138001380001:a30")
    recorder.record_answer(answer("电费", cited, corpus="sha256:13800138000"))
    record = store.get(1)

    assert record.corpus == "sha256:13800138000"
    assert record.payload["citations"][0]["provision"] == "x-138001380001:a30"


def test_half_a_surrogate_pair_is_recorded(recorder: Recorder, store: AuditStore) -> None:
    recorder.record_check(report("《条例》第三十条\ud800"), operator="\ud800")
    assert store.get(1).text == "《条例》第三十条\ufffd"
    assert verify(store.records()).whole


def test_the_state_of_a_version_is_recorded(recorder: Recorder, store: AuditStore) -> None:
    repealed = Validity(ValidityState.REPEALED, date(2020, 1, 1), date(2025, 3, 1), TODAY)
    recorder.record_answer(answer("旧条例", citation(validity=repealed), citation(article=31, validity=IN_FORCE)))
    old, new = json.loads(store.get(1).provisions)
    assert (old["state"], old["from"], old["to"]) == ("repealed", "2020-01-01", "2025-03-01")
    assert (new["state"], new["to"]) == ("in_force", None)
