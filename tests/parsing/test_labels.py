import pytest

from assistant.parsing.labels import render_label


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("a10.p2.i3", "第十条第二款第（三）项"),
        ("a10.p2.i3.k1", "第十条第二款第（三）项第1目"),
        ("a39", "第三十九条"),
        ("a120-1.p2", "第一百二十条之一第二款"),
        ("n8", "第八部分"),
        ("n9.p2", "第九部分第2自然段"),
        ("n4.h12.t3.u4", "第四部分第（十二）项第3点第（4）小点"),
        ("c2.n1", "第二章第一部分"),
        ("closing", "结尾段"),
        ("closing2", "结尾段第2段"),
        ("preamble.p7", "序言第7自然段"),
        ("annex2", "附件2"),
        ("sheet1.row5", "第1表第5行"),
    ],
)
def test_labels_are_what_a_lawyer_writes(path, label):
    assert render_label(path) == label
