"""Citations that count from where they stand: 前款, 本条第二款, 同条, 该条例第五条, 其第二款, 上述规定."""

import re

from assistant.citing.cited import OWN
from assistant.citing.context import Context, is_sort
from assistant.citing.names import SORT
from assistant.parsing.references import reference_at, references_below

_COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_STEP = re.compile(r"(?P<article>a\d+(?:-\d+)?(?:~\d+)?)(?:\.p(?P<paragraph>\d+))?(?:\.i(?P<item>\d+))?")
_BACK = re.compile(r"前(?P<count>[一二两三四五六七八九])?(?P<kind>[条款项])(?![件例约式目子])")
# 前 is another word's behind these: 目前款项, 之前, 提前.
_NOT_BACK = frozenset("目提之以当事生日年月天期此先签庭审诉岗午屋房")
_HERE = re.compile(r"[本该同此](?P<kind>[条款项])(?![件例约式目子])")
# What goes on behind 同条 and 该条 when they cite. Matches 第二款 规定 ，; refuses 船 街.
_CITES = re.compile(r"第|的?规定|之规定|所称|所列|明确|要求|中|的第|[，。、；：）”]|$")
_THOSE = re.compile(r"(?:上述|前述|上列|以上)(?:规定|条款|条文|法条|依据)")
_THAT = re.compile(rf"(?:该|此|同|上述|前述)(?P<sort>{SORT}|文件|文)")
_LISTED_IN = re.compile(r"(?:所列|规定|所称|中)?的?(?=第)")
# What goes on behind a mere 第二款. Matches 规定 也 的 ，; refuses 产品 手机.
_SPEAKS_ON = re.compile(
    r"[、，。；：？！）”]|规定|明确|要求|指出|所|也|的|中|里|是|讲|说|呢|和|与|及|则|还|又|同样|写|$"
)
MAX_APART = 200  # characters between an article and a mere 第二款 that is of it


def read_back(context: Context, start: int) -> int:
    """Read 前款, 前条, 前项, 前两款 at `start`; return where to go on."""
    found = _BACK.match(context.text, start)
    if found is None or context.text[max(0, start - 1) : start] in _NOT_BACK:
        return start + 1
    end, kind, count = found.end(), found["kind"], _COUNTS.get(found["count"] or "一", 1)
    last = context.antecedent()
    base = context.draft.at(start) if context.draft else last.paths[0] if last is not None else ""
    document = OWN if context.draft else last.document if last is not None else None
    if document is None or not base:
        context.emit_lost(start, end)
        return end
    path = _before(base, kind, count)
    if not path:
        context.emit_lost(start, end)
        return end
    glue = _LISTED_IN.match(context.text, end)
    below, after = references_below(context.text, glue.end() if glue is not None else end, path)
    if below:
        context.emit_relative(start, after, document, [one.paths for one in below])
        return after
    context.emit_relative(start, end, document, [(path,)])
    return end


def read_here(context: Context, start: int) -> int:
    """Read 本条第二款, 同条, 该款, 该条第三项 at `start`; return where to go on."""
    text = context.text
    found = _HERE.match(text, start)
    if found is None:
        return start + 1
    end = found.end()
    if _CITES.match(text, end) is None or (
        text[start] == "同" and text[max(0, start - 1) : start] in ("合", "不", "相", "共")
    ):
        return end
    own = text[start] == "本" and bool(context.draft)
    if text[start] == "本" and not own and not text.startswith("第", end):
        return end  # 本条 of a text without articles says nothing that could be looked up
    last = context.antecedent()
    here = context.draft.at(start) if own else last.paths[0] if last is not None else ""
    document = OWN if own else last.document if last is not None else None
    if document is None or not here:
        context.emit_lost(start, end)
        return end
    base = _up_to(here, found["kind"])
    below, after = references_below(text, end, base)
    if below:
        context.emit_relative(start, after, document, [one.paths for one in below])
        return after
    context.emit_relative(start, end, document, [(base,)])
    return end


def read_its(context: Context, start: int) -> int:
    """Read 其第二款 and 其第三十条 at `start`; return where to go on."""
    last = context.antecedent()
    if last is not None:
        below, after = references_below(context.text, start + 1, _up_to(last.paths[0], "条"))
        if below:
            context.emit_relative(start, after, last.document, [one.paths for one in below])
            return after
    mentions, after = reference_at(context.text, start + 1)
    if mentions and context.last is not None:
        context.emit(mentions, start, after, context.last.carried())
        return after
    return start + 1


def read_those(context: Context, start: int) -> int:
    """Read 上述规定 at `start`: all that was cited in one enumeration last; return where to go on."""
    found = _THOSE.match(context.text, start)
    if found is None:
        return start + 1
    last = context.antecedent()
    if last is None:
        context.emit_lost(start, found.end())
        return found.end()
    same = [one for one in context.found if one.cluster == last.cluster and one.paths]
    for one in same:
        context.emit_relative(start, found.end(), one.document, [one.paths])
    return found.end()


def that_document(context: Context, start: int) -> tuple[int, str] | None:
    """Return (where the words end, the sort) of 该条例 or 同法 at `start`; None where no document is meant."""
    found = _THAT.match(context.text, start)
    before = context.text[max(0, start - 1) : start]
    if found is None or (context.text[start] in "同此" and before in ("合", "共", "不", "相", "因", "如", "视")):
        return None
    if context.text[start] in "同此" and not re.match(r"[的中里]?第", context.text[found.end() : found.end() + 3]):
        return None
    return found.end(), found["sort"] if is_sort(found["sort"]) else ""


def read_paragraph(context: Context, start: int) -> int:
    """Read 第二款 that stands for itself: of the article that was cited last, or of the draft's own."""
    last = context.antecedent()
    own = bool(context.draft)
    base = _up_to(context.draft.at(start), "条") if own else _up_to(last.paths[0], "条") if last is not None else ""
    far = last is not None and start - last.end > MAX_APART
    if not base.startswith("a") or (far and not own):
        return start + 1
    below, after = references_below(context.text, start, base)
    if not below or _SPEAKS_ON.match(context.text, after) is None:
        return start + 1
    document = OWN if own or last is None else last.document
    context.emit_relative(start, after, document, [one.paths for one in below])
    return after


def _before(path: str, kind: str, count: int) -> str:
    """Return the path of the 条, 款 or 项 that stands `count` in front of what was cited; "" for none."""
    match = _STEP.match(path)
    if match is None:
        return ""
    if kind == "条":
        number = int(re.sub(r"\D.*", "", match["article"][1:])) - count
        return f"a{number}" if number > 0 else ""
    if kind == "款":
        number = int(match["paragraph"] or 0) - count
        return f"{match['article']}.p{number}" if number > 0 else ""
    number = int(match["item"] or 0) - count
    return f"{match['article']}.p{match['paragraph'] or 1}.i{number}" if number > 0 else ""


def _up_to(path: str, kind: str) -> str:
    """Return the path cut behind its 条, 款 or 项."""
    return ".".join(path.split(".")[: {"条": 1, "款": 2, "项": 3}[kind]])
