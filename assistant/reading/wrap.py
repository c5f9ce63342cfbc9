"""Whether lines were broken at a fixed width, and where one line goes on in the next.

The rules err towards leaving a break: two halves of a sentence apart are easier to mend than two provisions in one.
"""

import re
import unicodedata
from collections import Counter

SENTENCE_MARKS = re.compile(r"[。；！？]")
# What a paragraph begins with when it is a new one.
# Matches: 第十条　支持…, 第三章产业发展, 一、总体要求, （一）支持, (c)研发者, 1.支持, ①支持, 附件：,
# - 支持, 4.2.3 平台, and page numbers that a text file kept: 2, - 3 -
# Refuses: 第十条规定的情形, （三）项的规定 (of 第二款第（三）项, broken before its number), 3.5亿元, 一是支持,
# 第三人有权, 2025年底前, 附则规定
NEW_PARAGRAPH = re.compile(
    r"""\s*+(?:
        第[〇○零一二两三四五六七八九十百千万\d０-９ 　]+条(?:之[一二三四五六七八九十]+)?(?=[\s　【:：]|$)
      | 第[〇○零一二两三四五六七八九十百千万\d０-９ 　]+[编篇章节](?=[\s　]|[^，。；]{0,30}$)
      | [（(〔][一二三四五六七八九十百〇零\d０-９a-zA-Z]{1,4}[)）〕](?!\s*(?:[项款目]|[、和至或及][（(〔]))
      | [〇零一二三四五六七八九十百]{1,4}[、．.]
      | [\d０-９]{1,3}(?:[、．)）]|\.(?!\d))
      | \d{1,2}(?:\.\d{1,2}){2,4}(?=[\s　一-鿿])
      | [-—–－·\s]*[\d０-９]{1,4}[-—–－·\s]*$
      | [①-⑳⑴-⒛㈠-㈩Ⅰ-Ⅻ]
      | 附[件录表图](?=[\s　\d０-９一二三四五六七八九十：:]|$)
      | [-*•●○◆■□·－—–#]
      | [注附]\s*[：:]
    )""",
    re.VERBOSE,
)
LATIN = re.compile(r"[!-~]+")  # matches: 2025 in 到2025年; refuses: ２０２５
OPEN_ENDS = frozenset("，、,（(《“‘「『【〔%％℃·/&")
WRAP_TOLERANCE = 4  # half-width columns: a line may stop early before a mark that must not begin a line
MIN_WRAP_COLUMNS = 36  # 18 Chinese characters; narrower columns are lists and tables
MIN_WRAPPED_LINES = 8
MAX_HEADING = 30


def columns(line: str) -> int:
    """Return how many half-width columns a line takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def unfinished(line: str) -> bool:
    """Return whether a line stops in mid-sentence as far as its last character shows."""
    if not line:
        return False
    last = line[-1]
    return last in OPEN_ENDS or unicodedata.category(last)[0] in "LN"


def wrap_width(lines: list[str], *, certain: bool = False) -> int | None:
    """Return the width in columns at which lines were broken, or None when they were not.

    A text was broken at a fixed width when most of its lines that stop in mid-sentence stop at the same width, and
    hardly any line is longer. Titles and headings stop in mid-sentence too, but anywhere.

    Args:
        lines: the raw lines, with their indents.
        certain: whether it is known that lines were broken (PDF); then only the width is asked for.
    """
    widths = [columns(line.rstrip()) for line in lines if line.strip()]
    stops = Counter(
        columns(line.rstrip()) for line in lines if unfinished(line.strip()) and not NEW_PARAGRAPH.fullmatch(line)
    )
    stops = Counter({width: count for width, count in stops.items() if width >= MIN_WRAP_COLUMNS})
    if not stops or (not certain and sum(stops.values()) < MIN_WRAPPED_LINES):
        return None

    def near(width: int) -> int:
        return sum(stops[width - delta] for delta in range(WRAP_TOLERANCE + 1))

    best = max(stops, key=lambda width: (near(width), width))
    longer = sum(width > best + WRAP_TOLERANCE for width in widths)
    if certain or (near(best) >= 0.7 * sum(stops.values()) and longer <= 0.05 * len(widths)):
        return best
    return None


def continues(before: str, after: str, *, page_break: bool = False) -> bool:
    """Return whether `after` goes on with the sentence that `before` leaves open.

    It does when `before` is running text (it holds a finished sentence or clause) that stops without a final mark,
    and `after` does not begin like a new paragraph and brings a sentence to its end. A page break between them is
    evidence of its own, so less of the rest is asked for.

    >>> continues("推动集聚。支持高载能行业", "向西部集聚。引导转移。")
    True
    >>> continues("一、总体要求", "坚持统筹推进。")
    False
    """
    if not unfinished(before) or NEW_PARAGRAPH.match(after):
        return False
    tail = SENTENCE_MARKS.split(before)[-1]
    if NEW_PARAGRAPH.match(tail) and "，" not in tail and len(tail) <= MAX_HEADING:
        return False  # a heading that the file set behind a finished sentence, or alone
    running = bool(SENTENCE_MARKS.search(before)) or ("，" in before and len(before) >= 40)
    if page_break:
        running = running or "，" in before or (len(before) >= 20 and not NEW_PARAGRAPH.match(before))
        return running and (bool(SENTENCE_MARKS.search(after)) or "，" in after)
    return running and bool(SENTENCE_MARKS.search(after))


def continues_wrapped(last_line: str, after: str, width: int, *, indented: bool) -> bool:
    """Return whether the raw line `after` goes on with the paragraph whose raw last line is `last_line`.

    Args:
        last_line: with its leading white space.
        after: with its leading white space, which tells where a paragraph begins.
        width: the text's `wrap_width`.
        indented: whether the text indents its paragraphs, so that a line without indent goes on even after a full stop.
    """
    # Latin letters are narrower than half a Chinese one, and programs leave half a column at both ends of them
    latin = LATIN.findall(last_line)
    narrow = len("".join(latin)) // 5 + len(latin)
    if columns(last_line.rstrip()) < width - WRAP_TOLERANCE - narrow or NEW_PARAGRAPH.match(after):
        return False
    if unfinished(last_line.strip()):
        return not (indented and after[:1].isspace())
    return indented and not after[:1].isspace()
