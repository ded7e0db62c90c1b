"""
The C{smsgw} command: one module per subcommand.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from smsgw.config import ConfigError
from smsgw.errors import Refused, Unavailable

__all__ = ["main", "tell"]

COMMANDS = {
    "apply": "make the business objects of a file so 应用业务配置",
    "blacklist": "numbers that get no messages 黑名单",
    "balance": "accepted = waiting + in flight + final 对账",
    "channels": "how channels are, switched by hand, and why 通道状态与切换",
    "backup": "record, queue and settings as one file 备份",
    "bench": "blows and rates, with certificates 打击与性能证书",
    "check": "check a configuration file 检查配置",
    "classify": "which category a text has by itself, and why 内容分类",
    "codes": "what carriers' codes mean, and who is to blame 状态码百科",
    "credit": "give an account money, list what it got 充值与账目",
    "decode": "carrier PDUs in hex to JSON and back 报文解码",
    "demo": "gateway and simulated carrier, a demonstration 演示",
    "demo-data": "a made-up month in the record 演示数据",
    "dump": "write the business objects out 导出业务配置",
    "numbers": "whose a number is and where it belongs 号码归属",
    "passwd": "a one-time password for the console 控制台一次性密码",
    "record": "the gateway's recorder, which starts it itself 记录进程",
    "restore": "a backup becomes a data directory 恢复",
    "review": "what waits for consent, approved or refused 审核",
    "routes": "try other rules, explain a route 路由试运行与解释",
    "schedules": "what is sent again and again 定时任务",
    "send": "send one message, or one per row of a CSV file 发送短信",
    "simulate": "be a carrier 模拟运营商",
    "trace": "the history of one message 跟踪短信",
    "words": "sensitive words 敏感词",
    "versions": "when routes were published, and back to one 路由版本",
    "watch": "what a channel and its carrier say, live 通道报文跟踪",
}


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run a command; its exit status. Mistakes end in words, not in a traceback.
    """
    arguments = _parser(argv if argv is not None else sys.argv[1:])
    try:
        status: int = arguments.run(arguments)
    except ConfigError as error:
        tell(error)
        return 2
    except Refused as refusal:
        where = f" ({refusal.field})" if refusal.field else ""
        print(f"refused {refusal.code}{where}: {refusal.detail}", file=sys.stderr)
        return 1
    except Unavailable as trouble:
        print(f"unavailable, try again: {trouble.detail}", file=sys.stderr)
        return 3
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    except OSError as error:
        print(f"{error.filename or 'smsgw'}: {error.strerror}", file=sys.stderr)
        return 2
    return status


def tell(error: ConfigError) -> None:
    """
    A file's mistakes, one a line.
    """
    print(f"{error.file}:", *error.mistakes, sep="\n  ", file=sys.stderr)


def _parser(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="smsgw", description="SMS gateway 短信网关")
    commands = parser.add_subparsers(dest="command", required=True)
    wanted = next((word for word in argv if word in COMMANDS), "")
    for name, words in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        if name == wanted:
            module = import_module(f"smsgw.cli.{name.replace('-', '_')}")
            module.configure(command)
            command.set_defaults(run=module.run)
    return parser.parse_args(argv)
