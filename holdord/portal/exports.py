"""Everything we have about a customer, to take home: as JSON for programs, as HTML for people, with every file."""

import json
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdord.conversations.models import (
    Attachment,
    Conversation,
    EffortSaid,
    Fact,
    Message,
    OutgoingState,
    Participant,
    Request,
    Status,
)
from holdord.files.actions import content_of
from holdord.fulfilment.actions import own_identities
from holdord.fulfilment.models import Deed, Proof
from holdord.history.models import Event
from holdord.orders.models import Order
from holdord.people.models import Customer, Identity
from holdord.promises.models import Promise


def everything(identity: Identity) -> IO[bytes]:
    """A zip of all we have about whoever has proven this address, open at its beginning; gone when it is closed."""
    own = own_identities(identity)
    told = about(identity.customer, own)
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("all.json", json.dumps(told, ensure_ascii=False, indent=1, default=_plain))
        page = render_to_string("portal/everything.html", {"told": told, "lang": get_language(), "title": _title()})
        zipped.writestr("read.html", page)
        for file in Attachment.objects.filter(message__conversation__in=cases_of(own)).select_related(
            "blob", "original"
        ):
            zipped.writestr(_name_of(file.pk, file.name), content_of(file.original or file.blob))
    packed.seek(0)
    return packed


def _title() -> str:
    return _("Everything we have about you")


def _name_of(pk: int, name: str) -> str:
    return f"files/{pk}-{re.sub(r'[^0-9A-Za-zÆØÅæøåÄÖäöÜüß._-]+', '_', name)[-80:]}"


def cases_of(own: Sequence[int]) -> QuerySet[Conversation]:
    """The cases that these addresses take part in as the customer: one that an agent alone says is theirs may be
    somebody else's.
    """
    theirs = Participant.objects.filter(identity__in=own, is_customer=True)
    return Conversation.objects.filter(pk__in=theirs.values("conversation")).exclude(status=Status.ERASED)


def about(customer: Customer, own: Sequence[int]) -> dict[str, Any]:
    """All of it as values."""
    identities = Identity.objects.filter(pk__in=own).order_by("pk")
    conversations = cases_of(own).select_related("inbox").order_by("pk")
    return {
        "name": customer.name,
        "language": customer.language,
        "place": customer.place,
        "known_since": customer.created_at,
        "addresses": [
            {"kind": row.kind, "address": row.address, "name": row.name, "since": row.created_at} for row in identities
        ],
        "orders": list(
            Order.objects.filter(identity__in=identities).values("number", "placed_at", "state", "inbox__name")
        ),
        "cases": [_case(conversation) for conversation in conversations],
    }


def _case(conversation: Conversation) -> dict[str, Any]:
    within = {"conversation": conversation}
    promises = Promise.objects.filter(conversation=conversation).exclude(state="draft")
    return {
        "number": conversation.pk,
        "company": conversation.inbox.name,
        "subject": conversation.subject,
        "status": conversation.status,
        "opened_at": conversation.opened_at,
        "messages": _messages(conversation),
        "facts": list(Fact.objects.filter(**within).order_by("pk").values("label", "value", "told", "at")),
        "promises": list(promises.order_by("pk").values("what", "state", "given_at", "due_at")),
        "requests": [_request(request) for request in Request.objects.filter(**within).order_by("pk")],
        "effort": list(EffortSaid.objects.filter(**within).values("score", "word", "at")),
        "proofs": list(Proof.objects.filter(**within).order_by("pk").values("kind", "for_kind", "at")),
        "history": list(
            Event.objects.filter(conversation_id=conversation.pk).order_by("pk").values("kind", "at", "payload")
        ),
    }


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    """What was said, by them, by us, and among us about them. What has not left yet is not said."""
    rows = Message.objects.filter(conversation=conversation).select_related("author", "identity").order_by("at", "pk")
    unsent = {OutgoingState.QUEUED.value, OutgoingState.UNDONE.value}
    found = []
    rows = rows.exclude(outgoing__state__in=unsent).exclude(by_stranger=True)  # what others wrote is theirs
    for message in rows.prefetch_related("attachments"):
        found.append(
            {
                "kind": message.kind,
                "channel": message.channel,
                "at": message.at,
                "by": _who(message),
                "subject": message.subject,
                "text": message.text,
                "files": [_name_of(file.pk, file.name) for file in message.attachments.all()],
            }
        )
    return found


def _who(message: Message) -> str:
    if message.author:
        return message.author.first_name
    return message.identity.address if message.identity and message.kind == "inbound" else ""


def _request(request: Request) -> dict[str, Any]:
    deeds = Deed.objects.filter(request=request).order_by("pk")
    told = ("direction", "state", "begun_at", "settled_at", "undo_until", "reason", "reference")
    return {
        "kind": request.kind,
        "about": request.about,
        "state": request.state,
        "said": request.said,
        "first_said_at": request.first_said_at,
        "reason": request.reason,
        "deeds": list(deeds.values(*told)),
    }


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
