"""What we do when another package announces an event."""

from holdord.conversations.events import RequestSettled
from holdord.conversations.models import Request, RequestState
from holdord.fulfilment import actions
from holdord.fulfilment.queries import deed_of
from holdord.fulfilment.rules import UNDER_WAY, Outcome, Told
from holdord.history.events import on
from holdord.people.models import Agent


@on(RequestSettled)
def end_the_deed_with_it(event: RequestSettled) -> None:
    """A person did what was asked, or said no; or the customer took it back: the deed ends with its request."""
    request = Request.objects.select_related("conversation__inbox", "conversation__customer").get(pk=event.request_id)
    deed = deed_of(request)
    if deed is None or deed.state not in UNDER_WAY:
        return
    by = Agent.objects.filter(pk=event.by_id).first() if event.by_id else None
    if event.state == RequestState.FULFILLED:
        actions.settle(deed, Told(Outcome.DONE), by=by, now=event.at)
    elif event.state == RequestState.DECLINED:
        actions.settle(deed, Told(Outcome.REFUSED, reason=request.reason), by=by, now=event.at)
    elif event.state == RequestState.WITHDRAWN:
        actions.drop(request, by=by, now=event.at)
