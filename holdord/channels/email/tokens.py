"""What we sign in mail, to know it again: the reply address, our Message-IDs, our loop header (decisions.md 16).

Each has a key of its own, made from SECRET_KEY. A token permits posting into one conversation, never reading. It is
lower-case base 32, since mail servers and people change the case of addresses.
"""

import hmac
import re
from base64 import b32hexdecode, b32hexencode
from binascii import Error as NotBase32
from hashlib import sha256

from django.conf import settings

_ID_BYTES = 5
_SIGNATURE_BYTES = 10
_LENGTH = 24
_MESSAGE_ID = re.compile(rf"^<?holdord\.([0-9a-v]{{{_LENGTH}}})@[^<>@\s]{{1,253}}>?$", re.IGNORECASE)
_IN_BODY = re.compile(rf"(?:holdord-|holdord\.|\+)([0-9a-v]{{{_LENGTH}}})(?![0-9a-v])")
_MOST_IN_BODY = 20

LOOP_HEADER = "X-Holdord-Loop"


def reply_token(conversation_id: int) -> str:
    """What stands after the plus in the reply address of a conversation."""
    return _sign(b"reply address", conversation_id)


def conversation_of_reply_token(token: str) -> int | None:
    """The conversation that this token was made for, or None for a guessed one."""
    return _verify(b"reply address", token)


def reply_address(inbox_address: str, conversation_id: int) -> str:
    """`care@example.com` → `care+<token>@example.com`."""
    local, at, domain = inbox_address.rpartition("@")
    return f"{local}+{reply_token(conversation_id)}{at}{domain}"


def message_id_for(message_id: int, domain: str) -> str:
    """Our Message-ID of the message with this key, without angle brackets; always the same one."""
    return f"holdord.{_sign(b'message id', message_id)}@{domain}"


def message_of_message_id(text: str) -> int | None:
    """The key of the message whose Message-ID we made, or None for anybody else's."""
    match = _MESSAGE_ID.match(text.strip())
    return _verify(b"message id", match[1]) if match else None


def body_mark(conversation_id: int) -> str:
    """An id for the HTML we send, that survives quoting."""
    return f"holdord-{reply_token(conversation_id)}"


def conversations_in_body(body: str) -> list[int]:
    """The conversations whose reply token stands in a text or HTML, in order."""
    found = []
    for number, match in enumerate(_IN_BODY.finditer(body.lower())):
        if number == _MOST_IN_BODY:
            break
        conversation = conversation_of_reply_token(match[1])
        if conversation is not None and conversation not in found:
            found.append(conversation)
    return found


def loop_mark(message_id: int) -> str:
    """The value of our loop header on the automatic message with this key."""
    return _sign(b"loop", message_id)


def is_own_loop_mark(value: str) -> bool:
    """Whether this is a loop header of ours."""
    return _verify(b"loop", value.strip()) is not None


def _sign(purpose: bytes, number: int) -> str:
    body = number.to_bytes(_ID_BYTES, "big")
    return b32hexencode(body + _signature(purpose, body)).decode().lower()


def _verify(purpose: bytes, token: str) -> int | None:
    if len(token) != _LENGTH:
        return None
    try:
        raw = b32hexdecode(token.upper())
    except (NotBase32, ValueError):
        return None
    body, signature = raw[:_ID_BYTES], raw[_ID_BYTES:]
    if not hmac.compare_digest(signature, _signature(purpose, body)):
        return None
    return int.from_bytes(body, "big")


def _signature(purpose: bytes, body: bytes) -> bytes:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"holdord mail token: " + purpose, sha256)
    return hmac.digest(key, body, sha256)[:_SIGNATURE_BYTES]
