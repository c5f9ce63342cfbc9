"""What makes a statement contradict the words that it speaks about: force, negation, numbers, subject, scope."""

from collections.abc import Iterator, Sequence

from assistant.citing.alignment import MAX_EDIT, Alignment, Change
from assistant.citing.amounts import Amount, AmountKind, find_amounts
from assistant.citing.marks import FORCES, GOVERNMENT, MODALS, Mark, Token, said_by
from assistant.citing.values import counts, find_ranges
from assistant.citing.widening import claimed, includes, widened
from assistant.citing.wordlists import load_words

# Shares of a clause that must be the provision's own words before a difference in it is taken for a contradiction.
ABOUT = 0.5  # a number, an entitlement: the writer put it into a sentence that is otherwise this one

MAX_BESIDE = 4  # tokens between a force word and its verb or its subject
MOVED_WITH = 3  # tokens after a negation that show that its clause stands elsewhere: 未经品种权…
MAX_TO_SUBJECT = 2  # tokens from the end of the subject to its force word: 人民政府依法应当
MAX_LOST = 2  # characters that may vanish with a negation (不得擅自); more is a phrase left out

_NEGATIVE = frozenset({Mark.PROHIBITION, Mark.NEGATION})
# (provision, claim): what may not stand for what. 应当 for a statement, or nothing for 应当, is a fair shortening.
_CONFLICTS = frozenset(
    {
        (Mark.DUTY, Mark.POWER),
        (Mark.DUTY, Mark.PROHIBITION),
        (Mark.DUTY, Mark.RELEASE),
        (Mark.DUTY, Mark.ENCOURAGEMENT),
        (Mark.POWER, Mark.DUTY),
        (Mark.POWER, Mark.PROHIBITION),
        (Mark.PROHIBITION, Mark.DUTY),
        (Mark.PROHIBITION, Mark.POWER),
        (Mark.PROHIBITION, Mark.RELEASE),
        (Mark.PROHIBITION, Mark.ENCOURAGEMENT),
        (Mark.ENCOURAGEMENT, Mark.DUTY),
        (Mark.ENCOURAGEMENT, Mark.PROHIBITION),
        (Mark.RELEASE, Mark.DUTY),
        (Mark.RELEASE, Mark.PROHIBITION),
        (Mark.RELEASE, Mark.POWER),
        (Mark.POWER, Mark.RELEASE),
    }
)
_FORCE = "规范强度不同：条文为“{}”，文中为“{}”"
_LOST = "条文有“{}”，文中没有，意思相反"
_GAINED = "文中有“{}”，条文没有，意思相反"
_BOUND = "界限不同：条文为“{}”，文中为“{}”"
_NUMBER = "数字不同：条文为“{}”，文中为“{}”"
_NO_NUMBER = "条文中没有“{}”这一数字"
_BODY = "主体不同：条文为“{}”，文中为“{}”"
_SCOPE = "范围不同：条文为“{}”，文中为“{}”"


def contradictions(pair: Alignment, provision: str) -> Iterator[str]:
    """Yield in Chinese how the claim's sentence contradicts the words beside it; `provision` is the whole, folded."""
    changes = [pair.trimmed(change) for change in pair.changes]
    local = [change for change in changes if pair.is_local(change)]
    polar = list(_polarity(pair, local))
    # Two turns of meaning in one sentence cancel out or were moved: 未经批准不得 is 经批准可以.
    turns = sum(_turns(pair, change) for change in changes)
    turns += sum(_left_out(pair, whole, part) for whole, part in zip(pair.changes, changes, strict=True))
    turned = len(polar) == 1 and turns == 1
    if turned:
        yield polar[0]
    for change in local:
        yield from _other_force(pair, change, turned or not polar)
    exchanged = [found for change in local for found in _exchanged(pair, change)]
    if not _only_moved(pair, exchanged):
        yield from (words.format(held.text, said.text) for held, said, words in exchanged)
    if not any(said.mark is Mark.BODY for _, said, _ in exchanged):
        yield from _subjects(pair)
    yield from _governed(pair)
    yield from _numbers(pair, provision)
    yield from widened(pair, provision)
    yield from claimed(pair)


def _turns(pair: Alignment, change: Change) -> bool:
    """Whether a change, local or not, has negations on one side only."""
    added, dropped = pair.added(change), pair.dropped(change)
    if max(len(added), len(dropped)) > MAX_EDIT:
        return False
    lost = bool(_negatives(dropped, pair.claim)) or _unmasked(dropped, added) is not None
    gained = bool(_negatives(added, pair.held)) or _unmasked(added, dropped) is not None
    return lost != gained


