"""Texts with citations, true and corrupted: the same draw of the same seed gives the same text on every machine."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.schema import Kind
from eval.citations.claims import Case, Claim, Mark, Mode
from eval.citations.corrupt import KINDS, Corruption
from eval.citations.gold import Truth
from eval.citations.truths import NESTED, Drawn, World, path_of, statute_articles
from eval.citations.writing import Style, carry_one, carry_several, draw_style, listing, statement, title

TRUE = "true"
_MODES = (Mode.QUOTE,) * 10 + (Mode.VERBATIM,) * 3 + (Mode.PARAPHRASE,) * 2 + (Mode.BARE,) * 5
_TYPES = ("条例", "办法", "规定", "细则", "规则", "解释", "法")
# Kinds whose corrupted citation may name its document by 该条例 or a short form: its title is right.
_RELATIVE = frozenset({"number", "level", "character", "force", "negation", "neighbour"})
SEVERAL, LISTED, RELATIVE, POLICY = 0.3, 0.08, 0.12, 0.02  # shares of texts


@dataclass(frozen=True, slots=True)
class Dropped:
    """A draw that gives no case. `why`: "unsuited" where what was drawn cannot be corrupted this way, "happens_true"
    where the corrupted citation is right all the same, else what the documents do not decide.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that stand together, with their citations."""

    text: str
    marks: tuple[Mark, ...]
    form: str
    style: Style


class Generator:
    """Makes cases from a world."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.seed = seed

    def case(self, identity: str) -> Case | Dropped:
        """Return the case of an id, "number:17" or "true:5".

        Raises:
            ValueError: the kind is none.
        """
        kind, _, number = identity.partition(":")
        if kind != TRUE and kind not in KINDS:
            raise ValueError(f"kind {kind!r}: expected {TRUE} or one of {', '.join(KINDS)}")
        draw = random.Random(f"{self.seed}:{kind}:{int(number)}")
        return self._true(identity, draw) if kind == TRUE else self._corrupted(identity, kind, draw)

    def _true(self, identity: str, draw: random.Random) -> Case | Dropped:
        count = draw.choice((2, 2, 3, 4)) if draw.random() < SEVERAL else 1
        groups = []
        for _ in range(count):
            group = self._group(draw)
            if isinstance(group, Dropped):
                return group
            groups.append(group)
        return self._case(identity, TRUE, groups, groups[0], draw)

    def _corrupted(self, identity: str, kind: str, draw: random.Random) -> Case | Dropped:
        made = KINDS[kind](self.world, draw)
        if made is None or (made.truth == made.wrong and kind != "repealed"):
            return Dropped("unsuited")
        if kind != "repealed" and self.world.gold.judge(made.truth).truth is not Truth.TRUE:
            return Dropped("truth_unclear")
        judged = self.world.gold.judge(made.wrong)
        if judged.truth is Truth.TRUE:
            return Dropped("happens_true")
        if judged.truth is Truth.UNCLEAR:
            return Dropped(judged.why)
        group = self._wrong_group(made, kind, draw)
        groups = [group]
        if draw.random() < SEVERAL:
            others = [self._group(draw) for _ in range(draw.choice((1, 1, 2)))]
            groups += [one for one in others if isinstance(one, Group)]
            draw.shuffle(groups)
        case = self._case(identity, kind, groups, group, draw)
        return replace(case, source=made.source, truth=made.truth, style=(*case.style, ("how", made.how)))

    def _group(self, draw: random.Random) -> Group | Dropped:
        """Return true sentences: one citation, a list of articles, or two of which the second says 该条例."""
        roll = draw.random()
        if roll < POLICY and (group := self._policy(draw)):
            return group
        mode = Mode.BARE if roll < LISTED else draw.choice(_MODES)
        drawn = self._drawn(draw, mode, level="a" if roll < LISTED else "")
        if isinstance(drawn, Dropped):
            return drawn
        style = draw_style(draw)
        if roll < LISTED:
            other = self._other_article(drawn, draw)
            if other is not None:
                text, marks = listing([drawn.claim, other], style, draw)
                return Group(text, tuple(marks), "list", style)
        elif roll < LISTED + RELATIVE and not NESTED.search(drawn.claim.words):
            second = self._drawn(draw, draw.choice(_MODES), doc_id=drawn.provision.doc_id)
            if isinstance(second, Drawn):
                return self._pair(drawn.claim, second.claim, draw, corrupted=False)
        text, mark = statement(drawn.claim, style, draw)
        return Group(text, (mark,), "single", style)

    def _wrong_group(self, made: Corruption, kind: str, draw: random.Random) -> Group:
        style = draw_style(draw)
        roll = draw.random()
        doc_id = made.source.partition(":")[0]
        if kind == "number" and made.wrong.mode is Mode.BARE and "." not in made.wrong.path and roll < 0.4:
            first = self._drawn(draw, Mode.BARE, doc_id=doc_id, level="a")
            if isinstance(first, Drawn) and first.claim.path != made.wrong.path:
                text, marks = listing([first.claim, made.wrong], style, draw, corrupted=1)
                return Group(text, tuple(marks), "list", style)
        if kind in _RELATIVE and roll < RELATIVE:
            first = self._drawn(draw, draw.choice(_MODES), doc_id=doc_id)
            if isinstance(first, Drawn) and not NESTED.search(first.claim.words):
                return self._pair(first.claim, made.wrong, draw, corrupted=True)
        text, mark = statement(made.wrong, style, draw, corrupted=True)
        return Group(text, (mark,), "single", style)

    def _pair(self, first: Claim, second: Claim, draw: random.Random, corrupted: bool) -> Group:
        """Return two statements on one document, the second of which names it in short."""
        kind = next((word for word in _TYPES if first.title.endswith(word)), "文件")
        style, other = draw_style(draw), draw_style(draw)
        names = [f"该{kind}", "short"] + ([f"同{kind}"] if kind in ("法", "条例") else [])
        name = draw.choice(names)
        if name == "short":
            name = f"《{kind}》" if kind != "法" else "《" + first.title[-4:] + "》"
            style = replace(style, name=f"{title(first, style.title, draw)}（以下简称{name}）")
        text, mark = statement(first, style, draw)
        more, beside = statement(second, replace(other, name=name, after=False), draw, corrupted)
        form = "relative" if name[0] in "该同" else "short"
        return Group(text + more, (mark, beside.moved(len(text))), form, replace(other, name=name))

    def _policy(self, draw: random.Random) -> Group | None:
        held = [one for one in self.world.corpus.held.values() if one.metadata.kind is Kind.POLICY]
        if not held:
            return None
        one = draw.choice(held)
        provision = draw.choice(one.provisions)
        words = self.world.words(draw, provision)
        claim = Claim(
            one.metadata.title,
            provision.id.partition(":")[2],
            Mode.QUOTE if words else Mode.BARE,
            words,
        )
        if self.world.gold.judge(claim).truth is not Truth.TRUE or not provision.label:
            return None
        style = replace(draw_style(draw), written=provision.label, title="marks")
        text, mark = statement(claim, style, draw)
        return Group(text, (mark,), "policy", style)

    def _drawn(self, draw: random.Random, mode: Mode, doc_id: str = "", level: str = "") -> Drawn | Dropped:
        drawn = self.world.draw(draw, mode, doc_id, level)
        if drawn is None:
            return Dropped("unsuited")
        judged = self.world.gold.judge(drawn.claim)
        if judged.truth is not Truth.TRUE:
            return Dropped("truth_" + judged.why)
        return drawn

    def _other_article(self, drawn: Drawn, draw: random.Random) -> Claim | None:
        articles = statute_articles(self.world.corpus.held[drawn.provision.doc_id])
        behind = [one for one in articles if one.start > drawn.provision.start]
        if not behind:
            return None
        claim = replace(drawn.claim, path=path_of(draw.choice(behind)))
        return claim if self.world.gold.judge(claim).truth is Truth.TRUE else None

    def _case(self, identity: str, kind: str, groups: Sequence[Group], own: Group, draw: random.Random) -> Case:
        if len(groups) == 1:
            carrier, draft = carry_one(own.text, own.marks, draw)
        else:
            carrier, draft = carry_several([(group.text, group.marks) for group in groups], draw)
        target = next((mark for mark in own.marks if mark.corrupted), own.marks[-1])
        marked = draft.text[draft.marks[0].start] == "《"
        style = (
            ("carrier", carrier),
            ("form", own.form),
            ("mode", str(target.claim.mode)),
            ("title", "marks" if marked else "bare"),
            ("label", own.style.label),
            ("quote", own.style.quote if target.claim.mode is Mode.QUOTE else "none"),
            ("place", "after" if target.words_end and target.words_start < target.start else "before"),
            ("nested", "yes" if NESTED.search(target.claim.words) else "no"),
        )
        return Case(identity, kind, draft.text, self.world.gold.as_of, tuple(draft.marks), style)
