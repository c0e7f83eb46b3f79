"""What is asked and answered. Every field says what it means: the OpenAPI document is made of this."""

from datetime import date as local_date
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from holdord.api.fields import Day, Email, Id, Key, MayBeEmpty, Moment, Number, Quantity, Sku, Slug, Text
from holdord.orders.rules import CancelledBy, OrderState
from holdord.promises.rules import State

INBOX = "The inbox, by its short name. Only needed when the token is for every inbox and there are several."
NAME_LENGTH = StringConstraints(max_length=200)


class Language(StrEnum):
    """The languages a customer can be written to in."""

    DA = "da"
    NB = "nb"
    SV = "sv"
    DE = "de"
    EN = "en"


class Given(StrEnum):
    """What can be promised here: an answer is promised by the pledge alone."""

    CALLBACK = "callback"
    UPDATE = "update"
    DELIVERY = "delivery"
    REFUND = "refund"
    FIX = "fix"
    VISIT = "visit"
    OTHER = "other"


class Happened(StrEnum):
    """What can happen to an order after it was placed."""

    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    CANCELLED = "cancelled"


class Counted(StrEnum):
    """What a pool counts."""

    FLOW = "flow"
    SLOTS = "slots"
    STOCK = "stock"


class Earliest(Schema):
    """The first time that holds."""

    due_at: datetime = Field(description="By when it can be promised.")
    date: local_date = Field(description="The day of it, where the inbox is.")


class FieldError(Schema):
    """One field that can't be accepted."""

    field: str = Field(description="Its name; a path with dots for one inside another.")
    why: str = Field(description="Why, in the language of Accept-Language.")


class Refusal(Schema):
    """A problem (RFC 9457), as application/problem+json."""

    type: str = Field(description="What kind of problem: urn:holdord:problem:… (docs/api.md lists them).")
    title: str = Field(description="The kind in a few words.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="What is wrong with this request, in the language of Accept-Language.")
    earliest: Earliest | None = Field(None, description="For `full`: the first time that holds; null if none is known.")
    missing: list[str] | None = Field(None, description="For `missing`: the names of the fields.")
    errors: list[FieldError] | None = Field(None, description="For `invalid` and `missing`: field by field.")
    state: str | None = Field(None, description="For `not-possible`: the state it is in.")
    scope: str | None = Field(None, description="For `forbidden`: the scope it takes.")
    retry_after: int | None = Field(None, description="For `too-many` and `busy`: seconds to wait.")


class CustomerIn(Schema):
    """Who ordered."""

    email: Email = Field(description="Their mail address. Who is known by it is known again.")
    name: Annotated[MayBeEmpty, NAME_LENGTH] = Field("", description="Their name, for a customer who is new.")
    language: Language | None = Field(None, description="The language they read. Without it: what we know of them.")


class ArticleIn(Schema):
    """One line of an order."""

    sku: Sku = Field(description="The shop's key of the article. A stock with this key is drawn on.")
    name: Annotated[MayBeEmpty, NAME_LENGTH] = Field("", description="What people call it.")
    quantity: Quantity = Field(1, description="How many.")
    price: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)] | None = Field(
        None, description="For one piece, in the shop's currency."
    )


class OrderIn(Schema):
    """An order that was placed."""

    number: Number = Field(description="The shop's order number, once in an inbox.")
    customer: CustomerIn = Field(description="Who ordered.")
    articles: list[ArticleIn] = Field(description="What was ordered.", min_length=1, max_length=200)
    inbox: Slug | None = Field(None, description=INBOX)
    placed_at: Moment | None = Field(None, description="When. Without it: now.")
    promised_on: Day | None = Field(
        None, description="The day the customer was told. Without it: the first day that holds."
    )
    accept_later: bool = Field(False, description="Whether the first day that holds will do when that day is full.")
    event: Key = Field("placed", description="The shop's own id of this event.")


class EventIn(Schema):
    """Something that happened to an order."""

    event: Key = Field(description="The shop's own id of this event, once in an order. Told twice it happens once.")
    kind: Happened = Field(description="What happened.")
    at: Moment | None = Field(None, description="When. Without it: now.")
    reason: Annotated[MayBeEmpty, StringConstraints(max_length=300)] = Field(
        "",
        description="Why, in the customer's language: it stands in the first line of the letter. Needed for `delayed`, "
        "and for `cancelled` by the shop.",
    )
    by: CancelledBy | None = Field(None, description="For `cancelled`: whose word it was.")
    new_date: Day | None = Field(None, description="For `delayed`: the new day. Without it: the first that holds.")
    accept_later: bool = Field(False, description="For `delayed`: whether the first day that holds will do.")