def _left_out(pair: Alignment, whole: Change, part: Change) -> bool:
    """Whether a clause that only one side has holds a condition that could turn the rest: 未经批准，."""
    added = {*pair.added(whole)} - {*pair.added(part)}
    dropped = {*pair.dropped(whole)} - {*pair.dropped(part)}
    if max(len(added), len(dropped)) > MAX_EDIT:
        return False
    return any(token.mark is Mark.NEGATION for token in added ^ dropped)


def _negatives(tokens: Sequence[Token], others: Sequence[Token]) -> list[Token]:
    """The negations among some tokens; 除外 is none where the other side says 除…外."""
    excepts = any(token.text.startswith("除") for token in others)
    return [token for token in tokens if token.mark in _NEGATIVE and not (excepts and token.text == "除外")]


def _polarity(pair: Alignment, local: list[Change]) -> Iterator[str]:
    """What was dropped or added that turns the meaning round: 不得, 未, 不动产 for 动产."""
    for change in local:
        added, dropped = pair.added(change), pair.dropped(change)
        lost = [token for token in _negatives(dropped, pair.claim) if not _stands(pair.held, token, pair.claim)]
        gained = [token for token in _negatives(added, pair.held) if not _stands(pair.claim, token, pair.held)]
        gained = [token for token in gained if not _belongs(pair, token)]
        if any(token.mark is Mark.PROHIBITION for token in pair.heading):
            gained = [token for token in gained if token.mark is not Mark.PROHIBITION]
        if lost and any(said.mark is Mark.PROHIBITION and pair.to_held[at] < 0 for at, said in enumerate(pair.claim)):
            continue  # forbidden in other words elsewhere in the sentence: …，条例是不允许的
        forces = {token.mark for token in (*added, *dropped)} & FORCES - {Mark.PROHIBITION}
        if Mark.RELEASE in forces:
            continue  # 可以不 beside 有权不: its 不 is inside the word
        if bool(lost) != bool(gained):
            one, rest = (lost[0], (*dropped, *added)) if lost else (gained[0], (*added, *dropped))
            others = sum(len(token.text) for token in rest if token.mark not in _NEGATIVE and token.mark not in FORCES)
            if others > MAX_LOST:
                continue
            held = next((token for token in dropped if token.mark in FORCES), None)
            said = next((token for token in added if token.mark in FORCES), None)
            if forces and held and said:
                yield _FORCE.format(held.text, said.text)
            else:
                yield (_LOST if lost else _GAINED).format(one.text)
        elif not lost and (token := _unmasked(dropped, added)):
            yield _LOST.format(token.text)
        elif not lost and (token := _unmasked(added, dropped)):
            yield _GAINED.format(token.text)


def _belongs(pair: Alignment, token: Token) -> bool:
    """Whether a negation only says that the writer's case is none: 不属于新建小区."""
    follows = pair.claim[pair.claim.index(token) + 1 :][:2]
    return said_by(follows) == "属于" and "属于" not in said_by(pair.held)


def _stands(tokens: Sequence[Token], one: Token, others: Sequence[Token]) -> bool:
    """Whether a negation stands on the other side with the words that follow it: its clause was only moved."""
    at = next(at for at, token in enumerate(tokens) if token is one)
    run = [token.key for token in tokens[at : at + MOVED_WITH + 1]]
    return len(run) > MOVED_WITH and _count(run, others) >= _count(run, tokens)


def _count(run: list[str], tokens: Sequence[Token]) -> int:
    keys = [token.key for token in tokens]
    return sum(keys[at : at + len(run)] == run for at in range(len(keys)))


def _unmasked(whole: Sequence[Token], rest: Sequence[Token]) -> Token | None:
    """The word of one side that is all of the other side but its negation: 不动产 beside 动产, 未满 beside 满."""
    if len(whole) != 1 or whole[0].mark not in (Mark.PLAIN, Mark.CONTRAST, Mark.BOUND):
        return None
    left = said_by(rest)
    return whole[0] if any(whole[0].text == negation + left for negation in ("不", "未", "无", "非", "禁止")) else None


def _other_force(pair: Alignment, change: Change, may_turn: bool) -> Iterator[str]:
    """A word of force in the place of another; `may_turn`: into or out of a prohibition."""
    added, dropped = pair.added(change), pair.dropped(change)
    held = next((token for token in reversed(dropped) if token.mark in FORCES), None)
    said = next((token for token in reversed(added) if token.mark in FORCES), None)
    if held is None or said is None or (held.mark, said.mark) not in _CONFLICTS:
        return
    negative = Mark.PROHIBITION in (held.mark, said.mark)
    if negative and Mark.RELEASE in (held.mark, said.mark) and len(added) + len(dropped) > 2:
        return  # 不得收取 and 不用交 see one thing from two sides
    if said.mark is Mark.ENCOURAGEMENT and said.text in said_by(dropped):
        return  # 要支持 for 应当予以支持
    if may_turn or not negative:
        yield _FORCE.format(held.text, said.text)


