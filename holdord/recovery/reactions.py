"""What we do when another package announces an event."""

from holdord.conversations.models import Conversation
from holdord.history.events import on
from holdord.promises.events import PromiseBroken
from holdord.recovery import actions


@on(PromiseBroken)
def make_it_right(event: PromiseBroken) -> None:
    """No promise breaks without its recovery: who answers for it is the owner, else the team's lead."""
    conversation = Conversation.objects.select_related("team").get(pk=event.about)
    actions.open_recovery(
        promise_id=event.promise_id,
        conversation_id=conversation.pk,
        owner_id=event.owner_id or conversation.team.lead_id,
        now=event.at,
    )
