"""Exact look-up: a provision that is named is fetched, not searched; one that does not exist is said not to exist."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import LookupFailedError
from assistant.indexing.index import Snapshot
from assistant.parsing import find_references, parent_path, render_label
from assistant.retrieval.scope import Sieve, sieve_of
from assistant.schema import Metadata, Parsed, Provision, Query, Reason, Reference

# 第十条 without a document's name is every document's 第十条, up to this many; beyond, the asker must say which.
MAX_DOCUMENTS = 5


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a reference leads to.

    Attributes:
        provisions: the provisions it names; several when several documents have it and none was named. Where an article
            exists and the paragraph or item that was named in it does not, the article.
        inexact: labels that were asked for where `provisions` holds only what contains them.
        absent: for each document that was looked into and lacks it, (document id, label asked for, its last label).
        crowd: how many documents have it, where these are too many to show; then nothing else is filled.
    """

    reference: Reference
    provisions: tuple[Provision, ...] = ()
    inexact: tuple[str, ...] = ()
    absent: tuple[tuple[str, str, str], ...] = ()
    crowd: int = 0


def look_up(snapshot: Snapshot, query: Query, metadata: Mapping[str, Metadata]) -> tuple[Lookup, ...]:
    """Return what each reference of the question leads to, in order: into the documents of its scope.

    Of several versions that is the one in force, or the one asked for. Where the scope keeps none of the documents that
    can be meant, or none that has the provision, into those of other places: what is named is shown, and the answer
    says what it is worth.
    """
    sieve = sieve_of(snapshot, query.scope)
    return tuple(_one(snapshot, reference, metadata, sieve) for reference in query.references)


def _one(snapshot: Snapshot, reference: Reference, metadata: Mapping[str, Metadata], sieve: Sieve) -> Lookup:
    if reference.unheld:
        return Lookup(reference)
    named = reference.doc_ids or tuple(metadata)
    documents = tuple(doc_id for doc_id in named if doc_id not in sieve.out) or named
    for path in reference.paths:
        found = snapshot.provisions(f"{doc_id}:{path}" for doc_id in documents)
        if len(found) > MAX_DOCUMENTS:
            return Lookup(reference, crowd=len(found))
        if found:
            return Lookup(reference, tuple(found[key] for key in sorted(found)))
    elsewhere = tuple(doc_id for doc_id in named if sieve.out.get(doc_id) is Reason.JURISDICTION)
    for path in reference.paths if documents != named else ():
        # Only another place's document has it: that one is meant, and the answer says that it does not apply.
        found = snapshot.provisions(f"{doc_id}:{path}" for doc_id in elsewhere)
        if 0 < len(found) <= MAX_DOCUMENTS:
            return Lookup(reference, tuple(found[key] for key in sorted(found)))
    for path in reference.paths:
        above = parent_path(path)
        while above:
            found = snapshot.provisions(f"{doc_id}:{above}" for doc_id in documents)
            if len(found) > MAX_DOCUMENTS:
                return Lookup(reference)
            if found:
                return Lookup(reference, tuple(found[key] for key in sorted(found)), inexact=(render_label(path),))
            above = parent_path(above)
    absent = []
    for doc_id in documents if len(documents) <= MAX_DOCUMENTS else ():
        last = snapshot.last_article(doc_id)
        # 第四十五条 of a document without articles is no statement about that document.
        comparable = _comparable(reference.paths, last)
        if last and comparable:
            absent.append((doc_id, render_label(comparable), last))
    return Lookup(reference, absent=tuple(absent))


def _comparable(paths: tuple[str, ...], last: str | None) -> str | None:
    articles = bool(last and "条" in last)
    return next((path for path in paths if path.startswith("a") == articles), None)


def provisions_named(parsed: Parsed, label: str) -> tuple[Provision, ...]:
    """Return the provisions of a document that `label` names (第十条, 第十条第二款), in the order of naming.

    Raises:
        LookupFailedError: `label` names none, or one that the document does not have.
    """
    by_id = {provision.id: provision for provision in parsed.provisions}
    found: list[Provision] = []
    references = find_references(label)
    if not references:
        raise LookupFailedError(f"“{label}”不是条文的写法。可以写：第十条、第十条第二款、第七部分、结尾段")
    for reference in references:
        ids = [f"{parsed.document.id}:{path}" for path in reference.paths]
        provision = next((by_id[one] for one in ids if one in by_id), None)
        if provision is None:
            last = [one.label for one in parsed.provisions if one.unit]
            raise LookupFailedError(
                f"《{parsed.document.title}》没有{reference.text}（从{last[0]}到{last[-1]}，共{len(last)}个）"
            )
        found.append(provision)
    return tuple(found)
