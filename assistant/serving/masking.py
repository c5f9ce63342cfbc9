"""Personal data in a text, replaced by the name of its kind: 请回电13800138000 → 请回电〔手机号〕.

Numbers are looked for in a shadow of the text that has the same length: full-width characters as ASCII, every kind of
dash as a hyphen, every kind of space as a space. A candidate begins where a run of letters and digits begins and ends
where one ends, so that the digits of a longer number are never taken out of it. Every pattern is bounded in length and
is tried once a run: the time is linear in the text.

Names and addresses are not found: they have no form that can be checked.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MOBILE, LANDLINE, ID_CARD = "〔手机号〕", "〔座机〕", "〔身份证号〕"
CREDIT_CODE, BANK_CARD, EMAIL = "〔统一社会信用代码〕", "〔银行卡号〕", "〔邮箱〕"

# What may stand after a number only when it is an amount. Matches 元, .50元, 万, 亩; refuses 元旦, 人, 个.
_AMOUNT = re.compile(
    r"(?:\.\d{1,4})? ?(?:元(?!旦|宵|月)|万|亿|美元|港元|欧元|日元|吨|千瓦|亩|公顷|平方米|立方米|公里|%)"
)
# What stands before an amount. Matches ¥, 人民币.
_CURRENCY = ("¥", "￥", "$", "€", "人民币")
_END = r"(?=[A-Za-z]{0,12}(?![0-9A-Za-z]))"
_SEP = r"[ .-]{0,3}"

# The digits of a mobile number in the groups people write. Matches 13800138000, 138 0013 8000, 138.0013.8000,
# 1380-0138-000, 8613800138000, 1 3 8 0 0 1 3 8 0 0 0; refuses 12345678901, 1990 2000 120, 138001380001.
# Three numbers of a table that stand as a mobile number does (150 2000 3000) are taken for one: we err on that side.
_MOBILE = re.compile(
    rf"(?:(?:00)?86{_SEP})?"
    rf"(?:1[3-9]\d(?:{_SEP}\d{{4}}{_SEP}\d{{4}}|[ -]?\d{{3}}[ -]?\d{{5}}|\d\d[ -]\d{{6}})"
    rf"|(?!(?:18|19)\d\d[ -](?:19|20)\d\d)1[3-9]\d\d[ -]?(?:\d{{3}}[ -]?\d{{4}}|\d{{4}}[ -]?\d{{3}})"
    rf"|1 [3-9](?: \d){{9}}(?! \d)){_END}"
)
# A landline with its area code, an extension, and further numbers of the same place. Matches 020-83133283,
# 020)8313 3283, 0755-8888888转801, 02083133283, 020-83133283/83133284; refuses 0755-12345 (a hotline), 0208.
_LOCAL = (
    r"[2-8]\d{2,3}[ -]?\d{4}(?!\d)(?: ?(?:-|转|[Ee][Xx][Tt]\.?) ?\d{1,5}(?![0-9-]))?(?:[/、] ?[2-8]\d{6,7}(?!\d)){0,4}"
)
_LANDLINE = re.compile(rf"(?:010|02\d|0[3-9]\d\d)\)?{_SEP}{_LOCAL}{_END}")
# The same from abroad; looked for after + or 00. Matches 86-20-83133283; refuses 86-138….
_LANDLINE_ABROAD = re.compile(rf"(?:00)?86{_SEP}(?:10|2\d|[3-9]\d\d){_SEP}{_LOCAL}{_END}")
_LANDLINE_ALONE = re.compile(rf"{_LOCAL}{_END}")
# Eighteen characters of an identity card. Matches 440106199001011234, 440106 19900101 123X; refuses seventeen.
_ID_18 = re.compile(r"\d(?:[ -]?\d){16}[ -]?[\dXx](?![0-9A-Za-z])")
_ID_15 = re.compile(rf"\d{{15}}{_END}")
# Eighteen characters of a credit code: who registered it, what it is, place, organisation, check. Matches
# 91350100M000100Y43; refuses codes with I, O, S, V, Z in them.
_CREDIT = re.compile(r"[1-9ANY](?: ?[0-9A-HJ-NPQRTUWXY]){17}(?![0-9A-Za-z])", re.ASCII | re.IGNORECASE)
# A bank card as it is printed or typed. Matches 6222021001116245702, 6222 0210 0111 6245, 3782-822463-10005;
# refuses 41 42 43 44 45 46 47.
_CARD = re.compile(
    rf"(?:(?P<plain>\d{{13,19}})|\d{{4}}[ -]\d{{6}}[ -]\d{{5}}|\d{{6}}[ -]\d{{7,13}}|\d{{4}}(?:[ -]\d{{4}}){{2,3}}"
    rf"(?:[ -]\d{{1,4}})?){_END}"
)
_ACCOUNT = re.compile(rf"\d(?:[ -]?\d){{9,24}}{_END}")
_ID_ANY = re.compile(r"(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
_CREDIT_ANY = re.compile(r"[0-9A-Za-z]{18}(?![0-9A-Za-z])")

# A word in front that says what a number is, whether or not its check digit holds. Each matches its word with 号, 号码
# and a colon between; refuses a word that is followed by others.
_BETWEEN = r"(?:号码|号|码)?[ :,]?(?:是|为)?[ :]{0,2}$"
_SAYS_PHONE = re.compile(rf"(?:电话|座机|固话|传真|[Tt][Ee][Ll]|[Ff][Aa][Xx]){_BETWEEN}")
_SAYS_ID = re.compile(rf"(?:身份证|身份证件|公民身份|证件){_BETWEEN}")
_SAYS_ACCOUNT = re.compile(rf"(?:卡号|账号|帐号|账户|帐户|银行卡|储蓄卡|信用卡){_BETWEEN}")
_SAYS_CREDIT = re.compile(rf"(?:信用代码|纳税人识别|税号){_BETWEEN}")
_BEFORE = 16  # characters in front of a number that such a word is looked for in

_RUN = re.compile(r"[0-9A-Za-z]+")
_LETTERS = re.compile(r"[A-Za-z]{0,12}(?![A-Za-z])")  # in front of the digits of a run: tel, wx, ID
_DIGIT = re.compile(r"\d", re.ASCII)
_ADDRESS_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
# What follows the @ of an address. Matches gd.gov.cn, 163.com; refuses 2.0, localhost.
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z0-9-]*")

# The first two digits of administrative-division codes, those of earlier times included.
_PROVINCES = frozenset(
    re.findall(
        r"\d\d",
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91",
    )
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_ID_CHECK = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT_KINDS = frozenset(  # who registers, and what it is; GB 32100 and its supplement
    re.findall(
        r"\w\w",
        "11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1 N2 N3 N9 Y1",
    )
)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_NATIONAL = "10"  # 100000: registered by a central authority
# How card numbers begin: 3 to 6 (UnionPay 62, Visa, Mastercard, JCB), 9 (9558), 22 to 27; not 20, as dates do.
_CARD_BEGINS = re.compile(r"[3-69]|2[2-7]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that was replaced: its span in the text, and where its replacement begins."""

    start: int
    end: int
    word: str
    new_start: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and where its characters came from."""

    text: str
    pieces: tuple[Piece, ...]

    def at(self, offset: int, *, end: bool = False) -> int:
        """Return where an offset of the original text lies in the masked one.

        Inside a replaced stretch it is the start of the replacement, or its end where the offset ends a span.
        """
        index = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        if index < 0:
            return offset
        piece = self.pieces[index]
        new_end = piece.new_start + len(piece.word)
        if offset >= piece.end:
            return offset - piece.end + new_end
        return new_end if end and offset > piece.start else piece.new_start


def mask(text: str) -> str:
    """Return `text` with phone numbers, identity cards, credit codes, bank cards and e-mail addresses replaced.

    >>> mask("我的电话是138 0013 8000，厂在广州，文号是国发〔2022〕14号")
    '我的电话是〔手机号〕，厂在广州，文号是国发〔2022〕14号'
    """
    return masked(text).text


def masked(text: str) -> Masked:
    """Return `text` without personal data, with what was replaced."""
    parts: list[str] = []
    pieces: list[Piece] = []
    at = length = 0
    for start, end, word in _found(shadow(text)):
        parts += (text[at:start], word)
        length += start - at
        pieces.append(Piece(start, end, word, length))
        length += len(word)
        at = end
    return Masked("".join((*parts, text[at:])), tuple(pieces))


def shadow(text: str) -> str:
    """Return a text of the same length in which every digit, space, dash and full-width character is ASCII."""
    return text if text.isascii() and "\t" not in text else text.translate(_SHADOW)


class _Shadow(dict[int, int]):
    """Code points as ASCII where they are a form of it; looked up once each."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        if 0xFF01 <= code <= 0xFF5E:
            plain = code - 0xFEE0
        elif char in "\t\u200b\u200c\u200d\u2060\ufeff" or unicodedata.category(char) == "Zs":
            plain = ord(" ")
        elif unicodedata.category(char) == "Pd" or char in "\u2212\u00ad":
            plain = ord("-")
        elif char.isdecimal():
            plain = ord("0") + unicodedata.decimal(char)
        else:
            plain = code
        self[code] = plain
        return plain


