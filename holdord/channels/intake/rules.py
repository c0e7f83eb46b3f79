"""What is decided about a mail that came, without a database. Pure functions over values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdord.channels.email.reading import Address, AuthenticationResult, ReadMail

OLD_AFTER = timedelta(hours=4)
"""Mail that was written longer ago than this is not acknowledged: an import, or a server that was down."""

_NUMBER = re.compile(
    r"(?:#|\b(?:case|ticket|sag|sak|fall|ärende|arende|henvendelse|vorgang)\s{0,2}(?:nr\.?|no\.?|number)?\s{0,2}#?)(\d{1,12})\b",
    re.IGNORECASE,
)
_MOST_NUMBERS = 5


@dataclass(frozen=True)
class Recent:
    """How much was written lately. `same_subject` and `from_sender` count our acknowledgements to this sender in the
    last hour and three hours; `in_ten_minutes` and `in_ten_hours` count mail into the conversation.
    """

    same_subject: int = 0
    from_sender: int = 0
    in_ten_minutes: int = 0
    in_ten_hours: int = 0


def is_over_cap(recent: Recent) -> bool:
    """Whether another acknowledgement might feed a loop."""
    return (
        recent.same_subject >= 2
        or recent.from_sender >= 10
        or recent.in_ten_minutes >= 10
        or recent.in_ten_hours >= 100
    )


def is_old(written_at: datetime | None, received_at: datetime) -> bool:
    """Whether a mail was old when it reached us."""
    return written_at is not None and received_at - written_at > OLD_AFTER


def trust_in(results: Sequence[AuthenticationResult], sender: str) -> str:
    """verified, failed or unverified: what our own receiver found out about who sent it (RFC 8601, RFC 7489).

    Without DMARC's word, a DKIM signature of the sender's own domain, or SPF for it, verifies; nothing else does.
    """
    dmarc = {result.result for result in results if result.method == "dmarc"}
    if "pass" in dmarc:
        return "verified"
    if "fail" in dmarc:
        return "failed"
    domain = sender.rpartition("@")[2].lower()
    if domain and any(_vouches(result, domain) for result in results):
        return "verified"
    return "unverified"


def _vouches(result: AuthenticationResult, domain: str) -> bool:
    if result.result != "pass":
        return False
    if result.method == "dkim":
        signer = result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2]
    elif result.method == "spf":
        signer = result.properties.get("smtp.mailfrom", "").rpartition("@")[2]
    else:
        return False
    # Relaxed alignment: the same organisation's domain, or one below it.
    signer = signer.lower()
    return bool(signer) and (domain == signer or (domain.endswith(f".{signer}") and signer.count(".") >= 1))


def who_wrote(mail: ReadMail, own_addresses: frozenset[str]) -> Address | None:
    """The person behind a mail: From, or Reply-To where From is ours (a form that a website mails to us)."""
    sender = mail.sender
    answers_to = next((address for address in mail.reply_to if _usable(address, own_addresses)), None)
    if sender is None or not sender.address or sender.address.lower() in own_addresses:
        return answers_to or sender
    if answers_to and mail.machine is None and "auto_submitted" in mail.machine_markers:
        return answers_to
    return sender


def numbers_in_subject(subject: str) -> list[int]:
    """The conversation numbers that a subject names."""
    return [int(match[1]) for match in _NUMBER.finditer(subject[:998])][:_MOST_NUMBERS]


def _usable(address: Address, own_addresses: frozenset[str]) -> bool:
    return "@" in address.address and address.address.lower() not in own_addresses
