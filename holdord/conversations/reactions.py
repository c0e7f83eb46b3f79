"""What we do when another package announces an event."""

from holdord.conversations.models import Conversation, Participant
from holdord.history.events import on
from holdord.people.events import CustomersMerged, MergeUndone


@on(CustomersMerged, MergeUndone)
def follow_the_identities(event: CustomersMerged | MergeUndone) -> None:
    """A conversation belongs to the customer whose identity began it: after a merge and after its undoing alike."""
    touched = Conversation.objects.filter(customer__in=[event.kept_id, event.absorbed_id])
    for conversation in touched.only("pk", "customer_id"):
        began = (
            Participant.objects.filter(conversation=conversation, is_customer=True)
            .order_by("joined_at", "pk")
            .values_list("identity__customer", flat=True)
            .first()
        )
        if began is not None and began != conversation.customer_id:
            Conversation.objects.filter(pk=conversation.pk).update(customer=began)
