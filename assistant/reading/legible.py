"""Whether extracted text is text: a damaged text layer is refused, never indexed as noise.

Four marks of damage, each far from what sound documents show (in the 3,477 laws this project is tested with, at least
96 % of the Chinese characters are common ones, and none of them is called damaged):
characters that stand for nothing, names of glyphs in place of characters, Chinese made of rare characters only, and
letters or signs in no natural mixture.
"""

import re
import unicodedata

from assistant.reading.decode import COMMON_SIMPLIFIED, COMMON_TRADITIONAL, is_han

MIN_CHARACTERS = 20  # shorter texts carry no statistics
MAX_STRAY_SHARE = 0.05
MAX_GLYPH_NAME_SHARE = 0.05
MIN_COMMON_SHARE = 0.8
MIN_HAN = 20
MIN_LATIN = 200
VOWEL_SHARE = (0.2, 0.6)  # of Latin letters without their accents; English has 0.38
MAX_ACCENTED_SHARE = 0.5  # of Latin letters; Vietnamese, the most accented, has about 0.3, mojibake nearly all
MIN_WORD_SHARE = 0.4  # letters, ideographs and digits among all that is not a run of one sign
# Matches: /G21, /GDF, (cid:123), /uni4E00, /g12; refuses: /GB, /2014, (一)
GLYPH_NAME = re.compile(r"/(?:G[0-9A-F]{2}|[gG]\d+|uni[0-9A-F]{4}|cid\d+|C\d{3,})|\(cid:\d+\)")
LEADERS = re.compile(r"([.．…·_\-—=*])\1{3,}")  # matches: ........ of a table of contents; refuses: ——


def damage(text: str) -> str:
    """Return what is wrong with a text in a few words of Chinese, "" when it reads as text."""
    signs = LEADERS.sub("", "".join(text.split()))
    total = len(signs)
    if total < MIN_CHARACTERS:
        return ""
    glyph_names = sum(len(match.group()) for match in GLYPH_NAME.finditer(signs))
    if glyph_names > MAX_GLYPH_NAME_SHARE * total:
        return f"{glyph_names / total:.0%} 的字符是字形代号而不是文字"
    stray = sum(unicodedata.category(char) in ("Co", "Cn", "Cc", "Cs") or char == "\ufffd" for char in signs)
    if stray > MAX_STRAY_SHARE * total:
        return f"{stray / total:.0%} 的字符没有对应的文字"
    han = [char for char in signs if is_han(char)]
    if len(han) >= MIN_HAN:
        common = max(sum(char in known for char in han) for known in (COMMON_SIMPLIFIED, COMMON_TRADITIONAL)) / len(han)
        if common < MIN_COMMON_SHARE:
            return f"汉字中只有 {common:.0%} 是常用字"
    words = sum(char.isalnum() for char in signs)
    if words < MIN_WORD_SHARE * total:
        return f"只有 {words / total:.0%} 的字符是文字或数字"
    return _latin_damage(signs) if len(han) < 0.2 * total else ""


def _latin_damage(signs: str) -> str:
    latin = [char for char in signs if char.isalpha() and ord(char) < 0x250]
    if len(latin) < MIN_LATIN:
        return ""
    basic = [char for char in latin if char.isascii()]
    if len(latin) - len(basic) > MAX_ACCENTED_SHARE * len(latin):
        return "字母多为带附加符号的乱码"
    vowels = sum(unicodedata.normalize("NFD", char)[0] in "aeiouAEIOU" for char in latin) / len(latin)
    return "" if VOWEL_SHARE[0] <= vowels <= VOWEL_SHARE[1] else f"字母的元音比例为 {vowels:.0%}，不像任何文字"
