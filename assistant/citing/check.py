"""Check a text: find its citations, resolve them, verify what is said of them.

report = check_text(snapshot, known, "根据《条例》第五十条……")
report.verdict
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.citing.bind import Said, bind
from assistant.citing.cited import Cited, Naming
from assistant.citing.context import Context
from assistant.citing.find import find_citations
from assistant.citing.folding import Folded
from assistant.citing.names import names_of
from assistant.citing.resolve import Library, Resolved, replaced_by, resolve, resolve_own
from assistant.citing.verify_words import (
    NOTHING,
    Place,
    Words,
    places_of_words,
    verify_beside,
    verify_block,
    verify_claim,
    verify_quote,
)
from assistant.indexing.index import Snapshot
from assistant.indexing.validity import validity_on
from assistant.parsing import parse_numeral
from assistant.schema import (
    CheckReport,
    CheckStatus,
    Content,
    Finding,
    KnownDocument,
    Metadata,
    ValidityState,
)
from assistant.wording import date_words, validity_words

COMPARED = (Content.VERBATIM, Content.CONTRADICTED)
MAX_BEFORE = 24  # characters in front of a quote that may belong to it
DATE_LINES = 12  # lines from the end in which the date of a text stands
# A line that only dates. Matches 2025年3月1日, 二〇二五年三月一日, （2025年3月1日印发）; refuses 2025年3月1日起施行。
_DATE_LINE = re.compile(
    r"[（(]?(?P<year>(?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3})年(?P<month>[\d一二三四五六七八九十]{1,2})月(?P<day>[\d一二三四五六七八九十]{1,3})日(?:印发)?[）)]?"
)


def check_text(
    snapshot: Snapshot,
    known: Sequence[KnownDocument],
    text: str,
    as_of: date | None = None,
    today: date | None = None,
) -> CheckReport:
    """Return what became of every citation in a text.

    Args:
        snapshot: the corpus to check against.
        known: documents that are known and not held.
        text: anything; its spans are those of the report.
        as_of: the date that validity is judged on; by default the date that the text bears, else `today`.
        today: by default this day.
    """
    day, day_from = _day(text, as_of, today or date.today())
    folded = Folded.of(text)
    names = names_of(snapshot, known)
    context = find_citations(folded, names)
    found = context.found
    library = Library(snapshot, names, day)
    said = bind(folded, found)
    resolved = {index: _resolved(found[index], context, library) for one in said for index in one.members}
    words: dict[int, Words] = {}
    quoted: set[int] = set()  # citations that are part of words that were compared as a whole
    for one in said:
        worth = _words(folded, one, resolved, library)
        words |= worth
        marked = bool(one.quotes) and all(quote.marked for quote in one.quotes)
        if marked or any(of.content in COMPARED for of in worth.values()):
            quoted |= one.inner
    findings = [
        _finding(folded, found[index], resolved[index], words.get(index, NOTHING), library)
        for index in resolved
        if index not in quoted
    ]
    findings.sort(key=lambda finding: (finding.start, finding.end))
    return CheckReport(text, tuple(findings), day, day_from, len(names.metadata), snapshot.corpus)


def _day(text: str, as_of: date | None, today: date) -> tuple[date, str]:
    """Return the date that a text is judged on, and where it comes from."""
    if as_of is not None:
        return as_of, "given"
    lines = [line for line in text.rstrip().split("\n") if line.strip()][-DATE_LINES:]
    for line in reversed(lines):
        match = _DATE_LINE.fullmatch("".join(line.split()))
        if match is None:
            continue
        try:
            return date(*(parse_numeral(match[part]) for part in ("year", "month", "day"))), "text"
        except ValueError:
            continue
    return today, "today"


def _resolved(cited: Cited, context: Context, library: Library) -> Resolved:
    return resolve_own(cited, context.draft) if cited.document.how is Naming.OWN else resolve(cited, library)


def _words(folded: Folded, said: Said, resolved: dict[int, Resolved], library: Library) -> dict[int, Words]:
    """Return what the words said of an enumeration are worth, by citation."""
    standing = [index for index in said.members if resolved[index].row is not None]
    places = [
        Place(row, resolved[index].provision if resolved[index].status is None else None)
        for index in standing
        if (row := resolved[index].row) is not None
    ]
    found: dict[int, Words] = {}
    if not places:
        return _of_nobody(folded, said, resolved, library)
    for quote in said.quotes:
        if quote.marked:
            span = folded.span(quote.start, quote.end)
            before = folded.text[max(0, quote.start - MAX_BEFORE) : quote.start]
            index, words = verify_quote(folded.text[quote.start : quote.end], span, places, library, before)
        else:
            blocks = [(folded.text[quote.start : end], folded.span(quote.start, end)) for end in quote.ends]
            index, words = verify_block(blocks, places, library)
        key = standing[index]
        found[key] = _both(found[key], words) if key in found else words
    for index, words in list(found.items()):
        exact = next((one for one in words.quotes if one.exact and one.found_in), None)
        if exact is not None and resolved[index].status is not None and (row := resolved[index].row) is not None:
            found[index] = replace(words, expected=f"{library.title(row.id)}{exact.found_in[0]}")
    if said.claim is not None:
        claim = said.claim
        text = folded.text[claim.start : claim.end]
        start, end = folded.span(claim.start, claim.end)
        wrong = [index for index in standing if resolved[index].status is not None]
        if wrong and len(wrong) == len(standing):
            return found | _misplaced(text, standing, resolved, library)
        index, words = verify_claim(text, claim.strict, claim.ruled, places, library)
        quotes = tuple(replace(one, start=start, end=end) for one in words.quotes)
        words = replace(words, quotes=quotes)
        if words.content is Content.VERBATIM:
            beside = [folded.text[low:high] for low, high in claim.beside]
            words = verify_beside(beside, places[index], library) or words
        found[standing[index]] = words
    return found


def _of_nobody(folded: Folded, said: Said, resolved: dict[int, Resolved], library: Library) -> dict[int, Words]:
    """Say where the quotes of a citation stand that names no document."""
    lost = [index for index in said.members if resolved[index].status is CheckStatus.UNRESOLVED_REFERENCE]
    if not (lost and said.quotes):
        return {}
    quote = said.quotes[0]
    span = folded.span(quote.start, quote.end)
    text = folded.original[span[0] : span[1]]
    labels = places_of_words(text, library)
    detail = f"引文见于{'、'.join(labels[:3])}" if labels else ""
    return {lost[-1]: Words(detail=detail, expected=labels[0] if len(labels) == 1 else "")} if labels else {}


def _misplaced(text: str, standing: Sequence[int], resolved: dict[int, Resolved], library: Library) -> dict[int, Words]:
    """Say where the words beside a citation stand, whose own provision does not exist."""
    index = standing[-1]
    row = resolved[index].row
    if row is None:
        return {}
    _, words = verify_quote(text, (0, 0), [Place(row, None)], library)
    labels = words.quotes[0].found_in if words.quotes and words.quotes[0].exact else ()
    return {index: Words(expected=f"{library.title(row.id)}{labels[0]}")} if labels else {}


def _both(one: Words, other: Words) -> Words:
    """Return what two quotes of one citation are worth together: the worse of the two, with both quotes."""
    worse = one if one.status is not None else other
    return replace(worse, quotes=(*one.quotes, *other.quotes))


def _finding(folded: Folded, cited: Cited, resolved: Resolved, words: Words, library: Library) -> Finding:
    start, end = folded.span(cited.start, cited.end)
    text = folded.original[start:end]
    row, provision = resolved.row, resolved.provision
    label = library.label(provision) if provision is not None else library.title(row.id) if row is not None else ""
    target = provision.id if provision is not None else row.id if row is not None else ""
    if resolved.status is not None:
        detail = "；".join(part for part in (resolved.detail, words.detail) if part)
        expected = resolved.expected or words.expected
        # What is cited does not exist: no id stands for it, not even that of what would contain it.
        missing = resolved.status in (CheckStatus.NO_SUCH_ARTICLE,)
        return Finding(
            text, start, end, resolved.status, detail, row.id if missing and row is not None else target, label,
            expected, resolved.candidates, words.content, words.quotes,
        )  # fmt: skip
    if row is None:
        return Finding(text, start, end, CheckStatus.OK, resolved.detail)
    invalid = _invalid(row, library)
    if invalid is not None:
        status, detail = invalid
        detail = "；".join(part for part in (detail, words.detail) if part)
        return Finding(text, start, end, status, detail, target, label, words.expected, (), words.content, words.quotes)
    if words.status is not None:
        return Finding(
            text, start, end, words.status, words.detail, target, label, words.expected, (), words.content, words.quotes
        )
    return Finding(
        text, start, end, CheckStatus.OK, _fine(row, provision is not None, words, label), target, label, "", (),
        words.content, words.quotes,
    )  # fmt: skip


def _invalid(row: Metadata, library: Library) -> tuple[CheckStatus, str] | None:
    """Return why a document does not hold on the library's date; None where it does, or nobody knows."""
    validity = validity_on(row, library.as_of)
    by, same_work = replaced_by(row, library)
    name = library.title(row.id)
    if validity.state is ValidityState.REPEALED and not same_work:
        return CheckStatus.REPEALED, f"{name}{validity_words(validity)}" + (f"，{by}" if by else "")
    if validity.state is ValidityState.REPEALED:
        return CheckStatus.NOT_IN_FORCE, f"{name}{by}"
    if validity.state in (ValidityState.NOT_YET, ValidityState.EXPIRED):
        return CheckStatus.NOT_IN_FORCE, f"{name}在{date_words(library.as_of)}不具效力：{validity_words(validity)}"
    later = [
        one
        for one in library.versions(row.id)
        if (start := one.effective or one.promulgated) is not None
        and (row.effective or row.promulgated or date.max) < start <= library.as_of
    ]
    return (CheckStatus.NOT_IN_FORCE, f"{name}{by or '已被后来的版本取代'}") if later else None


def _fine(row: Metadata, provision: bool, words: Words, label: str) -> str:
    unknown = "" if row.verified else "（元数据未核实）"
    match words.content:
        case Content.VERBATIM:
            where = words.quotes[0].found_in[0] if words.quotes and words.quotes[0].found_in else ""
            return f"{label}：逐字一致{f'，见{where}' if where else ''}{unknown}"
        case Content.UNCHECKED:
            return f"{label}：位置存在，内容未核{unknown}"
        case _:
            return f"{label}：{'条文存在' if provision else '文件已收录'}{unknown}"