_SHADOW = _Shadow()


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the spans to replace in a shadow, in order, without overlap."""
    at = 0
    for start, end in _addresses(text):
        yield from _numbers(text, at, start)
        yield start, end, EMAIL
        at = end
    yield from _numbers(text, at, len(text))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    free = 0  # where the last address ended: each character is looked at from at most two @
    sign = text.find("@")
    while sign >= 0:
        start = sign
        while start > free and text[start - 1] in _ADDRESS_CHARS:
            start -= 1
        host = _HOST.match(text, sign + 1) if start < sign else None
        if host:
            yield start, host.end()
            free = host.end()
        else:
            free = sign + 1
        sign = text.find("@", free)


def _numbers(text: str, begin: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of persons and companies between two places of a shadow."""
    at = begin
    while run := _RUN.search(text, at, stop):
        at = run.end()
        if not _DIGIT.search(run[0]):
            continue
        found = _number(text, run.start(), stop)
        if found:
            yield found
            at = found[1]


def _number(text: str, start: int, stop: int) -> tuple[int, int, str] | None:
    """Return what the run of letters and digits at `start` begins, None where it is nobody's number."""
    if (match := _CREDIT.match(text, start, stop)) and _is_credit_code(_compact(match[0])):
        return start, match.end(), CREDIT_CODE
    said = text[max(0, start - _BEFORE) : start]
    if (match := _CREDIT_ANY.match(text, start, stop)) and _SAYS_CREDIT.search(said):
        return start, match.end(), CREDIT_CODE
    letters = _LETTERS.match(text, start, stop)
    digits = letters.end() if letters else start  # wx13800138000
    if digits == stop or not text[digits].isdigit():
        return None
    if letters and letters[0]:
        said += letters[0]
    # The local number comes last: eight digits may be the beginning of a card.
    for kind in (_identity, _phone, _card, _local_phone):
        if found := kind(text, digits, stop, said):
            return found
    return None


