"""
Frames in words.
"""

from typing import Any

from smsgw.admin.views.channel_frames import FrameShown, shown
from smsgw.channels.recordings import Frame


class Reading:
    """
    A visitor who reads Chinese.
    """

    def say(self, chinese: str, _english: str) -> str:
        return chinese


def _shown(protocol: str, command: str, octets: str = "", **fields: Any) -> FrameShown:
    visit: Any = Reading()
    frame = Frame("10:00:00.000", "cm1#1", True, command, fields, octets, 1)
    return shown(visit, frame, protocol)


def test_what_it_is() -> None:
    """
    The same words over every protocol.
    """
    for protocol, command in (
        ("cmpp", "CMPP_SUBMIT"), ("sgip", "Submit"), ("smpp", "submit_sm")
    ):  # fmt: skip
        assert "提交短信" == _shown(protocol, command).words
        assert "提交短信的应答" == _shown(protocol, f"{command}_RESP").words
    assert "退出" == _shown("smpp", "unbind").words
    assert "登录" == _shown("smpp", "bind_transceiver").words
    assert "心跳" == _shown("smgp", "Active_Test").words
    assert "其他" == _shown("sgip", "Trace").words


def test_answers() -> None:
    """
    A refusal has its code and the code's meaning.
    """
    good = _shown("cmpp", "CMPP_SUBMIT_RESP", Result=0, Sequence_Id=7)
    assert ("good", "成功", "7") == (good.kind, good.result, good.frame.sequence)
    bad = _shown("cmpp", "CMPP_CONNECT_RESP", Status=3)
    assert "bad" == bad.kind
    assert bad.result.startswith("3 ")
    assert "bad" == _shown("smpp", "submit_sm_resp", command_status="0x00000058").kind
    assert "88 " in _shown("smpp", "submit_sm_resp", command_status="0x58").result + " "
    assert "short" == _shown("cmpp", "", error="short").result


def test_the_rest() -> None:
    """
    Numbers, text, fields and octets.
    """
    one = _shown(
        "cmpp", "CMPP_SUBMIT", "00" * 20, Dest_terminal_Id=["138******00"], text="***",
        Total_Length=20, Sequence={"node": 1, "counter": 9}, Msg_Fmt=8, At_Time="",
    )  # fmt: skip
    hidden = "（内容已隐藏）"
    assert ("138******00", hidden, "9") == (one.to, one.text, one.frame.sequence)
    assert hidden == _shown("cmpp", "CMPP_SUBMIT", text="\u2a2a\u2a2a").text
    assert "好*" == _shown("cmpp", "CMPP_SUBMIT", text="好*").text
    assert ("Sequence", "序号", "node=1 counter=9") in one.fields
    assert ("Msg_Fmt", "编码", "8") in one.fields
    assert ["0000", "0010"] == [row[:4] for row in one.octets.splitlines()]
    assert "13900000000" == _shown("smpp", "x", source_addr="13900000000").to


def test_what_phones_say() -> None:
    """
    A receipt tells its state; what is none is a reply.
    """
    report = {"Stat": "DELIVRD", "Done_time": ""}
    good = _shown("cmpp", "CMPP_DELIVER", report=report)
    assert ("状态报告", "good", "DELIVRD") == (good.words, good.kind, good.result)
    assert ("Stat", "最终状态", "DELIVRD") in good.fields
    bad = _shown("smgp", "Deliver", report={"stat": "UNDELIV"})
    assert ("bad", "UNDELIV") == (bad.kind, bad.result)
    assert "手机回复" == _shown("smpp", "deliver_sm", text="好").words
