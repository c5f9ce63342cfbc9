"""The paragraphs that end a policy document and speak for all of it (结尾段)."""

import re

from assistant.parsing.tree import Node
from assistant.schema import ProvisionKind

# What such a paragraph begins with: those who carry the document out, or its own validity. Matches
# 「各地工业和信息化主管部门要同」 「各省、自治区、直辖市人民政府要」 「本意见自印发之日起施行」; refuses
# 「各类经营主体」 「本市企业」 「鼓励各地」.
_CLOSING = re.compile(
    r"各(?:地区?|级|省|市|州|县|区|有关|相关|部门|单位|成员单位|地方)[^。]{0,60}?(?:要(?![求素])|应(?![用急])|须|请)"
    r"|本(?:意见|通知|方案|办法|规划|措施|政策|纲要|计划|规定|细则|指南|行动计划)[^。]{0,30}?(?:自|由|有效期|施行|实施|执行|解释)"
    r"|特此通知"
)


def split_closing(last: Node, text: str) -> list[Node]:
    """Take the closing paragraphs out of the last part and return them, in order; an empty list if there are none.

    They are the last paragraphs of the document that stand on lines of their own and begin as `_CLOSING` says.
    Something of the
    part must be left before them: where all its paragraphs begin so, as under 九、组织实施, they are the part. Below
        a title （三）加强监督 they stay too, since they may be all it has to say. We err on the side of the part: a
        paragraph that stays in it is still found and quoted, with a label that names more than is needed.

    Args:
        last: the last top node, whose title, where it has one, is still its own text.
        text: the document's text.
    """
    owner = last
    while owner.children and owner.children[-1].kind is not ProvisionKind.PARAGRAPH:
        owner = owner.children[-1]
    titled = bool(owner.own)
    if titled and owner is not last:
        return []
    least = 0 if titled else 1  # the first paragraph of an untitled part stands on the line of its number
    first = len(owner.children)
    while first > least and _CLOSING.match(text, owner.children[first - 1].start):
        first -= 1
    if first == 0:
        return []
    closing = owner.children[first:]
    del owner.children[first:]
    return closing
