"""
A full house of rules: 10,000 sensitive words, 100,000 blocked numbers, 20 more routing
rules; made up, the same in every run.
"""

from random import Random

from smsgw.cli.stage import Stage

__all__ = ["add_rules", "lay_down"]

WORDS, NUMBERS, RULES = 10_000, 100_000, 20
_CONDITIONS = (
    'account = "lis"',
    'category = "marketing"',
    'text = "加急|特急"',
    'region = "北京"',
    'kind = "iot"',
    'department = "binhai"',
    'signature = "binhai"',
    'template = "cancel-noted"',
    'hours = "00:00-00:01"',
    'days = "7"\naccount = "binhai"',
)


def lay_down(stage: Stage) -> None:
    """
    Before the gateway starts.
    """
    chance, folder, config = Random(7), stage.folder, str(stage.config)
    add_rules(stage, RULES)
    words = folder / "words.csv"
    words.write_text(
        "\n".join(
            "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(length))
            for length in (chance.randint(3, 6) for _ in range(WORDS))
        ),
        "utf-8",
    )
    stage.command("words", "-c", config, "load", str(words))
    blocked = folder / "blocked.csv"
    blocked.write_text("\n".join(f"137{one:08}" for one in range(NUMBERS)), "utf-8")
    stage.command("blacklist", "-c", config, "import", str(blocked))


def add_rules(stage: Stage, count: int) -> None:
    """
    Routing rules that are looked at before the usual ones.
    """
    objects = stage.folder / "objects.toml"
    with objects.open("a", encoding="utf-8") as file:
        for number in range(count):
            condition = _CONDITIONS[number % len(_CONDITIONS)]
            file.write(
                f'\n[[rules]]\nid = "bench{number}"\norder = {number % 9 + 1}\n'
                f'group = "all"\n{condition}\n'
            )
    stage.command("apply", "-c", str(stage.config), str(objects))