Exchange = tuple[Token, Token, str]  # the provision's word, the claim's, and how that is told


def _exchanged(pair: Alignment, change: Change) -> Iterator[Exchange]:
    """Bounds, scopes, numbers and bodies in the place of others, within words that are the provision's."""
    added, dropped = pair.added(change), pair.dropped(change)
    for mark, words in ((Mark.BOUND, _BOUND), (Mark.CONTRAST, _SCOPE)):
        for held in (token for token in dropped if token.mark is mark):
            for said in (token for token in added if token.mark is mark):
                if held.group == said.group and held.key != said.key and not includes(held, said):
                    yield held, said, words
    numbers = [token for token in dropped if token.amount is not None]
    others = [token for token in added if token.amount is not None]
    left = [one for one in numbers if not any(_agree(one, other) for other in others)]
    new = [one for one in others if not any(_agree(one, other) for other in numbers)]
    dates = sum(token.amount is not None and token.amount.kind is AmountKind.DATE for token in pair.claim)
    for held, said in zip(left, new, strict=False):
        if dates > 1 and (_kind(held), _kind(said)) == (AmountKind.MEASURE, AmountKind.DATE):
            continue  # reckoned from a day of the writer's own: 7月1日受理的，7月21日前
        if _kind(held) is _kind(said) or {_kind(held), _kind(said)} == {AmountKind.MEASURE, AmountKind.DATE}:
            yield held, said, _NUMBER
    bodies = [token for token in dropped if token.mark is Mark.BODY]
    named = [token for token in added if token.mark is Mark.BODY]
    if any(not _differ(held, said) for held in bodies for said in named):
        return  # the provision's own is named beside it: 企业不能强求县政府…
    for said in named:
        if bodies and all(_differ(held, said) for held in bodies) and not _object_first(pair, said):
            yield bodies[-1], said, _BODY


def _object_first(pair: Alignment, said: Token) -> bool:
    """Whether a body opens a clause without force before one that has its own: 员工上班一个月内，单位就得跟他签."""
    first, last = pair.clause_of(pair.claim.index(said))
    if any(token.mark in FORCES for token in pair.claim[first:last]) or last == len(pair.claim):
        return False
    return any(token.mark is Mark.BODY and not _differ(token, said) for token in pair.held)


def _only_moved(pair: Alignment, exchanged: Sequence[Exchange]) -> bool:
    """Whether words only changed places between clauses, with what they belong to: 对单位处…，对个人处…."""
    places = [(held.key, said.key, pair.clause_of(pair.claim.index(said))) for held, said, _ in exchanged]
    return bool(places) and all(
        any((said, held) == other[:2] and clause != other[2] for other in places) for held, said, clause in places
    )


def _kind(token: Token) -> AmountKind:
    assert token.amount is not None
    return token.amount.kind


def _agree(one: Token, other: Token) -> bool:
    assert one.amount is not None and other.amount is not None
    return one.amount.agrees(other.amount)


def _differ(held: Token, said: Token) -> bool:
    """Whether one body cannot be meant where the provision names another."""
    if held.group != said.group:
        # 政府 and 有关部门 are said for one another.
        return not ({held.group, said.group} == {GOVERNMENT, "主管部门"} and not (held.levels and said.levels))
    if held.group != GOVERNMENT or not held.levels or not said.levels or held.levels == said.levels:
        return False
    # A county may say that it is bound by what binds all from the county up; the province is named for itself.
    return not (said.levels < held.levels and said.levels <= {"市", "县", "乡"})


def _governed(pair: Alignment) -> Iterator[str]:
    """Words of force and subjects in a paraphrase: what governs the same verb in the provision."""
    for at, said in enumerate(pair.claim):
        if said.mark not in MODALS or pair.to_held[at] >= 0:
            continue
        clause = pair.clause_of(at)
        anchor = _verb_after(pair, at, clause[1])
        if anchor is None or pair.support(clause) < ABOUT:
            continue
        partner = pair.to_held[anchor]
        governor = _governor(pair, partner)
        if governor is None:
            held = _headed(pair)
            if held and partner <= MAX_BESIDE and (held.mark, said.mark) in _CONFLICTS:
                yield _FORCE.format(held.text, said.text)
            continue
        held = pair.held[governor]
        beside = partner - governor - 1 <= MAX_BESIDE
        if not (beside or _same_subject(pair, at, governor) or _is_encouraged(pair, at, governor, partner)):
            continue
        if (held.mark, said.mark) in _CONFLICTS and not _turned_elsewhere(pair, held, said):
            yield _FORCE.format(held.text, said.text)


