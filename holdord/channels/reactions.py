"""What we do when another package announces an event."""

from holdord.channels import raw
from holdord.channels.models import Arrival
from holdord.channels.models.sign_ins import SignIn
from holdord.fulfilment.events import CasesDestroyed
from holdord.history.events import on
from holdord.people.models import Identity


@on(CasesDestroyed)
def destroy_the_mails_too(event: CasesDestroyed) -> None:
    """The bytes that came are gone with the messages that were read from them."""
    arrivals = Arrival.objects.filter(message__conversation__in=event.conversations)
    keys = set(arrivals.values_list("raw", flat=True))
    arrivals.delete()
    for key in keys:
        if not Arrival.objects.filter(raw=key).exists():
            raw.forget(key)
    addresses = list(Identity.objects.filter(pk__in=event.identities).values_list("address", flat=True))
    SignIn.objects.filter(address__in=addresses).delete()
    SignIn.objects.filter(joins__in=addresses).delete()
