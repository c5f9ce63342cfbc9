"""The library as HTML: what is held, what is known of and not held, and one document's facts and provisions."""

from collections.abc import Sequence

from assistant.places import place_words
from assistant.schema import DocumentSummary, KnownDocument, Metadata, Parsed, Preview, Provision, Validity
from assistant.web.cards import validity_badge
from assistant.web.escape import escape
from assistant.web.words import KIND_WORDS, UNIT_WORDS, short_date
from assistant.wording import UNVERIFIED_METADATA, level_words

SNIPPET_CHARS = 60
LISTED_UNITS = 400  # units listed of one document; the rest is counted
ORIGIN_WORDS = {"corpus": "随系统收录", "added": "上传或另行加入"}
# Fields of a manifest row, as `Metadata.from_memory` names them, in the words of the page.
FIELD_WORDS = {
    "title": "标题",
    "aliases": "别名",
    "level": "效力位阶",
    "issuer": "发布机关",
    "number": "文号",
    "jurisdiction": "适用地域",
    "promulgated": "公布日期",
    "effective": "施行日期",
    "expires": "有效期",
    "repealed": "废止日期",
    "articles": "条数",
    "source": "来源",
}


def render_held(rows: Sequence[DocumentSummary]) -> str:
    """Return the table of held documents; each title opens its detail."""
    if not rows:
        return '<p class="yj-hint" role="status">文件库里还没有文件。请上传一份，或在终端运行 python ingest.py。</p>'
    columns = ("文件", "效力位阶", "适用地域", "公布", "施行", "效力", "条文", "来源", "提示")
    body = "".join(_held_row(row, columns) for row in rows)
    return _table(f"已收录 {len(rows)} 份", columns, body)


def render_known(rows: Sequence[KnownDocument]) -> str:
    """Return the table of documents known of and not held."""
    if not rows:
        return ""
    columns = ("文件", "效力位阶", "适用地域", "施行", "条数", "从哪里取得")
    body = ""
    for row in rows:
        memory = _from_memory(row.from_memory)
        cells = (
            f"<span>《{escape(row.title)}》</span>{_small(row.number)}{memory}",
            escape(level_words(row.level)),
            escape(place_words(row.jurisdiction)),
            short_date(row.effective),
            str(row.articles) if row.articles is not None else "—",
            escape(row.source) or "—",
        )
        body += _row(columns, cells)
    intro = '<p class="yj-facts">知道有这些文件，但正文未收录；上传正文即可收录。</p>'
    return (
        f'<details class="yj-known"><summary>已知未收录 {len(rows)} 份</summary>{intro}'
        f"{_table('已知未收录的文件', columns, body, hidden_caption=True)}</details>"
    )


def render_detail(summary: DocumentSummary, parsed: Parsed) -> str:
    """Return a held document's facts, warnings and provisions; each provision opens the source."""
    units = [provision for provision in parsed.provisions if provision.unit]
    listed = "".join(_opening_row(unit) for unit in units[:LISTED_UNITS])
    warnings = (*summary.warnings, *parsed.document.warnings, *parsed.warnings)
    return (
        f'<section class="yj-detail" aria-label="文件详情"><h3>《{escape(summary.metadata.title)}》</h3>'
        f"{_facts(summary.metadata, summary.validity)}{_warnings(warnings)}"
        f"<h4>共 {_count(parsed)}</h4>"
        f'<ol class="yj-units">{listed}</ol>{_rest(len(units))}</section>'
    )


def render_preview(preview: Preview, replaced_title: str = "") -> str:
    """Return what an upload would become: a notice where it replaces a held document, warnings, provisions in full."""
    parsed = preview.parsed
    units = [provision for provision in parsed.provisions if provision.unit]
    replaces = ""
    if preview.replaces is not None:
        title = escape(replaced_title or preview.replaces)
        if preview.replaces == parsed.document.id:
            line = f"确认后将替换文件库里的《{title}》。"
        else:
            line = f"文件库里已有同名的《{title}》。确认后两份并存；如果这是它的新文本，请随后移除旧的一份。"
        replaces = f'<p class="yj-error" role="alert">{line}</p>'
    listed = "".join(
        f"<li><b>{escape(unit.label)}</b> <span>{escape(_body(unit))}</span></li>" for unit in units[:LISTED_UNITS]
    )
    empty = "" if units else '<p class="yj-error" role="alert">没有解析出条文。请检查文件的类型是否选对。</p>'
    return (
        f'<section class="yj-detail" aria-label="上传预览"><h3>预览：{escape(parsed.document.metadata.file)}</h3>'
        f"{replaces}{empty}{_warnings((*parsed.document.warnings, *parsed.warnings))}"
        f"<h4>解析出 {_count(parsed)}</h4>"
        f'<ol class="yj-units yj-full">{listed}</ol>{_rest(len(units))}</section>'
    )


