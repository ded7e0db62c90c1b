"""
Made-up disguises of harmless stand-in words, and texts as hospitals send them.
"""

from collections.abc import Iterator
from itertools import product

__all__ = ["ALLOWED_SAMPLE", "HOSPITAL", "LATIN", "WORDS", "disguises"]

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
# In Latin letters: alone, or beside Chinese ones.
LATIN = ("casino", "bitcoin", "vip贷", "qq群", "sm服务", "bet")
# Traditional forms that differ, for those words that have them.
_TRADITIONAL = str.maketrans(
    "测试违词奖开发贷赌刷单现彩围证药枪弹炸冰头传销钱马墙诈骗鱼网站钞渡窃听针",
    "測試違詞獎開發貸賭刷單現彩圍證藥槍彈炸冰頭傳銷錢馬牆詐騙魚網站鈔渡竊聽針",
)
# Look-alikes: Cyrillic, Greek.
_CYRILLIC = str.maketrans("aceopxyisbt", "асеорхуіѕЬТ")
_GREEK = str.maketrans("vopiat", "νοριατ")
_BETWEEN = (
    *(" ", "　", ".", "·", "*", "-", "_", "/", "~", "|", "^", "+", "=", "#", "@", "`"),
    *("★", "♥", "→", "●", "【", "》", "“", "…", "——", ". . ."),
    *("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2800", "\ufe0f"),
    *("😀", "❤\ufe0f", "👨\u200d👩\u200d👧", "👍🏽", "\u0301", "\u20dd"),
)
_FRAMES = ("恭喜您获得{}服务", "{}", "请加微信了解{}。", "【通知】{}，详询客服")


def disguises() -> Iterator[tuple[str, str]]:
    """
    (word, text that hides it).
    """
    for number, (word, frame) in enumerate(product((*WORDS, *LATIN), _FRAMES)):
        for between in _BETWEEN[number % 4 :: 4]:
            yield word, frame.format(between.join(word))
        mixed = "".join(
            one + _BETWEEN[(number + place) % len(_BETWEEN)]
            for place, one in enumerate(word)
        )
        yield word, frame.format(mixed)
        yield word, frame.format(word[0] + _BETWEEN[number % 7] + word[1:])
        yield word, frame.format(" ".join(word.translate(_TRADITIONAL)))
        if (other := word.translate(_TRADITIONAL)) != word:
            yield word, frame.format(other)
        if len(word) > 2:
            yield word, frame.format("，".join(word))
            yield word, frame.format("\n".join(word))
    yield from ((word, f"恭喜！{word[0]}，{word[1]}") for word in ("中奖", "赌博"))
    for word, frame in product(LATIN, _FRAMES):
        yield from ((word, frame.format(one)) for one in _letters(word))


def _letters(word: str) -> Iterator[str]:
    """
    The word in other letters that look like its own.
    """
    yield word.upper()
    yield "".join(one.upper() if place % 2 else one for place, one in enumerate(word))
    yield word.translate(_CYRILLIC)
    yield word.translate(_GREEK)
    yield word.translate(_CYRILLIC).upper()
    for first in (0xFF41, 0x24D0, 0x1D41A, 0x1D4EA, 0x1F150, 0x1F170, 0x1F1E6):
        yield "".join(
            chr(first + ord(one) - ord("a")) if one.isascii() else one for one in word
        )
    yield word.replace("i", "í").replace("o", "ö").replace("e", "ê").replace("s", "š")


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
# Where words of the list come about by accident, over the border of two clauses.
_BORDERS = (
    "药品可在窗口代开，发票请到三楼领取。",
    "手术正在进行中，奖状由科室保管。",
    "手续已办。证件请到{department}领取。",
    "住院押金已贷。款项明细见清单，{department}。",
    "费用原路退返，利率说明见附件，{day}前办理。",
    "{department}已传。销号请到窗口。",
    "导管已经套\n现请家属到{department}。",
    "请从南门走。私人车辆勿入，{department}。",
    "{name}复诊时间{day}，科室{department}，请带好医保卡、病历、影像片。",
    "CT A1室, MRI B2室, HPV DNA, HBsAg(+), T: 36.5℃, BP 120/80mmHg, {name}",
    "Alphabet vipers bettor: {name}'s room B-302, bed 12, at 8:30, {department}",
)
_BY_PLACE = tuple(
    zip(
        ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十"],
        _DAYS,
        _ITEMS,
        [*_DRUGS, *_DRUGS[:2]],
        strict=True,
    )
)
HOSPITAL = tuple(
    pattern.format(name=name, day=day, department=department, item=item, drug=drug)
    for (pattern, department), (name, day, item, drug) in product(
        product((*_PATTERNS, *_BORDERS), _DEPARTMENTS), _BY_PLACE
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