def _subjects(pair: Alignment) -> Iterator[str]:
    """Whose duty or right it is: the bodies before a word of force, where the same verb follows both."""
    for at, said in enumerate(pair.claim):
        if said.mark not in MODALS:
            continue
        clause = pair.clause_of(at)
        ours = [token for token in pair.claim[clause[0] : at] if token.mark is Mark.BODY]
        anchor = _verb_after(pair, at, clause[1])
        if not ours or anchor is None or pair.claim[at - 1] not in ours or not pair.is_about(clause, ABOUT):
            continue
        governor = _governor(pair, pair.to_held[anchor])
        if governor is None or pair.held[governor].mark not in MODALS:
            continue
        if pair.to_held[anchor] - governor - 1 > MAX_BESIDE:
            continue
        theirs = _bodies_before(pair.held, governor)
        if theirs and all(_differ(held, one) for held in theirs for one in ours):
            yield _BODY.format(theirs[-1].text, ours[-1].text)


def _bodies_before(tokens: Sequence[Token], at: int) -> list[Token]:
    """The bodies of the clause before token `at`, if one stands just before it."""
    found: list[Token] = []
    for place in range(at - 1, -1, -1):
        if tokens[place].text in "，：。；！？":
            break
        if tokens[place].mark is Mark.BODY:
            found.insert(0, tokens[place])
    return found if at and tokens[at - 1].mark is Mark.BODY else []


def _headed(pair: Alignment) -> Token | None:
    """The word of force that governs a list from the sentence before it, if that knows no condition or exception."""
    if any(token.mark is Mark.NEGATION or token.text.startswith("除") for token in pair.heading):
        return None
    return next((token for token in reversed(pair.heading) if token.mark in MODALS), None)


def _verb_after(pair: Alignment, at: int, end: int) -> int | None:
    """The token after a force word with which the provision's words begin; None if they do not begin at once."""
    for place in range(at + 1, min(end, at + 1 + MAX_BESIDE)):
        if pair.claim[place].mark in FORCES:
            return None  # 应当支持: the later word governs
        if pair.is_solid(place):
            return place
        if pair.claim[place].mark is not Mark.ADVERB:
            return None
    return None


def _governor(pair: Alignment, partner: int) -> int | None:
    """The word of force that governs a token of the provision: the last modal of its sentence, else encouragement."""
    encouragement = None
    for place in range(partner - 1, -1, -1):
        token = pair.held[place]
        if token.text in "。；！？":
            break
        if token.mark in MODALS:
            return place
        if token.mark is Mark.ENCOURAGEMENT and encouragement is None:
            encouragement = place
    return encouragement


def _same_subject(pair: Alignment, at: int, governor: int) -> bool:
    """Whether the same word stands before both words of force."""
    return at > 0 and pair.is_solid(at - 1) and 0 < governor - pair.to_held[at - 1] <= MAX_TO_SUBJECT


def _is_encouraged(pair: Alignment, at: int, governor: int, partner: int) -> bool:
    """Whether the subject is the one that the provision encourages: 产业承接地必须 beside 支持产业承接地."""
    if pair.held[governor].mark is not Mark.ENCOURAGEMENT or at == 0 or not pair.is_solid(at - 1):
        return False
    return governor < pair.to_held[at - 1] < partner


def _turned_elsewhere(pair: Alignment, held: Token, said: Token) -> bool:
    """Whether another negation differs too, so that 不得 and 可以 may come to the same."""
    if Mark.PROHIBITION not in (held.mark, said.mark):
        return False
    ours = sum(token.mark is Mark.NEGATION for token in pair.claim)
    theirs = sum(token.mark is Mark.NEGATION for token in pair.held)
    return ours != theirs


def _numbers(pair: Alignment, provision: str) -> Iterator[str]:
    """Numbers with a unit that the whole provision has not."""
    said = [(at, token) for at, token in enumerate(pair.claim) if token.amount is not None]
    if not said or any(word in said_by(pair.claim) for word in load_words()["numbers"]["own_facts"]):
        return
    held: list[Amount] | None = None
    text = said_by(pair.claim)
    amounts = find_amounts(text)
    within = [one for pair_of in find_ranges(text, amounts) for one in (pair_of.low, pair_of.high)]
    for at, token in said:
        assert token.amount is not None
        if token.amount.kind is not AmountKind.MEASURE or not counts(text, token.amount) or pair.to_held[at] >= 0:
            continue
        if not pair.is_about(pair.clause_of(at), ABOUT):
            continue
        held = find_amounts(provision) if held is None else held
        if any(token.amount.agrees(one) for one in held):
            continue
        beside = [one for one in amounts if one.unit == token.amount.unit]
        if token.amount not in within and any(one.agrees(other) for one in beside for other in held):
            continue  # an example beside the provision's own: 投资2亿元的，最多补500万元
        yield _NO_NUMBER.format(token.text)
