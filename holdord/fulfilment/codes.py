"""Codes of six figures, that stand in a mail and nowhere else."""

import hmac
from hashlib import sha256

from django.conf import settings

from holdord.conversations.models import Message
from holdord.fulfilment.models import Code
from holdord.fulfilment.rules import COVER


def figures_of(code: Code) -> str:
    """The six figures."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"holdord code by mail", sha256)
    made = hmac.digest(key, code.seed.bytes, sha256)
    return f"{int.from_bytes(made[:8]) % 1_000_000:06}"


def uncovered(message: Message) -> str:
    """The text of a message as its mail says it: with the code, if one was sent with it."""
    if not message.is_automatic or COVER not in message.text:
        return message.text
    code = Code.objects.filter(message=message).first()
    return message.text.replace(COVER, figures_of(code)) if code else message.text
