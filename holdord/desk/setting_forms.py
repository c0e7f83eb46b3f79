"""What administrators type, checked."""

from datetime import time
from typing import Any

from babel import Locale
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from holdord.channels.email.secrets import CannotUnseal, seal, unseal
from holdord.desk.forms import known_zone, offer
from holdord.desk.frame import role_name
from holdord.kernel.languages import LANGUAGES
from holdord.kernel.public_holidays import is_known
from holdord.people.administration import InboxTerms
from holdord.people.models import Agent, Inbox, Role, Team
from holdord.web.times import weekday

COUNTRIES = {
    "DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "SE": "Europe/Stockholm", "DE": "Europe/Berlin",
    "FI": "Europe/Helsinki", "IS": "Atlantic/Reykjavik", "GB": "Europe/London", "IE": "Europe/Dublin",
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "NL": "Europe/Amsterdam", "BE": "Europe/Brussels",
    "FR": "Europe/Paris", "PL": "Europe/Warsaw", "ES": "Europe/Madrid", "IT": "Europe/Rome",
    "US": "America/New_York", "CA": "America/Toronto", "AU": "Australia/Sydney", "NZ": "Pacific/Auckland",
}  # fmt: skip
"""Countries that are offered, and the zone most of each lives in."""


def countries() -> list[tuple[str, str]]:
    """The countries that are offered, in the reader's language and order."""
    names = Locale.parse("en_GB" if get_language() == "en" else get_language() or "en_GB").territories
    return sorted(((code, names[code]) for code in COUNTRIES), key=lambda pair: pair[1])


class HoursForm(forms.Form):
    """The week of an inbox: one span for each day, or closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            self.fields[f"opens_{day}"] = forms.TimeField(required=False, label=_("opens"))
            self.fields[f"closes_{day}"] = forms.TimeField(required=False, label=_("closes"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in range(7):
            opens, closes = cleaned.get(f"opens_{day}"), cleaned.get(f"closes_{day}")
            if bool(opens) != bool(closes) or (opens and closes and closes <= opens):
                self.add_error(f"closes_{day}", _("%(day)s closes before it opens.") % {"day": weekday(day)})
        return cleaned

    def hours(self) -> list[tuple[int, time, time]]:
        """(weekday, opens, closes) of each open day."""
        rows = ((day, self.cleaned_data[f"opens_{day}"], self.cleaned_data[f"closes_{day}"]) for day in range(7))
        return [row for row in rows if row[1]]


class InboxForm(forms.Form):
    """A brand that customers write to."""

    name = forms.CharField(label=gettext_lazy("Name your customers know"), max_length=120)
    address = forms.EmailField(
        label=gettext_lazy("Mail address"),
        help_text=gettext_lazy("Where customers write, and what your answers come from"),
    )
    inbox_language = forms.ChoiceField(label=gettext_lazy("Main language"), choices=list(LANGUAGES.items()))
    phone = forms.CharField(label=gettext_lazy("Phone number"), required=False, max_length=40)
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), help_text=gettext_lazy("Its public holidays are closing days")
    )
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("Where holidays differ: NW or BY in Germany, ZH in Switzerland"),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Empty: the country’s own"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country, part = cleaned.get("country", ""), cleaned.get("subdivision", "").strip().upper()
        if part and not is_known(country, part):
            self.add_error("subdivision", _("We know no part of this country by that code."))
        cleaned["subdivision"] = part
        try:
            cleaned["time_zone"] = known_zone(cleaned.get("time_zone") or COUNTRIES.get(country, "UTC"))
        except forms.ValidationError as fault:
            self.add_error("time_zone", fault)
        return cleaned

    def terms(self, hours: list[tuple[int, time, time]]) -> InboxTerms:
        """What the new inbox needs to know."""
        said = self.cleaned_data
        return InboxTerms(
            name=said["name"],
            address=said["address"],
            language=said["inbox_language"],
            time_zone=said["time_zone"],
            country=said["country"],
            subdivision=said["subdivision"],
            hours=hours,
            phone=said["phone"],
        )


HUES = {
    25: gettext_lazy("Red"), 50: gettext_lazy("Orange"), 95: gettext_lazy("Yellow"), 145: gettext_lazy("Green"),
    185: gettext_lazy("Turquoise"), 255: gettext_lazy("Blue"), 285: gettext_lazy("Violet"),
    320: gettext_lazy("Purple"), 355: gettext_lazy("Pink"),
}  # fmt: skip
"""Hues that are offered, in degrees of OKLCH."""


class LookForm(forms.Form):
    """The colour of an inbox's public pages."""

    hue = forms.TypedChoiceField(
        label=gettext_lazy("Colour of the form and the case page"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("How light and how strong it is stays ours, so that everybody can read it"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(hue), str(name)) for hue, name in HUES.items()]
        other = self.initial.get("hue")
        kept = [(str(other), f"{other}°")] if other is not None and other not in HUES else []
        offer(self, hue=[("", _("Fjord, as on the desk")), *named, *kept])


class WeekForm(forms.Form):
    """The same hours on the chosen days: enough for a first run."""

    days = forms.MultipleChoiceField(label=gettext_lazy("Open on"))
    opens = forms.TimeField(label=gettext_lazy("Opens"), initial="08:00")
    closes = forms.TimeField(label=gettext_lazy("Closes"), initial="16:00")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(str(day), weekday(day)) for day in range(7)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("It closes before it opens."))
        return cleaned

    def hours(self) -> list[tuple[int, time, time]]:
        """(weekday, opens, closes) of each open day."""
        said = self.cleaned_data
        return [(int(day), said["opens"], said["closes"]) for day in said["days"]]


