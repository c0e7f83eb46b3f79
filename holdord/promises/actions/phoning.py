"""A promise given on the phone."""

from datetime import datetime

from django.db import transaction

from holdord.conversations.actions import note, send_automatically
from holdord.conversations.case_links import link_for
from holdord.conversations.models import Conversation, Participant
from holdord.people.models import Agent, IdentityKind
from holdord.promises import wording
from holdord.promises.actions.giving import Given, give
from holdord.promises.models import Promise
from holdord.promises.rules import Source, Terms


@transaction.atomic
def promise_by_phone(
    conversation: Conversation,
    terms: Terms,
    *,
    by: Agent,
    now: datetime,
    confirm: bool = True,
    override_reason: str = "",
) -> Promise:
    """Promise what an agent said on the phone. A note keeps that it was said; with `confirm` the customer gets it in
    writing. Raises what `give` raises.
    """
    given = Given(source=Source.PHONE, by=by, override_reason=override_reason)
    promise = give(conversation, terms, given, now=now)
    zone = conversation.inbox.time_zone
    words = wording.words_of(promise, now=now, zone=zone, language=conversation.language)
    promise.origin = note(conversation, by=by, text=wording.said_on_the_phone(words, language=by.language), now=now)
    promise.save(update_fields=["origin"])
    if confirm:
        _confirm(promise, now=now)
    return promise


def _confirm(promise: Promise, *, now: datetime) -> None:
    conversation = promise.conversation
    reachable = Participant.objects.filter(
        conversation=conversation,
        is_customer=True,
        identity__kind=IdentityKind.EMAIL,
        identity__bounced_at__isnull=True,
    )
    customer = reachable.select_related("identity").order_by("pk").first()
    if customer is None:
        return
    letter = wording.confirmation(
        promise,
        now=now,
        zone=conversation.inbox.time_zone,
        language=conversation.language,
        link=link_for(customer),
    )
    send_automatically(conversation, text=letter, to=customer.identity, now=now)
