"""True citations, drawn from the documents: which provision, which of its words, and who may be drawn."""

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.schema import Metadata, Provision, ProvisionKind
from eval.citations.claims import Claim, Mode
from eval.citations.corpus import Corpus, Held, in_force, plain, title_form
from eval.citations.gold import Gold, Truth

# Words taken from a provision: long enough to be told from others, short enough for a reply.
SHORTEST, LONGEST = 12, 160
FEWEST_ARTICLES = 3
# What an article's or item's text begins with. Matches 第十条　, （一）, 1.; refuses 第三人.
_NUMBER = re.compile(
    r"^(?:第[〇零一二三四五六七八九十百千0-9]+条(?:之[一二三四五六七八九十]+)?|[（(][一二三四五六七八九十0-9]+[）)]|\d+[.．、])\s*"
)
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
# Other citations inside the words. Matches 依照本法第二十条, 前款规定; refuses 第一次.
NESTED = re.compile(r"《|第[〇零一二三四五六七八九十百千0-9]+[条款项章节]|[前本]条(?!例)|[前本上]款|前[两二三]款|前项")
_ODD = re.compile(r"[|*\t□＊#_]")  # tables and marks that files left behind
# 上海市实施《…法》办法, 河南省《…法》实施办法; refuses 关于适用〈…〉的解释
_LOCAL_RULE = re.compile(r"^\w+?(?:实施)?《(?P<parent>[^《》]+)》(?:实施)?(?:的?若干)?(?:办法|规定|细则|条例)$")
_NATIONAL_RULE = re.compile(r"(?P<parent>.+?)(?:条例)?(?:实施条例|实施细则|实施办法|实施规定|施行条例)$")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A true claim and the provision it cites."""

    claim: Claim
    provision: Provision


class World:
    """What citations are drawn from.

    Attributes:
        corpus: the documents; `gold` judges claims against them.
        pool: ids of the documents of articles that their title means today, in order.
    """

    def __init__(self, corpus: Corpus, gold: Gold, divisions: Path | None = None) -> None:
        self.corpus = corpus
        self.gold = gold
        self.divisions = divisions
        self.pool = tuple(doc_id for doc_id, held in corpus.held.items() if self._means_itself(held))

    def _means_itself(self, held: Held) -> bool:
        articles = statute_articles(held)
        if len(articles) < FEWEST_ARTICLES:
            return False
        judged = self.gold.judge(Claim(held.metadata.title, path_of(articles[0]), Mode.BARE))
        return judged.truth is Truth.TRUE and judged.provision == articles[0].id

    def draw(self, draw: random.Random, mode: Mode, doc_id: str = "", level: str = "") -> Drawn | None:
        """Return a true claim of a mode; None where the provision drawn has nothing that suits.

        Args:
            draw: decides.
            mode: how the words stand.
            doc_id: the document, by default any of the pool.
            level: "a" for an article, "p", "i": a paragraph, an item; by default any.
        """
        held = self.corpus.held[doc_id or draw.choice(self.pool)]
        level = level or draw.choice("aaapppii")
        found = [one for one in held.provisions if citable(one) and _level(one) == level]
        if not found:
            return None
        provision = draw.choice(found)
        words = "" if mode is Mode.BARE else self.words(draw, provision)
        if mode is not Mode.BARE and not words:
            return None
        if mode in (Mode.VERBATIM, Mode.PARAPHRASE) and NESTED.search(words):
            return None  # nobody says 前款 or 本法第二十条 in words of his own
        if mode is Mode.PARAPHRASE and not (words := reword(draw, words)):
            return None
        claim = Claim(held.metadata.title, path_of(provision), mode, words)
        return Drawn(claim, provision)

    def words(self, draw: random.Random, provision: Provision) -> str:
        """Return a sentence or a few in a row that stand in a provision, "" where none suits."""
        inner = [provision]
        if provision.kind is ProvisionKind.ARTICLE:
            held = self.corpus.held[provision.doc_id]
            inner = [one for one in held.provisions if one.parent == provision.id] or inner
        sentences = _SENTENCE.findall(_NUMBER.sub("", draw.choice(inner).text))
        if not sentences:
            return ""
        first = draw.randrange(len(sentences))
        text = "".join(sentences[first : first + draw.choice((1, 1, 1, 2, 3))]).strip()
        fits = len(plain(text)) >= SHORTEST and len(text) <= LONGEST
        return text if fits and not _ODD.search(text) and _balanced(text) else ""

    @cached_property
    def families(self) -> tuple[tuple[str, str], ...]:
        """(parent, implementing rule), both ways: ids of documents of the pool."""
        found = []
        for doc_id in self.pool:
            for parent in self._parents(self.corpus.held[doc_id].metadata.title):
                found += [(parent, doc_id), (doc_id, parent)]
        return tuple(dict.fromkeys(found))

    def _parents(self, title: str) -> list[str]:
        form = title_form(title)
        match = _LOCAL_RULE.match(form) or _NATIONAL_RULE.match(form)
        if match is None:
            return []
        names = (match["parent"], match["parent"] + "条例")
        return [one for name in names for one in self.corpus.named(name) if one in self._pooled]

    def sizes(self) -> dict[str, int]:
        """Return how much there is to draw from."""
        return {
            "documents": len(self.pool),
            "provisions": sum(citable(one) for doc_id in self.pool for one in self.corpus.held[doc_id].provisions),
            "families": len(self.families) // 2,
            "places": len(self.places),
            "ended": len(self.ended),
        }

    @cached_property
    def _pooled(self) -> frozenset[str]:
        return frozenset(self.pool)

    @cached_property
    def places(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Id of a local document → (the place its title begins with, the places of the same rank)."""
        if self.divisions is None:
            return {}
        ranks = [_names(self.divisions / f"{file}.csv") for file in ("provinces", "cities")]
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        for doc_id in self.pool:
            title = self.corpus.held[doc_id].metadata.title
            for names in ranks:
                own = max((name for name in names if title.startswith(name)), key=len, default="")
                if own:
                    same = tuple(name for name in names if name.endswith(own[-1]) and name != own)
                    found.setdefault(doc_id, (own, same))
        return found

    @cached_property
    def ended(self) -> tuple[Metadata, ...]:
        """The documents of articles that are out of force today."""
        day = self.gold.as_of
        return tuple(
            held.metadata
            for held in self.corpus.held.values()
            if len(statute_articles(held)) >= FEWEST_ARTICLES
            and not in_force(held.metadata, day)
            and not (held.metadata.effective and held.metadata.effective > day)
        )


