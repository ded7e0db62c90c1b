"""
The signature (签名): one, in full-width brackets, at the place the channel wants.
"""

from smsgw.text.coding import TextPolicy

__all__ = ["bracketed", "sign", "unsigned"]


def bracketed(signature: str) -> str:
    """
    The signature in 【】, whether or not it came with them; '' stays ''.
    """
    if not signature or signature[0] == "【":
        return signature
    return f"【{signature}】"


def unsigned(text: str, mark: str, at_front: bool) -> str:
    """
    The text without one C{mark} at either end, the wanted end first.
    """
    bare = text.strip()
    starts, ends = bare.startswith(mark), bare.endswith(mark)
    if starts and (at_front or not ends):
        return bare[len(mark) :]
    if ends:
        return bare[: -len(mark)]
    return text


def sign(text: str, signature: str, policy: TextPolicy) -> str:
    """
    The text as the phone shows it, whoever adds the signature.

    A text that has it already is not signed twice; one that has it at the other
    end gets it moved, for a carrier that adds its own would double it.
    """
    if not signature:
        return text
    mark = bracketed(signature)
    if mark not in text:
        return mark + text if policy.signature_at == "front" else text + mark
    if policy.signature_at == "front":
        return text if text.startswith(mark) else mark + unsigned(text, mark, True)
    return text if text.endswith(mark) else unsigned(text, mark, False) + mark
