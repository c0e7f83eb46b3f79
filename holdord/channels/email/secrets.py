"""Passwords of mailboxes, sealed so that a copy of the database alone doesn't give them away.

A stream of HMAC-SHA256 blocks under a key from SECRET_KEY, and an HMAC over it all: what the standard library offers
without another dependency. Each sealing has a random nonce of 16 bytes, so no stream is ever used twice.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256

from django.conf import settings

_NONCE = 16
_TAG = 32


class CannotUnseal(Exception):
    """The secret was sealed with another SECRET_KEY, or was changed."""


def seal(secret: str) -> str:
    """The secret as text that only this desk's key opens."""
    nonce = secrets.token_bytes(_NONCE)
    body = _mixed(nonce, secret.encode())
    return urlsafe_b64encode(nonce + body + _tag(nonce + body)).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises CannotUnseal."""
    try:
        raw = urlsafe_b64decode(sealed)
    except (NotBase64, ValueError) as error:
        raise CannotUnseal from error
    sealed_part, tag = raw[:-_TAG], raw[-_TAG:]
    if len(raw) < _NONCE + _TAG or not hmac.compare_digest(tag, _tag(sealed_part)):
        raise CannotUnseal
    return _mixed(sealed_part[:_NONCE], sealed_part[_NONCE:]).decode()


def _mixed(nonce: bytes, text: bytes) -> bytes:
    key = _key(b"stream")
    blocks = (hmac.digest(key, nonce + number.to_bytes(4, "big"), sha256) for number in range(len(text) // 32 + 1))
    return bytes(one ^ other for one, other in zip(text, b"".join(blocks), strict=False))


def _tag(text: bytes) -> bytes:
    return hmac.digest(_key(b"tag"), text, sha256)


def _key(purpose: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"holdord sealed secret: " + purpose, sha256)
