"""What a customer told us, in the reader's words."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from holdord.web.times import Times


def fact_in_words(label: str, value: str, times: Times) -> str:
    """Such as "Order: 4711" or "Needed by: Sat 7 Mar"; a label that is none of ours stands as it was given."""
    if label in ("deadline", "date"):
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


def _day(value: str, times: Times) -> str:
    """A day or moment in ISO 8601, said; what is none stands as it was given."""
    try:
        if "T" not in value:
            return times.date_and_weekday_of(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{times.date_and_weekday(moment)}, {times.at(moment)}"
