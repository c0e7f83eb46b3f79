"""One run: the people of a scenario, the desk's hours and one order, in simulated time (SimPy)."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import simpy

from holdord.simulation.contacts import Contact, Outcome
from holdord.simulation.drawing import Inquiry, inquiries, who_is_sick
from holdord.simulation.house import House
from holdord.simulation.ledger import Ledger
from holdord.simulation.orders import ByPriority, ByServiceLevel, FirstComeFirstServed, Order
from holdord.simulation.scenario import Scenario

ORDERS: tuple[type[Order], ...] = (FirstComeFirstServed, ByPriority, ByServiceLevel, Ledger)
"""What is compared."""


@dataclass(frozen=True)
class Ran:
    """What happened in one run: every try of everybody, and how busy people were (a share of their hours)."""

    house: House
    inquiries: Sequence[Inquiry]
    contacts: Sequence[Contact]
    busy: float
    ended_at: float


def run_once(scenario: Scenario, order: type[Order], *, seed: int, run: int) -> Ran:
    """Simulate one run under one order."""
    house = House(scenario)
    people = inquiries(scenario, house, seed=seed, run=run)
    return Desk(house, people, who_is_sick(scenario, house, seed=seed, run=run), order).ran()


class Desk:
    """The desk while it runs."""

    def __init__(self, house: House, people: Sequence[Inquiry], sick: Sequence[set[int]], order: type[Order]) -> None:
        self.house, self.people, self.sick = house, people, sick
        self.environment = simpy.Environment()
        self.contacts: list[Contact] = []
        self._idle: deque[simpy.Event] = deque()
        self._ringing = False
        self._worked = 0.0
        self.order = order(house, self, sick)

    def ran(self) -> Ran:
        """Run to the end of the last day."""
        for number, (opens, _) in enumerate(self.house.openings):
            self.later(self.house.minutes(opens), lambda number=number: self.order.morning(number))  # type: ignore[misc]
        for closes in self.house.closings():
            self.later(closes, self._close)
        there = 0.0
        for person in self.house.people:
            spans = [tuple(map(self.house.minutes, span)) for span in self.house.spans_of(person, self.sick)]
            there += sum(ends - starts for starts, ends in spans)
            self.environment.process(self._works(spans))  # type: ignore[arg-type]
        self.environment.process(self._everybody())
        self.environment.run(until=self.house.ends)
        return Ran(self.house, self.people, self.contacts, self._worked / there, self.house.ends)

    # What an order sees.

    @property
    def now(self) -> float:
        return float(self.environment.now)

    @property
    def someone_is_free(self) -> bool:
        return bool(self._idle)

    def later(self, at: float, act: Callable[[], None]) -> None:
        timeout = self.environment.timeout(max(0.0, at - self.now))
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _: act())

    def ring(self) -> None:
        waiting, self._idle = self._idle, deque()
        for bell in waiting:
            bell.succeed()

    # Those who ask.

    def _everybody(self) -> Generator[simpy.Event, None, None]:
        for inquiry in self.people:
            yield self.environment.timeout(max(0.0, inquiry.at - self.now))
            self._comes(inquiry, 0)

    def _comes(self, inquiry: Inquiry, number: int) -> None:
        contact = Contact(inquiry, number, self.now)
        self.contacts.append(contact)
        self.order.takes(contact)
        if contact.is_call and contact.outcome is Outcome.WAITING and contact.attempt.patience < float("inf"):
            self.later(self.now + contact.attempt.patience, lambda: self._leaves(contact, Outcome.ABANDONED))

    def _leaves(self, contact: Contact, outcome: Outcome) -> None:
        if contact.outcome is not Outcome.WAITING:
            return
        contact.outcome, contact.on_the_line = outcome, self.now - contact.at
        self._calls_again(contact)

    def _calls_again(self, contact: Contact) -> None:
        following = contact.number + 1
        if contact.attempt.calls_again and following < len(contact.inquiry.attempts):
            again = self.house.next_open(self.now + contact.attempt.after)
            self.later(again, lambda: self._comes(contact.inquiry, following))

    def _close(self) -> None:
        for contact in self.contacts:
            if contact.is_call and contact.outcome is Outcome.WAITING:
                self._leaves(contact, Outcome.SENT_AWAY)

    # Those who work.

    def _works(self, spans: Sequence[tuple[float, float]]) -> Generator[simpy.Event, None, None]:
        for starts, ends in spans:
            self.later(ends, self.ring)
            yield self.environment.timeout(max(0.0, starts - self.now))
            while self.now < ends:
                contact = self.order.next()
                if contact is None:
                    bell = self.environment.event()
                    self._idle.append(bell)
                    yield bell
                    continue
                yield self.environment.timeout(self._begins(contact))
                self._ends(contact)

    def _begins(self, contact: Contact) -> float:
        """How long it will take."""
        was_called = contact.outcome is Outcome.TO_BE_CALLED
        if contact.is_call:
            contact.reached_at = self.now
            contact.on_the_line = 0.0 if was_called else self.now - contact.at
        contact.outcome = Outcome.IN_HAND
        answers = not was_called or contact.attempt.picks_up
        takes = contact.inquiry.handling if answers else RINGING
        if not answers:
            contact.outcome = Outcome.NOT_THERE
        self._worked += min(takes, max(0.0, self.house.ends - self.now))
        return takes

    def _ends(self, contact: Contact) -> None:
        if contact.outcome is Outcome.IN_HAND:
            contact.outcome = Outcome.REACHED
            if not contact.is_call:
                contact.reached_at = self.now
        self.order.done(contact)
        if contact.outcome is Outcome.NOT_THERE:
            self._calls_again(contact)


RINGING = 1.0
"""The minutes it takes to find that nobody answers."""
