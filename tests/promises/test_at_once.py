"""Many hands on the same pools at the same moment: nobody blocks another for good, and every total is exact."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.db.models import F

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation
from holdord.kernel import clock as the_clock
from holdord.people.models import Membership, Team
from holdord.promises import actions, jobs
from holdord.promises.actions import Given
from holdord.promises.models import Pool, Promise, PromisedDay, PromisedWork, Reservation
from holdord.promises.rules import RUNNING, Choice, Kind, PoolKind, Slot, Source, State, Terms
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, CUSTOMERS = 40, 8
REFUSALS = (actions.NoCapacity, actions.NoTime, actions.AlreadySettled, actions.NobodyToTell)
"""What may be answered to those who come second: everything else is a fault."""


class Crowd:
    """Two teams, two counted pools, and conversations whose promises draw on both."""

    def __init__(self, clock: MovableClock) -> None:
        self.desk: SmallDesk = small_desk()
        self.teams = [self.desk.team, Team.objects.create(name="Other")]
        self.jonas = self.desk.agent("Jonas")
        Membership.objects.create(agent=self.jonas, team=self.teams[1])
        self.hanne = self.desk.agent("Hanne")
        midnight = the_clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.days = [midnight + timedelta(days=day, hours=18) for day in range(1, 15)]
        self.pools = [
            actions.add_pool(key=key, name=key, kind=kind, serves=Kind.DELIVERY)
            for key, kind in (("parcels", PoolKind.FLOW), ("boxes", PoolKind.STOCK))
        ]
        self.supply(30)
        self.numbers = [self.desk.writes("Hej", by=f"k{n}@post.example").conversation_id for n in range(CUSTOMERS)]

    def supply(self, places: int) -> None:
        for pool in self.pools:
            slots = [Slot(day - timedelta(hours=12), day, places) for day in self.days]
            actions.set_places(pool, slots, now=the_clock.now())

    # What several do at once.

    def conversation(self) -> Conversation:
        return fresh(Conversation(pk=random.choice(self.numbers)))

    def running(self) -> Promise | None:
        promises = Promise.objects.running().select_related("conversation__inbox", "conversation__customer")
        return promises.exclude(kind=Kind.ANSWER).order_by("?").first()

    def gives_a_parcel(self) -> None:
        places = [(pool.pk, random.randint(1, 3)) for pool in self.pools]
        random.shuffle(places)
        terms = Terms(kind=Kind.DELIVERY, what="Gave", places=tuple(places))
        actions.give(self.conversation(), terms, Given(source=Source.FEED), now=the_clock.now())

    def gives_minutes(self) -> None:
        terms = Terms(kind=Kind.FIX, what="Den virker", work=timedelta(minutes=random.randint(5, 60)))
        actions.give(self.conversation(), terms, Given(source=Source.AGENT, by=self.jonas), now=the_clock.now())

    def moves(self) -> None:
        if promise := self.running():
            actions.move(promise, to=None, reason="Syg", by=self.jonas, told_by=None, now=the_clock.now())

    def settles(self) -> None:
        if promise := self.running():
            random.choice([actions.keep, actions.release])(promise, evidence=None, now=the_clock.now())

    def settles_all_of_one(self) -> None:
        conversation = self.conversation()
        for choice in Promise.objects.running().filter(conversation=conversation, kind=Kind.DELIVERY)[:1]:
            actions.break_promise(choice, now=the_clock.now())

    def hands_over(self) -> None:
        conversation = self.conversation()
        to = next(team for team in self.teams if team.pk != conversation.team_id)
        conversations.hand_over(
            conversation, by=self.jonas, to_team=to, to_agent=None, context="De ved mere.", now=the_clock.now()
        )

    def writes_again(self) -> None:
        self.desk.writes("Hvor bliver den af?", by=f"k{random.randrange(CUSTOMERS)}@post.example")

    def dismisses_and_takes_back(self) -> None:
        conversation = self.conversation()
        conversations.dismiss(conversation, by=self.jonas, reason="spam", now=the_clock.now())
        conversations.undo_dismissal(fresh(conversation), by=self.jonas, now=the_clock.now())

    def cuts(self) -> None:
        self.supply(random.choice([2, 30]))
        jobs.check_pools()

    def tells(self) -> None:
        pool = random.choice(self.pools)
        actions.begin_telling(pool, reason="Udsolgt", choices=[Choice.KEEP], by=self.hanne, now=the_clock.now())
        jobs.tell_late()

    def ticks(self) -> None:
        for key in self.some_keys():
            Promise.objects.running().filter(pk=key).update(next_look_at=the_clock.now())
        jobs.tick()

    def some_keys(self) -> list[int]:
        return list(Promise.objects.running().order_by("?").values_list("pk", flat=True)[:3])


def all_at_once(crowd: Crowd, acts: list[Callable[[], None]]) -> tuple[Counter[str], list[BaseException]]:
    """Each does the same again and again, all beginning together: what was answered, and what broke."""
    start, answers, faults = threading.Barrier(len(acts)), Counter[str](), list[BaseException]()

    def again_and_again(act: Callable[[], None]) -> None:
        try:
            start.wait(30)
            for _ in range(ROUNDS):
                try:
                    act()
                    answers[act.__name__] += 1
                except REFUSALS:
                    answers["refused"] += 1
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=again_and_again, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers, faults


def test_whoever_gives_moves_settles_hands_over_and_cuts_at_once_waits_a_moment_and_no_more(
    clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.moves_to("Mon 10:00")
    crowd = Crowd(clock)
    for act in (crowd.gives_a_parcel, crowd.gives_minutes) * 6:
        act()
    acts = [
        crowd.gives_a_parcel, crowd.gives_minutes, crowd.moves, crowd.moves, crowd.settles, crowd.settles_all_of_one,
        crowd.hands_over, crowd.hands_over, crowd.writes_again, crowd.dismisses_and_takes_back, crowd.cuts, crowd.tells,
        crowd.ticks,
    ]  # fmt: skip
    answers, faults = all_at_once(crowd, acts)
    assert faults == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert {act.__name__ for act in acts} - {"tells"} <= set(answers)
    assert promised_by_time() == held_by_time()
    assert promised_by_day() == held_by_day()
    alive = Promise.objects.filter(state__in=[*RUNNING, State.DRAFT])
    assert list(alive.exclude(team=F("conversation__team"))) == []


Totals = Counter[tuple[int, datetime]]


def promised_by_time() -> Totals:
    return Counter(
        {(pool, at): amount for pool, at, amount in PromisedWork.objects.values_list("pool", "due_at", "amount")}
    )


def held_by_time() -> Totals:
    alive = [*RUNNING, State.DRAFT]
    totals: Totals = Counter()
    for pool, at, amount in Reservation.objects.filter(promise__state__in=alive).values_list("pool", "at", "amount"):
        totals[pool, at] += amount
    minutes = dict(Pool.objects.filter(kind=PoolKind.MINUTES).values_list("team", "pk"))
    for team, due_at, amount in Promise.objects.filter(state__in=alive, work_minutes__gt=0).values_list(
        "team", "due_at", "work_minutes"
    ):
        totals[minutes[team], due_at] += amount
    return totals


def promised_by_day() -> Counter[tuple[int, date]]:
    return Counter({(pool, on): amount for pool, on, amount in PromisedDay.objects.values_list("pool", "on", "amount")})


def held_by_day() -> Counter[tuple[int, date]]:
    days: Counter[tuple[int, date]] = Counter()
    for (pool, at), amount in held_by_time().items():
        days[pool, at.astimezone(UTC).date()] += amount
    return days
