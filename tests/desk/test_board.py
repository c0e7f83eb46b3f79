"""The lead's board: who sees what, why a promise is at risk, and the acts that save it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Message, Outgoing
from holdord.kernel.moments import Precision
from holdord.people.models import Agent, Team
from holdord.promises import actions, jobs
from holdord.promises.actions import Given
from holdord.promises.models import Move, Pool, Promise, Telling, ToTell
from holdord.promises.rules import Choice, Kind, PoolKind, Slot, Source, Terms
from holdord.recovery.models import Recovery
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), COPENHAGEN)


@dataclass
class Led:
    """A desk and the clients of the people who look at its board."""

    desk: SmallDesk
    clock: MovableClock

    def client(self, name: str = "Hanne") -> Client:
        client = Client()
        client.force_login(self.desk.agent(name))
        return client

    def board(self, name: str = "Hanne", query: str = "") -> str:
        return self.client(name).get(f"/board/{query}").text

    def asked(self, by: str = "henrik@post.example", **more: object) -> Conversation:
        return fresh(self.desk.writes("Hvornår kommer boksen?", by=by, **more).conversation)

    def today(self) -> date:
        return self.clock.now().astimezone(COPENHAGEN).date()

    def pool(self, places: dict[int, int], *, kind: PoolKind = PoolKind.FLOW, name: str = "Parcels") -> Pool:
        """Places by days from today."""
        pool = actions.add_pool(key=name.lower(), name=name, kind=kind, serves=Kind.DELIVERY)
        self.set(pool, places)
        return pool

    def set(self, pool: Pool, places: dict[int, int]) -> None:
        days = {self.today() + timedelta(days=ahead): number for ahead, number in places.items()}
        slots = [Slot(moment(day, 8), moment(day, 16), number) for day, number in days.items()]
        actions.set_places(pool, slots, now=self.clock.now())

    def parcel(self, pool: Pool, *, by: str, ahead: int = 1, language: str = "", **given: object) -> Promise:
        conversation = self.asked(by=by)
        if language:
            Conversation.objects.filter(pk=conversation.pk).update(language=language)
        terms = Terms(
            kind=Kind.DELIVERY,
            what="Din pakke kommer",
            due_at=moment(self.today() + timedelta(days=ahead), 17),
            precision=Precision.DAY,
            places=((pool.pk, 1),),
        )
        return actions.give(
            fresh(conversation),
            terms,
            Given(source=Source.AGENT, **given),
            now=self.clock.now(),  # type: ignore[arg-type]
        )


@pytest.fixture
def led(clock: MovableClock) -> Led:
    clock.moves_to("Mon 10:00")
    return Led(small_desk(), clock)


def heading(page: str) -> str:
    found = re.search(r"<h1>([^<]*)</h1>", page)
    assert found
    return found[1]


def reasons(page: str) -> list[str]:
    return re.findall(r"<b>Why:</b> ([^<]*)</p>", page)


def test_a_quiet_day_is_said_as_good_news(led: Led) -> None:
    page = led.board()
    assert heading(page) == "Nothing breaks today"
    assert "Nothing is at risk" in page
    assert "No word was broken." in page
    assert "No promise has missed its time this week." in page


@pytest.mark.parametrize(
    ("language", "one", "three"),
    [
        (
            "en",
            "One promise is at risk. It can still be kept.",
            "Three promises are at risk. All of them can still be kept.",
        ),
        ("da", "Et løfte er i fare. Det kan stadig holdes.", "Tre løfter er i fare. De kan alle stadig holdes."),
        ("nb", "Ett løfte er i fare. Det kan fortsatt holdes.", "Tre løfter er i fare. Alle kan fortsatt holdes."),
        (
            "sv",
            "Ett löfte är i fara. Det kan fortfarande hållas.",
            "Tre löften är i fara. Alla kan fortfarande hållas.",
        ),
        (
            "de",
            "Ein Versprechen ist gefährdet. Es ist noch zu halten.",
            "Drei Versprechen sind gefährdet. Alle sind noch zu halten.",
        ),
    ],
)
def test_the_title_is_the_finding(led: Led, language: str, one: str, three: str) -> None:
    hanne = led.desk.agent("Hanne")
    hanne.language = language
    hanne.save()
    led.asked()
    led.clock.moves_to("Mon 13:45")
    assert heading(led.board()) == one
    led.clock.moves_to("Mon 10:01")
    led.asked(by="a@post.example")
    led.asked(by="b@post.example")
    led.clock.moves_to("Mon 13:50")
    assert heading(led.board()) == three


def test_what_nobody_has_taken_is_given_to_who_has_the_time(led: Led) -> None:
    conversation = led.asked()
    led.clock.moves_to("Mon 13:45")
    page = led.board()
    assert reasons(page) == ["nobody has taken it."]
    assert "Give it to Jonas" in page
    jonas = led.desk.agent("Jonas")
    answer = led.client().post(f"/conversations/{conversation.pk}/owner/", {"to": jonas.pk})
    assert answer.status_code == 302
    assert fresh(conversation).owner == jonas
    assert Promise.objects.get().owner == jonas
    page = led.board()
    assert reasons(page) == ["10 min of work, and 19 min of working time are left."]
    assert "Give it to" not in page


def test_the_colleague_speaks_the_language(led: Led) -> None:
    led.asked()
    Agent.objects.filter(name="Jonas").update(speaks=["de"])
    led.clock.moves_to("Mon 13:45")
    assert "Give it to" not in led.board()
    Agent.objects.filter(name="Jonas").update(speaks=["de", "da"])
    assert "Give it to Jonas" in led.board()


def test_agents_read_it_and_tell_nobody(led: Led) -> None:
    pool = led.pool({0: 5, 1: 5, 2: 5})
    for number in range(5):
        led.parcel(pool, by=f"kunde{number}@post.example")
    led.set(pool, {0: 0, 1: 0})
    jobs.check_pools()
    conversation = Conversation.objects.first()
    assert conversation
    page = led.board("Jonas")
    assert heading(page) == "Five promises are at risk. None of them can hold."
    assert "Tell 5 customers" not in page
    assert "Move and tell" not in page
    for address in (
        f"/board/pools/{pool.pk}/tellings/",
        f"/board/people/{led.desk.agent('Jonas').pk}/work/",
    ):
        assert led.client("Jonas").get(address).status_code == 403
    assert led.client("Jonas").post(f"/conversations/{conversation.pk}/owner/", {"to": 1}).status_code == 403


def test_other_teams_are_not_seen(led: Led) -> None:
    led.asked()
    other = small_desk()
    led.clock.moves_to("Mon 13:45")
    stranger = Led(other, led.clock)
    assert heading(stranger.board()) == "Nothing breaks today"
    assert "Henrik" not in stranger.board(query=f"?team={led.desk.team.pk}")
    conversation = Conversation.objects.get()
    answer = stranger.client().post(f"/conversations/{conversation.pk}/owner/", {"to": other.agent("Jonas").pk})
    assert answer.status_code == 403


def test_an_administrator_chooses_among_teams(led: Led) -> None:
    led.asked()
    other = small_desk()
    led.clock.moves_to("Mon 13:45")
    led.desk.agent("Ada", "administrator", member=False)
    assert heading(led.board("Ada")).startswith("One promise")
    assert heading(led.board("Ada", f"?team={other.team.pk}")) == "Nothing breaks today"
    assert Team.objects.count() == 2


def test_an_override_is_seen_with_its_reason(led: Led) -> None:
    pool = led.pool({0: 0, 3: 1})
    hanne = led.desk.agent("Hanne")
    conversation = led.asked(by="kim@post.example")
    terms = Terms(
        kind=Kind.DELIVERY,
        what="Din pakke kommer",
        due_at=moment(led.today() + timedelta(days=2), 17),
        precision=Precision.DAY,
        places=((pool.pk, 1),),
    )
    given = Given(source=Source.AGENT, by=hanne, override_reason="Jeg kører selv")
    actions.give(conversation, terms, given, now=led.clock.now())
    assert reasons(led.board()) == ["promised without room for it by Hanne: “Jeg kører selv”"]


def test_many_that_no_longer_fit_are_one_card_and_are_told_from_it(led: Led) -> None:
    pool = led.pool({0: 0, 1: 6, 2: 0, 3: 9})
    promises = [
        led.parcel(pool, by=f"kunde{number}@post.example", language="da" if number else "de") for number in range(6)
    ]
    led.set(pool, {1: 1})
    jobs.check_pools()
    led.desk.sends_all()
    page = led.board()
    assert heading(page) == "Five promises are at risk. None of them can hold."
    assert "Parcels: 5 promises no longer fit" in page
    assert reasons(page) == ["more is promised than there is room for. Whoever was promised last gives way."]

    hanne, href = led.client(), f"/board/pools/{pool.pk}/tellings/"
    sheet = hanne.get(f"{href}?reason=Lageret+er+tomt&choices=let_go").text
    assert "Tell 5 customers" in sheet
    assert "Danish, 5 customers" in sheet
    assert "Lageret er tomt" in sheet
    new = led.today() + timedelta(days=3)
    assert f"torsdag den {new.day}." in sheet  # a real new date, in the customer's language
    refused = hanne.post(href, {"reason": " "})
    assert refused.status_code == 422
    assert "Write the reason: the customers read it." in refused.text
    assert not Telling.objects.exists()

    begun = hanne.post(href, {"reason": "Lageret er tomt.", "choices": ["other_time", "let_go"]})
    telling = Telling.objects.get()
    assert begun["Location"] == f"/board/tellings/{telling.pk}/"
    assert telling.choices == ["keep", "other_time", "let_go"]
    assert "told 0 of 5" in led.board()
    assert "Tell 5 customers" not in led.board()
    while jobs.tell_late():
        pass
    assert "told 5 of 5" in hanne.get(begun["Location"]).text
    assert {Promise.objects.get(pk=promise.pk).state for promise in promises[1:]} == {"moved"}
    assert Message.objects.filter(text__contains="Lageret er tomt.").count() == 5
    assert heading(led.board()) == "Nothing breaks today"


def test_who_could_not_be_told_is_listed_with_why(led: Led) -> None:
    pool = led.pool({0: 0, 1: 4})
    for number in range(4):
        led.parcel(pool, by=f"kunde{number}@post.example")
    led.set(pool, {1: 0})
    jobs.check_pools()
    hanne = led.client()
    begun = hanne.post(f"/board/pools/{pool.pk}/tellings/", {"reason": "Lageret er tomt."})
    while jobs.tell_late():
        pass
    assert set(ToTell.objects.values_list("outcome", flat=True)) == {"no_date"}
    page = hanne.get(begun["Location"]).text
    assert page.count("no date is known that holds") == 4
    assert f'href="/conversations/{Conversation.objects.order_by("pk")[0].pk}/"' in page
    assert "4 could not be told" in led.board()


def test_moving_tells_in_the_customers_language_with_a_letter_that_fits_the_time(led: Led) -> None:
    pool = led.pool({0: 0, 1: 1, 2: 0, 3: 9})
    promise = led.parcel(pool, by="kim@post.example")
    led.set(pool, {1: 0})
    jobs.check_pools()
    led.desk.sends_all()
    page = led.board()
    assert reasons(page) == ["Parcels no longer has room for it."]
    href = f"/conversations/{promise.conversation_id}/promises/{promise.pk}/move/"
    assert href in page
    hanne = led.client()
    sheet = hanne.get(href).text
    chosen = re.search(r'name="when" value="([^"]+)" checked', sheet)
    drafted = re.search(r'name="drafted" value="([^"]*)"', sheet)
    assert chosen
    assert drafted
    assert f'hx-get="{href}"' in hanne.get(f"/conversations/{promise.conversation_id}/").text
    answer = hanne.post(
        href, {"when": chosen[1], "reason": "Lageret er tomt.", "text": drafted[1], "drafted": drafted[1]}
    )
    assert answer["Location"] == f"/conversations/{promise.conversation_id}/"
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("moved", moment(led.today() + timedelta(days=3), 17))
    letter = Message.objects.get(author=led.desk.agent("Hanne"))
    assert "Lageret er tomt." in letter.text
    assert "torsdag den" in letter.text
    assert not letter.is_answer
    assert Move.objects.get().told_by == letter
    # It can be undone until it leaves, and then the old time counts again
    hanne.post(f"/conversations/{promise.conversation_id}/messages/{letter.pk}/undo/")
    promise.refresh_from_db()
    assert promise.state == "open"


def test_a_letter_without_the_new_time_comes_back(led: Led) -> None:
    pool = led.pool({0: 0, 1: 1, 2: 0, 3: 9})
    promise = led.parcel(pool, by="kim@post.example")
    href = f"/conversations/{promise.conversation_id}/promises/{promise.pk}/move/"
    chosen = re.search(r'name="when" value="([^"]+)" checked', led.client().get(href).text)
    assert chosen
    said = {"when": chosen[1], "reason": "Fejl", "text": "Den kommer senere.", "drafted": "noget andet"}
    answer = led.client().post(href, said)
    assert answer.status_code == 422
    assert "The letter must say the new time: “torsdag den" in answer.text
    assert "Den kommer senere." in answer.text
    assert not Move.objects.exists()


def test_a_time_without_room_comes_back_with_the_earliest_and_a_lead_may_override(led: Led) -> None:
    pool = led.pool({0: 0, 1: 1, 2: 0, 3: 0, 4: 9})
    promise = led.parcel(pool, by="kim@post.example")
    led.set(pool, {1: 0})
    jobs.check_pools()
    href = f"/conversations/{promise.conversation_id}/promises/{promise.pk}/move/"
    day = led.today() + timedelta(days=2)
    said = {"when": "other", "other": f"{day.isoformat()}T12:00", "reason": "Fejl", "text": "x", "drafted": "x"}
    answer = led.client().post(href, said)
    assert answer.status_code == 422
    assert "That time does not hold. The earliest that does: on Friday 6 March." in answer.text
    assert not Move.objects.exists()
    assert not Outgoing.objects.filter(message__author__isnull=False).exists()
    assert led.client("Jonas").post(href, {**said, "override_reason": "Jeg vil"}).status_code == 409
    assert (
        led.client().post(href, {**said, "override_reason": "Jeg kører selv", "back": "board"})["Location"] == "/board/"
    )
    promise.refresh_from_db()
    assert (promise.state, promise.override_reason) == ("moved", "Jeg kører selv")
    assert promise.due_at == moment(day, 17)
    assert reasons(led.board()) == ["promised without room for it by Hanne: “Jeg kører selv”"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"reason": ""}, "Write the reason: the customer reads it."),
        ({"when": "", "other": ""}, "Say by when."),
        ({"when": "soon"}, "This is not a time."),
        ({"when": "other", "other": "2020-01-01T10:00"}, "Choose a time after the one that was promised."),
    ],
)
def test_what_is_missing_in_a_move_is_said(led: Led, said: dict[str, str], fault: str) -> None:
    pool = led.pool({0: 0, 1: 1, 3: 9})
    promise = led.parcel(pool, by="kim@post.example")
    href = f"/conversations/{promise.conversation_id}/promises/{promise.pk}/move/"
    whole = {"when": "other", "other": "2026-03-09T12:00", "reason": "Fejl", "text": "x", "drafted": "x"}
    answer = led.client().post(href, {**whole, **said})
    assert answer.status_code == 422
    assert fault in answer.text


def test_work_that_is_too_much_is_shared_out(led: Led) -> None:
    jonas, maja = led.desk.agent("Jonas"), led.desk.agent("Maja")
    conversations = [led.asked(by=f"kunde{number}@post.example") for number in range(3)]
    for conversation in conversations:
        Conversation.objects.filter(pk=conversation.pk).update(owner=jonas, owned_since=led.clock.now())
    Promise.objects.update(owner=jonas, work_minutes=200)
    page = led.board()
    assert "600 of 420 min" in page
    assert "0 of 420 min" in page
    href = f"/board/people/{jonas.pk}/work/"
    assert href in page
    sheet = led.client().get(href).text
    assert "Jonas owes 600 minutes and has 420." in sheet
    assert sheet.count(f'<option value="{maja.pk}" selected>') == 1
    assert led.client().post(href, {"why": " "}).status_code == 422
    given = conversations[0]
    answer = led.client().post(href, {f"to-{given.pk}": maja.pk, "why": "Du kender kunden."})
    assert answer.status_code == 302
    assert fresh(given).owner == maja
    assert Message.objects.get(kind="note").text == "Du kender kunden."
    assert set(Promise.objects.filter(owner=jonas).values_list("conversation", flat=True)) == {
        each.pk for each in conversations[1:]
    }


def test_a_broken_promise_has_its_recovery_until_a_person_apologised(led: Led) -> None:
    led.asked()
    promise = Promise.objects.get()
    led.clock.moves_to(promise.due_at + timedelta(minutes=1))
    now = led.clock.now()
    actions.break_promise(promise, now=now)
    recovery = Recovery.objects.get()
    assert recovery.contacts == 1
    assert recovery.apology_due_at == now + timedelta(hours=24)  # eight working hours are a day
    led.clock.passes(minutes=11)
    page = led.board()
    assert "12 min so far" in page
    assert "not told" in page
    assert "Hanne apologises by tomorrow 14:06" in page
    assert "wrote once" in page
    assert "Kept, last seven days: 0 %; at the time first given: 0 %." in page
    assert "One was late this week. Nobody heard it from us first." in page
    led.desk.sends_all()  # the letter that goes by itself is no apology
    recovery.refresh_from_db()
    assert recovery.apologised_at is None
    led.clock.moves_to("Tue 15:00")
    assert "the apology of Hanne was due today 14:06" in led.board()
    answered = Message.objects.get(kind="inbound")
    conversations.reply(
        fresh(answered.conversation), by=led.desk.agent("Jonas"), text="Undskyld.", seen=answered,
        not_before=led.clock.now(), now=led.clock.now(),
    )  # fmt: skip
    led.desk.sends_all()
    recovery.refresh_from_db()
    assert recovery.apologised_at is not None
    assert "apology sent today 15:00" in led.board()


def test_the_chart_says_what_is_over_and_has_a_table(led: Led) -> None:
    led.asked()
    Promise.objects.update(work_minutes=10)
    pool = led.pool({0: 0, 1: 2}, name="Visits")
    led.parcel(pool, by="a@post.example")
    led.parcel(pool, by="b@post.example")
    led.set(pool, {1: 1})
    page = led.board()
    assert 'aria-label="Everything that is promised fits."' in page
    assert 'aria-label="Visits: 1 over."' in page
    assert "2 of 1, 1 over" in page
    assert re.search(r'<th scope="row">14</th><td class="r">30 of 60</td>', page)  # three answers, one agent
    assert "30 min owed, until today 17:00" in page  # by the team: nobody has taken one of them yet


def test_one_card_and_three_cards_ask_the_database_as_often(led: Led) -> None:
    led.asked()
    led.clock.moves_to("Mon 13:45")
    hanne = led.client()
    hanne.get("/board/")
    with CaptureQueriesContext(connection) as one:
        hanne.get("/board/")
    led.clock.moves_to("Mon 10:01")
    for number in range(2):
        led.asked(by=f"kunde{number}@post.example")
    led.clock.moves_to("Mon 13:46")
    hanne.get("/board/")
    with CaptureQueriesContext(connection) as several:
        page = hanne.get("/board/").text
    assert len(reasons(page)) == 3
    assert len(several) == len(one)


def test_the_navigation_counts_what_is_at_risk(led: Led) -> None:
    led.asked()
    led.clock.moves_to("Mon 13:45")
    page = led.client("Jonas").get("/next/").text
    assert re.search(r'id="count-board" data-state="risk">1 at risk<', page)


def test_choices_follow_the_kind(led: Led) -> None:
    pool = led.pool({0: 0, 1: 4})
    for number in range(4):
        led.parcel(pool, by=f"kunde{number}@post.example")
    led.set(pool, {1: 0, 3: 9})
    jobs.check_pools()
    sheet = led.client().get(f"/board/pools/{pool.pk}/tellings/").text
    offered = re.findall(r'name="choices" value="(\w+)" checked', sheet)
    assert offered == [Choice.OTHER_TIME, Choice.MONEY_BACK, Choice.LET_GO]
