"""What we do when another package announces an event."""

from holdord.conversations.actions import withdraw
from holdord.conversations.events import RequestSettled
from holdord.conversations.models import Request, RequestState
from holdord.fulfilment import actions
from holdord.fulfilment.models import Deed
from holdord.fulfilment.queries import deed_of
from holdord.fulfilment.rules import UNDER_WAY, DeedState, Direction, Outcome, Told
from holdord.history.events import on
from holdord.people.models import Agent
from holdord.promises.events import PromiseKept, PromiseReleased


@on(RequestSettled)
def end_the_deed_with_it(event: RequestSettled) -> None:
    """A person did what was asked, or said no; or the customer took it back: the deed ends with its request."""
    request = Request.objects.select_related("conversation__inbox", "conversation__customer").get(pk=event.request_id)
    deed = deed_of(request)
    if deed is None or deed.state not in UNDER_WAY:
        return
    by = _agent(event.by_id)
    if event.state == RequestState.FULFILLED:
        actions.settle(deed, Told(Outcome.DONE), by=by, now=event.at)
    elif event.state == RequestState.DECLINED:
        actions.settle(deed, Told(Outcome.REFUSED, reason=request.reason), by=by, now=event.at)
    elif event.state == RequestState.WITHDRAWN:
        actions.drop(request, by=by, now=event.at)


@on(PromiseKept)
def done_with_its_promise(event: PromiseKept) -> None:
    """Who says that the promise is kept says that the deed is done."""
    deed = _by_hand(event.promise_id)
    if deed is not None:
        actions.settle(deed, Told(Outcome.DONE), by=_agent(event.by_id), now=event.at)


@on(PromiseReleased)
def taken_back_with_its_promise(event: PromiseReleased) -> None:
    """Who lets the promise go does not want the deed any more."""
    deed = _by_hand(event.promise_id)
    if deed is not None and deed.direction == Direction.DO:
        withdraw(deed.request, by=_agent(event.by_id), now=event.at)


def _by_hand(promise_id: int) -> Deed | None:
    rows = Deed.objects.select_related("request__conversation__inbox", "request__conversation__customer", "promise")
    return rows.filter(promise=promise_id, state=DeedState.BY_HAND.value).first()


def _agent(pk: int | None) -> Agent | None:
    return Agent.objects.filter(pk=pk).first() if pk else None
