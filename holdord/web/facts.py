"""What a customer told us, in the reader's words."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from holdord.web.times import Times

_TIMES = ("deadline", "date")


def fact_in_words(label: str, value: str, times: Times) -> str:
    """Such as "Order: 4711" or "Needed by: Sat 7 Mar"; a label that is none of ours stands as it was given."""
    if label in _TIMES:
        value = _day(value, times)
    name = {
        "order": _("Order"),
        "customer": _("Customer number"),
        "serial": _("Serial number"),
        "phone": _("Phone"),
        "address": _("Address"),
        "amount": _("Amount"),
        "error": _("Error"),
        "product": _("Product"),
        "deadline": _("Needed by"),
        "date": _("Date"),
        "signed_in": _("Signed in on the site as"),
    }.get(label, label)
    return f"{name}: {value}" if name else value


def fact_to_type(label: str, value: str, times: Times) -> tuple[str, str]:
    """A fact as a field takes it, and the type of that field: a day and a moment are picked, the rest is typed."""
    moment = _moment(value) if label in _TIMES else None
    if moment is None:
        return value, "text"
    if "T" not in value:
        return moment.date().isoformat(), "date"
    return moment.astimezone(times.zone).replace(tzinfo=None).isoformat(timespec="minutes"), "datetime-local"


def fact_typed(label: str, typed: str, times: Times) -> str:
    """What came back of such a field. A moment picked has no offset: it is meant on the reader's clock."""
    typed = typed.strip()
    moment = _moment(typed) if label in _TIMES and "T" in typed else None
    if moment is None or moment.tzinfo:
        return typed
    return moment.replace(tzinfo=times.zone).isoformat(timespec="seconds")


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _day(value: str, times: Times) -> str:
    """A day or moment in ISO 8601, said; what is none stands as it was given."""
    try:
        if "T" not in value:
            return times.date_and_weekday_of(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{times.date_and_weekday(moment)}, {times.at(moment)}"
