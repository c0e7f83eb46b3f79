"""What a case has cost its customer, in sentences. Only what the desk has written down, and never a score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdord.conversations.models import Channel, Conversation, HandOver, Request, RequestState
from holdord.fulfilment.models import Code
from holdord.portal.messages import from_customer
from holdord.promises.models import Promise
from holdord.recovery.rules import Cost, Said, Word, cost
from holdord.web.times import Times


@dataclass(slots=True)
class CostRows:
    """The sentences, and whether we own up to them: it was more than writing once and waiting as long as we said."""

    sentences: list[str]
    is_ours_to_own: bool


def cost_rows(conversation: Conversation, promises: Iterable[Promise], times: Times) -> CostRows:
    """What it cost until now; `promises` are all that the customer may know of."""
    return in_words(cost(_said(conversation), map(_word, promises), now=times.now))


def _word(promise: Promise) -> Word:
    return Word(
        promise.pk,
        promise.kind,
        promise.state,
        promise.given_at,
        promise.first_due_at,
        promise.settled_at,
        promise.follows_id,
    )


def _said(conversation: Conversation) -> Said:
    """All that is counted, in one statement."""
    theirs = from_customer(conversation)
    requests = Request.objects.filter(conversation=conversation).exclude(state=RequestState.DISMISSED)
    counted = {
        "written": _number(theirs),
        "in_a_form": _number(theirs.filter(channel=Channel.FORM)),
        "again": _number(requests, Sum(F("said") - 1)),
        "typed_in": _number(Code.objects.filter(conversation=conversation, used_at__isnull=False)),
        "passed_on": _number(HandOver.objects.filter(conversation=conversation)),
    }
    return Said(**Conversation.objects.filter(pk=conversation.pk).values(**counted).get())


def _number(rows: QuerySet[Any], what: Count | Sum | None = None) -> Coalesce:
    counted = rows.order_by().values("conversation").annotate(number=what or Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def in_words(spent: Cost) -> CostRows:
    """One whole sentence for each thing that it cost."""
    said = spent.said
    wrote = said.written - said.in_a_form  # a form is counted once, as a form
    counted = [
        (wrote, ngettext("You have written to us once.", "You have written to us %(n)s times.", wrote)),
        (said.in_a_form, ngettext("You filled in one form.", "You filled in %(n)s forms.", said.in_a_form)),
        (said.typed_in, ngettext("You typed in one code.", "You typed in %(n)s codes.", said.typed_in)),
        (
            said.again,
            ngettext(
                "You had to ask once more for what you had already asked for.",
                "You had to ask %(n)s more times for what you had already asked for.",
                said.again,
            ),
        ),
        (
            said.passed_on,
            ngettext(
                "We passed your case on to others once.",
                "We passed your case on to others %(n)s times.",
                said.passed_on,
            ),
        ),
    ]
    sentences = [words % {"n": number} for number, words in counted if number]
    if spent.waited >= timedelta(minutes=1):
        sentences.append(_("You have waited %(span)s for answers from us.") % {"span": _span(spent.waited)})
    if spent.late:
        words = ngettext(
            "We have been %(span)s late with one thing.",
            "We have been late with %(n)s things, %(span)s in all.",
            spent.late,
        )
        sentences.append(words % {"n": spent.late, "span": _span(spent.late_by)})
    if spent.broken:
        words = ngettext("One thing we did not do at all.", "%(n)s things we did not do at all.", spent.broken)
        sentences.append(words % {"n": spent.broken})
    return CostRows(sentences, spent.is_ours_to_own)


def _span(span: timedelta) -> str:
    """A span in one unit, as large as what it measures: minutes to two hours, hours to two days, days."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    if minutes <= 120:
        return ngettext("one minute", "%(n)s minutes", minutes) % {"n": minutes}
    if (hours := round(minutes / 60)) <= 48:
        return ngettext("one hour", "%(n)s hours", hours) % {"n": hours}
    days = round(minutes / 1440)
    return ngettext("one day", "%(n)s days", days) % {"n": days}
