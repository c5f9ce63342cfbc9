from pathlib import Path

import pytest

from assistant.errors import UnreadableFileError
from assistant.reading import Limits, read_file
from assistant.reading.legible import damage
from assistant.schema import Document
from tests.reading.builders import Placed, pdf, write

AWKWARD = Path(__file__).parents[3] / "shared/data/awkward_files"
FIRST = "第一条　为了促进产业有序转移，优化产业布局，推动区域协调发展，根"
LEFT, INDENTED, TOP = 72, 96, 740


def page(number: int, *lines: Placed) -> list[Placed]:
    return [(220, 800, "广东省人民代表大会常务委员会公报"), *lines, (280, 40, f"- {number} -")]


def text_lines(*lines: str) -> list[Placed]:
    """Lines one under the other; a line that begins with > is indented."""
    return [
        (INDENTED if line[0] == ">" else LEFT, TOP - 20 * index, line.lstrip(">")) for index, line in enumerate(lines)
    ]


PAGES = [
    page(
        1,
        *text_lines(
            ">第一条　为了促进产业有序转移，优化产业布局，推动区域协调发展，根",
            "据有关法律、行政法规，结合本省实际，制定本条例。",
            ">第二条　本条例适用于本省行政区域内促进产业有序转移的相关活动。本",
            "条例所称产业有序转移，是指引导产业承接地承接产业的相关各项活动。",
            "适用本条例的，依照本条例执行。",
        ),
    ),
    page(2, *text_lines(">省人民政府应当加强对促进工作的领导，建立健全产业有序转移统筹协调")),
    page(3, *text_lines("和保障机制。", ">第三条　本条例自2025年3月1日起施行。")),
]


@pytest.fixture
def gazette(tmp_path: Path) -> Document:
    return read_file(write(tmp_path, "公报.pdf", pdf(*PAGES)))


def test_lines_become_paragraphs_across_pages(gazette: Document) -> None:
    assert gazette.text.split("\n") == [
        (
            "第一条　为了促进产业有序转移，优化产业布局，推动区域协调发展，"
            "根据有关法律、行政法规，结合本省实际，制定本条例。"
        ),
        (
            "第二条　本条例适用于本省行政区域内促进产业有序转移的相关活动。本条例所称产业有序转移，"
            "是指引导产业承接地承接产业的相关各项活动。适用本条例的，依照本条例执行。"
        ),
        "省人民政府应当加强对促进工作的领导，建立健全产业有序转移统筹协调和保障机制。",
        "第三条　本条例自2025年3月1日起施行。",
    ]


def test_source_map_leads_to_the_page(gazette: Document) -> None:
    found = {point.page: gazette.text[point.start :][:4] for point in gazette.source_map}
    assert found == {1: "第一条　", 2: "省人民政", 3: "和保障机"}


def test_running_headers_and_page_numbers_are_reported(gazette: Document) -> None:
    assert gazette.warnings == ("页码 3 处未收入", "重复的页眉页脚 3 处未收入：“广东省人民代表大会常务委员会公报”")


@pytest.mark.parametrize("form", ["{}", "- {} -", "— {} —", "第 {} 页", "第{}页 共3页", "{}/3", "Page {} of 3", "·{}·"])
def test_page_numbers(tmp_path: Path, form: str) -> None:
    pages = [[*text_lines(f">第{number}章　总则内容甲乙丙"), (280, 40, form.format(number))] for number in (1, 2, 3)]
    document = read_file(write(tmp_path, "a.pdf", pdf(*pages)))
    assert document.text == "第1章　总则内容甲乙丙\n第2章　总则内容甲乙丙\n第3章　总则内容甲乙丙"
    assert document.warnings == ("页码 3 处未收入",)


def test_numbers_that_do_not_count_pages_stay(tmp_path: Path) -> None:
    pages = [
        [*text_lines(f">{word}"), (280, 40, number)] for word, number in (("甲", "120"), ("乙", "45"), ("丙", "300"))
    ]
    assert read_file(write(tmp_path, "a.pdf", pdf(*pages))).text == "甲\n120\n乙\n45\n丙\n300"


def test_blank_pages_pass_and_pictures_beside_text_are_reported(tmp_path: Path) -> None:
    document = read_file(write(tmp_path, "a.pdf", pdf(text_lines(FIRST), [], picture_on=[0])))
    assert document.text == FIRST
    assert document.warnings == ("第 1 页有图片，图中文字未读",)


def test_a_white_ground_is_nothing(tmp_path: Path) -> None:
    ground = pdf(text_lines(FIRST), [], draw_on=[1]).replace(b"100 100 m 200 200 l", b"1 g 0 0 m 9 9 l    ")
    assert read_file(write(tmp_path, "a.pdf", ground)).text == FIRST


def scanned(count: int) -> bytes:
    return pdf(
        text_lines(FIRST),
        *([(280, 40, f"- {number} -")] for number in range(2, count + 2)),
        picture_on=range(1, count + 1),
    )


