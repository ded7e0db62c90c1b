"""
C{smsgw classify TEXT}: which category a text has by itself, and why.
"""

import argparse

from smsgw.rules.content import ContentClassifier

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("texts", nargs="+", help="texts as they would be sent")


def run(arguments: argparse.Namespace) -> int:
    """
    By patterns and words alone, as for an account of category C{auto}; templates of
    the directory come before that.
    """
    judge = ContentClassifier.load()
    for text in arguments.texts:
        told = judge.classify(text)
        category = told.category or "notice 不能确定，按通知 not sure"
        print(f"{category}  {told.score:.0%}  {told.why}".rstrip())
    return 0
