"""The desk's own order: times that are checked before they are given, and told of before they are late.

Everything that is decided here is decided by `holdord.promises.rules`, unchanged; this module only brings people and
minutes to them, as `promises.actions` does with rows.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush

from holdord.kernel.working_time import Supply
from holdord.promises import rules
from holdord.promises.rules import Claim, Load, Slot
from holdord.simulation.contacts import Contact, Outcome
from holdord.simulation.house import House
from holdord.simulation.orders import Floor, Order
from holdord.simulation.scenario import Channel

Queue = list[tuple[datetime, int, Contact]]


class Ledger(Order):
    """Mails are promised an answer by the first time that holds; callers who would have to wait are offered a call-back
    in the first slot with a place, and wait on the line if they would rather.

    Taken first are call-backs whose slot has begun, then mails from their warning on, then the line, then mails by
    their due time.
    """

    name = "Holdord"

    def __init__(self, house: House, floor: Floor, sick_days: Sequence[set[int]]) -> None:
        super().__init__(house, floor, sick_days)
        self._offer = house.scenario.call_backs
        self._known_sick: list[set[int]] = [set() for _ in house.days]
        self._mails: Queue = []
        self._call_backs: Queue = []
        self._line: list[tuple[float, int, Contact]] = []
        self._count = 0
        self._load = Load()
        self._slots: list[Slot] = []
        self._taken: dict[datetime, float] = {}
        self._running: dict[Contact, None] = {}
        self._count_again()

    def _count_again(self) -> None:
        share = self._offer.share if self._offer else 0.0
        self._supply: Supply = self.house.supply(1 - share, self._known_sick)
        self._slots = self.house.slots(share, self._minutes_of_a_call(), self._known_sick) if self._offer else []

    def _minutes_of_a_call(self) -> float:
        calls = [stream for stream in self.house.scenario.streams if stream.channel is Channel.PHONE]
        whole = sum(stream.per_day for stream in calls)
        return sum(stream.per_day * stream.handling.mean for stream in calls) / whole if whole else 1.0

    # Somebody calls or writes.

    def takes(self, contact: Contact) -> None:
        self._count += 1
        contact.order = self._count
        if not contact.is_call:
            self._promise_an_answer(contact)
        elif self.floor.someone_is_free or not (contact.attempt.accepts and self._promise_a_call_back(contact)):
            heappush(self._line, (contact.at, contact.order, contact))
        self.floor.ring()

    def _promise_an_answer(self, contact: Contact) -> None:
        now = self._now
        wanted = rules.due_by_pledge(asked_at=now, within=contact.inquiry.stream.within, calendar=self.house.calendar)
        due_at = self._first_time_for(contact, wanted) or wanted
        contact.first_due_at = due_at
        self._running[contact] = None
        self._enter_mail(contact, due_at)

    def _first_time_for(self, contact: Contact, not_before: datetime) -> datetime | None:
        work = contact.inquiry.stream.handling.mean
        return rules.earliest_keepable(work, not_before, now=self._now, supply=self._supply, load=self._load)

    def _enter_mail(self, contact: Contact, due_at: datetime) -> None:
        work = contact.inquiry.stream.handling.mean
        self._load = rules.with_work(self._load, due_at, work)
        stages = rules.stages(
            given_at=self._now,
            due_at=due_at,
            work=timedelta(minutes=work),
            calendar=self.house.calendar,
            supply=self._supply,
            owed=timedelta(minutes=rules.owed_by(self._load, due_at)),
        )
        contact.due_at, contact.risky_from = due_at, stages.warn_owner_at
        heappush(self._mails, (due_at, contact.order, contact))
        self._look_at(stages.tell_customer_at, contact, self._move_mail)

    def _promise_a_call_back(self, contact: Contact) -> bool:
        assert self._offer is not None
        first = self._now + timedelta(minutes=self._offer.notice_minutes)
        slot = rules.earliest_slot(1, first, slots=self._slots_from(first), taken=self._taken)
        if slot is None or slot.starts_at - self._now > timedelta(days=self._offer.offered_days):
            return False
        contact.outcome, contact.first_due_at = Outcome.TO_BE_CALLED, slot.ends_at
        self._running[contact] = None
        self._enter_slot(contact, slot)
        return True

    def _slots_from(self, first: datetime) -> Sequence[Slot]:
        return self._slots[bisect_right(self._slots, first, key=lambda slot: slot.ends_at) :]

    def _enter_slot(self, contact: Contact, slot: Slot) -> None:
        self._taken[slot.ends_at] = self._taken.get(slot.ends_at, 0) + 1
        contact.slot, contact.due_at = slot, slot.ends_at
        heappush(self._call_backs, (slot.starts_at, contact.order, contact))
        stages = rules.stages(
            given_at=self._now, due_at=slot.ends_at, work=timedelta(), calendar=self.house.calendar, supply=None
        )
        self.floor.later(self.house.minutes(slot.starts_at), self.floor.ring)
        self._look_at(stages.tell_customer_at, contact, self._move_call_back)

    # The last honest moment has come: who is not served is told, and gets another time. Once by itself.

    def _look_at(self, moment: datetime, contact: Contact, move: Callable[[Contact], None]) -> None:
        due_at = contact.due_at

        def look() -> None:
            if contact.is_open and contact.due_at == due_at and contact.told_at is None:
                contact.told_at = self._now
                move(contact)

        self.floor.later(self.house.minutes(moment), look)

    def _move_mail(self, contact: Contact) -> None:
        assert contact.due_at is not None
        self._release(contact)
        self._enter_mail(contact, self._first_time_for(contact, contact.due_at) or contact.due_at)

    def _move_call_back(self, contact: Contact) -> None:
        assert contact.slot is not None
        slot = rules.earliest_slot(
            1, max(self._now, contact.slot.ends_at), slots=self._slots_from(self._now), taken=self._taken
        )
        if slot is not None:
            self._release(contact)
            self._enter_slot(contact, slot)

    def _release(self, contact: Contact) -> None:
        assert contact.due_at is not None
        if contact.slot is not None:
            self._taken[contact.slot.ends_at] -= 1
        else:
            self._load = rules.with_work(self._load, contact.due_at, -contact.inquiry.stream.handling.mean)

    # People are sick: the pools are smaller than when the promises were given.

    def morning(self, day: int) -> None:
        if not self.sick_days[day]:
            return
        self._known_sick[day] = self.sick_days[day]
        self._count_again()
        self._tell_mails_that_give_way()
        self._tell_call_backs_that_give_way()

    def _tell_mails_that_give_way(self) -> None:
        now, supply = self._now, self._supply
        if not rules.fits(now=now, supply=supply, load=self._load):
            gone = supply.until(now)
            claims = (_claim(contact, self.house) for contact in self._open() if contact.slot is None)
            self._tell(rules.give_way(list(claims), lambda moment: supply.until(moment) - gone), self._move_mail)

    def _tell_call_backs_that_give_way(self) -> None:
        by_slot: dict[datetime, list[Claim]] = {}
        for contact in self._open():
            if contact.slot is not None:
                by_slot.setdefault(contact.slot.ends_at, []).append(_claim(contact, self.house))
        for slot in self._slots:
            room = slot.free
            self._tell(rules.give_way(by_slot.get(slot.ends_at, []), lambda _, room=room: room), self._move_call_back)  # type: ignore[misc]

    def _open(self) -> Iterable[Contact]:
        return [
            contact for contact in self._running if contact.is_open and contact.due_at and contact.due_at > self._now
        ]

    def _tell(self, giving_way: Iterable[Claim], move: Callable[[Contact], None]) -> None:
        contacts = {contact.order: contact for contact in self._running}
        for claim in giving_way:
            contact = contacts[claim.key]
            contact.told_at = contact.told_at or self._now
            move(contact)

    # A person is free.

    def next(self) -> Contact | None:
        now = self._now
        found = self._top(self._call_backs, lambda contact: contact.slot.starts_at if contact.slot else None)
        if found is not None and found.slot is not None and found.slot.starts_at <= now:
            return found
        mail = self._top(self._mails, lambda contact: contact.due_at)
        if mail is not None and mail.risky_from is not None and mail.risky_from <= now:
            return mail
        while self._line and not self._line[0][-1].is_open:
            heappop(self._line)
        return self._line[0][-1] if self._line else mail

    def _top(self, queue: Queue, stands_at: Callable[[Contact], datetime | None]) -> Contact | None:
        """The first who still waits at the place where they stand in the queue."""
        while queue and not (queue[0][-1].is_open and stands_at(queue[0][-1]) == queue[0][0]):
            heappop(queue)
        return queue[0][-1] if queue else None

    def done(self, contact: Contact) -> None:
        if contact in self._running:
            del self._running[contact]
            if contact.slot is None:
                self._release(contact)

    @property
    def _now(self) -> datetime:
        return self.house.moment(self.floor.now)


def _claim(contact: Contact, house: House) -> Claim:
    assert contact.due_at is not None
    amount = 1 if contact.slot else contact.inquiry.stream.handling.mean
    return Claim(contact.order, contact.due_at, amount, house.moment(contact.at))
