"""What the lines of an uploaded table do, or what is wrong with them, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdord.kernel.moments import day_in_full
from holdord.orders.models import Upload, UploadLine


@dataclass(slots=True)
class LineRow:
    """One line, ready to print."""

    number: int
    column: str
    words: str
    is_wrong: bool


def line_row(*, number: int, outcome: str, column: str, said: str, is_wrong: bool) -> LineRow:
    """One line in words."""
    return LineRow(number, column, in_words(outcome, said=said, column=column), is_wrong)


def rows_of(lines: Iterable[UploadLine]) -> list[LineRow]:
    """The lines in words."""
    return [
        line_row(number=each.number, outcome=each.outcome, column=each.column, said=each.said, is_wrong=each.is_wrong)
        for each in lines
    ]


def counts_of(upload: Upload) -> list[tuple[str, int]]:
    """How many lines do what, in words; what is wrong is counted together, at the end."""
    found = UploadLine.objects.filter(upload=upload, is_wrong=False).values_list("outcome").annotate(n=Count("pk"))
    counts = [(kind_in_words(outcome), number) for outcome, number in found.order_by("outcome")]
    wrong = UploadLine.objects.filter(upload=upload, is_wrong=True).count()
    return [*counts, (_("can’t be done"), wrong)] if wrong else counts


def kind_in_words(outcome: str) -> str:
    """What a line does, for counting."""
    return {
        "place": _("new orders"),
        "known": _("known already"),
        "shipped": _("sent"),
        "delivered": _("delivered"),
        "delayed": _("delayed, the customer is told"),
        "cancelled": _("cancelled, the customer is told"),
        "set": _("places set"),
    }[outcome]


def in_words(outcome: str, *, said: str, column: str) -> str:
    """What a line does, or what is wrong with it, as a sentence."""
    words = {
        "place": _("A new order, promised for %(said)s."),
        "known": _("Known already: nothing changes."),
        "shipped": _("Sent: shown on the customer’s page."),
        "delivered": _("Delivered: the promise is kept, or broken if it is late."),
        "delayed": _("Delayed: the promise is moved, and the customer is told why."),
        "cancelled": _("Cancelled: the promise ends, and the customer is told."),
        "set": _("%(said)s places."),
        "missing": _("This is missing."),
        "unreadable": _("This can’t be read as what it should be."),
        "one_of": _("This must be one of: %(said)s."),
        "no_address": _("This is no mail address."),
        "no_date_there": _("This is no date: write 2026-11-22, or 2026-11-22T14:00."),
        "backwards": _("This ends before it begins."),
        "no_order": _("There is no order with this number."),
        "no_pool": _("There is no pool with this key, or it is not yours to fill."),
        "needs_times": _("A pool of slots needs the times: starts_at and ends_at."),
        "full": _("There is no room for this then. The first day that holds is %(said)s."),
        "never": _("There is no room for this, and no day is known that holds."),
        "no_date": _("Say by when (%(column)s): no pool counts what can be delivered."),
        "over": _("This day is over."),
        "future": _("This can’t have happened yet."),
        "not_later": _("The new day is not later than the one that was promised."),
        "not_possible": _("That can’t happen to this order: its state is %(said)s."),
        "otherwise": _("We heard this before, with other words. What is told twice must be the same."),
        "twice": _("This stands in line %(said)s already."),
        "overlap": _("This overlaps another span of the pool."),
        "busy": _("Many promise from the same pool at this moment. Upload the same table again."),
    }[outcome]
    return words % {"said": _day(said) if outcome in {"place", "full"} else said, "column": column}


def _day(iso: str) -> str:
    return day_in_full(date.fromisoformat(iso), language=get_language() or "en", with_year=True) if iso else ""
