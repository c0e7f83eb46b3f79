"""Reading the bytes of arrivals, those that are large or suspicious in a process of their own."""

from django.conf import settings

from holdord.channels.email import tokens
from holdord.channels.email.reading import ReadMail, read
from holdord.channels.email.reading.confined import is_suspicious, read_confined


def read_mail(raw: bytes, own_addresses: frozenset[str]) -> ReadMail:
    """What these bytes say; never raises for what is in them."""
    authserv_id = settings.AUTHSERV_ID or None
    if is_suspicious(raw):
        return read_confined(raw, own_addresses=own_addresses, authserv_id=authserv_id)
    return read(raw, own_addresses=own_addresses, own_loop_check=tokens.is_own_loop_mark, authserv_id=authserv_id)
