"""Whether a mail may be acknowledged (mail.md In 9, RFC 3834)."""

from datetime import datetime, timedelta

from holdord.channels.email.reading import ReadMail
from holdord.channels.intake.rules import Recent, is_old, is_over_cap
from holdord.channels.models import Arrival, Transport
from holdord.channels.outgoing.rules import nobody_reads
from holdord.conversations.models import Conversation, Kind, Message
from holdord.conversations.rules import subject_for_reply
from holdord.history.rows import LookUp

MOST_LOOKED_AT = 50


def may_acknowledge(
    mail: ReadMail,
    arrival: Arrival,
    *,
    sender: str,
    is_known: bool,
    trust: str,
    conversation: Conversation | None,
    now: datetime,
) -> tuple[bool, str]:
    """Whether, and if not, why: a code that people see with the message; empty where it goes without saying.

    `is_known` says whether we ever heard of the address `sender`: to others nothing was ever written.
    """
    if mail.machine is not None or nobody_reads(sender) or arrival.envelope_from == "":
        return False, ""
    if trust == "failed":
        return False, "sender_failed_authentication"
    if arrival.transport == Transport.IMPORT or is_old(mail.date, arrival.received_at):
        return False, "old_on_arrival"
    if is_over_cap(_recent(mail, sender if is_known else None, conversation, now)):
        return False, "many_mails_from_this_sender"
    return True, ""


def _recent(mail: ReadMail, sender: str | None, conversation: Conversation | None, now: datetime) -> Recent:
    in_conversation = (0, 0)
    if conversation is not None:
        came = Message.objects.filter(conversation=conversation, kind=Kind.INBOUND)
        in_conversation = (
            came.filter(at__gt=now - timedelta(minutes=10)).count(),
            came.filter(at__gt=now - timedelta(hours=10)).count(),
        )
    wanted = subject_for_reply(mail.subject)
    lately = _AUTOMATIC_TO.rows(sender.lower(), now - timedelta(hours=3)) if sender else []
    an_hour_ago = now - timedelta(hours=1)
    same_subject = sum(1 for at, subject in lately if at > an_hour_ago and subject == wanted)
    return Recent(same_subject, len(lately), *in_conversation)


_AUTOMATIC_TO = LookUp(
    lambda address, since: Message.objects.filter(
        identity__address=address, identity__kind="email", kind=Kind.OUTBOUND, is_automatic=True, at__gt=since
    ).values_list("at", "subject")[:MOST_LOOKED_AT],
    str,
    datetime,
)
