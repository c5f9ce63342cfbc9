"""Dialogues and what each last turn is to be read as; written before the code was run on any of them."""

from dataclasses import dataclass

GD, MFG = "gd-transfer-2025", "mfg-transfer-2021"


@dataclass(frozen=True, slots=True)
class Row:
    """Turns, the last of which is the question.

    Attributes:
        carried: kinds that are kept of the earlier turns.
        places: those of the completed question, in any order; None for unchecked.
        docs: documents that are asked; None for unchecked.
        ref: path of the first provision that is looked up.
        unit: of the first citation, without the document's year; "" for unchecked.
        status: of the answer; "" for unchecked.
        date: that validity is judged on: ISO, "last year", "today"; "" for unchecked.
        has, lacks: words that the completed question holds, and does not hold.
    """

    turns: tuple[str, ...]
    carried: str = ""
    places: str | None = None
    docs: str | None = None
    ref: str = ""
    unit: str = ""
    status: str = ""
    date: str = ""
    has: str = ""
    lacks: str = ""


CUSTOMS = "我们厂整体从佛山搬到湖南，海关信用等级还算数吗"

DIALOGUES = (
    # Another place: the topic stays, so does the other side of the move.
    Row((CUSTOMS, "那搬到江西呢？"), "topic place", "佛山 江西", unit="mfg:n8"),
    Row(("整个厂从东莞迁到广西，海关的评级要不要重新来", "去贵州呢"), "topic place", "东莞 贵州", unit="mfg:n8"),
    Row(("我们在佛山，厂里电费太高，能降吗", "不对，我说的是韶关"), "topic", "韶关", unit="gd:a30"),
    Row(("清远的园区电费贵，政府管不管", "河源呢"), "topic", "河源", unit="gd:a30"),
    Row(("从广州搬到梅州，用地指标有保障吗", "要是从深圳搬呢"), "topic place", "深圳 梅州", unit="gd:a28"),
    Row(("深圳的企业想在汕尾搞研发机构和中试基地，支持吗", "换成揭阳呢"), "topic place", "深圳 揭阳", unit="gd:a32"),
    Row(("搬到湛江能给块地吗", "那湖南呢"), "topic", "湖南", unit="mfg:n9"),
    Row((CUSTOMS, "那搬到江西呢", "如果从中山搬呢"), "topic place", "中山 江西", unit="mfg:n8"),
    Row(("从佛山搬到朝阳，海关信用等级认吗", "辽宁的"), "topic place", "佛山 辽宁朝阳", unit="mfg:n8"),
    Row(("从中山搬到清远，电费能降吗", "说错了，是从珠海搬，不是中山"), "topic place", "珠海 清远", unit="gd:a30"),
    Row(("从佛山搬到湖南，海观信用等几还算不算", "那搬到江西呢"), "topic place", "佛山 江西", unit="mfg:n8"),
    Row(("政企怎么沟通", "广东肇庆呢"), "topic", "广东肇庆", unit="gd:a35"),
    # A fact of the same topic.
    Row(("搬过去电费能便宜吗", "具体多少钱"), "topic", unit="gd:a30", status="partial"),
    Row(("企业用电成本能降吗", "谁管"), "topic", unit="gd:a30"),
    Row(("园区里的安全生产有没有人管", "谁负责"), "topic", unit="gd:a14"),
    Row(("搬迁时换新设备有支持吗", "补多少"), "topic", unit="gd:a19", status="partial"),
    Row(("承接地的用地指标有没有保障", "找哪个部门"), "topic", unit="gd:a28"),
    Row(("设立了什么基金支持产业转移", "规模多大"), "topic", unit="gd:a29"),
    Row(("承接地的技能人才培训有没有支持", "为什么"), "topic"),
    Row(("企业用电成本能降吗", "有没有别的规定"), "topic", unit="gd:a30"),
    Row(("电费能补多少", "那江西呢"), "topic", "江西", has="多少"),
    Row(("电费一度补多少钱", "那水费呢"), "topic", "", unit="gd:a30", status="partial", has="水费", lacks="电费"),
    Row(("海关信用等级搬家后还认吗", "怎么申请"), "topic", unit="mfg:n8", has="怎么申请"),
    Row(("建产业园区要做环评吗", "要什么材料"), "topic", unit="gd:a12", status="partial"),
    Row(
        ("我们厂从佛山搬到清远，电费能降吗", "具体多少钱", "那韶关呢"),
        "topic place",
        "佛山 韶关",
        unit="gd:a30",
        status="partial",
    ),
    Row(("我们厂从佛山搬到清远，电费能降吗", "那用地呢", "谁管"), "topic place", "佛山 清远", unit="gd:a28"),
    Row(("电费能补多少", "谁来发"), "topic", has="谁来发", lacks="多少"),
    Row(("搬到清远有没有补贴", "什么时候到账"), "topic place", "清远", lacks="有没有"),
    # Provisions.
    Row(("条例第二十九条第一款怎么说", "第二款呢？"), "document provision", ref="a29.p2", unit="gd:a29"),
    Row(("条例第二十九条第二款", "上一款呢"), "document provision", ref="a29.p1", unit="gd:a29"),
    Row(("条例第三十条讲什么", "下一条呢"), "document provision", ref="a31", unit="gd:a31"),
    Row(("第三十条讲什么", "前一条"), "provision", ref="a29", unit="gd:a29"),
    Row(("指导意见第七部分讲了啥", "下一部分呢"), "document provision", ref="n8", unit="mfg:n8"),
    Row(("广东条例第三条第三款", "那第二款"), "document provision", ref="a3.p2", unit="gd:a3"),
    Row(("条例第十条", "这条原文是什么"), "document provision", ref="a10", unit="gd:a10"),
    Row(("条例第三十条讲什么", "第三十一条呢"), "document", ref="a31", unit="gd:a31"),
    Row(("条例第三十条讲什么", "那31条呢"), "document", ref="a31", unit="gd:a31"),
    Row(("指导意见第八部分", "第九部分呢"), "document", ref="n9", unit="mfg:n9"),
    Row(("条例第二十九条第一款怎么说", "第二款呢", "第三款呢"), "document provision", ref="a29.p3", unit="gd:a29"),
    Row(("条例第三十条讲什么", "下一条呢", "再下一条"), "document provision", ref="a32", unit="gd:a32"),
    Row(("企业用电成本能降吗", "这条原文是什么"), "document provision", ref="a30", unit="gd:a30"),
    Row(("财政资金怎么支持产业转移", "第二款呢"), "document provision", ref="a29.p2", unit="gd:a29"),
    Row(("条例第二十九条第二款说了什么", "谁管这个基金"), "document provision", ref="a29.p2", unit="gd:a29"),
    Row(("条例第三十条讲什么", "具体降多少"), "document provision", ref="a30", unit="gd:a30"),
    Row(("条例第八条、第十条分别讲什么", "第二款呢"), "document provision", ref="a10.p2", unit="gd:a10"),
    Row(("条例第二条第二款", "这一款是谁的义务"), "document provision", ref="a2.p2", unit="gd:a2"),
    Row(("条例第五条第二款", "那江西呢"), "document provision", "江西", ref="a5.p2", unit="gd:a5"),
    Row(("企业用电成本能降吗", "这条原文是什么", "下一条呢"), "document provision", ref="a31", unit="gd:a31"),
    Row(("条例第三十九条", "下一条呢"), "document provision", ref="a40", status="abstained"),
    # Documents.
    Row(("条例里对用地怎么说", "那指导意见里呢？"), "topic", docs=MFG, unit="mfg:n9"),
    Row(("企业用地有什么支持", "指导意见怎么说"), "topic", docs=MFG, unit="mfg:n9"),
    Row(("指导意见里对金融支持怎么说的", "那条例呢"), "topic", docs=GD, unit="gd:a29"),
    Row(("条例里电费怎么规定的", "那融资呢"), "document", docs=GD, unit="gd:a29"),
    Row(("条例第三十条讲什么", "指导意见里有类似的规定吗"), "topic", docs=MFG),
    Row(("条例对园区安全生产怎么规定", "什么时候开始施行的"), "document", docs=GD, unit="gd:a39"),
    Row(("条例第三十条讲什么", "这个什么时候开始？"), "document", docs=GD, unit="gd:a39"),
    Row(("企业用电成本能降吗", "这个规定什么时候施行的"), "document", docs=GD, unit="gd:a39"),
    Row(("指导意见里海关信用怎么说", "现在还有效吗"), "document", docs=MFG),
    Row(("条例里电费怎么规定的", "具体多少钱"), "document topic", docs=GD, unit="gd:a30", status="partial"),
    # Dates.
    Row(("我们厂搬到清远，条例里用地的支持能享受吗", "去年搬的呢"), "topic place document", date="last year"),
    Row(("2024年10月搬的厂，电费支持算不算", "2025年6月搬的呢"), "topic", date="2025-06-30", lacks="2024"),
    Row(("我2024年10月就搬完了，用地能按条例保障吗", "那电费呢"), "date document", unit="gd:a39", date="2024-10-31"),
    Row(("我2024年10月搬到清远的，用地指标有吗", "谁管"), "topic place date", "清远", date="2024-10-31"),
    Row(("电费能降吗", "那2024年呢"), "topic", date="2024-12-31"),
    Row(("2024年10月搬的，电费能降吗", "现在呢"), "topic", date="today"),
    # More about the asker.
    Row(
        ("整厂从佛山搬到湖南，海关信用等级还算数吗", "如果只搬一条线呢"),
        "topic place",
        "佛山 湖南",
        unit="mfg:n8",
        has="只搬一条线",
        lacks="整厂",
    ),
    Row(("我们厂从东莞搬到广西，加工贸易有支持吗", "那我们是外资呢"), "topic place", unit="mfg:n6", has="外资"),
    Row(("搬到承接地用地有没有保障", "小微企业呢"), "topic", unit="gd:a28", has="小微企业"),
    Row(("知识产权搬过去有人保护吗", "高新技术企业也一样吗"), "topic", unit="gd:a38", has="高新技术企业"),
    # Another topic in few words: place and date stay.
    Row((CUSTOMS, "那电费呢"), "place", "佛山 湖南", unit="gd:a2"),
    Row(("从中山搬到河源，电费能降吗", "物流成本呢"), "place", "中山 河源", unit="gd:a36"),
    Row(("搬到云浮，用地指标有没有", "还有知识产权保护吗"), "place", "云浮", unit="gd:a38"),
    Row(("从佛山搬清远，物流成本能降吗", "那么环评怎么办"), "place", "佛山 清远", unit="gd:a12"),
    Row(("从中山搬到河源电费能降吗", "那社保怎么转"), "place", "中山 河源", status="abstained"),
    Row(("电费能降吗", "那离婚财产怎么分"), "", status="abstained"),
    Row(("条例第三十条讲什么", "那公积金怎么提"), "", status="abstained"),
    Row(("从佛山搬到清远，用地有保障吗", "那午饭吃什么"), "place", status="abstained"),
    # A new topic drops everything.
    Row((CUSTOMS, "园区可以托管给别人吗"), "", "", unit="gd:a10"),
    Row(("条例第三十条讲什么", "产业帮扶协作双方怎么共建合作园区"), "", docs="", unit="gd:a23"),
    Row(("2024年10月搬的厂电费能降吗", "科研机构的科技成果怎么在承接地转化"), "", unit="gd:a32", date="today"),
    Row(("指导意见第八部分讲什么", "企业用电成本能降吗"), "", docs="", unit="gd:a30"),
    Row(("搬到江西海关信用等级还认吗", "员工医保怎么转移"), "", "", status="abstained"),
    Row(("电费能降吗", "今天会下雨吗"), "", status="abstained"),
    Row(("条例里对用地怎么说", "起草支持政策要做公平竞争审查吗"), "", docs="", unit="gd:a34"),
    Row(("从佛山搬到清远，用地指标有吗", "职业资格跨省互认吗"), "", "", unit="mfg:n9"),
    Row(("用地指标谁保障", "农产品加工基地怎么合作"), "", unit="gd:a20"),
    Row(("从深圳搬到汕尾，电费高吗", "换个问题，文化旅游项目能一起搞吗"), "", "", unit="gd:a21"),
    Row(("条例第二十九条第二款", "指导意见第七部分讲什么"), "", ref="n7", unit="mfg:n7"),
    Row(("条例第三十条讲什么", "民法典第五百条讲什么"), "", status="abstained"),
    Row(("从佛山搬到湖南，海关信用等级还算数吗", "园区安全生产谁监督", "具体罚多少"), "topic", "", unit="gd:a14"),
    Row((CUSTOMS, "政企怎么沟通", "那江西呢"), "topic", "江西"),
    Row(("那社保怎么转",), "", status="abstained"),
    Row(("成接地用地只标有保障吗", "那个条理里电费怎么说"), "", docs=GD, unit="gd:a30"),
)
