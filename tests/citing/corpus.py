"""The corpus of the table of citations: the two founding documents and invented ones, written out and indexed."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assistant.indexing.index import Index
from assistant.indexing.ingest import ingest_corpus
from assistant.parsing import render_numeral
from assistant.reading import load_known
from assistant.schema import KnownDocument
from tests.conftest import ROOT
from tests.fakes import CountingEmbedder

HERE = Path(__file__).parent
FOUNDING = ROOT / "corpus"

LONG_LAW_ARTICLES = 132
LONG_LAW: Mapping[str, object] = {
    "id": "stat-check-2019",
    "work": "stat-check",
    "title": "中华人民共和国产业统计核查法",
    "aliases": ["产业统计核查法", "统计核查法"],
    "kind": "statute",
    "level": "law",
    "issuer": "全国人民代表大会常务委员会",
    "jurisdiction": "000000",
    "promulgated": date(2019, 6, 29),
    "effective": date(2019, 9, 1),
}
# By these an article of the long law is told from its neighbours, and by its number of days.
_ORGANS = ("统计机构", "核查机构", "主管部门", "审计机关", "行业协会", "登记机关", "产业专员", "省级机关", "巡查小组")


def known() -> tuple[KnownDocument, ...]:
    """Return the documents that are known and not held: those of the product."""
    return load_known(FOUNDING / "known.toml")


def build(folder: Path) -> Path:
    """Write the corpus and its index below `folder`; return the index."""
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir(parents=True)
    manifest = (FOUNDING / "manifest.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(manifest)["document"]:
        (corpus / row["file"]).write_bytes((FOUNDING / row["file"]).read_bytes())
    invented = tomllib.loads((HERE / "documents.toml").read_text(encoding="utf-8"))["document"]
    for row in [*invented, {**LONG_LAW, "text": _long_law()}]:
        text = row.pop("text").strip().encode()
        file = f"{row['id']}.txt"
        (corpus / file).write_bytes(text)
        manifest += _table({**row, "file": file, "sha256": hashlib.sha256(text).hexdigest()})
    (corpus / "manifest.toml").write_text(manifest, encoding="utf-8")
    report = ingest_corpus(index, corpus, CountingEmbedder())
    assert len(report.added) == len(invented) + 3, report
    assert not report.refused, report
    return index


def open_index(folder: Path) -> Index:
    """Return the index that `build` wrote."""
    return Index.open(folder, CountingEmbedder())


def _table(row: Mapping[str, object]) -> str:
    """Return one [[document]] of a manifest; JSON's strings and lists are TOML's, too."""
    lines = [
        f"{key} = {value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)}"
        for key, value in row.items()
    ]
    return "\n[[document]]\n" + "\n".join(lines) + "\n"


def _long_law() -> str:
    """Return a law of 132 articles, 第一百二十条之一 and 之二 among them, each with a number of days of its own."""
    lines = []
    for number in range(1, LONG_LAW_ARTICLES):
        name, days = render_numeral(number), render_numeral(number + 200)
        organ, times = _ORGANS[number % len(_ORGANS)], render_numeral(number % 7 + 2)
        duty = f"应当自立项之日起{days}日内办结，每年抽查不少于{times}次。"
        lines.append(f"第{name}条　第{name}类核查事项由{organ}负责，{duty}")
        if number == 55:
            lines.append("前款规定的期限可以延长一次，延长的期限不得超过二十日。")
        if number == 120:
            lines.append("第一百二十条之一　伪造核查数据的，处三万元以上三十万元以下的罚款。")
            lines.append("有前款行为的，五年内不得参加核查项目的投标。")
            lines.append("第一百二十条之二　拒绝、阻碍核查的，由主管部门责令改正，可以处一万元以下的罚款。")
    lines.append(f"第{render_numeral(LONG_LAW_ARTICLES)}条　本法自2019年9月1日起施行。")
    return "\n".join(lines)
