"""
Another author's CMPP 2.0 client (PyPI C{pycmpp}), driven from its command line.

C{python pycmpp_client.py PORT LOGIN SECRET}: logs in, sends a short and a long text,
then prints the results it was answered with, one a line.
"""

import socket
import sys

from pycmpp.cmpp import Cmpp
from pycmpp.response import ConnectResponseInstance, SubmitResponseInstance

SHORT = "您预约的门诊时间为明天上午九点"
LONG = "检验报告：" + "血常规各项指标正常，" * 30 + "请按时复查"
NUMBERS = ["13800138000"]


def frame(channel: socket.socket) -> bytes:
    """
    The next PDU.
    """
    octets = b""
    size = 4
    while len(octets) < size:
        octets += channel.recv(size - len(octets))
        if len(octets) == 4:
            size = int.from_bytes(octets, "big")
    return octets


def main() -> None:
    """
    See above.
    """
    port, login, secret = sys.argv[1:]
    client = Cmpp("127.0.0.1", int(port), login, secret, "")
    client.connect()
    client.auth()
    connected = ConnectResponseInstance()
    connected.resolve(frame(client.so))
    print("connected", connected.status)
    client.submit(SHORT, NUMBERS)
    client.submit(LONG, NUMBERS)
    for _ in range(1 + -(-len(LONG) // 67)):
        answer = SubmitResponseInstance()
        answer.resolve(frame(client.so))
        print("submitted", answer.status, bool(answer.msg_id))
    client.disconnect()


if __name__ == "__main__":
    main()
