"""What we do when another package announces an event."""

from holdord.conversations.events import ReplyAccepted
from holdord.conversations.models import Conversation, Message
from holdord.history.events import on
from holdord.people.queries import calendar_of
from holdord.promises.events import PromiseBroken
from holdord.recovery import actions


@on(PromiseBroken)
def make_it_right(event: PromiseBroken) -> None:
    """No promise breaks without its recovery: who answers for it is the owner, else the team's lead."""
    conversation = Conversation.objects.select_related("team", "inbox").get(pk=event.about)
    actions.open_recovery(
        promise_id=event.promise_id,
        conversation_id=conversation.pk,
        owner_id=event.owner_id or conversation.team.lead_id,
        calendar=calendar_of(conversation.inbox),
        contacts=event.contacts,
        days=event.days,
        now=event.at,
    )


@on(ReplyAccepted)
def it_begins_with_an_apology(event: ReplyAccepted) -> None:
    """A person's reply counts; the letter that went by itself does not."""
    if not event.is_automatic:
        actions.apologised(Message.objects.get(pk=event.message_id), now=event.at)
