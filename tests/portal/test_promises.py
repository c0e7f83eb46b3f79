"""Promises on the customer's page: what they choose when it is late, and the call they ask for."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from holdord.conversations import case_links
from holdord.conversations.models import Conversation, Message, Participant
from holdord.kernel.moments import Precision
from holdord.people.models import Identity
from holdord.promises import actions
from holdord.promises.actions import Given
from holdord.promises.models import Move, Pool, Promise
from holdord.promises.rules import Choice, Kind, PoolKind, Slot, Source, Terms, Time
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
ALL = [Choice.KEEP, Choice.OTHER_TIME, Choice.MONEY_BACK, Choice.LET_GO]


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Europe/Copenhagen"))


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def today(desk: SmallDesk, clock: MovableClock) -> date:
    return clock.now().astimezone(ZoneInfo("Europe/Copenhagen")).date()


def link(conversation: Conversation) -> str:
    participant = Participant.objects.get(conversation=conversation, is_customer=True)
    return f"/case/{case_links.token_for(participant)}/"


@pytest.fixture
def late(desk: SmallDesk, today: date, clock: MovableClock) -> Move:
    """A parcel promised for tomorrow that comes on Wednesday; the customer was told."""
    pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    days = [today + timedelta(days=day) for day in range(1, 5)]
    actions.set_places(pool, [Slot(at(day, 8), at(day, 16), 5) for day in days], now=clock.now())
    conversation = fresh(desk.writes("Hvornår kommer pakken?").conversation)
    terms = Terms(
        kind=Kind.DELIVERY,
        what="Din pakke kommer",
        due_at=at(days[0], 17),
        precision=Precision.DAY,
        places=((pool.pk, 1),),
    )
    promise = actions.give(conversation, terms, Given(source=Source.FEED), now=clock.now())
    return actions.move(
        promise,
        to=at(days[1], 17),
        reason="Bilen er gået i stykker.",
        by=desk.agent("Jonas"),
        told_by=None,
        now=clock.now(),
    )


def test_a_late_promise_asks_what_suits_them(late: Move) -> None:
    page = Client().get(f"{link(late.promise.conversation)}?lang=en").text
    assert "It is later than we said. What suits you?" in page
    assert "Bilen er gået i stykker." in page
    assert [word in page for word in ("Yes, the new time suits me", "I want my money back", "Take this time")] == [
        True
    ] * 3
    offered = re.findall(r'<option value="(2026-03-\d\d)', page)
    assert offered[:2] == ["2026-03-05", "2026-03-06"]  # the days after the new one


@pytest.mark.parametrize(("choice", "state"), [("keep", "moved"), ("money_back", "released"), ("let_go", "released")])
def test_they_choose_once(late: Move, choice: str, state: str) -> None:
    address = f"{link(late.promise.conversation)}moves/{late.pk}/choice/"
    answer = Client().post(address, {"choice": choice})
    assert answer.status_code == 303
    assert f"done=chose_{choice}" in answer.headers["Location"]
    late.promise.refresh_from_db()
    assert late.promise.state == state
    again = Client().post(address, {"choice": "let_go"})
    assert again.status_code == 409
    assert Promise.objects.filter(kind="refund").count() == (1 if choice == "money_back" else 0)


def test_another_day_is_held_for_them(late: Move, today: date) -> None:
    friday = at(today + timedelta(days=4), 17)
    address = f"{link(late.promise.conversation)}moves/{late.pk}/choice/"
    assert Client().post(address, {"choice": "other_time", "to": friday.isoformat()}).status_code == 303
    late.promise.refresh_from_db()
    assert late.promise.due_at == friday
    assert late.promise.reservations.get().at == friday


@pytest.mark.parametrize(
    "said", [{}, {"choice": "other_time"}, {"choice": "other_time", "to": "soon"}, {"choice": "x"}]
)
def test_what_was_not_offered_is_refused_kindly(late: Move, said: dict[str, str]) -> None:
    answer = Client().post(f"{link(late.promise.conversation)}moves/{late.pk}/choice/?lang=en", said)
    assert answer.status_code == 422
    assert "Choose one of the possibilities that stand here." in answer.text
    assert Move.objects.get(pk=late.pk).chosen == ""


def test_a_time_that_does_not_hold_is_not_given(late: Move, today: date) -> None:
    saturday = at(today + timedelta(days=40), 17)
    answer = Client().post(
        f"{link(late.promise.conversation)}moves/{late.pk}/choice/?lang=en",
        {"choice": "other_time", "to": saturday.isoformat()},
    )
    assert answer.status_code in {303, 409}
    Pool.objects.get(key="parcels").slots.update(places=0)
    Pool.objects.update(supply_version=3)
    friday = at(today + timedelta(days=4), 17)
    other = Move.objects.get(pk=late.pk)
    if not other.chosen:
        answer = Client().post(
            f"{link(late.promise.conversation)}moves/{late.pk}/choice/?lang=en",
            {"choice": "other_time", "to": friday.isoformat()},
        )
        assert answer.status_code == 409
        assert "that time is taken" in answer.text
        assert Promise.objects.get(kind="delivery").due_at == late.new_due_at


def test_nobody_chooses_for_another(late: Move, desk: SmallDesk) -> None:
    other = desk.writes("Hej", by="sofie@post.example")
    answer = Client().post(f"{link(other.conversation)}moves/{late.pk}/choice/", {"choice": "let_go"})
    assert answer.status_code == 404
    late.promise.refresh_from_db()
    assert late.promise.state == "moved"


def test_a_promise_of_a_whole_day_tells_no_time_anywhere(late: Move) -> None:
    page = Client().get(f"{link(late.promise.conversation)}?lang=en").text
    assert "We moved our promise to 4 Mar, and told you." in page
    assert "We had said tomorrow." in page
    assert "17:00" not in page


@pytest.fixture
def calls(today: date, clock: MovableClock) -> Pool:
    pool = actions.add_pool(key="calls", name="Call-backs", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    actions.set_places(pool, [Slot(at(today, hour), at(today, hour + 1), 1) for hour in (13, 14)], now=clock.now())
    return pool


def test_they_choose_when_to_be_called(desk: SmallDesk, calls: Pool, today: date) -> None:
    asked = desk.writes("Ring til mig")
    page = Client().get(f"{link(asked.conversation)}?lang=en").text
    assert "Today, 13–14" in page
    said = {"slot": at(today, 13).isoformat(), "phone": "20 30 40 50"}
    address = f"{link(asked.conversation)}call-back/"
    assert [Client().post(address, said).status_code for _ in range(2)] == [303, 303]
    promise = Promise.objects.get(kind="callback")
    assert (promise.earliest_at, promise.due_at) == (at(today, 13), at(today, 14))
    assert "+45 20 30 40 50" in promise.what
    assert Identity.objects.get(kind="phone").customer == asked.conversation.customer
    page = Client().get(f"{link(asked.conversation)}?lang=da").text
    assert "mellem kl. 13.00 og 14.00" in page
    assert "Vi ringer til dig" in page


def test_they_need_not_be_called_after_all(desk: SmallDesk, calls: Pool, today: date) -> None:
    asked = desk.writes("Ring til mig")
    address, end = f"{link(asked.conversation)}call-back/", f"{link(asked.conversation)}call-back/end/"
    Client().post(address, {"slot": at(today, 13).isoformat(), "phone": "20 30 40 50"})
    assert end in Client().get(f"{link(asked.conversation)}?lang=en").text
    assert [Client().post(end).status_code for _ in range(2)] == [303, 303]
    assert Promise.objects.get(kind="callback").state == "released"
    page = Client().get(f"{link(asked.conversation)}?lang=en&done=no_call").text
    assert "We do not call you." in page
    assert end not in page
    assert "Today, 13–14" in page  # the time is free again, for them too
    assert list(Promise.objects.exclude(kind="callback").values_list("state", flat=True)) == ["open"]


def test_nobody_ends_the_call_of_another(desk: SmallDesk, calls: Pool, today: date) -> None:
    asked, other = desk.writes("Ring til mig"), desk.writes("Hej", by="karla@post.example")
    Client().post(f"{link(asked.conversation)}call-back/", {"slot": at(today, 13).isoformat(), "phone": "20 30 40 50"})
    assert Client().post(f"{link(other.conversation)}call-back/end/").status_code == 303
    assert Client().post("/case/guessed/call-back/end/").status_code == 404
    assert Promise.objects.get(kind="callback").state == "open"


def test_who_calls_back_sees_when_the_time_begins(desk: SmallDesk, calls: Pool, today: date) -> None:
    asked = desk.writes("Ring til mig")
    Client().post(f"{link(asked.conversation)}call-back/", {"slot": at(today, 13).isoformat(), "phone": "20 30 40 50"})
    browser = Client()
    browser.force_login(desk.agent("Jonas"))
    page = browser.get(f"/conversations/{asked.conversation_id}/").text
    shown = re.findall(r"today 13–14|>13–14<", page)
    assert (">13–14<" in shown, "today 13–14" in shown) == (True, True)
    assert "+4520304050<" not in page
    assert ">13–14<" in browser.get("/next/").text


def test_a_slot_another_took_is_said_with_the_page_as_it_stands(desk: SmallDesk, calls: Pool, today: date) -> None:
    said = {"slot": at(today, 13).isoformat(), "phone": "20304050"}
    first, second = desk.writes("Ring"), desk.writes("Ring", by="sofie@post.example")
    Client().post(f"{link(first.conversation)}call-back/", said)
    answer = Client().post(f"{link(second.conversation)}call-back/?lang=en", said)
    german = Client().get(f"{link(second.conversation)}?lang=de").text
    assert "Heute, 14–15 Uhr" in german
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text
    assert "Today, 14–15" in answer.text


NOT_HERE = "We can&#39;t call this number. Write it with its country&#39;s number, for example +45 32 12 34 56."


@pytest.mark.parametrize(
    ("phone", "fault"),
    [
        ("", "Give the number we can call you on."),
        ("ring til mig", "Give the number we can call you on."),
        ("12345678901234567890", NOT_HERE),
    ],
)
def test_a_call_needs_a_number(desk: SmallDesk, calls: Pool, today: date, phone: str, fault: str) -> None:
    asked = desk.writes("Ring")
    slot = at(today, 14).astimezone(UTC).isoformat()
    answer = Client().post(f"{link(asked.conversation)}call-back/?lang=en", {"slot": slot, "phone": phone})
    assert answer.status_code == 422
    field = re.search(r'<input[^>]*name="phone"[^>]*>', answer.text)
    assert field is not None
    assert all(each in field[0] for each in ('aria-invalid="true"', 'aria-describedby="id_phone-error"', " autofocus"))
    assert fault in answer.text.partition('id="id_phone-error"')[2]
    assert f'value="{slot}" required checked' in answer.text
    assert not Promise.objects.filter(kind="callback").exists()


@pytest.mark.parametrize(
    ("country", "language", "typed", "kept"),
    [
        ("DE", "de", "040 1234567", "+49 40 1234567"),
        ("DE", "da", "0151 23456789", "+49 1512 3456789"),
        ("DK", "de", "040 1234567", "+49 40 1234567"),  # none in Denmark: one of where the reader is at home
        ("DK", "de", "20304050", "+45 20 30 40 50"),
    ],
)
def test_a_number_is_read_as_people_write_it(
    desk: SmallDesk, calls: Pool, today: date, country: str, language: str, typed: str, kept: str
) -> None:
    type(desk.inbox).objects.filter(pk=desk.inbox.pk).update(country=country)
    asked = desk.writes("Ring")
    said = {"slot": at(today, 13).isoformat(), "phone": typed}
    done = Client().post(f"{link(asked.conversation)}call-back/?lang={language}", said)
    assert done.status_code == 303
    assert kept in Promise.objects.get(kind="callback").what


def form_with(page: str, **said: str) -> dict[str, str]:
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert offer
    assert key
    return {"text": "Ring til mig", "email": "anna@post.example", "offer": offer[1], "key": key[1], **said}


def test_the_form_offers_a_call_too(desk: SmallDesk, calls: Pool, today: date, clock: MovableClock) -> None:
    client, address = Client(), f"/write/{desk.inbox.slug}/?lang=en"
    page = client.get(address).text
    clock.passes(seconds=10)
    taken = form_with(page, slot=at(today, 13).isoformat(), phone="20304050")
    assert client.post(address, taken).status_code == 303
    assert Promise.objects.get(kind="callback").due_at == at(today, 14)
    page = client.get(address).text
    clock.passes(seconds=10)
    again = client.post(
        address, form_with(page, slot=at(today, 13).isoformat(), phone="20304051", email="b@post.example")
    )
    assert again.status_code == 409
    assert "Somebody was faster" in again.text
    assert "Ring til mig" in again.text
    assert Message.objects.filter(kind="inbound").count() == 1  # nothing half done


@pytest.mark.parametrize("to", ["2020-01-01T12:00:00+00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_odd_times_are_refused_kindly(late: Move, to: str) -> None:
    late.promise.reservations.all().delete()  # nor does a promise that needs no room take just any time
    answer = Client().post(
        f"{link(late.promise.conversation)}moves/{late.pk}/choice/?lang=en", {"choice": "other_time", "to": to}
    )
    assert answer.status_code in {409, 422}
    assert Move.objects.get().chosen == ""


def test_the_same_time_is_no_other_one(late: Move) -> None:
    answer = Client().post(
        f"{link(late.promise.conversation)}moves/{late.pk}/choice/?lang=en",
        {"choice": "other_time", "to": late.new_due_at.isoformat()},
    )
    assert answer.status_code == 422


def test_a_time_before_the_old_one_is_refused_kindly(late: Move) -> None:
    answer = Client().post(
        f"{link(late.promise.conversation)}moves/{late.pk}/choice/?lang=en",
        {"choice": "other_time", "to": late.old_due_at.isoformat()},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("slot", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "2020-01-01T12:00"])
def test_odd_slots_are_refused_kindly(desk: SmallDesk, calls: Pool, slot: str) -> None:
    asked = desk.writes("Ring til mig")
    address = f"{link(fresh(asked.conversation))}call-back/"
    answer = Client().post(f"{address}?lang=en", {"slot": slot, "phone": "20 30 40 50"})
    assert answer.status_code in {409, 422}


def shown(address: str) -> str:
    """The page without what can be chosen."""
    return re.sub(r"<form.*?</form>", "", Client().get(address).text, flags=re.DOTALL)


def test_a_new_time_is_shown_when_its_letter_can_no_longer_be_undone(
    desk: SmallDesk, late: Move, today: date, clock: MovableClock
) -> None:
    promise = Promise.objects.select_related("conversation__inbox").get(pk=late.promise_id)
    jonas, address = desk.agent("Jonas"), link(promise.conversation) + "?lang=en"
    before = shown(address)
    again = actions.move_with_letter(
        promise,
        Time(at(today + timedelta(days=4), 17)),
        reason="Sne.",
        text="Den bliver senere.",
        by=jonas,
        now=clock.now(),
    )
    assert again.told_by is not None
    held = shown(address)
    assert "Friday" not in held
    assert "Sne." not in held
    assert held.count("We moved our promise") == before.count("We moved our promise") == 1
    clock.moves_to(again.told_by.outgoing.not_before)
    left = shown(address)
    assert "Friday" in left
    assert "Sne." in left
    assert left.count("We moved our promise") == 2
