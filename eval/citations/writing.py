"""How people write citations: numerals, labels, titles, quotation marks, and the text around them."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.parsing.ids import Step, parse_path
from eval.citations.claims import Claim, Mark, Mode

DIGITS = "零一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
# Titles that people write without marks. Matches 上海市消防条例; refuses titles with marks, brackets or a list in them.
BARE_TITLE = re.compile(r"[\u4e00-\u9fff]{3,24}(?:法|条例|办法|规定|细则|规则)")
STATE = "中华人民共和国"

LABELS = ("chinese", "chinese", "chinese", "arabic", "mixed", "spaced", "wide", "zero")
TITLES = ("marks", "marks", "marks", "no_state", "bare", "bare_no_state")
QUOTES = ("“”", "“”", "“”", "「」", "block")


def chinese(number: int) -> str:
    """Return a number below 10,000 in Chinese.

    >>> [chinese(number) for number in (10, 12, 20, 105, 110, 1260)]
    ['十', '十二', '二十', '一百零五', '一百一十', '一千二百六十']
    """
    written, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("零" if zero and written else "") + DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return written[1:] if written.startswith("一十") else written


def label(path: str, style: str, draw: random.Random) -> str:
    """Return what is written behind the title for a path of a statute: "a10.p2.i3" → 第十条第二款第（三）项."""
    return "".join(_piece(step, style, draw) for step in parse_path(path))


def _piece(step: Step, style: str, draw: random.Random) -> str:
    name = {"a": "条", "p": "款", "i": "项", "k": "目"}[step.letter]
    arabic = style in ("arabic", "spaced", "wide") or (style == "mixed" and step.letter != "a") or step.letter == "k"
    number = str(step.number) if arabic else chinese(step.number)
    if style == "wide":
        number = number.translate(_WIDE)
    if style == "zero":
        number = number.replace("零", "〇")
    if step.letter == "i":
        number = draw.choice(("（{}）", "({})", "{}")).format(number)
    branch = f"之{chinese(step.branch)}" if step.branch else ""
    return f"第 {number} {name}{branch}" if style == "spaced" else f"第{number}{name}{branch}"


def title(claim: Claim, style: str, draw: random.Random) -> str:
    """Return a title as it is written in a style; one that the style does not suit is written in marks."""
    name = claim.title
    if style.endswith("no_state") and name.startswith(STATE) and len(name) > len(STATE) + 1:
        name = name.removeprefix(STATE)
    if style.startswith("bare") and claim.year is None and BARE_TITLE.fullmatch(name):
        return name
    if draw.random() < 0.7:
        name = name.replace("《", "〈").replace("》", "〉")
    if claim.year is None:
        return f"《{name}》"
    version = draw.choice(("{}年", "{}年修正", "{}年修订", "{}年版")).format(claim.year)
    return draw.choice((f"《{name}》（{version}）", f"《{name}（{version}）》"))


# Sentences around a citation {c} and its words {w}. Words keep their last mark inside quotation marks, without marks
# the frame ends them.
BARE = (
    "依据{c}，制定本方案。",
    "根据{c}的规定，我局已受理您的申请。",
    "法律依据：{c}。",
    "相关要求详见{c}。",
    "本项工作按照{c}办理。",
    "经查，该行为涉嫌违反{c}。",
    "另请参见{c}。",
)
BEFORE = (
    "{c}规定：{w}",
    "{c}明确，{w}",
    "根据{c}：{w}",
    "按照{c}的规定，{w}",
    "{c}：{w}",
    "其中，{c}明确规定：{w}",
    "依据{c}，{w}",
)
AFTER = ("{w}（{c}）", "{w}，这是{c}的明确规定。", "{w}，见{c}。", "现行规定是{w}（{c}）。")
UNMARKED = ("{c}规定，{w}。", "根据{c}，{w}。", "依照{c}的规定，{w}。", "按照{c}规定，{w}。")
UNMARKED_AFTER = ("{w}（{c}）。", "{w}。（{c}）")
BLOCK = ("{c}规定：", "{c}的原文如下：", "现将{c}摘录如下：")

TOPICS = ("办事流程", "行政许可", "企业搬迁", "项目审批", "投诉处理", "补贴申领", "园区管理", "施工扰民")
# Each takes the statements {s}; a list of carriers for one statement, and for several.
SINGLE = {
    "plain": ("{s}",),
    "hotline": (
        "您好！您反映的关于{t}的问题已收悉，现答复如下：{s}感谢您对我们工作的支持。",
        "市民您好：经与相关科室核实，{s}如有疑问，可拨打12345热线咨询。",
        "来电人询问{t}有关政策。坐席答复：{s}来电人表示理解。",
    ),
    "clause": (
        "第四条　【{t}】\n{s}\n第五条　本办法由市发展改革部门负责解释。",
        "第二条　为做好{t}工作，{s}\n第三条　本办法自印发之日起施行。",
    ),
    "minutes": (
        "会议纪要\n会议听取了关于{t}情况的汇报。会议指出，{s}会议要求，各单位要压实责任，抓好落实。",
        "三、关于{t}\n与会人员一致认为，{s}",
    ),
    "opinion": ("关于{t}的法律意见\n经审查，{s}综上，建议依法办理。", "我们认为：{s}以上意见，供参考。"),
}
SEVERAL = {
    "reply": ("现就{t}有关问题答复如下：\n{s}\n特此答复。", "关于{t}的情况说明\n{s}"),
    "running": ("您反映的{t}问题，涉及以下规定。{s}请知悉。", "{s}"),
}


@dataclass(slots=True)
class Draft:
    """A text that grows, with the marks of its citations."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str, marks: Sequence[Mark] = ()) -> None:
        """Put a piece with its marks behind what is there."""
        self.marks.extend(mark.moved(len(self.text)) for mark in marks)
        self.text += text