def _identity(text: str, start: int, stop: int, said: str) -> tuple[int, int, str] | None:
    if (match := _ID_18.match(text, start, stop)) and _is_identity(_compact(match[0])):
        return start, match.end(), ID_CARD
    if (match := _ID_ANY.match(text, start, stop)) and _SAYS_ID.search(said):
        return start, match.end(), ID_CARD
    match = _ID_15.match(text, start, stop)
    if match and match[0][:2] in _PROVINCES and _is_day(f"19{match[0][6:12]}") and not _amount(text, match, stop):
        return start, match.end(), ID_CARD
    return None


def _phone(text: str, start: int, stop: int, said: str) -> tuple[int, int, str] | None:
    plus = said.endswith("+")
    if (match := _MOBILE.match(text, start, stop)) and not _amount(text, match, stop):
        return start - plus, match.end(), MOBILE
    if (plus or text.startswith("00", start)) and (match := _LANDLINE_ABROAD.match(text, start, stop)):
        return start - plus, match.end(), LANDLINE
    if match := _LANDLINE.match(text, start, stop):
        opened = said.endswith("(") and ")" in match[0]
        return start - opened, match.end(), LANDLINE
    return None


def _card(text: str, start: int, stop: int, said: str) -> tuple[int, int, str] | None:
    match = _CARD.match(text, start, stop)
    if match and _is_card(_compact(match[0])) and not _amount(text, match, stop):
        return start, match.end(), BANK_CARD
    match = _ACCOUNT.match(text, start, stop)
    if match and _SAYS_ACCOUNT.search(said) and not _amount(text, match, stop):
        return start, match.end(), BANK_CARD
    return None


def _local_phone(text: str, start: int, stop: int, said: str) -> tuple[int, int, str] | None:
    match = _LANDLINE_ALONE.match(text, start, stop)
    return (start, match.end(), LANDLINE) if match and _SAYS_PHONE.search(said) else None


def _compact(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()


def _amount(text: str, match: re.Match[str], stop: int) -> bool:
    """Return whether a number is an amount: 13800138000元, ¥13800138000."""
    before = text[max(0, match.start() - 4) : match.start()].rstrip(" ")
    return bool(_AMOUNT.match(text, match.end(), stop)) or before.endswith(_CURRENCY)


def _is_day(text: str) -> bool:
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return 1850 <= day.year < 2100


def _is_identity(code: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(code, _ID_WEIGHTS, strict=False))
    return code[:2] in _PROVINCES and _is_day(code[6:14]) and _ID_CHECK[total % 11] == code[17]


def _is_credit_code(code: str) -> bool:
    place = code[2:8]
    if code[:2] not in _CREDIT_KINDS or not place.isdigit() or place[:2] not in _PROVINCES | {_NATIONAL}:
        return False
    total = sum(_CREDIT_ALPHABET.index(char) * weight for char, weight in zip(code, _CREDIT_WEIGHTS, strict=False))
    # One ordinary number in 31 has the right last digit (123456789012345678 does): digits alone must also carry the
    # check digit of the organisation's code inside.
    return _CREDIT_ALPHABET[-total % 31] == code[17] and (not code.isdigit() or _is_organisation(code[8:17]))


def _is_organisation(code: str) -> bool:
    """Return whether nine digits are an organisation's code (GB 11714)."""
    total = sum(int(digit) * weight for digit, weight in zip(code, _ORGANISATION_WEIGHTS, strict=False))
    return -total % 11 == int(code[8])


def _is_card(code: str) -> bool:
    """Return whether digits begin as a bank card does and pass Luhn's test (ISO/IEC 7812)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in code[-2::-2])
    total = sum(int(digit) for digit in code[-1::-2]) + sum(doubled)
    return bool(_CARD_BEGINS.match(code)) and total % 10 == 0
