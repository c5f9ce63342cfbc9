"""Resolve: which document and which provision a citation means; exactly one, or what keeps it from being one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.citing.cited import Cited, DocumentName, Naming
from assistant.citing.draft import Draft
from assistant.citing.names import Names, number_key, place_of_title
from assistant.indexing.index import Snapshot
from assistant.indexing.links_titles import title_key
from assistant.indexing.validity import validity_on
from assistant.indexing.versions import dated_title, years_of
from assistant.parsing import parent_path, parse_numeral, parse_path, render_label, render_numeral, split_id
from assistant.parsing.labels import article_piece
from assistant.schema import CheckStatus, KnownDocument, Metadata, Parsed, Provision, ValidityState

MAX_CANDIDATES = 5
_ENTRY = re.compile(r"(?:鼓励|限制|淘汰|允许|禁止)类")
# The last 编, 章 or 节 of a label. Matches 第三章; refuses 第三条.
_HEADINGS = re.compile(r"第([\d〇零一二三四五六七八九十百]+)([编章节])$")
_LAPSED = frozenset({ValidityState.REPEALED, ValidityState.EXPIRED, ValidityState.NOT_YET})


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a citation leads to.

    Attributes:
        row: the document, None where it is not exactly one that is held.
        provision: what is cited of it, or what contains it where that does not exist; None for the whole document.
        status: None where the citation leads to something that exists; else what is wrong.
        detail, expected, candidates: as of a `Finding`.
    """

    row: Metadata | None = None
    provision: Provision | None = None
    status: CheckStatus | None = None
    detail: str = ""
    expected: str = ""
    candidates: tuple[str, ...] = ()


class Library:
    """The held documents during one check: each is loaded once."""

    def __init__(self, snapshot: Snapshot, names: Names, as_of: date) -> None:
        self.snapshot, self.names, self.as_of = snapshot, names, as_of
        self._parsed: dict[str, Parsed | None] = {}
        self._provisions: dict[str, Provision | None] = {}

    def row(self, doc_id: str) -> Metadata:
        """Return the metadata of a held document."""
        return self.names.metadata[doc_id]

    def parsed(self, doc_id: str) -> Parsed | None:
        """Return a held document whole."""
        if doc_id not in self._parsed:
            self._parsed[doc_id] = self.snapshot.parsed(doc_id)
        return self._parsed[doc_id]

    def provision(self, doc_id: str, path: str) -> Provision | None:
        """Return the provision at a path of a held document, None where there is none."""
        key = f"{doc_id}:{path}"
        if key not in self._provisions:
            self._provisions[key] = self.snapshot.provisions([key]).get(key)
        return self._provisions[key]

    def title(self, doc_id: str) -> str:
        """Return a document's title in marks, with its year where it is not the version in force."""
        return dated_title(self.row(doc_id), self.as_of, self.versions(doc_id))

    def label(self, provision: Provision) -> str:
        """Return a provision as it is cited: 《广东省促进产业有序转移条例》第三十条."""
        return f"{self.title(provision.doc_id)}{provision.label}"

    def versions(self, doc_id: str) -> tuple[Metadata, ...]:
        """Return all held versions of a document, itself among them."""
        row = self.row(doc_id)
        ids = self.names.meant(row.title).doc_ids or (doc_id,)
        return tuple(self.row(one) for one in ids)


def resolve(cited: Cited, library: Library) -> Resolved:
    """Return what a citation leads to on the library's date."""
    if cited.lost:
        return Resolved(status=CheckStatus.UNRESOLVED_REFERENCE, detail="前文没有可以承接的条文，看不出指的是哪一条")
    ids, failed = _documents(cited, library)
    if failed is not None:
        return failed
    chosen = _version(ids, cited, library)
    if isinstance(chosen, Resolved):
        return chosen
    row = library.row(chosen)
    if wrong := _wrong_number(cited.document, row):
        return Resolved(row, None, CheckStatus.TITLE_MISMATCH, wrong, row.number)
    return _part(row, cited.part, library) if cited.part else _position(row, cited, library)


