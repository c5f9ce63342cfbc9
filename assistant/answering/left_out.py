"""What the scope of a question left out, and whether that changes the answer.

A rule of another place, or of a later time, is named only where it is what the question wants.
"""

from collections.abc import Mapping, Sequence

from assistant.answering.moves import matches
from assistant.answering.segments import day, label, listed, place, say, title
from assistant.places import MAX_PLACES
from assistant.schema import Found, LeftOut, Level, Metadata, Notice, NoticeKind, Query, Reason, Words, text_of

# What was left out is what the question wants when its score is so high, and so far ahead of what was kept. Fitted on
# some ten questions of each sort: 湖南的厂电费能降吗 is 0.16 to 0.46 ahead,
# 去甘肃做绿色食品 (of the guidance) 0 to 0.13.
LEFT_OUT_SPEAKS = 1.0
LEFT_OUT_AHEAD = 0.15


def notice(kind: NoticeKind, words: Words) -> Notice:
    """Return a notice of these words."""
    return Notice(kind, text_of(words), words)


def level_said(level: Level | None) -> Words:
    """Return the name of a level: 地方性法规."""
    return say(f"level_{level.value}" if level else "level_unknown")


def places_said(codes: Sequence[str]) -> Words:
    """Return the first three places, and 等地 where there are more."""
    named = listed(place(code) for code in codes[:MAX_PLACES])
    return say("place_several", places=named) if len(codes) > MAX_PLACES else named


def left_out_decides(query: Query, found: Found) -> bool:
    """Return whether a provision that the scope left out is what the question wants, and nothing inside it as much.

    In force elsewhere, or not yet: the reason then stands in the answer. Where the provisions inside speak about as
    well, what was left out changes nothing.
    """
    first = found.left_out[0] if found.left_out else None
    if first and first.reason is Reason.TIME and matches("time", "before_rule", query.asked_text):
        return True  # the question says itself that the rule came later
    if first is None or first.rank > 1 or first.score < LEFT_OUT_SPEAKS:
        return False
    if first.reason is Reason.JURISDICTION and matches("question", "national", query.asked_text):
        return False
    return not found or first.score >= found[0].score + LEFT_OUT_AHEAD


def left_out_notices(query: Query, found: Found, metadata: Mapping[str, Metadata]) -> tuple[Notice, ...]:
    """Return the notice on the provision that the scope left out, where it is what the question wants."""
    if not left_out_decides(query, found):
        return ()
    first = found.left_out[0]
    return (_left_out(first, found.regions, metadata[first.provision.doc_id]),)


def _left_out(one: LeftOut, regions: Sequence[str], row: Metadata) -> Notice:
    said = {"title": title(row), "label": label(one.provision.id, one.provision.label)}
    match one.reason:
        case Reason.JURISDICTION:
            words = say("place_left_out", area=place(one.jurisdiction), places=places_said(regions), **said)
            return notice(NoticeKind.JURISDICTION, words)
        case Reason.TIME:
            asked, since = one.validity.as_of, one.validity.since
            if since and since > asked:
                words = say("time_left_out", day=day(since), asked=day(asked), **said)
            else:
                words = say("time_left_out_other", asked=day(asked), **said)
            return notice(NoticeKind.TIME, words)
        case Reason.VERSION:
            return notice(NoticeKind.TIME, say("time_left_out_version", **said))
        case Reason.KIND:
            words = say("meta_left_out_kind", kind=say(f"kind_{one.kind.value}"), **said)
        case Reason.LEVEL:
            words = say("meta_left_out_level", level=level_said(one.level), **said)
    return notice(NoticeKind.METADATA, words)
