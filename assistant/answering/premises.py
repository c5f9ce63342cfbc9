"""False premises: what the asker takes for the rules, held against the text, and the words that correct it."""

from collections.abc import Sequence

from assistant.answering.premises_claim import Cue, Premise
from assistant.answering.premises_found import find_premises
from assistant.answering.premises_judged import PremiseVerdict, judged
from assistant.answering.segments import label, say
from assistant.schema import Citation, Notice, NoticeKind, Segment, SegmentKind, Words, text_of

__all__ = ["Cue", "Premise", "PremiseVerdict", "find_premises", "judged", "missing_premise", "premise_notice"]

MAX_ECHO = 40  # characters of a claim that are repeated


def premise_notice(premise: Premise, verdict: PremiseVerdict, citations: Sequence[Citation]) -> Notice | None:
    """Return the notice that corrects a claim; None where it stands.

    Args:
        premise: the claim.
        verdict: what became of it.
        citations: of the answer; the one that the claim names, else the first, is named as what the text says instead.
    """
    if verdict is PremiseVerdict.SUPPORTED:
        return None
    instead = next((one for one in citations if _is_of(one, premise)), citations[0] if citations else None)
    if verdict is PremiseVerdict.REFUTED and instead is not None:
        doc_id = instead.provision.partition(":")[0]
        where = (
            Segment(SegmentKind.NAME, f"《{instead.document}》", f"title:{doc_id}"),
            *label(instead.provision, instead.label),
        )
        words = say("premise_refuted", claim=_echo(premise), where=where)
    else:
        words = say("premise_unsupported", claim=_echo(premise))
    return Notice(NoticeKind.PREMISE, text_of(words), words)


def missing_premise(premise: Premise, verdict: PremiseVerdict) -> Words | None:
    """Return what is missing: a claim to which nothing speaks, or a refuted one that more is asked on; else None."""
    if verdict is PremiseVerdict.UNSUPPORTED or (verdict is PremiseVerdict.REFUTED and premise.asks_on):
        return say("premise_missing", claim=_echo(premise))
    return None


def _is_of(citation: Citation, premise: Premise) -> bool:
    path = citation.provision.partition(":")[2]
    return any(path == one or path.startswith(f"{one}.") for one in premise.paths)


def _echo(premise: Premise) -> Words:
    """Return the claim as it stands in the question, cut at a clause where it is long."""
    text = premise.text
    if len(text) > MAX_ECHO:
        cut = max(text.rfind(mark, 0, MAX_ECHO) for mark in "，,、")
        text = text[: cut if cut > 0 else MAX_ECHO]
    return (Segment(SegmentKind.ECHO, text, "", premise.start, premise.start + len(text)),)