def _documents(cited: Cited, library: Library) -> tuple[tuple[str, ...], Resolved | None]:
    """Return the held documents that a name means, all versions; or what keeps it from meaning one."""
    names, document = library.names, cited.document
    if document.how is Naming.NONE:
        return (), Resolved(status=CheckStatus.UNRESOLVED_REFERENCE, detail="没有写明是哪份文件的条文")
    if document.how is Naming.SORT:
        return _of_sort(document.name, library)
    if document.how is Naming.CARRIED and document.beside:
        titles = tuple(f"《{name}》" for name in (*document.beside, document.name))
        said = "前文并列提到几份文件，看不出指的是哪一份"
        return (), Resolved(status=CheckStatus.AMBIGUOUS, detail=said, candidates=titles)
    named = names.numbered(document.name) if document.how is Naming.NUMBER else names.meant(document.name)
    if named.doc_ids:
        return named.doc_ids, None
    if named.known is not None:
        return (), _known(named.known, cited.paths)
    if document.how is Naming.NUMBER:
        return (), Resolved(
            status=CheckStatus.NOT_IN_CORPUS,
            detail=f"未收录文号为{document.name}的文件，无法核对，请查阅原文",
        )
    if near := names.near(document.name):
        return (), _near(document, cited, near, library)
    return (), Resolved(status=CheckStatus.NOT_IN_CORPUS, detail=_not_held(document.name, library))


def _near(document: DocumentName, cited: Cited, near: Sequence[str], library: Library) -> Resolved:
    """Say which titles a name is a slip of, with the provision where it is there in the only one."""
    titles = tuple(f"《{title}》" for title in near)
    said = f"没有题名为《{document.name}》的文件在收录之列，与{titles[0]}相近而不同，请核对题名"
    expected = titles[0] if len(titles) == 1 else ""
    ids = library.names.meant(near[0]).doc_ids
    if expected and ids and cited.paths:
        there = next((found for path in cited.paths if (found := located(ids[-1], path, library))), ())
        expected = library.label(there[0]) if len(there) == 1 else expected
    return Resolved(status=CheckStatus.TITLE_MISMATCH, detail=said, expected=expected, candidates=titles)


def resolve_own(cited: Cited, draft: Draft) -> Resolved:
    """Return whether a draft has what it cites of itself."""
    fine = Resolved(detail="指本文自己的条款")
    if not cited.paths or any(draft.has(path) for path in cited.paths):
        return fine
    path = cited.paths[0]
    if not path.startswith("a"):
        return fine
    steps = path.split(".")
    label = render_label(path)
    if not draft.has(steps[0]) and draft.excerpt:
        return Resolved(status=CheckStatus.UNRESOLVED_REFERENCE, detail=f"本文的节录里没有{label}，无法核对")
    if not draft.has(steps[0]):
        head = render_label(steps[0])
        return Resolved(status=CheckStatus.NO_SUCH_ARTICLE, detail=f"本文没有{head}，共{draft.articles}条")
    paragraph = not draft.has(".".join(steps[:2])) and cited.paragraph
    status = CheckStatus.NO_SUCH_PARAGRAPH if paragraph or len(steps) == 2 else CheckStatus.NO_SUCH_ITEM
    return Resolved(status=status, detail=f"本文没有{label}")


def _of_sort(sort: str, library: Library) -> tuple[tuple[str, ...], Resolved | None]:
    ids = library.names.of_sort(sort)
    works = {library.row(one).work or title_key(library.row(one).title) for one in ids}
    if len(works) == 1:
        return ids, None
    if not ids:
        return (), Resolved(
            status=CheckStatus.UNRESOLVED_REFERENCE, detail=f"前文没有写明是哪一份{sort}，收录的文件里也没有"
        )
    titles = tuple(dict.fromkeys(f"《{library.row(one).title}》" for one in ids))
    said = f"“{sort}”可以指 {len(titles)} 份文件，前文没有写明是哪一份"
    return (), Resolved(
        status=CheckStatus.AMBIGUOUS, detail=said, candidates=titles if len(titles) <= MAX_CANDIDATES else ()
    )


def _known(document: KnownDocument, paths: Sequence[str]) -> Resolved:
    """Say of a document that is known and not held what can be said: whether it has so many articles."""
    step = parse_path(paths[0])[0] if paths else None
    if step is not None and step.letter == "a" and document.articles is not None and step.number > document.articles:
        last = article_piece(document.articles)
        said = (
            f"《{document.title}》共{document.articles}条，到{last}为止，没有{article_piece(step.number)}（正文未收录）"
        )
        return Resolved(status=CheckStatus.NO_SUCH_ARTICLE, detail=said)
    said = f"已知文件，正文未收录：《{document.title}》的条文内容无法核对"
    return Resolved(status=CheckStatus.NOT_IN_CORPUS, detail=said)


def _not_held(name: str, library: Library) -> str:
    """Say that a document is not held, and which one that people take for it is another."""
    key = title_key(name)
    place = place_of_title(key)
    rest = key.removeprefix(place)
    others = (
        [row.title for row in library.names.metadata.values() if rest and title_key(row.title).endswith(rest)]
        if place
        else []
    )
    other = f"；收录的《{others[0]}》是另一份文件，不能代替" if others else ""
    return f"未收录《{name}》，无法核对，请查阅原文{other}"


