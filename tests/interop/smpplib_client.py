"""
Another author's SMPP client (PyPI C{smpplib}), driven from its command line.

C{python smpplib_client.py PORT LOGIN SECRET SOURCE}: binds as transceiver, sends a
short and a long text, prints a line for each answer, then waits for a delivery.
"""

import sys

import smpplib.client
import smpplib.consts
import smpplib.gsm

SHORT = "您预约的门诊时间为明天上午九点"
LONG = "检验报告：" + "血常规各项指标正常，" * 30 + "请按时复查"
NUMBER = "8613800138000"


def main() -> None:
    """
    See above.
    """
    port, login, secret, source = sys.argv[1:]
    client = smpplib.client.Client("127.0.0.1", int(port), timeout=20)
    answers: list[str] = []
    given: list[str] = []
    client.set_message_sent_handler(
        lambda pdu: answers.append(f"submitted {pdu.status} {bool(pdu.message_id)}")
    )
    client.set_message_received_handler(
        lambda pdu: given.append(f"given {pdu.esm_class} {pdu.receipted_message_id}")
    )
    client.connect()
    client.bind_transceiver(system_id=login, password=secret)
    print("bound", client.state, flush=True)
    sent = 0
    for text in (SHORT, LONG):
        parts, coding, kind = smpplib.gsm.make_parts(text)
        for part in parts:
            client.send_message(
                source_addr_ton=smpplib.consts.SMPP_TON_NWSPEC,
                source_addr=source,
                dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                destination_addr=NUMBER,
                short_message=part,
                data_coding=coding,
                esm_class=kind,
                registered_delivery=True,
            )
            sent += 1
    while len(answers) < sent:
        client.read_once()
    print(*answers, sep="\n", flush=True)
    while not given:
        client.read_once()
    print(*given, sep="\n", flush=True)
    client.unbind()
    client.disconnect()


if __name__ == "__main__":
    main()
