"""What an operator reads out: short, in the words of the provisions, complete in what it must say."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.segments import echo, quoted, read_again, say, slots
from assistant.answering.slices import slices
from assistant.answering.speech import as_spoken
from assistant.answering.spoken import MAX_SPOKEN, spoken
from assistant.api import Assistant, open_assistant
from assistant.indexing.index import Snapshot
from assistant.schema import (
    Answer,
    Citation,
    Force,
    Kind,
    Metadata,
    Notice,
    NoticeKind,
    Responsible,
    Segment,
    SegmentKind,
    Status,
    Validity,
    ValidityState,
    text_of,
)
from assistant.settings import Settings
from tests.conftest import ROOT

FILES = ("tuning", "fitting_a", "fitting_b", "answers_tuning")
# A number with what it counts; digit runs of telephones and codes stay as written.
AMOUNT = re.compile(r"(?:百分之)?[一二三四五六七八九十百千两零点]{1,12}(?:万元|亿元|元|万|亿|折|倍|亩|天|个工作日)")
GOVERNING = re.compile("应当|不得|必须|可以|禁止")


@pytest.fixture(scope="module")
def assistant(corpus_index: Path) -> Assistant:
    return open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[Answer]:
    found = []
    for name in FILES:
        for line in (ROOT / "eval" / "questions" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            if question := json.loads(line).get("question"):
                found.append(assistant.ask(question))
    assert len(found) > 800
    return found


def failing(answers: list[Answer], wrong: object) -> list[tuple[str, str]]:
    return [(one.question, one.spoken) for one in answers if wrong(one)]  # type: ignore[operator]


def test_every_answer_fits_and_greets(answers: list[Answer]) -> None:
    assert failing(answers, lambda one: len(one.spoken) > MAX_SPOKEN) == []
    assert failing(answers, lambda one: not re.fullmatch("您好，.+[。？]", one.spoken)) == []


def test_no_mark_up_and_no_figure_that_should_be_said(answers: list[Answer]) -> None:
    codes = re.compile(r"[A-Za-z+./-]+\d+\w*|\d+[A-Za-z]\w*|\b\d{3,4}(?: \d{3,4})+|12345")
    assert failing(answers, lambda one: re.search(r"[\[\]*#<>《》\n]", one.spoken)) == []
    assert failing(answers, lambda one: re.search(r"\d", codes.sub("", one.spoken))) == []
    assert failing(answers, lambda one: re.search(r"[，。；、：]{2}|（|）|\s{2}", one.spoken)) == []


def test_the_first_article_is_named(answers: list[Answer]) -> None:
    named = [one for one in answers if one.citations]

    assert (
        failing(named, lambda one: one.citations[0].label.replace("（", "").replace("）", "") not in one.spoken) == []
    )
    assert failing(named, lambda one: "条例" not in one.spoken and "意见" not in one.spoken) == []


def test_no_amount_comes_from_nowhere(answers: list[Answer]) -> None:
    def invented(one: Answer) -> bool:
        premises = "".join(notice.text for notice in one.notices)
        evidence = "".join(citation.quote for citation in one.citations) + premises + as_spoken(premises)
        return any(amount not in evidence for amount in AMOUNT.findall(one.spoken))

    assert failing(answers, invented) == []


def test_what_is_missing_comes_before_the_rule(answers: list[Answer]) -> None:
    partial = [one for one in answers if one.status is Status.PARTIAL]

    assert len(partial) > 80
    assert failing(partial, lambda one: not re.match("您好，[^。]*(?:没有|不止一份)[^。]*。", one.spoken)) == []


def test_an_encouragement_is_no_promise_and_a_guidance_no_claim(answers: list[Answer]) -> None:
    rules = [one for one in answers if one.citations and not any(n.kind is NoticeKind.FORCE for n in one.notices)]
    guided = [one for one in rules if one.citations[0].provision.startswith("mfg") and "念给您听" not in one.spoken]
    encouraged = [
        one
        for one in rules
        if one.citations[0].provision.startswith("gd")
        and one.citations[0].force[:1] == (Force.ENCOURAGEMENT,)
        and "念给您听" not in one.spoken
    ]

    assert len(guided) > 50 and len(encouraged) > 50
    assert failing(guided, lambda one: "工作部署" not in one.spoken) == []
    assert failing(encouraged, lambda one: "不等于承诺给钱" not in one.spoken) == []


def test_the_quote_keeps_the_word_that_governs_it(answers: list[Answer]) -> None:
    def weakened(one: Answer) -> bool:
        quotes = [word.text for word in one.spoken_words if word.kind is SegmentKind.QUOTE and len(word.text) > 12]
        if not one.citations or not quotes:
            return False
        sentences = re.split("。", one.citations[0].quote)
        whole = next((text for text in sentences if quotes[0][:10] in "".join(text.split())), "")
        return bool(GOVERNING.search(whole)) and not GOVERNING.search(quotes[0])

    assert failing(answers, weakened) == []


def test_whom_to_turn_to_is_named_by_the_provision_or_the_hotline_itself(answers: list[Answer]) -> None:
    turns = re.compile("咨询。|登记|核对条号|哪一份文件|念给您听")
    assert failing(answers, lambda one: not turns.search(one.spoken)) == []

    def unknown(one: Answer) -> bool:
        found = re.search("当地([^，。]{2,30}?)咨询", one.spoken)
        known = {body.body for body in one.responsible} | {"政府有关部门", "人民政府", "上述部门", ""}
        return found is not None and found[1] not in known

    assert failing(answers, unknown) == []


def test_it_is_rebuilt_from_its_segments(assistant: Assistant, answers: list[Answer]) -> None:
    def work(snapshot: Snapshot) -> list[str]:
        wrong = []
        for one in answers:
            ours = [word for word in one.spoken_words if word.source != "generated"]  # notices without segments
            again = "".join(read_again(word, snapshot, one.question) for word in ours)
            if again != text_of(ours) or one.spoken != text_of(one.spoken_words):
                wrong.append(one.spoken)
            wrong += [
                body.body
                for body in one.responsible
                if snapshot.text(body.provision.partition(":")[0], body.start, body.end) != body.body
            ]
        return wrong

    assert assistant._index.read(work) == []


def test_most_answers_read_the_rule(answers: list[Answer]) -> None:
    grounded = [one for one in answers if one.citations]
    unread = [one for one in grounded if "念给您听" in one.spoken]

    assert len(unread) <= 0.02 * len(grounded)


@pytest.mark.parametrize(
    ("quote", "question", "part"),
    [
        ("甲应当保障能源，采取措施降低成本。", "", "甲应当保障能源"),
        ("支持甲发展，鼓励乙合作。", "乙合作", "鼓励乙合作"),
        ("甲应当保障能源，但不得收费。", "", None),  # what restricts it is not dropped
        ("企业整体搬迁的，可以保留等级。", "", None),  # nor is the condition
        ("甲可以申请补助，未经批准的除外。", "", None),
        ("支持甲围绕园区，搭建平台。", "", "支持甲围绕园区"),
        ("在满足条件下，支持甲发展。", "甲发展", None),
        ("对整体转移的企业，按照原等级监管。", "等级", None),
        ("支持甲、乙等，通过合作参与工作。", "", None),  # a subject without its predicate
        ("甲应当结合产业需要，建设物流体系。", "", None),
        ("到2025年，环境更加完善。", "", None),
    ],
)
def test_a_sentence_is_cut_between_clauses_that_stand(quote: str, question: str, part: str | None) -> None:
    runs = [one for one in slices(quote, question) if not one.sentences]

    assert (quote[runs[0].start : runs[0].end] if runs else None) == part


def test_sentences_come_before_clauses_and_the_nearest_first() -> None:
    quote = "鼓励甲发展，推动乙合作。丙应当办理登记。丁不得收费。"

    parts = [quote[one.start : one.end] for one in slices(quote, "登记怎么办理")]

    assert parts[0] == quote[:-1]
    assert parts[1:] == ["鼓励甲发展，推动乙合作。丙应当办理登记", "丙应当办理登记。丁不得收费", "丙应当办理登记"]
    assert slices("", "什么") == ()


ROW = Metadata("gd", "广东省甲条例", Kind.STATUTE, jurisdiction="440000", aliases=("甲条例", "广东省甲乙条例"))


def citation(quote: str, force: Force = Force.DUTY, label: str = "第三条", key: int = 1) -> Citation:
    validity = Validity(ValidityState.IN_FORCE, date(2025, 3, 1), None, date(2026, 1, 1))
    return Citation(key, f"gd:a{key}", ROW.title, label, quote, 0, len(quote), (force,), "440000", validity)


def said(*citations: Citation, status: Status = Status.ANSWERED, **more: object) -> str:
    return text_of(spoken("问", status, citations, more.pop("missing", ()), {"gd": ROW}, **more))  # type: ignore[arg-type]


def test_a_table_of_wholes() -> None:
    duty = citation("县级以上人民政府及有关部门应当保障供应。")
    body = Responsible("县级以上人民政府及有关部门", "gd:a1", "第三条", 0, 13, 1, "")
    charged = Responsible("县级以上人民政府确定的部门", "gd:a4", "第四条", 0, 13, 0, "")
    support = citation("支持企业改造2条生产线。", Force.ENCOURAGEMENT)

    assert said(duty, responsible=(body,)) == (
        "您好，广东省甲条例第三条规定，县级以上人民政府及有关部门应当保障供应。这是政府和部门的职责，您可以向当地政府有关部门咨询。"
    )
    assert said(support, citation("另一条。", label="第五条", key=2), responsible=(charged,)) == (
        "您好，广东省甲条例第三条规定，支持企业改造两条生产线。条文说的是“支持”，不等于承诺给钱。另见第五条。"
        "有关工作按第四条由县级以上人民政府确定的部门统筹，您可以向当地咨询。"
    )
    missing = say("missing_fact", fact=say("asked.amount"), words=echo("补多少", 0, 3))
    assert said(duty, status=Status.PARTIAL, missing=(missing,)).startswith(
        "您好，文件里没有写明具体金额。广东省甲条例"
    )
    assert said(status=Status.ABSTAINED, missing=(missing,)) == (
        "您好，文件里没有写明具体金额。这方面我不能推测答复。需要的话，我为您登记，转承办单位答复。"
    )


def test_a_premise_comes_first_and_a_warning_is_said() -> None:
    text = "您提到五折"
    premise = Notice(NoticeKind.PREMISE, text, (Segment(SegmentKind.NAME, text, "number:x"),))
    words = (Segment(SegmentKind.NAME, "《广东省甲条例》", "title:gd"), *quoted("gd", "不适用于别处", 0, 6))
    place = Notice(NoticeKind.JURISDICTION, text_of(words), words)

    told = said(citation("甲应当保障供应。"), notices=(place, premise))

    assert told.startswith("您好，您提到五折。广东省甲条例第三条规定")
    assert "请注意，广东省甲条例不适用于别处。" in told


def test_a_long_warning_shortens_the_quote_and_never_goes_alone() -> None:
    text = "请以当地为准" * 10
    warning = Notice(NoticeKind.TIME, text, (Segment(SegmentKind.NAME, text, "number:x"),))
    quote = "甲应当保障能源供应和用地需求" * 3 + "，" + "采取措施降低企业的各项成本" * 3 + "。"

    told = said(citation(quote), notices=(warning,))

    assert text in told and len(told) <= MAX_SPOKEN
    assert "甲应当" in told and "降低企业" not in told


def test_slots_are_what_say_was_given() -> None:
    title, label = (
        (Segment(SegmentKind.NAME, "《甲》", "title:gd"),),
        (Segment(SegmentKind.NAME, "第一条", "label:gd:a1"),),
    )
    body = quoted("gd", "某部门", 0, 3)

    words = say("responsible", body=body, title=title, label=label)

    assert slots(words, "responsible") == {"body": body, "title": title, "label": label}


def test_who_is_responsible_comes_from_the_quote_or_from_the_document(assistant: Assistant) -> None:
    named = assistant.ask("条例第三十条").responsible
    charged = assistant.ask("条例第十条").responsible
    national = assistant.ask("指导意见第八部分").responsible

    assert [(one.body, one.label, one.key) for one in named] == [("县级以上人民政府及有关部门", "第三十条", 1)]
    assert [(one.body, one.label, one.key) for one in charged] == [("县级以上人民政府确定的部门", "第四条", 0)]
    assert [(one.body, one.label, one.key) for one in national] == [("工业和信息化主管部门", "结尾段", 0)]
    assert charged[0].text == "县级以上人民政府确定的部门（《广东省促进产业有序转移条例》第四条）"
