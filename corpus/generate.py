"""
Makes C{texts.tsv}, the labelled texts that the classifier learns from: phrases as
hospitals write them, with made-up names, places, times and numbers.

    python -m corpus.generate
"""

from itertools import count, islice
from pathlib import Path

from corpus.phrases import PHRASES

__all__ = ["TEXTS", "made"]

TEXTS = Path(__file__).with_name("texts.tsv")
EACH = 30

_SLOT_LINES = """
name: 张伟 王芳 李秀英 刘洋 陈静 杨帆 赵敏 黄磊 周婷 吴刚 徐丽 孙浩 欧阳雪 买买提
doctor: 林主任 郑医生 何教授 高医师 罗主任 梁医生 宋主任
department: 心内科 骨科 妇科 产科 儿科 呼吸科 消化内科 肿瘤科 神经外科 眼科 口腔科
department: 泌尿外科
place: 门诊二楼 住院部三层 一号楼四层 滨海院区门诊 体检中心 分诊台 放射科登记处
day: 11月24日 明天 后天 12月3日 本周五 下周一 2026-12-08 今日
time: 上午8:30 下午2点 9:00-9:30 14:00 上午 10:15 下午
code: 839201 4471 206518 77320 918264 5530
minutes: 5 10 3 15 30
item: 核磁共振 胃镜 血常规 增强CT 彩超 肝功能 病理活检 心电图 肠镜 甲状腺功能
value: 血钾6.8mmol/L 血糖2.1mmol/L 血红蛋白45g/L 血小板12×10^9/L 肌钙蛋白5.2ng/mL
value: pH7.08
drug: 阿司匹林肠溶片 二甲双胍缓释片 奥美拉唑胶囊 华法林 氨氯地平片 头孢克肟
dose: 每日一次，每次1片 每日两次，每次2粒 早晚饭后各一片 睡前一片
bed: 12床 306房2床 加5床 18床
money: 199元 88元 1280元 9.9元 365元
tail: 请知悉。 谢谢配合。 祝您健康！ 详询导诊台。 如有疑问请致电服务台。
"""


def _slots() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _SLOT_LINES.split("\n"):
        name, _, words = line.partition(":")
        if words:
            found.setdefault(name, []).extend(words.split())
    return found


_SLOTS = _slots()


_FRAMES = (
    "{}",
    "【示范医院】{}",
    "{}【示范医院】",
    "{name}，{}",
    "您好，{}",
    "[本部]{}",
    "{}滨海院区",
    "（{day}）{}",
)


def made(phrase: str, number: int) -> str:
    """
    A phrase with its slots filled; another number fills them otherwise.
    """
    frame = _FRAMES[number % len(_FRAMES)]
    text, turn = frame.replace("{}", phrase), count(number)
    for slot, values in _SLOTS.items():
        mark = "{" + slot + "}"
        while mark in text:
            place = (number * 7 + next(turn) * 3) % len(values)
            text = text.replace(mark, values[place], 1)
    return text


def main() -> None:
    """
    Write all texts: label, number of the phrase, text.
    """
    rows: list[str] = []
    for label, phrases in PHRASES.items():
        for place, phrase in enumerate(phrases):
            texts = dict.fromkeys(made(phrase, one) for one in range(EACH * 9))
            rows += [f"{label}\t{place}\t{one}" for one in islice(texts, EACH)]
    TEXTS.write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
