"""The mail with the link. It goes by a way of its own: in a conversation people of the desk would read it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from holdord.channels.email import transport
from holdord.channels.email.transport import Outcome
from holdord.channels.email.writing import Letter, write
from holdord.channels.models import SignIn
from holdord.channels.outgoing.rules import nobody_reads
from holdord.channels.queries import inbox_addresses, without_tag
from holdord.channels.sign_in.proving import GOOD_FOR, token_for
from holdord.channels.wording import join_letter, sign_in_letter, sign_in_subject

AGAIN_AFTER = timedelta(minutes=1)


def send_links(*, now: datetime, most: int = 20) -> int:
    """Mail the links that wait and are still good; how many the mail server took."""
    waiting = SignIn.objects.filter(sent_at__isnull=True, next_attempt_at__lte=now, asked_at__gt=now - GOOD_FOR)
    taken = 0
    for asked in list(waiting.select_related("inbox").order_by("next_attempt_at")[:most]):
        mine = SignIn.objects.filter(pk=asked.pk, sent_at__isnull=True, next_attempt_at=asked.next_attempt_at)
        if mine.update(next_attempt_at=now + AGAIN_AFTER, attempts=F("attempts") + 1) and _send(asked):
            SignIn.objects.filter(pk=asked.pk).update(sent_at=now)
            taken += 1
    return taken


def _send(asked: SignIn) -> bool:
    if nobody_reads(asked.address) or without_tag(asked.address) in inbox_addresses():
        return True  # no machine and no inbox of ours gets one
    result = transport.send(write(letter(asked)), sender="", recipients=[asked.address])
    # Refused for good is an end as well: who asked finds nothing in the mailbox, as they would with a slip.
    return result.outcome is not Outcome.LATER


def letter(asked: SignIn) -> Letter:
    """The same to everybody, whether we know the address or not."""
    link = f"{settings.PUBLIC_URL}/mine/in/{token_for(asked)}/"
    words = join_letter if asked.joins else sign_in_letter
    return Letter(
        message_id=f"sign-in.{asked.public_id.hex}@{asked.inbox.address.rpartition('@')[2]}",
        at=asked.asked_at,
        from_name=asked.inbox.name,
        from_address=asked.inbox.address,
        to_name="",
        to_address=asked.address,
        reply_to=asked.inbox.address,
        subject=sign_in_subject(inbox=asked.inbox.name, language=asked.language),
        text=words(link=link, other=asked.joins, language=asked.language),
        language=asked.language,
        is_automatic=True,
        answers_mail=False,
        mark="sign-in",
    )