def _version(ids: Sequence[str], cited: Cited, library: Library) -> str | Resolved:
    """Return the version that is meant: the one of the year named, else the one in force, else the last there was."""
    rows = [library.row(one) for one in ids]
    if cited.document.years:
        rows = _of_years(rows, cited.document)
        if not rows:
            year = cited.document.years[0]
            return Resolved(
                status=CheckStatus.NOT_IN_CORPUS, detail=f"未收录《{cited.document.name}》{year}年的版本，无法核对"
            )
    if len({title_key(row.title) for row in rows}) > 1:
        titles = tuple(f"《{row.title}》" for row in rows)
        return Resolved(
            status=CheckStatus.AMBIGUOUS,
            detail=f"“{cited.document.name}”可以指几份文件",
            candidates=titles[:MAX_CANDIDATES],
        )
    running = [row for row in rows if validity_on(row, library.as_of).state not in _LAPSED]
    begun = [row for row in rows if (start := row.effective or row.promulgated) is None or start <= library.as_of]
    pool = running or begun or rows
    latest = max((start for row in pool if (start := row.effective or row.promulgated)), default=None)
    pool = [row for row in pool if latest is None or (row.effective or row.promulgated) in (None, latest)]
    if len(pool) > 1 and cited.paths:
        having = [row for row in pool if any(library.provision(row.id, path) for path in cited.paths)]
        pool = having or pool
    if len(pool) > 1:
        titles = tuple(library.title(row.id) for row in pool)
        return Resolved(
            status=CheckStatus.AMBIGUOUS,
            detail="收录了同名的几份文件，看不出是哪一份",
            candidates=titles[:MAX_CANDIDATES],
        )
    return pool[0].id


def _of_years(rows: Sequence[Metadata], document: DocumentName) -> list[Metadata]:
    """Return the versions of the day, else of the year, that the words name."""
    of_day = [row for row in rows if document.day is not None and document.day in (row.effective, row.promulgated)]
    of_year = [row for row in rows if not years_of(row).isdisjoint(document.years)]
    # 2018年施行 is what a version is called by where another was only issued then.
    started = [row for row in of_year if (day := row.effective or row.promulgated) and day.year in document.years]
    return of_day or started or of_year


def _wrong_number(document: DocumentName, row: Metadata) -> str:
    """Say that the number written behind a title is not the document's; "" where it is, or nobody knows."""
    if not (document.number and row.number):
        return ""
    written, own = number_key(document.number)[0], number_key(row.number)[0]
    if not own[1] or written == own:
        return ""
    memory = "（收录的文号凭记忆，未核对）" if "number" in row.from_memory else ""
    return f"文号不符：《{row.title}》的文号是{row.number}{memory}"


def _part(row: Metadata, part: str, library: Library) -> Resolved:
    """Return the part of a document that a label names; a chapter, which is no provision, only has to be there."""
    words = part.removeprefix("的")
    if _ENTRY.search(words):
        return Resolved(row, None, CheckStatus.UNRESOLVED_REFERENCE, f"{library.title(row.id)}的条目不能逐条核对")
    parsed = library.parsed(row.id)
    for provision in parsed.provisions if parsed is not None else ():
        if "".join(provision.label.split()) == words:
            return Resolved(row, provision)
    heading = _HEADINGS.search(words)
    if heading is not None and parsed is not None:
        level, number = {"编": "book", "章": "chapter", "节": "section"}[heading[2]], _number(heading[1])
        there = [one.number for one in parsed.headings if one.level == level]
        if number in there:
            return Resolved(row)
        if there:
            last = f"到第{render_numeral(max(there))}{heading[2]}为止"
            said = f"{library.title(row.id)}没有{heading[0]}，{last}"
            return Resolved(row, None, CheckStatus.NO_SUCH_ARTICLE, said)
    if words.startswith(("附", "引", "序", "章首")) or heading is not None:
        return Resolved(row)  # files are often kept without their annexes
    return Resolved(row, None, CheckStatus.NO_SUCH_ARTICLE, f"{library.title(row.id)}没有{words}")


def _number(numeral: str) -> int | None:
    try:
        return parse_numeral(numeral)
    except ValueError:
        return None