class SetupForm(InboxForm, WeekForm):
    """The first run: who you are, where customers write, when you are there, and the first pledge."""

    your_name = forms.CharField(label=gettext_lazy("Your name"), max_length=200)
    your_email = forms.EmailField(label=gettext_lazy("Your work mail"), help_text=gettext_lazy("You log in with it"))
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("Ten characters or more. A sentence is fine."),
    )
    team = forms.CharField(label=gettext_lazy("Your team’s name"), max_length=120)
    hours_to_answer = forms.IntegerField(
        label=gettext_lazy("A person answers within this many working hours"), min_value=1, max_value=200, initial=4
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, Agent(email=self.data.get("your_email", ""), name=self.data.get("your_name", "")))
        return password


class AgentForm(forms.Form):
    """A colleague."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("Work mail"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the desk"), choices=list(LANGUAGES.items()))
    teams = forms.ModelMultipleChoiceField(label=gettext_lazy("Teams"), queryset=Team.objects.none(), required=False)
    speaks = forms.MultipleChoiceField(
        label=gettext_lazy("Answers in"),
        required=False,
        choices=list(LANGUAGES.items()),
        help_text=gettext_lazy("Their hours count where one of these languages is needed. None chosen: everywhere."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("May log in"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, role_name(role)) for role in Role.values]  # type: ignore[attr-defined]
        teams = self.fields["teams"]
        teams.queryset = Team.objects.order_by("name")  # type: ignore[attr-defined]
        teams.choices = [(team.pk, team.name) for team in teams.queryset]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """The first password, chosen by the one who will use it."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("Ten characters or more. A sentence is fine."),
    )


class TeamForm(forms.Form):
    """A team and who leads it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    lead = forms.ModelChoiceField(
        label=gettext_lazy("Lead"),
        queryset=Agent.objects.none(),
        required=False,
        help_text=gettext_lazy("Answers for every conversation that nobody has taken yet"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead"]
        lead.queryset = Agent.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        lead.choices = [("", _("Nobody yet")), *((agent.pk, agent.name) for agent in lead.queryset)]  # type: ignore[attr-defined]


class ClosingDayForm(forms.Form):
    """A day on which an inbox is closed though its week says open, or the other way round."""

    on = forms.DateField(label=gettext_lazy("Day"))
    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=120)
    is_open = forms.BooleanField(label=gettext_lazy("Open on this day"), required=False)


class AbsenceForm(forms.Form):
    """The first and the last day on which a colleague is away."""

    first = forms.DateField(label=gettext_lazy("First day away"))
    last = forms.DateField(label=gettext_lazy("Last day away"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day is before the first."))
        return cleaned


class PledgeForm(forms.Form):
    """What an inbox pledges in public."""

    hours = forms.DecimalField(
        label=gettext_lazy("A person answers within this many working hours"),
        min_value=0.25,
        max_value=500,
        decimal_places=2,
    )
    work_minutes = forms.IntegerField(
        label=gettext_lazy("An answer takes about this many minutes of work"),
        min_value=1,
        max_value=480,
        help_text=gettext_lazy("With this the desk reckons which time it can promise"),
    )


class MailboxForm(forms.Form):
    """An IMAP account that an inbox is read from."""

    inbox = forms.ModelChoiceField(
        label=gettext_lazy("Inbox"), queryset=Inbox.objects.order_by("name"), empty_label=None
    )
    host = forms.CharField(label=gettext_lazy("Incoming server"), max_length=253, help_text=gettext_lazy("IMAP"))
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label=gettext_lazy("Protected by"))
    user = forms.CharField(label=gettext_lazy("User"), max_length=320)
    password = forms.CharField(label=gettext_lazy("Password"), required=False, strip=False, max_length=1000)
    sealed = forms.CharField(required=False, max_length=4000)
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=255, initial="INBOX")
    all_the_same = forms.BooleanField(required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Fetch mail"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            security=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", _("nothing, on this machine"))],
            inbox=[(box.pk, box.name) for box in Inbox.objects.order_by("name")],
        )

    def sealed_secret(self) -> str:
        """The password that was typed, now or before the form came back, sealed; empty if none was."""
        if self.cleaned_data["password"]:
            return seal(self.cleaned_data["password"])
        kept: str = self.cleaned_data["sealed"]
        try:
            return kept if kept and unseal(kept) else ""
        except CannotUnseal:
            return ""


class BlockForm(forms.Form):
    """An address, or @domain."""

    address = forms.RegexField(
        r"^[^@\s]*@[^@\s]+\.[^@\s]+$",
        label=gettext_lazy("Mail address, or @domain"),
        max_length=320,
        error_messages={"invalid": gettext_lazy("Write a whole address, or a domain with @ before it.")},
    )


class ImportForm(forms.Form):
    """A CSV file of customers."""

    file = forms.FileField(label=gettext_lazy("CSV file"))
