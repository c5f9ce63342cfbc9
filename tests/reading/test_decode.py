import codecs

import pytest

from assistant.errors import DecodeError
from assistant.reading.decode import COMMON_SIMPLIFIED, COMMON_TRADITIONAL, decode

LAW = "第一条　为了促进产业有序转移，优化产业布局，推动区域协调发展，制定本条例。"
TRADITIONAL = "第一條　為了促進產業有序轉移，優化產業佈局，推動區域協調發展，制定本條例。"

CASES = [  # bytes, text, encoding, comment
    (LAW.encode(), LAW, "utf-8", "plain UTF-8"),
    (codecs.BOM_UTF8 + LAW.encode(), LAW, "utf-8", "the mark is no text"),
    (codecs.BOM_UTF16_LE + LAW.encode("utf-16-le"), LAW, "utf-16-le", "Notepad's Unicode"),
    (codecs.BOM_UTF16_BE + LAW.encode("utf-16-be"), LAW, "utf-16-be", ""),
    (LAW.encode("gb18030"), LAW, "gb18030", ""),
    (LAW.encode("gbk"), LAW, "gb18030", "a subset"),
    (TRADITIONAL.encode("big5"), TRADITIONAL, "big5", "decodes as GB18030 too, as rare characters"),
    (b"plain ASCII", "plain ASCII", "utf-8", ""),
    (b"", "", "utf-8", ""),
]


@pytest.mark.parametrize(("data", "text", "encoding", "comment"), CASES)
def test_decoding_order(data: bytes, text: str, encoding: str, comment: str) -> None:
    assert decode(data, "a.txt") == (text, encoding), comment


def test_common_characters_are_the_level_one_blocks() -> None:
    assert len(COMMON_SIMPLIFIED) == 3755 + 1  # GB 2312-80 table 1, and 〇
    assert len(COMMON_TRADITIONAL) == 5401  # Big5 level 1
    assert {"产", "业", "啊", "座"} <= COMMON_SIMPLIFIED
    assert {"產", "業"} <= COMMON_TRADITIONAL
    assert "亍" not in COMMON_SIMPLIFIED  # the first character of level 2


REFUSED = [  # bytes, what the message says, comment
    (b"abc\xff\xfe\xfd" * 5, "偏移 3 处的字节 0xFF", "no encoding at all"),
    ("鼱鼲鼳鼴鼵鼶鼸鼺鼼鼿".encode("gb18030"), "偏移 0 处的字节 0x", "fits GB18030, as rare characters only"),
    (codecs.BOM_UTF8 + b"ab\xff", "偏移 5 处的字节 0xFF", "the mark promises what the bytes do not keep"),
    ("café crème".encode("latin-1"), "偏移 3 处的字节 0xE9", "Latin-1 is none of ours"),
    (b"PK\x00\x01", "第 3 个字符是空字符", "a binary file"),
]


@pytest.mark.parametrize(("data", "said", "comment"), REFUSED)
def test_refusals_name_the_first_bad_byte(data: bytes, said: str, comment: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(data, "坏.txt")
    assert said in str(caught.value), comment
    assert str(caught.value).startswith("坏.txt：")
    assert "\n" not in str(caught.value)
