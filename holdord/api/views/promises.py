"""Promises: read, given, kept, released, moved."""

from dataclasses import replace
from hashlib import sha256
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router, Status

from holdord.api.access import TokenRequest, TokenWith
from holdord.api.fields import Day, Id, Key, Moment
from holdord.api.models import GivenOnce
from holdord.api.problems import Problem, not_there, unreadable
from holdord.api.refusing import refused_as_problems
from holdord.api.rows import promise_out
from holdord.api.schemas import Given as GivenKind
from holdord.api.schemas import MoveIn, PromiseIn, PromiseOut, PromisesOut, refusals
from holdord.conversations.models import Conversation
from holdord.history.rows import IsOneOf
from holdord.kernel import clock
from holdord.kernel.moments import Precision
from holdord.people.models import ApiToken, Inbox
from holdord.people.queries import calendar_of
from holdord.promises import actions
from holdord.promises.models import Promise
from holdord.promises.models.promise import PromiseQuerySet
from holdord.promises.queries import end_of_day, usual_terms
from holdord.promises.rules import Kind, Source, State
from holdord.promises.rules.terms import Terms

router = Router(tags=["promises"])

PromiseInPath = Annotated[Id, Path(description="The promise's key.")]


@router.get("/promises", auth=TokenWith("promises:read"), response={200: PromisesOut, **refusals()})
def promises(
    request: TokenRequest,
    state: Annotated[State | None, Query(description="Only those that stand so.")] = None,
    kind: Annotated[Kind | None, Query(description="Only of this kind.")] = None,
    conversation: Annotated[Id | None, Query(description="Only of this conversation.")] = None,
    after: Annotated[
        Id | None, Query(description="Only those given after the one with this key: the next page.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
) -> dict[str, object]:
    """Promises that customers were given, in the order in which they were given, a page at a time."""
    found = _seen_by(request.auth)
    if state is not None:
        found = found.filter(IsOneOf("state", state.value))
    if kind is not None:
        found = found.filter(kind=kind.value)
    if conversation is not None:
        found = found.filter(conversation=conversation)
    rows = list(found.filter(pk__gt=after or 0).order_by("pk")[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return {"promises": [promise_out(row) for row in rows[:limit]], "after": more}


@router.post("/promises", auth=TokenWith("promises:write"), response={201: PromiseOut, **refusals(409, 503)})
def give(
    request: TokenRequest,
    told: PromiseIn,
    idempotency_key: Annotated[
        Key | None,
        Header(
            alias="Idempotency-Key",
            description="Any word of the program's own: asked twice with it, one promise is given.",
        ),
    ] = None,
) -> Status[PromiseOut]:
    """Promise a customer something, checked against capacity. What does not hold is refused, with the first time that
    does.
    """
    body_hash = sha256(told.model_dump_json().encode()).hexdigest()
    with transaction.atomic():
        once = _once(request.auth, idempotency_key, body_hash)
        if once is not None and once.promise is not None:
            return Status(201, promise_out(once.promise))
        promise = _give(request.auth, told)
        if once is not None:
            GivenOnce.objects.filter(pk=once.pk).update(promise=promise)
    return Status(201, promise_out(promise))


def _once(token: ApiToken, key: str | None, body_hash: str) -> GivenOnce | None:
    """The row of a key; of two who ask at once with the same, the second waits here for the first."""
    if key is None:
        return None
    fresh = GivenOnce.objects.create_unless_there(token=token, key=key, body_hash=body_hash, at=clock.now())
    if fresh is not None:
        return fresh
    known = GivenOnce.objects.select_related("promise__conversation__inbox").get(token=token, key=key)
    if known.body_hash != body_hash:
        raise Problem(
            409, "told-otherwise", _("We heard this before, with other words. What is told twice must be the same.")
        )
    return known


def _give(token: ApiToken, told: PromiseIn) -> Promise:
    visible = Conversation.objects.select_related("inbox", "customer").filter(pk=told.conversation)
    conversation = (visible.filter(inbox=token.inbox) if token.inbox_id else visible).first()
    if conversation is None:
        raise not_there()
    terms = _at(_terms(conversation, told.kind, told.what), told.due_at, told.due_on, conversation.inbox)
    given = actions.Given(source=Source.PROGRAM, by=token.created_by)
    with refused_as_problems(conversation.inbox, date_field="due_on" if told.due_on else "due_at"):
        return actions.give(conversation, terms, given, now=clock.now())


def _terms(conversation: Conversation, kind: GivenKind, what: str) -> Terms:
    precision = Precision.DAY if kind in (GivenKind.DELIVERY, GivenKind.REFUND) else Precision.MINUTE
    return usual_terms(conversation, Kind(kind.value), what=what, precision=precision)


def _at(terms: Terms, due_at: Moment | None, due_on: Day | None, inbox: Inbox) -> Terms:
    if due_at is not None and due_on is not None:
        raise unreadable("due_on", _("Either a moment or a day."))
    if due_on is not None:
        return replace(terms, due_at=end_of_day(due_on, calendar_of(inbox)), precision=Precision.DAY)
    return replace(terms, due_at=due_at)


@router.post("/promises/{id}/keep", auth=TokenWith("promises:write"), response={200: PromiseOut, **refusals(409, 503)})
def keep(request: TokenRequest, id: PromiseInPath) -> PromiseOut:  # noqa: A002 - the name in the address
    """What was promised is done. An answer is kept by answering alone."""
    promise = _promise(request.auth, id)
    if promise.kind == Kind.ANSWER:
        raise Problem(409, "not-possible", _("Only a person’s reply keeps an answer."), state=promise.state)
    if clock.now() >= promise.due_at and promise.precision == Precision.MINUTE and promise.settled_at is None:
        raise Problem(409, "not-possible", _("Its time has passed: it can’t be kept any more."), state=promise.state)
    with refused_as_problems(promise.conversation.inbox, date_field="due_at"):
        actions.keep(promise, evidence=None, now=clock.now(), by=request.auth.created_by)
    return promise_out(_promise(request.auth, id))


@router.post(
    "/promises/{id}/release", auth=TokenWith("promises:write"), response={200: PromiseOut, **refusals(409, 503)}
)
def release(request: TokenRequest, id: PromiseInPath) -> PromiseOut:  # noqa: A002 - the name in the address
    """The customer let it go: by their word alone."""
    promise = _promise(request.auth, id)
    with refused_as_problems(promise.conversation.inbox, date_field="due_at"):
        actions.release(promise, evidence=None, now=clock.now(), by=request.auth.created_by)
    return promise_out(_promise(request.auth, id))


@router.post("/promises/{id}/move", auth=TokenWith("promises:write"), response={200: PromiseOut, **refusals(409, 503)})
def move(request: TokenRequest, id: PromiseInPath, told: MoveIn) -> PromiseOut:  # noqa: A002 - the name in the address
    """It will be later: the promise runs on with a new time that holds, and we write to the customer, with the reason.
    A move of which they are not told before the old time counts as broken.
    """
    promise = _promise(request.auth, id)
    inbox = promise.conversation.inbox
    to = end_of_day(told.due_on, calendar_of(inbox)) if told.due_on else told.due_at
    with refused_as_problems(inbox, date_field="due_on" if told.due_on else "due_at"):
        if promise.state not in (State.OPEN, State.MOVED):
            raise actions.AlreadySettled(promise.pk)
        actions.move_and_tell(promise, to=to, reason=told.reason, by=request.auth.created_by, now=clock.now())
    return promise_out(_promise(request.auth, id))


def _seen_by(token: ApiToken) -> PromiseQuerySet:
    given = Promise.objects.given().select_related("conversation__inbox", "team")
    return given.filter(conversation__inbox=token.inbox) if token.inbox_id else given


def _promise(token: ApiToken, key: int) -> Promise:
    found = _seen_by(token).filter(pk=key).first()
    if found is None:
        raise not_there()
    return found
