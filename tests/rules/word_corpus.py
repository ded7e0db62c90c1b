"""
Made-up disguises of harmless stand-in words, and texts as hospitals send them.
"""

from collections.abc import Iterator
from itertools import product

__all__ = ["ALLOWED_SAMPLE", "HOSPITAL", "WORDS", "disguises"]

WORDS = (
    "测试违禁词",
    "中奖",
    "代开发票",
    "贷款",
    "赌博",
    "高利贷",
    "刷单",
    "返利",
    "套现",
    "私彩",
    "六合彩",
    "博彩",
    "外围",
    "代孕",
    "假证",
    "办证",
    "迷药",
    "催情",
    "枪支",
    "弹药",
    "炸药",
    "冰毒",
    "大麻",
    "海洛因",
    "摇头丸",
    "裸聊",
    "色情",
    "约炮",
    "一夜情",
    "卖淫",
    "嫖娼",
    "传销",
    "洗钱",
    "黑客",
    "木马",
    "翻墙",
    "诈骗",
    "钓鱼网站",
    "假钞",
    "走私",
    "偷渡",
    "窃听器",
    "针孔",
    "摄像偷拍",
)
# Traditional forms that differ, for those words that have them.
_TRADITIONAL = str.maketrans(
    "测试违词奖开发贷赌刷单现彩围证药枪弹炸冰头传销钱马墙诈骗鱼网站钞渡窃听针",
    "測試違詞獎開發貸賭刷單現彩圍證藥槍彈炸冰頭傳銷錢馬牆詐騙魚網站鈔渡竊聽針",
)
_BETWEEN = (" ", "　", ".", "·", "*", "-", "_", "★", "\u200b", "\ufeff", "😀", "~", "|")
_FRAMES = ("恭喜您获得{}服务", "{}", "请加微信了解{}。", "【通知】{}，详询客服")


def disguises() -> Iterator[tuple[str, str]]:
    """
    (word, text that hides it).
    """
    for number, word in enumerate(WORDS):
        frame = _FRAMES[number % len(_FRAMES)]
        for between in _BETWEEN:
            yield word, frame.format(between.join(word))
        yield word, frame.format(word.translate(_TRADITIONAL))
        yield (
            word,
            frame.format(word[0] + "。，"[number % 2] + word[1:])
            if (len(word) == 1)
            else frame.format("...".join(word)),
        )
    for word in ("vip贷", "qq群", "sm服务"):
        wide = "".join(chr(ord(one) + 0xFEE0) if one.isascii() else one for one in word)
        yield word, f"加{wide}"
        yield word, f"加{word.upper()}"
    yield "bet", "来 ЬЕТ bеt 吧"


_DEPARTMENTS = (
    "心内科",
    "骨科",
    "妇科",
    "产科",
    "麻醉科",
    "核医学科",
    "放射科",
    "感染科",
    "性病科",
    "精神科",
    "男科",
)
_ITEMS = (
    "核磁共振",
    "乙肝病毒DNA",
    "梅毒抗体",
    "精液常规",
    "无痛胃镜",
    "盆底超声",
    "性激素六项",
    "冠脉CT",
)
_DRUGS = (
    "盐酸吗啡缓释片",
    "芬太尼贴剂",
    "曲马多",
    "地西泮",
    "避孕药",
    "抗病毒口服液",
)
_DAYS = (
    "11月24日上午",
    "明天下午",
    "周三8:30",
    "12月1日",
    "后天",
    "11月25日",
    "下周一",
    "周五",
)
_PATTERNS = (
    "您好，{department}提醒：{item}结果请于{day}后到院查询，{name}家属知悉。",
    "{name}您好，您预约的{day}{department}门诊请准时就诊，退号请提前一天。",
    "您的{item}检查安排在{day}，请到{department}，检查前禁食八小时。",
    "{name}，您的{item}报告已出，请到自助机打印，发票可在窗口领取。",
    "出院带药提醒：{drug}每日一次，请遵医嘱，如有不适请联系{department}。",
    "危急值：{department}{name}，{item}异常，请立即处理。",
    "{department}健康讲座：戒烟与消毒知识，{day}在门诊三楼，欢迎参加。",
)
HOSPITAL = tuple(
    pattern.format(name=name, day=day, department=department, item=item, drug=drug)
    for (pattern, department), (name, day, item, drug) in product(
        product(_PATTERNS, _DEPARTMENTS),
        zip(
            ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十"],
            _DAYS,
            _ITEMS,
            [*_DRUGS, *_DRUGS[:2]],
            strict=True,
        ),
    )
)
# Words that stand inside terms of hospitals.
ALLOWED_SAMPLE = (
    "性病",
    "毒",
    "吗啡",
    "麻醉",
    "精液",
    "性激素",
    "避孕",
    "梅毒",
    "发票代",
)
