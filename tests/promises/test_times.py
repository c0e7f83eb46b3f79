"""Promises hold their time over changing clocks, holidays, year ends, other zones, and a clock that jumps back."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Message, Outgoing
from holdord.kernel.moments import Precision
from holdord.people.administration import set_hours
from holdord.people.models import AgentHours
from holdord.portal.offers import offer_for, offered
from holdord.promises import actions, jobs
from holdord.promises.actions import Given
from holdord.promises.models import Move, Pool, Promise, RiskWarning
from holdord.promises.queries import running_answer
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def local(text: str, zone: str = "Europe/Copenhagen") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def answer_due(desk: SmallDesk, *, by: str = "henrik@post.example") -> datetime:
    promise = running_answer(desk.writes("Hvornår kommer boksen?", by=by).conversation)
    assert promise is not None
    return promise.due_at


def given(conversation: Conversation, **terms: object) -> Promise:
    """Something else than an answer, by the first time that holds."""
    wanted = Terms(**{"kind": Kind.FIX, "what": "Den virker igen", **terms})  # type: ignore[arg-type]
    return actions.give(conversation, wanted, Given(source=Source.AGENT, awaits_people=False), now=MovableClock.now())


def conversation_of(desk: SmallDesk) -> Conversation:
    return fresh(desk.writes("Hej").conversation)


def tick(clock: MovableClock) -> None:
    while jobs.tick(now=clock.now()):
        pass


def letters_of(conversation: Conversation) -> list[Message]:
    return [row.message for row in Outgoing.objects.filter(message__conversation=conversation).order_by("pk")]


# The clocks change.


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-27 15:58", "2026-03-30 12:00"),
        ("2026-10-23 15:58", "2026-10-26 12:00"),
    ],
)
def test_over_a_weekend_in_which_the_clocks_change_the_wall_clock_counts(
    clock: MovableClock, asked: str, due: str
) -> None:
    clock.moves_to(local(asked))
    assert answer_due(small_desk()) == local(due)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-28 23:58", "2026-03-29 03:00+00:00"),  # from two it is three: four hours end at five
        ("2026-10-24 23:58", "2026-10-25 02:00+00:00"),  # three o'clock comes twice: they end at three
    ],
)
def test_a_desk_at_work_in_that_night_counts_the_hours_it_really_has(clock: MovableClock, asked: str, due: str) -> None:
    clock.moves_to(local(asked))
    desk = small_desk()
    set_hours(desk.inbox, [(6, time(0), time(8))])
    assert answer_due(desk) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "breaks_at"),
    [
        (date(2026, 3, 29), "2026-03-29 22:00+00:00"),  # 23 hours
        (date(2026, 10, 25), "2026-10-25 23:00+00:00"),  # 25 hours
    ],
)
def test_a_promise_for_the_day_the_clocks_change_breaks_at_local_midnight(
    clock: MovableClock, day: date, breaks_at: str
) -> None:
    clock.moves_to(datetime.combine(day - timedelta(days=3), time(10), COPENHAGEN))
    desk = small_desk()
    due = datetime.combine(day, time(12), COPENHAGEN)
    late, later = (
        given(conversation_of(desk), kind=Kind.UPDATE, due_at=due, precision=Precision.DAY) for _ in range(2)
    )
    # The clock looks at one just before midnight, at the other just after it.
    clock.moves_to(datetime.fromisoformat(breaks_at) - timedelta(seconds=30))
    actions.look(late, now=clock.now())
    clock.moves_to(datetime.fromisoformat(breaks_at) + timedelta(seconds=1))
    actions.look(later, now=clock.now())
    for promise in (late, later):
        promise.refresh_from_db()
    assert late.state != "broken"
    assert later.state == "broken"


# Public holidays, and the end of the year.


@pytest.mark.parametrize(
    ("country", "part", "zone", "asked", "due"),
    [
        ("DK", "", "Europe/Copenhagen", "2026-04-01 15:58", "2026-04-07 12:00"),  # Maundy Thursday to Easter Monday
        ("DK", "", "Europe/Copenhagen", "2026-04-30 15:58", "2026-05-01 12:00"),  # the first of May is a working day
        ("NO", "", "Europe/Oslo", "2026-04-30 15:58", "2026-05-04 12:00"),  # here it is none
        ("NO", "", "Europe/Oslo", "2027-05-14 15:58", "2027-05-18 12:00"),  # 17 May, and Whit Monday with it
        ("SE", "", "Europe/Stockholm", "2026-06-18 15:58", "2026-06-22 12:00"),  # Midsummer Eve
        ("SE", "", "Europe/Stockholm", "2026-06-05 15:58", "2026-06-08 12:00"),  # the national day is a Saturday
        ("DE", "BY", "Europe/Berlin", "2026-01-05 15:58", "2026-01-07 12:00"),  # Epiphany in Bavaria
        ("DE", "NI", "Europe/Berlin", "2026-01-05 15:58", "2026-01-06 12:00"),  # and not in Lower Saxony
        ("DE", "NI", "Europe/Berlin", "2025-10-30 15:58", "2025-11-03 12:00"),  # Reformation Day
        ("DE", "BY", "Europe/Berlin", "2025-10-30 15:58", "2025-10-31 12:00"),  # and not in Bavaria
        ("GB", "ENG", "Europe/London", "2026-04-02 15:58", "2026-04-07 12:00"),  # Easter Monday in England
        ("GB", "SCT", "Europe/London", "2026-04-02 15:58", "2026-04-06 12:00"),  # and not in Scotland
    ],
)
def test_an_answer_is_never_due_on_a_public_holiday_of_the_inbox(
    clock: MovableClock, country: str, part: str, zone: str, asked: str, due: str
) -> None:
    clock.moves_to(local(asked, zone))
    desk = small_desk(country=country, zone=zone)
    desk.inbox.subdivision = part
    desk.inbox.save()
    assert answer_due(desk) == local(due, zone)
    # And what draws on people's minutes alone finds none on the holiday.
    clock.moves_to(local(asked, zone) + timedelta(hours=2))
    promise = given(fresh(running(desk).conversation), work=timedelta(minutes=10))
    assert promise.due_at.astimezone(ZoneInfo(zone)).date() == local(due, zone).date()


def running(desk: SmallDesk) -> Promise:
    return Promise.objects.get(conversation__inbox=desk.inbox, kind="answer")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-12-23 15:58", "2026-12-28 12:00"),  # Christmas Eve to Boxing Day, then a weekend
        ("2026-12-30 15:58", "2027-01-04 12:00"),  # New Year's Eve and Day, then a weekend
        ("2027-12-23 15:58", "2027-12-27 12:00"),
    ],
)
def test_the_end_of_the_year_is_closed_on_its_eves_and_the_year_goes_on(
    clock: MovableClock, asked: str, due: str
) -> None:
    desk = small_desk()  # opened in March 2026
    clock.moves_to(local(asked))
    assert answer_due(desk) == local(due)


def test_minutes_promised_over_the_end_of_the_year_add_up(clock: MovableClock) -> None:
    clock.moves_to(local("2026-12-30 16:00"))
    desk = small_desk(work_minutes=30)
    # Four hours from four o'clock end on 4 January at noon: an hour of the old year and three of the new.
    dues = [answer_due(desk, by=f"kunde{number}@post.example") for number in range(10)]
    assert [due.astimezone(COPENHAGEN).strftime("%d %H") for due in dues[:8]] == ["04 12"] * 8
    assert all(due > dues[0] for due in dues[8:])


# People in another zone than the inbox.


def works(desk: SmallDesk, name: str, zone: str, *, starts: time = time(9), ends: time = time(17)) -> None:
    """Somebody works Monday to Friday, by the clock on their own wall."""
    agent = desk.agent(name)
    agent.time_zone = zone
    agent.save()
    AgentHours.objects.filter(agent=agent).delete()
    AgentHours.objects.bulk_create(AgentHours(agent=agent, weekday=day, starts=starts, ends=ends) for day in range(5))


@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        ("Asia/Tokyo", "2026-03-02 10:00", "2026-03-03 01:10"),  # their nine o'clock is one at night here
        ("Asia/Tokyo", "2026-03-30 11:00", "2026-03-31 02:10"),  # two in summer: Japan does not change its clocks
        ("America/New_York", "2026-03-02 10:00", "2026-03-02 15:10"),
        ("America/New_York", "2026-03-09 10:00", "2026-03-09 14:10"),  # they change three weeks before us
        ("America/New_York", "2026-10-26 10:00", "2026-10-26 14:10"),  # and a week after us
        ("Asia/Kolkata", "2026-03-02 03:00", "2026-03-02 04:40"),  # half an hour off
    ],
)
def test_people_work_by_the_clock_on_their_own_wall(clock: MovableClock, zone: str, asked: str, due: str) -> None:
    clock.moves_to(local(asked))
    desk = small_desk()
    works(desk, "Jonas", zone)
    conversation = conversation_of(desk)
    Promise.objects.all().delete()
    assert in_ten_minutes(conversation) == local(due)


def in_ten_minutes(conversation: Conversation) -> datetime:
    """When ten minutes of work are done at the earliest, with nothing else promised."""
    team_id = conversation.team_id
    Pool.objects.filter(team=team_id).delete()
    return given(conversation, work=timedelta(minutes=10)).due_at


def test_somebody_abroad_adds_to_those_at_home_and_keeps_the_inboxs_closing_days(clock: MovableClock) -> None:
    clock.moves_to(local("2026-04-01 16:00"))
    desk = small_desk()
    works(desk, "Maja", "America/New_York")
    conversation = conversation_of(desk)
    Pool.objects.all().delete()
    # Until eleven at night here Maja has seven hours and Jonas one; the next four days are closed in Denmark, for Maja too.
    evening = given(conversation, work=timedelta(hours=7, minutes=48)).due_at
    assert evening == local("2026-04-01 22:50")
    assert given(conversation, work=timedelta(hours=4)).due_at.astimezone(COPENHAGEN).date() == date(2026, 4, 7)


# The clock jumps back: a machine that was wrong is put right.


def test_a_clock_that_jumps_back_tells_nobody_twice(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    promise = running(_written(desk))
    clock.moves_to(promise.due_at - timedelta(minutes=20))
    tick(clock)
    promise.refresh_from_db()
    assert promise.state == "moved"
    letters, warnings = len(letters_of(promise.conversation)), RiskWarning.objects.count()
    desk.sends_all()
    for _ in range(2):
        clock.passes(hours=-3)
        tick(clock)
        clock.passes(hours=3)
        tick(clock)
    assert len(letters_of(promise.conversation)) == letters
    assert RiskWarning.objects.count() == warnings
    assert Move.objects.count() == 1
    promise.refresh_from_db()
    assert promise.state == "moved"


def _written(desk: SmallDesk) -> SmallDesk:
    desk.writes("Hvornår kommer boksen?")
    return desk


def test_a_promise_given_before_the_clock_jumped_back_can_be_kept_and_breaks_in_its_time(clock: MovableClock) -> None:
    clock.moves_to("Mon 12:00")
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    other = desk.writes("Og min?", by="kirsten@post.example")
    due = running_answer(other.conversation).due_at  # type: ignore[union-attr]
    clock.passes(hours=-2)
    reply = conversations.reply(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        text="I morgen.",
        seen=inquiry,
        not_before=clock.now(),
        now=clock.now(),
    )
    assert [message.pk for message in desk.sends_all()].count(reply.pk) == 1
    kept = Promise.objects.get(conversation=inquiry.conversation)
    assert kept.state == "kept"
    tick(clock)
    assert Promise.objects.get(conversation=other.conversation).state == "open"
    clock.moves_to(due + timedelta(minutes=1))
    tick(clock)
    broken = Promise.objects.filter(conversation=other.conversation).order_by("pk")
    assert [promise.state for promise in broken] == ["broken", "open"]


def test_an_undo_window_that_was_open_is_open_after_the_jump_and_the_reply_goes_once(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    inquiries = [desk.writes("Hej", by=f"kunde{number}@post.example") for number in range(2)]
    replies = [
        conversations.reply(
            fresh(inquiry.conversation),
            by=desk.agent("Jonas"),
            text="Den er på vej.",
            seen=inquiry,
            not_before=clock.now() + timedelta(seconds=10),
            now=clock.now(),
        )
        for inquiry in inquiries
    ]
    clock.passes(hours=-1)
    assert not [message for message in desk.sends_all() if message in replies]
    conversations.undo_reply(replies[0], by=desk.agent("Jonas"), now=clock.now())
    clock.passes(hours=1, seconds=15)
    assert [message for message in desk.sends_all() if message in replies] == replies[1:]
    clock.passes(hours=-1)
    assert not desk.sends_all()
    states = {promise.conversation_id: promise.state for promise in Promise.objects.filter(kind="answer")}
    assert states == {inquiries[0].conversation_id: "open", inquiries[1].conversation_id: "kept"}


def test_a_pool_is_checked_also_after_the_clock_jumped_back(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    tomorrow = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    actions.set_places(pool, [Slot(tomorrow, tomorrow + timedelta(hours=6), 2)], now=clock.now())
    due = tomorrow + timedelta(hours=7)
    promises = [
        given(conversation_of(desk), kind=Kind.DELIVERY, what="Pakken", due_at=due, places=((pool.pk, 1),))
        for _ in range(2)
    ]
    assert jobs.check_pools(now=clock.now()) == 0
    clock.passes(hours=-5)
    # Nobody said that this changed: only the look at every pool within a minute finds it.
    pool.slots.update(places=1)
    Pool.objects.filter(pk=pool.pk).update(supply_version=77)
    assert jobs.check_pools(now=clock.now()) == 1
    assert list(Promise.objects.unfit()) == promises[1:]
    clock.passes(hours=5)
    jobs.check_pools(now=clock.now())
    assert list(Promise.objects.unfit()) == promises[1:]
    _tell_them(desk, pool, clock)
    told = len(letters_of(promises[1].conversation))
    clock.passes(hours=-5)
    _tell_them_again(clock)
    clock.passes(hours=5)
    _tell_them_again(clock)
    assert len(letters_of(promises[1].conversation)) == told


def _tell_them(desk: SmallDesk, pool: Pool, clock: MovableClock) -> None:
    actions.begin_telling(pool, reason="Sne", choices=[], by=desk.agent("Hanne"), now=clock.now())
    _tell_them_again(clock)


def _tell_them_again(clock: MovableClock) -> None:
    while jobs.tell_late(now=clock.now()):
        pass
    tick(clock)


def test_a_signed_offer_holds_over_a_jump_back_and_not_for_ever(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    due_at, signed = offer_for(desk.inbox, now=clock.now())
    clock.passes(hours=-1)
    assert offered(signed, desk.inbox, now=clock.now()) == due_at
    promise = running_answer(
        desk.writes("Hej", promised_due_at=offered(signed, desk.inbox, now=clock.now())).conversation
    )
    assert promise is not None
    assert promise.due_at == due_at
    clock.passes(hours=1, minutes=11)
    assert offered(signed, desk.inbox, now=clock.now()) is None
