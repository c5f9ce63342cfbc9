"""Texts of an answer as they are said: in fewer words, with the titles people use, numbers as spoken."""

from collections.abc import Mapping, Sequence

from assistant.answering.segments import alias, listed, say, slots, spoken, templates, title
from assistant.schema import WHOLE_COUNTRY, Metadata, Notice, Segment, SegmentKind, Words, text_of

MIN_SHORT = 8  # characters: 省条例 is short and could be any province's
_BETWEEN = frozenset({"comma"})  # what stands between the things of a list is no text of its own
MAX_ECHOED = 24  # characters of the question that are said back


def short_title(row: Metadata) -> Words:
    """Return the name a document is given on the telephone: the shortest of its aliases that cannot be mistaken.

    Such an alias keeps the ending and the place of the title and adds nothing: 广东省产业转移条例. Else the title.
    """
    place = row.title.partition("省")[0] if "省" in row.title[:9] else ""
    fit = [
        (len(name), number)
        for number, name in enumerate(row.aliases)
        if len(name) >= MIN_SHORT
        and name[-2:] == row.title[-2:]
        and _within(name, row.title)
        and (not place or name.startswith(f"{place}省"))
    ]
    return spoken(alias(row, min(fit)[1]) if fit else title(row))


def national(row: Metadata) -> bool:
    """Return whether a spoken name needs 国家 in front: a document of the whole country that is no law."""
    return (
        row.jurisdiction == WHOLE_COUNTRY and row.title[-2:] not in ("国法", "条例", "办法") and row.title[-1] != "法"
    )


def said(words: Words, metadata: Mapping[str, Metadata]) -> Words:
    """Return a text as it is said: by the template sp_ID where it was made of template ID, else as it stands."""
    made_of = [segment.source.partition("#")[0] for segment in words if segment.kind is SegmentKind.TEMPLATE]
    known = next((name for name in made_of if name not in _BETWEEN and f"sp_{name}" in templates()), "")
    if known:
        words = say(f"sp_{known}", **slots(words, known))
    return spoken(piece for segment in words for piece in _short(segment, metadata))


def force(notice: Notice) -> Words:
    """Return what a rule is not worth, in the few words that a caller can take in."""
    made_of = [segment.source for segment in notice.words if segment.kind is SegmentKind.TEMPLATE]
    for kind in ("guidance", "encouragement", "duty"):
        if any(source.startswith(f"worth.{kind}") for source in made_of):
            return say(f"sp_force_{kind}")
    return say("sp_force_duty")


def gap(words: Words, metadata: Mapping[str, Metadata]) -> Words:
    """Return the clause that says what is missing: 文件里没有写明具体金额."""
    made_of = [segment.source.partition("#")[0] for segment in words if segment.kind is SegmentKind.TEMPLATE]
    if set(made_of) <= {"missing_part", "missing_part_cut", "missing_detail"}:
        echoes = tuple(segment for segment in words if segment.kind is SegmentKind.ECHO)
        short = echoes and len(text_of(echoes)) <= MAX_ECHOED and not any(char.isdigit() for char in text_of(echoes))
        return spoken(say("sp_missing_part", words=echoes)) if short else say("sp_missing")
    return said(words, metadata)


def gaps(missing: Sequence[Words], metadata: Mapping[str, Metadata]) -> Words:
    """Return all that is missing in one sentence without its stop; facts are named together, and matters."""
    facts: dict[str, Words] = {}
    matters: dict[str, Words] = {}
    others: dict[str, Words] = {}
    for words in missing:
        names = [segment for segment in words if segment.source.startswith("asked.")]
        for name in names:
            facts[name.text] = (name,)
        of_matters = [segment for segment in words if segment.source.startswith("matter.")]
        for name in of_matters:
            matters[name.text] = (name,)
        if not names and not of_matters:
            clause = gap(words, metadata)
            others[text_of(clause)] = clause
    told = [say("sp_missing_fact", fact=listed(facts.values()))] if facts else []
    if matters:
        told.append(spoken(say("sp_missing_matter", matter=listed(matters.values()))))
    return listed([*told, *others.values()], "sp_comma")


def _short(segment: Segment, metadata: Mapping[str, Metadata]) -> Words:
    what, _, value = segment.source.partition(":")
    if segment.kind is SegmentKind.NAME and what == "title" and value in metadata:
        return short_title(metadata[value])
    return (segment,)


def _within(name: str, whole: str) -> bool:
    """Return whether the characters of a name stand in the whole in their order."""
    rest = iter(whole)
    return all(char in rest for char in name)