def _position(row: Metadata, cited: Cited, library: Library) -> Resolved:
    """Return the provision of a document that is meant, or the level at which it is not there."""
    paths = cited.paths
    if not paths:
        return Resolved(row)
    for path in paths:
        found = located(row.id, path, library, any_paragraph=not cited.paragraph)
        if len(found) == 1:
            return Resolved(row, found[0])
        if found:
            labels = tuple(library.label(one) for one in found)
            said = "所引的条有几款都有这一项，没有写明是哪一款"
            return Resolved(None, None, CheckStatus.AMBIGUOUS, said, candidates=labels[:MAX_CANDIDATES])
    path = _comparable(row, paths, library)
    above = parent_path(path)
    while above and not located(row.id, above, library):
        above = parent_path(above)
    holder = located(row.id, above, library)[0] if above else None
    if holder is None:
        return Resolved(row, None, CheckStatus.NO_SUCH_ARTICLE, _no_article(row, path, library))
    missing = path[len(above or "") + 1 :].partition(".")[0]
    paragraph = missing.startswith("p")
    status = CheckStatus.NO_SUCH_PARAGRAPH if paragraph else CheckStatus.NO_SUCH_ITEM
    inside = [
        one for one in _children(row.id, holder, library) if split_id(one.id)[1].rpartition(".")[2][:1] == missing[:1]
    ]
    count = f"，只有{len(inside)}{_counted(missing)}" if inside else f"，没有分{_counted(missing)}"
    return Resolved(row, holder, status, f"{library.title(row.id)}{holder.label}{count}")


def located(doc_id: str, path: str, library: Library, *, any_paragraph: bool = False) -> tuple[Provision, ...]:
    """Return the provision at a path, or all that it can mean; empty for none.

    第十条第（三）项 names no 款: with `any_paragraph` it is any item of that number in it. 第八条 of a
    document without articles is what people call its part 八.
    """
    steps = path.split(".")
    if any_paragraph and len(steps) >= 3 and steps[1] == "p1" and steps[2].startswith("i"):
        return _items(doc_id, steps, library)
    if (found := library.provision(doc_id, path)) is not None:
        return (found,)
    if len(steps) == 1 and path.startswith("a") and library.provision(doc_id, "a1") is None:
        part = library.provision(doc_id, f"n{path[1:]}")
        return (part,) if part is not None else ()
    return ()


def _items(doc_id: str, steps: Sequence[str], library: Library) -> tuple[Provision, ...]:
    parsed = library.parsed(doc_id)
    head, tail = f"{doc_id}:{steps[0]}.p", "." + ".".join(steps[2:])
    inside = [one for one in (parsed.provisions if parsed is not None else ()) if one.id.startswith(head)]
    return tuple(one for one in inside if one.id.endswith(tail) and one.id.count(".") == len(steps) - 1)


def _comparable(row: Metadata, paths: Sequence[str], library: Library) -> str:
    """Return the path to speak of: of a document with articles that of an article, else that of a part."""
    articles = library.provision(row.id, "a1") is not None
    return next((path for path in paths if path.startswith("a") == articles), paths[0])


def _no_article(row: Metadata, path: str, library: Library) -> str:
    last = library.snapshot.last_article(row.id)
    head = render_label(path.partition(".")[0])
    if path.startswith("a") and last and "条" not in last:
        return f"{library.title(row.id)}不分条，到{last}为止"
    return f"{library.title(row.id)}没有{head}，到{last}为止" if last else f"{library.title(row.id)}没有{head}"


def _children(doc_id: str, holder: Provision, library: Library) -> list[Provision]:
    parsed = library.parsed(doc_id)
    return [one for one in parsed.provisions if one.parent == holder.id] if parsed is not None else []


def _counted(step: str) -> str:
    return {"p": "款", "i": "项", "k": "目"}.get(step[:1], "处")


def replaced_by(row: Metadata, library: Library) -> tuple[str, bool]:
    """Return (what repealed or replaced a version, whether that is of the same Work); ("", False) where nobody knows.

    被《…》废止; 已由2019年的版本取代.
    """
    same = {one.id for one in library.versions(row.id)}
    for other in library.names.metadata.values():
        if row.id in other.supersedes and other.id not in same and (other.work or other.id) != (row.work or row.id):
            return f"被《{other.title}》废止", False
    later = [one for one in library.versions(row.id) if one.id != row.id and _start(one) > _start(row)]
    following = min(later, key=_start, default=None)
    if following is None:
        return "", False
    start = _start(following)
    ends = row.repealed is None or abs(row.repealed - start) <= timedelta(days=1)
    return (f"已由{start.year}年的版本取代", True) if ends else ("", False)


def _start(row: Metadata) -> date:
    return row.effective or row.promulgated or date.min
