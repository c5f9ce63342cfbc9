import pytest

from assistant.reading.numbering import render_number

CASES = [  # number, form, written (ECMA-376 17.18.59 and what Word shows)
    (1, "chineseCountingThousand", "一"),
    (10, "chineseCountingThousand", "十"),
    (12, "chineseCountingThousand", "十二"),
    (20, "chineseCountingThousand", "二十"),
    (101, "chineseCountingThousand", "一百零一"),
    (110, "chineseCountingThousand", "一百一十"),
    (1260, "chineseCountingThousand", "一千二百六十"),
    (1001, "chineseCountingThousand", "一千零一"),
    (10_010, "chineseCountingThousand", "一万零一十"),
    (99, "chineseCounting", "九十九"),
    (101, "chineseCounting", "一〇一"),
    (12, "ideographDigital", "一二"),
    (12, "chineseLegalSimplified", "壹拾贰"),
    (11, "ideographTraditional", "甲"),
    (12, "ideographZodiac", "亥"),
    (13, "ideographZodiacTraditional", "丙子"),
    (20, "decimalEnclosedCircle", "⑳"),
    (21, "decimalEnclosedCircle", "21"),
    (3, "decimalEnclosedParen", "⑶"),
    (3, "decimalFullWidth", "３"),
    (3, "decimalZero", "03"),
    (14, "upperRoman", "XIV"),
    (9, "lowerRoman", "ix"),
    (28, "lowerLetter", "bb"),
    (3, "none", ""),
    (0, "decimal", "0"),
    (7, "someNewForm", "7"),
]


@pytest.mark.parametrize(("number", "form", "written"), CASES)
def test_number_forms(number: int, form: str, written: str) -> None:
    assert render_number(number, form) == written