REFUSED = [  # file, what the message says, comment
    (pdf([], [], picture_on=[0, 1]), "第 1、2 页没有文字层（共 2 页），应是扫描件或图形；请先做 OCR", "a scan"),
    (pdf(text_lines(FIRST), [], picture_on=[1]), "第 2 页没有文字层（共 2 页）", "one scanned page is not lost"),
    (scanned(3), "第 2、3、4 页没有文字层（共 4 页）", "page numbers printed over a scan are no text layer"),
    (scanned(14), "第 2、3、4、5、6、7、8、9、10、11、12、13 等 14 页没有文字层", "many pages are counted"),
    (pdf(text_lines(FIRST), [], draw_on=[1]), "第 2 页没有文字层", "letters drawn as outlines"),
    (pdf([], []), "PDF 中没有文字", "blank pages only"),
    (pdf(text_lines(FIRST), password="secret"), "PDF 已加密", ""),
    (pdf(text_lines(FIRST))[:300], "PDF 已损坏", "cut off"),
    (b"%PDF-1.7\n" + bytes(range(256)) * 8, "PDF 已损坏", "noise"),
    (pdf(text_lines("龘靐齉爩鱻麤龗灪吁龖厵" * 3)), "文字层是乱码（汉字中只有", "rare characters only"),
    (pdf(text_lines("/G21/G22/G23/G24/G25/G26/G27甲乙")), "的字符是字形代号而不是文字", "names of glyphs"),
    (pdf(text_lines("\ue011\ue012" * 10 + "甲乙丙丁")), "的字符没有对应的文字", "private use"),
]


@pytest.mark.parametrize(("data", "said", "comment"), REFUSED)
def test_refused(tmp_path: Path, data: bytes, said: str, comment: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_file(write(tmp_path, "坏.pdf", data))
    assert said in str(caught.value), comment
    assert str(caught.value).startswith("坏.pdf：")
    assert "\n" not in str(caught.value)


def test_pages_are_limited(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="共 3 页，超过上限 2 页"):
        read_file(write(tmp_path, "a.pdf", pdf(*PAGES)), limits=Limits(pages=2))


ENGLISH = (
    "The competent authorities of the receiving region shall publish the list of supported industries every year. " * 3
)
SOUND = [
    "第一条　为了促进产业有序转移，优化产业布局，推动区域协调发展，制定本条例。",
    "第一條　為了促進產業有序轉移，優化產業佈局，推動區域協調發展，制定本條例。",
    ENGLISH,
    "Các cơ quan có thẩm quyền của vùng tiếp nhận công bố danh mục ngành được hỗ trợ hằng năm theo quy định. " * 3,
    "目　录\n一、总则…………………………………………1\n二、附则…………………………………………9\n三、其他............12",
    "序号 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15.5% 20.1% 30.2%",
    "短",
]
DAMAGED = [
    "".join(chr(ord(char) + 3) if char.isalpha() else char for char in ENGLISH),  # letters shifted by a wrong table
    "¹ã¶«Ê¡´Ù½ø²úÒµÓÐÐò×ªÒÆÌõÀýµÚÒ»ÌõÎªÁË´Ù½ø" * 8,  # GBK read as Latin-1
    "锟斤拷烫烫烫\ufffd\ufffd\ufffd" * 4,
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" * 2,
    "(cid:12)(cid:13)(cid:14)(cid:15)文字",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_is_not_called_damaged(text: str) -> None:
    assert damage(text) == ""


@pytest.mark.parametrize("text", DAMAGED)
def test_damage_is_seen(text: str) -> None:
    assert damage(text)


@pytest.mark.skipif(not AWKWARD.is_dir(), reason="the awkward files are not on this machine (../shared/data)")
@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("ofdrw-gm__doc__GMT_0031*.pdf", "文字层是乱码"),
        ("ofdrw-converter__Test.pdf", "第 2 页没有文字层（共 5 页）"),
        ("ofdrw-reader__helloworld.ofd", "不支持 .ofd 文件；请用 OFD 阅读器导出"),
        ("ofdrw-sign__allprotected.ofd", "不支持 .ofd 文件"),
    ],
)
def test_awkward_files(pattern: str, said: str) -> None:
    (path,) = AWKWARD.glob(pattern)
    with pytest.raises(UnreadableFileError) as caught:
        read_file(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


SPREAD = (  # y, line: no indents; lines of one paragraph stand 20 apart, paragraphs 26
    (740, "第一条　为了促进产业有序转移，优化产业布局，推动区域协调发展，制定本条例。"),
    (720, "适用本条例的，依照本条例执行，不适用的不执行。"),
    (694, "第二条　本条例适用于本省行政区域内促进产业有序转移的相关活动，依照第一条第"),
    (674, "（三）项的规定办理。县级以上人民政府应当自2025年起每年对工作作出评估，并向社"),
    (654, "会公布。"),
    (628, "省人民政府应当加强对促进产业有序转移工作的领导，建立健全统筹协调和保障机制。"),
    (602, "第三条　本条例自2025年3月1日起施行。"),
)


def test_space_above_tells_the_paragraphs_of_a_text_without_indents(tmp_path: Path) -> None:
    lines: list[Placed] = [(LEFT, y, line) for y, line in SPREAD]
    text = read_file(write(tmp_path, "a.pdf", pdf(lines))).text
    assert text.split("\n") == [
        SPREAD[0][1] + SPREAD[1][1],
        SPREAD[2][1] + SPREAD[3][1] + SPREAD[4][1],
        SPREAD[5][1],
        SPREAD[6][1],
    ]


def test_a_line_may_be_broken_before_the_number_of_an_item(tmp_path: Path) -> None:
    lines = text_lines(
        ">第一条　承运人有过错的，应当依照本条例第二条第一款第（一）项、第",
        "（三）项的规定承担责任，法律、行政法规另有规定的，从其规定办理。",
        ">第二条　本条例适用于本省行政区域内促进产业有序转移的相关活动。本",
        "条例所称产业有序转移，是指引导产业承接地承接产业的相关各项活动。",
    )
    text = read_file(write(tmp_path, "a.pdf", pdf(lines))).text
    assert "第（一）项、第（三）项的规定" in text
