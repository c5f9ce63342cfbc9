"""Stories and their questions; two questions in one."""

import pytest

from assistant.retrieval.focus import LONG, asks, focused, parts_of


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("电费能不能降", True),
        ("有没有补贴", True),
        ("外地的证认不认", True),
        ("这样做合法不", True),
        ("要多少天", True),
        ("凭啥收钱", True),
        ("我们在佛山做注塑", False),
        ("没有人管", False),
        ("客户都跑了", False),
    ],
)
def test_what_asks(text: str, asking: bool) -> None:
    assert asks(text) is asking


def test_a_story_is_cut_to_what_it_asks_and_what_it_is_about() -> None:
    story = (
        "我先说情况，我们十年前在惠州起的厂，做注塑，人很多，客户都跑到外地去了，房子也旧了，想问招来的人政府教不教手艺"
    )
    cut = focused(story)

    assert len(story) > LONG
    assert cut.endswith("想问招来的人政府教不教手艺")
    assert "做注塑" not in cut
    assert all(clause in story for clause in cut.split("，"))


@pytest.mark.parametrize(
    "text",
    [
        "电费能降吗",
        "我们在佛山做注塑已经有十来年的时间了，人很多，客户都跑到外地去了，房子也旧了，机器也旧了，日子很难过",
    ],
)
def test_a_short_question_and_a_story_that_asks_nothing_are_not_cut(text: str) -> None:
    assert focused(text) == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("电费能不能降？拿地有没有指标？", ("电费能不能降", "拿地有没有指标")),
        ("电费能便宜点不，还有工人培训有没有人管", ("电费能便宜点不", "工人培训有没有人管")),
        (
            "整厂从中山搬四川，一是海关信用等级认不认，二是电费能打几折？",
            ("整厂从中山搬四川，海关信用等级认不认", "整厂从中山搬四川，电费能打几折"),
        ),
        ("电费能降吗？降多少？", ()),  # the second asks about the first
        ("矸石该堆哪儿？直接倒了要罚多少？", ()),  # no matter of its own
        ("手里还有点股权能抵押吗", ()),
        ("电费能降吗？电价能便宜吗？", ()),  # the same matter twice
        ("第三十条讲什么", ()),
    ],
)
def test_two_questions_are_taken_apart_only_where_each_names_its_matter(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts
