"""By when: due times in five languages, the traps, and what holds for any text."""

import time as clock
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdord.kernel.public_holidays import public_holidays
from holdord.kernel.working_time import Calendar, week_of
from holdord.listening.due import Due, find_due, times_in
from holdord.listening.text import Sentence, sentences
from holdord.listening.times import LANGUAGES

_HOME = {
    "da": ("Europe/Copenhagen", "DK", ""),
    "nb": ("Europe/Oslo", "NO", ""),
    "nn": ("Europe/Oslo", "NO", ""),
    "sv": ("Europe/Stockholm", "SE", ""),
    "de": ("Europe/Berlin", "DE", ""),
    "en": ("Europe/London", "GB", "ENG"),
}


def calendar(language: str) -> Calendar:
    zone, country, part = _HOME[language]
    week = week_of({day: [(time(8), time(17))] for day in range(5)})
    return Calendar(zone, week, lambda day: day in public_holidays(country, part, day.year))


def only(text: str) -> Sentence:
    (sentence,) = sentences(text)
    return sentence


def due_in(language: str, text: str, at: str = "2026-03-04T10:00", near: str = "") -> Due | None:
    desk = calendar(language)
    written_at = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(desk.zone)).astimezone(UTC)
    span = (text.index(near), text.index(near) + len(near)) if near else None
    return find_due(only(text), language=language, written_at=written_at, calendar=desk, near=span)


def told(due: Due | None) -> str:
    if due is None:
        return "none"
    return due.at.strftime("%Y-%m-%dT%H:%M") if due.at else due.on.isoformat()


# Written on Wednesday, 4 March 2026, at ten o'clock.
_SAID = """
da | Vi leverer tirsdag kl 14 | 2026-03-10T14:00
da | Vi leverer paa trisdag kl. 14.30 | 2026-03-10T14:30
da | Du får den loerdag | 2026-03-07
da | Vi ringer i dag fem i halv tre | 2026-03-04T14:25
da | Jeg ringer halvtre | 2026-03-04T14:30
da | Kl. ca. 19 ringer jeg til dig i aften | 2026-03-04T19:00
da | Montøren kommer i overmorgen mellem kl. 8 og 12 | 2026-03-06T12:00
da | Vi kommer fredag kl. 8–12. | 2026-03-06T12:00
da | Jeg svarer i dag, senest kl. 15 | 2026-03-04T15:00
da | Du får svar inden lukketid | 2026-03-04
da | Du har den inden fyraften på fredag | 2026-03-06
da | Vi sender den ultimo marts | 2026-03-31
da | Du får svar inden for to til tre arbejdsdage | 2026-03-09
da | Du får en ny om 1½ time | 2026-03-04T11:30
da | Om tre kvarter ringer vi | 2026-03-04T10:45
da | Vi kommer i næste uge på torsdag | 2026-03-12
da | Vi leverer mandag om en uge | 2026-03-16
da | Vi leverer i uge 12 eller 13 | 2026-03-27
da | Vi leverer den 9.-12. marts | 2026-03-12
da | Vi kommer d. 12/3-26 | 2026-03-12
da | Vi ringer mandag aften kl. 8 | 2026-03-09T20:00
da | Den er klar før jul | 2026-12-23
da | Du får svar inden nytår | 2026-12-31
da | Det er klart i morgen efter kl. 12 | 2026-03-05
nb | Vi kommer i helga | 2026-03-08
nb | Tilbudet har du før helga | 2026-03-06
nb | Vi svarer til uka | 2026-03-13
nb | Du får svar i løpet av to til tre virkedager | 2026-03-09
nb | Vi ringer deg i ettermiddag mellom to og fire | 2026-03-04T16:00
nb | Pengene kommer ved månedsskiftet | 2026-03-31
nb | I dag om ei uke har du svar | 2026-03-11
nn | Vi ringjer deg om ein halv time | 2026-03-04T10:30
nn | Eg ringjer kvart på fire i ettermiddag | 2026-03-04T15:45
nn | Du får det innan utgangen av neste veke | 2026-03-13
nn | Du får det seinast fredag klokka tolv | 2026-03-06T12:00
sv | Jag ringer tio i fyra idag | 2026-03-04T15:50
sv | Vi ringer halvåtta i kväll | 2026-03-04T19:30
sv | Vi ringer vid 14-tiden på fredag | 2026-03-06T14:00
sv | Ni får pengarna den 25:e | 2026-03-25
sv | Vi kommer 2026-03-12 kl 08.00 | 2026-03-12T08:00
sv | Er besiktning gör vi 26-03-20 | 2026-03-20
sv | Vi kommer på måndag nästa vecka | 2026-03-09
sv | Före tolv har du avtalet | 2026-03-04T12:00
sv | Vi svarar före fredag | 2026-03-05
sv | Teknikern är hos dig vid 13-tiden i dag, senast kl. 13.30 | 2026-03-04T13:30
de | Wir rufen Sie morgen um halb drei an | 2026-03-05T14:30
de | Drei viertel vier ruf i heut bei Eana an | 2026-03-04T15:45
de | Wir liefern Montag früh | 2026-03-09
de | Der Techniker kommt am Freitag von 8 bis 12 Uhr | 2026-03-06T12:00
de | Wir liefern am Freitag, den 6. März, um 14 Uhr 30 | 2026-03-06T14:30
de | Das Geld ist spätestens Ende der Woche da | 2026-03-06
de | Wir melden uns bis zum 15. April bei Ihnen | 2026-04-15
de | Zum 1. des nächsten Monats stellen wir um | 2026-04-01
de | Noch vor Feierabend melde ich mich | 2026-03-04
de | In anderthalb Stunden ist es fertig | 2026-03-04T11:30
de | Wir kommen Mittwoch in 14 Tagen | 2026-03-25
de | Vor Weihnachten ist es bei Ihnen | 2026-12-23
de | Wir liefern uebermorgen | 2026-03-06
en | I'll ring you at half four this afternoon | 2026-03-04T16:30
en | We'll call you at twenty past four today | 2026-03-04T16:20
en | We'll be with you at ten to four on Tuesday | 2026-03-10T15:50
en | It'll be there by noon on Friday | 2026-03-06T12:00
en | Before twelve tomorrow it will be unlocked | 2026-03-05T12:00
en | I'll call you tomorrow 2-4pm | 2026-03-05T16:00
en | The engineer will be there Thursday, 5 March, 8am-12pm | 2026-03-05T12:00
en | Delivery Friday, 9am to 5pm | 2026-03-06T17:00
en | You'll have it by close of play | 2026-03-04
en | You'll have it by end of day tomorrow | 2026-03-05
en | It arrives on May 3rd | 2026-05-03
en | We deliver on 3/5 | 2026-05-03
en | We deliver on 03.05.26 | 2026-05-03
en | It's due on the 1st of next month | 2026-04-01
en | I'll pop round on Tuesday week | 2026-03-17
en | I'll have it done a week on Monday | 2026-03-16
en | By midnight tonight it will be live | 2026-03-04
en | It'll be ready by the weekend | 2026-03-06
en | The hamper will be there before Christmas | 2026-12-24
en | It'll be sorted by Wendesday | 2026-03-11
en | In a few days, no later than Monday, you'll know | 2026-03-09
en | You'll have it soon, Friday at the latest | 2026-03-06
en | In a few days, on Friday at the latest, you'll know | 2026-03-06
"""

_UNCLEAR = """
da | Svaret kommer snart
da | Du får svar om et par dage
da | Vi ringer efter påske
da | Du får det inden påske
da | Du har den næste fredag
da | Vi kommer først på ugen
da | Vi kommer fredag d. 12. marts
da | Vi sender den 24 timer før afgang
da | Du får svar inden for 5 dage efter modtagelsen
da | Så snart du har sendt det, svarer vi inden for fem dage
da | Vi ringer i tirsdags kl. 7
da | Du får 3/5 af beløbet
da | Det koster 12.50 kr
da | Plads til fem
nb | Vi ringer deg på mandager
nb | Vi kommer tidligst fredag
nb | Vi var hos deg mandag klokka 10
sv | När returen har kommit in betalar vi inom tio dagar
sv | Ni får den i början av nästa vecka
sv | Det går före midsommar
sv | I mars köpte vi den
de | Guten Morgen
de | Sie bekommen es bald
de | Sie haben es bis Mitte März
de | Hausnummer 17a, nicht 17
de | Wir haben das Paket am 2. März verschickt
de | In acht Tagen
en | As soon as we can
en | We may call you
en | We will march on
en | We ship every Monday
en | It'll be ready at 7
en | We'll be with you tomorrow at 10 to 11
en | You'll hear within two business days of receipt
en | It'll be ready for your wedding on Saturday
en | A table for four
en | Your 2nd parcel
en | We'll ship 12 items to 5 people
"""


def table(lines: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("language", "text", "expected"), table(_SAID))
def test_what_is_said_clearly_is_due_then(language: str, text: str, expected: str) -> None:
    assert told(due_in(language, text)) == expected


@pytest.mark.parametrize(("language", "text"), table(_UNCLEAR))
def test_what_is_unclear_or_past_or_no_time_is_never_due(language: str, text: str) -> None:
    assert told(due_in(language, text)) == "none"


@pytest.mark.parametrize(
    ("language", "text", "at", "expected"),
    [
        ("de", "Innerhalb von 24 Stunden", "2027-10-30T15:20", "2027-10-31T14:20"),  # the night is an hour longer
        ("nb", "Innen 24 timer", "2027-03-27T18:30", "2027-03-28T19:30"),  # and an hour shorter
        ("da", "Vi ringer søndag kl. 2.30 om morgenen", "2026-03-27T12:00", "2026-03-29T03:30"),  # a gap
        ("da", "Om en halv time", "2025-12-31T23:45", "2026-01-01T00:15"),
        ("da", "Du får det den 15.", "2026-12-18T09:15", "2027-01-15"),
        ("nb", "Vi kommer 5.1. kl. 9", "2025-12-22T13:13", "2026-01-05T09:00"),
        ("en", "On the 1st of next month", "2026-12-20T10:15", "2027-01-01"),
        ("en", "We'll know by New Year", "2026-12-31T10:00", "2026-12-31"),
        ("da", "Du har den i uge 1", "2026-12-18T09:15", "2027-01-08"),
        ("en", "The day after tomorrow", "2028-02-28T10:00", "2028-03-01"),
        ("sv", "Om en månad", "2026-01-31T10:00", "2026-02-28"),
    ],
)
def test_clocks_that_change_and_years_that_end(language: str, text: str, at: str, expected: str) -> None:
    assert told(due_in(language, text, at)) == expected


@pytest.mark.parametrize(
    ("language", "text", "at", "expected"),
    [
        ("da", "Inden 3 hverdage", "2026-04-01T10:00", "2026-04-09"),  # Maundy Thursday to Easter Monday
        ("nb", "Innen 5 virkedager", "2026-04-30T13:00", "2026-05-08"),  # 1 May
        ("de", "In zwei Werktagen", "2025-10-01T10:00", "2025-10-06"),  # 3 October
        ("en", "Within three working days", "2025-12-23T13:00", "2025-12-30"),
    ],
)
def test_working_days_follow_the_calendar_and_its_holidays(language: str, text: str, at: str, expected: str) -> None:
    assert told(due_in(language, text, at)) == expected


def test_working_days_are_the_days_the_desk_has_hours() -> None:
    shop = Calendar("Europe/Copenhagen", week_of({day: [(time(9), time(17))] for day in (4, 5, 6)}))
    friday = datetime(2026, 3, 6, 10, tzinfo=UTC)
    due = find_due(only("Inden for tre arbejdsdage"), language="da", written_at=friday, calendar=shop)
    assert due is not None
    assert due.on == date(2026, 3, 13)


def test_a_desk_that_never_opens_has_no_working_day() -> None:
    closed = Calendar("Europe/Copenhagen", (), lambda _: True)
    now = datetime(2026, 3, 6, 10, tzinfo=UTC)
    assert find_due(only("Inden for tre arbejdsdage"), language="da", written_at=now, calendar=closed) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-03-06T10:00", "2026-03-13"), ("2026-03-05T10:00", "2026-03-06"), ("2026-03-07T10:00", "2026-03-13")],
)
def test_on_friday_is_the_next_friday_and_never_today(at: str, expected: str) -> None:
    assert told(due_in("en", "We'll be there on Friday", at)) == expected


def test_next_friday_is_clear_only_where_both_readings_are_the_same_day() -> None:
    assert told(due_in("en", "We'll be there next Friday", "2026-03-04T10:00")) == "none"
    assert told(due_in("en", "We'll be there next Friday", "2026-03-06T10:00")) == "2026-03-13"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "Pakken fra den 3. marts når frem på fredag", "2026-03-06"),
        ("da", "Bogen til din eksamen den 20. juni sender vi i morgen", "2026-03-05"),
        ("sv", "Tårtan till dopet den 6 september hämtar du hos oss, jag har den klar på fredag", "2026-03-06"),
        ("de", "Die Torte für Ihre Hochzeit am 20. September bekommen Sie schon morgen", "2026-03-05"),
        ("en", "Your appointment on Friday is moved to Monday", "2026-03-09"),
        ("en", "You wrote on 2 March; my reply goes out on Tuesday", "2026-03-10"),
        ("en", "We'll put it up on Friday and take it down on Sunday", "2026-03-06"),
        ("en", "We'll send your order on Friday", "2026-03-06"),
    ],
)
def test_the_date_of_something_else_is_not_the_promises(language: str, text: str, expected: str) -> None:
    assert told(due_in(language, text)) == expected


def test_of_two_promises_each_has_the_time_of_its_clause() -> None:
    text = "Teltet er rejst lørdag kl. 8, og bordene følger kl. 12"
    assert told(due_in("da", text, near="Teltet er rejst")) == "2026-03-07T08:00"
    assert told(due_in("da", text, near="bordene følger")) == "2026-03-07T12:00"
    text = "I'll ring on Friday, and the money is yours in two weeks"
    assert told(due_in("en", text, near="the money is yours")) == "2026-03-18"


def test_a_time_in_another_clause_that_says_something_itself_is_not_taken() -> None:
    text = "I'll send it soon, because the party of my boss is on Friday"
    assert told(due_in("en", text, near="I'll send it")) == "none"
    assert told(due_in("en", "On Friday, between 8 and 12, our man will come", near="our man")) == "2026-03-06T12:00"


def test_a_date_that_stands_between_commas_is_taken() -> None:
    text = "Ihre Anzahlung ist am Montag, 9. März, auf Ihrem Konto"
    assert told(due_in("de", text, near="auf Ihrem Konto")) == "2026-03-09"


def test_facts_have_every_time_and_whether_it_is_past() -> None:
    desk = calendar("en")
    text = "You wrote on 2 March and the wedding is on Saturday"
    now = datetime(2026, 3, 4, 10, tzinfo=UTC)
    found = times_in(only(text), language="en", written_at=now, calendar=desk)
    assert [(told(due), due.is_past) for due in found] == [("2026-03-02", True), ("2026-03-07", False)]


def test_a_due_time_says_where_it_stands_and_is_aware() -> None:
    text = "Hej, du får den på lørdag kl. 12 af Bo"
    due = due_in("da", text)
    assert due is not None
    assert text[due.start : due.end] == "på lørdag kl. 12"
    assert due.at == datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert due.on == date(2026, 3, 7)


def test_a_language_nobody_taught_it_has_no_times() -> None:
    now = datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert find_due(only("demain à 14h"), language="fr", written_at=now, calendar=calendar("en")) is None


_WORDS = (
    "kl klokken um at half halv halb 8 12 14.30 8-12 12/3 2-3 3. 31 99999 15:e den the am i om in inden for innen bis før"
    " vor before mandag fredag Friday Montag uge KW week næste next nächste Ende slutningen af of marts March jul Christmas"
    " påske en et to tre ein two timer hours Tage dage weekend, . – - : og and und eller or til to bis i dag morgen tomorrow"
    " ² ٣ heute aften evening senest latest fra from von ½ nogle few every første 29. februar 30. 2028 day after einer"
)
_moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
_texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS.split(" ")), max_size=25).map(" ".join))
_DESKS = {language: calendar(language) for language in LANGUAGES}


@settings(max_examples=300, deadline=None)
@given(text=_texts, language=st.sampled_from(LANGUAGES), written_at=_moments)
def test_any_text_gives_times_inside_it_and_none_that_is_past_is_due(
    text: str, language: str, written_at: datetime
) -> None:
    desk = _DESKS[language]
    for sentence in sentences(text):
        for due in times_in(sentence, language=language, written_at=written_at, calendar=desk):
            assert sentence.start <= due.start < due.end <= sentence.end
        found = find_due(sentence, language=language, written_at=written_at, calendar=desk)
        if found is not None:
            assert not found.is_past
            assert found.on >= desk.local(written_at).date()
            assert found.at is None or (found.at > written_at and found.at.date() == found.on)


@pytest.mark.parametrize(
    "piece",
    [
        "kl. ",
        "1 ",
        "8-12 ",
        "om en ",
        "i dag ",
        "fredag, ",
        "på den ",
        "fra ",
        "inden for de næste ",
        "a",
        "2 eller ",
        "1.",
        "mandag ",
    ],
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_hostile_text_takes_time_linear_in_its_length(piece: str, language: str) -> None:
    now, desk = datetime(2026, 3, 4, 10, tzinfo=UTC), calendar(language)

    def seconds(length: int) -> float:
        whole = sentences(piece * (length // len(piece)))
        before = clock.process_time()
        for sentence in whole:
            find_due(sentence, language=language, written_at=now, calendar=desk)
        return clock.process_time() - before

    seconds(1_000)
    assert seconds(100_000) < max(40 * seconds(10_000), 3)
