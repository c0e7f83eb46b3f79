"""What the two companies do when they are asked: a shop of subscriptions, an issuer of cards."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holdord.kernel import clock
from holdord.stories.executors.books import Act, Books

CARD_OPENS_FOR = timedelta(days=4)
"""How long a blocked card can be opened again; then a new one is sent."""


def shop(books: Books, asked: dict[str, Any]) -> dict[str, Any]:
    """Subscriptions end with the month, and can be kept until then. Money back and another piece leave the next day."""
    owner, kind = _owner(asked), asked["kind"]
    if asked["type"] == "request.undo":
        return _undone(books, asked, _NAMES.get(kind, kind))
    now = clock.now()
    if kind == "cancel":
        if books.state(owner, "subscription", "running") == "cancelled":
            return _done(effective_at=_end_of_month(now), undo_until=_end_of_month(now))
        books.set(owner, "subscription", "cancelled")
        return _done(effective_at=_end_of_month(now), undo_until=_end_of_month(now))
    if kind in {"refund", "replace"}:
        books.set(owner, _NAMES[kind], "sent")
        return _done(effective_at=now + timedelta(days=3))
    return _refused(asked, "kind")


def cards(books: Books, asked: dict[str, Any]) -> dict[str, Any]:
    """A card is blocked so that it can be opened again for some days, or opened."""
    owner, kind = _owner(asked), asked["kind"]
    if asked["type"] == "request.undo":
        return _undone(books, asked, "card")
    now = clock.now()
    if kind == "block":
        books.set(owner, "card", "blocked")
        return _done(effective_at=now, undo_until=now + CARD_OPENS_FOR)
    if kind == "unblock":
        if books.state(owner, "card", "open") == "closed":
            return _refused(asked, "closed")
        books.set(owner, "card", "open")
        return _done(effective_at=now)
    return _refused(asked, "kind")


COMPANIES: dict[str, Act] = {"shop": shop, "cards": cards}

_NAMES = {"cancel": "subscription", "refund": "refund", "replace": "replacement"}
_BACK = {"subscription": "running", "card": "open"}


def _undone(books: Books, asked: dict[str, Any], name: str) -> dict[str, Any]:
    if name not in _BACK:
        return _refused(asked, "sent")
    books.set(_owner(asked), name, _BACK[name])
    return _done(effective_at=clock.now())


_REFUSALS = {
    "kind": {
        "da": "Det kan vores system ikke.",
        "nb": "Det kan ikke systemet vårt.",
        "sv": "Det kan inte vårt system.",
        "de": "Das kann unser System nicht.",
        "en": "Our system can't do that.",
    },
    "sent": {
        "da": "Det er allerede sendt.",
        "nb": "Det er sendt allerede.",
        "sv": "Det har redan skickats.",
        "de": "Es ist schon unterwegs.",
        "en": "It has left already.",
    },
    "closed": {
        "da": "Kortet er lukket for altid.",
        "nb": "Kortet er stengt for godt.",
        "sv": "Kortet är stängt för gott.",
        "de": "Die Karte ist endgültig geschlossen.",
        "en": "The card is closed for good.",
    },
}


def _refused(asked: dict[str, Any], why: str) -> dict[str, Any]:
    words = _REFUSALS[why]
    return {"result": "refused", "reason": words.get(str(asked.get("language")), words["en"])}


def _done(**moments: datetime) -> dict[str, Any]:
    return {"result": "done", **{name: moment.isoformat(timespec="seconds") for name, moment in moments.items()}}


def _owner(asked: dict[str, Any]) -> str:
    addresses = [each["address"] for each in asked["customer"]["addresses"]]
    return str(addresses[0]) if addresses else "nobody"


def _end_of_month(now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo("Europe/Copenhagen"))
    first = (local.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first - timedelta(minutes=1)
