"""The table of everyday words: its form, its words in the corpus, what it finds, and where it must keep silent.

Expected provisions: gd30 is 第三十条 of the provincial regulation, mfg9 is 第九部分 of the guidance, mfg结尾段 its last
paragraph. Right = one of them is among the first three units. Each table of questions says what the table of
terms before it (79 rows) reached on it.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.api import Assistant, open_assistant
from assistant.retrieval.terms import Term, terms, terms_for
from assistant.schema import Hit
from assistant.settings import Settings

ROOT = Path(__file__).parents[2]
# Matters of which the documents say nothing: an everyday word for them must not point anywhere.
GROUNDLESS = ("社保", "户口", "公积金", "工资", "仲裁", "罚款", "处罚", "个税", "所得税", "增值税", "减税", "免税政策")

# Written before the rows, from the documents, sentence by sentence; none was dropped or changed after. The rows were
# written by the same hand that knew them, so this shows that the table does what it is for, not how it generalises.
# Table before: 46 of 91 first, 65 in the first three. Now: 88 and 91.
KNOWN = [
    ("立这么个法到底图啥子", "gd1"),
    ("我厂子在江西，搬走也归广东这个管吗", "gd2"),
    ("有序转移官方咋个讲法，搬个家具厂算数不", "gd2"),
    ("县太爷对接厂这事要负啥责任，不能三天打鱼两天晒网吧", "gd3"),
    ("珠三角的市不愿放厂走，硬拦着行吗", "gd3"),
    ("这个事到底哪个口子牵头，经信局还是发改局，老是踢皮球", "gd4"),
    ("国资委农业局这些也要掺和进来吗", "gd4"),
    ("行会想搞个推介会拉会员过去看厂房，政府给不给撑腰", "gd5"),
    ("我们技工学校能掺一脚不", "gd5 gd32"),
    ("想弄个展销会让上下游对上号，政府支持伐", "gd6"),
    ("两边市里怎么分账，谁出本钱谁分红", "gd7"),
    ("高新区经开区这些都算接产业的盘子吗", "gd8"),
    ("园区不能光有厂没有城，住人做生意的怎么考虑", "gd8"),
    ("主平台省里给啥子好处", "gd9"),
    ("我们县想到深圳去开个飞地搞研发行不行", "gd10 mfg7"),
    ("请珠三角的开发区公司来代管我们园区得不得", "gd10 mfg7"),
    ("园区里头水电路网都没通，谁来搞", "gd11"),
    ("园区连个食堂宿舍都没有", "gd11"),
    ("园区下雨就淹水，排水沟堵死了谁管", "gd11"),
    ("海平手续能不能快点，规划做过一遍了还要做", "gd12"),
    ("园区的污水厂归谁建", "gd12"),
    ("能不能请外头的物业公司来打理园区", "gd13"),
    ("园区老是炸锅炉起火，管委会要不要来查", "gd14"),
    ("管委会一笔糊涂账，啥都不公开", "gd14"),
    ("啥产业该往哪儿搬，谁来定个谱", "gd15"),
    ("大厂走了我们这些小配套厂跟着去有没有人管", "gd16 mfg2"),
    ("县里想把本地特产做大做强", "gd17"),
    ("搞电商软件的能不能算进去", "gd18 mfg2"),
    ("总部留在东莞，光把车间搬去河源行不行", "gd19"),
    ("借搬厂的机会把老机器都换了有支持没", "gd19"),
    ("我们种菜的想跟广州的批发市场挂上钩", "gd20"),
    ("两边一起搞旅游线路有说法吗", "gd21"),
    ("搞设备租赁的公司也扶持不", "gd21"),
    ("结对子的两个市要一起干些啥", "gd22"),
    ("帮我们的那个市来这边建园子，规矩怎么定", "gd23"),
    ("这边开个公司要跑十几趟，人家深圳一天搞定，能不能学学", "gd24"),
    ("拉来的大项目有没有专人盯着跟进到底", "gd25"),
    ("珠三角派师傅来教我们本地工人手艺成不成", "gd26"),
    ("外地老板跟本地老板拿地拿贷款是不是看人下菜碟", "gd27"),
    ("欺负外来户，要地要钱都卡我们脖子", "gd27"),
    ("项目谈妥了就是没指标批不下来地", "gd28"),
    ("那些晒太阳的荒地空厂房能不能拿来用", "gd28 mfg9"),
    ("搬过去政府发不发钱", "gd29"),
    ("省里那个大盘子基金哪个出的钱", "gd29"),
    ("工厂电老是拉闸，一个月停好几回", "gd30"),
    ("园区转供电加价太黑了", "gd30"),
    ("两个市的数据各搞各的，孤岛一样", "gd31"),
    ("想跟中山大学合伙搞研发再拿到河源去投产", "gd32"),
    ("试产线放到粤北去有没有支持", "gd32"),
    ("偏远地方请不来高工也留不住", "gd33"),
    ("用工荒怎么办，提前算没算要多少人", "gd33 gd26"),
    ("这费那费名堂多得很，园区巧立名目", "gd34"),
    ("当初答应的优惠说话不算话，没人兑现", "gd34"),
    ("写文件只准用本地货，这样出台合不合规", "gd34"),
    ("想跟书记市长当面倒倒苦水有门路没", "gd35"),
    ("园区外头的烂泥路大货车进不去", "gd36"),
    ("拉一车货到盐田港运费太贵了", "gd36 mfg9"),
    ("员工娃娃读书咋个办", "gd37"),
    ("老人看病没得医院", "gd37"),
    ("我的设计图让人抄了去", "gd38"),
    ("啥时候算数的", "gd39"),
    ("到二零二五年要搞成啥样", "mfg1"),
    ("服装鞋子这种吃人工的往哪里搬", "mfg2"),
    ("多晶硅电老虎往西部去行不行", "mfg2"),
    ("钢铁水泥新上项目卡得死不死", "mfg2"),
    ("黑龙江跟广东结的对子有啥说法", "mfg3"),
    ("我们四川适合接啥子产业", "mfg3"),
    ("湖南江西要往哪个方向搞", "mfg3"),
    ("穷县刚摘帽，能接啥产业", "mfg4"),
    ("老厂区的烟囱车间能不能留着当博物馆", "mfg4"),
    ("煤挖完了咋办", "mfg4"),
    ("靠越南那边的县有啥搞头", "mfg4 mfg6"),
    ("北上广市区里的批发市场物流园要不要搬出去", "mfg5"),
    ("口罩救灾帐篷生产有没有布点", "mfg5"),
    ("想去东南亚开厂国家怎么说", "mfg6"),
    ("外国老板来投资有没有不让干的行当清单", "mfg6"),
    ("来料加工的单子能接到内地去做吗", "mfg6"),
    ("西部想在上海园区里租几层楼搞研发结算", "mfg7"),
    ("东部实验室的成果到我们这儿落地怎么分好处", "mfg7"),
    ("网上有没有查哪儿要厂的平台", "mfg8"),
    ("接得好不好有没有打分排名", "mfg8"),
    ("一个牌照能不能在好几个地方开工", "mfg8"),
    ("海观的高级认证搬到四川还认不认", "mfg8"),
    ("搬去贵州想要个保税仓怎么申请", "mfg8"),
    ("上游保护水源的县有没有补偿", "mfg8"),
    ("GDP税收算谁头上", "mfg8 gd7"),
    ("拿订单去银行抵押贷得到款不", "mfg9"),
    ("铁路接到港口的联运支持不支持", "mfg9"),
    ("我的电工本本到那边认不认", "mfg9"),
    ("厂区里盖宿舍食堂占地比例能不能高一点", "mfg9"),
    ("中央说的落实到地方哪个部门扛", "mfg结尾段"),
]

# Written after a first draft of the rows, when it put 19 of 52 first and 29 in the first three (table before: 15 and
# 28), and then used to widen them. Now: 50 and 51.
USED_TO_WIDEN = [
    ("政府出面搞这个，到底是行政命令还是老板自己拿主意", "gd2 mfg1"),
    ("省长那一级要挑多大的担子", "gd3"),
    ("我这个厂想搬该先到哪个机关问", "gd4"),
    ("家具行业协会牵头带人去看地头", "gd5"),
    ("做模具的怎么跟整车厂搭上线", "gd6"),
    ("两个县合着干，赚了钱怎么切", "gd7"),
    ("咱这个产业集中区到底该做电子还是做化工", "gd8 gd15"),
    ("省里在资金和地皮上对大平台有没有偏爱", "gd9"),
    ("把我们园区整个交给佛山那边的团队操盘", "gd10"),
    ("厂门口三天两头没水没电，围墙里头的管线该谁埋", "gd11 gd30"),
    ("夜里偷排脏水臭得要死", "gd12"),
    ("项目环保那一关能不能简单点，别一遍遍审", "gd12"),
    ("园区管事的都是外行，能不能找内行来干", "gd13"),
    ("厂里粉尘炸了，园区有没有责任天天巡", "gd14"),
    ("汽车主机厂来了，零件小厂要不要跟进来", "gd16"),
    ("小镇的灯饰有名气，怎么扶它长大", "gd17"),
    ("工厂想装机械臂和系统，政府撑不撑", "gd18 gd19"),
    ("办公楼不动，只挪冲压和喷涂两道工序", "gd19"),
    ("山里的菌子腊肉怎么卖进广州城", "gd20"),
    ("漂流和客家围屋能不能跟深圳的团合着推", "gd21"),
    ("河源跟深圳是一对，要一块办哪些事", "gd22"),
    ("对面市来我们这建厂区，班子怎么搭", "gd23"),
    ("注册一家厂拖了半个月，有没有人来教教我们改", "gd24"),
    ("招来的大老板签了字就没人理了", "gd25"),
    ("本地后生没技术，广州那边肯不肯来教", "gd26"),
    ("我是湖南来的小老板，凭什么地都给大国企了", "gd27"),
    ("园区一堆厂房锁着门长草，能不能租给我", "gd28"),
    ("县里穷得叮当响，哪来的票子搞园区", "gd29"),
    ("电闸动不动就掉，订单赶不出来", "gd30"),
    ("两边的系统对不上号，资料要报两遍", "gd31"),
    ("跟华南理工的老师搞个小批量验证的车间", "gd32"),
    ("年薪给到五十万人家博士都不肯来县里", "gd33"),
    ("三天两头来人要赞助", "gd34"),
    ("说好三免两减半的返还，现在装聋作哑", "gd34"),
    ("想请父母官坐下来听我们吐槽", "gd35"),
    ("高速下来到厂里那十公里全是坑", "gd36"),
    ("工人拖家带口来了，娃没书念老人没处看病", "gd37"),
    ("我家的发明专利老被隔壁厂照着做", "gd38"),
    ("从哪一天起照这个办", "gd39"),
    ("挖矿的县矿快没了，改行干啥", "mfg4"),
    ("沂蒙山那边有啥照应", "mfg4"),
    ("上海中心城里的仓库工厂要不要清走", "mfg5"),
    ("县里底子薄，配套跟不上怎么补", "mfg5"),
    ("去埃及办个工业园，上头支不支持", "mfg6"),
    ("做苹果代工的可以挪到河南吗", "mfg6 mfg2"),
    ("陕西想在苏州的园区租个楼搞实验室", "mfg7"),
    ("接厂接得漂亮的地方，上头给不给排座次", "mfg8"),
    ("长江源头的人守着水，下游出不出钱", "mfg8"),
    ("执照上只写一个地方，另一个车间算黑户吗", "mfg8"),
    ("工人的等级证到了成都还顶用吗", "mfg9"),
    ("用发明专利去换贷款", "mfg9"),
    ("货从工厂上火车再上船一条龙", "mfg9"),
]

# Written last; no row was added or changed for them. Table before: 21 of 54 first, 30 in the first three. Now: 28 and
# 36. This is the honest figure for words nobody thought of: do not add rows for these questions.
UNSEEN = [
    ("条例出台的用意是啥", "gd1"),
    ("把厂从佛山挪到贵阳，省里的条例还算数吗", "gd2"),
    ("我们县接了一批鞋厂，政府后头该干啥", "gd3"),
    ("想把厂迁去清远，头一步找政府哪个科室", "gd4"),
    ("玩具协会办场对接酒会，政府帮不帮衬", "gd5"),
    ("想找做螺丝的厂合作，政府有没有搭台", "gd6"),
    ("东莞跟韶关合伙搞产业，好处两家怎么摊", "gd7 mfg8"),
    ("省里的大平台能多分点地和钱吗", "gd9"),
    ("广州开发区派人来替我们县打理工业园可以不", "gd10 gd23"),
    ("我们梅州想在广州租栋楼搞科研", "gd10"),
    ("厂区没拉网线也没自来水", "gd11"),
    ("工人下班没地方吃饭睡觉", "gd11 gd37"),
    ("新项目做环评要一年，等不起啊", "gd12"),
    ("园区想找懂招商会管理的公司来干", "gd13"),
    ("园区里化工厂老出事，谁来盯安全", "gd14"),
    ("格力要是搬来，给它做零件的会不会也来", "gd16 mfg2"),
    ("阳江的刀剪产业想更上一层楼", "gd17"),
    ("传统小厂想搞数字改造", "gd18"),
    ("只把注塑那条线放到湛江，其他留在中山", "gd19"),
    ("搬的时候顺手把注塑机全换成新的", "gd19"),
    ("肇庆的砂糖橘能不能直供广州超市", "gd20"),
    ("韶关丹霞山跟广州一起推游客", "gd21"),
    ("珠海帮扶阳江都帮哪些方面", "gd22"),
    ("新来的小企业说当地领导只认国企", "gd27"),
    ("项目等地等了两年还没着落", "gd28"),
    ("县财政能不能给搬来的厂补点钱", "gd29"),
    ("夏天一到厂里就没电开工", "gd30"),
    ("电费比我们原来贵三毛", "gd30"),
    ("两个地方的政府数据不互通害得我们重复填表", "gd31"),
    ("跟科技大学合作做新材料试产", "gd32"),
    ("招个会编程的技术主管县里根本没有", "gd33"),
    ("县里干部见我们就伸手要好处", "gd34"),
    ("招商时候拍胸脯的事全忘了", "gd34"),
    ("县里下文件说政府采购只能买县里企业的", "gd34"),
    ("我们老板群有一肚子话想跟市长说", "gd35"),
    ("园区通往国道那段路大车开不了", "gd36"),
    ("外来工的小孩上哪念小学", "gd37"),
    ("竞争对手偷了我们的工艺图", "gd38"),
    ("新条例几号起管事", "gd39"),
    ("电池材料厂特别费电，去青海好不好", "mfg2 mfg3"),
    ("沈阳那边接得了啥产业", "mfg3"),
    ("大庆油快采完了，怎么转型", "mfg4"),
    ("云南瑞丽这种地方能做点啥", "mfg4 mfg6"),
    ("天津市区那些老仓库要迁走吗", "mfg5"),
    ("我们想跟着客户去墨西哥建厂", "mfg6"),
    ("哪些行业外国人不许碰", "mfg6"),
    ("甘肃能不能在上海设个研发点", "mfg7"),
    ("想知道哪个城市在招我们这种厂，去哪看", "mfg8"),
    ("整个厂搬去重庆，海关给的级别要重新评吗", "mfg8"),
    ("水源地不能开厂，谁来补我们", "mfg8"),
    ("同一个公司在三个县都有车间，要办三个照吗", "mfg8"),
    ("手里有大订单没钱备料，能贷吗", "mfg9"),
    ("叉车证在湖北考的，搬到湖南认不认", "mfg9"),
    ("火车货运能不能直通码头", "mfg9"),
]

# Everyday legal questions of other fields. Table before: 15 of 150 found a term. Now: 2.
UNRELATED = [
    "老公出轨离婚孩子归谁",
    "彩礼能不能要回来",
    "公司拖欠工资三个月怎么办",
    "被辞退有没有赔偿",
    "加班费怎么算",
    "试用期被开除合法吗",
    "社保断缴了怎么补",
    "退休年龄延迟到几岁",
    "公积金怎么提取",
    "上班路上摔了算工伤不",
    "追尾了谁的全责",
    "酒驾被抓扣几分",
    "电动车撞人跑了",
    "驾照被吊销多久能再考",
    "违章停车罚多少",
    "朋友借钱不还怎么起诉",
    "网贷还不上会坐牢吗",
    "信用卡逾期了",
    "高利贷利息多少算违法",
    "给人担保要还钱吗",
    "爸爸去世房子怎么继承",
    "遗嘱手写有没有用",
    "楼上漏水不赔咋办",
    "邻居半夜吵闹",
    "房东不退押金",
    "租房合同没到期能退吗",
    "买房定金能退不",
    "开发商延期交房",
    "物业费可以不交吗",
    "网购买到假货怎么赔",
    "健身房跑路了",
    "狗咬人谁负责",
    "孩子在学校被打了",
    "老师体罚学生",
    "网上被人造谣怎么办",
    "被人打成轻伤",
    "偷东西判几年",
    "诈骗多少钱立案",
    "身份证丢了怎么补办",
    "户口怎么迁到广州",
    "护照多久能办下来",
    "医疗事故怎么鉴定",
    "医院误诊能告吗",
    "孕妇被裁员",
    "生二胎产假多少天",
    "低保怎么申请",
    "农村宅基地能卖给城里人吗",
    "征地补偿款被村里扣了",
    "个税怎么退",
    "当兵体检标准",
    "法院传票不去会怎样",
    "打官司要花多少钱",
    "仲裁时效是多久",
    "外卖吃坏肚子怎么投诉",
    "快递丢了怎么赔",
    "前夫不给抚养费怎么办",
    "婚前财产怎么公证",
    "家暴能申请人身保护令吗",
    "婆婆要带走孙子",
    "同居分手财产怎么分",
    "劳动合同没签能要双倍吗",
    "年假没休能折钱吗",
    "公司不给离职证明",
    "怀孕被调岗",
    "实习生受伤谁赔",
    "闯红灯撞了人怎么判",
    "保险公司不赔车损",
    "停车被剐蹭找不到人",
    "开车玩手机扣几分",
    "驾驶证过期了怎么换",
    "借条没写日期有效吗",
    "微信转账没有借条",
    "信用卡被盗刷",
    "帮朋友担保被起诉",
    "欠债人失踪了",
    "二手房中介费谁出",
    "买的房漏水找谁",
    "租客不交房租",
    "小区停车位被占",
    "电梯坏了摔伤",
    "奶奶的存款怎么取",
    "遗产税要交多少",
    "兄弟争老宅",
    "收养孩子要什么条件",
    "监护人怎么变更",
    "网购七天退货商家不认",
    "美容院退卡",
    "手机买到翻新机",
    "旅游团强迫购物",
    "演唱会门票退票",
    "同学打架受伤",
    "幼儿园老师打人",
    "高考报名条件",
    "被狗咬打疫苗谁付",
    "名誉权被侵犯",
    "取保候审怎么办理",
    "被拘留通知家属吗",
    "缓刑期间能出省吗",
    "毒驾判几年",
    "捡到手机不还犯法吗",
    "死亡证明去哪开",
    "结婚登记要带什么",
    "社保卡丢了",
    "医保异地报销比例",
    "残疾证怎么办理",
    "养老金几岁开始领",
    "坐月子中心跑路",
    "快递员撞伤路人",
    "打麻将算赌博吗",
    "放鞭炮违法吗",
    "公公婆婆有赡养义务吗",
    "女方不让看孩子",
    "离婚冷静期多少天",
    "重婚怎么举证",
    "出轨证据怎么收集",
    "单位不交五险怎么举报",
    "辞职要提前几天说",
    "竞业限制补偿多少",
    "夜班补助标准",
    "哺乳期能被辞退吗",
    "高速上爆胎撞护栏",
    "没买交强险出车祸",
    "代驾撞车谁赔",
    "学车退学费",
    "电瓶车上牌",
    "砍头息合法吗",
    "催收打爆通讯录",
    "民间借贷利率上限",
    "父债子还吗",
    "老赖名下没财产",
    "二房东跑了",
    "公租房申请条件",
    "房产证加名字",
    "学区房被骗",
    "装修公司跑路",
    "过期食品十倍赔偿",
    "直播间买到假包",
    "快递丢件",
    "航班取消怎么赔",
    "宠物店买到病狗",
    "校园霸凌怎么报警",
    "补课机构关门退费",
    "小孩玩游戏充值能退吗",
    "骚扰电话怎么处理",
    "隐私被曝光",
    "正当防卫怎么认定",
    "醉驾量刑",
    "帮信罪判多久",
    "盗刷别人手机支付",
    "诽谤自诉怎么提",
]


@pytest.fixture(scope="module")
def corpus() -> str:
    """The text of both documents without white space, as lines of the source break inside sentences."""
    files = ("gd-transfer-2025.txt", "mfg-transfer-2021.txt")
    return "".join(re.sub(r"\s", "", (ROOT / "corpus" / name).read_text(encoding="utf-8")) for name in files)


@pytest.fixture(scope="module")
def ranked(corpus_index: Path) -> Callable[[str], list[str]]:
    assistant: Assistant = open_assistant(Settings(index=corpus_index, corpus=ROOT / "corpus"))

    def first_three(question: str) -> list[str]:
        return [_short(hit) for hit in assistant.search(question, 3)]

    return first_three


def _short(hit: Hit) -> str:
    provision = hit.provision
    return provision.doc_id.split("-")[0] + (str(provision.number[0]) if provision.number else provision.label)


def test_the_table_is_of_the_size_it_claims() -> None:
    assert len(terms()) >= 150
    assert sum(len(row.says) for row in terms()) >= 1_500


def test_terms_are_unique_and_never_everyday_words() -> None:
    names = [row.term for row in terms()]
    assert len(names) == len(set(names))
    assert not set(names) & {says for row in terms() for says in row.says}


@pytest.mark.parametrize("row", terms(), ids=lambda row: row.term[:12])
def test_form_of_a_row(row: Term) -> None:
    assert row.says, "a row without everyday words finds nothing"
    assert len(row.says) == len(set(row.says))
    assert [says for says in row.says if not 2 <= len(says) <= 10 or says != says.strip()] == []
    assert [says for says in row.says if says in row.term] == []
    # A longer string that holds a shorter one of the same row never decides anything.
    assert [(a, b) for a in row.says for b in row.says if a != b and a in b] == []
    assert [(says, word) for says in row.says for word in GROUNDLESS if word in says] == []


@pytest.mark.parametrize("row", terms(), ids=lambda row: row.term[:12])
def test_the_words_of_a_term_stand_in_the_documents(row: Term, corpus: str) -> None:
    words = [word for word in re.split(r"[ 、]", row.term) if word]
    assert [word for word in words if word not in corpus] == []


def test_no_term_for_penalties_or_tax() -> None:
    for question in ("搬走会不会被罚", "违反了怎么处罚", "企业所得税能不能减", "社保要不要重新交", "户口能不能迁过去"):
        assert terms_for(question) == (), question


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("海观的级别还认吗", "海关信用等级"),
        ("成接地是什么", "产业承接地"),
        ("产业专移", "产业转移"),
        ("环平能不能快点", "环境影响评价"),
        ("唔俾搬走点算", "产业转出地"),
        ("几时生效", "施行"),
        ("转供电太黑", "减少供应层级"),
    ],
)
def test_dialect_and_misheard_words(question: str, word: str) -> None:
    assert any(word in term for term in terms_for(question)), terms_for(question)


def test_a_term_in_the_question_is_not_added() -> None:
    assert "产业转移" in terms_for("想搬厂")
    assert "产业转移" not in terms_for("想搬厂，算产业转移吗")


@pytest.mark.parametrize(
    ("questions", "in_three", "first"),
    [
        pytest.param(KNOWN, 0.95, 0.90, id="known"),
        pytest.param(USED_TO_WIDEN, 0.90, 0.85, id="used to widen"),
        pytest.param(UNSEEN, 0.60, 0.45, id="unseen"),
    ],
)
def test_questions_find_their_provision(
    questions: list[tuple[str, str]], in_three: float, first: float, ranked: Callable[[str], list[str]]
) -> None:
    found = [(question, expected.split(), ranked(question)) for question, expected in questions]
    missed = [row for row in found if not set(row[1]) & set(row[2])]
    later = [row for row in found if row[2][0] not in row[1]]
    assert len(missed) <= (1 - in_three) * len(found), missed
    assert len(later) <= (1 - first) * len(found), later


def test_tables_of_questions_are_sound() -> None:
    questions = [question for table in (KNOWN, USED_TO_WIDEN, UNSEEN) for question, _ in table] + UNRELATED
    assert len(questions) == len(set(questions))
    parts = {f"gd{n}" for n in range(1, 40)} | {f"mfg{n}" for n in range(1, 10)} | {"mfg结尾段"}
    named = {one for table in (KNOWN, USED_TO_WIDEN, UNSEEN) for _, expected in table for one in expected.split()}
    # Every article and every part is asked for, and nothing else.
    assert named == parts


def test_unrelated_questions_find_no_term() -> None:
    found = {question: terms_for(question) for question in UNRELATED if terms_for(question)}
    assert len(found) <= 3, found
