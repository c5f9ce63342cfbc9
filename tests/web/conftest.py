"""A visible fake assistant: three small documents, one of them hostile, and answers that are looked up by a word."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.why import Why
from assistant.citing.sources import read_checked
from assistant.errors import LookupFailedError, UnreadableFileError
from assistant.schema import (
    Answer,
    Carried,
    CarriedKind,
    CheckReport,
    Citation,
    Document,
    DocumentSummary,
    Force,
    Heading,
    IngestReport,
    Kind,
    KnownDocument,
    Level,
    Links,
    Metadata,
    Notice,
    NoticeKind,
    Parsed,
    Preview,
    Provision,
    ProvisionKind,
    Responsible,
    Role,
    Statement,
    Status,
    Validity,
    ValidityState,
)
from assistant.settings import Settings
from tests.web.ask_fakes import FakeModel, cite, moving, why_of
from tests.web.browsing import ARGUMENTS, CHROMIUM, DESKTOP, PHONE, Visit, serving
from tests.web.desk_fakes import check_text

TODAY = date(2026, 11, 22)
RULES_TEXT = """第一章　总　　则
第一条　为了促进产业有序转移，制定本条例。
第二条　本条例适用于本省行政区域内的相关活动。
第五章　要素保障
第二十九条　县级以上人民政府应当统筹安排财政资金。
省人民政府依法设立政策性基金。
第三十条　县级以上人民政府及有关部门应当协调能源供应，采取减少供应层级等措施降低企业用电、用水、用气成本。
第三十一条　支持数据领域的合作对接。
第三十九条　本条例自2025年3月1日起施行。"""
HOSTILE_TEXT = """第一条　<script>window.pwned=1</script>附件<img src=x onerror="window.pwned=1">可以申请。
第二条　见[点我](javascript:window.pwned=1)与![图](http://evil.example/x.png)和 ${window.pwned=1} {{constructor}}。"""
RULES = Metadata(
    id="gd-transfer-2025",
    title="广东省促进产业有序转移条例",
    kind=Kind.STATUTE,
    level=Level.LOCAL_REGULATION,
    number="公告第47号",
    issuer="广东省人民代表大会常务委员会",
    jurisdiction="440000",
    promulgated=date(2025, 1, 12),
    effective=date(2025, 3, 1),
    file="rules.txt",
)
HOSTILE = Metadata(
    id="x-0123456789ab", title='坏<b onmouseover="x()">文件</b>', kind=Kind.STATUTE, file="bad.txt", verified=False
)
NUMERALS = {"一": 1, "二": 2, "二十九": 29, "三十": 30, "三十一": 31, "三十九": 39}


def parse(metadata: Metadata, text: str) -> Parsed:
    """Lines that start with 第…条 open an article, 第…章 a chapter; no more than the fake documents need."""
    provisions: list[Provision] = []
    headings: list[Heading] = []
    starts: list[tuple[str, int]] = []
    at = 0
    for line in text.split("\n"):
        label = line.partition("　")[0]
        if line.startswith("第") and label.endswith("章"):
            headings.append(Heading("chapter", len(headings) + 1, line, at, at + len(line)))
            starts.append(("", at))
        elif line.startswith("第") and label.endswith("条"):
            starts.append((label, at))
        at += len(line) + 1
    starts.append(("", len(text) + 1))
    for (label, start), (_, after) in pairwise(starts):
        if label:
            number = NUMERALS[label[1:-1]]
            body = text[start : after - 1]
            provisions.append(
                Provision(
                    f"{metadata.id}:a{number}",
                    metadata.id,
                    ProvisionKind.ARTICLE,
                    (number, 0),
                    label,
                    (),
                    start,
                    start + len(body),
                    body,
                    unit=True,
                )
            )
    return Parsed(Document(metadata, text), tuple(provisions), (), tuple(headings))


class FakeAssistant:
    """Answers 用电 from article 30, 附件 and 链接 from the hostile document, 补贴 in part, all else not at all."""

    def __init__(self) -> None:
        self.settings = Settings(index=Path("unused"), max_upload_mb=1)
        self.held = {RULES.id: parse(RULES, RULES_TEXT), HOSTILE.id: parse(HOSTILE, HOSTILE_TEXT)}
        self.linked: dict[str, Links] = {}
        self.asked: list[tuple[str, date | None, str, Role | None]] = []
        self.histories: list[tuple[str, ...]] = []
        self.explained: list[tuple[str, date | None, str]] = []
        self.model = FakeModel()
        self.previewed: list[Path] = []
        self.checked: list[tuple[str, date | None]] = []

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: date | None = None,
        region: str = "",
        role: Role | None = None,
        on_statement: Callable[[Statement], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Answer:
        self.asked.append((question, as_of, region, role))
        self.histories.append(tuple(history))
        if on_statement is not None and cancelled is not None:
            return self.model.ask(self, question, on_statement, cancelled)
        if "那" in question and history:
            kept = (Carried(CarriedKind.PLACE, "江西<i>省"), Carried(CarriedKind.TOPIC, history[-1]))
            return replace(self.answered("用电"), question=question, carried=kept)
        return self.answered(question)

    def why(
        self, question: str, *, history: Sequence[str] = (), as_of: date | None = None, region: str = ""
    ) -> tuple[Why, ...]:
        self.explained.append((question, as_of, region))
        return (why_of(self.held[RULES.id], question),)

    def answered(self, question: str) -> Answer:
        if question == "boom":
            raise RuntimeError("unforeseen")
        if question == "没有索引":
            raise LookupFailedError("没有索引<b>；请先运行 python ingest.py")
        if "搬" in question:
            return moving(self.held[RULES.id], question)
        if "用电" in question:
            quote = "采取减少供应层级等措施降低企业用电、用水、用气成本。"
            citation = cite(self.held[RULES.id], "gd-transfer-2025:a30", quote)
            return self._answer(
                question,
                Status.ANSWERED,
                (Statement(f"第三十条规定：“{quote}”", (1,), True), Statement("电费打五折。", (1,), False)),
                (citation,),
                notices=(Notice(NoticeKind.FORCE, "这是对政府部门的要求<i>。"),),
                spoken="条例第三十条要求政府部门采取措施降低用电成本。",
            )
        if "补贴" in question:
            citation = cite(self.held[RULES.id], "gd-transfer-2025:a29", "县级以上人民政府应当统筹安排财政资金。")
            return self._answer(
                question,
                Status.PARTIAL,
                (Statement("财政资金由县级以上人民政府统筹安排[1]。", (1,), True),),
                (citation,),
                missing=("具体金额",),
                responsible=(
                    Responsible(
                        "县级以上人民政府",
                        citation.provision,
                        citation.label,
                        0,
                        8,
                        1,
                        "县级以上人民政府（第二十九条）",
                    ),
                ),
            )
        if "附件" in question:
            parsed = self.held[HOSTILE.id]
            quotes = [one.text.partition("　")[2] for one in parsed.provisions]
            citations = tuple(
                cite(parsed, one.id, quote, key, Force.POWER)
                for key, (one, quote) in enumerate(zip(parsed.provisions, quotes, strict=True), 1)
            )
            statements = tuple(Statement(one.quote, (one.key,), True) for one in citations)
            return self._answer(question, Status.ANSWERED, statements, citations)
        if "新规" in question:
            for parsed in self.held.values():
                for provision in parsed.provisions:
                    if "新规" in provision.text:
                        citation = cite(parsed, provision.id, provision.text.partition("　")[2])
                        return self._answer(
                            question, Status.ANSWERED, (Statement(citation.quote, (1,), True),), (citation,)
                        )
        return self._answer(question, Status.ABSTAINED, (), (), missing=("菜谱",), nearest=("gd-transfer-2025:a30",))

    def _answer(
        self,
        question: str,
        status: Status,
        statements: tuple[Statement, ...],
        citations: tuple[Citation, ...],
        *,
        missing: tuple[str, ...] = (),
        nearest: tuple[str, ...] = (),
        notices: tuple[Notice, ...] = (),
        spoken: str = "",
        responsible: tuple[Responsible, ...] = (),
    ) -> Answer:
        text = "文件中没有找到依据。" if status is Status.ABSTAINED else "\n".join(one.text for one in statements)
        return Answer(
            question,
            status,
            text,
            statements,
            citations,
            missing,
            nearest,
            notices,
            spoken,
            len(self.held),
            "extractive",
            "sha256:0",
            0.03,
            responsible=responsible,
        )

    def check(self, text: str, *, as_of: date | None = None) -> CheckReport:
        self.checked.append((text, as_of))
        if text == "boom":
            raise RuntimeError("unforeseen")
        if text == "没有索引":
            raise LookupFailedError("没有索引<b>；请先运行 python ingest.py")
        return check_text(text, as_of)

    def check_file(self, path: Path, *, as_of: date | None = None) -> CheckReport:
        text, _ = read_checked(path)
        if "乱码" in text:
            raise UnreadableFileError(f"{path.name} 是乱码；请换一份")
        return self.check(text, as_of=as_of)

    def documents(self, as_of: date | None = None) -> tuple[DocumentSummary, ...]:
        rows = []
        for parsed in self.held.values():
            metadata = parsed.document.metadata
            state = ValidityState.IN_FORCE if metadata.effective else ValidityState.UNKNOWN
            count = len(parsed.provisions)
            validity = Validity(state, metadata.effective, None, TODAY)
            origin = "corpus" if metadata.verified else "added"
            rows.append(DocumentSummary(metadata, count, count, parsed.warnings, validity, origin))
        return tuple(rows)

    def known(self) -> tuple[KnownDocument, ...]:
        return (
            KnownDocument(
                "公平竞争审查条例",
                number="国务院令第783号",
                level=Level.ADMINISTRATIVE_REGULATION,
                jurisdiction="000000",
                effective=date(2024, 8, 1),
                articles=27,
                source="国家法律法规数据库",
                from_memory=("articles",),
            ),
        )

    def parsed(self, doc_id: str) -> Parsed:
        if doc_id not in self.held:
            raise LookupFailedError(f"文件库里没有 {doc_id}；请刷新页面")
        return self.held[doc_id]

    def links(self, provision_id: str) -> Links:
        return self.linked.get(provision_id, Links())

    def preview(self, path: Path, metadata: Metadata | None = None) -> Preview:
        self.previewed.append(path)
        text = path.read_text(encoding="utf-8").rstrip("\n")
        if "乱码" in text:
            raise UnreadableFileError(f"{path.name} 是乱码；请换一份")
        base = metadata or Metadata(
            id="x-aaaaaaaaaaaa", title=path.stem, kind=Kind.STATUTE, file=path.name, verified=False
        )
        taken = next((one.document.id for one in self.held.values() if one.document.title == base.title), None)
        final = replace(base, id=taken) if taken else replace(base, id="x-aaaaaaaaaaaa")
        return Preview(parse(final, text), taken)

    def add(self, preview: Preview, progress: Callable[[str, int, int], None] | None = None) -> IngestReport:
        if progress is not None:
            progress("计算向量", 1, 1)
        doc_id = preview.parsed.document.id
        known = doc_id in self.held
        self.held[doc_id] = preview.parsed
        return IngestReport(replaced=(doc_id,)) if known else IngestReport(added=(doc_id,))

    def remove(self, doc_id: str) -> IngestReport:
        return IngestReport(removed=(doc_id,)) if self.held.pop(doc_id, None) else IngestReport()


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="session")
def make_assistant() -> type[FakeAssistant]:
    return FakeAssistant


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser context with a fresh profile; its pages share the cache and nothing else."""
    from playwright import sync_api

    with (
        sync_api.sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as chromium,
        chromium.new_context(locale="zh-CN") as context,
    ):
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context


@pytest.fixture(scope="module")
def stage(make_assistant):
    """One fake and one server for all tests here; every test finds the fake as new."""
    assistant = make_assistant()
    with serving(assistant) as root:
        yield assistant, root


@pytest.fixture
def visit(browser, stage, assistant):
    visit = Visit(browser, stage[1], DESKTOP)
    yield visit
    visit.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def any_visit(request, browser, stage, assistant):
    visit = Visit(browser, stage[1], request.param)
    yield visit
    visit.close()
