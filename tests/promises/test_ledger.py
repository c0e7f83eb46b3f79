"""Every kind of promise: given only if it holds, moved, told, chosen, kept, and what it holds of a pool given back."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Message, Outgoing
from holdord.kernel.moments import Precision
from holdord.people.models import Absence, Agent, Inbox, Membership, Team
from holdord.people.queries import supply_of_team
from holdord.promises import actions, jobs
from holdord.promises.actions import Given, NoCapacity
from holdord.promises.models import Move, Place, Pool, Promise, PromisedDay, PromisedWork, RiskWarning, Telling
from holdord.promises.queries import (
    dates_that_hold,
    earliest_time,
    end_of_day,
    free_slots,
    load_of_team,
    running_answer,
    terms_of,
    usual_terms,
)
from holdord.promises.rules import Choice, Kind, PoolKind, Slot, Source, Terms
from holdord.recovery.models import Recovery
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), COPENHAGEN)


def a_pool(kind: PoolKind, serves: Kind, places: dict[date, int], *, key: str = "parcels") -> Pool:
    """A pool with so many places on each day, from eight to four."""
    pool = actions.add_pool(key=key, name=key.capitalize(), kind=kind, serves=serves)
    slots = [Slot(moment(day, 8), moment(day, 16), number) for day, number in places.items()]
    actions.set_places(pool, slots, now=MovableClock.now())
    return pool


def conversation_of(desk: SmallDesk, *, by: str = "henrik@post.example") -> Conversation:
    return fresh(desk.writes("Hvornår kommer pakken?", by=by).conversation)


def parcel(pool: Pool, on: date, **more: object) -> Terms:
    return Terms(
        kind=Kind.DELIVERY,
        what="Din pakke kommer",
        due_at=moment(on, 17),
        precision=Precision.DAY,
        places=((pool.pk, 1),),
        **more,  # type: ignore[arg-type]
    )


FEED = Given(source=Source.FEED, awaits_people=False)


def days_from(clock: MovableClock, number: int) -> list[date]:
    """The first working days from the Monday to come."""
    clock.moves_to("Mon 09:00")
    monday = clock.now().astimezone(COPENHAGEN).date()
    return [monday + timedelta(days=day) for day in range(number)]


def tick(clock: MovableClock) -> None:
    while jobs.tick(now=clock.now()):
        pass


def test_what_does_not_fit_is_refused_with_the_first_date_that_holds(clock: MovableClock) -> None:
    monday, tuesday, *_ = days_from(clock, 2)
    desk = small_desk()
    pool = a_pool(PoolKind.FLOW, Kind.DELIVERY, {monday: 1, tuesday: 1})
    given = [
        actions.give(conversation_of(desk, by=f"k{n}@post.example"), parcel(pool, tuesday), FEED, now=clock.now())
        for n in range(2)
    ]
    assert [promise.due_at for promise in given] == [moment(tuesday, 17)] * 2  # one goes out on Monday already
    with pytest.raises(NoCapacity) as refused, transaction.atomic():
        actions.give(conversation_of(desk), parcel(pool, tuesday), FEED, now=clock.now())
    assert refused.value.earliest is None
    actions.set_places(pool, [Slot(moment(tuesday, 16), moment(tuesday, 23), 1)], now=clock.now())
    with pytest.raises(NoCapacity) as refused, transaction.atomic():
        actions.give(conversation_of(desk), parcel(pool, tuesday), FEED, now=clock.now())
    assert refused.value.earliest is not None
    assert refused.value.earliest.due_at == moment(tuesday + timedelta(days=1), 17)
    assert Promise.objects.filter(kind="delivery").count() == 2


def test_what_was_sent_today_can_not_be_sent_again_today(clock: MovableClock) -> None:
    monday, tuesday = days_from(clock, 2)
    desk = small_desk()
    pool = a_pool(PoolKind.FLOW, Kind.DELIVERY, {monday: 1, tuesday: 1})
    promise = actions.give(conversation_of(desk), parcel(pool, tuesday), FEED, now=clock.now())
    actions.keep(promise, evidence=None, now=clock.now())  # sent on Monday
    assert Place.objects.get(starts_at=moment(monday, 8)).used == 1
    assert not PromisedWork.objects.filter(pool=pool).exists()
    actions.give(conversation_of(desk), parcel(pool, tuesday), FEED, now=clock.now())
    with pytest.raises(NoCapacity):
        actions.give(conversation_of(desk), parcel(pool, tuesday), FEED, now=clock.now())


def test_a_stock_is_empty_until_more_arrives(clock: MovableClock) -> None:
    monday, _, wednesday = days_from(clock, 3)
    desk = small_desk()
    box = a_pool(PoolKind.STOCK, Kind.DELIVERY, {monday - timedelta(days=3): 1, wednesday: 1}, key="box")
    first = actions.give(conversation_of(desk), parcel(box, monday), FEED, now=clock.now())
    actions.keep(first, evidence=None, now=clock.now())
    with pytest.raises(NoCapacity) as refused:
        actions.give(conversation_of(desk), parcel(box, monday), FEED, now=clock.now())
    assert refused.value.earliest is not None
    assert refused.value.earliest.due_at == moment(wednesday, 17)


def test_an_order_needs_room_in_the_stock_and_with_the_parcels(clock: MovableClock) -> None:
    monday, tuesday, wednesday, thursday = days_from(clock, 4)
    desk = small_desk()
    parcels = a_pool(PoolKind.FLOW, Kind.DELIVERY, {monday: 0, tuesday: 0, wednesday: 0, thursday: 5})
    box = a_pool(PoolKind.STOCK, Kind.DELIVERY, {tuesday: 1}, key="box")
    terms = Terms(kind=Kind.DELIVERY, precision=Precision.DAY, places=((parcels.pk, 1), (box.pk, 1)))
    promise = actions.give(conversation_of(desk), terms, FEED, now=clock.now())
    assert promise.due_at == moment(thursday, 17)
    assert {held.pool_id for held in promise.reservations.all()} == {parcels.pk, box.pk}


def test_a_call_back_takes_one_place_of_its_slot(clock: MovableClock) -> None:
    monday, *_ = days_from(clock, 1)
    desk = small_desk()
    pool = actions.add_pool(key="calls", name="Call-backs", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    slots = [Slot(moment(monday, hour), moment(monday, hour + 1), 1) for hour in (10, 11, 13)]
    actions.set_places(pool, slots, now=clock.now())
    first = actions.choose_slot(
        conversation_of(desk), pool.pk, moment(monday, 11), phone="20 30 40 50", now=clock.now()
    )
    assert (first.earliest_at, first.due_at, first.source) == (moment(monday, 11), moment(monday, 12), "customer")
    with pytest.raises(NoCapacity) as refused, transaction.atomic():
        actions.choose_slot(conversation_of(desk), pool.pk, moment(monday, 11), phone="20 30 40 50", now=clock.now())
    assert refused.value.earliest is not None
    assert refused.value.earliest.earliest_at == moment(monday, 13)
    free = free_slots(pool.pk, now=clock.now(), until=moment(monday, 18))
    assert [slot.starts_at for slot in free] == [moment(monday, 10), moment(monday, 13)]
    actions.release(first, evidence=None, now=clock.now())
    assert len(free_slots(pool.pk, now=clock.now(), until=moment(monday, 18))) == 3


def test_a_lead_may_promise_against_the_pool_with_a_reason(clock: MovableClock) -> None:
    monday, *_ = days_from(clock, 1)
    desk = small_desk()
    pool = a_pool(PoolKind.FLOW, Kind.DELIVERY, {monday: 0})
    with pytest.raises(actions.NotAllowed):
        actions.give(
            conversation_of(desk),
            parcel(pool, monday),
            Given(source=Source.AGENT, by=desk.agent("Jonas"), override_reason="hun skal have den"),
            now=clock.now(),
        )
    promise = actions.give(
        conversation_of(desk),
        parcel(pool, monday),
        Given(source=Source.AGENT, by=desk.agent("Hanne"), override_reason="Jeg kører selv med den"),
        now=clock.now(),
    )
    assert (promise.override_by, promise.override_reason) == (desk.agent("Hanne"), "Jeg kører selv med den")
    actions.check_pool(pool, now=clock.now())
    assert Promise.objects.unfit().get() == promise  # and it shows that the pool has no room for it


def a_reply_with_a_promise(desk: SmallDesk, clock: MovableClock) -> tuple[Promise, Message]:
    inquiry = desk.writes("Virker den igen?")
    conversation = fresh(inquiry.conversation)
    terms = usual_terms(conversation, Kind.FIX, what="Den virker igen", due_at=clock.now() + timedelta(hours=24))
    draft = actions.give(
        conversation, terms, Given(source=Source.AGENT, by=desk.agent("Jonas"), is_draft=True), now=clock.now()
    )
    message = conversations.reply(
        conversation,
        by=desk.agent("Jonas"),
        text="Den virker igen i morgen.",
        seen=inquiry,
        not_before=clock.now() + timedelta(seconds=10),
        now=clock.now(),
    )
    assert actions.attach_drafts(conversation, by=desk.agent("Jonas"), message=message) == 1
    return draft, message


def test_a_draft_holds_its_minutes_and_is_given_when_the_reply_is_accepted(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    draft, message = a_reply_with_a_promise(desk, clock)
    assert load_of_team(desk.team.pk).total == 70  # the answer's ten and the draft's hour
    assert not Promise.objects.running().filter(pk=draft.pk).exists()
    clock.passes(seconds=15)
    desk.sends_all()
    draft.refresh_from_db()
    assert (draft.state, draft.origin) == ("open", message)
    assert draft.given_at > message.at


def test_an_undone_reply_promised_nothing(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    draft, message = a_reply_with_a_promise(desk, clock)
    conversations.undo_reply(message, by=desk.agent("Jonas"), now=clock.now())
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("void", "undone")
    assert draft not in Promise.objects.given()  # nobody was promised anything
    assert load_of_team(desk.team.pk).total == 10


def test_a_draft_whose_reply_is_never_sent_gives_its_minutes_back(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    conversation = conversation_of(desk)
    terms = usual_terms(conversation, Kind.FIX, due_at=clock.now() + timedelta(hours=24))
    given = Given(source=Source.AGENT, by=desk.agent("Jonas"), is_draft=True)
    actions.give(conversation, terms, given, now=clock.now())
    clock.passes(minutes=29)
    assert jobs.drop_old_drafts(now=clock.now()) == 0
    clock.passes(minutes=2)
    assert jobs.drop_old_drafts(now=clock.now()) == 1
    assert load_of_team(desk.team.pk).total == 10


def test_an_undone_reply_moved_nothing(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    conversation = conversation_of(desk)
    promise = running_answer(conversation)
    assert promise is not None
    old = promise.due_at
    message = conversations.reply(
        conversation,
        by=desk.agent("Jonas"),
        text="Det bliver først senere.",
        seen=None,
        not_before=clock.now() + timedelta(seconds=10),
        now=clock.now(),
        is_answer=False,
    )
    actions.move(
        promise,
        to=old + timedelta(hours=1),
        reason="En kollega er syg.",
        by=desk.agent("Jonas"),
        told_by=message,
        now=clock.now(),
    )
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("moved", old + timedelta(hours=1))
    assert PromisedWork.objects.get().due_at == promise.due_at
    conversations.undo_reply(message, by=desk.agent("Jonas"), now=clock.now())
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("open", old)
    assert PromisedWork.objects.get().due_at == old
    assert not Move.objects.exists()


def test_moving_to_a_time_that_does_not_hold_is_refused_and_changes_nothing(clock: MovableClock) -> None:
    days = days_from(clock, 3)
    desk = small_desk()
    pool = a_pool(PoolKind.FLOW, Kind.DELIVERY, {days[0]: 1, days[1]: 0, days[2]: 1})
    promise = actions.give(conversation_of(desk), parcel(pool, days[0]), FEED, now=clock.now())
    actions.give(conversation_of(desk), parcel(pool, days[2]), FEED, now=clock.now())
    Place.objects.filter(starts_at=moment(days[0], 8)).update(places=0)
    actions.set_places(pool, [Slot(moment(days[1], 8), moment(days[1], 16), 0)], now=clock.now())
    actions.set_places(pool, [Slot(moment(days[0], 8), moment(days[0], 16), 0)], now=clock.now(), all_of_them=False)
    Pool.objects.filter(pk=pool.pk).update(supply_version=7, version=7)
    with pytest.raises(NoCapacity) as refused, transaction.atomic():
        actions.move(
            promise, to=moment(days[1], 17), reason="Sne", by=desk.agent("Jonas"), told_by=None, now=clock.now()
        )
    assert refused.value.earliest is None
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("open", moment(days[0], 17))
    assert {(work.due_at, work.amount) for work in PromisedWork.objects.filter(pool=pool)} == {
        (moment(days[0], 17), 1),
        (moment(days[2], 17), 1),
    }


def shrunk(clock: MovableClock, *, promised: int = 6, left: int = 4) -> tuple[SmallDesk, Pool, list[Promise]]:
    """A pool promised full for Tuesday, then cut; Wednesday and Thursday have a place each, Friday many."""
    monday, tuesday, wednesday, thursday, friday = days_from(clock, 5)
    desk = small_desk()
    pool = a_pool(PoolKind.FLOW, Kind.DELIVERY, {monday: 0, tuesday: promised, wednesday: 1, thursday: 1, friday: 50})
    given = []
    for number in range(promised):
        clock.passes(minutes=1)
        conversation = conversation_of(desk, by=f"kunde{number}@post.example")
        given.append(actions.give(conversation, parcel(pool, tuesday), FEED, now=clock.now()))
    actions.set_places(pool, [Slot(moment(tuesday, 8), moment(tuesday, 16), left)], now=clock.now())
    assert actions.check_pool(pool, now=clock.now()) == promised - left
    return desk, pool, given


def test_when_a_pool_shrinks_those_promised_last_no_longer_fit(clock: MovableClock) -> None:
    _, pool, given = shrunk(clock)
    assert list(Promise.objects.unfit().order_by("pk")) == given[4:]
    assert actions.check_pool(pool, now=clock.now()) == 0  # known already
    actions.release(given[0], evidence=None, now=clock.now())
    actions.check_pool(pool, now=clock.now())
    assert list(Promise.objects.unfit()) == given[5:]  # one fits again


def test_each_who_is_late_is_told_once_with_the_first_date_that_holds(clock: MovableClock) -> None:
    desk, pool, given = shrunk(clock, promised=7)
    letters = Outgoing.objects.count()
    telling = actions.begin_telling(
        pool,
        reason="Lageret er sneet inde.",
        choices=[Choice.KEEP, Choice.MONEY_BACK],
        by=desk.agent("Hanne"),
        now=clock.now(),
    )
    with pytest.raises(actions.NobodyToTell):
        actions.begin_telling(pool, reason="", choices=[], by=desk.agent("Hanne"), now=clock.now())
    while jobs.tell_late(now=clock.now()):
        pass
    assert Outgoing.objects.count() == letters + 3
    new = [Promise.objects.get(pk=promise.pk) for promise in given[4:]]
    assert [promise.due_at.astimezone(COPENHAGEN).strftime("%a %H") for promise in new] == [
        "Wed 17",
        "Thu 17",
        "Fri 17",
    ]
    assert [promise.state for promise in new] == ["moved"] * 3
    assert not Promise.objects.unfit().exists()
    told = Message.objects.filter(conversation=given[4].conversation).latest("pk").text
    assert "Lageret er sneet inde." in told
    assert "/case/" in told
    assert Telling.objects.get(pk=telling.pk).ended_at is not None
    assert set(telling.customers.values_list("outcome", flat=True)) == {"told"}
    assert actions.check_pool(pool, now=clock.now()) == 0  # everything fits again


def test_without_a_date_that_holds_nobody_is_told_one(clock: MovableClock) -> None:
    desk, pool, given = shrunk(clock, promised=3, left=2)
    Place.objects.filter(pool=pool, starts_at__gt=given[0].due_at).update(places=0)
    Pool.objects.filter(pk=pool.pk).update(supply_version=9)
    telling = actions.begin_telling(pool, reason="Sne", choices=[], by=desk.agent("Hanne"), now=clock.now())
    while jobs.tell_late(now=clock.now()):
        pass
    assert telling.customers.get().outcome == "no_date"
    assert Promise.objects.unfit().get() == given[2]


def test_the_customer_chooses_another_date_the_money_or_to_let_it_go(clock: MovableClock) -> None:
    desk, pool, given = shrunk(clock, promised=8)
    choices = [Choice.KEEP, Choice.OTHER_TIME, Choice.MONEY_BACK, Choice.LET_GO]
    actions.begin_telling(pool, reason="Sne", choices=choices, by=desk.agent("Hanne"), now=clock.now())
    while jobs.tell_late(now=clock.now()):
        pass
    keep, other, money, let_go = (Move.objects.get(promise=promise) for promise in given[4:])
    actions.choose(keep, Choice.KEEP, now=clock.now())
    with pytest.raises(actions.AlreadyChosen):
        actions.choose(keep, Choice.LET_GO, now=clock.now())
    promise = Promise.objects.get(pk=other.promise_id)
    calendar = calendar_of_desk(desk)
    holding = dates_that_hold(
        terms_of(promise), other.new_due_at, team_id=desk.team.pk, calendar=calendar, now=clock.now()
    )
    actions.choose(other, Choice.OTHER_TIME, to=holding[-1].due_at, now=clock.now())
    promise.refresh_from_db()
    assert promise.due_at == holding[-1].due_at
    assert promise.state == "moved"
    actions.choose(money, Choice.MONEY_BACK, now=clock.now())
    refund = Promise.objects.get(kind="refund")
    assert (refund.conversation, refund.state, refund.source) == (money.promise.conversation, "open", "customer")
    actions.choose(let_go, Choice.LET_GO, now=clock.now())
    assert [Promise.objects.get(pk=move.promise_id).state for move in (money, let_go)] == ["released", "released"]
    assert not Recovery.objects.exists()


def calendar_of_desk(desk: SmallDesk):  # type: ignore[no-untyped-def]
    from holdord.people.queries import calendar_of

    return calendar_of(desk.inbox)


def test_a_parcel_nobody_sent_is_told_before_it_is_late_then_broken(clock: MovableClock) -> None:
    monday, tuesday, wednesday = days_from(clock, 3)
    desk = small_desk()
    pool = a_pool(PoolKind.FLOW, Kind.DELIVERY, {tuesday: 1, wednesday: 5})
    conversation = conversation_of(desk)
    Promise.objects.filter(kind="answer").delete()
    promise = actions.give(conversation, parcel(pool, tuesday), FEED, now=clock.now())
    assert not Promise.objects.for_people().filter(pk=promise.pk).exists()
    clock.moves_to(moment(tuesday, 16, 35))
    tick(clock)
    desk.sends_all()
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("moved", moment(wednesday, 17))
    assert [w.level for w in RiskWarning.objects.order_by("pk")] == ["warn_owner", "warn_lead", "tell_customer"]
    told = Message.objects.filter(conversation=conversation).latest("pk").text
    assert "Din pakke kommer" in told
    assert "sendt automatisk" in told
    clock.moves_to(moment(wednesday, 23, 59))
    tick(clock)
    promise.refresh_from_db()
    assert promise.state == "moved"  # a promise by the day breaks at midnight
    clock.passes(minutes=1)
    tick(clock)
    promise.refresh_from_db()
    assert promise.state == "broken"
    assert Recovery.objects.get().promise == promise
    assert running_answer(conversation) is not None
    assert not PromisedWork.objects.filter(pool=pool).exists()


def test_a_shrinking_team_warns_the_owners_of_what_no_longer_fits(clock: MovableClock) -> None:
    clock.moves_to("Mon 09:00")
    desk = small_desk(work_minutes=100)
    for number in range(2):
        desk.writes("Hej", by=f"kunde{number}@post.example")
    assert jobs.check_pools(now=clock.now()) == 0
    Absence.objects.create(
        agent=desk.agent("Jonas"), starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=1, minutes=30)
    )
    clock.passes(minutes=1)
    assert jobs.check_pools(now=clock.now()) == 1
    unfit = Promise.objects.unfit().get()
    assert unfit == Promise.objects.latest("pk")
    tick(clock)
    assert [warning.promise for warning in RiskWarning.objects.all()] == [unfit]


def test_minutes_are_kept_by_days_that_agree_with_the_due_times(clock: MovableClock) -> None:
    desk = small_desk(work_minutes=90)
    for number in range(9):
        desk.writes("Hej", by=f"kunde{number}@post.example")
    for promise in Promise.objects.all()[::2]:
        actions.release(promise, evidence=None, now=clock.now())
    by_day: dict[date, int] = {}
    for due_at, amount in PromisedWork.objects.values_list("due_at", "amount"):
        on = due_at.date()
        by_day[on] = by_day.get(on, 0) + amount
    assert dict(PromisedDay.objects.values_list("on", "amount")) == by_day
    assert load_of_team(desk.team.pk).total == sum(by_day.values())


def test_what_another_process_reserved_is_read_by_its_days_alone(clock: MovableClock) -> None:
    desk = small_desk(work_minutes=240)
    for number in range(8):
        desk.writes("Hej", by=f"kunde{number}@post.example")
    before = load_of_team(desk.team.pk)
    # As another process would: this one's memory does not hear of it.
    work = PromisedWork.objects.latest("due_at")
    PromisedWork.objects.filter(pk=work.pk).update(amount=work.amount + 60)
    PromisedDay.objects.filter(on=work.due_at.date()).update(amount=F("amount") + 60, version=5)
    Pool.objects.update(version=5)
    after = load_of_team(desk.team.pk)
    assert after.total == before.total + 60
    assert after.days[0] is before.days[0]


def test_the_database_refuses_impossible_states(clock: MovableClock) -> None:
    desk = small_desk()
    conversation_of(desk)
    promise = Promise.objects.get()
    for impossible in (
        {"state": "moved"},
        {"due_at": promise.due_at + timedelta(hours=1)},
        {"state": "kept"},
        {"state": "void", "settled_at": clock.now()},
        {"override_by": desk.agent("Hanne")},
        {"earliest_at": promise.due_at},
        {"state": "perhaps"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=promise.pk).update(**impossible)


def test_by_the_day_is_the_end_of_the_day_on_closed_days_too(clock: MovableClock) -> None:
    clock.moves_to("Mon 09:00")
    desk = small_desk()
    calendar = calendar_of_desk(desk)
    assert end_of_day(date(2026, 12, 23), calendar) == moment(date(2026, 12, 23), 17)
    assert end_of_day(date(2026, 12, 24), calendar) == moment(date(2026, 12, 24), 23, 55)
    friday_evening = moment(date(2026, 12, 18), 18)
    terms = Terms(kind=Kind.OTHER, what="x", precision=Precision.DAY, work=timedelta(minutes=5))
    time_ = earliest_time(terms, friday_evening, team_id=desk.team.pk, calendar=calendar, now=clock.now())
    assert time_ is not None
    assert time_.due_at == moment(date(2026, 12, 21), 17)


def test_handling_times_are_those_measured_once_there_are_enough(clock: MovableClock) -> None:
    desk = small_desk(work_minutes=10)
    conversation = conversation_of(desk)
    assert Promise.objects.get().work_minutes == 10
    for _ in range(20):
        actions.measured(desk.team.pk, Kind.ANSWER, timedelta(minutes=25))
    desk.writes("Hej", by="anna@post.example")
    assert Promise.objects.latest("pk").work_minutes == 25
    assert conversation.team == desk.team


def test_who_does_not_answer_in_a_teams_language_has_no_minutes_for_it(clock: MovableClock) -> None:
    clock.moves_to("Mon 09:00")
    desk, german = small_desk(), small_desk()  # both inboxes are Danish
    Inbox.objects.filter(pk=german.inbox.pk).update(language="de")
    jonas = desk.agent("Jonas")
    Membership.objects.create(agent=jonas, team=german.team)
    noon = clock.next("Mon 12:00")

    def minutes(team: Team) -> float:
        return supply_of_team(team.pk, now=clock.now()).until(noon)

    assert minutes(desk.team) == 90  # half of his three hours
    Agent.objects.filter(pk=jonas.pk).update(speaks=["da", "nb"])
    assert minutes(desk.team) == 180
    assert minutes(german.team) == 180  # the other Jonas alone
    Agent.objects.filter(pk=jonas.pk).update(speaks=["sv"])
    assert minutes(desk.team) == 0


def test_a_telling_that_stumbles_does_not_stop_the_others(
    clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    desk, pool, _promises = shrunk(clock)
    actions.check_pool(pool, now=clock.now())
    begun = actions.begin_telling(pool, reason="Syg", choices=[Choice.KEEP], by=desk.agent("Hanne"), now=clock.now())
    after = Telling.objects.create(
        pool=pool, reason="Syg", choices=["keep"], by=desk.agent("Hanne"), begun_at=clock.now(), pk=begun.pk + 1000
    )
    Telling.objects.filter(pk=begun.pk).update(choices=["?"])
    assert jobs.tell_late(now=clock.now()) == 0
    assert f"Telling {begun.pk} could not tell" in caplog.text
    after.refresh_from_db()
    assert after.ended_at is not None  # the job came to it
