"""What an agent promises: what, by when, and how it was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from holdord.conversations.models import Conversation
from holdord.desk.forms import MomentField
from holdord.kernel import clock
from holdord.kernel.moments import is_near
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.models import Pool
from holdord.promises.queries import dates_that_hold, free_slots, usual_terms
from holdord.promises.rules import Kind, PoolKind, Terms, Time, usual_precision
from holdord.web.times import zone

KINDS = [kind for kind in Kind if kind is not Kind.ANSWER]
"""What an agent can promise: an answer is promised by the desk itself."""

CHOICES = 5
"""How many times that hold are offered."""


def kind_words() -> dict[Kind, str]:
    """What the kinds are called in the interface."""
    return {
        Kind.CALLBACK: _("A call back"),
        Kind.UPDATE: _("News by a time"),
        Kind.DELIVERY: _("A delivery"),
        Kind.REFUND: _("A refund"),
        Kind.FIX: _("A repair"),
        Kind.VISIT: _("A visit"),
        Kind.OTHER: _("Something else"),
    }


class TimeForm(forms.Form):
    """By when: `when` is one of the times offered; `other` another one, in the inbox's zone."""

    when = forms.CharField(required=False, max_length=80)
    other = MomentField(required=False)

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conversation = conversation
        other = self.fields["other"]
        assert isinstance(other, MomentField)
        other.zone = zone(conversation.inbox.time_zone)

    def clean_when(self) -> Time | None:
        text = self.cleaned_data["when"]
        return time_of(text) if text and text != "other" else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("when") and not cleaned.get("other"):
            raise forms.ValidationError(_("Say by when."))
        return cleaned


class PromiseForm(TimeForm):
    """A promise as an agent gives it."""

    field_order = ("kind", "what")

    kind = forms.ChoiceField(choices=[(kind.value, "") for kind in KINDS])
    what = forms.CharField(max_length=300)
    how = forms.ChoiceField(choices=[("reply", ""), ("phone", "")])
    confirm = forms.BooleanField(required=False)
    is_deadline = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=300, strip=True)

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, conversation=conversation, **kwargs)
        self.fields["what"].error_messages["required"] = gettext_lazy("Say what is promised.")

    def terms(self) -> Terms:
        """What was asked for."""
        said = self.cleaned_data
        kind, chosen = Kind(said["kind"]), said["when"]
        terms = replace(wanted(self.conversation, kind, what=said["what"]), is_customers_deadline=said["is_deadline"])
        if chosen is not None:
            return terms.at(chosen.due_at, chosen.earliest_at)
        return at_ones_own_time(terms, said["other"])


def wanted(conversation: Conversation, kind: Kind, *, what: str = "") -> Terms:
    """The terms of a promise of this kind, at the earliest time that holds."""
    return usual_terms(conversation, kind, what=what, precision=usual_precision(kind))


def at_ones_own_time(terms: Terms, moment: datetime) -> Terms:
    """The terms at a time that was not offered: when it is due, or in a pool of slots when the slot begins."""
    return replace(terms, earliest_at=moment) if _in_slots(terms) else terms.at(moment, None)


def _in_slots(terms: Terms) -> bool:
    """Whether what is promised happens in a slot of a pool."""
    return Pool.objects.filter(pk__in=[pool for pool, _amount in terms.places], kind=PoolKind.SLOTS).exists()


@dataclass(slots=True)
class Offered:
    """A time that holds, to choose."""

    value: str
    words: str
    is_first: bool


def offered_times(conversation: Conversation, kind: Kind, *, now: datetime) -> list[Offered]:
    """The first times that hold for this kind, in the agent's words; none for what needs no capacity."""
    terms, calendar = wanted(conversation, kind), calendar_of(conversation.inbox)
    if not terms.work and not terms.places:
        return []
    first = now + timedelta(hours=1) if terms.work else now
    if _in_slots(terms):
        pool_id, _amount = terms.places[0]
        free = free_slots(pool_id, now=now, until=now + timedelta(days=30), most=CHOICES)
        times = [Time(slot.ends_at, slot.starts_at) for slot in free]
    else:
        times = dates_that_hold(terms, first, team_id=conversation.team_id, calendar=calendar, now=now, most=CHOICES)
    return to_choose(times, terms, conversation, now=now)


def to_choose(times: Sequence[Time], terms: Terms, conversation: Conversation, *, now: datetime) -> list[Offered]:
    """Times that hold, earliest first, as they are offered."""
    return [
        Offered(value_of(each), in_agents_words(each, terms, conversation, now=now), each is times[0]) for each in times
    ]


def chosen_of(offered: Sequence[Offered], said: Mapping[str, str]) -> str:
    """Which of the times offered is marked: the one that was taken before, `other` if one was typed, else the first."""
    values, wanted = [each.value for each in offered], said.get("when", "")
    if wanted in values or (wanted == "other" and said.get("other")):
        return wanted
    return values[0] if values else "other"


def in_agents_words(time_: Time, terms: Terms, conversation: Conversation, *, now: datetime) -> str:
    """A time as it is promised, on the inbox's clock."""
    return wording.in_words(
        time_, terms.precision, now=now, zone=conversation.inbox.time_zone, language=get_language() or "en"
    )


def value_of(time_: Time) -> str:
    """A time for an address or a form."""
    starts = time_.earliest_at.isoformat() if time_.earliest_at else ""
    return f"{time_.due_at.isoformat()}~{starts}"


def time_of(text: str) -> Time:
    """A time that came back. Raises forms.ValidationError."""
    due, _tilde, starts = text.partition("~")
    try:
        time_ = Time(datetime.fromisoformat(due), datetime.fromisoformat(starts) if starts else None)
    except ValueError:
        raise forms.ValidationError(_("This is not a time. Take one that is offered.")) from None
    if not _can_be_promised(time_):
        raise forms.ValidationError(_("This is not a time. Take one that is offered."))
    return time_


def _can_be_promised(time_: Time) -> bool:
    both = [time_.due_at] if time_.earliest_at is None else [time_.earliest_at, time_.due_at]
    now = clock.now()
    return all(each.tzinfo and is_near(each, now=now) for each in both) and both == sorted(set(both))
