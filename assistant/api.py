"""`Assistant`: the verbs behind the command line and the page, over one index."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from assistant.answering.answer import answer, timed
from assistant.answering.corrections import without_orders
from assistant.answering.dialogue import resume
from assistant.answering.first_ground import first_ground
from assistant.answering.generative import generate
from assistant.answering.llm import OpenAICompatible
from assistant.answering.thread import standing
from assistant.answering.why import Why, why
from assistant.building import vectors_at
from assistant.citing.check import check_text
from assistant.citing.sources import read_checked, read_pasted
from assistant.errors import LookupFailedError, QuestionError
from assistant.indexing.embedder import Embedder, load_embedder
from assistant.indexing.index import Index, Snapshot
from assistant.indexing.ingest import (
    ingest_parsed,
    parse_file,
    remove_documents,
)
from assistant.indexing.reranker import Reranker
from assistant.indexing.writer import Progress, quiet
from assistant.questions import checked_question, wish_of
from assistant.reading import load_known
from assistant.retrieval.hybrid import Mode, search
from assistant.retrieval.lookup import provisions_named
from assistant.retrieval.names import NameTable
from assistant.retrieval.rerank import LazyReranker, hits_wanted, reranked
from assistant.retrieval.scope import sieve_of
from assistant.retrieval.understanding import Wish, understand
from assistant.schema import (
    Answer,
    Carried,
    CheckReport,
    DocumentSummary,
    Found,
    IngestReport,
    Kind,
    KnownDocument,
    Level,
    Links,
    Metadata,
    Parsed,
    Preview,
    Provision,
    Query,
    Role,
    Scope,
    Statement,
)
from assistant.serving.masking import mask
from assistant.settings import Settings, load_settings

KNOWN_FILE = "known.toml"
T = TypeVar("T")
MAX_LISTED = 10  # documents in an error


@dataclass(frozen=True, slots=True)
class Shown:
    """What `show` found: a document, and the provisions of it that were named (none: the whole document).

    `links` has what each of the provisions cites and who cites it; for a whole document one entry, for all of it.
    """

    parsed: Parsed
    provisions: tuple[Provision, ...]
    links: tuple[Links, ...]


def open_assistant(settings: Settings | None = None) -> "Assistant":
    """Return an assistant over the index of `settings` (by default those of this process).

    Raises:
        IndexMissingError: there is no index yet.
        IndexMismatchError: the index was built with another embedder.
    """
    opened = Assistant(settings or load_settings())
    opened.ensure_usable()
    return opened


class Assistant:
    """Questions, look-ups and the library over one index. Safe to use from several threads.

    assistant = open_assistant()
    print(assistant.ask("企业用电成本能降吗").answer)
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._names: tuple[str, NameTable] | None = None
        self._reranker = LazyReranker(settings.reranker)

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
        return self._settings

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder the index is searched with."""
        return load_embedder(self._settings.embedder)

    @property
    def reranker(self) -> Reranker | None:
        """What reads the first hits again, loaded by the first question; None where the setting is "off"."""
        return self._reranker.get()

    @cached_property
    def llm(self) -> OpenAICompatible | None:
        """The language model that words answers; None where the setting is not there."""
        return OpenAICompatible(self._settings.llm) if self._settings.llm is not None else None

    @cached_property
    def _index(self) -> Index:
        return Index.open(self._settings.index, self.embedder, vectors_at(self._settings))

    def read(self, work: Callable[[Snapshot], T]) -> T:
        """Return `work` of one snapshot of the corpus, for measurements; it must have no side effects."""
        return self._index.read(work)

    def ensure_usable(self) -> None:
        """Raise the error that keeps the index from being used, if there is one."""
        self._index.read(lambda snapshot: snapshot.version)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: date | None = None,
        region: str = "",
        role: Role | None = None,
        kinds: Sequence[Kind] = (),
        levels: Sequence[Level] = (),
        all_versions: bool = False,
        with_llm: bool = True,
        on_statement: Callable[[Statement], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Answer:
        """Return the answer to a question; a language model's that fails or is cancelled falls back to quotes.

        Args:
            question: in plain Chinese.
            history: the earlier questions of this asker, oldest first, as they were asked; the last 10 count. A
                follow-up (那搬到江西呢) is read with them, and `Answer.carried` says what it kept; a new topic drops
                them.
            as_of: the date that validity is judged on; by default the one the question asks about, else today.
            region: name or administrative-division code of a province, city or county; "" when it is not said.
            role: who asks.
            kinds: only documents of these; empty for all.
            levels: only documents of these; empty for all. Documents of unknown level are searched, too.
            all_versions: whether versions that are not in force answer, too.
            with_llm: whether the language model of the settings, if there is one, words the answer.
            on_statement: called with each of the model's sentences as soon as it is verified.
            cancelled: asked several times a second while the model writes; true breaks off.

        Raises:
            QuestionError: the question is empty, or it or an earlier one is longer than 4,000 characters or no valid
                text.
            SettingsError: the region is not known, or several places bear its name; the model's key is not set.
            MissingDependencyError, ModelError: the reranker of the settings cannot be loaded.
        """
        started = time.monotonic()
        text = checked_question(question)
        earlier = [without_orders(one)[0] if one.strip() and checked_question(one) else "" for one in history]
        wish = wish_of(as_of, region, role, kinds, levels, all_versions)
        reranker = self.reranker
        left, orders = without_orders(text)

        def work(snapshot: Snapshot) -> Answer:
            query, carried = self._resume(snapshot, left, earlier, wish)
            if orders:  # spans stay those of the question as asked
                query = replace(query, text=text, asked=query.asked or left)
            return replace(answer(snapshot, self.embedder, query, reranker, orders), carried=carried)

        result = self._index.read(work)
        if with_llm and self.llm is not None:
            result = generate(
                result, self.llm, self.embedder, mask=mask, on_statement=on_statement, cancelled=cancelled
            )
        return timed(result, time.monotonic() - started)

    def check(self, text: str, *, as_of: date | None = None) -> CheckReport:
        """Return what became of every citation in a text: whether it exists, holds, and says what is said of it.

        Args:
            text: a reply, a draft, a model's output; as long as a book.
            as_of: the date that validity is judged on; by default the date that the text bears, else today.

        Raises:
            QuestionError: the text is empty.
            UnreadableFileError: it is longer than 5 MB.
        """
        text = read_pasted(text)
        if not text.strip():
            raise QuestionError("要核对的文字是空的。请给出一段引用了文件或条文的话")
        started = time.monotonic()
        known = self._known_rows()
        report = self._index.read(lambda snapshot: check_text(snapshot, known, text, as_of))
        return replace(report, seconds=round(time.monotonic() - started, 4))

    def check_file(self, path: Path, *, as_of: date | None = None) -> CheckReport:
        """Return what became of every citation in a file: .txt .md .docx .pdf .html, its tables and footnotes included.

        Raises:
            CorpusError: the file cannot be read.
            QuestionError: it has no text.
        """
        text, _ = read_checked(path)
        return self.check(text, as_of=as_of)

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        as_of: date | None = None,
        region: str = "",
        kinds: Sequence[Kind] = (),
        levels: Sequence[Level] = (),
        all_versions: bool = False,
        mode: Mode | str = Mode.HYBRID,
    ) -> Found:
        """Return the k best units for a question, best first, and what its scope left out.

        `mode` ranks by one signal alone for comparison, and no reranker reads; the other arguments are those of `ask`.

        Raises:
            QuestionError, SettingsError, MissingDependencyError, ModelError: as `ask`.
            ValueError: k < 1, or a mode that does not exist.
        """
        if k < 1:
            raise ValueError(f"k must be 1 or more, got {k}")
        text = checked_question(question)
        wish = wish_of(as_of, region, None, kinds, levels, all_versions)

        chosen = Mode(mode)
        reranker = self.reranker if chosen is Mode.HYBRID else None

        def work(snapshot: Snapshot) -> Found:
            query = self._understand(snapshot, text, wish)
            found = search(snapshot, self.embedder, query, hits_wanted(k, reranker), chosen)
            return reranked(snapshot, query, found, k, reranker)

        return self._index.read(work)

    def why(
        self, question: str, *, history: Sequence[str] = (), as_of: date | None = None, region: str = ""
    ) -> tuple[Why, ...]:
        """Return what an answer to a question is decided on, part by part: the hits with their scores, and the gate.

        Raises:
            QuestionError, SettingsError, MissingDependencyError, ModelError: as `ask`.
        """
        text, wish, reranker = checked_question(question), wish_of(as_of, region), self.reranker

        def work(snapshot: Snapshot) -> tuple[Why, ...]:
            return why(snapshot, self.embedder, self._resume(snapshot, text, history, wish)[0], reranker)

        return self._index.read(work)

    def understand(
        self, question: str, *, history: Sequence[str] = (), as_of: date | None = None, region: str = ""
    ) -> Query:
        """Return what is understood of a question: documents, provisions and places named in it, terms it stands for.

        With `history` (as of `ask`) a follow-up is completed from the earlier questions.

        Raises:
            QuestionError, SettingsError: as `ask`.
        """
        text, wish = checked_question(question), wish_of(as_of, region)
        return self._index.read(lambda snapshot: self._resume(snapshot, text, history, wish)[0])

    def show(self, document: str, label: str = "") -> Shown:
        """Return a document, by id, title, alias or short form, and the provision `label` names in it.

        Raises:
            LookupFailedError: no document has this name, or several have, or it has no such provision.
        """

        def work(snapshot: Snapshot) -> Shown:
            doc_id = self._named_document(snapshot, document)
            parsed = snapshot.parsed(doc_id)
            if parsed is None:
                raise LookupFailedError(f"没有叫“{document}”的文件")
            provisions = provisions_named(parsed, label) if label.strip() else ()
            today = date.today()
            ids = [one.id for one in provisions] or [doc_id]
            links = tuple(Links(snapshot.links_from(one, today), snapshot.links_to(one, today)) for one in ids)
            return Shown(parsed, provisions, links)

        return self._index.read(work)

    def links(self, provision_id: str, as_of: date | None = None) -> Links:
        """Return what a provision cites and who cites it; of a document's id, what all of it cites and who cites it
        as a whole. Versions are chosen by `as_of` (today by default).
        """
        day = as_of or date.today()
        return self._index.read(
            lambda snapshot: Links(snapshot.links_from(provision_id, day), snapshot.links_to(provision_id, day))
        )

    def documents(self, as_of: date | None = None) -> tuple[DocumentSummary, ...]:
        """Return the held documents, their validity judged on `as_of` (today by default)."""
        return self._index.read(lambda snapshot: snapshot.documents(as_of or date.today()))

    def known(self) -> tuple[KnownDocument, ...]:
        """Return the documents known of and not held; one that has been ingested since is no longer among them."""
        held = {row.title for row in self._index.read(lambda snapshot: snapshot.metadata()).values()}
        return tuple(document for document in self._known_rows() if document.title not in held)

    def names(self, provision_ids: Sequence[str]) -> dict[str, str]:
        """Return how held provisions are named, by id: 《广东省促进产业有序转移条例》第三十条."""

        def work(snapshot: Snapshot) -> dict[str, str]:
            rows = snapshot.metadata()
            found = snapshot.provisions(provision_ids)
            return {one.id: f"《{rows[one.doc_id].title}》{one.label}" for one in found.values()}

        return self._index.read(work)

    def parsed(self, doc_id: str) -> Parsed:
        """Return a held document with its provisions and sentences.

        Raises:
            LookupFailedError: it is not held.
        """
        found = self._index.read(lambda snapshot: snapshot.parsed(doc_id))
        if found is not None:
            return found
        raise LookupFailedError(f"文件库中没有 {doc_id}，可能刚被移除。请刷新后再试")

    def preview(self, path: Path, metadata: Metadata | None = None) -> Preview:
        """Return what a file would become; nothing goes live.

        Raises:
            CorpusError: the file cannot become a document.
        """
        parsed = parse_file(path, metadata)
        held = self._index.read(lambda snapshot: snapshot.metadata())
        doc_id = parsed.document.id
        same_title = next((i for i, row in held.items() if row.title == parsed.document.title), None)
        return Preview(parsed, doc_id if doc_id in held else same_title)

    def add(self, preview: Preview, progress: Progress | None = None) -> IngestReport:
        """Make a previewed document live and return what changed."""
        return ingest_parsed(
            self._settings.index, preview.parsed, self.embedder, progress or quiet, vectors_at(self._settings)
        )

    def remove(self, doc_id: str) -> IngestReport:
        """Remove a held document and return what changed.

        Raises:
            CorpusError: it is not held.
        """
        return remove_documents(self._settings.index, [doc_id], self.embedder, vectors_at(self._settings))

    def close(self) -> None:
        """Let go of the index's files."""
        if "_index" in self.__dict__:  # opened at the first use
            self._index.close()

    def _understand(self, snapshot: Snapshot, text: str, wish: Wish) -> Query:
        return understand(text, self._name_table(snapshot), wish, cut=snapshot.tokenizer.split)

    def _resume(
        self, snapshot: Snapshot, text: str, history: Sequence[str], wish: Wish
    ) -> tuple[Query, tuple[Carried, ...]]:
        """Return a question read with the earlier ones, and what it kept of them."""
        metadata = snapshot.metadata()
        return resume(
            text,
            history,
            lambda turn: self._understand(snapshot, turn, wish),
            first=lambda query: first_ground(snapshot, self.embedder, query),
            title=lambda doc_id: f"《{metadata[doc_id].title}》",
            stands=lambda before, turn: standing(snapshot, self.embedder, before, turn),
            cut=snapshot.tokenizer.split,
        )

    def _known_rows(self) -> tuple[KnownDocument, ...]:
        path = self._settings.corpus / KNOWN_FILE
        return load_known(path) if path.is_file() else ()

    def _name_table(self, snapshot: Snapshot) -> NameTable:
        cached = self._names
        if cached is None or cached[0] != snapshot.corpus:
            table = NameTable(snapshot.metadata(), self._known_rows())
            cached = self._names = (snapshot.corpus, table)
        return cached[1]

    def _named_document(self, snapshot: Snapshot, name: str) -> str:
        held = snapshot.metadata()
        if name in held:
            return name
        mentions = self._name_table(snapshot).find(name)
        ids = tuple(dict.fromkeys(doc_id for mention in mentions for doc_id in mention.doc_ids))
        if len(ids) == 1:
            return ids[0]
        if len({held[doc_id].work or doc_id for doc_id in ids}) == 1:  # of one Work's versions, the one in force
            current = set(ids) - sieve_of(snapshot, Scope(date.today(), doc_ids=ids)).out.keys()
            if len(current) == 1:
                return current.pop()
        listed = list(ids or held)
        titles = "、".join(f"《{held[doc_id].title}》（{doc_id}）" for doc_id in listed[:MAX_LISTED])
        titles += f" 等 {len(listed)} 份" if len(listed) > MAX_LISTED else ""
        if ids:
            raise LookupFailedError(f"“{name}”可以指几份文件，请写全称或编号：{titles}")
        unheld = next((mention.unheld for mention in mentions if mention.unheld), "")
        if any(unheld == document.title for document in self._known_rows()):
            raise LookupFailedError(f"《{unheld}》已知但正文未收录。收录的文件：{titles}")
        raise LookupFailedError(f"没有叫“{name}”的文件。收录的文件：{titles}")
