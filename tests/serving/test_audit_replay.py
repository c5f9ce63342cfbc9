"""An old answer beside the one of today."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import AuditError
from assistant.schema import Answer, CheckReport, CheckStatus, Kind, Level, Role, Validity, ValidityState
from assistant.serving.audit import Recorder
from assistant.serving.audit_records import Record
from assistant.serving.audit_replay import Asked, Changed, Replay, replay
from assistant.serving.audit_store import AuditStore
from assistant.serving.masking import mask
from tests.serving.examples import PRIVATE, QUOTE, TODAY, answer, citation, report

NEW_CORPUS = "sha256:" + "b" * 64
ARTICLE_30 = "《广东省促进产业有序转移条例》第三十条"
ARTICLE_31 = "《广东省促进产业有序转移条例》第三十一条"


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    return AuditStore(tmp_path / "audit.db")


def again(record: Record, now: Answer | CheckReport) -> tuple[Replay, list[tuple[str, Asked]]]:
    """Replay with what is said today, and return with what it was asked."""
    asked: list[tuple[str, Asked]] = []

    def ask(question: str, with_: Asked) -> Answer:
        asked.append((question, with_))
        assert isinstance(now, Answer)
        return now

    def check(text: str, with_: Asked) -> CheckReport:
        asked.append((text, with_))
        assert isinstance(now, CheckReport)
        return now

    return replay(record, ask, check), asked


def recorded(store: AuditStore, said: Answer | CheckReport, **asked: object) -> Record:
    recorder = Recorder(store)
    number = (
        recorder.record_answer(said, **asked) if isinstance(said, Answer) else recorder.record_check(said, **asked)  # type: ignore[arg-type]
    )
    assert number is not None
    return store.get(number)


def test_the_same_answer_from_another_corpus_is_no_change(store: AuditStore) -> None:
    old = answer("电费能降吗", citation())
    found, asked = again(recorded(store, old), replace(old, corpus=NEW_CORPUS, seconds=9.0))

    assert not found.changed
    assert (found.was, found.now, found.added, found.removed, found.quotes) == ("answered", "answered", (), (), ())
    assert (found.corpus_was, found.corpus_now) == ("sha256:" + "a" * 64, NEW_CORPUS)
    assert not found.masked
    assert asked[0][0] == "电费能降吗"


def test_it_is_asked_with_what_it_was_asked_with(store: AuditStore) -> None:
    old = answer("电费能降吗", citation())
    record = recorded(
        store,
        old,
        role=Role.HOTLINE,
        region="佛山",
        as_of=date(2025, 6, 1),
        kinds=(Kind.STATUTE,),
        levels=(Level.LOCAL_REGULATION,),
        all_versions=True,
    )
    found, asked = again(record, old)

    everything = Asked(
        date(2025, 6, 1), "440600", Role.HOTLINE, (Kind.STATUTE,), (Level.LOCAL_REGULATION,), all_versions=True
    )
    assert asked == [("电费能降吗", everything)]
    assert found.asked == everything


def test_what_is_said_differently_is_named(store: AuditStore) -> None:
    record = recorded(store, answer("电费能降吗", citation(), citation("支持合作。", 31, "第三十一条")))
    shorter = QUOTE[:20]
    now = answer(
        "电费能降吗", citation(shorter), citation("新条。", 32, "第三十二条"), missing=("电价",), corpus=NEW_CORPUS
    )
    found, _ = again(record, now)

    assert found.changed
    assert (found.was, found.now) == ("answered", "partial")
    assert found.added == ("《广东省促进产业有序转移条例》第三十二条",)
    assert found.removed == (ARTICLE_31,)
    assert found.quotes == (Changed(ARTICLE_30, f"{QUOTE}（in_force）", f"{shorter}（in_force）"),)


@pytest.mark.parametrize(
    "now",
    [
        answer("电费能降吗", missing=("电费",)),  # abstains now
        answer("电费能降吗", citation(), missing=("电价",)),
        answer("电费能降吗", citation(QUOTE[:9])),
        answer("电费能降吗", citation(article=31)),
        answer("电费能降吗", citation(), citation(article=31)),
        answer("电费能降吗", citation(validity=Validity(ValidityState.REPEALED, None, date(2026, 1, 1), TODAY))),
    ],
)
def test_each_kind_of_change_counts(store: AuditStore, now: Answer) -> None:
    found, _ = again(recorded(store, answer("电费能降吗", citation())), now)
    assert found.changed


def test_two_quotes_of_one_provision_are_compared_together(store: AuditStore) -> None:
    both = answer("电费能降吗", citation("甲。"), citation("乙。"))
    found, _ = again(recorded(store, both), both)
    assert not found.changed
    found, _ = again(recorded(store, both), answer("电费能降吗", citation("甲。")))
    assert found.changed


def test_a_check_is_replayed(store: AuditStore) -> None:
    text = "见《条例》第三十条。"
    record = recorded(store, report(text))
    same, asked = again(record, replace(report(text), seconds=3.0))
    assert not same.changed
    assert asked == [(text, Asked(TODAY))]

    found, _ = again(record, report(text, status=CheckStatus.REPEALED))
    assert found.changed
    assert (found.was, found.now) == ("pass", "fail")
    [change] = found.quotes
    assert change.what == "《条例》第三十条"
    assert (change.was.split("：")[0], change.now.split("：")[0]) == ("ok", "repealed")


def test_numbers_of_nobody_are_asked_in_place_of_masked_ones(store: AuditStore) -> None:
    private = "，".join(PRIVATE.values())
    old = answer(f"电费能降吗，{private}", citation(), missing=(PRIVATE["mobile"],))
    record = recorded(store, old)
    asked: list[str] = []

    def ask(question: str, _: Asked) -> Answer:
        asked.append(question)
        return answer(question, citation(), missing=("13000000000",))

    found = replay(record, ask, lambda text, _: report(text))

    assert found.masked
    assert not found.changed
    assert "〔" not in asked[0]
    assert not any(value in asked[0] for name, value in PRIVATE.items() if name not in ("identity", "credit"))
    assert mask(asked[0]) == record.text


def test_a_check_with_masked_numbers_keeps_its_findings(store: AuditStore) -> None:
    text = "来电13800138000，020-83133283，见《条例》第三十条。"
    found, asked = again(recorded(store, report(text)), report("来电13000000000，020-80000000，见《条例》第三十条。"))

    assert asked[0][0] == "来电13000000000，020-80000000，见《条例》第三十条。"
    assert not found.changed, found.quotes


def test_what_cannot_be_replayed(store: AuditStore) -> None:
    recorder = Recorder(store)
    number = recorder.record_answer(answer())
    recorder.record_edit(number, "改过")
    store.redact(1, "理由")

    with pytest.raises(AuditError, match="第 1 条的内容已删除，不能重放"):
        again(store.get(1), answer())
    with pytest.raises(AuditError, match="第 2 条不是回答或核对；请重放它所指的第 1 条"):
        again(store.get(2), answer())
    with pytest.raises(AuditError, match="第 3 条不是回答或核对"):
        again(store.get(3), answer())


def test_a_follow_up_is_asked_after_the_same_questions_and_a_redaction_takes_them_away(store: AuditStore) -> None:
    old = answer("具体多少钱", citation())
    record = recorded(store, old, history=("我的手机13912345678，电费能降吗",))
    _, asked = again(record, old)

    assert "13912345678" not in record.content
    assert asked[0][1].history == ("我的手机13000000000，电费能降吗",)
    store.redact(record.number, "来电人要求")
    assert "电费能降吗" not in str(store.get(record.number))
