"""The words with a shop's own system: what is sent, how it is signed, what its answer means (docs/executors.md).

Signed as Standard Webhooks signs: HMAC-SHA256 over "id.timestamp.body", so that libraries that know it can check it.
"""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from holdord.fulfilment.models import Deed, Executor
from holdord.fulfilment.rules import Direction, Outcome, Told, read_answer
from holdord.kernel import reaching
from holdord.people.models import Identity


def secret_of(executor: Executor) -> str:
    """The secret shared with the system at this address, as the other side configures it."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"holdord executor", sha256)
    made = hmac.digest(key, f"{executor.inbox_id} {executor.epoch} {executor.url}".encode(), sha256)
    return f"whsec_{b64encode(made).decode()}"


def signature(secret: str, *, key: str, at: int, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    signed = hmac.digest(b64decode(secret.removeprefix("whsec_")), f"{key}.{at}.".encode() + body, sha256)
    return f"v1,{b64encode(signed).decode()}"


def carry_out(deed: Deed, executor: Executor, *, now: datetime) -> Told:
    """Ask for the deed. The same key each time: done once."""
    return _call("POST", executor.url, deed, executor, json.dumps(_words(deed), ensure_ascii=False).encode(), now=now)


def look_up(deed: Deed, executor: Executor, *, now: datetime) -> Told:
    """Ask what became of the deed, without asking for it."""
    joined = "&" if urlsplit(executor.url).query else "?"
    return _call("GET", f"{executor.url}{joined}key={deed.key}", deed, executor, b"", now=now)


def _call(method: str, url: str, deed: Deed, executor: Executor, body: bytes, *, now: datetime) -> Told:
    key, at = str(deed.key), int(now.timestamp())
    headers = {
        "Accept": "application/json",
        "User-Agent": "Holdord",
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret_of(executor), key=key, at=at, body=body),
    }
    if body:
        headers["Content-Type"] = "application/json; charset=utf-8"
    try:
        reply = reaching.call(
            method, url, headers=headers, body=body, inside=settings.REACH_INSIDE, seconds=settings.DEED_SECONDS
        )
    except reaching.NotAllowed as refused:
        return Told(Outcome.WRONG, f"not_allowed_{refused.why}")
    except reaching.NotReached as failed:
        return Told(Outcome.UNREACHED, failed.why)
    except reaching.NoAnswer as failed:
        return Told(Outcome.UNSURE, failed.why)
    return read_answer(reply.status, reply.body, looked_up=method == "GET")


def _words(deed: Deed) -> dict[str, Any]:
    request, conversation = deed.request, deed.request.conversation
    customer = conversation.customer
    undone = Deed.objects.filter(request=request, direction=Direction.DO.value).values_list("key", flat=True).first()
    return {
        "type": f"request.{deed.direction}",
        "key": str(deed.key),
        "undoes": str(undone) if deed.direction == Direction.UNDO else None,
        "kind": request.kind,
        "about": request.about,
        "case": conversation.pk,
        "asked_at": request.first_said_at.isoformat(),
        "language": conversation.language,
        "customer": {
            "name": customer.name,
            "addresses": [
                {"kind": kind, "address": address}
                for kind, address in Identity.objects.filter(customer=customer)
                .order_by("pk")
                .values_list("kind", "address")
            ],
        },
    }