def statute_articles(held: Held) -> tuple[Provision, ...]:
    """Return the articles of a document, () of a policy document."""
    return tuple(one for one in held.provisions if one.kind is ProvisionKind.ARTICLE)


def citable(provision: Provision) -> bool:
    """Return whether a provision of a statute has a label of its own that nothing else has."""
    path = provision.id.partition(":")[2]
    if not path.startswith("a") or path.startswith("annex") or "~" in path:
        return False
    return provision.kind is not ProvisionKind.PARAGRAPH or "款" in provision.label


def _level(provision: Provision) -> str:
    kinds = {
        ProvisionKind.ARTICLE: "a",
        ProvisionKind.PARAGRAPH: "p",
        ProvisionKind.ITEM: "i",
        ProvisionKind.SUBITEM: "i",
    }
    return kinds.get(provision.kind, "")


def path_of(provision: Provision) -> str:
    """Return the path as people write it: without the paragraph of an article that has only one."""
    path = provision.id.partition(":")[2]
    return path if "款" in provision.label else ".".join(step for step in path.split(".") if step[0] != "p")


# What may be said in the place of other words without changing what is ordered.
_REWORDINGS = (("应当", "应"), ("或者", "或"), ("以及", "及"), ("并且", "并"), ("按照", "依照"), ("本条例", "该条例"))


def reword(draw: random.Random, words: str) -> str:
    """Return words said a little otherwise, "" where nothing offers itself."""
    fitting = [pair for pair in _REWORDINGS if pair[0] in words]
    if not fitting:
        return ""
    for one, other in draw.sample(fitting, min(len(fitting), draw.choice((1, 2)))):
        words = words.replace(one, other)
    return words


def _names(path: Path) -> Sequence[str]:
    with path.open(encoding="utf-8") as rows:
        names = [row["name"] for row in csv.DictReader(rows)]
    return tuple(name for name in names if len(name) > 2 and name[-1] in "省市州" and name != "市辖区")


def _balanced(text: str) -> bool:
    return all(text.count(left) == text.count(right) for left, right in ("“”", "（）", "《》"))
