"""What a quoted rule is worth: whose duty, what is only encouraged, what a guidance is, and what does not follow.

Design §5: a regulation's 应当 is a duty of the body it names; 鼓励 and 支持 give no claim to money; a guidance directs
the departments and gives a firm no right and no duty by itself, which does not mean that it has no effect.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answering.bodies import (
    Named,
    Span,
    data,
    encouraged_of,
    indicative_subject,
    no_amount,
    sentences_of,
    subject_of,
)
from assistant.answering.ngrams import model
from assistant.answering.segments import label, listed, quoted, say, title
from assistant.parsing.force import classify
from assistant.schema import (
    Citation,
    Force,
    Kind,
    Level,
    Metadata,
    Notice,
    NoticeKind,
    Provision,
    Remark,
    Words,
    text_of,
)

MAX_REMARKS = 3
_GUIDANCE = frozenset({Level.STATE_COUNCIL_DOCUMENT, Level.DEPARTMENT_DOCUMENT, Level.LOCAL_DOCUMENT})
_OF_A_BODY = frozenset({Force.DUTY, Force.PROHIBITION, Force.POWER})


@dataclass(frozen=True, slots=True)
class _Worth:
    """What one citation is worth.

    Attributes:
        template: id of the sentence that says so, without its prefix.
        force: what governs.
        whose: slices of the document: who has the duty, who is encouraged.
        verb: the 支持 or 鼓励 of the document.
    """

    citation: Citation
    template: str
    force: Force
    whose: Words = ()
    verb: Words = ()

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """What two citations that say the same have in common."""
        doc_id = self.citation.provision.partition(":")[0]
        if self.template.startswith("guidance_support"):  # several would each say the same of the same guidance
            return doc_id, "guidance_support", "", ""
        return doc_id, self.template, text_of(self.whose), text_of(self.verb)


def remarks(
    citations: Sequence[Citation], provisions: Mapping[str, Provision], metadata: Mapping[str, Metadata]
) -> tuple[Remark, ...]:
    """Return what the quoted rules are worth, one sentence for those that say the same, at most `MAX_REMARKS`.

    `provisions` are those quoted, by id, and may hold those above them: who has the duty of an item stands there.
    """
    groups: dict[tuple[str, str, str, str], list[_Worth]] = {}
    for citation in citations:
        row = metadata[citation.provision.partition(":")[0]]
        worth = None if row.kind is Kind.CATALOGUE else _worth(citation, row, provisions)
        if worth is not None:
            groups.setdefault(worth.kind, []).append(worth)
    made = []
    for group in list(groups.values())[:MAX_REMARKS]:
        words = say(f"worth.{_template(group)}", **_slots(group, metadata, citations))
        if group[0].force is Force.DUTY and not is_guidance(_row(group[0], metadata)) and _bare(group):
            words += say("worth.no_amount")
        made.append(Remark(tuple(one.citation.key for one in group), text_of(words), words))
    return tuple(made)


def force_notice(question: str, citations: Sequence[Citation], metadata: Mapping[str, Metadata]) -> Notice | None:
    """Return a warning where the asker takes a rule for more than it is, or asks what it is worth; else None.

    It says what the first rule that matters is, and what does not follow from it.
    """
    abouts = asked_about(question)
    if not abouts or not citations:
        return None
    rows = [(one, metadata[one.provision.partition(":")[0]]) for one in citations]
    worths = [worth for one, row in rows if row.kind is not Kind.CATALOGUE and (worth := _worth(one, row, {}))]
    if abouts[0] == "binding":  # the guidance is what is doubted, wherever it is quoted
        worths.sort(key=lambda one: not is_guidance(_row(one, metadata)))
    worth = next((one for one in worths if one.force not in (Force.SCOPE, Force.VALIDITY, Force.DEFINITION)), None)
    if worth is None and abouts[0] == "worth" and worths:
        worth = worths[0]
    if worth is None:
        return None
    guidance = is_guidance(_row(worth, metadata))
    if (abouts[0] == "money" and not _is_support(worth)) or (abouts[0] == "doubt" and _compels(worth)):
        return None
    sort = "guidance" if guidance else worth.template
    words = say(f"worth.{_template([worth])}", **_slots([worth], metadata, citations)) + _follows(abouts[0], sort)
    return Notice(NoticeKind.FORCE, text_of(words), words)


def asked_about(question: str) -> tuple[str, ...]:
    """Return what a question takes a rule for, or doubts of it: the `about` of data/worth.toml; empty for a plain one.

    >>> asked_about("这条是硬性规定还是提倡"), asked_about("谁负责牵头")
    (('worth',), ())
    """
    abouts = tuple(dict.fromkeys(about for about, pattern in _asks() if pattern.search(question)))
    # People doubt a rule in more wordings than a list holds: what none of them finds, the model may.
    return abouts or (("worth",) if model("force").says_yes(question) else ())


def is_guidance(row: Metadata) -> bool:
    """Return whether a document directs departments, rather than laying down rights and duties."""
    return row.level in _GUIDANCE or (row.level is None and row.kind is Kind.POLICY)


@cache
def _asks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    shared = data()["words"]
    return tuple(
        (row["about"], re.compile(_SLOT.sub(lambda match: f"(?:{shared[match[1]]})", pattern)))
        for row in data()["asks"]
        for pattern in row["says"]
    )


# A shared word of data/worth.toml. Matches {give}; leaves {0,8} alone.
_SLOT = re.compile(r"\{([a-z_]+)\}")


def _worth(citation: Citation, row: Metadata, provisions: Mapping[str, Provision]) -> _Worth | None:
    """Return what a citation is worth, read from the first of its sentences that governs."""
    if not citation.force:
        return None
    force = citation.force[0]
    spans = sentences_of(citation.quote)
    span = next((one for one in spans if classify(citation.quote[slice(*one)], row.kind)[:1] == (force,)), None)
    if is_guidance(row):
        return _guidance(citation, span, force)
    if force is Force.ENCOURAGEMENT and span:
        verb, named = encouraged_of(citation.quote, span)
        if verb is not None:
            template = "encouragement" if named.spans else "encouragement_none"
            return _Worth(citation, template, force, _quoted(citation, named.spans), _quoted(citation, (verb,)))
    if force in _OF_A_BODY:
        named = subject_of(citation.quote, span, force) if span else Named()
        whose = _quoted(citation, named.spans)
        if not named.spans:
            named, whose = _above(citation, provisions, force)
        return _Worth(citation, f"{force}_{_sort(named)}", force, whose)
    if force is Force.STATEMENT:
        named = indicative_subject(citation.quote, span) if span else Named()
        return _Worth(citation, f"statement_{'body' if named.body else 'none'}", force, _quoted(citation, named.spans))
    return _Worth(citation, str(force), force)


def _guidance(citation: Citation, span: Span | None, force: Force) -> _Worth:
    if force is Force.ENCOURAGEMENT and span:
        verb, named = encouraged_of(citation.quote, span)
        if verb is not None:
            template = "guidance_support" if named.spans else "guidance_support_none"
            return _Worth(citation, template, force, _quoted(citation, named.spans), _quoted(citation, (verb,)))
    if force is Force.STATEMENT:
        return _Worth(citation, "guidance_goal", force)
    named = indicative_subject(citation.quote, span) if span else Named()
    return _Worth(citation, "guidance_body" if named.governs else "guidance", force, _quoted(citation, named.spans))


def _template(group: Sequence[_Worth]) -> str:
    """Return the sentence that holds for all of a group: guidances that support different people name none."""
    if len({(one.template, text_of(one.whose)) for one in group}) > 1:
        return "guidance_support_none"
    return group[0].template


def _sort(named: Named) -> str:
    if not named.spans:
        return "none"
    if named.governs:
        return "government"
    return "body" if named.body else "act"


def _above(citation: Citation, provisions: Mapping[str, Provision], force: Force) -> tuple[Named, Words]:
    """Return who the words above an item name: 县级以上人民政府应当采取下列措施：（一）…"""
    provision = provisions.get(citation.provision)
    while provision is not None and provision.parent:
        above = provisions.get(provision.parent)
        if above is None:
            break
        lead = above.text[: provision.start - above.start]
        named = subject_of(lead, sentences_of(lead)[0], force) if sentences_of(lead) else Named()
        if named.spans:
            return named, _slices(above.doc_id, lead, above.start, named.spans)
        provision = above
    return Named(), ()


def _quoted(citation: Citation, spans: Sequence[Span]) -> Words:
    return _slices(citation.provision.partition(":")[0], citation.quote, citation.start, spans)


def _slices(doc_id: str, text: str, offset: int, spans: Sequence[Span]) -> Words:
    pieces = (quoted(doc_id, text[start:end], offset + start, offset + end) for start, end in spans)
    return listed(pieces, "worth.gap")


def _slots(
    group: Sequence[_Worth], metadata: Mapping[str, Metadata], citations: Sequence[Citation]
) -> dict[str, Words]:
    """Return what fills the sentence of some citations that say the same."""
    row = _row(group[0], metadata)
    level = row.level or ("policy" if row.kind is Kind.POLICY else "none")
    several = len({one.provision.partition(":")[0] for one in citations}) > 1
    names = [label(one.citation.provision, one.citation.label) for one in group]
    named = listed({text_of(name): name for name in names}.values())
    return {
        "where": say("name", title=title(row), label=named) if several else named,
        "level": say(f"worth.level.{level}"),
        "whose": group[0].whose,
        "verb": listed({text_of(one.verb): one.verb for one in group}.values(), "worth.or"),
    }


def _row(worth: _Worth, metadata: Mapping[str, Metadata]) -> Metadata:
    return metadata[worth.citation.provision.partition(":")[0]]


def _bare(group: Sequence[_Worth]) -> bool:
    return no_amount([one.citation.quote for one in group])


def _is_support(worth: _Worth) -> bool:
    """Return whether a rule is support, which an asker may take for money: 支持, 统筹安排财政资金."""
    return Force.ENCOURAGEMENT in worth.citation.force or _bare([worth])


def _compels(worth: _Worth) -> bool:
    """Return whether a rule says what must or may be done; a guidance never does."""
    return worth.force in _OF_A_BODY and not worth.template.startswith("guidance")


def _follows(about: str, sort: str) -> Words:
    """Return what does not follow from a rule of this sort for one who asks this."""
    if about in ("claim", "money"):
        return say("worth.follows_duty" if sort.startswith("duty") else "worth.follows")
    return say("worth.follows_guidance") if sort == "guidance" and about in ("binding", "doubt") else ()
