"""Keeping robots from filling the desk through the contact form, without a puzzle for people.

What looks like a robot's is kept where people look, and its sender can say with one button that a person sent it. With
script the browser works for some hundred milliseconds beside the typing, and needs no other sign.
"""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from holdord.people.models import Inbox

WINDOW = timedelta(minutes=10)
"""Messages are counted from one full ten minutes to the next."""

_SALT = "holdord.portal.robots"


class TooMany(Exception):
    """More messages than are taken at once; `again_at` is when the next are."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at)
        self.again_at = again_at


def count(inbox: Inbox, address: str, *, now: datetime) -> None:
    """Count a message to `inbox` from the network `address`. Raises TooMany when there were too many before it.

    Counted for the block the address lies in, over all inboxes, and for the inbox, over all addresses.
    """
    window = int(now.timestamp() // WINDOW.total_seconds())
    block = block_of(address)
    limits = {}
    if block:
        # What lies in the cache must not tell who wrote.
        limits[f"block.{salted_hmac(_SALT, block).hexdigest()[:32]}"] = settings.FORM_PER_ADDRESS
    # Last, and only for those the first lets through: one robot alone must not fill the inbox for everybody.
    limits[f"inbox.{inbox.pk}"] = settings.FORM_PER_INBOX
    if any(_is_full(f"{_SALT}.{window}.{name}", most) for name, most in limits.items() if most):
        raise TooMany(datetime.fromtimestamp((window + 1) * WINDOW.total_seconds(), UTC))


LINKS_PER_ADDRESS = 3
"""Links that are mailed to one address in ten minutes, whoever asks."""


def may_have_a_link(address: str, network: str, *, now: datetime) -> bool:
    """Count a link that is asked for to the mail address from the network address; whether it is mailed.

    Who asks is shown the same either way.
    """
    window = int(now.timestamp() // WINDOW.total_seconds())
    names = [f"link.{address.strip().lower()}", f"link.{block_of(network)}"]
    hashed = [f"{_SALT}.{window}.{salted_hmac(_SALT, name).hexdigest()[:32]}" for name in names]
    full = [
        _is_full(hashed[0], LINKS_PER_ADDRESS),
        bool(settings.FORM_PER_ADDRESS) and _is_full(hashed[1], settings.FORM_PER_ADDRESS),
    ]
    return not any(full)


ROUNDS = 5
"""Links, and codes, that are mailed to one address in a day: each is a new round of guessing."""
ROUNDS_OF_A_NETWORK = 30
_HOURS = 24


def count_round(what: str, address: str, network: str, *, now: datetime) -> None:
    """Count one more round of `what` (a link, a code) for the mail address, and for the network it is asked from.

    Raises TooMany when there were too many in the last day. What is refused is not counted: it ends by itself.
    """
    hour = int(now.timestamp() // 3600)
    limits = {f"{what}.{address.strip().lower()}": ROUNDS}
    if block := block_of(network):
        limits[f"{what}.{block}"] = ROUNDS_OF_A_NETWORK
    keys = {f"{_SALT}.{salted_hmac(_SALT, name).hexdigest()[:32]}": most for name, most in limits.items()}
    full_until = [until for key, most in keys.items() if (until := _full_until(key, most, hour)) is not None]
    if full_until:
        raise TooMany(max(full_until))
    for key in keys:
        cache.add(f"{key}.{hour}", 0, timeout=(_HOURS + 1) * 3600)
        cache.incr(f"{key}.{hour}")


def _full_until(key: str, most: int, hour: int) -> datetime | None:
    """When there is room again; None while there is. Counted by the hour: a day has twenty-four."""
    past = range(hour - _HOURS + 1, hour + 1)
    found = cache.get_many([f"{key}.{each}" for each in past])
    left = sum(found.values()) - most
    if left < 0:
        return None
    for each in past:
        left -= found.get(f"{key}.{each}", 0)
        if left < 0:
            return datetime.fromtimestamp((each + _HOURS) * 3600, UTC)
    return None


def block_of(address: str) -> str:
    """What one customer of a network provider has: the address itself, or the /64 of IPv6 (RFC 6177). Empty when the
    address is not known.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def is_too_fast(first_shown_at: datetime | None, *, now: datetime) -> bool:
    """Whether a form that was first shown then was sent sooner than a person can write."""
    least = timedelta(seconds=settings.FORM_LEAST_SECONDS)
    return first_shown_at is not None and now - first_shown_at < least


PROOF_BITS = 15
"""Zero bits that a proof begins with: some 32,000 hashes, half a second of a phone."""


def proves(nonce: str, challenge: str) -> bool:
    """Whether somebody's machine has worked for this form: SHA-256 over challenge and nonce begins with zeros."""
    if not nonce.isdecimal() or len(nonce) > 12:
        return False
    digest = sha256(f"{challenge}.{nonce}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - PROOF_BITS) == 0


_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
MOST_LINKS = 2


def is_suspicious(text: str, name: str) -> bool:
    """Signs in what came without a proof: link upon link, or a link for a name."""
    return len(_LINK.findall(text)) > MOST_LINKS or bool(_LINK.search(name))


def _is_full(key: str, most: int) -> bool:
    cache.add(key, 0, timeout=2 * WINDOW.total_seconds())
    return cache.incr(key) > most