def _held_row(row: DocumentSummary, columns: Sequence[str]) -> str:
    metadata = row.metadata
    flags = "" if metadata.verified else f'<span class="yj-badge yj-warn">{UNVERIFIED_METADATA}</span>'
    flags += _from_memory(metadata.from_memory)
    if row.warnings:
        flags += f'<span class="yj-badge yj-warn">解析提示 {len(row.warnings)} 条</span>'
    title = (
        f'<button type="button" class="yj-link" data-open="d:{escape(metadata.id)}">'
        f"《{escape(metadata.title)}》</button>"
    )
    return _row(
        columns,
        (
            f"{title}{_small(metadata.number)}",
            escape(level_words(metadata.level)),
            escape(place_words(metadata.jurisdiction)),
            short_date(metadata.promulgated),
            short_date(metadata.effective),
            validity_badge(row.validity),
            f"{row.units} {UNIT_WORDS[metadata.kind]}<small>可引用 {row.provisions} 处</small>",
            f"{escape(ORIGIN_WORDS.get(row.origin, row.origin))}{_small(metadata.source)}",
            flags or "—",
        ),
    )


def _facts(metadata: Metadata, validity: Validity) -> str:
    rows = (
        ("类型", escape(KIND_WORDS[metadata.kind])),
        ("效力位阶", escape(level_words(metadata.level))),
        ("文号", escape(metadata.number) or "—"),
        ("发布机关", escape(metadata.issuer) or "—"),
        ("适用地域", escape(place_words(metadata.jurisdiction))),
        ("公布", short_date(metadata.promulgated)),
        ("施行", short_date(metadata.effective)),
        ("效力", validity_badge(validity)),
        ("来源", escape(metadata.source) or "—"),
        ("备注", escape(metadata.notes)),
        ("核实", _checked(metadata)),
    )
    return '<dl class="yj-dl">' + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows if value) + "</dl>"


def _checked(metadata: Metadata) -> str:
    if not metadata.verified:
        return f'<span class="yj-badge yj-warn">{UNVERIFIED_METADATA}</span>'
    return _from_memory(metadata.from_memory)


def _from_memory(fields: Sequence[str]) -> str:
    if not fields:
        return ""
    names = "、".join(FIELD_WORDS.get(name, name) for name in fields)
    return f'<span class="yj-badge yj-warn">待核对：{escape(names)}</span>'


def _warnings(warnings: Sequence[str]) -> str:
    lines = list(dict.fromkeys(warnings))
    if not lines:
        return ""
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="yj-notices" aria-label="解析提示">{rows}</ul>'


def _count(parsed: Parsed) -> str:
    units = sum(provision.unit for provision in parsed.provisions)
    words = UNIT_WORDS[parsed.document.metadata.kind]
    return f"{units} {words}，可引用到款、项、句的位置 {len(parsed.provisions)} 处"


def _opening_row(unit: Provision) -> str:
    snippet = _body(unit).replace("\n", " ")
    if len(snippet) > SNIPPET_CHARS:
        snippet = f"{snippet[:SNIPPET_CHARS]}…"
    return (
        f'<li><button type="button" class="yj-unit" data-open="p:{escape(unit.id)}"><b>{escape(unit.label)}</b> '
        f"<span>{escape(snippet)}</span></button></li>"
    )


def _body(unit: Provision) -> str:
    """Return the text of a unit without the label it may begin with."""
    return unit.text.removeprefix(unit.label).strip()


def _rest(count: int) -> str:
    return f'<p class="yj-facts">另有 {count - LISTED_UNITS} 条未列出。</p>' if count > LISTED_UNITS else ""


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small>" if text else ""


def _row(columns: Sequence[str], cells: Sequence[str]) -> str:
    body = "".join(f'<td data-label="{name}">{cell}</td>' for name, cell in zip(columns, cells, strict=True))
    return f"<tr>{body}</tr>"


def _table(caption: str, columns: Sequence[str], body: str, hidden_caption: bool = False) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    tone = ' class="yj-hidden"' if hidden_caption else ""
    return (
        f'<table class="yj-table"><caption{tone}>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