@dataclass(frozen=True, slots=True)
class Style:
    """How one statement is written; see the lists of this module.

    Attributes:
        name: "" for the title, or what is written for it: 该条例, 《条例》.
        written: the label where it is not made from the path.
    """

    label: str
    title: str
    quote: str
    after: bool
    name: str = ""
    written: str = ""


def draw_style(draw: random.Random) -> Style:
    """Return a style for one statement."""
    return Style(draw.choice(LABELS), draw.choice(TITLES), draw.choice(QUOTES), draw.random() < 0.25)


def statement(claim: Claim, style: Style, draw: random.Random, corrupted: bool = False) -> tuple[str, Mark]:
    """Return a sentence or two that make a claim, and where its citation and words stand in them."""
    name = style.name or title(claim, style.title, draw)
    gap = "\n" if not style.name and draw.random() < 0.02 else ""  # a line that breaks behind the title
    cited = name + gap + (style.written or label(claim.path, style.label, draw))
    frame, (left, words, right) = _frame(claim, style, draw)
    text, spans = _put(frame, {"c": cited, "w": left + words + right})
    start, end = spans["c"]
    mark = Mark(claim, start, start + len(name + gap), end, corrupted=corrupted)
    if "w" in spans:
        at = spans["w"][0] + len(left)
        mark = replace(mark, words_start=at, words_end=at + len(words))
    return text, mark


def listing(claims: Sequence[Claim], style: Style, draw: random.Random, corrupted: int = -1) -> tuple[str, list[Mark]]:
    """Return a sentence that cites several articles of one document in a row: 第十条、第五十条, 第五条至第七条."""
    name = title(claims[0], style.title, draw)
    joint = draw.choice(("、", "、", "和", "至"))
    cited, marks = name, []
    for number, claim in enumerate(claims):
        cited += joint if number else ""
        at = len(cited)
        cited += label(claim.path, style.label, draw)
        marks.append(Mark(claim, 0 if not number else at, at, len(cited), corrupted=number == corrupted))
    text, spans = _put(draw.choice(BARE), {"c": cited})
    return text, [mark.moved(spans["c"][0]) for mark in marks]


def _put(frame: str, parts: Mapping[str, str]) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return a frame with its slots filled, and where each part stands in it."""
    text, spans = "", {}
    for piece in re.split(r"(\{[cw]\})", frame):
        if piece in ("{c}", "{w}"):
            name = piece[1]
            spans[name] = (len(text), len(text) + len(parts[name]))
            piece = parts[name]
        text += piece
    return text, spans


def _frame(claim: Claim, style: Style, draw: random.Random) -> tuple[str, tuple[str, str, str]]:
    """Return (frame with {c} and {w}, (what opens the words, the words as they are written, what closes them))."""
    words = claim.words
    if claim.mode is Mode.BARE:
        return draw.choice(BARE), ("", "", "")
    if claim.mode is not Mode.QUOTE:
        return draw.choice(UNMARKED_AFTER if style.after else UNMARKED), ("", words.rstrip("。；，;,"), "")
    if style.quote == "block":
        return draw.choice(BLOCK) + "{w}", ("\n　　", words.replace("\n", "\n　　"), "\n")
    words = words.replace("\n", "")
    if style.quote == "“”":
        words = words.replace("“", "‘").replace("”", "’")
    marked = (style.quote[0], words, style.quote[1])
    if style.after:
        return draw.choice(AFTER), marked
    stop = "" if words[-1] in "。；！？" and draw.random() < 0.7 else "。"
    return draw.choice(BEFORE) + stop, marked


Said = tuple[str, Sequence[Mark]]


def carry_one(text: str, marks: Sequence[Mark], draw: random.Random) -> tuple[str, Draft]:
    """Return (name of the carrier, a whole text around one statement)."""
    kind = draw.choice(tuple(SINGLE))
    return kind, _fill(draw.choice(SINGLE[kind]), [(text, marks)], "", draw)


def carry_several(said: Sequence[Said], draw: random.Random) -> tuple[str, Draft]:
    """Return (name of the carrier, a whole text around several statements)."""
    kind = draw.choice(tuple(SEVERAL))
    if kind == "reply":
        said = [
            (f"{chinese(number)}、{text}", [mark.moved(len(chinese(number)) + 1) for mark in marks])
            for number, (text, marks) in enumerate(said, 1)
        ]
    return kind, _fill(draw.choice(SEVERAL[kind]), said, "\n" if kind == "reply" else "", draw)


def _fill(frame: str, said: Sequence[Said], between: str, draw: random.Random) -> Draft:
    before, after = frame.replace("{t}", draw.choice(TOPICS)).split("{s}")
    draft = Draft(before)
    for number, (text, marks) in enumerate(said):
        if number and between and not draft.text.endswith("\n"):
            draft.add(between)
        draft.add(text, marks)
    draft.add(after)
    return draft
