"""Statutes built from a grammar are parsed back to what they were built from."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.parsing import parse, render_numeral
from assistant.schema import Document, Kind, Metadata
from eval.proof import problems

# Sentences that begin like law and like nothing structural, and some that try to look like structure.
SENTENCES = st.sampled_from(
    [
        "省人民政府应当加强领导。",
        "支持企业有序转移，鼓励商会参与。",
        "依照本法第二十条的规定处罚。",
        "第三人明知的，视为侵权。",
        "第一款规定的情形除外。",
        "第三条、第四条规定的行为，处以罚款；情节严重的，吊销许可证。",
        "2025年3月1日前开工的，从其规定。",
        "“甲（含乙；丙）”不得收费。",
        "附件由省人民政府公布。",
    ]
)
ITEM_TEXTS = st.sampled_from(["营业执照；", "证明材料。", "其他情形", "按照规定公开的：", "第十条规定的材料；"])


@dataclass(frozen=True)
class Item:
    text: str
    subitems: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Article:
    chapter: bool  # whether a new chapter starts with it
    branches: int  # how many 之一, 之二 follow it
    paragraphs: tuple[Paragraph, ...]


ITEMS = st.builds(Item, ITEM_TEXTS, st.lists(ITEM_TEXTS, max_size=2).map(tuple))
PARAGRAPHS = st.builds(Paragraph, SENTENCES, st.lists(ITEMS, max_size=3).map(tuple))
ARTICLES = st.builds(Article, st.booleans(), st.integers(0, 2), st.lists(PARAGRAPHS, min_size=1, max_size=3).map(tuple))
STYLES = st.sampled_from(
    [("第{}条　", "一"), ("第{}条 ", "一"), ("第{}条 ", "1"), ("第 {} 条　", "一"), ("**第{}条** ", "一")]
)


def write(articles: list[Article], style: tuple[str, str], contents: bool) -> tuple[list[str], dict[str, str]]:
    """Return the lines of a statute and the text that each path must have."""
    heading, script = style
    lines = ["某某条例", "（2025年1月12日通过）"]
    titles = [f"第{render_numeral(n)}章　甲{render_numeral(n)}" for n in range(1, 1 + sum(a.chapter for a in articles))]
    if contents and articles[0].chapter and len(titles) > 1:
        lines += ["目　录", *titles]
    expected: dict[str, str] = {}
    remaining = iter(titles)
    for number, article in enumerate(articles, 1):
        if article.chapter:
            lines.append(next(remaining))
        for branch in range(article.branches + 1):
            written = render_numeral(number) if script == "一" else str(number)
            opening = heading.format(written)
            if branch:
                opening = opening.replace("条", f"条之{render_numeral(branch)}")
            path = f"a{number}" + (f"-{branch}" if branch else "")
            first = len(lines)
            for index, paragraph in enumerate(article.paragraphs, 1):
                start = len(lines)
                # Without the colon, an unfinished （一） right before an article may be a title as well as an item.
                lines.append(f"{paragraph.text[:-1]}：" if paragraph.items else paragraph.text)
                for place, item in enumerate(paragraph.items, 1):
                    item_start = len(lines)
                    lines.append(f"（{render_numeral(place)}）{item.text}")
                    for small, text in enumerate(item.subitems, 1):
                        lines.append(f"{small}.{text}")
                        expected[f"{path}.p{index}.i{place}.k{small}"] = lines[-1]
                    expected[f"{path}.p{index}.i{place}"] = "\n".join(lines[item_start:])
                expected[f"{path}.p{index}"] = "\n".join(lines[start:])
            lines[first] = opening + lines[first]
            expected[path] = "\n".join(lines[first:])
    return lines, expected


@settings(max_examples=100, deadline=None)
@given(st.lists(ARTICLES, min_size=2, max_size=6), STYLES, st.booleans())
def test_a_written_statute_is_parsed_back(articles, style, contents):
    lines, expected = write(articles, style, contents)
    result = parse(Document(Metadata("x", "某某条例", Kind.STATUTE), "\n".join(lines)))
    assert {p.id.removeprefix("x:"): p.text for p in result.provisions} == expected
    assert [h.text for h in result.headings] == [
        f"第{render_numeral(n)}章　甲{render_numeral(n)}" for n in range(1, 1 + sum(a.chapter for a in articles))
    ]
    assert result.warnings == ()
    assert problems(result) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(alphabet="第一二十条章款（）()1.2、附件表录目序言：。；　 \t甲应当\u200b2025年月日①㈠*", max_size=14),
        max_size=14,
    ),
    st.sampled_from(list(Kind)),
)
def test_no_text_breaks_the_parser_or_its_spans(lines, kind):
    result = parse(Document(Metadata("x", "t", kind), "\n".join(lines)))
    assert problems(result) == []
