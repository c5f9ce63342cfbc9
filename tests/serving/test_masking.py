"""Personal data is replaced, and what a provision or an article number looks like is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.serving.masking import BANK_CARD, CREDIT_CODE, EMAIL, ID_CARD, LANDLINE, MOBILE, mask, masked, shadow
from tests.conftest import ROOT

# Identity cards and the credit code 91350100M000100Y43 are the examples of GB 11643 and GB 32100; cards are the test
# numbers that card schemes publish; companies' codes are public.
REPLACED = [
    ("13800138000", MOBILE, "bare"),
    ("我的电话13800138000，请回电", f"我的电话{MOBILE}，请回电", "in a sentence"),
    ("138 0013 8000", MOBILE, "spaces 3-4-4"),
    ("138-0013-8000", MOBILE, "hyphens"),
    ("138—0013—8000", MOBILE, "Chinese dashes"),
    ("138.0013.8000", MOBILE, "dots"),
    ("1380013 8000", MOBILE, "7-4"),
    ("1380-013-8000", MOBILE, "4-3-4"),
    ("1380 0138 000", MOBILE, "4-4-3"),
    ("13800 138000", MOBILE, "5-6"),
    ("1 3 8 0 0 1 3 8 0 0 0", MOBILE, "digit by digit"),
    ("+8613800138000", MOBILE, "+86"),
    ("+86 138 0013 8000", MOBILE, "+86 with spaces"),
    ("+86-13800138000", MOBILE, "+86 with a hyphen"),
    ("008613800138000", MOBILE, "0086"),
    ("8613800138000", MOBILE, "86 without plus"),
    ("(+86)13800138000", f"(+86){MOBILE}", "in brackets"),
    ("１３８００１３８０００", MOBILE, "full width"),
    ("＋８６　１３８－００１３－８０００", MOBILE, "full width with its signs"),
    ("138\u200b0013\u200b8000", MOBILE, "zero-width spaces"),
    ("138\u00a00013\u00a08000", MOBILE, "no-break spaces"),
    ("微信wx13800138000", f"微信wx{MOBILE}", "letters in front"),
    ("tel13800138000转张三", f"tel{MOBILE}转张三", "letters in front, words behind"),
    ("13800138000,13900139000", f"{MOBILE},{MOBILE}", "two"),
    ("13800138000 13900139000", f"{MOBILE} {MOBILE}", "two with a space"),
    ("13800138000/13900139000", f"{MOBILE}/{MOBILE}", "two with a slash"),
    ("19912345678", MOBILE, "199"),
    ("13800138000元旦后打", f"{MOBILE}元旦后打", "元旦 is no amount"),
    ("020-83133283", LANDLINE, "landline"),
    ("02083133283", LANDLINE, "landline without a hyphen"),
    ("(020)83133283", LANDLINE, "area code in brackets"),
    ("（020）8313 3283", LANDLINE, "full-width brackets, spaces"),
    ("0755-88888888转801", LANDLINE, "extension"),
    ("0755-88888888-801", LANDLINE, "extension with a hyphen"),
    ("0763 3366123", LANDLINE, "seven digits"),
    ("010-66012345", LANDLINE, "Beijing"),
    ("+86-20-83133283", LANDLINE, "from abroad"),
    ("020-83133283/83133284", LANDLINE, "two of one place"),
    ("020-83133283、020-83133284", f"{LANDLINE}、{LANDLINE}", "two with area codes"),
    ("０２０－８３１３３２８３", LANDLINE, "full width"),
    ("电话：83133283", f"电话：{LANDLINE}", "a word says what it is"),
    ("电话：6222 0210 0111 6245 702", f"电话：{BANK_CARD}", "a card after that word"),
    ("传真 8313-3283", f"传真 {LANDLINE}", "fax"),
    ("11010519491231002X", ID_CARD, "GB 11643"),
    ("11010519491231002x", ID_CARD, "small x"),
    ("440524188001010014", ID_CARD, "GB 11643, the second example"),
    ("110105 19491231 002X", ID_CARD, "groups"),
    ("110105-19491231-002X", ID_CARD, "hyphens"),
    ("１１０１０５１９４９１２３１００２Ｘ", ID_CARD, "full width"),
    ("身份证11010519491231002X号", f"身份证{ID_CARD}号", "words around"),
    ("身份证号码：110105194912310021", f"身份证号码：{ID_CARD}", "a wrong check digit where a word says what it is"),
    ("110105491231002", ID_CARD, "fifteen digits"),
    ("130503670401001", ID_CARD, "fifteen digits, Hebei, begins as a mobile number does"),
    ("91350100M000100Y43", CREDIT_CODE, "GB 32100"),
    ("91350100m000100y43", CREDIT_CODE, "small letters"),
    ("914403001922038216", CREDIT_CODE, "digits only"),
    ("91110000802100433B", CREDIT_CODE, "one letter"),
    ("9135 0100 M000 100Y 43", CREDIT_CODE, "groups"),
    ("９１３５０１００Ｍ０００１００Ｙ４３", CREDIT_CODE, "full width"),
    ("统一社会信用代码：91350100M000100Y40", f"统一社会信用代码：{CREDIT_CODE}", "a wrong check, named"),
    ("4111111111111111", BANK_CARD, "sixteen digits"),
    ("4111 1111 1111 1111", BANK_CARD, "spaces"),
    ("4111-1111-1111-1111", BANK_CARD, "hyphens"),
    ("5555555555554444", BANK_CARD, "another scheme"),
    ("378282246310005", BANK_CARD, "fifteen digits"),
    ("3782 822463 10005", BANK_CARD, "4-6-5"),
    ("6200000000000005", BANK_CARD, "UnionPay"),
    ("４１１１　１１１１　１１１１　１１１１", BANK_CARD, "full width"),
    ("账号：44001234567890123", f"账号：{BANK_CARD}", "an account has no check digit"),
    ("zhang.san@gd.gov.cn", EMAIL, "e-mail"),
    ("邮箱13800138000@163.com。", f"邮箱{EMAIL}。", "a number as its name"),
    ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ", EMAIL, "full width"),
    ("a_b+c%d@x-y.example", EMAIL, "its signs"),
    (
        "甲（13800138000，11010519491231002X，a@b.cn）",
        f"甲（{MOBILE}，{ID_CARD}，{EMAIL}）",
        "several",
    ),
]
KEPT = [
    ("工信部联政法〔2021〕215号", "document number"),
    ("国发〔2022〕14号", "document number"),
    ("粤府办〔2023〕12号", "document number"),
    ("法释〔2019〕17号 第二十六条", "document number and article"),
    ("国家发展改革委令2023年第7号", "order"),
    ("第1254条、第1260条", "article numbers"),
    ("第十三条第二款第（三）项", "article"),
    ("2025年3月1日起施行", "date"),
    ("2025-03-01", "ISO date"),
    ("2025-03-01 13:00:00", "time"),
    ("20250301130000", "time in digits"),
    ("1767225600000", "milliseconds"),
    ("12345", "hotline"),
    ("请拨打12345、12366或12329热线", "hotlines"),
    ("95588", "a bank's line"),
    ("400-830-8188", "400"),
    ("4008308188", "400 without hyphens"),
    ("0755-12345", "a hotline with its area code"),
    ("110、119、120", "emergency numbers"),
    ("投资13800138000元", "an amount of eleven digits"),
    ("13800138000.50元", "an amount with decimals"),
    ("¥13800138000", "an amount with its sign"),
    ("人民币13800138000", "an amount with its name"),
    ("13,800,138,000元", "an amount with commas"),
    ("总投资6200000000000005万元", "sixteen digits of money"),
    ("12345678901", "eleven digits that begin with 12"),
    ("11111111111", "eleven digits that begin with 11"),
    ("138001380001", "twelve digits"),
    ("113800138000", "twelve digits, a mobile number inside"),
    ("20240113800138000123", "twenty digits, a mobile number inside"),
    ("1990 2000 120", "years and a number"),
    ("440000、440600、440605", "division codes"),
    ("110105194912310021", "an identity card's form with a wrong check digit"),
    ("110105194913310028", "month 13"),
    ("123456789012345678", "eighteen digits"),
    ("990105194912310026", "no province"),
    ("91350100M000100Y40", "a credit code's form with a wrong check"),
    ("91350100I000100Y43", "a letter that credit codes do not have"),
    ("4111111111111112", "Luhn does not hold"),
    ("411111111111111111111", "twenty-one digits"),
    ("41 42 43 44 45 46 47 48", "a table's row"),
    ("1 3 5 7 9 11 13 15", "a table's row of odd numbers"),
    ("sha256:0f3a13800138000bb1e2d3c4", "a digest"),
    ("x-013800138000", "an id of a file"),
    ("gd-transfer-2025:a13.p2", "an id of a provision"),
    ("GB 32100-2015", "a standard"),
    ("3.14159265358979", "a fraction"),
    ("版本2.0@测试", "no address"),
    ("user@localhost", "no address"),
    ("邮编510030", "a postal code"),
    ("单价0.6281元/千瓦时", "a price"),
    ("8313.3283万元", "an amount"),
    ("第83133283号", "eight digits without a word in front"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "comment"), REPLACED)
def test_personal_data_is_replaced(text: str, expected: str, comment: str) -> None:
    assert mask(text) == expected, comment


@pytest.mark.parametrize(("text", "comment"), KEPT)
def test_other_numbers_stay(text: str, comment: str) -> None:
    assert mask(text) == text, comment


@pytest.mark.parametrize("name", ["gd-transfer-2025.txt", "mfg-transfer-2021.txt", "known.toml"])
def test_documents_stay(name: str) -> None:
    text = (ROOT / "corpus" / name).read_text(encoding="utf-8")
    assert mask(text) == text


def test_offsets_lead_into_the_masked_text() -> None:
    text = "电话13800138000，依据《条例》第三十条；邮箱a@b.cn。"
    found = masked(text)
    start = text.index("《条例》")

    assert found.text == f"电话{MOBILE}，依据《条例》第三十条；邮箱{EMAIL}。"
    assert found.text[found.at(start) : found.at(start + 8, end=True)] == "《条例》第三十条"
    assert found.text[found.at(2) : found.at(13, end=True)] == MOBILE
    assert found.text[found.at(5) : found.at(7, end=True)] == MOBILE  # inside a replaced stretch: all of it
    assert found.at(0) == 0
    assert found.at(len(text), end=True) == len(found.text)


PIECES = st.sampled_from(
    [
        *("13800138000", "138", "0013", "8000", "1 3 8", "86", "+86", "0086", "020", "83133283", "-801", "转", "8313"),
        *("11010519491231002X", "110105", "19491231", "002X", "110105491231002", "91350100M000100Y43", "M000100Y43"),
        *("4111111111111111", "4111", "1111", "378282246310005", "a@b.cn", "@", ".", "b.c", "tel", "wx", "X", "x"),
        *(
            " ",
            "-",
            "　",
            "—",
            "\n",
            "，",
            "(",
            ")",
            "（",
            "元",
            "万",
            ".50",
            "¥",
            "人民币",
            "电话",
            "账号：",
            "身份证",
        ),
        *(
            "身份证",
            "税号",
            "１３",
            "８",
            "\u200b",
            "〔",
            "〕",
            "/",
            "、",
            "年",
            "号",
            "\ud800",
            "1",
            "2",
            "3",
            "9",
            "0",
        ),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join)))
def test_masking_never_fails_and_a_second_time_changes_nothing(text: str) -> None:
    found = masked(text)

    assert len(shadow(text)) == len(text)
    assert mask(found.text) == found.text
    for piece in found.pieces:
        assert found.text[piece.new_start : piece.new_start + len(piece.word)] == piece.word
    at = 0
    for piece in found.pieces:  # in order, without overlap
        assert at <= piece.start < piece.end <= len(text)
        at = piece.end


@pytest.mark.parametrize(
    "unit",
    ["1 ", "1", "13", "a@", "a.", "@a.1.", "0 ", "86 ", "4111 ", "020-", "A1", "1A ", "电话 ", "13800138000 ", "9 1"],
)
def test_the_time_is_linear(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.perf_counter()
        mask(text)
        return time.perf_counter() - started

    assert min(seconds(100_000) for _ in range(2)) < 12 * max(min(seconds(25_000) for _ in range(3)), 0.005)
