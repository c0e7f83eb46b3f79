"""Reading what came and where it was meant for."""

from django.db.models import QuerySet

from holdord.channels.models import Arrival
from holdord.people.models import Inbox


def inbox_addresses() -> dict[str, int]:
    """Every address of ours, lower-cased, to its inbox."""
    return {address.lower(): key for address, key in Inbox.objects.values_list("address", "pk")}


def without_tag(address: str) -> str:
    """`Care+abc@Example.com` → `care@example.com`: the inbox that a signed reply address belongs to."""
    local, at, domain = address.strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def tag_of(address: str) -> str:
    """`care+Abc@example.com` → `Abc`; empty without one."""
    return address.strip().strip("<>").rpartition("@")[0].partition("+")[2]


def quarantined() -> QuerySet[Arrival]:
    """What can't be read, newest first."""
    return Arrival.objects.quarantined().select_related("inbox", "raw").order_by("-pk")


def waiting_count() -> int:
    """How many mails nobody has read yet."""
    return Arrival.objects.waiting().count()