class ReceiptOut(Schema):
    """What became of an order by one event. The same event is answered the same."""

    number: str = Field(description="The order number.")
    event: str = Field(description="The event's id.")
    kind: str = Field(description="What happened.")
    at: datetime = Field(description="When, by the shop's clock.")
    state: OrderState = Field(description="Where the order stood then.")
    due_at: datetime | None = Field(description="By when it was promised then; null when no promise stood any more.")
    due_on: local_date | None = Field(description="The day of it, where the inbox is.")


class ArticleOut(Schema):
    """One line of an order."""

    sku: str = Field(description="The shop's key of the article.")
    name: str = Field(description="What people call it.")
    quantity: int = Field(description="How many.")
    price: str | None = Field(description="For one piece.")


class PromiseOut(Schema):
    """A promise."""

    id: int = Field(description="Its key.")
    conversation: int = Field(description="The number of its conversation.")
    kind: str = Field(description="What kind of thing is promised.")
    what: str = Field(description="The words the customer reads.")
    state: State = Field(description="Where it stands.")
    due_at: datetime = Field(description="By when.")
    due_on: local_date | None = Field(description="For a promise by the day: the day, where the inbox is.")
    first_due_at: datetime = Field(description="By when it was promised first.")
    given_at: datetime = Field(description="When it was given.")
    settled_at: datetime | None = Field(description="When it ended; null while it runs.")


class OrderOut(Schema):
    """An order as it stands."""

    number: str = Field(description="The shop's order number.")
    inbox: str = Field(description="The inbox, by its short name.")
    state: OrderState = Field(description="Where it stands.")
    placed_at: datetime = Field(description="When it was placed.")
    conversation: int = Field(description="The number of its conversation.")
    promise: PromiseOut = Field(description="The delivery that is promised, or was last.")
    articles: list[ArticleOut] = Field(description="What was ordered.")
    events: list[ReceiptOut] = Field(description="What the shop told of it, in the order in which we heard.")


class EarliestOut(Schema):
    """The first day on which a delivery can be promised."""

    earliest: Earliest | None = Field(description="null when none is known.")


class PromiseIn(Schema):
    """A promise to be given: by a moment (`due_at`), by a day (`due_on`), or at the first time that holds (neither)."""

    conversation: Id = Field(description="The number of the conversation.")
    kind: Given = Field(description="What kind of thing is promised.")
    what: Annotated[MayBeEmpty, StringConstraints(max_length=300)] = Field(
        "", description="The words the customer reads. Without them: the usual ones of this kind."
    )
    due_at: Moment | None = Field(None, description="By when.")
    due_on: Day | None = Field(None, description="On which day.")


class MoveIn(Schema):
    """A new time for a promise. Without one: the first that holds after the old."""

    reason: Annotated[Text, StringConstraints(max_length=300)] = Field(
        description="Why, in the customer's language: it stands in the letter that we write."
    )
    due_at: Moment | None = Field(None, description="By when now.")
    due_on: Day | None = Field(None, description="On which day now.")


class PromisesOut(Schema):
    """A page of promises, in the order in which they were given."""

    promises: list[PromiseOut] = Field(description="At most `limit`.")
    after: int | None = Field(description="Ask for the next page with `after` set to this; null on the last page.")


class PoolOut(Schema):
    """What promises draw on."""

    key: str = Field(description="Its key.")
    name: str = Field(description="Its name.")
    kind: Counted = Field(description="flow: places a day. slots: places at a time. stock: pieces that arrive.")
    serves: str = Field(description="The kind of promise that draws on it.")
    team: str | None = Field(description="Whose it is; null for everybody's.")


class PoolIn(Schema):
    """A new pool."""

    key: Slug = Field(description="Its key; for a stock the article's, in lower case with hyphens.")
    name: Annotated[Text, StringConstraints(max_length=120)] = Field(description="Its name.")
    kind: Counted = Field(description="flow: places a day. slots: places at a time. stock: pieces that arrive.")
    serves: Given = Field(Given.DELIVERY, description="The kind of promise that draws on it.")


class PlaceIn(Schema):
    """So many places of a day, or of a span; of a stock: so many pieces that arrive when it begins."""

    places: Annotated[int, Field(ge=0, le=1_000_000)] = Field(description="How many.")
    date: Day | None = Field(None, description="The whole day. Not for slots.")
    starts_at: Moment | None = Field(None, description="Or: when the span begins.")
    ends_at: Moment | None = Field(None, description="And when it ends.")


class PlacesIn(Schema):
    """The places of a pool."""

    places: list[PlaceIn] = Field(
        description="A span that is known by its beginning gets the new number.", max_length=5000
    )
    all_of_them: bool = Field(False, description="Whether those to come that are not named are closed.")


class PlacesOut(Schema):
    """What changed."""

    changed: int = Field(description="How many spans got another number.")


Refusals = dict[int, Any]


def refusals(*codes: int) -> Refusals:
    """The refusals a request may get, for the document; every request may also be refused for its token or its rate."""
    return dict.fromkeys((401, 403, 404, 422, 429, *codes), Refusal)
